/** Squid: access.log in the native format and in `combined` with Squid's result behind it (Squid FAQ, "Log formats"). */
import type { EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext, type ParsedEvent, type Unmapped } from '../event.ts';
import { normaliseIp } from '../net.ts';
import { setAccount, setAction, setText, setUrl, wholeNumber, type Family } from './family.ts';
import { readCombined } from './web-access.ts';

/** Words of Squid's first column. */
const RESULT = /^(?:TCP|UDP|NONE|ICP|HTCP)_?[A-Z_]{0,40}(?:\/|:)|^NONE\//;

/** A worker's tag, which is none to the header. */
const IDENT = /\(squid(?:-\w{1,32})?\)(?:\[\d{1,10}\])?: /y;

export const squid: Family = {
  id: 'squid',
  name: { ja: 'Squid（プロキシ）', en: 'Squid proxy' },

  match(sample) {
    return nativeAt(sample, 0) >= 0 || combinedMark(sample, 0) >= 0 ? 1 : 0;
  },

  parse(line, ctx) {
    IDENT.lastIndex = ctx.start;
    const at = nativeAt(line, IDENT.test(line) ? IDENT.lastIndex : ctx.start);
    if (at >= 0) return native(line, at);
    const mark = combinedMark(line, ctx.start);
    return mark < 0 ? null : combined(line, mark, ctx);
  },
};

/** Where a native line begins: `1767323045.123    456 192.168.1.5 TCP_…`; -1 when it is none. */
function nativeAt(line: string, start: number): number {
  let pos = start;
  while (line.charCodeAt(pos) === 32) pos++;
  for (let i = 0; i < 14; i++) {
    const c = line.charCodeAt(pos + i);
    if (i === 10 ? c !== 46 : !(c >= 48 && c <= 57)) return -1;
  }
  if (line.charCodeAt(pos + 14) !== 32) return -1;
  const fields = words(line, pos, 4);
  return fields.length === 4 && RESULT.test(fields[3] as string) ? pos : -1;
}

/** Index of the last word where it is `TCP_MISS:HIER_DIRECT`; -1 otherwise. */
function combinedMark(line: string, start: number): number {
  let end = line.length;
  while (end > start && line.charCodeAt(end - 1) <= 32) end--;
  const at = line.lastIndexOf(' ', end - 1) + 1;
  if (at <= start || end - at > 80) return -1;
  const word = line.slice(at, end);
  return /^(?:TCP|UDP|NONE)[A-Z_]{0,40}:(?:HIER_[A-Z_]{1,40}|[A-Z_]{1,40})$/.test(word) ? at : -1;
}

/** Up to `count` words separated by runs of spaces. */
function words(line: string, from: number, count: number): string[] {
  const out: string[] = [];
  let pos = from;
  while (out.length < count && pos < line.length) {
    while (line.charCodeAt(pos) === 32) pos++;
    if (pos >= line.length) break;
    let end = line.indexOf(' ', pos);
    if (end < 0) end = line.length;
    out.push(line.slice(pos, end));
    pos = end;
  }
  return out;
}

function begin(): { event: EcsEvent; unmapped: Unmapped } {
  const event = newEvent();
  event['event.kind'] = 'event';
  event['event.category'] = 'web';
  event['event.dataset'] = 'squid.access';
  event['observer.product'] = 'Squid';
  event['observer.type'] = 'proxy';
  return { event, unmapped: newBag() };
}

/** time elapsed client result/status bytes method URL user hierarchy/server type. */
function native(line: string, at: number): ParsedEvent {
  const { event, unmapped } = begin();
  const [time = '', elapsed, client = '', result = '', bytes, method, url, user, route = '', type] = words(line, at, 10);
  event['@timestamp'] = Number(time.slice(0, 10)) * 1000 + Number(time.slice(11, 14));
  const ms = wholeNumber(elapsed);
  if (ms !== undefined && ms < 1e10) event['event.duration'] = ms * 1e6;
  const ip = normaliseIp(client);
  if (ip !== undefined) event['source.ip'] = ip;
  else if (client !== '-') event['source.domain'] = client;
  const slash = result.indexOf('/');
  const size = wholeNumber(bytes);
  if (size !== undefined) event['http.response.bytes'] = event['destination.bytes'] = size;
  if (method !== '-' && method !== 'NONE') setText(event, 'http.request.method', method);
  if (url !== undefined && !url.startsWith('error:')) target(url, method, event);
  setAccount(event, user);
  const server = route.slice(route.indexOf('/') + 1);
  const there = normaliseIp(server);
  if (there !== undefined) event['destination.ip'] = there;
  if (type !== '-') setText(event, 'file.mime_type', type);
  if (route !== '') unmapped['hierarchy'] = route.slice(0, Math.max(0, route.indexOf('/')));
  finish(result.slice(0, slash), wholeNumber(result.slice(slash + 1), 999), event, unmapped);
  return parsed('squid', event, unmapped);
}

/** CONNECT names host and port only. */
function target(url: string, method: string | undefined, event: EcsEvent): void {
  if (method === 'CONNECT') {
    const colon = url.lastIndexOf(':');
    const host = colon > 0 ? url.slice(0, colon) : url;
    event['url.domain'] = host;
    event['url.full'] = url;
    const port = wholeNumber(url.slice(colon + 1), 65_535);
    if (port !== undefined) event['destination.port'] = port;
    event['network.protocol'] = 'https';
  } else {
    setUrl(event, url);
    const scheme = /^([a-z]{3,5}):\/\/(?:(?:\[[0-9a-fA-F:.]{2,45}\]|[^/:]{1,255}):(\d{1,5}))?/.exec(url);
    if (scheme?.[1] !== undefined) event['network.protocol'] = scheme[1];
    event['destination.port'] = scheme?.[2] === undefined ? (scheme?.[1] === 'https' ? 443 : scheme?.[1] === 'ftp' ? 21 : 80) : Number(scheme[2]);
  }
  const domain = event['url.domain'];
  if (domain === undefined) return;
  const address = normaliseIp(domain.startsWith('[') && domain.endsWith(']') ? domain.slice(1, -1) : domain);
  if (address === undefined) event['destination.domain'] = domain;
  else event['destination.ip'] ??= address;
}

function combined(line: string, mark: number, ctx: ParseContext): ParsedEvent | null {
  const { event, unmapped } = begin();
  if (!readCombined(line, ctx.start, mark - 1, event, unmapped, ctx)) return null;
  const url = event['url.full'];
  if (url !== undefined) {
    for (const name of ['url.full', 'url.domain', 'url.path', 'url.query'] as const) delete event[name];
    target(url, event['http.request.method'], event);
  }
  const result = line.slice(mark).trim();
  unmapped['hierarchy'] = result.slice(result.indexOf(':') + 1);
  finish(result.slice(0, result.indexOf(':')), event['http.response.status_code'], event, unmapped);
  return parsed('squid', event, unmapped);
}

function finish(result: string, status: number | undefined, event: EcsEvent, unmapped: Unmapped): void {
  if (status !== undefined && status > 0) event['http.response.status_code'] = status;
  unmapped['result'] = result;
  const stopped = /DENIED|_BLOCKED|ADAPTED_DENIED/.test(result);
  event['event.type'] = stopped ? 'denied' : 'access';
  event.message = `${event['http.request.method'] ?? ''} ${event['url.full'] ?? ''} ${result}`.trim();
  setAction(event, stopped ? 'blocked' : 'allowed', result);
  if (!stopped && status !== undefined && status >= 400) event['event.outcome'] = 'failure';
}
