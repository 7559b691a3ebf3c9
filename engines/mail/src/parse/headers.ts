/** Header blocks: cut into fields, unfolded, decoded; parameters (RFC 2231) and dates (RFC 5322, section 3.3). */
import type { HeaderField } from '../types.ts';
import { decode } from './charset.ts';
import { LIMITS } from './limits.ts';
import { decodeWords } from './words.ts';

/** A field as it stood: name in lower case, value unfolded with its bytes as latin1. */
export interface RawField {
  readonly name: string;
  readonly raw: string;
}

export interface Block {
  readonly fields: RawField[];
  /** Where the body begins. */
  readonly body: number;
  /** Bytes of the block. */
  readonly size: number;
  /** The block did not end as it must: no empty line, or a line that is no header. */
  readonly broken: boolean;
  readonly cut: boolean;
}

// A URL at the beginning of a line is no field.
const FIELD = /^[!-9;-~]{1,80}[ \t]{0,8}:(?!\/\/)/;

/** True for a line that begins a header field. */
export function isHeaderLine(line: string): boolean {
  return FIELD.test(line.length > 90 ? line.slice(0, 90) : line);
}

/**
 * The header block of bytes `start`…`end`, reading at most `budget` bytes of fields (further lines are passed over).
 * A line that is no header ends the block, unless a header follows it: then it was broken off the field before.
 */
export function readBlock(bytes: Buffer, start: number, end: number, budget: number): Block {
  const fields: RawField[] = [];
  let name = '';
  let value: string[] = [];
  let at = start;
  let used = 0;
  let broken = false;
  let cut = false;
  const close = (): void => {
    if (name !== '') fields.push({ name, raw: value.join('').replace(/[\r\n\0]/g, ' ').trim() });
    name = '';
    value = [];
  };
  const lineEnd = (from: number): number => {
    const found = bytes.indexOf(0x0a, from);
    return found < 0 || found >= end ? end : found;
  };
  const line = (from: number, to: number): string => bytes.toString('latin1', from, to > from && bytes[to - 1] === 0x0d ? to - 1 : to);
  while (at < end) {
    const stop = lineEnd(at);
    // Only as much of a line as the budget allows is looked at; a longer one is passed over.
    const length = Math.min(stop - at, Math.max(0, budget - used));
    if (length < stop - at) cut = true;
    const text = line(at, at + length === stop ? stop : at + length);
    const next = Math.min(end, stop + 1);
    if (stop === at || (stop === at + 1 && bytes[at] === 0x0d)) {
      close();
      return { fields, body: next, size: used, broken, cut };
    }
    const first = bytes[at]!;
    if (!cut || length > 0) {
      if ((first === 0x20 || first === 0x09) && name !== '') value.push(text);
      else if (FIELD.test(text.slice(0, 90))) {
        close();
        if (fields.length < LIMITS.fields) {
          const colon = text.indexOf(':');
          name = text.slice(0, colon).trim().toLowerCase();
          value.push(text.slice(colon + 1));
        } else cut = true;
      } else if (!(first === 0x20 || first === 0x09)) {
        broken = true;
        const after = lineEnd(next);
        if (next < end && isHeaderLine(line(next, Math.min(after, next + 90)))) {
          if (name !== '') value.push(` ${text}`);
        } else {
          close();
          return { fields, body: at, size: used, broken, cut };
        }
      }
    }
    used += length;
    at = next;
  }
  close();
  return { fields, body: end, size: used, broken: true, cut };
}

/** Unicode of a raw value: raw 8-bit and ISO-2022-JP bytes decoded, encoded words still closed. */
export function openRaw(raw: string, hint?: string): string {
  const text = raw.length > LIMITS.value ? raw.slice(0, LIMITS.value) : raw;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80 || code === 0x1b) return decode(Buffer.from(text, 'latin1'), hint).text;
  }
  return text;
}

/** The field as a reader sees it. `hint`: charset of the mail's body, for raw bytes. */
export function openField(field: RawField, hint?: string): HeaderField {
  return { name: field.name, value: decodeWords(openRaw(field.raw, hint)), raw: field.raw };
}

export interface Structured {
  /** Lower case. */
  readonly value: string;
  readonly params: ReadonlyMap<string, string>;
}

/** Parameters at most; further ones are dropped. */
const PARAMETERS = 200;

/**
 * `value; name=value; …` (RFC 2045, section 5.1) with continuations and charsets of RFC 2231 and with encoded words in
 * values, which the standard forbids and Japanese mails are full of. The first of two equal names counts.
 */
export function structured(raw: string, hint?: string): Structured {
  const text = openRaw(raw, hint);
  const parts = split(text);
  const plain = new Map<string, string>();
  const pieces = new Map<string, { index: number; value: string; coded: boolean }[]>();
  for (const part of parts.slice(1, PARAMETERS + 1)) {
    const equals = part.text.indexOf('=');
    if (equals < 0) continue;
    const name = part.text.slice(0, equals).trim().toLowerCase();
    const value = unquote(part.text.slice(equals + 1).trim());
    const form = /^([^*\s]{1,60})(?:\*(\d{1,3}))?(\*)?$/.exec(name);
    if (form === null) continue;
    if (form[2] === undefined && form[3] === undefined) {
      if (!plain.has(name)) plain.set(name, decodeWords(value));
      continue;
    }
    const list = pieces.get(form[1]!) ?? [];
    list.push({ index: Number(form[2] ?? 0), value, coded: form[3] !== undefined });
    pieces.set(form[1]!, list);
  }
  for (const [name, list] of pieces) plain.set(name, continued(list));
  return { value: (parts[0]?.text ?? '').replace(/\([^()]*\)/g, '').trim().toLowerCase(), params: plain };
}

/** Parts between semicolons outside quotes. */
function split(text: string): { text: string }[] {
  const out: { text: string }[] = [];
  let from = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quoted && char === '\\') i++;
    else if (char === '"') quoted = !quoted;
    else if (char === ';' && !quoted) {
      out.push({ text: text.slice(from, i) });
      from = i + 1;
    }
  }
  out.push({ text: text.slice(from) });
  return out;
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value.replace(/\s\([^()]*\)$/, '');
  let out = '';
  for (let i = 1; i < value.length; i++) {
    const char = value[i]!;
    // A backslash before anything but a quote is a path of Windows, not an escape.
    if (char === '\\' && (value[i + 1] === '"' || value[i + 1] === '\\')) out += value[++i]!;
    else if (char === '"') break;
    else out += char;
  }
  return out;
}

/** Bytes of a percent-coded text; a `%` that introduces nothing stays. */
function percentBytes(text: string): Buffer {
  const input = Buffer.from(text, 'utf8');
  let fill = 0;
  for (let i = 0; i < input.length; i++) {
    const pair = input[i] === 0x25 ? input.toString('latin1', i + 1, i + 3) : '';
    if (/^[0-9a-fA-F]{2}$/.test(pair)) {
      input[fill++] = Number.parseInt(pair, 16);
      i += 2;
    } else input[fill++] = input[i]!;
  }
  return input.subarray(0, fill);
}

/** RFC 2231, sections 3 and 4: pieces in order, percent-coded ones as bytes of the charset that the first names. */
function continued(list: { index: number; value: string; coded: boolean }[]): string {
  const sorted = list.toSorted((a, b) => a.index - b.index);
  let charset: string | undefined;
  const bytes: Buffer[] = [];
  for (const [i, piece] of sorted.entries()) {
    let value = piece.value;
    if (piece.coded && i === 0) {
      const form = /^([^']{0,40})'[^']{0,20}'/.exec(value);
      if (form !== null) {
        charset = form[1];
        value = value.slice(form[0].length);
      }
    }
    if (piece.coded) bytes.push(percentBytes(value));
    else bytes.push(Buffer.from(value, charset === undefined ? 'utf8' : 'latin1'));
  }
  return decodeWords(decode(Buffer.concat(bytes), charset ?? 'utf-8').text);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ZONES = new Map(Object.entries({ jst: 540, kst: 540, ut: 0, utc: 0, gmt: 0, z: 0, est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420, cet: 60, cest: 120 }));

function iso(year: number, month: number, day: number, hour: number, minute: number, second: number, zone: number): string | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60 || Math.abs(zone) > 18 * 60) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second) - zone * 60_000);
  if (year < 1970 || year > 2200 || Number.isNaN(date.getTime())) return undefined;
  return date.toISOString();
}

/** ISO 8601 in UTC of a Date header, undefined when it cannot be read. Without a zone it is taken for UTC. */
export function parseDate(value: string): string | undefined {
  const text = value.slice(0, 120);
  const found = /(\d{1,2})[ -]{1,3}([A-Za-z]{3})[a-z]{0,6}[ -]{1,3}(\d{2,4})[ ,]{1,3}(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s{0,3}([+-]\d{4}|[A-Za-z]{1,4}))?/.exec(text);
  if (found === null) return parseScreenDate(text, 0);
  const month = MONTHS.indexOf(found[2]!.toLowerCase()) + 1;
  let year = Number(found[3]);
  if (year < 100) year += year < 50 ? 2000 : 1900;
  const zone = found[7] ?? '';
  const sign = zone.startsWith('-') ? -1 : 1;
  const offset = /^[+-]/.test(zone) ? sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5))) : (ZONES.get(zone.toLowerCase()) ?? 0);
  return iso(year, month, Number(found[1]), Number(found[4]), Number(found[5]), Number(found[6] ?? 0), offset);
}

/**
 * A date as programs write it above a quoted mail: `2026年1月5日 10:23`, `2026/01/05 10:23:45`,
 * `Monday, January 5, 2026 10:23 AM`. `zone`: minutes east of UTC that such a date is meant in.
 */
export function parseScreenDate(value: string, zone: number): string | undefined {
  const text = value.slice(0, 120).normalize('NFKC');
  const time = /(午前|午後|AM|PM)?\s{0,2}(\d{1,2})[:時]\s?(\d{2})(?:[:分]\s?(\d{2}))?\s{0,2}(AM|PM)?/i.exec(text);
  let hour = Number(time?.[2] ?? 0);
  const half = (time?.[1] ?? time?.[5] ?? '').toLowerCase();
  if ((half === 'pm' || half === '午後') && hour < 12) hour += 12;
  if ((half === 'am' || half === '午前') && hour === 12) hour = 0;
  const clock = [hour, Number(time?.[3] ?? 0), Number(time?.[4] ?? 0)] as const;
  const offset = /([+-])(\d{2}):?(\d{2})\)?$/.exec(text.trim());
  const east = offset === null ? zone : (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
  const numbers = /(\d{4})[年/.-]\s?(\d{1,2})[月/.-]\s?(\d{1,2})/.exec(text);
  if (numbers !== null) return iso(Number(numbers[1]), Number(numbers[2]), Number(numbers[3]), ...clock, east);
  const american = /([A-Za-z]{3})[a-z]{0,6}\.? (\d{1,2}),? (\d{4})/.exec(text);
  if (american !== null) return iso(Number(american[3]), MONTHS.indexOf(american[1]!.toLowerCase()) + 1, Number(american[2]), ...clock, east);
  const british = /(\d{1,2}) ([A-Za-z]{3})[a-z]{0,6}\.? (\d{4})/.exec(text);
  if (british !== null) return iso(Number(british[3]), MONTHS.indexOf(british[2]!.toLowerCase()) + 1, Number(british[1]), ...clock, east);
  return undefined;
}

/** Message ids of a References or In-Reply-To value, with their angle brackets, in order, at most a hundred. */
export function messageIds(value: string): string[] {
  return value.slice(0, LIMITS.value).match(/<[^<>\s]{1,500}>/g)?.slice(0, LIMITS.references) ?? [];
}
