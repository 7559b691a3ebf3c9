import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { appendEntry, encodeRecord, genesis, headOf, verifyChain, verifyChainSync, verifyFile } from '../src/index.ts';
import type { Head, JsonValue, LedgerRecord } from '../src/index.ts';

const CHAIN = 'org-0001';
const AT = '2026-11-22T01:05:00.000Z';

function build(bodies: readonly JsonValue[], chain = CHAIN): LedgerRecord[] {
  let head = genesis(chain);
  return bodies.map((body, i) => {
    const record = appendEntry(head, { at: new Date(Date.parse(AT) + i * 1_000).toISOString(), body });
    head = headOf(record);
    return record;
  });
}

const verify = (records: Iterable<unknown>, anchors: Head[] = []) => verifyChainSync(records, { chain: CHAIN, anchors });
const failure = (records: Iterable<unknown>, anchors: Head[] = []) => {
  const result = verify(records, anchors);
  assert.equal(result.ok, false);
  return result.ok ? undefined : `${result.atSeq} ${result.reason}`;
};

const bodies = fc.array(
  fc.oneof(
    fc.record({ who: fc.string({ unit: 'grapheme', maxLength: 12 }), n: fc.double({ noNaN: true, noDefaultInfinity: true }), tags: fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }) }),
    fc.constant({ 操作: '閲覧', 対象: 'ログ' }),
  ),
  { minLength: 1, maxLength: 6 },
) as fc.Arbitrary<JsonValue[]>;

test('the hash is the documented construction, recomputed here by hand', () => {
  const [record] = build([{ b: 1, a: '番屋' }]);
  const first = createHash('sha256').update('banya/ledger/genesis/1\0org-0001').digest();
  const text = `{"at":"${AT}","body":{"a":"番屋","b":1},"chain":"org-0001","seq":1,"v":1}`;
  assert.equal(record!.prevHash, first.toString('hex'));
  assert.equal(record!.hash, createHash('sha256').update('banya/ledger/entry/1\0').update(first).update(text).digest('hex'));
});

test('an untouched chain verifies, also in pieces and from an async source', async () => {
  const records = build(Array.from({ length: 50 }, (_, i) => ({ i })));
  const head = headOf(records[49]!);
  assert.deepEqual(verify(records), { ok: true, count: 50, head });
  assert.deepEqual(verify([]), { ok: true, count: 0, head: genesis(CHAIN) });
  async function* source() {
    yield* records.slice(20);
  }
  assert.deepEqual(await verifyChain(source(), { chain: CHAIN, from: headOf(records[19]!), anchors: [head] }), { ok: true, count: 30, head });
});

test('a changed field, of any kind, is named with its place', () => {
  const [a, b, c] = build([{ n: 1 }, { n: 2 }, { n: 3 }]) as [LedgerRecord, LedgerRecord, LedgerRecord];
  assert.equal(failure([a, { ...b, body: { n: 20 } }, c]), '2 hash');
  assert.equal(failure([a, { ...b, at: '2026-11-22T01:05:09.000Z' }, c]), '2 hash');
  assert.equal(failure([a, { ...b, hash: c.hash }, c]), '2 hash');
  assert.equal(failure([a, { ...b, hash: b.hash.toUpperCase() }, c]), '2 hash');
  assert.equal(failure([a, { ...b, prevHash: a.prevHash }, c]), '2 prev_hash');
  assert.equal(failure([a, { ...b, chain: 'org-0002' }, c]), '2 chain');
  assert.equal(failure([a, { ...b, v: 2 }, c]), '2 version');
  assert.equal(failure([a, { ...b, seq: '2' }, c]), '2 seq');
  assert.equal(failure([a, { ...b, at: '2026-11-22 01:05' }, c]), '2 shape');
  assert.equal(failure([a, { ...b, body: undefined }, c]), '2 shape');
  assert.equal(failure([a, { ...b, note: 'unprotected' }, c]), '2 shape');
  assert.equal(failure([a, null, c]), '2 shape');
  assert.equal(failure([a, { ...b, body: 'x'.repeat(1_100_000) }, c]), '2 too_large');
});

test('dropped, doubled, swapped and inserted entries are detected', () => {
  fc.assert(
    fc.property(bodies, fc.nat(), fc.nat(), (list, x, y) => {
      const records = build([...list, { last: 1 }, { last: 2 }]);
      const i = x % records.length;
      const j = y % records.length;
      const last = headOf(records.at(-1)!);
      assert.equal(verify(records.toSpliced(i, 1), [last]).ok, false, 'dropped');
      assert.equal(verify(records.toSpliced(i, 0, records[j]!), [last]).ok, false, 'doubled');
      if (i !== j) {
        const swapped = records.with(i, records[j]!).with(j, records[i]!);
        assert.equal(verify(swapped, [last]).ok, false, 'swapped');
      }
      const before = i === 0 ? genesis(CHAIN) : headOf(records[i - 1]!);
      const forged = appendEntry(before, { at: AT, body: { forged: true } });
      assert.equal(verify(records.toSpliced(i, 0, forged), [last]).ok, false, 'inserted with a right hash');
    }),
    { numRuns: 300 },
  );
});

test('a cut end and a rewritten chain are invisible without an anchor and detected with one', () => {
  const records = build([{ n: 1 }, { n: 2 }, { n: 3 }]);
  const anchor = headOf(records[2]!);
  assert.equal(verify(records.slice(0, 2)).ok, true);
  assert.equal(failure(records.slice(0, 2), [anchor]), '3 truncated');
  const rewritten = build([{ n: 1 }, { n: 9 }, { n: 3 }]);
  assert.equal(verify(rewritten).ok, true);
  assert.equal(failure(rewritten, [anchor]), '3 anchor');
  assert.equal(failure(rewritten, [headOf(records[1]!), anchor]), '2 anchor');
});

test('one organisation\'s chain cannot be shown as another\'s', () => {
  const others = build([{ n: 1 }], 'org-0002');
  assert.equal(failure(others), '1 chain');
  assert.equal(failure(others.map((record) => ({ ...record, chain: CHAIN }))), '1 prev_hash');
});

const file = (records: readonly LedgerRecord[]) => Buffer.from(records.map((record) => encodeRecord(record)).join(''), 'utf8');

test('any one flipped bit of a ledger file is detected', async () => {
  await fc.assert(
    fc.asyncProperty(bodies, fc.nat(), fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 200 }), async (list, position, bit, size) => {
      const records = build(list);
      const bytes = file(records);
      const options = { chain: CHAIN, anchors: [headOf(records.at(-1)!)] };
      const chunks = (buffer: Buffer) => Array.from({ length: Math.ceil(buffer.length / size) }, (_, i) => buffer.subarray(i * size, (i + 1) * size));
      assert.deepEqual(await verifyFile(chunks(bytes), options), { ok: true, count: list.length, head: headOf(records.at(-1)!) });
      const flipped = Buffer.from(bytes);
      flipped[position % bytes.length]! ^= 1 << bit;
      assert.equal((await verifyFile(chunks(flipped), options)).ok, false);
    }),
    { numRuns: 1_500 },
  );
});

test('every single bit of one small file is tried, and none escapes', async () => {
  const records = build([{ n: 1e21, s: '\u001f é' }, ['a', 1.5, null]]);
  const bytes = file(records);
  for (let i = 0; i < bytes.length * 8; i++) {
    const flipped = Buffer.from(bytes);
    flipped[i >> 3]! ^= 1 << (i & 7);
    const result = await verifyFile([flipped], { chain: CHAIN, anchors: [headOf(records[1]!)] });
    assert.equal(result.ok, false, `bit ${i & 7} of byte ${i >> 3}`);
  }
});

test('a file cut at any byte is detected with an anchor', async () => {
  const records = build([{ n: 1 }, { n: 2 }]);
  const bytes = file(records);
  for (let length = 0; length < bytes.length; length++) {
    const result = await verifyFile([bytes.subarray(0, length)], { chain: CHAIN, anchors: [headOf(records[1]!)] });
    assert.equal(result.ok, false, `cut to ${length} bytes`);
  }
});

test('hostile files are refused: endless line, deep nesting, byte order mark, doubled key, wrong encoding', async () => {
  const [record] = build([{ n: 1 }]);
  const line = encodeRecord(record!);
  const reason = async (bytes: Iterable<Uint8Array>) => {
    const result = await verifyFile(bytes, { chain: CHAIN });
    return result.ok ? 'ok' : result.reason;
  };
  let served = 0;
  function* endless() {
    for (;;) {
      served += 65_536;
      yield new Uint8Array(65_536).fill(0x61);
    }
  }
  assert.equal(await reason(endless()), 'too_large');
  assert.ok(served < 4_000_000, 'reading stops at the limit');
  assert.equal(await reason([Buffer.from('['.repeat(100_000) + '\n')]), 'encoding');
  assert.equal(await reason([Buffer.from('\ufeff' + line)]), 'encoding');
  assert.equal(await reason([Buffer.from(line.replace('{', '{"v":1,'))]), 'encoding');
  assert.equal(await reason([Buffer.from(line.replace('{', '{ '))]), 'encoding');
  assert.equal(await reason([Buffer.from([0xff, 0xfe, 0x0a])]), 'encoding');
  assert.equal(await reason([Buffer.from(line + '\n')]), 'encoding');
  assert.equal(await reason([Buffer.from(line)]), 'ok');
});

test('malformed heads, times and anchors are refused when given', () => {
  const start = genesis(CHAIN);
  assert.throws(() => genesis(''), RangeError);
  assert.throws(() => genesis('\ud800'), RangeError);
  assert.throws(() => appendEntry({ ...start, hash: 'abc' }, { at: AT, body: 1 }), RangeError);
  assert.throws(() => appendEntry({ ...start, seq: -1 }, { at: AT, body: 1 }), RangeError);
  for (const at of ['', '2026-11-22', '2026-02-30T00:00:00.000Z', '2026-11-22T01:05:00Z', '2026-11-22T10:05:00.000+09:00']) {
    assert.throws(() => appendEntry(start, { at, body: 1 }), RangeError, at);
  }
  assert.throws(() => verify([], [genesis('org-0002')]), RangeError);
  assert.throws(() => verify([], [{ ...start, seq: 3 }, { chain: CHAIN, seq: 3, hash: '0'.repeat(64) }]), RangeError);
});

test('the example of the README runs', async () => {
  const first = appendEntry(genesis('org-0001'), { at: '2026-11-22T01:05:00.000Z', body: { who: 'tanto', did: 'read' } });
  const second = appendEntry(headOf(first), { at: '2026-11-22T01:06:00.000Z', body: { who: 'desk', did: 'close' } });
  const anchor = headOf(second);
  assert.equal((await verifyChain([first, second], { chain: 'org-0001', anchors: [anchor] })).ok, true);
  assert.deepEqual(await verifyChain([first], { chain: 'org-0001', anchors: [anchor] }), { ok: false, atSeq: 2, reason: 'truncated' });
});
