import { useState } from 'react';
import { inventory } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { RiskList, useMay, useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, Drawer, Facts, GoLink, Page, Section, StateNote, stateOf, useUndo } from '../../ui/index.ts';
import { bodyOf, DeviceForm, type Device } from './DeviceForm.tsx';
import css from './devices.module.css';

/** One device: what it is, whose, and how it is recognised. */
export default function DevicePage() {
  const texts = useTexts().devices;
  const t = texts.device;
  const l = texts.form;
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const read = useApi(inventory.devices.get, { params: { org, device: useParam('device') } });
  const update = useAct(inventory.devices.update);
  const mayWrite = useMay('inventory.write');
  const [open, setOpen] = useState(false);
  const state = stateOf(read);
  if (state || !read.data) return <Page title={t.loading} state={state} />;
  const d = read.data;
  const params = { org, device: d.id };
  const or = (value: string | null) => value || <span className={css.soft}>{t.unset}</span>;
  const many = (values: readonly string[]) => (values.length === 0 ? or(null) : <span className={css.code}>{values.map((v) => <div key={v}>{v}</div>)}</span>);
  return (
    <Page title={d.name} lead={d.archivedAt ? t.goneLead : t.lead}>
      <Section title={t.facts} aside={mayWrite && !d.archivedAt ? <Button onClick={() => setOpen(true)} label={l.edit}>{t.edit}</Button> : null}>
        <Facts items={[
          [l.kind, texts.kinds[d.kind]], [l.owner, or(d.owner?.name ?? null)], [l.department, or(d.department)], [texts.list.seen, d.seenAt ? f.when(d.seenAt) : texts.list.never],
          [l.addresses, many(d.addresses)], [l.hostNames, many(d.hostNames)], [l.macs, many(d.macs)], [l.os, or(d.os)], [l.serial, or(d.serial)], [l.note, or(d.note)],
        ]} />
      </Section>
      <RiskList of={{ device: d.id }} />
      {mayWrite ? <Archive device={d} /> : null}
      <p data-screen-only><GoLink to={`/o/${org}/devices`}>{l.toList}</GoLink></p>
      <Drawer open={open} onClose={() => setOpen(false)} title={l.edit}>
        <DeviceForm
          device={d} action={l.save}
          send={async (body) => {
            await update.mutateAsync({ params, body });
            setOpen(false);
            say({ text: l.saved(body.name), undo: () => update.mutateAsync({ params, body: bodyOf(d) }) });
          }}
        />
      </Drawer>
    </Page>
  );
}

function Archive({ device }: { device: Device }) {
  const t = useTexts().devices.device;
  const f = useFormat();
  const say = useUndo();
  const archive = useAct(inventory.devices.archive);
  const restore = useAct(inventory.devices.restore);
  const params = { org: device.org, device: device.id };
  const refused = stateOf({ isPending: false, error: archive.error ?? restore.error });
  return (
    <Section title={t.archiveTitle}>
      <p>{device.archivedAt ? t.goneOn(f.date(device.archivedAt)) : t.archiveBody}</p>
      {refused ? <StateNote state={refused} /> : null}
      <Actions>
        {device.archivedAt
          ? <Button kind="main" busy={restore.isPending} onClick={() => once(restore.mutateAsync({ params }), () => say({ text: t.restored(device.name), undo: () => archive.mutateAsync({ params }) }))}>{t.restore}</Button>
          : <Button busy={archive.isPending} onClick={() => once(archive.mutateAsync({ params }), () => say({ text: t.archived(device.name), undo: () => restore.mutateAsync({ params }) }))}>{t.archive}</Button>}
      </Actions>
    </Section>
  );
}
