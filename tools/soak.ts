import { rmSync } from 'node:fs';
import { KillRig, prepareHouse } from '../apps/server/test/killing.ts';

/** Kills a house a hundred times (or as often as told) in the midst of traffic: `npm run soak -- [rounds] [seed]`. One line a round, a sum at the end; exit code 1 when a line was lost or doubled. */
const rounds = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
if (!Number.isSafeInteger(rounds) || rounds < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('usage: npm run soak -- [rounds] [seed]\n');
  process.exit(2);
}
const prepared = await prepareHouse();
const rig = new KillRig(prepared, seed);
const started = Date.now();
let wrong = 0;
let [stored, acknowledged] = [0, 0];
process.stdout.write(`${rounds} rounds, seed ${seed}\n`);
try {
  for (let round = 0; round <= rounds; round++) {
    const tally = round < rounds ? await rig.round(1500) : await rig.finish();
    const good = tally.lost === 0 && tally.doubled === 0 && tally.counted === tally.stored;
    if (!good) wrong += 1;
    ({ stored, acknowledged } = tally);
    process.stdout.write(`start ${String(round).padStart(3)}  ${good ? 'ok   ' : 'WRONG'}  acknowledged ${acknowledged}  stored ${stored}  counted ${tally.counted}  lost ${tally.lost}  doubled ${tally.doubled}\n`);
  }
} finally {
  rmSync(prepared.folder, { recursive: true, force: true });
}
process.stdout.write(`${rounds} kills in ${Math.round((Date.now() - started) / 1000)} s: ${stored} lines stored, ${acknowledged} acknowledged over HTTPS, ${wrong} starts with something wrong\n`);
process.exitCode = wrong === 0 ? 0 : 1;
