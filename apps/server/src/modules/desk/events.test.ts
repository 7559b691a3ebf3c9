import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachWorld, HOUR, MINUTE, problem, raised, scopeOf, type World } from './desk.test-helper.ts';

const queue = async (w: World, query: object = {}) => (await w.call(w.people.desk, 'queue.list', w.federation, { query })).items;
const get = (w: World, id: string) => w.call(w.people.desk, 'queue.get', w.federation, { params: { ticket: id } });
const ask = (w: World, more: object = {}, as = w.people.lead) => w.call(as, 'tickets.ask', as.homeOrgId, { body: { subject: '社内の相談', message: '本文です', ...more } });
const reply = (w: World, id: string, body: object) => w.call(w.people.desk, 'queue.reply', w.federation, { params: { ticket: id }, body });
const raise = (w: World, ...list: Parameters<typeof raised>[1][]) => w.tenancy.asSystem('test: raise', (tx) => w.findings.raise(tx, list.map((more) => raised(w.north, more))));
const finding = (w: World, id: string) => w.tenancy.inOrg(scopeOf(w.north), (tx) => w.findings.get(tx, w.north, id));

test('a finding that needs the desk opens one ticket, by its severity, linked both ways; more of the same opens none', (t) =>
  eachWorld(t, 'raised', async (w) => {
    const [now] = await raise(w, { fingerprint: 'a' }, { fingerprint: 'b', severity: 'look' }, { fingerprint: 'c', deskTicket: false });
    await raise(w, { fingerprint: 'a' });
    const items = await queue(w);
    assert.deepEqual(items.map((i: { urgency: string; channel: string; finding: string | null }) => [i.urgency, i.channel]), [['now', 'finding'], ['today', 'finding']]);
    assert.deepEqual([items[0].finding, items[0].requester.name, items[0].org], [now!.id, '番屋', w.north]);
    assert.equal((await finding(w, now!.id))!.ticket_id, items[0].id);
    assert.equal((await w.call(w.people.desk, 'queue.get', w.federation, { params: { ticket: items[0].id }, lang: 'en' })).messages[0].who, 'Banya');
  }));

test('the queue shows what has come together at the computer a finding is about, fading, and the member does not see it', (t) =>
  eachWorld(t, 'risk', async (w) => {
    const asset = { deviceId: null, name: 'KEIRI-03', owner: null, department: null };
    await raise(w, { fingerprint: 'before', severity: 'now', stopped: 'no', deskTicket: false, asset });
    await raise(w, { fingerprint: 'a', severity: 'look', stopped: 'no', asset });
    await w.work();
    const [first] = await queue(w);
    assert.deepEqual(first.risk, { score: 52, level: 'high' });
    assert.deepEqual((await get(w, first.id)).risk, first.risk);
    w.time += 7 * 24 * HOUR;
    assert.deepEqual((await queue(w))[0].risk, { score: 26, level: 'raised' });
    await raise(w, { fingerprint: 'a', severity: 'now', stopped: 'no', asset, lastAt: new Date(w.time) });
    await w.work();
    assert.deepEqual((await queue(w))[0].risk, { score: 60, level: 'high' }, 'graver than before: counted anew');
    assert.equal('risk' in (await w.call(w.people.lead, 'tickets.list', w.north)).items[0], false);
  }));

// The risk is made of findings, which the desk reads by consent alone.
test('a risk is counted and shown only while the member shares its findings, whether its consent is withdrawn or runs out', (t) =>
  eachWorld(t, 'risk-consent', async (w) => {
    const consent = (given: boolean, until: Date | null = null) => w.tenancy.inOrg(scopeOf(w.north), (tx) => w.orgs.setConsent(tx, w.north, 'alerts', given, until, 'test'));
    const asset = { deviceId: null, name: 'KEIRI-03', owner: null, department: null };
    const shown = async () => {
      await w.work();
      const [item] = await queue(w);
      const changed = await w.call(w.people.desk, 'queue.update', w.federation, { params: { ticket: item.id }, body: { urgency: 'now' } });
      return [item, await get(w, item.id), changed].map((i) => 'risk' in i);
    };
    const stored = async () => (await w.gate.query<{ risk: number | null }>('select risk from desk_tickets')).rows[0]!.risk;
    await consent(false);
    await raise(w, { fingerprint: 'a', severity: 'now', stopped: 'no', asset });
    assert.deepEqual(await shown(), [false, false, false]);
    assert.equal(await stored(), null, 'not even counted');
    await consent(true, new Date(w.time + HOUR));
    assert.deepEqual(await shown(), [true, true, true]);
    w.time += 2 * HOUR;
    assert.deepEqual(await shown(), [false, false, false], 'run out');
    await consent(true);
    assert.deepEqual(await shown(), [true, true, true]);
    await consent(false);
    assert.equal(await stored(), null, 'gone with the consent');
    assert.deepEqual(await shown(), [false, false, false]);
  }));

// In the transaction that stores lines it read up to 5,000 findings for each new question.
test('storing findings that open questions reads no risks: they are counted afterwards, once for an organisation', (t) =>
  eachWorld(t, 'risk-later', async (w) => {
    const asset = { deviceId: null, name: 'KEIRI-03', owner: null, department: null };
    await w.work();
    const { texts } = await w.gate.counted(() => raise(w, ...Array.from({ length: 5 }, (_, i) => ({ fingerprint: `${i}`, asset }))));
    const read = (all: readonly string[]): number => all.filter((text) => text.includes('as user_name from findings_findings')).length;
    assert.equal(read(texts), 0);
    assert.equal((await w.gate.query("select 1 from kernel_outbox where name = 'desk.risks'")).rows.length, 1);
    w.time += 10_000;
    const { texts: later } = await w.gate.counted(() => w.work());
    assert.equal(read(later), 1);
    assert.deepEqual((await queue(w)).map((i: { risk: { score: number } }) => Math.round(i.risk.score)), [200, 200, 200, 200, 200]);
  }));

test('asking about a finding opens its conversation, and goes on in it afterwards, merged or settled', (t) =>
  eachWorld(t, 'asked', async (w) => {
    const [one] = await raise(w, { deskTicket: false });
    const askAbout = async (message?: string) => (await w.call(w.people.lead, 'findings.ask', w.north, { params: { finding: one!.id }, body: message === undefined ? {} : { message } })).ticket;
    const first = await askAbout('これは何ですか');
    assert.deepEqual((await get(w, first)).messages.map((m: { text: string; who: string }) => [m.text, m.who]), [['これは何ですか', '北浜 青子']]);
    assert.equal(await askAbout('もう一つ'), first);
    const other = (await ask(w)).id;
    await w.call(w.people.desk, 'queue.merge', w.federation, { params: { ticket: first }, body: { into: other } });
    assert.equal(await askAbout('三つ目'), other);
    assert.deepEqual((await get(w, other)).messages.map((m: { text: string }) => m.text).sort(), ['これは何ですか', 'もう一つ', '三つ目', '本文です'].sort());
    for (let i = 0; i < 6; i += 1) await askAbout(`${i}`);
    await assert.rejects(askAbout('多すぎる'), problem('too_many_requests'));
  }));

test('a settled ticket ends its finding; a finding that ends is told in the ticket', (t) =>
  eachWorld(t, 'ends', async (w) => {
    const [a, b, c, d] = await raise(w, { fingerprint: 'a' }, { fingerprint: 'b' }, { fingerprint: 'c' }, { fingerprint: 'd' });
    const ticketOf = async (id: string): Promise<string> => (await finding(w, id))!.ticket_id!;
    await reply(w, await ticketOf(a!.id), { text: '対応しました', then: 'solved' });
    assert.deepEqual([(await finding(w, a!.id))!.state, (await finding(w, a!.id))!.outcome], ['closed', 'ticket']);
    await w.call(w.people.lead, 'findings.close', w.north, { params: { finding: b!.id }, body: { outcome: 'known' } });
    assert.equal((await get(w, await ticketOf(b!.id))).history.at(-1).what, 'もとの気づきが閉じられました（知っている動き）');
    await reply(w, await ticketOf(b!.id), { text: '了解', then: 'solved' });
    assert.equal((await finding(w, b!.id))!.outcome, 'known');
    await w.call(w.people.desk, 'queue.merge', w.federation, { params: { ticket: await ticketOf(c!.id) }, body: { into: await ticketOf(d!.id) } });
    await w.call(w.people.lead, 'tickets.solved', w.north, { params: { ticket: await ticketOf(c!.id) } });
    assert.deepEqual([(await finding(w, c!.id))!.outcome, (await finding(w, d!.id))!.outcome], ['ticket', 'ticket']);
  }));

test('the answer that waits for the lead is a card of this week, and goes when the lead replies', (t) =>
  eachWorld(t, 'card', async (w) => {
    const { id } = await ask(w);
    const cards = async () => (await w.call(w.people.lead, 'home.get', w.north)).cards.filter((c: { kind: string }) => c.kind === 'ticket');
    assert.deepEqual(await cards(), []);
    await reply(w, id, { text: 'お試しください' });
    assert.deepEqual((await cards()).map((c: { target: string; title: string }) => [c.target, c.title]), [[id, 'デスクから返事が来ています：社内の相談']]);
    await w.call(w.people.lead, 'tickets.reply', w.north, { params: { ticket: id }, body: { text: 'できました' } });
    assert.deepEqual(await cards(), []);
  }));

test('open work moves with the desk role; who leaves keeps none', (t) =>
  eachWorld(t, 'handover', async (w) => {
    const ids = [(await ask(w)).id, (await ask(w, {}, w.people.southLead)).id, (await ask(w)).id];
    for (const id of ids) await w.call(w.people.desk, 'queue.update', w.federation, { params: { ticket: id }, body: { assignee: 'me' } });
    await reply(w, ids[2]!, { text: '済', then: 'solved' });
    const { moved } = await w.call(w.people.manager, 'roles.handover', w.federation, { body: { from: w.people.desk.personId, to: w.people.desk2.personId, role: 'desk' } });
    assert.equal(moved.tickets, 2);
    const mine = async () => (await w.call(w.people.desk2, 'queue.list', w.federation, { query: { assignee: 'me' } })).items.map((i: { assignee: { name: string } }) => i.assignee.name);
    assert.deepEqual(await mine(), ['受付 二郎', '受付 二郎']);
    await w.call(w.people.manager, 'people.archive', w.federation, { params: { person: w.people.desk2.personId } });
    assert.equal((await w.call(w.people.manager, 'queue.list', w.federation, { query: { assignee: 'none' } })).items.length, 2);
  }));

test('the desk is mailed that a member’s senders wait for it, with the page where they are confirmed; another federation’s desk is not', (t) =>
  eachWorld(t, 'waits', async (w) => {
    await w.tenancy.inOrg(scopeOf(w.north), (tx) => tx.emit('inventory.sourceWaits', { orgId: w.north }));
    await w.work();
    assert.equal(w.mails.length, 0, 'a little later, so that several are told at once');
    w.time += 3 * MINUTE;
    await w.work();
    assert.deepEqual(w.mails.map((m) => [m.orgId, m.subject]), Array.from({ length: 2 }, () => [w.federation, '【番屋】ログの送り主の確認をお願いします（北浜商店）']));
    assert.ok(w.mails.every((m) => m.text.includes(`https://banya.example.jp/o/${w.federation}/members/unknown`)));
  }));

test('who asked is mailed the answer, once; where nobody can be reached the leads are', (t) =>
  eachWorld(t, 'answers', async (w) => {
    const { id, number } = await ask(w, {}, w.people.staff);
    await w.call(w.people.desk, 'queue.note', w.federation, { params: { ticket: id }, body: { text: '内緒のメモ' } });
    await reply(w, id, { text: '開かないでください。' });
    await w.work();
    await w.work();
    assert.equal(w.mails.length, 1);
    const [mail] = w.mails.splice(0);
    assert.deepEqual([mail!.orgId, mail!.subject], [w.north, `【番屋】ご相談 #${number} に返事が届きました`]);
    assert.match(mail!.text, /北浜 茂さん（北浜商店）[\s\S]*開かないでください。[\s\S]*https:\/\/banya\.example\.jp\/o\/.+\/tickets\//);
    assert.doesNotMatch(mail!.text, /内緒/);
    const phone = await w.call(w.people.desk, 'queue.phone', w.federation, { body: { member: w.north, callerName: '知らない方', subject: '電話', solved: true } });
    await w.work();
    assert.equal(w.mails.length, 1);
    assert.match(w.mails[0]!.text, /北浜 青子さん/);
    assert.match(w.mails[0]!.subject, new RegExp(`#${phone.number} が解決しました`));
  }));

test('who settles the own question is not mailed about it', (t) =>
  eachWorld(t, 'own', async (w) => {
    const { id } = await ask(w);
    await w.call(w.people.lead, 'tickets.solved', w.north, { params: { ticket: id } });
    await w.work();
    assert.deepEqual(w.mails, []);
  }));

test('a question that cannot wait is mailed to the desk, unless somebody has taken it; a phone call is not', (t) =>
  eachWorld(t, 'urgent', async (w) => {
    await ask(w, { urgency: 'now', callback: '090-0000-0000' });
    await w.work();
    assert.deepEqual(w.mails.map((m) => m.orgId), [w.federation, w.federation]);
    assert.match(w.mails[0]!.text, /北浜商店から「今すぐ」[\s\S]*折り返し先：090-0000-0000[\s\S]*\/desk\//);
    w.mails.splice(0);
    const { id } = await ask(w, { urgency: 'now' });
    await w.call(w.people.desk, 'queue.update', w.federation, { params: { ticket: id }, body: { assignee: 'me' } });
    await ask(w, { urgency: 'today' });
    await w.call(w.people.desk, 'queue.phone', w.federation, { body: { member: w.north, subject: '電話', urgency: 'now' } });
    await w.work();
    assert.deepEqual(w.mails, []);
  }));

// A wave over many members opens hundreds within a minute.
test('while many urgent findings wait for somebody, the desk is told once an hour, of what people ask at once, and singly again afterwards', (t) =>
  eachWorld(t, 'urgent-many', async (w) => {
    const opened = (n: number, name: string) => raise(w, ...Array.from({ length: n }, (_, i) => ({ fingerprint: `${name} ${i}`, severity: 'now' as const })));
    const told = async () => {
      await w.work();
      return [...new Map(w.mails.splice(0).map((m) => [m.key, m.subject])).values()];
    };
    await opened(10, 'first');
    assert.equal((await told()).filter((subject) => subject.includes('相談 #')).length, 20);
    await opened(30, 'wave');
    assert.deepEqual(await told(), ['【番屋・今すぐ】「今すぐ」の相談が、10件より多く待っています', '【番屋・今すぐ】「今すぐ」の相談が、10件より多く待っています']);
    await ask(w, { urgency: 'now' });
    assert.equal((await told()).filter((subject) => subject.includes('相談 #')).length, 2);
    await w.gate.query("update desk_tickets set state = 'solved', solved_at = now() where number::int > 5");
    await opened(1, 'later');
    assert.equal((await told()).filter((subject) => subject.includes('相談 #')).length, 2);
  }));

test('a late ticket is told once: to who has it, or to the whole desk; a waiting, merged or settled one never', (t) =>
  eachWorld(t, 'late', async (w) => {
    const [mine, , waiting, merged, solved] = [await ask(w, { urgency: 'now', subject: '受けた件' }), await ask(w, { urgency: 'now', subject: '誰もいない件' }, w.people.southLead), await ask(w, { urgency: 'now' }), await ask(w, { urgency: 'now' }), await ask(w, { urgency: 'now' })];
    await ask(w, { urgency: 'now', subject: 'よその件' }, w.people.otherLead);
    await w.call(w.people.desk, 'queue.update', w.federation, { params: { ticket: mine.id }, body: { assignee: 'me' } });
    await reply(w, waiting.id, { text: '?' });
    await reply(w, solved.id, { text: '済', then: 'solved' });
    await w.call(w.people.desk, 'queue.merge', w.federation, { params: { ticket: merged.id }, body: { into: mine.id } });
    await w.work();
    w.mails.splice(0);
    w.time += 29 * MINUTE;
    await w.run('desk.late');
    assert.equal(w.mails.length, 0);
    w.time += 2 * MINUTE;
    for (let i = 0; i < 3; i += 1) await w.run('desk.late');
    const to = (name: string) => w.mails.filter((m) => m.text.startsWith(name)).map((m) => [m.orgId, m.subject]);
    assert.deepEqual([to('受付 一郎'), to('受付 二郎')], [[[w.federation, '【番屋】返事の目安を過ぎた相談：2件']], [[w.federation, '【番屋】返事の目安を過ぎた相談：1件']]]);
    assert.match(to('山の 受付')[0]![1]!, /1件/);
    for (const m of w.mails.filter((each) => each.orgId === w.federation)) assert.doesNotMatch(m.text, /よその件|山里/);
    const before = w.mails.length;
    w.time += 12 * HOUR;
    await w.run('desk.late');
    assert.equal(w.mails.length, before);
  }));

test('a very long answer is cut in the mail and whole on the page', (t) =>
  eachWorld(t, 'long', async (w) => {
    const { id } = await ask(w);
    await reply(w, id, { text: 'あ'.repeat(9000) });
    await w.work();
    assert.ok(w.mails[0]!.text.length < 4500);
    assert.match(w.mails[0]!.text, /続きは下のページに/);
  }));
