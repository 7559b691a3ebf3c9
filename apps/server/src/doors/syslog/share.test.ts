import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Bucket, FairShare } from './share.ts';

const LIMITS = { guaranteedPerSec: 100, poolPerSec: 1000, burstSec: 1 };

test('a flooding source takes the pool and never the guaranteed rate of a quiet one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 20 }), (floodPerMs, seconds) => {
      const share = new FairShare(LIMITS, 0);
      share.register(new Map([['flood', 1], ['quiet', 1]]), 0);
      for (let ms = 0; ms < seconds * 1000; ms++) {
        for (let i = 0; i < floodPerMs; i++) share.admit('flood', ms);
        if (ms % 10 === 0) assert.equal(share.admit('quiet', ms), 'guaranteed');
      }
    }),
    { numRuns: 20 },
  );
});

test('a flood is cut to the guaranteed rate and the pool together', () => {
  const share = new FairShare(LIMITS, 0);
  share.register(new Map([['flood', 1]]), 0);
  let taken = 0;
  for (let ms = 0; ms < 10_000; ms++) for (let i = 0; i < 50; i++) if (share.admit('flood', ms) !== 'refused') taken++;
  const expected = 1100 * 11;
  assert.ok(taken <= expected + 2 && taken >= expected - 110, String(taken));
});

test('an address that is not registered gets nothing, and so does one whose registration was removed', () => {
  const share = new FairShare(LIMITS, 0);
  assert.equal(share.admit('stranger', 0), 'refused');
  share.register(new Map([['a', 1]]), 0);
  assert.equal(share.admit('a', 0), 'guaranteed');
  share.register(new Map(), 0);
  assert.equal(share.admit('a', 0), 'refused');
  assert.equal(share.isRegistered('a'), false);
});

test('an address with several sources has the guaranteed rate of all of them', () => {
  const share = new FairShare({ ...LIMITS, poolPerSec: 0 }, 0);
  share.register(new Map([['a', 3]]), 0);
  share.admit('a', 0);
  let guaranteed = 1;
  while (share.admit('a', 0) === 'guaranteed') guaranteed++;
  assert.equal(guaranteed, 300);
});

test('a refreshed directory does not refill the bucket of a flooding source', () => {
  const share = new FairShare({ ...LIMITS, poolPerSec: 0 }, 0);
  share.register(new Map([['a', 1]]), 0);
  while (share.admit('a', 0) === 'guaranteed');
  share.register(new Map([['a', 1], ['b', 1]]), 0);
  assert.equal(share.admit('b', 0), 'guaranteed');
  assert.notEqual(share.admit('a', 0), 'guaranteed');
});

test('a clock that goes back gives no tokens', () => {
  const bucket = new Bucket(1, 1, 1000);
  assert.equal(bucket.take(1000), true);
  assert.equal(bucket.take(0), false);
  assert.equal(bucket.take(1999), false);
  assert.equal(bucket.take(2000), true);
});
