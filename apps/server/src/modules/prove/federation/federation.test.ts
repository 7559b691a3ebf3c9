import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, DAY, eachWorld, HOUR, problem, type World } from '../world.test-helper.ts';
import * as store from '../store.ts';

const FIRST = at('2026-11-01T03:05:00+09:00');

/** Every member closes October; the federation follows two hours later. */
async function close(world: World): Promise<void> {
  for (const [i, member] of world.members.entries()) {
    await world.device(member, `UTM ${i + 1}`, '2026-09-10', '2026-11-01');
    await world.count(member, [['2026-10-05', 'blocked', 'inbound network', 100 * (i + 1)]]);
  }
  await world.run('federate.pushAll');
  await world.work();
  world.time = FIRST;
  await world.run('prove.tick');
  await world.work();
  world.time = FIRST + 2 * HOUR;
  await world.work();
}
const members = (world: World, version: number) => world.in(world.federation, (tx) => store.federation.members(tx, world.federation, '2026-10', version));

test("the federation's report is made of what members pushed up, and a member that shares nothing stands in it without figures", async (t) => {
  await eachWorld(t, 'made', async (world) => {
    await world.in(world.members[2]!, (tx) => world.orgs.setConsent(tx, world.members[2]!, 'scores', false, null, 'test'));
    await close(world);
    const { items } = await world.call(world.manager, 'federationReports.list', world.federation);
    assert.deepEqual(items.map((r: { month: string; version: number; reason: string; verdict: string }) => [r.month, r.version, r.reason, r.verdict]), [['2026-10', 1, 'month', 'calm'], ['2026-09', 1, 'month', 'calm']]);
    world.time = at('2026-11-01T08:05:00+09:00');
    await world.work();
    assert.equal(world.mails.filter((m) => m.orgId === world.federation).length, 1, 'the manager is told once');
    const rows = await members(world, 1);
    assert.equal(rows.length, 6);
    assert.deepEqual(rows.map((r) => r.figures?.scores?.blocked ?? null), [100, 200, null, 400, 500, 600]);
    assert.equal(rows[2]!.figures, null);
    assert.doesNotMatch(JSON.stringify(rows), /UTM 3/);
  });
});

test('with five members that share, each is told its place; with four, nobody is', async (t) => {
  await eachWorld(t, 'places', async (world) => {
    await world.in(world.members[5]!, (tx) => world.orgs.setConsent(tx, world.members[5]!, 'scores', false, null, 'test'));
    await close(world);
    const { peers } = await world.call(world.lead, 'reports.get', world.members[0]!, { params: { month: '2026-10' } });
    assert.deepEqual([peers.members, peers.blockedPlace, peers.openPlace], [5, 5, 1]);
    assert.doesNotMatch(peers.text, /会員[2-6]|第\d会員/, 'places, never names');
    const outside = await world.person(world.members[5]!, 'member', '外の 人', 'lead');
    assert.equal((await world.call(outside, 'reports.get', world.members[5]!, { params: { month: '2026-10' } })).peers, null, 'who does not share is not compared');
  });
  await eachWorld(t, 'too few', async (world) => {
    for (const member of world.members.slice(4)) await world.in(member, (tx) => world.orgs.setConsent(tx, member, 'scores', false, null, 'test'));
    await close(world);
    assert.equal((await world.call(world.lead, 'reports.get', world.members[0]!, { params: { month: '2026-10' } })).peers, null);
  });
});

test('late lines of a member make another version of the federation’s report, and nothing makes none', async (t) => {
  await eachWorld(t, 'late', async (world) => {
    await close(world);
    await world.run('prove.federation', { orgId: world.federation });
    assert.equal((await world.call(world.manager, 'federationReports.list', world.federation)).items.filter((r: { month: string }) => r.month === '2026-10').length, 1);
    await world.count(world.members[1]!, [['2026-10-06', 'blocked', 'inbound network', 1]]);
    world.time = FIRST + DAY;
    await world.run('prove.tick');
    await world.work();
    world.time += 2 * HOUR;
    await world.work();
    const items = (await world.call(world.manager, 'federationReports.list', world.federation)).items.filter((r: { month: string }) => r.month === '2026-10');
    assert.deepEqual(items.map((r: { version: number; reason: string; latest: boolean }) => [r.version, r.reason, r.latest]), [[2, 'late', true], [1, 'month', false]]);
    assert.equal((await members(world, 1))[1]!.figures!.scores!.blocked, 200);
    assert.equal((await members(world, 2))[1]!.figures!.scores!.blocked, 201);
  });
});

test('a withdrawn consent takes the member out of every version that was kept', async (t) => {
  await eachWorld(t, 'withdrawn', async (world) => {
    await close(world);
    await world.call(world.manager, 'federationReports.make', world.federation, { params: { month: '2026-10' } });
    const [, member] = world.members as [string, string];
    await world.in(member, (tx) => world.orgs.setConsent(tx, member, 'alerts', false, null, 'test'));
    await world.work();
    for (const version of [1, 2]) assert.deepEqual(Object.keys((await members(world, version))[1]!.figures!).sort(), ['inventory', 'scores']);
    await world.in(member, (tx) => world.orgs.setConsent(tx, member, 'scores', false, null, 'test'));
    await world.work();
    for (const version of [1, 2]) {
      assert.equal((await members(world, version))[1]!.figures, null);
      assert.notEqual((await members(world, version))[0]!.figures, null, 'the others stay');
    }
    await world.run('prove.federation', { orgId: world.federation });
    const newest = (await world.call(world.manager, 'federationReports.list', world.federation)).items[0];
    assert.equal((await members(world, newest.version))[1]!.figures, null, 'and does not come back');
  });
});

test('a consent given after the closing brings the closed month up, for the next version', async (t) => {
  await eachWorld(t, 'given later', async (world) => {
    const [, member] = world.members as [string, string];
    await world.in(member, (tx) => world.orgs.setConsent(tx, member, 'scores', false, null, 'test'));
    await close(world);
    assert.equal((await members(world, 1))[1]!.figures, null);
    await world.in(member, (tx) => world.orgs.setConsent(tx, member, 'scores', true, null, 'test'));
    await world.work();
    assert.equal((await world.call(world.manager, 'federationReports.make', world.federation, { params: { month: '2026-10' } })).version, 2);
    assert.equal((await members(world, 2))[1]!.figures!.scores!.blocked, 200);
    assert.equal((await members(world, 1))[1]!.figures, null, 'what was printed without it stays without it');
  });
});

test("a federation's report is its own: another federation finds nothing, and a month to come is refused", async (t) => {
  await eachWorld(t, 'isolation', async (world) => {
    await close(world);
    const other = await world.person(world.otherFederation, 'federation', '山の 管理', 'manager');
    await assert.rejects(world.call(other, 'federationReports.pdf', world.federation, { params: { month: '2026-10' } }), problem('not_found'));
    assert.deepEqual((await world.call(other, 'federationReports.list', world.otherFederation)).items, []);
    await assert.rejects(world.call(world.manager, 'federationReports.make', world.federation, { params: { month: '2027-01' } }), problem('month_in_future'));
    await assert.rejects(world.call(world.manager, 'federationReports.pdf', world.federation, { params: { month: '2025-01' } }), problem('not_closed_yet'));
  });
});
