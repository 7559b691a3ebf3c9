import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { ChdbEngine } from '../src/kernel/events/chdb.ts';
import { startFacade } from '../src/kernel/events/facade.test-helper.ts';
import { intakeId } from '../src/kernel/spool/intake-id.ts';
import type { Manifest } from '../src/operate/backup/backup.ts';
import { openGate } from '../src/kernel/db/gate.ts';
import { restoreOffline } from '../src/operate/offline.ts';
import { quiet, systemClock } from './gates.ts';
import { BackupReader } from '../src/operate/backup/container.ts';
import { testHouse, type TestHouse, type TestPerson } from './house.ts';
import { freshDatabase, stopPostgres } from './postgres.ts';
import { fortigate, sender, sendTcp, until, virusStopped, type Sender } from './senders.ts';

/** Processes by role over one PostgreSQL and one ClickHouse, as an installation that has outgrown a machine runs. */

interface RoleProcess {
  readonly http: number;
  readonly syslog: number;
  readonly data: string;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const work = mkdtempSync(join(tmpdir(), 'banya-split-'));
const closers: (() => Promise<unknown>)[] = [() => stopPostgres()];
let skip: string | null = null;
let environment: Record<string, string>;
let office: TestHouse;
let federation: string;
let member: string;
let manager: TestPerson;
let desk: TestPerson;
let lead: TestPerson;
let token: Sender;
let web: RoleProcess;
let ingest: RoleProcess;

async function role(name: string, folder = name): Promise<RoleProcess> {
  const data = join(work, folder);
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'house-process.ts'), '--role', name, '--data', data, '--port', '0', '--syslog-port', '0', '--smtp-port', '0', '--syslog-host', '127.0.0.1'],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...environment } });
  const reader = createInterface({ input: child.stdout });
  const { value, done } = await reader[Symbol.asyncIterator]().next();
  if (done) throw new Error(`the ${name} process ended by itself`);
  const { ports } = JSON.parse(value as string) as { ports: { http: number; syslog: number | null } };
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (signal === 'SIGKILL') child.kill(signal);
    else child.stdin.write('close\n');
    await once(child, 'exit');
    reader.close();
  };
  closers.push(() => end('SIGTERM'));
  return { http: ports.http, syslog: ports.syslog ?? 0, data, end };
}

before(async () => {
  const database = await freshDatabase();
  if ('skip' in database) {
    skip = database.skip;
    return;
  }
  const engine = await ChdbEngine.open({ folder: join(work, 'events') });
  closers.push(() => engine.close());
  const facade = await startFacade(engine, 'events');
  closers.push(() => facade.close());
  environment = { BANYA_DATABASE_URL: database.url, BANYA_EVENTS_URL: facade.url, BANYA_MASTER_KEY: randomBytes(32).toString('base64') };
  // Sets up what people would have set up before; the pages asked below are another process's.
  office = await testHouse({ after: (fn) => closers.push(fn) }, { args: ['--role', 'web'], environment });
  ({ orgId: federation, manager } = await office.federation());
  desk = await office.person(federation, 'federation', 'desk');
  member = await office.org('member', federation, '試験商事');
  lead = await office.person(member, 'member', 'lead');
  await sender(office, lead, { family: 'fortigate', match: { by: 'address', listener: 'tcp', address: '127.0.0.1', headerHost: 'FG-TEST' } });
  token = await sender(office, lead);
  [web, ingest] = await Promise.all([role('web'), role('ingest'), role('worker')]);
});
after(async () => {
  for (const close of closers.reverse()) await close();
  rmSync(work, { recursive: true, force: true });
});

async function ask(method: string, path: string, as: TestPerson | { token: string }, body?: Uint8Array<ArrayBuffer>) {
  const response = await fetch(`http://127.0.0.1:${web.http}/api/v1${path}`, {
    method, headers: { 'Banya-Request': '1', ...('token' in as ? { Authorization: `Bearer ${as.token}` } : { Cookie: as.cookie }), ...(body ? { 'Content-Type': 'text/plain' } : {}) }, ...(body ? { body } : {}),
  });
  const text = await response.text();
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : null) as any };
}
const stored = async (): Promise<number> => Number((await office.house.kernel.events.query<{ n: string }>(member, { sql: 'select count() as n from events' }))[0]!.n);
const line = (n: number): string => fortigate(Date.now(), `logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.23 dstip=203.0.113.80 srcport=${1024 + (n % 60_000)} action="accept" policyid=1 proto=6`);
/** Waits for an event of a stream that speaks of a topic. */
async function heard(stream: Response, topic: string): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream.body!) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.split('\n').some((l) => l.startsWith('data: ') && (JSON.parse(l.slice(6)) as { topics: string[] }).topics.includes(topic))) return;
  }
  assert.fail('the stream ended without it');
}

test('lines that reach one process are a finding on the pages of another, which hear of it at once', { timeout: 60_000 }, async (t) => {
  if (skip) return t.skip(skip);
  const stop = new AbortController();
  const stream = await fetch(`http://127.0.0.1:${web.http}/api/v1/orgs/${member}/live`, { headers: { Cookie: lead.cookie }, signal: stop.signal });
  assert.equal(stream.status, 200);
  const event = heard(stream, 'findings');
  const at = Date.now() - 60_000;
  await sendTcp(ingest.syslog, Array.from({ length: 3 }, (_, i) => virusStopped(at + i * 1000, '192.168.1.30')));
  await event;
  stop.abort();
  const { items } = (await ask('GET', `/orgs/${member}/findings`, lead)).body;
  assert.equal(items.length, 1);
});

test('a sender nobody registered is seen on the pages of another process', { timeout: 60_000 }, async (t) => {
  if (skip) return t.skip(skip);
  await sendTcp(ingest.syslog, [line(1), line(2)].map((l) => l.replaceAll('FG-TEST', 'FG-STRANGE')));
  const seen = async () => (await ask('GET', `/orgs/${federation}/unknown-senders`, desk)).body.items.find((u: { headerHost: string | null }) => u.headerHost?.toUpperCase() === 'FG-STRANGE');
  await until('it is seen', async () => (await seen()) !== undefined);
  assert.equal((await seen()).lines, 2);
});

test('a process that does not read its spool takes no lines, and says that they are to be sent again', { timeout: 60_000 }, async (t) => {
  if (skip) return t.skip(skip);
  const refused = await ask('POST', `/ingest/${token.id}`, { token: token.token }, new TextEncoder().encode('one\n'));
  assert.deepEqual([refused.status, refused.body.code], [503, 'intake_paused']);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
});

test('a backup made by one process holds all lines that another has stored, and both stores say the same while lines come in', { timeout: 120_000 }, async (t) => {
  if (skip) return t.skip(skip);
  const before = await stored();
  let sent = 0;
  let sending = true;
  const flow = (async () => {
    while (sending) {
      await sendTcp(ingest.syslog, Array.from({ length: 20 }, () => line(sent++)));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  await until('some are stored', async () => (await stored()) > before + 100);
  const sure = await stored();
  assert.equal((await ask('POST', '/operate/backups', manager)).body.started, true);
  const records = async () => (await ask('GET', '/operate/backups', manager)).body.items;
  await until('the backup is noted', async () => (await records()).length > 0);
  sending = false;
  await flow;
  assert.equal((await records())[0].error, null);
  const file = join(web.data, 'backups', readdirSync(join(web.data, 'backups')).find((n) => n.endsWith('.backup'))!);
  const { manifest, counted } = await contents(file);
  assert.equal(manifest.events.rows, counted, 'what is stored and what is counted are of one moment');
  assert.ok(counted >= sure, 'every line stored before is in it');
  assert.equal(Object.keys(manifest.spools!).length, 1, 'it says from where the intake’s spool is to be read again');
  const copy = join(work, 'copy');
  assert.equal((await restoreOffline(copy, file, null)).events, counted);
  const restored = openGate({ dataDir: join(copy, 'state') }, { clock: systemClock, log: quiet });
  const { rows } = await restored.query<{ rewind: boolean; position: unknown }>('select rewind, position from operate_intakes').finally(() => restored.end());
  assert.deepEqual(rows, [{ rewind: true, position: Object.values(manifest.spools!)[0] }], 'and the intake will begin again there');
  const all = before + sent;
  await until('the others are stored after it', async () => (await stored()) === all);
});

test('a second process that takes lines works beside the first: its lines count, and each keeps its own memory of correlations', { timeout: 60_000 }, async (t) => {
  if (skip) return t.skip(skip);
  const before = await stored();
  const second = await role('ingest', 'ingest-2');
  await Promise.all([sendTcp(ingest.syslog, [line(1), line(2)]), sendTcp(second.syslog, [line(3)])]);
  await until('both are stored', async () => (await stored()) === before + 3);
  await second.end('SIGTERM');
  const { rows } = await office.house.gate.query<{ key: string }>('select key from detect_state order by key');
  const { rows: intakes } = await office.house.gate.query<{ id: string }>('select id from operate_intakes order by id');
  assert.equal(intakes.length, 2);
  assert.ok(rows.every(({ key }) => intakes.some(({ id }) => key === `correlations ${id}`)), rows.map((r) => r.key).join());
});

test('a hold whose backup has died runs out: until then lines wait in the spool, afterwards they are stored', { timeout: 60_000 }, async (t) => {
  if (skip) return t.skip(skip);
  const before = await stored();
  const { rows: [{ until: expires } = { until: '' }] } = await office.house.gate.query<{ until: string }>(`insert into operate_holds values ('backup', gen_random_uuid(), clock_timestamp() + interval '4 seconds') returning expires_at::text as until`);
  await until('the intake stands still', async () => (await office.house.gate.query('select 1 from operate_intakes i join operate_holds h on i.held = h.hold')).rows.length === 1);
  await sendTcp(ingest.syslog, [line(1)]);
  await until('it goes on', async () => (await stored()) === before + 1);
  const { rows } = await office.house.gate.query<{ late: boolean }>('select clock_timestamp() > $1::timestamptz as late', [expires]);
  assert.equal(rows[0]!.late, true, 'not before the hold had run out');
});

test('a restored installation reads each spool again from where the backup stands, and counts no line twice', { timeout: 60_000 }, async (t) => {
  if (skip) return t.skip(skip);
  const before = await stored();
  // What a restore leaves behind: the position of the backup, and the word to begin there. The stores know these batches still.
  await ingest.end('SIGKILL');
  await office.house.gate.query('update operate_intakes set rewind = true');
  ingest = await role('ingest');
  await sendTcp(ingest.syslog, [line(1)]);
  await until('the new line is stored', async () => (await stored()) === before + 1);
  assert.equal((await office.house.gate.query('select 1 from operate_intakes where rewind and id = $1', [await intakeId(ingest.data)])).rows.length, 0);
});

async function contents(file: string): Promise<{ manifest: Manifest; counted: number }> {
  const reader = await BackupReader.open(file, null);
  let counted = 0;
  let manifest: Manifest | null = null;
  for (let entry = await reader.next(); entry; entry = await reader.next()) {
    const bytes = Buffer.concat(await Array.fromAsync(entry.data));
    if (entry.name === 'manifest.json') manifest = JSON.parse(bytes.toString()) as Manifest;
    if (entry.name === 'state/public.inventory_source_days') for (const row of zstdDecompressSync(bytes).toString().split('\n').filter(Boolean)) counted += Number((JSON.parse(row) as { lines: number }).lines);
  }
  return { manifest: manifest!, counted };
}
