import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { adviceOf } from './advice.ts';
import { eachHouse } from './fixtures.test-helper.ts';
import { fade, HALF_LIFE_DAYS, levelOf, risksOf, type RiskRow } from './risk.ts';

const DAY = 86_400_000;
const now = new Date('2026-11-24T00:00:00Z');
const row = (more: Partial<RiskRow> = {}): RiskRow => ({ id: 'f1', rank: 1, stopped: 'no', state: 'open', outcome: null, last_at: now, asset: { deviceId: null, name: 'KEIRI-03', owner: '佐藤', department: null }, user_name: null, ...more });

test('a risk is the sum of what came together, weighs what got through more, and halves in a week', () => {
  const [one] = risksOf([row()], now);
  assert.deepEqual([one!.kind, one!.name, one!.score, one!.level], ['host', 'KEIRI-03', 12, 'low']);
  const [two] = risksOf([row(), row({ id: 'f2', rank: 0 })], now);
  assert.deepEqual([two!.score, two!.level, two!.open, two!.findings.map((f) => f.id)], [52, 'high', 2, ['f2', 'f1']]);
  assert.ok(risksOf([row({ stopped: 'yes' })], now)[0]!.score < 4);
  assert.equal(fade(40, now, new Date(now.getTime() + HALF_LIFE_DAYS * DAY)), 20);
  assert.equal(fade(40, now, new Date(now.getTime() - DAY)), 40, 'a clock that goes back adds nothing');
});

test('what leads know or call a false alarm is no risk, what they dealt with is less of one, and the old fades away', () => {
  assert.deepEqual(risksOf([row({ state: 'closed', outcome: 'known' }), row({ state: 'closed', outcome: 'false_alarm' })], now), []);
  assert.deepEqual(risksOf([row({ state: 'closed', outcome: 'handled' })], now).map((r) => [r.score, r.open]), [[4.8, 0]]);
  assert.deepEqual(risksOf([row({ last_at: new Date(now.getTime() - 60 * DAY) })], now), []);
});

test('a computer and a name are counted apart, whatever the case of the name; what is about nobody weighs on nobody', () => {
  assert.deepEqual(risksOf([row({ user_name: 'Tanaka' }), row({ id: 'f2', asset: null, user_name: 'tanaka' })], now).map((r) => [r.key, r.score]), [['account tanaka', 24], ['host keiri-03', 12]]);
  assert.deepEqual(risksOf([row({ asset: null })], now), []);
  assert.deepEqual([levelOf(14.9), levelOf(15), levelOf(40)], ['low', 'raised', 'high']);
});

test('more findings never make a risk smaller', () => {
  const any = fc.record({ rank: fc.constantFrom(0, 1, 2), stopped: fc.constantFrom('yes', 'no', 'unknown'), outcome: fc.constantFrom(null, 'handled', 'known'), ageDays: fc.integer({ min: 0, max: 50 }) })
    .map(({ ageDays, ...r }) => row({ ...(r as Partial<RiskRow>), last_at: new Date(now.getTime() - ageDays * DAY) }));
  fc.assert(fc.property(fc.array(any, { maxLength: 20 }), any, (rows, one) => {
    const score = (all: RiskRow[]): number => risksOf(all, now)[0]?.score ?? 0;
    assert.ok(score([...rows, one]) >= score(rows));
  }));
});

test('the page shows what weighs on computers and names, on one device alone, and on a person by owner and by sign-in name', (t) =>
  eachHouse(t, 'risks', async (house) => {
    const device = '01900000-0000-7000-8000-0000000000d1';
    await house.raise(
      { severity: 'now', entity: 'a', asset: { deviceId: device, name: 'KEIRI-03', owner: '青木花子', department: null }, slots: { 'user.name': 'AOKI' } },
      { entity: 'b', asset: { deviceId: null, name: 'SOMU-01', owner: null, department: null } },
    );
    const risks = async (query: object): Promise<{ name: string; level: string; findings: { title: string }[] }[]> => (await house.call<{ items: { name: string; level: string; findings: { title: string }[] }[] }>('risks.list', { query })).items;
    assert.deepEqual((await risks({})).map((r) => [r.name, r.level]), [['AOKI', 'high'], ['KEIRI-03', 'high'], ['SOMU-01', 'low']]);
    assert.deepEqual((await risks({ device })).map((r) => [r.name, r.findings.length]), [['KEIRI-03', 1]]);
    assert.deepEqual((await risks({ person: house.lead })).map((r) => r.name), ['AOKI', 'KEIRI-03']);
    assert.deepEqual((await house.call<{ items: object[] }>('risks.list', { org: house.other.id, query: { person: house.lead } })).items, []);
  }));

test('a rule is kept, tuned or retired by how its findings ended, and not before enough have', () => {
  const of = (handled: number, ticket: number, known: number, falseAlarm: number) => adviceOf({ handled, ticket, known, falseAlarm });
  assert.equal(of(0, 0, 0, 4), 'unknown');
  assert.equal(of(3, 1, 1, 0), 'keep');
  assert.equal(of(1, 0, 0, 4), 'tune');
  assert.equal(of(1, 0, 7, 1), 'tune');
  assert.equal(of(0, 0, 2, 8), 'retire');
  assert.equal(of(0, 0, 0, 9), 'tune', 'it has not had its chance yet');
  assert.equal(of(1, 0, 0, 30), 'tune', 'what mattered once is not thrown away');
});

test('outcomes count what people closed, by rule, and nothing that was quiet from its start or closed by itself', (t) =>
  eachHouse(t, 'outcomes', async (house) => {
    const { kernel, findings } = house;
    const ids = (await house.raise({ entity: '1' }, { entity: '2' }, { entity: '3' }, { entity: '4', ruleId: 'other.rule' })).map((r) => r.id);
    kernel.time += 60_000;
    for (const [i, outcome] of ['handled', 'known', 'false_alarm', 'handled'].entries()) await house.call('findings.close', { params: { finding: ids[i]! }, body: { outcome } });
    await house.raise({ entity: '3', fingerprint: 'quiet from the start' });
    const outcomes = await kernel.tenancy.inOrg({ orgId: house.member.id, actor: { kind: 'system', name: 'test' } }, (tx) => findings.outcomes(tx, house.member.id, new Date(kernel.time - DAY)));
    assert.deepEqual(outcomes, [{ ruleId: 'test.rule', title: 'Odd traffic', handled: 1, ticket: 0, known: 1, falseAlarm: 1 }, { ruleId: 'other.rule', title: 'Odd traffic', handled: 1, ticket: 0, known: 0, falseAlarm: 0 }]);
  }));
