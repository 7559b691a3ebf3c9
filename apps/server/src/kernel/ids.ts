import { randomBytes } from 'node:crypto';

let lastMs = 0;
let counter = 0;
let lastHex = '';
let hexOfMs = -1;

/** Random hex digits ahead of need: one call to the system's generator costs more than all else about an id. */
const POOL_BYTES = 2048;
let pool = '';
let poolAt = 0;

function randomHex(digits: number): string {
  if (poolAt + digits > pool.length) {
    pool = randomBytes(POOL_BYTES).toString('hex');
    poolAt = 0;
  }
  poolAt += digits;
  return pool.slice(poolAt - digits, poolAt);
}

/** Takes the next step: `lastMs` and `counter` are the new id's own. */
function step(nowMs: number): void {
  const ms = Math.floor(nowMs);
  if (ms > lastMs) {
    lastMs = ms;
    counter = Number.parseInt(randomHex(3), 16) & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
}

/**
 * A UUID version 7 (RFC 9562 §5.7, with the 12-bit counter of §6.2 method 1): ids made by one process sort by creation.
 * Made here, not in SQL, since PostgreSQL 15 has no uuidv7().
 */
export function newId(nowMs: number = Date.now()): string {
  step(nowMs);
  if (hexOfMs !== lastMs) {
    hexOfMs = lastMs;
    const hex = lastMs.toString(16).padStart(12, '0');
    lastHex = `${hex.slice(0, 8)}-${hex.slice(8)}-`;
  }
  const random = randomHex(16);
  // The variant's two bits, then two of the random ones.
  const variant = '89ab'[Number.parseInt(random[0]!, 16) & 3]!;
  return `${lastHex}${(0x7000 | counter).toString(16)}-${variant}${random.slice(1, 4)}-${random.slice(4)}`;
}

let bytesPool = Buffer.alloc(0);
let bytesAt = 0;

/** The same as sixteen bytes, for the many ids of log lines; written into `id`. */
export function newIdBytes(nowMs: number, id: Uint8Array): void {
  step(nowMs);
  if (bytesAt + 8 > bytesPool.length) {
    bytesPool = randomBytes(POOL_BYTES);
    bytesAt = 0;
  }
  const high = Math.floor(lastMs / 0x1_0000);
  id[0] = high >>> 24;
  id[1] = high >>> 16;
  id[2] = high >>> 8;
  id[3] = high;
  id[4] = lastMs >>> 8;
  id[5] = lastMs;
  id[6] = 0x70 | (counter >>> 8);
  id[7] = counter;
  for (let i = 8; i < 16; i++) id[i] = bytesPool[bytesAt++]!;
  id[8] = (id[8]! & 0x3f) | 0x80;
}
