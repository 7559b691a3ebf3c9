import { useEffect, useRef } from 'react';
import { useFormat, useTexts } from '../texts/index.tsx';
import { Details } from './Card.tsx';
import css from './HeatTable.module.css';

/** One line: a value per month (YYYY-MM), null where nothing was measured. */
export interface Series { readonly name: string; readonly values: readonly (number | null)[] }

/**
 * A trend over months: the picture, what it says in words, and the same numbers as a table.
 * The chart library is fetched only when a trend is on the page.
 * @param summary what the line says, with its comparison: 「3か月で62点から71点に上がりました」
 */
export function TrendLine({ title, summary, months, series, unit = '', max }: {
  title: string;
  summary: string;
  months: readonly string[];
  series: readonly Series[];
  unit?: string;
  /** Upper end of the axis, for scores. */
  max?: number;
}) {
  const t = useTexts().ui.chart;
  const f = useFormat();
  const place = useRef<HTMLDivElement>(null);
  // Callers build these lists while drawing themselves; only other numbers are worth another picture.
  const drawn = JSON.stringify([months, series]);
  useEffect(() => {
    const element = place.current;
    if (!element || months.length === 0) return;
    let alive = true;
    let end = () => {};
    void import('./trendChart.ts').then(({ drawTrend }) => {
      if (alive) end = drawTrend(element, { months: months.map((m, i) => (i === 0 || m.endsWith('-01') ? f.month(m) : f.shortMonth(m))), series, unit, max });
    });
    return () => {
      alive = false;
      end();
    };
  }, [drawn, unit, max, f]);
  if (months.length === 0) return <p>{t.noData}</p>;
  const say = (value: number | null | undefined) => (value === null || value === undefined ? '—' : `${f.number(value)}${unit}`);
  return (
    <figure className={css.figure}>
      <figcaption className={css.summary}>{summary}</figcaption>
      <div className={css.plate}><div ref={place} className={css.chart} role="img" aria-label={`${title}。${summary}`} /></div>
      <Details summary={t.asTable}>
        <table className={css.numbers}>
          <caption>{title}</caption>
          <thead><tr><th scope="col">{t.at}</th>{series.map((s) => <th key={s.name} scope="col">{s.name}</th>)}</tr></thead>
          <tbody>
            {months.map((month, i) => <tr key={month}><th scope="row">{f.month(month)}</th>{series.map((s) => <td key={s.name}>{say(s.values[i])}</td>)}</tr>)}
          </tbody>
        </table>
      </Details>
    </figure>
  );
}
