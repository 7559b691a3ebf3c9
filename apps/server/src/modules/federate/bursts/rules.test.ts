import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indicatorsOf, readable, stepOf, thirdAt } from './rules.ts';

const of = (slots: Record<string, string>, more: object = {}): string[] => indicatorsOf({ kind: 'detection', rank: 1, rule_id: 'r1', direction: 'outbound', stopped: 'no', slots, ...more } as never).map((i) => `${i.kind} ${i.value}`);

test('what others may have seen is taken from a finding: never an address of the inside, nor our own side of a connection', () => {
  assert.deepEqual(of({ 'source.ip': '192.168.1.5', 'destination.ip': '198.51.100.7', 'destination.domain': 'Bad.Example.COM.' }), ['address 198.51.100.7', 'name bad.example.com']);
  assert.deepEqual(of({ 'source.ip': '203.0.113.9', 'destination.ip': '198.51.100.7' }, { direction: 'inbound' }), ['address 203.0.113.9']);
  assert.deepEqual(of({ 'source.ip': '10.1.2.3', 'destination.ip': '172.20.0.1' }, { direction: 'internal' }), []);
  for (const inside of ['127.0.0.1', '169.254.1.1', '100.64.0.1', '224.0.0.1', 'fe80::1', '::1', 'fd00::1', 'no address', '']) assert.deepEqual(of({ 'destination.ip': inside }), [], inside);
});

test('a sender, a file and the name of a threat with its rule are indicators; what comes daily to everybody is none', () => {
  assert.deepEqual(of({ 'email.from.address': 'A@Example.jp', 'file.hash.sha256': 'AB'.repeat(32), 'rule.name': 'W32/Example' }), ['mail a@example.jp', `file ${'ab'.repeat(32)}`, 'threat r1 w32/example']);
  assert.equal(readable({ kind: 'threat', value: 'r1 w32/example bot' }), 'w32/example bot');
  assert.deepEqual(of({ 'destination.ip': '198.51.100.7' }, { kind: 'digest' }), []);
  assert.deepEqual(of({ 'destination.ip': '198.51.100.7' }, { rank: 2 }), [], 'for information only');
  assert.deepEqual(of({ 'destination.ip': '198.51.100.7', 'rule.name': 'W32/Example' }, { stopped: 'yes' }), ['address 198.51.100.7']);
  assert.deepEqual(of({ 'url.domain': 'printer', 'destination.domain': '192.0.2.1', 'dns.question.name': 'a b.example' }), []);
});

test('the third member makes it a burst, whatever the order they are told in', () => {
  const at = (n: number): Date => new Date(n);
  assert.equal(thirdAt([at(5), at(1)]), null);
  assert.deepEqual(thirdAt([at(9), at(1), at(5)]), at(9));
  assert.deepEqual(thirdAt([at(9), at(1), at(5), at(20)]), at(9));
});

test('a burst tells its members at steps: at most nine times, however many join', () => {
  const steps = new Set(Array.from({ length: 2_000 }, (_, i) => stepOf(i)));
  assert.deepEqual([...steps].slice(0, 3), [0, 3, 5]);
  assert.equal(steps.size, 10);
  for (let i = 1; i < 2_000; i++) assert.ok(stepOf(i) <= i && stepOf(i) >= stepOf(i - 1));
});
