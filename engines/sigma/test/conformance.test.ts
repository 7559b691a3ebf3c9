import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { compileRules, flattenWindowsEvent, parseRules, windowsEventPipeline, windowsLogsources } from '../src/index.ts';
import { holds } from '../src/oracle.ts';
import { CORPUS_MISSING, filesUnder, readJsonStream, readRules, unpackCorpus } from './corpus.ts';

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
      const events = filesUnder(dirname(path), '.json').flatMap((file) => readJsonStream(readFileSync(file, 'utf8'))).map((record) => flattenWindowsEvent(record) ?? assert.fail('not a Windows event'));
      const hits = new Set(events.flatMap((event) => ruleset.match(event).map(({ ruleId }) => ruleId)));
      for (const { id } of info.rule_metadata) if (!hits.has(id)) missed.push(id);
    }
    t.diagnostic(`${ruleset.size} of ${rules.length} rules compiled, ${ruleset.slow.length} without a literal; ${cases.length - missed.length} of ${cases.length} regression cases hit`);
    assert.deepEqual(missed, []);
  } finally {
    corpus.remove();
  }
});

test('SigmaHQ: on the regression events the matcher decides as the naive evaluator does', (t) => {
  const corpus = unpackCorpus();
  if (corpus === null) return t.skip(CORPUS_MISSING);
  try {
    const sources = readRules(corpus.folder);
    const ruleset = compileRules(sources, { pipeline: windowsEventPipeline, logsource: windowsLogsources });
    // Rules of other products have no condition on the channel and are kept away by their log source alone.
    const rules = parseRules(sources, { pipeline: windowsEventPipeline }).rules.filter((rule) => rule.type === 'rule').filter(({ logsource }) => logsource.product === 'windows');
    const windows = new Set(rules.map(({ meta }) => meta.id));
    for (const file of filesUnder(join(corpus.folder, 'regression_data'), '.json')) {
      for (const event of readJsonStream(readFileSync(file, 'utf8')).map((record) => flattenWindowsEvent(record) ?? assert.fail('not a Windows event'))) {
        const found = ruleset.match(event).map(({ ruleId }) => ruleId).filter((id) => windows.has(id));
        assert.deepEqual(found, rules.filter(({ expression }) => holds(expression, event)).map(({ meta }) => meta.id), file);
      }
    }
  } finally {
    corpus.remove();
  }
});
