import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWorkbook } from '@banya/xlsx';
import { newId } from '../../kernel/ids.ts';
import { problem, scopeOf } from '../notify/kernel.test-helper.ts';
import { explain } from './explain.ts';
import { alert, eachHouse } from './fixtures.test-helper.ts';
import { findingNotice } from './notices.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Shown { id: string; title: string; severity: string; state: string; outcome: string | null; count: number; ongoing: boolean; firstAt: string; lastAt: string; assignee: { id: string; name: string } | null; ticket: string | null; closedBy: string | null }
interface Detail extends Shown { explanation: { title: string; whatHappened: string; doNow: string[]; normal: string | null }; rule: { title: string; author: string; license: string; references: string[] }; samples: { raw: string; source: string; matched: { field: string; value: string }[] }[]; days: { day: string; count: number }[]; history: { what: string; who: string; note: string | null }[] }
interface Page<T> { items: T[]; next: string | null; total: { count: number; more: boolean } }
interface Home { cards: { key: string; title: string; step: string; severity: string; minutes: number }[]; moreOpen: number; lastWeek: { stopped: number; closed: number; open: number; stoppedWeekBefore: number }; health: { sources: number } }

test('more of the same grows the open finding: count, days, times and severity, with at most five samples', (t) =>
  eachHouse(t, 'grow', async (house) => {
    const { kernel } = house;
    const [first] = await house.raise({ count: 3 });
    kernel.time += DAY;
    const again = await house.raise(...Array.from({ length: 7 }, () => ({ severity: 'now' as const, lastAt: new Date(kernel.time) })));
    assert.ok(again.every((r) => r.id === first!.id && !r.created));
    const shown = await house.call<Detail>('findings.get', { params: { finding: first!.id } });
    assert.deepEqual([shown.count, shown.severity, shown.samples.length, shown.ongoing], [10, 'now', 5, true]);
    assert.deepEqual(shown.days, [{ day: '2026-11-23', count: 3 }, { day: '2026-11-24', count: 7 }]);
    assert.deepEqual([shown.firstAt, shown.lastAt], ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z']);
    await house.raise({ severity: 'fyi' });
    assert.equal((await house.call<Shown>('findings.get', { params: { finding: first!.id } })).severity, 'now', 'severity only rises');
    kernel.time += 3 * HOUR;
    assert.equal((await house.call<Shown>('findings.get', { params: { finding: first!.id } })).ongoing, false);
  }));

test('what was handled opens again an hour later, with its history, and not before', (t) =>
  eachHouse(t, 'reopen', async (house) => {
    const { kernel } = house;
    const [first] = await house.raise({});
    await house.call('findings.close', { params: { finding: first!.id }, body: { outcome: 'handled', note: '更新した' } });
    kernel.time += HOUR - 1;
    await house.raise({});
    const still = await house.call<Shown>('findings.get', { params: { finding: first!.id } });
    assert.deepEqual([still.state, still.count, still.closedBy], ['closed', 2, '青木 花子']);
    kernel.time += 2;
    const [again] = await house.raise({ samples: [] });
    assert.deepEqual(again, { id: first!.id, created: false, fingerprint: first!.fingerprint });
    const open = await house.call<Detail>('findings.get', { params: { finding: first!.id } });
    assert.deepEqual([open.state, open.outcome, open.count], ['open', null, 3]);
    assert.deepEqual(open.history.map((h) => [h.what, h.who, h.note]), [['reopened', '番屋', null], ['closed', '青木 花子', '更新した'], ['raised', '番屋', null]]);
  }));

test('what is known stays closed and is counted until its quiet days are over; what comes back a month later is new', (t) =>
  eachHouse(t, 'known', async (house) => {
    const { kernel } = house;
    const [first] = await house.raise({});
    await house.call('findings.close', { params: { finding: first!.id }, body: { outcome: 'known', quietDays: 5 } });
    kernel.time += 5 * DAY - 1000;
    await house.raise({});
    assert.equal((await house.call<Shown>('findings.get', { params: { finding: first!.id } })).state, 'closed');
    kernel.time += 2000;
    await house.raise({});
    assert.equal((await house.call<Shown>('findings.get', { params: { finding: first!.id } })).state, 'open');
    await house.call('findings.close', { params: { finding: first!.id }, body: { outcome: 'handled' } });
    kernel.time += 40 * DAY;
    const [fresh] = await house.raise({});
    assert.notEqual(fresh!.id, first!.id);
    assert.equal(fresh!.created, true);
    await assert.rejects(house.call('findings.reopen', { params: { finding: first!.id } }), problem('replaced_by_newer'));
  }));

test('a false alarm is silent for its rule and entity until it ends, and the silence says who, why and until when', (t) =>
  eachHouse(t, 'silence', async (house) => {
    const { kernel } = house;
    const [first] = await house.raise({});
    await house.call('findings.close', { params: { finding: first!.id }, body: { outcome: 'false_alarm', note: '社内の検査', quietDays: 10 } });
    kernel.time += 2 * HOUR;
    const [quiet, other] = await house.raise({ fingerprint: 'test.rule inbound 192.0.2.10' }, { entity: '192.0.2.11' });
    assert.deepEqual([quiet!.created, other!.created], [false, true]);
    const counted = await house.call<Shown>('findings.get', { params: { finding: quiet!.id } });
    assert.deepEqual([counted.state, counted.outcome, counted.count], ['closed', 'false_alarm', 1]);
    const [silence] = (await house.call<Page<{ id: string; entity: string; reason: string; by: string; expiresAt: string }>>('suppressions.list')).items;
    assert.deepEqual([silence!.entity, silence!.reason, silence!.by, silence!.expiresAt], ['192.0.2.10', '社内の検査', '青木 花子', '2026-12-03T00:00:00.000Z']);
    kernel.time += 10 * DAY;
    assert.deepEqual((await house.call<Page<object>>('suppressions.list')).items, []);
    await house.raise({});
    assert.equal((await house.call<Shown>('findings.get', { params: { finding: first!.id } })).state, 'open');
  }));

test('a silence can be ended at once, and opening the finding again ends it too', (t) =>
  eachHouse(t, 'end silence', async (house) => {
    const [a, b] = await house.raise({}, { entity: '192.0.2.11' });
    for (const f of [a!, b!]) await house.call('findings.close', { params: { finding: f.id }, body: { outcome: 'false_alarm' } });
    const [silence] = (await house.call<Page<{ id: string }>>('suppressions.list')).items;
    await house.call('suppressions.end', { params: { suppression: silence!.id } });
    await assert.rejects(house.call('suppressions.end', { params: { suppression: silence!.id } }), problem('not_found'));
    await house.call('findings.reopen', { params: { finding: a!.id } });
    assert.deepEqual((await house.call<Page<object>>('suppressions.list')).items, []);
  }));

test('a digest is one finding for each rule and day, whatever it is about, and stays closed for that day', (t) =>
  eachHouse(t, 'digest', async (house) => {
    const digest = { kind: 'digest' as const, severity: 'fyi' as const, direction: 'inbound' as const, stopped: 'yes' as const };
    const raised = await house.raise({ ...digest, entity: '198.51.100.1', count: 5, days: { '2026-11-22': 2, '2026-11-23': 3 } }, { ...digest, entity: '198.51.100.2' });
    assert.equal(new Set(raised.map((r) => r.id)).size, 1);
    const all = await house.call<Page<Shown>>('findings.list', { query: { state: 'open' } });
    assert.deepEqual(all.items.map((f) => f.count).sort(), [2, 4]);
    await house.call('findings.close', { params: { finding: raised[0]!.id }, body: { outcome: 'handled' } });
    house.kernel.time += 2 * HOUR;
    await house.raise({ ...digest, days: { '2026-11-23': 1 } });
    const closed = await house.call<Shown>('findings.get', { params: { finding: raised[0]!.id } });
    assert.deepEqual([closed.state, closed.count], ['closed', 5]);
    house.kernel.time += 8 * DAY;
    await house.kernel.run(house.findings, 'findings.tidy');
    assert.deepEqual((await house.call<Page<Shown>>('findings.list', { query: { state: 'open' } })).items, [], 'notices close by themselves after a week');
  }));

test('closing twice is refused with the name of who was first; undo is opening again', (t) =>
  eachHouse(t, 'close', async (house) => {
    const [f] = await house.raise({});
    const params = { finding: f!.id };
    const told: unknown[] = [];
    house.kernel.bus.on('findings.closed', async (_tx, payload) => void told.push(payload));
    await house.call('findings.close', { params, body: { outcome: 'handled' } });
    await assert.rejects(house.call('findings.close', { params, body: { outcome: 'known' } }), problem('already_closed'));
    await house.call('findings.reopen', { params });
    await assert.rejects(house.call('findings.reopen', { params }), problem('not_closed'));
    assert.deepEqual(told, [{ orgId: house.member.id, findingId: f!.id, outcome: 'handled', by: '青木 花子' }]);
    const { rows } = await house.kernel.gate.query<{ action: string }>('select action from kernel_ledger where org_id = $1 order by seq desc limit 2', [house.member.id]);
    assert.deepEqual(rows.map((r) => r.action), ['findings.reopened', 'findings.closed']);
  }));

test('another organisation finds, changes and learns nothing', (t) =>
  eachHouse(t, 'isolation', async (house) => {
    const [f] = await house.raise({});
    const org = house.other.id;
    const params = { finding: f!.id };
    assert.deepEqual((await house.call<Page<Shown>>('findings.list', { org })).items, []);
    for (const [route, body] of [['findings.get', undefined], ['findings.close', { outcome: 'handled' }], ['findings.reopen', undefined], ['findings.assign', { person: null }], ['findings.ask', {}]] as const) {
      await assert.rejects(house.call(route, { org, params, body }), problem('not_found'), route);
    }
    await assert.rejects(house.kernel.tenancy.inOrg(scopeOf(org), (tx) => house.findings.raise(tx, [alert(house.kernel, { orgId: house.member.id, entity: 'x' })])), /row-level security/);
    assert.equal((await house.call<Shown>('findings.get', { params })).state, 'open');
  }));

test('five hundred raised findings of several organisations take four statements, and as many when they grow', (t) =>
  eachHouse(t, 'batch', async (house) => {
    const { kernel } = house;
    const many = Array.from({ length: 500 }, (_, i) => alert(kernel, { orgId: i % 2 ? house.member.id : house.other.id, entity: `198.51.100.${i % 250}`, fingerprint: `f${i}` }));
    const run = () => kernel.gate.counted(() => kernel.tenancy.asSystem('test batch', (tx) => house.findings.raise(tx, many)));
    const first = await run();
    assert.equal(first.result.filter((r) => r.created).length, 500);
    assert.ok(first.statements <= 4, first.texts.join('\n'));
    const second = await run();
    assert.equal(second.result.filter((r) => r.created).length, 0);
    assert.ok(second.statements <= 4);
    assert.deepEqual((await house.call<Page<Shown>>('findings.list', { query: { limit: 1 } })).items.map((f) => f.count), [2]);
  }));

test('batches that arrive at the same moment make one finding and lose no count', (t) =>
  eachHouse(t, 'at once', async (house) => {
    const batches = Array.from({ length: 6 }, (_, b) => Array.from({ length: 10 }, (_, i) => ({ entity: `e${b % 2 ? i : 9 - i}` })));
    const results = (await Promise.all(batches.map((batch) => house.raise(...batch)))).flat();
    assert.equal(results.filter((r) => r.created).length, 10);
    const { items } = await house.call<Page<Shown>>('findings.list');
    assert.deepEqual(items.map((f) => f.count), Array(10).fill(6));
    for (const { id } of items) {
      const shown = await house.call<Detail>('findings.get', { params: { finding: id } });
      assert.deepEqual([shown.days.map((d) => d.count), shown.history.map((h) => h.what)], [[6], ['raised']]);
    }
  }));

test('the list keeps its place while findings are added, worst first, with at most four statements', (t) =>
  eachHouse(t, 'list', async (house) => {
    for (let i = 0; i < 6; i += 1) await house.raise({ entity: `e${i}`, severity: i % 2 ? 'now' : 'look' });
    const query = { state: 'open', limit: 2 };
    const seen: string[] = [];
    let page = await house.call<Page<Shown & { entity: string }>>('findings.list', { query });
    for (;;) {
      seen.push(...page.items.map((f) => f.entity));
      if (!page.next) break;
      await house.raise({ entity: `new${seen.length}`, severity: 'now' });
      const counted = await house.kernel.gate.counted(() => house.call<typeof page>('findings.list', { query: { ...query, after: page.next } }));
      assert.ok(counted.statements <= 4);
      page = counted.result;
    }
    assert.deepEqual(seen, ['e5', 'e3', 'e1', 'e4', 'e2', 'e0']);
    await assert.rejects(house.call('findings.list', { query: { after: Buffer.from('[0,"x"]').toString('base64url') } }), problem('cursor_broken'));
    const found = await house.call<Page<Shown>>('findings.list', { query: { q: 'KEIRI', severity: 'look' } });
    assert.deepEqual(found.total, { count: 3, more: false });
    assert.deepEqual((await house.call<Page<Shown>>('findings.list', { query: { q: '100%' } })).items, []);
  }));

// Titles of rules are English, and so were the only English words that a clerk met on these pages.
test('a rule of ours is called by its name in the reader’s language wherever it stands; a rule of others keeps its own', (t) =>
  eachHouse(t, 'rule titles', async (house) => {
    const RULE = 'c998bff9-8a73-5139-b886-2f477264c670';
    const ours = { title: 'One of our devices talks to a controller of malware', author: 'Banya', license: 'Apache-2.0', references: [] };
    const ja = '社内の機器が、悪者の指令役とみられる相手に連絡しています';
    const [own] = await house.raise({ ruleId: RULE, rule: ours, entity: 'ours' });
    const [other] = await house.raise({});
    const titleOf = async (finding: string, lang: 'ja' | 'en') => (await house.call<Detail>('findings.get', { params: { finding }, lang })).rule.title;
    assert.deepEqual([await titleOf(own!.id, 'ja'), await titleOf(own!.id, 'en'), await titleOf(other!.id, 'ja')], [ja, "One of your devices is in contact with what looks like an attacker's controller", 'Odd traffic']);
    const file = await house.call<Response>('findings.export', { lang: 'ja' });
    const cells = JSON.stringify(await sheetRows(new Uint8Array(await file.arrayBuffer())));
    assert.ok(cells.includes(ja) && cells.includes('Odd traffic') && !cells.includes(ours.title));
    await house.call('findings.close', { params: { finding: own!.id }, body: { outcome: 'false_alarm' } });
    assert.deepEqual((await house.call<Page<{ ruleTitle: string }>>('suppressions.list', { lang: 'ja' })).items.map((s) => s.ruleTitle), [ja]);
    const row = (await house.kernel.tenancy.inOrg(scopeOf(house.member.id), (tx) => house.findings.get(tx, house.member.id, own!.id)))!;
    const told = explain(row, { lang: 'ja', zone: 'Asia/Tokyo', now: new Date(house.kernel.time) });
    assert.equal(findingNotice({ orgId: row.org_id, orgName: '青葉製作所', url: 'https://banya.example.jp' }, row, told, 'ja', new Date(house.kernel.time)).rule!.title, ja, 'what webhooks are told');
  }));

test('a finding shows raw lines, matched values and who wrote the rule, in the page and in the export, and a formula stays text', (t) =>
  eachHouse(t, 'detail', async (house) => {
    const [f] = await house.raise({ rule: { title: '=HYPERLINK("x")', author: 'Example Author', license: 'DRL-1.1', references: ['https://example.com/rule'] }, samples: [{ at: new Date(house.kernel.time), raw: 'a\u0000b\ud800', sourceName: '本社のUTM', matched: [{ field: 'source.ip', value: '192.0.2.10' }] }] });
    const shown = await house.call<Detail>('findings.get', { params: { finding: f!.id } });
    assert.deepEqual(shown.rule, { id: 'test.rule', title: '=HYPERLINK("x")', author: 'Example Author', license: 'DRL-1.1', references: ['https://example.com/rule'] });
    assert.deepEqual(shown.samples.map((s) => [s.raw, s.source, s.matched]), [['a\ufffdb\ufffd', '本社のUTM', [{ field: 'source.ip', value: '192.0.2.10' }]]]);
    assert.match(shown.explanation.whatHappened, /1件/);
    const english = await house.call<Detail>('findings.get', { params: { finding: f!.id }, lang: 'en' });
    assert.match(english.explanation.title, /Something to check/);
    const file = await house.call<Response>('findings.export');
    assert.match(file.headers.get('Content-Disposition')!, /filename\*=UTF-8''%E6%A4%9C%E7%9F%A5_2026-11-23\.xlsx/);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const cells = JSON.stringify(await sheetRows(bytes));
    for (const part of ['Example Author', 'DRL-1.1', 'https://example.com/rule', '経理のパソコン']) assert.ok(cells.includes(part), part);
  }));

async function sheetRows(bytes: Uint8Array): Promise<unknown[]> {
  const book = readWorkbook(bytes);
  return [...book.sheets[0]!.rows()];
}

test('a finding of the library is told in its words, with the count and times of now', (t) =>
  eachHouse(t, 'library', async (house) => {
    const [f] = await house.raise({ ruleId: 'device.silent', kind: 'device_silent', slots: { device: '本社のUTM', days: '3' } });
    const shown = await house.call<Detail>('findings.get', { params: { finding: f!.id } });
    assert.ok(!shown.title.includes('確かめたい動き'), 'not the general text');
    assert.doesNotMatch(JSON.stringify(shown.explanation), /[{}]{1}[a-z]+\}/);
  }));

test('one attempt that got through is told as not stopped, also when the newest was stopped', (t) =>
  eachHouse(t, 'stopped', async (house) => {
    const rule = { ruleId: '4395a615-3558-5ca2-a37d-a1f61082bcfc' };
    const [f] = await house.raise({ ...rule, stopped: 'yes', slots: { 'event.action': 'blocked' } });
    const stopped = async (): Promise<string> => (await house.call<{ explanation: { stopped: string } }>('findings.get', { params: { finding: f!.id } })).explanation.stopped;
    assert.match(await stopped(), /止めました/);
    await house.raise({ ...rule, stopped: 'no', slots: { 'event.action': 'allowed' } });
    await house.raise({ ...rule, stopped: 'yes', slots: { 'event.action': 'blocked' } });
    assert.match(await stopped(), /止めていません/);
  }));

test('a finding goes to somebody of the organisation, and their open ones move when the role is handed over', (t) =>
  eachHouse(t, 'assign', async (house) => {
    const [a, b] = await house.raise({}, { entity: 'e2' });
    for (const f of [a!, b!]) await house.call('findings.assign', { params: { finding: f.id }, body: { person: house.lead } });
    await house.call('findings.close', { params: { finding: b!.id }, body: { outcome: 'handled' } });
    await assert.rejects(house.call('findings.assign', { params: { finding: a!.id }, body: { person: newId() } }), problem('not_found'));
    const moved = { findings: 0, tickets: 0 };
    const next = await house.kernel.tenancy.inOrg(scopeOf(house.member.id), async (tx) => {
      const person = await house.orgs.createPerson(tx, house.member.id, { name: '石田 次郎', emails: ['ishida@example.jp'] });
      await tx.emit('roles.handedOver', { orgId: house.member.id, role: 'lead', from: house.lead, to: person.id, moved });
      return person.id;
    });
    assert.equal(moved.findings, 1);
    assert.deepEqual((await house.call<Shown>('findings.get', { params: { finding: a!.id } })).assignee, { id: next, name: '石田 次郎' });
    assert.equal((await house.call<Shown>('findings.get', { params: { finding: b!.id } })).assignee!.id, house.lead);
  }));

test('asking the desk makes one ticket; without a desk nothing is pretended', (t) =>
  eachHouse(t, 'ask', async (house) => {
    const [f] = await house.raise({});
    const params = { finding: f!.id };
    await assert.rejects(house.call('findings.ask', { params, body: { message: 'これは何ですか' } }), problem('desk_unreachable'));
    const ticket = newId();
    const messages: string[] = [];
    house.kernel.bus.on('findings.asked', async (_tx, question) => {
      messages.push(question.message);
      question.ticketId ??= ticket;
    });
    assert.deepEqual(await house.call('findings.ask', { params, body: { message: 'これは何ですか' } }), { ticket });
    assert.deepEqual(await house.call('findings.ask', { params, body: {} }), { ticket });
    assert.deepEqual(await house.call('findings.ask', { params, body: { message: 'もう一つ' } }), { ticket });
    assert.deepEqual(messages, ['これは何ですか', 'もう一つ']);
    const shown = await house.call<Detail>('findings.get', { params });
    assert.equal(shown.ticket, ticket);
    assert.equal(shown.history.filter((h) => h.what === 'ticket').length, 1);
  }));

test('the house is told of new, reopened and graver findings, not of growth; the page of each', (t) =>
  eachHouse(t, 'events', async (house) => {
    const told: [boolean, string][] = [];
    house.kernel.bus.on('findings.raised', async (_tx, e) => void told.push([e.created, e.severity]));
    await house.raise({ deskTicket: true });
    await house.raise({});
    await house.raise({ severity: 'now' });
    assert.deepEqual(told, [[true, 'look'], [false, 'now']]);
    const stream = await house.call<Response>('live.stream');
    const reader = stream.body!.getReader();
    await reader.read();
    const [f] = await house.raise({});
    const event = JSON.parse(new TextDecoder().decode((await reader.read()).value).replace(/^data: /, '')) as { topics: string[]; id: string };
    assert.ok(event.topics.includes('findings'));
    assert.equal(event.id, f!.id);
    await reader.cancel();
  }));

test('what a device said is over closes by itself, and only that', (t) =>
  eachHouse(t, 'settle', async (house) => {
    await house.raise({ fingerprint: 'device.silent a' }, { fingerprint: 'device.silent b' });
    const inMember = <T>(fn: Parameters<typeof house.kernel.tenancy.inOrg<T>>[1]) => house.kernel.tenancy.inOrg(scopeOf(house.member.id), fn);
    await inMember((tx) => house.findings.settle(tx, house.member.id, ['device.silent a', 'never there']));
    assert.deepEqual(await inMember((tx) => house.findings.openFingerprints(tx, house.member.id, ['device.silent a', 'device.silent b'])), new Set(['device.silent b']));
    const [closed] = (await house.call<Page<Shown>>('findings.list', { query: { state: 'closed' } })).items;
    assert.deepEqual([closed!.outcome, closed!.closedBy], ['handled', '番屋']);
  }));

test('home shows at most five cards, worst and oldest first, with what other modules ask', (t) =>
  eachHouse(t, 'home', async (house) => {
    for (let i = 0; i < 6; i += 1) await house.raise({ entity: `e${i}`, severity: i === 4 ? 'now' : i === 5 ? 'fyi' : 'look' });
    house.findings.addCards(async () => [
      { key: 'ticket:1', kind: 'ticket', severity: 'now', title: { ja: 'デスクがお返事を待っています', en: 'The desk waits for your answer' }, step: { ja: '返事を書く', en: 'Answer' }, minutes: 5, askedBy: { ja: 'デスク', en: 'The desk' }, target: newId(), since: new Date(house.kernel.time - DAY) },
    ]);
    house.findings.setLastWeek(async (_tx, _org, week, before) => ({ stopped: week.from === '2026-11-16' && week.to === '2026-11-22' ? 412 : 0, stoppedWeekBefore: before.to === '2026-11-15' ? 300 : 0 }));
    house.findings.setHealth(async () => ({ sources: 3, flowing: 2, silent: 1, lastLineAt: null }));
    const counted = await house.kernel.gate.counted(() => house.call<Home>('home.get'));
    const page = counted.result;
    assert.ok(counted.statements <= 10);
    assert.deepEqual(page.cards.map((c) => [c.key.split(':')[0], c.severity]), [['ticket', 'now'], ['finding', 'now'], ['finding', 'look'], ['finding', 'look'], ['finding', 'look']]);
    assert.ok(page.cards.every((c) => c.step !== '' && !/分）$/.test(c.step)));
    assert.deepEqual([page.moreOpen, page.lastWeek, page.health.sources], [1, { stopped: 412, stoppedWeekBefore: 300, closed: 0, open: 5 }, 3]);
  }));
