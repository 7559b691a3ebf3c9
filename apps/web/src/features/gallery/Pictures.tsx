import { HeatTable, Section, TrendLine } from '../../ui/index.ts';
import type { Samples } from './Basics.tsx';

const months = ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11'];
const us = [54, 55, 61, 60, 66, 71];
const peers = [60, 61, 61, null, 62, 63];
const ratios = [[1, 0.82, 0.9, null, 0.64], [0.75, 0.6, 0.55, 0.3, 0.41], [0, 0.35, 0.2, null, 0.1], [0.4, 0.5, 0.62, 0.25, 0.38], [1, 0.95, 1, 0.8, 0.72], [0.7, 0.78, 0.66, 0.5, 0.58]];

export function Pictures({ s }: { s: Samples }) {
  return (
    <>
      <Section title={s.heat}>
        <HeatTable
          caption={s.heat} summary={s.heatSummary} corner={s.name}
          columns={s.measures.map((title, i) => ({ id: `m${i}`, title }))}
          rows={s.members.map((title, r) => ({ id: String(r), title, to: '/gallery/frame', cells: Object.fromEntries(s.measures.map((_, c) => [`m${c}`, { value: ratios[r]?.[c] ?? null, ...(c === 0 ? { to: '/gallery/frame' } : {}) }])) }))}
        />
      </Section>
      <Section title={s.trend}>
        <TrendLine title={s.trend} summary={s.trendSummary} months={months} unit={s.point} max={100} series={[{ name: s.us, values: us }, { name: s.peers, values: peers }]} />
      </Section>
    </>
  );
}
