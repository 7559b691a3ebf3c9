import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../src/texts/en.ts';
import { formats } from '../src/texts/format.ts';
import { ja } from '../src/texts/ja.ts';

const japan = formats('ja', 'Asia/Tokyo');
const english = formats('en', 'Asia/Tokyo');
const year = new Date(Date.now() + 9 * 3_600_000).getUTCFullYear();

describe('dates as people write them', () => {
  it('a Japanese date carries month, day, weekday, and the year only when it is another one', () => {
    assert.equal(japan.date('2021-11-22'), '2021年11月22日（月）');
    assert.match(japan.date(`${year}-11-22`), /^11月22日（.）$/);
  });
  it('an instant is told in the organisation’s zone, not the reader’s', () => {
    assert.equal(japan.dateTime('2021-11-22T16:05:00Z'), '2021年11月23日（火）1:05');
    assert.equal(formats('ja', 'Europe/Paris').dateTime('2021-11-22T16:05:00Z'), '2021年11月22日（月）17:05');
  });
  it('a calendar day does not move with the zone', () => {
    assert.equal(formats('ja', 'Pacific/Honolulu').date('2021-11-22'), '2021年11月22日（月）');
  });
  it('the time since is told only when it is under a day', () => {
    const now = new Date('2021-11-22T12:00:00Z');
    assert.equal(japan.relative('2021-11-22T09:00:00Z', now), '3時間前');
    assert.equal(japan.relative('2021-11-22T11:59:40Z', now), 'たった今');
    assert.equal(japan.relative('2021-11-21T12:00:00Z', now), null);
    assert.equal(english.relative('2021-11-22T12:20:00Z', now), 'in 20 minutes');
    assert.equal(japan.when('2021-11-22T09:00:00Z', now), '11月22日（月）18:00（3時間前）');
  });
  it('the fiscal year begins in April', () => {
    assert.equal(japan.fiscalYear('2027-03-31'), '2026年度');
    assert.equal(japan.fiscalYear('2027-04-01'), '2027年度');
    assert.equal(japan.fiscalYear('2027-03-31T15:00:00Z'), '2027年度');
  });
});

describe('numbers as people write them', () => {
  it('money, counts and totals that stopped early', () => {
    assert.equal(japan.money(12000, 'month'), '12,000円／月');
    assert.equal(english.money(12000), '¥12,000');
    assert.equal(japan.total({ count: 1000, more: true }), '1,000件以上');
    assert.equal(english.total({ count: 1, more: false }, 'person'), '1 person');
    assert.equal(japan.size(10_000_000), '10 MB');
  });
  it('a number in a sentence has two figures, and is plain when nothing was rounded', () => {
    assert.equal(japan.about(1234), '約1,200件');
    assert.equal(japan.about(41), '41件');
    assert.equal(english.about(1234, 'none'), 'about 1,200');
    assert.equal(english.total({ count: 1000, more: true }, 'org'), '1,000 organisations or more');
    assert.equal(japan.shortMonth('2026-11'), '11月');
    assert.equal(english.shortMonth('2026-11'), 'Nov');
  });
});

describe('texts in two languages', () => {
  const walk = (node: unknown, path: string): [string, unknown][] =>
    typeof node === 'object' && node !== null ? Object.entries(node).flatMap(([key, value]) => walk(value, `${path}.${key}`)) : [[path, node]];
  it('every list has as many entries in English as in Japanese', () => {
    assert.deepEqual(walk(en, '').map(([path]) => path).sort(), walk(ja, '').map(([path]) => path).sort());
  });
  it('no sentence blames, frightens or says that something went wrong', () => {
    const said = walk(ja, '').filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    for (const [path, text] of said) assert.doesNotMatch(text, /エラーが発生|不正な|脆弱性が検出|可能性があります/, path);
  });
});
