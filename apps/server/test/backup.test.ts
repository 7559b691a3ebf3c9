import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openGate } from '../src/kernel/db/gate.ts';
import { openEvents } from '../src/kernel/events/index.ts';
import { FileSpool } from '../src/kernel/spool/index.ts';
import { writeBackup } from '../src/operate/backup/backup.ts';
import { BackupReader } from '../src/operate/backup/container.ts';
import { restoreOffline } from '../src/operate/offline.ts';
import { restoreBackup } from '../src/operate/backup/restore.ts';
import { quiet, systemClock } from './gates.ts';
import { testHouse, type TestHouse } from './house.ts';
import { freshDatabase, stopPostgres } from './postgres.ts';
import { post, sender, settled, type Sender } from './senders.ts';

const PASSPHRASE = 'four words do well';
const work = mkdtempSync(join(tmpdir(), 'banya-backup-'));
const folder = mkdtempSync(join(tmpdir(), 'banya-test-'));
const plain = join(work, 'plain.backup');
const sealed = join(work, 'sealed.backup');
let house: TestHouse;
let to: Sender;
let closeHouse: () => Promise<void>;
/** What the house had at the moment of the backup. */
let figures: { orgs: number; people: number; ledger: number };

const three = async (query: <Row extends Record<string, unknown>>(text: string) => Promise<{ rows: Row[] }>) => {
  const { rows } = await query<{ orgs: number; people: number; ledger: number }>('select (select count(*)::int from orgs_orgs) as orgs, (select count(*)::int from orgs_people) as people, (select count(*)::int from kernel_ledger) as ledger');
  return rows[0]!;
};

before(async () => {
  house = await testHouse({ after: (fn) => (closeHouse = fn) }, { folder });
  const { orgId } = await house.federation();
  const org = await house.org('member', orgId, '試験商事 "引用" \\ 改行\n絵文字🐟');
  const lead = await house.person(org, 'member', 'lead');
  for (let i = 0; i < 30; i++) await house.send('POST', `/orgs/${org}/people`, lead, { name: `人 ${i}`, emails: [`p${i}@member.example`] });
  to = await sender(house, lead);
  await post(house, to, Array.from({ length: 500 }, (_, i) => `before ${i} ①\t"x"\n`).join(''));
  await settled(house);
  // Lines flow while the backup is written.
  let flowing = true;
  const flow = (async () => {
    for (let n = 0; flowing; n++) await post(house, to, `while ${n}\n`, { 'Idempotency-Key': `while-${n}` });
  })();
  await house.house.modules.operate.backups.writeTo(plain, null);
  await house.house.modules.operate.backups.writeTo(sealed, PASSPHRASE);
  flowing = false;
  await flow;
  await settled(house);
  figures = await three((text) => house.house.gate.query(text));
});
after(async () => {
  await closeHouse().catch(() => {});
  await stopPostgres();
  for (const made of [work, folder]) rmSync(made, { recursive: true, force: true });
});

async function entriesOf(file: string, passphrase: string | null): Promise<Map<string, Buffer>> {
  const reader = await BackupReader.open(file, passphrase);
  const entries = new Map<string, Buffer>();
  for (let entry = await reader.next(); entry; entry = await reader.next()) entries.set(entry.name, Buffer.concat(await Array.fromAsync(entry.data)));
  return entries;
}
const manifestOf = async (file: string, passphrase: string | null) => JSON.parse((await entriesOf(file, passphrase)).get('manifest.json')!.toString()) as { events: { rows: number }; tables: Record<string, { rows: number }>; spool: { segment: number; offset: number } };
const code = (wanted: string) => (error: unknown): boolean => {
  assert.equal((error as { code?: string }).code, wanted, String(error));
  return true;
};

test('a backup written while lines flow is restored into an empty folder, proves itself equal, and is', async () => {
  const data = join(work, 'restored');
  const report = await restoreOffline(data, plain, null);
  const manifest = await manifestOf(plain, null);
  assert.equal(report.events, manifest.events.rows);
  assert.equal(report.ledgers > 0 && !report.keyRestored && !report.replay, true);
  const gate = openGate({ dataDir: join(data, 'state') }, { clock: systemClock, log: quiet });
  try {
    assert.deepEqual(await three((text) => gate.query(text)), figures);
    const { rows } = await gate.query<{ n: string }>('select sum(lines) as n from inventory_source_days');
    assert.equal(Number(rows[0]!.n), manifest.events.rows, 'counters and events are of the same moment');
    const { rows: [named] } = await gate.query<{ name: string }>(`select name from orgs_orgs where kind = 'member'`);
    assert.equal(named!.name, '試験商事 "引用" \\ 改行\n絵文字🐟');
  } finally {
    await gate.end();
  }
  const events = await openEvents({ folder: join(data, 'events') });
  try {
    const [row] = await events.system<{ n: string }>('test: count', { sql: `select countIf(raw like 'before %') as n from events` });
    assert.equal(Number(row!.n), 500);
  } finally {
    await events.close();
  }
});

test('the key of secrets travels under a passphrase only; a wrong one, none, or a short one opens nothing', async () => {
  assert.ok((await entriesOf(sealed, PASSPHRASE)).has('master.key'));
  assert.ok(!(await entriesOf(plain, null)).has('master.key'));
  assert.ok(!readFileSync(sealed).includes('orgs_people'), 'nothing can be read in the file');
  await assert.rejects(BackupReader.open(sealed, null), code('passphrase_needed'));
  await assert.rejects(BackupReader.open(sealed, 'another passphrase'), code('passphrase_wrong'));
  const data = join(work, 'sealed');
  const report = await restoreOffline(data, sealed, PASSPHRASE);
  assert.equal(report.keyRestored, true);
  assert.equal(readFileSync(join(data, 'master.key'), 'utf8').trim(), readFileSync(join(folder, 'data/master.key'), 'utf8').trim());
});

test('one byte changed anywhere, or a file cut anywhere, is found before anything of it counts', async () => {
  for (const [file, passphrase] of [[plain, null], [sealed, PASSPHRASE]] as const) {
    const whole = readFileSync(file);
    // Beginning, end, and spread between: names, lengths, data, and the list at the end.
    const places = new Set([0, 8, 9, 12, 30, whole.length - 1, whole.length - 5, whole.length - 40, whole.length - 300, ...Array.from({ length: passphrase ? 6 : 24 }, (_, i) => Math.floor((whole.length * (i + 0.5)) / (passphrase ? 6 : 24)))]);
    const copy = join(work, 'flipped.backup');
    for (const at of places) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ 0x10;
      writeFileSync(copy, bytes);
      await assert.rejects(entriesOf(copy, passphrase), (error: unknown) => {
        assert.match(String((error as { code?: string }).code), /^(not_a_backup|damaged|passphrase_wrong|passphrase_needed)$/, `byte ${at} of ${whole.length}: ${String(error)}`);
        return true;
      }, `byte ${at} of ${whole.length}`);
    }
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      writeFileSync(copy, whole);
      truncateSync(copy, Math.floor(whole.length * share));
      await assert.rejects(entriesOf(copy, passphrase), code('damaged'));
    }
    writeFileSync(copy, Buffer.concat([whole, Buffer.from('more')]));
    await assert.rejects(entriesOf(copy, passphrase), code('damaged'));
    const data = join(work, 'damaged');
    await assert.rejects(restoreOffline(data, copy, passphrase), code('damaged'));
    assert.deepEqual(readdirSync(data), [], 'the folder stays empty, for a better copy');
  }
});

test('nothing is restored over what is there', async () => {
  const used = join(work, 'used');
  cpSync(join(work, 'restored'), used, { recursive: true });
  await assert.rejects(restoreOffline(used, plain, null), code('not_empty'));
  const other = mkdtempSync(join(work, 'other-'));
  writeFileSync(join(other, 'something'), 'of mine');
  await assert.rejects(restoreOffline(other, plain, null), code('not_empty'));
});

test('a backup moves from the embedded store to PostgreSQL and back, equal each time', async (t) => {
  const database = await freshDatabase();
  if ('skip' in database) return t.skip(database.skip);
  const scratch = join(work, 'move');
  const events = await openEvents({ folder: join(scratch, 'events') });
  const gate = openGate(database, { clock: systemClock, log: quiet });
  const back = join(work, 'back.backup');
  try {
    const there = await restoreBackup(plain, null, { gate, events, folder: scratch });
    assert.deepEqual(await three((text) => gate.query(text)), figures);
    await assert.rejects(restoreBackup(plain, null, { gate, events, folder: scratch }), code('not_empty'));
    await writeBackup({ gate, events, spool: { position: () => ({ written: there.manifest.spool, committed: there.manifest.spool, backlogBytes: 0 }) }, secrets: house.house.kernel.secrets, pause: async () => ({ positions: null, stillHeld: async () => {}, resume: () => {} }), now: () => new Date(), version: 'test' }, back, null);
  } finally {
    await gate.end();
    await events.close();
  }
  const [first, second] = [await manifestOf(plain, null), await manifestOf(back, null)];
  assert.deepEqual([second.tables, second.events], [first.tables, first.events]);
  await restoreOffline(join(work, 'moved-back'), back, null);
});

test('a spool that has forgotten what came after the backup does not stop a restore; it is said', async () => {
  const data = join(work, 'forgotten');
  const spool = await FileSpool.open({ folder: join(data, 'spool'), lane: 'lines', floorBytes: 0, segmentBytes: 1024 });
  for (let n = 0; n < 20; n++) await spool.append([{ sourceId: to.id, receivedAt: Date.now(), flags: 0, payload: new Uint8Array(512) }]);
  await spool.commit(spool.position().written);
  await spool.keepUntil(spool.position().written);
  await spool.close();
  const report = await restoreOffline(data, plain, null);
  assert.deepEqual([report.gone, report.replay], [true, false]);
});

test('lines received after the backup are read again from the spool that survived, and counted once', async () => {
  const { lines } = await (async () => {
    await post(house, to, 'after 1\nafter 2\n', { 'Idempotency-Key': 'after' });
    await settled(house);
    const rows = await house.house.kernel.events.system<{ raw: string }>('test: all lines', { sql: 'select raw from events order by raw', maxRows: 1_000_000 });
    return { lines: rows.map((r) => r.raw) };
  })();
  await closeHouse();
  // The stores are lost, the spool and the key are not.
  const lost = join(work, 'lost');
  renameSync(join(folder, 'data'), lost);
  const data = join(folder, 'data');
  for (const kept of ['spool', 'master.key']) cpSync(join(lost, kept), join(data, kept), { recursive: true });
  assert.ok(!existsSync(join(data, 'state')));
  const report = await restoreOffline(data, plain, null);
  assert.equal(report.replay, true);
  house = await testHouse({ after: (fn) => (closeHouse = fn) }, { folder });
  await settled(house);
  const again = (await house.house.kernel.events.system<{ raw: string }>('test: all lines', { sql: 'select raw from events order by raw', maxRows: 1_000_000 })).map((r) => r.raw);
  assert.deepEqual(again, lines);
  const { rows } = await house.house.gate.query<{ n: string }>('select sum(lines) as n from inventory_source_days');
  assert.equal(Number(rows[0]!.n), lines.length);
  assert.ok(again.length > report.events, 'some came from the spool');
});
