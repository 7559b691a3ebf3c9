import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { api } from '@banya/contract';
import { testHouse, type TestPerson } from './house.ts';
import { buildWorld } from './world.ts';
import { draftOf, quotedSubject } from '../src/modules/federate/bulletins/draft.ts';
import { logQuestion } from '../src/modules/federate/bulletins/look.ts';
import { shareable } from '../src/modules/federate/bulletins/service.ts';
import { analysis, DAY, eachWorld, problem, routes, type Person, type World } from '../src/modules/federate/mails.test-helper.ts';

const { bulletins, warnings } = routes;
const draft = async (world: World, body: object = {}): Promise<string> => (await world.call(world.desk, bulletins.draft, world.federation, { body })).id;
const bulletin = (world: World, id: string, as = world.desk, at = world.federation) => world.call(as, bulletins.get, at, { params: { bulletin: id } });
const save = (world: World, id: string, more: object = {}) => world.call(world.desk, bulletins.save, world.federation, { params: { bulletin: id }, body: { title: { ja: 'にせメールに注意', en: 'Beware' }, body: { ja: '開かないでください。', en: 'Do not open it.' }, tlp: 'AMBER', ...more } });
const send = (world: World, id: string, members: 'all' | string[] = 'all') => world.call(world.desk, bulletins.send, world.federation, { params: { bulletin: id }, body: { members } });
const inbox = async (world: World, as: Person, at = as.homeOrgId) => (await world.call(as, warnings.list, at)).items;
const open = (world: World, as: Person, id: string, at = as.homeOrgId, lang: 'ja' | 'en' = 'ja') => world.call(as, warnings.get, at, { params: { warning: id }, lang });

test('a draft says what kind of mail it is, how to see it, what to do and whom to tell, and tells nothing of where it came from', async () => {
  const made = analysis({ asks: ['credentials', 'account_stop', 'urgency'], subject: '西浜信用組合 西浜 茂 様 お支払い方法の確認 8812', lookalikes: [{ target: 'なぎさ銀行', targetKind: 'brand', domain: 'minato-check.example', how: 'added_word' }] });
  const hidden = ['西浜信用組合', 'm3.example.jp', '西浜 茂', '西浜'];
  const { title, body } = draftOf(made, hidden, '03-0000-0000');
  assert.match(title.ja, /なぎさ銀行/);
  assert.match(body.ja, /にせのページへ誘い/);
  assert.match(body.ja, /お支払い方法の確認/);
  assert.match(body.ja, /minato-check\[\.\]example/);
  assert.match(body.ja, /■もう開いた・入力したとき\n・すぐ、デスクに電話する（03-0000-0000）。[\s\S]*LANケーブル/, 'the telephone first');
  assert.match(body.en, /false page[\s\S]*the desk \(03-0000-0000\)/);
  for (const text of [title.ja, title.en, body.ja, body.en]) {
    for (const name of [...hidden, 'hana']) assert.ok(!text.includes(name), `${name} in ${text}`);
    assert.doesNotMatch(text, /https?:|[a-z]\.example\b/, 'no link that a program would open');
    assert.ok(!text.includes('登録内容をご確認ください'), 'nothing of its body');
  }
  for (const line of body.ja.split('\n')) assert.ok(line.length <= 110, line);
});

test('whatever a mail’s facts hold, a draft has no name that is to be hidden and stays bounded', () => {
  const hidden = ['北浜商店', '山田', 'kitahama'];
  fc.assert(fc.property(fc.string({ maxLength: 80 }), fc.constantFrom(...hidden), fc.string({ maxLength: 80 }), (before, name, after) => {
    const value = `${before}${name}${after}`;
    const made = analysis({ lookalikes: [{ target: value, targetKind: 'brand', domain: value, how: 'edit' }], indicators: (['domain', 'address', 'url', 'host', 'phone'] as const).map((kind) => ({ kind, value })) });
    const { title, body } = draftOf({ ...made, fingerprints: { ...made.fingerprints, subjectSkeleton: value.toLowerCase() } }, hidden, null);
    for (const text of [title.ja, title.en, body.ja, body.en]) assert.ok(!text.includes(name) && text.length < 3_000);
    for (const { value: shared } of shareable(made.indicators, hidden)) assert.ok(shared !== '' && !shared.includes(name));
  }));
  assert.equal(quotedSubject('山田太郎様', []), undefined);
  assert.deepEqual(shareable([{ kind: 'url', value: 'https://forms.example/x?mail=hana%40example.jp#t' }], []), [{ kind: 'url', value: 'https://forms.example/x' }]);
});

test('from a mail to the other member: drafted, sent in one go, mailed to leads once, on the home until read, and the desk sees who has read it', async (t) => {
  await eachWorld(t, 'way', async (world) => {
    const [north, south] = world.members as [string, string];
    const sample = await world.report(north, analysis(), { shown: true });
    const id = await draft(world, { sample });
    const drafted = await bulletin(world, id);
    assert.deepEqual([drafted.state, drafted.tlp, drafted.sentTo, drafted.receipts], ['draft', 'AMBER', 0, []]);
    assert.ok(drafted.text.title.ja && drafted.text.body.en.length > 100);
    assert.doesNotMatch(JSON.stringify(drafted.text), /北浜|hana/);
    assert.deepEqual(drafted.indicators.find((i: { kind: string }) => i.kind === 'domain'), { kind: 'domain', value: 'minato-check[.]example' });
    assert.ok((await world.ledger(north)).some((l) => l.action === 'bulletins.drafted' && l.via === 'always'), 'the member sees that the desk used its mail');
    assert.deepEqual(await inbox(world, world.leads[1]!), [], 'nothing is sent by itself');
    assert.deepEqual(await send(world, id), { members: 4 });
    await world.work();
    assert.equal(world.mails.length, 4);
    const letter = world.mails.find((m) => m.orgId === south)!;
    assert.match(letter.text, /南浜 桃子さん（南浜水産）/);
    assert.deepEqual([...letter.text.matchAll(/https?:\/\/\S+/g)].map(([u]) => u.startsWith('https://banya.example.jp/o/')), [true], 'own link only');
    const [received] = await inbox(world, world.leads[1]!);
    assert.deepEqual([received.read, received.seen], [false, false]);
    const cards = (await world.call(world.leads[1]!, api.findings.home, south)).cards.filter((c: { kind: string }) => c.kind === 'warning');
    assert.deepEqual(cards.map((c: { target: string; title: string }) => [c.target, c.title]), [[received.id, drafted.text.title.ja]]);
    const whole = await open(world, world.leads[1]!, received.id);
    assert.match(whole.body, /TLP:AMBER/);
    assert.equal(whole.read, true);
    assert.equal((await world.call(world.leads[1]!, api.findings.home, south)).cards.filter((c: { kind: string }) => c.kind === 'warning').length, 0);
    const sent = await bulletin(world, id);
    assert.deepEqual([sent.state, sent.sentTo, sent.read], ['sent', 4, 1]);
    const receipt = sent.receipts.find((r: { member: string }) => r.member === south);
    assert.deepEqual([receipt.mailedTo, receipt.readBy, receipt.seen, receipt.readAt !== null], [1, '南浜 桃子', null, true]);
    for (const [org, action] of [[world.federation, 'bulletins.sent'], [world.federation, 'bulletins.receipts'], [south, 'warnings.received'], [south, 'warnings.read']] as const) assert.ok((await world.ledger(org)).some((l) => l.action === action), action);
    assert.ok(world.published.some((p) => p.orgId === south && p.event.kind === 'warning'));
    const jobs = (await world.gate.query<{ payload: { orgId: string; warningId: string } }>("select payload from kernel_outbox where name = 'federate.look'")).rows;
    assert.equal(jobs.length, 4, 'each looks again when it is a day old');
    await world.run('federate.warn', { orgId: south, warningId: received.id });
    assert.equal(world.mails.length, 4, 'told once a person');
    await assert.rejects(send(world, id), problem('bulletin_sent'));
    await assert.rejects(save(world, id), problem('bulletin_sent'));
    await assert.rejects(world.call(world.desk, bulletins.remove, world.federation, { params: { bulletin: id } }), problem('bulletin_sent'));
  });
});

// Whoever gets ten mails a day reads none.
test('three warnings a day come by mail; further ones stand on the home, and the desk sees that nobody was mailed', async (t) => {
  await eachWorld(t, 'bound', async (world) => {
    const [, south] = world.members as [string, string];
    const mailed: number[] = [];
    const warn = async (n: number): Promise<void> => {
      const id = await draft(world);
      await save(world, id, { title: { ja: `注意 ${n}`, en: `Beware ${n}` } });
      await send(world, id, [south]);
      await world.work();
      mailed.push((await bulletin(world, id)).receipts[0].mailedTo);
    };
    for (const n of [1, 2, 3, 4, 5]) await warn(n);
    assert.deepEqual([mailed, world.mails.map((m) => m.subject)], [[1, 1, 1, 0, 0], ['【番屋・注意喚起】注意 1', '【番屋・注意喚起】注意 2', '【番屋・注意喚起】注意 3']]);
    assert.equal((await inbox(world, world.leads[1]!)).length, 5);
    const cards = (await world.call(world.leads[1]!, api.findings.home, south)).cards.filter((c: { kind: string }) => c.kind === 'warning');
    assert.ok(cards.some((c: { title: string }) => c.title === '注意 5'), 'the home, and with it Monday’s mail, has what was not mailed');
    world.time += DAY;
    await warn(6);
    assert.equal(mailed.at(-1), 1, 'the next day has its own');
  });
});

test('seen here: each member’s own mails and logs are counted for itself; the desk gets yes or no, and only by consent', async (t) => {
  await eachWorld(t, 'seen', async (world) => {
    const [north, south, east, west] = world.members as [string, string, string, string];
    const sample = await world.report(north, analysis({ messageId: '<one@minato-check.example>' }), { shown: true });
    await world.report(south, analysis({ sender: 'third.example', indicators: [] }));
    await world.consent(east, 'indicators', true);
    world.logs.set(east, { n: 7, first: world.time - DAY });
    const id = await draft(world, { sample });
    await send(world, id);
    await world.work();
    const own = async (i: number) => (await open(world, world.leads[i]!, (await inbox(world, world.leads[i]!))[0].id)).here;
    assert.deepEqual([(await own(0)).mails, (await own(1)).mails, (await own(2)).lines, (await own(3)).mails + (await own(3)).lines], [1, 1, 7, 0]);
    assert.equal((await own(2)).firstAt, new Date(world.time - DAY).toISOString());
    const seen = async () => Object.fromEntries((await bulletin(world, id)).receipts.map((r: { member: string; seen: boolean | null }) => [r.member, r.seen]));
    assert.deepEqual(await seen(), { [north]: null, [south]: null, [east]: true, [west]: null });
    await world.consent(south, 'indicators', true);
    await world.consent(west, 'indicators', true);
    assert.deepEqual(await seen(), { [north]: null, [south]: true, [east]: true, [west]: false });
    assert.equal((await bulletin(world, id)).seenAt, 2);
    await world.consent(east, 'indicators', false);
    assert.equal((await seen())[east], null);
    assert.deepEqual(await world.in(world.federation, (tx) => tx.query('select * from federate_sightings')), [], 'numbers are the member’s alone');
    world.logs.set(west, { n: 1, first: world.time });
    world.time += DAY;
    await world.work();
    assert.equal((await seen())[west], true, 'looked for again a day later');
    assert.ok(world.asked.every(({ query }) => !/minato/.test(query.sql)), 'values are parameters');
  });
});

test('AMBER+STRICT and RED reach only who leads the named members: not staff, not executives, and RED no mail', async (t) => {
  await eachWorld(t, 'strict', async (world) => {
    const [north, south] = world.members as [string, string];
    const executive = await world.person(north, 'member', '北浜 社長', 'executive');
    for (const tlp of ['AMBER+STRICT', 'RED'] as const) {
      world.mails.length = 0;
      const id = await draft(world);
      await save(world, id, { tlp, title: { ja: `秘密の題名${tlp}` }, body: { ja: `秘密の本文${tlp}` } });
      if (tlp === 'RED') await assert.rejects(send(world, id, 'all'), problem('bulletin_names'));
      await send(world, id, [north]);
      await world.work();
      assert.deepEqual(await inbox(world, world.leads[1]!), [], 'the member that was not named has nothing');
      const [letter, ...more] = world.mails;
      assert.equal(more.length, 0);
      assert.doesNotMatch(letter!.subject, /秘密/);
      if (tlp === 'RED') assert.doesNotMatch(letter!.text, /秘密/);
      else assert.match(letter!.text, /秘密の本文/);
      const [own] = await inbox(world, world.leads[0]!);
      for (const other of [world.staff, executive]) {
        assert.deepEqual((await inbox(world, other)).map((w: { id: string }) => w.id), []);
        await assert.rejects(open(world, other, own.id), problem('not_found'));
      }
      const home = await world.call(executive, api.findings.home, north);
      assert.doesNotMatch(JSON.stringify(home), /秘密/, 'the home page is for more people than the warning');
      assert.match((await open(world, world.leads[0]!, own.id)).body, /秘密の本文/);
    }
    await assert.rejects(world.call(world.leads[1]!, warnings.list, north), problem('not_found'));
    assert.equal((await world.gate.query('select 1 from federate_warnings where org_id = $1', [south])).rows.length, 0);
  });
});

test('staff read what is open to them, and that is no receipt', async (t) => {
  await eachWorld(t, 'staff', async (world) => {
    const id = await draft(world);
    await save(world, id, { tlp: 'GREEN' });
    await send(world, id);
    await world.work();
    const [own] = await inbox(world, world.staff);
    const told = await open(world, world.staff, own.id, world.staff.homeOrgId, 'en');
    assert.deepEqual([told.title, told.read], ['Beware', false]);
    assert.equal((await bulletin(world, id)).read, 0);
    assert.equal((await open(world, world.leads[0]!, own.id)).read, true);
    assert.equal((await bulletin(world, id)).read, 1);
  });
});

test('a draft that is empty, to nobody or to somebody else’s member is not sent, nor is half of it', async (t) => {
  await eachWorld(t, 'refused', async (world) => {
    const id = await draft(world);
    await assert.rejects(send(world, id), problem('bulletin_empty'));
    await save(world, id);
    await assert.rejects(send(world, id, [world.members[0]!, world.otherMember]), problem('not_found'));
    await assert.rejects(send(world, id, [world.unit]), problem('not_found'));
    assert.equal((await world.gate.query('select 1 from federate_warnings')).rows.length, 0);
    await assert.rejects(draft(world, { sample: world.members[0]! }), problem('not_found'));
    const hidden = await world.report(world.members[1]!, analysis());
    await assert.rejects(draft(world, { sample: hidden }), problem('not_found'), 'a mail the desk may not see is no ground for a draft');
    await assert.rejects(draft(world, { campaign: world.members[0]! }), problem('not_found'));
    await world.call(world.desk, bulletins.remove, world.federation, { params: { bulletin: id } });
    await assert.rejects(bulletin(world, id), problem('not_found'));
  });
});

test('a campaign of which the desk may see no mail still gives a draft, without words of it; its warning shows beside it', async (t) => {
  await eachWorld(t, 'blank', async (world) => {
    const [north, south] = world.members as [string, string];
    for (const member of [north, south]) {
      await world.consent(member, 'indicators', true);
      await world.report(member, analysis());
    }
    const [only] = (await world.call(world.desk, routes.campaigns.list, world.federation)).items;
    const id = await draft(world, { campaign: only.id });
    const made = await bulletin(world, id);
    assert.deepEqual([made.campaign, made.indicators], [only.id, []]);
    assert.doesNotMatch(JSON.stringify(made.text), /みなと|minato|支払/);
    assert.equal((await world.call(world.desk, routes.campaigns.list, world.federation)).items[0].bulletin, id);
  });
});

test('from what was traced: the draft names it defanged and members look for it; of an inside machine, and of what everybody has, it says nothing', async (t) => {
  await eachWorld(t, 'traced', async (world) => {
    const from = async (indicator: string) => bulletin(world, await draft(world, { indicator }));
    const place = await from('hxxps://Portal.Evil-Login[.]example/x?mail=hana@m3.example');
    assert.deepEqual(place.indicators, [{ kind: 'url', value: 'hxxps://portal[.]evil-login[.]example/x' }], 'not what a link says of one receiver');
    const sender = await from('boss@evil-login.example');
    const hash = 'ab'.repeat(32);
    const file = await from(hash.toUpperCase());
    assert.deepEqual([sender.indicators, file.indicators], [[{ kind: 'address', value: 'boss[@]evil-login[.]example' }], [{ kind: 'sha256', value: hash }]]);
    assert.deepEqual([place.text.title.ja, sender.text.title.ja, file.text.title.ja], ['危険な接続先「hxxps://portal[.]evil-login[.]example/x」に注意してください', '「boss[@]evil-login[.]example」から届くメールに注意してください', '危険なファイルに注意してください']);
    for (const { text } of [place, sender, file]) {
      assert.match(text.body.ja, /■何が起きているか\n[\s\S]*■見分け方\n・[\s\S]*■今すること（3分）\n1\. [\s\S]*■知らせる先/);
      assert.doesNotMatch(JSON.stringify(text), /https?:|[a-z]\.example\b|hana/, 'no link that a program would open, no receiver');
    }
    for (const nothing of ['192.168.1.23', 'KEIRI-03', '8.8.8.8', 'two things']) {
      const blank = await from(nothing);
      assert.deepEqual([blank.indicators, blank.text.title, blank.text.body.ja], [[], { ja: '', en: '' }, ''], nothing);
    }
  });
});

test('nobody reads, changes or answers another federation’s or member’s warning, and no member can write itself one', async (t) => {
  await eachWorld(t, 'apart', async (world) => {
    const [north, south] = world.members as [string, string];
    const id = await draft(world);
    await save(world, id);
    await send(world, id);
    await world.work();
    const [own] = await inbox(world, world.leads[0]!);
    await assert.rejects(open(world, world.leads[1]!, own.id), problem('not_found'));
    await assert.rejects(bulletin(world, id, world.otherDesk, world.otherFederation), problem('not_found'));
    await assert.rejects(bulletin(world, id, world.leads[0]!, north), problem('role_missing'));
    assert.equal((await world.in(world.otherFederation, (tx) => tx.query('select 1 from federate_warnings'))).length, 0);
    assert.equal((await world.in(south, (tx) => tx.query('select 1 from federate_warnings where org_id = $1', [north]))).length, 0);
    await assert.rejects(world.in(north, (tx) => tx.query('insert into federate_warnings select * from federate_warnings')), /permission denied/);
    await assert.rejects(world.in(north, (tx) => tx.query('update federate_warnings set federation_id = $1', [world.otherFederation])), /cannot be changed here/);
    await world.in(world.federation, (tx) => tx.query("update federate_warnings set read_by = 'forged'"));
    assert.equal((await world.gate.query("select 1 from federate_warnings where read_by = 'forged'")).rows.length, 0, 'the federation reads receipts and writes none');
  });
});

test('an indicator is looked for as a value in the columns that hold such, whatever it is made of', () => {
  const since = new Date(0);
  assert.equal(logQuestion([], since), null);
  assert.equal(logQuestion([{ kind: 'phone', value: '0312345678' }, { kind: 'domain', value: "x'; drop" }], since), null);
  const asked = logQuestion([{ kind: 'domain', value: 'Bad.Example' }, { kind: 'ip', value: '192.0.2.7' }, { kind: 'sha256', value: 'a'.repeat(64) }, { kind: 'address', value: 'x@bad.example' }, { kind: 'url', value: 'https://forms.example/x' }], since)!;
  for (const column of ['url_domain', 'destination_domain', 'dns_question_name', 'email_from_address', 'source_ip', 'destination_ip', 'file_hash_sha256', 'url_full']) assert.ok(asked.sql.includes(column), column);
  assert.equal(asked.params!.domains, '(^|\\.)(bad\\.example)$');
  fc.assert(fc.property(fc.array(fc.record({ kind: fc.constantFrom('domain', 'host', 'url', 'ip', 'address', 'sha256', 'phone', 'bank_account'), value: fc.string({ maxLength: 300 }) }), { maxLength: 100 }), (indicators) => {
    const question = logQuestion(indicators as never, since);
    if (question) for (const { value } of indicators) assert.ok(value.trim().length < 12 || !question.sql.includes(value));
  }));
});


test('over HTTP, with the real check and the real logs: two members get the same mail, the desk decides, a third is warned and sees that it was there', async (t) => {
  const house = await testHouse(t);
  const { member, sibling, federation, at } = await buildWorld(house);
  const third = await house.org('member', federation, '三番の工業');
  const thirdLead = await house.person(third, 'member', 'lead');
  const ask = async (method: string, path: string, as: TestPerson, body?: unknown, headers?: Record<string, string>) => {
    const answer = await house.send(method, path, as, body, headers);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const until = async <T>(read: () => Promise<T>, done: (found: T) => boolean): Promise<T> => {
    for (let tries = 0; ; tries += 1) {
      const found = await read();
      if (done(found)) return found;
      assert.ok(tries < 600, `did not come: ${JSON.stringify(found).slice(0, 500)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const report = async (org: string, n: number): Promise<string> => {
    const lead = at(org, 'lead');
    const subject = Buffer.from(`【重要】アカウント停止のお知らせ（${n}）`).toString('base64');
    const text = `お客様\r\n\r\n第三者による不正なログインを検知したため、アカウントを停止しました。二十四時間以内に次のページからログインし、パスワードと暗証番号を入力して本人確認をしてください。確認できない場合、すべてのご利用を停止します。\r\nhttp://login-check-mizuumi.example/verify/account?id=${n}\r\n`;
    const mail = `From: =?utf-8?B?${Buffer.from('みずうみ銀行').toString('base64')}?= <support@mizuumi-alert.example>\r\nTo: u${n}@member.example\r\nSubject: =?utf-8?B?${subject}?=\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <${n}@mizuumi-alert.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text}`;
    const { id } = await ask('POST', `/orgs/${org}/samples`, lead, new Uint8Array(Buffer.from(mail)), { 'Content-Type': 'message/rfc822' });
    const judged = await until(() => ask('GET', `/orgs/${org}/samples/${id}`, lead), (s) => s.state !== 'waiting');
    assert.equal(judged.state, 'judged');
    assert.notEqual(judged.verdict, 'clear');
    await ask('POST', `/orgs/${org}/samples/${id}/ask`, lead, { message: '見てください' });
    return id;
  };
  const source = await ask('POST', `/orgs/${third}/sources`, thirdLead, { name: 'UTM', family: 'fortigate', match: { by: 'token' } });
  await house.house.modules.inventory.sources.refresh();
  const now = new Date();
  const line = `date=${now.toISOString().slice(0, 10)} time=${now.toISOString().slice(11, 19)} devname="FG" devid="FGT60FTK20000001" logid="0316013056" type="utm" subtype="webfilter" eventtype="ftgd_blk" level="warning" vd="root" eventtime=${now.getTime()}000000 tz="+0000" srcip=192.168.1.24 dstip=198.51.100.9 dstport=80 hostname="www.login-check-mizuumi.example" action="blocked" url="/verify/account?id=3"\n`;
  assert.equal((await house.send('POST', `/ingest/${source.id}`, { token: source.token }, new TextEncoder().encode(line), { 'Content-Type': 'text/plain' })).status, 202);
  await until(async () => Number((await house.house.kernel.events.query<{ n: number }>(third, { sql: 'select count() as n from events' }))[0]!.n), (n) => n === 1);

  const [first, second] = [await report(member, 1), await report(sibling, 2)];
  const desk = at(federation, 'desk');
  const { items: [campaign] } = await until(() => ask('GET', `/orgs/${federation}/campaigns`, desk), (page) => page.items[0]?.members === 2 && page.items[0].subject !== null);
  assert.equal(campaign.reports, 2);
  const whole = await ask('GET', `/orgs/${federation}/campaigns/${campaign.id}`, desk);
  assert.deepEqual(whole.samples.map((s: { id: string }) => s.id).sort(), [first, second].sort());
  assert.equal((await ask('GET', `/orgs/${sibling}/samples/${second}`, at(sibling, 'lead'))).seen.members, 1);
  const decided = await ask('POST', `/orgs/${federation}/desk/samples/${first}/decision`, desk, { decision: 'dangerous', alike: true });
  assert.equal(decided.decided, 2);
  assert.equal(decided.sample.campaign, campaign.id);
  await until(() => ask('GET', `/orgs/${federation}/campaigns/${campaign.id}`, desk), (c) => c.decision === 'dangerous');

  const { id } = await ask('POST', `/orgs/${federation}/desk/bulletins`, desk, { sample: first });
  const draftText = (await ask('GET', `/orgs/${federation}/desk/bulletins/${id}`, desk)).text;
  assert.match(draftText.body.ja, /login-check-mizuumi\[\.\]example/);
  assert.doesNotMatch(JSON.stringify(draftText), /試験商事|試験 \d/);
  await ask('PUT', `/orgs/${third}/consents/indicators`, thirdLead, { given: true });
  assert.deepEqual(await ask('POST', `/orgs/${federation}/desk/bulletins/${id}/send`, desk, { members: 'all' }), { members: 3 });
  const { items: [warning] } = await until(() => ask('GET', `/orgs/${third}/warnings`, thirdLead), (page) => page.items[0]?.seen !== null);
  assert.equal(warning.seen, true);
  assert.ok((await ask('GET', `/orgs/${third}/home`, thirdLead)).cards.some((c: { kind: string; target: string }) => c.kind === 'warning' && c.target === warning.id));
  const read = await ask('GET', `/orgs/${third}/warnings/${warning.id}`, thirdLead);
  assert.deepEqual([read.here.mails, read.here.lines, read.read], [0, 1, true]);
  const mailed = await until(() => ask('GET', `/orgs/${federation}/desk/bulletins/${id}`, desk), (b) => b.receipts.every((r: { mailedTo: number }) => r.mailedTo > 0));
  assert.deepEqual(mailed.receipts.filter((r: { seen: boolean | null }) => r.seen !== null).map((r: { member: string; seen: boolean; readAt: string | null }) => [r.member, r.seen, r.readAt !== null]), [[third, true, true]]);
  assert.ok((await ask('GET', `/orgs/${third}/outbox`, thirdLead)).items.some((m: { subject: string }) => m.subject.includes(draftText.title.ja)));
});
