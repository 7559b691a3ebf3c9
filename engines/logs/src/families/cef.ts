/** CEF: `CEF:0|Vendor|Product|Version|Signature|Name|Severity|key=value key=value` ("Implementing CEF", revision 25). */
import type { EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext, type Unmapped } from '../event.ts';
import { refineCheckPoint } from './check-point.ts';
import type { Family } from './family.ts';
import { setText } from './family.ts';
import { classifyByWords, severityFromTen } from './security-words.ts';
import { putStandard } from './standard-keys.ts';
import { refineTrendMicro } from './trend-micro.ts';

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
    let count = 0;
    for (const [key, value] of labelled(pairs)) count = putStandard(event, unmapped, count, key, value, ctx);
    const done = unmapped['act'] ?? unmapped['Action'] ?? unmapped['action'] ?? unmapped['outcome'] ?? '';
    classifyByWords(event, `${name} ${event['rule.category'] ?? ''}`, done);
    event.message ??= name;
    const family = refine(event, unmapped, vendor, product, signature, name, done);
    if (event['event.category'] === 'malware' && event['rule.name'] === undefined) setText(event, 'rule.name', name);
    if (event['host.name'] === undefined && event['event.category'] !== 'network') setText(event, 'host.name', event['destination.domain'] ?? event['source.domain']);
    return parsed(family, event, unmapped);
  },
};

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

/** Replaces `cs1=…` by the name in `cs1Label=…`; a field with neither use nor label keeps its key. */
export function labelled(pairs: readonly [string, string][]): [string, string][] {
  const labels = new Map<string, string>();
  for (const [key, value] of pairs) if (key.endsWith('Label') && value !== '') labels.set(key.slice(0, -5), value);
  if (labels.size === 0) return [...pairs];
  const out: [string, string][] = [];
  const present = new Set(pairs.map(([key]) => key));
  for (const [key, value] of pairs) {
    if (key.endsWith('Label') && present.has(key.slice(0, -5))) continue;
    out.push([labels.get(key)?.slice(0, 64) ?? key, value]);
  }
  return out;
}
