/**
 * Holds the matcher against the naive evaluator over every event of the host captures: `node engines/sigma/bench/oracle.ts
 * [--corpus FOLDER] [--shard 1/2] [--done FILE]`. With --done it writes a line for each capture that is done and goes on there
 * when started again. Prints one JSON result at the end: pairs of event and rule, and how many differ.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileRules, type DetectionRule, JsonEvent, type LogSource, parseRules, windowsEventPipeline, windowsLogsources } from '../src/index.ts';
import { holds } from '../src/oracle.ts';
import { CORPUS, readRules, unpackCorpus } from '../test/corpus.ts';

interface Done {
  readonly capture: string;
  readonly events: number;
  readonly pairs: number;
  readonly differing: number;
  readonly examples: readonly string[];
}

const { values } = parseArgs({ options: { corpus: { type: 'string', default: CORPUS }, shard: { type: 'string', default: '1/1' }, done: { type: 'string' } } });
const [shard, shards] = values.shard.split('/').map(Number) as [number, number];
const corpus = unpackCorpus(join(values.corpus, 'sigma'));
if (corpus === null) {
  console.error(`The SigmaHQ archives are not in ${values.corpus}/sigma.`);
  process.exit(1);
}
const sources = readRules(corpus.folder);
corpus.remove();
const ruleset = compileRules(sources, { pipeline: windowsEventPipeline, logsource: windowsLogsources });
const rules = parseRules(sources, { pipeline: windowsEventPipeline }).rules.filter((rule): rule is DetectionRule => rule.type === 'rule');
/** Written out again, so that nothing of the matcher's routes is trusted. */
const belongs = (rule: LogSource, source: LogSource) =>
  (rule.category === undefined || rule.category === source.category) && (rule.product === undefined || rule.product === source.product) && (rule.service === undefined || rule.service === source.service);

const done: Done[] = values.done !== undefined && existsSync(values.done) ? readFileSync(values.done, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as Done) : [];
const belonging = new Map<string, DetectionRule[]>();
function rulesOf(own: readonly LogSource[]): readonly DetectionRule[] {
  const key = JSON.stringify(own);
  let found = belonging.get(key);
  if (found === undefined) belonging.set(key, (found = rules.filter((rule) => own.some((source) => belongs(rule.logsource, source)))));
  return found;
}
/** The smallest first: most captures are done when time runs out. */
const size = (name: string) => statSync(join(values.corpus, 'windows-events', name)).size;
const captures = readdirSync(join(values.corpus, 'windows-events')).filter((name) => name.endsWith('.zip')).sort((left, right) => size(left) - size(right)).filter((_, index) => index % shards === shard - 1);
for (const capture of captures) {
  if (done.some((one) => one.capture === capture)) continue;
  const bytes = execFileSync('unzip', ['-p', join(values.corpus, 'windows-events', capture)], { maxBuffer: 512 * 1024 * 1024 });
  const text = bytes.toString('latin1');
  const event = new JsonEvent();
  let [events, pairs, differing] = [0, 0, 0];
  const examples: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    if (bytes[start] === 0x7b) {
      const record = JSON.parse(bytes.toString('utf8', start, end)) as Record<string, unknown>;
      const expected = rulesOf(windowsLogsources(record)).filter((rule) => holds(rule.expression, record)).map(({ meta }) => meta.id);
      const found = event.open(bytes, text, start, end) ? ruleset.match(event).map(({ ruleId }) => ruleId) : ['unread'];
      events++;
      pairs += expected.length;
      const wrong = [...expected.filter((id) => !found.includes(id)), ...found.filter((id) => !expected.includes(id))];
      differing += wrong.length;
      if (wrong.length > 0 && examples.length < 5) examples.push(`byte ${start}: ${wrong.join()}`);
    }
    start = end + 1;
  }
  const one = { capture, events, pairs, differing, examples };
  done.push(one);
  if (values.done !== undefined) appendFileSync(values.done, `${JSON.stringify(one)}\n`);
}
const sum = (key: 'events' | 'pairs' | 'differing') => done.reduce((all, one) => all + one[key], 0);
console.log(JSON.stringify({ bench: 'sigma-oracle', rules: rules.length, captures: done.length, events: sum('events'), pairs: sum('pairs'), differing: sum('differing'), examples: done.flatMap((one) => one.examples), node: process.version }));
