import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWorkbook } from '@banya/xlsx';
import { newId } from '../../kernel/ids.ts';
import { eachWorld, HOUR, MINUTE, problem, status, type World } from './desk.test-helper.ts';

const ask = (w: World, more: object = {}, as = w.people.lead) => w.call(as, 'tickets.ask', as.homeOrgId, { body: { subject: '変なメールが来ました', message: '開いてよいですか。', ...more } });
const ticket = (w: World, id: string, as = w.people.lead) => w.call(as, 'tickets.get', as.homeOrgId, { params: { ticket: id } });
const queueTicket = (w: World, id: string) => w.call(w.people.desk, 'queue.get', w.federation, { params: { ticket: id } });
const reply = (w: World, id: string, body: object) => w.call(w.people.desk, 'queue.reply', w.federation, { params: { ticket: id }, body });

test('a question, its answer, a reply, the end, a rating: each side sees the same conversation', (t) =>
  eachWorld(t, 'conversation', async (w) => {
    const asked = await ask(w, { urgency: 'today', callback: '043-111-2222' });
    assert.deepEqual([asked.number, asked.state, asked.orgName, asked.requester.name, asked.sla.state, asked.unread], [1, 'new', '北浜商店', '北浜 青子', 'ok', false]);
    const [inQueue] = (await w.call(w.people.desk, 'queue.list', w.federation)).items;
    assert.deepEqual([inQueue.id, inQueue.orgName, inQueue.unread], [asked.id, '北浜商店', true]);
    assert.equal((await queueTicket(w, asked.id)).callback, '043-111-2222');
    assert.equal((await w.call(w.people.desk, 'queue.list', w.federation)).items[0].unread, false);
    w.time += 10 * MINUTE;
    const answer = await reply(w, asked.id, { text: '開かないでください。' });
    assert.deepEqual([answer.side, answer.who], ['desk', '受付 一郎']);
    const [listed] = (await w.call(w.people.lead, 'tickets.list', w.north)).items;
    assert.deepEqual([listed.state, listed.unread, listed.assignee.name, listed.sla.state], ['waiting', true, '受付 一郎', 'paused']);
    const seen = await ticket(w, asked.id);
    assert.deepEqual(seen.messages.map((m: { text: string }) => m.text), ['開いてよいですか。', '開かないでください。']);
    assert.equal('notes' in seen, false);
    assert.equal((await w.call(w.people.lead, 'tickets.list', w.north)).items[0].unread, false);
    await w.call(w.people.lead, 'tickets.reply', w.north, { params: { ticket: asked.id }, body: { text: '消しました。' } });
    assert.deepEqual((await queueTicket(w, asked.id)).state, 'working');
    await w.call(w.people.lead, 'tickets.solved', w.north, { params: { ticket: asked.id } });
    await w.call(w.people.lead, 'tickets.rate', w.north, { params: { ticket: asked.id }, body: { rating: 'good' } });
    const end = await queueTicket(w, asked.id);
    assert.deepEqual([end.state, end.satisfaction, end.sla.state], ['solved', 'good', 'met']);
    assert.deepEqual(end.history.map((h: { what: string }) => h.what), ['相談を受け付けました（画面）', '受付 一郎さんが担当になりました', '「会員の返事待ち」にしました', '「対応中」にしました', '解決しました', '「役に立った」と答えました']);
    await w.call(w.people.lead, 'tickets.reopen', w.north, { params: { ticket: asked.id } });
    assert.equal((await ticket(w, asked.id)).state, 'working');
  }));

test('staff may ask but not read others’ questions; an API token asks under its own name', (t) =>
  eachWorld(t, 'who asks', async (w) => {
    await ask(w, {}, w.people.lead);
    const own = await ask(w, {}, w.people.staff);
    assert.equal(own.requester.name, '北浜 茂');
    assert.deepEqual((await w.call(w.people.staff, 'tickets.list', w.north)).items.map((i: { id: string }) => i.id), [own.id]);
    const made = await w.call({ token: newId(), orgId: w.north }, 'tickets.ask', w.north, { body: { subject: '自動の相談', message: '社内の受付から' } });
    assert.deepEqual(made.requester, { id: null, name: '受付システム' });
    await assert.rejects(w.call({ token: newId(), orgId: w.north }, 'tickets.list', w.north), problem('token_scope_missing'));
  }));

test('nothing said is no question and no answer; too much is refused', (t) =>
  eachWorld(t, 'malformed', async (w) => {
    await assert.rejects(ask(w, { message: '  \n ' }), /too_small/);
    await assert.rejects(ask(w, { message: 'あ'.repeat(10_001) }), /too_big/);
    await assert.rejects(ask(w, { subject: '一行目\n二行目' }), /control/);
    const { id } = await ask(w);
    await assert.rejects(reply(w, id, { text: ' ' }), /too_small/);
    await assert.rejects(w.call(w.people.lead, 'tickets.list', w.north, { query: { after: 'こわれた目印' } }), problem('cursor_broken'));
  }));

test('one person asks ten times and then waits; others and the desk’s phone are not held up', (t) =>
  eachWorld(t, 'rate', async (w) => {
    for (let i = 0; i < 10; i += 1) await ask(w);
    await assert.rejects(ask(w), problem('too_many_requests'));
    await ask(w, {}, w.people.staff);
    w.time += 6 * MINUTE;
    const { id } = await ask(w);
    for (let i = 0; i < 30; i += 1) await w.call(w.people.lead, 'tickets.reply', w.north, { params: { ticket: id }, body: { text: `${i}` } });
    await assert.rejects(w.call(w.people.lead, 'tickets.reply', w.north, { params: { ticket: id }, body: { text: 'まだ' } }), problem('too_many_requests'));
    for (let i = 0; i < 12; i += 1) await w.call(w.people.desk, 'queue.phone', w.federation, { body: { member: w.north, subject: '電話' } });
  }));

test('a rating is asked for when it is settled, and from the member only', (t) =>
  eachWorld(t, 'rating', async (w) => {
    const { id } = await ask(w);
    const rate = (as = w.people.lead, org = w.north) => w.call(as, 'tickets.rate', org, { params: { ticket: id }, body: { rating: 'bad' } });
    await assert.rejects(rate(), problem('not_solved_yet'));
    await reply(w, id, { text: '済みました', then: 'solved' });
    await assert.rejects(rate(w.people.desk), problem('desk_cannot_rate'));
    await rate();
    assert.equal((await queueTicket(w, id)).satisfaction, 'bad');
  }));

test('what the desk writes through the member’s own routes is the desk’s, and stands in the member’s ledger', (t) =>
  eachWorld(t, 'side', async (w) => {
    const { id } = await ask(w);
    const written = await w.call(w.people.desk, 'tickets.reply', w.north, { params: { ticket: id }, body: { text: '窓口です' } });
    assert.equal(written.side, 'desk');
    const [entry] = await w.ledger(w.north);
    assert.deepEqual([entry!.action, entry!.via, entry!.actor.name], ['desk.replied', 'always', '受付 一郎']);
  }));

test('everything the desk does at a member stands in its ledger with the way it came', (t) =>
  eachWorld(t, 'ledger', async (w) => {
    const { id } = await ask(w);
    await queueTicket(w, id);
    await reply(w, id, { text: 'はい' });
    await w.call(w.people.desk, 'queue.update', w.federation, { params: { ticket: id }, body: { urgency: 'now', assignee: w.people.desk2.personId } });
    await w.call(w.people.desk, 'queue.phone', w.federation, { body: { member: w.north, subject: '電話' } });
    await w.call(w.people.desk, 'queue.note', w.federation, { params: { ticket: id }, body: { text: '内緒' } });
    const ours = (await w.ledger(w.north)).filter((l) => l.via !== null).map((l) => l.action);
    assert.deepEqual(ours, ['desk.asked', 'desk.updated', 'desk.replied', 'desk.read']);
    assert.ok((await w.ledger(w.north)).every((l) => l.action !== 'desk.noted'), 'a member sees that there is no note');
    assert.equal((await w.ledger(w.federation))[0]!.action, 'desk.noted');
  }));

test('the queue: urgency first, then what is due next; filters, search, pages', (t) =>
  eachWorld(t, 'queue', async (w) => {
    const list = async (query: object = {}, as = w.people.desk) => (await w.call(as, 'queue.list', w.federation, { query })).items.map((i: { number: number }) => i.number);
    await ask(w, { subject: '通常の一件目' });
    w.time += MINUTE;
    await ask(w, { subject: '今日の件', urgency: 'today' });
    await ask(w, { subject: 'ランサムウェアかも', urgency: 'now' });
    const south = await ask(w, { subject: '通常の二件目' }, w.people.southLead);
    await reply(w, (await ask(w, { subject: '返事待ち' })).id, { text: 'どうですか' });
    assert.deepEqual(await list(), [3, 2, 1, 4, 5]);
    assert.deepEqual([await list({ state: 'new' }), await list({ state: 'waiting' }), await list({ state: 'solved' })], [[3, 2, 1, 4], [5], []]);
    assert.deepEqual([await list({ member: w.south }), await list({ urgency: 'today' }), await list({ assignee: 'me' }), await list({ assignee: 'none' }), await list({ assignee: w.people.desk.personId }), await list({ assignee: 'me' }, w.people.desk2)], [[4], [2], [5], [3, 2, 1, 4], [5], []]);
    assert.deepEqual([await list({ q: 'らんさむうぇあ' }), await list({ q: '南浜水産' }), await list({ q: '青子' }), await list({ q: '#4' }), await list({ q: '４' }), await list({ q: '100%' })], [[3], [4], [3, 2, 1, 5], [4], [4], []]);
    w.time += 31 * MINUTE;
    assert.deepEqual(await list({ late: 'true' }), [3]);
    const counts = await w.call(w.people.desk, 'queue.counts', w.federation);
    assert.deepEqual(counts, { new: 4, mine: 1, late: 1, soon: 0, waiting: 1 });
    w.time += 65 * MINUTE;
    assert.equal((await w.call(w.people.desk, 'queue.counts', w.federation)).soon, 1);
    const first = await w.call(w.people.desk, 'queue.list', w.federation, { query: { limit: '2' } });
    const second = await w.call(w.people.desk, 'queue.list', w.federation, { query: { limit: '2', after: first.next } });
    const third = await w.call(w.people.desk, 'queue.list', w.federation, { query: { limit: '2', after: second.next } });
    assert.deepEqual([...first.items, ...second.items, ...third.items].map((i) => i.number), [3, 2, 1, 4, 5]);
    assert.equal(third.next, null);
    for (const n of [south.id]) await reply(w, n, { text: '済', then: 'solved' });
    assert.deepEqual(await list({ state: 'solved' }), [4]);
    assert.deepEqual(await list(), [3, 2, 1, 5]);
  }));

test('updating: to me, to a colleague, to nobody; only to people of the desk; only differences are remembered', (t) =>
  eachWorld(t, 'update', async (w) => {
    const { id } = await ask(w);
    const update = (body: object, as = w.people.desk) => w.call(as, 'queue.update', w.federation, { params: { ticket: id }, body });
    assert.deepEqual([(await update({ assignee: 'me' })).assignee.name, (await queueTicket(w, id)).state], ['受付 一郎', 'working']);
    assert.equal((await update({ assignee: w.people.manager.personId })).assignee.name, '管理 花子');
    assert.equal((await update({ assignee: null })).assignee, null);
    for (const wrong of [w.people.lead.personId, w.people.otherDesk.personId, newId()]) await assert.rejects(update({ assignee: wrong }), problem('not_on_desk'));
    const before = (await queueTicket(w, id)).history.length;
    await update({ assignee: null, urgency: 'normal', subject: '変なメールが来ました', state: 'working' });
    assert.equal((await queueTicket(w, id)).history.length, before);
    const changed = await update({ subject: '件名を直した', urgency: 'now', state: 'waiting' });
    assert.deepEqual([changed.subject, changed.urgency, changed.state], ['件名を直した', 'now', 'waiting']);
    assert.equal((await w.call(w.people.desk, 'queue.list', w.federation, { query: { q: '件名を直した' } })).items.length, 1);
  }));

test('the phone form: a ticket at the member, answered already, solved at once if so; only for own members and their people', (t) =>
  eachWorld(t, 'phone', async (w) => {
    const phone = (body: object) => w.call(w.people.desk, 'queue.phone', w.federation, { body: { subject: '印刷できない', ...body } });
    const made = await phone({ member: w.north, person: w.people.staff.personId, message: '急いでいるとのこと', callback: '090-0000-0000', urgency: 'today' });
    assert.deepEqual([made.channel, made.state, made.requester.name, made.assignee.name, made.org], ['phone', 'working', '北浜 茂', '受付 一郎', w.north]);
    assert.equal((await ticket(w, made.id)).messages[0].who, '北浜 茂');
    const solved = await phone({ member: w.south, callerName: 'パートの方', solved: true });
    assert.deepEqual([solved.state, solved.requester, solved.sla.state], ['solved', { id: null, name: 'パートの方' }, 'met']);
    await assert.rejects(phone({ member: w.otherMember }), status(404));
    await assert.rejects(phone({ member: newId() }), status(404));
    await assert.rejects(phone({ member: w.north, person: w.people.southLead.personId }), status(404));
    assert.equal((await phone({ member: w.federation, callerName: '事務局' })).org, w.federation);
    // A member's own manager has the permission there, but no desk.
    const manager = await w.person(w.north, 'member', '北浜 部長', 'manager');
    await assert.rejects(w.call(manager, 'queue.phone', w.north, { body: { member: w.north, subject: 'x' } }), status(404));
  }));

test('statistics of the month count this month and this federation only', (t) =>
  eachWorld(t, 'statistics', async (w) => {
    const statistics = (as = w.people.desk, org = w.federation) => w.call(as, 'queue.statistics', org);
    w.time = Date.parse('2026-10-30T10:00:00+09:00');
    await ask(w);
    w.time = Date.parse('2026-11-24T10:00:00+09:00');
    const [a, b, c] = [await ask(w, { urgency: 'now' }), await ask(w, { urgency: 'now' }), await ask(w)];
    await ask(w, {}, w.people.otherLead);
    w.time += 10 * MINUTE;
    await reply(w, a.id, { text: '1', then: 'solved' });
    w.time += 30 * MINUTE;
    await reply(w, b.id, { text: '2', then: 'solved' });
    await reply(w, c.id, { text: '3' });
    await w.call(w.people.lead, 'tickets.rate', w.north, { params: { ticket: a.id }, body: { rating: 'good' } });
    assert.deepEqual(await statistics(), { month: '2026-11', asked: 3, solved: 2, firstReplyMinutesMedian: 40, late: 1, good: 1, bad: 0 });
    assert.deepEqual(await statistics(w.people.otherDesk, w.otherFederation), { month: '2026-11', asked: 1, solved: 0, firstReplyMinutesMedian: null, late: 0, good: 0, bad: 0 });
    const month = await w.tenancy.inOrg({ orgId: w.north, actor: { kind: 'system', name: 'test' } }, async (tx) => ({ month: await w.desk.ofMonth(tx, w.north, '2026-11-01', '2026-11-30'), open: await w.desk.openTickets(tx, w.north), count: await w.desk.openCount(tx, w.north) }));
    assert.deepEqual(month.month, { asked: 3, solved: 2 });
    assert.deepEqual([month.open.map((o) => [o.state, o.late]), month.count], [[['new', true], ['waiting', false]], 2]);
  }));

test('the look-up finds members by name, reading and number, names people of the few that match, and never another federation’s', (t) =>
  eachWorld(t, 'look-up', async (w) => {
    const find = async (q: string) => (await w.call(w.people.desk, 'queue.members', w.federation, { query: { q } })).items;
    const names = async (q: string) => (await find(q)).map((m: { name: string }) => m.name);
    assert.deepEqual([await names('みなみはま'), await names('ミナミ'), await names('北浜'), await names('043-111'), await names('０４３ー３３３')], [['南浜水産'], ['南浜水産'], ['北浜商店'], ['北浜商店'], ['南浜水産']]);
    assert.deepEqual((await find('北浜'))[0].people.map((p: { name: string; phone: string }) => [p.name, p.phone]).sort(), [['北浜 茂', '043-200-0001'], ['北浜 青子', '043-200-0001']]);
    assert.deepEqual((await find('北浜商店 茂'))[0].people.map((p: { name: string }) => p.name), ['北浜 茂']);
    assert.deepEqual([await names('山里'), await names('ない名前')], [[], []]);
    const all = await find('');
    assert.deepEqual([all.length, all.flatMap((m: { people: unknown[] }) => m.people).length], [2, 0]);
    const looks = (await w.ledger(w.north)).filter((l) => l.action === 'desk.looked_up');
    assert.ok(looks.length > 0 && looks.every((l) => l.via === 'always'));
    // Six people, so that no list of everybody falls out of a common word.
    for (let i = 0; i < 3; i += 1) await w.tenancy.asSystem('test: more members', async (tx) => void (await w.orgs.createOrg(tx, 'member', (await w.orgs.get(tx, w.federation))!, { name: `北浜 支店${i}` })));
    assert.deepEqual((await find('北浜')).map((m: { people: unknown[] }) => m.people.length), [0, 0, 0, 0]);
  }));

test('the queue goes out as Excel, in the reader’s language, with formulas as text', (t) =>
  eachWorld(t, 'export', async (w) => {
    await ask(w, { subject: '=HYPERLINK("http://example.jp")' });
    const response = await w.call<Response>(w.people.desk, 'queue.export', w.federation, { lang: 'en' });
    const book = readWorkbook(new Uint8Array(await response.arrayBuffer()));
    const [header, line] = [...book.sheets[0]!.rows()].map((r) => r.cells.map((c) => ('value' in c ? c.value : null)));
    assert.deepEqual([header!.slice(0, 4), line!.slice(0, 4)], [['Number', 'Member', 'Subject', 'Asked by'], [1, '北浜商店', '=HYPERLINK("http://example.jp")', '北浜 青子']]);
    assert.ok([...book.sheets[0]!.rows()].every((r) => r.cells.every((c) => c.kind !== 'error')));
    assert.equal((await w.ledger(w.federation))[0]!.action, 'desk.exported');
  }));

test('a list is a few statements, however many tickets and members it shows', (t) =>
  eachWorld(t, 'statements', async (w) => {
    for (let i = 0; i < 5; i += 1) {
      const { id } = await ask(w);
      await ask(w, {}, w.people.southLead);
      await reply(w, id, { text: 'x' });
    }
    for (const [as, id, org, query] of [
      [w.people.desk, 'queue.list', w.federation, {}], [w.people.desk, 'queue.list', w.federation, { q: '北浜', state: 'waiting' }], [w.people.desk, 'queue.counts', w.federation, {}], [w.people.desk, 'queue.export', w.federation, {}],
      [w.people.lead, 'tickets.list', w.north, {}], [w.people.desk, 'queue.statistics', w.federation, {}], [w.people.desk, 'queue.members', w.federation, { q: '北浜' }],
    ] as const) {
      const { statements, texts } = await w.gate.counted(() => w.call(as, id, org, { query }));
      assert.ok(statements <= 10, `${id}: ${texts.join('\n')}`);
    }
  }));

test('pages of both organisations hear of a change after the commit, of a refused one nobody', (t) =>
  eachWorld(t, 'live', async (w) => {
    const { id } = await ask(w);
    assert.deepEqual(w.published.splice(0).map((p) => [p.orgId, p.event.id]), [[w.north, id], [w.federation, id]]);
    await assert.rejects(reply(w, id, { text: 'x', article: newId() }), status(404));
    assert.equal(w.published.length, 0);
    await w.call(w.people.desk, 'queue.note', w.federation, { params: { ticket: id }, body: { text: '内緒' } });
    assert.deepEqual(w.published.map((p) => p.orgId), [w.federation], 'a note is no news for the member');
  }));

// Whoever sets the hours sees what they come to, by the clock that tickets are judged by, before a member waits in vain.
test('the settings say by when a question of now would be answered, and which holidays are counted', (t) =>
  eachWorld(t, 'times shown', async (w) => {
    w.time = Date.parse('2026-12-28T07:00:00Z');
    const shown = await w.call(w.people.desk, 'desk.timesGet', w.federation);
    assert.deepEqual(shown.next.now, { firstReply: '2026-12-28T07:30:00.000Z', solve: '2026-12-28T15:00:00.000Z' });
    // Monday 16:00, open until 17:00; then the turn of the year until Monday, 4 January.
    assert.deepEqual(shown.next.today.firstReply, '2027-01-04T01:00:00.000Z');
    assert.deepEqual(shown.holidays.slice(0, 2), [{ day: '2027-01-01', name: { ja: '元日', en: 'New Year\'s Day' } }, { day: '2027-01-11', name: { ja: '成人の日', en: 'Coming of Age Day' } }]);
    assert.ok(shown.holidays.every((h: { day: string }) => h.day >= '2026-12-28' && h.day < '2027-12-28'));
    const saved = await w.call(w.people.desk, 'desk.timesPut', w.federation, { body: { minutes: shown.minutes, hours: shown.hours, closedDays: ['2027-01-04'] } });
    assert.equal(saved.next.today.firstReply, '2027-01-05T01:00:00.000Z');
  }));

test('the desk’s times can be set; hours that cannot be kept are refused', (t) =>
  eachWorld(t, 'times', async (w) => {
    const usual = await w.call(w.people.desk, 'desk.timesGet', w.federation);
    const save = (body: object) => w.call(w.people.desk, 'desk.timesPut', w.federation, { body: { ...usual, ...body } });
    const short = [['10:00', '12:00']];
    await save({ minutes: { ...usual.minutes, normal: { firstReply: 60, solve: 120 } }, hours: [[], short, short, short, short, short, []], closedDays: ['2026-11-25'] });
    w.time += HOUR;
    // Tuesday 11:00: an hour is left; Wednesday is closed; the second hour is Thursday's.
    const asked = await ask(w);
    assert.equal(asked.sla.solveDue, '2026-11-26T02:00:00.000Z');
    for (const hours of [[[], [], [], [], [], [], []], [[], [['12:00', '10:00']], [], [], [], [], []], [[], [['10:00', '10:05']], [], [], [], [], []]]) await assert.rejects(save({ hours }), problem('invalid'));
    const manager = await w.person(w.north, 'member', '北浜 部長', 'manager');
    await assert.rejects(w.call(manager, 'desk.timesPut', w.north, { body: usual }), status(404));
  }));
