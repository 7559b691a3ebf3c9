import { rmSync } from 'node:fs';
import { KillRig, prepareHouse } from '../apps/server/test/killing.ts';
import { MailKillRig } from '../apps/server/test/mail-killing.ts';

/**
 * Kills a house a hundred times (or as often as told) in the midst of traffic: `npm run soak -- [rounds] [seed]` for lines,
 * `npm run soak -- mail [rounds] [seed]` for mails (two hundred times). One line a round, a sum at the end; exit code 1 when
 * something was lost or doubled.
 */
const [first, ...rest] = process.argv.slice(2);
const mails = first === 'mail';
const [given, givenSeed] = mails ? rest : [first, ...rest];
const rounds = Number(given ?? (mails ? 200 : 100));
const seed = Number(givenSeed ?? Date.now() % 2 ** 31);
if (!Number.isSafeInteger(rounds) || rounds < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('usage: npm run soak -- [mail] [rounds] [seed]\n');
  process.exit(2);
}

const prepared = await prepareHouse();
const started = Date.now();
let wrong = 0;
let sum = '';
process.stdout.write(`${rounds} rounds of ${mails ? 'mails' : 'lines'}, seed ${seed}\n`);
try {
  const lineRig = new KillRig(prepared, seed);
  const mailRig = new MailKillRig(prepared, seed);
  for (let round = 0; round <= rounds; round++) {
    let good: boolean;
    let figures: string;
    if (mails) {
      const { lost, doubled, stored, acknowledged } = round < rounds ? await mailRig.round(1500) : await mailRig.finish();
      good = lost === 0 && doubled === 0;
      figures = `acknowledged ${acknowledged}  stored ${stored}  lost ${lost}  doubled ${doubled}`;
      sum = `${stored} mails stored, ${acknowledged} answered with 250`;
    } else {
      const { lost, doubled, stored, counted, acknowledged } = round < rounds ? await lineRig.round(1500) : await lineRig.finish();
      good = lost === 0 && doubled === 0 && counted === stored;
      figures = `acknowledged ${acknowledged}  stored ${stored}  counted ${counted}  lost ${lost}  doubled ${doubled}`;
      sum = `${stored} lines stored, ${acknowledged} acknowledged over HTTPS`;
    }
    if (!good) wrong += 1;
    process.stdout.write(`start ${String(round).padStart(3)}  ${good ? 'ok   ' : 'WRONG'}  ${figures}\n`);
  }
} finally {
  rmSync(prepared.folder, { recursive: true, force: true });
}
process.stdout.write(`${rounds} kills in ${Math.round((Date.now() - started) / 1000)} s: ${sum}, ${wrong} starts with something wrong\n`);
process.exitCode = wrong === 0 ? 0 : 1;
