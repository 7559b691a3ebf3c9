import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { CorrelatorState } from '@banya/sigma';

/**
 * The memory of correlations as it is kept: compressed in the thread that has it, since at thousands of lines a second it is
 * megabytes of JSON, and the embedded database writes nothing else while it writes those.
 */
export type KeptMemory = string;

const BYTES_MAX = 512 * 1024 * 1024;

export const packMemory = (state: CorrelatorState): KeptMemory => zstdCompressSync(JSON.stringify(state), { params: { [constants.ZSTD_c_compressionLevel]: 1 } }).toString('base64');

/** @param kept what `packMemory` gave, or the plain state that earlier versions kept */
export const unpackMemory = (kept: KeptMemory | CorrelatorState): CorrelatorState => (typeof kept === 'string' ? (JSON.parse(zstdDecompressSync(Buffer.from(kept, 'base64'), { maxOutputLength: BYTES_MAX }).toString('utf8')) as CorrelatorState) : kept);
