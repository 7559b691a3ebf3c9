/** Why the events store could not do something. */
export type EventsErrorCode =
  /** Memory, disk or too much at once: try the same thing again later. Nothing is lost. */
  | 'EVENTS_BUSY'
  /** The engine is gone or unreachable and did not come back in time: try again later. */
  | 'EVENTS_UNAVAILABLE'
  /** The query took longer than it may. */
  | 'EVENTS_TIMEOUT'
  /** The query found more rows than it may return: narrow it, or say LIMIT. */
  | 'EVENTS_TOO_MANY_ROWS'
  /** SQL that may not run here: another table, a function that is not on the list, a second statement … */
  | 'EVENTS_FORBIDDEN'
  /** Another process has the folder open. */
  | 'EVENTS_LOCKED'
  /** The migrations on file and those applied differ. */
  | 'EVENTS_MIGRATION'
  /** The engine refused the statement. */
  | 'EVENTS_FAILED';

export class EventsError extends Error {
  readonly code: EventsErrorCode;
  /** ClickHouse's own number (https://clickhouse.com/docs; system.errors), where it gave one. */
  readonly engineCode: number | undefined;

  constructor(code: EventsErrorCode, message: string, options: { engineCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EventsError';
    this.code = code;
    this.engineCode = options.engineCode;
  }
}

/** 241 MEMORY_LIMIT_EXCEEDED, 243 NOT_ENOUGH_SPACE, 202 TOO_MANY_SIMULTANEOUS_QUERIES, 252 TOO_MANY_PARTS, 439 CANNOT_SCHEDULE_TASK. */
const BUSY: ReadonlySet<number> = new Set([241, 243, 202, 252, 439]);
/** 159 TIMEOUT_EXCEEDED, 160 TOO_SLOW. */
const SLOW: ReadonlySet<number> = new Set([159, 160]);
/** 396 TOO_MANY_ROWS_OR_BYTES (result limits), 158 TOO_MANY_ROWS. */
const MANY: ReadonlySet<number> = new Set([396, 158]);

/** The words of Node when the block to insert finds no room on the disk. */
const FULL = /^(?:ENOSPC|EDQUOT)\b/;

/** The error for an exception text of ClickHouse: `Code: 241. DB::Exception: … (MEMORY_LIMIT_EXCEEDED)`. */
export function engineError(text: string, knownCode?: number): EventsError {
  const code = knownCode ?? Number(/Code: (\d+)/.exec(text)?.[1] ?? 0);
  const kind: EventsErrorCode = BUSY.has(code) || FULL.test(text) ? 'EVENTS_BUSY' : SLOW.has(code) ? 'EVENTS_TIMEOUT' : MANY.has(code) ? 'EVENTS_TOO_MANY_ROWS' : 'EVENTS_FAILED';
  return new EventsError(kind, text.slice(0, 2000), { engineCode: code });
}
