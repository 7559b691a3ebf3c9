import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { compileRules, type CorrelatorOptions, type CorrelatorState } from '../src/index.ts';
import { compile, errorOf } from './helpers.ts';

const BASE = ['failed', 'ok'].map((name) => `title: ${name}\nid: ${name}-id\nname: ${name}\nauthor: Somebody\nlogsource: {category: test}\ndetection:\n  s:\n    action: ${name}\n  condition: s\n`).join('---\n');

function correlation(body: string, id = 'corr', extra = ''): string {
  return `---\ntitle: ${id}\nid: ${id}\nlevel: high\n${extra}correlation:\n${body.trim().split('\n').map((line) => `  ${line.trimEnd()}`).join('\n')}\n`;
}

function setUp(text: string, options?: CorrelatorOptions) {
  const ruleset = compile(BASE + text);
  const correlator = ruleset.correlator(options);
  const send = (timeMs: number, event: Record<string, unknown>, organisation = 'org') => correlator.observe(organisation, event, ruleset.match(event), timeMs);
  return { ruleset, correlator, send };
}

const COUNT = correlation('type: event_count\nrules: failed\ngroup-by: user\ntimespan: 1m\ncondition:\n  gte: 3');
const failed = (user: string) => ({ action: 'failed', user });

test('event_count becomes true with the event that reaches the threshold, per group', () => {
  const { send } = setUp(COUNT);
  assert.equal(send(0, failed('a')).length, 0);
  assert.equal(send(1_000, failed('b')).length, 0);
  assert.equal(send(2_000, failed('A')).length, 0);
  const [hit] = send(3_000, failed('a'));
  assert.deepEqual([hit?.ruleId, hit?.count, hit?.firstMs, hit?.lastMs, hit?.group], ['corr', 3, 0, 3_000, { user: 'a' }]);
  assert.deepEqual(hit?.sources, [{ ruleId: 'failed-id', author: 'Somebody' }]);
});

test('events one timespan apart are in one window, further apart not', () => {
  const { send } = setUp(COUNT);
  send(0, failed('a'));
  send(1, failed('a'));
  assert.equal(send(60_001, failed('a')).length, 0);
  assert.equal(send(60_001, failed('a')).length, 1);
});

test('a correlation that stays true reports once per timespan, not with every event', () => {
  const { send } = setUp(COUNT);
  let reports = 0;
  for (let timeMs = 0; timeMs <= 300_000; timeMs += 1_000) reports += send(timeMs, failed('a')).length;
  assert.equal(reports, 5);
});

test('one that goes on with the same values or rules is reported again, too', () => {
  const values = setUp(correlation('type: value_count\nrules: failed\ngroup-by: user\ntimespan: 1m\ncondition:\n  field: ip\n  gte: 2'));
  const times = (reported: (timeMs: number) => number): number => {
    let reports = 0;
    for (let timeMs = 0; timeMs <= 300_000; timeMs += 1_000) reports += reported(timeMs);
    return reports;
  };
  assert.equal(times((timeMs) => values.send(timeMs, { ...failed('a'), ip: `192.0.2.${(timeMs / 1_000) % 2}` }).length), 5);
  const rules = setUp(correlation('type: temporal\nrules: [failed, ok]\ngroup-by: user\ntimespan: 1m'));
  assert.equal(times((timeMs) => rules.send(timeMs, { action: (timeMs / 1_000) % 2 === 0 ? 'failed' : 'ok', user: 'a' }).length), 5);
});

test('organisations never count together', () => {
  const { send, correlator } = setUp(COUNT);
  for (const organisation of ['x', 'y', 'z']) assert.equal(send(0, failed('a'), organisation).length, 0);
  correlator.forget('x');
  assert.equal(correlator.counters.organisations, 2);
});

test('an event that comes late is counted in its place; one that comes too late is only counted as late', () => {
  const { send, correlator } = setUp(COUNT, { latenessMs: 10_000 });
  send(100_000, failed('a'));
  send(30_001, failed('a'));
  assert.equal(send(60_000, failed('a')).length, 0);
  assert.equal(send(90_000, failed('a')).length, 1);
  send(29_999, failed('a'));
  assert.equal(correlator.counters.late, 1);
});

test('an event without the group-by field belongs to no group', () => {
  const { send, correlator } = setUp(COUNT);
  for (let timeMs = 0; timeMs < 5; timeMs++) assert.equal(send(timeMs, { action: 'failed' }).length, 0);
  assert.equal(correlator.counters.groups, 0);
});

test('value_count counts distinct values without regard to case', () => {
  const { send } = setUp(correlation('type: value_count\nrules: failed\ngroup-by: ip\ntimespan: 1m\ncondition:\n  field: user\n  gte: 3'));
  for (const user of ['a', 'A', 'b', 'b']) assert.equal(send(0, { action: 'failed', ip: '192.0.2.1', user }).length, 0);
  assert.deepEqual(send(1, { action: 'failed', ip: '192.0.2.1', user: 'c' })[0]?.values, ['a', 'b', 'c']);
});

test('value_sum, value_avg and value_percentile reckon with numbers only', () => {
  for (const [type, threshold, values, expected] of [
    ['value_sum', 'gte: 100', [60, 'x', 30, 10], 100], ['value_avg', 'gt: 10', [10, 10, 13], 11], ['value_percentile', 'gte: 9\n  percentile: 75', [1, 2, 20, 9], 11],
  ] as const) {
    const { send } = setUp(correlation(`type: ${type}\nrules: failed\ngroup-by: user\ntimespan: 1m\ncondition:\n  field: bytes\n  ${threshold}`));
    const hits = values.flatMap((bytes, index) => send(index, { ...failed('a'), bytes }));
    assert.deepEqual(hits.map(({ count }) => count), [expected], type);
  }
});

test('value_count over several fields counts their combinations, and misses none that stands in one text', () => {
  const { send } = setUp(correlation('type: value_count\nrules: failed\ngroup-by: ip\ntimespan: 1m\ncondition:\n  field: [user, host]\n  gte: 3'));
  const from = (user: string, host?: string) => send(0, { action: 'failed', ip: '192.0.2.1', user, ...(host === undefined ? {} : { host }) });
  for (const [user, host] of [['a', 'x'], ['A', 'X'], ['a', 'y'], ['b', undefined]] as const) assert.equal(from(user, host).length, 0);
  assert.deepEqual(from('b', 'x')[0]?.values, ['a, x', 'a, y', 'b, x']);
});

test('value_min, value_max and value_median', () => {
  for (const [type, threshold, expected] of [['value_min', 'lte: 2\n  gte: 0', 2], ['value_max', 'gte: 9', 9], ['value_median', 'gt: 4', 5]] as const) {
    const { send } = setUp(correlation(`type: ${type}\nrules: failed\ngroup-by: user\ntimespan: 1m\ncondition:\n  field: bytes\n  ${threshold}`));
    const hits = [3, 2, 7, 9].flatMap((bytes, index) => send(index, { ...failed('a'), bytes }));
    assert.deepEqual(hits.map(({ count }) => count), [expected], type);
  }
});

// "Less than" is true of the first event already; only when the timespan has passed is it known.
test('a condition with an upper bound alone is decided when its timespan has passed', () => {
  const few = correlation('type: event_count\nrules: failed\ngroup-by: user\ntimespan: 1m\ncondition:\n  lt: 3');
  const { send, correlator } = setUp(few, { latenessMs: 10_000 });
  assert.equal(send(0, failed('a')).length, 0);
  assert.equal(send(5_000, failed('b')).length, 0);
  for (const timeMs of [1_000, 2_000, 3_000]) assert.equal(send(timeMs, failed('b')).length, 0);
  assert.equal(send(60_000, failed('a')).length, 0);
  assert.equal(send(70_000, failed('a')).length, 0, 'an event may still come late');
  const [hit] = send(70_001, failed('a'));
  assert.deepEqual([hit?.ruleId, hit?.count, hit?.firstMs, hit?.lastMs, hit?.group], ['corr', 2, 0, 60_000, { user: 'a' }]);
  assert.deepEqual(correlator.advance('org', 80_000).map(({ group }) => group.user), [], 'b had four');
  assert.deepEqual(correlator.advance('org', 140_002).map(({ count, firstMs }) => [count, firstMs]), [[2, 70_000]]);
  assert.deepEqual([correlator.counters.groups, correlator.counters.entries], [0, 0]);
  assert.deepEqual(correlator.advance('nobody', Number.POSITIVE_INFINITY), []);
});

test('what began and did not end within the timespan is told, and what did is not', () => {
  const unfinished = correlation('type: temporal\nrules: [failed, ok]\ngroup-by: user\ntimespan: 1m\ncondition: failed and not ok');
  const { send, correlator } = setUp(unfinished, { latenessMs: 0 });
  send(0, failed('a'));
  send(1_000, failed('b'));
  send(30_000, { action: 'ok', user: 'b' });
  send(31_000, { action: 'ok', user: 'c' });
  assert.deepEqual(correlator.advance('org', Number.POSITIVE_INFINITY).map(({ group, count }) => [group.user, count]), [['a', 1]]);
});

test('a temporal condition may join its rules by and, or and brackets', () => {
  const { send } = setUp(correlation('type: temporal\nrules: [failed, ok]\ngroup-by: user\ntimespan: 1m\ncondition: failed and (ok or failed)', 'one') + correlation('type: temporal_ordered\nrules: [failed, ok]\ngroup-by: user\ntimespan: 1m\ncondition: failed AND ok', 'two'));
  assert.deepEqual(send(0, { action: 'ok', user: 'a' }), []);
  assert.deepEqual(send(1, failed('a')).map(({ ruleId }) => ruleId), ['one']);
  assert.deepEqual(send(2, { action: 'ok', user: 'a' }).map(({ ruleId }) => ruleId), ['two']);
});

test('a chain may stand on what was decided when its timespan had passed', () => {
  const { send, correlator } = setUp(correlation('type: event_count\nrules: failed\ngroup-by: user\ntimespan: 1m\ncondition:\n  lte: 1', 'few', 'name: few\n') + correlation('type: event_count\nrules: few\ngroup-by: user\ntimespan: 1h\ncondition:\n  gte: 2', 'twice'), { latenessMs: 0 });
  send(0, failed('a'));
  send(100_000, failed('a'));
  assert.deepEqual(correlator.advance('org', 300_000).map(({ ruleId, firstMs, lastMs }) => [ruleId, firstMs, lastMs]), [['few', 100_000, 100_000], ['twice', 0, 100_000]]);
});

// A flood must neither take the memory nor make a bound look kept.
test('a flood of one group is bounded, and is not taken for few', () => {
  const { send, correlator } = setUp(correlation('type: event_count\nrules: failed\ngroup-by: user\ntimespan: 1m\ncondition:\n  lt: 50'), { maxEntries: 100, latenessMs: 0 });
  for (let index = 0; index < 5_000; index++) assert.equal(send(index % 1_000, failed('a')).length, 0);
  assert.deepEqual([correlator.counters.entries, correlator.counters.evictedEntries], [100, 4_900]);
  assert.deepEqual(correlator.advance('org', Number.POSITIVE_INFINITY), []);
});

test('temporal needs all rules in any order, temporal_ordered in theirs', () => {
  const both = correlation('type: temporal\nrules: [failed, ok]\ngroup-by: user\ntimespan: 1m', 'any') + correlation('type: temporal_ordered\nrules: [failed, ok]\ngroup-by: user\ntimespan: 1m', 'ordered');
  const { send } = setUp(both);
  assert.deepEqual(send(0, { action: 'ok', user: 'a' }), []);
  assert.deepEqual(send(1_000, failed('a')).map(({ ruleId }) => ruleId), ['any']);
  assert.deepEqual(send(2_000, { action: 'ok', user: 'a' }).map(({ ruleId }) => ruleId), ['ordered']);
  assert.deepEqual(send(1_000, { action: 'ok', user: 'b' }).concat(send(100_000, failed('b'))), []);
});

test('correlations chain: many failures, then a success', () => {
  const { send, ruleset } = setUp(COUNT.replace('title: corr\n', 'title: corr\nname: many\n') + correlation('type: temporal_ordered\nrules: [many, ok]\ngroup-by: user\ntimespan: 10m', 'broken-in'));
  send(0, { action: 'ok', user: 'a' });
  for (let index = 1; index <= 2; index++) send(index, failed('a'));
  assert.deepEqual(send(3, failed('a')).map(({ ruleId, standalone }) => [ruleId, standalone]), [['corr', false]]);
  assert.deepEqual(send(4, { action: 'ok', user: 'a' }).map(({ ruleId, standalone }) => [ruleId, standalone]), [['broken-in', true]]);
  assert.equal(ruleset.match(failed('a'))[0]?.standalone, false);
});

test('generate lets the counted rules report too', () => {
  const { ruleset } = setUp(correlation('type: event_count\nrules: failed\ngroup-by: user\ntimespan: 1m\ngenerate: true\ncondition:\n  gte: 3'));
  assert.equal(ruleset.match(failed('a'))[0]?.standalone, true);
});

test('aliases group different fields of different rules', () => {
  const { send } = setUp(correlation('type: temporal\nrules: [failed, ok]\ngroup-by: ip\ntimespan: 1m\naliases:\n  ip:\n    failed: source.ip\n    ok: destination.ip'));
  send(0, { action: 'failed', 'source.ip': '192.0.2.1', 'destination.ip': '192.0.2.9' });
  assert.equal(send(1, { action: 'ok', 'source.ip': '192.0.2.1', 'destination.ip': '192.0.2.2' }).length, 0);
  assert.equal(send(2, { action: 'ok', 'destination.ip': '192.0.2.1' }).length, 1);
});

test('memory stays within its bounds and what falls out is counted', () => {
  const { send, correlator } = setUp(COUNT, { maxGroups: 10, maxEntries: 5, maxOrganisations: 3 });
  for (let user = 0; user < 100; user++) send(0, failed(`u${user}`));
  for (let index = 0; index < 50; index++) send(0, failed('same'));
  assert.equal(correlator.counters.groups, 10);
  assert.equal(correlator.counters.evictedGroups, 91);
  assert.equal(correlator.counters.evictedEntries, 45);
  for (let organisation = 0; organisation < 9; organisation++) send(0, failed('x'), `o${organisation}`);
  assert.equal(correlator.counters.organisations, 3);
});

// Without it a few organisations with floods of long values end the thread that reads everybody's lines.
test('all organisations together stay within a bound, and the one with the flood pays for it', () => {
  const { send, correlator } = setUp(correlation('type: value_count\nrules: failed\ngroup-by: user\ntimespan: 1h\ncondition:\n  field: port\n  gte: 3'), { maxBytes: 100_000 });
  for (const organisation of ['calm', 'calmer']) for (const port of ['1', '2']) send(0, { action: 'failed', user: 'a', port }, organisation);
  for (let i = 0; i < 2_000; i++) send(i, { action: 'failed', user: `u${i}`, port: 'p'.repeat(300) }, 'flood');
  assert.ok(correlator.counters.bytes <= 100_000, String(correlator.counters.bytes));
  assert.ok(correlator.counters.evictedGroups > 1_000);
  for (const organisation of ['calm', 'calmer']) assert.equal(send(1, { action: 'failed', user: 'a', port: '3' }, organisation).length, 1, organisation);
  const state: unknown = deserialize(serialize(correlator.exportState()));
  const { correlator: small } = setUp(correlation('type: value_count\nrules: failed\ngroup-by: user\ntimespan: 1h\ncondition:\n  field: port\n  gte: 3'), { maxBytes: 20_000 });
  small.importState(state);
  assert.ok(small.counters.bytes <= 20_000);
  small.forget('flood');
  small.forget('calm');
  small.forget('calmer');
  assert.equal(small.counters.bytes, 0);
});

// One group of one member, larger than all are allowed together, once let everybody else's grow without end.
test('a single large group does not keep the bound from the others', () => {
  const { send, correlator } = setUp(correlation('type: value_count\nrules: failed\ngroup-by: user\ntimespan: 1h\ncondition:\n  field: port\n  gte: 9000'), { maxBytes: 100_000 });
  for (let i = 0; i < 1_000; i++) send(i, { action: 'failed', user: 'a', port: `${'p'.repeat(100)}${i}` }, 'large');
  assert.equal(correlator.counters.entries, 1_000, 'the group in use stays');
  for (let organisation = 0; organisation < 20; organisation++) for (let user = 0; user < 50; user++) send(0, { action: 'failed', user: `u${user}`, port: '1' }, `o${organisation}`);
  assert.ok(correlator.counters.bytes <= 100_000, String(correlator.counters.bytes));
});

test('bounds hold for what is taken back, and what a flood took is given up with it', () => {
  const rule = correlation('type: value_count\nrules: failed\ngroup-by: user\ntimespan: 1m\ncondition:\n  field: port\n  gte: 9000');
  const { send, correlator } = setUp(rule, { latenessMs: 0 });
  for (let i = 0; i < 5_000; i++) send(i, { action: 'failed', user: `u${i % 10}`, port: `Port ${i}` });
  const small = setUp(rule, { maxGroups: 3 }).correlator;
  small.importState(correlator.exportState());
  assert.equal(small.counters.groups, 3);
  small.forget('org');
  assert.equal(small.counters.bytes, 0);
  for (let user = 0; user < 10; user++) send(1_000_000, { action: 'failed', user: `u${user}`, port: 'one' });
  assert.deepEqual(correlator.exportState().organisations.map(({ texts }) => texts), [['one']]);
  assert.ok(correlator.counters.bytes < 700_000, String(correlator.counters.bytes));
  for (let user = 0; user < 10; user++) send(2_000_000, { action: 'failed', user: `v${user}` });
  assert.ok(correlator.counters.entries === 10);
});

test('what is held does not hold the lines it was cut out of', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { send, correlator } = setUp(correlation('type: value_count\nrules: failed\ngroup-by: user\ntimespan: 1h\ncondition:\n  field: port\n  gte: 9000'));
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 4_000; i++) {
    const line = Buffer.alloc(20_000, `user-number-${i % 50}-of-the-office port-number-${i}-of-the-host `).toString('latin1');
    const [user, port] = line.slice(0, 60).split(' ');
    send(i, { action: 'failed', user, port });
  }
  collect();
  assert.equal(correlator.counters.entries, 4_000);
  assert.ok(process.memoryUsage().heapUsed - before < 20e6, `${Math.round((process.memoryUsage().heapUsed - before) / 1e6)} MB for 4,000 entries out of 80 MB of lines`);
});

test('counters agree with what is held, whatever arrives', () => {
  const arrival = fc.record({ user: fc.constantFrom('a', 'b', 'c', 'd'), ip: fc.constantFrom('x', 'X', 'y', 'ÿ', 'Ÿ'), timeMs: fc.integer({ min: 0, max: 400_000 }) });
  fc.assert(fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
    const { send, correlator } = setUpOnce();
    for (const { timeMs, ...rest } of arrivals) send(timeMs, { action: 'failed', ...rest });
    const { groups, entries, bytes } = correlator.counters;
    const state = correlator.exportState();
    const held = state.organisations.flatMap((organisation) => organisation.groups);
    assert.equal(held.length, groups);
    assert.equal(held.reduce((sum, [, , , length]) => sum + length, 0), entries);
    assert.ok(groups <= 3 && entries <= 12);
    // Whatever came and went, it weighs what it would if it had just been read.
    const again = setUpOnce().correlator;
    again.importState(state);
    // But for places of texts that have gone.
    assert.ok(bytes - again.counters.bytes >= 0 && (bytes - again.counters.bytes) % 32 === 0, `${bytes} ${again.counters.bytes}`);
    again.forget('org');
    assert.equal(again.counters.bytes, 0);
    correlator.forget('org');
    assert.equal(correlator.counters.bytes, 0);
  }));
});

const shared = compile(BASE + COUNT + correlation('type: value_count\nrules: [failed, ok]\ngroup-by: user\ntimespan: 1m\ncondition:\n  field: ip\n  gte: 3', 'values'));
function setUpOnce() {
  const correlator = shared.correlator({ maxGroups: 3, maxEntries: 5, maxEntriesTotal: 12, latenessMs: 1_000 });
  return { correlator, send: (timeMs: number, event: Record<string, unknown>) => correlator.observe('org', event, shared.match(event), timeMs) };
}

test('state survives a restart, and foreign state is refused whole', () => {
  const before = setUp(COUNT);
  before.send(0, failed('a'));
  before.send(1, failed('a'));
  const stored = deserialize(serialize(before.correlator.exportState())) as CorrelatorState;
  const after = setUp(COUNT);
  assert.deepEqual(after.correlator.importState(stored), { groups: 1, leftOut: 0 });
  assert.equal(after.send(2, failed('a')).length, 1);
  const [own] = stored.organisations;
  const wrongOnes = [{ name: 1 }, { texts: [1] }, { groups: null }, { groups: [['corr', ['a'], null, 3]] }, { groups: [['corr', ['a'], null, 0]] }, { times: [0, 1] }, { times: new Float64Array(1) }, { times: Float64Array.of(0, NaN) }, { times: Float64Array.of(1, 0) }, { values: Int32Array.of(-1, 0) }, { values: Int32Array.of(-2, -1) }];
  for (const wrong of [null, {}, { ...stored, version: 1 }, { ...stored, organisations: [null] }, ...wrongOnes.map((part) => ({ ...stored, organisations: [{ ...own, ...part }] }))]) {
    assert.throws(() => after.correlator.importState(wrong), TypeError);
  }
  // Of a rule that counts other things today.
  const others = { ...stored, organisations: [{ ...own, sources: Uint32Array.of(0, 1) }, { ...own, name: 'p', texts: ['v'], values: Int32Array.of(0, 0) }] };
  assert.deepEqual(setUp(COUNT).correlator.importState(others), { groups: 0, leftOut: 2 });
  assert.equal(after.correlator.counters.groups, 1);
  const other = compile(BASE).correlator();
  assert.deepEqual(other.importState(stored), { groups: 0, leftOut: 1 });
});

test('what a broken correlation counts does not become an alert a time', () => {
  const wrong = ['timespan: 90 minutes\ncondition:\n  gte: 3', 'timespan: 1m\ncondition:\n  gte: 1\nnobody: 1'].map((end) => correlation(`type: event_count\nrules: failed\ngroup-by: u\n${end}`));
  for (const text of [...wrong, correlation('type: event_count\nrules: [failed, nobody]\ngroup-by: u\ntimespan: 1m\ncondition:\n  gte: 3')]) {
    const ruleset = compileRules([{ path: 'c.yml', text: BASE + text }]);
    assert.equal(ruleset.errors.length, 1);
    assert.deepEqual(ruleset.match(failed('a')).map(({ standalone }) => standalone), [false]);
  }
});

test('refused: correlations of what is not there, of themselves, or of what cannot be reckoned', () => {
  const codes = (text: string) => compileRules([{ path: 'c.yml', text: BASE + text }]).errors.map(({ code }) => code);
  assert.deepEqual(codes(correlation('type: event_count\nrules: nobody\ngroup-by: u\ntimespan: 1m\ncondition:\n  gte: 3')), ['reference']);
  assert.deepEqual(codes(correlation('type: event_count\nrules: corr\ngroup-by: u\ntimespan: 1m\ncondition:\n  gte: 3')), ['reference']);
  assert.deepEqual(codes(correlation('type: value_sum\nrules: failed\ngroup-by: u\ntimespan: 1m\ncondition:\n  field: [a, b]\n  gte: 3')), ['unsupported']);
  assert.deepEqual(codes(correlation('type: value_count\nrules: failed\ngroup-by: u\ntimespan: 1m\ncondition:\n  field: []\n  gte: 3')), ['bad_value']);
  assert.deepEqual(codes(correlation('type: temporal\nrules: [failed, ok]\ngroup-by: u\ntimespan: 1m\ncondition: failed and nobody')), ['condition']);
  assert.deepEqual(codes(correlation('type: temporal_ordered\nrules: [failed, ok]\ngroup-by: u\ntimespan: 1m\ncondition: failed or ok')), ['unsupported']);
  assert.deepEqual(codes(correlation('type: event_count\nrules: failed\ngroup-by: u\ntimespan: 1m\ncondition: failed')), ['type']);
  assert.deepEqual(codes(correlation('type: event_count\nrules: failed\ngroup-by: u\ntimespan: 90 minutes\ncondition:\n  gte: 3')), ['bad_value']);
  assert.deepEqual(codes(correlation('type: value_count\nrules: failed\ngroup-by: u\ntimespan: 1m\ncondition:\n  gte: 3')), ['missing']);
  assert.deepEqual(codes(correlation('type: event_count\nrules: failed\ngroup-by: u\ntimespan: 1m\ncondition:\n  gte: 1000000')), ['too_large']);
  assert.deepEqual(codes(correlation('type: event_count\nrules: failed\ngroupby: u\ntimespan: 1m\ncondition:\n  gte: 3')), ['bad_value']);
  for (const type of ['temporal', 'temporal_ordered']) assert.deepEqual(codes(correlation(`type: ${type}\nrules: [failed, ok, failed]\ngroup-by: u\ntimespan: 1m`)), ['reference'], type);
  for (const alias of ['{failed: user, nobody: user}', '{failed: user}']) assert.deepEqual(codes(correlation(`type: temporal\nrules: [failed, ok]\naliases:\n  who: ${alias}\ngroup-by: who\ntimespan: 1m`)), ['reference'], alias);
  const filter = '---\ntitle: F\nlogsource: {category: test}\nfilter:\n  rules: [corr]\n  s:\n    user: a\n  condition: s\n';
  assert.deepEqual(codes(COUNT + filter), ['unsupported']);
  assert.equal(errorOf(correlation('type: sometimes\nrules: failed\ngroup-by: u\ntimespan: 1m').slice(4)).code, 'bad_value');
});
