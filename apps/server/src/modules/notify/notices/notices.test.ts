import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { call, eachKernel, problem, scopeOf, type TestKernel } from '../kernel.test-helper.ts';
import { openNotify } from '../index.ts';
import { bodyOf, creditLine, mayLook, nextPost, quietFor, refusedForGood, signature, USUAL, type Notice, type Urgency } from './rules.ts';

const ORG = '01900000-0000-7000-8000-00000000000b';
const HOUR = 3_600_000;
const notice = (more: Partial<Notice> = {}): Notice => ({
  id: 'f1', at: '2026-11-23T00:00:00.000Z', urgency: 'now', organisation: { id: ORG, name: '青葉製作所' }, title: '経理のパソコンが指令役と話しています', text: 'まだ続いています。', steps: ['LANケーブルを抜く（1分）', 'デスクに電話する（1分）'], callWhen: 'すぐ', url: 'https://banya.example.jp/o/x/findings/f1',
  rule: { id: 'r', title: 'Odd traffic', author: 'Example Author', license: 'DRL-1.1', references: ['https://example.com'] }, ...more,
});

test('quiet hours go over midnight, and equal ends mean none', () => {
  assert.deepEqual([quietFor(USUAL, 21 * 60 + 59), quietFor(USUAL, 22 * 60), quietFor(USUAL, 0), quietFor(USUAL, 6 * 60 + 59), quietFor(USUAL, 7 * 60)], [0, 540, 420, 1, 0]);
  assert.equal(quietFor({ ...USUAL, quietFrom: 600, quietUntil: 600 }, 600), 0);
  assert.equal(quietFor({ ...USUAL, quietFrom: 600, quietUntil: 660 }, 630), 30);
});

test('one notice a week that can wait, beside the weekly one; what must be acted on at once does not count', () => {
  const may = (...told: Urgency[]): boolean => mayLook(USUAL, told);
  assert.deepEqual([may(), may('week'), may('now', 'now', 'week'), may('look'), may('week', 'look')], [true, true, true, false, false]);
  assert.equal(mayLook({ ...USUAL, look: false }, []), false);
});

test('every form says what happened, what to do and who wrote the rule, and nothing of a log line becomes a link or a mention', () => {
  for (const form of ['json', 'teams', 'slack'] as const) {
    const body = bodyOf(form, notice(), 'ja');
    for (const words of ['経理のパソコンが指令役と話しています', 'まだ続いています。', 'LANケーブルを抜く（1分）', 'すぐ', 'https://banya.example.jp/o/x/findings/f1', 'Example Author', 'DRL-1.1']) assert.ok(JSON.stringify(JSON.parse(body)).includes(words), `${form}: ${words}`);
  }
  const evil = notice({ title: '<!channel> <https://evil.example|click> [a](https://evil.example) *b*' });
  assert.doesNotMatch(bodyOf('slack', evil, 'en'), /<!channel>|<https:\/\/evil/);
  assert.doesNotMatch(bodyOf('teams', evil, 'en'), /[^\\]\[a\]\(/);
  // An address alone, as lines have it, too: nobody may come to an attacker's page from a warning of it.
  const bare = notice({ text: 'PC-3 → https://evil.example/x, www.evil.example @channel' });
  const blocks = (JSON.parse(bodyOf('slack', bare, 'en')) as { blocks: { text?: { type: string; verbatim?: boolean }; elements?: { type: string; verbatim?: boolean }[] }[] }).blocks.flatMap((b) => b.elements ?? [b.text!]);
  assert.ok(blocks.length >= 5 && blocks.every((b) => b.type !== 'mrkdwn' || b.verbatim === true));
  assert.doesNotMatch(bodyOf('teams', bare, 'en'), /\/\/evil|www\.evil/);
  assert.equal(creditLine({ ...notice().rule!, author: 'Banya' }, 'ja'), '');
  fc.assert(fc.property(fc.string(), fc.string(), (title, text) => {
    for (const form of ['json', 'teams', 'slack'] as const) JSON.parse(bodyOf(form, notice({ title, text }), 'ja'));
  }));
});

test('a signature is the one a receiver computes, and changes with time and body', () => {
  const mine = signature('secret', 1764547200, '{"a":1}');
  assert.equal(mine, `t=1764547200,v1=${createHmac('sha256', 'secret').update('1764547200.{"a":1}').digest('hex')}`);
  assert.notEqual(signature('secret', 1764547201, '{"a":1}').split('v1=')[1], mine.split('v1=')[1]);
});

test('a post is tried for a day, at growing distances; a refusal is not tried again', () => {
  const made = new Date(0);
  assert.deepEqual([nextPost(1, made, made), nextPost(3, made, made), nextPost(99, made, made)].map((d) => d!.getTime() / 60_000), [1, 30, 240]);
  assert.equal(nextPost(9, made, new Date(24 * HOUR)), null);
  assert.deepEqual([301, 404, 410, 429, 408, 500].map(refusedForGood), [true, true, true, false, false, false]);
});

interface Sent { url: string; headers: Record<string, string>; body: string }
async function withPosts(t: Parameters<typeof eachKernel>[0], name: string, fn: (kernel: TestKernel, notify: ReturnType<typeof openNotify>, sent: Sent[], answer: { status: number }) => Promise<void>): Promise<void> {
  await eachKernel(t, name, async (kernel) => {
    const sent: Sent[] = [];
    const answer = { status: 200 };
    const notify = openNotify(kernel, { fetch: async (url, options) => {
      sent.push({ url: String(url), headers: options.headers as Record<string, string>, body: String(options.body) });
      if (answer.status === 0) throw new Error('no connection');
      return new Response(null, { status: answer.status });
    } });
    await fn(kernel, notify, sent, answer);
  });
}
const scope = scopeOf(ORG);
const tell = (kernel: TestKernel, notify: ReturnType<typeof openNotify>, urgency: Urgency) => kernel.tenancy.inOrg(scope, (tx) => notify.tell(tx, ORG, urgency, () => notice({ urgency })));

test('what is told is posted to each place that wants it, signed, once, and its address is never shown again', (t) =>
  withPosts(t, 'posts', async (kernel, notify, sent) => {
    const add = (body: object) => call<{ id: string; host: string; secret: string | null }>(notify, 'notices.addChannel', { scope, body });
    const json = await add({ name: '社内の監視', form: 'json', url: 'https://hook.example.jp/in?key=very-secret', what: 'all', lang: 'ja' });
    const chat = await add({ name: 'チャット', form: 'slack', url: 'https://chat.example.jp/services/T0/B0/xyz', what: 'now', lang: 'ja' });
    assert.equal(chat.secret, null);
    const shown = await call<object>(notify, 'notices.get', { scope });
    assert.doesNotMatch(JSON.stringify(shown), /very-secret|xyz/);
    for (const { url_sealed } of (await kernel.gate.query<{ url_sealed: string }>('select url_sealed from notify_channels')).rows) assert.doesNotMatch(url_sealed, /secret|xyz|example/);
    await tell(kernel, notify, 'look');
    await kernel.work(notify);
    assert.deepEqual(sent.map((s) => s.url), ['https://hook.example.jp/in?key=very-secret']);
    assert.equal(sent[0]!.headers['banya-signature'], signature(json.secret!, Math.floor(kernel.time / 1000), sent[0]!.body));
    await tell(kernel, notify, 'now');
    await kernel.work(notify);
    assert.deepEqual(sent.slice(1).map((s) => new URL(s.url).host).sort(), ['chat.example.jp', 'hook.example.jp']);
    await call(notify, 'notices.removeChannel', { scope, params: { channel: json.id } });
    await assert.rejects(call(notify, 'notices.removeChannel', { scope: scopeOf('01900000-0000-7000-8000-0000000000cc'), params: { channel: chat.id } }), problem('not_found'));
    await tell(kernel, notify, 'look');
    await kernel.work(notify);
    assert.equal(sent.length, 3);
  }));

test('a place that does not answer is tried again and shows why; a refusal is given up; the sixth place is refused', (t) =>
  withPosts(t, 'failing', async (kernel, notify, sent, answer) => {
    const add = (n: number) => call<{ id: string }>(notify, 'notices.addChannel', { scope, body: { name: `${n}`, form: 'teams', url: `https://hook${n}.example.jp/`, what: 'now', lang: 'en' } });
    const { id } = await add(1);
    answer.status = 503;
    await tell(kernel, notify, 'now');
    await kernel.work(notify);
    assert.equal((await call<{ channels: { lastError: string | null }[] }>(notify, 'notices.get', { scope })).channels[0]!.lastError, 'HTTP 503');
    kernel.time += 2 * 60_000;
    answer.status = 200;
    await kernel.work(notify);
    assert.deepEqual([sent.length, (await call<{ channels: { lastError: string | null }[] }>(notify, 'notices.get', { scope })).channels[0]!.lastError], [2, null]);
    answer.status = 404;
    await tell(kernel, notify, 'now');
    await kernel.work(notify);
    kernel.time += 25 * HOUR;
    assert.equal(await kernel.work(notify), 0);
    assert.equal((await kernel.gate.query("select 1 from notify_posts where state = 'failed'")).rows.length, 1);
    answer.status = 0;
    assert.deepEqual(await call(notify, 'notices.testChannel', { scope, params: { channel: id } }), { ok: false, error: 'no connection' });
    for (const n of [2, 3, 4, 5]) await add(n);
    await assert.rejects(add(6), problem('too_many_channels'));
    await assert.rejects(async () => call(notify, 'notices.addChannel', { scope, body: { name: 'x', form: 'json', url: 'http://plain.example.jp/', what: 'now', lang: 'ja' } }));
  }));

test('whoever has left is posted nothing more, and others are', (t) =>
  withPosts(t, 'left', async (kernel, notify, sent, answer) => {
    const stays = scopeOf('01900000-0000-7000-8000-0000000000cc');
    for (const [at, host] of [[scope, 'gone'], [stays, 'here']] as const) await call(notify, 'notices.addChannel', { scope: at, body: { name: 'x', form: 'json', url: `https://${host}.example.jp/`, what: 'now', lang: 'ja' } });
    answer.status = 503;
    await tell(kernel, notify, 'now');
    await kernel.work(notify);
    answer.status = 200;
    await kernel.tenancy.asSystem('test: leave', (tx) => tx.emit('orgs.left', { orgId: ORG }));
    kernel.time += HOUR;
    await kernel.tenancy.inOrg(stays, (tx) => notify.tell(tx, stays.orgId, 'now', () => notice()));
    await kernel.work(notify);
    assert.deepEqual(sent.map((s) => new URL(s.url).host), ['gone.example.jp', 'here.example.jp']);
    assert.equal((await kernel.gate.query('select 1 from notify_posts where org_id = $1', [ORG])).rows.length, 0);
  }));

// Without it a member's password makes Banya knock on somebody's door as often as one likes.
test('trials are so many and then one a minute, for one organisation', (t) =>
  withPosts(t, 'trials', async (kernel, notify, sent) => {
    const { id } = await call<{ id: string }>(notify, 'notices.addChannel', { scope, body: { name: 'x', form: 'json', url: 'https://hook.example.jp/', what: 'now', lang: 'ja' } });
    const trial = () => call(notify, 'notices.testChannel', { scope, params: { channel: id } });
    for (let i = 0; i < 10; i += 1) await trial();
    await assert.rejects(trial(), problem('too_many_requests'));
    kernel.time += 61_000;
    await trial();
    assert.equal(sent.length, 11);
  }));

test('addresses of the inside are never posted to', (t) =>
  eachKernel(t, 'inside', async (kernel) => {
    const notify = openNotify(kernel);
    const { id } = await call<{ id: string }>(notify, 'notices.addChannel', { scope, body: { name: '中', form: 'json', url: 'https://127.0.0.1:9/', what: 'now', lang: 'ja' } });
    assert.deepEqual(await call(notify, 'notices.testChannel', { scope, params: { channel: id } }), { ok: false, error: '127.0.0.1 is an address of the inside' });
  }));

test('quiet hours and the phone list are kept as they are set, for one organisation', (t) =>
  eachKernel(t, 'settings', async (kernel) => {
    const notify = openNotify(kernel);
    assert.deepEqual(await call(notify, 'notices.get', { scope }), { quietFrom: '22:00', quietUntil: '07:00', look: true, channels: [] });
    await call(notify, 'notices.set', { scope, body: { quietFrom: '20:30', quietUntil: '08:00', look: false } });
    assert.deepEqual(await kernel.tenancy.inOrg(scope, async (tx) => [await notify.quietMinutes(tx, ORG, 21 * 60), await notify.mayLook(tx, ORG)]), [11 * 60, false]);
    const items = [{ name: '社長', phone: '090-0000-0001', hours: '平日の昼' }, { name: '夜の当番', phone: '090-0000-0002', hours: '' }];
    await call(notify, 'notices.setPhones', { scope, body: { items } });
    assert.deepEqual(await call(notify, 'notices.phones', { scope }), { items });
    await call(notify, 'notices.setPhones', { scope, body: { items: items.slice(1) } });
    assert.deepEqual((await call<{ items: object[] }>(notify, 'notices.phones', { scope })).items.length, 1);
    await call(notify, 'notices.setPhones', { scope, body: { items: [{ name: '社長', phone: '０４３−１２３−４５６７', hours: '' }, { name: '海外の窓口', phone: '+1 212 555 0100', hours: '' }] } });
    assert.deepEqual((await call<{ items: { phone: string }[] }>(notify, 'notices.phones', { scope })).items.map((one) => one.phone), ['043-123-4567', '+1-212-555-0100']);
    await assert.rejects(async () => call(notify, 'notices.setPhones', { scope, body: { items: [items[0], { name: '夜の当番', phone: '内線 12', hours: '' }] } }), (error: { fields?: { at: string }[] }) => error.fields?.[0]?.at === '/items/1/phone');
    assert.deepEqual(await call(notify, 'notices.phones', { scope: scopeOf('01900000-0000-7000-8000-0000000000cc') }), { items: [] });
  }));
