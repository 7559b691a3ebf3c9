/** nginx and Apache httpd: access lines (common, combined, with virtual host) and error lines (nginx: "Logging to syslog"; Apache: mod_log_config, ErrorLogFormat). */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext, type ParsedEvent } from '../event.ts';
import { normaliseIp } from '../net.ts';
import { timeOf } from '../syslog/timestamp.ts';
import { leave, setAccount, setAction, setText, severityOf, wholeNumber, type Family } from './family.ts';
import { accessStamp, readCombined } from './web-access.ts';

const APACHE_ERROR = /^\[(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2} [ \d]?\d \d{2}:\d{2}:\d{2})(?:\.\d{1,6})? (\d{4})\] \[(?:([\w-]{0,32}):)?([a-z0-9]{2,10})\] /;
const NGINX_ERROR = /^(?:(\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2}) )?\[(emerg|alert|crit|error|warn|notice|info|debug)\] (\d{1,10})#(\d{1,10}): /;
const MAX_TEXT = 4096;

export const webServer: Family = {
  id: 'web-server',
  name: { ja: 'Web サーバ（nginx・Apache）', en: 'Web server (nginx, Apache)' },

  match(sample) {
    if (APACHE_ERROR.test(sample) || NGINX_ERROR.test(sample)) return 1;
    return accessStamp(sample, 0) > 0 && /\] "(?:[^"\\]|\\.){0,2048}" (?:\d{3}|-) (?:\d{1,15}|-)/.test(sample.slice(0, MAX_TEXT)) ? 0.9 : 0;
  },

  parse(line, ctx) {
    const { start } = ctx;
    const c = line.charCodeAt(start);
    if (c === 91 || (c >= 48 && c <= 57 && line.charCodeAt(start + 4) === 47)) {
      const text = line.slice(start, start + MAX_TEXT);
      const apache = c === 91 ? APACHE_ERROR.exec(text) : null;
      if (apache) return apacheError(line, apache, ctx);
      const nginx = NGINX_ERROR.exec(text);
      if (nginx) return nginxError(line, nginx, ctx);
      if (c === 91) return null;
    }
    const stamp = accessStamp(line, start);
    return stamp < 0 ? null : access(line, ctx);
  },
};

function access(line: string, ctx: ParseContext): ParsedEvent | null {
  const event = newEvent();
  const unmapped = newBag();
  event['event.kind'] = 'event';
  event['event.category'] = 'web';
  event['event.type'] = 'access';
  event['event.dataset'] = 'web-server.access';
  event['observer.type'] = 'webserver';
  event['network.protocol'] = 'http';
  if (ctx.header.app === 'nginx') event['observer.product'] = 'nginx';
  else if (/^(?:httpd|apache2?)$/.test(ctx.header.app)) event['observer.product'] = 'Apache';
  let to = line.length;
  while (to > ctx.start && line.charCodeAt(to - 1) <= 32) to--;
  if (!readCombined(line, ctx.start, to, event, unmapped, ctx)) return null;
  const status = event['http.response.status_code'] ?? 0;
  // 401 asks for a password, 403 refuses; 444 is nginx's word for closing without an answer.
  const stopped = status === 403 || status === 444 || status === 429;
  event['event.type'] = stopped ? 'denied' : 'access';
  setAction(event, stopped ? 'blocked' : 'allowed', String(status || ''));
  if (status === 401) event['event.outcome'] = 'failure';
  if (status >= 400 && !stopped) event['event.outcome'] = 'failure';
  event.message = `${event['http.request.method'] ?? ''} ${event['url.full'] ?? ''} ${status || ''}`.trim();
  return parsed('web-server', event, unmapped);
}

function begin(product: string): EcsEvent {
  const event = newEvent();
  event['event.kind'] = 'event';
  event['event.category'] = 'web';
  event['event.type'] = 'error';
  event['event.dataset'] = 'web-server.error';
  event['observer.product'] = product;
  event['observer.type'] = 'webserver';
  return event;
}

/** `[time] [module:level] [pid 1:tid 2] [client 203.0.113.5:4242] AH01630: text, referer: …`. */
function apacheError(line: string, m: RegExpExecArray, ctx: ParseContext): ParsedEvent {
  const event = begin('Apache');
  const unmapped = newBag();
  // readTime knows the year behind the clock.
  event['@timestamp'] = timeOf(`${m[1] ?? ''} ${m[2] ?? ''} `, ctx.receivedAt, ctx.zone);
  setLevel(event, m[4] ?? '');
  setText(event, 'event.provider', m[3]);
  let text = line.slice(ctx.start + m[0].length, ctx.start + MAX_TEXT);
  for (let i = 0; i < 6 && text.charCodeAt(0) === 91; i++) {
    const close = text.indexOf('] ');
    if (close < 0) break;
    const part = text.slice(1, close);
    if (part.startsWith('pid ')) {
      const pid = wholeNumber(/^pid (\d{1,10})/.exec(part)?.[1]);
      if (pid !== undefined) event['process.pid'] = pid;
    } else if (part.startsWith('client ')) setClient(event, part.slice(7));
    else leave(unmapped, 0, part.split(' ', 1)[0] ?? 'part', part, ctx);
    text = text.slice(close + 2);
  }
  const code = /^(AH\d{5}): /.exec(text);
  if (code) {
    event['event.code'] = code[1] as string;
    text = text.slice(code[0].length);
  }
  const referrer = text.lastIndexOf(', referer: ');
  if (referrer > 0) {
    event['http.request.referrer'] = text.slice(referrer + 11);
    text = text.slice(0, referrer);
  }
  classify(text, event);
  return parsed('web-server', event, unmapped);
}

/** `text, client: 203.0.113.5, server: example.jp, request: "GET / HTTP/1.1", upstream: "…", host: "example.jp"`. */
function nginxError(line: string, m: RegExpExecArray, ctx: ParseContext): ParsedEvent {
  const event = begin('nginx');
  const unmapped = newBag();
  if (m[1] !== undefined) event['@timestamp'] = timeOf(m[1], ctx.receivedAt, ctx.zone);
  setLevel(event, m[2] ?? '');
  const pid = wholeNumber(m[3]);
  if (pid !== undefined) event['process.pid'] = pid;
  let text = line.slice(ctx.start + m[0].length, ctx.start + MAX_TEXT);
  const connection = /^\*(\d{1,15}) /.exec(text);
  if (connection) {
    event['event.id'] = connection[1] as string;
    text = text.slice(connection[0].length);
  }
  const at = text.indexOf(', client: ');
  if (at >= 0) {
    const facts = text.slice(at);
    text = text.slice(0, at);
    const value = (name: string): string | undefined => new RegExp(`, ${name}: (?:"((?:[^"\\\\]|\\\\.){0,2048})"|([^,\\s]{1,255}))`).exec(facts)?.slice(1).find((part) => part !== undefined);
    setClient(event, value('client') ?? '');
    const request = value('request');
    const host = value('host') ?? value('server');
    if (host !== undefined && host !== '_') event['url.domain'] = host;
    const parts = /^([A-Z]{2,24}) (\S{1,2048})/.exec(request ?? '');
    if (parts) {
      event['http.request.method'] = parts[1] as string;
      const path = parts[2] as string;
      const query = path.indexOf('?');
      event['url.path'] = query < 0 ? path : path.slice(0, query);
      if (query >= 0) event['url.query'] = path.slice(query + 1);
      event['url.full'] = host === undefined || host === '_' ? path : `http://${host}${path}`;
    }
    setText(event, 'http.request.referrer', value('referrer'));
    const upstream = value('upstream');
    if (upstream !== undefined) unmapped['upstream'] = upstream;
  }
  classify(text, event);
  return parsed('web-server', event, unmapped);
}

function setLevel(event: EcsEvent, word: string): void {
  // Apache 2.4 numbers its traces.
  const level = word.startsWith('trace') ? 'debug' : word;
  event['log.level'] = word;
  const severity = severityOf(level);
  if (severity !== undefined) event['event.severity'] = severity;
}

function setClient(event: EcsEvent, text: string): void {
  let ip = normaliseIp(text);
  if (ip === undefined) {
    const colon = text.lastIndexOf(':');
    ip = normaliseIp(text.slice(0, colon).replace(/^\[|\]$/g, ''));
    const port = wholeNumber(text.slice(colon + 1), 65_535);
    if (ip !== undefined && port !== undefined) event['source.port'] = port;
  }
  if (ip !== undefined) event['source.ip'] = ip;
}

const KINDS: readonly (readonly [RegExp, Action, string])[] = [
  [/user "?([^\s":]{1,128})"?:? ?(?:was not found|not found|authentication failure|: authentication failure)|password mismatch|no user\/password was provided/, 'login_failed', 'authentication'],
  [/client denied by server configuration|access forbidden by rule|Directory index forbidden|directory index of .{1,400} is forbidden|ModSecurity: Access denied|limiting (?:requests|connections)/, 'blocked', 'web'],
  [/ModSecurity: Warning/, 'detected', 'intrusion_detection'],
  [/resuming normal operations|caught SIG|shutting down|configured -- resuming|signal process started|gracefully/, 'restarted', 'host'],
  [/server reached MaxRequestWorkers|worker_connections are not enough|Too many open files|No space left/, 'resource_warning', 'host'],
];

function classify(text: string, event: EcsEvent): void {
  event.message = text;
  const known = KINDS.find(([words]) => words.test(text.slice(0, 1024)));
  if (known === undefined) {
    const level = event['log.level'] ?? '';
    event['event.type'] = /^(?:notice|info|debug|trace)/.test(level) ? 'info' : 'error';
    setAction(event, 'info');
    if (event['event.type'] === 'error') event['event.outcome'] = 'failure';
    return;
  }
  event['event.category'] = known[2];
  event['event.type'] = known[1] === 'blocked' ? 'denied' : known[1] === 'login_failed' ? 'start' : 'info';
  setAction(event, known[1]);
  if (known[1] === 'login_failed') setAccount(event, /user "?([^\s":]{1,128})"?/.exec(text.slice(0, 1024))?.[1]);
  else if (known[2] === 'intrusion_detection' || /ModSecurity/.test(text.slice(0, 200))) {
    event['event.kind'] = 'alert';
    event['event.category'] = 'intrusion_detection';
    setText(event, 'rule.id', /\[id "(\d{1,10})"\]/.exec(text)?.[1]);
    setText(event, 'rule.name', /\[msg "([^"]{1,300})"\]/.exec(text)?.[1]);
  }
}
