import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId, newIdBytes } from './ids.ts';

const UUID7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const bytes = new Uint8Array(16);

function asText(nowMs: number): string {
  newIdBytes(nowMs, bytes);
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

test('ids as text and as bytes are of version 7, say their moment, and sort by creation whichever way they are made', () => {
  const from = Date.now() + 1000;
  const made: string[] = [];
  for (let i = 0; i < 20_000; i++) made.push(i % 3 === 0 ? newId(from + Math.floor(i / 9000)) : asText(from + Math.floor(i / 9000)));
  for (const id of made) assert.match(id, UUID7);
  assert.equal(Number.parseInt(UUID7.exec(made[0]!)!.slice(1, 3).join(''), 16), from);
  assert.deepEqual(made, made.toSorted());
  assert.equal(new Set(made.map((id) => id.slice(19))).size, made.length);
  // A clock that steps back does not turn the order round.
  assert.ok(asText(from - 5000) > made.at(-1)!);
});
