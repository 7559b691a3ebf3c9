import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secrets } from '../src/kernel/secrets.ts';
import { bandsOf, Keyer, printsOf } from '../src/modules/federate/campaigns/prints.ts';
import { choose, COMMON, counts, telling, weigh } from '../src/modules/federate/campaigns/rules.ts';
import { analysis, DAY, eachWorld, problem, routes, type World } from '../src/modules/federate/mails.test-helper.ts';

const { campaigns } = routes;
const list = (world: World) => world.call(world.desk, campaigns.list, world.federation).then((page) => page.items);
const get = (world: World, campaign: string, as = world.desk, at = world.federation) => world.call(as, campaigns.get, at, { params: { campaign } });
const rows = async (world: World, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => (await world.gate.query<Record<string, unknown>>(sql, values)).rows;

test('texts whose fingerprints differ in three bits share a key, in two bits three, in one bit six', () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: 3 }), (hash, flips) => {
    const hex = (n: bigint): string => n.toString(16).padStart(16, '0');
    const other = new Set(bandsOf(hex(flips.reduce((n, bit) => n ^ (1n << BigInt(bit)), hash))));
    const shared = bandsOf(hex(hash)).filter((key) => other.has(key)).length;
    assert.ok(shared >= [10, 6, 3, 1][flips.length]!, `${shared} shared at ${flips.length} bits`);
  }));
  assert.deepEqual(bandsOf('not a hash'), []);
});

test('one weak likeness never makes two mails the same; a file, a Message-ID or two strong ones do', () => {
  for (const kind of ['place', 'sender', 'subject', 'picture', 'url'] as const) assert.ok(weigh([kind]) < 3, kind);
  assert.ok(weigh(['sender', 'subject']) < 3);
  assert.ok(weigh(['band', 'sender']) < 3);
  for (const shared of [['file'], ['message'], ['url', 'subject'], ['band', 'band', 'band', 'subject'], Array<'band'>(6).fill('band')] as const) assert.ok(weigh(shared) >= 3, shared.join());
});

test('a print that stands in many campaigns leads to none of them, but counts where another has led', () => {
  const many = Array.from({ length: COMMON + 1 }, (_, i) => ({ mac: '1', campaign: `c${String(i).padStart(2, '0')}` }));
  const prints = [{ mac: '1', kind: 'subject' as const }, { mac: '2', kind: 'url' as const }];
  const found = telling([...many, { mac: '2', campaign: 'c05' }]);
  assert.deepEqual(found, { hits: [{ mac: '2', campaign: 'c05' }], common: ['1'] });
  assert.equal(choose(prints, found.hits).join, null);
  assert.equal(choose(prints, [...found.hits, { mac: '1', campaign: 'c05' }]).join, 'c05');
});

test('a mail that looks good is not compared until the desk has spoken, a drill and one that could not be read never', () => {
  assert.equal(counts({ state: 'judged', verdict: 'clear', decision: null }), false);
  assert.equal(counts({ state: 'judged', verdict: 'clear', decision: 'dangerous' }), true);
  assert.equal(counts({ state: 'judged', verdict: 'suspicious', decision: null }), true);
  assert.equal(counts({ state: 'drill', verdict: null, decision: null }), false);
  assert.equal(counts({ state: 'failed', verdict: null, decision: 'dangerous' }), false);
});

test('real pages of the imitated brand, free mail senders and empty files say nothing; hostile fingerprints stay bounded', () => {
  const made = analysis({ indicators: [{ kind: 'domain', value: 'minato-check.example' }] });
  assert.ok(!printsOf(made).some((p) => p.kind === 'url'), 'a link to a place that is no indicator is everybody’s');
  const nameless = analysis({ from: '', indicators: [] });
  assert.ok(!printsOf(nameless).some((p) => p.kind === 'sender'));
  const tiny = { ...analysis({ file: 'a'.repeat(64) }) };
  assert.ok(printsOf(tiny).some((p) => p.kind === 'file'));
  assert.ok(!printsOf({ ...tiny, files: tiny.files.map((f) => ({ ...f, size: 0 })) }).some((p) => p.kind === 'file'));
  const long = 'x'.repeat(100_000);
  const hostile = printsOf({ ...made, fingerprints: { ...made.fingerprints, urlTemplates: Array(5_000).fill(long), subjectSkeleton: long, senderPattern: long, messageId: `a@${long}` } });
  assert.ok(hostile.length <= 60 && hostile.every((p) => p.value.length <= 1_000));
});

test('another federation’s keys say nothing about the same mail', () => {
  const keyer = new Keyer(new Secrets(randomBytes(32)));
  const [a, again, b] = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002'].map((f) => keyer.prints(f, printsOf(analysis())).map((p) => p.mac));
  assert.deepEqual(a, again);
  assert.ok(a!.length > 10 && a!.every((mac) => /^-?\d{1,19}$/.test(mac) && !b!.includes(mac)));
});

test('the same mail at several members is one campaign with numbers for each; other mails stay apart', async (t) => {
  await eachWorld(t, 'campaign', async (world) => {
    const [north, south, east] = world.members as [string, string, string];
    for (const member of [north, south, east]) await world.consent(member, 'indicators', true);
    await world.report(north, analysis({ to: 'a@m0.example.jp', url: 'https://login-minato.example/verify/account?id=11' }));
    await world.report(north, analysis({ to: 'b@m0.example.jp', subject: '【重要】お支払い方法の確認（8812）' }), { touched: 'link' });
    world.time += 60_000;
    await world.report(south, analysis({ to: 'c@m1.example.jp', sender: 'other-sender.example' }));
    await world.report(east, analysis({ text: '至急、添付の見積書をご覧のうえ、お電話ください。図面の変更がありましたので、あわせてご確認をお願いします。担当の者が不在のときは、別の者が承ります。', subject: 'お見積りの件', from: '東の商会', sender: 'azuma.example', url: null }));
    const [only, ...others] = await list(world);
    assert.equal(others.length, 0, 'a mail that came once is no campaign');
    assert.deepEqual([only.members, only.reports, only.touched, only.verdict, only.decision], [2, 3, 1, 'dangerous', null]);
    const whole = await get(world, only.id);
    assert.deepEqual(whole.byMember.map((m: { name: string; reports: number; touched: number }) => [m.name, m.reports, m.touched]), [['北浜商店', 2, 1], ['南浜水産', 1, 0]]);
    assert.deepEqual([only.subject, only.from, whole.samples], [null, null, []], 'words only from mails the desk may see');
  });
});

test('the federation’s rows hold keyed numbers and no word of any mail', async (t) => {
  await eachWorld(t, 'no text', async (world) => {
    await world.consent(world.members[0]!, 'indicators', true);
    await world.report(world.members[0]!, analysis());
    for (const table of ['federate_prints', 'federate_campaigns', 'federate_campaign_members', 'federate_campaign_samples', 'federate_mails']) {
      assert.doesNotMatch(JSON.stringify(await rows(world, `select * from ${table}`)), /minato|みなと|支払|制限|hana|info@/, table);
    }
    const columns = (await rows(world, "select column_name, data_type from information_schema.columns where table_name = 'federate_prints'")).filter((c) => c.data_type === 'text').map((c) => c.column_name);
    assert.deepEqual(columns, ['kind']);
  });
});

test('without the consent nothing goes up, unless a question shows the mail to the desk anyway; the member still learns that others have it', async (t) => {
  await eachWorld(t, 'consent', async (world) => {
    const [north, south, east] = world.members as [string, string, string];
    const hidden = await world.report(south, analysis());
    assert.deepEqual(await rows(world, 'select 1 from federate_prints'), []);
    const asked = await world.report(north, analysis(), { shown: true });
    assert.ok((await rows(world, 'select 1 from federate_prints where member_id = $1', [north])).length > 10);
    await world.consent(east, 'indicators', true);
    await world.report(east, analysis(), { touched: 'typed' });
    const [campaign] = await list(world);
    assert.deepEqual([campaign.members, campaign.reports, campaign.subject], [2, 2, '【重要】お支払い方法の確認']);
    assert.deepEqual((await get(world, campaign.id)).samples.map((s: { id: string }) => s.id), [asked]);
    await world.change(south, hidden, {}, 'samples.touched');
    assert.deepEqual(await world.in(south, (tx) => world.campaigns.seen(tx, south, hidden)), { members: 2, reports: 2, touched: 1, firstAt: new Date(world.time) });
    assert.deepEqual((await world.in(north, (tx) => world.campaigns.seen(tx, north, asked)))!.members, 1, 'others, not oneself');
    assert.equal(await world.in(east, (tx) => world.campaigns.seen(tx, east, hidden)), null, 'of somebody else’s mail nothing is told');
    assert.deepEqual([...(await world.in(world.federation, (tx) => world.campaigns.of(tx, [asked, hidden]))).keys()], [asked]);
  });
});

test('withdrawing the consent takes the member’s prints and numbers away and leaves those of mails in a question; given again they come back', async (t) => {
  await eachWorld(t, 'withdrawn', async (world) => {
    const [north, south] = world.members as [string, string];
    for (const member of [north, south]) await world.consent(member, 'indicators', true);
    await world.report(north, analysis());
    await world.report(north, analysis({ text: `${'まったく別の文面です。'.repeat(8)}倉庫の棚卸しについて、あらためてお知らせいたします。`, subject: '棚卸しの日程', sender: 'tana.example', url: 'https://tana.example/plan/show' }), { shown: true });
    await world.report(south, analysis());
    const before = await rows(world, 'select 1 from federate_prints where member_id = $1', [north]);
    await world.consent(north, 'indicators', false);
    const after = await rows(world, 'select 1 from federate_prints where member_id = $1', [north]);
    assert.ok(after.length > 0 && after.length < before.length, `${before.length} → ${after.length}`);
    assert.deepEqual(await list(world), [], 'one report is left of the campaign');
    assert.equal((await rows(world, 'select 1 from federate_campaign_members where member_id = $1', [north])).length, 1);
    await world.consent(north, 'indicators', true);
    assert.equal((await rows(world, 'select 1 from federate_prints where member_id = $1', [north])).length, before.length);
    assert.deepEqual((await list(world)).map((c: { members: number }) => c.members), [2]);
  });
});

test('a consent that runs out by itself counts as withdrawn within a day', async (t) => {
  await eachWorld(t, 'run out', async (world) => {
    const [north] = world.members as [string];
    await world.consent(north, 'indicators', true, new Date(world.time + 3_600_000));
    await world.report(north, analysis());
    assert.ok((await rows(world, 'select 1 from federate_prints')).length > 0);
    world.time += DAY;
    await world.run('federate.mailsTidy');
    await world.work();
    assert.deepEqual(await rows(world, 'select 1 from federate_prints'), []);
    assert.deepEqual(await rows(world, 'select 1 from federate_campaigns'), []);
  });
});

/** A delivery with a file, beside the payment of `analysis()`; and a mail that is half of each. */
const parcel = { text: 'お荷物のお届けに伺いましたが、ご不在のため持ち帰りました。再配達のお申し込みは、次のページからお願いいたします。保管の期限を過ぎますと、荷物は送り主へ返送されます。', subject: 'お届けについて', from: 'そらまめ便', sender: 'sora.example', url: 'https://sora-mame.example/track/show?n=1', file: 'f'.repeat(64) };
const both = { from: parcel.from, sender: parcel.sender, url: parcel.url, file: parcel.file };
async function twoCampaigns(world: World): Promise<{ of(id: string): Promise<string>; first: string; second: string }> {
  for (const member of world.members) await world.consent(member, 'indicators', true);
  const [north, south] = world.members as [string, string];
  const [first, second] = [await world.report(north, analysis(), { shown: true }), await world.report(south, analysis(parcel), { shown: true })];
  const of = (id: string) => world.in(world.federation, (tx) => world.campaigns.of(tx, [id])).then((m) => m.get(id)!);
  assert.notEqual(await of(first), await of(second));
  return { of, first, second };
}

// Whoever sends such a mail would otherwise have the desk's word on one campaign stand over another.
test('a mail that is half of one campaign and half of another joins neither to the other, however often one member gets it, and whatever comes after', async (t) => {
  await eachWorld(t, 'poisoned', async (world) => {
    const { of, first, second } = await twoCampaigns(world);
    const [north, south, east, west] = world.members as [string, string, string, string];
    for (let n = 0; n < 3; n += 1) await world.report(east, analysis(both));
    await world.report(west, analysis(), { shown: true });
    await world.report(west, analysis(parcel), { shown: true });
    await world.report(north, analysis(parcel));
    await world.report(south, analysis());
    assert.notEqual(await of(first), await of(second));
    const [a, b] = [await get(world, await of(first)), await get(world, await of(second))];
    assert.equal(a.reports + b.reports, 9);
    assert.ok(a.reports >= 3 && b.reports >= 3, 'each genuine mail stands in its own');
  });
});

test('two campaigns become one when mails of two members carry both, with their numbers, and the old address leads to it', async (t) => {
  await eachWorld(t, 'merged', async (world) => {
    const { of, first, second } = await twoCampaigns(world);
    const [, , east, west] = world.members as [string, string, string, string];
    const [a, b] = [await of(first), await of(second)];
    await world.report(east, analysis(both));
    assert.notEqual(await of(first), await of(second));
    await world.report(west, analysis(both));
    assert.deepEqual([await of(first), await of(second)], [a, a], 'the older one stays');
    const whole = await get(world, b);
    assert.deepEqual([whole.id, whole.members, whole.reports], [a, 4, 4]);
    assert.deepEqual((await list(world)).length, 1);
    await world.report(east, analysis(parcel));
    assert.deepEqual((await get(world, a)).reports, 5);
    assert.deepEqual(await rows(world, 'select 1 from federate_prints where campaign_id = $1', [b]), []);
  });
});

test('what the desk has called by two names stays two campaigns', async (t) => {
  await eachWorld(t, 'two names', async (world) => {
    const { of, first, second } = await twoCampaigns(world);
    const [north, south, east, west] = world.members as [string, string, string, string];
    await world.change(north, first, { decision: 'dangerous', decidedAt: new Date(world.time) });
    await world.change(south, second, { decision: 'harmless', decidedAt: new Date(world.time) });
    for (const member of [east, west]) await world.report(member, analysis(both));
    assert.notEqual(await of(first), await of(second));
    assert.deepEqual([(await get(world, await of(first))).decision, (await get(world, await of(second))).decision], ['dangerous', 'harmless']);
  });
});

test('told twice, decided, touched: numbers stay right and the desk’s last word stands', async (t) => {
  await eachWorld(t, 'again', async (world) => {
    const [north, south] = world.members as [string, string];
    for (const member of [north, south]) await world.consent(member, 'indicators', true);
    const mail = await world.report(north, analysis(), { shown: true });
    const same = await world.report(south, analysis());
    await world.run('federate.mail', { orgId: north, sampleId: mail });
    await world.change(south, same, { touched: 'typed' }, 'samples.touched');
    await world.change(north, mail, { decision: 'unwanted', decidedAt: new Date(world.time) });
    await world.change(north, mail, { decision: 'dangerous', decidedAt: new Date(world.time + 1) });
    const [only] = await list(world);
    assert.deepEqual([only.members, only.reports, only.touched, only.decision], [2, 2, 1, 'dangerous']);
    world.drop(north, mail);
    await world.run('federate.mailsOf', { orgId: north });
    assert.deepEqual((await list(world)).map((c: { reports: number; subject: string | null }) => [c.reports, c.subject]), [[2, null]], 'after the mail itself is gone its print stays, its words do not');
  });
});

test('a unit’s mails count for its member, by the member’s consent; who leaves is taken out', async (t) => {
  await eachWorld(t, 'units', async (world) => {
    const member = world.members[3]!;
    await world.consent(member, 'indicators', true);
    await world.report(world.unit, analysis());
    await world.report(member, analysis());
    const [only] = await list(world);
    assert.deepEqual([only.members, only.reports], [1, 2]);
    await world.tenancy.asSystem('test: leave', async (tx) => {
      for (const orgId of await world.orgs.markLeft(tx, member, '2027-01-01')) await tx.emit('orgs.left', { orgId });
    });
    await world.work();
    for (const table of ['federate_prints', 'federate_campaigns', 'federate_campaign_members', 'federate_campaign_samples']) assert.deepEqual(await rows(world, `select 1 from ${table}`), [], table);
  });
});

test('after four hundred days without a report a campaign and the prints of its mails are gone', async (t) => {
  await eachWorld(t, 'old', async (world) => {
    await world.consent(world.members[0]!, 'indicators', true);
    await world.report(world.members[0]!, analysis());
    world.time += 399 * DAY;
    await world.run('federate.mailsTidy');
    assert.equal((await rows(world, 'select 1 from federate_campaigns')).length, 1);
    world.time += 2 * DAY;
    await world.run('federate.mailsTidy');
    for (const table of ['federate_prints', 'federate_campaigns', 'federate_campaign_members', 'federate_mails']) assert.deepEqual(await rows(world, `select 1 from ${table}`), [], table);
  });
});

test('another federation sees and joins nothing of it', async (t) => {
  await eachWorld(t, 'apart', async (world) => {
    const [north, south] = world.members as [string, string];
    for (const member of [north, south, world.otherMember]) await world.consent(member, 'indicators', true);
    await world.report(north, analysis(), { shown: true });
    await world.report(south, analysis());
    const foreign = await world.report(world.otherMember, analysis());
    const [only] = await list(world);
    assert.equal(only.members, 2);
    assert.deepEqual((await world.call(world.otherDesk, campaigns.list, world.otherFederation)).items, []);
    await assert.rejects(get(world, only.id, world.otherDesk, world.otherFederation), problem('not_found'));
    await assert.rejects(get(world, only.id, world.leads[0]!, north), problem('role_missing'));
    assert.equal(await world.in(world.otherMember, (tx) => world.campaigns.seen(tx, world.otherMember, foreign)), null);
    for (const table of ['federate_prints', 'federate_campaigns', 'federate_campaign_members', 'federate_campaign_samples']) assert.deepEqual(await world.in(north, (tx) => tx.query(`select 1 from ${table}`)), [], `${table} is the federation’s alone`);
  });
});

test('many mails at once: the list is paged by keyset within ten statements and refuses a made-up cursor', async (t) => {
  await eachWorld(t, 'paged', async (world) => {
    await world.tenancy.asSystem('test: many campaigns', (tx) =>
      tx.query(`insert into federate_campaigns (org_id, id, first_at, last_at, members, reports, touched)
        select $1, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $2, $2::timestamptz - (n / 3) * interval '1 minute', 2, 2, 0 from generate_series(1, 130) n`, [world.federation, tx.now]));
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const { result, statements } = await world.gate.counted(() => world.call(world.desk, campaigns.list, world.federation, { query: { limit: 50, ...(after ? { after } : {}) } }));
      assert.ok(statements <= 12, `${statements} with those that authorise`);
      seen.push(...result.items.map((c: { id: string }) => c.id));
      if (result.next === null) break;
      after = result.next as string;
    }
    assert.equal(new Set(seen).size, 130);
    assert.equal(seen.length, 130);
    for (const values of [['x', 'y'], ['2026-11-24T01:00:00.000Z', 'y'], ['2026-99-24T01:00:00.000Z', world.federation], [1, 2]]) await assert.rejects(world.call(world.desk, campaigns.list, world.federation, { query: { after: Buffer.from(JSON.stringify(values)).toString('base64url') } }), problem('cursor_broken'));
  });
});
