import assert from 'node:assert/strict';
import { createServer as createHttp } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import pino from 'pino';
import { loadConfig } from '../../kernel/config.ts';
import { tooMany } from '../../kernel/errors.ts';
import { letter } from '../../../test/mails.ts';
import type { ReportedMail } from '../smtp/index.ts';
import { missing, startDovecot, type Dovecot } from './dovecot.test-helper.ts';
import { openMailboxDoor, type MailboxDoor, type MailboxDoorParts, type MailboxSettings } from './index.ts';

const ORG = '01900000-0000-7000-8000-00000000000a';
const blank: MailboxSettings = { orgId: ORG, kind: 'imap', host: 'localhost', port: 993, user: 'desk@member.example', folder: null, tenant: null, clientId: null, secret: 'himitsu-1' };

interface Rig {
  readonly door: MailboxDoor;
  readonly reports: ReportedMail[];
  settings: MailboxSettings;
  readonly errors: (string | null)[];
  time: number;
}
function rig(t: TestContext, settings: MailboxSettings, more: Partial<MailboxDoorParts> = {}, inside = ['localhost', '127.0.0.1'].flatMap((host) => [host, ...(settings.port ? [`${host}:${settings.port}`] : [])]).join()): Rig {
  let place: { place: string; uidValidity: string; lastUid: number; readAt: Date } | null = null;
  const keys = new Set<string>();
  const state = {
    reports: [] as ReportedMail[], settings, errors: [] as (string | null)[], time: Date.now(),
  };
  const door = openMailboxDoor({
    kernel: { config: loadConfig(['--mailbox-inside-hosts', inside], {}), clock: { now: () => state.time }, log: pino({ enabled: false }) },
    store: { withMailbox: async () => [ORG], mailbox: async () => state.settings, mailboxRead: async (_org, error) => void state.errors.push(error) },
    places: { get: async () => place, put: async (_org, at) => void (place = { ...at, readAt: new Date(state.time) }) },
    samples: { recipient: async () => null, report: async (mail) => { const again = keys.has(mail.key); keys.add(mail.key); if (!again) state.reports.push(mail); return { sampleId: mail.key, again }; } },
    people: { byAddress: async (address) => (address === 'hana@member.example' ? [{ personId: 'p1', orgId: ORG, name: '北浜 花' }] : []) },
    loop: { mark: 'our-mark', isOurId: () => false },
    reader: { read: async (raw) => ({ subject: '', name: '', text: Buffer.from(raw).toString('utf8').split('\r\n\r\n')[1] ?? '', attached: true, files: 1 }), close: () => {} },
    ...more,
  });
  t.after(() => door.stop!());
  return Object.assign(state, { door });
}

test('a mailbox on a real IMAP server', { skip: missing() ?? false }, async (t) => {
  const dovecot: Dovecot = await startDovecot();
  t.after(() => dovecot.close());
  const here = { ...blank, port: dovecot.tlsPort };

  await t.test('what lies there before the first reading is let alone; what comes after is a report of whoever forwarded it; nothing in it changes', async (t) => {
    dovecot.drop(letter({ from: 'old@member.example' }));
    const r = rig(t, here, { ca: dovecot.ca });
    assert.equal(await r.door.poll(ORG), 0);
    dovecot.drop(letter({ from: 'Hana <hana@member.example>', text: '添付を開いてしまいました' }));
    dovecot.drop(letter({ from: 'phisher@elsewhere.example', text: 'Click here' }));
    const before = dovecot.files().length;
    assert.equal(await r.door.poll(ORG), 2);
    assert.deepEqual(r.reports.map((m) => [m.orgId, m.reporter, m.channel, m.touched, m.answer]), [
      [ORG, { id: 'p1', name: '北浜 花' }, 'mailbox', 'file', true], [ORG, { id: null, name: 'desk@member.example' }, 'mailbox', null, false],
    ]);
    assert.match(Buffer.from(r.reports[1]!.raw).toString('utf8'), /Click here/);
    assert.equal(await r.door.poll(ORG), 0, 'once');
    assert.equal(dovecot.files().length, before, 'none is gone');
    assert.ok(dovecot.files().every((name) => !/:2,.*S/.test(name)), 'none is marked as read');
    assert.deepEqual(r.errors, [null, null, null]);
  });

  await t.test('when the server numbers anew, no mail is taken twice and none is missed', async (t) => {
    const r = rig(t, here, { ca: dovecot.ca });
    await r.door.poll(ORG);
    dovecot.drop(letter({ from: 'hana@member.example', id: '<one@member.example>', text: 'one' }));
    await r.door.poll(ORG);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    dovecot.renumber();
    dovecot.drop(letter({ from: 'hana@member.example', id: '<two@member.example>', text: 'two' }));
    await r.door.poll(ORG);
    const texts = r.reports.map((m) => Buffer.from(m.raw).toString('utf8').split('\r\n\r\n')[1]!.trim());
    assert.deepEqual([texts.filter((text) => text === 'one').length, texts.filter((text) => text === 'two').length], [1, 1]);
  });

  await t.test('our own mails in it are passed over', async (t) => {
    const r = rig(t, here, { ca: dovecot.ca });
    await r.door.poll(ORG);
    dovecot.drop(letter({ from: 'desk@banya.test', headers: ['Banya-Loop: our-mark'] }));
    assert.equal(await r.door.poll(ORG), 0);
    assert.deepEqual(r.reports, []);
  });

  await t.test('thirty lines more keep no mail from being looked at', async (t) => {
    const r = rig(t, here, { ca: dovecot.ca });
    await r.door.poll(ORG);
    dovecot.drop(letter({ from: 'phisher@elsewhere.example', headers: Array.from({ length: 31 }, (_, i) => `Received: from a by b; hop ${i}`) }));
    assert.equal(await r.door.poll(ORG), 1);
  });

  await t.test('more mails than may be judged at once wait for the next minute, and the mailbox is not given up', async (t) => {
    let room = 2;
    const taken: string[] = [];
    const r = rig(t, here, { ca: dovecot.ca, samples: { recipient: async () => null, report: async (mail) => { if (taken.length >= room) throw tooMany(20); taken.push(mail.key); return { sampleId: mail.key, again: false }; } } });
    await r.door.poll(ORG);
    for (let i = 0; i < 5; i += 1) dovecot.drop(letter({ from: 'phisher@elsewhere.example', text: String(i) }));
    assert.equal(await r.door.poll(ORG), 2);
    room = 4;
    assert.equal(await r.door.poll(ORG), 2);
    room = 9;
    assert.equal(await r.door.poll(ORG), 1);
    assert.deepEqual([new Set(taken).size, r.errors], [5, [null, null, null, null]]);
  });

  await t.test('another folder', async (t) => {
    const folder = rig(t, { ...here, folder: 'Reports' }, { ca: dovecot.ca });
    await folder.door.poll(ORG);
    dovecot.drop(letter({ from: 'hana@member.example' }), 'Reports');
    assert.equal(await folder.door.poll(ORG), 1);
  });

  await t.test('port 143 is spoken to with STARTTLS', async (t) => {
    if (dovecot.plainPort !== 143) return t.skip('port 143 is taken here');
    const r = rig(t, { ...here, port: 143 }, { ca: dovecot.ca });
    assert.equal((await r.door.test(r.settings, 'en')).ok, true);
    assert.match((await rig(t, r.settings).door.test(r.settings, 'en')).message, /certificate cannot be verified/);
  });

  await t.test('a try says in words whether it works and what is wrong', async (t) => {
    const r = rig(t, here, { ca: dovecot.ca });
    assert.match((await r.door.test(here, 'ja')).message, /^読めました。いま\d+通/);
    assert.match((await r.door.test({ ...here, secret: 'wrong' }, 'ja')).message, /ユーザー名かパスワードが違う/);
    assert.match((await r.door.test({ ...here, folder: 'Nowhere' }, 'en')).message, /no such folder/);
    assert.match((await r.door.test({ ...here, host: 'no-such-host.invalid' }, 'en')).message, /no server of this name/);
    assert.match((await r.door.test({ ...here, secret: null }, 'en')).message, /missing/);
    assert.match((await rig(t, here).door.test(here, 'en')).message, /certificate cannot be verified/, 'an unknown certificate is not believed');
  });

  await t.test('after a refused password the account is let alone for an hour, or until the settings change', async (t) => {
    const r = rig(t, { ...here, secret: 'wrong' }, { ca: dovecot.ca });
    assert.equal(await r.door.poll(ORG), null);
    r.time += 59 * 60_000;
    await r.door.poll(ORG);
    assert.equal(r.errors.length, 1, 'not tried');
    r.settings = here;
    assert.equal(await r.door.poll(ORG), 0);
    assert.deepEqual(r.errors.map((e) => e === null), [false, true]);
  });
});

test('inside hosts are refused, by address and by name, before anything is sent', async (t) => {
  let connections = 0;
  const server = createServer((socket: Socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const r = rig(t, blank, {}, '');
  for (const host of ['127.0.0.1', 'localhost', '10.1.2.3', '192.168.0.1', '169.254.169.254', '::1', '[::1]', '0.0.0.0']) {
    const settings = { ...blank, host, port };
    assert.equal((await r.door.test(settings, 'en')).ok, false, host);
    if (!host.startsWith('[')) assert.match((await r.door.refusal(settings, 'ja'))!, /組織の中のアドレス/, host);
  }
  // An allowed host is allowed as a mail server: members must not try its other ports.
  const allowed = rig(t, blank, {}, 'localhost,127.0.0.1:1');
  for (const host of ['127.0.0.1', 'localhost']) assert.match((await allowed.door.refusal({ ...blank, host, port }, 'ja'))!, /組織の中のアドレス/, host);
  assert.equal(connections, 0);
  await rig(t, blank, {}, `127.0.0.1:${port}`).door.test({ ...blank, host: '127.0.0.1', port }, 'en');
  assert.equal(connections, 1);
});

test('a server without encryption gets no password', async (t) => {
  const heard: string[] = [];
  const server = createServer((socket: Socket) => {
    socket.write('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN LOGIN] ready\r\n');
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard.push(bytes.toString());
      const tag = bytes.toString().split(' ')[0];
      socket.write(/STARTTLS/i.test(bytes.toString()) ? `${tag} BAD unknown\r\n` : /CAPABILITY/i.test(bytes.toString()) ? `* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n${tag} OK done\r\n` : `${tag} OK done\r\n`);
    });
  });
  const listening = await new Promise<boolean>((resolve) => server.once('error', () => resolve(false)).listen(143, '127.0.0.1', () => resolve(true)));
  if (!listening) return t.skip('port 143 cannot be opened here');
  t.after(() => server.close());
  const r = rig(t, { ...blank, host: 'localhost', port: 143 });
  assert.equal((await r.door.test(r.settings, 'en')).ok, false);
  assert.doesNotMatch(heard.join(''), /himitsu|LOGIN |AUTHENTICATE/i);
});

test('Microsoft 365: the token is fetched with the client’s credentials and shown to IMAP, never the secret', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-365-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  if (spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem', '-subj', '/CN=localhost', '-days', '2', '-addext', 'subjectAltName=DNS:localhost'], { cwd: folder, stdio: 'ignore' }).status !== 0) return t.skip('openssl is not installed');
  const asked: { url: string; body: string }[] = [];
  let answer = { status: 200, body: JSON.stringify({ access_token: 'token-1', token_type: 'Bearer' }) };
  const login = createHttp((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => void (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ url: request.url!, body });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  const heard: string[] = [];
  const imap = createTls({ cert: readFileSync(join(folder, 'cert.pem')), key: readFileSync(join(folder, 'key.pem')) }, (socket) => {
    socket.write('* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] ready\r\n');
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\r\n').filter(Boolean)) {
        heard.push(line);
        const [tag, verb = ''] = line.split(' ');
        if (/^(?:SELECT|EXAMINE)$/i.test(verb)) socket.write(`* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 9] ok\r\n* FLAGS (\\Seen)\r\n${tag} OK [READ-ONLY] done\r\n`);
        else if (/^CAPABILITY$/i.test(verb)) socket.write(`* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR\r\n${tag} OK done\r\n`);
        else if (/^LIST$/i.test(verb)) socket.write(`* LIST () "/" INBOX\r\n${tag} OK done\r\n`);
        else if (/^LOGOUT$/i.test(verb)) socket.end(`* BYE\r\n${tag} OK done\r\n`);
        else socket.write(`${tag} OK done\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => login.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => imap.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    login.close();
    imap.close();
  });
  const settings: MailboxSettings = { ...blank, kind: 'microsoft365', host: null, port: null, user: 'report@member.example', tenant: 'tenant-1', clientId: 'client-1', secret: 'the-secret' };
  const r = rig(t, settings, { ca: readFileSync(join(folder, 'cert.pem')), microsoft: { login: `http://localhost:${(login.address() as AddressInfo).port}`, host: 'localhost', port: (imap.address() as AddressInfo).port } }, [login, imap].map((server) => `localhost:${(server.address() as AddressInfo).port}`).join());
  assert.deepEqual(await r.door.test(settings, 'en'), { ok: true, message: 'It can be read and holds 3 mails. Mails that come in from now on are checked.' });
  assert.equal(asked[0]!.url, '/tenant-1/oauth2/v2.0/token');
  assert.deepEqual(Object.fromEntries(new URLSearchParams(asked[0]!.body)), { grant_type: 'client_credentials', client_id: 'client-1', client_secret: 'the-secret', scope: 'https://outlook.office365.com/.default' });
  const shown = heard.find((line) => /AUTHENTICATE XOAUTH2/i.test(line))!;
  assert.equal(Buffer.from(shown.split(' ').at(-1)!, 'base64').toString(), 'user=report@member.example\x01auth=Bearer token-1\x01\x01');
  assert.ok(!heard.join('').includes('the-secret'));
  answer = { status: 401, body: '{"error":"invalid_client"}' };
  assert.match((await r.door.test(settings, 'en')).message, /Microsoft 365 refused/);
  assert.match((await r.door.test({ ...settings, tenant: '../other' }, 'en')).message, /Microsoft 365 refused/);
  assert.equal(asked.length, 2, 'a tenant that is a path is never asked for');
});
