import type { inventory, Received } from '@banya/contract';
import { useFormat, useTexts, type Texts } from '../../texts/index.tsx';
import { StateTag, type State } from '../../ui/index.ts';
import css from './devices.module.css';

export type Source = Received<typeof inventory.sources.get>;
const tone: Record<Source['state'], State> = { flowing: 'done', waiting: 'quiet', silent: 'now' };
const rank: Record<Source['state'], number> = { silent: 0, waiting: 1, flowing: 2 };

/** What needs a hand first. */
export const byNeed = (a: Source, b: Source): number => rank[a.state] - rank[b.state] || a.name.localeCompare(b.name, 'ja');

/** Whether lines arrive, in words, and since when not. */
export function SenderState({ source }: { source: Source }) {
  const t = useTexts().devices.senders;
  const f = useFormat();
  if (!source.confirmed) return <span className={css.stand}><StateTag state="look" word={t.unconfirmed} /></span>;
  return <span className={css.stand}><StateTag state={tone[source.state]} word={t.states[source.state]} />{source.state === 'silent' && source.seenAt ? t.since(f.date(source.seenAt)) : null}</span>;
}

/** How far a device's clock is off, in words: 「3分進んでいます」; null when nothing is known to be wrong. */
export function clockWords(seconds: number | null, t: Texts['devices']['senders']): string | null {
  if (seconds === null || Math.abs(seconds) < 1) return null;
  const size = Math.abs(seconds);
  const by = size < 90 ? t.seconds(Math.round(size)) : size < 5400 ? t.minutes(Math.round(size / 60)) : size < 129_600 ? t.hours(Math.round(size / 3600)) : t.days(Math.round(size / 86_400));
  return seconds > 0 ? t.ahead(by) : t.behind(by);
}

/** The last seven days as bars; `said` is the same in words. */
export function WeekBars({ days, said, wide = false }: { days: readonly number[]; said: string; wide?: boolean }) {
  const height = 28;
  const top = Math.max(1, ...days);
  return (
    <svg role="img" aria-label={said} viewBox={`0 0 ${days.length * 10} ${height}`} preserveAspectRatio="none" className={css.bars} {...(wide ? {} : { width: 70, height })}>
      {days.map((count, i) => {
        const tall = count === 0 ? 1 : Math.max(2, (count / top) * height);
        return <rect key={i} x={i * 10 + 1} y={height - tall} width={8} height={tall} fill="currentColor" opacity={count === 0 ? 0.35 : 1} />;
      })}
    </svg>
  );
}

/** How a sender is recognised, in one line. */
export function useMatchWords(): (match: Source['match']) => string {
  const { devices, common } = useTexts();
  const { said } = devices.match;
  return (match) => {
    switch (match.by) {
      case 'address': return said.address(match.address, match.listener.toUpperCase()) + (match.headerHost ? common.aside(said.host(match.headerHost)) : '');
      case 'relay': return said.relay(match.address);
      case 'token': return said.token;
      case 'certificate': return said.certificate;
    }
  };
}
