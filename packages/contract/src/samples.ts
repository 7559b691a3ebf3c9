import { z } from 'zod';
import { askedBy, bilingual, day, id, instant, line, orgParams, orgParamsWith, page, pageQuery, text } from './common.ts';
import { route } from './route.ts';

export const mailVerdicts = ['dangerous', 'suspicious', 'insufficient', 'clear'] as const;
/** What the employee did with the mail before asking. */
export const touches = ['nothing', 'link', 'file', 'typed', 'unsure'] as const;
/** How it reached the desk. */
export const sampleChannels = ['upload', 'mail', 'mailbox', 'button'] as const;
/** waiting: not judged yet. failed: could not be analysed, the desk looks. drill: a training mail, recognised and praised. */
export const sampleStates = ['waiting', 'judged', 'failed', 'drill'] as const;
/** What the desk found: unwanted is advertising and the like, harmless a real mail. */
export const sampleDecisions = ['dangerous', 'unwanted', 'harmless'] as const;
export const tlps = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;

/** Where a reason rests in the mail: the quote is found there literally. */
const evidence = z.object({ where: z.enum(['header', 'text', 'html', 'link', 'attachment', 'envelope']), name: z.string().optional(), quote: z.string() });
export const mailReason = z.object({ code: z.string(), severity: z.enum(['high', 'medium', 'low', 'note', 'good']), text: bilingual, evidence: z.array(evidence) });
/** Seen elsewhere, as far as members agreed to share; numbers only. */
const seen = z.object({ members: z.number().int(), reports: z.number().int(), touched: z.number().int(), firstAt: instant.nullable() });

export const sample = z.object({
  id, org: id, orgName: z.string(), at: instant, state: z.enum(sampleStates), channel: z.enum(sampleChannels), reporter: z.object({ id: id.nullable(), name: z.string() }),
  subject: z.string(), from: z.string(), verdict: z.enum(mailVerdicts).nullable(), score: z.number().int().nullable(), decision: z.enum(sampleDecisions).nullable(), decidedAt: instant.nullable(),
  touched: z.enum(touches).nullable(), ticket: id.nullable(), campaign: id.nullable(), firstReason: bilingual.nullable(),
  /** Only for the desk, where several people of the member asked in one question. */
  asked: askedBy.optional(),
});

/** The answer to whoever asked: verdict, why, what to do now. `doNow` fits what he or she did. */
export const sampleAnswer = sample.extend({
  reasons: z.array(mailReason), passage: z.enum(['original', 'attached', 'msg', 'winmail', 'archive', 'inline', 'pasted']).nullable(),
  doNow: z.array(z.string()), callDesk: z.boolean(), seen: seen.nullable(), answeredAt: instant.nullable(), deleteOn: day.nullable(),
});

const mailbox = z.object({ name: z.string(), address: z.string(), domain: z.string().nullable() });
/** Everything the desk looks at on one screen. Links and addresses are defanged: hxxps://example[.]com. */
export const sampleDetail = sampleAnswer.extend({
  facts: z.object({
    from: mailbox.nullable(), replyTo: mailbox.nullable(), returnPath: mailbox.nullable(), to: z.array(z.string()), date: instant.nullable(), messageId: z.string().nullable(),
    route: z.array(z.object({ from: z.string().nullable(), by: z.string().nullable(), ip: z.string().nullable(), at: z.string().nullable() })),
  }).nullable(),
  authentication: z.object({ by: z.enum(['own', 'checked', 'none']), spf: z.string(), dkim: z.string(), dmarc: z.string(), arc: z.string(), provenDomain: z.string().nullable(), fcrdns: z.boolean().nullable() }).nullable(),
  lookalikes: z.array(z.object({ target: z.string(), targetKind: z.enum(['own', 'partner', 'brand']), domain: z.string(), how: z.string() })),
  links: z.array(z.object({ url: z.string(), domain: z.string(), from: z.enum(['text', 'html', 'qr', 'attachment']), text: z.string().nullable(), file: z.string().nullable() })),
  files: z.array(z.object({ name: z.string(), size: z.number().int(), sha256: z.string(), realType: z.string(), flags: z.array(z.string()), entries: z.array(z.string()), words: z.array(z.string()) })),
  note: z.string(), troubles: z.array(z.object({ code: z.string(), where: z.string().nullable() })), engine: z.string().nullable(),
  /** Others like it that this reader may see, newest first, at most 20. */
  alike: z.array(sample), size: z.number().int(), zipPassword: z.string(),
});
/** Text with defanged links; `hasHtml`: the sanitised HTML can be asked for as well. */
const preview = z.object({ text: z.string(), hiddenText: z.string(), headers: z.array(z.object({ name: z.string(), value: z.string() })), hasHtml: z.boolean() });

const uploads = ['message/rfc822', 'application/vnd.ms-outlook', 'application/zip', 'application/octet-stream', 'text/plain'] as const;
export const MAIL_BYTES_MAX = 30 * 1024 * 1024;
const filter = pageQuery.extend({ verdict: z.enum(mailVerdicts).optional(), q: z.string().max(100).optional() });

/** The member's side: {org} is the member. */
const member = {
  /** The mail itself is the body: .eml, .msg, a zip of them, or pasted text. */
  report: route({ id: 'samples.report', method: 'POST', path: '/orgs/{org}/samples', summary: 'Is this mail real?', access: { kind: 'org', permission: 'samples.report' }, params: orgParams, query: z.object({ touched: z.enum(touches).optional(), via: z.enum(['upload', 'button']).default('upload'), /** From a token: the reader's own address. Who it is of is told the answer by mail. */ reader: z.email().max(254).optional() }), consumes: uploads, bodyBytesMax: MAIL_BYTES_MAX, reply: sample, status: 201, tokenScope: 'samples:write', problems: ['too_many_requests', 'mail_empty'] }),
  list: route({ id: 'samples.list', method: 'GET', path: '/orgs/{org}/samples', summary: 'Mails that were asked about', access: { kind: 'org', permission: 'samples.read' }, params: orgParams, query: filter, reply: page(sample) }),
  /** For everybody who may ask; null where mails cannot be forwarded. */
  address: route({ id: 'samples.address', method: 'GET', path: '/orgs/{org}/report-address', summary: 'The address to forward suspicious mails to', access: { kind: 'org', permission: 'samples.report' }, params: orgParams, reply: z.object({ address: z.string().nullable() }) }),
  /** A token sees what it sent itself. */
  get: route({ id: 'samples.get', method: 'GET', path: '/orgs/{org}/samples/{sample}', summary: 'The answer', access: { kind: 'org', permission: 'samples.read' }, params: orgParamsWith('sample'), reply: sampleAnswer, tokenScope: 'samples:write' }),
  /** "I clicked", "I typed my password", "I opened it": the desk is called at once. */
  touched: route({ id: 'samples.touched', method: 'POST', path: '/orgs/{org}/samples/{sample}/touched', summary: 'Say what was done with it', access: { kind: 'org', permission: 'samples.report' }, params: orgParamsWith('sample'), body: z.object({ touched: z.enum(touches) }), reply: sampleAnswer, problems: ['too_many_requests'] }),
  /** The desk looks at it: a ticket with this mail. */
  ask: route({ id: 'samples.ask', method: 'POST', path: '/orgs/{org}/samples/{sample}/ask', summary: 'Have the desk look', access: { kind: 'org', permission: 'samples.report' }, params: orgParamsWith('sample'), body: z.object({ message: text(5000).default('') }), reply: sampleAnswer, problems: ['too_many_requests'] }),
};

/** The desk's side: {org} is the federation. A sample is here when a question holds it, or its member shares samples. */
const queue = {
  list: route({ id: 'deskSamples.list', method: 'GET', path: '/orgs/{org}/desk/samples', summary: 'Mails of all members', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, query: filter.extend({ show: z.enum(['open', 'all']).default('open'), member: id.optional(), campaign: id.optional() }), reply: page(sample) }),
  get: route({ id: 'deskSamples.get', method: 'GET', path: '/orgs/{org}/desk/samples/{sample}', summary: 'Everything about one mail', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('sample'), reply: sampleDetail }),
  preview: route({ id: 'deskSamples.preview', method: 'GET', path: '/orgs/{org}/desk/samples/{sample}/preview', summary: 'Its text, links defanged', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('sample'), reply: preview, problems: ['sample_gone'] }),
  html: route({ id: 'deskSamples.html', method: 'GET', path: '/orgs/{org}/desk/samples/{sample}/html', summary: 'Its HTML without scripts, links and remote pictures, for a sandboxed frame', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('sample'), produces: 'text/html', problems: ['sample_gone'] }),
  original: route({ id: 'deskSamples.original', method: 'GET', path: '/orgs/{org}/desk/samples/{sample}/original', summary: 'The mail itself in a zip with a password', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('sample'), produces: 'application/zip', problems: ['sample_gone'] }),
  /** `alike`: for all open ones of the same campaign that the desk may see. `answer` goes to each reporter. */
  decide: route({ id: 'deskSamples.decide', method: 'POST', path: '/orgs/{org}/desk/samples/{sample}/decision', summary: 'Decide what it is', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('sample'), body: z.object({ decision: z.enum(sampleDecisions), answer: text(5000).default(''), alike: z.boolean().default(false) }), reply: z.object({ decided: z.number().int(), sample: sampleAnswer }) }),
  /** Keeps it beyond the ninety days, for a case. */
  keep: route({ id: 'deskSamples.keep', method: 'POST', path: '/orgs/{org}/desk/samples/{sample}/keep', summary: 'Keep it for a case', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('sample'), body: z.object({ keep: z.boolean() }), reply: sampleAnswer }),
  statistics: route({ id: 'deskSamples.statistics', method: 'GET', path: '/orgs/{org}/desk/samples/statistics', summary: 'How mails were reported', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, query: z.object({ days: z.coerce.number().int().min(7).max(366).default(30) }), reply: z.object({
    days: z.number().int(), reports: z.number().int(), reporters: z.number().int(), people: z.number().int(), dangerous: z.number().int(), suspicious: z.number().int(), clear: z.number().int(), insufficient: z.number().int(), drills: z.number().int(), touched: z.number().int(),
    /** Minutes from the first delivery of a dangerous mail to its first report, and to our answer in seconds. */
    firstReportMinutesMedian: z.number().nullable(), answerSecondsMedian: z.number().nullable(), lures: z.array(z.object({ family: z.string(), count: z.number().int() })),
    members: z.array(z.object({ member: id, name: z.string(), reports: z.number().int(), reporters: z.number().int(), people: z.number().int() })),
  }) }),
};

const campaign = z.object({
  id, firstAt: instant, lastAt: instant, members: z.number().int(), reports: z.number().int(), touched: z.number().int(), verdict: z.enum(mailVerdicts).nullable(), decision: z.enum(sampleDecisions).nullable(),
  /** From a sample the desk may see; null where it may see none. */
  subject: z.string().nullable(), from: z.string().nullable(), bulletin: id.nullable(),
});
/** The same mail at several members: keyed fingerprints and numbers, never bodies. {org} is the federation. */
const campaigns = {
  list: route({ id: 'campaigns.list', method: 'GET', path: '/orgs/{org}/campaigns', summary: 'The same mail at several members', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, query: pageQuery, reply: page(campaign) }),
  get: route({ id: 'campaigns.get', method: 'GET', path: '/orgs/{org}/campaigns/{campaign}', summary: 'Who received it', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('campaign'), reply: campaign.extend({ byMember: z.array(z.object({ member: id, name: z.string(), reports: z.number().int(), touched: z.number().int(), firstAt: instant, lastAt: instant })), samples: z.array(sample) }) }),
};

const bulletinText = z.object({ title: z.object({ ja: line(120), en: z.string().max(120).default('') }), body: z.object({ ja: text(10000), en: text(10000).default('') }), tlp: z.enum(tlps) });
/** As it stands: a draft may be empty still. */
const bulletinWritten = z.object({ title: z.object({ ja: z.string(), en: z.string() }), body: z.object({ ja: z.string(), en: z.string() }), tlp: z.enum(tlps) });
const bulletinHead = z.object({ id, title: z.string(), tlp: z.enum(tlps), state: z.enum(['draft', 'sent']), campaign: id.nullable(), at: instant, by: z.string(), sentTo: z.number().int(), read: z.number().int(), seenAt: z.number().int() });
/** Warnings. The desk's: {org} is the federation. */
const bulletins = {
  list: route({ id: 'bulletins.list', method: 'GET', path: '/orgs/{org}/desk/bulletins', summary: 'Warnings written by the desk', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, query: pageQuery, reply: page(bulletinHead) }),
  /** From a mail, a campaign, or blank: the text is written for the desk to change. */
  draft: route({ id: 'bulletins.draft', method: 'POST', path: '/orgs/{org}/desk/bulletins', summary: 'Draft a warning', access: { kind: 'org', permission: 'desk.work' }, params: orgParams, body: z.object({ sample: id.optional(), campaign: id.optional(), /** What was traced: an address, domain, URL, sender or hash. */ indicator: z.string().max(2048).optional() }), reply: z.object({ id }), status: 201 }),
  get: route({ id: 'bulletins.get', method: 'GET', path: '/orgs/{org}/desk/bulletins/{bulletin}', summary: 'A warning and who has read it', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('bulletin'), reply: bulletinHead.extend({ text: bulletinWritten, indicators: z.array(z.object({ kind: z.string(), value: z.string() })), receipts: z.array(z.object({ member: id, name: z.string(), mailedTo: z.number().int(), readAt: instant.nullable(), readBy: z.string().nullable(), /** null: not shared or not looked yet. */ seen: z.boolean().nullable() })) }) }),
  save: route({ id: 'bulletins.save', method: 'PUT', path: '/orgs/{org}/desk/bulletins/{bulletin}', summary: 'Change a draft', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('bulletin'), body: bulletinText, status: 204, problems: ['bulletin_sent'] }),
  send: route({ id: 'bulletins.send', method: 'POST', path: '/orgs/{org}/desk/bulletins/{bulletin}/send', summary: 'Send to members', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('bulletin'), body: z.object({ members: z.union([z.literal('all'), z.array(id).min(1).max(2000)]) }), reply: z.object({ members: z.number().int() }), problems: ['bulletin_sent', 'bulletin_empty', 'bulletin_names'] }),
  remove: route({ id: 'bulletins.remove', method: 'DELETE', path: '/orgs/{org}/desk/bulletins/{bulletin}', summary: 'Throw a draft away', access: { kind: 'org', permission: 'desk.work' }, params: orgParamsWith('bulletin'), status: 204, problems: ['bulletin_sent'] }),
};
const warningHead = z.object({ id, title: z.string(), tlp: z.enum(tlps), at: instant, read: z.boolean(), seen: z.boolean().nullable() });
/** Warnings as a member gets them. */
const warnings = {
  list: route({ id: 'warnings.list', method: 'GET', path: '/orgs/{org}/warnings', summary: 'Warnings from the desk', access: { kind: 'org', permission: 'warnings.read' }, params: orgParams, query: pageQuery, reply: page(warningHead) }),
  /** Reading it is the receipt. `here`: what this organisation's own mails and logs say. */
  get: route({ id: 'warnings.get', method: 'GET', path: '/orgs/{org}/warnings/{warning}', summary: 'A warning', access: { kind: 'org', permission: 'warnings.read' }, params: orgParamsWith('warning'), reply: warningHead.extend({ body: z.string(), here: z.object({ lookedAt: instant.nullable(), mails: z.number().int(), lines: z.number().int(), firstAt: instant.nullable() }) }) }),
};

/** What the check knows of an organisation: its officers, partners, own mail server. */
export const mailProfile = z.object({
  officers: z.array(z.object({ name: line(80), also: z.array(line(80)).max(10).default([]), title: line(60).optional(), addresses: z.array(z.email().max(254)).max(5).default([]) })).max(50),
  partners: z.array(z.object({ domain: z.string().trim().toLowerCase().max(253).regex(/^[a-z0-9.-]+\.[a-z0-9-]+$/), name: line(120).optional() })).max(500),
  /** The name the organisation's mail server writes into Authentication-Results. */
  authservIds: z.array(z.string().trim().toLowerCase().max(253).regex(/^[a-z0-9._-]+$/)).max(10),
  keepDays: z.number().int().min(7).max(400).default(90),
});
const mailboxSettings = z.object({ kind: z.enum(['none', 'imap', 'microsoft365']), host: z.string().max(253).nullable(), port: z.number().int().min(1).max(65535).nullable(), user: z.string().max(254).nullable(), folder: z.string().max(200).nullable(), tenant: z.string().max(100).nullable(), clientId: z.string().max(100).nullable() });
const settings = {
  get: route({ id: 'mailCheck.get', method: 'GET', path: '/orgs/{org}/mail-check', summary: 'What the check knows of us, and the address to forward to', access: { kind: 'org', permission: 'mailCheck.read' }, params: orgParams, reply: mailProfile.extend({ address: z.string().nullable(), ownDomains: z.array(z.string()), mailbox: mailboxSettings.extend({ hasSecret: z.boolean(), lastAt: instant.nullable(), error: z.string().nullable() }) }) }),
  save: route({ id: 'mailCheck.save', method: 'PUT', path: '/orgs/{org}/mail-check', summary: 'Tell the check who we are', access: { kind: 'org', permission: 'mailCheck.write' }, params: orgParams, body: mailProfile, status: 204 }),
  /** A new address; the old one is taken for thirty more days. */
  newAddress: route({ id: 'mailCheck.newAddress', method: 'POST', path: '/orgs/{org}/mail-check/address', summary: 'A new address to forward to', access: { kind: 'org', permission: 'mailCheck.write' }, params: orgParams, reply: z.object({ address: z.string().nullable() }) }),
  mailbox: route({ id: 'mailCheck.mailbox', method: 'PUT', path: '/orgs/{org}/mail-check/mailbox', summary: 'Read a mailbox instead', access: { kind: 'org', permission: 'mailCheck.write' }, params: orgParams, body: mailboxSettings.extend({ secret: z.string().max(400).optional() }), status: 204, problems: ['mailbox_refused'] }),
  mailboxTest: route({ id: 'mailCheck.mailboxTest', method: 'POST', path: '/orgs/{org}/mail-check/mailbox/test', summary: 'Try the mailbox', access: { kind: 'org', permission: 'mailCheck.write' }, params: orgParams, reply: z.object({ ok: z.boolean(), message: z.string() }) }),
};
/** The engine alone: nothing is kept. */
const check = route({ id: 'mail.check', method: 'POST', path: '/mail/check', summary: 'Judge a mail without keeping it', access: { kind: 'signedIn' }, consumes: uploads, bodyBytesMax: MAIL_BYTES_MAX, reply: z.object({ verdict: z.enum(mailVerdicts), score: z.number(), reasons: z.array(mailReason), ms: z.number() }), tokenScope: 'samples:write', problems: ['too_many_requests', 'mail_empty'] });

export const samples = { member, queue, campaigns, bulletins, warnings, settings, check };
