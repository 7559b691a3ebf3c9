import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { eachWorld, problem, scopeOf, status, type Person, type World } from '../desk.test-helper.ts';
import { letter, ScriptedJudge, type Letter } from './samples.test-helper.ts';

const DAY = 86_400_000;
/** Campaigns as they are seen from here: mails whose text has the same print. */
const each = (t: TestContext, name: string, fn: (w: World) => Promise<void>): Promise<void> =>
  eachWorld(t, name, async (w) => {
    const noted: { org: string; id: string; print: string; at: number }[] = [];
    w.desk.samples.setCampaigns({
      of: async () => new Map(), samples: async () => [], seen: async () => null,
      like: async (_tx, org, id, facts, analysis, since) => {
        const print = analysis.fingerprints.simhash ?? '';
        const found = noted.filter((n) => n.org === org.id && n.print === print && print !== '' && n.at >= since.getTime()).map((n) => n.id);
        noted.push({ org: org.id, id, print, at: facts.at.getTime() });
        return found;
      },
    });
    await fn(w);
  }, { judge: new ScriptedJudge(), mailDomain: 'banya.example.jp' });

const PRINT = '00000000000000ff';
let mails = 0;
/** A mail of one campaign: each of its own sender, Message-ID and words. */
const like = (l: Letter = {}): Letter => ({ verdict: 'dangerous', print: PRINT, messageId: `<${(mails += 1)}@evil.example>`, from: `no-reply@shop${mails}.example.jp`, body: `本文 ${mails}`, ...l });
const send = async (w: World, l: Letter, as: Person, query: object = {}): Promise<Record<string, any>> => {
  const made = await w.call(as, 'samples.report', as.homeOrgId, { bytes: letter(l), query });
  await w.work();
  return (await w.call(as, 'samples.get', as.homeOrgId, { params: { sample: made.id } })) as Record<string, any>;
};
const mine = (w: World, as: Person, sample: string) => w.call(as, 'samples.get', w.north, { params: { sample } });
const decide = async (w: World, sample: string, body: object) => {
  const made = await w.call(w.people.desk, 'deskSamples.decide', w.federation, { params: { sample }, body });
  await w.work();
  return made;
};
const queue = async (w: World): Promise<Record<string, any>[]> => (await w.call(w.people.desk, 'queue.list', w.federation)).items;
const ticketOf = (w: World, ticket: string, as = w.people.desk, org = w.federation, route = 'queue.get') => w.call(as, route, org, { params: { ticket } });
const talk = (w: World, as: Person, ticket: string) => ticketOf(w, ticket, as, w.north, 'tickets.get');
const onList = async (w: World, query: object = {}): Promise<Record<string, any>[]> => (await w.call(w.people.desk, 'deskSamples.list', w.federation, { query })).items;
const staffOf = async (w: World, n: number): Promise<Person[]> => {
  const people: Person[] = [];
  for (let i = 0; i < n; i += 1) people.push(await w.person(w.north, 'member', `北浜 社員${i}`, 'staff'));
  return people;
};

test('twelve who report mails of one campaign are twelve answers and one question, which says how many they are', (t) =>
  each(t, 'burst', async (w) => {
    const people = await staffOf(w, 12);
    const answers = [];
    for (const person of people) answers.push(await send(w, like({ subject: `${person.name} 様` }), person));
    assert.ok(answers.every((a) => a.verdict === 'dangerous' && a.doNow.length >= 2 && a.answeredAt !== null && a.asked === undefined));
    const [question, ...others] = await queue(w);
    assert.deepEqual([others.length, question!.asked, question!.urgency], [0, { people: 12, touched: 0 }, 'normal']);
    assert.ok(answers.every((a) => a.ticket === question!.id));
    assert.equal((await ticketOf(w, question!.id)).messages.length, 1, 'who only asks the same adds a number, not a page');
    const rows = await onList(w);
    assert.deepEqual(rows.map((r) => [r.id, r.asked]), [[answers[0]!.id, { people: 12, touched: 0 }]]);
    assert.equal((await onList(w, { q: '社員7' })).length, 1, 'whoever searches finds the very mail');
    assert.equal((await onList(w, { show: 'all' })).length, 12);
    const figures = await w.call(w.people.desk, 'deskSamples.statistics', w.federation);
    assert.deepEqual([figures.reports, figures.reporters], [12, 12]);
  }));

test('who has clicked is never one of many: the question cannot wait, the desk is told although somebody has it, and the first steps are there', (t) =>
  each(t, 'raise', async (w) => {
    const people = await staffOf(w, 4);
    const first = await send(w, like(), people[0]!);
    await w.call(w.people.desk, 'queue.update', w.federation, { params: { ticket: first.ticket }, body: { assignee: 'me' } });
    w.mails.length = 0;
    const clicked = await send(w, like({ note: '急いでいて押しました' }), people[1]!, { touched: 'link' });
    assert.deepEqual([clicked.ticket, clicked.callDesk], [first.ticket, true]);
    assert.match(clicked.doNow[0], /入力せず、閉じて/);
    const [question] = await queue(w);
    assert.deepEqual([question!.urgency, question!.asked, question!.unread], ['now', { people: 2, touched: 1 }, true]);
    assert.match((await ticketOf(w, first.ticket)).messages[1].text, /このメールに：リンクを押した\n転送のときのひとこと：\n急いでいて押しました/);
    const told = w.mails.filter((m) => m.subject.includes('開いた人がいます'));
    assert.equal(told.length, 2, 'everybody at the desk, at once');
    assert.match(told[0]!.text, /報告した人は2人、うち開いた人は1人/);
    assert.deepEqual((await onList(w)).map((r) => r.id), [clicked.id, first.id], 'and the mail itself stands first');
    const later = await send(w, like(), people[2]!);
    await w.call(people[2]!, 'samples.touched', w.north, { params: { sample: later.id }, body: { touched: 'typed' } });
    await send(w, like(), people[3]!, { touched: 'file' });
    assert.equal(w.mails.filter((m) => m.subject.includes('開いた人がいます')).length, 2, 'those after the first are told together');
    w.time += 3 * 60_000;
    await w.work();
    assert.match(w.mails.at(-1)!.text, /報告した人は4人、うち開いた人は3人/);
    assert.deepEqual((await onList(w)).map((r) => r.touched), ['file', 'typed', 'link', null]);
    const page = await w.call(w.people.desk, 'deskSamples.list', w.federation, { query: { limit: 2 } });
    assert.deepEqual([...page.items, ...(await onList(w, { limit: 2, after: page.next }))].map((r) => r.touched), ['file', 'typed', 'link', null], 'page by page as well');
  }));

test('who shares a question reads the desk and himself alone; the lead and the desk read all', (t) =>
  each(t, 'privacy', async (w) => {
    const [a, b, c] = await staffOf(w, 3);
    const first = await send(w, like({ subject: '社員0 様の件', note: '社員0のひみつ' }), a!);
    const second = await send(w, like({ subject: '社員1 様の件', note: '社員1のないしょ' }), b!);
    await w.call(b!, 'samples.ask', w.north, { params: { sample: second.id }, body: { message: '社員1の質問です' } });
    await w.call(w.people.desk, 'queue.reply', w.federation, { params: { ticket: first.ticket }, body: { text: '調べています', then: 'working' } });
    const [seenByA, seenByB] = [await talk(w, a!, first.ticket), await talk(w, b!, second.ticket)];
    assert.doesNotMatch(JSON.stringify(seenByA), /社員1|ないしょ/);
    assert.doesNotMatch(JSON.stringify(seenByB), /社員0|ひみつ/);
    assert.deepEqual([seenByB.sample, seenByB.requester.id, seenByB.subject, seenByB.shared, seenByB.asked], [second.id, b!.personId, 'メールの確認：社員1 様の件', true, undefined]);
    assert.deepEqual(seenByB.messages.map((m: { text: string }) => m.text), ['転送のときのひとこと：\n社員1のないしょ', '社員1の質問です', '調べています']);
    const list = (await w.call(b!, 'tickets.list', w.north)).items;
    assert.deepEqual([list.length, list[0].id, list[0].subject], [1, first.ticket, 'メールの確認：社員1 様の件']);
    assert.doesNotMatch(JSON.stringify(list), /社員0/);
    await assert.rejects(talk(w, c!, first.ticket), status(404));
    await assert.rejects(w.call(c!, 'tickets.reply', w.north, { params: { ticket: first.ticket }, body: { text: 'x' } }), status(404));
    for (const as of [a!, b!]) await assert.rejects(w.call(as, 'tickets.solved', w.north, { params: { ticket: first.ticket } }), problem('question_shared'));
    await w.call(b!, 'tickets.reply', w.north, { params: { ticket: first.ticket }, body: { text: 'もう一言' } });
    assert.match(JSON.stringify(await talk(w, w.people.lead, first.ticket)), /ひみつ.*ないしょ.*もう一言/s);
    assert.equal((await talk(w, w.people.lead, first.ticket)).asked.people, 2);
    await w.call(w.people.lead, 'tickets.solved', w.north, { params: { ticket: first.ticket } });
  }));

test('when the desk decides, everybody who reported is told once, about his own mail, and every page says so', (t) =>
  each(t, 'decision', async (w) => {
    const people = await staffOf(w, 5);
    const answers = [];
    for (const [i, person] of people.entries()) answers.push(await send(w, like({ subject: `請求書 ${i}` }), person, i === 3 ? { touched: 'file' } : {}));
    w.mails.length = 0;
    const { decided } = await decide(w, answers[2]!.id, { decision: 'dangerous', answer: '偽物です。' });
    assert.equal(decided, 5);
    for (const [i, person] of people.entries()) assert.deepEqual([(await mine(w, person, answers[i]!.id)).decision, (await talk(w, person, answers[i]!.ticket)).messages.at(-1).text], ['dangerous', '偽物です。']);
    const told = w.mails.filter((m) => m.text.includes('偽物です'));
    assert.deepEqual([told.length, new Set(told.map((m) => m.to)).size], [5, 5]);
    assert.deepEqual(told.map((m) => /請求書 \d/.exec(m.text)![0]).sort(), [0, 1, 2, 3, 4].map((i) => `請求書 ${i}`));
    assert.deepEqual(await onList(w), []);
    assert.equal((await ticketOf(w, answers[0]!.ticket)).state, 'waiting', 'somebody has opened it: it is not over yet');
  }));

test('what is real is real for the same words alone: a like mail that only looks the same is asked anew, and its reporter is told nothing false', (t) =>
  each(t, 'harmless', async (w) => {
    const [a, b, c, d] = await staffOf(w, 4);
    const real = await send(w, like({ verdict: 'suspicious', from: 'info@shop.example.jp', mail: 'the real one' }), a!);
    const same = await send(w, like({ verdict: 'suspicious', from: 'info@shop.example.jp', mail: 'the real one', note: '私にも' }), b!);
    w.mails.length = 0;
    // An attacker who copies text and look of the mail, and adds an address for the answer.
    const forged = await send(w, { ...like({ verdict: 'suspicious', body: '口座' }), bank: 'yes' }, c!);
    const forgedToo = await send(w, { ...like({ verdict: 'suspicious', body: '口座' }), bank: 'yes' }, d!, { touched: 'link' });
    assert.deepEqual(new Set([real, same, forged, forgedToo].map((s) => s.ticket)).size, 1);
    w.mails.length = 0;
    const { decided } = await decide(w, real.id, { decision: 'harmless', answer: '本物でした。' });
    assert.equal(decided, 2);
    assert.deepEqual([(await mine(w, b!, same.id)).decision, (await mine(w, c!, forged.id)).decision], ['harmless', null]);
    assert.equal(w.mails.filter((m) => m.text.includes('本物でした')).length, 2);
    const [left, ...others] = await queue(w);
    assert.deepEqual([others.length, left!.urgency, left!.asked, left!.requester.id], [0, 'now', { people: 2, touched: 1 }, d!.personId]);
    assert.doesNotMatch(JSON.stringify(await talk(w, c!, (await mine(w, c!, forged.id)).ticket)), /本物でした/);
    assert.deepEqual((await onList(w)).map((r) => r.id), [forgedToo.id]);
    w.mails.length = 0;
    await decide(w, forgedToo.id, { decision: 'dangerous', answer: 'こちらは偽物です。' });
    assert.deepEqual([w.mails.filter((m) => m.text.includes('偽物です')).length, (await mine(w, c!, forged.id)).decision, (await mine(w, a!, real.id)).decision], [2, 'dangerous', 'harmless']);
  }));

test('the desk’s second thought about one of many is told to its reporter alone', (t) =>
  each(t, 'second thought', async (w) => {
    const people = await staffOf(w, 3);
    const answers = [];
    for (const person of people) answers.push(await send(w, like(), person));
    await decide(w, answers[0]!.id, { decision: 'dangerous' });
    w.mails.length = 0;
    const { decided } = await decide(w, answers[1]!.id, { decision: 'harmless', answer: 'こちらは本物でした。' });
    assert.equal(decided, 1);
    const told = w.mails.filter((m) => m.text.includes('本物でした'));
    assert.equal(told.length, 1);
    assert.match(told[0]!.text, /社員1/);
    assert.doesNotMatch(JSON.stringify(await talk(w, people[0]!, answers[0]!.ticket)), /本物でした/);
  }));

test('a question takes in nothing else: another verdict, another organisation, an old, a settled or a decided one', (t) =>
  each(t, 'apart', async (w) => {
    const [a, b] = await staffOf(w, 2);
    const first = await send(w, like(), a!);
    const other = await send(w, like({ verdict: 'suspicious' }), b!);
    assert.notEqual(other.ticket, first.ticket);
    assert.notEqual((await send(w, like(), w.people.southLead)).ticket, first.ticket);
    await w.call(w.people.desk, 'queue.reply', w.federation, { params: { ticket: first.ticket }, body: { text: '済み', then: 'solved' } });
    const second = await send(w, like(), b!);
    assert.notEqual(second.ticket, first.ticket, 'what is settled stays so');
    await decide(w, second.id, { decision: 'dangerous' });
    const third = await send(w, like(), a!);
    assert.notEqual(third.ticket, second.ticket, 'what comes after the decision is asked anew');
    w.time += 8 * DAY;
    assert.notEqual((await send(w, like(), b!)).ticket, third.ticket, 'after some days it is a new question');
    assert.equal((await queue(w)).filter((q) => q.asked).length, 0);
  }));

test('who finds out after all is settled that he clicked is a question of his own, and nobody else hears it', (t) =>
  each(t, 'afterwards', async (w) => {
    const [a, b] = await staffOf(w, 2);
    const [first, second] = [await send(w, like(), a!), await send(w, like(), b!)];
    await decide(w, first.id, { decision: 'dangerous' });
    w.mails.length = 0;
    const said = await w.call(a!, 'samples.touched', w.north, { params: { sample: first.id }, body: { touched: 'typed' } });
    await w.work();
    assert.notEqual(said.ticket, second.ticket);
    const open = await queue(w);
    assert.deepEqual(open.map((q) => [q.id, q.urgency]), [[said.ticket, 'now']]);
    assert.ok(w.mails.some((m) => m.subject.includes('今すぐ')));
    await w.call(w.people.desk, 'queue.reply', w.federation, { params: { ticket: said.ticket }, body: { text: '社員0さん、電話します', then: 'waiting' } });
    await w.work();
    assert.equal(w.mails.filter((m) => m.text.includes('電話します')).length, 1);
    assert.doesNotMatch(JSON.stringify(await talk(w, b!, second.ticket)), /社員0|電話します/);
  }));

test('a question of very many is decided for all of them, in pages', (t) =>
  each(t, 'very many', async (w) => {
    const [a] = await staffOf(w, 1);
    const first = await send(w, like(), a!);
    await w.tenancy.inOrg(scopeOf(w.north), (tx) => tx.query(
      `insert into desk_samples (org_id, id, desk_org_id, created_at, channel, reporter_name, answer_by_mail, state, verdict, report_digest, size, delete_on, ticket_id, joined)
       select org_id, gen_random_uuid(), desk_org_id, created_at, channel, reporter_name, false, state, verdict, 'x' || n, 1, delete_on, ticket_id, true from desk_samples, generate_series(1, 1100) n where id = $1`, [first.id]));
    const { decided } = await w.call(w.people.desk, 'deskSamples.decide', w.federation, { params: { sample: first.id }, body: { decision: 'dangerous' } });
    assert.equal(decided, 1101);
    const open = async (): Promise<number> => (await w.gate.query<{ n: number }>('select count(*)::int as n from desk_samples where decision is null')).rows[0]!.n;
    assert.equal(await open(), 601, 'one press changes no more than one transaction should');
    await w.work();
    assert.equal(await open(), 0);
    assert.equal((await ticketOf(w, first.ticket)).messages.filter((m: { side: string }) => m.side === 'desk').length, 1);
  }));

test('a mail whose days are over leaves the question and its numbers as they were', (t) =>
  each(t, 'deleted', async (w) => {
    const people = await staffOf(w, 3);
    const answers = [];
    for (const person of people) answers.push(await send(w, like(), person));
    await decide(w, answers[0]!.id, { decision: 'unwanted' });
    w.time += 91 * DAY;
    await w.run('desk.samplesClean');
    await w.run('files.clean');
    assert.equal((await w.gate.query('select 1 from desk_samples where file_id is not null')).rows.length, 0);
    const seen = await talk(w, people[1]!, answers[1]!.ticket);
    assert.deepEqual([seen.sample, seen.subject, (await ticketOf(w, answers[0]!.ticket)).asked], [answers[1]!.id, 'メールの確認：（件名を読めません）', { people: 3, touched: 0 }]);
    await send(w, like(), people[1]!);
    assert.equal((await queue(w)).length, 1);
  }));
