import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HostilePool } from '../../../../apps/server/src/kernel/hostile/pool.ts';
import { judgeHostile } from '../../bench/hostile-mails.ts';
import { FAMILIES, hostileMail } from './generate.ts';
import { expressions, pumps } from './pumps.ts';

let pool: HostilePool;
before(() => { pool = new HostilePool(new URL('./child.ts', import.meta.url), { seconds: 5, memoryBytes: 256 * 1024 * 1024, size: 2 }); });
after(() => pool.close());

// A desk that dies of one mail answers nobody. The long run (10,000) is bench/hostile-mails.ts.
test('three hundred hostile mails: each is answered or stopped by its watch, none ends the parent or opens a socket', { timeout: 600_000 }, async () => {
  const families = new Set<string>();
  const failures: string[] = [];
  const tally = await judgeHostile(pool, 0, 300, (seed, family, _, said) => {
    families.add(family);
    if (typeof said === 'string' && said !== 'file_too_heavy') failures.push(`${seed} ${family}: ${said}`);
  });
  assert.deepEqual(failures, []);
  assert.deepEqual([tally.mails, tally.answered + tally.stopped, tally.networks, tally.silent], [300, 300, 0, 0]);
  assert.ok(tally.stopped <= 15, `${tally.stopped} were stopped: too many would mean that the engine has no bounds of its own`);
  assert.ok(families.size >= Object.keys(FAMILIES).length - 2, [...families].join(' '));
});

test('the same number makes the same mail', () => {
  // Boundaries are counted up by the builder; all else must repeat.
  const made = (seed: number): string => hostileMail(seed).bytes.toString('latin1').replace(/=_b\d+_/g, '');
  for (const seed of [0, 7, 8, 23, 41, 87, 1_003]) assert.equal(made(seed) === made(seed), true, `${seed}`);
});

// An expression that backtracks without end would hang the child on one subject line.
test('every regular expression of the engine runs over its own pumped samples in time that does not explode', () => {
  const sources = expressions();
  assert.ok(sources.length > 150, `${sources.length} expressions were found in the source`);
  const slow: string[] = [];
  for (const source of sources) {
    for (const flags of ['', 'iu', 'i']) {
      let made: RegExp;
      try { made = new RegExp(source, `${flags}g`); } catch { continue; }
      for (const text of pumps(source, 4_000)) {
        const start = process.cpuUsage();
        for (const _ of text.matchAll(made)) { /* only the time counts */ }
        const { user } = process.cpuUsage(start);
        if (user > 400_000) slow.push(`${Math.round(user / 1_000)} ms: /${source.slice(0, 120)}/`);
      }
      break;
    }
  }
  assert.deepEqual(slow, []);
});
