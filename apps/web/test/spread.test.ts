import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bounded, COLUMN_MAX, fitted, placed, PLACES_MAX, UNKNOWN_MAX, type Drawing, type Kind, type Look, type Thing, type Way } from '../src/features/search/spread.ts';

const thing = (key: string, hop: number, more: Partial<Thing> = {}): Thing => ({ key, kind: 'machine', name: `PC-${key}`, hop, look: 'now', notes: ['関わった　11月22日（日）10:05'], at: 0, common: false, ...more });
const root = thing('root', 0, { kind: 'indicator', look: 'plain', name: '203.0.113[.]9' });
const way = (from: string, to: string, sure = true): Way => ({ from, to, sure });
const said = (n: Readonly<Partial<Record<Kind, number>>>): string => `ほかに${Object.values(n).reduce((a, b) => a + b, 0)}`;
const draw = (things: readonly Thing[], ways: readonly Way[], shape: 'wide' | 'narrow'): Drawing => {
  const { items, ways: kept } = bounded(things, ways, said);
  return placed(items, kept, shape);
};
const names = ({ boxes }: Drawing): string[] => boxes.flatMap((box) => box.item.names).sort();

/** Any graph of a trace: things of hops 0 to 3, ways between any two, some of them unknown. */
const graphs = fc.tuple(
  fc.array(fc.record({ hop: fc.integer({ min: 1, max: 3 }), kind: fc.constantFrom<Kind>('machine', 'account', 'person'), look: fc.constantFrom<Look>('now', 'look', 'plain', 'done'), at: fc.integer({ min: 0, max: 9 }), common: fc.boolean(), unknown: fc.boolean(), name: fc.string({ unit: 'grapheme', maxLength: 80 }), notes: fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 2 }) }), { maxLength: 90 }),
  fc.array(fc.tuple(fc.nat(90), fc.nat(90), fc.boolean()), { maxLength: 150 }),
).map(([given, pairs]) => {
  const things = [root, ...given.map(({ unknown, ...one }, i): Thing => ({ ...one, key: `k${i}`, ...(unknown && one.hop === 1 ? { unknown: true } : {}) }))];
  const known = things.filter((one) => !one.unknown);
  return { things, ways: pairs.flatMap(([a, b, sure]) => { const [from, to] = [known[a % known.length]!, known[b % known.length]!]; return from === to ? [] : [way(from.key, to.key, sure)]; }) };
});

test('no box lies on another or leaves the picture, no more are drawn than fit, and nobody is left out', () => {
  fc.assert(fc.property(graphs, ({ things, ways }) => {
    for (const shape of ['wide', 'narrow'] as const) {
      const drawing = draw(things, ways, shape);
      assert.ok(drawing.boxes.length <= PLACES_MAX && PLACES_MAX <= 40, `${drawing.boxes.length} places`);
      for (const [i, a] of drawing.boxes.entries()) {
        assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.width <= drawing.width && a.y + a.height <= drawing.height, `${shape}: a box is inside`);
        for (const b of drawing.boxes.slice(i + 1)) assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y, `${shape}: ${a.item.key} and ${b.item.key}`);
      }
      assert.deepEqual(names(drawing), things.map((one) => one.name).sort());
      assert.doesNotMatch(drawing.lines.map((line) => line.path).join(), /NaN|undefined/);
    }
  }), { numRuns: 150 });
});

test('the same things make the same picture, in whatever order they come', () => {
  fc.assert(fc.property(graphs, fc.infiniteStream(fc.nat()), ({ things, ways }, dice) => {
    const mixed = <T>(list: readonly T[]): T[] => list.map((one) => [dice.next().value as number, one] as const).sort(([a], [b]) => a - b).map(([, one]) => one);
    for (const shape of ['wide', 'narrow'] as const) assert.deepEqual(draw(mixed(things), mixed(ways), shape), draw(things, ways, shape));
  }), { numRuns: 60 });
});

test('a full column keeps what leads on and what is gravest, and the rest shares one place that counts it', () => {
  const many = Array.from({ length: 30 }, (_, i) => thing(`m${String(i).padStart(2, '0')}`, 1, { look: i < 25 ? 'done' : 'now', at: i, kind: i < 3 ? 'person' : 'machine' }));
  const next = thing('next', 2, { at: 50 });
  const { items, ways } = bounded([root, ...many, next], [...many.map((one) => way('root', one.key)), way('m20', 'next', false)], (n) => JSON.stringify(n));
  const column = items.filter((item) => item.hop === 1);
  assert.equal(column.length, COLUMN_MAX);
  assert.deepEqual(['m20', 'm25', 'm29'].map((key) => column.some((item) => item.key === key)), [true, true, true]);
  const more = column.find((item) => item.names.length > 1)!;
  assert.deepEqual([more.name, more.names.length, more.look], ['{"machine":19}', 19, 'done']);
  assert.equal(ways.filter((w) => w.to === more.key).length, 1, 'one way leads to them all');
  assert.equal(items.find((item) => item.key === 'next')!.guess, true);
  assert.equal(column[0]!.guess, false);
});

test('of those nobody knows of, three places stand at the end of the first column, and no way leads there', () => {
  const silent = Array.from({ length: 9 }, (_, i) => thing(`s${i}`, 1, { unknown: true, look: 'quiet' }));
  for (const shape of ['wide', 'narrow'] as const) {
    const { boxes, lines } = draw([...silent, root, thing('a', 1)], [way('root', 'a')], shape);
    assert.deepEqual(boxes.map((box) => [box.item.key, box.item.names.length]), [['root', 1], ['a', 1], ['s0', 1], ['s1', 1], ['more unknown', 7]]);
    assert.equal(boxes.filter((box) => box.item.unknown).length, UNKNOWN_MAX);
    assert.deepEqual(lines.map((line) => line.to), ['a']);
  }
});

test('in columns what happened first stands higher, and what comes from the higher one too; in rows what follows stands under where it came from', () => {
  const things = [root, thing('late', 1, { at: 9 }), thing('early', 1, { at: 1 }), thing('of-late', 2, { at: 2 }), thing('of-early', 2, { at: 10 })];
  const ways = [way('root', 'late'), way('root', 'early'), way('late', 'of-late', false), way('early', 'of-early')];
  const place = (shape: 'wide' | 'narrow', key: string) => draw(things, ways, shape).boxes.find((box) => box.item.key === key)!;
  assert.ok(place('wide', 'early').y < place('wide', 'late').y && place('wide', 'of-early').y < place('wide', 'of-late').y);
  assert.ok(place('wide', 'early').x < place('wide', 'of-early').x);
  assert.deepEqual(draw(things, ways, 'narrow').boxes.map((box) => box.item.key), ['root', 'early', 'of-early', 'late', 'of-late']);
  assert.deepEqual(draw(things, ways, 'narrow').lines.map((line) => [line.from, line.to, line.sure]), [['root', 'early', true], ['early', 'of-early', true], ['root', 'late', true], ['late', 'of-late', false]]);
});

test('a root without a key is a root like others', () => {
  const ids = (shape: 'wide' | 'narrow') => draw([{ ...root, key: '' }, thing('a', 1), thing('b', 1)], [way('', 'a'), way('', 'b')], shape).boxes.map((box) => box.item.key);
  assert.deepEqual([ids('wide'), ids('narrow')], [['', 'a', 'b'], ['', 'a', 'b']]);
});

test('words are cut to their lines, and a name that fits is whole', () => {
  assert.deepEqual(fitted('経理のパソコン', 200, 14, 2), ['経理のパソコン']);
  assert.deepEqual(fitted('あ'.repeat(20), 140, 14, 2), ['あ'.repeat(10), 'あ'.repeat(10)]);
  assert.deepEqual(fitted('あ'.repeat(30), 140, 14, 2), ['あ'.repeat(10), `${'あ'.repeat(9)}…`]);
  assert.deepEqual(fitted('portal[.]evil-login[.]example', 180, 14, 2), ['portal[.]evil-login[.]', 'example'], 'parted between its parts');
  assert.deepEqual(fitted('', 140, 14, 2), ['']);
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => assert.ok(fitted(text, 100, 14, 2).length <= 2)));
});
