import { useState } from 'react';
import { desk, type Received } from '@banya/contract';
import { useAct, useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useLang, useTexts } from '../../texts/index.tsx';
import { Actions, Button, DayField, Details, FieldSet, Form, Page, Section, SelectField, stateOf, TextField, useForm, useUndo } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import { DAYS, dayName, lengths, targets, toBody, toValues, type Times, type Values } from './deskTimes.ts';
import css from './settings.module.css';

type Shown = Received<typeof desk.settings.get>;

/** When the desk is open and how soon it answers: what every "answered by" is counted from. */
export default function DeskTimesPage() {
  const t = useTexts().settings.deskTimes;
  const read = useApi(desk.settings.get, { params: { org: useOrg() } });
  return (
    <Page title={t.title} lead={t.lead} state={stateOf(read)}>
      {read.data ? <><Answered next={read.data.next} /><Settings key={JSON.stringify([read.data.hours, read.data.minutes, read.data.closedDays])} times={read.data} /></> : null}
      <Back />
    </Page>
  );
}

/** What the settings come to: a question that came now. */
function Answered({ next }: { next: Shown['next'] }) {
  const { settings, desk: { urgencies } } = useTexts();
  const t = settings.deskTimes;
  const f = useFormat();
  return (
    <Section title={t.now}>
      <ul className={css.due}>{targets.map((u) => <li key={u}><strong>{urgencies[u]}</strong><span>{t.due(f.dateTime(next[u].firstReply), f.dateTime(next[u].solve))}</span></li>)}</ul>
    </Section>
  );
}

function Settings({ times }: { times: Shown }) {
  const { settings, desk: { urgencies } } = useTexts();
  const t = settings.deskTimes;
  const { lang } = useLang();
  const org = useOrg();
  const say = useUndo();
  const save = useAct(desk.settings.save, { touches: ['queue', 'tickets'] });
  const day = (d: number) => dayName(d, lang);
  const put = (body: Times) => save.mutateAsync({ params: { org }, body });
  const before = toBody(toValues(times, lang));
  const form = useForm<Values, Times>({
    initial: toValues(times, lang), toBody, schema: desk.settings.save.body,
    labels: {
      'hours.0': day(0), 'hours.1': day(1), 'hours.2': day(2), 'hours.3': day(3), 'hours.4': day(4), 'hours.5': day(5), 'hours.6': day(6), closedDays: t.closed,
      'minutes.now.firstReply': t.firstReply, 'minutes.now.solve': t.solve, 'minutes.today.firstReply': t.firstReply, 'minutes.today.solve': t.solve, 'minutes.normal.firstReply': t.firstReply, 'minutes.normal.solve': t.solve,
    },
    messages: { 'hours.0': t.hoursWrong, 'hours.1': t.hoursWrong, 'hours.2': t.hoursWrong, 'hours.3': t.hoursWrong, 'hours.4': t.hoursWrong, 'hours.5': t.hoursWrong, 'hours.6': t.hoursWrong },
    send: async (body) => {
      await put(body);
      say({ text: t.saved, undo: () => put(before) });
    },
  });
  const monday = form.values['hours.1'];
  const length = (minutes: number) => (minutes % 60 === 0 ? t.hoursLong(minutes / 60) : minutes < 60 ? t.minutesLong(minutes) : t.both(Math.floor(minutes / 60), minutes % 60));
  const choice = (name: `minutes.${(typeof targets)[number]}.${'firstReply' | 'solve'}`) => (
    <SelectField {...form.bind(name)} options={lengths(Number(form.values[name])).map((m) => ({ value: String(m), label: length(m) }))} />
  );
  return (
    <Form form={form} action={t.save}>
      <FieldSet legend={t.open} help={t.openHelp}>
        <div className={css.week}>{DAYS.map((d) => <TextField key={d} {...form.bind(`hours.${d}`)} width="full" />)}</div>
        <Actions><Button onClick={() => form.set({ 'hours.2': monday, 'hours.3': monday, 'hours.4': monday, 'hours.5': monday })}>{t.same}</Button></Actions>
      </FieldSet>
      <FieldSet legend={t.closed} help={t.closedHelp}>
        <ClosedDays days={form.values.closedDays} onChange={(closedDays) => form.set({ closedDays })} />
        <Holidays all={times.holidays} />
      </FieldSet>
      {targets.map((u) => (
        <FieldSet key={u} legend={t.target(urgencies[u])} help={u === 'now' ? t.dayAndNight : t.openOnly}>
          <div className={css.week}>{choice(`minutes.${u}.firstReply`)}{choice(`minutes.${u}.solve`)}</div>
        </FieldSet>
      ))}
      <p className={css.soft}>{t.from}</p>
    </Form>
  );
}

function ClosedDays({ days, onChange }: { days: readonly string[]; onChange: (days: readonly string[]) => void }) {
  const t = useTexts().settings.deskTimes;
  const f = useFormat();
  const [next, setNext] = useState('');
  const today = new Date().toISOString().slice(0, 10);
  const coming = days.filter((d) => d >= today);
  return (
    <>
      {coming.length === 0 ? <p className={css.soft}>{t.noClosed}</p> : (
        <ul className={css.closed}>{coming.map((d) => <li key={d}><span>{f.date(d)}</span><Button kind="quiet" onClick={() => onChange(days.filter((other) => other !== d))} label={t.openAgainOf(f.date(d))}>{t.openAgain}</Button></li>)}</ul>
      )}
      <div className={css.add}>
        <DayField label={t.addDay} value={next} onChange={setNext} min={today} optional />
        <Button onClick={() => { onChange([...new Set([...days, next])].sort()); setNext(''); }} disabled={!/^\d{4}-\d\d-\d\d$/.test(next)}>{t.add}</Button>
      </div>
    </>
  );
}

function Holidays({ all }: { all: Shown['holidays'] }) {
  const t = useTexts().settings.deskTimes;
  const { lang } = useLang();
  const f = useFormat();
  return <Details summary={t.holidays(all.length)}><ul>{all.map((h) => <li key={h.day}>{f.date(h.day)}　{h.name[lang]}</li>)}</ul></Details>;
}
