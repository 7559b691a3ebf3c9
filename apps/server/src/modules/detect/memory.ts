import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { CorrelatorState } from '@banya/sigma';

/**
 * The memory of correlations as it is kept: compressed in the thread that has it, since at thousands of lines a second it is
 * megabytes, and the embedded database writes nothing else while it writes those.
 */
export type KeptMemory = string;

const BYTES_MAX = 512 * 1024 * 1024;

export const packMemory = (state: CorrelatorState): KeptMemory => zstdCompressSync(serialize(state), { params: { [constants.ZSTD_c_compressionLevel]: 1 } }).toString('base64');

export const unpackMemory = (kept: KeptMemory): CorrelatorState => deserialize(zstdDecompressSync(Buffer.from(kept, 'base64'), { maxOutputLength: BYTES_MAX })) as CorrelatorState;
