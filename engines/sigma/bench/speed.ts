/**
 * Events per second of one thread with all rules, reading of JSON included: `node engines/sigma/bench/speed.ts [--corpus FOLDER]
 * [--events N]` with the folder of the development corpora (default ../shared/corpus), of whose host captures the first events
 * of each are read (default 40,000 in all). Prints one JSON result; what JSON.parse alone takes stands beside it, because
 * machines differ.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileRules, JsonEvent, windowsEventPipeline, windowsLogsources } from '../src/index.ts';
import { CORPUS, readRules, unpackCorpus } from '../test/corpus.ts';

const { values } = parseArgs({ options: { corpus: { type: 'string', default: CORPUS }, events: { type: 'string', default: '40000' } } });
const corpus = unpackCorpus(join(values.corpus, 'sigma'));
if (corpus === null) {
  console.error(`The SigmaHQ archives are not in ${values.corpus}/sigma.`);
  process.exit(1);
}
const ruleset = compileRules(readRules(corpus.folder), { pipeline: windowsEventPipeline, logsource: windowsLogsources });
corpus.remove();
const captures = readdirSync(join(values.corpus, 'windows-events')).filter((name) => name.endsWith('.zip'));
const perFile = Math.ceil(Number(values.events) / captures.length);
const parts: Buffer[] = [];
for (const name of captures) {
  const all = execFileSync('unzip', ['-p', join(values.corpus, 'windows-events', name)], { maxBuffer: 512 * 1024 * 1024 });
  let end = 0;
  for (let line = 0; line < perFile && end < all.length; line++) end = (all.indexOf(0x0a, end) + 1) || all.length;
  if (all[0] === 0x7b) parts.push(all.subarray(0, end), Buffer.from('\n'));
}
const bytes = Buffer.concat(parts);
const bounds: number[] = [];
for (let at = 0; at < bytes.length; ) {
  const newline = bytes.indexOf(0x0a, at);
  const end = newline < 0 ? bytes.length : newline;
  if (end > at) bounds.push(at, end);
  at = end + 1;
}
const events = bounds.length / 2;

/** Seconds of processor time and on the clock of the quickest of a few rounds; other work on the machine only makes them longer. */
function quickest(work: () => void, rounds = 5): { processor: number; clock: number } {
  let best = { processor: Number.POSITIVE_INFINITY, clock: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round++) {
    const [before, begin] = [process.cpuUsage(), performance.now()];
    work();
    const used = process.cpuUsage(before);
    best = { processor: Math.min(best.processor, (used.user + used.system) / 1e6), clock: Math.min(best.clock, (performance.now() - begin) / 1000) };
  }
  return best;
}

let hits = 0;
const event = new JsonEvent();
const parse = quickest(() => {
  for (let at = 0; at < bounds.length; at += 2) JSON.parse(bytes.toString('utf8', bounds[at], bounds[at + 1]));
});
const lazy = quickest(() => {
  hits = 0;
  let [piece, text, from, to] = [bytes, '', 0, -1];
  for (let at = 0; at < bounds.length; at += 2) {
    const [start, end] = [bounds[at] as number, bounds[at + 1] as number];
    if (end > to) {
      [from, to] = [start, Math.min(bytes.length, Math.max(end, start + 65_536))];
      [piece, text] = [bytes.subarray(from, to), bytes.toString('latin1', from, to)];
    }
    if (!event.open(piece, text, start - from, end - from)) throw new Error('a line is no JSON object');
    hits += ruleset.match(event).length;
  }
});
const whole = quickest(() => {
  for (let at = 0; at < bounds.length; at += 2) ruleset.match(JSON.parse(bytes.toString('utf8', bounds[at], bounds[at + 1])) as Record<string, unknown>);
}, 2);
const rate = (seconds: number) => Math.round(events / seconds);
console.log(JSON.stringify({
  bench: 'sigma-speed', rules: ruleset.size, events, bytesPerEvent: Math.round(bytes.length / events), hits,
  eventsPerSecond: rate(lazy.clock), eventsPerProcessorSecond: rate(lazy.processor), parsedFirst: rate(whole.processor), jsonParseAlone: rate(parse.processor),
  node: process.version, hardware: cpus()[0]?.model ?? '',
}));
