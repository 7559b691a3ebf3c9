import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellText, readWorkbook } from '@banya/xlsx';
import { at, DAY, eachWorld, HOUR, problem, type World } from '../prove/world.test-helper.ts';

const overview = (world: World, query: object = {}) => world.call(world.manager, 'overview.get', world.federation, { query });
const pushAll = async (world: World): Promise<void> => {
  await world.run('federate.pushAll');
  await world.work();
};
const consent = (world: World, member: string, kind: 'scores' | 'alerts' | 'inventory', given: boolean, until: Date | null = null): Promise<void> =>
  world.in(member, (tx) => world.orgs.setConsent(tx, member, kind, given, until, 'test'));
const rowOf = async (world: World, member: string) => (await overview(world)).items.find((i: { member: string }) => i.member === member);
const raw = (world: World, member: string) => world.gate.query<{ figures: Record<string, unknown>; need: number }>('select figures, need from federate_snapshots where member_id = $1', [member]).then((r) => r.rows[0]);

test('a manager sees every member with its states, those that need somebody first', async (t) => {
  await eachWorld(t, 'map', async (world) => {
    const [first, second, third] = world.members as [string, string, string];
    world.time = at('2026-11-20T10:00:00+09:00');
    await world.device(first, 'UTM', '2026-11-01', '2026-11-20');
    await world.device(third, 'UTM', '2026-11-01', '2026-11-10');
    await world.person(third, 'member', '三木 守', 'lead');
    await world.raise(second, { severity: 'now', stopped: 'no', firstAt: new Date(world.time - 2 * DAY) });
    await world.raise(first, { severity: 'look' });
    world.seen.set(world.lead.personId, new Date(world.time - 20 * DAY));
    await pushAll(world);
    const { items, sums } = await overview(world);
    assert.deepEqual(sums, { members: 6, silent: 1, late: 1, openNow: 1, noLead: 4 });
    assert.equal(items[0].member, second);
    assert.equal(items[1].member, third);
    assert.deepEqual([items[0].openNow, items[0].overdue, items[0].leadSeen, items[0].flowing], [{ value: 1, state: 'now' }, { value: 1, state: 'now' }, { value: null, state: 'now' }, { value: 0, state: 'unknown' }]);
    assert.deepEqual(items[1].flowing, { value: 0, state: 'now' });
    const own = items.find((i: { member: string }) => i.member === first);
    assert.deepEqual([own.flowing, own.openLook, own.leadSeen, own.lead], [{ value: 1, state: 'good' }, { value: 1, state: 'look' }, { value: 20, state: 'look' }, '佐藤 花子']);
    assert.equal(own.trend.length, 12);
    assert.equal(own.trend[11], 1);
  });
});

test('only kinds a member consents to go up: the rest is not even computed into the row', async (t) => {
  await eachWorld(t, 'kinds', async (world) => {
    const [member] = world.members as [string];
    for (const kind of ['scores', 'alerts', 'inventory'] as const) await consent(world, member, kind, false);
    await world.raise(member, { severity: 'now' });
    await pushAll(world);
    assert.deepEqual(Object.keys((await raw(world, member))!.figures), ['tickets']);
    const row = await rowOf(world, member);
    for (const cell of ['flowing', 'openNow', 'openLook', 'overdue', 'leadSeen']) assert.deepEqual(row[cell], { value: null, state: 'notShared' });
    assert.deepEqual(row.tickets, { value: 0, state: 'good' });
    assert.deepEqual(row.trend, []);
    assert.equal((await overview(world)).sums.openNow, 0);
  });
});

test('withdrawing a consent deletes what was pushed of that kind at once, figures and months', async (t) => {
  await eachWorld(t, 'withdrawn', async (world) => {
    const [member] = world.members as [string];
    await world.device(member, '秘密のUTM', '2026-09-10', '2026-10-31');
    world.time = at('2026-11-01T03:05:00+09:00');
    await world.run('prove.tick');
    await world.work();
    await pushAll(world);
    const months = () => world.gate.query<{ figures: object }>("select figures from federate_months where member_id = $1 and month = '2026-10'", [member]).then((r) => r.rows);
    assert.deepEqual(Object.keys((await months())[0]!.figures).sort(), ['alerts', 'inventory', 'scores']);
    await consent(world, member, 'inventory', false);
    await world.work();
    assert.doesNotMatch(JSON.stringify([await months(), await raw(world, member)]), /秘密|inventory|flowing/);
    assert.deepEqual((await rowOf(world, member)).flowing, { value: null, state: 'notShared' });
    await consent(world, member, 'scores', false);
    await world.work();
    assert.deepEqual(await months(), []);
  });
});

test('a consent that has run out is as good as withdrawn at the next push', async (t) => {
  await eachWorld(t, 'run out', async (world) => {
    const [member] = world.members as [string];
    await consent(world, member, 'alerts', true, new Date(world.time + 2 * HOUR));
    await world.raise(member, { severity: 'now' });
    await pushAll(world);
    assert.equal((await rowOf(world, member)).openNow.value, 1);
    world.time += 3 * HOUR;
    await pushAll(world);
    assert.deepEqual((await rowOf(world, member)).openNow, { value: null, state: 'notShared' });
  });
});

test('a push that was computed before a consent was withdrawn is not written after it', async (t) => {
  await eachWorld(t, 'race', async (world) => {
    const [member] = world.members as [string];
    await world.raise(member, { severity: 'now' });
    await pushAll(world);
    world.meanwhile = async () => {
      world.meanwhile = null;
      await consent(world, member, 'alerts', false);
    };
    await assert.rejects(world.run('federate.push', { orgId: member }), /consents changed/);
    assert.equal((await rowOf(world, member)).openNow.value, 1, 'nothing was written');
    await world.work();
    assert.deepEqual((await rowOf(world, member)).openNow, { value: null, state: 'notShared' });
  });
});

test('something to act on is on the map within half a minute; many things at once are one push', async (t) => {
  await eachWorld(t, 'debounced', async (world) => {
    const [member] = world.members as [string];
    await pushAll(world);
    await world.gate.query('delete from kernel_outbox');
    for (let i = 0; i < 3; i += 1) await world.raise(member, { severity: 'now' });
    await world.raise(member, { severity: 'fyi' });
    const waiting = await world.gate.query<{ options: { singletonKey: string; startAfter: string } }>("select options from kernel_outbox where name = 'federate.push'");
    assert.deepEqual(new Set(waiting.rows.map((r) => r.options.singletonKey)), new Set([member]));
    assert.equal(waiting.rows.length, 3, 'what needs nobody pushes nothing');
    await world.work();
    assert.equal((await rowOf(world, member)).openNow.value, 0);
    world.time += 30_000;
    await world.work();
    assert.equal((await rowOf(world, member)).openNow.value, 3);
  });
});

test('a new member is on the map as soon as it is made, and one that leaves is taken off it', async (t) => {
  await eachWorld(t, 'come and go', async (world) => {
    const member = await world.member('新しい会員');
    await world.work();
    assert.equal((await rowOf(world, member)).name, '新しい会員');
    await world.tenancy.asSystem('test: leave', async (tx) => {
      await tx.query('update orgs_orgs set left_at = $2 where id = $1', [member, tx.now]);
      await tx.emit('orgs.left', { orgId: member });
    });
    await world.work();
    assert.equal(await rowOf(world, member), undefined);
  });
});

test('figures older than a day say that they are not known', async (t) => {
  await eachWorld(t, 'stale', async (world) => {
    await pushAll(world);
    world.time += DAY + HOUR;
    assert.deepEqual((await rowOf(world, world.members[0]!)).openNow, { value: 0, state: 'unknown' });
  });
});

test('the map is paged within ten statements whatever the order, finds a member by name, and refuses a made-up cursor', async (t) => {
  await eachWorld(t, 'paged', async (world) => {
    await world.raise(world.members[3]!, { severity: 'now' });
    await pushAll(world);
    for (const sort of ['need', 'name']) {
      const seen: string[] = [];
      for (let after: string | undefined; ; ) {
        const { result, statements } = await world.gate.counted(() => overview(world, { sort, limit: 4, ...(after ? { after } : {}) }));
        assert.ok(statements <= 10, `${statements} statements`);
        seen.push(...result.items.map((i: { member: string }) => i.member));
        if (!result.next) break;
        after = result.next;
      }
      assert.deepEqual([...seen].sort(), [...world.members].sort());
      assert.equal(seen.length, 6);
      if (sort === 'need') assert.equal(seen[0], world.members[3]);
      else assert.deepEqual(seen, world.members);
    }
    assert.deepEqual((await overview(world, { q: '第2' })).items.map((i: { name: string }) => i.name), ['第2会員']);
    assert.deepEqual((await overview(world, { q: '100%_' })).items, []);
    for (const made of [[1], ['x', 'y'], [1, "' or 1=1"], [1e12, world.members[0]!]]) await assert.rejects(overview(world, { after: Buffer.from(JSON.stringify(made)).toString('base64url') }), problem('cursor_broken'));
  });
});

test("a federation's map is its own: another federation sees none of it, a member's people find nothing", async (t) => {
  await eachWorld(t, 'isolation', async (world) => {
    await pushAll(world);
    const other = await world.person(world.otherFederation, 'federation', '山の 管理', 'manager');
    const { items, sums } = await world.call(other, 'overview.get', world.otherFederation);
    assert.deepEqual([items, sums.members], [[], 0]);
    await assert.rejects(world.call(other, 'overview.get', world.federation), problem('not_found'));
    await assert.rejects(world.call(world.lead, 'overview.get', world.federation), problem('not_found'));
    await assert.rejects(world.call(world.lead, 'overview.export', world.federation), problem('not_found'));
  });
});

test('the Excel file holds every member and writes what is not shared as such', async (t) => {
  await eachWorld(t, 'excel', async (world) => {
    await consent(world, world.members[1]!, 'alerts', false);
    await pushAll(world);
    const response: Response = await world.call(world.manager, 'overview.export', world.federation);
    const book = readWorkbook(new Uint8Array(await response.arrayBuffer()));
    const rows = [...book.sheets[0]!.rows()].map((row) => new Map(row.cells.map((c) => [c.column, cellText(c)])));
    assert.equal(rows.length, 7);
    assert.deepEqual(rows.slice(1).map((r) => r.get(0)), ['第1会員', '第2会員', '第3会員', '第4会員', '第5会員', '第6会員']);
    assert.equal(rows[2]!.get(5), '共有なし');
    assert.equal(rows[1]!.get(5), '0');
  });
});
