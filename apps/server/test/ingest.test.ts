import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, mock, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readyFolder, testHouse, type TestHouse, type TestPerson } from './house.ts';
import { encodeLegacy } from './legacy.ts';
import { count, counted, fortigate, leaseGiven, post, sender, settled, until } from './senders.ts';

let house: TestHouse;
let federation: string;
let close: () => Promise<void>;
before(async () => {
  house = await testHouse({ after: (fn) => (close = fn) });
  federation = (await house.federation()).orgId;
});
after(() => close());

async function member(): Promise<{ org: string; lead: TestPerson }> {
  const org = await house.org('member', federation, '試験商事');
  return { org, lead: await house.person(org, 'member', 'lead') };
}
async function raws(org: string): Promise<string[]> {
  return (await house.house.kernel.events.query<{ raw: string }>(org, { sql: 'select raw from events order by raw' })).map((r) => r.raw);
}

test('lines come in as text, as JSON lines, and compressed; empty ones and line ends fall away', async () => {
  const { org, lead } = await member();
  const to = await sender(house, lead);
  assert.deepEqual((await post(house, to, 'first\r\nsecond\n\n\nthird')).body, { accepted: 3 });
  assert.deepEqual((await post(house, to, '{"message":"fourth"}\n{"message":"fifth"}\n', { 'Content-Type': 'application/x-ndjson' })).body, { accepted: 2 });
  assert.deepEqual((await post(house, to, gzipSync('sixth\nseventh\n'), { 'Content-Encoding': 'gzip' })).body, { accepted: 2 });
  assert.deepEqual((await post(house, to, '\n\r\n')).body, { accepted: 0 });
  await settled(house);
  assert.deepEqual(await raws(org), ['first', 'second', 'seventh', 'sixth', 'third', '{"message":"fifth"}', '{"message":"fourth"}']);
  assert.equal(await counted(house, to.id), 7);
});

test('the page that waits for a sender’s first line is told of it at once, and not of every line', async () => {
  const { org, lead } = await member();
  const to = await sender(house, lead);
  const leave = new AbortController();
  const stream = await fetch(`${house.base}/api/v1/orgs/${org}/live`, { headers: { Cookie: lead.cookie }, signal: leave.signal });
  let heard = '';
  const listening = (async () => {
    for await (const bytes of stream.body!) heard += new TextDecoder().decode(bytes);
  })().catch(() => undefined);
  await post(house, to, 'first\n');
  await until('the news', () => Promise.resolve(heard.includes('"sources"')));
  const before = heard;
  await post(house, to, 'second\n');
  await settled(house);
  await until('the second line is counted', async () => (await counted(house, to.id)) === 2);
  assert.equal(heard, before);
  leave.abort();
  await listening;
});

test('202 means on disk: the line is in the spool before the answer', async () => {
  const { lead } = await member();
  const to = await sender(house, lead);
  const resume = await house.house.modules.detect.pause();
  try {
    const before = house.house.kernel.spool.position();
    assert.equal((await post(house, to, 'kept\n')).status, 202);
    assert.ok(house.house.kernel.spool.position().written.offset > before.written.offset);
  } finally {
    resume();
  }
  await settled(house);
});

test('a repeated Idempotency-Key stores once, with the same answer; with other content it is refused; another sender’s key is another key', async () => {
  const { org, lead } = await member();
  const [to, other] = [await sender(house, lead), await sender(house, lead)];
  const key = { 'Idempotency-Key': 'batch-1' };
  for (let i = 0; i < 3; i++) assert.deepEqual((await post(house, to, 'once\ntwice\n', key)).body, { accepted: 2 });
  // At the same moment, before any of them is counted.
  const together = await Promise.all(Array.from({ length: 5 }, () => post(house, to, 'together\n', { 'Idempotency-Key': 'batch-2' })));
  assert.deepEqual(together.map((r) => r.body), Array.from({ length: 5 }, () => ({ accepted: 1 })));
  assert.deepEqual([(await post(house, to, 'else\n', key)).body.code, (await post(house, other, 'once\ntwice\n', key)).status], ['key_reused', 202]);
  await settled(house);
  assert.deepEqual(await raws(org), ['once', 'once', 'together', 'twice', 'twice']);
  assert.deepEqual([await counted(house, to.id), await counted(house, other.id)], [3, 2]);
  assert.deepEqual((await post(house, to, 'once\ntwice\n', key)).body, { accepted: 2 }, 'also long after it was counted');
  await settled(house);
  assert.equal(await count(house, org), 5);
});

test('a wrong, foreign, revoked or stopped sender’s token stores nothing, and all get the same answer', async () => {
  const { org, lead } = await member();
  const foreign = await member();
  const [to, other, theirs] = [await sender(house, lead), await sender(house, lead), await sender(house, foreign.lead)];
  const narrow = (await house.send('POST', `/orgs/${org}/tokens`, lead, { name: 'reader', scopes: ['findings:read'] })).body.secret;
  const old = to.token;
  const renewed = (await house.send('POST', `/orgs/${org}/sources/${to.id}/token`, lead)).body.token;
  const answers = [];
  for (const token of ['banya_' + 'x'.repeat(43), 'nonsense', other.token, theirs.token, old, narrow]) {
    const refused = await post(house, { id: to.id, token }, 'never\n');
    answers.push([refused.status, refused.body.code, refused.body.detail]);
  }
  answers.push(await post(house, { id: '01920000-0000-7000-8000-000000000000', token: renewed }, 'never\n').then((r) => [r.status, r.body.code, r.body.detail]));
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.deepEqual(answers[0]!.slice(0, 2), [401, 'token_wrong']);
  assert.equal((await post(house, { id: to.id, token: renewed }, 'good\n')).status, 202);
  await settled(house);
  await house.send('POST', `/orgs/${org}/sources/${to.id}/archive`, lead);
  await until('the sender is stopped', async () => (await post(house, { id: to.id, token: renewed }, 'stopped\n')).status === 401);
  await settled(house);
  assert.deepEqual((await raws(org)).filter((r) => r !== 'stopped'), ['good']);
  await house.send('POST', `/orgs/${org}/sources/${to.id}/restore`, lead);
  await until('the sender is taken again', async () => (await post(house, { id: to.id, token: renewed }, 'back\n')).status === 202);
});

test('what is too large, too many, packed too tightly, broken or of another kind is refused whole', async () => {
  const { org, lead } = await member();
  const to = await sender(house, lead);
  const refused = async (body: string | Uint8Array, headers: Record<string, string> = {}) => {
    const answer = await post(house, to, body, headers);
    return `${answer.status} ${answer.body.code}`;
  };
  assert.equal(await refused(new Uint8Array(3 * 1024 * 1024 + 1).fill(65)), '413 too_large');
  assert.equal(await refused('x\n'.repeat(20_001)), '413 too_many_lines');
  assert.equal(await refused(gzipSync(Buffer.alloc(200 * 1024 * 1024, 10), { level: 1 }), { 'Content-Encoding': 'gzip' }), '413 too_large');
  assert.equal(await refused(gzipSync('cut').subarray(0, 15), { 'Content-Encoding': 'gzip' }), '400 body_broken');
  assert.equal(await refused('not gzip', { 'Content-Encoding': 'gzip' }), '400 body_broken');
  assert.equal(await refused('x', { 'Content-Encoding': 'br' }), '415 encoding_unknown');
  assert.equal(await refused('x', { 'Content-Type': 'image/png' }), '415 media_type_unknown');
  await settled(house);
  assert.equal(await count(house, org), 0);
});

test('a sender on a slow line hears why its body is refused, and may go on sending meanwhile', async () => {
  const { lead } = await member();
  const to = await sender(house, lead);
  const socket = connect(Number(new URL(house.base).port), '127.0.0.1');
  let heard = '';
  let broken: NodeJS.ErrnoException | null = null;
  socket.on('data', (bytes) => (heard += String(bytes))).on('error', (error) => (broken = error));
  await once(socket, 'connect');
  const parts = 40;
  socket.write(`POST /api/v1/ingest/${to.id} HTTP/1.1\r\nHost: banya\r\nAuthorization: Bearer ${to.token}\r\nContent-Type: text/plain\r\nContent-Length: ${parts * 100_000}\r\n\r\n`);
  for (let part = 0; part < parts; part++) {
    assert.equal(socket.destroyed, false, `cut off after ${part} of ${parts} parts: ${broken}`);
    socket.write(Buffer.alloc(100_000, 65));
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  assert.match(heard, /^HTTP\/1\.1 413 [\s\S]*too_large/);
  // The same connection serves the next request.
  heard = '';
  socket.write('GET /healthz HTTP/1.1\r\nHost: banya\r\nConnection: close\r\n\r\n');
  await once(socket, 'close');
  assert.match(heard, /^HTTP\/1\.1 200 /);
  assert.equal(broken, null);
});

test('binary rubbish is a line nobody understood, never a stop: it is counted, and the next line comes in', async () => {
  const { org, lead } = await member();
  const to = await sender(house, lead, { family: 'fortigate' });
  const rubbish = Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 256);
  assert.equal((await post(house, to, rubbish)).status, 202);
  assert.equal((await post(house, to, 'after\n' + '\u0000'.repeat(300) + '\n' + 'z'.repeat(200_000) + '\n')).status, 202);
  await settled(house);
  assert.equal(await count(house, org, "raw = 'after'"), 1);
  assert.equal(await count(house, org, 'length(raw) = 65536'), 1, 'a line keeps 64 KiB');
  assert.equal(await count(house, org), await counted(house, to.id));
  const { body } = await house.send('GET', `/orgs/${org}/sources/${to.id}`, lead);
  assert.equal(body.notUnderstoodToday, await counted(house, to.id));
});

test('Japanese text is shown right from CP932, EUC-JP and UTF-8 senders', async () => {
  const { org, lead } = await member();
  const text = '経理課の①番機で「予期しないエラー」が発生しました';
  for (const [encoding, bytes] of [['utf-8', new TextEncoder().encode(text)], ['cp932', encodeLegacy(text, 'shift_jis')], ['euc-jp', encodeLegacy(text, 'euc-jp')]] as const) {
    const to = await sender(house, lead, { encoding });
    assert.equal((await post(house, to, bytes)).status, 202);
    await settled(house);
    assert.equal(await count(house, org, `source_id = '${to.id}' and raw = '${text}'`), 1, encoding);
  }
});

test('a device whose clock says 2050 or 1970 is counted today, and the page says how far it is off', async () => {
  const { org, lead } = await member();
  const to = await sender(house, lead, { family: 'fortigate' });
  await post(house, to, '<189>date=2050-01-01 time=00:00:00 devname="FG" devid="FGT60FTK20000001" logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.23 dstip=203.0.113.80 action="accept" policyid=1 proto=6\n');
  await settled(house);
  assert.equal(await count(house, org, 'timestamp > now() - interval 1 day and timestamp < now() + interval 1 day'), 1);
  const ahead = (await house.send('GET', `/orgs/${org}/sources/${to.id}`, lead)).body;
  assert.equal(ahead.linesToday, 1);
  assert.ok(ahead.clockOffSeconds > 20 * 365 * 86_400, `${ahead.clockOffSeconds}`);
  await post(house, to, '<189>date=1970-01-01 time=09:00:00 devname="FG" devid="FGT60FTK20000001" logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.23 dstip=203.0.113.80 action="accept" policyid=1 proto=6\n');
  await settled(house);
  const behind = (await house.send('GET', `/orgs/${org}/sources/${to.id}`, lead)).body;
  assert.equal(behind.linesToday, 2);
  assert.ok(behind.clockOffSeconds < -40 * 365 * 86_400, `${behind.clockOffSeconds}`);
});

test('a collector’s lines keep their device, their bytes and their arrival; its clock cannot scatter them over the years', async () => {
  const { org, lead } = await member();
  const relay = await sender(house, lead);
  const device = await sender(house, lead, { match: { by: 'relay', relay: relay.id, address: '192.168.7.1' }, encoding: 'cp932', name: '奥の機器' });
  const type = { 'Content-Type': 'application/x-banya-relay+ndjson' };
  const at = Date.now() - 3_600_000;
  const long = encodeLegacy('長い行'.repeat(9_000), 'shift_jis');
  const lines = [
    { at, from: '192.168.7.1', by: 'udp', line64: Buffer.from(encodeLegacy('奥から', 'shift_jis')).toString('base64') },
    { at, from: '192.168.7.1', by: 'tcp', line64: Buffer.from(long).toString('base64') },
    { at, from: '192.168.7.99', by: 'udp', line: 'nobody registered this one' },
    { at: Date.now() + 86_400_000 * 400, from: '192.168.7.99', by: 'udp', line: 'from the future' },
  ];
  assert.deepEqual((await post(house, relay, lines.map((l) => JSON.stringify(l)).join('\n') + '\nnot an envelope\n{"at":"x"}\nnull\n', type)).body, { accepted: 7 });
  await settled(house);
  assert.equal(await count(house, org, `source_id = '${device.id}' and raw = '奥から' and toUnixTimestamp64Milli(received_at) = ${at}`), 1);
  assert.equal(await count(house, org, `source_id = '${device.id}' and lengthUTF8(raw) = 27000`), 1, 'a long line survives its packing');
  assert.equal(await count(house, org, `source_id = '${relay.id}'`), 5);
  assert.equal(await count(house, org, 'received_at > now() + interval 1 minute'), 0);

  // One line for each of four hundred months: the store refuses an insert that touches so many.
  const scattered = Array.from({ length: 400 }, (_, i) => JSON.stringify({ at: Date.now() - i * 31 * 86_400_000, from: '192.168.7.1', by: 'udp', line: `month ${i}` })).join('\n');
  assert.deepEqual((await post(house, relay, scattered, type)).body, { accepted: 400 });
  await settled(house);
  assert.equal(await count(house, org, "raw like 'month %'"), 400);
  assert.equal(await count(house, org, 'received_at < now() - interval 36 day'), 0);
});

test('a store that fails for a while makes lines wait; what is read again counts once towards a threshold', async () => {
  const { org, lead } = await member();
  const to = await sender(house, lead, { family: 'fortigate' });
  const failed = fortigate(Date.now() - 60_000, 'logid="0100032002" type="event" subtype="system" level="alert" logdesc="Admin login failed" user="admin" ui="https(198.51.100.9)" srcip=198.51.100.9 dstip=192.0.2.1 action="login" status="failed" reason="passwd_invalid"');
  const { events } = house.house.kernel;
  const real = events.insert.bind(events);
  let refusals = 2;
  const insert = mock.method(events, 'insert', (batch: Parameters<typeof real>[0]) => (refusals-- > 0 ? Promise.reject(new Error('the store is away')) : real(batch)));
  // Three of the five that the rule asks for, read three times.
  assert.equal((await post(house, to, `${failed}\n`.repeat(3))).status, 202);
  await settled(house);
  insert.mock.restore();
  assert.equal(insert.mock.callCount(), 3);
  assert.equal(await count(house, org), 3);
  assert.equal(await counted(house, to.id), 3);
  const raised = async (): Promise<number> => Number((await house.house.gate.query<{ n: string }>('select count(*) as n from findings_findings where org_id = $1', [org])).rows[0]!.n);
  assert.equal(await raised(), 0);
  assert.equal((await post(house, to, `${failed}\n`.repeat(5))).status, 202);
  await settled(house);
  assert.equal(await raised(), 1);
});

test('while lines wait, batches are read ahead; every line is stored once though a store fails in between', async () => {
  const { org, lead } = await member();
  const to = await sender(house, lead);
  const { events, spool } = house.house.kernel;
  const real = events.insert.bind(events);
  let calls = 0;
  const insert = mock.method(events, 'insert', (batch: Parameters<typeof real>[0]) => (++calls === 2 ? Promise.reject(new Error('the store is away')) : real(batch)));
  const next = mock.method(spool, 'next');
  const release = await house.house.modules.detect.pause();
  const requests = 9;
  const lines = 2_500;
  for (let request = 0; request < requests; request++) {
    const body = Array.from({ length: lines }, (_, n) => `${request} ${n} ${'.'.repeat(1_000)}`).join('\n');
    assert.equal((await post(house, to, body)).status, 202);
  }
  release();
  await settled(house);
  insert.mock.restore();
  next.mock.restore();
  assert.ok(next.mock.calls.some((call) => call.arguments[0]!.after !== undefined), 'nothing was read ahead');
  assert.ok(calls >= 4, `${calls}`);
  assert.equal(await count(house, org), requests * lines);
  assert.equal(Number((await events.query<{ n: string }>(org, { sql: 'select uniqExact(raw) as n from events' }))[0]!.n), requests * lines);
  assert.equal(await counted(house, to.id), requests * lines);
});

test('what no column of text takes, a NUL or half a character, stops nobody’s lines', async () => {
  const { org, lead } = await member();
  const to = await sender(house, lead, { family: 'fortigate' });
  const failed = fortigate(Date.now() - 60_000, 'logid="0100032002" type="event" subtype="system" level="alert" logdesc="Admin login failed" user="admin" ui="https(198.51.100.9)" srcip=198.51.100.9 dstip=192.0.2.1 action="login" status="failed" reason="passwd_invalid"', 'FG\u0000TEST');
  await post(house, to, `${leaseGiven(Date.now(), '192.168.1.77', '02:00:5e:10:00:01', 'pc\u0000x')}\n${`${failed}\n`.repeat(6)}`);
  await settled(house);
  assert.equal(await count(house, org), 7);
  const { rows } = await house.house.gate.query<{ host_name: string }>('select host_name from inventory_leases where org_id = $1', [org]);
  assert.deepEqual(rows, [{ host_name: 'pc\uFFFDx' }]);
  assert.equal((await house.house.gate.query('select 1 from findings_findings where org_id = $1', [org])).rows.length, 1);
});

test('facts that the database will never take cost themselves alone: the lines are stored and counted, and the next come in', async () => {
  const { org, lead } = await member();
  const to = await sender(house, lead, { family: 'fortigate' });
  const { inventory } = house.house.modules;
  const refused = mock.method(inventory, 'recordLeases', (_tx: unknown, leases: readonly unknown[]) => (leases.length > 0 ? Promise.reject(Object.assign(new Error('unsupported Unicode escape sequence'), { code: '22P05' })) : Promise.resolve()));
  await post(house, to, leaseGiven(Date.now(), '192.168.1.78', '02:00:5e:10:00:02', 'pc'));
  await settled(house);
  refused.mock.restore();
  assert.equal(await counted(house, to.id), 1);
  await post(house, to, leaseGiven(Date.now(), '192.168.1.79', '02:00:5e:10:00:03', 'pc2'));
  await settled(house);
  assert.equal(await count(house, org), 2);
});

test('between the end of one pause and the beginning of the next no batch slips through', async () => {
  const { org, lead } = await member();
  const to = await sender(house, lead);
  const { detect } = house.house.modules;
  const first = await detect.pause();
  const second = detect.pause();
  await post(house, to, 'waits');
  await new Promise((resolve) => setTimeout(resolve, 800));
  first();
  const release = await second;
  await new Promise((resolve) => setTimeout(resolve, 800));
  assert.equal(await count(house, org), 0);
  release();
  await settled(house);
  assert.equal(await count(house, org), 1);
});

test('a house that is closed and opened again goes on counting towards a threshold where it was', async (t) => {
  const folder = await readyFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  let end!: () => Promise<void>;
  const open = (): Promise<TestHouse> => testHouse({ after: (fn) => (end = fn) }, { folder });
  let own = await open();
  const org = await own.org('member', (await own.federation()).orgId, '試験商事');
  const lead = await own.person(org, 'member', 'lead');
  const to = await sender(own, lead, { family: 'fortigate' });
  const failed = fortigate(Date.now() - 60_000, 'logid="0100032002" type="event" subtype="system" level="alert" logdesc="Admin login failed" user="admin" ui="https(198.51.100.9)" srcip=198.51.100.9 dstip=192.0.2.1 action="login" status="failed" reason="passwd_invalid"');
  const raised = async (): Promise<number> => Number((await own.house.gate.query<{ n: string }>('select count(*) as n from findings_findings where org_id = $1', [org])).rows[0]!.n);
  // The first batch keeps the memory, those within the next ten seconds do not.
  for (let i = 0; i < 4; i++) {
    assert.equal((await post(own, to, `${failed}\n`)).status, 202);
    await settled(own);
  }
  assert.equal(await raised(), 0);
  await end();
  own = await open();
  assert.equal((await post(own, to, `${failed}\n`)).status, 202);
  await settled(own);
  assert.equal(await raised(), 1, 'five in all, as the rule asks for');
  await end();
});
