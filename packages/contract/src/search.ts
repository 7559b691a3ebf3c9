import { z } from 'zod';
import { id, instant, line, orgParams, orgParamsWith, page, pageQuery } from './common.ts';
import { route } from './route.ts';

/** Rows that one export holds at most; a longer result is cut, newest first, and says so in the file's name. */
export const EXPORT_ROWS_MAX = 20_000;
/** Furthest a search or trace looks back, in days. */
export const SEARCH_DAYS_MAX = 2_600;

/** What to look for and in which time; `to` defaults to now, `from` to a day before it. The language of `q` is in docs. */
const what = z.object({ q: z.string().max(1_000).optional(), from: instant.optional(), to: instant.optional() });

/** One log record: the fields that were understood by their ECS names (vendor keys as `fields.KEY`), and the line as it came. */
export const logLine = z.object({
  id, at: instant, receivedAt: instant, source: z.object({ id, name: z.string() }).nullable(), device: z.object({ id, name: z.string() }).nullable(),
  /** One short line for lists: who, what, where. */
  said: z.string(), fields: z.record(z.string(), z.string()), raw: z.string(), rawCut: z.boolean(),
});

const events = {
  list: route({ id: 'search.events', method: 'GET', path: '/orgs/{org}/events', summary: 'Search the logs', access: { kind: 'org', permission: 'events.read' }, params: orgParams, query: pageQuery.extend(what.shape), reply: page(logLine).extend({ from: instant, to: instant }), tokenScope: 'events:read', problems: ['query_wrong', 'search_slow', 'time_wrong'] }),
  counts: route({ id: 'search.counts', method: 'GET', path: '/orgs/{org}/events/counts', summary: 'How many log records, over time', access: { kind: 'org', permission: 'events.read' }, params: orgParams, query: what, reply: z.object({ step: z.enum(['minute', 'hour', 'day', 'month']), total: z.number().int(), items: z.array(z.object({ at: instant, count: z.number().int() })), from: instant, to: instant }), tokenScope: 'events:read', problems: ['query_wrong', 'search_slow', 'time_wrong'] }),
  /** The commonest values of some fields among what was found. */
  values: route({ id: 'search.values', method: 'GET', path: '/orgs/{org}/events/values', summary: 'The commonest values of a field', access: { kind: 'org', permission: 'events.read' }, params: orgParams, query: what.extend({ field: z.string().max(60) }), reply: z.object({ field: z.string(), distinct: z.number().int(), items: z.array(z.object({ value: z.string(), count: z.number().int() })) }), tokenScope: 'events:read', problems: ['query_wrong', 'search_slow', 'time_wrong'] }),
  fields: route({ id: 'search.fields', method: 'GET', path: '/orgs/{org}/events/fields', summary: 'Fields that a search may name, and those whose values can be counted', access: { kind: 'org', permission: 'events.read' }, params: orgParams, reply: z.object({ names: z.array(z.string()), countable: z.array(z.string()) }), tokenScope: 'events:read' }),
  export: route({ id: 'search.export', method: 'GET', path: '/orgs/{org}/events/export', summary: `What was found as a file, newest first, at most ${EXPORT_ROWS_MAX} lines`, access: { kind: 'org', permission: 'events.read' }, params: orgParams, query: what.extend({ format: z.enum(['csv', 'xlsx', 'jsonl']).default('csv') }), produces: 'application/octet-stream', tokenScope: 'events:read', problems: ['query_wrong', 'search_slow', 'time_wrong'] }),
};

const savedFields = { name: line(80), q: z.string().max(1_000), span: z.enum(['1h', '24h', '7d', '30d', '90d']), shared: z.boolean() };
const savedSearch = z.object({ id, ...savedFields, name: z.string(), mine: z.boolean(), by: z.string(), updatedAt: instant });
/** A person's own, and those that others of the organisation share. */
const saved = {
  list: route({ id: 'search.saved', method: 'GET', path: '/orgs/{org}/searches', summary: 'Saved searches', access: { kind: 'org', permission: 'events.read' }, params: orgParams, query: pageQuery, reply: page(savedSearch) }),
  create: route({ id: 'search.save', method: 'POST', path: '/orgs/{org}/searches', summary: 'Save a search', access: { kind: 'org', permission: 'events.read' }, params: orgParams, body: z.object({ ...savedFields, shared: savedFields.shared.default(false) }), reply: savedSearch, status: 201, problems: ['query_wrong', 'searches_full'] }),
  update: route({ id: 'search.change', method: 'PATCH', path: '/orgs/{org}/searches/{search}', summary: 'Change a saved search of one’s own', access: { kind: 'org', permission: 'events.read' }, params: orgParamsWith('search'), body: z.object(savedFields).partial(), reply: savedSearch, problems: ['query_wrong'] }),
  remove: route({ id: 'search.forget', method: 'DELETE', path: '/orgs/{org}/searches/{search}', summary: 'Delete a saved search of one’s own', access: { kind: 'org', permission: 'events.read' }, params: orgParamsWith('search'), status: 204 }),
};

export const indicatorKinds = ['ip', 'domain', 'url', 'address', 'sha256', 'sha1', 'md5', 'account', 'name'] as const;
/** Why a value says little: everybody has it, or very many hosts here had it. */
export const commonReasons = ['inside_address', 'public_resolver', 'empty_file', 'free_mail', 'shared_place', 'well_known', 'very_many'] as const;
export const confidences = ['sure', 'likely', 'possible'] as const;
const askTrace = z.object({ indicator: z.string().min(1).max(2_048), as: z.enum(['name', 'account']).optional(), from: instant.optional(), to: instant.optional() });
const traced = z.object({
  indicator: z.object({ kind: z.enum(indicatorKinds), value: z.string(), /** For eyes: no program makes a link of it. */ shown: z.string(), notes: z.array(z.string()) }),
  from: instant, to: instant, common: z.enum(commonReasons).nullable(), commonText: z.string().nullable(), sentence: z.string(),
});
const numbers = z.object({
  /** People who got a mail of it; of them those who opened something. */
  received: z.number().int(), opened: z.number().int(),
  /** Machines that spoke with it and were not stopped; machines whose every attempt was stopped; others that may be concerned. */
  machines: z.number().int(), stopped: z.number().int(), possible: z.number().int(),
  /** Senders of logs that were silent in that time: of what they would have told nothing is known. */
  silent: z.number().int(), lines: z.number().int(),
});
const call = z.object({
  key: z.string(), kind: z.enum(['machine', 'person']), state: z.enum(['communicated', 'opened', 'possible', 'received', 'stopped']), name: z.string(), owner: z.string().nullable(), department: z.string().nullable(), phone: z.string().nullable(),
  why: z.string(), hop: z.number().int(), confidence: z.enum(confidences), firstAt: instant, lastAt: instant, count: z.number().int(), device: id.nullable(), person: id.nullable(),
  /** What the search page would be asked for its lines. */
  search: z.string(),
});
const node = z.object({ key: z.string(), kind: z.enum(['indicator', 'machine', 'account', 'person']), name: z.string(), hop: z.number().int(), common: z.boolean() });
const edge = z.object({ from: z.string(), to: z.string(), why: z.string(), hop: z.number().int(), confidence: z.enum(confidences), firstAt: instant, lastAt: instant, count: z.number().int() });
const silence = z.object({ source: id, name: z.string(), days: z.number().int(), ofDays: z.number().int(), lastAt: instant.nullable() });

const trace = {
  /** One organisation: its own lead, or its desk by consent. */
  run: route({ id: 'trace.run', method: 'POST', path: '/orgs/{org}/trace', summary: 'How far did it spread?', access: { kind: 'org', permission: 'events.read' }, params: orgParams, body: askTrace, tokenScope: 'events:read', problems: ['indicator_unread', 'search_slow', 'time_wrong'], reply: traced.extend({
    counts: numbers, calls: z.array(call), nodes: z.array(node), edges: z.array(edge), silent: z.array(silence),
    findings: z.array(z.object({ id, title: z.string(), at: instant, open: z.boolean() })), tickets: z.array(z.object({ id, number: z.string(), subject: z.string(), at: instant })), mails: z.array(z.object({ id, subject: z.string(), at: instant, touched: z.boolean() })),
    /** More was found than is listed. */
    cut: z.boolean(), seconds: z.number(),
  }) }),
  /** All members of a federation: names and machines where a member shares its logs, numbers alone where it shares traces of attackers, nothing where it shares neither. */
  all: route({ id: 'trace.all', method: 'POST', path: '/orgs/{org}/desk/trace', summary: 'Which members did it reach?', access: { kind: 'org', permission: 'members.trace' }, params: orgParams, body: askTrace.extend({ /** The whole text of every line too, not only what was understood of it: surer, and some ten times slower. */ deep: z.boolean().default(false) }), tokenScope: 'events:read', problems: ['indicator_unread', 'search_slow', 'time_wrong', 'too_many_requests'], reply: traced.extend({
    counts: numbers.extend({ members: z.number().int(), reached: z.number().int(), unasked: z.number().int() }),
    members: z.array(z.object({ member: id, name: z.string(), phone: z.string().nullable(), /** open: the desk may look; numbers: it may know how many; closed: not shared; failed: it could not be looked through in time. */ seen: z.enum(['open', 'numbers', 'closed', 'failed']), counts: numbers.nullable(), firstAt: instant.nullable(), lastAt: instant.nullable(), sentence: z.string() })),
    seconds: z.number(),
  }) }),
};

export const search = { events, saved, trace };
