import { useState } from 'react';
import { families, inventory } from '@banya/contract';
import { useAct, useApi, useRested } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { FieldSet, Form, RadioField, SearchSelect, SelectField, TextField, useForm, useUndo, type Bound } from '../../ui/index.ts';
import { matchIssues, toMatch, valuesOf, type MatchValues } from './match.ts';
import { MatchFields } from './MatchFields.tsx';
import type { Source } from './sender.tsx';

const retentions = ['30d', '90d', '1y', '3y'] as const satisfies readonly Source['retention'][];
const encodings = ['utf-8', 'cp932', 'euc-jp'] as const satisfies readonly Source['encoding'][];
interface Values extends MatchValues { name: string; family: Source['family']; device: string; timeZone: string; encoding: Source['encoding']; retention: Source['retention']; silentAfterHours: string }
const toBody = (v: Values) => ({
  name: v.name, family: v.family, match: toMatch(v), device: v.device || null, timeZone: v.timeZone, encoding: v.encoding, retention: v.retention,
  silentAfterHours: v.silentAfterHours.trim() === '' ? Number.NaN : Number(v.silentAfterHours.normalize('NFKC')),
});
type Body = ReturnType<typeof toBody>;
function check(body: unknown) {
  const result = inventory.sources.update.body.safeParse(body);
  const issues = [...(result.success ? [] : result.error.issues), ...matchIssues((body as Body).match)];
  return issues.length === 0 ? { success: true as const } : { success: false as const, error: { issues } };
}

/** Changes how a sender is recognised and kept. Sending with a secret stays so: its secret belongs to it. */
export function SenderForm({ source: s, device, onDone }: { source: Source; device: { id: string; name: string } | null; onDone: () => void }) {
  const texts = useTexts().devices;
  const t = texts.sender;
  const m = texts.match;
  const org = useOrg();
  const say = useUndo();
  const update = useAct(inventory.sources.update, { touches: ['home'] });
  const before: Body = { name: s.name, family: s.family, match: s.match, device: s.device, timeZone: s.timeZone, encoding: s.encoding, retention: s.retention, silentAfterHours: s.silentAfterHours };
  const form = useForm<Values, Body>({
    initial: { name: s.name, family: s.family, device: s.device ?? '', timeZone: s.timeZone, encoding: s.encoding, retention: s.retention, silentAfterHours: String(s.silentAfterHours), ...valuesOf(s.match) },
    labels: {
      name: texts.connect.name, family: t.family, device: t.device, timeZone: t.timeZone, encoding: t.encoding, retention: t.retention, silentAfterHours: t.silentAfter,
      how: m.how, 'match.listener': m.listener, 'match.address': m.address, 'match.headerHost': m.headerHost, 'match.relay': m.relaySource, 'match.fingerprint': m.fingerprint,
    },
    messages: { 'match.address': m.addressWrong, 'match.fingerprint': m.fingerprintWrong, silentAfterHours: t.silentAfterWrong },
    toBody, schema: { safeParse: check },
    send: async (body) => {
      await update.mutateAsync({ params: { org, source: s.id }, body });
      onDone();
      say({ text: t.saved(body.name), undo: () => update.mutateAsync({ params: { org, source: s.id }, body: before }) });
    },
  });
  return (
    <Form form={form} action={t.save}>
      <TextField {...form.bind('name')} help={texts.connect.nameHelp} autoComplete="off" />
      <SelectField {...form.bind('family')} onChange={(value) => form.set({ family: families.find((f) => f === value) ?? 'generic' })} options={families.map((value) => ({ value, label: texts.families[value] }))} />
      {s.match.by === 'token' ? null : <FieldSet legend={m.how}><MatchFields form={form} fixed /></FieldSet>}
      <RadioField {...form.bind('retention')} onChange={(value) => form.set({ retention: retentions.find((r) => r === value) ?? '1y' })} help={t.retentionHelp} options={retentions.map((value) => ({ value, label: texts.retention[value], help: texts.retentionHelp[value] }))} />
      <TextField {...form.bind('silentAfterHours')} help={t.silentAfterHelp} kind="number" width="short" />
      <DeviceSelect {...form.bind('device')} chosen={device} />
      <SearchSelect {...form.bind('timeZone')} options={Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value.replaceAll('_', ' ') }))} />
      <SelectField {...form.bind('encoding')} onChange={(value) => form.set({ encoding: encodings.find((e) => e === value) ?? 'utf-8' })} options={encodings.map((value) => ({ value, label: value }))} />
    </Form>
  );
}

function DeviceSelect({ chosen, ...field }: Bound<string> & { chosen: { id: string; name: string } | null }) {
  const org = useOrg();
  const [typed, setTyped] = useState('');
  const [picked, setPicked] = useState(chosen ? { value: chosen.id, label: chosen.name } : null);
  const q = useRested(typed === picked?.label ? '' : typed.trim().slice(0, 100));
  const read = useApi(inventory.devices.list, { params: { org }, query: { limit: 50, ...(q ? { q } : {}) } });
  const found = (read.data?.items ?? []).map((d) => ({ value: d.id, label: d.name }));
  const options = picked ? [picked, ...found.filter((o) => o.value !== picked.value)] : found;
  const choose = (id: string) => {
    setPicked(options.find((o) => o.value === id) ?? null);
    field.onChange(id);
  };
  return <SearchSelect {...field} options={options} onSearch={setTyped} onChange={choose} clearable optional />;
}
