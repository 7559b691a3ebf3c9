import type { ReactNode } from 'react';
import { useTexts } from '../texts/index.tsx';
import css from './Skeleton.module.css';

/**
 * Holds the place of what is coming, in its size, so that nothing jumps.
 * @param cards draws card-shaped places instead of lines
 */
export function Skeleton({ lines = 4, cards = 0 }: { lines?: number; cards?: number }) {
  const t = useTexts();
  return (
    <div role="status" className={css.lines}>
      <VisuallyHidden>{t.common.loading}</VisuallyHidden>
      {cards > 0
        ? Array.from({ length: cards }, (_, i) => <div key={i} className={css.block} aria-hidden="true"><div className={css.lines}><div className={css.line} /><div className={css.line} /></div></div>)
        : Array.from({ length: lines }, (_, i) => <div key={i} className={css.line} aria-hidden="true" />)}
    </div>
  );
}

/** Text for screen readers only. */
export function VisuallyHidden({ children }: { children: ReactNode }) {
  return <span className="visuallyHidden">{children}</span>;
}
