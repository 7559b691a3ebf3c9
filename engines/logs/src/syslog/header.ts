/** Syslog headers: RFC 5424, RFC 3164 and what devices really send. */
import type { Zone } from './time.ts';
import { readTime, type TimeReading } from './timestamp.ts';

/** What stands before the device's own text. One object is reused for every line of a parser. */
export class SyslogHeader implements TimeReading {
  /** PRI value 0–191, or -1 where there is none. */
  priority = -1;
  /** 1 for RFC 5424, else 0. */
  version = 0;
  /** Device time in epoch milliseconds, NaN where the header has none. */
  time = NaN;
  host = '';
  app = '';
  procid = '';
  msgid = '';
  /** Range of the STRUCTURED-DATA of RFC 5424; empty where there is none. */
  sdStart = 0;
  sdEnd = 0;
  /** Where the device's own text begins. */
  start = 0;
  /** Where HOSTNAME of RFC 3164 began, or -1: a reader who does not understand the rest may try from here. */
  hostStart = -1;
  /** Where TAG began; equals `start` where there is no tag. */
  tagStart = 0;
  /** Index behind what was read last. */
  next = 0;

  get facility(): number {
    return this.priority < 0 ? -1 : this.priority >> 3;
  }

  get severity(): number {
    return this.priority < 0 ? -1 : this.priority & 7;
  }

  reset(): void {
    this.priority = -1;
    this.version = 0;
    this.time = NaN;
    this.host = this.app = this.procid = this.msgid = '';
    this.sdStart = this.sdEnd = this.start = this.tagStart = this.next = 0;
    this.hostStart = -1;
  }
}

const SPACE = 32;

/**
 * Reads the header of `line` into `out`. Never fails: what is no header is the device's own text.
 * `zone` is used for times without zone, `receivedAt` for times without year.
 */
export function parseHeader(line: string, receivedAt: number, zone: Zone, out: SyslogHeader): void {
  out.reset();
  let pos = line.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (line.charCodeAt(pos) === 60) pos = readPriority(line, pos, out);
  out.start = pos;
  if (out.priority >= 0 && line.charCodeAt(pos) === 49 && line.charCodeAt(pos + 1) === SPACE && parse5424(line, pos + 2, receivedAt, zone, out)) return;
  pos = skipSequence(line, pos);
  // Cisco marks clocks that are not synchronised with * or a dot.
  const mark = line.charCodeAt(pos);
  if ((mark === 42 || mark === 46) && looksLikeTime(line.charCodeAt(pos + 1))) pos++;
  if (!looksLikeTime(line.charCodeAt(pos)) || !readTime(line, pos, receivedAt, zone, out)) {
    readTag(line, out.start, out);
    return;
  }
  pos = out.next;
  if (line.charCodeAt(pos) === 58) pos++;
  while (line.charCodeAt(pos) === SPACE) pos++;
  out.start = pos;
  readHost(line, pos, out);
  readTag(line, out.start, out);
}

/** `<PRI>`: one to three digits, at most 191 (RFC 5424, section 6.2.1). */
function readPriority(line: string, from: number, out: SyslogHeader): number {
  let value = 0;
  let pos = from + 1;
  for (; pos < from + 4; pos++) {
    const c = line.charCodeAt(pos);
    if (!(c >= 48 && c <= 57)) break;
    value = value * 10 + c - 48;
  }
  if (pos === from + 1 || line.charCodeAt(pos) !== 62 || value > 191) return from;
  out.priority = value;
  return pos + 1;
}

/** Leading message numbers (`123: `, `000123: `) that some switches and routers put before the time. */
function skipSequence(line: string, from: number): number {
  let pos = from;
  while (pos - from < 12) {
    const c = line.charCodeAt(pos);
    if (!(c >= 48 && c <= 57)) break;
    pos++;
  }
  if (pos === from || line.charCodeAt(pos) !== 58 || line.charCodeAt(pos + 1) !== SPACE) return from;
  while (line.charCodeAt(pos + 1) === SPACE) pos++;
  return pos + 1;
}

function looksLikeTime(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90);
}

/** HOSTNAME of RFC 3164, section 4.1.2: one word, but never something that can only be a tag or a text. */
function readHost(line: string, from: number, out: SyslogHeader): void {
  let pos = from;
  for (; pos < line.length && pos - from <= 255; pos++) {
    const c = line.charCodeAt(pos);
    if (c === SPACE) break;
    // = [ ] % < > ( ) " { | stand in tags and texts, not in host names.
    if (c === 61 || c === 91 || c === 93 || c === 37 || c === 60 || c === 62 || c === 40 || c === 41 || c === 34 || c === 123 || c === 124) return;
  }
  if (pos === from || line.charCodeAt(pos) !== SPACE || line.charCodeAt(pos - 1) === 58) return;
  out.host = line.slice(from, pos);
  out.hostStart = from;
  while (line.charCodeAt(pos) === SPACE) pos++;
  // Some firewalls put a lone colon between name and text.
  if (line.charCodeAt(pos) === 58 && line.charCodeAt(pos + 1) === SPACE) pos += 2;
  out.start = pos;
}

/** TAG and `[pid]` before a colon; the colon must be followed by a space or the end. */
function readTag(line: string, from: number, out: SyslogHeader): void {
  out.tagStart = from;
  let pos = from;
  for (; pos < line.length && pos - from <= 64; pos++) {
    const c = line.charCodeAt(pos);
    const word = (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 45 || c === 95 || c === 47 || c === 46;
    if (!word) break;
  }
  if (pos === from) return;
  const nameEnd = pos;
  let pidEnd = pos;
  if (line.charCodeAt(pos) === 91) {
    pidEnd = line.indexOf(']', pos);
    if (pidEnd < 0 || pidEnd - pos > 32) return;
    pos = pidEnd + 1;
  }
  if (line.charCodeAt(pos) !== 58) return;
  if (pos + 1 < line.length && line.charCodeAt(pos + 1) !== SPACE) return;
  out.app = line.slice(from, nameEnd);
  if (pidEnd > nameEnd) out.procid = line.slice(nameEnd + 1, pidEnd);
  pos++;
  while (line.charCodeAt(pos) === SPACE) pos++;
  out.start = pos;
}

/** TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG] (RFC 5424, section 6). */
function parse5424(line: string, from: number, receivedAt: number, zone: Zone, out: SyslogHeader): boolean {
  let pos = from;
  if (line.charCodeAt(pos) === 45 && line.charCodeAt(pos + 1) === SPACE) pos += 2;
  else {
    if (!readTime(line, pos, receivedAt, zone, out) || line.charCodeAt(out.next) !== SPACE) return false;
    pos = out.next + 1;
  }
  const words = ['', '', '', ''];
  for (let i = 0; i < 4; i++) {
    const end = line.indexOf(' ', pos);
    if (end < 0) {
      out.time = NaN;
      return false;
    }
    const word = line.slice(pos, end);
    if (word !== '-') words[i] = word.slice(0, 255);
    pos = end + 1;
  }
  [out.host, out.app, out.procid, out.msgid] = words as [string, string, string, string];
  out.version = 1;
  if (line.charCodeAt(pos) === 45) pos++;
  else {
    out.sdStart = pos;
    pos = endOfStructuredData(line, pos);
    out.sdEnd = pos;
  }
  if (line.charCodeAt(pos) === SPACE) pos++;
  if (line.charCodeAt(pos) === 0xfeff) pos++;
  out.start = out.tagStart = pos;
  return true;
}

/** Index behind the last `]` of the SD-ELEMENTs; quotes and their escapes are respected (section 6.3.3). */
function endOfStructuredData(line: string, from: number): number {
  let pos = from;
  while (line.charCodeAt(pos) === 91) {
    let quoted = false;
    let end = pos + 1;
    for (; end < line.length; end++) {
      const c = line.charCodeAt(end);
      if (quoted && c === 92) end++;
      else if (c === 34) quoted = !quoted;
      else if (c === 93 && !quoted) break;
    }
    if (end >= line.length) return from === pos ? from : pos;
    pos = end + 1;
  }
  return pos;
}
