import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteHealth } from '../detect/store.ts';
import { mailTime } from './mails.ts';
import { nightOf } from './jobs.ts';
import { at, DAY, eachWorld, HOUR, problem, type World } from './world.test-helper.ts';

const FIRST = at('2026-11-01T03:05:00+09:00');

/** A member with one device that talked all October, and something stopped each day. */
async function october(world: World, member: string, blocked = 100): Promise<string> {
  const source = await world.device(member, '本社のUTM', '2026-09-10', '2026-11-01');
  await world.count(member, Array.from({ length: 31 }, (_, i) => [`2026-10-${String(i + 1).padStart(2, '0')}`, 'blocked', 'inbound network', blocked] as const));
  return source;
}
const tick = async (world: World): Promise<void> => {
  await world.run('prove.tick');
  await world.work();
};

test('the month is closed by itself in the night of the first, once, and says what the counters say', async (t) => {
  await eachWorld(t, 'closing', async (world) => {
    const [member] = world.members as [string];
    await october(world, member);
    world.time = at('2026-11-01T02:55:00+09:00');
    await tick(world);
    await assert.rejects(world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } }), problem('not_closed_yet'));
    world.time = FIRST;
    await tick(world);
    await tick(world);
    const list = await world.call(world.lead, 'reports.list', member);
    assert.deepEqual(list.items.map((r: { month: string; version: number; reason: string }) => [r.month, r.version, r.reason]), [['2026-10', 1, 'month'], ['2026-09', 1, 'month']]);
    const report = await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } });
    assert.equal(report.verdict.state, 'calm');
    assert.equal(report.blocked.total, 3100);
    assert.equal(report.devices[0].lines, 31_000);
    assert.equal(report.partial, false);
    assert.ok(world.published.some((p) => p.orgId === member && p.event.kind === 'report'));
  });
});

test('a machine that was off in the night closes the month when it is on again', async (t) => {
  await eachWorld(t, 'off at night', async (world) => {
    const [member] = world.members as [string];
    await october(world, member);
    world.time = at('2026-11-02T09:30:00+09:00');
    await tick(world);
    assert.equal((await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } })).version, 1);
  });
});

test('lines that come late make version 2 the next night; both versions stay and only the newer is the latest', async (t) => {
  await eachWorld(t, 'late lines', async (world) => {
    const [member] = world.members as [string];
    const source = await october(world, member);
    world.time = FIRST;
    await tick(world);
    world.time += DAY;
    await tick(world);
    assert.equal((await world.call(world.lead, 'reports.list', member)).items.filter((r: { month: string }) => r.month === '2026-10').length, 1, 'nothing has come, so nothing is made');
    await world.in(member, (tx) => world.inventory.countLines(tx, [{ orgId: member, sourceId: source, day: '2026-10-30', lines: 7, notUnderstood: 0, bytes: 1, lastAt: new Date(world.time), clockOffSeconds: null }] as never));
    world.time += DAY;
    await tick(world);
    const items = (await world.call(world.lead, 'reports.list', member)).items.filter((r: { month: string }) => r.month === '2026-10');
    assert.deepEqual(items.map((r: { version: number; reason: string; latest: boolean }) => [r.version, r.reason, r.latest]), [[2, 'late', true], [1, 'month', false]]);
    assert.equal((await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' }, query: { version: 1 } })).devices[0].lines, 31_000);
    assert.equal((await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } })).devices[0].lines, 31_007);
  });
});

test('made on demand is a new version; a running month says so, a month to come is refused, a version that is not there is not found', async (t) => {
  await eachWorld(t, 'on demand', async (world) => {
    const [member] = world.members as [string];
    await october(world, member);
    world.time = at('2026-10-15T10:00:00+09:00');
    const head = await world.call(world.lead, 'reports.make', member, { params: { month: '2026-10' } });
    assert.deepEqual([head.version, head.reason, head.latest], [1, 'demand', true]);
    assert.equal((await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } })).partial, true);
    await assert.rejects(world.call(world.lead, 'reports.make', member, { params: { month: '2026-11' } }), problem('month_in_future'));
    await assert.rejects(world.call(world.lead, 'reports.make', member, { params: { month: '0999-11' } }), problem('not_found'));
    await assert.rejects(world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' }, query: { version: 9 } }), problem('not_found'));
    world.time = FIRST;
    await tick(world);
    const closed = await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } });
    assert.deepEqual([closed.version, closed.partial], [2, false], 'a report made before the end does not stand for the closing');
  });
});

test('a month made again later tells how protection data stood at its end, not what came after', async (t) => {
  await eachWorld(t, 'protection data', async (world) => {
    const [member] = world.members as [string];
    const source = await october(world, member);
    await world.count(member, [['2026-10-03', 'signature', source, 2], ['2026-10-20', 'signature', source, 1], ['2026-11-18', 'signature', source, 1]]);
    await world.in(member, (tx) => noteHealth(tx, [{ orgId: member, sourceId: source, signatureAt: at('2026-11-18T04:00:00+09:00') }]));
    world.time = at('2026-11-19T10:00:00+09:00');
    await world.call(world.lead, 'reports.make', member, { params: { month: '2026-10' } });
    const [device] = (await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } })).devices;
    assert.equal(device.signature, '2026-10-20');
    assert.match(device.note, /古く/, 'eleven days old at the end of the month');
    await world.call(world.lead, 'reports.make', member, { params: { month: '2026-11' } });
    const [now] = (await world.call(world.lead, 'reports.get', member, { params: { month: '2026-11' } })).devices;
    assert.equal(now.signature, '2026-11-18');
  });
});

test('an open finding that was not stopped stands first among the actions, with owner and day; once closed it is shown as done', async (t) => {
  await eachWorld(t, 'actions', async (world) => {
    const [member] = world.members as [string];
    await october(world, member);
    world.time = at('2026-10-20T10:00:00+09:00');
    const id = await world.raise(member, { severity: 'now', direction: 'outbound', stopped: 'no', asset: { deviceId: null, name: 'KEIRI-03', owner: null, department: null } });
    world.time = FIRST;
    await tick(world);
    const report = await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } });
    assert.equal(report.verdict.state, 'act');
    assert.deepEqual([report.actions[0].finding, report.actions[0].owner, report.actions[0].done], [id, '佐藤 花子', false]);
    assert.equal(report.outbound[0].asset, 'KEIRI-03');
    assert.deepEqual(report.appendix, [{ rule: 'Something odd', author: 'Alice Example', license: 'DRL-1.1', count: 1 }]);
    await world.in(member, (tx) => world.findings.close(tx, member, id, { outcome: 'handled', by: '佐藤' } as never));
    assert.equal((await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } })).actions[0].done, true);
  });
});

test('what began after the month is not in its report, though it is open when the month is closed', async (t) => {
  await eachWorld(t, 'after the month', async (world) => {
    const [member] = world.members as [string];
    await october(world, member);
    world.time = at('2026-11-01T01:00:00+09:00');
    await world.raise(member, { severity: 'now' });
    world.time = FIRST;
    await tick(world);
    assert.equal((await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } })).verdict.state, 'calm');
  });
});

test('a member that nothing is seen of has a report that says so; a federation without devices has none of its own', async (t) => {
  await eachWorld(t, 'nothing seen', async (world) => {
    world.time = FIRST;
    await tick(world);
    const report = await world.call(world.lead, 'reports.get', world.members[0]!, { params: { month: '2026-10' } });
    assert.equal(report.verdict.state, 'blind');
    assert.equal(report.actions.length, 1);
    assert.deepEqual((await world.call(world.manager, 'reports.list', world.federation)).items, []);
  });
});

test('months of a demonstration stand in the trend and are marked', async (t) => {
  await eachWorld(t, 'demonstration', async (world) => {
    const [member] = world.members as [string];
    await october(world, member);
    await world.count(member, [['2026-06-10', 'blocked', 'inbound network', 5000], ['2026-06-10', 'findings', '', 2], ['2026-06-10', 'lines', '', 90_000]], true);
    world.time = FIRST;
    await tick(world);
    const { trend } = await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } });
    assert.deepEqual(trend.map((p: { month: string }) => p.month), ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10'], 'a month without figures in between is a zero, not left out');
    assert.deepEqual(trend[0], { month: '2026-06', lines: 90_000, blocked: 5000, findings: 2, demonstration: true });
    assert.equal(trend[trend.length - 1].demonstration, false);
  });
});

test('leads and executives are told once, at eight in the morning; the home page shows a card until somebody of the member opens the report', async (t) => {
  await eachWorld(t, 'mail and card', async (world) => {
    const [member] = world.members as [string];
    await october(world, member);
    await world.person(member, 'member', '社長 太郎', 'executive');
    await world.person(member, 'member', '社員 次郎', 'staff');
    world.time = FIRST;
    await tick(world);
    assert.equal(world.mails.length, 0);
    world.time = at('2026-11-01T08:01:00+09:00');
    await world.work();
    await world.run('prove.mail', { orgId: member, month: '2026-10' });
    assert.deepEqual(world.mails.filter((m) => m.orgId !== member), [], 'nobody else has a lead');
    assert.equal(world.mails.length, 2);
    assert.match(world.mails[0]!.subject, /2026年10月の報告書ができました/);
    assert.match(world.mails[0]!.text, new RegExp(`https://banya\\.example\\.jp/o/${member}/reports/2026-10`));
    const cards = async (): Promise<string[]> => (await world.call(world.lead, 'home.get', member)).cards.map((c: { key: string }) => c.key);
    assert.deepEqual(await cards(), ['report:2026-10']);
    const desk = await world.person(world.federation, 'federation', '受付 一郎', 'desk');
    await world.call(desk, 'reports.get', member, { params: { month: '2026-10' } });
    assert.deepEqual(await cards(), ['report:2026-10'], 'the desk has read it, not the member');
    await world.call(world.lead, 'reports.get', member, { params: { month: '2026-10' } });
    assert.deepEqual(await cards(), []);
  });
});

test("another member's report does not exist, and the desk needs the consent to see one", async (t) => {
  await eachWorld(t, 'isolation', async (world) => {
    const [member, other] = world.members as [string, string];
    world.time = FIRST;
    await tick(world);
    for (const routeId of ['reports.get', 'reports.pdf', 'reports.make']) await assert.rejects(world.call(world.lead, routeId, other, { params: { month: '2026-10' } }), problem('not_found'));
    await assert.rejects(world.call(world.lead, 'reports.list', other), problem('not_found'));
    await assert.rejects(world.call(world.lead, 'federationReports.list', world.federation), problem('not_found'));
    const desk = await world.person(world.federation, 'federation', '受付 一郎', 'desk');
    assert.equal((await world.call(desk, 'reports.get', member, { params: { month: '2026-10' } })).org, member);
    await world.in(member, (tx) => world.orgs.setConsent(tx, member, 'scores', false, null, 'test'));
    await assert.rejects(world.call(desk, 'reports.get', member, { params: { month: '2026-10' } }), problem('consent_missing'));
  });
});

test('the list of reports is paged by keyset within ten statements', async (t) => {
  await eachWorld(t, 'list', async (world) => {
    const [member] = world.members as [string];
    world.time = FIRST;
    for (let i = 0; i < 5; i += 1) await world.prove.make({ orgId: member, actor: { kind: 'system', name: 'test' } }, i < 3 ? '2026-10' : '2026-09');
    const { result, statements } = await world.gate.counted(() => world.call(world.lead, 'reports.list', member, { query: { limit: 2 } }));
    assert.ok(statements <= 10, `${statements} statements`);
    const seen = [...result.items];
    for (let next = result.next; next; ) {
      const page: typeof result = await world.call(world.lead, 'reports.list', member, { query: { limit: 2, after: next } });
      seen.push(...page.items);
      next = page.next;
    }
    assert.deepEqual(seen.map((r: { month: string; version: number }) => `${r.month} ${r.version}`), ['2026-10 3', '2026-10 2', '2026-10 1', '2026-09 2', '2026-09 1']);
    await assert.rejects(world.call(world.lead, 'reports.list', member, { query: { after: Buffer.from('["x",1]').toString('base64url') } }), problem('cursor_broken'));
  });
});

test('the executive page asks for at most three decisions and says where the month stands', async (t) => {
  await eachWorld(t, 'executive', async (world) => {
    const [member] = world.members as [string];
    const president = await world.person(member, 'member', '社長 太郎', 'executive');
    await october(world, member);
    world.time = FIRST;
    await tick(world);
    world.time = at('2026-11-20T10:00:00+09:00');
    const id = await world.raise(member, { severity: 'now', stopped: 'no' });
    const page = await world.call(president, 'executive.get', member);
    assert.equal(page.verdict.state, 'act');
    assert.equal(page.decisions[0].finding, id);
    assert.ok(page.decisions.length <= 3);
    assert.equal(page.latestReport, '2026-10');
    assert.equal(page.thisMonth.openFindings, 1);
    assert.equal(page.thisMonth.silentSources, 1);
  });
});

test('a night begins at three on the own clock, and the mail waits for eight', () => {
  assert.equal(nightOf(new Date('2026-11-01T02:59:00+09:00'), 'Asia/Tokyo'), '2026-10-31');
  assert.equal(nightOf(new Date('2026-11-01T03:00:00+09:00'), 'Asia/Tokyo'), '2026-11-01');
  assert.equal(nightOf(new Date('2026-11-01T03:00:00+09:00'), 'America/New_York'), '2026-10-31');
  assert.equal(mailTime(new Date(FIRST), 'Asia/Tokyo').toISOString(), '2026-10-31T23:00:00.000Z');
  assert.equal(mailTime(new Date(FIRST + 9 * HOUR), 'Asia/Tokyo').getTime(), FIRST + 9 * HOUR);
});
