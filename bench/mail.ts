/**
 * How well and how fast mails are judged: `node bench/mail.ts`. Runs the engine over the development corpora beside the
 * repository where there are any, and over our own Japanese mails. Time is the processor's, of one core, so that a busy
 * machine does not count; the clock's is told beside it. Prints a line of JSON.
 */
import { corpusCases, flagged, judgeAll, ownCases, type Case, type Result } from '../engines/mail/bench/corpus.ts';
import { report, spread } from './lib/report.ts';

const share = (list: readonly Result[]): number => (list.length === 0 ? NaN : Math.round((1_000 * list.filter(flagged).length) / list.length) / 10);

async function measure(cases: readonly Case[]): Promise<{ readonly figures: object; readonly results: readonly Result[]; readonly cpuMs: number[] }> {
  const results: Result[] = [];
  const cpuMs: number[] = [];
  // The first mails pay for loading and for lists that are prepared once.
  await judgeAll(cases.slice(0, 30));
  for (const one of cases) {
    const before = process.cpuUsage();
    results.push(...(await judgeAll([one])));
    const { user, system } = process.cpuUsage(before);
    cpuMs.push((user + system) / 1_000);
  }
  const [bad, good] = [results.filter((one) => one.bad), results.filter((one) => !one.bad)];
  const abstained = results.filter(({ analysis }) => analysis.verdict === 'insufficient').length;
  return { results, cpuMs, figures: { mails: results.length, recallPercent: share(bad), falsePositivesPercent: share(good), abstainedPercent: Math.round((1_000 * abstained) / Math.max(1, results.length)) / 10, cpuMs: spread(cpuMs), clockMs: spread(results.map(({ ms }) => ms)) } };
}

const foreign = await measure(corpusCases());
const blind = await measure(await ownCases('blind'));
const all = [...foreign.cpuMs, ...blind.cpuMs];
const mailsPerSecond = Math.round((1_000 * all.length) / all.reduce((sum, ms) => sum + ms, 0));
report('mail', { foreign: foreign.figures, japaneseBlind: blind.figures, cpuMs: spread(all), mailsPerSecondPerCore: mailsPerSecond }, `mails: p95 ${spread(all).p95} ms of one core, ${mailsPerSecond} a second (promised: 120 ms, 60 a second)`);
