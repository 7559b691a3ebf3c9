/**
 * Made-up lines of every family that has no public samples to measure with: the lines of test/fixtures with their numbers,
 * addresses, ports and names varied, in the same place and of the same kind. Deterministic by seed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { random } from './generate.ts';

const folder = join(import.meta.dirname, '../test/fixtures');

/** The lines of the fixtures by family. */
export function fixtureLines(): Map<string, string[]> {
  const out = new Map<string, string[]>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt')).sort()) {
    const rows = readFileSync(join(folder, file), 'utf8').split('\n').filter((row) => row !== '' && !row.startsWith('=> '));
    out.set(basename(file, '.txt'), rows.map((row) => (row.startsWith('"') ? (JSON.parse(row) as string) : row)));
  }
  return out;
}

/** `count` lines of one family: a fixture with the last part of its addresses, its ports and its account names drawn anew. */
export function familyLines(family: string, count: number, seed = 1): string[] {
  const lines = fixtureLines().get(family);
  if (lines === undefined) throw new RangeError(`no fixtures of ${family}`);
  const next = random(seed);
  const int = (max: number): number => Math.floor(next() * max);
  const out: string[] = [];
  for (let i = 0; i < count; i++) {
    const line = lines[int(lines.length)] as string;
    out.push(
      line
        .replace(/\b(192\.168\.\d{1,3}|203\.0\.113|198\.51\.100)\.\d{1,3}\b/g, (_, net: string) => `${net}.${int(254) + 1}`)
        .replace(/(?<=[^\d.:-])(?:4[0-9]|5[0-9])\d{3}(?=[^\d.:-])/g, () => String(40_000 + int(20_000)))
        .replace(/\b(sato|suzuki|tanaka)\b/g, () => `user${int(300)}`),
    );
  }
  return out;
}
