import { CanonicalError } from './canonical.ts';
import type { CanonicalLimits, JsonValue } from './canonical.ts';
import { LEDGER_VERSION, entryHash, genesis, isHead, isInstant } from './chain.ts';
import type { Head } from './chain.ts';

export type VerifyFailure =
  | 'shape' // a field is missing, unknown or of the wrong kind
  | 'version' // written by a format this verifier does not know
  | 'chain' // belongs to another chain
  | 'seq' // an entry is missing, doubled or out of order
  | 'prev_hash' // does not follow from the entry before it
  | 'hash' // content and hash disagree
  | 'anchor' // a head kept elsewhere says something else
  | 'truncated' // the chain ends before the last anchor
  | 'encoding' // (files only) not the canonical bytes of a record
  | 'too_large'; // an entry exceeds the limits

export type VerifyResult =
  | { readonly ok: true; readonly count: number; readonly head: Head }
  | { readonly ok: false; readonly atSeq: number; readonly reason: VerifyFailure };

export interface VerifyOptions extends CanonicalLimits {
  /** Name of the chain, checked on every record. */
  readonly chain: string;
  /** Verified head to continue from (its record is not read again). Default: the genesis of `chain`. */
  readonly from?: Head;
  /**
   * Heads kept outside the store (mailed, time-stamped, printed). Without an anchor a hash chain cannot show that its
   * newest entries were cut off, nor that the whole chain was written anew.
   */
  readonly anchors?: Iterable<Head>;
}

const FIELDS = ['v', 'chain', 'seq', 'at', 'prevHash', 'body', 'hash'] as const;

/** Step-by-step verifier with constant memory (beside the anchors); the three public functions drive it. */
export class ChainVerifier {
  readonly #options: VerifyOptions;
  readonly #anchors: Map<number, string>;
  readonly #lastAnchor: number;
  readonly #from: Head;
  #head: Head;
  #failure: VerifyResult | undefined;

  /** @throws RangeError when `from` or an anchor is malformed, belongs to another chain or contradicts another. */
  constructor(options: VerifyOptions) {
    this.#options = options;
    const start = genesis(options.chain);
    this.#from = options.from ?? start;
    this.#anchors = new Map([[0, start.hash]]);
    let last = 0;
    for (const anchor of [this.#from, ...(options.anchors ?? [])]) {
      if (!isHead(anchor) || anchor.chain !== options.chain) throw new RangeError('malformed anchor or anchor of another chain');
      const known = this.#anchors.get(anchor.seq);
      if (known !== undefined && known !== anchor.hash) throw new RangeError(`anchors disagree at seq ${anchor.seq}`);
      this.#anchors.set(anchor.seq, anchor.hash);
      last = Math.max(last, anchor.seq);
    }
    this.#lastAnchor = last;
    this.#head = this.#from;
  }

  /** The number the next record must carry. */
  get nextSeq(): number {
    return this.#head.seq + 1;
  }

  /** Takes the next record; false once anything is wrong, after which further records are not looked at. */
  push(record: unknown): boolean {
    if (this.#failure !== undefined) return false;
    const reason = this.#check(record);
    if (reason !== undefined) this.fail(reason);
    return this.#failure === undefined;
  }

  /** Records a failure found by the caller, for instance by a file reader. The first failure stands. */
  fail(reason: VerifyFailure): void {
    this.#failure ??= { ok: false, atSeq: this.nextSeq, reason };
  }

  /** The verdict after the last record. */
  end(): VerifyResult {
    if (this.#failure === undefined && this.#head.seq < this.#lastAnchor) this.fail('truncated');
    return this.#failure ?? { ok: true, count: this.#head.seq - this.#from.seq, head: this.#head };
  }

  #check(value: unknown): VerifyFailure | undefined {
    if (typeof value !== 'object' || value === null) return 'shape';
    const record = value as Record<(typeof FIELDS)[number], unknown>;
    // An unknown field would ride along unprotected by the hash, so it is refused.
    if (Object.keys(record).length !== FIELDS.length || !FIELDS.every((field) => Object.hasOwn(record, field))) return 'shape';
    if (record.v !== LEDGER_VERSION) return 'version';
    if (record.chain !== this.#options.chain) return 'chain';
    const { seq } = record;
    if (seq !== this.nextSeq) return 'seq';
    if (record.prevHash !== this.#head.hash) return 'prev_hash';
    if (!isInstant(record.at)) return 'shape';
    let hash: string;
    try {
      hash = entryHash(this.#head.hash, this.#options.chain, seq, record.at, record.body as JsonValue, this.#options);
    } catch (error) {
      if (error instanceof CanonicalError) return error.code === 'too_large' || error.code === 'too_deep' ? 'too_large' : 'shape';
      throw error;
    }
    if (record.hash !== hash) return 'hash';
    const anchor = this.#anchors.get(seq);
    if (anchor !== undefined && anchor !== hash) return 'anchor';
    this.#head = { chain: this.#options.chain, seq, hash };
    return undefined;
  }
}

/**
 * Verifies records in order of seq, one at a time, in memory that does not grow with the chain. Stops reading at the
 * first failure; `atSeq` is the number the offending record should have carried.
 */
export async function verifyChain(records: Iterable<unknown> | AsyncIterable<unknown>, options: VerifyOptions): Promise<VerifyResult> {
  const verifier = new ChainVerifier(options);
  for await (const record of records) if (!verifier.push(record)) break;
  return verifier.end();
}

/** The same for records already at hand, without promises. */
export function verifyChainSync(records: Iterable<unknown>, options: VerifyOptions): VerifyResult {
  const verifier = new ChainVerifier(options);
  for (const record of records) if (!verifier.push(record)) break;
  return verifier.end();
}
