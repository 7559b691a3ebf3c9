/** LEEF 1.0 and 2.0: `LEEF:2.0|Vendor|Product|Version|EventID|Delimiter|key=value…` (IBM, LEEF guide). */
import { newBag, newEvent, parsed, type ParseContext } from '../event.ts';
import { findMark, labelled, MAX_EXTENSIONS } from './cef.ts';
import type { Family } from './family.ts';
import { setText } from './family.ts';
import { classifyByWords, severityFromTen } from './security-words.ts';
import { putStandard } from './standard-keys.ts';
import { timeByPattern } from '../syslog/pattern.ts';
import { zoneOf } from '../syslog/time.ts';
import { timeOf } from '../syslog/timestamp.ts';

export const leef: Family = {
  id: 'leef',
  name: { ja: 'LEEF 形式', en: 'LEEF' },

  match(sample) {
    return /LEEF:[12]\.0\|/.test(sample.slice(0, 300)) ? 1 : 0;
  },

  parse(line, ctx) {
    const at = findMark(line, ctx, 'LEEF:');
    if (at < 0) return null;
    const two = line.startsWith('2.0|', at + 5);
    if (!two && !line.startsWith('1.0|', at + 5)) return null;
    const fields: string[] = [];
    let pos = at + 9;
    for (let i = 0; i < 4; i++) {
      const end = line.indexOf('|', pos);
      if (end < 0) return null;
      fields.push(line.slice(pos, end).trim());
      pos = end + 1;
    }
    let delimiter = '\t';
    if (two) {
      const end = line.indexOf('|', pos);
      // The delimiter may be left out; then what follows is already a pair.
      if (end >= 0 && end - pos <= 5 && !line.slice(pos, end).includes('=')) {
        delimiter = delimiterOf(line.slice(pos, end));
        pos = end + 1;
      } else if (line.startsWith('=|', pos) || line.startsWith('||', pos)) pos += line.charCodeAt(pos) === 124 ? 1 : 2;
    }
    const pairs = splitPairs(line, pos, delimiter);
    if (pairs.length >= MAX_EXTENSIONS) ctx.note('too_many_keys');
    const [vendor = '', product = '', version = '', id = ''] = fields;
    const event = newEvent();
    const unmapped = newBag();
    event['event.dataset'] = 'leef';
    setText(event, 'observer.vendor', vendor);
    setText(event, 'observer.product', product);
    setText(event, 'observer.version', version);
    setText(event, 'event.code', id);
    const time = deviceTime(pairs, ctx);
    if (!Number.isNaN(time)) event['@timestamp'] = time;
    let count = 0;
    for (const [key, value] of labelled(pairs)) {
      if (key === 'devTime' && !Number.isNaN(time)) continue;
      if (key === 'sev') {
        const number = severityFromTen(value);
        if (number !== undefined) event['event.severity'] = number;
      }
      count = putStandard(event, unmapped, count, key, value, ctx);
    }
    const title = unmapped['name'] ?? unmapped['eventName'] ?? unmapped['eventDesc'] ?? '';
    classifyByWords(event, `${id} ${title} ${event['rule.category'] ?? ''}`, unmapped['act'] ?? unmapped['action'] ?? '');
    event.message ??= title || id;
    return parsed('leef', event, unmapped);
  },
};

/** `devTime` in the form of `devTimeFormat` and the zone of `devTimeZone`, where either is given; else NaN. */
function deviceTime(pairs: readonly [string, string][], ctx: ParseContext): number {
  const value = (name: string): string => pairs.find(([key]) => key === name)?.[1] ?? '';
  const format = value('devTimeFormat');
  const named = value('devTimeZone');
  if (format === '' && named === '') return NaN;
  const text = value('devTime');
  const zone = zoneOf(named) ?? ctx.zone;
  const time = format === '' ? NaN : timeByPattern(text, format, ctx.receivedAt, zone);
  return Number.isNaN(time) && !/^\d+$/.test(text) ? timeOf(text, ctx.receivedAt, zone) : time;
}

/** One character, or its code as `x09` or `0x09`; an empty field means tab. */
function delimiterOf(text: string): string {
  const code = /^0?x([0-9a-fA-F]{1,4})$/.exec(text);
  if (code) return String.fromCharCode(Number.parseInt(code[1] ?? '9', 16));
  return text === '' || text === '\\t' ? '\t' : text.charAt(0);
}

function splitPairs(line: string, from: number, delimiter: string): [string, string][] {
  const pairs: [string, string][] = [];
  let pos = from;
  let equals = line.indexOf('=', pos);
  while (equals >= 0 && pos < line.length && pairs.length < MAX_EXTENSIONS) {
    let end = line.indexOf(delimiter, pos);
    if (end < 0) end = line.length;
    if (equals > pos && equals < end) {
      const key = line.slice(pos, equals).trim();
      if (key.length > 0 && key.length <= 64) pairs.push([key, line.slice(equals + 1, end).trim()]);
    }
    pos = end + 1;
    if (equals < pos) equals = line.indexOf('=', pos);
  }
  return pairs;
}
