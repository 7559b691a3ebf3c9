/** The ways in which devices write the time at the head of a line. */
import { fullYear, latestYear, localMs, type Zone } from './time.ts';

export interface TimeReading {
  /** Epoch milliseconds. */
  time: number;
  /** Index behind the reading. */
  next: number;
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

// The clock part being read; module-wide because reading is synchronous and this spares an object per line.
let hour = 0;
let minute = 0;
let second = 0;
let ms = 0;
let at = 0;

/**
 * Reads a time at `from` into `out.time` and `out.next`; false when there is none. Understood:
 * `Jan  2 03:04:05[.123] [zone]`, `Jan  2 2026 03:04:05`, `Jan  2 03:04:05 2026`, `2026 Jan  2 03:04:05`,
 * `2026-01-02T03:04:05[.123456](Z|+09:00)` (RFC 3339), zones as `+0900`, `GMT`, `JST`, `GMT+09:00`, `2026/01/02 03:04:05`, `26/01/02 03:04:05`.
 */
export function readTime(line: string, from: number, receivedAt: number, zone: Zone, out: TimeReading): boolean {
  const c = line.charCodeAt(from);
  return c >= 48 && c <= 57 ? readNumeric(line, from, receivedAt, zone, out) : readNamed(line, from, 0, receivedAt, zone, out);
}

function digit(line: string, pos: number): number {
  const c = line.charCodeAt(pos) - 48;
  return c >= 0 && c <= 9 ? c : -1;
}

function twoDigits(line: string, pos: number): number {
  const a = digit(line, pos);
  const b = digit(line, pos + 1);
  return a < 0 || b < 0 ? -1 : a * 10 + b;
}

function fourDigits(line: string, pos: number): number {
  const a = twoDigits(line, pos);
  const b = twoDigits(line, pos + 2);
  return a < 0 || b < 0 || digit(line, pos + 4) >= 0 ? -1 : a * 100 + b;
}

/** `hh:mm:ss` with an optional fraction. */
function readClock(line: string, from: number): boolean {
  hour = twoDigits(line, from);
  minute = twoDigits(line, from + 3);
  second = twoDigits(line, from + 6);
  ms = 0;
  if (hour < 0 || minute < 0 || second < 0 || line.charCodeAt(from + 2) !== 58 || line.charCodeAt(from + 5) !== 58) return false;
  at = from + 8;
  const mark = line.charCodeAt(at);
  if ((mark === 46 || mark === 44) && digit(line, at + 1) >= 0) {
    let scale = 100;
    for (at++; digit(line, at) >= 0 && at < from + 20; at++) {
      ms += digit(line, at) * scale;
      scale = Math.floor(scale / 10);
    }
  }
  return true;
}

/** A zone behind the clock, in milliseconds east of Greenwich; NaN where there is none. Moves `at`. */
function readOffset(line: string): number {
  const from = line.charCodeAt(at) === 32 ? at + 1 : at;
  const c = line.charCodeAt(from);
  if (c === 90 && !isWord(line.charCodeAt(from + 1))) {
    at = from + 1;
    return 0;
  }
  if (c === 43 || c === 45) {
    const hours = twoDigits(line, from + 1);
    const colon = line.charCodeAt(from + 3) === 58 ? 1 : 0;
    const minutes = twoDigits(line, from + 3 + colon);
    if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return NaN;
    at = from + 5 + colon;
    return (c === 45 ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  }
  if (c === 85 || c === 71 || c === 74) {
    const name = line.slice(from, from + 3);
    if (name !== 'JST') {
      const behind = readBehindName(line, from + 3);
      if (!Number.isNaN(behind)) return behind;
    }
    if ((name === 'UTC' || name === 'GMT' || name === 'JST') && !isWord(line.charCodeAt(from + 3))) {
      at = from + 3;
      return name === 'JST' ? 9 * 3_600_000 : 0;
    }
  }
  return NaN;
}

/** What follows GMT or UTC in Java's way of writing zones: `+09:00`, `+0900`, `+9`. East of Greenwich is plus. */
function readBehindName(line: string, from: number): number {
  const sign = line.charCodeAt(from);
  if (sign !== 43 && sign !== 45) return NaN;
  let pos = from + 1;
  let hours = digit(line, pos++);
  if (hours < 0) return NaN;
  if (digit(line, pos) >= 0) hours = hours * 10 + digit(line, pos++);
  let minutes = 0;
  const colon = line.charCodeAt(pos) === 58 ? 1 : 0;
  if (twoDigits(line, pos + colon) >= 0) {
    minutes = twoDigits(line, pos + colon);
    pos += 2 + colon;
  }
  if (hours > 15 || minutes > 59 || isWord(line.charCodeAt(pos))) return NaN;
  at = pos;
  return (sign === 45 ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function isWord(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 45 || c === 95 || c === 46;
}

function finish(local: number, offset: number, zone: Zone, out: TimeReading): boolean {
  if (Number.isNaN(local)) return false;
  out.time = Number.isNaN(offset) ? zone.toUtc(local) : local - offset;
  out.next = at;
  return true;
}

function readNamed(line: string, from: number, givenYear: number, receivedAt: number, zone: Zone, out: TimeReading): boolean {
  const index = MONTHS.indexOf(line.slice(from, from + 3));
  if (index < 0 || index % 3 !== 0 || line.charCodeAt(from + 3) !== 32) return false;
  const month = index / 3 + 1;
  let pos = from + 4;
  if (line.charCodeAt(pos) === 32) pos++;
  let day = digit(line, pos++);
  if (day < 0) return false;
  if (digit(line, pos) >= 0) day = day * 10 + digit(line, pos++);
  if (line.charCodeAt(pos) === 44) pos++;
  if (line.charCodeAt(pos) !== 32) return false;
  pos++;
  let year = givenYear;
  const yearFirst = fourDigits(line, pos);
  if (yearFirst >= 1970 && line.charCodeAt(pos + 4) === 32) {
    year = yearFirst;
    pos += 5;
  }
  if (!readClock(line, pos)) return false;
  const offset = readOffset(line);
  if (year === 0 && line.charCodeAt(at) === 32) {
    const yearLast = fourDigits(line, at + 1);
    if (yearLast >= 1970 && isYearBehind(line, at + 5, yearLast, receivedAt)) {
      year = yearLast;
      at += 5;
    }
  }
  if (year > 0) return finish(localMs(year, month, day, hour, minute, second, ms), offset, zone, out);
  const toUtc = Number.isNaN(offset) ? (local: number) => zone.toUtc(local) : (local: number) => local - offset;
  const time = latestYear(month, day, hour, minute, second, ms, receivedAt, toUtc);
  if (Number.isNaN(time)) return false;
  out.time = time;
  out.next = at;
  return true;
}

/**
 * Whether four digits behind the clock are a year and no sender's name: before a lone colon they are (an IPv6 address such as
 * `2001:db8::1` goes on behind it), before a space only where the year is one of these days (`2001` may be a host).
 */
function isYearBehind(line: string, end: number, year: number, receivedAt: number): boolean {
  const behind = line.charCodeAt(end);
  if (behind === 58) return year < 2100 && line.charCodeAt(end + 1) === 32;
  return behind === 32 && Math.abs(year - new Date(receivedAt).getUTCFullYear()) <= 1;
}

function readNumeric(line: string, from: number, receivedAt: number, zone: Zone, out: TimeReading): boolean {
  let year = fourDigits(line, from);
  let pos = from + 4;
  if (year < 0) {
    const short = twoDigits(line, from);
    if (short < 0 || digit(line, from + 2) >= 0) return false;
    year = fullYear(short);
    pos = from + 2;
  } else if (line.charCodeAt(pos) === 32) return readNamed(line, pos + 1, year, receivedAt, zone, out);
  const mark = line.charCodeAt(pos);
  if ((mark !== 45 && mark !== 47) || line.charCodeAt(pos + 3) !== mark) return false;
  const month = twoDigits(line, pos + 1);
  const day = twoDigits(line, pos + 4);
  const between = line.charCodeAt(pos + 6);
  if (month < 0 || day < 0 || (between !== 84 && between !== 32 && between !== 116)) return false;
  if (!readClock(line, pos + 7)) return false;
  return finish(localMs(year, month, day, hour, minute, second, ms), readOffset(line), zone, out);
}

/** A time that is the whole of `text` or its beginning, or NaN. For values inside lines. */
export function timeOf(text: string, receivedAt: number, zone: Zone): number {
  const out = { time: NaN, next: 0 };
  return readTime(text, 0, receivedAt, zone, out) ? out.time : NaN;
}
