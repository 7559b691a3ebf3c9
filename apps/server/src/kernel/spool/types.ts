/** What a door received: one line or datagram, and where it came from. */
export interface SpoolRecord {
  /** Registered source (UUID). */
  readonly sourceId: string;
  /** Arrival, epoch milliseconds. */
  readonly receivedAt: number;
  /** Bit 0: line was cut at the cap. Bit 1: sender address unverified (UDP). */
  readonly flags: number;
  readonly payload: Uint8Array;
}

/** A record as it is read back: where it stands in the memory of its batch. */
export interface StoredRecord {
  readonly sourceId: string;
  readonly receivedAt: number;
  readonly flags: number;
  /** Where its payload begins in `SpoolBatch.memory`, and how long it is. */
  readonly at: number;
  readonly length: number;
}

/** A place in the spool: segment number and byte offset in it. Totally ordered. */
export interface SpoolPosition {
  readonly segment: number;
  readonly offset: number;
}

export interface SpoolBatch {
  readonly from: SpoolPosition;
  readonly to: SpoolPosition;
  /** `lane:segment:fromOffset-toOffset`; the same batch is cut again after a crash. */
  readonly token: string;
  readonly records: readonly StoredRecord[];
  /** The stretch of the segment that the records were read from; a thread may read it without a copy. */
  readonly memory: Uint8Array<SharedArrayBuffer>;
  readonly bytes: number;
}

/**
 * The doors' fsynced journal. What `append` has acknowledged survives the death of the process and of the power.
 * Segments stay until the next verified state backup (`keepUntil`), from which a restored Banya replays.
 */
export interface Spool {
  /** Resolves when the records are on disk (group commit, at most 200 ms). Rejects with code SPOOL_FULL below the disk floor. */
  append(records: readonly SpoolRecord[]): Promise<void>;
  /**
   * The next batch after the committed position, or null after `waitMs` without one. Batch edges are durable before it is handed out.
   * With `after`, the end of a batch that was handed out and is not committed yet, the one that follows it; null as well where
   * bytes cannot be read, since they are passed over only once everything before them is committed.
   * `memory` is read into when it is large enough: many megabytes a second that the garbage collector need not look for.
   */
  next(options: { maxBytes: number; maxRecords: number; waitMs: number; after?: SpoolPosition; memory?: SharedArrayBuffer | undefined }): Promise<SpoolBatch | null>;
  /** Everything up to `to` is processed. */
  commit(to: SpoolPosition): Promise<void>;
  position(): { readonly written: SpoolPosition; readonly committed: SpoolPosition; readonly backlogBytes: number };
  /** Segments wholly before this may be deleted. */
  keepUntil(position: SpoolPosition): Promise<void>;
  /** After a restore: process again from here; batches whose token the state store knows are skipped. */
  rewind(position: SpoolPosition): Promise<void>;
  close(): Promise<void>;
}
