import { useFormat, useTexts } from '../../texts/index.tsx';
import { filled, type Day } from './days.ts';
import css from './findings.module.css';

/** Count by day as bars, said in a sentence and given as a table. */
export function DayBars({ days }: { days: readonly Day[] }) {
  const t = useTexts().findings;
  const f = useFormat();
  const all = filled(days);
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last) return null;
  const total = all.reduce((sum, one) => sum + one.count, 0);
  const top = all.reduce((most, one) => (one.count > most.count ? one : most), first);
  const said = all.length === 1 ? t.trendOne(f.date(first.day), f.count(total)) : t.trendSummary({ days: t.days(all.length), total: f.count(total), top: f.date(top.day), topCount: f.count(top.count) });
  const height = 60;
  return (
    <figure className={css.bars}>
      <figcaption>{said}</figcaption>
      {all.length > 1 ? (
        <div className={css.plate} data-few={all.length < 8}>
          <svg role="img" aria-label={said} viewBox={`0 0 ${all.length * 10} ${height}`} preserveAspectRatio="none" className={css.chart}>
            {all.map((one, i) => {
              const tall = top.count === 0 ? 0 : Math.max(one.count === 0 ? 0 : 1.5, (one.count / top.count) * height);
              return <rect key={one.day} x={i * 10 + 1.5} y={height - tall} width={7} height={tall} fill="currentColor" />;
            })}
          </svg>
          <p className={css.ends}><span>{f.date(first.day)}</span><span>{f.date(last.day)}</span></p>
        </div>
      ) : null}
      {all.length > 1 ? (
        <table className={css.matched}>
          <caption>{t.trendTable}</caption>
          <thead><tr><th scope="col">{t.day}</th><th scope="col">{t.count}</th></tr></thead>
          <tbody>{all.filter((one) => one.count > 0).map((one) => <tr key={one.day}><th scope="row">{f.date(one.day)}</th><td>{f.number(one.count)}</td></tr>)}</tbody>
        </table>
      ) : null}
    </figure>
  );
}
