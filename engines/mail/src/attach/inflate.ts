import { gunzipSync, inflateRawSync, inflateSync, constants, zstdDecompressSync } from 'node:zlib';
import type { Budget } from './budget.ts';

export type Unpacked =
  | { readonly kind: 'ok'; readonly bytes: Uint8Array }
  /** More came out than the ratio or the mail's whole budget allows. */
  | { readonly kind: 'bomb' }
  | { readonly kind: 'broken' };

const DECODERS = { raw: inflateRawSync, zlib: inflateSync, gzip: gunzipSync, zstd: zstdDecompressSync } as const;

/**
 * Decompresses with the real output counted against the mail's budget. A stream that is cut off gives what it holds.
 * A declared size is never believed.
 */
export function unpack(method: keyof typeof DECODERS, packed: Uint8Array, budget: Budget, max = Infinity): Unpacked {
  const { ratio, ratioFrom } = budget.limits;
  const allowed = Math.floor(Math.min(budget.room, Math.max(ratioFrom, packed.length * ratio)));
  const cap = Math.min(allowed, max);
  if (cap <= 0) return { kind: 'bomb' };
  const finishFlush = method === 'zstd' ? constants.ZSTD_e_flush : constants.Z_SYNC_FLUSH;
  try {
    const bytes = DECODERS[method](packed, { maxOutputLength: cap, finishFlush });
    budget.spend(bytes.length);
    return { kind: 'ok', bytes };
  } catch (error) {
    const tooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    if (tooLarge) budget.spend(cap);
    return { kind: tooLarge ? 'bomb' : 'broken' };
  }
}

/** Content that stands uncompressed. It is counted, too: entries may overlap and so hold one another many times. */
export function stored(bytes: Uint8Array, budget: Budget): Unpacked {
  if (bytes.length > budget.room) return { kind: 'bomb' };
  budget.spend(bytes.length);
  return { kind: 'ok', bytes };
}
