import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { compileRules, windowsEventPipeline, windowsLogsources } from '../src/index.ts';
import { CORPUS_MISSING, filesUnder, flattenEvent, readJsonStream, readRules, unpackCorpus } from './corpus.ts';

test('SigmaHQ: every rule compiles but those that need placeholder values, and every regression case hits its rule', (t) => {
  const corpus = unpackCorpus();
  if (corpus === null) return t.skip(CORPUS_MISSING);
  try {
    const rules = readRules(corpus.folder);
    const ruleset = compileRules(rules, { pipeline: windowsEventPipeline, logsource: windowsLogsources });
    assert.deepEqual([...new Set(ruleset.errors.map(({ code }) => code))], ['placeholder']);
    assert.equal(ruleset.size + ruleset.errors.length, rules.length);
    const cases = filesUnder(join(corpus.folder, 'regression_data'), 'info.yml');
    assert.ok(cases.length > 0);
    const missed: string[] = [];
    for (const path of cases) {
      const info = parse(readFileSync(path, 'utf8')) as { rule_metadata: { id: string }[] };
      const events = filesUnder(dirname(path), '.json').flatMap((file) => readJsonStream(readFileSync(file, 'utf8'))).map(flattenEvent);
      const hits = new Set(events.flatMap((event) => ruleset.match(event).map(({ ruleId }) => ruleId)));
      for (const { id } of info.rule_metadata) if (!hits.has(id)) missed.push(id);
    }
    t.diagnostic(`${ruleset.size} of ${rules.length} rules compiled, ${ruleset.unindexed} without a literal; ${cases.length - missed.length} of ${cases.length} regression cases hit`);
    assert.deepEqual(missed, []);
  } finally {
    corpus.remove();
  }
});

test('SigmaHQ: the index finds exactly what trying every rule finds on the regression events', (t) => {
  const corpus = unpackCorpus();
  if (corpus === null) return t.skip(CORPUS_MISSING);
  try {
    const rules = readRules(corpus.folder);
    const indexed = compileRules(rules, { pipeline: windowsEventPipeline, logsource: windowsLogsources });
    const plain = compileRules(rules, { pipeline: windowsEventPipeline, logsource: windowsLogsources, index: false });
    const ids = (ruleset: typeof indexed, event: Record<string, unknown>) => ruleset.match(event).map(({ ruleId }) => ruleId);
    for (const file of filesUnder(join(corpus.folder, 'regression_data'), '.json')) {
      for (const event of readJsonStream(readFileSync(file, 'utf8')).map(flattenEvent)) assert.deepEqual(ids(indexed, event), ids(plain, event), file);
    }
  } finally {
    corpus.remove();
  }
});
