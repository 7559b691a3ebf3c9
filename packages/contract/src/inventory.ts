import { z } from 'zod';
import { bilingual, id, instant, line, orgParams, orgParamsWith, page, pageQuery, text } from './common.ts';
import { route } from './route.ts';

export const deviceKinds = ['pc', 'server', 'phone', 'printer', 'network', 'utm', 'camera', 'machine', 'other'] as const;
export const families = [
  'fortigate', 'yamaha-rtx', 'palo-alto', 'check-point', 'sonicwall', 'watchguard', 'sophos', 'trend-micro', 'cef', 'leef', 'windows', 'linux', 'auditd', 'm365', 'mail-gateway', 'web-server', 'squid', 'suricata', 'rfc5424', 'generic',
] as const;

export const device = z.object({
  id, org: id, name: z.string(), kind: z.enum(deviceKinds), owner: z.object({ id, name: z.string() }).nullable(), department: z.string().nullable(),
  os: z.string().nullable(), serial: z.string().nullable(), addresses: z.array(z.string()), macs: z.array(z.string()), hostNames: z.array(z.string()),
  note: z.string().nullable(), seenAt: instant.nullable(), source: id.nullable(), archivedAt: instant.nullable(),
});
/** Without defaults: a default inside a partial object would overwrite what a change leaves out. */
const deviceFields = {
  name: line(120), kind: z.enum(deviceKinds), owner: id.nullable().optional(), department: line(80).nullable().optional(), os: line(80).nullable().optional(),
  serial: line(80).nullable().optional(), addresses: z.array(z.string().max(50)).max(20), macs: z.array(z.string().max(30)).max(20),
  hostNames: z.array(z.string().max(253)).max(20), note: text(2000).nullable().optional(),
};
const devices = {
  list: route({ id: 'devices.list', method: 'GET', path: '/orgs/{org}/devices', summary: 'Devices', access: { kind: 'org', permission: 'inventory.read' }, params: orgParams, query: pageQuery.extend({ q: z.string().max(100).optional(), kind: z.enum(deviceKinds).optional(), archived: z.stringbool().optional() }), reply: page(device) }),
  get: route({ id: 'devices.get', method: 'GET', path: '/orgs/{org}/devices/{device}', summary: 'One device', access: { kind: 'org', permission: 'inventory.read' }, params: orgParamsWith('device'), reply: device }),
  create: route({ id: 'devices.create', method: 'POST', path: '/orgs/{org}/devices', summary: 'New device', access: { kind: 'org', permission: 'inventory.write' }, params: orgParams, body: z.object({ ...deviceFields, kind: deviceFields.kind.default('other'), addresses: deviceFields.addresses.default([]), macs: deviceFields.macs.default([]), hostNames: deviceFields.hostNames.default([]) }), reply: device, status: 201, tokenScope: 'inventory:write' }),
  /** For another program's list: sent again, the same key changes the same device. What is left out stays as it is. */
  put: route({ id: 'devices.put', method: 'PUT', path: '/orgs/{org}/devices/by-key/{key}', summary: 'Device by another system’s key: made the first time, changed afterwards, put back if it was archived', access: { kind: 'org', permission: 'inventory.write' }, params: z.object({ org: id, key: line(200) }), body: z.object(deviceFields).partial().required({ name: true }), reply: device, tokenScope: 'inventory:write' }),
  update: route({ id: 'devices.update', method: 'PATCH', path: '/orgs/{org}/devices/{device}', summary: 'Change a device', access: { kind: 'org', permission: 'inventory.write' }, params: orgParamsWith('device'), body: z.object(deviceFields).partial(), reply: device }),
  archive: route({ id: 'devices.archive', method: 'POST', path: '/orgs/{org}/devices/{device}/archive', summary: 'Device is gone; can be undone', access: { kind: 'org', permission: 'inventory.write' }, params: orgParamsWith('device'), status: 204 }),
  restore: route({ id: 'devices.restore', method: 'POST', path: '/orgs/{org}/devices/{device}/restore', summary: 'Undo archiving', access: { kind: 'org', permission: 'inventory.write' }, params: orgParamsWith('device'), status: 204 }),
  export: route({ id: 'devices.export', method: 'GET', path: '/orgs/{org}/devices.xlsx', summary: 'Devices as Excel', access: { kind: 'org', permission: 'inventory.read' }, params: orgParams, produces: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }),
};

/** How a source is recognised: by what reaches the syslog port, or by its own token over HTTPS. */
export const match = z.discriminatedUnion('by', [
  z.object({ by: z.literal('address'), listener: z.enum(['udp', 'tcp', 'tls']), address: z.string().max(50), headerHost: z.string().max(255).nullable().default(null) }),
  z.object({ by: z.literal('certificate'), fingerprint: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ by: z.literal('token') }),
  /** A device behind the collector of a site: the collector's source, and the device's address on its LAN. */
  z.object({ by: z.literal('relay'), relay: id, address: z.string().max(50) }),
]);
export const source = z.object({
  id, org: id, name: z.string(), family: z.enum(families), match, device: id.nullable(), timeZone: z.string(), encoding: z.enum(['utf-8', 'cp932', 'euc-jp']),
  retention: z.enum(['30d', '90d', '1y', '3y']), silentAfterHours: z.number().int(), verified: z.boolean(), confirmed: z.boolean(), createdAt: instant, archivedAt: instant.nullable(),
  state: z.enum(['waiting', 'flowing', 'silent']), seenAt: instant.nullable(), linesToday: z.number().int(), linesLast7d: z.array(z.number().int()), notUnderstoodToday: z.number().int(), clockOffSeconds: z.number().nullable(),
});
const sourceFields = {
  name: line(120), family: z.enum(families), match, device: id.nullable().optional(), timeZone: z.string().max(60),
  encoding: z.enum(['utf-8', 'cp932', 'euc-jp']), retention: z.enum(['30d', '90d', '1y', '3y']), silentAfterHours: z.number().int().min(1).max(720),
};
const newSource = z.object({
  ...sourceFields, timeZone: sourceFields.timeZone.default('Asia/Tokyo'), encoding: sourceFields.encoding.default('utf-8'), retention: sourceFields.retention.default('1y'),
  silentAfterHours: sourceFields.silentAfterHours.default(24),
});
const sources = {
  list: route({ id: 'sources.list', method: 'GET', path: '/orgs/{org}/sources', summary: 'Devices that send logs', access: { kind: 'org', permission: 'sources.read' }, params: orgParams, query: pageQuery, reply: page(source) }),
  get: route({ id: 'sources.get', method: 'GET', path: '/orgs/{org}/sources/{source}', summary: 'One sender of logs', access: { kind: 'org', permission: 'sources.read' }, params: orgParamsWith('source'), reply: source }),
  create: route({ id: 'sources.create', method: 'POST', path: '/orgs/{org}/sources', summary: 'Register a sender of logs', access: { kind: 'org', permission: 'sources.write' }, params: orgParams, body: newSource, reply: source.extend({ token: z.string().nullable() }), status: 201, problems: ['sender_taken', 'senders_full', 'claims_full'] }),
  update: route({ id: 'sources.update', method: 'PATCH', path: '/orgs/{org}/sources/{source}', summary: 'Change a sender', access: { kind: 'org', permission: 'sources.write' }, params: orgParamsWith('source'), body: z.object(sourceFields).partial(), reply: source, problems: ['sender_taken', 'claims_full'] }),
  archive: route({ id: 'sources.archive', method: 'POST', path: '/orgs/{org}/sources/{source}/archive', summary: 'Stop taking this sender; can be undone', access: { kind: 'org', permission: 'sources.write' }, params: orgParamsWith('source'), status: 204 }),
  restore: route({ id: 'sources.restore', method: 'POST', path: '/orgs/{org}/sources/{source}/restore', summary: 'Undo', access: { kind: 'org', permission: 'sources.write' }, params: orgParamsWith('source'), status: 204 }),
  newToken: route({ id: 'sources.newToken', method: 'POST', path: '/orgs/{org}/sources/{source}/token', summary: 'New token; the old one ends', access: { kind: 'org', permission: 'sources.write' }, params: orgParamsWith('source'), reply: z.object({ token: z.string() }) }),
  /** The settings to paste into the device, with this Banya's own address filled in. */
  guide: route({
    id: 'sources.guide', method: 'GET', path: '/orgs/{org}/sources/guide/{family}', summary: 'How to set a device up', access: { kind: 'org', permission: 'sources.read' }, params: z.object({ org: id, family: z.enum(families) }),
    reply: z.object({ family: z.enum(families), name: bilingual, minutes: z.number().int(), steps: z.array(z.object({ text: bilingual, paste: z.string().nullable() })), notes: z.array(bilingual) }),
  }),
};

/**
 * Senders nobody has registered, and those a member has registered by address or certificate and the desk has not confirmed
 * (`waiting`): counted, their lines never stored. Seen by the federation's desk. With a `fingerprint` (SHA-256 of a proven client
 * certificate) `address` and `headerHost` are those seen last.
 */
const unknownSenders = {
  list: route({
    id: 'unknownSenders.list', method: 'GET', path: '/orgs/{org}/unknown-senders', summary: 'Senders that are not registered', access: { kind: 'org', permission: 'desk.work' }, params: orgParams,
    reply: z.object({ items: z.array(z.object({ key: z.string(), listener: z.enum(['udp', 'tcp', 'tls']), address: z.string(), headerHost: z.string().nullable(), fingerprint: z.string().nullable(), lines: z.number().int(), bytes: z.number().int(), firstAt: instant, lastAt: instant })), overflow: z.number().int(),
      waiting: z.array(z.object({ source: id, member: z.object({ id, name: z.string() }), name: z.string(), family: z.enum(families), match, since: instant, lines: z.number().int(), firstAt: instant.nullable(), lastAt: instant.nullable() })) }),
  }),
  register: route({ id: 'unknownSenders.register', method: 'POST', path: '/orgs/{org}/unknown-senders/{key}/register', summary: 'Register a sender for a member with one click', access: { kind: 'org', permission: 'desk.work' }, params: z.object({ org: id, key: z.string().max(400) }), body: z.object({ member: id, name: line(120), family: z.enum(families) }), reply: source, status: 201, problems: ['sender_taken', 'sender_gone', 'senders_full'] }),
  /** `match` as the list showed it: a member may have changed it since, and the desk confirms what it saw. */
  confirm: route({ id: 'unknownSenders.confirm', method: 'POST', path: '/orgs/{org}/unknown-senders/waiting/{source}/confirm', summary: 'Confirm that a sender registered by a member is the member’s', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('source'), body: z.object({ member: id, match }), reply: source, problems: ['sender_taken', 'sender_changed'] }),
};

/** Raw lines (text/plain), JSON lines or the relay's envelope, gzip allowed; token of the source as Bearer. */
const ingest = route({
  id: 'ingest.lines', method: 'POST', path: '/ingest/{source}', summary: 'Send log lines', access: { kind: 'public' }, params: z.object({ source: id }),
  consumes: ['text/plain', 'application/x-ndjson', 'application/json', 'application/x-banya-relay+ndjson'], bodyBytesMax: 3 * 1024 * 1024, status: 202,
  reply: z.object({ accepted: z.number().int() }), tokenScope: 'ingest', problems: ['token_wrong', 'intake_paused', 'too_large', 'too_many_lines', 'key_reused'],
});

export const inventory = { devices, sources, unknownSenders, ingest };
