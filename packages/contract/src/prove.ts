import { z } from 'zod';
import { day, id, instant, line, month, orgParams, orgParamsWith, page, pageQuery } from './common.ts';
import { severities } from './findings.ts';
import { route } from './route.ts';

/** The month's report of one organisation, from counters. The web page and the PDF show the same. */
export const monthReport = z.object({
  org: id, orgName: z.string(), month, version: z.number().int(), closedAt: instant, demonstration: z.boolean(), partial: z.boolean(),
  verdict: z.object({ state: z.enum(['calm', 'look', 'act', 'blind']), text: z.string() }),
  /** At most three. `text` says what it is about, `step` the first thing to do. */
  actions: z.array(z.object({ text: z.string(), step: z.string(), owner: z.string().nullable(), due: day, done: z.boolean(), finding: id.nullable() })).max(3),
  blocked: z.object({ total: z.number().int(), lastMonth: z.number().int().nullable(), whyNormal: z.string(), kinds: z.array(z.object({ title: z.string(), count: z.number().int() })) }),
  outbound: z.array(z.object({ title: z.string(), asset: z.string(), count: z.number().int(), outcome: z.string() })),
  devices: z.array(z.object({ name: z.string(), lines: z.number().int(), silentDays: z.number().int(), signature: z.string().nullable(), configChanges: z.number().int(), note: z.string() })),
  findings: z.array(z.object({ title: z.string(), severity: z.enum(severities), count: z.number().int(), outcome: z.string().nullable(), at: instant })),
  trend: z.array(z.object({ month, lines: z.number().int(), blocked: z.number().int(), findings: z.number().int(), demonstration: z.boolean() })),
  /** Only when five or more members can be compared. */
  peers: z.object({ members: z.number().int(), blockedPlace: z.number().int(), openPlace: z.number().int(), text: z.string() }).nullable(),
  tickets: z.object({ asked: z.number().int(), solved: z.number().int() }),
  appendix: z.array(z.object({ rule: z.string(), author: z.string(), license: z.string(), count: z.number().int() })),
});
const reportHead = z.object({ month, version: z.number().int(), closedAt: instant, reason: z.enum(['month', 'late', 'demand']), verdict: z.enum(['calm', 'look', 'act', 'blind']), latest: z.boolean() });
const monthParams = z.object({ org: id, month });
const version = z.object({ version: z.coerce.number().int().min(1).optional() });
const reports = {
  list: route({ id: 'reports.list', method: 'GET', path: '/orgs/{org}/reports', summary: "Month's reports", access: { kind: 'org', permission: 'reports.read' }, params: orgParams, query: pageQuery, reply: page(reportHead), tokenScope: 'reports:read' }),
  get: route({ id: 'reports.get', method: 'GET', path: '/orgs/{org}/reports/{month}', summary: 'One month', access: { kind: 'org', permission: 'reports.read' }, params: monthParams, query: version, reply: monthReport, tokenScope: 'reports:read', problems: ['not_closed_yet'] }),
  pdf: route({ id: 'reports.pdf', method: 'GET', path: '/orgs/{org}/reports/{month}/pdf', summary: 'One month as PDF', access: { kind: 'org', permission: 'reports.read' }, params: monthParams, query: version, produces: 'application/pdf', tokenScope: 'reports:read', problems: ['not_closed_yet'] }),
  make: route({ id: 'reports.make', method: 'POST', path: '/orgs/{org}/reports/{month}', summary: 'Make it now: a new version', access: { kind: 'org', permission: 'reports.write' }, params: monthParams, reply: reportHead, status: 201, problems: ['month_in_future'] }),
};
/** The federation's report: all members on one page, then a page each. */
const federationReports = {
  list: route({ id: 'federationReports.list', method: 'GET', path: '/orgs/{org}/federation-reports', summary: "The federation's months", access: { kind: 'org', permission: 'federation.read' }, params: orgParams, query: pageQuery, reply: page(reportHead) }),
  pdf: route({ id: 'federationReports.pdf', method: 'GET', path: '/orgs/{org}/federation-reports/{month}/pdf', summary: 'All members, then a page each', access: { kind: 'org', permission: 'federation.read' }, params: monthParams, query: version, produces: 'application/pdf', problems: ['not_closed_yet'] }),
  make: route({ id: 'federationReports.make', method: 'POST', path: '/orgs/{org}/federation-reports/{month}', summary: 'Make it now', access: { kind: 'org', permission: 'federation.read' }, params: monthParams, reply: reportHead, status: 201 }),
};
/** 一枚で分かる現在地, for the executive. */
const executive = route({
  id: 'executive.get', method: 'GET', path: '/orgs/{org}/executive', summary: 'Where we stand, on one page', access: { kind: 'org', permission: 'reports.read' }, params: orgParams,
  reply: z.object({
    verdict: z.object({ state: z.enum(['calm', 'look', 'act', 'blind']), text: z.string() }),
    decisions: z.array(z.object({ text: z.string(), why: z.string(), due: day.nullable(), finding: id.nullable(), ticket: id.nullable() })).max(3),
    trend: monthReport.shape.trend, thisMonth: z.object({ blocked: z.number().int(), openFindings: z.number().int(), openTickets: z.number().int(), silentSources: z.number().int() }), latestReport: month.nullable(), peers: monthReport.shape.peers,
  }),
});
export const prove = { reports, federationReports, executive };

/** The manager's map of members: pushed snapshots only. */
const memberCell = z.object({ value: z.number().nullable(), state: z.enum(['good', 'look', 'now', 'unknown', 'notShared']) });
const burst = z.object({
  id, kind: z.enum(['address', 'name', 'mail', 'file', 'threat']), indicator: z.string(), ruleId: z.string(), ruleTitle: z.string(), members: z.number().int(), firstAt: instant, thirdAt: instant, raisedAt: instant, lastAt: instant,
  /** Of the last thirty days, at most fifty; `finding` where the member lets the desk see findings. */
  byMember: z.array(z.object({ member: id, name: z.string(), firstAt: instant, lastAt: instant, org: id, finding: id.nullable() })),
});
export const federate = {
  bursts: route({ id: 'bursts.list', method: 'GET', path: '/orgs/{org}/desk/bursts', summary: 'The same indicator at three members or more', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, query: pageQuery, reply: page(burst) }),
  rules: route({
    id: 'rules.advice', method: 'GET', path: '/orgs/{org}/desk/rules', summary: 'Whether each rule is worth its trouble, by how its findings ended in 90 days', access: { kind: 'org', permission: 'desk.work' }, params: orgParams,
    reply: z.object({ items: z.array(z.object({ ruleId: z.string(), title: z.string(), members: z.number().int(), handled: z.number().int(), ticket: z.number().int(), known: z.number().int(), falseAlarm: z.number().int(), advice: z.enum(['keep', 'tune', 'retire', 'unknown']) })) }),
  }),
  overview: route({
    id: 'overview.get', method: 'GET', path: '/orgs/{org}/overview', summary: 'Members at a glance', access: { kind: 'org', permission: 'federation.read' }, params: orgParams,
    query: pageQuery.extend({ q: z.string().max(100).optional(), sort: z.enum(['need', 'name']).default('need') }),
    reply: z.object({
      sums: z.object({ members: z.number().int(), silent: z.number().int(), late: z.number().int(), openNow: z.number().int(), noLead: z.number().int() }),
      items: z.array(z.object({
        member: id, name: z.string(), industry: z.string().nullable(), sizeBand: z.string().nullable(), updatedAt: instant.nullable(),
        flowing: memberCell, openNow: memberCell, openLook: memberCell, overdue: memberCell, tickets: memberCell, leadSeen: memberCell,
        trend: z.array(z.number().int()), lead: z.string().nullable(),
      })), next: z.string().nullable(),
    }),
  }),
  export: route({ id: 'overview.export', method: 'GET', path: '/orgs/{org}/overview.xlsx', summary: 'Members as Excel', access: { kind: 'org', permission: 'federation.read' }, params: orgParams, produces: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }),
};

const mail = z.object({ id, at: instant, to: z.string(), subject: z.string(), text: z.string(), state: z.enum(['waiting', 'sent', 'failed', 'kept']), tries: z.number().int(), error: z.string().nullable() });
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const channel = z.object({ id, name: z.string(), form: z.enum(['json', 'teams', 'slack']), host: z.string(), what: z.enum(['now', 'all']), lang: z.enum(['ja', 'en']), lastOkAt: instant.nullable(), lastError: z.string().nullable() });
export const notify = {
  /** At most two notices in seven days, but for what must be acted on at once. */
  policy: route({ id: 'notices.get', method: 'GET', path: '/orgs/{org}/notices', summary: 'When and where we are told of findings', access: { kind: 'org', permission: 'notify.read' }, params: orgParams, reply: z.object({ quietFrom: time, quietUntil: time, look: z.boolean(), channels: z.array(channel) }) }),
  setPolicy: route({ id: 'notices.set', method: 'PUT', path: '/orgs/{org}/notices', summary: 'Set quiet hours, and whether to be told of what can wait', access: { kind: 'org', permission: 'notify.write' }, params: orgParams, body: z.object({ quietFrom: time, quietUntil: time, look: z.boolean() }), status: 204 }),
  /** Posts of the form json are signed: `Banya-Signature: t=<seconds>,v1=<hex>`, HMAC-SHA-256 over "seconds.body". The secret is given this once. */
  addChannel: route({
    id: 'notices.addChannel', method: 'POST', path: '/orgs/{org}/notices/channels', summary: 'Post notices to a webhook or a chat', access: { kind: 'org', permission: 'notify.write' }, params: orgParams,
    body: z.object({ name: line(60), form: z.enum(['json', 'teams', 'slack']), url: z.url({ protocol: /^https$/ }).max(1000), what: z.enum(['now', 'all']), lang: z.enum(['ja', 'en']) }), reply: channel.extend({ secret: z.string().nullable() }), status: 201, problems: ['too_many_channels'],
  }),
  removeChannel: route({ id: 'notices.removeChannel', method: 'DELETE', path: '/orgs/{org}/notices/channels/{channel}', summary: 'Stop posting there', access: { kind: 'org', permission: 'notify.write' }, params: orgParamsWith('channel'), status: 204 }),
  testChannel: route({ id: 'notices.testChannel', method: 'POST', path: '/orgs/{org}/notices/channels/{channel}/test', summary: 'Post a trial', access: { kind: 'org', permission: 'notify.write' }, params: orgParamsWith('channel'), reply: z.object({ ok: z.boolean(), error: z.string().nullable() }), problems: ['too_many_requests'] }),
  phones: route({ id: 'notices.phones', method: 'GET', path: '/orgs/{org}/phones', summary: 'Whom the desk phones, in this order', access: { kind: 'org', permission: 'people.read' }, params: orgParams, reply: z.object({ items: z.array(z.object({ name: z.string(), phone: z.string(), hours: z.string() })) }) }),
  setPhones: route({ id: 'notices.setPhones', method: 'PUT', path: '/orgs/{org}/phones', summary: 'Set whom the desk phones', access: { kind: 'org', permission: 'notify.write' }, params: orgParams, body: z.object({ items: z.array(z.object({ name: line(80), phone: line(30), hours: z.string().trim().max(100) })).max(10) }), status: 204 }),
  outbox: route({ id: 'outbox.list', method: 'GET', path: '/orgs/{org}/outbox', summary: 'Mails of this organisation; sign-in links are masked', access: { kind: 'org', permission: 'notify.read' }, params: orgParams, query: pageQuery.extend({ state: z.enum(['waiting', 'sent', 'failed', 'kept']).optional() }), reply: page(mail) }),
  again: route({ id: 'outbox.again', method: 'POST', path: '/orgs/{org}/outbox/{mail}/again', summary: 'Send again', access: { kind: 'org', permission: 'notify.write' }, params: z.object({ org: id, mail: id }), status: 204, problems: ['mail_already_sent', 'mail_being_sent', 'mail_address_broken', 'mail_text_gone'] }),
};

const backupTarget = z.object({ kind: z.enum(['folder', 's3']), path: z.string().max(1000).optional(), endpoint: z.url().max(500).optional(), bucket: z.string().max(100).optional(), prefix: z.string().max(300).optional(), region: z.string().max(60).optional(), accessKey: z.string().max(200).optional(), secretKey: z.string().max(400).optional(), passphrase: z.string().min(12).max(400).optional(), keep: z.number().int().min(2).max(1000).default(48) });
/** For the operator of this installation. */
export const operate = {
  mailGet: route({ id: 'operate.mailGet', method: 'GET', path: '/operate/mail', summary: 'Outgoing mail settings, without the password', access: { kind: 'operator' }, reply: z.object({ host: z.string().nullable(), port: z.number().int().nullable(), secure: z.boolean(), user: z.string().nullable(), from: z.string().nullable(), hasPassword: z.boolean() }) }),
  mailPut: route({ id: 'operate.mailPut', method: 'PUT', path: '/operate/mail', summary: 'Set outgoing mail', access: { kind: 'operator' }, body: z.object({ host: line(253), port: z.number().int().min(1).max(65535), secure: z.boolean(), user: z.string().max(200).optional(), password: z.string().max(400).optional(), from: z.email().max(254) }), status: 204 }),
  mailTest: route({ id: 'operate.mailTest', method: 'POST', path: '/operate/mail/test', summary: 'Send a test mail', access: { kind: 'operator' }, body: z.object({ to: z.email().max(254) }), reply: z.object({ ok: z.boolean(), message: z.string() }) }),
  health: route({
    id: 'operate.health', method: 'GET', path: '/operate/health', summary: 'Is everything well?', access: { kind: 'operator' },
    reply: z.object({ checks: z.array(z.object({ key: z.string(), state: z.enum(['ok', 'look', 'bad']), text: z.string(), remedy: z.string().nullable() })), intake: z.object({ linesPerMinute: z.number(), backlogBytes: z.number(), kernelDrops: z.number().int(), unknownLines: z.number().int() }), version: z.string() }),
  }),
  backups: route({ id: 'operate.backups', method: 'GET', path: '/operate/backups', summary: 'Backups', access: { kind: 'operator' }, reply: z.object({ target: backupTarget.omit({ secretKey: true, passphrase: true }).extend({ hasSecret: z.boolean(), hasPassphrase: z.boolean() }).nullable(), items: z.array(z.object({ name: z.string(), at: instant, bytes: z.number(), ok: z.boolean(), error: z.string().nullable() })), lastTrial: z.object({ at: instant, ok: z.boolean(), text: z.string() }).nullable(), running: z.boolean() }) }),
  backupTarget: route({ id: 'operate.backupTarget', method: 'PUT', path: '/operate/backups/target', summary: 'Where hourly backups go', access: { kind: 'operator' }, body: backupTarget, status: 204, problems: ['target_unreachable'] }),
  backupNow: route({ id: 'operate.backupNow', method: 'POST', path: '/operate/backups', summary: 'Back up now', access: { kind: 'operator' }, status: 202, reply: z.object({ started: z.boolean() }) }),
  restoreTrial: route({ id: 'operate.restoreTrial', method: 'POST', path: '/operate/backups/trial', summary: 'Try a restore into a scratch copy', access: { kind: 'operator' }, status: 202, reply: z.object({ started: z.boolean() }) }),
};
