import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api } from '@banya/contract';
import { newId } from '../../kernel/ids.ts';
import { authorise } from '../../kernel/http/authorise.ts';
import type { Scope } from '../../kernel/types.ts';
import { eachWorld, HOUR, problem, raised, scopeOf, status, type Person, type World } from './desk.test-helper.ts';

const DAY = 24 * HOUR;
const asked = async (w: World, as = w.people.lead): Promise<string> => (await w.call(as, 'tickets.ask', as.homeOrgId, { body: { subject: '変な通信があります', message: '調べてください。' } })).id;
const ask = (w: World, ticket: string, as = w.people.desk) => w.call(as, 'looks.ask', as.homeOrgId, { params: { ticket } });
const answer = (w: World, ticket: string, allow: boolean, as = w.people.lead) => w.call(as, 'looks.answer', w.north, { params: { ticket }, body: { allow } });
const withdraw = (w: World, ticket: string, as = w.people.lead) => w.call(as, 'looks.withdraw', w.north, { params: { ticket } });
const seen = async (w: World, ticket: string) => (await w.call(w.people.desk, 'queue.get', w.federation, { params: { ticket } })).look;
const state = async (w: World, ticket: string): Promise<string> => {
  const { last } = await seen(w, ticket);
  return last === null ? 'none' : last.ended ? `${last.state} ${last.ended.how}` : last.state;
};
/** The door to the search over an organisation's logs. */
const look = async (w: World, as: Person = w.people.desk, orgId = w.north): Promise<Scope> =>
  authorise(api.search.events.list, 'events.read', orgId, { kind: 'person', sessionId: newId(), accountId: newId(), email: 'x@example.jp', lang: 'ja', ...as, roles: await w.orgs.directory.roles(as.personId) }, w.orgs.directory);
const refused = (w: World, as?: Person, orgId?: string) => assert.rejects(look(w, as, orgId), problem('consent_missing'));
const allowed = async (w: World): Promise<string> => {
  const ticket = await asked(w);
  await ask(w, ticket);
  await answer(w, ticket, true);
  return ticket;
};

test('asked with one click, answered with one: the desk may look, by name of the question, and the conversation says so', (t) =>
  eachWorld(t, 'allowed', async (w) => {
    const ticket = await asked(w);
    assert.deepEqual(await seen(w, ticket), { missing: ['logs'], last: null });
    await refused(w);
    await ask(w, ticket);
    await refused(w);
    const shown = await w.call(w.people.lead, 'tickets.get', w.north, { params: { ticket } });
    assert.deepEqual([shown.look.last.state, shown.look.last.askedBy, shown.look.last.kinds, shown.look.last.number, shown.state], ['asked', '受付 一郎', ['logs'], 1, 'waiting']);
    assert.match(shown.messages.at(-1).text, /デスクがログを見てもよいですか。/);
    const [card, ...more] = (await w.call(w.people.lead, 'home.get', w.north)).cards.filter((c: { kind: string }) => c.kind === 'ticket');
    assert.deepEqual([card.key, card.target, more.length], [`look:${ticket}`, ticket, 0], 'one card for one question');
    w.time += HOUR;
    await answer(w, ticket, true);
    const scope = await look(w);
    assert.deepEqual([scope.via, scope.ticket], ['logs', '#1']);
    const { last } = await seen(w, ticket);
    assert.deepEqual([last.state, last.answered.by, last.until], ['allowed', '北浜 青子', new Date(w.time + 30 * DAY).toISOString()]);
    const desk = await w.call(w.people.desk, 'queue.get', w.federation, { params: { ticket } });
    assert.deepEqual([desk.state, desk.messages.at(-1).side, desk.messages.at(-1).text], ['working', 'member', 'この相談が解決するまで（長くても30日）、デスクがログを見ることを許可しました。']);
    assert.deepEqual(desk.history.map((h: { what: string }) => h.what).filter((what: string) => /見る|見て/.test(what)), ['この相談のために見てもよいか、デスクが尋ねました', 'この相談のあいだ、デスクが見ることを許可しました']);
    // What the desk does in such a scope stands in the member's ledger with the question.
    await w.tenancy.inOrg(scope, async (tx) => tx.audit({ action: 'search.read', facts: { q: 'evil' } }));
    const entry = (await w.ledger(w.north)).find((e) => e.action === 'search.read')!;
    assert.deepEqual([entry.via, entry.facts], ['logs', { q: 'evil', ticket: '#1' }]);
    const [line] = (await w.call(w.people.lead, 'audit.list', w.north, { query: { outsiders: 'true' } })).items;
    assert.deepEqual([line.action, line.via, line.ticket], ['search.read', 'logs', '#1']);
    assert.deepEqual((await w.ledger(w.north)).flatMap((e) => (e.action.startsWith('consents.ticket') ? [[e.action, e.target, e.via]] : [])), [['consents.ticket_allowed', `ticket:${ticket}`, null], ['consents.ticket_asked', `ticket:${ticket}`, 'always']]);
  }));

test('“not this time” lets nobody in, and the desk may ask again', (t) =>
  eachWorld(t, 'refused', async (w) => {
    const ticket = await asked(w);
    await ask(w, ticket);
    await assert.rejects(ask(w, ticket), problem('look_asked'));
    await answer(w, ticket, false);
    await refused(w);
    assert.equal(await state(w, ticket), 'refused');
    await assert.rejects(answer(w, ticket, true), problem('look_not_asked'), 'what was refused is not allowed afterwards');
    await refused(w);
    await ask(w, ticket);
    await answer(w, ticket, true);
    await look(w);
    await assert.rejects(ask(w, ticket), problem('look_not_needed'));
    await assert.rejects(answer(w, ticket, false), problem('look_not_asked'));
  }));

test('it ends when the question is settled, from either side, by whatever way, and a question opened again stays without it', (t) =>
  eachWorld(t, 'closed', async (w) => {
    const ways: Record<string, (ticket: string) => Promise<unknown>> = {
      'the lead settles': (ticket) => w.call(w.people.lead, 'tickets.solved', w.north, { params: { ticket } }),
      'the desk settles': (ticket) => w.call(w.people.desk, 'queue.update', w.federation, { params: { ticket }, body: { state: 'solved' } }),
      'an answer settles': (ticket) => w.call(w.people.desk, 'queue.reply', w.federation, { params: { ticket }, body: { text: '済みました。', then: 'solved' } }),
      'merged into another': async (ticket) => w.call(w.people.desk, 'queue.merge', w.federation, { params: { ticket }, body: { into: await asked(w) } }),
    };
    for (const [name, way] of Object.entries(ways)) {
      const ticket = await allowed(w);
      await look(w);
      await way(ticket);
      await refused(w);
      assert.equal(await state(w, ticket), 'ended closed', name);
      if (name.startsWith('merged')) await w.call(w.people.desk, 'queue.unmerge', w.federation, { params: { ticket } });
      else await w.call(w.people.lead, 'tickets.reopen', w.north, { params: { ticket } });
      await refused(w);
      await ask(w, ticket);
      await refused(w);
      await w.call(w.people.lead, 'tickets.solved', w.north, { params: { ticket } });
      assert.equal(await state(w, ticket), 'ended closed', `${name}: an unanswered one ends with it, too`);
      await assert.rejects(answer(w, ticket, true), problem('look_not_asked'));
      await assert.rejects(ask(w, ticket), problem('ticket_settled'));
    }
    assert.deepEqual((await w.call(w.people.lead, 'home.get', w.north)).cards.filter((c: { key: string }) => c.key.startsWith('look:')), []);
  }));

test('it ends by withdrawal, and after thirty days of itself, without a job', (t) =>
  eachWorld(t, 'ends', async (w) => {
    const first = await allowed(w);
    await withdraw(w, first);
    await refused(w);
    assert.equal(await state(w, first), 'ended withdrawn');
    await assert.rejects(withdraw(w, first), problem('look_not_asked'));
    const second = await allowed(w);
    w.time += 30 * DAY - 1;
    await look(w);
    w.time += 1;
    await refused(w);
    assert.equal(await state(w, second), 'ended expired');
    await assert.rejects(withdraw(w, second), problem('look_not_asked'));
    await ask(w, second);
    assert.equal(await state(w, second), 'asked');
    // A row that outlives the thirty days, or that answers without an end, is none the database takes.
    await assert.rejects(w.tenancy.asSystem('test: too long', (tx) => tx.query("update orgs_ticket_consents set answered_at = $1, answered_by = 'x', until = $1::timestamptz + interval '31 days' where ended_at is null", [tx.now])), { code: '23514' });
    await assert.rejects(w.tenancy.asSystem('test: no end', (tx) => tx.query("update orgs_ticket_consents set answered_at = $1, answered_by = 'x' where ended_at is null", [tx.now])), { code: '23514' });
  }));

test('it lets in this desk, at this organisation, and nobody else', (t) =>
  eachWorld(t, 'apart', async (w) => {
    const ticket = await allowed(w);
    await look(w, w.people.desk2);
    await refused(w, w.people.desk, w.south);
    await assert.rejects(look(w, w.people.otherDesk), status(404));
    await assert.rejects(look(w, w.people.southLead), status(404));
    await assert.rejects(look(w, w.people.manager), status(404), 'who is not the desk gets nothing by it');
    assert.deepEqual((await look(w, w.people.lead)).ticket, undefined, 'one’s own people need none');
    // A unit of the member is another organisation.
    const unit = await w.tenancy.asSystem('test: a unit', async (tx) => (await w.orgs.createOrg(tx, 'unit', (await w.orgs.get(tx, w.north))!, { name: '北浜商店 支店' })).id);
    await refused(w, w.people.desk, unit);
    // Allowed to another federation's desk, should the tree ever change: this one is not let in by it.
    await w.tenancy.asSystem('test: another desk', (tx) => tx.query('update orgs_ticket_consents set desk_org_id = $1 where ticket_id = $2', [w.otherFederation, ticket]));
    await refused(w);
    await assert.rejects(look(w, w.people.otherDesk), status(404));
    const insert = (orgId: string, desk: string) => w.tenancy.inOrg(scopeOf(w.north), (tx) =>
      tx.query("insert into orgs_ticket_consents (org_id, id, desk_org_id, ticket_id, ticket_number, ticket_subject, kinds, asked_at, asked_by) values ($1, $2, $3, $2, 9, 'x', '{logs}', $4, 'x')", [orgId, newId(), desk, tx.now]));
    await assert.rejects(insert(w.south, w.federation), { code: '42501' });
    await assert.rejects(insert(w.north, w.otherFederation), { code: '42501' });
    assert.deepEqual(await w.tenancy.inOrg(scopeOf(w.south), (tx) => tx.query('select * from orgs_ticket_consents')), []);
    assert.deepEqual(await w.tenancy.inOrg(scopeOf(w.federation), (tx) => tx.query('select * from orgs_ticket_consents')), []);
    // Who has left is there for nobody.
    const mine = await allowed(w);
    await look(w);
    await w.tenancy.asSystem('test: leaves', (tx) => w.orgs.markLeft(tx, w.north, '2027-01-01'));
    await assert.rejects(look(w), status(404));
    await assert.rejects(answer(w, mine, true), status(404));
  }));

test('those who may change consents answer; the desk, staff and deputies do not', (t) =>
  eachWorld(t, 'who', async (w) => {
    const ticket = await asked(w, w.people.staff);
    await ask(w, ticket);
    assert.equal((await w.call(w.people.staff, 'tickets.get', w.north, { params: { ticket } })).look, undefined);
    const deputy = await w.person(w.north, 'member', '北浜 代理', 'deputy');
    for (const [as, code] of [[w.people.staff, 'role_missing'], [deputy, 'role_missing'], [w.people.desk, 'not_found'], [w.people.manager, 'not_found'], [w.people.southLead, 'not_found'], [{ token: newId(), orgId: w.north }, 'token_scope_missing']] as const) {
      await assert.rejects(w.call(as, 'looks.answer', w.north, { params: { ticket }, body: { allow: true } }), problem(code));
      await assert.rejects(w.call(as, 'looks.withdraw', w.north, { params: { ticket } }), problem(code));
    }
    await assert.rejects(ask(w, ticket, w.people.lead), problem('role_missing'));
    await refused(w);
    const boss = await w.person(w.north, 'member', '北浜 社長', 'executive');
    await answer(w, ticket, true, boss);
    await look(w);
    // A question of the federation's own people needs nobody's leave.
    const own = (await w.call(w.people.desk, 'tickets.ask', w.federation, { body: { subject: '自分のこと', message: '本文' } })).id;
    assert.deepEqual((await seen(w, own)).missing, []);
    await assert.rejects(ask(w, own), problem('look_not_needed'));
  }));

test('about a finding the desk asks for findings as well, where they are not shared: it reads them and changes nothing', (t) =>
  eachWorld(t, 'findings', async (w) => {
    const finding = (await w.tenancy.asSystem('test: a finding', (tx) => w.findings.raise(tx, [raised(w.north, { deskTicket: false })])))[0]!.id;
    const ticket = (await w.call(w.people.lead, 'findings.ask', w.north, { params: { finding }, body: { message: '教えてください。' } })).ticket as string;
    assert.deepEqual((await seen(w, ticket)).missing, ['logs'], 'findings are shared from the start');
    await w.call(w.people.lead, 'consents.set', w.north, { params: { kind: 'alerts' }, body: { given: false } });
    assert.deepEqual((await seen(w, ticket)).missing, ['logs', 'alerts']);
    const read = () => w.call(w.people.desk, 'findings.get', w.north, { params: { finding } });
    await ask(w, ticket);
    await assert.rejects(read(), problem('consent_missing'));
    assert.match((await w.call(w.people.lead, 'home.get', w.north)).cards.find((c: { key: string }) => c.key === `look:${ticket}`).title, /デスクがログと気づきを見てもよいか尋ねています/);
    await answer(w, ticket, true);
    assert.equal((await read()).id, finding);
    assert.equal((await look(w)).ticket, '#1');
    for (const [route, given] of [['home.get', {}], ['findings.reopen', { params: { finding } }], ['findings.assign', { params: { finding }, body: { person: null } }]] as const) await assert.rejects(w.call(w.people.desk, route, w.north, given), problem('consent_missing'), route);
    // Sharing goes by standing consents alone.
    assert.deepEqual([...(await w.orgs.directory.facts(w.north))!.consents].filter((c) => c === 'logs' || c === 'alerts'), []);
  }));

test('a standing consent makes the question needless, and whoever stops sharing stops what was allowed for a question too', (t) =>
  eachWorld(t, 'standing', async (w) => {
    const logs = (given: boolean) => w.call(w.people.lead, 'consents.set', w.north, { params: { kind: 'logs' }, body: { given } });
    const ticket = await asked(w);
    await ask(w, ticket);
    await logs(true);
    assert.equal(await state(w, ticket), 'ended standing');
    assert.deepEqual((await seen(w, ticket)).missing, []);
    assert.equal((await look(w)).ticket, undefined);
    await assert.rejects(ask(w, ticket), problem('look_not_needed'));
    await logs(false);
    await ask(w, ticket);
    await answer(w, ticket, true);
    await logs(false);
    await refused(w);
    assert.equal(await state(w, ticket), 'ended withdrawn');
  }));

test('the page of consents lists what runs first, then what ended; the desk reads it too', (t) =>
  eachWorld(t, 'listed', async (w) => {
    const first = await allowed(w);
    const second = await allowed(w);
    await withdraw(w, second);
    const third = await asked(w);
    await ask(w, third);
    for (const as of [w.people.lead, w.people.desk]) {
      const { tickets } = await w.call(as, 'consents.get', w.north);
      assert.deepEqual(tickets.map((c: { ticket: string; state: string; subject: string }) => [c.ticket, c.state, c.subject]), [[third, 'asked', '変な通信があります'], [first, 'allowed', '変な通信があります'], [second, 'ended', '変な通信があります']]);
    }
    assert.deepEqual((await w.call(w.people.southLead, 'consents.get', w.south)).tickets, []);
  }));

test('questions that nobody has answered push nothing out of the page that is allowed', (t) =>
  eachWorld(t, 'many', async (w) => {
    const ticket = await allowed(w);
    await w.tenancy.asSystem('test: sixty questions', (tx) => tx.query(
      `insert into orgs_ticket_consents (org_id, id, desk_org_id, ticket_id, ticket_number, ticket_subject, kinds, asked_at, asked_by)
       select $1, i, $2, i, 9, 'x', '{logs}', $3, 'x' from jsonb_array_elements_text($4::jsonb) as q(text), lateral (select text::uuid as i) as u`,
      [w.north, w.federation, tx.now, JSON.stringify(Array.from({ length: 60 }, () => newId(w.time + 1)))]));
    const { tickets } = await w.call(w.people.lead, 'consents.get', w.north);
    assert.equal(tickets.length, 50);
    assert.deepEqual(tickets.filter((c: { state: string }) => c.state === 'allowed').map((c: { ticket: string }) => c.ticket), [ticket]);
  }));

test('the mail goes to those who can answer, once, unless it was answered meanwhile', (t) =>
  eachWorld(t, 'mail', async (w) => {
    const ticket = await asked(w, w.people.staff);
    await ask(w, ticket);
    await w.work();
    await w.work();
    const addresses = async (person: Person) => w.tenancy.inOrg(scopeOf(w.north), async (tx) => (await w.orgs.people(tx, [person.personId])).get(person.personId)!.emails);
    assert.deepEqual(w.mails.map((m) => m.to), await addresses(w.people.lead));
    assert.match(w.mails[0]!.subject, /見てもよいか/);
    assert.match(w.mails[0]!.text, new RegExp(`変な通信があります[\\s\\S]*許可する[\\s\\S]*/o/${w.north}/tickets/${ticket}`));
    await answer(w, ticket, false);
    await ask(w, ticket);
    await answer(w, ticket, true);
    await w.work();
    assert.equal(w.mails.length, 1);
  }));
