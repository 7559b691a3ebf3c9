import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, eachWorld, HOUR, problem, type World } from '../../prove/world.test-helper.ts';

interface Burst { indicator: string; kind: string; ruleTitle: string; members: number; firstAt: string; thirdAt: string; raisedAt: string; byMember: { member: string; finding: string | null; org: string }[] }
const bursts = async (w: World): Promise<Burst[]> => (await w.call(w.manager, 'bursts.list', w.federation)).items;
const outbound = { severity: 'look' as const, stopped: 'no' as const, direction: 'outbound' as const };
const contact = (w: World, member: string, to: string, more: object = {}) =>
  w.raise(member, { ...outbound, entity: `pc → ${to}`, fingerprint: `r ${to} ${JSON.stringify(more)}`, slots: { 'source.ip': '192.168.1.5', 'destination.ip': to }, firstAt: new Date(w.time), lastAt: new Date(w.time), ...more });
const consent = (w: World, member: string, kind: 'alerts' | 'indicators', given: boolean) => w.in(member, (tx) => w.orgs.setConsent(tx, member, kind, given, null, 'test'));
const finding = (w: World, member: string, id: string) => w.in(member, (tx) => w.findings.get(tx, member, id));
const minutes = (n: number): number => n * 60_000;

test('the same at the third member within a day raises all three above their own level and tells the desk, before five minutes are over', async (t) => {
  await eachWorld(t, 'burst', async (w) => {
    const [a, b, c, d] = w.members as [string, string, string, string];
    const first = await contact(w, a, '198.51.100.7');
    await w.work();
    w.time += 5 * HOUR;
    const second = await contact(w, b, '198.51.100.7');
    await contact(w, b, '198.51.100.8');
    await w.work();
    assert.deepEqual(await bursts(w), []);
    w.time += HOUR;
    const third = await contact(w, c, '198.51.100.7');
    const thirdAt = w.time;
    await w.work();
    const [burst] = await bursts(w);
    assert.deepEqual([burst!.kind, burst!.indicator, burst!.members, burst!.thirdAt], ['address', '198.51.100.7', 3, new Date(thirdAt).toISOString()]);
    assert.ok(Date.parse(burst!.raisedAt) - thirdAt < minutes(5));
    assert.deepEqual(burst!.byMember.map((m) => [m.member, m.finding]), [[a, first], [b, second], [c, third]]);
    for (const [org, id] of [[a, first], [b, second], [c, third]] as const) assert.deepEqual([(await finding(w, org, id))!.rank, (await finding(w, org, id))!.slots['banya.members']], [0, '3']);
    const told = await w.gate.query<{ rule_id: string; rank: number; ticket_id: string | null; slots: Record<string, string> }>('select rule_id, rank, ticket_id, slots from findings_findings where org_id = $1', [w.federation]);
    assert.deepEqual(told.rows.map((r) => [r.rule_id, r.rank, r.ticket_id !== null, r.slots['indicator'], r.slots['members']]), [['burst.members', 0, true, '198.51.100.7', '3']]);
    w.time += HOUR;
    const fourth = await contact(w, d, '198.51.100.7');
    await w.work();
    assert.deepEqual([(await bursts(w)).length, (await bursts(w))[0]!.members, (await finding(w, d, fourth))!.rank], [1, 4, 0]);
    assert.deepEqual([(await finding(w, d, fourth))!.slots['banya.members'], (await finding(w, a, first))!.slots['banya.members']], ['4', '3'], 'the others are told again at the next step only');
    assert.equal((await w.gate.query('select 1 from findings_findings where org_id = $1', [w.federation])).rows.length, 1, 'the desk has one finding of a burst');
  });
});

// Without it one member with thousands of findings of one indicator, by a worm or on purpose, hides the others or keeps the house busy for hours.
test('a member with thousands of sightings hides no other member, and each further one makes work for itself alone', async (t) => {
  await eachWorld(t, 'flood', async (w) => {
    const [a, b, c] = w.members as [string, string, string];
    await contact(w, a, '198.51.100.7');
    await w.work();
    await w.gate.query('insert into federate_indicators select org_id, mac, member_id, finding_org_id, gen_random_uuid(), first_at, last_at from federate_indicators, generate_series(1, 6000)');
    w.time += HOUR;
    await contact(w, b, '198.51.100.7');
    await contact(w, c, '198.51.100.7');
    await w.work();
    assert.equal((await bursts(w))[0]!.members, 3);
    w.time += HOUR;
    const again = await contact(w, c, '198.51.100.7', { fingerprint: 'again' });
    await w.run('federate.sight', { orgId: c, findingIds: [again] });
    assert.equal((await w.gate.query("select 1 from kernel_outbox where name = 'federate.escalate'")).rows.length, 1, 'no job for each of the others');
    await w.work();
    assert.equal((await finding(w, c, again))!.rank, 0);
  });
});

test('two members, a member twice, three within more than a day, or what was known, are no burst', async (t) => {
  await eachWorld(t, 'none', async (w) => {
    const [a, b, c] = w.members as [string, string, string];
    await contact(w, a, '198.51.100.7');
    await contact(w, a, '198.51.100.7', { fingerprint: 'another rule' });
    await contact(w, b, '198.51.100.7');
    await w.work();
    w.time += DAY + HOUR;
    await contact(w, c, '198.51.100.7');
    await w.work();
    const known = await contact(w, a, '203.0.113.5');
    await w.in(a, (tx) => w.findings.close(tx, a, known, { outcome: 'known' }));
    await contact(w, b, '203.0.113.5');
    await contact(w, c, '203.0.113.5');
    await w.work();
    assert.deepEqual(await bursts(w), []);
  });
});

test('a member that shares neither findings nor indicators is neither counted nor told, and what it brought goes when it withdraws', async (t) => {
  await eachWorld(t, 'consent', async (w) => {
    const [a, b, c] = w.members as [string, string, string];
    await consent(w, c, 'alerts', false);
    const silent = await contact(w, c, '198.51.100.7');
    await contact(w, a, '198.51.100.7');
    await contact(w, b, '198.51.100.7');
    await w.work();
    assert.deepEqual(await bursts(w), []);
    assert.equal((await finding(w, c, silent))!.rank, 1);
    await consent(w, c, 'indicators', true);
    w.time += HOUR;
    await contact(w, c, '198.51.100.7', { fingerprint: 'again' });
    await w.work();
    const [burst] = await bursts(w);
    assert.equal(burst!.members, 3);
    assert.equal(burst!.byMember.find((m) => m.member === c)!.finding, null, 'indicators alone open no finding');
    await consent(w, c, 'indicators', false);
    await w.work();
    assert.equal((await w.gate.query('select 1 from federate_indicators where member_id = $1', [c])).rows.length, 0);
    await assert.rejects(w.call(w.lead, 'bursts.list', w.federation), problem('not_found'));
  });
});

// Withdrawing deletes what was pushed up: a value that only the withdrawn member shows must not stay in plain words.
test('who withdraws is counted no more in a burst, and its plain value goes with the last member that shows it', async (t) => {
  await eachWorld(t, 'withdraw', async (w) => {
    const [a, b, c, d] = w.members as [string, string, string, string];
    for (const member of [a, b, c, d]) await contact(w, member, '198.51.100.7');
    for (const member of [a, b, c]) await contact(w, member, '203.0.113.9', { fingerprint: 'another' });
    await w.work();
    const withdraw = async (member: string): Promise<Record<string, number>> => {
      await consent(w, member, 'alerts', false);
      await w.work();
      return Object.fromEntries((await bursts(w)).map((burst) => [burst.indicator, burst.members]));
    };
    assert.deepEqual(await withdraw(d), { '198.51.100.7': 3, '203.0.113.9': 3 });
    assert.deepEqual(await withdraw(c), { '198.51.100.7': 2, '203.0.113.9': 2 });
    // Sightings are forgotten after a month, bursts later: the tie between them must hold.
    w.time += 40 * DAY;
    await w.run('federate.forgetSightings');
    assert.deepEqual(await withdraw(b), { '198.51.100.7': 1, '203.0.113.9': 1 });
    const told = async (): Promise<string> => {
      const kept = await Promise.all(['select * from federate_bursts', 'select * from federate_indicators', `select * from findings_findings where org_id = '${w.federation}'`, 'select * from findings_samples', 'select * from desk_tickets', 'select * from desk_messages'].map((text) => w.gate.query(text)));
      return JSON.stringify(kept.map((k) => k.rows));
    };
    assert.match(await told(), /198\.51\.100\.7/);
    // This one runs out by its date.
    await w.in(a, (tx) => w.orgs.setConsent(tx, a, 'alerts', true, new Date(w.time + HOUR), 'test'));
    w.time += 2 * HOUR;
    await w.run('federate.forgetSightings');
    assert.deepEqual(await bursts(w), []);
    assert.doesNotMatch(await told(), /198\.51\.100\.7|203\.0\.113\.9/);
    assert.match(await told(), /取り下げられた気づき/, 'the conversation itself stays');
  });
});

test('comparing a batch of findings takes as many statements as comparing one', async (t) => {
  await eachWorld(t, 'statements', async (w) => {
    const ids = async (member: string, n: number, from: number): Promise<string[]> => {
      const made: string[] = [];
      for (let i = 0; i < n; i += 1) made.push(await contact(w, member, `198.51.100.${from + i}`));
      return made;
    };
    const [a, b, c] = w.members as [string, string, string];
    await ids(a, 11, 1);
    await ids(b, 11, 1);
    await w.work();
    const [one, ...many] = await ids(c, 11, 1);
    await w.run('federate.sight', { orgId: c, findingIds: [one!] });
    await w.run('federate.sight', { orgId: c, findingIds: many });
    const d = await ids(w.members[3]!, 11, 1);
    const { statements: first } = await w.gate.counted(() => w.run('federate.sight', { orgId: w.members[3]!, findingIds: d.slice(0, 1) }));
    const { statements: ten } = await w.gate.counted(() => w.run('federate.sight', { orgId: w.members[3]!, findingIds: d.slice(1) }));
    assert.equal(ten, first);
    const told = d.map((findingId) => ({ findingId, members: 4 }));
    const { statements: tell } = await w.gate.counted(() => w.run('federate.escalate', { orgId: w.members[3]!, told }));
    assert.ok(tell <= 6, `${tell}`);
  });
});

test('a member reads at how many the same was seen for as long as it lets others see, and its units with it', async (t) => {
  await eachWorld(t, 'told', async (w) => {
    const [a, b, c] = w.members as [string, string, string];
    const unit = await w.tenancy.asSystem('test: a unit', async (tx) => (await w.orgs.createOrg(tx, 'unit', (await w.orgs.get(tx, a))!, { name: '支店' })).id);
    const atA = await contact(w, a, '198.51.100.7');
    const atUnit = await contact(w, unit, '198.51.100.7');
    await contact(w, b, '198.51.100.7');
    await contact(w, c, '198.51.100.7', { ruleId: 'c998bff9-8a73-5139-b886-2f477264c670' });
    await w.work();
    assert.equal((await bursts(w))[0]!.ruleTitle, '社内の機器が、悪者の指令役とみられる相手に連絡しています', 'a rule of ours by its name in the reader’s language');
    const clerk = await w.person(unit, 'unit', '支店 花子', 'lead');
    const shown = async (): Promise<(number | null)[]> => [
      (await w.call(w.lead, 'home.get', a)).cards.find((card: { target: string }) => card.target === atA).elsewhere,
      (await w.call(w.lead, 'findings.get', a, { params: { finding: atA } })).elsewhere,
      (await w.call(clerk, 'home.get', unit)).cards[0].elsewhere,
      (await w.call(clerk, 'findings.get', unit, { params: { finding: atUnit } })).elsewhere,
    ];
    assert.deepEqual(await shown(), [3, 3, 3, 3]);
    await consent(w, a, 'alerts', false);
    await consent(w, a, 'indicators', false);
    assert.deepEqual(await shown(), [null, null, null, null], 'at once, before any job has run');
    await consent(w, a, 'indicators', true);
    assert.deepEqual(await shown(), [3, 3, 3, 3]);
  });
});

test('a unit that leaves takes what it brought along, and its member keeps its own', async (t) => {
  await eachWorld(t, 'unit', async (w) => {
    const [a] = w.members as [string];
    const unit = await w.tenancy.asSystem('test: a unit', async (tx) => (await w.orgs.createOrg(tx, 'unit', (await w.orgs.get(tx, a))!, { name: '支店' })).id);
    await contact(w, a, '198.51.100.7');
    await contact(w, unit, '198.51.100.7');
    await w.work();
    const places = async (): Promise<string[]> => (await w.gate.query<{ member_id: string; finding_org_id: string }>('select member_id, finding_org_id from federate_indicators')).rows.map((r) => `${r.member_id} ${r.finding_org_id}`).sort();
    assert.deepEqual(await places(), [`${a} ${a}`, `${a} ${unit}`].sort());
    await w.tenancy.asSystem('test: leave', async (tx) => {
      for (const orgId of await w.orgs.markLeft(tx, unit, '2026-12-31')) await tx.emit('orgs.left', { orgId });
    });
    await w.work();
    assert.deepEqual(await places(), [`${a} ${a}`]);
  });
});

test('rules are judged over the members that share their findings', async (t) => {
  await eachWorld(t, 'rules', async (w) => {
    const [a, b, c] = w.members as [string, string, string];
    await consent(w, c, 'alerts', false);
    const close = async (member: string, n: number, outcome: 'handled' | 'false_alarm'): Promise<void> => {
      for (let i = 0; i < n; i += 1) {
        const id = await contact(w, member, '192.0.2.1', { fingerprint: `${outcome} ${i}`, entity: `${outcome} ${i}`, ruleId: 'noisy' });
        w.time += 1000;
        await w.tenancy.inOrg({ orgId: member, actor: { kind: 'person', ...w.lead } }, (tx) => w.findings.close(tx, member, id, { outcome }));
      }
    };
    await close(a, 4, 'false_alarm');
    await close(b, 3, 'false_alarm');
    await close(b, 1, 'handled');
    await close(c, 9, 'false_alarm');
    w.time += minutes(10);
    await w.run('federate.pushAll');
    await w.work();
    const { items } = await w.call(w.manager, 'rules.advice', w.federation);
    assert.deepEqual(items.map((r: Record<string, unknown>) => [r['ruleId'], r['members'], r['handled'], r['falseAlarm'], r['advice']]), [['noisy', 2, 1, 7, 'tune']]);
  });
});
