import { ECS_NAMES, type EcsEvent } from './ecs.ts';
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
function bare<T extends object>(constructor: (this: Record<string, unknown>, hint: boolean) => void): new (hint: boolean) => T {
  const made = constructor as unknown as { new (hint: boolean): T; prototype: object };
  made.prototype = Object.freeze(Object.create(null) as object);
  return made;
}

// V8 sizes an object by the assignments it sees in the constructor, run or not, and shrinks that to
// what the first few objects use. Telling it beforehand that an event has about fifty fields halves
// the cost of building one (bench/parse.ts).
const EventRecord = bare<EcsEvent>(function (hint) {
  if (!hint) return;
  this.a = this.b = this.c = this.d = this.e = this.f = this.g = this.h = this.i = this.j = this.k = this.l = this.m = 0;
  this.n = this.o = this.p = this.q = this.r = this.s = this.t = this.u = this.v = this.w = this.x = this.y = this.z = 0;
  this.A = this.B = this.C = this.D = this.E = this.F = this.G = this.H = this.I = this.J = this.K = this.L = this.M = 0;
  this.N = this.O = this.P = this.Q = this.R = this.S = this.T = this.U = this.V = this.W = this.X = this.Y = this.Z = 0;
});
for (let i = 0; i < 8; i++) new EventRecord(true);
const Bag = bare<Unmapped>(function () {});

/** A new, empty event without inherited keys. */
export function newEvent(): EcsEvent {
  return new EventRecord(false);
}

/** A new, empty record for leftover keys, safe for names from input such as `__proto__`. */
export function newBag(): Unmapped {
  return new Bag(false);
}

const NO_PROBLEMS: readonly Problem[] = Object.freeze([]);

/** Puts the parts of a result together; problems are filled in by the parser. */
export function parsed(family: string, event: EcsEvent, unmapped: Unmapped): ParsedEvent {
  return { event, family, unmapped, problems: NO_PROBLEMS };
}

const OF_ECS: ReadonlySet<string> = new Set(ECS_NAMES);

/**
 * An event with its leftovers, as rules ask for fields: ECS names first, then the names of the vendor (`LogonType`,
 * `Parameters.ForwardTo`). One is enough for many events; it is good until the next `open`.
 */
export class EventFields {
  #event: Readonly<Record<string, unknown>> = Object.freeze({});
  #unmapped: Readonly<Unmapped> = Object.freeze({});

  /** Takes records without inherited keys, as parsers give them. */
  open({ event, unmapped }: Pick<ParsedEvent, 'event' | 'unmapped'>): this {
    this.#event = event as Readonly<Record<string, unknown>>;
    this.#unmapped = unmapped;
    return this;
  }

  get(field: string): unknown {
    const value = this.#event[field];
    // Most of what rules ask for is ECS and absent; a set is asked faster than a record of whatever shape.
    return value !== undefined || OF_ECS.has(field) ? value : this.#unmapped[field];
  }

  /** Every value, for rules that name no field. */
  each(visit: (value: unknown) => void): void {
    for (const name in this.#event) visit(this.#event[name]);
    for (const name in this.#unmapped) visit(this.#unmapped[name]);
  }
}
