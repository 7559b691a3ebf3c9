import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { newId } from '../ids.ts';
import { ChdbEngine } from './chdb.ts';
import { EventsError } from './errors.ts';
import { batch, row, temporaryFolder } from './fixtures.test-helper.ts';
import { guardSql } from './guard.ts';
import { migrateEvents } from './migrate.ts';
import { ClickHouseEventsStore } from './store.ts';

/**
 * One organisation's people must never see a line of another's, whatever SQL a bug or an attacker brings into a search.
 * Two walls are tried together (as the store puts them) and the inner one, the engine's own filter, by itself.
 */
const MINE = 'mine-7f3a';
const THEIRS = 'theirs-c21b';
const SECRET = 'file-secret-90aa';

describe('one organisation reads its own events only', () => {
  const folder = temporaryFolder();
  const me = newId();
  const they = newId();
  const secretFile = join(folder.path, 'secret.txt');
  let engine: ChdbEngine;
  let store: ClickHouseEventsStore;

  before(async () => {
    writeFileSync(secretFile, `${SECRET}\n`);
    engine = await ChdbEngine.open({ folder: join(folder.path, 'events') });
    await migrateEvents(engine);
    store = new ClickHouseEventsStore(engine);
    await store.insert(batch('a:1:0-1', [...Array(3)].map(() => row(me, { raw: MINE, event: { 'user.name': MINE, 'source.port': 1 } }))));
    await store.insert(batch('a:1:1-2', [...Array(7)].map(() => row(they, { raw: THEIRS, event: { 'user.name': THEIRS, 'source.port': 2 } }))));
    await engine.run({ sql: 'CREATE TABLE IF NOT EXISTS other (x String) ENGINE = MergeTree ORDER BY x' });
    await engine.run({ sql: 'INSERT INTO other SELECT {x:String}', params: { x: SECRET }, settings: { async_insert: 0 } });
  });
  after(() => engine?.close().finally(folder.remove));

  /** Runs it as `me`; says whether it was refused, and fails when it told anything of others. */
  async function attack(sql: string): Promise<'refused' | unknown[]> {
    let rows: unknown[];
    try {
      rows = await store.query(me, { sql, maxSeconds: 5 });
    } catch (error) {
      assert.ok(error instanceof EventsError, String(error));
      assert.doesNotMatch(error.message, new RegExp(`${THEIRS}|${SECRET}`), `the refusal of ${sql} tells what it protects`);
      return 'refused';
    }
    const told = JSON.stringify(rows);
    assert.ok(!told.includes(THEIRS) && !told.includes(SECRET), `${sql}\n→ ${told}`);
    return rows;
  }

  test('ordinary reads work: joins, subqueries, CTEs, unions, lambdas, windows, parameters', async () => {
    const sqls: [string, unknown][] = [
      ['SELECT count() AS n FROM events', [{ n: 3 }]],
      ['select uniqExact(e.user_name) as n from events as e where e.source_port in (1, 2) or 1 = 1 -- all of them', [{ n: 1 }]],
      ['SELECT sum(n) AS n FROM (SELECT count() AS n FROM events UNION ALL SELECT count() AS n FROM events)', [{ n: 6 }]],
      ['WITH recent AS (SELECT event_id FROM events) SELECT count() AS n FROM recent', [{ n: 3 }]],
      ['WITH a AS (SELECT event_id FROM events), b AS (SELECT event_id FROM a) SELECT count() AS n FROM b WHERE event_id IN (SELECT event_id FROM a)', [{ n: 3 }]],
      ["SELECT count() AS n FROM events WHERE source_port NOT IN (2, 3) AND (lower(user_name)) IN ('mine-7f3a') AND NOT source_port IN (4) AND 'b' NOT IN ('c')", [{ n: 3 }]],
      ['SELECT count() AS n FROM events a JOIN events b ON a.event_id = b.event_id', [{ n: 3 }]],
      ["SELECT arrayStringConcat(arrayMap(x -> concat(x, '!'), groupUniqArray(user_name))) AS n FROM events", [{ n: `${MINE}!` }]],
      ['SELECT max(n) AS n FROM (SELECT row_number() OVER (PARTITION BY user_name ORDER BY timestamp) AS n FROM events)', [{ n: 3 }]],
      ["SELECT count() AS n FROM events WHERE event_id IN (SELECT event_id FROM events WHERE user_name LIKE 'mine%')", [{ n: 3 }]],
      ["SELECT count() AS n FROM events WHERE timestamp > now() - INTERVAL 1 DAY AND isIPAddressInRange(if(source_ip = '', '::', source_ip), '::/0')", [{ n: 3 }]],
      ['SELECT toStartOfInterval(received_at, INTERVAL 1 YEAR) AS year, event_action, count() AS n FROM events GROUP BY year, event_action HAVING n > 5 ORDER BY n DESC LIMIT 5', []],
      ["SELECT countIf(raw LIKE '%SETTINGS%; DROP TABLE events --') AS n FROM events", [{ n: 0 }]],
      ['SELECT fields[\'x\'] AS x, CAST(source_port AS String) AS p FROM events LIMIT 1', [{ x: '', p: '1' }]],
    ];
    for (const [sql, expected] of sqls) assert.deepEqual(await store.query(me, { sql }), expected, sql);
    assert.equal((await store.query(me, { sql: 'SELECT raw FROM events WHERE user_name = {name:String}', params: { name: MINE } })).length, 3);
  });

  const attacks = (): string[] => [
    // Round the filter
    'SELECT * FROM events WHERE 1 = 1 OR 1',
    `SELECT * FROM events WHERE org_id = '${they}'`,
    `SELECT * FROM events WHERE org_id = '${they}' OR org_id != '${me}'`,
    'SELECT raw FROM events UNION ALL SELECT raw FROM events',
    'SELECT * FROM (SELECT * FROM (SELECT * FROM events AS e) AS events2)',
    'WITH events AS (SELECT * FROM banya.events) SELECT * FROM events',
    'WITH x AS (SELECT * FROM events) SELECT * FROM x, events AS y',
    'SELECT * FROM events AS a LEFT JOIN events AS b ON 1 = 1',
    'SELECT * FROM banya.events',
    'SELECT * FROM "banya"."events"',
    'SELECT * FROM `banya` . `events`',
    'SELECT * FROM events e, banya.events b',
    'SELECT * FROM events /* , */ , banya.events',
    'SELECT 1 AS banya, 2 AS x FROM events, banya.x',
    'SELECT 1 AS other, other.x FROM events AS a JOIN events AS b ON 1 = 1, other',
    'SELECT (SELECT groupArray(raw) FROM banya.events)',
    'SELECT count() FROM events WHERE raw IN banya.events',
    'SELECT count() FROM events WHERE raw IN (other)',
    'SELECT count() FROM events WHERE raw IN ((other))',
    'SELECT count() FROM events WHERE raw GLOBAL NOT IN other',
    // Settings
    'SELECT * FROM events SETTINGS additional_table_filters = {}',
    "SELECT * FROM events SETTINGS additional_table_filters = {'x':'1'}, readonly = 0",
    'SELECT * FROM (SELECT * FROM events SETTINGS additional_table_filters = map())',
    'SELECT 1 AS settings, 2 AS readonly FROM events SETTINGS readonly = 0',
    // A second statement, comments, quoting
    'SELECT 1; SELECT * FROM banya.events',
    'SELECT 1 -- \n; SELECT * FROM banya.events',
    "SELECT '\\'; SELECT * FROM banya.events -- '",
    'SELECT * FROM events --',
    'SELECT * FROM events #',
    'SELECT * FROM events /*',
    "SELECT 'a''b' FROM events; DROP TABLE events",
    'SELECT $$a$$ FROM events',
    'SELECT ‘x’ FROM events',
    'SELECT 1 \u0000 FROM events',
    'SELECT * FROM events PARALLEL WITH SELECT * FROM banya.events',
    // Other statements
    'DROP TABLE events', 'INSERT INTO events SELECT * FROM events', 'ALTER TABLE events DELETE WHERE 1', 'SYSTEM SHUTDOWN', 'SET readonly = 0', 'USE system',
    'EXPLAIN SELECT * FROM banya.events', 'SHOW TABLES', 'DESCRIBE events', 'EXISTS other', 'FROM banya.events SELECT *', 'VALUES (1)', 'WITH 1 AS x INSERT INTO events SELECT 1',
    `SELECT * FROM events INTO OUTFILE '${join(folder.path, 'out')}'`, 'SELECT * FROM events FORMAT Native',
    // Other tables
    'SELECT * FROM other', 'SELECT * FROM system.tables', 'SELECT * FROM system.query_log', 'SELECT * FROM INFORMATION_SCHEMA.TABLES', 'SELECT * FROM events_migrations',
    'SELECT * FROM events JOIN other ON 1 = 1', 'SELECT * FROM events ARRAY JOIN [1] AS x, other',
    'SELECT * FROM (EXPLAIN SELECT * FROM banya.events)', 'SELECT * FROM (banya.events)', 'SELECT * FROM ((SELECT * FROM banya.events))',
    'SELECT * FROM {t:Identifier}', 'SELECT {banya_org:UUID}',
    'SELECT 1 AS other, * FROM other', 'SELECT (1) other, * FROM other', 'WITH 1 AS other SELECT * FROM other', 'WITH x -> 1 AS other SELECT * FROM other', 'SELECT * FROM events other JOIN other ON 1 = 1',
    'WITH other AS (SELECT * FROM other) SELECT * FROM other', 'WITH a AS (SELECT * FROM other), other AS (SELECT * FROM events) SELECT * FROM a',
    'SELECT * FROM (WITH other AS (SELECT * FROM events) SELECT * FROM other) AS a, other', 'SELECT * FROM other UNION ALL WITH other AS (SELECT * FROM events) SELECT * FROM other',
    'SELECT arrayMap(other -> 1, [1]), * FROM other', 'SELECT count() OVER other FROM other WINDOW other AS (PARTITION BY raw)', 'WITH (SELECT 1) AS other SELECT * FROM other', 'WITH a AS ((SELECT * FROM other)) SELECT * FROM a',
    ...["in('x', other)", "NOT in('x', other)", "1 = 1 AND NOT in('x', other)", "global in('x', other)", "'x' IN (other)", "arrayExists(x -> in(x, other), ['x'])"].map(
      (asked) => `SELECT count() FROM events WHERE ${asked} AND event_id IN (SELECT event_id FROM (SELECT 1 AS other, event_id FROM events))`,
    ),
    `SELECT arrayMap(hasColumnInTable, ['other'], ['x']) FROM (SELECT 1 AS hasColumnInTable FROM events)`, "SELECT arrayMap(getServerSetting, ['path']) FROM events WHERE 1 IN (SELECT 1 AS getServerSetting)",
    // Table functions
    `SELECT * FROM file('${secretFile}', 'LineAsString')`, "SELECT * FROM url('http://127.0.0.1/')", "SELECT * FROM s3('x')", "SELECT * FROM remote('127.0.0.1', banya.events)",
    "SELECT * FROM merge('banya', '.*')", 'SELECT * FROM view(SELECT * FROM banya.events)', "SELECT * FROM cluster('default', banya.events)", 'SELECT * FROM loop(banya.events)',
    'SELECT * FROM numbers(10)', "SELECT * FROM executable('id', 'TSV', 'x String')", "SELECT * FROM mergeTreeIndex('banya', 'events')", "SELECT * FROM python('x')",
    // Functions that reach out
    `SELECT file('${secretFile}')`, `SELECT arrayMap(file, ['${secretFile}']) FROM events`, `SELECT arrayMap(x -> file(x), ['${secretFile}'])`,
    `WITH x -> file(x) AS f SELECT f('${secretFile}')`, `SELECT 1 AS file, arrayMap(file, ['${secretFile}']) FROM events`,
    `SELECT * FROM (SELECT 1 AS file) AS a JOIN (SELECT arrayMap(file, ['${secretFile}']) AS z) AS b ON 1 = 1`,
    `SELECT "file"('${secretFile}')`, `SELECT \`arrayMap\`(\`file\`, ['${secretFile}'])`, `SELECT * APPLY(file) FROM events`, `SELECT raw APPLY file FROM events`,
    "SELECT joinGet('other', 'x', 1)", "SELECT dictGet('d', 'x', 1)", "SELECT getSetting('max_threads')", 'SELECT hostName()', 'SELECT currentUser()', "SELECT hasColumnInTable('banya', 'other', 'x')",
    'SELECT sleep(3)', "SELECT throwIf(1, 'x')", "SELECT initializeAggregation('sum', 1)", "SELECT arrayReduce('groupArray', [1])", "SELECT COLUMNS('x') FROM other", 'SELECT in(raw, other) FROM events',
    'SELECT catboostEvaluate(1, 2)', "SELECT aiGenerate('x')", 'SELECT events.*, other.* FROM events, other', 'SELECT * FROM events, (other) AS x',
    // Cost
    `SELECT ${'('.repeat(50_001)}`, `SELECT '${'x'.repeat(100_000)}' FROM events`,
  ];

  test('no known attack is answered with anything of others, and nothing is changed by one', async () => {
    const before = await store.fingerprint();
    for (const sql of attacks()) await attack(sql);
    assert.deepEqual(await store.fingerprint(), before);
  });

  test('reaching beyond the table is refused before the engine sees it', () => {
    // The one that begins with a quoted backslash is a plain string from end to end.
    const reaches = attacks().filter((sql) => !sql.startsWith("SELECT '\\'") && /other|system|file\(|file,|url|banya|SETTINGS|;|readonly|\bINTO\b|Identifier|numbers|APPLY/i.test(sql));
    assert.ok(reaches.length > 40);
    for (const sql of reaches) assert.throws(() => guardSql(sql), (error: unknown) => error instanceof EventsError && error.code === 'EVENTS_FORBIDDEN', sql);
  });

  test('the engine filter holds by itself, were the guard ever passed', async () => {
    const settings = { readonly: 1, additional_table_filters: `{'events': 'org_id = \\'${me}\\''}` };
    for (const sql of [
      'SELECT raw FROM events WHERE 1 = 1 OR 1',
      'SELECT raw FROM banya.events',
      'SELECT raw FROM banya.events UNION ALL SELECT raw FROM events UNION ALL SELECT raw FROM (SELECT * FROM banya.events)',
      'WITH x AS (SELECT * FROM banya.events) SELECT raw FROM x AS y',
      'SELECT b.raw FROM (SELECT 1 AS k) AS a JOIN (SELECT 1 AS k, raw FROM banya.events) AS b ON a.k = b.k',
      'SELECT raw FROM events PREWHERE 1 OR user_name != \'\'',
      'SELECT (SELECT groupArray(raw) FROM banya.events) AS raw',
    ]) {
      const told = (await engine.run({ sql, settings })).toString();
      assert.ok(told.includes(MINE) && !told.includes(THEIRS), sql);
    }
  });

  test('words put together at random never tell of others', async () => {
    const words = fc.constantFrom(
      'SELECT', '*', 'raw', 'user_name', 'count()', 'FROM', 'events', 'banya.events', 'other', 'system.tables', 'WHERE', 'OR', '1', '=', '1', ',', '(', ')', 'UNION ALL', 'WITH', 'AS', 'x', 'a',
      'JOIN', 'ON', 'IN', 'SETTINGS', 'readonly', ';', '--', '\n', "'", '"', '`', '/*', '*/', `'${they}'`, 'org_id', '{banya_org:UUID}', 'file', 'arrayMap', '->', 'PREWHERE', 'LIMIT', 'NOT', '.', 'HAVING', 'GROUP BY',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 14 }), fc.constantFrom('SELECT raw FROM events ', 'SELECT * FROM events ', 'SELECT raw FROM (SELECT * FROM events', ''), async (tail, head) => {
        await attack(head + tail.join(' '));
      }),
      { numRuns: 400, seed: 20260401 },
    );
  });

  test('every well-formed read, however nested, is answered with own rows only', async () => {
    const { query } = fc.letrec<{ query: string; source: string; condition: string }>((tie) => ({
      condition: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom('1 = 1', '1', `org_id = '${they}'`, `org_id != '${me}'`, "user_name != ''", "raw LIKE '%'", 'source_port IN (1, 2)', "has(['a'], 'b') = 0"),
        fc.tuple(tie('condition'), fc.constantFrom('OR', 'AND', 'XOR'), tie('condition')).map(([left, how, right]) => (how === 'XOR' ? `xor(${left}, ${right})` : `(${left} ${how} ${right})`)),
        tie('condition').map((inner) => `NOT (${inner})`),
        tie('source').map((from) => `event_id IN (SELECT event_id FROM ${from})`),
      ),
      source: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constant('events'),
        fc.tuple(tie('source'), tie('condition')).map(([from, where]) => `(SELECT * FROM ${from} WHERE ${where})`),
        fc.tuple(tie('source'), tie('source')).map(([left, right]) => `(SELECT * FROM ${left} UNION ALL SELECT * FROM ${right})`),
        fc.tuple(tie('source'), tie('source')).map(([left, right]) => `(SELECT a.* FROM ${left} AS a LEFT JOIN ${right} AS b ON a.event_id = b.event_id)`),
      ),
      query: fc.oneof(
        fc.tuple(tie('source'), tie('condition')).map(([from, where]) => `SELECT raw FROM ${from} WHERE ${where}`),
        fc.tuple(tie('source'), tie('condition')).map(([from, where]) => `WITH seen AS (SELECT * FROM ${from}) SELECT raw FROM seen WHERE ${where}`),
        fc.tuple(tie('query'), tie('query')).map(([left, right]) => (right.startsWith('WITH') ? left : `${left} UNION ALL ${right}`)),
      ),
    }));
    let told = 0;
    await fc.assert(
      fc.asyncProperty(query, async (sql) => {
        const rows = await attack(sql);
        assert.notEqual(rows, 'refused', sql);
        told += rows.length;
      }),
      { numRuns: 150, seed: 20260402 },
    );
    assert.ok(told > 0, 'no row came back, so nothing was tried');
  });

  test('an organisation that is no UUID reads nothing', async () => {
    for (const org of ['', "' OR 1 = 1 --", `${me}' OR '1' = '1`, me.slice(0, -1)]) await assert.rejects(store.query(org, { sql: 'SELECT 1 FROM events' }), EventsError);
  });
});
