import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import fc from 'fast-check';
import { DataFolderInUse } from '../db/errors.ts';
import { PAYLOAD_MAX } from './format.ts';
import { FileSpool, SpoolError } from './index.ts';
import type { SpoolBatch, SpoolOptions, SpoolPosition, SpoolRecord, StoredRecord } from './index.ts';

const SOURCE = '0190a000-0000-7000-8000-000000000001';
const LIMITS = { maxBytes: 1 << 20, maxRecords: 1000, waitMs: 0 };
const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'banya-spool-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function openSpool(folder: string, more: Partial<SpoolOptions> = {}): Promise<FileSpool> {
  return FileSpool.open({ folder, lane: 'test', syncMsMin: 1, floorBytes: 0, ...more });
}

function record(text: string, more: Partial<SpoolRecord> = {}): SpoolRecord {
  return { sourceId: SOURCE, receivedAt: 1_775_000_000_123, flags: 0, payload: Buffer.from(text), ...more };
}

const payloadOf = (batch: SpoolBatch, { at, length }: StoredRecord): Buffer => Buffer.from(batch.memory.subarray(at, at + length));
const textsOf = (batch: SpoolBatch): string[] => batch.records.map((r) => payloadOf(batch, r).toString());
const refusedWith = (code: string) => (error: unknown) => error instanceof SpoolError && error.code === code;

/** Reads everything that waits, committing as it goes. */
async function drain(spool: FileSpool, limits = LIMITS): Promise<{ texts: string[]; tokens: string[] }> {
  const texts: string[] = [];
  const tokens: string[] = [];
  for (let batch = await spool.next(limits); batch !== null; batch = await spool.next(limits)) {
    texts.push(...textsOf(batch));
    tokens.push(batch.token);
    await spool.commit(batch.to);
  }
  return { texts, tokens };
}

const lastSegment = (folder: string): string => join(folder, readdirSync(folder).filter((name) => name.endsWith('.spool')).sort().at(-1)!);

test('a record comes back as it went in', async () => {
  const spool = await openSpool(newFolder());
  const sent = [record('', { flags: 3, receivedAt: 0 }), record('日本語\u0000'), { ...record(''), payload: Uint8Array.from({ length: 256 }, (_, i) => i), sourceId: 'FFFFFFFF-0000-7000-8000-0123456789ab' }];
  await spool.append(sent);
  const batch = await spool.next(LIMITS);
  assert.deepEqual(
    batch!.records.map((r) => ({ sourceId: r.sourceId, receivedAt: r.receivedAt, flags: r.flags, payload: [...payloadOf(batch!, r)] })),
    sent.map((r) => ({ ...r, sourceId: r.sourceId.toLowerCase(), payload: [...r.payload] })),
  );
  assert.equal(batch!.token, `${batch!.token.split(':')[0]}:1:8-${batch!.to.offset}`);
  await spool.close();
});

test('any mix of appends, batch limits, commits and reopenings gives every record once, in order', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('append' as const), sizes: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 6 }) }),
    fc.record({ do: fc.constant('read' as const), maxBytes: fc.integer({ min: 1, max: 2000 }), maxRecords: fc.integer({ min: 1, max: 9 }), commit: fc.boolean(), memory: fc.constantFrom(undefined, 100, 1000, 4000) }),
    fc.record({ do: fc.constant('reopen' as const) }),
    fc.record({ do: fc.constant('keep' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const folder = newFolder();
      let spool = await openSpool(folder, { segmentBytes: 1500 });
      let sent = 0;
      let read = 0;
      let open: string | undefined;
      for (const one of steps) {
        if (one.do === 'append') {
          await spool.append(one.sizes.map((size) => record(`${sent++}:`.padEnd(size, '.'))));
        } else if (one.do === 'read') {
          // Used again and full of what stood there before.
          const memory = one.memory === undefined ? undefined : new SharedArrayBuffer(one.memory);
          if (memory) new Uint8Array(memory).fill(0xb5);
          const batch = await spool.next({ ...one, waitMs: 0, memory });
          assert.equal(batch === null, read === sent);
          if (batch === null) continue;
          if (memory !== undefined && memory.byteLength >= batch.bytes && batch.memory.buffer !== memory && memory.byteLength >= one.maxBytes) assert.fail('memory that was large enough was not used');
          // What was once handed out is handed out again, whatever the limits are now.
          if (open !== undefined) assert.equal(batch.token, open);
          else assert.ok(batch.records.length === 1 || batch.bytes <= one.maxBytes);
          assert.deepEqual(textsOf(batch).map((text) => Number(text.split(':')[0])), batch.records.map((_, i) => read + i));
          open = batch.token;
          // The one behind it, before this one is committed; null only at the end of what was sent.
          const behind = await spool.next({ ...one, waitMs: 0, after: batch.to, memory: undefined });
          assert.equal(behind === null, read + batch.records.length === sent);
          if (behind) {
            assert.equal(Number(textsOf(behind)[0]!.split(':')[0]), read + batch.records.length);
            assert.equal((await spool.next({ ...one, waitMs: 0, memory }))!.token, open);
          }
          if (one.commit) {
            await spool.commit(batch.to);
            read += batch.records.length;
            open = behind?.token;
          }
        } else if (one.do === 'reopen') {
          await spool.close();
          spool = await openSpool(folder, { segmentBytes: 1500 });
        } else {
          await spool.keepUntil(spool.position().committed);
        }
        assert.equal(spool.position().backlogBytes === 0, read === sent);
      }
      assert.equal((await drain(spool)).texts.length, sent - read);
      assert.equal(spool.position().backlogBytes, 0);
      await spool.close();
      rmSync(folder, { recursive: true });
    }),
    { numRuns: 60, seed: 7 },
  );
});

test('killing the writing process at random loses no acknowledged record and moves no batch edge', async () => {
  const script = `
    import { FileSpool } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    import { writeSync } from 'node:fs';
    const [folder, first] = [process.argv[1], Number(process.argv[2])];
    const spool = await FileSpool.open({ folder, lane: 'test', segmentBytes: 40_000, floorBytes: 0, syncMsMin: 2 });
    let n = first;
    const reading = async () => {
      for (;;) {
        const batch = await spool.next({ maxBytes: 3000, maxRecords: 1 + n % 13, waitMs: 1000 });
        if (batch !== null) {
          writeSync(1, 'token ' + batch.token + ' ' + batch.records.map((r) => Buffer.from(batch.memory.subarray(r.at, r.at + r.length)).toString().split(':')[0]).join(',') + '\\n');
          if (n % 3 !== 0) await spool.commit(batch.to);
        }
      }
    };
    void reading();
    for (;;) {
      const mine = Array.from({ length: 1 + n % 7 }, () => n++);
      await spool.append(mine.map((i) => ({ sourceId: '${SOURCE}', receivedAt: i, flags: 0, payload: Buffer.from(i + ':' + 'x'.repeat(i % 400)) })));
      writeSync(1, 'acked ' + n + '\\n');
    }
  `;
  const folder = newFolder();
  const byToken = new Map<string, string>();
  const acknowledged: { from: number; to: number }[] = [];
  let next = 0;
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, folder, String(next)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 40 + ((round * 37) % 110)));
    child.kill('SIGKILL');
    await once(child, 'close');
    let acked = next;
    for (const line of out.split('\n').slice(0, -1)) {
      const [what, value, list] = line.split(' ');
      if (what === 'acked') acked = Math.max(acked, Number(value));
      else if (byToken.has(value!)) assert.equal(list, byToken.get(value!), 'one token, two batches');
      else byToken.set(value!, list!);
    }
    acknowledged.push({ from: next, to: acked });
    // Records written but not acknowledged may be there as well; numbers go on behind them.
    next = Math.max(acked, ...[...byToken.values()].map((list) => Number(list.split(',').at(-1)) + 1)) + 1000;
  }
  const spool = await openSpool(folder, { segmentBytes: 40_000 });
  await spool.rewind({ segment: 1, offset: 8 });
  const seen: number[] = [];
  const tokens = new Map<string, string>();
  for (let batch = await spool.next({ maxBytes: 700, maxRecords: 3, waitMs: 0 }); batch !== null; batch = await spool.next({ maxBytes: 700, maxRecords: 3, waitMs: 0 })) {
    const numbers = batch.records.map((r) => r.receivedAt);
    seen.push(...numbers);
    tokens.set(batch.token, numbers.join(','));
    await spool.commit(batch.to);
  }
  await spool.close();
  assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => a - b), 'in order, none twice');
  for (const [token, list] of byToken) assert.equal(tokens.get(token), list, `${token} is cut the same again`);
  const present = new Set(seen);
  assert.ok(acknowledged.reduce((sum, { from, to }) => sum + to - from, 0) > 200, 'too little was acknowledged to tell');
  for (const { from, to } of acknowledged) for (let n = from; n < to; n++) assert.ok(present.has(n), `${n} was acknowledged and is lost`);
});

test('a torn tail of any length is cut off and what comes after is kept', async () => {
  const folder = newFolder();
  let spool = await openSpool(folder);
  await spool.append([record('one'), record('two')]);
  await spool.close();
  const file = lastSegment(folder);
  const whole = readFileSync(file);
  const lastStart = whole.length - (whole.length - 8) / 2;
  for (let length = lastStart; length < whole.length; length++) {
    writeFileSync(file, whole.subarray(0, length));
    rmSync(join(folder, 'state.json'));
    for (const name of readdirSync(folder)) if (name.endsWith('.edges')) rmSync(join(folder, name));
    spool = await openSpool(folder);
    await spool.append([record('three')]);
    assert.deepEqual((await drain(spool)).texts, ['one', 'three']);
    await spool.close();
  }
});

test('garbage at the end, a half-made segment and an empty file are survived', async () => {
  for (const spoil of [(file: string) => appendFileSync(file, Buffer.alloc(5000, 0xb5)), (file: string) => appendFileSync(file, Buffer.from([0xb5, 0x9e, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3, 4, 5]))]) {
    const folder = newFolder();
    let spool = await openSpool(folder);
    await spool.append([record('one')]);
    await spool.close();
    spoil(lastSegment(folder));
    spool = await openSpool(folder);
    await spool.append([record('two')]);
    assert.deepEqual((await drain(spool)).texts, ['one', 'two']);
    await spool.close();
    writeFileSync(join(folder, '0000000002.spool'), 'BNY');
    spool = await openSpool(folder);
    await spool.append([record('three')]);
    assert.deepEqual((await drain(spool)).texts, ['three']);
    await spool.close();
  }
});

test('a flipped bit costs its own record only, and is told', async () => {
  const folder = newFolder();
  const damage: { where: SpoolPosition; bytes: number }[] = [];
  let spool = await openSpool(folder);
  await spool.append(['one', 'two', 'three', 'four'].map((text) => record(text)));
  await spool.close();
  const file = lastSegment(folder);
  const bytes = readFileSync(file);
  bytes[bytes.indexOf('two')]! ^= 1;
  writeFileSync(file, bytes);
  spool = await openSpool(folder, { onDamage: (where, lost) => damage.push({ where, bytes: lost }) });
  const first = (await spool.next({ ...LIMITS, maxRecords: 1 }))!;
  assert.deepEqual(textsOf(first), ['one']);
  // Looking ahead passes over nothing and tells nothing: the record before is not committed yet.
  assert.equal(await spool.next({ ...LIMITS, after: first.to }), null);
  assert.deepEqual([damage, spool.position().committed.offset], [[], 8]);
  assert.deepEqual((await drain(spool)).texts, ['one', 'three', 'four']);
  assert.deepEqual(damage, [{ where: { segment: 1, offset: 46 }, bytes: 38 }]);
  await spool.close();
});

test('a disk that lost synced bytes costs those, and not the records to come', async () => {
  const folder = newFolder();
  let spool = await openSpool(folder);
  await spool.append([record('one'), record('two')]);
  const { tokens } = await drain(spool);
  await spool.close();
  truncateSync(lastSegment(folder), statSync(lastSegment(folder)).size - 5);
  spool = await openSpool(folder);
  await spool.append([record('three')]);
  const after = await drain(spool);
  assert.deepEqual(after.texts, ['three']);
  assert.notEqual(after.tokens[0], tokens[0]);
  await spool.close();
});

test('below the disk floor intake is refused and nothing is written', async () => {
  const folder = newFolder();
  const full = await openSpool(folder, { floorBytes: Number.MAX_SAFE_INTEGER });
  await assert.rejects(full.append([record('one')]), refusedWith('SPOOL_FULL'));
  assert.equal(full.position().backlogBytes, 0);
  await full.close();
  const roomy = await openSpool(folder);
  await roomy.append([record('two')]);
  assert.deepEqual((await drain(roomy)).texts, ['two']);
  await roomy.close();
});

test('a record that cannot be kept is refused with all that came with it', async () => {
  const spool = await openSpool(newFolder());
  for (const bad of [record('', { sourceId: 'somebody' }), record('', { receivedAt: NaN }), { ...record(''), payload: new Uint8Array(PAYLOAD_MAX + 1) }]) {
    await assert.rejects(spool.append([record('good'), bad]), refusedWith('SPOOL_RECORD'));
  }
  await spool.append([{ ...record(''), payload: new Uint8Array(PAYLOAD_MAX) }, record('last')]);
  const sizes: number[] = [];
  for (let batch = await spool.next({ ...LIMITS, maxBytes: 10 }); batch !== null; batch = await spool.next({ ...LIMITS, maxBytes: 10 })) {
    sizes.push(...batch.records.map((r) => r.length));
    await spool.commit(batch.to);
  }
  assert.deepEqual(sizes, [PAYLOAD_MAX, 4]);
  await spool.close();
});

test('more than memory should hold is refused while the disk is behind', async () => {
  const spool = await openSpool(newFolder(), { syncMsMin: 20 });
  const big = { ...record(''), payload: new Uint8Array(PAYLOAD_MAX) };
  const results = await Promise.allSettled(Array.from({ length: 12 }, () => spool.append([big])));
  const stored = results.filter((r) => r.status === 'fulfilled').length;
  assert.ok(stored >= 7 && stored < 12, `${stored} stored`);
  for (const result of results) if (result.status === 'rejected') assert.ok(refusedWith('SPOOL_BUSY')(result.reason));
  assert.equal((await drain(spool, { ...LIMITS, maxBytes: 8 << 20 })).texts.length, stored);
  await spool.close();
});

test('segments stay until a backup holds them and they are processed', async () => {
  const folder = newFolder();
  const spool = await openSpool(folder, { segmentBytes: 100 });
  const positions: SpoolPosition[] = [];
  for (let i = 0; i < 6; i++) {
    await spool.append([record('x'.repeat(100))]);
    positions.push(spool.position().written);
  }
  const segments = (): number => readdirSync(folder).filter((name) => name.endsWith('.spool')).length;
  assert.equal(segments(), 6);
  await spool.keepUntil(positions[4]!);
  assert.equal(segments(), 6, 'not processed yet');
  const { tokens } = await drain(spool);
  assert.equal(segments(), 6, 'processing alone deletes nothing');
  await spool.keepUntil(positions[2]!);
  assert.equal(segments(), 2);
  await assert.rejects(spool.rewind({ segment: 1, offset: 8 }), refusedWith('SPOOL_GONE'));
  await assert.rejects(spool.rewind({ segment: 99, offset: 8 }), refusedWith('SPOOL_GONE'));
  await assert.rejects(spool.commit({ segment: 99, offset: 8 }), refusedWith('SPOOL_GONE'));
  await spool.rewind({ segment: 5, offset: 8 });
  assert.deepEqual((await drain(spool, { ...LIMITS, maxRecords: 1 })).tokens, tokens.slice(4));
  await spool.close();
});

test('a reader that waits is woken by the next record, and gets null when none comes', async () => {
  const spool = await openSpool(newFolder());
  assert.equal(await spool.next({ ...LIMITS, waitMs: 5 }), null);
  const waiting = spool.next({ ...LIMITS, waitMs: 60_000 });
  await spool.append([record('one')]);
  assert.deepEqual(textsOf((await waiting)!), ['one']);
  await spool.close();
  await assert.rejects(spool.append([record('two')]), refusedWith('SPOOL_CLOSED'));
  await assert.rejects(spool.next(LIMITS), refusedWith('SPOOL_CLOSED'));
});

test('closing waits for what was appended', async () => {
  const folder = newFolder();
  const spool = await openSpool(folder, { syncMsMin: 30 });
  const appended = [spool.append([record('one')]), spool.append([record('two')])];
  await spool.close();
  await Promise.all(appended);
  const again = await openSpool(folder);
  assert.deepEqual((await drain(again)).texts, ['one', 'two']);
  await again.close();
});

test('a new spool never repeats the tokens of a lost one', async () => {
  const tokens = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const spool = await openSpool(newFolder());
    await spool.append([record('same')]);
    for (const token of (await drain(spool)).tokens) tokens.add(token);
    await spool.close();
  }
  assert.equal(tokens.size, 3);
});

test('two spools on one folder are refused', async () => {
  const folder = newFolder();
  const spool = await openSpool(folder);
  await assert.rejects(openSpool(folder), DataFolderInUse);
  await spool.close();
  await (await openSpool(folder)).close();
});
