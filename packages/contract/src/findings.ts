import { z } from 'zod';
import { id, instant, line, orgParams, orgParamsWith, page, pageQuery, text } from './common.ts';
import { route } from './route.ts';

export const severities = ['now', 'look', 'fyi'] as const;
/** How a finding ended (結末). */
export const outcomes = ['known', 'handled', 'false_alarm', 'ticket'] as const;
export const findingStates = ['open', 'closed'] as const;

/** The answers every finding gives, in this order. Texts come ready in the caller's language. */
export const explanation = z.object({
  title: z.string(), whatHappened: z.string(), stopped: z.string(), whose: z.string(), certainty: z.string(),
  doNow: z.array(z.string()), callWhen: z.string(), doNot: z.string(), normal: z.string().nullable(),
});
export const finding = z.object({
  id, org: id, kind: z.enum(['detection', 'device_silent', 'signature_old', 'digest', 'operator']), ruleId: z.string(), severity: z.enum(severities), state: z.enum(findingStates),
  stoppedByDevice: z.enum(['yes', 'no', 'unknown']), direction: z.enum(['inbound', 'outbound', 'internal', 'none']),
  title: z.string(), entity: z.string(), asset: z.object({ device: id.nullable(), name: z.string(), owner: z.string().nullable(), department: z.string().nullable() }).nullable(),
  count: z.number().int(), firstAt: instant, lastAt: instant, ongoing: z.boolean(), minutes: z.number().int(),
  outcome: z.enum(outcomes).nullable(), closedBy: z.string().nullable(), closedAt: instant.nullable(), assignee: z.object({ id, name: z.string() }).nullable(), ticket: id.nullable(),
});
export const findingDetail = finding.extend({
  explanation,
  /** At how many members of the federation the same was seen, this one among them; null: not that anybody knows. */
  elsewhere: z.number().int().nullable(),
  /** Licence duty: who wrote the rule stands with what it found. */
  rule: z.object({ id: z.string(), title: z.string(), author: z.string(), license: z.string(), references: z.array(z.string()) }),
  samples: z.array(z.object({ at: instant, raw: z.string(), source: z.string(), matched: z.array(z.object({ field: z.string(), value: z.string() })) })),
  days: z.array(z.object({ day: z.string(), count: z.number().int() })),
  history: z.array(z.object({ at: instant, who: z.string(), what: z.enum(['raised', 'closed', 'reopened', 'assigned', 'ticket', 'grew']), note: z.string().nullable() })),
});

/** Fields a line is compared by where something is kept quiet: who, from where, to where, with what. */
export const conditionFields = [
  'source.ip', 'destination.ip', 'destination.domain', 'destination.port', 'url.domain', 'user.name', 'host.name', 'host.ip', 'rule.name', 'rule.category', 'process.name', 'file.name', 'file.path', 'email.from.address', 'email.to.address',
  'device.model.name', 'network.application', 'network.name', 'dns.question.name', 'observer.name', 'observer.ingress.interface.name', 'source.geo.country_iso_code', 'event.action',
] as const;
export const condition = z.object({ field: z.string().max(64).regex(/^[a-z0-9_.@]+$/), is: z.enum(['is', 'startswith', 'endswith', 'contains', 'cidr']), value: line(200) });
export type Condition = z.output<typeof condition>;
const suppression = z.object({
  id, ruleId: z.string(), ruleTitle: z.string(), entity: z.string().nullable(), reason: z.string(), by: z.string(), owner: id.nullable(), createdAt: instant, expiresAt: instant,
  /** All to be met; null where it is the entity alone. */
  conditions: z.array(condition).nullable(),
  /** The same as a Sigma filter. */
  sigma: z.string().nullable(),
  /** How often it kept something quiet. */
  hits: z.number().int(), lastHitAt: instant.nullable(),
});
/** What is learnt of an organisation's ordinary days. */
export const usualKinds = ['login_country', 'admin_name', 'usb_model', 'program', 'suffix', 'admin_hour', 'remote_hour'] as const;
const maintenance = z.object({ id, device: id.nullable(), deviceName: z.string().nullable(), startsAt: instant, endsAt: instant, reason: z.string(), by: z.string(), state: z.enum(['coming', 'now', 'over']), hits: z.number().int() });

/** How much has come together at a computer or a name: weights of its findings, halved every seven days. */
export const riskLevels = ['high', 'raised', 'low'] as const;
const risk = z.object({
  kind: z.enum(['host', 'account']), key: z.string(), name: z.string(), device: id.nullable(), owner: z.string().nullable(), score: z.number(), level: z.enum(riskLevels), open: z.number().int(),
  /** The heaviest five. */
  findings: z.array(z.object({ id, title: z.string(), severity: z.enum(severities), state: z.enum(findingStates), lastAt: instant })),
});

/** 今週やること: at most five cards, each with one next step. */
const home = route({
  id: 'home.get', method: 'GET', path: '/orgs/{org}/home', summary: 'What to do this week', access: { kind: 'org', permission: 'home.read' }, params: orgParams,
  reply: z.object({
    cards: z.array(z.object({ key: z.string(), kind: z.enum(['finding', 'ticket', 'source', 'people', 'restore', 'report', 'warning']), severity: z.enum(severities), title: z.string(), step: z.string(), minutes: z.number().int(), askedBy: z.string(), target: id.nullable(),
      /** At how many members of the federation the same was seen, this one among them; null: not that anybody knows, or this one does not share what it finds. */
      elsewhere: z.number().int().nullable(),
    })),
    moreOpen: z.number().int(),
    lastWeek: z.object({ stopped: z.number().int(), closed: z.number().int(), open: z.number().int(), stoppedWeekBefore: z.number().int() }),
    health: z.object({ sources: z.number().int(), flowing: z.number().int(), silent: z.number().int(), lastLineAt: instant.nullable() }),
  }),
});

export const findings = {
  home,
  list: route({
    id: 'findings.list', method: 'GET', path: '/orgs/{org}/findings', summary: 'Findings', access: { kind: 'org', permission: 'findings.read' }, params: orgParams,
    /** `act`: what asks for something, now or this week. */
    query: pageQuery.extend({ state: z.enum(findingStates).optional(), severity: z.enum([...severities, 'act']).optional(), q: z.string().max(100).optional() }), reply: page(finding), tokenScope: 'findings:read',
  }),
  get: route({ id: 'findings.get', method: 'GET', path: '/orgs/{org}/findings/{finding}', summary: 'One finding, explained', access: { kind: 'org', permission: 'findings.read' }, params: orgParamsWith('finding'), reply: findingDetail, tokenScope: 'findings:read' }),
  close: route({
    id: 'findings.close', method: 'POST', path: '/orgs/{org}/findings/{finding}/close', summary: 'Close with an outcome', access: { kind: 'org', permission: 'findings.write' }, params: orgParamsWith('finding'),
    body: z.object({ outcome: z.enum(['known', 'handled', 'false_alarm']), note: text(2000).optional(), quietDays: z.number().int().min(1).max(365).optional() }), status: 204, problems: ['already_closed'],
  }),
  reopen: route({ id: 'findings.reopen', method: 'POST', path: '/orgs/{org}/findings/{finding}/reopen', summary: 'Open again (undo)', access: { kind: 'org', permission: 'findings.write' }, params: orgParamsWith('finding'), status: 204, problems: ['not_closed', 'replaced_by_newer'] }),
  assign: route({ id: 'findings.assign', method: 'POST', path: '/orgs/{org}/findings/{finding}/assign', summary: 'Give to somebody', access: { kind: 'org', permission: 'findings.write' }, params: orgParamsWith('finding'), body: z.object({ person: id.nullable() }), status: 204 }),
  ask: route({ id: 'findings.ask', method: 'POST', path: '/orgs/{org}/findings/{finding}/ask', summary: 'Ask the desk about it: makes a ticket', access: { kind: 'org', permission: 'tickets.ask' }, params: orgParamsWith('finding'), body: z.object({ message: text(5000).optional() }), reply: z.object({ ticket: id }), status: 201, problems: ['desk_unreachable'] }),
  export: route({ id: 'findings.export', method: 'GET', path: '/orgs/{org}/findings.xlsx', summary: 'Findings as Excel', access: { kind: 'org', permission: 'findings.read' }, params: orgParams, query: z.object({ state: z.enum(findingStates).optional() }), produces: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }),
  suppressions: route({ id: 'suppressions.list', method: 'GET', path: '/orgs/{org}/suppressions', summary: 'What we have said to keep quiet', access: { kind: 'org', permission: 'findings.read' }, params: orgParams, query: pageQuery, reply: page(suppression) }),
  endSuppression: route({ id: 'suppressions.end', method: 'DELETE', path: '/orgs/{org}/suppressions/{suppression}', summary: 'End a silence now', access: { kind: 'org', permission: 'findings.write' }, params: orgParamsWith('suppression'), status: 204 }),
  changeSuppression: route({
    id: 'suppressions.change', method: 'PATCH', path: '/orgs/{org}/suppressions/{suppression}', summary: 'Change what is kept quiet, why, until when, and who answers for it', access: { kind: 'org', permission: 'findings.write' }, params: orgParamsWith('suppression'),
    /** `days`: from now. Conditions can be set where a line of a device is compared, not for what no line said. */
    body: z.object({ conditions: z.array(condition).min(1).max(8).optional(), reason: text(2000).optional(), days: z.number().int().min(1).max(365).optional(), owner: id.optional() }), reply: suppression, problems: ['conditions_not_possible', 'condition_broken'],
  }),
  /** `device` or `person` narrow it down to what weighs on these. */
  risks: route({ id: 'risks.list', method: 'GET', path: '/orgs/{org}/risks', summary: 'Computers and names by what has come together at them', access: { kind: 'org', permission: 'findings.read' }, params: orgParams, query: z.object({ device: id.optional(), person: id.optional() }), reply: z.object({ items: z.array(risk) }) }),
  /** `tellsFrom`: when what is new of this kind begins to be told; before that everything is new. */
  usual: route({ id: 'usual.list', method: 'GET', path: '/orgs/{org}/usual', summary: 'What Banya knows of our ordinary days, and since when', access: { kind: 'org', permission: 'findings.read' }, params: orgParams, reply: z.object({ items: z.array(z.object({ kind: z.enum(usualKinds), since: instant, values: z.number().int(), tellsFrom: instant })) }) }),
  /** While somebody works on a device, what it says is kept and not told; what must be acted on at once is told all the same. */
  maintenance: route({ id: 'maintenance.list', method: 'GET', path: '/orgs/{org}/maintenance', summary: 'Times of maintenance: coming, now, and of the last 90 days', access: { kind: 'org', permission: 'findings.read' }, params: orgParams, query: pageQuery, reply: page(maintenance) }),
  addMaintenance: route({
    id: 'maintenance.add', method: 'POST', path: '/orgs/{org}/maintenance', summary: 'Say that somebody will work on a device, or on everything', access: { kind: 'org', permission: 'findings.write' }, params: orgParams,
    body: z.object({ device: id.nullable(), startsAt: instant, endsAt: instant, reason: line(200) }), reply: maintenance, status: 201, problems: ['maintenance_times', 'maintenance_full'],
  }),
  endMaintenance: route({ id: 'maintenance.end', method: 'DELETE', path: '/orgs/{org}/maintenance/{maintenance}', summary: 'It is over, or does not take place', access: { kind: 'org', permission: 'findings.write' }, params: orgParamsWith('maintenance'), status: 204 }),
  /** Server-sent events: changed findings, tickets and sources of this organisation, by id only. */
  live: route({ id: 'live.stream', method: 'GET', path: '/orgs/{org}/live', summary: 'What changes, as it changes', access: { kind: 'org', permission: 'org.read' }, params: orgParams, produces: 'text/event-stream' }),
};
