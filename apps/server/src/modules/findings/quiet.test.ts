import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Condition } from '@banya/contract';
import { loadDetections } from '@banya/library';
import { compileRules } from '@banya/sigma';
import { problem, scopeOf } from '../notify/kernel.test-helper.ts';
import { alert, eachHouse } from './fixtures.test-helper.ts';
import { conditionsOf, sigmaFilter } from './suppress.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Many failed sign-ins of one user: explained by source address. */
const BRUTE = 'd350bf9a-7568-591e-95be-5906060293f1';
const DEVICE = '01900000-0000-7000-8000-0000000000d1';

interface Shown { id: string; state: string; outcome: string | null; count: number; closedBy: string | null; title: string }
interface Recorded extends Shown { history: { what: string; who: string; note: string | null }[] }
interface Quiet { id: string; conditions: Condition[] | null; sigma: string | null; hits: number; lastHitAt: string | null; by: string; owner: string | null; reason: string; expiresAt: string }
interface Page<T> { items: T[]; next: string | null }

const ruleset = compileRules(loadDetections().rules.filter((r) => r.text.includes(BRUTE)));
const filter = (conditions: readonly Condition[]) => ruleset.suppressions([{ path: 'f', text: sigmaFilter({ id: DEVICE, rule_id: BRUTE, rule_title: 'A "title": of\nsomebody', conditions }) }]);

test('conditions become a Sigma filter that the engine takes, with every value meaning itself alone', () => {
  const { errors } = filter([{ field: 'source.ip', is: 'cidr', value: '192.0.2.0/24' }, { field: 'user.name', is: 'startswith', value: 'svc-' }, { field: 'user.name', is: 'endswith', value: '-old' }]);
  assert.deepEqual(errors, []);
  const both = filter([{ field: 'source.ip', is: 'cidr', value: '192.0.2.0/24' }, { field: 'user.name', is: 'contains', value: 'svc' }]);
  assert.deepEqual([['192.0.2.7', 'a-SVC-1'], ['192.0.3.7', 'a-svc-1'], ['192.0.2.7', 'tanaka']].map(([ip, user]) => both.find({ ruleId: BRUTE }, { 'source.ip': ip, 'user.name': user }) !== null), [true, false, false]);
  assert.equal(both.find({ ruleId: 'another' }, { 'source.ip': '192.0.2.7', 'user.name': 'svc' }), null);
  fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter((v) => v.trim() !== ''), (value) => {
    const one = filter([{ field: 'user.name', is: 'is', value }]);
    assert.deepEqual(one.errors, []);
    assert.notEqual(one.find({ ruleId: BRUTE }, { 'user.name': value }), null);
    assert.equal(one.find({ ruleId: BRUTE }, { 'user.name': `${value}x` }), null);
  }));
});

test('a false alarm of a rule of ours is kept quiet by the values it is about; what no line said, and digests, by their entity', () => {
  const row = { rule_id: BRUTE, rank: 1, kind: 'detection' as const, entity: '198.51.100.7', slots: { 'source.ip': '198.51.100.7', 'user.name': 'tanaka' } };
  assert.deepEqual(conditionsOf(row), [{ field: 'source.ip', is: 'is', value: '198.51.100.7' }]);
  assert.equal(conditionsOf({ ...row, slots: {} }), null);
  assert.equal(conditionsOf({ ...row, entity: '198.51.100.8' }), null, 'the newest line is another’s');
  assert.equal(conditionsOf({ ...row, rule_id: 'device.silent' }), null);
  assert.equal(conditionsOf({ ...row, kind: 'digest' }), null);
});

// Without it a mistake about one address keeps the next line of malware of the same computer quiet, to wherever it goes.
test('a false alarm of what must be acted on at once keeps quiet the same other side alone', () => {
  const CONTROLLER = 'c998bff9-8a73-5139-b886-2f477264c670';
  const row = { rule_id: CONTROLLER, rank: 0, kind: 'detection' as const, entity: '192.168.10.21', slots: { 'source.ip': '192.168.10.21', 'destination.ip': '203.0.113.66', 'rule.name': 'Example.Botnet' } };
  const [pc, address]: Condition[] = [{ field: 'source.ip', is: 'is', value: '192.168.10.21' }, { field: 'destination.ip', is: 'is', value: '203.0.113.66' }];
  assert.deepEqual(conditionsOf(row), [pc, address]);
  assert.deepEqual(conditionsOf({ ...row, slots: { ...row.slots, 'url.domain': 'update.example.net' } }), [pc, { field: 'url.domain', is: 'is', value: 'update.example.net' }], 'a name rather than the address beside it');
  assert.deepEqual(conditionsOf({ ...row, slots: { 'source.ip': '192.168.10.21', 'rule.name': 'Example.Botnet' } }), [pc, { field: 'rule.name', is: 'is', value: 'Example.Botnet' }], 'no other side is known');
  assert.deepEqual(conditionsOf({ ...row, slots: { ...row.slots, values: '203.0.113.1、203.0.113.2' } }), [pc], 'of many others the newest alone means nothing');
  assert.equal(conditionsOf({ rule_id: BRUTE, rank: 1, kind: 'detection', entity: '198.51.100.7', slots: { 'source.ip': '198.51.100.7', 'destination.ip': '192.0.2.1' } })?.length, 1, 'what can wait is kept quiet by whom it is about');
  const filters = compileRules(loadDetections().rules.filter((r) => r.text.includes(CONTROLLER))).suppressions([{ path: 'f', text: sigmaFilter({ id: DEVICE, rule_id: CONTROLLER, rule_title: 'Controller', conditions: conditionsOf(row)! }) }]);
  assert.deepEqual(filters.errors, []);
  const quiet = (to: string) => filters.find({ ruleId: CONTROLLER }, { 'source.ip': '192.168.10.21', 'destination.ip': to }) !== null;
  assert.deepEqual([quiet('203.0.113.66'), quiet('203.0.113.67')], [true, false]);
});

const brute = { ruleId: BRUTE, entity: '198.51.100.7', slots: { 'source.ip': '198.51.100.7' }, fingerprint: `${BRUTE} inbound 198.51.100.7` };

test('what a filter keeps quiet is kept and counted apart, and the same without it is told as before', (t) =>
  eachHouse(t, 'filter', async (house) => {
    const { kernel } = house;
    const [first] = await house.raise(brute);
    kernel.time += 60_000;
    await house.call('findings.close', { params: { finding: first!.id }, body: { outcome: 'false_alarm', note: '点検です' } });
    const [quiet] = (await house.call<Page<Quiet>>('suppressions.list')).items;
    assert.deepEqual(quiet!.conditions, [{ field: 'source.ip', is: 'is', value: '198.51.100.7' }]);
    assert.match(quiet!.sigma!, /"source\.ip": "198\.51\.100\.7"/);
    const told = await kernel.tenancy.asSystem('test: filters', (tx) => house.findings.quietFilters(tx, null));
    assert.deepEqual([...told].map(([org, filters]) => [org, filters.map((f) => f.id)]), [[house.member.id, [quiet!.id]]]);
    kernel.time += 2 * HOUR;
    const [kept] = await house.raise({ ...brute, suppressionId: quiet!.id, count: 3 });
    assert.notEqual(kept!.id, first!.id);
    const shown = await house.call<Recorded>('findings.get', { params: { finding: kept!.id } });
    assert.deepEqual([shown.state, shown.outcome, shown.count], ['closed', 'false_alarm', 3]);
    const rule = '番屋（知らせない決まりにより）';
    assert.deepEqual([shown.closedBy, shown.history.map((h) => [h.what, h.who, h.note])], [rule, [['closed', rule, '点検です'], ['raised', '番屋', null]]], 'nobody has closed it');
    const month = await kernel.tenancy.inOrg(scopeOf(house.member.id), (tx) => house.findings.ofMonth(tx, house.member.id, '2026-01-01', '2026-12-31'));
    assert.deepEqual(month.map((f) => [f.id, f.quieted]).sort(), [[first!.id, null], [kept!.id, 'suppression']].sort());
    assert.equal((await house.call<{ lastWeek: { closed: number } }>('home.get')).lastWeek.closed, 1, 'that of a person alone');
    await house.raise({ ...brute, suppressionId: quiet!.id, count: 2 });
    const [again] = (await house.call<Page<Quiet>>('suppressions.list')).items;
    assert.deepEqual([again!.hits, again!.lastHitAt], [5, new Date(kernel.time).toISOString()]);
    const [loud] = await house.raise(brute);
    assert.deepEqual([loud!.id, (await house.call<Shown>('findings.get', { params: { finding: loud!.id } })).state], [first!.id, 'open'], 'a line that the filter does not meet');
    assert.equal((await house.call<Shown>('findings.get', { params: { finding: kept!.id } })).state, 'closed');
  }));

test('a silence is changed with its reason and owner, is told to readers at once, and ends by itself', (t) =>
  eachHouse(t, 'change', async (house) => {
    const { kernel } = house;
    const [f] = await house.raise(brute);
    await house.call('findings.close', { params: { finding: f!.id }, body: { outcome: 'false_alarm', quietDays: 10 } });
    const [quiet] = (await house.call<Page<Quiet>>('suppressions.list')).items;
    const params = { suppression: quiet!.id };
    kernel.time += DAY;
    const since = new Date(kernel.time - 1);
    const conditions: Condition[] = [{ field: 'source.ip', is: 'cidr', value: '198.51.100.0/24' }];
    const changed = await house.call<Quiet>('suppressions.change', { params, body: { conditions, reason: '点検の業者', days: 30, owner: house.lead } });
    assert.deepEqual([changed.conditions, changed.reason, changed.owner, changed.by, changed.expiresAt], [conditions, '点検の業者', house.lead, '青木 花子', new Date(kernel.time + 30 * DAY).toISOString()]);
    const filters = () => kernel.tenancy.asSystem('test: filters', (tx) => house.findings.quietFilters(tx, since));
    assert.match((await filters()).get(house.member.id)![0]!.sigma, /cidr.*198\.51\.100\.0\/24/);
    await assert.rejects(house.call('suppressions.change', { params, body: { conditions: [{ field: 'source.ip', is: 'cidr', value: '198.51.100.0/99' }] } }), problem('condition_broken'));
    await assert.rejects(house.call('suppressions.change', { params, body: { owner: house.federation.id } }), problem('not_found'));
    await assert.rejects(house.call('suppressions.change', { params, body: { reason: 'x' }, org: house.other.id }), problem('not_found'));
    kernel.time += 31 * DAY;
    assert.deepEqual((await house.call<Page<Quiet>>('suppressions.list')).items, []);
    await house.raise({ ...brute, suppressionId: quiet!.id });
    assert.equal((await house.call<Page<Shown>>('findings.list', { query: { state: 'open' } })).items.length, 1, 'a reader that has not heard of the end keeps nothing quiet');
    const [g] = await house.raise({ entity: 'no line' });
    await house.call('findings.close', { params: { finding: g!.id }, body: { outcome: 'false_alarm' } });
    const [other] = (await house.call<Page<Quiet>>('suppressions.list')).items;
    await assert.rejects(house.call('suppressions.change', { params: { suppression: other!.id }, body: { conditions } }), problem('conditions_not_possible'));
  }));

test('during maintenance of a device what it says is kept and not told, but for what must be acted on at once; afterwards it is told again', (t) =>
  eachHouse(t, 'maintenance', async (house) => {
    const { kernel, mails } = house;
    const told: string[] = [];
    kernel.bus.on('findings.raised', async (_tx, { findingId }) => void told.push(findingId));
    const iso = (ms: number): string => new Date(kernel.time + ms).toISOString();
    const window = await house.call<{ id: string; state: string }>('maintenance.add', { body: { device: DEVICE, startsAt: iso(0), endsAt: iso(4 * HOUR), reason: '機器の入れ替え' } });
    assert.equal(window.state, 'now');
    const asset = { deviceId: DEVICE, name: '本社のUTM', owner: null, department: null };
    const [about, by, burning, elsewhere] = await house.raise({ asset, entity: 'about' }, { asset: null, reporterId: DEVICE, entity: 'by' }, { asset, entity: 'burning', severity: 'now' }, { entity: 'elsewhere' });
    const state = async (id: string): Promise<string> => (await house.call<Shown>('findings.get', { params: { finding: id } })).state;
    assert.deepEqual([await state(about!.id), await state(by!.id), await state(burning!.id), await state(elsewhere!.id)], ['closed', 'closed', 'open', 'open']);
    assert.deepEqual(told.sort(), [burning!.id, elsewhere!.id].sort());
    await kernel.work(house.findings);
    assert.equal(mails.length, 1);
    const there = await house.call<Recorded>('findings.get', { params: { finding: about!.id } });
    assert.deepEqual([there.closedBy, there.history[0]!.note], ['番屋（保守の時間のため）', '機器の入れ替え']);
    assert.deepEqual([(await house.call<Shown>('findings.get', { params: { finding: about!.id } })).outcome, (await house.call<Page<{ hits: number }>>('maintenance.list')).items[0]!.hits], ['known', 2]);
    kernel.time += 5 * HOUR;
    await house.raise({ asset, entity: 'about' });
    assert.equal(await state(about!.id), 'open');
    assert.equal((await house.call<Page<{ state: string }>>('maintenance.list')).items[0]!.state, 'over');
  }));

test('maintenance of everything covers every device of one organisation alone; one that does not take place covers nothing', (t) =>
  eachHouse(t, 'all', async (house) => {
    const { kernel } = house;
    const iso = (ms: number): string => new Date(kernel.time + ms).toISOString();
    const add = (from: number, until: number) => house.call<{ id: string }>('maintenance.add', { body: { device: null, startsAt: iso(from), endsAt: iso(until), reason: '停電の点検' } });
    for (const [from, until] of [[HOUR, 0], [-3 * HOUR, -HOUR], [0, 8 * DAY], [400 * DAY, 401 * DAY]] as const) await assert.rejects(add(from, until), problem('maintenance_times'));
    const now = await add(0, HOUR);
    const coming = await add(2 * HOUR, 3 * HOUR);
    await house.raise({ entity: 'ours' });
    await kernel.tenancy.inOrg(scopeOf(house.other.id), (tx) => house.findings.raise(tx, [alert(kernel, { orgId: house.other.id, entity: 'theirs' })]));
    const open = async (org: string): Promise<number> => (await house.call<Page<Shown>>('findings.list', { org, query: { state: 'open' } })).items.length;
    assert.deepEqual([await open(house.member.id), await open(house.other.id)], [0, 1]);
    await assert.rejects(house.call('maintenance.end', { params: { maintenance: coming.id }, org: house.other.id }), problem('not_found'));
    await house.call('maintenance.end', { params: { maintenance: coming.id } });
    await house.call('maintenance.end', { params: { maintenance: now.id } });
    assert.deepEqual((await house.call<Page<{ id: string }>>('maintenance.list')).items.map((m) => m.id), []);
    kernel.time += 2.5 * HOUR;
    await house.raise({ entity: 'later' });
    assert.equal(await open(house.member.id), 1);
  }));

// Filters are asked by the thread that reads everybody's lines, maintenance by each batch: one organisation must not slow both down.
test('filters and times of maintenance of one organisation are bounded', (t) =>
  eachHouse(t, 'bounded', async (house) => {
    const { kernel } = house;
    const close = async (more: object): Promise<Quiet> => {
      const [f] = await house.raise({ ...brute, ...more });
      await house.call('findings.close', { params: { finding: f!.id }, body: { outcome: 'false_alarm' } });
      return (await house.call<Page<Quiet>>('suppressions.list')).items[0]!;
    };
    assert.notEqual((await close({})).conditions, null);
    await kernel.gate.query(`insert into findings_suppressions select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).* from findings_suppressions s, generate_series(1, 499)`);
    const other = { entity: '198.51.100.9', slots: { 'source.ip': '198.51.100.9' }, fingerprint: 'other' };
    await close(other);
    const { rows } = await kernel.gate.query<{ conditions: unknown }>("select conditions from findings_suppressions where entity = '198.51.100.9'");
    assert.deepEqual(rows.map((r) => r.conditions), [null], 'by its entity');
    kernel.time += HOUR;
    const [again] = await house.raise({ ...brute, ...other });
    assert.equal((await house.call<Shown>('findings.get', { params: { finding: again!.id } })).state, 'closed');
    const add = () => house.call('maintenance.add', { body: { device: null, startsAt: new Date(kernel.time).toISOString(), endsAt: new Date(kernel.time + HOUR).toISOString(), reason: '点検' } });
    await add();
    await kernel.gate.query(`insert into findings_maintenance select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid()))).* from findings_maintenance m, generate_series(1, 999)`);
    await assert.rejects(add(), problem('maintenance_full'));
  }));

test('what waited for the morning is not told to an organisation that has left meanwhile', (t) =>
  eachHouse(t, 'left', async (house) => {
    const { kernel, mails } = house;
    kernel.time += 14 * HOUR;
    await house.raise({ severity: 'now', stopped: 'yes' });
    await kernel.work(house.findings);
    assert.equal(mails.length, 0, 'it is night');
    await kernel.tenancy.asSystem('test: leave', (tx) => house.orgs.markLeft(tx, house.member.id, '2026-12-31'));
    kernel.time += 12 * HOUR;
    assert.ok((await kernel.work(house.findings)) > 0);
    assert.equal(mails.length, 0);
  }));
