import { deviceKinds, inventory } from '@banya/contract';
import { urlOf, useList, useSteady } from '../../api/index.ts';
import { useFilters, useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { ButtonLink, DataTable, SelectField, TextField } from '../../ui/index.ts';
import css from './devices.module.css';

/** The list of devices. */
export function Inventory() {
  const texts = useTexts().devices;
  const t = texts.list;
  const f = useFormat();
  const org = useOrg();
  const mayWrite = useMay('inventory.write');
  const { values, settled, set, any } = useFilters('q', 'kind', 'show');
  const q = settled.q.trim().slice(0, 100);
  const kind = deviceKinds.find((k) => k === settled.kind);
  const list = useSteady(useList(inventory.devices.list, { params: { org }, query: { ...(q ? { q } : {}), ...(kind ? { kind } : {}), ...(settled.show === 'gone' ? { archived: 'true' } : {}) } }), org);
  const none = <span className={css.soft}>{t.none}</span>;
  return (
    <DataTable
      caption={t.caption} remember="devices" list={list} rowKey={(d) => d.id} to={(d) => `/o/${org}/devices/${d.id}`} unit="device"
      excelHref={urlOf(inventory.devices.export, { params: { org } })}
      filters={
        <>
          <TextField label={t.search} kind="search" value={values.q} onChange={(word) => set('q', word)} />
          <SelectField label={t.kind} value={values.kind} onChange={(word) => set('kind', word)} options={[{ value: '', label: t.everyKind }, ...deviceKinds.map((k) => ({ value: k, label: texts.kinds[k] }))]} />
          <SelectField label={t.shown} value={values.show} onChange={(word) => set('show', word)} options={[{ value: '', label: t.here }, { value: 'gone', label: t.gone }]} />
        </>
      }
      {...(any ? {} : { empty: { kind: 'empty' as const, title: t.emptyTitle, why: mayWrite ? t.emptyWhy : t.emptyOther, ...(mayWrite ? { action: <ButtonLink kind="main" to={`/o/${org}/devices/new`}>{t.add}</ButtonLink> } : {}) } })}
      columns={[
        { id: 'name', title: t.name, main: true, cell: (d) => <span className={css.name}>{d.name}</span> },
        { id: 'kind', title: t.kind, cell: (d) => texts.kinds[d.kind] },
        { id: 'owner', title: t.owner, cell: (d) => d.owner?.name ?? none },
        { id: 'department', title: t.department, cell: (d) => <span className={css.short}>{d.department ?? ''}</span> },
        { id: 'addresses', title: t.addresses, cell: (d) => <span className={css.address}>{d.addresses.join(' ')}</span> },
        { id: 'seen', title: t.seen, cell: (d) => (d.seenAt ? f.when(d.seenAt) : <span className={css.soft}>{t.never}</span>) },
        { id: 'os', title: t.os, hidden: true, cell: (d) => d.os ?? '' },
        { id: 'serial', title: t.serial, hidden: true, cell: (d) => d.serial ?? '' },
      ]}
    />
  );
}
