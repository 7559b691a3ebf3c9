import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { getDomain } from 'tldts';
import { loadBrands, readBrands, spellingKey, TRADES } from '../src/brands.ts';

const brands = loadBrands();

/** Words that people write without thinking of a company. A brand spelled like one counts in display names alone. */
const EVERYDAY = new Set([
  'apple', 'アップル', 'visa', 'ビザ', 'line', 'ライン', 'イオン', 'ups', 'box', 'slack', 'zoom', 'notion', 'discord', 'square', 'スクエア', 'stripe', 'wise', 'indeed', 'steam', 'oracle', 'canon',
  'norton', 'adobe', 'buffalo', 'バッファロー', 'プロミス', 'promise', 'atone', 'target', 'shell', 'orange', 'sprint', 'chase', 'discover', 'base', 'ベース', 'peach', 'ピーチ', 'meta', 'メタ', 'x', 'eight',
  'au', 'ana', 'jal', 'etc', 'ipa', 'his', 'sap', 'dti', 'レイク', 'lake', '弥生', '日立', '郵便局', '銀行', 'カード', '水道局', '税務署', '裁判所', '東京都', '大阪市', '横浜市', '信用金庫', 'ポイント', 'point',
  'teams', 'outlook', 'office', 'windows', 'drive', 'ドライブ', 'edge', 'chrome', 'word', 'excel', 'express', 'スマート', 'smart', 'ヤマト', '大和', '野村', '松井', 'トヨタ', 'リード', '楽天',
]);

test('a brand that is missing is a forgery that goes unnoticed: at least 150 of them, in all trades', () => {
  assert.ok(brands.length >= 350, `${brands.length} brands`);
  for (const trade of TRADES) assert.ok(brands.filter((brand) => brand.trade === trade).length >= 10, trade);
  assert.deepEqual(readBrands().broken, []);
});

test('no id, no spelling and no domain belongs to two brands', () => {
  const seen = new Map<string, string>();
  for (const { id, spellings, domains } of brands) {
    for (const key of [`id ${id}`, ...spellings.map(spellingKey), ...domains.map((domain) => `domain ${domain}`)]) {
      assert.equal(seen.get(key), undefined, `${key} of ${id}`);
      seen.set(key, id);
    }
  }
});

test('every domain is one that somebody registered, so that whole suffixes are never taken for a brand', () => {
  for (const { id, domains } of brands)
    for (const domain of domains) assert.equal(getDomain(domain, { allowPrivateDomains: true }), domain, `${id}: ${domain}`);
});

test('an everyday word is a brand in display names only', () => {
  for (const brand of brands)
    for (const spelling of brand.spellings) if (EVERYDAY.has(spellingKey(spelling))) assert.equal(brand.everyday, true, `${brand.id}: ${spelling}`);
});

test('no spelling is so short that it stands in other words', () => {
  for (const { id, spellings, everyday } of brands) {
    for (const spelling of spellings) {
      const key = spellingKey(spelling);
      const kana = /^[\p{Script=Hiragana}ー]+$/u.test(key);
      assert.ok(everyday || [...key].length >= (kana || /^[a-z]+$/.test(key) ? 3 : 2), `${id}: ${spelling}`);
    }
  }
});

test('every brand has a Japanese and an English name, and files that are small enough to read', () => {
  for (const { id, name, spellings, domains } of brands) {
    assert.ok(name.ja !== '' && name.en !== '' && /^[\x20-\x7e]+$/.test(name.en), id);
    assert.ok(spellings.length <= 12 && domains.length <= 24, id);
  }
});

test('a group has at least two brands', () => {
  const groups = Map.groupBy(brands.filter(({ group }) => group !== undefined), ({ group }) => group);
  for (const [group, members] of groups) assert.ok(members.length >= 2, group);
});

test('a broken file is left out whole and told of with its name; the others load', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-brands-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(import.meta.dirname, '../brands'), folder, { recursive: true });
  const brand = (more: string) => `- { id: zz-example, name: { ja: 例, en: Example }, spellings: [例示商店], domains: [example.co.jp], trade: shop${more} }\n`;
  writeFileSync(join(folder, 'za.yml'), '- { id: [');
  writeFileSync(join(folder, 'zb.yml'), brand(', colour: red'));
  writeFileSync(join(folder, 'zc.yml'), `${brand('')}- { id: zz-second, name: { ja: 例, en: E }, spellings: [ＮＨＫ], domains: [example.jp], trade: shop }\n`);
  writeFileSync(join(folder, 'zd.yml'), brand(', open: [example.org]'));
  writeFileSync(join(folder, 'ze.yml'), brand(''));
  const { brands: kept, broken } = readBrands(pathToFileURL(`${folder}/`));
  assert.deepEqual(broken.map((line) => line.split(':', 1)[0]), ['brands/za.yml', 'brands/zb.yml', 'brands/zc.yml', 'brands/zd.yml']);
  assert.match(broken[1]!, /zz-example: "colour"/);
  assert.match(broken[2]!, /stands twice, also in nhk/);
  assert.equal(kept.length, brands.length + 1);
});
