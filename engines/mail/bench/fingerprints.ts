/**
 * Search for one campaign among a million fingerprints.
 * Run: node engines/mail/bench/fingerprints.ts [entries]. Half of the entries are random, half belong to campaigns whose
 * members differ in up to three bits, as real ones crowd; each search is checked against comparing with every entry.
 */
import { cpus } from 'node:os';
import { distance, FingerprintIndex } from '../src/fingerprint.ts';

const entries = Number(process.argv[2] ?? 1_000_000);
let state = 20_260_101;
/** Mulberry32: the same numbers in every run. */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return (t ^ (t >>> 14)) >>> 0;
}
const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
const fresh = (): [number, number] => [random(), random()];
function bend([high, low]: [number, number], bits: number): [number, number] {
  const out: [number, number] = [high, low];
  for (let i = 0; i < bits; i++) {
    const bit = random() % 64;
    if (bit < 32) out[1] ^= 1 << bit;
    else out[0] ^= 1 << (bit - 32);
  }
  return out;
}
const text = ([high, low]: [number, number]): string => hex(high) + hex(low);

const campaigns = Array.from({ length: Math.max(1, Math.floor(entries / 2_000)) }, fresh);
const all = Array.from({ length: entries }, (_, i) => text(i % 2 === 0 ? fresh() : bend(campaigns[i % campaigns.length]!, random() % 4)));

const before = process.memoryUsage();
const index = new FingerprintIndex(entries);
let start = performance.now();
for (const [i, hash] of all.entries()) index.add(hash, String(i));
const filled = performance.now() - start;
const after = process.memoryUsage();

const times: number[] = [];
let found = 0;
const queries = 2_000;
for (let i = 0; i < queries; i++) {
  const query = i % 2 === 0 ? text(fresh()) : text(campaigns[i % campaigns.length]!);
  start = performance.now();
  const near = index.find(query, 3, 100_000);
  times.push(performance.now() - start);
  found += near.length;
  if (i >= 6) continue;
  let truth = 0;
  for (const hash of all) if (distance(hash, query) <= 3) truth++;
  if (truth !== near.length) throw new Error(`query ${i}: ${near.length} found, ${truth} there`);
}
times.sort((a, b) => a - b);
const at = (share: number): string => times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(3);
console.log(`${cpus().length} cores, ${cpus()[0]?.model ?? ''}, Node ${process.version}`);
console.log(`${entries} fingerprints taken in within ${(filled / 1000).toFixed(1)} s; ${((after.arrayBuffers - before.arrayBuffers) / 2 ** 20).toFixed(0)} MB of arrays`);
console.log(`${queries} searches within 3 bits: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(1)} ms; ${found} entries found`);
