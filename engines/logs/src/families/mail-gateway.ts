/** Mail gateways: Postfix (syslog output of smtpd, postscreen, smtp, qmgr, cleanup), amavis verdicts and the default log_format of rspamd. */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext, type Unmapped } from '../event.ts';
import { setAction, setIp, setText, wholeNumber, type Family } from './family.ts';

const MAX_TEXT = 4096;
const REJECT = /^(?:([0-9A-Za-z]{6,20}|NOQUEUE): )?(reject|milter-reject|discard|hold|warn|filter|reject_warning): ([A-Z-]+) from ([^[\s]{0,255})\[([^\]]{1,64})\](?::\d{1,5})?: ?(.*)$/;
const CLIENT = /(?:from|client=) ?([^[\s,]{1,255})\[([0-9a-fA-F.:]{2,45}|unknown)\]/;
const SASL_FAILED = /^warning: ([^[\s]{1,255})\[([0-9a-fA-F.:]{2,45})\]: SASL (\S{1,20}) authentication failed/;
const QUEUE = /^([0-9A-Za-z]{6,20}): (.*)$/;
const VERDICT = /^\([\w-]{1,30}\) (Blocked|Passed) ([A-Z-]+)(?:\/[A-Z-]+)?(?: \(([^)]{1,200})\))?/;
const RSPAMD = /^id: <([^>\s]{0,500})>,(?: qid: <([^>\s]{0,40})>,)?(?: ip: ([0-9a-fA-F.:]{2,45}),)?(?: user: ([^,\s]{1,255}),)?(?: from: <([^>\s]{0,320})>,)? \(default: [A-Z] \(([a-z ]{1,30})\): \[(-?[\d.]{1,12})\//;
const RSPAMD_MARK = 'rspamd_task_write_log: ';
const RELAY = /relay=([^[\s,]{1,255})(?:\[([0-9a-fA-F.:]{2,45})\](?::(\d{1,5}))?)?/;

export const mailGateway: Family = {
  id: 'mail-gateway',
  name: { ja: 'メールゲートウェイ（Postfix など）', en: 'Mail gateway (Postfix and others)' },

  match(sample) {
    if (/NOQUEUE: reject: |status=(?:sent|deferred|bounced) \(|: SASL \S+ authentication failed/.test(sample.slice(0, MAX_TEXT))) return 1;
    return VERDICT.test(sample) || sample.slice(0, 300).includes(RSPAMD_MARK) ? 1 : 0;
  },

  parse(line, ctx) {
    const app = ctx.header.app;
    const text = line.slice(ctx.start, ctx.start + MAX_TEXT);
    const postfix = app.startsWith('postfix');
    const amavis = app.startsWith('amavis');
    const rspamd = app === 'rspamd' || text.slice(0, 300).includes(RSPAMD_MARK);
    if (!postfix && !amavis && !rspamd && this.match(text) === 0) return null;
    const event = newEvent();
    const unmapped = newBag();
    event['event.kind'] = 'event';
    event['event.category'] = 'email';
    event['event.type'] = 'info';
    event['event.dataset'] = rspamd ? 'mail-gateway.rspamd' : amavis ? 'mail-gateway.amavis' : 'mail-gateway.postfix';
    event['observer.product'] = rspamd ? 'rspamd' : amavis ? 'amavis' : 'Postfix';
    event['observer.type'] = 'mail-gateway';
    event['network.protocol'] = 'smtp';
    setText(event, 'event.provider', app);
    event.message = line.slice(ctx.start);
    setAction(event, 'info');
    if (rspamd) readRspamd(text, event, ctx);
    else if (!(readVerdict(text, event, ctx) || readReject(text, event, ctx) || readSasl(text, event, ctx))) readQueue(text, event, unmapped, ctx);
    return parsed('mail-gateway', event, unmapped);
  },
};

function readReject(text: string, event: EcsEvent, ctx: ParseContext): boolean {
  const m = REJECT.exec(text);
  if (!m) return false;
  const [, queue, verdict = '', , host = '', address, rest = ''] = m;
  setClient(event, host, address, ctx);
  if (queue !== undefined && queue !== 'NOQUEUE') event['email.local_id'] = queue;
  const semicolon = outsideQuotes(rest, '; from=<');
  const end = semicolon < 0 ? rest.indexOf('; ') : semicolon;
  event['event.reason'] = (end < 0 ? rest : rest.slice(0, end)).slice(0, 500);
  setText(event, 'error.code', /^\d{3}/.exec(rest)?.[0]);
  if (semicolon >= 0) setAddresses(rest, semicolon + 2, event);
  else setAddresses(rest, outsideQuotes(rest, 'to=<'), event);
  const passed = verdict === 'warn' || verdict === 'filter' || verdict === 'reject_warning';
  event['event.type'] = passed ? 'allowed' : 'denied';
  setAction(event, passed ? 'detected' : verdict === 'hold' ? 'quarantined' : 'mail_rejected', verdict);
  return true;
}

function readSasl(text: string, event: EcsEvent, ctx: ParseContext): boolean {
  const m = SASL_FAILED.exec(text);
  if (!m) return false;
  setClient(event, m[1] ?? '', m[2], ctx);
  event['event.category'] = 'authentication';
  setText(event, 'user.name', /sasl_username=([^\s,]{1,255})/.exec(text)?.[1]);
  setAction(event, 'login_failed', `SASL ${m[3] ?? ''}`);
  return true;
}

function readVerdict(text: string, event: EcsEvent, ctx: ParseContext): boolean {
  const m = VERDICT.exec(text);
  if (!m) return false;
  const [head = '', verdict = '', kind = '', name] = m;
  const rest = text.slice(head.length);
  const blocked = verdict === 'Blocked';
  const bad = kind !== 'CLEAN';
  const infected = kind === 'INFECTED';
  if (infected) event['event.category'] = 'malware';
  if (bad) event['event.kind'] = 'alert';
  event['event.type'] = blocked ? 'denied' : 'allowed';
  setText(event, 'rule.name', name);
  event['rule.category'] = kind.toLowerCase();
  setIp(event, 'source.ip', /\[([0-9a-fA-F.:]{2,45})\]/.exec(rest)?.[1], ctx);
  const route = /<([^>\s]{0,320})> -> <([^>\s]{0,320})>/.exec(rest);
  setText(event, 'email.from.address', route?.[1]);
  setText(event, 'email.to.address', route?.[2]);
  setText(event, 'email.local_id', /Queue-ID: ([0-9A-Za-z]{4,20})/.exec(rest)?.[1]);
  setText(event, 'email.message_id', /Message-ID: <([^>\s]{1,500})>/.exec(rest)?.[1]);
  const quarantined = blocked && / quarantine: /.test(rest);
  setAction(event, quarantined ? 'quarantined' : blocked ? 'blocked' : bad ? 'detected' : 'allowed', `${verdict} ${kind}`);
  return true;
}

/** What rspamd decided, by its action words (rspamd documentation, "Actions"). */
function readRspamd(text: string, event: EcsEvent, ctx: ParseContext): void {
  const mark = text.indexOf(RSPAMD_MARK);
  const m = mark < 0 ? null : RSPAMD.exec(text.slice(mark + RSPAMD_MARK.length));
  if (!m) return;
  const [, id, queue, address, user, from, verdict = '', score = ''] = m;
  setText(event, 'email.message_id', id);
  setText(event, 'email.local_id', queue);
  setIp(event, 'source.ip', address, ctx);
  setText(event, 'user.name', user);
  setText(event, 'email.from.address', from);
  setText(event, 'email.to.address', /, rcpts: <([^>,\s]{1,320})/.exec(text)?.[1]);
  const points = Number(score);
  if (points >= 0) event['event.risk_score'] = points;
  const refused = verdict === 'reject' || verdict === 'discard';
  event['event.type'] = refused ? 'denied' : 'allowed';
  if (refused) event['event.kind'] = 'alert';
  const action: Action = refused ? 'mail_rejected' : verdict === 'quarantine' ? 'quarantined' : verdict === 'soft reject' || verdict === 'greylist' ? 'mail_deferred' : verdict === 'no action' ? 'allowed' : 'detected';
  setAction(event, action, verdict);
}

const STATUS: ReadonlyMap<string, Action> = new Map([
  ['sent', 'mail_sent'], ['deferred', 'mail_deferred'], ['bounced', 'mail_bounced'], ['expired', 'mail_bounced'], ['undeliverable', 'mail_bounced'],
] as [string, Action][]);

function readQueue(text: string, event: EcsEvent, unmapped: Unmapped, ctx: ParseContext): void {
  const queued = QUEUE.exec(text);
  const body = queued ? (queued[2] ?? '') : text;
  if (queued) event['email.local_id'] = queued[1] ?? '';
  // Behind the status stand words of the other server, which are no fields of ours.
  const at = outsideQuotes(body, ' status=');
  const own = at < 0 ? body : body.slice(0, at);
  const uid = /^uid=\d{1,10} /.exec(body)?.[0].length ?? 0;
  if (body.startsWith('from=<', uid) || body.startsWith('to=<')) setAddresses(body, uid, event);
  else setAddresses(body, outsideQuotes(own, '; from=<') + 2, event);
  const status = at < 0 ? null : /^ status=(\w{1,20})(?: \((.{0,500}))?/.exec(body.slice(at));
  const action = status ? STATUS.get(status[1] ?? '') : undefined;
  if (status && action !== undefined) {
    setAction(event, action, status[1]);
    setText(event, 'event.reason', status[2]?.replace(/\)$/, ''));
    const relay = RELAY.exec(own);
    if (relay && relay[1] !== 'none') {
      event['destination.domain'] = relay[1] ?? '';
      setIp(event, 'destination.ip', relay[2], ctx);
      const port = wholeNumber(relay[3], 65_535);
      if (port !== undefined) event['destination.port'] = port;
    }
    setText(event, 'error.code', action === 'mail_sent' ? undefined : /dsn=([\d.]{3,12})/.exec(own)?.[1]);
  }
  const client = CLIENT.exec(own);
  if (client) setClient(event, client[1] ?? '', client[2], ctx);
  setText(event, 'email.message_id', /message-id=<([^>\s]{1,500})>/.exec(own)?.[1]);
  const login = /sasl_username=([^\s,]{1,255})/.exec(own)?.[1];
  if (login !== undefined) {
    event['user.name'] = login;
    event['event.category'] = 'authentication';
    setAction(event, 'login_succeeded', 'sasl');
  }
  const size = /\bsize=(\d{1,15})/.exec(own)?.[1];
  if (size !== undefined) unmapped['size'] = size;
}

function setClient(event: EcsEvent, host: string, address: string | undefined, ctx: ParseContext): void {
  if (host !== 'unknown' && host !== '') event['source.domain'] = host;
  if (address !== 'unknown') setIp(event, 'source.ip', address, ctx);
}

/** An address between angle brackets; what stands before the @ may be quoted and then hold spaces and brackets (RFC 5321, section 4.1.2). */
const ADDRESS = /(from|to)=<((?:"(?:[^"\\]|\\.){0,256}"[^>\s]{0,256}|[^>\s"][^>\s]{0,319})?)>,? ?/y;

/** `from=<A>`, `to=<B>` or both, from `at` on. */
function setAddresses(text: string, at: number, event: EcsEvent): void {
  ADDRESS.lastIndex = Math.max(0, at);
  for (let i = 0; i < 2; i++) {
    const m = ADDRESS.exec(text);
    if (!m) return;
    setText(event, m[1] === 'from' ? 'email.from.address' : 'email.to.address', m[2]);
  }
}

/** Where `word` stands outside of quotes, which in mail addresses may hold anything; where quotes do not close, its first place; -1 when absent. */
function outsideQuotes(text: string, word: string): number {
  const first = text.indexOf(word);
  if (first < 0 || text.lastIndexOf('"', first) < 0) return first;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted && c === 92) i++;
    else if (c === 34) quoted = !quoted;
    else if (!quoted && text.startsWith(word, i)) return i;
  }
  return first;
}
