/** One parser per source: bytes and the time of receipt in, an ECS event out. Never throws on input. */
import { type Frame, MAX_LINE } from './syslog/framing.ts';
import { decode, type Encoding } from './syslog/encoding.ts';
import { parseHeader, SyslogHeader } from './syslog/header.ts';
import { clockIsSane, Zone } from './syslog/time.ts';
import type { EcsEvent } from './ecs.ts';
import type { ParseContext, ParsedEvent, Problem } from './event.ts';
import type { Family } from './families/family.ts';
import { FAMILIES, generic, SPECIFIC } from './families/index.ts';
import { OwnRanges } from './net.ts';

export interface ParserOptions {
  /** Family id to try first; `auto` (default) learns it from the lines. Either way every line falls back to the others. */
  family?: string | undefined;
  /** Zone of the device clock where a line names none: IANA name or offset. Default `Asia/Tokyo`. */
  timeZone?: string | undefined;
  /** Encoding pinned to the source, used where a line is not UTF-8. */
  encoding?: Encoding | undefined;
  /** Public networks (CIDR) and addresses that belong to the organisation, besides the private ranges. */
  ownRanges?: readonly string[] | undefined;
}

export interface Parser {
  /** `receivedAt` in epoch milliseconds; `truncated` as the framer reported it. */
  parse(input: Uint8Array | string, receivedAt: number, truncated?: boolean): ParsedEvent;
  parseBatch(inputs: readonly (Uint8Array | string | Frame)[], receivedAt: number): ParsedEvent[];
}

/** @throws RangeError for an unknown family, time zone or network: mistakes of the caller, not of the input. */
export function createParser(options: ParserOptions = {}): Parser {
  return new LineParser(options);
}

class LineParser implements Parser, ParseContext {
  receivedAt = 0;
  start = 0;
  readonly header = new SyslogHeader();
  readonly zone: Zone;
  readonly own: OwnRanges;
  readonly #encoding: Encoding | undefined;
  readonly #pinned: boolean;
  #first: Family;
  #problems: Problem[] = [];

  constructor(options: ParserOptions) {
    this.zone = new Zone(options.timeZone ?? 'Asia/Tokyo');
    this.own = new OwnRanges(options.ownRanges ?? []);
    this.#encoding = options.encoding;
    const wanted = options.family ?? 'auto';
    const family = wanted === 'auto' ? SPECIFIC[0] : FAMILIES.find((candidate) => candidate.id === wanted);
    if (!family) throw new RangeError(`unknown log family: ${wanted}`);
    this.#first = family;
    this.#pinned = wanted !== 'auto';
  }

  note(problem: Problem): void {
    if (!this.#problems.includes(problem)) this.#problems.push(problem);
  }

  parse(input: Uint8Array | string, receivedAt: number, truncated = false): ParsedEvent {
    this.receivedAt = receivedAt;
    this.#problems = [];
    const long = input.length > MAX_LINE;
    let line: string;
    if (typeof input === 'string') line = long ? input.slice(0, MAX_LINE) : input;
    else {
      const decoded = decode(long ? input.subarray(0, MAX_LINE) : input, this.#encoding);
      line = decoded.text;
      if (decoded.problem !== null) this.note(decoded.problem);
    }
    parseHeader(line, receivedAt, this.zone, this.header);
    this.start = this.header.start;
    const result = this.#read(line);
    if (long || truncated) {
      this.note('truncated');
      result.event['banya.truncated'] = true;
    }
    this.#finish(result.event);
    if (this.#problems.length > 0) result.problems = this.#problems;
    return result;
  }

  parseBatch(inputs: readonly (Uint8Array | string | Frame)[], receivedAt: number): ParsedEvent[] {
    return inputs.map((input) => (typeof input === 'string' || input instanceof Uint8Array ? this.parse(input, receivedAt) : this.parse(input.bytes, receivedAt, input.truncated)));
  }

  #read(line: string): ParsedEvent {
    const found = this.#offer(line);
    if (found) return found;
    const { header } = this;
    if (header.hostStart >= 0 && header.hostStart < header.start) {
      // What stood where RFC 3164 wants a host name may be the first word of a device that sends none.
      const { host, app } = header;
      this.start = header.tagStart = header.hostStart;
      header.host = header.app = '';
      const again = this.#offer(line);
      if (again) return again;
      header.host = host;
      header.app = app;
      this.start = header.start;
    }
    return generic.parse(line, this) as ParsedEvent;
  }

  #offer(line: string): ParsedEvent | null {
    const hit = this.#attempt(this.#first, line);
    if (hit && this.#first !== generic) return hit;
    for (const family of SPECIFIC) {
      if (family === this.#first) continue;
      const result = this.#attempt(family, line);
      if (!result) continue;
      if (!this.#pinned) this.#first = family;
      return result;
    }
    return null;
  }

  /** A mistake in a family must not stop the stream: the line then counts as not understood. */
  #attempt(family: Family, line: string): ParsedEvent | null {
    try {
      return family.parse(line, this);
    } catch {
      this.note('parser_error');
      return null;
    }
  }

  #finish(event: EcsEvent): void {
    const { header, receivedAt } = this;
    let time = event['@timestamp'] ?? NaN;
    if (Number.isNaN(time)) time = header.time;
    if (Number.isNaN(time)) time = receivedAt;
    else if (!clockIsSane(time, receivedAt)) {
      event['banya.device_time'] = time;
      event['banya.clock_suspect'] = true;
      this.note('clock_suspect');
      time = receivedAt;
    }
    event['@timestamp'] = time;
    if (header.priority >= 0) {
      event['log.syslog.priority'] = header.priority;
      event['log.syslog.facility.code'] = header.facility;
      event['log.syslog.severity.code'] = header.severity;
      event['event.severity'] ??= header.severity;
    }
    if (header.host !== '') {
      event['log.syslog.hostname'] = header.host;
      event['observer.name'] ??= header.host;
    }
    if (header.app !== '') event['log.syslog.appname'] = header.app;
    if (header.procid !== '') event['log.syslog.procid'] = header.procid;
    if (header.msgid !== '') event['log.syslog.msgid'] = header.msgid;
    // One form for all families, as ECS has it: without the brackets that mail puts around it.
    const mail = event['email.message_id'];
    if (mail !== undefined && mail.length > 2 && mail.startsWith('<') && mail.endsWith('>')) event['email.message_id'] = mail.slice(1, -1);
    const source = event['source.ip'];
    const destination = event['destination.ip'];
    if (source !== undefined) event['network.type'] = source.includes(':') ? 'ipv6' : 'ipv4';
    if (source !== undefined && destination !== undefined) event['network.direction'] ??= this.own.direction(source, destination);
  }
}

export interface FamilyGuess {
  family: string;
  /** Share of the lines it recognises, weighted by how surely, 0–1. */
  confidence: number;
}

/** Which family some first lines of a source belong to, best first; families without any match are left out. */
export function detectFamily(lines: readonly string[], receivedAt: number): FamilyGuess[] {
  const header = new SyslogHeader();
  const zone = new Zone('Asia/Tokyo');
  const few = lines.slice(0, 200).map((line) => line.slice(0, 4096));
  if (few.length === 0) return [];
  const bodies = few.map((line) => {
    parseHeader(line, receivedAt, zone, header);
    // Check Point puts all it says where RFC 5424 has structured data.
    if (header.sdEnd > header.sdStart && header.start >= line.length) return line.slice(header.sdStart);
    return /^(?:LAN|PP|TUNNEL)/.test(header.app) ? line.slice(header.tagStart) : line.slice(header.start);
  });
  return SPECIFIC.map((family) => ({ family: family.id, confidence: bodies.reduce((sum, body) => sum + family.match(body), 0) / bodies.length }))
    .filter((guess) => guess.confidence > 0)
    .sort((a, b) => b.confidence - a.confidence);
}
