/** The last resort: JSON, key=value and plain text of anybody. Never gives up, so no line is lost. */
import { ECS, isEcsName, type EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext, type Unmapped } from '../event.ts';
import { jsonText, KeyTable, KvScanner, MAX_PAIRS } from '../kv.ts';
import { normaliseIp, parseV4 } from '../net.ts';
import { setAction, setText, type Family } from './family.ts';
import { verbOf } from './security-words.ts';
import { putStandard } from './standard-keys.ts';

const scanner = new KvScanner(new KeyTable([]));
/** Nesting of JSON looked into; what lies deeper is kept as text. */
const MAX_DEPTH = 4;
const MAX_TEXT = 2048;

const CISCO = /^%([A-Z0-9_]{1,40}(?:-[A-Z0-9_]{1,40}){0,2})-(\d)-([A-Z0-9_]{1,60}): /;

export const generic: Family = {
  id: 'generic',
  name: { ja: 'その他の機器', en: 'Other devices' },

  match() {
    return 0.01;
  },

  parse(line, ctx) {
    const event = newEvent();
    const unmapped = newBag();
    const body = ctx.start === 0 ? line : line.slice(ctx.start);
    event['event.kind'] = 'event';
    event['event.category'] = 'host';
    event['event.type'] = 'info';
    event['event.dataset'] = 'unknown';
    setAction(event, 'info');
    event.message = body;
    setText(event, 'event.provider', ctx.header.app);
    setText(event, 'host.name', ctx.header.host);
    if (body.charCodeAt(0) === 123 && readJson(body, event, unmapped, ctx)) event['event.dataset'] = 'generic.json';
    else if (readCisco(body, event)) findAddresses(body, event);
    else if (scanner.scan(line, ctx.start) >= 3) readPairs(line, event, unmapped, ctx);
    else findAddresses(body, event);
    if (event['event.dataset'] === 'unknown') ctx.note('unparsed');
    return parsed('generic', event, unmapped);
  },
};

function readPairs(line: string, event: EcsEvent, unmapped: Unmapped, ctx: ParseContext): void {
  let count = 0;
  delete event.message;
  for (let i = 0; i < scanner.unknown; i++) {
    const key = line.slice(scanner.unknownKeyFrom[i], scanner.unknownKeyTo[i]);
    count = putStandard(event, unmapped, count, key, line.slice(scanner.unknownFrom[i], scanner.unknownTo[i]), ctx);
  }
  event.message ??= line.slice(ctx.start);
  readVerb(event, unmapped);
  if (scanner.tooMany) ctx.note('too_many_keys');
  event['event.dataset'] = 'generic.kv';
}

function readJson(body: string, event: EcsEvent, unmapped: Unmapped, ctx: ParseContext): boolean {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return false;
  }
  if (typeof value !== 'object' || value === null) return false;
  delete event.message;
  flatten(value, '', 1, { event, unmapped, ctx, count: 0, seen: 0 });
  event.message ??= body;
  readVerb(event, unmapped);
  return true;
}

/** The usual names for what was done with traffic; alerts that do not say are kept as seen. */
function readVerb(event: EcsEvent, unmapped: Unmapped): void {
  const word = unmapped['action'] ?? unmapped['act'] ?? unmapped['alert.action'] ?? unmapped['disposition'] ?? unmapped['verdict'];
  const alert = unmapped['alert.action'] !== undefined || unmapped['event_type'] === 'alert';
  const verb = word === undefined ? undefined : verbOf(word);
  if (event['source.ip'] !== undefined && event['destination.ip'] !== undefined) event['event.category'] = alert ? 'intrusion_detection' : 'network';
  if (alert) event['event.kind'] = 'alert';
  if (verb === undefined) return;
  setAction(event, alert && verb === 'allowed' ? 'detected' : verb, word);
  event['event.type'] = verb === 'blocked' ? 'denied' : verb === 'allowed' ? 'allowed' : 'info';
}

interface Flat {
  event: EcsEvent;
  unmapped: Unmapped;
  ctx: ParseContext;
  /** Leftovers so far. */
  count: number;
  /** Members looked at so far. */
  seen: number;
}

/** Walks an object into dotted names. Names of the ECS core with a value of their type are taken as they are. */
function flatten(record: object, prefix: string, depth: number, out: Flat): void {
  for (const [key, value] of Object.entries(record)) {
    if (++out.seen > MAX_PAIRS) return out.ctx.note('too_many_keys');
    const name = (prefix + key).slice(0, 128);
    if (value === null || value === undefined) continue;
    if (typeof value === 'object' && !Array.isArray(value) && depth < MAX_DEPTH) {
      flatten(value as object, `${name}.`, depth + 1, out);
      continue;
    }
    const shown = typeof value === 'string' ? value : typeof value === 'object' ? jsonText(value).slice(0, MAX_TEXT) : String(value);
    if (isEcsName(name) && takeEcs(name, value, out.event)) continue;
    out.count = putStandard(out.event, out.unmapped, out.count, name, shown, out.ctx);
  }
}

function takeEcs(name: keyof typeof ECS, value: unknown, event: EcsEvent): boolean {
  // What the parser itself answers for is not taken from the sender.
  if (name.startsWith('banya.') || name === '@timestamp' || name === 'event.dataset') return false;
  const record = event as Record<string, string | number | boolean>;
  switch (ECS[name].type) {
    case 'keyword':
    case 'text':
      if (typeof value !== 'string') return false;
      record[name] = value;
      return true;
    case 'ip': {
      const ip = typeof value === 'string' ? normaliseIp(value) : undefined;
      if (ip !== undefined) record[name] = ip;
      return ip !== undefined;
    }
    case 'long':
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) return false;
      record[name] = value;
      return true;
    default:
      return false;
  }
}

/** `%FACILITY-SEVERITY-MNEMONIC:` of switches and routers. */
function readCisco(body: string, event: EcsEvent): boolean {
  const m = CISCO.exec(body.slice(0, 300));
  if (!m) return false;
  event['event.dataset'] = 'generic.mnemonic';
  event['event.code'] = `${m[1] ?? ''}-${m[3] ?? ''}`;
  event['event.severity'] = Number(m[2]);
  if (/UPDOWN|LINK/.test(m[3] ?? '') && / to (up|down)/i.test(body.slice(0, MAX_TEXT))) {
    event['event.category'] = 'network';
    setAction(event, / to up/i.test(body.slice(0, MAX_TEXT)) ? 'link_up' : 'link_down');
  }
  return true;
}

/** The first address in a text is taken for the source, the second for the destination. */
function findAddresses(body: string, event: EcsEvent): void {
  const text = body.slice(0, MAX_TEXT);
  let found = 0;
  let from = -1;
  for (let i = 0; i <= text.length && found < 2; i++) {
    const c = text.charCodeAt(i);
    const part = (c >= 48 && c <= 57) || c === 46 || c === 58 || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
    if (part) {
      if (from < 0) from = i;
      continue;
    }
    // A letter or hyphen beside it makes it part of a word, a version or a MAC address.
    const word = (c >= 103 && c <= 122) || (c >= 71 && c <= 90) || c === 45 || c === 95;
    if (from >= 0 && !word && i - from >= 3 && i - from <= 51) {
      const before = text.charCodeAt(from - 1);
      const wordBefore = (before >= 97 && before <= 122) || (before >= 65 && before <= 90) || before === 45 || before === 95 || before === 47;
      const candidate = text.slice(from, i);
      // `outside:192.0.2.1` names an interface before an address.
      const tail = candidate.slice(candidate.lastIndexOf(':') + 1);
      const ip = parseV4(tail) >= 0 && tail !== candidate && !candidate.includes('::') ? tail : wordBefore ? undefined : addressOf(candidate);
      if (ip !== undefined) {
        const side = found++ === 0 ? 'source.ip' : 'destination.ip';
        event[side] ??= ip;
      }
    }
    from = -1;
  }
}

function addressOf(candidate: string): string | undefined {
  let text = candidate;
  while (text.endsWith('.') || (text.endsWith(':') && !text.endsWith('::'))) text = text.slice(0, -1);
  const colon = text.indexOf(':');
  if (colon > 0 && text.includes('.') && text.lastIndexOf(':') === colon) text = text.slice(0, colon);
  // Times such as 12:30:45 are no addresses; an IPv6 address has at least two colons and a hex group or gap.
  if (!text.includes('.') && (!text.includes('::') || text.length < 4) && text.split(':').length !== 8) return undefined;
  return normaliseIp(text);
}
