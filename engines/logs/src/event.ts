import type { EcsEvent } from './ecs.ts';
import type { OwnRanges } from './net.ts';
import type { SyslogHeader } from './syslog/header.ts';
import type { Zone } from './syslog/time.ts';

/** What was not quite right with a line. None of these loses the line. */
export type Problem =
  | 'truncated'
  | 'encoding_guessed'
  | 'undecodable'
  | 'clock_suspect'
  | 'broken_quote'
  | 'too_many_keys'
  | 'bad_value'
  | 'parser_error'
  | 'unparsed';

export type Unmapped = Record<string, string>;

export interface ParsedEvent {
  event: EcsEvent;
  /** Family that understood the line; `generic` where none did. */
  family: string;
  /** Leftover keys of the vendor. No inherited keys; at most MAX_UNMAPPED entries. */
  unmapped: Unmapped;
  problems: readonly Problem[];
}

/** What a family needs to know about the line around its own part. */
export interface ParseContext {
  /** Milliseconds since 1970 at which the line was received. */
  receivedAt: number;
  /** Index in the line where the syslog header ends and the device's own text begins. */
  start: number;
  header: SyslogHeader;
  zone: Zone;
  own: OwnRanges;
  /** Notes a problem once. */
  note(problem: Problem): void;
}

/** Leftover keys kept per event. The whole line stays with the caller, so nothing is lost beyond it. */
export const MAX_UNMAPPED = 128;

// An object made by Object.create(null) lives in V8's slow dictionary mode. A constructor whose
// prototype is an empty null-prototype object gives the same safety (no inherited names, a plain
// `__proto__` key) with fast hidden classes.
function bare<T extends object>(): new () => T {
  const constructor = function () {} as unknown as { new (): T; prototype: object };
  constructor.prototype = Object.freeze(Object.create(null) as object);
  return constructor;
}

const EventRecord = bare<EcsEvent>();
const Bag = bare<Unmapped>();

/** A new, empty event without inherited keys. */
export function newEvent(): EcsEvent {
  return new EventRecord();
}

/** A new, empty record for leftover keys, safe for names from input such as `__proto__`. */
export function newBag(): Unmapped {
  return new Bag();
}

const NO_PROBLEMS: readonly Problem[] = Object.freeze([]);

/** Puts the parts of a result together; problems are filled in by the parser. */
export function parsed(family: string, event: EcsEvent, unmapped: Unmapped): ParsedEvent {
  return { event, family, unmapped, problems: NO_PROBLEMS };
}
