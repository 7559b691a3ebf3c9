export type SpoolErrorCode =
  /** The disk is below its floor: intake is refused until there is room. Nothing acknowledged is lost. */
  | 'SPOOL_FULL'
  /** More is waiting for the disk than memory should hold: slow down and try again. */
  | 'SPOOL_BUSY'
  /** The disk refused a write or a sync. */
  | 'SPOOL_FAILED'
  /** A record that cannot be kept: too large, or its source is no UUID. */
  | 'SPOOL_RECORD'
  /** The position is no longer, or not yet, in the spool. */
  | 'SPOOL_GONE'
  | 'SPOOL_CLOSED';

export class SpoolError extends Error {
  readonly code: SpoolErrorCode;

  constructor(code: SpoolErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SpoolError';
    this.code = code;
  }
}
