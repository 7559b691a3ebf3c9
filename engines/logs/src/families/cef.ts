/** CEF: `CEF:0|Vendor|Product|Version|Signature|Name|Severity|key=value key=value` ("Implementing CEF", revision 25). */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext, type Unmapped } from '../event.ts';
import { refineCheckPoint } from './check-point.ts';
import type { Family } from './family.ts';
import { setText } from './family.ts';
import { fortigateCef, isFortigate } from './fortigate-cef.ts';
import { classifyByWords, severityFromTen } from './security-words.ts';
import { putStandard } from './standard-keys.ts';
import { refineTrendMicro } from './trend-micro.ts';
import { type Zone, zoneOf } from '../syslog/time.ts';

export const MAX_EXTENSIONS = 512;

export const cef: Family = {
  id: 'cef',
  name: { ja: 'CEF 形式（ウイルス対策ソフトなど）', en: 'CEF (endpoint protection and others)' },

  match(sample) {
    return /CEF: ?\d\|/.test(sample.slice(0, 300)) ? 1 : 0;
  },

  parse(line, ctx) {
    const at = findMark(line, ctx, 'CEF:');
    if (at < 0) return null;
    const fields: string[] = [];
    let pos = at + 4;
    for (let i = 0; i < 7; i++) {
      const end = nextPipe(line, pos);
      if (end < 0) {
        // The extension may be missing altogether, with or without the last bar.
        if (i < 6) return null;
        fields.push(line.slice(pos));
        pos = line.length;
        break;
      }
      fields.push(line.slice(pos, end));
      pos = end + 1;
    }
    const [, vendor = '', product = '', version = '', signature = '', name = '', severity = ''] = fields.map(unescapeHeader);
    const event = newEvent();
    const unmapped = newBag();
    event['event.dataset'] = 'cef';
    setText(event, 'observer.vendor', vendor);
    setText(event, 'observer.product', product);
    setText(event, 'observer.version', version);
    setText(event, 'event.code', signature);
    const number = severityFromTen(severity);
    if (number !== undefined) event['event.severity'] = number;
    const pairs = readExtension(line, pos);
    if (pairs.length >= MAX_EXTENSIONS) ctx.note('too_many_keys');
    if (vendor === 'Fortinet' && isFortigate(pairs)) {
      const told = fortigateCef(labelled(pairs), signature, name, ctx);
      if (told !== null) {
        told.event.message ??= name;
        setText(told.event, 'observer.version', version);
        if (number !== undefined) told.event['event.severity'] ??= number;
        return told;
      }
    }
    const zone = zoneOf(pairs.find(([key]) => key === 'dtz')?.[1] ?? '');
    const clock = zone === undefined ? ctx : inZone(ctx, zone);
    let count = 0;
    for (const [key, value, leftover] of labelled(pairs)) count = putStandard(event, unmapped, count, vendor === 'Fortinet' ? (SWAPPED[key] ?? key) : key, value, clock, leftover);
    // When it happened is when it began, where the line says no other time.
    if (event['@timestamp'] === undefined && Number.isNaN(ctx.header.time)) {
      const time = event['event.start'] ?? event['event.end'];
      if (time !== undefined) event['@timestamp'] = time;
    }
    splitProgram(event);
    const done = unmapped['act'] ?? unmapped['Action'] ?? unmapped['action'] ?? unmapped['outcome'] ?? '';
    classifyByWords(event, `${name} ${event['rule.category'] ?? ''}`, done);
    event.message ??= name;
    const family = refine(event, unmapped, vendor, product, signature, name, done);
    setOutcome(event, unmapped['outcome']);
    if (event['event.category'] === 'malware' && event['rule.name'] === undefined) setText(event, 'rule.name', name);
    if (event['host.name'] === undefined && event['event.category'] !== 'network') setText(event, 'host.name', event['destination.domain'] ?? event['source.domain']);
    return parsed(family, event, unmapped);
  },
};

/** Fortinet counts from the device: what came in is what the destination sent. */
const SWAPPED: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, { in: 'out', out: 'in' });

/** `dtz` says in which zone the times of the line are written. */
function inZone(ctx: ParseContext, zone: Zone): ParseContext {
  return { receivedAt: ctx.receivedAt, start: ctx.start, header: ctx.header, zone, own: ctx.own, note: (problem) => ctx.note(problem) };
}

/** A path in place of the name of a program. */
function splitProgram(event: EcsEvent): void {
  const program = event['process.name'];
  if (program === undefined) return;
  const cut = Math.max(program.lastIndexOf('\\'), program.lastIndexOf('/'));
  if (cut < 0 || cut === program.length - 1) return;
  event['process.executable'] ??= program;
  event['process.name'] = program.slice(cut + 1);
}

const UNDONE: Readonly<Record<string, Action>> = Object.assign(Object.create(null) as Record<string, Action>, { login_succeeded: 'login_failed', update_succeeded: 'update_failed', cleaned: 'clean_failed' });

/** `outcome` as the line says it. What was refused has not happened, but the device has succeeded in refusing it. */
function setOutcome(event: EcsEvent, word: string | undefined): void {
  if (word === undefined || word.length > 16) return;
  const action = event['event.action'] ?? '';
  if (/^fail(?:ed|ure)?$|^unsuccessful$/i.test(word)) {
    if (action === 'blocked' || action === 'device_blocked') return;
    const undone = UNDONE[action];
    if (undone !== undefined) event['event.action'] = undone;
    event['event.outcome'] = 'failure';
  } else if (/^succe(?:ss|eded|ssful)$/i.test(word) && !action.endsWith('_failed')) event['event.outcome'] = 'success';
}

/** Makers whose CEF says more than its keys. Returns the family the line belongs to. */
function refine(event: EcsEvent, unmapped: Unmapped, vendor: string, product: string, signature: string, name: string, done: string): string {
  if (vendor === 'Trend Micro') {
    refineTrendMicro(event, product, signature, name, done);
    return 'trend-micro';
  }
  if (vendor === 'Check Point') {
    refineCheckPoint(event, unmapped, product, done);
    return 'check-point';
  }
  return 'cef';
}

/** Index of the mark at the start or, where a relay put words before it, within the first 300 characters; -1 where absent. */
export function findMark(line: string, ctx: ParseContext, mark: string): number {
  if (line.startsWith(mark, ctx.header.tagStart)) return ctx.header.tagStart;
  if (line.startsWith(mark, ctx.start)) return ctx.start;
  const at = line.slice(0, ctx.start + 300).indexOf(mark);
  return at > 0 && line.charCodeAt(at - 1) === 32 ? at : -1;
}

function nextPipe(line: string, from: number): number {
  for (let i = from; i < line.length; i++) {
    const c = line.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 124) return i;
  }
  return -1;
}

function unescapeHeader(text: string): string {
  return text.includes('\\') ? text.replace(/\\([\\|])/g, '$1').trim() : text.trim();
}

/** Pairs of the extension: a value runs to the next ` key=`; `\=`, `\\`, `\n` and `\r` are escapes. */
function readExtension(line: string, from: number): [string, string][] {
  const pairs: [string, string][] = [];
  let keyFrom = from;
  let key = '';
  let valueFrom = -1;
  let wordFrom = from;
  for (let i = from; i < line.length && pairs.length < MAX_EXTENSIONS; i++) {
    const c = line.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 32) wordFrom = i + 1;
    else if (c === 61 && i > wordFrom && isKey(line, wordFrom, i)) {
      if (valueFrom >= 0) pairs.push([key, unescapeValue(line.slice(valueFrom, Math.max(valueFrom, wordFrom - 1)))]);
      keyFrom = wordFrom;
      key = line.slice(keyFrom, i);
      valueFrom = i + 1;
      // A further = belongs to the value unless a new word begins.
      wordFrom = line.length;
    }
  }
  if (valueFrom >= 0 && pairs.length < MAX_EXTENSIONS) pairs.push([key, unescapeValue(line.slice(valueFrom))]);
  return pairs;
}

function isKey(line: string, from: number, to: number): boolean {
  if (to - from > 64) return false;
  for (let i = from; i < to; i++) {
    const c = line.charCodeAt(i);
    if (!((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || c === 45 || c === 46 || c === 91 || c === 93)) return false;
  }
  return true;
}

function unescapeValue(raw: string): string {
  const text = raw.trim();
  if (!text.includes('\\')) return text;
  return text.replace(/\\([\\=nr|])/g, (_, c: string) => (c === 'n' ? '\n' : c === 'r' ? '\r' : c));
}

/**
 * Replaces `cs1=…` by the name in `cs1Label=…`; a field with neither use nor label keeps its key. `c6a2` and `c6a3` are the
 * addresses of source and destination whatever they are called: they keep their key and give the label as third part.
 */
export function labelled(pairs: readonly [string, string][]): [string, string, string?][] {
  const labels = new Map<string, string>();
  for (const [key, value] of pairs) if (key.endsWith('Label') && value !== '') labels.set(key.slice(0, -5), value);
  if (labels.size === 0) return [...pairs];
  const out: [string, string, string?][] = [];
  const present = new Set(pairs.map(([key]) => key));
  for (const [key, value] of pairs) {
    if (key.endsWith('Label') && present.has(key.slice(0, -5))) continue;
    const label = labels.get(key)?.slice(0, 64);
    if (label !== undefined && (key === 'c6a2' || key === 'c6a3')) out.push([key, value, label]);
    else out.push([label ?? key, value]);
  }
  return out;
}
