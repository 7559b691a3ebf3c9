/** The access lines that web servers and proxies share: common and combined log format, with what servers put before and behind them. */
import type { EcsEvent } from '../ecs.ts';
import type { ParseContext, Unmapped } from '../event.ts';
import { normaliseIp } from '../net.ts';
import { localMs } from '../syslog/time.ts';
import { leave, setAccount, setText, setUrl, wholeNumber } from './family.ts';

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** Index of the `[` of `[02/Jan/2026:12:04:05 +0900]` in the first part of a line, or -1. */
export function accessStamp(line: string, start: number): number {
  let at = line.indexOf(' [', start);
  // A user name may hold brackets; the stamp is known by its form.
  for (let tries = 0; at >= 0 && at - start <= 1024 && tries < 8; tries++) {
    if (line.charCodeAt(at + 4) === 47 && line.charCodeAt(at + 8) === 47 && line.charCodeAt(at + 13) === 58) return at + 1;
    at = line.indexOf(' [', at + 2);
  }
  return -1;
}

/** Reads one access line between `from` and `to`; false when it is none. */
export function readCombined(line: string, from: number, to: number, event: EcsEvent, unmapped: Unmapped, ctx: ParseContext): boolean {
  const stamp = accessStamp(line, from);
  if (stamp < 0 || stamp >= to) return false;
  const close = line.indexOf(']', stamp);
  if (close < 0 || close >= to || line.charCodeAt(close + 1) !== 32) return false;
  event['@timestamp'] = timeOfStamp(line, stamp + 1, ctx);
  if (!readClient(line.slice(from, stamp - 1), event)) return false;
  let pos = close + 2;
  if (line.charCodeAt(pos) === 34) {
    const end = endOfQuote(line, pos + 1, to);
    readRequest(line.slice(pos + 1, end), event);
    pos = end + 2;
  }
  const status = word(line, pos, to);
  const code = wholeNumber(status, 999);
  if (code === undefined && status !== '-') return false;
  if (code !== undefined) event['http.response.status_code'] = code;
  pos += status.length + 1;
  const bytes = word(line, pos, to);
  const size = wholeNumber(bytes);
  if (size !== undefined) event['http.response.bytes'] = event['destination.bytes'] = size;
  pos += bytes.length + 1;
  const quoted: string[] = [];
  const rest: string[] = [];
  while (pos < to && quoted.length + rest.length < 16) {
    if (line.charCodeAt(pos) === 34) {
      const end = endOfQuote(line, pos + 1, to);
      quoted.push(line.slice(pos + 1, end));
      pos = end + 2;
    } else {
      const next = word(line, pos, to);
      if (next !== '') rest.push(next);
      pos += next.length + 1;
    }
  }
  const [referrer, agent, ...more] = quoted;
  if (referrer !== undefined && referrer !== '-') event['http.request.referrer'] = referrer;
  if (agent !== undefined && agent !== '-') event['user_agent.original'] = agent;
  let count = 0;
  // Where a balancer stands before the server, the client comes in a third quoted field.
  for (const [i, value] of [...more, ...rest].entries()) if (value !== '-' && value !== '') count = leave(unmapped, count, `extra${i + 1}`, value.slice(0, 500), ctx);
  return true;
}

function word(line: string, from: number, to: number): string {
  let end = line.indexOf(' ', from);
  if (end < 0 || end > to) end = to;
  return from >= end ? '' : line.slice(from, end);
}

/** Index of the quote that ends a field: `\"` does not. */
function endOfQuote(line: string, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const c = line.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 34) return i;
  }
  return to;
}

/** `[host:port] client ident user`; a user name may hold spaces. */
function readClient(head: string, event: EcsEvent): boolean {
  const parts = head.split(' ', 12).filter((part) => part !== '');
  let i = 0;
  // A virtual host may stand first.
  if (parts.length >= 4 && normaliseIp(parts[0] as string) === undefined && (normaliseIp(parts[1] as string) !== undefined || /:\d{1,5}$/.test(parts[0] as string))) {
    const host = (parts[0] as string).replace(/:(\d{1,5})$/, '');
    event['url.domain'] = host;
    const port = wholeNumber(/:(\d{1,5})$/.exec(parts[0] as string)?.[1], 65_535);
    if (port !== undefined) event['destination.port'] = port;
    i = 1;
  }
  const client = parts[i];
  if (client === undefined || parts.length - i < 3) return false;
  const ip = normaliseIp(client.replace(/,$/, ''));
  if (ip !== undefined) event['source.ip'] = ip;
  else if (/^[\w.:-]{1,255}$/.test(client)) event['source.domain'] = client;
  else return false;
  const user = parts.slice(i + 2).join(' ');
  if (user !== '-' && user !== '""') setAccount(event, user.replace(/^"(.*)"$/, '$1'));
  return true;
}

function readRequest(text: string, event: EcsEvent): void {
  const request = text.replace(/\\"/g, '"');
  const first = request.indexOf(' ');
  const last = request.lastIndexOf(' ');
  // What is no request at all (bytes of another protocol) is kept as it came.
  if (first <= 0 || !/^[A-Z][A-Z_-]{1,24}$/.test(request.slice(0, first))) {
    setText(event, 'url.full', request === '-' ? undefined : request);
    return;
  }
  event['http.request.method'] = request.slice(0, first);
  const path = last > first && request.startsWith('HTTP/', last + 1) ? request.slice(first + 1, last) : request.slice(first + 1);
  if (path.charCodeAt(0) !== 47) {
    setUrl(event, path);
    return;
  }
  const query = path.indexOf('?');
  event['url.path'] = query < 0 ? path : path.slice(0, query);
  if (query >= 0) event['url.query'] = path.slice(query + 1);
  const host = event['url.domain'];
  event['url.full'] = host === undefined ? path : `${event['destination.port'] === 443 ? 'https' : 'http'}://${host}${path}`;
}

/** `02/Jan/2026:12:04:05 +0900`. */
function timeOfStamp(line: string, at: number, ctx: ParseContext): number {
  const number = (from: number, count: number): number => wholeNumber(line.slice(from, from + count)) ?? NaN;
  const month = MONTHS.indexOf(line.slice(at + 3, at + 6));
  if (month < 0 || month % 3 !== 0) return NaN;
  const local = localMs(number(at + 7, 4), month / 3 + 1, number(at, 2), number(at + 12, 2), number(at + 15, 2), number(at + 18, 2));
  if (Number.isNaN(local)) return NaN;
  const sign = line.charCodeAt(at + 21);
  const offset = (number(at + 22, 2) * 60 + number(at + 24, 2)) * 60_000;
  if ((sign === 43 || sign === 45) && !Number.isNaN(offset)) return sign === 43 ? local - offset : local + offset;
  return ctx.zone.toUtc(local);
}
