import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sigmaFilter } from '../findings/suppress.ts';
import { BatchReader } from './batch-reader.ts';
import { Quiet } from './quiet.ts';
import { readLines, senderOf, type Line } from './batches.test-helper.ts';

const NOW = Date.parse('2026-11-24T01:10:00Z');
const MINE = '01900000-0000-7000-8000-00000000000a';
const THEIRS = '01900000-0000-7000-8000-00000000000b';
const BRUTE = 'd350bf9a-7568-591e-95be-5906060293f1';
const failure = (org: string, ip: string, n: number): Line => ({
  at: NOW + n * 1000, source: senderOf(org),
  text: `<189>date=2026-11-24 time=10:10:${String(n).padStart(2, '0')} devname="FG-HONSHA" devid="FGT60F0000000001" tz="+0900" logid="0101039426" type="event" subtype="vpn" level="alert" logdesc="SSL VPN login fail" action="ssl-login-fail" tunneltype="ssl-web" remip=${ip} user="user${n}" reason="x" msg="SSL user failed to logged in"`,
});
const tries = (org: string, ip: string): Line[] => Array.from({ length: 12 }, (_, n) => failure(org, ip, n));
const quiet = (until: number, ip = '198.51.100.0/24') =>
  new Map([[MINE, [{ orgId: MINE, id: THEIRS, until, sigma: sigmaFilter({ id: THEIRS, rule_id: BRUTE, rule_title: 'Many failed', conditions: [{ field: 'source.ip', is: 'cidr', value: ip }] }) }]]]);
const found = (reader: BatchReader, lines: Line[], more = {}) => readLines(reader, lines, more).groups.filter((g) => g.ruleId === BRUTE).map((g) => [g.orgId, g.entity, g.suppressionId]);

test('a filter keeps quiet what meets it, at its own organisation, until its end; everything is found all the same', () => {
  const reader = new BatchReader();
  const lines = [...tries(MINE, '198.51.100.7'), ...tries(MINE, '203.0.113.9'), ...tries(THEIRS, '198.51.100.7')].sort((a, b) => a.at - b.at);
  const [a, b, c] = [[MINE, '198.51.100.7', THEIRS], [MINE, '203.0.113.9', null], [THEIRS, '198.51.100.7', null]];
  assert.deepEqual(found(reader, lines, { quiet: quiet(NOW + 60_000) }).sort(), [a, b, c].sort());
  const later = (list: Line[], by: number): Line[] => list.map((l) => ({ ...l, at: l.at + by }));
  assert.deepEqual(found(reader, later(tries(MINE, '198.51.100.8'), 120_000)), [[MINE, '198.51.100.8', null]], 'it has run out');
  assert.deepEqual(found(reader, later(tries(MINE, '198.51.100.9'), 180_000), { quiet: quiet(NOW + 3_600_000) }), [[MINE, '198.51.100.9', THEIRS]]);
  assert.deepEqual(found(reader, later(tries(MINE, '198.51.100.10'), 240_000), { quiet: new Map([[MINE, []]]) }), [[MINE, '198.51.100.10', null]], 'it was ended');
});

// A change is read anew with every batch for a minute, four times a second: compiling all filters each time held the lines up.
test('a filter is compiled once for what it says, however often it is told', () => {
  const compiled: string[] = [];
  const quietly = new Quiet({ suppressions: (files) => (compiled.push([...files][0]!.text), { errors: [], find: () => ({ id: '', title: '' }) }) as never });
  const given = (sigma: string, until: number) => new Map([[MINE, [{ orgId: MINE, id: THEIRS, until, sigma }]]]);
  for (let i = 0; i < 5; i += 1) quietly.set(given('one', NOW + 1_000));
  assert.deepEqual(compiled, ['one']);
  quietly.set(given('one', NOW + 9_000));
  assert.equal(quietly.find(MINE, { ruleId: BRUTE }, {}, NOW + 5_000), THEIRS, 'its end is taken all the same');
  quietly.set(given('another', NOW + 9_000));
  assert.deepEqual(compiled, ['one', 'another']);
});
