import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

/** Figures in milliseconds of many answers. */
export interface Spread {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Nearest-rank percentiles; NaN when nothing was measured. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN);
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function commit(): string {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    // What the measures themselves write changes nothing that is measured.
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no', '--', ':/', ':(top,exclude)README.md', ':(top,exclude)bench/results.json') ? '+' : '');
  } catch {
    return 'unknown';
  }
}

/** When, on what and of what state something is measured. A commit with `+` had changes on top. */
export const circumstances = (): object => ({
  at: new Date().toISOString(), hardware: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB`, load: loadavg().map(round), node: process.version, commit: commit(),
});

/** One line of JSON with what it was measured on, and one for people. */
export function report(bench: string, figures: object, words: string): void {
  console.log(JSON.stringify({ bench, ...figures, ...circumstances() }));
  console.log(words);
}

/** `--name value` or `--name` (true) out of the arguments. @throws Error for one that is not among `known` */
export function flags(known: readonly string[], args: readonly string[] = process.argv.slice(2)): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const name = args[i]!.replace(/^--/, '');
    if (!args[i]!.startsWith('--') || !known.includes(name)) throw new Error(`${args[i]} is not an option; there are: ${known.map((k) => `--${k}`).join(' ')}`);
    found.set(name, args[i + 1] !== undefined && !args[i + 1]!.startsWith('--') ? args[++i]! : 'true');
  }
  return found;
}
