import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import pino from 'pino';
import { openSmtpDoor, type ReportedMail, type SmtpDoor, type SmtpDoorParts, type TicketMail } from '../src/doors/smtp/index.ts';
import { loadConfig } from '../src/kernel/config.ts';
import { Metrics } from '../src/kernel/metrics.ts';
import { letter, sendMail } from './mails.ts';

const NORTH = '01900000-0000-7000-8000-00000000000a';
const FEDERATION = '01900000-0000-7000-8000-00000000000f';
const TICKET = '01900000-0000-7000-8000-0000000000f1';

interface Rig {
  door: SmtpDoor;
  readonly folder: string;
  readonly reports: ReportedMail[];
  readonly tickets: TicketMail[];
  readonly strangers: (TicketMail & { readonly to: string })[];
  /** Of the open addresses, and of the member. */
  room: boolean;
  full: boolean;
  /** Of what nothing proves. */
  unprovenFull: boolean;
  readonly delivered: Set<string>;
  /** Set to refuse deliveries. */
  broken: boolean;
  backups: { at: string; ok: boolean }[];
  reopen(): Promise<void>;
}

async function rig(t: TestContext, more: Partial<SmtpDoorParts> = {}, args: readonly string[] = []): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'banya-smtp-'));
  const keys = new Set<string>();
  const once = (key: string): boolean => keys.has(key) || (keys.add(key), false);
  const state: Rig = {
    folder, reports: [], tickets: [], strangers: [], room: true, full: false, unprovenFull: false, delivered: new Set(), broken: false, backups: [], door: null as never,
    reopen: async () => {
      await state.door?.close();
      state.door = await openSmtpDoor({
        kernel: {
          config: loadConfig(['--data', folder, '--smtp-port', '0', '--mail-domain', 'banya.test', ...args], {}), clock: { now: () => Date.now() }, log: pino({ enabled: false }), metrics: new Metrics(),
          settings: { get: async <T>() => state.backups as T, set: async () => {} },
        },
        ways: {
          domain: 'banya.test',
          samples: {
            recipient: async (local) => (local === 'report+north1' ? { orgId: NORTH } : null),
            room: async (_orgId, proven) => !state.full && (proven || !state.unprovenFull),
            report: async (mail) => {
              if (state.broken) throw new Error('the store does not answer');
              if (state.unprovenFull && mail.proof !== 'sender') throw Object.assign(new Error('no room'), { code: 'samples_full' });
              if (!once(mail.key)) state.reports.push(mail);
              return { sampleId: mail.key, again: false };
            },
          },
          tickets: {
            recipient: async (local) => (local === 'ticket+good' ? { orgId: NORTH, ticketId: TICKET } : null),
            receive: async (mail) => {
              if (state.broken) throw new Error('the store does not answer');
              if (!once(mail.key)) state.tickets.push(mail);
              return { ticketId: TICKET, again: false, rawKept: false };
            },
            strangers: async () => ({ orgId: FEDERATION, room: state.room }),
            receiveStranger: async (mail) => {
              if (!once(mail.key)) state.strangers.push(mail);
              return { rawKept: true };
            },
            room: async () => !state.unprovenFull,
            isOurs: (id) => id.startsWith('<t.ours.'),
          },
          people: { byAddress: async (address) => (address === 'hana@member.example' ? [{ personId: 'p1', orgId: NORTH, name: '北浜 花' }] : address === 'two@member.example' ? [{ personId: 'p2', orgId: NORTH, name: 'a' }, { personId: 'p3', orgId: TICKET, name: 'a' }] : []) },
        },
        delivered: {
          has: async (ids) => new Set(ids.filter((id) => state.delivered.has(id))),
          add: async (id) => void state.delivered.add(id),
          remove: async (ids) => ids.forEach((id) => state.delivered.delete(id)),
        },
        loopMark: 'our-mark', floorBytes: 0, tls: null,
        read: async (raw) => ({ subject: 'read', name: '', text: Buffer.from(raw).toString('utf8').split('\r\n\r\n')[1] ?? '', attached: true, files: 0 }),
        ...more,
      });
    },
  };
  await state.reopen();
  t.after(async () => {
    await state.door.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return state;
}
const files = (r: Rig, part: string): string[] => readdirSync(join(r.folder, 'mail', part));

test('a mail answered with 250 is on disk and reaches its organisation byte for byte', async (t) => {
  const r = await rig(t);
  r.broken = true;
  const raw = letter({ from: 'Hana <hana@member.example>', text: 'リンクを押してしまいました。\n.\n..dots' });
  assert.equal((await sendMail(r.door.port, { from: 'hana@member.example', to: 'report+North1@BANYA.test', raw })).code, 250);
  const [name] = files(r, 'new');
  const bytes = readFileSync(join(r.folder, 'mail/new', name!));
  assert.equal(bytes.subarray(bytes.indexOf(10) + 1).toString('utf8').trimEnd(), raw.trimEnd(), 'also while nobody takes it');
  r.broken = false;
  await r.reopen();
  await r.door.settled();
  assert.equal(r.reports.length, 1);
  const { raw: got, ...report } = r.reports[0]!;
  assert.equal(Buffer.from(got).toString('utf8').trimEnd(), raw.trimEnd());
  assert.deepEqual({ ...report, key: '' }, { orgId: NORTH, reporter: { id: 'p1', name: '北浜 花' }, channel: 'mail', touched: 'link', proof: 'address', answer: true, key: '' });
  assert.deepEqual([files(r, 'new').length, files(r, 'done').length, files(r, 'part').length], [0, 1, 0]);
});

test('nothing is relayed: other domains, unknown tokens and forged tickets get 550', async (t) => {
  const r = await rig(t);
  const raw = letter({});
  for (const [from, to] of [
    ['hana@member.example', 'somebody@elsewhere.example'], ['hana@member.example', 'report+wrong@banya.test'], ['hana@member.example', 'ticket+forged@banya.test'], ['hana@member.example', 'postmaster@banya.test'],
    ['hana@member.example', 'report+north1@banya.test.elsewhere.example'],
    ['hana@member.example', '"report+north1@banya.test"@elsewhere.example'], ['hana@member.example', 'report+north1%banya.test@elsewhere.example'],
  ] as const) assert.match(String((await sendMail(r.door.port, { from, to, raw })).code), /^50[01]|^550$/, `${from} to ${to}`);
  const { code, text } = await sendMail(r.door.port, { to: 'nobody@banya.test', raw });
  assert.equal(code, 550);
  assert.match(text, /Nobody here has this address.*このあて先はありません/);
  assert.deepEqual([r.reports, r.tickets, files(r, 'new'), files(r, 'part')], [[], [], [], []]);
});

// Otherwise anybody could ask the door whose address is on a member's list.
test('the open addresses answer everybody alike, at each step, also when there is no room; who is on no list is listed for the desk', async (t) => {
  const r = await rig(t);
  const talk = async (from: string, to: string): Promise<string> => (await converse(r.door.port, ['EHLO a\r\n', `MAIL FROM:<${from}>\r\n`, `RCPT TO:<${to}>\r\n`, 'DATA\r\n'], `From: ${from || 'x@elsewhere.example'}\r\nSubject: a\r\n\r\nb\r\n.\r\nQUIT\r\n`, true)).join('\n');
  const senders = ['hana@member.example', 'stranger@elsewhere.example', 'two@member.example', 'nobody@member.example', ''];
  for (const to of ['report@banya.test', 'desk@banya.test']) {
    const heard = new Set<string>();
    for (const from of senders) heard.add((await talk(from, to)).replace(/\b[0-9a-z]{16,}\b/g, 'id'));
    assert.equal(heard.size, 1, [...heard].join('\n---\n'));
    assert.match([...heard][0]!, /\n354 [^\n]*\n250 [^\n]*\n221/);
  }
  await r.door.settled();
  assert.deepEqual([r.reports.length, r.tickets.length, r.strangers.length], [1, 1, 8]);
  assert.deepEqual([...new Set(r.strangers.map((m) => `${m.orgId} ${m.to}`))], [`${FEDERATION} report`, `${FEDERATION} desk`]);
  r.room = false;
  for (const from of senders) {
    const { code, text } = await sendMail(r.door.port, { from, to: 'report@banya.test', raw: letter({}) });
    assert.match(`${code} ${text}`, /^452 .*There is no room/s);
  }
  assert.equal((await sendMail(r.door.port, { from: 'hana@member.example', to: 'report+north1@banya.test', raw: letter({}) })).code, 250, 'an address with its token is not held up by strangers');
});

test('a member without room is refused at the door, before its mail is taken', async (t) => {
  const r = await rig(t);
  r.full = true;
  const { code, text } = await sendMail(r.door.port, { from: 'hana@member.example', to: 'report+north1@banya.test', raw: letter({}) });
  assert.deepEqual([code, files(r, 'new').length], [452, 0]);
  assert.match(text, /明日もう一度送るか、デスクに電話/);
});

test('a member’s share for unproven mail is full: what its own server proves comes in, forged mails are refused, and at the open address nothing waits on disk', async (t) => {
  const r = await rig(t, {}, ['--mail-relays', '127.0.0.1', '--mail-authserv', 'mx.member.example']);
  r.unprovenFull = true;
  const send = async (to: string, dmarc: string, from = 'hana@member.example'): Promise<number> => (await sendMail(r.door.port, { from, to, raw: `Authentication-Results: mx.member.example; dmarc=${dmarc} header.from=${from.split('@')[1]}\r\n${letter({ from })}` })).code;
  assert.deepEqual([await send('report+north1@banya.test', 'pass'), await send('report+north1@banya.test', 'none'), await send('report+north1@banya.test', 'pass', 'x@elsewhere.example')], [250, 452, 452]);
  assert.deepEqual([await send('ticket+good@banya.test', 'pass'), await send('ticket+good@banya.test', 'none')], [250, 452]);
  assert.equal(await send('report@banya.test', 'none'), 250, 'as for everybody');
  await r.door.settled();
  assert.deepEqual([r.reports.map((m) => m.proof), r.strangers.map((m) => m.to), files(r, 'new'), files(r, 'part')], [['sender'], ['report'], [], []]);
});

test('in one sender’s name the open addresses take a hundred mails a day, on a list or not, and those that are proven besides', async (t) => {
  const r = await rig(t, {}, ['--mail-relays', '127.0.0.1', '--mail-authserv', 'mx.member.example']);
  for (const from of ['hana@member.example', 'x@elsewhere.example']) {
    const send = async (n: number): Promise<number> => (await sendMail(r.door.port, { from, to: 'desk@banya.test', raw: letter({ from, text: String(n) }) })).code;
    // Side by side, as each waits a tenth of a second for the greeting; near the bound one by one, since it is counted when a mail is taken.
    for (let n = 0; n < 90; n += 18) assert.deepEqual(await Promise.all(Array.from({ length: 18 }, (_, i) => send(n + i))), Array<number>(18).fill(250));
    for (let n = 90; n < 102; n += 1) assert.equal(await send(n), n < 100 ? 250 : 452);
  }
  const proven = `Authentication-Results: mx.member.example; dmarc=pass header.from=member.example\r\n${letter({ from: 'hana@member.example' })}`;
  assert.equal((await sendMail(r.door.port, { from: 'hana@member.example', to: 'desk@banya.test', raw: proven })).code, 250);
});

test('what proves a report: the own mail server, else the address with its token, else nothing', async (t) => {
  const r = await rig(t, {}, ['--mail-relays', '127.0.0.1', '--mail-authserv', 'mx.member.example']);
  const proven = `Authentication-Results: mx.member.example; dmarc=pass header.from=member.example\r\n${letter({ from: 'hana@member.example' })}`;
  await sendMail(r.door.port, { from: 'hana@member.example', to: 'report@banya.test', raw: proven });
  await sendMail(r.door.port, { from: 'hana@member.example', to: 'report+north1@banya.test', raw: letter({ from: 'hana@member.example', text: '1' }) });
  await sendMail(r.door.port, { from: 'hana@member.example', to: 'report@banya.test', raw: letter({ from: 'hana@member.example', text: '2' }) });
  await r.door.settled();
  assert.deepEqual(r.reports.map((m) => m.proof), ['sender', 'address', 'none']);
});

test('a known sender needs no token', async (t) => {
  const r = await rig(t);
  assert.equal((await sendMail(r.door.port, { from: 'Hana@Member.example', to: 'report@banya.test', raw: letter({ from: 'hana@member.example' }) })).code, 250);
  await r.door.settled();
  assert.deepEqual(r.reports.map((m) => [m.orgId, m.reporter.id, m.answer]), [[NORTH, 'p1', true]]);
});

test('the sample of an unknown sender is taken, without an answer mail, under the address as written', async (t) => {
  const r = await rig(t);
  assert.equal((await sendMail(r.door.port, { from: 'temp@agency.example', to: 'report+north1@banya.test', raw: letter({ from: '"hana@member.example" <temp@agency.example>' }) })).code, 250);
  await r.door.settled();
  assert.deepEqual(r.reports.map((m) => [m.reporter, m.answer]), [[{ id: null, name: 'temp@agency.example' }, false]]);
});

test('who is imitated gets no answer: where the own server found the sender’s domain false, the report is nobody’s', async (t) => {
  const r = await rig(t, {}, ['--mail-relays', '127.0.0.1', '--mail-authserv', 'mx.member.example']);
  for (const result of ['fail', 'pass', 'none']) await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: `Authentication-Results: mx.member.example; dmarc=${result} header.from=member.example\r\n${letter({ from: 'hana@member.example' })}` });
  await r.door.settled();
  assert.deepEqual(r.reports.map((m) => [m.reporter.id, m.answer]), [[null, false], ['p1', true], ['p1', true]]);
});

test('lists, bounces, absence notes and bulk get no answer', async (t) => {
  const r = await rig(t);
  for (const [from, header] of [['hana@member.example', 'Auto-Submitted: auto-replied'], ['hana@member.example', 'Precedence: bulk'], ['hana@member.example', 'List-Id: <all.member.example>'], ['', 'X-Any: 1'], ['hana@member.example', 'Content-Type: multipart/report; report-type=delivery-status']] as const)
    assert.equal((await sendMail(r.door.port, { from, to: 'report+north1@banya.test', raw: letter({ from: 'hana@member.example', headers: [header] }) })).code, 250);
  assert.equal((await sendMail(r.door.port, { from: 'hana@member.example', to: 'report+north1@banya.test', raw: letter({ from: 'hana@member.example', headers: ['Auto-Submitted: no'] }) })).code, 250);
  await r.door.settled();
  assert.deepEqual(r.reports.map((m) => m.answer), [false, false, false, false, false, true]);
});

test('what this house sent itself, and what went through more than thirty servers, is refused', async (t) => {
  const r = await rig(t);
  const codes = [];
  for (const headers of [['Banya-Loop: our-mark'], ['Message-ID: <t.ours.1@banya.test>'], Array.from({ length: 31 }, (_, i) => `Received: from a by b; hop ${i}`), ['Banya-Loop: of-another-house'], Array.from({ length: 30 }, () => 'Received: from a by b')])
    codes.push((await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({ headers }) })).code);
  assert.deepEqual(codes, [554, 554, 554, 250, 250]);
});

test('the same mail sent again, because the answer was lost, is stored once', async (t) => {
  const r = await rig(t);
  const raw = letter({ id: '<same@member.example>' });
  const both = await Promise.all([sendMail(r.door.port, { to: 'report+north1@banya.test', raw }), sendMail(r.door.port, { to: 'report+north1@banya.test', raw })]);
  await r.door.settled();
  await r.reopen();
  both.push(await sendMail(r.door.port, { to: 'report+north1@banya.test', raw }));
  await r.door.settled();
  assert.deepEqual([both.map((o) => o.code), r.reports.length, files(r, 'done').length, files(r, 'part').length], [[250, 250, 250], 1, 1, 0]);
});

test('one mail to several places reaches each once; more than twenty recipients are refused one by one', async (t) => {
  const r = await rig(t);
  assert.equal((await sendMail(r.door.port, { from: 'hana@member.example', to: ['report+north1@banya.test', 'report@banya.test', 'ticket+good@banya.test', 'desk@banya.test'], raw: letter({ from: 'hana@member.example' }) })).code, 250);
  await r.door.settled();
  assert.deepEqual([r.reports.length, r.tickets.map((m) => m.ticketId)], [1, [TICKET, null]]);
  const many = await sendMail(r.door.port, { to: Array.from({ length: 22 }, () => 'report+north1@banya.test'), raw: letter({}) });
  assert.deepEqual([many.code, many.rejected.length], [250, 2]);
});

test('a delivered mail stays until a verified backup holds it; when the stores are put back it is delivered once more', async (t) => {
  const r = await rig(t);
  await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({}) });
  await r.door.settled();
  r.backups = [{ at: new Date(Date.now() + 3600_000).toISOString(), ok: false }, { at: new Date(Date.now() - 3600_000).toISOString(), ok: true }];
  await r.door.clean();
  assert.equal(files(r, 'done').length, 1, 'neither a failed nor an older backup holds it');
  // A restore: the store forgets, the door's folder stays.
  r.delivered.clear();
  r.reports.length = 0;
  await r.reopen();
  await r.door.settled();
  assert.equal(r.reports.length, 0, 'the places know its key');
  assert.deepEqual([files(r, 'done').length, r.delivered.size], [1, 1]);
  r.backups = [{ at: new Date(Date.now() + 120_000).toISOString(), ok: true }];
  await r.door.clean();
  assert.deepEqual([files(r, 'done').length, r.delivered.size], [0, 0]);
});

test('without a backup, too, no delivered mail lies in the door’s folder for more than thirty days', async (t) => {
  const r = await rig(t);
  await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({}) });
  await r.door.settled();
  const { now } = Date;
  const ahead = (days: number): void => void (Date.now = () => now() + days * 86_400_000);
  t.after(() => void (Date.now = now));
  ahead(29);
  await r.door.clean();
  assert.equal(files(r, 'done').length, 1);
  ahead(31);
  await r.door.clean();
  assert.deepEqual([files(r, 'done').length, r.delivered.size], [0, 0]);
});

test('mails that keep failing do not hold up those that come in', async (t) => {
  let tried = 0;
  let begun: number | null = null;
  const r = await rig(t, { read: async (raw) => { if (Buffer.from(raw).includes('good')) begun ??= tried; if (Buffer.from(raw).includes('poison')) { tried += 1; await new Promise((resolve) => setTimeout(resolve, 150)); throw new Error('too many at once'); } return { subject: '', name: '', text: '', attached: false, files: 0 }; } });
  for (let i = 0; i < 12; i += 1) await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({ text: `poison ${i}` }) });
  while (tried < 14) await new Promise((resolve) => setTimeout(resolve, 10));
  await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({ text: 'good' }) });
  // Counted from its 250 on: the talk before it takes as long as the machine is busy.
  const at = tried;
  while (r.reports.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(begun! - at <= 3, `it waited for ${begun! - at} others`);
});

const outside = Object.values(networkInterfaces()).flat().find((i) => i?.family === 'IPv4' && !i.internal)?.address;
test('a stranger’s connections and bytes are bounded, and however many strangers there are, the own mail server gets in', { skip: outside === undefined ? 'no address but loopback here' : false }, async (t) => {
  const open = { connectionsPerMinute: 1000, mailsPerMinute: 1000, unknownPerMinute: 20, open: 1000 };
  const r = await rig(t, { rate: { ...open, bytesPerMinute: 3_000_000 } }, ['--smtp-host', '0.0.0.0']);
  const big = letter({ text: `${'x'.repeat(998)}\n`.repeat(2000) });
  const codes = [];
  for (let i = 0; i < 2; i += 1) codes.push((await sendMail(r.door.port, { host: outside!, to: 'report+north1@banya.test', raw: `${big}${i}` })).code);
  assert.deepEqual(codes, [250, 450]);
  assert.deepEqual(files(r, 'part'), []);
  const idle = Array.from({ length: 60 }, () => connect(r.door.port, outside!).on('error', () => {}));
  t.after(() => idle.forEach((socket) => socket.destroy()));
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal((await sendMail(r.door.port, { host: outside!, to: 'report+north1@banya.test', raw: letter({}) })).code, 421);
  assert.equal((await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({}) })).code, 250);
});

test('twenty mails a day of one network to the open addresses shut them for that network alone, whoever is on a list', { skip: outside === undefined ? 'no address but loopback here' : false }, async (t) => {
  const r = await rig(t, {}, ['--smtp-host', '0.0.0.0']);
  const send = async (host: string, from: string, to: string, text: string): Promise<number> => (await sendMail(r.door.port, { host, from, to, raw: letter({ from, text }) })).code;
  const codes = [];
  for (let n = 0; n < 22; n += 1) codes.push(await send(outside!, n % 2 ? 'hana@member.example' : `x${n}@elsewhere.example`, n % 3 ? 'desk@banya.test' : 'report@banya.test', String(n)));
  assert.deepEqual(codes, [...Array<number>(20).fill(250), 452, 452]);
  assert.equal(await send(outside!, 'hana@member.example', 'report+north1@banya.test', 'a'), 250, 'an address with its token');
  assert.equal(await send('127.0.0.1', 'x@elsewhere.example', 'desk@banya.test', 'a'), 250, 'another network');
});

test('what cannot be handed on lets the next one pass and is tried again', async (t) => {
  const r = await rig(t, { read: async (raw) => { if (Buffer.from(raw).includes('poison')) throw new Error('too many at once'); return { subject: '', name: '', text: '', attached: false, files: 0 }; } });
  await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({ text: 'poison' }) });
  await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({ text: 'good' }) });
  const until = Date.now() + 5000;
  while (r.reports.length === 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([r.reports.length, r.door.waiting()], [1, 1]);
});

test('a mail that could not be read is kept when nothing else holds its bytes', async (t) => {
  const r = await rig(t, { read: async () => ({ unread: 'file_too_heavy' }) });
  await sendMail(r.door.port, { to: ['ticket+good@banya.test', 'report+north1@banya.test'], raw: letter({}) });
  await r.door.settled();
  assert.deepEqual([r.tickets.map((m) => m.unread), r.reports.map((m) => m.touched), files(r, 'kept').length, files(r, 'done').length], [['file_too_heavy'], [null], 1, 0]);
});

test('files that were being written when the process died go; others in the folder are let alone', async (t) => {
  const r = await rig(t);
  writeFileSync(join(r.folder, 'mail/part/half'), 'half a mail');
  writeFileSync(join(r.folder, 'mail/new/note.txt'), 'not ours');
  await r.reopen();
  await r.door.settled();
  assert.deepEqual([files(r, 'part'), files(r, 'new'), r.reports.length], [[], ['note.txt'], 0]);
});

test('a client that goes away in the middle of a mail leaves nothing behind', async (t) => {
  const r = await rig(t);
  await converse(r.door.port, ['EHLO a\r\n', 'MAIL FROM:<a@member.example>\r\n', 'RCPT TO:<report+north1@banya.test>\r\n', 'DATA\r\n'], 'Subject: half\r\n\r\nhalf a ma');
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual([files(r, 'part'), files(r, 'new'), r.reports], [[], [], []]);
});

test('commands sent in one go are answered in order, and a dot between bare line ends does not end a mail (no smuggling)', async (t) => {
  const r = await rig(t);
  const said = await converse(r.door.port, ['EHLO a\r\nMAIL FROM:<a@member.example>\r\nRCPT TO:<report+north1@banya.test>\r\nRCPT TO:<nobody@banya.test>\r\nDATA\r\n'], 'Subject: one\r\n\r\nfirst\n.\nMAIL FROM:<b@member.example>\nRCPT TO:<report+north1@banya.test>\nDATA\nSubject: smuggled\n\nx\r\n.\r\nQUIT\r\n', true);
  assert.deepEqual(said.filter((line) => /^\d{3} /.test(line)).map((line) => line.slice(0, 3)), ['220', '250', '250', '250', '550', '354', '250', '221']);
  await r.door.settled();
  assert.equal(r.reports.length, 1);
});

test('without a certificate neither STARTTLS nor AUTH is offered', async (t) => {
  const r = await rig(t);
  const said = (await converse(r.door.port, ['EHLO a\r\n', 'STARTTLS\r\n', 'AUTH PLAIN AGEAYg==\r\n', 'QUIT\r\n'], '', true)).join('\n');
  assert.doesNotMatch(said, /250.(STARTTLS|AUTH)/);
  assert.match(said, /250.SIZE 31457280/);
  assert.deepEqual(said.split('\n').filter((l) => /^5\d\d /.test(l)).length, 2);
});

test('with a certificate STARTTLS is offered, and the file says that the mail came encrypted', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-smtp-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  if (spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem', '-subj', '/CN=banya.test', '-days', '2'], { cwd: folder, stdio: 'ignore' }).status !== 0) return t.skip('openssl is not installed');
  const r = await rig(t, { tls: { cert: readFileSync(join(folder, 'cert.pem')), key: readFileSync(join(folder, 'key.pem')) } });
  assert.equal((await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({}), tls: true })).code, 250);
  await r.door.settled();
  assert.equal((JSON.parse(readFileSync(join(r.folder, 'mail/done', files(r, 'done')[0]!), 'utf8').split('\n', 1)[0]!) as { tls: boolean }).tls, true);
});

test('a mail of more than 30 MB is refused and leaves no bytes on disk', async (t) => {
  const r = await rig(t);
  const { code } = await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({ text: `${'x'.repeat(998)}\n`.repeat(32_000) }) });
  assert.equal(code, 552);
  assert.deepEqual([files(r, 'part'), files(r, 'new')], [[], []]);
});

test('below the disk floor mail is put off with 452 before it is sent', async (t) => {
  const r = await rig(t, { floorBytes: Number.MAX_SAFE_INTEGER });
  assert.equal((await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({}) })).code, 452);
});

test('mail stops at twice the floor of the spool, and while too many bytes wait to be handed on', async (t) => {
  const disk = statfsSync(tmpdir());
  const free = disk.bavail * disk.bsize;
  const near = await rig(t, { floorBytes: Math.floor(free * 0.7) });
  assert.equal((await sendMail(near.door.port, { to: 'report+north1@banya.test', raw: letter({}) })).code, 452);
  const r = await rig(t, { floorBytes: Math.floor(free * 0.1), waitingMax: 100_000 });
  r.broken = true;
  const codes = [];
  for (let n = 0; n < 4; n += 1) codes.push((await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({ text: `${n}${'x'.repeat(900)}\n`.repeat(60) }) })).code);
  assert.deepEqual(codes, [250, 250, 452, 452]);
  assert.equal((await sendMail(r.door.port, { from: 'x@elsewhere.example', to: 'desk@banya.test', raw: letter({}) })).code, 452, 'the same to everybody');
  await r.reopen();
  assert.equal((await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({}) })).code, 452, 'also after a start');
  r.broken = false;
  await r.reopen();
  await r.door.settled();
  assert.equal((await sendMail(r.door.port, { to: 'report+north1@banya.test', raw: letter({}) })).code, 250);
});

test('a client that drips is ended', async (t) => {
  const r = await rig(t, { sessionMs: 300 });
  const begun = performance.now();
  await new Promise<void>((resolve) => {
    const socket = connect(r.door.port, '127.0.0.1');
    const drip = setInterval(() => socket.write('N'), 50);
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(drip);
      resolve();
    });
    socket.resume();
  });
  assert.ok(performance.now() - begun < 5000);
});

/** Speaks line by line, waiting for each answer; then sends `last` and ends, or reads on until the server ends. */
function converse(port: number, lines: readonly string[], last: string, toEnd = false): Promise<string[]> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let said = '';
    const waiting = [...lines];
    let sentLast = false;
    socket.on('data', (bytes) => {
      said += bytes.toString('utf8');
      if (!/(?:^|\n)\d{3} [^\n]*\n$/.test(said)) return;
      const next = waiting.shift();
      if (next !== undefined) return void socket.write(next);
      if (sentLast || (lines.at(-1)!.includes('DATA') && !/\n354 /.test(said))) return;
      sentLast = true;
      if (last) socket.write(last);
      if (!toEnd) setTimeout(() => socket.destroy(), 100);
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said.split('\r\n')));
  });
}
