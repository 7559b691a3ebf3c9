/**
 * Hostile mails through the watched children of the server: `node engines/mail/bench/hostile-mails.ts [--mails 10000] [--from 0]
 * [--verbose]`. Runs itself again in a network of its own (`unshare -n`) where the machine allows it, so that no packet can
 * leave; says so. Each mail has 5 s and 256 MB. Prints a line of JSON; ends with 1 when the parent saw anything it should not.
 */
import { spawnSync } from 'node:child_process';
import { HostilePool } from '../../../apps/server/src/kernel/hostile/pool.ts';
import { hostileMail } from '../test/hostile/generate.ts';
import type { Said } from '../test/hostile/child.ts';

const option = (name: string, usual: number): number => { const at = process.argv.indexOf(`--${name}`); return at < 0 ? usual : Number(process.argv[at + 1]); };
const INSIDE = process.env['BANYA_NO_NETWORK'] === 'yes';
if (import.meta.main && !INSIDE) {
  for (const flags of ['-n', '-rn']) {
    if (spawnSync('unshare', [flags, 'true']).status !== 0) continue;
    const { status } = spawnSync('unshare', [flags, process.execPath, ...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit', env: { ...process.env, BANYA_NO_NETWORK: 'yes' } });
    process.exit(status ?? 1);
  }
}

export interface Tally { mails: number; answered: number; stopped: number; failed: number; networks: number; silent: number }

/** Judges the mails of these numbers; `told` hears of each. */
export async function judgeHostile(pool: HostilePool, from: number, count: number, told: (seed: number, family: string, ms: number, said: Said | string) => void): Promise<Tally> {
  const tally: Tally = { mails: 0, answered: 0, stopped: 0, failed: 0, networks: 0, silent: 0 };
  const one = async (seed: number): Promise<void> => {
    const { family, bytes } = hostileMail(seed);
    const start = performance.now();
    tally.mails++;
    try {
      const said = await pool.run<Said>(bytes, null);
      tally.answered++;
      tally.networks += said.networks;
      // An empty answer would leave the desk alone: a verdict and a reason or a trouble must stand.
      if (said.verdicts.length === 0 || (said.reasons === 0 && said.troubles.length === 0)) tally.silent++;
      told(seed, family, performance.now() - start, said);
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      if (code === 'file_too_heavy') tally.stopped++;
      else tally.failed++;
      told(seed, family, performance.now() - start, code ?? message);
    }
  };
  let next = from;
  const lane = async (): Promise<void> => { while (next < from + count) await one(next++); };
  await Promise.all([lane(), lane()]);
  return tally;
}

if (import.meta.main) {
  const pool = new HostilePool(new URL('../test/hostile/child.ts', import.meta.url), { seconds: 5, memoryBytes: 256 * 1024 * 1024, size: 2 });
  const times: number[] = [];
  const stopped: Record<string, number> = {};
  const began = performance.now();
  const tally = await judgeHostile(pool, option('from', 0), option('mails', 10_000), (seed, family, ms, said) => {
    times.push(ms);
    if (typeof said !== 'string') return void (process.argv.includes('--verbose') && said.ms > 1_000 && process.stdout.write(`  slow ${seed} ${family} ${Math.round(said.ms)} ms\n`));
    stopped[family] = (stopped[family] ?? 0) + 1;
    if (process.argv.includes('--verbose')) process.stdout.write(`  ${said} ${seed} ${family} ${Math.round(ms)} ms\n`);
  });
  pool.close();
  times.sort((a, b) => a - b);
  const at = (q: number): number => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * q))] ?? 0);
  process.stdout.write(`${JSON.stringify({ bench: 'hostile-mails', ...tally, stoppedBy: stopped, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1), seconds: Math.round((performance.now() - began) / 1000), network: INSIDE ? 'none (own empty network)' : 'of the machine' })}\n`);
  process.exitCode = tally.failed + tally.networks + tally.silent > 0 || tally.mails !== tally.answered + tally.stopped ? 1 : 0;
}
