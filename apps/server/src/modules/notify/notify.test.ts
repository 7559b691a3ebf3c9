import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutgoingMail } from '../../kernel/kernel.ts';
import { newId } from '../../kernel/ids.ts';
import { openNotify, type Notify } from './index.ts';
import { call, eachKernel, problem, scopeOf, type TestKernel } from './kernel.test-helper.ts';
import { closedPort, decodedBody, header, headerNames, openMailServer, type TestMailServer } from './smtp.test-helper.ts';

const HOUR = 3_600_000;
const link = 'https://banya.example.jp/signin/himitsu-no-link';
const org = newId();

interface Listed { items: { id: string; to: string; subject: string; text: string; state: string; tries: number; error: string | null }[]; next: string | null; total: { count: number; more: boolean } }

const listed = (notify: Notify, orgId = org, query: object = {}): Promise<Listed> => call(notify, 'outbox.list', { scope: scopeOf(orgId), query });
const letter = (more: Partial<OutgoingMail> = {}): OutgoingMail => ({ orgId: org, to: 'aoki@example.jp', lang: 'ja', subject: '今週やることは2つです', text: '青木さん\n経理のパソコンを見てください。\n', ...more });

async function setServer(notify: Notify, server: { port: number }, more: object = {}): Promise<void> {
  await call(notify, 'operate.mailPut', { body: { host: '127.0.0.1', port: server.port, secure: false, from: 'banya@example.jp', ...more } });
}

async function withServer(fn: (server: TestMailServer) => Promise<void>, options?: Parameters<typeof openMailServer>[0]): Promise<void> {
  const server = await openMailServer(options);
  try {
    await fn(server);
  } finally {
    await server.close();
  }
}

test('a mail leaves once, in the reader’s language, however often its job runs', (t) =>
  eachKernel(t, 'sent once', (kernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    await setServer(notify, server);
    await notify.mailNow(letter());
    await kernel.work(notify);
    const [mail] = (await listed(notify)).items;
    for (let i = 0; i < 3; i += 1) await kernel.run(notify, 'notify.send', { orgId: org, mailId: mail!.id });
    assert.equal(server.received.length, 1);
    const { raw, to, from } = server.received[0]!;
    assert.deepEqual([from, to], ['banya@example.jp', ['aoki@example.jp']]);
    assert.equal(header(raw, 'Auto-Submitted'), 'auto-generated');
    assert.match(header(raw, 'Message-ID')!, /^<[0-9a-f-]{36}@example\.jp>$/);
    const subject = [...header(raw, 'Subject')!.matchAll(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi)].map((m) => Buffer.from(m[1]!.toUpperCase() === 'B' ? m[2]! : m[2]!.replaceAll('_', ' ').replace(/=(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), m[1]!.toUpperCase() === 'B' ? 'base64' : 'latin1').toString('utf8')).join('');
    assert.equal(subject, '今週やることは2つです');
    assert.equal(decodedBody(raw).trim().replaceAll('\r\n', '\n'), '青木さん\n経理のパソコンを見てください。');
    assert.equal((await listed(notify)).items[0]!.state, 'sent');
    await assert.rejects(call(notify, 'outbox.again', { scope: scopeOf(org), params: { mail: mail!.id } }), problem('mail_already_sent'));
  })));

test('workers that take the same mail at the same moment send it once', (t) =>
  eachKernel(t, 'two workers', (kernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    await setServer(notify, server);
    await notify.mailNow(letter());
    const [mail] = (await listed(notify)).items;
    await Promise.all(Array.from({ length: 4 }, () => kernel.run(notify, 'notify.send', { orgId: org, mailId: mail!.id })));
    assert.equal(server.received.length, 1);
  })));

test('mails with the same key are made once, in each organisation', (t) =>
  eachKernel(t, 'key', async (kernel) => {
    const notify = openNotify(kernel);
    for (let i = 0; i < 3; i += 1) await notify.mailNow(letter({ key: 'weekly:2026-W48' }));
    await notify.mailNow(letter({ key: 'weekly:2026-W48', orgId: newId() }));
    assert.equal((await listed(notify)).items.length, 1);
  }));

test('a transaction that is undone sends nothing', (t) =>
  eachKernel(t, 'undone', async (kernel) => {
    const notify = openNotify(kernel);
    await assert.rejects(kernel.tenancy.inOrg(scopeOf(org), async (tx) => {
      await notify.mail(tx, letter());
      throw new Error('undone');
    }), /undone/);
    assert.equal(await kernel.work(notify), 0);
    assert.deepEqual((await listed(notify)).items, []);
  }));

test('without a mail server mails are kept and shown, and those of the last week leave when one is set; links stay', (t) =>
  eachKernel(t, 'kept', (kernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    await notify.mailNow(letter({ subject: '古いお知らせ' }));
    await kernel.work(notify);
    kernel.time += 8 * 24 * HOUR;
    await notify.mailNow(letter({ subject: '新しいお知らせ' }));
    await notify.mailNow(letter({ subject: 'リンク', text: `開く: ${link}`, masked: [link] }));
    await kernel.work(notify);
    assert.deepEqual((await listed(notify, org, { state: 'kept' })).items.map((m) => m.state), ['kept', 'kept', 'kept']);
    await setServer(notify, server);
    await kernel.work(notify);
    assert.equal(server.received.length, 1);
    assert.deepEqual((await listed(notify)).items.map((m) => [m.subject, m.state]), [['リンク', 'kept'], ['新しいお知らせ', 'sent'], ['古いお知らせ', 'kept']]);
  })));

test('a mail server that is down delays mails and loses none', (t) =>
  eachKernel(t, 'down', (kernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    await setServer(notify, { port: await closedPort() });
    for (let i = 0; i < 3; i += 1) await notify.mailNow(letter({ to: `p${i}@example.jp` }));
    await kernel.work(notify);
    const waiting = (await listed(notify)).items;
    assert.deepEqual(waiting.map((m) => [m.state, m.tries]), [['waiting', 1], ['waiting', 1], ['waiting', 1]]);
    assert.match(waiting[0]!.error!, /つながりません/);
    await setServer(notify, server);
    kernel.time += 61_000;
    await kernel.work(notify);
    assert.deepEqual(server.received.map((r) => r.to[0]).sort(), ['p0@example.jp', 'p1@example.jp', 'p2@example.jp']);
  })));

test('a server that says "later" gets the same mail with the same Message-ID later; after a day the operator is told', (t) =>
  eachKernel(t, 'later', (kernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    const failed: unknown[] = [];
    kernel.bus.on('notify.failed', async (_tx, payload) => void failed.push(payload));
    await setServer(notify, server);
    server.answerText = 451;
    await notify.mailNow(letter());
    await kernel.work(notify);
    const [mail] = (await listed(notify)).items;
    for (let i = 0; i < 30; i += 1) {
      kernel.time += HOUR;
      await kernel.work(notify);
    }
    assert.ok(server.received.length >= 6);
    assert.equal(new Set(server.received.map((r) => header(r.raw, 'Message-ID'))).size, 1);
    assert.equal((await listed(notify)).items[0]!.state, 'failed');
    assert.deepEqual(failed, [{ orgId: org, mailId: mail!.id, code: 'server_busy' }]);
    server.answerText = null;
    await call(notify, 'outbox.again', { scope: scopeOf(org), params: { mail: mail!.id } });
    await kernel.work(notify);
    assert.equal((await listed(notify)).items[0]!.state, 'sent');
  })));

test('a refused recipient fails at once with words for the sender, and others still leave', (t) =>
  eachKernel(t, 'refused', (kernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    await setServer(notify, server);
    server.refuse.set('nobody@example.jp', 550);
    await notify.mailNow(letter({ to: 'nobody@example.jp' }));
    await notify.mailNow(letter());
    await kernel.work(notify);
    const items = (await listed(notify)).items;
    assert.deepEqual(items.map((m) => m.state), ['sent', 'failed']);
    assert.match(items[1]!.error!, /受け付けませんでした.*550/);
  })));

test('a connection that breaks after the text is in doubt: told, and not sent again by itself', (t) =>
  eachKernel(t, 'in doubt', (kernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    await setServer(notify, server);
    server.cutAfterText = true;
    await notify.mailNow(letter());
    await kernel.work(notify);
    kernel.time += 2 * HOUR;
    await kernel.run(notify, 'notify.sweep');
    await kernel.work(notify);
    assert.equal(server.received.length, 1);
    const [mail] = (await listed(notify)).items;
    assert.equal(mail!.state, 'failed');
    assert.match(mail!.error!, /届いたかどうか分からない/);
  })));

test('a process that dies during a try loses no mail, and repeats none that may have left', (t) =>
  eachKernel(t, 'death', (kernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    await setServer(notify, server);
    await notify.mailNow(letter({ to: 'before@example.jp' }));
    await notify.mailNow(letter({ to: 'after@example.jp' }));
    // What a process leaves behind that ended before and after the text left it; their jobs are gone.
    await kernel.gate.query('delete from kernel_outbox');
    await kernel.gate.query('update notify_mails set held_until = $1, tries = 1', [new Date(kernel.time + 300_000)]);
    await kernel.gate.query("update notify_mails set handed_at = $1 where recipient = 'after@example.jp'", [new Date(kernel.time)]);
    await kernel.run(notify, 'notify.sweep');
    assert.equal(await kernel.work(notify), 0, 'held mails are left alone');
    kernel.time += 11 * 60_000;
    await kernel.run(notify, 'notify.sweep');
    await kernel.work(notify);
    assert.deepEqual(server.received.map((r) => r.to[0]), ['before@example.jp']);
    assert.deepEqual((await listed(notify)).items.map((m) => [m.to, m.state]), [['after@example.jp', 'failed'], ['before@example.jp', 'sent']]);
  })));

test('nothing people write becomes a header or a second recipient', (t) =>
  eachKernel(t, 'injection', (kernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    await setServer(notify, server);
    await notify.mailNow(letter({ subject: '件名\r\nBcc: evil@example.com\r\n\r\n本文', text: '.\r\nMAIL FROM:<x@example.com>\r\n..\n', lang: 'en' }));
    await notify.mailNow(letter({ to: 'aoki@example.jp\r\nBcc: evil@example.com' }));
    await notify.mailNow(letter({ to: 'aoki@example.jp, evil@example.com' }));
    await kernel.work(notify);
    assert.equal(server.received.length, 1);
    assert.deepEqual(server.received[0]!.to, ['aoki@example.jp']);
    assert.ok(!headerNames(server.received[0]!.raw).includes('bcc'));
    assert.match(decodedBody(server.received[0]!.raw), /^\.\r?\nMAIL FROM:<x@example.com>\r?\n\.\.\r?\n?$/);
    assert.deepEqual((await listed(notify, org, { state: 'failed' })).items.map((m) => m.tries), [0, 0]);
  })));

test('a sign-in link arrives by mail but is nowhere in the outbox or the store, before or after', (t) =>
  eachKernel(t, 'masked', (kernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    await notify.mailNow(letter({ text: `開いてください。\n\n${link}\n`, subject: `リンク ${link}`, masked: [link] }));
    const everything = async (): Promise<string> => JSON.stringify([await listed(notify), (await kernel.gate.query('select * from notify_mails')).rows, (await kernel.gate.query('select * from kernel_outbox')).rows, (await kernel.gate.query('select * from kernel_ledger')).rows]);
    assert.ok(!(await everything()).includes('himitsu-no-link'));
    assert.match((await listed(notify)).items[0]!.text, /開いてください/);
    await setServer(notify, server);
    await kernel.work(notify);
    assert.ok(decodedBody(server.received[0]!.raw).includes(link));
    assert.ok(!(await everything()).includes('himitsu-no-link'));
    assert.equal((await kernel.gate.query('select 1 from notify_mails where sealed is not null')).rows.length, 0);
  })));

test('another organisation’s mails cannot be seen or sent again', (t) =>
  eachKernel(t, 'isolation', async (kernel) => {
    const notify = openNotify(kernel);
    const other = newId();
    await notify.mailNow(letter());
    const [mail] = (await listed(notify)).items;
    assert.deepEqual((await listed(notify, other)).items, []);
    await assert.rejects(call(notify, 'outbox.again', { scope: scopeOf(other), params: { mail: mail!.id } }), problem('not_found'));
    await assert.rejects(kernel.tenancy.inOrg(scopeOf(other), (tx) => notify.mail(tx, letter())), /row-level security/);
  }));

test('the outbox pages stay in place while mails are added, with two statements a page', (t) =>
  eachKernel(t, 'paging', async (kernel) => {
    const notify = openNotify(kernel);
    for (let i = 0; i < 5; i += 1) await notify.mailNow(letter({ subject: `m${i}` }));
    const first = await listed(notify, org, { limit: 2 });
    await notify.mailNow(letter({ subject: 'new' }));
    const counted = await kernel.gate.counted(() => listed(notify, org, { limit: 2, after: first.next! }));
    assert.deepEqual([...first.items, ...counted.result.items].map((m) => m.subject), ['m4', 'm3', 'm2', 'm1']);
    assert.equal(counted.statements, 2);
    assert.deepEqual(counted.result.total, { count: 6, more: false });
    await assert.rejects(listed(notify, org, { after: 'x' }), problem('cursor_broken'));
  }));

test('old mails go after ninety days, sealed links after two', (t) =>
  eachKernel(t, 'age', async (kernel) => {
    const notify = openNotify(kernel);
    await notify.mailNow(letter({ text: link, masked: [link] }));
    await kernel.work(notify);
    const [mail] = (await listed(notify)).items;
    kernel.time += 3 * 24 * HOUR;
    await kernel.run(notify, 'notify.clean');
    await assert.rejects(call(notify, 'outbox.again', { scope: scopeOf(org), params: { mail: mail!.id } }), problem('mail_text_gone'));
    kernel.time += 88 * 24 * HOUR;
    await kernel.run(notify, 'notify.clean');
    assert.deepEqual((await listed(notify)).items, []);
  }));

interface Tested { ok: boolean; message: string }
const tested = (notify: Notify, lang: 'ja' | 'en' = 'ja'): Promise<Tested> => call(notify, 'operate.mailTest', { body: { to: 'operator@example.jp' }, lang });

test('the mail test says in plain words what is wrong, and the password never comes back out', (t) =>
  eachKernel(t, 'settings', (kernel: TestKernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    assert.match((await tested(notify)).message, /まだ設定されていません/);
    await setServer(notify, server, { user: 'banya', password: 'himitsu-1' });
    const shown = await call<object>(notify, 'operate.mailGet');
    assert.deepEqual(shown, { host: '127.0.0.1', port: server.port, secure: false, user: 'banya', from: 'banya@example.jp', hasPassword: true });
    assert.ok(!JSON.stringify(await kernel.settings.get('mail')).includes('himitsu-1'));
    assert.deepEqual((await tested(notify)).ok, true);
    await setServer(notify, server, { user: 'banya' });
    assert.equal((await tested(notify)).ok, true, 'a password left out stays');
    await setServer(notify, server, { user: 'banya', password: 'wrong' });
    assert.match((await tested(notify)).message, /パスワードが違う/);
    assert.match((await tested(notify, 'en')).message, /password/);
    await setServer(notify, { port: await closedPort() });
    assert.match((await tested(notify)).message, /つながりません/);
    await setServer(notify, server, { host: 'mail.invalid' });
    assert.match((await tested(notify)).message, /見つかりません/);
    assert.equal(server.received.length, 2);
  })));

test('a password does not go along to another server', (t) =>
  eachKernel(t, 'password', (kernel) => withServer(async (server) => {
    const notify = openNotify(kernel);
    await setServer(notify, server, { user: 'banya', password: 'himitsu-1', host: 'localhost' });
    await setServer(notify, server, { user: 'banya', host: '127.0.0.1' });
    assert.equal((await call<{ hasPassword: boolean }>(notify, 'operate.mailGet')).hasPassword, false);
  })));

test('a server elsewhere without STARTTLS, or with a certificate nobody vouches for, gets no mail and no password', (t) =>
  eachKernel(t, 'tls', async (kernel) => {
    const notify = openNotify(kernel);
    // 0.0.0.0 reaches this machine without being one of its names, so it is treated as a server elsewhere.
    await withServer(async (server) => {
      await setServer(notify, server, { host: '0.0.0.0', user: 'banya', password: 'himitsu-1' });
      assert.match((await tested(notify)).message, /STARTTLS/);
      assert.equal(server.received.length, 0);
    });
    await withServer(async (server) => {
      await setServer(notify, server, { host: '0.0.0.0', user: 'banya', password: 'himitsu-1' });
      assert.match((await tested(notify)).message, /証明書/);
      await setServer(notify, server, { host: '127.0.0.1' });
      assert.equal((await tested(notify)).ok, true);
      assert.deepEqual(server.received.map((r) => r.secure), [true]);
    }, { disabledCommands: [] });
  }));
