/**
 * Events per second through a rule set. `node engines/sigma/bench/match.ts [rules folder] [events.json …]`
 * where an events file holds one JSON object a line. Without arguments: the SigmaHQ rules and host captures
 * of the development corpus, if they stand in ../shared/corpus.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileRules, windowsEventPipeline, windowsLogsources } from '../src/index.ts';
import { readRules } from '../test/corpus.ts';

const MAX_EVENTS = 60_000;
const corpus = join(import.meta.dirname, '../../../../shared/corpus');
const scratch = mkdtempSync(join(tmpdir(), 'banya-sigma-bench-'));
try {
  let [rulesFolder, ...eventFiles] = process.argv.slice(2);
  if (rulesFolder === undefined) {
    if (!existsSync(corpus)) {
      console.log('Give a folder of Sigma rules and files of events, or put the development corpus in ../shared/corpus.');
      process.exit(1);
    }
    rulesFolder = scratch;
    execFileSync('tar', ['xzf', join(corpus, 'sigma/sigmahq-rules-8eaafff.tar.gz'), '-C', scratch]);
    eventFiles = readdirSync(join(corpus, 'windows-events')).filter((name) => name.endsWith('.zip')).map((name) => {
      const file = join(scratch, `${name}.json`);
      execFileSync('sh', ['-c', `unzip -p "$1" > "$2"`, 'sh', join(corpus, 'windows-events', name), file]);
      return file;
    });
  }
  const started = performance.now();
  const ruleset = compileRules(readRules(rulesFolder), { pipeline: windowsEventPipeline, logsource: windowsLogsources });
  const compileMs = performance.now() - started;
  const perFile = Math.ceil(MAX_EVENTS / Math.max(1, eventFiles.length));
  const lines: string[] = [];
  for (const file of eventFiles) lines.push(...readFileSync(file, 'utf8').split('\n').filter((line) => line.startsWith('{')).slice(0, perFile));
  console.log(`${ruleset.size} rules compiled in ${Math.round(compileMs)} ms, ${ruleset.unindexed} without a literal; ${lines.length} events, ${Math.round(lines.join('').length / lines.length)} characters each`);
  console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, one thread`);
  for (const round of ['first pass', 'second pass', 'third pass']) {
    let hits = 0;
    let parseMs = 0;
    const begin = performance.now();
    const cpuBefore = process.cpuUsage();
    for (const line of lines) {
      const parsing = performance.now();
      const event = JSON.parse(line) as Record<string, unknown>;
      parseMs += performance.now() - parsing;
      hits += ruleset.match(event).length;
    }
    const totalMs = performance.now() - begin;
    const cpu = process.cpuUsage(cpuBefore);
    const cpuMs = (cpu.user + cpu.system) / 1000;
    const perSecond = (ms: number) => Math.round((lines.length / ms) * 1000);
    console.log(`${round}: ${perSecond(totalMs)} events/s with JSON parse, ${perSecond(totalMs - parseMs)} without, ${perSecond(cpuMs)} with JSON parse per second of processor time; ${hits} hits`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
