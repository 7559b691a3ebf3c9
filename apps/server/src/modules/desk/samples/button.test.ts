import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachWorld, scopeOf, status, type World } from '../desk.test-helper.ts';
import { letter, ScriptedJudge, type Letter } from './samples.test-helper.ts';

const each = (t: Parameters<typeof eachWorld>[0], name: string, fn: (w: World) => Promise<void>): Promise<void> => eachWorld(t, name, fn, { judge: new ScriptedJudge(), mailDomain: 'banya.example.jp' });
const A = '00000000-0000-7000-8000-00000000000a';
const B = '00000000-0000-7000-8000-00000000000b';
const press = async (w: World, l: Letter, query: object = {}, token = A): Promise<string> => {
  const { id } = await w.call({ token, orgId: w.north }, 'samples.report', w.north, { bytes: letter(l), query: { via: 'button', ...query } });
  await w.work();
  return id;
};
const read = (w: World, sample: string, token = A, orgId = w.north) => w.call({ token, orgId }, 'samples.get', orgId, { params: { sample } });
const addressOf = (w: World, personId: string): Promise<string> => w.tenancy.inOrg(scopeOf(w.north), async (tx) => (await w.orgs.people(tx, [personId])).get(personId)!.emails[0]!);

test('a report button reads the answer to what it sent, and no other mail of its organisation', (t) =>
  each(t, 'button', async (w) => {
    const id = await press(w, { verdict: 'dangerous' }, { touched: 'link' });
    const answer = await read(w, id);
    assert.deepEqual([answer.verdict, answer.callDesk, answer.ticket, answer.campaign], ['dangerous', true, null, null]);
    assert.ok(answer.reasons.length >= 2 && answer.doNow.length >= 2);
    await assert.rejects(read(w, id, B), status(404), 'another token of the same organisation');
    await assert.rejects(read(w, id, A, w.south), status(404), 'the same id elsewhere');
    const { id: upload } = await w.call(w.people.staff, 'samples.report', w.north, { bytes: letter({ verdict: 'dangerous' }) });
    await w.work();
    await assert.rejects(read(w, upload), status(404), 'what a person asked');
    for (const route of ['samples.list', 'samples.touched', 'samples.ask', 'tickets.list']) await assert.rejects(w.call({ token: A, orgId: w.north }, route, w.north, { params: { sample: id }, body: { touched: 'typed' } }), status(403), route);
  }));

test('whom a button names is told the answers at his own address, and becomes the reporter only in person', (t) =>
  each(t, 'named', async (w) => {
    const reader = await addressOf(w, w.people.staff.personId);
    const id = await press(w, { verdict: 'dangerous', subject: '請求書' }, { reader: reader.toUpperCase() });
    const told = w.mails.filter((m) => m.subject.includes('おたずねのメール'));
    assert.deepEqual(told.map((m) => m.to), [reader]);
    const seen = await w.call(w.people.desk, 'deskSamples.get', w.federation, { params: { sample: id } });
    assert.deepEqual(seen.reporter, { id: null, name: '受付システム（北浜 茂）' });
    await w.call(w.people.desk, 'deskSamples.decide', w.federation, { params: { sample: id }, body: { decision: 'dangerous', answer: '偽物です。' } });
    await w.work();
    assert.deepEqual(w.mails.filter((m) => m.text.includes('偽物です')).map((m) => m.to), [reader]);
    const own = await w.call(w.people.staff, 'samples.get', w.north, { params: { sample: id } });
    assert.deepEqual([own.decision, own.reporter.id], ['dangerous', null]);
    const said = await w.call(w.people.staff, 'samples.touched', w.north, { params: { sample: id }, body: { touched: 'typed' } });
    assert.deepEqual(said.reporter, { id: w.people.staff.personId, name: '北浜 茂' });
  }));

test('a name is a claim: nobody outside the organisation is told, nobody is flooded, and no colleague reads it', (t) =>
  each(t, 'claims', async (w) => {
    const answers = () => w.mails.filter((m) => m.subject.includes('おたずねのメール')).length;
    for (const reader of ['stranger@example.com', await w.tenancy.inOrg(scopeOf(w.south), async (tx) => (await w.orgs.people(tx, [w.people.southLead.personId])).get(w.people.southLead.personId)!.emails[0]!)]) {
      const id = await press(w, { verdict: 'clear' }, { reader });
      assert.equal((await read(w, id)).reporter.name, '受付システム');
    }
    assert.equal(answers(), 0);
    const reader = await addressOf(w, w.people.lead.personId);
    let last = '';
    for (let n = 0; n < 14; n += 1) last = await press(w, { verdict: 'clear', subject: String(n) }, { reader });
    assert.equal(answers(), 10, 'then no more mails; the answers stand on the page');
    await assert.rejects(w.call(w.people.staff, 'samples.get', w.north, { params: { sample: last } }), status(404));
    const statistics = await w.call(w.people.desk, 'deskSamples.statistics', w.federation);
    assert.equal(statistics.reporters, 0, 'a claim is no report of that person');
    await assert.rejects(w.call(w.people.lead, 'samples.report', w.north, { bytes: letter({}), query: { reader: 'x' } }), 'a person cannot be named by something that is no address');
  }));

test('a button that all of an organisation press is not held up like one person', (t) =>
  each(t, 'many', async (w) => {
    const sent = await Promise.allSettled(Array.from({ length: 60 }, (_, n) => w.call({ token: A, orgId: w.north }, 'samples.report', w.north, { bytes: letter({ subject: String(n) }), query: { via: 'button' } })));
    assert.deepEqual(sent.filter((s) => s.status === 'rejected'), []);
  }));
