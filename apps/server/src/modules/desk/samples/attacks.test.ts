import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { eachWorld, status, type Person, type World } from '../desk.test-helper.ts';
import { letter, ScriptedJudge, type Letter } from './samples.test-helper.ts';

const DAY = 86_400_000;
const each = (t: TestContext, name: string, fn: (w: World) => Promise<void>): Promise<void> => eachWorld(t, name, fn, { judge: new ScriptedJudge(), mailDomain: 'banya.example.jp' });
const read = (w: World, as: Person, sample: string): Promise<Record<string, any>> => w.call(as, 'samples.get', as.homeOrgId, { params: { sample } });
const send = async (w: World, l: Letter = {}, as: Person = w.people.staff): Promise<Record<string, any>> => {
  const { id } = await w.call(as, 'samples.report', as.homeOrgId, { bytes: letter(l) });
  await w.work();
  return read(w, as, id);
};
const decide = (w: World, sample: string, body: object) => w.call(w.people.desk, 'deskSamples.decide', w.federation, { params: { sample }, body });

test('a false mail with the Message-ID of a real one is not found real along with it, nor is its reporter told so', (t) =>
  each(t, 'copied Message-ID', async (w) => {
    const real = await send(w, { verdict: 'suspicious', messageId: '<9@shop.example>', print: '00000000000000aa' });
    const copied = await send(w, { verdict: 'suspicious', messageId: '<9@shop.example>', print: 'ffffffff00000000', body: '別の中身' }, w.people.lead);
    const resent = await send(w, { verdict: 'suspicious', messageId: '<9@shop.example>', print: '00000000000000aa', body: '同じ中身' }, w.people.lead);
    w.mails.length = 0;
    await decide(w, real.id, { decision: 'harmless', answer: '本物でした。', alike: true });
    await w.work();
    assert.deepEqual([(await read(w, w.people.staff, real.id)).decision, (await read(w, w.people.lead, copied.id)).decision, (await read(w, w.people.lead, resent.id)).decision], ['harmless', null, 'harmless']);
    const mine = await w.call(w.people.lead, 'tickets.get', w.north, { params: { ticket: copied.ticket } });
    assert.ok(!mine.messages.some((m: { text: string }) => m.text.includes('本物でした')));
  }));

test('a consent that has run out opens no mail to the desk any more', (t) =>
  each(t, 'consent ran out', async (w) => {
    await w.call(w.people.lead, 'consents.set', w.north, { params: { kind: 'samples' }, body: { given: true, until: new Date(w.time + 2 * DAY).toISOString() } });
    const { id } = await send(w, { verdict: 'clear' });
    const look = () => w.call(w.people.desk, 'deskSamples.get', w.federation, { params: { sample: id } });
    assert.equal((await look()).id, id);
    w.time += 3 * DAY;
    for (const [route, body] of [['deskSamples.get', undefined], ['deskSamples.preview', undefined], ['deskSamples.original', undefined], ['deskSamples.keep', { keep: true }], ['deskSamples.decide', { decision: 'harmless' }]] as const) await assert.rejects(w.call(w.people.desk, route, w.federation, { params: { sample: id }, body }), status(404), route);
    await w.run('desk.judgeSweep');
    assert.deepEqual((await w.call(w.people.desk, 'deskSamples.list', w.federation, { query: { show: 'all' } })).items, []);
  }));

test('the federation hears nothing of mails that stay with their member', (t) =>
  each(t, 'live', async (w) => {
    w.published.length = 0;
    const kept = await send(w, { verdict: 'clear' });
    assert.deepEqual(w.published.filter((p) => p.orgId === w.federation && p.event.kind === 'sample'), []);
    assert.ok(w.published.some((p) => p.orgId === w.north && p.event.id === kept.id));
    const asked = await send(w, { verdict: 'dangerous' });
    assert.ok(w.published.some((p) => p.orgId === w.federation && p.event.id === asked.id));
  }));

test('what no store can keep, in names and programs of a sender, does not keep a mail from its answer', (t) =>
  each(t, 'U+0000', async (w) => {
    const answer = await send(w, { verdict: 'clear', name: 'あ\0い\ud800う', note: 'x\0y' });
    assert.equal(answer.state, 'judged');
  }));
