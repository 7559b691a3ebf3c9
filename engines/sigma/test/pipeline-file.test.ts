import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chain, compileRules, Pipeline, readPipeline, SigmaError } from '../src/index.ts';
import { rule } from './helpers.ts';

const IMAGE = rule("s:\n  Image|endswith: '\\cmd.exe'\ncondition: s");
const decide = (yaml: string, event: Record<string, unknown>, text = IMAGE) => {
  const { pipeline, placeholders } = readPipeline('p.yml', yaml);
  const ruleset = compileRules([{ path: 'r.yml', text }], { pipeline, placeholders });
  assert.deepEqual(ruleset.errors.map(({ message }) => message), []);
  return ruleset.match(event).length === 1;
};
const CMD = 'C:\\cmd.exe';

test('fields are mapped, one to several, only in rules of the named log sources', () => {
  const yaml = (category: string) => `transformations:\n  - type: field_name_mapping\n    mapping:\n      Image: [process.executable, exe]\n    rule_conditions:\n      - type: logsource\n        category: ${category}\n`;
  assert.deepEqual([{ exe: CMD }, { process: { executable: CMD } }, { Image: CMD }].map((event) => decide(yaml('test'), event)), [true, true, false]);
  assert.deepEqual([{ exe: CMD }, { Image: CMD }].map((event) => decide(yaml('other'), event)), [false, true]);
});

test('transformations are applied in their order, and added conditions by those after them', () => {
  const yaml = `transformations:
  - type: add_condition
    conditions: {kind: [process, program], number: 7}
  - type: field_name_mapping
    mapping: {Image: exe}
  - type: field_name_prefix
    prefix: win.
    field_name_conditions:
      - type: exclude_fields
        fields: [number]
`;
  assert.deepEqual([{ 'win.exe': CMD, 'win.kind': 'program', number: 7 }, { 'win.exe': CMD, 'win.kind': 'program', 'win.number': 7 }, { 'win.exe': CMD, number: 7 }].map((event) => decide(yaml, event)), [true, false, false]);
});

test('prefixes, suffixes, negated conditions and templates', () => {
  assert.equal(decide('transformations:\n  - type: field_name_prefix_mapping\n    mapping: {Im: [x.im, y.]}\n', { 'y.age': CMD }), true);
  assert.equal(decide('transformations:\n  - type: field_name_prefix_mapping\n    mapping: {Im: x.}\n  - type: field_name_suffix\n    suffix: _s\n', { 'x.age_s': CMD }), true);
  const negated = 'transformations:\n  - type: add_condition\n    negated: true\n    template: true\n    conditions: {source: $category}\n';
  assert.deepEqual([{ Image: CMD, source: 'test' }, { Image: CMD, source: 'x' }].map((event) => decide(negated, event)), [false, true]);
  const not = 'transformations:\n  - type: field_name_mapping\n    mapping: {Image: exe}\n    rule_cond_not: true\n    rule_conditions:\n      - {type: logsource, category: test}\n';
  assert.equal(decide(not, { Image: CMD }), true);
});

test('a log source is changed for the steps after it and for the rule; a pipeline may refuse rules with its own words', () => {
  const yaml = 'transformations:\n  - type: change_logsource\n    product: x\n  - type: field_name_mapping\n    mapping: {Image: exe}\n    rule_conditions:\n      - {type: logsource, product: x}\n';
  assert.equal(decide(yaml, { exe: CMD }), true);
  const { pipeline } = readPipeline('p.yml', 'transformations:\n  - type: rule_failure\n    message: not for us\n    rule_conditions:\n      - {type: logsource, category: test}\n');
  assert.deepEqual(compileRules([{ path: 'r.yml', text: IMAGE }], { pipeline }).errors.map(({ message }) => message), ['r.yml:1: not for us']);
});

test('vars are the values of placeholders', () => {
  const text = rule("s:\n  user|expand: '%Admins%'\ncondition: s");
  const yaml = 'vars:\n  Admins: [root, adm*]\ntransformations:\n  - type: value_placeholders\n';
  assert.deepEqual([{ user: 'Administrator' }, { user: 'taro' }].map((event) => decide(yaml, event, text)), [true, false]);
});

test('pipelines come one after another', () => {
  const second = readPipeline('p.yml', 'transformations:\n  - type: field_name_mapping\n    mapping: {exe: process}\n');
  const pipeline = chain(new Pipeline([{ fields: { Image: 'exe' }, require: [{ kind: 'p' }] }]), second.pipeline);
  assert.equal(compileRules([{ path: 'r.yml', text: IMAGE }], { pipeline }).match({ process: CMD, kind: 'p' }).length, 1);
});

test('refused with file and line: what would silently mean something else', () => {
  const cases: [string, string, number][] = [
    ['transformations:\n  - type: replace_string\n    regex: a\n', 'unsupported', 2], ['transformations: x\n', 'type', 1], ['transformations:\n  - type: add_condition\n', 'missing', 2],
    ['transformations:\n  - type: field_name_mapping\n    mapping: {a: b}\n    rule_conditions:\n      - type: tag\n        tag: x\n', 'unsupported', 5], ['- 1', 'type', 1], ['a: [', 'yaml', 1],
    ['transformations:\n  - type: field_name_mapping\n    mapping: {a: b}\n    detection_item_conditions: []\n', 'unsupported', 2],
  ];
  for (const [yaml, code, line] of cases) {
    assert.throws(() => readPipeline('p.yml', yaml), (error) => error instanceof SigmaError && error.code === code && error.line === line && error.path === 'p.yml', yaml);
  }
});
