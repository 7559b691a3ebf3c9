import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../kernel/ids.ts';
import { eachWorld, MINUTE, problem, status, type World } from './desk.test-helper.ts';

const ask = async (w: World, subject: string, as = w.people.lead): Promise<string> => {
  w.time += MINUTE;
  return (await w.call(as, 'tickets.ask', as.homeOrgId, { body: { subject, message: `${subject}です` } })).id;
};
const merge = (w: World, id: string, into: string, as = w.people.desk, org = w.federation) => w.call(as, 'queue.merge', org, { params: { ticket: id }, body: { into } });
const unmerge = (w: World, id: string) => w.call(w.people.desk, 'queue.unmerge', w.federation, { params: { ticket: id } });
const get = (w: World, id: string) => w.call(w.people.desk, 'queue.get', w.federation, { params: { ticket: id } });
const said = async (w: World, id: string): Promise<string[]> => (await get(w, id)).messages.map((m: { text: string }) => m.text);
const row = async (w: World, id: string) => (await w.gate.query('select * from desk_tickets where id = $1', [id])).rows[0];

test('merged messages stand in order of time; undoing a merge restores the ticket exactly', (t) =>
  eachWorld(t, 'merge', async (w) => {
    const first = await ask(w, '一通目');
    const second = await ask(w, '二通目', w.people.staff);
    await w.call(w.people.lead, 'tickets.reply', w.north, { params: { ticket: first }, body: { text: '三通目です' } });
    const before = await row(w, second);
    await merge(w, second, first);
    assert.deepEqual(await said(w, first), ['一通目です', '二通目です', '三通目です']);
    assert.deepEqual((await w.call(w.people.desk, 'queue.list', w.federation)).items.map((i: { id: string }) => i.id), [first]);
    assert.deepEqual((await w.call(w.people.lead, 'tickets.list', w.north)).items.map((i: { id: string }) => i.id), [first]);
    assert.equal((await w.call(w.people.lead, 'tickets.get', w.north, { params: { ticket: second } })).mergedInto, first);
    await unmerge(w, second);
    assert.deepEqual(await row(w, second), before);
    assert.deepEqual([await said(w, first), await said(w, second)], [['一通目です', '三通目です'], ['二通目です']]);
    await assert.rejects(unmerge(w, second), problem('not_merged'));
  }));

test('a chain of merges reads as one conversation and comes apart one by one', (t) =>
  eachWorld(t, 'chain', async (w) => {
    const [a, b, c] = [await ask(w, 'A'), await ask(w, 'B'), await ask(w, 'C')];
    await w.call(w.people.desk, 'queue.note', w.federation, { params: { ticket: c }, body: { text: 'Cのメモ' } });
    await merge(w, c, b);
    await merge(w, b, a);
    assert.deepEqual(await said(w, a), ['Aです', 'Bです', 'Cです']);
    assert.deepEqual((await get(w, a)).notes.map((n: { text: string }) => n.text), ['Cのメモ']);
    await unmerge(w, b);
    assert.deepEqual([await said(w, a), await said(w, b)], [['Aです'], ['Bです', 'Cです']]);
  }));

test('what is written on a merged ticket, by either side, arrives where it went', (t) =>
  eachWorld(t, 'writes', async (w) => {
    const [a, b] = [await ask(w, 'A'), await ask(w, 'B', w.people.staff)];
    await merge(w, b, a);
    await w.call(w.people.lead, 'tickets.reply', w.north, { params: { ticket: b }, body: { text: '会員から' } });
    await w.call(w.people.desk, 'queue.reply', w.federation, { params: { ticket: b }, body: { text: '窓口から' } });
    assert.deepEqual((await said(w, a)).slice(2), ['会員から', '窓口から']);
    assert.equal((await get(w, a)).state, 'waiting');
    await assert.rejects(w.call(w.people.desk, 'queue.update', w.federation, { params: { ticket: b }, body: { state: 'solved' } }), problem('ticket_merged'));
    await w.work();
    assert.equal(w.mails.length, 2, 'both who asked are answered');
  }));

test('tickets of two members are never merged, nor with oneself, a merged one, a settled one or one that is not there', (t) =>
  eachWorld(t, 'refused', async (w) => {
    const [a, b, c] = [await ask(w, 'A'), await ask(w, 'B'), await ask(w, 'C')];
    const south = await ask(w, '南', w.people.southLead);
    const foreign = await ask(w, '山', w.people.otherLead);
    await assert.rejects(merge(w, a, south), problem('other_member'));
    for (const nowhere of [foreign, newId()]) await assert.rejects(merge(w, a, nowhere), status(404));
    await assert.rejects(merge(w, foreign, a), status(404));
    for (const same of [a, a.toUpperCase()]) await assert.rejects(merge(w, a, same), problem('merge_not_possible'));
    await merge(w, a, b);
    await assert.rejects(merge(w, a, c), problem('merge_not_possible'));
    await assert.rejects(merge(w, b, a), problem('merge_not_possible'));
    await w.call(w.people.lead, 'tickets.solved', w.north, { params: { ticket: c } });
    await assert.rejects(merge(w, b, c), problem('merge_not_possible'));
    assert.deepEqual(await said(w, south), ['南です']);
  }));

test('two merges at once do not make a ring', (t) =>
  eachWorld(t, 'ring', async (w) => {
    const [a, b] = [await ask(w, 'A'), await ask(w, 'B')];
    const results = await Promise.allSettled([merge(w, a, b), merge(w, b, a)]);
    assert.equal(results.filter((r) => r.status === 'fulfilled').length, 1);
    assert.equal((await w.call(w.people.desk, 'queue.list', w.federation)).items.length, 1);
  }));
