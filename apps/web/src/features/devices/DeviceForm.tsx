import { deviceKinds, inventory, type Received } from '@banya/contract';
import type { ReactNode } from 'react';
import { PersonSelect, useMay, useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Details, Form, SelectField, TextArea, TextField, useForm } from '../../ui/index.ts';

export type Device = Received<typeof inventory.devices.get>;
interface Values { name: string; kind: Device['kind']; owner: string; department: string; os: string; serial: string; addresses: string; macs: string; hostNames: string; note: string }

const orNull = (text: string) => text.trim() || null;
const lines = (text: string) => text.normalize('NFKC').split(/[\s,;、]+/).filter(Boolean);
const toBody = (v: Values) => ({
  name: v.name, kind: v.kind, owner: v.owner || null, department: orNull(v.department), os: orNull(v.os), serial: orNull(v.serial), note: orNull(v.note),
  addresses: lines(v.addresses), macs: lines(v.macs), hostNames: lines(v.hostNames),
});
export type DeviceBody = ReturnType<typeof toBody>;
/** What a change writes, of a device as it was; to take a change back. */
export const bodyOf = (d: Device): DeviceBody => ({ name: d.name, kind: d.kind, owner: d.owner?.id ?? null, department: d.department, os: d.os, serial: d.serial, note: d.note, addresses: d.addresses, macs: d.macs, hostNames: d.hostNames });

/** The fields of a device; the same for a new one and for a change. */
export function DeviceForm({ device, action, beside, send }: { device?: Device; action: string; beside?: ReactNode; send: (body: DeviceBody) => Promise<unknown> }) {
  const texts = useTexts().devices;
  const t = texts.form;
  const org = useOrg();
  const mayPeople = useMay('people.read');
  const form = useForm<Values, DeviceBody>({
    initial: {
      name: device?.name ?? '', kind: device?.kind ?? 'pc', owner: device?.owner?.id ?? '', department: device?.department ?? '', os: device?.os ?? '', serial: device?.serial ?? '',
      addresses: device?.addresses.join('\n') ?? '', macs: device?.macs.join('\n') ?? '', hostNames: device?.hostNames.join('\n') ?? '', note: device?.note ?? '',
    },
    labels: { name: t.name, kind: t.kind, owner: t.owner, department: t.department, os: t.os, serial: t.serial, addresses: t.addresses, macs: t.macs, hostNames: t.hostNames, note: t.note },
    toBody, schema: inventory.devices.create.body, send,
  });
  // What is wrong inside the folded part must be seen.
  const folded = ['macs', 'hostNames', 'serial', 'os'] as const;
  const open = form.errors.some((e) => folded.some((name) => name === e.name)) || Boolean(device && (device.macs.length > 0 || device.hostNames.length > 0 || device.serial || device.os));
  return (
    <Form form={form} action={action} beside={beside}>
      <TextField {...form.bind('name')} help={t.nameHelp} autoComplete="off" />
      <SelectField {...form.bind('kind')} onChange={(value) => form.set({ kind: deviceKinds.find((k) => k === value) ?? 'other' })} options={deviceKinds.map((value) => ({ value, label: texts.kinds[value] }))} />
      {mayPeople ? <PersonSelect {...form.bind('owner')} org={org} chosen={device?.owner ?? null} clearable optional /> : null}
      <TextField {...form.bind('department')} autoComplete="off" optional />
      <TextArea {...form.bind('addresses')} help={t.addressesHelp} rows={1} optional />
      <Details summary={t.more} open={open}>
        <TextArea {...form.bind('hostNames')} help={t.hostNamesHelp} rows={1} optional />
        <TextArea {...form.bind('macs')} help={t.macsHelp} rows={1} optional />
        <TextField {...form.bind('os')} help={t.osHelp} autoComplete="off" optional />
        <TextField {...form.bind('serial')} autoComplete="off" optional />
      </Details>
      <TextArea {...form.bind('note')} rows={2} optional />
    </Form>
  );
}
