import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sighting } from './ask.ts';
import { lettersOf, part } from './service.ts';

const sighting = (more: Partial<Sighting>): Sighting => ({ role: 'traffic', ip: '', host: '', user: '', mailFrom: '', mailTo: '', sourceId: '', count: 1, stopped: 0, first: 0, last: 0, ...more });

test('an address that several machines held is parted by time, others stay', () => {
  const slots = [{ ip: '192.0.2.1', count: 2, stopped: 0, first: 1, last: 2 }, { ip: '192.0.2.1', count: 3, stopped: 3, first: 9, last: 9 }];
  const { parted, cut } = part([sighting({ ip: '192.0.2.1', user: 'a', count: 5 }), sighting({ ip: '192.0.2.2' }), sighting({ ip: '192.0.2.1', host: 'named' })], ['192.0.2.1'], slots);
  assert.deepEqual(parted.map((s) => [s.ip, s.host, s.user, s.count, s.first]), [['192.0.2.1', '', 'a', 2, 1], ['192.0.2.1', '', 'a', 3, 9], ['192.0.2.2', '', '', 1, 0], ['192.0.2.1', 'named', '', 1, 0]]);
  assert.equal(cut, false);
});

// Without it three thousand names behind one address, times as many five minutes, end the process for all members.
test('what is put together is bounded, and says that it was cut', () => {
  const names = Array.from({ length: 3_000 }, (_, i) => sighting({ ip: '192.0.2.1', user: `u${i}` }));
  const slots = Array.from({ length: 5_000 }, (_, i) => ({ ip: '192.0.2.1', count: 1, stopped: 0, first: i, last: i }));
  const { parted, cut } = part(names, ['192.0.2.1'], slots);
  assert.ok(parted.length <= 23_000, String(parted.length));
  assert.equal(new Set(parted.map((s) => s.user)).size, 3_000, 'nobody is left out');
  assert.equal(cut, true);
  const sent = Array.from({ length: 3_000 }, () => sighting({ role: 'mail', mailTo: Array.from({ length: 900 }, (_, i) => `${i}@x.jp`).join(', ') }));
  const got = lettersOf(sent, { kind: 'domain', value: 'evil.example' });
  assert.deepEqual([got.letters.length, got.cut], [10_000, true]);
});

test('who writes to the indicator has not received it', () => {
  assert.deepEqual(lettersOf([sighting({ mailTo: 'x@evil.example, a@b.jp; c@d.jp', count: 2, stopped: 2 })], { kind: 'address', value: 'x@evil.example' }), {
    letters: [{ address: 'a@b.jp', how: 'stopped', count: 2, first: 0, last: 0 }, { address: 'c@d.jp', how: 'stopped', count: 2, first: 0, last: 0 }], cut: false,
  });
});
