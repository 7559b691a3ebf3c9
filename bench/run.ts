/**
 * All measures, one after the other: short by default, `--long` for figures worth keeping. Writes bench/results.json (newest
 * first, at most 20 of each measure) and the table between the markers in README.md.
 *
 *   node bench/run.ts [--long] [--only ingest,pages,…]
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CORPUS } from '../engines/sigma/test/corpus.ts';
import { circumstances, flags } from './lib/report.ts';

const here = import.meta.dirname;
const results = join(here, 'results.json');
const readme = join(here, '../README.md');
const KEPT = 20;
const given = flags(['long', 'only']);
const LONG = given.has('long');
const only = given.get('only')?.split(',');

interface Result extends Record<string, unknown> {
  readonly bench: string;
  readonly at: string;
  readonly hardware: string;
  readonly node: string;
  readonly commit: string;
}

/** Name, command, arguments. */
const measures: readonly (readonly [name: string, ...command: string[]])[] = [
  ['startup', 'startup.ts', '--rounds', LONG ? '5' : '1'],
  ['memory-idle', 'ingest.ts', '--idle', '--seconds', LONG ? '60' : '10'],
  ['ingest-500', 'ingest.ts', '--rate', '500', '--seconds', LONG ? '120' : '10'],
  ['ingest-8000', 'ingest.ts', '--rate', '8000', '--seconds', LONG ? '60' : '10'],
  ['ingest-12500', 'ingest.ts', '--rate', '12500', '--seconds', LONG ? '300' : '10'],
  ['ingest-max', 'ingest.ts', '--rate', 'max', '--seconds', LONG ? '10' : '3'],
  ['report', 'report.ts'],
  ['udp-flood', 'udp-flood.ts', LONG ? '60' : '5'],
  ['mail', 'mail.ts'],
  ['pages', 'pages.ts', '--requests', LONG ? '200' : '20', '--members', '1000'],
  ['mail-answer', 'mail-answer.ts', '--mails', LONG ? '100' : '10'],
  ['search', 'search.ts', '--millions', LONG ? '20' : '0.3', '--searches', LONG ? '120' : '12'],
  ['campaigns', 'campaigns.ts'],
  ['month', 'month.ts', '--members', LONG ? '300' : '20', '--lines', '50'],
  ['logs-fuzz', '../engines/logs/bench/fuzz.ts', '--lines', LONG ? '10000000' : '20000'],
  // What the rules of SigmaHQ are measured with is not part of this repository.
  ...(existsSync(join(CORPUS, 'sigma')) ? ([['sigma-speed', '../engines/sigma/bench/speed.ts'], ...(LONG ? ([['sigma-oracle', '../engines/sigma/bench/oracle.ts']] as const) : [])] as const) : []),
  // It downloads what npm has not kept, so it runs only when figures are to be kept.
  ...(LONG ? ([['clone-to-demo', 'clone-to-demo.sh']] as const) : []),
];

/** Shows what a measure prints and keeps its line of JSON, under the name it has here. */
async function run([name, file, ...args]: readonly [name: string, ...command: string[]]): Promise<Result | null> {
  console.log(`\n— ${name}`);
  const [program, before] = file!.endsWith('.sh') ? ['sh', []] : [process.execPath, ['--disable-warning=ExperimentalWarning']];
  const child = spawn(program, [...before, join(here, file!), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = (): void => void child.kill('SIGTERM');
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let found: Result | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    // The benchmarks of engines stand alone and print figures only.
    if (line.startsWith('{"bench"')) found = { ...circumstances(), ...(JSON.parse(line) as Result), bench: name };
    else console.log(line);
  }
  const code = await ended;
  process.off('SIGINT', stop).off('SIGTERM', stop);
  if (code !== 0) {
    console.log(`${name} ended with ${code ?? 'a signal'}`);
    process.exitCode = 1;
  }
  return found;
}

/** Short runs say whether the measures work; their figures are never shown as what Banya does. */
function keep(result: Result): void {
  const before = existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as Result[]) : [];
  const seen = new Map<string, number>();
  const all = [{ ...result, long: LONG }, ...before].filter(({ bench }) => {
    seen.set(bench, (seen.get(bench) ?? 0) + 1);
    return seen.get(bench)! <= KEPT;
  });
  writeFileSync(results, `[\n${all.map((r) => JSON.stringify(r)).join(',\n')}\n]\n`);
}

/** A value deep in a result, as text; a dash when it is not there. */
function at(result: Result, path: string, digits = 0): string {
  const value = path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], result);
  return typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: digits }) : '–';
}

const words: Readonly<Record<string, (r: Result) => readonly [what: string, figure: string]>> = {
  startup: (r) => ['Ready after the command', `${at(r, 'first.readyMs.p50')} ms the first time, ${at(r, 'later.readyMs.p50')} ms later`],
  'memory-idle': (r) => ['Memory when idle', `${at(r, 'idle.proportional')} MiB (promised: ${at(r, 'promisedMiB')})`],
  'ingest-500': (r) => ['500 lines/s', `${at(r, 'memoryMiB.during.proportional')} MiB (promised: ${at(r, 'promisedMiB')}), line to finding p95 ${at(r, 'lineToFindingMs.p95')} ms`],
  'ingest-8000': (r) => ['8,000 lines/s', `${at(r, 'lost')} lost, home p95 ${at(r, 'homeMs.p95')} ms, line to finding p95 ${at(r, 'lineToFindingMs.p95')} ms, ${at(r, 'memoryMiB.during.proportional')} MiB (promised: ${at(r, 'promisedMiB')})`],
  'ingest-12500': (r) => ['12,500 lines/s', `${at(r, 'lost')} lost, line to finding p99 ${at(r, 'lineToFindingMs.p99')} ms of ${at(r, 'lineToFindingMs.n')} (promised: 1,000), home p95 ${at(r, 'homeMs.p95')} ms, ${at(r, 'memoryMiB.during.proportional')} MiB (promised: ${at(r, 'promisedMiB')})`],
  'ingest-max': (r) => ['As many lines as it takes', `${at(r, 'linesPerSecond')} lines/s stored and evaluated (promised: 25,000), ${at(r, 'memoryMiB.during.proportional')} MiB`],
  report: (r) => ["A month's report as PDF", `a member ${at(r, 'member.coldMs')} ms, a federation of 13 ${at(r, 'federation13.coldMs')} ms (promised: 2,000 and 10,000)`],
  'udp-flood': (r) => ['A flood of 100,000 lines/s by UDP', `a quiet device beside it lost ${at(r, 'quiet.lostPercent', 2)} % in ${at(r, 'seconds')} s (promised: 1 %)`],
  mail: (r) => ['Judging suspicious mails', `foreign: ${at(r, 'foreign.recallPercent', 1)} % found at ${at(r, 'foreign.falsePositivesPercent', 1)} % false alarms (promised: 88 at 2); Japanese: ${at(r, 'japaneseBlind.recallPercent', 1)} % at ${at(r, 'japaneseBlind.falsePositivesPercent', 1)} % (promised: 90 at 3); p95 ${at(r, 'cpuMs.p95', 1)} ms of one core, ${at(r, 'mailsPerSecondPerCore')} mails/s`],
  soak: (r) => ['Killed (kill -9) in the midst of traffic', `${at(r, 'kills')} times, ${at(r, 'stored')} lines stored: ${at(r, 'wrong')} starts with a line lost or doubled (\`npm run soak\`)`],
  'soak-mail': (r) => ['The same with mails at the door', `${at(r, 'kills')} times, ${at(r, 'acknowledged')} mails answered with 250: ${at(r, 'wrong')} starts with a mail lost or a ticket doubled (\`npm run soak -- mail\`)`],
  pages: (r) => ['Slowest of all lists and pages, 1,000 members', `p95 ${at(r, 'slowest.p95', 1)} ms (promised for lists: ${at(r, 'promisedMs')})`],
  'mail-answer': (r) => ['Is this mail real? From asking to the answer', `uploaded p50 ${at(r, 'uploadMs.p50')}, p95 ${at(r, 'uploadMs.p95')} ms (promised: ${at(r, 'promisedMs.upload')}); forwarded, to the answer mail p50 ${at(r, 'forwardMs.p50')}, p95 ${at(r, 'forwardMs.p95')} ms (promised: ${at(r, 'promisedMs.forward')})`],
  search: (r) => ['Searching logs, 20 million lines of 33 members', `30 days of one member p95 ${at(r, 'searchMs.p95')} ms (promised: 1,000); one trace over all members: address ${at(r, 'traces.ip.ms')}, domain ${at(r, 'traces.domain.ms')}, hash ${at(r, 'traces.sha256.ms')} ms (promised: 5,000), ${at({ ...r, percent: Number(r.recall) * 100 }, 'percent', 1)} % of what was planted found`],
  campaigns: (r) => ['The same mail among a million fingerprints', `p50 ${at(r, 'ms.p50', 1)}, p95 ${at(r, 'ms.p95', 1)} ms (promised: 1,000)`],
  month: (r) => ['A month of 300 members with 12 intrusions', `${at(r, 'found')} of ${at(r, 'stories')} found; at most ${at(r, 'noticesAWeekMax')} notices a member and week (promised: 2); the burst ${at(r, 'burstMinutes', 1)} min after the third member (promised: 5)`],
  'logs-fuzz': (r) => ['Damaged lines of all families', `${at(r, 'lines')}: ${at(r, 'wrong')} lost or failed, the slowest ${at(r, 'slowestMs', 1)} ms, at most ${at(r, 'peakMiB')} MiB`],
  'sigma-speed': (r) => ['All rules of SigmaHQ over Windows events', `${at(r, 'rules')} rules, ${at(r, 'eventsPerSecond')} events/s of one thread, reading of JSON included (promised: 50,000)`],
  'sigma-oracle': (r) => ['The same against a plain evaluator', `${at(r, 'events')} events, ${at(r, 'pairs')} pairs of event and rule, ${at(r, 'differing')} differ`],
  'clone-to-demo': (r) => ['From `git clone` to a demonstration', `ready after ${at(r, 'readySeconds')} s, first finding after ${at(r, 'findingSeconds')} s`],
};

/** The table of the newest long run of each measure. */
function table(): string {
  const all = (JSON.parse(readFileSync(results, 'utf8')) as Result[]).filter((r) => r.long === true);
  const newest = Object.keys(words).flatMap((name) => all.find((r) => r.bench === name) ?? []);
  const rows = newest.map((r) => {
    const [what, figure] = words[r.bench]!(r);
    return `| ${what} | ${figure} | ${r.at.slice(0, 10)}, ${r.commit} |`;
  });
  const machine = newest[0] ? `\nMeasured on ${newest[0].hardware}, Node ${newest[0].node}; \`npm run bench -- --long\` measures again.\n` : '';
  return rows.length === 0 ? '' : `\n| what | measured | on |\n|---|---|---|\n${rows.join('\n')}\n${machine}`;
}

function intoReadme(): void {
  if (!existsSync(readme) || !existsSync(results)) return;
  const text = readFileSync(readme, 'utf8');
  const [begin, end] = ['<!-- bench:begin -->', '<!-- bench:end -->'];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  const made = table();
  if (from === -1 || to === -1 || made === '') return;
  writeFileSync(readme, `${text.slice(0, from + begin.length)}\n${made}\n${text.slice(to)}`);
}

for (const measure of measures) {
  if (only && !only.includes(measure[0])) continue;
  const result = await run(measure);
  if (result) keep(result);
}
intoReadme();
