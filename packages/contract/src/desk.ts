import { z } from 'zod';
import { askedBy, bilingual, day, id, instant, lang, line, orgParams, orgParamsWith, page, pageQuery, text } from './common.ts';
import { ticketConsent } from './orgs.ts';
import { consentKinds } from './permissions.ts';
import { route } from './route.ts';

/** Something said: several lines, but not nothing. */
const said = (max: number) => text(max).trim().min(1);

export const ticketStates = ['new', 'working', 'waiting', 'solved'] as const;
export const channels = ['web', 'finding', 'phone', 'mail'] as const;
export const urgencies = ['now', 'today', 'normal'] as const;
/** SLA clock on the Japanese business calendar; paused while waiting for the member. */
const sla = z.object({ firstReplyDue: instant.nullable(), solveDue: instant.nullable(), state: z.enum(['ok', 'soon', 'late', 'paused', 'met']) });

export const ticket = z.object({
  id, number: z.number().int(), org: id, orgName: z.string(), subject: z.string(), state: z.enum(ticketStates), urgency: z.enum(urgencies), channel: z.enum(channels),
  requester: z.object({ id: id.nullable(), name: z.string() }), assignee: z.object({ id, name: z.string() }).nullable(), finding: id.nullable(),
  createdAt: instant, updatedAt: instant, sla, unread: z.boolean(), satisfaction: z.enum(['good', 'bad']).nullable(),
  /** Where several people asked about like mails; not for those who see their own questions alone. */
  asked: askedBy.optional(),
  /** Only for the desk: what has come together at the computer or name it is about. */
  risk: z.object({ score: z.number(), level: z.enum(['high', 'raised', 'low']) }).optional(),
});
const message = z.object({ id, at: instant, who: z.string(), side: z.enum(['member', 'desk']), text: z.string(), article: z.object({ id, title: z.string() }).nullable() });
export const ticketDetail = ticket.extend({
  messages: z.array(message),
  /** Only for the desk: internal notes, never shown to the member. */
  notes: z.array(z.object({ id, at: instant, who: z.string(), text: z.string() })).optional(),
  history: z.array(z.object({ at: instant, who: z.string(), what: z.string() })),
  /** May the desk look for this question? `missing`: what it would have to ask for. Not for those who see their own questions alone. */
  look: z.object({ missing: z.array(z.enum(consentKinds)), last: ticketConsent.nullable() }).optional(),
  mergedInto: id.nullable(), callback: z.string().nullable(),
  /** The suspicious mail it is about; of several the reader's own. */
  sample: id.nullable(),
  /** Others asked the same: what they wrote and who they are is not here, and only the desk settles it. */
  shared: z.boolean().optional(),
  /** Only for the desk: what it may belong to, found when it came by mail. A solved one takes nothing in. */
  related: z.array(z.object({ id, number: z.number().int(), subject: z.string(), state: z.enum(ticketStates) })).optional(),
});

/** The member's side: own tickets. */
const member = {
  list: route({ id: 'tickets.list', method: 'GET', path: '/orgs/{org}/tickets', summary: 'Our questions to the desk', access: { kind: 'org', permission: 'tickets.read' }, params: orgParams, query: pageQuery.extend({ state: z.enum(ticketStates).optional(), q: z.string().max(100).optional() }), reply: page(ticket) }),
  ask: route({ id: 'tickets.ask', method: 'POST', path: '/orgs/{org}/tickets', summary: 'Ask the desk', access: { kind: 'org', permission: 'tickets.ask' }, params: orgParams, body: z.object({ subject: line(120), message: said(10000), urgency: z.enum(urgencies).default('normal'), callback: line(30).optional() }), reply: ticket, status: 201, tokenScope: 'tickets:write', problems: ['too_many_requests'] }),
  get: route({ id: 'tickets.get', method: 'GET', path: '/orgs/{org}/tickets/{ticket}', summary: 'A conversation', access: { kind: 'org', permission: 'tickets.read' }, params: orgParamsWith('ticket'), reply: ticketDetail }),
  reply: route({ id: 'tickets.reply', method: 'POST', path: '/orgs/{org}/tickets/{ticket}/messages', summary: 'Write in the conversation', access: { kind: 'org', permission: 'tickets.write' }, params: orgParamsWith('ticket'), body: z.object({ text: said(10000), article: id.optional() }), reply: message, status: 201, problems: ['too_many_requests'] }),
  solved: route({ id: 'tickets.solved', method: 'POST', path: '/orgs/{org}/tickets/{ticket}/solved', summary: 'It is settled', access: { kind: 'org', permission: 'tickets.write' }, params: orgParamsWith('ticket'), status: 204, problems: ['question_shared'] }),
  reopen: route({ id: 'tickets.reopen', method: 'POST', path: '/orgs/{org}/tickets/{ticket}/reopen', summary: 'Not settled after all', access: { kind: 'org', permission: 'tickets.write' }, params: orgParamsWith('ticket'), status: 204 }),
  rate: route({ id: 'tickets.rate', method: 'POST', path: '/orgs/{org}/tickets/{ticket}/rating', summary: 'One tap: did it help?', access: { kind: 'org', permission: 'tickets.write' }, params: orgParamsWith('ticket'), body: z.object({ rating: z.enum(['good', 'bad']) }), status: 204, problems: ['not_solved_yet', 'desk_cannot_rate', 'question_shared'] }),
};

/** The desk's side: one queue over all members. `{org}` is the federation. */
const queue = {
  list: route({
    id: 'queue.list', method: 'GET', path: '/orgs/{org}/queue', summary: 'The queue over all members', access: { kind: 'org', permission: 'desk.work' }, params: orgParams,
    query: pageQuery.extend({ state: z.enum([...ticketStates, 'open']).default('open'), member: id.optional(), assignee: z.union([id, z.literal('me'), z.literal('none')]).optional(), urgency: z.enum(urgencies).optional(), late: z.stringbool().optional(), q: z.string().max(100).optional() }),
    reply: page(ticket),
  }),
  counts: route({ id: 'queue.counts', method: 'GET', path: '/orgs/{org}/queue/counts', summary: 'How many wait', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, reply: z.object({ new: z.number().int(), mine: z.number().int(), late: z.number().int(), soon: z.number().int(), waiting: z.number().int() }) }),
  get: route({ id: 'queue.get', method: 'GET', path: '/orgs/{org}/queue/{ticket}', summary: 'A ticket with the desk’s notes', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('ticket'), reply: ticketDetail }),
  phone: route({ id: 'queue.phone', method: 'POST', path: '/orgs/{org}/queue/phone', summary: 'Phone call: the 30-second form', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, body: z.object({ member: id, person: id.optional(), callerName: line(80).optional(), callback: line(30).optional(), subject: line(120), message: text(5000).default(''), urgency: z.enum(urgencies).default('normal'), solved: z.boolean().default(false) }), reply: ticket, status: 201 }),
  update: route({ id: 'queue.update', method: 'PATCH', path: '/orgs/{org}/queue/{ticket}', summary: 'Assign, set state or urgency', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('ticket'), body: z.object({ assignee: z.union([id, z.literal('me')]).nullable().optional(), state: z.enum(ticketStates).optional(), urgency: z.enum(urgencies).optional(), subject: line(120).optional() }), reply: ticket, problems: ['ticket_merged', 'not_on_desk'] }),
  reply: route({ id: 'queue.reply', method: 'POST', path: '/orgs/{org}/queue/{ticket}/messages', summary: 'Answer the member', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('ticket'), body: z.object({ text: said(10000), article: id.optional(), then: z.enum(['waiting', 'solved', 'working']).default('waiting') }), reply: message, status: 201 }),
  note: route({ id: 'queue.note', method: 'POST', path: '/orgs/{org}/queue/{ticket}/notes', summary: 'Internal note', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('ticket'), body: z.object({ text: said(10000) }), status: 204 }),
  merge: route({ id: 'queue.merge', method: 'POST', path: '/orgs/{org}/queue/{ticket}/merge', summary: 'Merge into another ticket of the same member', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('ticket'), body: z.object({ into: id }), status: 204, problems: ['other_member', 'merge_not_possible'] }),
  unmerge: route({ id: 'queue.unmerge', method: 'POST', path: '/orgs/{org}/queue/{ticket}/unmerge', summary: 'Undo a merge', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('ticket'), status: 204, problems: ['not_merged'] }),
  export: route({ id: 'queue.export', method: 'GET', path: '/orgs/{org}/queue.xlsx', summary: 'Queue as Excel', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, produces: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }),
  statistics: route({ id: 'queue.statistics', method: 'GET', path: '/orgs/{org}/queue/statistics', summary: 'How the desk did this month', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, reply: z.object({ month: z.string(), asked: z.number().int(), solved: z.number().int(), firstReplyMinutesMedian: z.number().nullable(), late: z.number().int(), good: z.number().int(), bad: z.number().int() }) }),
  /** Whom the desk may look up while somebody is on the phone. People are named once at most two members match: each such look stands in the member's ledger. */
  members: route({ id: 'queue.members', method: 'GET', path: '/orgs/{org}/queue/members', summary: 'Members and their people, for the phone form', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, query: z.object({ q: z.string().max(100).default('') }), reply: z.object({ items: z.array(z.object({ org: id, name: z.string(), phone: z.string().nullable(), people: z.array(z.object({ id, name: z.string(), phone: z.string().nullable() })) })) }) }),
};

/** What a member does not share for good it may let the desk see for one question: the desk asks, whoever may change consents answers. */
const looks = {
  ask: route({ id: 'looks.ask', method: 'POST', path: '/orgs/{org}/queue/{ticket}/look', summary: 'May we look into your logs for this question?', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('ticket'), status: 204, problems: ['look_not_needed', 'look_asked', 'ticket_settled'] }),
  /** Yes holds until the question is settled, at most thirty days. */
  answer: route({ id: 'looks.answer', method: 'POST', path: '/orgs/{org}/tickets/{ticket}/look', summary: 'Let the desk look for this question, or not this time', access: { kind: 'org', permission: 'consent.write' }, params: orgParamsWith('ticket'), body: z.object({ allow: z.boolean() }), status: 204, problems: ['look_not_asked'] }),
  withdraw: route({ id: 'looks.withdraw', method: 'DELETE', path: '/orgs/{org}/tickets/{ticket}/look', summary: 'Let the desk look no longer', access: { kind: 'org', permission: 'consent.write' }, params: orgParamsWith('ticket'), status: 204, problems: ['look_not_asked'] }),
};

const template = z.object({ id, name: z.string(), text: z.string(), lang });
const templates = {
  list: route({ id: 'templates.list', method: 'GET', path: '/orgs/{org}/templates', summary: 'Answer templates', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, reply: z.object({ items: z.array(template) }) }),
  save: route({ id: 'templates.save', method: 'PUT', path: '/orgs/{org}/templates/{template}', summary: 'Write a template', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('template'), body: z.object({ name: line(80), text: said(10000), lang }), reply: template, problems: ['too_many_templates'] }),
  remove: route({ id: 'templates.remove', method: 'DELETE', path: '/orgs/{org}/templates/{template}', summary: 'Remove a template', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('template'), status: 204 }),
};

/** `helped`: how many people said so; only for the desk. */
const article = z.object({ id, title: z.string(), summary: z.string(), published: z.boolean(), updatedAt: instant, by: z.string(), helped: z.number().int().nullable() });
const articleText = <const T extends z.ZodType<string>>(one: T) => z.object({ ja: one, en: one.optional() });
const articleBody = z.object({ title: articleText(line(120)), summary: articleText(said(500)), body: articleText(said(30000)), published: z.boolean() });
/** Knowledge articles: written by the desk, read by every member. For members `{org}` is their own organisation. */
const knowledge = {
  list: route({ id: 'articles.list', method: 'GET', path: '/orgs/{org}/articles', summary: 'Knowledge articles', access: { kind: 'org', permission: 'knowledge.read' }, params: orgParams, query: pageQuery.extend({ q: z.string().max(100).optional() }), reply: page(article) }),
  get: route({ id: 'articles.get', method: 'GET', path: '/orgs/{org}/articles/{article}', summary: 'One article', access: { kind: 'org', permission: 'knowledge.read' }, params: orgParamsWith('article'), reply: article.extend({ body: z.string() }) }),
  edit: route({ id: 'articles.edit', method: 'GET', path: '/orgs/{org}/articles/{article}/edit', summary: 'An article with both languages, to change it', access: { kind: 'org', permission: 'knowledge.write' }, params: orgParamsWith('article'), reply: z.object({ id, title: bilingual.partial({ en: true }), summary: bilingual.partial({ en: true }), body: bilingual.partial({ en: true }), published: z.boolean() }) }),
  create: route({ id: 'articles.create', method: 'POST', path: '/orgs/{org}/articles', summary: 'New article', access: { kind: 'org', permission: 'knowledge.write' }, params: orgParams, body: articleBody, reply: article, status: 201 }),
  update: route({ id: 'articles.update', method: 'PUT', path: '/orgs/{org}/articles/{article}', summary: 'Change an article', access: { kind: 'org', permission: 'knowledge.write' }, params: orgParamsWith('article'), body: articleBody, reply: article }),
  helped: route({ id: 'articles.helped', method: 'POST', path: '/orgs/{org}/articles/{article}/helped', summary: 'It helped', access: { kind: 'org', permission: 'knowledge.read' }, params: orgParamsWith('article'), status: 204 }),
};

const target = z.object({ firstReply: z.number().int().min(5).max(43_200), solve: z.number().int().min(5).max(129_600) });
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);
/** Minutes of open time by urgency, opening hours by weekday (Sunday first; 'now' counts day and night), further closed days. */
const serviceTimes = z.object({
  minutes: z.object({ now: target, today: target, normal: target }),
  hours: z.array(z.array(z.tuple([time, time])).max(4)).length(7),
  closedDays: z.array(day).max(400),
});
/** Besides the settings: the national holidays of the next twelve months, and by when a question asked now would be answered. */
const dueAt = z.object({ firstReply: instant, solve: instant });
const shownTimes = serviceTimes.extend({ holidays: z.array(z.object({ day, name: bilingual })), next: z.object({ now: dueAt, today: dueAt, normal: dueAt }) });
const settings = {
  get: route({ id: 'desk.timesGet', method: 'GET', path: '/orgs/{org}/desk/times', summary: 'How soon the desk answers, and when it is open', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, reply: shownTimes }),
  /** For tickets from now on, and for older ones from their next change on. */
  save: route({ id: 'desk.timesPut', method: 'PUT', path: '/orgs/{org}/desk/times', summary: 'Set how soon the desk answers', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, body: serviceTimes, reply: shownTimes }),
};

export const desk = { member, queue, looks, templates, knowledge, settings };
