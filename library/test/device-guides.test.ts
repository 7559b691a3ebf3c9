import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAMILIES } from '@banya/logs';
import { deviceGuides } from '../src/device-guides.ts';

test('every guide is for a family that is read, says all in both languages, and fills in nothing but our address', () => {
  const guides = deviceGuides();
  const known = new Set(FAMILIES.map(({ id }) => id));
  assert.deepEqual([...known].filter((id) => !guides.some((guide) => guide.id === id)), ['dhcpd'], 'what a router hands out needs no settings of its own');
  assert.equal(new Set(guides.map(({ id }) => id)).size, guides.length);
  for (const guide of guides) {
    assert.ok(known.has(guide.id), guide.id);
    assert.ok(guide.minutes >= 5 && guide.minutes <= 60 && guide.for !== '' && ['TCP', 'UDP', 'TLS', 'HTTPS'].includes(guide.protocol), guide.id);
    assert.ok(guide.steps.length >= 1, guide.id);
    for (const text of [guide.name, ...guide.steps, ...guide.notes]) assert.ok(text.ja && text.en, `${guide.id}: ${JSON.stringify(text)}`);
    for (const text of [...guide.steps, ...guide.notes]) assert.match(text.ja, /[。]$/, `${guide.id}: ${text.ja}`);
    const pasted = guide.steps.map(({ paste }) => paste ?? '').join('\n');
    assert.deepEqual([...pasted.matchAll(/(?<!\$)(?:\{(host|port|ingest)\}|\{[a-z]+\})/g)].filter(([, name]) => name === undefined).map(([whole]) => whole), [], guide.id);
    // What looks like an address would be pasted as it is.
    assert.doesNotMatch(pasted, /\d{1,3}(?:\.\d{1,3}){3}|example|xxx/i, guide.id);
    for (const [gap] of pasted.matchAll(/【[A-Z]】/g)) for (const lang of ['ja', 'en'] as const) assert.ok(guide.steps.some((step) => step[lang].includes(gap)), `${guide.id} does not say what ${gap} is`);
    // Yamaha's routers speak to port 514 alone, which the collector in the office has.
    if (guide.id !== 'yamaha-rtx') assert.match(pasted, guide.protocol === 'HTTPS' ? /\{ingest\}/ : /\{host\}[^]*\{port\}/, guide.id);
  }
});
