import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { ECS, ECS_COLUMNS } from '@banya/logs';
import { EVENT_COLUMNS, TABLE_COLUMNS } from './columns.ts';
import { row } from './fixtures.test-helper.ts';
import { blockRows, rawOf, sliceBlock } from './native.ts';
import { CAPS, encodeRows, type EventRow, RowBlock } from './rows.ts';

const ORG = '0190a000-0000-7000-8000-00000000000a';
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

/** The lines of rows, read out of their block one by one. */
const lines = (rows: readonly EventRow[]): string[] => rows.map((_, i) => rawOf(sliceBlock(encodeRows(rows), i, i + 1)));

test('any event becomes one row of a block, with its line whole', () => {
  const names = Object.keys(ECS);
  const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.double(), fc.integer(), fc.boolean(), fc.constant('x'.repeat(CAPS.column + 5)));
  const events = fc.array(fc.tuple(fc.dictionary(fc.constantFrom(...names), value), fc.dictionary(fc.string({ unit: 'binary' }), fc.string()), fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(events, (made) => {
      const rows = made.map(([event, unmapped, raw]) => row(ORG, { event: event as never, unmapped, raw }));
      assert.equal(blockRows(encodeRows(rows)), rows.length);
      assert.deepEqual(lines(rows), made.map(([, , raw]) => raw.toWellFormed()));
    }),
    { numRuns: 200, seed: 1 },
  );
});

test('a block that is cut in two and each half cut again is the same as blocks made of those rows', () => {
  const texts = ['', 'a', 'x'.repeat(47), 'y'.repeat(200), '日本語'.repeat(30), '😀'];
  const rows = Array.from({ length: 600 }, (_, i) =>
    row(ORG, {
      deviceId: i % 3 === 0 ? ORG : null,
      raw: texts[i % texts.length]!,
      // More than 256 users: indexes of two bytes.
      event: { '@timestamp': -5 * i, message: texts[(i * 7) % 6]!, 'user.name': `user ${i % 400}`, 'event.severity': i % 8, 'source.bytes': i * 2 ** 33, ...(i % 2 ? { 'source.port': i } : {}) },
      unmapped: Object.fromEntries(Array.from({ length: i % 4 }, (_, k) => [`k${k}`, texts[(i + k) % 6]!])),
    }),
  );
  const whole = encodeRows(rows);
  assert.deepEqual(Buffer.from(sliceBlock(whole, 0, 600)), Buffer.from(whole));
  for (const [from, to] of [[0, 300], [300, 600], [299, 300], [0, 1], [599, 600]] as const) {
    const slice = sliceBlock(whole, from, to);
    assert.equal(blockRows(slice), to - from);
    assert.deepEqual(Array.from({ length: Math.min(4, to - from) }, (_, i) => rawOf(sliceBlock(slice, i, i + 1))), rows.slice(from, from + Math.min(4, to - from)).map((r) => r.raw));
  }
  assert.throws(() => sliceBlock(whole.subarray(0, whole.length - 40), 0, 1), RangeError);
  assert.throws(() => blockRows(Buffer.from('{"org_id":1}\n')), RangeError);
});

test('a block used again holds nothing of the one before', () => {
  const block = new RowBlock();
  const full = row(ORG, { deviceId: ORG, event: { 'user.name': 'before', message: 'before', 'event.severity': 3, 'source.port': 9, 'source.bytes': 2 ** 40 }, unmapped: { left: 'over' } });
  const bare = row(ORG, { event: {}, raw: '' });
  for (let i = 0; i < 3; i++) block.add(full);
  block.take();
  block.add(full);
  block.clear();
  block.add(bare);
  assert.deepEqual(Buffer.from(block.take()), Buffer.from(encodeRows([bare])));
});

test('a block stands in the memory it is given, if that is large enough, and the same bytes in it', () => {
  const block = new RowBlock();
  const one = row(ORG);
  const fresh = encodeRows([one]);
  const roomy = new SharedArrayBuffer(fresh.length + 100);
  new Uint8Array(roomy).fill(0xee);
  for (const [memory, used] of [[roomy, true], [new SharedArrayBuffer(fresh.length - 1), false], [undefined, false]] as const) {
    block.add(one);
    const made = block.take(memory);
    assert.equal(made.buffer === memory, used);
    assert.deepEqual(Buffer.from(made), Buffer.from(fresh));
  }
});

test('an event\'s id may be given as its bytes', () => {
  const fixed = { ...row(ORG), receivedAt: 1_790_000_000_000 };
  assert.deepEqual(
    encodeRows([{ ...fixed, eventId: Buffer.from('0190a0001234756789abcdef01234567', 'hex') }]),
    encodeRows([{ ...fixed, eventId: '0190a000-1234-7567-89ab-cdef01234567' }]),
  );
  assert.throws(() => encodeRows([{ ...fixed, eventId: new Uint8Array(15) }]), TypeError);
});

test('a row stays bounded whatever is in it', () => {
  const unmapped = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 'v'.repeat(100)]));
  const made = encodeRows([row(ORG, { raw: 'r'.repeat(CAPS.raw * 2), event: { message: 'm'.repeat(1e6), 'event.reason': 'r'.repeat(1e6) }, unmapped })]);
  assert.ok(made.length < CAPS.raw + 2 * CAPS.column + CAPS.fields * 120 + 10_000, String(made.length));
  assert.equal(rawOf(made).length, CAPS.raw);
});

test('ids that are not UUIDs are a fault of the caller, and add nothing', () => {
  const block = new RowBlock();
  for (const fault of [{ orgId: 'x' }, { eventId: '","org_id":"' }, { sourceId: '' }, { deviceId: 'none' }, { receivedAt: NaN }, { eventId: '0190a000-0000-7000-8000-00000000000g' }, { eventId: '0190a000x0000-7000-8000-00000000000a' }]) {
    assert.throws(() => block.add(row(ORG, fault)), TypeError);
  }
  assert.equal(block.rows, 0);
});

test('the same events give the same bytes', () => {
  const rows = [row(ORG), row(ORG)];
  assert.deepEqual(encodeRows(rows), encodeRows(rows));
  assert.equal(encodeRows([]).length, 0);
});
