/**
 * How whole the engine is, on material that stands beside the repository: `node engines/sigma/bench/corpus.ts [--corpus FOLDER]`
 * with the folder of the development corpora (default ../shared/corpus). Prints one JSON result: rules that compile, without
 * and with values for their placeholders; regression cases whose rule hits, and hits of a case's rule on other cases.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { compileRules, flattenWindowsEvent, type Hit, parseRules, windowsEventPipeline, windowsLogsources } from '../src/index.ts';
import { CORPUS, filesUnder, readJsonStream, readRules, unpackCorpus } from '../test/corpus.ts';

const { values } = parseArgs({ options: { corpus: { type: 'string', default: CORPUS } } });
const corpus = unpackCorpus(join(values.corpus, 'sigma'));
if (corpus === null) {
  console.error(`The SigmaHQ archives are not in ${values.corpus}/sigma.`);
  process.exit(1);
}
try {
  const sources = readRules(corpus.folder);
  const started = performance.now();
  const ruleset = compileRules(sources, { pipeline: windowsEventPipeline, logsource: windowsLogsources });
  const compileSeconds = (performance.now() - started) / 1000;
  const names = new Set(sources.flatMap(({ text }) => [...text.matchAll(/%([A-Za-z0-9_.-]+)%/g)].map((match) => match[1] as string)));
  const given = parseRules(sources, { placeholders: Object.fromEntries([...names].map((name) => [name, ['192.0.2.1']])) });
  const cases = filesUnder(join(corpus.folder, 'regression_data'), 'info.yml').map((path) => {
    const info = parse(readFileSync(path, 'utf8')) as { rule_metadata: { id: string }[] };
    const records = filesUnder(dirname(path), '.json').flatMap((file) => readJsonStream(readFileSync(file, 'utf8')));
    const hits = records.flatMap((record): Hit[] => ruleset.match(flattenWindowsEvent(record) ?? {}));
    return { path, ids: info.rule_metadata.map(({ id }) => id), hits: new Set(hits.map(({ ruleId }) => ruleId)) };
  });
  const missed = cases.flatMap(({ ids, hits }) => ids.filter((id) => !hits.has(id)));
  const wanted = new Set(cases.flatMap(({ ids }) => ids));
  const foreign = cases.flatMap(({ path, ids, hits }) => [...hits].filter((id) => wanted.has(id) && !ids.includes(id)).map((id) => ({ rule: id, on: dirname(path).slice(corpus.folder.length + 1) })));
  console.log(JSON.stringify({
    bench: 'sigma-corpus', rules: sources.length, compiled: ruleset.size, compiledWithPlaceholders: given.rules.length, errorsWithPlaceholders: given.errors.map(({ message }) => message),
    compileSeconds: Math.round(compileSeconds * 100) / 100, withoutLiteral: ruleset.slow.length, cases: cases.length, hit: cases.length - missed.length, missed, foreign, node: process.version,
  }));
} finally {
  corpus.remove();
}
