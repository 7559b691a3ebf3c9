import { DEFAULT_MAX_DEPTH, DEFAULT_MAX_LENGTH, canonicalize } from './canonical.ts';
import type { CanonicalLimits } from './canonical.ts';
import type { LedgerRecord } from './chain.ts';
import { ChainVerifier } from './verify.ts';
import type { VerifyOptions, VerifyResult } from './verify.ts';

// A record's text is the hashed text plus the fields prevHash and hash, of fixed length.
const HASH_FIELDS_LENGTH = `"hash":"${'0'.repeat(64)}","prevHash":"${'0'.repeat(64)}",`.length;

/**
 * One record as a line of a ledger file: canonical JSON and a line feed. There is exactly one right byte sequence per
 * record, so every flipped bit of a file is seen, also one that would leave the JSON equal in meaning.
 */
export function encodeRecord(record: LedgerRecord, limits: CanonicalLimits = {}): string {
  return canonicalize(record, recordLimits(limits)) + '\n';
}

/**
 * Verifies a ledger file (lines made by {@link encodeRecord}) from its bytes, in chunks of any size. Memory is bounded
 * by the longest permitted line. A file that ends inside a line fails with `encoding`.
 */
export async function verifyFile(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, options: VerifyOptions): Promise<VerifyResult> {
  const verifier = new ChainVerifier(options);
  const limits = recordLimits(options);
  // One UTF-16 code unit takes at most three bytes of UTF-8.
  const lineBytesMax = limits.maxLength * 3;
  let line = new Uint8Array(4_096);
  let used = 0;
  let going = true;

  for await (const chunk of chunks) {
    let start = 0;
    while (going && start < chunk.length) {
      const newline = chunk.indexOf(0x0a, start);
      const part = chunk.subarray(start, newline === -1 ? chunk.length : newline);
      if (used + part.length > lineBytesMax) {
        verifier.fail('too_large');
        going = false;
        break;
      }
      if (used + part.length > line.length) {
        const larger = new Uint8Array(Math.max(line.length * 2, used + part.length));
        larger.set(line.subarray(0, used));
        line = larger;
      }
      line.set(part, used);
      used += part.length;
      if (newline === -1) break;
      start = newline + 1;
      going = pushLine(verifier, line.subarray(0, used), limits);
      used = 0;
    }
    if (!going) break;
  }
  if (going && used > 0) verifier.fail('encoding');
  return verifier.end();
}

function pushLine(verifier: ChainVerifier, line: Uint8Array, limits: Required<CanonicalLimits>): boolean {
  let record: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
    record = JSON.parse(text);
    if (canonicalize(record, limits) !== text) throw new SyntaxError('not canonical');
  } catch {
    verifier.fail('encoding');
    return false;
  }
  return verifier.push(record);
}

function recordLimits(limits: CanonicalLimits): Required<CanonicalLimits> {
  return {
    maxDepth: limits.maxDepth ?? DEFAULT_MAX_DEPTH,
    maxLength: (limits.maxLength ?? DEFAULT_MAX_LENGTH) + HASH_FIELDS_LENGTH,
  };
}
