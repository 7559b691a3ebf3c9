import type { prove, Received } from '@banya/contract';
import type { ReactNode } from 'react';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { StateTag, TrendLine, Verdict, type State } from '../../ui/index.ts';
import css from './reports.module.css';

export type Report = Received<typeof prove.reports.get>;

const looks: Readonly<Record<Report['verdict']['state'], State>> = { calm: 'done', look: 'look', act: 'now', blind: 'look' };

export function VerdictTag({ verdict }: { verdict: Report['verdict']['state'] }) {
  const t = useTexts().reports;
  return <StateTag state={looks[verdict]} word={t.verdicts[verdict]} />;
}

/** The month in one sentence. */
export function MonthVerdict({ verdict }: { verdict: Report['verdict'] }) {
  const t = useTexts().reports;
  return <Verdict state={looks[verdict.state]} word={t.verdicts[verdict.state]}>{verdict.text}</Verdict>;
}

/** A table of a report: read from top to bottom and printed, nothing to sort. Wide ones scroll on small screens. */
export function Figures({ caption, head, rows, ends = [] }: { caption: string; head: readonly string[]; rows: readonly (readonly ReactNode[])[]; ends?: readonly number[] }) {
  const side = (i: number) => (ends.includes(i) ? css.end : undefined);
  return (
    <div className={css.scroll} role="region" aria-label={caption} tabIndex={0}>
      <table className={css.figures}>
        <caption className="visuallyHidden">{caption}</caption>
        <thead><tr>{head.map((title, i) => <th key={title} scope="col" className={side(i)}>{title}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, r) => <tr key={r}>{row.map((cell, i) => (i === 0 ? <th key={i} scope="row">{cell}</th> : <td key={i} className={side(i)}>{cell}</td>))}</tr>)}
        </tbody>
      </table>
    </div>
  );
}

/** What was stopped and what was noticed, month by month: two pictures, since their sizes differ. */
export function Trends({ trend }: { trend: Report['trend'] }) {
  const t = useTexts().reports;
  const f = useFormat();
  const [before, now] = [trend.at(-2), trend.at(-1)];
  if (!before || !now) return <p>{t.trendFew}</p>;
  const months = trend.map((point) => point.month);
  const one = (title: string, of: (point: Report['trend'][number]) => number) => (
    <TrendLine title={title} summary={t.trendSaid(title, f.number(of(before)), f.number(of(now)))} months={months} unit={t.unit} series={[{ name: title, values: trend.map(of) }]} />
  );
  return (
    <>
      <div className={css.trends}>{one(t.trendBlocked, (point) => point.blocked)}{one(t.trendFindings, (point) => point.findings)}</div>
      {trend.some((point) => point.demonstration) ? <p className={css.small}>{t.trendDemo}</p> : null}
    </>
  );
}
