import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { build, COMMON_ACCOUNT, COMMON_REACH, isVeryMany, type AtMachine, type Found, type Letter, type Machine, type Touch, type WorkedOn } from './graph.ts';
import { sentence } from './words.ts';

const machine = (name: string): Machine => ({ key: `h:${name}`, name, deviceId: null, ownerId: null, department: null, host: name, ip: '' });
const touch = (name: string, more: Partial<Touch> = {}): Touch => ({ role: 'traffic', machine: machine(name), user: '', stopped: 0, count: 1, first: 1_000, last: 2_000, ...more });
const at = (name: string, user: string, first = 1_500): AtMachine => ({ machine: machine(name), user, count: 1, first, last: first });
const worked = (from: string, name: string): WorkedOn => ({ from: machine(from), machine: machine(name), count: 1, first: 1_500, last: 1_500 });
const letter = (name: string, how: Letter['how']): Letter => ({ person: { key: `p:${name}`, name, personId: null }, how, count: 1, first: 1, last: 1 });
const found = (more: Partial<Found>): Found => ({ kind: 'domain', touches: [], letters: [], used: new Map(), accounts: [], logins: [], worked: [], ...more });
const said = (f: Partial<Found>, stop = false): string[] => build(found(f), 'x', stop).calls.map((c) => `${c.machine?.name ?? c.person?.name} ${c.state} ${c.hop}`);

describe('who must be called', () => {
  test('one line for each, the worst that is known: through beats stopped, opened beats received', () => {
    assert.deepEqual(said({ touches: [touch('a', { stopped: 1 }), touch('a'), touch('b', { stopped: 1 })], letters: [letter('sato', 'got'), letter('sato', 'opened'), letter('mori', 'got')] }), ['a communicated 1', 'sato opened 1', 'mori received 1', 'b stopped 1']);
  });
  test('from an account on the same lines it goes on to where that account signed in afterwards, not before', () => {
    const f = { touches: [touch('a', { user: 'sato' })], logins: [at('b', 'sato', 1_500), at('c', 'sato', 500), at('d', 'other', 1_500)] };
    assert.deepEqual(said(f), ['a communicated 1', 'b possible 3']);
    assert.equal(build(found(f), 'x', false).edges.find((e) => e.why === 'signed_in')!.confidence, 'likely');
  });
  test('a machine where everything was stopped leads nowhere', () => {
    assert.deepEqual(said({ touches: [touch('a', { stopped: 1 })], accounts: [at('a', 'sato')], logins: [at('b', 'sato')], worked: [worked('a', 'c')] }), ['a stopped 1']);
  });
  test('an account or machine of very many is marked and not followed', () => {
    const many = Array.from({ length: COMMON_ACCOUNT + 1 }, (_, i) => at(`m${i}`, 'svc'));
    const graph = build(found({ touches: [touch('a', { user: 'svc' })], logins: many, worked: Array.from({ length: COMMON_REACH + 1 }, (_, i) => worked('a', `w${i}`)) }), 'x', false);
    assert.deepEqual(graph.calls.map((c) => c.machine!.name), ['a']);
    assert.deepEqual(graph.nodes.filter((n) => n.common).map((n) => n.name).sort(), ['a', 'svc']);
  });
  test('a common value is followed nowhere', () => {
    assert.deepEqual(said({ touches: [touch('a', { user: 'sato' })], logins: [at('b', 'sato')], worked: [worked('a', 'c')], letters: [letter('mori', 'opened')], used: new Map([['p:mori', [machine('d')]]]) }, true), ['a communicated 1', 'mori opened 1']);
  });
  test('very many is measured by what says anything at all', () => {
    assert.deepEqual([isVeryMany(9, 9), isVeryMany(10, 25), isVeryMany(10, 26), isVeryMany(200, 500)], [false, true, false, true]);
  });
});

test('whatever was found: every machine in touch is called, no edge is further than three hops, each edge has both ends, and counts are those of the calls', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const user = fc.constantFrom('', 'sato', 'mori');
  const moment = fc.nat(5_000);
  const any = fc.record({
    kind: fc.constantFrom('domain' as const, 'account' as const, 'ip' as const),
    touches: fc.array(fc.tuple(name, user, fc.constantFrom('traffic' as const, 'login' as const, 'file' as const, 'mentioned' as const), fc.nat(3), moment).map(([n, u, role, stopped, first]) => touch(n, { user: u, role, stopped, count: 3, first, last: first + 10 })), { maxLength: 6 }),
    letters: fc.array(fc.tuple(name, fc.constantFrom('got' as const, 'opened' as const, 'stopped' as const, 'reported' as const)).map(([n, how]) => letter(n, how)), { maxLength: 4 }),
    accounts: fc.array(fc.tuple(name, user, moment).map(([n, u, first]) => at(n, u || 'x', first)), { maxLength: 4 }),
    logins: fc.array(fc.tuple(name, user, moment).map(([n, u, first]) => at(n, u || 'x', first)), { maxLength: 6 }),
    worked: fc.array(fc.tuple(name, name).map(([f, n]) => worked(f, n)), { maxLength: 4 }),
    used: fc.constant(new Map([['p:a', [machine('z')]]])),
  });
  fc.assert(fc.property(any, fc.boolean(), (f, stop) => {
    const graph = build(f, 'x', stop);
    const keys = new Set(graph.nodes.map((n) => n.key));
    for (const t of f.touches) assert.ok(graph.calls.some((c) => c.key === t.machine.key));
    for (const e of graph.edges) assert.ok(e.hop >= 1 && e.hop <= 3 && keys.has(e.from) && keys.has(e.to) && e.first <= e.last);
    assert.equal(new Set(graph.calls.map((c) => c.key)).size, graph.calls.length);
    const { machines, stopped, possible, received } = graph.counts;
    assert.equal(machines + stopped + possible, graph.calls.filter((c) => c.kind === 'machine').length);
    assert.ok(received <= graph.calls.filter((c) => c.kind === 'person').length);
  }), { numRuns: 1_000 });
});

test('the sentence says what was found and what is not known, in both languages', () => {
  const sum = { received: 12, opened: 3, machines: 2, stopped: 0, possible: 0, lines: 40, silent: 4 };
  assert.equal(sentence(sum, 'ja'), 'メールで12人に届き、3人が開き、2台が通信などで関わりました。ログが届いていない機器が4台あり、その分は分かりません。');
  assert.equal(sentence(sum, 'en'), '12 people got it by mail, 3 opened it, 2 devices were in touch with it. 4 senders of logs were silent; of theirs nothing is known.');
  assert.equal(sentence({ received: 0, opened: 0, machines: 0, stopped: 0, possible: 0, lines: 0, silent: 0 }, 'ja'), 'この期間には見つかりませんでした。');
});
