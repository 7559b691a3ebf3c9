import type { Hit, LogSource, RuleSource } from '@banya/sigma';

/** How a file is cut into events: one JSON object a line, JSON values one after another or in a list, or lines of devices. */
export type Format = 'json' | 'stream' | 'lines';

export interface Order {
  readonly rules: readonly RuleSource[];
  readonly logsource: LogSource | null;
  readonly pipeline: RuleSource | null;
  /** When lines count as received, in milliseconds since 1970. */
  readonly nowMs: number;
}

export interface Chunk {
  readonly id: number;
  readonly file: number;
  readonly format: Format;
  readonly bytes: Uint8Array;
  /** Where records are no lines: start, end and line of each; lines count from 0 within the chunk. */
  readonly values: readonly number[] | null;
  /** Lines of the file in this chunk, where its bytes do not hold them. */
  readonly lines: number | null;
  /** Each line may be JSON or text, and lists may be wrapped. */
  readonly auto: boolean;
}

export interface EventHits {
  /** Within the chunk, from 0. */
  readonly line: number;
  readonly event: Record<string, unknown>;
  readonly timeMs: number | null;
  /** Of the event as text, about. */
  readonly bytes: number;
  readonly hits: readonly Hit[];
}

export interface Result {
  readonly id: number;
  readonly events: number;
  /** Lines that are no event. */
  readonly bad: number;
  /** The first of them, from 0. */
  readonly badAt: readonly number[];
  readonly lines: number;
  readonly found: readonly EventHits[];
  /** Why the chunk was given up; all its lines are bad then. */
  readonly error: string | null;
}

export interface Ready {
  readonly ready: true;
  readonly rules: number;
  readonly correlations: number;
  readonly errors: readonly string[];
}
