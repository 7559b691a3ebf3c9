import { plainName, readingKey, searchKey } from '@banya/jp';
import { Problem, notFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/types.ts';
import { knownZone } from '../../kernel/zones.ts';
import { matchKey, needsConfirmation, plainAddress, plainMac } from './rules.ts';
import type { DeviceRow, Encoding, Family, Match, Retention, SourceRow } from './schema.ts';
import * as store from './store.ts';

export interface DeviceFields {
  readonly name?: string | undefined;
  readonly kind?: DeviceRow['kind'] | undefined;
  readonly owner?: string | null | undefined;
  readonly department?: string | null | undefined;
  readonly os?: string | null | undefined;
  readonly serial?: string | null | undefined;
  readonly addresses?: readonly string[] | undefined;
  readonly macs?: readonly string[] | undefined;
  readonly hostNames?: readonly string[] | undefined;
  readonly note?: string | null | undefined;
}
export interface SourceFields {
  readonly name: string;
  readonly family: Family;
  readonly match: Match;
  readonly device?: string | null | undefined;
  readonly timeZone: string;
  readonly encoding: Encoding;
  readonly retention: Retention;
  readonly silentAfterHours: number;
}

const field = (at: string, ja: string, en: string): Problem => new Problem(400, 'invalid', {}, { fields: [{ at, message: { ja, en } }] });
const each = (values: readonly string[], at: string, plain: (text: string) => string | null, ja: string, en: string): string[] =>
  [...new Set(values.map((v, i) => plain(v) ?? ((): never => { throw field(`/${at}/${i}`, ja, en); })()))];

function devicePatch(fields: DeviceFields): Partial<DeviceRow> {
  return {
    ...(fields.name === undefined ? {} : { name: fields.name }),
    ...(fields.kind === undefined ? {} : { kind: fields.kind }),
    ...(fields.owner === undefined ? {} : { owner_id: fields.owner }),
    ...(fields.department === undefined ? {} : { department: fields.department }),
    ...(fields.os === undefined ? {} : { os: fields.os }),
    ...(fields.serial === undefined ? {} : { serial: fields.serial }),
    ...(fields.note === undefined ? {} : { note: fields.note }),
    ...(fields.addresses === undefined ? {} : { addresses: each(fields.addresses, 'addresses', plainAddress, 'IPアドレスを 192.168.1.20 の形で入れてください。', 'Write an address like 192.168.1.20.') }),
    ...(fields.macs === undefined ? {} : { macs: each(fields.macs, 'macs', plainMac, 'MACアドレスを 00:1a:2b:3c:4d:5e の形で入れてください。', 'Write a hardware address like 00:1a:2b:3c:4d:5e.') }),
    ...(fields.hostNames === undefined ? {} : { host_names: [...new Set(fields.hostNames.map((h) => h.trim().toLowerCase()).filter(Boolean))] }),
  };
}

const deviceKeys = (row: DeviceRow): Pick<DeviceRow, 'sort_key' | 'search_key'> => ({
  sort_key: readingKey(row.name).slice(0, 200),
  search_key: searchKey([row.name, row.department ?? '', row.os ?? '', row.serial ?? '', ...row.addresses, ...row.macs, ...row.host_names].join(' ')).slice(0, 2000),
});

export async function createDevice(tx: Tx, orgId: string, fields: DeviceFields & { name: string }, externalKey: string | null = null): Promise<DeviceRow> {
  const row: DeviceRow = {
    id: newId(tx.now.getTime()), org_id: orgId, name: fields.name, kind: 'other', owner_id: null, department: null, os: null, serial: null, addresses: [], macs: [], host_names: [], note: null,
    sort_key: '', search_key: '', created_at: tx.now, updated_at: tx.now, seen_at: null, archived_at: null, external_key: externalKey, ...devicePatch(fields),
  };
  Object.assign(row, deviceKeys(row));
  await store.devices.insert(tx, row);
  tx.audit({ action: 'inventory.device_created', target: `device:${row.id}`, orgId });
  return row;
}

export async function updateDevice(tx: Tx, orgId: string, id: string, fields: DeviceFields): Promise<DeviceRow> {
  const before = await store.devices.get(tx, id);
  if (!before || before.org_id !== orgId) throw notFound();
  const next: DeviceRow = { ...before, ...devicePatch(fields), updated_at: tx.now };
  const row = await store.devices.update(tx, id, { ...devicePatch(fields), ...deviceKeys(next), updated_at: tx.now });
  tx.audit({ action: 'inventory.device_updated', target: `device:${id}`, orgId, facts: { fields: Object.keys(fields).join(',') } });
  return row!;
}

/** Makes or changes the device that another program knows by this key. */
export async function putDevice(tx: Tx, orgId: string, key: string, fields: DeviceFields & { name: string }): Promise<DeviceRow> {
  const before = await store.devices.byKey(tx, orgId, key);
  if (!before) return createDevice(tx, orgId, fields, key);
  if (before.archived_at !== null) await archiveDevice(tx, orgId, before.id, false);
  return updateDevice(tx, orgId, before.id, fields);
}

export async function archiveDevice(tx: Tx, orgId: string, id: string, archived: boolean): Promise<void> {
  const before = await store.devices.get(tx, id);
  if (!before || before.org_id !== orgId) throw notFound();
  await store.devices.update(tx, id, { archived_at: archived ? tx.now : null, updated_at: tx.now });
  tx.audit({ action: archived ? 'inventory.device_archived' : 'inventory.device_restored', target: `device:${id}`, orgId });
}

/** A sender as it is kept and compared: the name in its lines as devices write it. */
export const plainMatch = (match: Match): Match => (match.by === 'address' ? { ...match, headerHost: plainName(match.headerHost ?? '') || null } : match);

function checkedMatch(match: Match): Match {
  if (match.by !== 'address' && match.by !== 'relay') return match;
  const address = plainAddress(match.address);
  if (!address) throw field('/match/address', 'IPアドレスを 203.0.113.5 の形で入れてください。', 'Write an address like 203.0.113.5.');
  return plainMatch({ ...match, address });
}

function checkedZone(zone: string): string {
  return knownZone(zone) ?? ((): never => { throw field('/timeZone', '時間帯は Asia/Tokyo のように書いてください。', 'Write a time zone like Asia/Tokyo.'); })();
}

/** `byDesk`: registered by whoever may confirm it. */
export function newSource(tx: Tx, orgId: string, fields: SourceFields, byDesk: boolean): SourceRow {
  const match = checkedMatch(fields.match);
  return {
    id: newId(tx.now.getTime()), org_id: orgId, name: fields.name, family: fields.family, match, match_key: matchKey(match), device_id: fields.device ?? null, time_zone: checkedZone(fields.timeZone), encoding: fields.encoding,
    retention: fields.retention, silent_after_hours: fields.silentAfterHours, created_at: tx.now, updated_at: tx.now, seen_at: null, clock_off_seconds: null, silent_since: null, archived_at: null,
    confirmed_at: byDesk || !needsConfirmation(match) ? tx.now : null,
  };
}

/** A device or a collector that a sender names is of the same organisation: lines behind another's collector are another's. */
async function refuseForeign(tx: Tx, orgId: string, named: { readonly device_id?: string | null | undefined; readonly match?: Match | undefined }): Promise<void> {
  if (named.device_id && (await store.devices.get(tx, named.device_id))?.org_id !== orgId) throw notFound();
  if (named.match?.by !== 'relay') return;
  const relay = await store.sources.get(tx, named.match.relay);
  if (relay?.org_id !== orgId || relay.match.by !== 'token') throw notFound();
}

async function tellChange(tx: Tx, row: SourceRow): Promise<void> {
  await tx.emit('inventory.sourcesChanged', { orgId: row.org_id });
  if (row.confirmed_at === null && row.archived_at === null) await tx.emit('inventory.sourceWaits', { orgId: row.org_id });
}

/** Each is held in memory by every process, and each that waits keeps a place in the list of the desk, which all members share. */
const SOURCES_MAX = 1_000;
const WAITING_MAX = 50;

async function refuseTooMany(tx: Tx, orgId: string, more: { readonly live: boolean; readonly waiting: boolean }): Promise<void> {
  const { live, waiting } = await store.sources.counted(tx, orgId);
  if (more.live && live >= SOURCES_MAX) throw new Problem(409, 'senders_full', { limit: SOURCES_MAX });
  if (more.waiting && waiting >= WAITING_MAX) throw new Problem(409, 'claims_full', { limit: WAITING_MAX });
}

export async function addSource(tx: Tx, row: SourceRow): Promise<SourceRow> {
  await refuseForeign(tx, row.org_id, row);
  await refuseTooMany(tx, row.org_id, { live: true, waiting: row.confirmed_at === null });
  await store.sources.insert(tx, row);
  tx.audit({ action: 'inventory.source_created', target: `source:${row.id}`, orgId: row.org_id, facts: { name: row.name, by: row.match.by } });
  await tellChange(tx, row);
  return row;
}

export async function changeSource(tx: Tx, orgId: string, id: string, patch: { readonly [K in keyof SourceFields]?: SourceFields[K] | undefined }, byDesk: boolean): Promise<SourceRow> {
  const before = await store.sources.get(tx, id);
  if (!before || before.org_id !== orgId) throw notFound();
  const match = patch.match ? checkedMatch(patch.match) : undefined;
  await refuseForeign(tx, orgId, { device_id: patch.device, match });
  // Another address, or more of the same one, is another claim.
  const moved = match !== undefined && (matchKey(match) !== before.match_key || match.by !== before.match.by);
  if (moved && !byDesk && needsConfirmation(match) && before.confirmed_at !== null && before.archived_at === null) await refuseTooMany(tx, orgId, { live: false, waiting: true });
  const row = await store.sources.update(tx, id, {
    ...(moved ? { confirmed_at: byDesk || !needsConfirmation(match) ? tx.now : null } : {}),
    ...(patch.name === undefined ? {} : { name: patch.name }),
    ...(patch.family === undefined ? {} : { family: patch.family }),
    ...(match === undefined ? {} : { match, match_key: matchKey(match) }),
    ...(patch.device === undefined ? {} : { device_id: patch.device }),
    ...(patch.timeZone === undefined ? {} : { time_zone: checkedZone(patch.timeZone) }),
    ...(patch.encoding === undefined ? {} : { encoding: patch.encoding }),
    ...(patch.retention === undefined ? {} : { retention: patch.retention }),
    ...(patch.silentAfterHours === undefined ? {} : { silent_after_hours: patch.silentAfterHours }),
    updated_at: tx.now,
  });
  tx.audit({ action: 'inventory.source_updated', target: `source:${id}`, orgId, facts: { fields: Object.keys(patch).join(',') } });
  await tellChange(tx, row!);
  return row!;
}

/** How long archiving can simply be undone. An address that was given up for longer may be another's by then. */
const UNDO_MS = 86_400_000;

export async function archiveSource(tx: Tx, orgId: string, id: string): Promise<SourceRow> {
  const before = await store.sources.get(tx, id);
  if (!before || before.org_id !== orgId) throw notFound();
  const row = await store.sources.update(tx, id, { archived_at: before.archived_at ?? tx.now, updated_at: tx.now });
  tx.audit({ action: 'inventory.source_archived', target: `source:${id}`, orgId });
  await tellChange(tx, row!);
  return row!;
}

export async function restoreSource(tx: Tx, orgId: string, id: string, byDesk: boolean): Promise<SourceRow> {
  const before = await store.sources.get(tx, id);
  if (!before || before.org_id !== orgId) throw notFound();
  const late = before.archived_at !== null && tx.now.getTime() - before.archived_at.getTime() > UNDO_MS;
  const waits = before.confirmed_at === null || (late && !byDesk && needsConfirmation(before.match));
  if (before.archived_at !== null) await refuseTooMany(tx, orgId, { live: true, waiting: waits });
  const row = await store.sources.update(tx, id, { archived_at: null, updated_at: tx.now, ...(waits ? { confirmed_at: null } : {}) });
  tx.audit({ action: 'inventory.source_restored', target: `source:${id}`, orgId });
  await tellChange(tx, row!);
  return row!;
}

/**
 * The desk has asked the member: from now on its lines are taken. `seen` is what the desk was shown.
 * @throws Problem when the member has put another sender in its place since
 */
export async function confirmSource(tx: Tx, orgId: string, id: string, seen: Match): Promise<SourceRow> {
  const before = await store.sources.get(tx, id);
  if (!before || before.org_id !== orgId || before.archived_at !== null) throw notFound();
  const key = matchKey(seen);
  if (before.match.by !== seen.by || before.match_key !== key) throw new Problem(409, 'sender_changed');
  if (before.confirmed_at !== null) return before;
  const row = await store.sources.confirm(tx, id, key);
  if (!row) throw new Problem(409, 'sender_changed');
  tx.audit({ action: 'inventory.source_confirmed', target: `source:${id}`, orgId, facts: { name: before.name, key } });
  await tellChange(tx, row);
  return row;
}
