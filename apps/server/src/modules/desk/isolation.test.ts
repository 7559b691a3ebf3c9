import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../kernel/ids.ts';
import { deskRouteIds, eachWorld, problem, scopeOf, status, type World } from './desk.test-helper.ts';

const ask = (w: World, as = w.people.lead) => w.call(as, 'tickets.ask', as.homeOrgId, { body: { subject: '秘密の件名', message: '秘密の本文' } });
const bodies: Record<string, object> = {
  'tickets.reply': { text: 'x' }, 'tickets.rate': { rating: 'good' }, 'queue.update': { state: 'solved' }, 'queue.reply': { text: 'x' }, 'queue.note': { text: 'x' }, 'queue.merge': { into: newId() }, 'looks.answer': { allow: true },
};
const ticketRoutes = deskRouteIds.filter((id) => /^(tickets\.(get|reply|solved|reopen|rate)|queue\.(get|update|reply|note|merge|unmerge)|looks\.(ask|answer|withdraw))$/.test(id));

test('another member’s, another desk’s and no ticket at all are one answer on every route', (t) =>
  eachWorld(t, 'one answer', async (w) => {
    assert.equal(ticketRoutes.length, 14);
    const { id } = await ask(w);
    for (const route of ticketRoutes) {
      const onQueue = route.startsWith('queue.') || route === 'looks.ask';
      for (const ticket of [id, newId()]) {
        const given = { params: { ticket }, ...(bodies[route] ? { body: bodies[route] } : {}) };
        await assert.rejects(onQueue ? w.call(w.people.otherDesk, route, w.otherFederation, given) : w.call(w.people.southLead, route, w.south, given), (e) => problem('not_found')(e), `${route} ${ticket === id ? 'of another' : 'missing'}`);
      }
      // Asking under the other's name ends at the door: strangers and the member itself have no desk to work at.
      const given = { params: { ticket: id }, ...(bodies[route] ? { body: bodies[route] } : {}) };
      await assert.rejects(w.call(w.people.southLead, route, onQueue ? w.federation : w.north, given), status(404), route);
      if (onQueue) await assert.rejects(w.call(w.people.lead, route, w.federation, given), status(404), route);
    }
    const [row] = (await w.call(w.people.desk, 'queue.list', w.federation)).items;
    assert.deepEqual([row.state, row.assignee, row.updatedAt], ['new', null, row.createdAt], 'nothing was changed by them');
  }));

test('lists, counts, search and export show one’s own only', (t) =>
  eachWorld(t, 'lists', async (w) => {
    await ask(w);
    assert.deepEqual((await w.call(w.people.southLead, 'tickets.list', w.south, { query: { q: '秘密' } })).items, []);
    assert.deepEqual((await w.call(w.people.otherDesk, 'queue.list', w.otherFederation, { query: { q: '秘密', member: w.north } })).items, []);
    assert.equal((await w.call(w.people.otherDesk, 'queue.counts', w.otherFederation)).new, 0);
    assert.equal((await w.call(w.people.otherDesk, 'queue.statistics', w.otherFederation)).asked, 0);
    await assert.rejects(w.call(w.people.lead, 'queue.list', w.federation), status(404));
    // A manager of a member has the permission at the member, where the queue is empty.
    const manager = await w.person(w.north, 'member', '北浜 部長', 'manager');
    assert.deepEqual((await w.call(manager, 'queue.list', w.north)).items, []);
    assert.deepEqual((await w.call(manager, 'queue.members', w.north)).items, []);
  }));

test('a member reads no note of the desk, by any route or statement', (t) =>
  eachWorld(t, 'notes', async (w) => {
    const { id } = await ask(w);
    await w.call(w.people.desk, 'queue.note', w.federation, { params: { ticket: id }, body: { text: '内緒のメモ' } });
    assert.deepEqual((await w.call(w.people.desk, 'queue.get', w.federation, { params: { ticket: id } })).notes.map((n: { text: string; who: string }) => [n.text, n.who]), [['内緒のメモ', '受付 一郎']]);
    assert.doesNotMatch(JSON.stringify(await w.call(w.people.lead, 'tickets.get', w.north, { params: { ticket: id } })), /内緒|notes/);
    assert.doesNotMatch(JSON.stringify(await w.call(w.people.desk, 'tickets.get', w.north, { params: { ticket: id } })), /内緒|notes/);
    await w.tenancy.inOrg(scopeOf(w.north), async (tx) => {
      assert.deepEqual(await tx.query('select * from desk_notes'), []);
      assert.deepEqual(await tx.query('update desk_notes set text = text returning *'), []);
    });
    await assert.rejects(w.tenancy.inOrg(scopeOf(w.north), (tx) => tx.query('insert into desk_notes values ($1, $2, $3, now(), $4, $4)', [w.federation, id, newId(), 'x'])), { code: '42501' });
  }));

test('the database itself keeps members apart, drafts hidden and tickets with the right desk', (t) =>
  eachWorld(t, 'policies', async (w) => {
    const { id } = await ask(w);
    await w.call(w.people.desk, 'articles.create', w.federation, { body: { title: { ja: '下書き' }, summary: { ja: 'x' }, body: { ja: 'x' }, published: false } });
    const count = async (orgId: string, table: string): Promise<number> => Number((await w.tenancy.inOrg(scopeOf(orgId), (tx) => tx.query<{ n: string }>(`select count(*) as n from ${table}`)))[0]!.n);
    for (const table of ['desk_tickets', 'desk_messages', 'desk_history']) {
      assert.deepEqual([await count(w.north, table), await count(w.federation, table), await count(w.south, table), await count(w.otherFederation, table)], [1, 1, 0, 0], table);
    }
    assert.deepEqual([await count(w.federation, 'desk_articles'), await count(w.north, 'desk_articles')], [1, 0]);
    const refused = (orgId: string, text: string, values: unknown[]) => assert.rejects(w.tenancy.inOrg(scopeOf(orgId), (tx) => tx.query(text, values)), { code: '42501' }, text);
    // A ticket for a foreign desk, a message in the member's name, a ticket moved to another organisation.
    await refused(w.north, "insert into desk_tickets select org_id, gen_random_uuid(), $2, 99, subject, state, state_since, rank, channel, requester_id, requester_name, assignee_id, assignee_name, finding_id, callback, created_at, updated_at, pauses, first_replied_at, first_reply_minutes, first_reply_due, solve_due, next_due, soon_at, due_key, late_told_at, solved_at, satisfaction, rated_at, merged_into, member_wrote_at, member_read_at, desk_wrote_at, desk_read_at, search_key from desk_tickets where id = $1", [id, w.otherFederation]);
    await refused(w.federation, 'insert into desk_messages select org_id, desk_org_id, ticket_id, gen_random_uuid(), at, who_id, who, side, text, article_id from desk_messages where ticket_id = $1', [id]);
    await refused(w.federation, 'update desk_tickets set org_id = $2 where id = $1', [id, w.south]);
    await refused(w.north, 'update desk_tickets set desk_org_id = $2 where id = $1', [id, w.otherFederation]);
    await refused(w.north, "insert into desk_sla values ($1, '{}', now())", [w.federation]);
    await refused(w.north, 'insert into desk_counters values ($1, 5)', [w.otherFederation]);
  }));

test('numbers run by federation, without a gap or a double when two members ask at once', (t) =>
  eachWorld(t, 'numbers', async (w) => {
    const made = await Promise.all([ask(w), ask(w, w.people.southLead), ask(w), ask(w, w.people.otherLead), ask(w, w.people.southLead)]);
    assert.deepEqual(made.map((m) => m.number).sort(), [1, 1, 2, 3, 4]);
    assert.equal(made[3].number, 1);
  }));
