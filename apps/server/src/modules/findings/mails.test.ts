import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, scopeOf } from '../notify/kernel.test-helper.ts';
import { eachHouse } from './fixtures.test-helper.ts';
import { nowMail, ruleCredit, weeklyMail, type Letterhead } from './mails.ts';
import type { Card } from './rules.ts';

const HOUR = 3_600_000;
const head = (lang: 'ja' | 'en'): Letterhead => ({ lang, personName: '青木 花子', orgName: '青葉製作所', url: 'https://banya.example.jp', orgId: 'o1', deskPhone: '043-000-0000' });
const card = (n: number, kind: Card['kind'] = 'finding'): Card => ({
  key: `k${n}`, kind, severity: 'look', title: { ja: `見てほしいこと${n}`, en: `Thing ${n}` }, step: { ja: '開いて確かめる', en: 'Open and check it' }, minutes: 10, askedBy: { ja: '番屋', en: 'Banya' }, target: kind === 'source' ? null : `id${n}`, since: new Date(0),
});

test('the weekly mail says in both languages how much there is to do and links to each', () => {
  const ja = weeklyMail(head('ja'), [card(1), card(2, 'source')]);
  assert.equal(ja.subject, '【番屋】今週やること：2つ（約20分）');
  assert.equal(ja.text, '青木 花子さん（青葉製作所）\n\n今週やることは2つ、合わせて約20分です。\n\n1. 見てほしいこと1\n   開いて確かめる（10分）\n   https://banya.example.jp/o/o1/findings/id1\n\n2. 見てほしいこと2\n   開いて確かめる（10分）\n   https://banya.example.jp/o/o1/devices\n\n急ぐとき・迷ったとき：デスク 043-000-0000\n\n番屋がメールでパスワードを尋ねることはありません。\n');
  const en = weeklyMail(head('en'), [card(1)]);
  assert.equal(en.subject, 'Banya: one thing to do this week (about 10 min)');
  assert.match(en.text, /1\. Thing 1\n {3}Open and check it \(10 min\)\n {3}https:\/\/banya\.example\.jp\/o\/o1\/findings\/id1/);
});

// The licences of shared rules ask that their author is named wherever something they found is told.
test('mails name the author and licence of a rule of others, and nothing for our own', () => {
  const rule = { title: 'Whoami', author: 'Hanako Example', license: 'DRL-1.1', references: ['https://example.org/whoami'] };
  const told = { title: 't', whatHappened: 'w', stopped: 's', whose: 'o', certainty: 'c', doNow: ['d'], callWhen: 'p', doNot: 'n', normal: '' } as unknown as Parameters<typeof nowMail>[2];
  assert.match(nowMail(head('ja'), 'f1', told, 0, rule).text, /もとの規則：Whoami（作者：Hanako Example、ライセンス：DRL-1\.1）/);
  assert.match(nowMail(head('en'), 'f1', told, 0, { ...rule, license: '' }).text, /Found by the rule “Whoami” \(author: Hanako Example, licence: unknown\)/);
  assert.doesNotMatch(nowMail(head('ja'), 'f1', told, 0, { ...rule, author: 'Banya' }).text, /もとの規則/);
  assert.match(weeklyMail(head('ja'), [{ ...card(1), credit: ruleCredit(rule) }]).text, /findings\/id1\n {3}もとの規則：Whoami（作者：Hanako Example/);
});

test('a week without anything to do says so', () => {
  assert.equal(weeklyMail(head('ja'), []).subject, '【番屋】今週やることはありません');
  assert.match(weeklyMail(head('en'), []).text, /There is nothing for you to do this week/);
});

test('every lead gets one mail on Monday morning of their own zone, however often the job runs', (t) =>
  eachHouse(t, 'weekly', async (house) => {
    const { kernel, findings, mails } = house;
    await house.raise({});
    const hour = async (iso: string): Promise<void> => {
      kernel.time = at(iso);
      await kernel.run(findings, 'findings.weekly');
      await kernel.work(findings);
    };
    await hour('2026-11-22T23:00:00+09:00');
    await hour('2026-11-23T07:59:00+09:00');
    assert.equal(mails.length, 0);
    await hour('2026-11-23T08:00:00+09:00');
    await hour('2026-11-23T09:00:00+09:00');
    await hour('2026-11-24T08:00:00+09:00');
    assert.deepEqual(mails.map((m) => [m.to, m.lang, m.subject]), [['aoki@example.jp', 'ja', '【番屋】今週やること：1つ（約10分）']]);
    await hour('2026-11-30T08:00:00+09:00');
    assert.equal(mails.length, 2, 'the next week has its own');
    await kernel.gate.query("update orgs_orgs set time_zone = 'America/New_York' where id = $1", [house.member.id]);
    await hour('2026-12-07T08:00:00+09:00');
    assert.equal(mails.length, 2);
    await hour('2026-12-07T08:00:00-05:00');
    assert.equal(mails.length, 3);
  }));

test('what cannot wait is mailed at once, three times a day, then once for all the rest, and again the next day', (t) =>
  eachHouse(t, 'now', async (house) => {
    const { kernel, findings, mails } = house;
    const burn = async (n: number): Promise<void> => {
      for (let i = 0; i < n; i += 1) await house.raise({ severity: 'now', entity: `burn${kernel.time}${i}` });
      await kernel.work(findings);
    };
    await burn(6);
    assert.equal(mails.length, 4);
    assert.match(mails[0]!.subject, /^【番屋・今すぐ】/);
    assert.match(mails[0]!.text, /■今すること\n1\. [\s\S]*■電話すべき時[\s\S]*■してはいけないこと[\s\S]*https:\/\/banya\.example\.jp\/o\/[0-9a-f-]+\/findings\/[0-9a-f-]+/);
    assert.match(mails[3]!.subject, /ほかにも/);
    kernel.time += 24 * HOUR;
    await burn(1);
    assert.equal(mails.length, 5);
  }));

// One job for each finding of a batch was a row in the outbox, a row in the queue and a transaction each.
test('what cannot wait of one batch is one job of the organisation, and no notice is lost in it', (t) =>
  eachHouse(t, 'one job', async (house) => {
    const { kernel, findings, mails } = house;
    kernel.time = at('2026-11-24T02:00:00+09:00');
    await house.raise(...Array.from({ length: 4 }, (_, i) => ({ severity: 'now' as const, stopped: 'yes' as const, entity: `stopped${i}` })), { severity: 'now', stopped: 'no', entity: 'through' }, { entity: 'look' });
    const jobs = async (): Promise<number> => (await kernel.gate.query("select 1 from kernel_outbox where name = 'findings.now'")).rows.length;
    assert.equal(await jobs(), 1);
    await kernel.work(findings);
    assert.equal(mails.length, 1, 'what got through, at night');
    // While those that were stopped wait for the morning, another is told at once.
    await house.raise({ severity: 'now', stopped: 'no', entity: 'another' });
    await kernel.work(findings);
    assert.equal(mails.length, 2);
    kernel.time = at('2026-11-24T07:00:00+09:00');
    await kernel.work(findings);
    assert.deepEqual(mails.map((m) => /ほかにも/.test(m.subject)), [false, false, false, true]);
    assert.equal((await kernel.gate.query("select 1 from findings_findings where rank = 0 and mailed_at is null")).rows.length, 0);
  }));

test('one finding is mailed once, however it grows, and not at all when it is closed or only to be looked at', (t) =>
  eachHouse(t, 'once', async (house) => {
    const { kernel, findings, mails } = house;
    const [f] = await house.raise({ severity: 'now' });
    await kernel.work(findings);
    await house.raise({ severity: 'now' });
    await kernel.run(findings, 'findings.now', { orgId: house.member.id, findingId: f!.id });
    assert.equal(mails.length, 1);
    const [g] = await house.raise({ severity: 'now', entity: 'closed before' });
    await house.call('findings.close', { params: { finding: g!.id }, body: { outcome: 'handled' } });
    await house.raise({ severity: 'look', entity: 'look' });
    await kernel.work(findings);
    assert.equal(mails.length, 1);
  }));

test('at night only what was not stopped wakes anybody; the rest comes at seven', (t) =>
  eachHouse(t, 'night', async (house) => {
    const { kernel, findings, mails } = house;
    kernel.time = at('2026-11-23T23:30:00+09:00');
    await house.raise({ severity: 'now', stopped: 'yes', entity: 'a' }, { severity: 'now', stopped: 'no', entity: 'b' });
    await kernel.work(findings);
    assert.equal(mails.length, 1);
    kernel.time = at('2026-11-24T06:59:00+09:00');
    await kernel.work(findings);
    assert.equal(mails.length, 1);
    kernel.time = at('2026-11-24T07:00:00+09:00');
    await kernel.work(findings);
    assert.equal(mails.length, 2);
  }));

test('what can wait is told at nine, gathered, once a week beside the weekly mail, and never what somebody has closed by then', (t) =>
  eachHouse(t, 'look', async (house) => {
    const { kernel, findings, mails } = house;
    const until = async (iso: string): Promise<void> => {
      kernel.time = at(iso);
      await kernel.work(findings);
    };
    kernel.time = at('2026-11-24T14:00:00+09:00');
    const [closed] = await house.raise({ entity: 'closed by then' }, { entity: 'a' }, { entity: 'b' }, { entity: 'fyi', severity: 'fyi' });
    await house.call('findings.close', { params: { finding: closed!.id }, body: { outcome: 'handled' } });
    await until('2026-11-25T08:59:00+09:00');
    assert.equal(mails.length, 0);
    await until('2026-11-25T09:00:00+09:00');
    assert.deepEqual(mails.map((m) => m.subject), ['【番屋】見てほしい気づき：2つ']);
    assert.match(mails[0]!.text, /下のログを見て[\s\S]*もとの規則：Odd traffic（作者：Example Author、ライセンス：DRL-1\.1）/);
    await house.raise({ entity: 'c' });
    await until('2026-11-26T09:00:00+09:00');
    await house.raise({ entity: 'd' });
    await until('2026-12-01T09:00:00+09:00');
    assert.equal(mails.length, 1, 'one in seven days');
    await house.raise({ entity: 'e', lastAt: new Date(kernel.time) });
    await until('2026-12-02T09:00:01+09:00');
    assert.deepEqual(mails.map((m) => m.subject).slice(1), ['【番屋】見てほしい気づき：2つ'], 'what has not happened for a week is for the weekly mail');
    assert.deepEqual((await kernel.gate.query<{ urgency: string }>('select urgency from notify_told order by at')).rows.map((r) => r.urgency), ['look', 'look']);
  }));

// The number that the documents promise: see ARCHITECTURE.md, “Two notices in seven days”.
test('whatever happens in a week, a lead gets Monday’s mail, one of what can wait, and four a day of what cannot', (t) =>
  eachHouse(t, 'week', async (house) => {
    const { kernel, findings, mails } = house;
    for (let day = 0; day < 7; day += 1) {
      for (const hour of [7, 8, 9, 15]) {
        kernel.time = at('2026-11-23T00:00:00+09:00') + (day * 24 + hour) * HOUR;
        await house.raise({ severity: 'now', entity: `${day} ${hour} a` }, { severity: 'now', entity: `${day} ${hour} b` }, { entity: `${day} ${hour} c` });
        await kernel.run(findings, 'findings.weekly');
        await kernel.work(findings);
      }
    }
    const count = (subject: RegExp): number => mails.filter((m) => subject.test(m.subject)).length;
    assert.deepEqual([count(/今すぐ/), count(/見てほしい気づき/), count(/今週やること/), mails.length], [7 * 4, 1, 1, 7 * 4 + 2]);
  }));

test('an urgent mail names the author and licence of a rule of others', (t) =>
  eachHouse(t, 'credit', async (house) => {
    await house.raise({ severity: 'now' });
    await house.kernel.work(house.findings);
    assert.match(house.mails[0]!.text, /もとの規則：Odd traffic（作者：Example Author、ライセンス：DRL-1\.1）\nhttps:\/\/example\.com\/rule/);
  }));

test('what only the operator can mend stands at the federation, folded, and members never see it', (t) =>
  eachHouse(t, 'operator', async (house) => {
    const { kernel, findings } = house;
    for (let i = 0; i < 3; i += 1) await kernel.tenancy.inOrg(scopeOf(house.member.id), (tx) => tx.emit('notify.failed', { orgId: house.member.id, mailId: 'm', code: 'timeout' }));
    await kernel.work(findings);
    await findings.deadLetter({ name: 'detect.{count}', error: 'out of {memory}' });
    await findings.tellOperator({ what: 'disk_floor', free: '1.8 GB' });
    await findings.tellOperator({ what: 'unknown_sender', address: '203.0.113.9', lines: 40 });
    const shown = await house.call<{ items: { kind: string; title: string; count: number }[] }>('findings.list', { org: house.federation.id, query: { state: 'open' } });
    assert.deepEqual(shown.items.map((f) => [f.kind, f.title, f.count]), [
      ['operator', 'ディスクの空きが少なくなりました', 1], ['operator', '登録のない機器からログが届いています（203.0.113.9）', 40], ['operator', '番屋の中の仕事が終わりませんでした（detect.{count}）', 1], ['operator', '届けられなかったメールがあります', 3],
    ]);
    assert.deepEqual((await house.call<{ items: object[] }>('findings.list')).items, []);
  }));

test('before the federation is set up there is nobody to tell, and nothing fails', (t) =>
  eachHouse(t, 'no federation', async (house) => {
    await house.kernel.settings.set('federation', null);
    await house.findings.tellOperator({ what: 'mail_failed' });
    assert.equal((await house.kernel.gate.query('select 1 from findings_findings')).rows.length, 0);
  }));
