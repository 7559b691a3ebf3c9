import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { ECS, ECS_COLUMNS } from '@banya/logs';
import { EVENT_COLUMNS, TABLE_COLUMNS } from './columns.ts';
import { row } from './fixtures.test-helper.ts';
import { CAPS, encodeRows, type EventRow } from './rows.ts';

const ORG = '0190a000-0000-7000-8000-00000000000a';
const encodeRow = (one: EventRow): string => Buffer.from(encodeRows([one])).toString();
const migration = readFileSync(new URL('../../../migrations/events/0001_events.sql', import.meta.url), 'utf8');

test('the table has exactly the columns that ECS marks, with their types', () => {
  const body = /\(\n([\s\S]*?)\n\)\nENGINE/.exec(migration)![1]!;
  const inSql = new Map(
    body.split(',\n').map((line): [string, string] => {
      const [, name, type] = /^\s*(\w+) (.*?)(?: CODEC\(.*\))?$/.exec(line)!;
      return [name!, type!];
    }),
  );
  assert.deepEqual(new Map([...inSql].sort()), new Map([...TABLE_COLUMNS].sort()));
  assert.deepEqual(EVENT_COLUMNS.map((c) => c.ecs), ECS_COLUMNS.filter((name) => name !== '@timestamp'));
  for (const { ecs, of } of EVENT_COLUMNS) assert.equal(of.kind === 'uint', ECS[ecs].type === 'long', `${ecs} is ${ECS[ecs].type}`);
});

test('any event becomes one line of valid JSON with known columns only', () => {
  const names = Object.keys(ECS);
  const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.double(), fc.integer(), fc.boolean(), fc.constant('x'.repeat(CAPS.column + 5)));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), fc.dictionary(fc.string({ unit: 'binary' }), fc.string()), fc.string({ unit: 'binary' }), (event, unmapped, raw) => {
      const line = encodeRow(row(ORG, { event: event as never, unmapped, raw }));
      assert.ok(line.indexOf('\n') === line.length - 1 && line.isWellFormed());
      const parsed = JSON.parse(line) as Record<string, unknown>;
      for (const name of Object.keys(parsed)) assert.ok(TABLE_COLUMNS.has(name), name);
      for (const [name, text] of Object.entries(parsed['fields'] as object)) assert.equal(typeof text, 'string', name);
      assert.equal(parsed['raw'], raw.toWellFormed());
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('a number that does not fit its column is kept as text', () => {
  const parsed = JSON.parse(encodeRow(row(ORG, { event: { 'source.port': 70_000, 'destination.port': 1.5, 'source.bytes': -1, 'event.severity': NaN, 'http.response.status_code': 404 } }))) as Record<string, unknown>;
  assert.deepEqual(parsed['fields'], { 'source.port': '70000', 'destination.port': '1.5', 'source.bytes': '-1', 'event.severity': 'NaN' });
  assert.equal(parsed['http_response_status_code'], 404);
  assert.ok(!('source_port' in parsed));
});

test('a device time outside of what a column holds gives way to the arrival time and is kept as text', () => {
  for (const odd of [NaN, Infinity, -1e15, 1e15]) {
    const parsed = JSON.parse(encodeRow(row(ORG, { receivedAt: 1_775_000_000_123, event: { '@timestamp': odd } }))) as { timestamp: number; received_at: number; fields: Record<string, string> };
    assert.equal(parsed.timestamp, 1_775_000_000_123);
    assert.equal(parsed.fields['@timestamp'], String(odd));
  }
});

test('a row stays bounded whatever is in it', () => {
  const unmapped = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 'v'.repeat(100)]));
  const line = encodeRow(row(ORG, { raw: '😀'.repeat(CAPS.raw), event: { message: 'm'.repeat(1e6), 'event.reason': 'r'.repeat(1e6) }, unmapped }));
  assert.ok(line.length < CAPS.raw + 2 * CAPS.column + CAPS.fields * 120 + 2000, String(line.length));
  assert.equal((JSON.parse(line) as { fields: Record<string, string> }).fields['banya.cut'], 'message event.reason fields raw');
});

test('ids that are not UUIDs are a fault of the caller', () => {
  for (const fault of [{ orgId: 'x' }, { eventId: '","org_id":"' }, { sourceId: '' }, { deviceId: 'none' }, { receivedAt: NaN }]) {
    assert.throws(() => encodeRow(row(ORG, fault)), TypeError);
  }
});

test('the same events give the same bytes', () => {
  const rows = [row(ORG), row(ORG)];
  assert.deepEqual(encodeRows(rows), encodeRows(rows));
  assert.equal(Buffer.from(encodeRows(rows)).toString().split('\n').length, 3);
  assert.equal(encodeRows([]).length, 0);
});
