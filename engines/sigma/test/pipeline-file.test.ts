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

const step = (body: string, more = ''): string => `transformations:\n  - ${body.trim().split('\n').join('\n    ')}\n${more}`;
const hitsOf = (yaml: string, detection: string, events: readonly Record<string, unknown>[]) => events.map((event) => decide(yaml, event, rule(detection)));
const failureOf = (yaml: string, text: string) => {
  const { pipeline, placeholders, wildcard } = readPipeline('p.yml', yaml);
  return compileRules([{ path: 'r.yml', text }], { pipeline, placeholders, wildcard }).errors.map(({ code, line, detail }) => [code, line, detail] as const);
};

test('values are replaced, mapped, set and turned, wildcards included', () => {
  assert.deepEqual(hitsOf(step('type: replace_string\nregex: "^C:(.*)$"\nreplacement: "/mnt\\\\1"'), "s:\n  f: 'C:/data*'\ncondition: s", [{ f: '/mnt/data/x' }, { f: 'C:/data/x' }]), [true, false]);
  assert.deepEqual(hitsOf(step('type: replace_string\nregex: "a\\\\*"\nreplacement: x\nskip_special: true'), "s:\n  f: 'a*b'\ncondition: s", [{ f: 'aQb' }, { f: 'xb' }]), [true, false]);
  assert.deepEqual(hitsOf(step('type: replace_string\nregex: "(?P<one>b+)"\nreplacement: "\\\\g<one>\\\\g<1>"'), 's:\n  f: abb\ncondition: s', [{ f: 'abbbb' }, { f: 'abb' }]), [true, false]);
  assert.deepEqual(hitsOf(step("type: map_string\nmapping: {yes: ['1', 'true'], no: '0'}"), 's:\n  f: [yes, no, maybe]\ncondition: s', [{ f: 1 }, { f: true }, { f: '0' }, { f: 'maybe' }, { f: 'yes' }]), [true, true, true, true, false]);
  assert.deepEqual(hitsOf(step('type: set_value\nvalue: 7\nfield_name_conditions:\n  - {type: include_fields, fields: [f]}'), 's:\n  f: x\n  g: y\ncondition: s', [{ f: 7, g: 'y' }, { f: 'x', g: 'y' }]), [true, false]);
  assert.deepEqual(hitsOf(step('type: case\nmethod: upper'), 's:\n  f|cased: abc\ncondition: s', [{ f: 'ABC' }, { f: 'abc' }]), [true, false]);
  assert.deepEqual(hitsOf(step('type: case\nmethod: snake_case'), 's:\n  f|cased: FileName\ncondition: s', [{ f: 'file_name' }]), [true]);
  assert.deepEqual(hitsOf(step('type: regex\nmethod: plain'), 's:\n  f: abc\ncondition: s', [{ f: 'abc' }, { f: 'ABC' }]), [true, false]);
});

test('hashes in one field become fields of their own', () => {
  const yaml = step('type: hashes_fields\nvalid_hash_algos: [MD5, SHA1]\nfield_prefix: File\nfield_name_conditions:\n  - {type: include_fields, fields: [Hashes]}');
  const detection = "s:\n  Hashes|contains: ['SHA1=5F1CBC3D99558307BC1250D084FA968521482025', '987B65CD9B9F4E9A1AFD8F8B48CF64A7']\ncondition: s";
  assert.deepEqual(hitsOf(yaml, detection, [{ FileSHA1: '5f1cbc3d99558307bc1250d084fa968521482025' }, { FileMD5: '987b65cd9b9f4e9a1afd8f8b48cf64a7' }, { FileSHA1: '987b65cd9b9f4e9a1afd8f8b48cf64a7' }]), [true, true, false]);
  assert.deepEqual(failureOf(yaml, rule("s:\n  Hashes|contains: 'IMPHASH=11'\ncondition: s")).map(([code]) => code), ['bad_value']);
});

test('items are dropped by what they hold, and a selection of which nothing is left refuses its rule', () => {
  const yaml = step('type: drop_detection_item\ndetection_item_conditions:\n  - {type: match_string, cond: any, pattern: "drop.*"}');
  assert.deepEqual(hitsOf(yaml, 's:\n  f: [a, dropme]\n  g: b\ncondition: s', [{ g: 'b' }, { f: 'a' }]), [true, false]);
  assert.deepEqual(hitsOf(yaml.replace('cond: any', 'cond: all'), 's:\n  f: [a, dropme]\n  g: b\ncondition: s', [{ g: 'b' }, { f: 'a', g: 'b' }]), [false, true]);
  assert.deepEqual(failureOf(yaml, rule('s:\n  f: dropme\ncondition: s')), [['unsupported', 7, 'the pipeline leaves nothing of the selection "s"']]);
  const wild = step('type: drop_detection_item\ndetection_item_cond_expr: wild and not none\ndetection_item_conditions:\n  wild: {type: contains_wildcard}\n  none: {type: is_null}');
  assert.deepEqual(hitsOf(wild, "s:\n  f: 'a*'\n  g: b\ncondition: s", [{ g: 'b' }]), [true]);
});

test('rules are chosen by tag, attribute, field, value, state, and by what was done to them before', () => {
  const mapped = (condition: string, extra = '') => {
    const { pipeline } = readPipeline('p.yml', step(`type: field_name_mapping\nmapping: {f: x}\nrule_conditions:\n  - {${condition}}`));
    const ruleset = compileRules([{ path: 'r.yml', text: rule('s:\n  f: a\ncondition: s', `level: high\nstatus: test\ndate: 2026-11-24\ncustom: '5'\ntags: [attack.t1059, car.1]\n${extra}`) }], { pipeline });
    assert.deepEqual(ruleset.errors.map(({ message }) => message), []);
    return ruleset.match({ x: 'a' }).length === 1;
  };
  for (const [condition, expected] of [
    ['type: tag, tag: attack.T1059', true], ['type: tag, tag: attack.t1', false], ['type: rule_attribute, attribute: level, value: medium, op: gte', true], ['type: rule_attribute, attribute: level, value: critical, op: gte', false],
    ['type: rule_attribute, attribute: status, value: experimental, op: gt', true], ['type: rule_attribute, attribute: date, value: 2026-01-01, op: lt', false], ['type: rule_attribute, attribute: tags, value: car.1, op: in', true],
    ['type: rule_attribute, attribute: custom, value: 5', true], ['type: rule_attribute, attribute: nothing, value: 5', false], ['type: contains_field, field: f', true], ['type: contains_field, field: g', false],
    ['type: contains_detection_item, field: f, value: a', true], ['type: contains_detection_item, field: f, value: b', false], ['type: is_sigma_rule', true], ['type: is_sigma_correlation_rule', false],
    ['type: processing_state, key: k, val: v', false], ['type: processing_item_applied, processing_item_id: first', false],
  ] as const) assert.equal(mapped(condition), expected, condition);
  const told = `transformations:
  - {id: first, type: set_state, key: index, val: 2}
  - {type: set_custom_attribute, attribute: kind, value: one}
  - type: field_name_mapping
    mapping: {f: x}
    rule_cond_expr: (ran or never) and two and one
    rule_conditions:
      ran: {type: processing_item_applied, processing_item_id: first}
      never: {type: processing_item_applied, processing_item_id: never}
      two: {type: processing_state, key: index, val: 1, op: gt}
      one: {type: rule_attribute, attribute: kind, value: one}
`;
  assert.deepEqual(hitsOf(told, 's:\n  f: a\ncondition: s', [{ x: 'a' }, { f: 'a' }]), [true, false]);
});

test('steps choose what an earlier one changed, and nested steps stand under one condition', () => {
  const yaml = `transformations:
  - type: nest
    rule_conditions:
      - {type: logsource, category: test}
    items:
      - {id: renamed, type: field_name_mapping, mapping: {f: x}}
      - type: field_name_suffix
        suffix: .text
        field_name_conditions:
          - {type: processing_item_applied, processing_item_id: renamed}
`;
  assert.deepEqual(hitsOf(yaml, 's:\n  f: a\n  g: b\ncondition: s', [{ 'x.text': 'a', g: 'b' }, { 'x.text': 'a', 'g.text': 'b' }]), [true, false]);
  assert.deepEqual(hitsOf(yaml.replace('category: test', 'category: other'), 's:\n  f: a\n  g: b\ncondition: s', [{ f: 'a', g: 'b' }]), [true]);
});

test('placeholders without values may stand for anything', () => {
  const text = rule("s:\n  user|expand: 'adm-%name%'\n  host|expand: '%servers%'\ncondition: s");
  const yaml = step('type: wildcard_placeholders\ninclude: [name]', 'vars:\n  servers: [srv1]\n');
  const { pipeline, placeholders, wildcard } = readPipeline('p.yml', yaml);
  const ruleset = compileRules([{ path: 'r.yml', text }], { pipeline, placeholders, wildcard });
  assert.deepEqual([{ user: 'adm-taro', host: 'srv1' }, { user: 'taro', host: 'srv1' }].map((event) => ruleset.match(event).length), [1, 0]);
  assert.deepEqual(failureOf(step('type: wildcard_placeholders\nexclude: [servers]'), text).map(([code]) => code), ['placeholder']);
});

test('a pipeline may refuse items, and fields that it does not map, with the line of the rule', () => {
  assert.deepEqual(failureOf(step('type: detection_item_failure\nmessage: no addresses here\nfield_name_conditions:\n  - {type: include_fields, fields: [ip]}'), rule('s:\n  f: a\n  ip: 192.0.2.1\ncondition: s')), [['unsupported', 9, 'no addresses here']]);
  const strict = 'transformations:\n  - {type: field_name_mapping, mapping: {f: x}}\n  - {type: strict_field_mapping_failure}\n';
  assert.deepEqual(failureOf(strict, rule('s:\n  f: a\n  g: b\ncondition: s')), [['unsupported', 9, 'the pipeline maps no field "g"']]);
  assert.deepEqual(failureOf(strict, rule('s:\n  f: a\ncondition: s')), []);
  assert.deepEqual(failureOf(step('type: convert_type\ntarget_type: num'), rule('s:\n  f: [1, x]\ncondition: s')), [['bad_value', 8, 'the value "x" cannot become a number, which the pipeline asks for']]);
});

test('fields and groups of correlations are mapped by what holds for every rule', () => {
  const yaml = 'transformations:\n  - {type: field_name_mapping, mapping: {user: account}}\n  - type: field_name_mapping\n    mapping: {account: never}\n    rule_conditions:\n      - {type: tag, tag: x.y}\n';
  const { pipeline } = readPipeline('p.yml', yaml);
  const text = `${rule('s:\n  f: a\ncondition: s').replace('title', 'name: one\ntitle')}---\ntitle: c\nid: c\ncorrelation:\n  type: event_count\n  rules: one\n  group-by: [user]\n  timespan: 1m\n  condition: {gte: 2}\n`;
  assert.deepEqual(compileRules([{ path: 'r.yml', text }], { pipeline }).correlations.map(({ groupBy }) => groupBy), [['account']]);
});

test('refused with file and line: what would silently mean something else', () => {
  const cases: [string, string, number][] = [
    ['transformations:\n  - type: replace_string\n    regex: a\n', 'missing', 2], ['transformations: x\n', 'type', 1], ['transformations:\n  - type: add_condition\n', 'missing', 2],
    ['transformations:\n  - type: query_expression_placeholders\n    expression: x\n', 'unsupported', 2], ['transformations:\n  - type: unheard_of\n', 'unsupported', 2], ['- 1', 'type', 1], ['a: [', 'yaml', 1],
    ['transformations:\n  - type: replace_string\n    regex: "(?=a)"\n    replacement: b\n', 'bad_regex', 3], ['transformations:\n  - type: map_string\n', 'missing', 2],
    ['transformations:\n  - type: field_name_mapping\n    mapping: {a: b}\n    rule_conditions:\n      - type: full_moon\n', 'unsupported', 5], ['transformations:\n  - type: field_name_mapping\n    mapping: {a: b}\n    rule_cond_expr: a and b\n', 'missing', 2],
    ['transformations:\n  - type: field_name_mapping\n    mapping: {a: b}\n    rule_cond_expr: a and b\n    rule_conditions:\n      a: {type: is_sigma_rule}\n', 'condition', 4],
    ['transformations:\n  - type: drop_detection_item\n    detection_item_conditions:\n      - {type: unheard_of}\n', 'unsupported', 4], ['transformations:\n  - type: set_value\n', 'missing', 2], ['transformations:\n  - type: case\n    method: title\n', 'bad_value', 2],
    [`transformations:\n${Array.from({ length: 10 }, (_, depth) => `${'  '.repeat(2 * depth + 1)}- type: nest\n${'  '.repeat(2 * depth + 2)}items:\n`).join('')}${'  '.repeat(22)}- {type: set_state, key: a, val: b}\n`, 'too_large', 20],
  ];
  for (const [yaml, code, line] of cases) {
    assert.throws(() => readPipeline('p.yml', yaml), (error) => error instanceof SigmaError && error.code === code && error.line === line && error.path === 'p.yml', `${code} ${line}\n${yaml}`);
  }
});
