import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newId } from '../ids.ts';
import { ChdbEngine } from './chdb.ts';
import { ClickHouseEngine } from './clickhouse.ts';
import type { EventsEngine } from './engine.ts';
import { engineError, EventsError } from './errors.ts';
import { startFacade } from './facade.test-helper.ts';
import type { Facade } from './facade.test-helper.ts';
import { batch, row, temporaryFolder } from './fixtures.test-helper.ts';
import { migrateEvents, readMigrations } from './migrate.ts';
import { CAPS, encodeRows } from './rows.ts';
import { ClickHouseEventsStore } from './store.ts';
import type { EventBatch } from './types.ts';

const refusedWith = (code: string) => (error: unknown) => error instanceof EventsError && error.code === code;

interface House {
  readonly engine: EventsEngine;
  /** The façade, where there is one. */
  readonly facade: Facade | undefined;
  close(): Promise<void>;
}

/** The two ways to the store. A real server takes the place of the façade when BANYA_TEST_EVENTS_URL names an empty database. */
const ways: readonly { readonly name: string; open(): Promise<House> }[] = [
  {
    name: 'chDB',
    async open() {
      const folder = temporaryFolder();
      const engine = await ChdbEngine.open({ folder: folder.path });
      return { engine, facade: undefined, close: () => engine.close().finally(folder.remove) };
    },
  },
  {
    name: 'ClickHouse over HTTP',
    async open() {
      const server = process.env['BANYA_TEST_EVENTS_URL'];
      if (server !== undefined) {
        const engine = await ClickHouseEngine.open({ url: server });
        return { engine, facade: undefined, close: () => engine.close() };
      }
      const folder = temporaryFolder();
      const behind = await ChdbEngine.open({ folder: folder.path });
      const facade = await startFacade(behind, 'p:w/d?');
      const engine = await ClickHouseEngine.open({ url: facade.url });
      return { engine, facade, close: () => facade.close().then(() => behind.close()).finally(folder.remove) };
    },
  },
];

for (const way of ways) {
  describe(`events store: ${way.name}`, () => {
    let house: House;
    let store: ClickHouseEventsStore;
    const a = newId();
    const b = newId();

    before(async () => {
      house = await way.open();
      await migrateEvents(house.engine);
      store = new ClickHouseEventsStore(house.engine, { insertRetryMs: 2000 });
    });
    after(() => house?.close());

    const countOf = async (orgId: string): Promise<number> => (await store.query<{ n: number }>(orgId, { sql: 'SELECT count() AS n FROM events' }))[0]!.n;

    test('a batch is stored once however often its token comes back', async () => {
      const org = newId();
      const sent = batch('lane:1:8-100', [row(org), row(org), row(org)]);
      for (let i = 0; i < 3; i++) assert.deepEqual(await store.insert(sent), { kind: 'stored' });
      assert.equal(await countOf(org), 3);
    });

    test('the same rows under another token are another batch', async () => {
      const org = newId();
      const rows = [row(org)];
      await store.insert(batch('lane:1:100-200', rows));
      await store.insert(batch('lane:1:200-300', rows));
      assert.equal(await countOf(org), 2);
    });

    test('an empty batch is stored without asking the engine', async () => {
      assert.deepEqual(await store.insert(batch('lane:1:0-0', [])), { kind: 'stored' });
    });

    test('poison rows are named and everything around them is stored once', async () => {
      const org = newId();
      // A word that the block's dictionary lacks: no row of ours says it, but a block damaged on its way might.
      const bad = [5, 15, 16, 20];
      const rows = Array.from({ length: 21 }, (_, i) => row(org, { raw: `line ${i}` }));
      const block = Buffer.from(encodeRows(rows));
      const words = Buffer.concat([Buffer.from('\0\x07blocked', 'latin1'), Buffer.from([21, 0, 0, 0, 0, 0, 0, 0])]);
      assert.equal(block.indexOf(words), block.lastIndexOf(words));
      for (const i of bad) block[block.indexOf(words) + words.length + i] = 77;
      const sent: EventBatch = { token: 'lane:2:8-900', rows: block, count: 21 };
      for (let i = 0; i < 2; i++) {
        const result = await store.insert(sent);
        assert.equal(result.kind, 'partly');
        assert.deepEqual(result.kind === 'partly' && result.poison.map((p) => p.row), bad.map((n) => `line ${n}`));
        assert.ok(result.kind === 'partly' && result.poison.every((p) => p.reason.length > 5 && p.reason.length <= 300));
      }
      assert.equal(await countOf(org), 17);
    });

    test('a batch that does not hold the rows it says is refused whole, never put aside as poison', async () => {
      const org = newId();
      await assert.rejects(store.insert({ token: 'lane:2:900-1000', rows: encodeRows([row(org), row(org)]), count: 3 }), refusedWith('EVENTS_FAILED'));
      assert.equal(await countOf(org), 0);
    });

    test('numbers that do not fit their column and times that cannot be are kept as text', async () => {
      const org = newId();
      const receivedAt = Math.trunc(Date.now() / 1000) * 1000 + 123;
      const odd = [NaN, Infinity, -1e15, 1e15];
      await store.insert(batch('lane:2:1000-1100', [
        row(org, { receivedAt, event: { 'source.port': 70_000, 'destination.port': 1.5, 'source.bytes': -1, 'event.severity': NaN, 'http.response.status_code': 404, 'destination.bytes': Number.MAX_SAFE_INTEGER } }),
        ...odd.map((time) => row(org, { receivedAt, event: { '@timestamp': time } })),
        row(org, { receivedAt, event: { '@timestamp': -2_208_988_799_999 } }),
      ]));
      const got = await store.query<{ fields: Record<string, string>; at: number; received: number; source_port: number; status: number; bytes: string; severity: number | null }>(org, {
        sql: 'SELECT fields, toUnixTimestamp64Milli(timestamp) AS at, toUnixTimestamp64Milli(received_at) AS received, source_port, http_response_status_code AS status, toString(destination_bytes) AS bytes, event_severity AS severity FROM events ORDER BY length(fields) DESC, timestamp DESC',
      });
      assert.deepEqual(got[0]!.fields, { 'source.port': '70000', 'destination.port': '1.5', 'source.bytes': '-1', 'event.severity': 'NaN' });
      assert.deepEqual([got[0]!.source_port, got[0]!.status, got[0]!.bytes, got[0]!.severity], [0, 404, String(Number.MAX_SAFE_INTEGER), null]);
      assert.deepEqual(got.slice(1, 5).map((r) => [Number(r.at), Number(r.received)]), odd.map(() => [receivedAt, receivedAt]));
      assert.deepEqual(got.slice(1, 5).map((r) => r.fields['@timestamp']).sort(), odd.map(String).sort());
      assert.equal(Number(got[5]!.at), -2_208_988_799_999);
    });

    test('hostile values come back as they went in, or cut and said so', async () => {
      const org = newId();
      const text = '\u0000\u0001\t\r\n"\\\'{}`\u2028日本語😀';
      await store.insert(
        batch('lane:3:8-100', [
          row(org, {
            raw: text,
            event: { '@timestamp': Date.now(), message: text, 'user.name': '\ud800lone', 'source.port': -5, 'event.severity': 0, tags: text, 'url.full': 'x'.repeat(CAPS.column + 1) },
            unmapped: { [text]: text, __proto__: 'no', 'user.name': 'mine', 'banya.cut': 'forged' },
          }),
        ]),
      );
      const [got] = await store.query<{ raw: string; message: string; user_name: string; source_port: number; event_severity: number; url_full: string; fields: Record<string, string> }>(org, {
        sql: 'SELECT raw, message, user_name, source_port, event_severity, url_full, fields FROM events',
      });
      assert.equal(got!.raw, text);
      assert.equal(got!.message, text);
      assert.equal(got!.user_name, '\ufffdlone');
      assert.equal(got!.source_port, 0);
      assert.equal(got!.event_severity, 0);
      assert.equal(got!.url_full.length, CAPS.column);
      assert.equal(got!.fields['source.port'], '-5');
      assert.equal(got!.fields['tags'], text);
      assert.equal(got!.fields[text], text);
      assert.equal(got!.fields['vendor.user.name'], 'mine');
      assert.equal(got!.fields['banya.cut'], 'url.full');
      assert.equal(got!.fields['vendor.banya.cut'], 'forged');
    });

    test('parameters are values, never SQL', async () => {
      const org = newId();
      const names = ["o'hara", 'back\\slash', 'tab\there', 'new\nline', "','x"];
      await store.insert(batch('lane:4:8-100', names.map((name) => row(org, { event: { 'user.name': name } }))));
      for (const name of names) {
        const found = await store.query<{ user_name: string }>(org, { sql: 'SELECT user_name FROM events WHERE user_name = {name:String}', params: { name } });
        assert.deepEqual(found.map((r) => r.user_name), [name]);
      }
      const all = await store.query(org, { sql: 'SELECT user_name FROM events WHERE user_name IN {names:Array(String)}', params: { names } });
      assert.equal(all.length, names.length);
      const numbers = await store.query<{ n: number }>(org, { sql: 'SELECT {n:Int64} AS n FROM events LIMIT 1', params: { n: -12 } });
      assert.equal(numbers[0]!.n, -12);
    });

    test('a query that finds too much is refused, not cut in silence', async () => {
      const org = newId();
      await store.insert(batch('lane:5:8-100', Array.from({ length: 50 }, () => row(org))));
      await assert.rejects(store.query(org, { sql: 'SELECT event_id FROM events', maxRows: 49 }), refusedWith('EVENTS_TOO_MANY_ROWS'));
      assert.equal((await store.query(org, { sql: 'SELECT event_id FROM events', maxRows: 50 })).length, 50);
    });

    test('a query that takes too long is ended', async () => {
      await assert.rejects(store.system('test', { sql: 'SELECT max(sipHash64(number)) FROM system.numbers', maxSeconds: 1 }), refusedWith('EVENTS_TIMEOUT'));
    });

    test('a statement the engine does not understand is an error of its own, not back-pressure', async () => {
      await assert.rejects(store.query(a, { sql: 'SELECT count( FROM events' }), EventsError);
      await assert.rejects(store.system('test', { sql: 'SELECT nothing_here FROM events' }), refusedWith('EVENTS_FAILED'));
    });

    test('reads over organisations need a reason and cannot write', async () => {
      await assert.rejects(store.system(' ', { sql: 'SELECT 1' }), refusedWith('EVENTS_FORBIDDEN'));
      for (const sql of ['DROP TABLE events', 'ALTER TABLE events DELETE WHERE 1', 'SELECT 1; DROP TABLE events', "SELECT 1 INTO OUTFILE '/tmp/x'", 'SELECT 1 SETTINGS readonly = 0']) {
        await assert.rejects(store.system('test', { sql }), refusedWith('EVENTS_FORBIDDEN'), sql);
      }
    });

    test('forgetting removes one organisation and nobody else', async () => {
      await store.insert(batch('lane:6:8-100', [row(a), row(b), row(a)]));
      const others = await countOf(b);
      await store.forget(a);
      assert.equal(await countOf(a), 0);
      assert.equal(await countOf(b), others);
      await assert.rejects(store.forget("' OR 1 = 1"), refusedWith('EVENTS_FORBIDDEN'));
    });

    test('health tells version, rows, bytes and memory', async () => {
      const health = await store.health();
      assert.ok(health.ok && /^\d+\.\d+/.test(health.version) && health.bytes > 0 && health.memoryBytes > 0);
      assert.equal(health.rows, (await store.fingerprint()).rows);
    });

    test('the fingerprint does not depend on order and changes with every value', async () => {
      const before = await store.fingerprint();
      assert.match(before.hash, /^[0-9a-f]{32}$/);
      const org = newId();
      const rows = [row(org), row(org, { deviceId: newId() })];
      await store.insert(batch('lane:7:8-100', rows));
      const first = await store.fingerprint();
      await store.forget(org);
      assert.deepEqual(await store.fingerprint(), before);
      await store.insert(batch('lane:7:100-200', rows.toReversed()));
      assert.deepEqual(await store.fingerprint(), first);
      await store.forget(org);
      await store.insert(batch('lane:7:200-300', [rows[0]!, { ...rows[1]!, deviceId: null }]));
      assert.notEqual((await store.fingerprint()).hash, first.hash);
    });

    test('a backup restores to the same fingerprint, and only into an empty store', async () => {
      const folder = temporaryFolder();
      try {
        const file = join(folder.path, 'events.native.zst');
        const exported = await store.exportTo(file);
        assert.deepEqual(exported, await store.fingerprint());
        assert.ok(exported.rows > 0);
        await assert.rejects(store.importFrom(file), refusedWith('EVENTS_FAILED'));
        await house.engine.run({ sql: 'TRUNCATE TABLE events' });

        const cut = join(folder.path, 'cut.zst');
        writeFileSync(cut, readFileSync(file).subarray(0, Math.floor(statSync(file).size / 2)));
        await assert.rejects(store.importFrom(cut), refusedWith('EVENTS_FAILED'));
        await assert.rejects(store.importFrom(join(folder.path, 'absent.zst')), refusedWith('EVENTS_FAILED'));
        assert.equal((await store.fingerprint()).rows, 0);

        assert.deepEqual(await store.importFrom(file), exported);
        assert.deepEqual(await store.fingerprint(), exported);
        assert.deepEqual(await house.engine.run({ sql: "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'events_%port_%'" }).then(String), '');
      } finally {
        folder.remove();
      }
    });

    test('an answered insert was synced to disk, file and folder', async () => {
      const syncs = async (): Promise<Map<string, number>> =>
        new Map((await store.system<{ event: string; n: number }>('test', { sql: "SELECT event, toUInt64(value) AS n FROM system.events WHERE event IN ('FileSync', 'DirectorySync')" })).map((r) => [r.event, Number(r.n)]));
      const before = await syncs();
      await store.insert(batch('lane:9:8-100', [row(newId())]));
      const after = await syncs();
      for (const event of ['FileSync', 'DirectorySync']) assert.ok((after.get(event) ?? 0) > (before.get(event) ?? 0), event);
    });

    test('events leave when their retention class has passed, and not before', async () => {
      const org = newId();
      const ago = (days: number): number => Date.now() - days * 86_400_000;
      const ages = [['short', 30], ['short', 40], ['standard', 40], ['standard', 110], ['long', 390], ['long', 410], ['kept', 2000]] as const;
      // Each in a batch of its own: a part leaves as a whole, when all of it has passed.
      for (const [retention, days] of ages) await store.insert(batch(`lane:10:${retention}-${days}`, [row(org, { retention, receivedAt: ago(days), raw: `${retention} ${days}` })]));
      await house.engine.run({ sql: 'OPTIMIZE TABLE events FINAL' });
      const left = await store.query<{ raw: string }>(org, { sql: 'SELECT raw FROM events ORDER BY received_at DESC' });
      assert.deepEqual(left.map((r) => r.raw), ['short 30', 'standard 40', 'long 390', 'kept 2000']);
    });

    test('migrations run once, and an edited or unknown one stops the start', async () => {
      const known = readMigrations();
      assert.deepEqual(await migrateEvents(house.engine), []);
      await assert.rejects(migrateEvents(house.engine, [{ name: known[0]!.name, sql: `${known[0]!.sql}-- edited\n` }]), refusedWith('EVENTS_MIGRATION'));
      await assert.rejects(migrateEvents(house.engine, []), refusedWith('EVENTS_MIGRATION'));
    });

    // Only the façade can be told to give such an answer; chDB gives it when it is short of memory.
    if (way.name !== 'chDB') test('back-pressure is retried and loses nothing', async (t) => {
      if (house.facade === undefined) return t.skip('a real server cannot be told to answer so: run without BANYA_TEST_EVENTS_URL');
      const org = newId();
      for (const answer of [{ engineCode: 241, status: 500 }, { engineCode: 243, status: 500 }, { status: 503 }]) {
        house.facade.fail(2, answer);
        assert.deepEqual(await store.insert(batch(`lane:8:${JSON.stringify(answer)}`, [row(org)])), { kind: 'stored' });
      }
      assert.equal(await countOf(org), 3);
      house.facade.fail(1000, { engineCode: 241, status: 500 });
      await assert.rejects(store.insert(batch('lane:8:900-1000', [row(org)])), refusedWith('EVENTS_BUSY'));
      house.facade.fail(0, { status: 500 });
      assert.equal(await countOf(org), 3);
    });
  });
}

/** On an embedded store of its own with two questions that take seconds; what is done there is over before they are. */
async function besideLongQuestions(work: (store: ClickHouseEventsStore) => Promise<void>): Promise<void> {
  const folder = temporaryFolder();
  const engine = await ChdbEngine.open({ folder: folder.path });
  try {
    await migrateEvents(engine);
    const store = new ClickHouseEventsStore(engine);
    let over = false;
    const both = Promise.all([1, 2].map((n) => store.system('test: a long question', { sql: 'SELECT sleep(3), {n:UInt8}', params: { n } }))).then(() => (over = true));
    await work(store);
    assert.equal(over, false, 'the questions go on still');
    await both;
  } finally {
    await engine.close();
    folder.remove();
  }
}

// Without it a member's searches of half a minute let the health check of the container run out of time, and Banya is started again.
test('whether the store is well is answered beside two long questions', () => besideLongQuestions(async (store) => assert.equal((await store.health()).ok, true)));

// Without it one member that searches keeps everybody's lines in the spool, and findings come when the search is over.
test('a batch is stored beside long questions, and does not wait for them', () => besideLongQuestions(async (store) => {
  assert.deepEqual(await store.insert(batch('beside', [row(newId())])), { kind: 'stored' });
  assert.equal((await store.fingerprint()).rows, 1);
}));

test('a wrong password and an absent server are told apart', async () => {
  const folder = temporaryFolder();
  const behind = await ChdbEngine.open({ folder: folder.path });
  const facade = await startFacade(behind, 'right');
  try {
    await assert.rejects(ClickHouseEngine.open({ url: facade.url.replace('right', 'wrong') }), refusedWith('EVENTS_FAILED'));
  } finally {
    await facade.close();
    await behind.close();
    folder.remove();
  }
  await assert.rejects(ClickHouseEngine.open({ url: facade.url }), refusedWith('EVENTS_UNAVAILABLE'));
});

test('what can be tried again is told from what cannot', () => {
  const codes = ['Code: 241. DB::Exception: memory', 'Code: 243. DB::Exception: disk', 'ENOSPC: no space left on device, write', 'EDQUOT: disk quota exceeded, open', 'Code: 159. DB::Exception: slow', 'Code: 62. DB::Exception: ENOSPC stands in the query', 'EACCES: permission denied'].map((text) => engineError(text).code);
  assert.deepEqual(codes, ['EVENTS_BUSY', 'EVENTS_BUSY', 'EVENTS_BUSY', 'EVENTS_BUSY', 'EVENTS_TIMEOUT', 'EVENTS_FAILED', 'EVENTS_FAILED']);
});
