import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { testHouse, type TestHouse, type TestPerson } from './house.ts';
import { openS3 } from './s3.ts';
import { post, sender, settled, until } from './senders.ts';

const place = mkdtempSync(join(tmpdir(), 'banya-place-'));
let house: TestHouse;
let manager: TestPerson;
let now = Date.UTC(2026, 5, 10, 3, 5);
let close: () => Promise<void>;
before(async () => {
  house = await testHouse({ after: (fn) => (close = fn) }, { clock: { now: () => now } });
  const made = await house.federation();
  ({ manager } = made);
  const org = await house.org('member', made.orgId, '試験商事');
  const lead = await house.person(org, 'member', 'lead');
  await post(house, await sender(house, lead), 'one\ntwo\n');
  await settled(house);
});
after(async () => {
  await close();
  rmSync(place, { recursive: true, force: true });
});

const kept = (): string[] => readdirSync(place).filter((n) => n.endsWith('.backup')).sort();
const target = (body: unknown) => house.send('PUT', '/operate/backups/target', manager, body);
const page = async () => (await house.send('GET', '/operate/backups', manager)).body;
const health = async () => (await house.send('GET', '/operate/health', manager)).body.checks.find((c: { key: string }) => c.key === 'backup');
/** What the hourly job does. */
const hourly = () => house.house.modules.operate.jobs!.find((j) => j.name === 'operate.backup')!.run({}, { jobId: 'test', signal: AbortSignal.timeout(60_000) });

test('each hour a backup is written; the newest are kept, and the newest of each month beside them', async () => {
  assert.equal((await health()).state, 'look', 'without a backup the operator is told');
  // Written under older names before, as months go by.
  for (const name of ['banya-20260115-100500.backup', 'banya-20260131-230500.backup', 'banya-20260430-230500.backup', 'notes.txt']) writeFileSync(join(place, name), 'older');
  assert.equal((await target({ kind: 'folder', path: place, keep: 2 })).status, 204);
  for (let hour = 0; hour < 4; hour++) {
    now = Date.UTC(2026, 5, 10, 3 + hour, 5);
    await hourly();
  }
  assert.deepEqual(kept(), ['banya-20260131-230500.backup', 'banya-20260430-230500.backup', 'banya-20260610-050500.backup', 'banya-20260610-060500.backup']);
  assert.ok(readdirSync(place).includes('notes.txt'), 'nobody else’s files are touched');
  const { items } = await page();
  assert.deepEqual(items.map((i: { ok: boolean }) => i.ok), [true, true, true, true]);
  assert.equal(items[0].bytes > 0 && items[0].error === null, true);
  assert.deepEqual(readdirSync(join(house.folder, 'data')).filter((n) => n.startsWith('backup-work')), [], 'no half of one is left');
});

test('a place that cannot be written is refused when it is set, and noted with its reason when it fails later', async () => {
  const file = join(place, 'a-file');
  writeFileSync(file, '');
  const refused = await target({ kind: 'folder', path: join(file, 'below'), keep: 2 });
  assert.deepEqual([refused.status, refused.body.code], [422, 'target_unreachable']);
  assert.equal((await page()).target.path, place, 'the place from before stays');
  const later = join(place, 'gone');
  assert.equal((await target({ kind: 'folder', path: later, keep: 2 })).status, 204);
  rmSync(later, { recursive: true });
  writeFileSync(later, '');
  now += 4 * 3_600_000;
  await hourly();
  const [newest] = (await page()).items;
  assert.equal(newest.ok, false);
  assert.match(newest.error, /gone/);
  const check = await health();
  assert.equal(check.state, 'bad');
  assert.match(check.remedy, /[ぁ-ん]/);
  assert.equal((await target({ kind: 'folder', path: place, keep: 2 })).status, 204);
});

test('a restore is tried in a copy; a damaged newest backup is found by it', async () => {
  const trial = async () => {
    const before = (await page()).lastTrial?.at;
    now += 1000;
    assert.deepEqual((await house.send('POST', '/operate/backups/trial', manager)).body, { started: true });
    await until('the trial ends', async () => (await page()).lastTrial?.at !== before);
    return (await page()).lastTrial;
  };
  assert.deepEqual((await house.send('POST', '/operate/backups', manager)).body, { started: true });
  await until('the backup is written', async () => !(await page()).running && (await page()).items[0].ok);
  const good = await trial();
  assert.equal(good.ok, true, good.text);
  assert.match(good.text, /proved it equal/);
  assert.equal((await health()).state, 'ok');
  const newest = join(place, kept().at(-1)!);
  const bytes = readFileSync(newest);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(newest, bytes);
  const bad = await trial();
  assert.equal(bad.ok, false);
  assert.match(bad.text, /damaged/);
});

test('backups go to an S3 store by signed requests, come back for a trial, and the secret is never shown', async () => {
  const store = await openS3('AKTEST', 'the secret key');
  try {
    const settings = { kind: 's3', endpoint: store.endpoint, bucket: 'backups', prefix: 'banya/main', region: 'ap-northeast-1', accessKey: 'AKTEST', secretKey: 'the secret key', passphrase: 'four words do well', keep: 2 };
    const wrong = await target({ ...settings, secretKey: 'not the secret' });
    assert.deepEqual([wrong.status, wrong.body.code], [422, 'target_unreachable']);
    assert.match(wrong.body.detail, /403/);
    assert.equal((await target(settings)).status, 204);
    store.refused.length = 0;
    for (let hour = 0; hour < 4; hour++) {
      now += 3_600_000;
      await hourly();
      const [newest] = (await page()).items;
      assert.equal(newest.ok, true, newest.error);
    }
    assert.deepEqual(store.refused, []);
    assert.equal([...store.objects.keys()].filter((k) => /^backups\/banya\/main\/banya-\d{8}-\d{6}\.backup$/.test(k)).length, 2);
    const shown = await house.send('GET', '/operate/backups', manager);
    assert.deepEqual([shown.body.target.hasSecret, shown.body.target.hasPassphrase], [true, true]);
    assert.doesNotMatch(shown.text, /the secret key|four words/);
    // What is left out stays as it was, since it cannot be shown and sent back.
    const { secretKey: _, passphrase: __, ...rest } = settings;
    assert.equal((await target({ ...rest, keep: 3 })).status, 204);
    now += 3_600_000;
    await hourly();
    assert.equal((await page()).items[0].ok, true);
    const trial = await house.house.modules.operate.backups.tryRestore();
    assert.equal(trial?.ok, true, trial?.text);
  } finally {
    await store.close();
  }
});

test('a trial that runs when the server stops ends with it: no process goes on, no copy stays, and nothing is noted of it', async () => {
  const { backups } = house.house.modules.operate;
  const path = join(place, 'for-the-last-trial');
  assert.equal((await target({ kind: 'folder', path, keep: 2 })).status, 204);
  assert.equal((await backups.backUp())?.ok, true);
  const before = await backups.lastTrial();
  // Command lines of processes that restore into a trial's folder.
  const restoring = (): string[] => globSync('/proc/[0-9]*/cmdline').flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')];
    } catch {
      return [];
    }
  }).filter((line) => line.includes('banya-trial-'));
  const folders = (): string[] => readdirSync(tmpdir()).filter((n) => n.startsWith('banya-trial-'));
  const [strangers, left] = [restoring(), folders()];
  const trial = backups.tryRestore();
  assert.equal(await backups.tryRestore(), null, 'one at a time');
  await until('the restore runs', async () => restoring().length > strangers.length);
  await backups.stop();
  assert.equal(await trial, null);
  assert.deepEqual(restoring().filter((line) => !strangers.includes(line)), []);
  assert.deepEqual(folders().filter((name) => !left.includes(name)), []);
  assert.deepEqual(await backups.lastTrial(), before);
});

// Whoever has the operator's browser for a minute could otherwise send every organisation's data elsewhere, and nobody would know.
test('who set where backups and mails go is in the federation’s ledger, without secrets', async () => {
  assert.equal((await target({ kind: 'folder', path: place, keep: 2, passphrase: 'a passphrase of some length' })).status, 204);
  assert.equal((await house.send('PUT', '/operate/mail', manager, { host: 'mail.example', port: 587, secure: true, user: 'banya', password: 'a secret', from: 'banya@federation.example' })).status, 204);
  const { rows } = await house.house.gate.query<{ org_id: string; action: string; actor: { personId: string }; facts: unknown }>("select org_id, action, actor, facts from kernel_ledger where action in ('operate.backup_target_changed', 'notify.settings_changed') order by seq desc limit 2");
  assert.deepEqual(rows.map((r) => [r.org_id, r.action, r.actor.personId]), ['notify.settings_changed', 'operate.backup_target_changed'].map((action) => [manager.orgId, action, manager.personId]));
  assert.doesNotMatch(JSON.stringify(rows), /passphrase|a secret/);
  assert.equal((await house.send('GET', `/orgs/${manager.orgId}/audit`, manager)).body.items[0].text, 'メールの送り方を変えました');
});
