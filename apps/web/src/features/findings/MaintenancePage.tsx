import { findings, inventory, type Received } from '@banya/contract';
import { once, useAct, useApi, useList } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { daySpan } from '../../texts/hours.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, DataTable, DayField, Form, GoLink, Page, Panel, Section, SelectField, StateNote, StateTag, TextField, useForm, useUndo, type Column, type State } from '../../ui/index.ts';

type Window = Received<typeof findings.maintenance>['items'][number];
const tone: Record<Window['state'], State> = { coming: 'quiet', now: 'look', over: 'done' };

/** When somebody works on a device: what it says then is kept and not told. */
export default function MaintenancePage() {
  const t = useTexts().findings;
  const m = t.maintenance;
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const mayWrite = useMay('findings.write');
  const list = useList(findings.maintenance, { params: { org } });
  const end = useAct(findings.endMaintenance);
  const columns: Column<Window>[] = [
    { id: 'what', title: m.what, main: true, cell: (w) => w.deviceName ?? m.all },
    { id: 'state', title: t.state, cell: (w) => <StateTag state={tone[w.state]} word={m.states[w.state]} /> },
    { id: 'from', title: m.from, cell: (w) => f.dateTime(w.startsAt) },
    { id: 'until', title: m.until, cell: (w) => f.dateTime(w.endsAt) },
    { id: 'reason', title: m.reason, cell: (w) => w.reason },
    { id: 'by', title: t.quietBy, cell: (w) => w.by },
    { id: 'hits', title: t.quietHits, align: 'end', cell: (w) => f.count(w.hits) },
    ...(mayWrite ? [{ id: 'end', title: t.quietActs, cell: (w: Window) => (w.state === 'over' ? null : <Button label={`${m.end[w.state]}: ${w.deviceName ?? m.all}`} onClick={() => once(end.mutateAsync({ params: { org, maintenance: w.id } }), () => say({ text: m.ended }))}>{m.end[w.state]}</Button>) }] : []),
  ];
  return (
    <Page title={m.title} lead={m.lead} action={<GoLink to={`/o/${org}/findings`}>{t.toList}</GoLink>}>
      {end.error ? <StateNote state={{ kind: 'error', problem: end.error }} /> : null}
      {mayWrite ? <Section title={m.add}><Add /></Section> : null}
      <Section title={m.list}>
        <DataTable<Window> caption={m.list} remember="findings.maintenance" list={list} rowKey={(w) => w.id} empty={{ kind: 'empty', title: m.emptyTitle, why: m.emptyWhy }} columns={columns} />
      </Section>
    </Page>
  );
}

function Add() {
  const t = useTexts().findings.maintenance;
  const org = useOrg();
  const say = useUndo();
  const add = useAct(findings.addMaintenance);
  const end = useAct(findings.endMaintenance);
  const mayDevices = useMay('inventory.read');
  const devices = useApi(inventory.devices.list, { params: { org }, query: { limit: 200 } }, { skip: !mayDevices });
  const form = useForm({
    initial: { device: '', day: '', from: '', until: '', reason: '' }, labels: { device: t.what, day: t.day, from: t.from, until: t.until, reason: t.reason }, messages: { from: t.timeWrong, until: t.timeWrong },
    schema: {
      safeParse: (body: unknown) => {
        const { day, from, until, reason } = body as Record<string, string>;
        const missing = [...Object.entries({ day, reason }).filter(([, value]) => !value?.trim()), ...(day && !daySpan(day, from ?? '', until ?? '') ? [['from'], ['until']] : [])].map(([name]) => ({ path: [name!], code: 'custom', message: '' }));
        return missing.length === 0 ? { success: true as const } : { success: false as const, error: { issues: missing as never } };
      },
    },
    send: async ({ device, day, from, until, reason }) => {
      const span = daySpan(day, from, until)!;
      const made = await add.mutateAsync({ params: { org }, body: { device: device || null, startsAt: span[0].toISOString(), endsAt: span[1].toISOString(), reason: reason.trim() } });
      form.set({ device: '', day: '', from: '', until: '', reason: '' });
      say({ text: t.added, undo: () => end.mutateAsync({ params: { org, maintenance: made.id } }) });
    },
  });
  return (
    <Panel>
      <Form form={form} action={t.addAct}>
        <SelectField {...form.bind('device')} options={[{ value: '', label: t.all }, ...(devices.data?.items ?? []).map((d) => ({ value: d.id, label: d.name }))]} />
        <DayField {...form.bind('day')} />
        <TextField {...form.bind('from')} help={t.fromHelp} width="short" />
        <TextField {...form.bind('until')} help={t.untilHelp} width="short" />
        <TextField {...form.bind('reason')} help={t.reasonHelp} width="full" />
      </Form>
    </Panel>
  );
}
