import { useFormat, useTexts } from '../../texts/index.tsx';
import { Details, Facts, Section } from '../../ui/index.ts';
import { clockWords, SenderState, WeekBars, type Source } from './sender.tsx';
import css from './devices.module.css';

const dayMs = 86_400_000;

/** What arrives from a sender: now, the last seven days, what was not understood, whether its clock is right. */
export function Arrival({ source: s }: { source: Source }) {
  const { sender: t, senders } = useTexts().devices;
  const f = useFormat();
  const total = s.linesLast7d.reduce((sum, n) => sum + n, 0);
  const days = s.linesLast7d.map((lines, i) => ({ day: f.date(new Date(Date.now() - (s.linesLast7d.length - 1 - i) * dayMs)), lines }));
  const said = senders.week7(f.number(total), f.number(s.linesToday));
  const clock = clockWords(s.clockOffSeconds, senders);
  return (
    <Section title={t.arrival}>
      <div className={css.weekBig}>
        <p>{said}</p>
        <WeekBars wide days={s.linesLast7d} said={said} />
        <p className={css.ends} aria-hidden="true"><span>{days[0]?.day}</span><span>{days.at(-1)?.day}</span></p>
      </div>
      <Details summary={t.weekTable}>
        <table className={css.numbers}>
          <caption className="visuallyHidden">{t.weekTable}</caption>
          <thead><tr><th scope="col">{t.day}</th><th scope="col">{t.lines}</th></tr></thead>
          <tbody>{days.map((d) => <tr key={d.day}><th scope="row">{d.day}</th><td>{f.number(d.lines)}</td></tr>)}</tbody>
        </table>
      </Details>
      <Facts items={[
        [t.now, <SenderState key="state" source={s} />],
        [t.last, s.seenAt ? f.when(s.seenAt) : t.never],
        [t.unread, s.notUnderstoodToday > 0 ? t.unreadSome(f.number(s.notUnderstoodToday), f.percent(s.linesToday > 0 ? s.notUnderstoodToday / s.linesToday : 1)) : t.unreadNone],
        [t.clock, clock ? t.clockOff(clock) : t.clockRight],
      ]} />
    </Section>
  );
}
