import { useFormat, useTexts } from '../../texts/index.tsx';
import { Bars } from '../../ui/index.ts';
import { filled, type Day } from './days.ts';
import css from './findings.module.css';

/** Count by day as bars, said in a sentence and given as a table. */
export function DayBars({ days }: { days: readonly Day[] }) {
  const t = useTexts().findings;
  const f = useFormat();
  const all = filled(days);
  const first = all[0];
  if (!first) return null;
  const total = all.reduce((sum, one) => sum + one.count, 0);
  const top = all.reduce((most, one) => (one.count > most.count ? one : most), first);
  const said = all.length === 1 ? t.trendOne(f.date(first.day), f.count(total)) : t.trendSummary({ days: t.days(all.length), total: f.count(total), top: f.date(top.day), topCount: f.count(top.count) });
  return (
    <Bars said={said} bars={all.map((one) => ({ key: one.day, label: f.date(one.day), count: one.count }))}>
      {all.length > 1 ? (
        <table className={css.matched}>
          <caption>{t.trendTable}</caption>
          <thead><tr><th scope="col">{t.day}</th><th scope="col">{t.count}</th></tr></thead>
          <tbody>{all.filter((one) => one.count > 0).map((one) => <tr key={one.day}><th scope="row">{f.date(one.day)}</th><td>{f.number(one.count)}</td></tr>)}</tbody>
        </table>
      ) : null}
    </Bars>
  );
}
