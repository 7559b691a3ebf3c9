import { z } from 'zod';
import { day, id, instant, line, orgParams, orgParamsWith, page, pageQuery } from './common.ts';
import { consentKinds, roles } from './permissions.ts';
import { route } from './route.ts';

export const orgKinds = ['federation', 'member', 'unit'] as const;
export const sizeBands = ['1-5', '6-20', '21-50', '51-100', '101-300', '301-1000', '1001+'] as const;
const profile = {
  name: line(120),
  reading: line(160).nullable().optional(),
  /** JSIC division letter A–T. */
  industry: z.string().regex(/^[A-T]$/).nullable().optional(),
  sizeBand: z.enum(sizeBands).nullable().optional(),
  /** JIS X 0401 code 01–47. */
  prefecture: z.string().regex(/^(0[1-9]|[1-3]\d|4[0-7])$/).nullable().optional(),
  /** 法人番号, 13 digits with a right check digit; not unique, branches share one. */
  corporateNumber: z.string().max(30).nullable().optional(),
  phone: line(30).nullable().optional(),
  timeZone: z.string().max(60).optional(),
  /** Address ranges (CIDR) that count as inside, beyond the private ones. */
  ownRanges: z.array(z.string().max(50)).max(50).optional(),
  domains: z.array(z.string().max(253)).max(50).optional(),
};
export const org = z.object({
  id, parent: id.nullable(), federation: id, kind: z.enum(orgKinds),
  name: z.string(), reading: z.string().nullable(), industry: z.string().nullable(), sizeBand: z.string().nullable(),
  prefecture: z.string().nullable(), corporateNumber: z.string().nullable(), phone: z.string().nullable(),
  timeZone: z.string(), ownRanges: z.array(z.string()), domains: z.array(z.string()), archivedAt: instant.nullable(),
});

const tree = {
  get: route({ id: 'orgs.get', method: 'GET', path: '/orgs/{org}', summary: 'One organisation', access: { kind: 'org', permission: 'org.read' }, params: orgParams, reply: org }),
  children: route({
    id: 'orgs.children', method: 'GET', path: '/orgs/{org}/children', summary: 'Organisations directly below', access: { kind: 'org', permission: 'org.read' }, params: orgParams,
    query: pageQuery.extend({ q: z.string().max(100).optional() }), reply: page(org),
  }),
  create: route({
    id: 'orgs.create', method: 'POST', path: '/orgs/{org}/children', summary: 'New member or unit below', access: { kind: 'org', permission: 'org.create' }, params: orgParams,
    body: z.object({ ...profile, kind: z.enum(['member', 'unit']), lead: z.object({ name: line(80), reading: line(120).optional(), email: z.email().max(254) }).optional() }),
    reply: org, status: 201, problems: ['corporate_number_wrong', 'kind_not_here'],
  }),
  update: route({
    id: 'orgs.update', method: 'PATCH', path: '/orgs/{org}', summary: 'Change the profile', access: { kind: 'org', permission: 'org.write' }, params: orgParams,
    body: z.object(profile).partial(), reply: org, problems: ['corporate_number_wrong'],
  }),
  /** Everything the organisation owns as one archive (zip of Excel, JSON and files); the data stays until the manager confirms leaving. */
  archive: route({ id: 'orgs.archive', method: 'POST', path: '/orgs/{org}/archive', summary: 'Own data as one archive', access: { kind: 'org', permission: 'org.leave' }, params: orgParams, produces: 'application/zip' }),
  leave: route({ id: 'orgs.leave', method: 'POST', path: '/orgs/{org}/leave', summary: 'Leave: access ends now, data is erased after 30 days', access: { kind: 'org', permission: 'org.leave' }, params: orgParams, body: z.object({ name: line(120) }), reply: z.object({ erasedOn: day }), problems: ['name_does_not_match'] }),
};

export const person = z.object({
  id, org: id, name: z.string(), reading: z.string().nullable(), department: z.string().nullable(), emails: z.array(z.string()),
  phone: z.string().nullable(), roles: z.array(z.object({ role: z.enum(roles), deputyOf: id.nullable(), until: day.nullable() })), canSignIn: z.boolean(), archivedAt: instant.nullable(),
});
/** Without defaults: a default inside a partial object would overwrite what a change leaves out. */
const personFields = {
  name: line(80), reading: line(120).nullable().optional(), department: line(80).nullable().optional(),
  emails: z.array(z.email().max(254)).max(10), phone: line(30).nullable().optional(),
};
const rowError = z.object({ row: z.number().int(), column: z.string(), message: z.string() });
const people = {
  list: route({
    id: 'people.list', method: 'GET', path: '/orgs/{org}/people', summary: 'People', access: { kind: 'org', permission: 'people.read' }, params: orgParams,
    query: pageQuery.extend({ q: z.string().max(100).optional(), role: z.enum(roles).optional(), archived: z.stringbool().optional() }), reply: page(person),
  }),
  get: route({ id: 'people.get', method: 'GET', path: '/orgs/{org}/people/{person}', summary: 'One person', access: { kind: 'org', permission: 'people.read' }, params: orgParamsWith('person'), reply: person }),
  create: route({ id: 'people.create', method: 'POST', path: '/orgs/{org}/people', summary: 'New person', access: { kind: 'org', permission: 'people.write' }, params: orgParams, body: z.object({ ...personFields, emails: personFields.emails.default([]) }), reply: person, status: 201, tokenScope: 'people:write', problems: ['email_taken'] }),
  update: route({ id: 'people.update', method: 'PATCH', path: '/orgs/{org}/people/{person}', summary: 'Change a person', access: { kind: 'org', permission: 'people.write' }, params: orgParamsWith('person'), body: z.object(personFields).partial(), reply: person, tokenScope: 'people:write', problems: ['email_taken'] }),
  archive: route({ id: 'people.archive', method: 'POST', path: '/orgs/{org}/people/{person}/archive', summary: 'The person has left; can be undone', access: { kind: 'org', permission: 'people.write' }, params: orgParamsWith('person'), status: 204, problems: ['last_lead'] }),
  restore: route({ id: 'people.restore', method: 'POST', path: '/orgs/{org}/people/{person}/restore', summary: 'Undo archiving', access: { kind: 'org', permission: 'people.write' }, params: orgParamsWith('person'), status: 204 }),
  /** Upload of an Excel or CSV file; nothing is stored but the file itself for an hour. */
  importPreview: route({
    id: 'people.importPreview', method: 'POST', path: '/orgs/{org}/people/import', summary: 'Look at an Excel or CSV list before it is taken over', access: { kind: 'org', permission: 'people.write' }, params: orgParams,
    consumes: ['application/octet-stream', 'text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'], bodyBytesMax: 10 * 1024 * 1024,
    reply: z.object({
      token: z.string(), headerRow: z.number().int(), columns: z.array(z.object({ header: z.string(), field: z.string().nullable() })),
      counts: z.object({ new: z.number().int(), changed: z.number().int(), same: z.number().int(), wrong: z.number().int() }),
      rows: z.array(z.object({ row: z.number().int(), kind: z.enum(['new', 'changed', 'same', 'wrong']), name: z.string(), email: z.string(), department: z.string() })),
      errors: z.array(rowError),
    }), problems: ['file_unreadable'],
  }),
  importCommit: route({ id: 'people.importCommit', method: 'POST', path: '/orgs/{org}/people/import/commit', summary: 'Take over a previewed list, all or nothing', access: { kind: 'org', permission: 'people.write' }, params: orgParams, body: z.object({ token: z.string().max(100) }), reply: z.object({ created: z.number().int(), changed: z.number().int() }), problems: ['import_expired', 'import_has_errors'] }),
  export: route({ id: 'people.export', method: 'GET', path: '/orgs/{org}/people.xlsx', summary: 'People as Excel', access: { kind: 'org', permission: 'people.read' }, params: orgParams, query: z.object({ format: z.enum(['xlsx', 'csv']).default('xlsx') }), produces: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }),
};

/** The addresses that the giver has checked with the person, where nobody who could give the role has set them. */
const checked = personFields.emails.optional();
const roleRoutes = {
  grant: route({ id: 'roles.grant', method: 'POST', path: '/orgs/{org}/roles', summary: 'Give a role', access: { kind: 'org', permission: 'roles.write' }, params: orgParams, body: z.object({ person: id, role: z.enum(roles), checked }), status: 204, problems: ['role_not_for_kind', 'no_mail_address', 'address_unchecked'] }),
  revoke: route({ id: 'roles.revoke', method: 'DELETE', path: '/orgs/{org}/roles/{person}/{role}', summary: 'Take a role back', access: { kind: 'org', permission: 'roles.write' }, params: z.object({ org: id, person: id, role: z.enum(roles) }), status: 204, problems: ['last_lead', 'last_operator'] }),
  deputy: route({ id: 'roles.deputy', method: 'POST', path: '/orgs/{org}/deputies', summary: 'Name a deputy until a day', access: { kind: 'org', permission: 'roles.write' }, params: orgParams, body: z.object({ person: id, of: id, until: day, checked }), status: 204, problems: ['no_mail_address', 'address_unchecked'] }),
  handover: route({ id: 'roles.handover', method: 'POST', path: '/orgs/{org}/handover', summary: 'Hand a role over: open work moves too', access: { kind: 'org', permission: 'roles.write' }, params: orgParams, body: z.object({ role: z.enum(roles), from: id, to: id, checked }), problems: ['no_mail_address', 'address_unchecked'], reply: z.object({ moved: z.object({ findings: z.number().int(), tickets: z.number().int() }) }) }),
};

const consent = z.object({ kind: z.enum(consentKinds), given: z.boolean(), fixed: z.boolean(), since: instant.nullable(), by: z.string().nullable(), until: instant.nullable() });
/** What the desk asks to see for one question, and how it stands. Allowed until the question is settled, withdrawn, or `until`. */
export const ticketConsent = z.object({
  ticket: id, number: z.number().int(), subject: z.string(), kinds: z.array(z.enum(consentKinds)), state: z.enum(['asked', 'allowed', 'refused', 'ended']),
  askedAt: instant, askedBy: z.string(), answered: z.object({ at: instant, by: z.string() }).nullable(), until: instant.nullable(),
  /** standing: what was asked for is shared for good since. */
  ended: z.object({ at: instant, how: z.enum(['withdrawn', 'closed', 'expired', 'standing']) }).nullable(),
});
type TicketConsent = z.output<typeof ticketConsent>;
/** How it ended, as pages say it: an asking that nobody has answered was never a permission, whatever ended it. */
export const endOfTicketConsent = ({ answered, ended }: Pick<TicketConsent, 'answered' | 'ended'>) => ended && { at: ended.at, how: answered || ended.how === 'standing' ? ended.how : ('unanswered' as const) };
const consents = {
  get: route({
    id: 'consents.get', method: 'GET', path: '/orgs/{org}/consents', summary: 'What this member shares with its federation', access: { kind: 'org', permission: 'consent.read' }, params: orgParams,
    reply: z.object({ federation: z.object({ id, name: z.string() }).nullable(), items: z.array(consent), tickets: z.array(ticketConsent), history: z.array(z.object({ at: instant, kind: z.enum(consentKinds), given: z.boolean(), by: z.string() })) }),
  }),
  set: route({ id: 'consents.set', method: 'PUT', path: '/orgs/{org}/consents/{kind}', summary: 'Give or withdraw a consent; withdrawal deletes what was pushed up within a day', access: { kind: 'org', permission: 'consent.write' }, params: z.object({ org: id, kind: z.enum(consentKinds) }), body: z.object({ given: z.boolean(), until: instant.optional() }), status: 204, problems: ['consent_fixed'] }),
};

const auditEntry = z.object({ seq: z.string(), at: instant, who: z.string(), whose: z.string(), action: z.string(), text: z.string(), via: z.string().nullable(), /** The open questions for which alone it was allowed: `#12 #15`. */ ticket: z.string().nullable(), target: z.string().nullable() });
const audit = {
  list: route({ id: 'audit.list', method: 'GET', path: '/orgs/{org}/audit', summary: 'Who looked at our data, who changed what', access: { kind: 'org', permission: 'audit.read' }, params: orgParams, query: pageQuery.extend({ outsiders: z.stringbool().optional() }), reply: page(auditEntry) }),
  verify: route({ id: 'audit.verify', method: 'POST', path: '/orgs/{org}/audit/verify', summary: 'Check that the ledger is whole', access: { kind: 'org', permission: 'audit.read' }, params: orgParams, reply: z.object({ ok: z.boolean(), entries: z.number().int(), head: z.string(), atSeq: z.number().int().nullable() }) }),
};

export const orgs = { tree, people, roles: roleRoutes, consents, audit };
