import type { ReactNode } from 'react';
import css from './Bars.module.css';

export interface Bar {
  readonly key: string;
  /** As the table and the ends of the picture say it. */
  readonly label: string;
  readonly count: number;
}

/** Counts side by side in time, said in a sentence and, by the caller, given as a table. */
export function Bars({ said, bars, children }: { said: string; bars: readonly Bar[]; children?: ReactNode }) {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return null;
  const top = Math.max(1, ...bars.map((bar) => bar.count));
  const height = 60;
  return (
    <figure className={css.figure}>
      <figcaption>{said}</figcaption>
      {bars.length > 1 ? (
        <div className={css.plate} data-few={bars.length < 8}>
          <svg role="img" aria-label={said} viewBox={`0 0 ${bars.length * 10} ${height}`} preserveAspectRatio="none" className={css.chart}>
            {bars.map((bar, i) => {
              const tall = Math.max(bar.count === 0 ? 0 : 1.5, (bar.count / top) * height);
              return <rect key={bar.key} x={i * 10 + 1.5} y={height - tall} width={7} height={tall} fill="currentColor" />;
            })}
          </svg>
          <p className={css.ends}><span>{first.label}</span><span>{last.label}</span></p>
        </div>
      ) : null}
      {children}
    </figure>
  );
}
