import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRules, Pipeline } from '../src/index.ts';
import { compile, errorOf, rule } from './helpers.ts';

const SELECTIONS = 'a:\n  f: a\nb:\n  f|contains: b\nc:\n  g: c\n_hidden:\n  g: hidden\n';
const condition = (text: string, event: Record<string, unknown>) => compile(rule(`${SELECTIONS}condition: ${text}`)).match(event).length === 1;

test('conditions bind from weakest: or, and, not, x of', () => {
  assert.equal(condition('a or b and c', { f: 'a' }), true);
  assert.equal(condition('(a or b) and c', { f: 'a' }), false);
  assert.equal(condition('not a and c', { g: 'c' }), true);
  assert.equal(condition('not (a and c)', { f: 'a', g: 'x' }), true);
  assert.equal(condition('not 1 of a* and c', { f: 'x', g: 'c' }), true);
  assert.equal(condition('a and not b or c', { f: 'b', g: 'c' }), true);
});

test('1 of and all of leave out names with an underscore', () => {
  assert.equal(condition('1 of them', { g: 'hidden' }), false);
  assert.equal(condition('1 of _hid*', { g: 'hidden' }), true);
  assert.equal(condition('all of them', { f: 'a', g: 'c' }), false);
});

test('a list of conditions is an OR, lists of maps are OR, maps are AND', () => {
  assert.equal(compile(rule(`${SELECTIONS}condition:\n  - a\n  - c`)).match({ g: 'c' }).length, 1);
  const maps = compile(rule('s:\n  - f: a\n    g: c\n  - h: x\ncondition: s'));
  assert.deepEqual([{ f: 'a' }, { f: 'a', g: 'c' }, { h: 'x' }].map((event) => maps.match(event).length), [0, 1, 1]);
});

test('keywords look into every value of the event, all asks for each', () => {
  const any = compile(rule('k:\n  - evil\n  - worse*thing\ncondition: k'));
  assert.equal(any.match({ deep: [{ x: 'some EVIL text' }] }).length, 1);
  assert.equal(any.match({ m: 'a worse kind of thing' }).length, 1);
  assert.equal(any.match({ evil: 'the key does not count' }).length, 0);
  const all = compile(rule("k:\n  '|all':\n    - one\n    - two\ncondition: k"));
  assert.deepEqual([{ a: 'one', b: 'two' }, { a: 'one' }].map((event) => all.match(event).length), [1, 0]);
});

test('a hit carries author, licence and references, and what matched', () => {
  const text = rule('s:\n  user.name|startswith: adm\nf:\n  x: y\ncondition: s and not f', 'license: CC0-1.0\nreferences:\n  - https://example.com/a\nlevel: high\n');
  assert.deepEqual(compile(text).match({ 'user.name': 'Admin' }), [{
    ruleId: 'test-rule', title: 'Test', level: 'high', author: 'Somebody', license: 'CC0-1.0', references: ['https://example.com/a'], tags: [], standalone: true,
    matched: [{ selection: 's', field: 'user.name', value: 'Admin' }],
  }]);
});

test('explain shows every item with what the event holds', () => {
  const ruleset = compile(rule('s:\n  a: 1\n  b: 2\ncondition: s'));
  const explained = ruleset.explain('test-rule', { a: 1, b: 3 });
  assert.equal(explained?.matched, false);
  assert.deepEqual(explained?.selections[0]?.items.map(({ written, matched, actual }) => [written, matched, actual]), [['a: 1', true, ['1']], ['b: 2', false, ['3']]]);
  assert.equal(ruleset.explain('nobody', {}), null);
});

test('an event can be anything that answers get', () => {
  const ruleset = compile(rule('s:\n  a: 1\ncondition: s'));
  assert.equal(ruleset.match({ get: (field: string) => (field === 'a' ? 1 : undefined) }).length, 1);
});

test('log sources route events to the rules made for them', () => {
  const ruleset = compile(rule('s:\n  a: 1\ncondition: s'), { logsource: (event) => [{ category: String((event as Record<string, unknown>)['c']) }] });
  assert.deepEqual([{ a: 1, c: 'test' }, { a: 1, c: 'other' }].map((event) => ruleset.match(event).length), [1, 0]);
});

test('a pipeline is compiled into the rule: fields are mapped, several names are OR, conditions are added', () => {
  const pipeline = new Pipeline([{ when: { category: 'test' }, require: [{ kind: 'process' }], fields: { Image: ['exe', 'proc.exe'], Other: 'oth' } }]);
  const ruleset = compile(rule('s:\n  Image|endswith: .exe\n  Other: null\ncondition: s'), { pipeline });
  const events = [{ kind: 'process', exe: 'a.exe' }, { kind: 'process', proc: { exe: 'a.exe' } }, { exe: 'a.exe' }, { kind: 'process', Image: 'a.exe' }, { kind: 'process', exe: 'a.exe', oth: 'x' }];
  assert.deepEqual(events.map((event) => ruleset.match(event).length), [1, 1, 0, 0, 0]);
});

test('filters suppress the named rules, whether they say what to drop or what to keep', () => {
  const base = rule('s:\n  a: 1\ncondition: s');
  for (const text of ['selection', 'not selection']) {
    const ruleset = compile(`${base}---\ntitle: F\nlogsource:\n  category: test\nfilter:\n  rules: [test-rule]\n  selection:\n    host: backup\n  condition: ${text}\n`);
    assert.deepEqual([{ a: 1 }, { a: 1, host: 'BACKUP' }].map((event) => ruleset.match(event).length), [1, 0], text);
    assert.equal(ruleset.explain('test-rule', { a: 1, host: 'backup' })?.passedFilters, false);
  }
});

test('a condition of negations alone says what to keep, however it is written', () => {
  const base = rule('s:\n  a: 1\ncondition: s');
  for (const text of ['not one and not two', 'not 1 of them', 'not (one or two)', 'one or two', '1 of them']) {
    const ruleset = compile(`${base}---\ntitle: F\nlogsource:\n  category: test\nfilter:\n  rules: [test-rule]\n  one:\n    host: backup\n  two:\n    host: scanner\n  condition: ${text}\n`);
    assert.deepEqual(['backup', 'scanner', 'stranger'].map((host) => ruleset.match({ a: 1, host }).length), [0, 0, 1], text);
  }
});

test('a filter for another log source or an unknown rule changes nothing and is reported where it names nobody', () => {
  const base = rule('s:\n  a: 1\ncondition: s');
  const other = compile(`${base}---\ntitle: F\nlogsource:\n  category: elsewhere\nfilter:\n  rules: any\n  selection:\n    a: 1\n  condition: selection\n`);
  assert.equal(other.match({ a: 1 }).length, 1);
  const { errors } = compileRules([{ path: 'f.yml', text: `${base}---\ntitle: F\nlogsource:\n  category: test\nfilter:\n  rules: [nobody]\n  selection:\n    a: 1\n  condition: selection\n` }]);
  assert.deepEqual(errors.map(({ code, line }) => [code, line]), [['reference', 11]]);
});

test('suppressions of one organisation are asked about hits and leave the shared rules alone', () => {
  const ruleset = compile(rule('s:\n  a: 1\ncondition: s'));
  const filter = (name: string, category = 'test') => `title: Backup server\nid: f1\nlogsource:\n  category: ${category}\nfilter:\n  rules: [${name}]\n  selection:\n    host: backup\n  condition: selection\n`;
  const event = { a: 1, host: 'BACKUP' };
  const [hit] = ruleset.match(event);
  assert.ok(hit);
  assert.equal(ruleset.suppressions([{ path: 'org', text: filter('test-rule') }]).find(hit, event)?.id, 'f1');
  assert.equal(ruleset.suppressions([{ path: 'org', text: filter('test-rule') }]).find(hit, { a: 1 }), null);
  assert.equal(ruleset.suppressions([{ path: 'org', text: filter('test-rule', 'other') }]).find(hit, event), null);
  assert.deepEqual(ruleset.suppressions([{ path: 'org', text: filter('nobody') }]).errors.map(({ code }) => code), ['reference']);
  assert.deepEqual(ruleset.suppressions([{ path: 'org', text: rule('s:\n  b: 1\ncondition: s') }]).errors.map(({ code }) => code), ['unsupported']);
});

test('errors carry file and line, and one bad rule does not take the others with it', () => {
  const good = rule('s:\n  a: 1\ncondition: s');
  const bad = 'title: Bad\nlogsource:\n  category: test\ndetection:\n  s:\n    a|contians: 1\n  condition: s\n';
  const { errors, size } = compileRules([{ path: 'two.yml', text: `${good}---\n${bad}` }]);
  assert.equal(size, 1);
  assert.deepEqual(errors.map(({ message }) => message), ['two.yml:16: the modifier "contians" is not a Sigma modifier']);
});

test('a document that is no YAML does not take the others of its file with it', () => {
  const good = (id: string) => rule('s:\n  a: 1\ncondition: s').replace('test-rule', id);
  const { errors, size } = compileRules([{ path: 'three.yml', text: `${good('one')}---\na: 1\na: 2\n---\n${good('two')}---\n- 1\n` }]);
  assert.equal(size, 2);
  assert.deepEqual(errors.map(({ code, line }) => [code, line]), [['yaml', 12], ['type', 24]]);
});

test('what several selections share may be merged in', () => {
  const ruleset = compile(rule('base: &base\n  a: 1\n  b: 1\ns:\n  <<: *base\n  b: 2\ncondition: s'));
  assert.deepEqual([{ a: 1, b: 2 }, { a: 1, b: 1 }, { b: 2 }].map((event) => ruleset.match(event).length), [1, 0, 0]);
  assert.equal(errorOf(rule('s:\n  <<: text\n  b: 2\ncondition: s')).code, 'type');
});

test('refused: what cannot be decided as written', () => {
  const cases: [string, string][] = [
    ['s:\n  a: 1\ncondition: s and', 'condition'], ['s:\n  a: 1\ncondition: (s', 'condition'], ['s:\n  a: 1\ncondition: t', 'condition'],
    ['s:\n  a: 1\ncondition: 1 of x*', 'condition'], ['s:\n  a: 1\ncondition: 2 of s*', 'condition'], ['s:\n  a: 1\ncondition: s | count() > 5', 'unsupported'],
    ['s:\n  a|re: (?=x)\ncondition: s', 'bad_regex'], ['s:\n  a|cidr: 192.0.2.0/33\ncondition: s', 'bad_cidr'], ['s:\n  a|gt: ten\ncondition: s', 'modifier_use'],
    ['s:\n  a|startswith|endswith: x\ncondition: s', 'modifier_use'], ['s:\n  a|i: x\ncondition: s', 'modifier_use'], ['s:\n  a: []\ncondition: s', 'bad_value'],
    ['s:\n  a|exists: maybe\ncondition: s', 'modifier_use'], ['s:\n  a|base64: "x*"\ncondition: s', 'modifier_use'], ['s:\n  a: {b: c}\ncondition: s', 'type'],
    ["s:\n  a|windash|contains: '-a -b -c -d -e -f -g'\ncondition: s", 'modifier_use'], ['s:\n  a: 1', 'missing'],
    ...['gt|lt: 5', 'cidr|contains: 192.0.2.0/24', 'gt|contains: 5', 'exists|contains: true', 'base64|gt: 5', 'base64|re: abc', 'i|re: abc', 'hour|minute: 5', 'fieldref|re: b', 'hour: 25', 'month: 0'].map((item): [string, string] => [`s:\n  a|${item}\ncondition: s`, 'modifier_use']),
    [`s:\n  a: 1\ncondition: ${'('.repeat(100)}s${')'.repeat(100)}`, 'condition'],
  ];
  for (const [detection, code] of cases) assert.equal(errorOf(rule(detection)).code, code, detection);
});

test('refused: broken, nested or multiplying YAML, duplicate ids', () => {
  assert.equal(errorOf('title: [').code, 'yaml');
  assert.equal(errorOf('a: 1\na: 2\n').code, 'yaml');
  assert.equal(errorOf('- 1').code, 'type');
  assert.equal(errorOf(`${rule('s:\n  a: 1\ncondition: s')}---\n${rule('s:\n  a: 2\ncondition: s')}`).code, 'duplicate');
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${new Array(9).fill(`*${'abcdefg'[index]}`).join(',')}]`)].join('\n');
  assert.equal(errorOf(bomb).code, 'too_large');
  assert.equal(errorOf(`a: ${'['.repeat(100)}${']'.repeat(100)}`).code, 'too_large');
  assert.equal(errorOf('action: global\ntitle: x').code, 'unsupported');
});

// A condition may name selections again and again; what it stands for must stay bounded before it is built.
test('refused: a rule that explodes', () => {
  const selections = Array.from({ length: 1_000 }, (_, index) => `s${index}:\n  f: [${Array.from({ length: 50 }, (_, value) => `v${value}`).join(', ')}]`).join('\n');
  const explodes = rule(`${selections}\ncondition: ${Array.from({ length: 400 }, () => '1 of s*').join(' or ')}`);
  const error = errorOf(explodes);
  assert.deepEqual([error.code, error.line > 1_000], ['too_large', true]);
  assert.match(error.message, /it stands for more than 200000 comparisons/);
  assert.equal(compileRules([{ path: 'a.yml', text: explodes }, { path: 'b.yml', text: rule('s:\n  f: v\ncondition: s') }]).size, 1, 'the others are at work');
});

test('rules without a text to be found by are named, so that somebody can be warned', () => {
  const sources = [rule("s:\n  f|re: '[ab]+'\ncondition: s"), rule('s:\n  f: value\ncondition: s'), rule('s:\n  f: value\ncondition: not s')].map((text, index) => ({ path: `r${index}.yml`, text: text.replace(/^id: .*$/m, `id: r${index}`) }));
  assert.deepEqual(compileRules(sources).slow.map(({ path }) => path), ['r0.yml', 'r2.yml']);
});
