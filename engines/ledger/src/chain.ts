import { createHash } from 'node:crypto';
import { canonicalize } from './canonical.ts';
import type { CanonicalLimits, JsonValue } from './canonical.ts';

/** Version of the record format and of the hash construction. A new construction gets a new number and a new tag. */
export const LEDGER_VERSION = 1;

// The tags keep these hashes apart from any other use of SHA-256 in a product (domain separation): no file, mail or
// Merkle node can ever be passed off as a ledger entry. Each ends in NUL, which canonical JSON never contains.
const ENTRY_TAG = Buffer.from('banya/ledger/entry/1\0', 'utf8');
const GENESIS_TAG = Buffer.from('banya/ledger/genesis/1\0', 'utf8');

const HASH = /^[0-9a-f]{64}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What the caller adds to a chain. */
export interface LedgerEntry {
  /** The caller's clock: RFC 3339 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
  readonly at: string;
  /** The fact itself; plain JSON. */
  readonly body: JsonValue;
}

/** The state of a chain after `seq` entries. Seq 0 is the genesis. Also used as an anchor: a head kept elsewhere. */
export interface Head {
  readonly chain: string;
  readonly seq: number;
  /** SHA-256, 64 lower-case hexadecimal digits. */
  readonly hash: string;
}

/** One stored row. `hash` covers every other field. */
export interface LedgerRecord {
  readonly v: number;
  readonly chain: string;
  readonly seq: number;
  readonly at: string;
  readonly prevHash: string;
  readonly body: JsonValue;
  readonly hash: string;
}

/**
 * The head of an empty chain: SHA-256(genesis tag ‖ UTF-8 of the name). The name (for instance an organisation's id)
 * is hashed in, so one chain can never be presented as another.
 * @throws RangeError when the name is empty, longer than 200 characters or not well-formed Unicode.
 */
export function genesis(chain: string): Head {
  if (chain.length === 0 || chain.length > 200 || !chain.isWellFormed()) {
    throw new RangeError('a chain name has 1 to 200 well-formed characters');
  }
  return { chain, seq: 0, hash: createHash('sha256').update(GENESIS_TAG).update(chain, 'utf8').digest('hex') };
}

/**
 * SHA-256(entry tag ‖ 32 bytes of the previous hash ‖ UTF-8 of the canonical JSON of {at, body, chain, seq, v}).
 * The previous hash has a fixed length, so no two different inputs have the same bytes.
 */
export function entryHash(prevHash: string, chain: string, seq: number, at: string, body: JsonValue, limits?: CanonicalLimits): string {
  return createHash('sha256')
    .update(ENTRY_TAG)
    .update(prevHash, 'hex')
    .update(canonicalize({ at, body, chain, seq, v: LEDGER_VERSION }, limits), 'utf8')
    .digest('hex');
}

/**
 * The record that follows `head`. Pure: the caller stores it, and makes sure (by a unique key on chain and seq, say)
 * that two writers do not both follow the same head. `headOf(record)` is the next head.
 *
 * Order of `at` is not demanded: clocks step back, and a refused audit entry is worse than an odd time.
 * @throws RangeError for a malformed head or time; CanonicalError for a body that is not plain JSON or too large.
 */
export function appendEntry(head: Head, entry: LedgerEntry, limits?: CanonicalLimits): LedgerRecord {
  if (!isHead(head) || head.seq >= Number.MAX_SAFE_INTEGER) throw new RangeError('malformed ledger head');
  if (!isInstant(entry.at)) throw new RangeError('an entry time is written like 2026-11-22T01:05:00.000Z');
  const seq = head.seq + 1;
  const hash = entryHash(head.hash, head.chain, seq, entry.at, entry.body, limits);
  return { v: LEDGER_VERSION, chain: head.chain, seq, at: entry.at, prevHash: head.hash, body: entry.body, hash };
}

/** The head that a record leaves behind. */
export function headOf(record: LedgerRecord): Head {
  return { chain: record.chain, seq: record.seq, hash: record.hash };
}

/** True for a well-formed head; says nothing about whether it belongs to a real chain. */
export function isHead(value: unknown): value is Head {
  if (typeof value !== 'object' || value === null) return false;
  const head = value as Partial<Record<keyof Head, unknown>>;
  return (
    typeof head.chain === 'string' &&
    head.chain.length > 0 &&
    typeof head.seq === 'number' &&
    Number.isSafeInteger(head.seq) &&
    head.seq >= 0 &&
    typeof head.hash === 'string' &&
    HASH.test(head.hash)
  );
}

/** True for an existing instant in exactly the form of `toISOString` (no second spelling of the same time). */
export function isInstant(text: unknown): text is string {
  if (typeof text !== 'string' || !INSTANT.test(text)) return false;
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString() === text;
}
