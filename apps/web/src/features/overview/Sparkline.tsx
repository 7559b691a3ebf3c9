import { useFormat, useTexts } from '../../texts/index.tsx';
import { lastAndBefore } from './cells.ts';
import css from './overview.module.css';

const width = 84;
const height = 26;
const edge = 3;

/** Twelve weeks of new findings as a small line; the words beside it say what it shows. */
export function Sparkline({ weeks }: { weeks: readonly number[] }) {
  const t = useTexts().overview;
  const f = useFormat();
  if (weeks.length === 0) return <span className={css.none}>{t.trendNone}</span>;
  const { last, before } = lastAndBefore(weeks);
  const top = Math.max(1, ...weeks);
  const at = (value: number, i: number) => [edge + (i * (width - 2 * edge)) / Math.max(1, weeks.length - 1), height - edge - (value * (height - 2 * edge)) / top] as const;
  const points = weeks.map(at);
  const [x, y] = points.at(-1) ?? [edge, height - edge];
  return (
    <span className={css.trend}>
      <svg role="img" aria-label={t.trendWords(f.count(last), f.count(before))} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
        <polyline points={points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ')} fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinejoin="round" strokeLinecap="round" />
        <circle cx={x} cy={y} r="2.5" fill="currentColor" />
      </svg>
      <span aria-hidden="true">{t.trendShort(f.count(last))}<br />{t.trendBefore(f.count(before))}</span>
    </span>
  );
}
