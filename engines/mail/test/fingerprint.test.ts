import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { FileFacts } from '../src/types.ts';
import { commonText, distance, FingerprintIndex, fingerprints, simhash, subjectSkeleton, urlTemplate } from '../src/fingerprint.ts';
import { parseMail } from '../src/parse/parse.ts';
import { mail, part, simple, words, type Charset } from './parse/build.ts';

const LURE = (name: string, number: string, url: string): string =>
  `${name} 様\n\nいつもみずうみ銀行をご利用いただき、誠にありがとうございます。\nお客様の口座（${number}）に第三者による不正なアクセスが確認されたため、ご利用を一時的に停止しております。\n下記のリンクからご本人様確認のお手続きをお願いいたします。\n${url}\n二十四時間以内にお手続きが完了しない場合、口座は凍結されます。\n本メールは送信専用です。`;
const OTHER = '平素より大変お世話になっております。\n来月の定例会議の日程について、候補日を三つお送りいたします。ご都合のよい日をお知らせください。\n会場は前回と同じ会議室を予定しております。資料は前日までにお配りします。どうぞよろしくお願いいたします。';

async function of(to: string, text: string, charset: Charset = 'utf-8', subject = '【重要】口座の停止') {
  return fingerprints(await parseMail(mail({ from: `${words('みずうみ銀行', charset)} <info@evil.test>`, to, subject: words(subject, charset), headers: ['X-Mailer: Bulk Sender 4.2'] }, part(text, { charset, encoding: charset === 'iso-2022-jp' ? '8bit' : 'base64' }))), []);
}

describe('fingerprints', () => {
  test('mails of a campaign to different people have the same, in every charset', async () => {
    const first = await of(`${words('山田 太郎', 'utf-8')} <taro@member.example>`, LURE('山田 太郎', '1234567', 'https://x1.evil.test/u/8f3a9c01d2?id=taro@member.example'));
    for (const charset of ['utf-8', 'iso-2022-jp', 'shift_jis', 'euc-jp'] as const) {
      const second = await of(`${words('佐藤花子', charset)} <hanako.sato@other.example>`, LURE('佐藤花子', '７６５４３', 'https://x2.evil.test/u/77aa01ff32?id=hanako.sato@other.example'), charset);
      assert.ok(distance(first.simhash!, second.simhash!) <= 3, charset);
      assert.equal(first.senderPattern, second.senderPattern);
      assert.equal(first.subjectSkeleton, second.subjectSkeleton);
    }
  });
  test('a few words changed are a few bits changed, another mail is far away', async () => {
    const lure = await of('a@member.example', LURE('山田', '1', 'https://evil.test/'));
    const changed = await of('a@member.example', LURE('山田', '1', 'https://evil.test/').replace('誠に', '').replace('二十四時間', '四十八時間'));
    const other = await of('a@member.example', OTHER);
    const near = distance(lure.simhash!, changed.simhash!);
    assert.ok(near <= 12, `${near}`);
    assert.ok(distance(lure.simhash!, other.simhash!) > near + 8);
  });
  test('too little text has none', async () => {
    assert.equal((await of('a@member.example', '確認してください 12345678901234567890123456789012345678901234567890')).simhash, undefined);
    assert.equal(simhash('あ'.repeat(39)), undefined);
    assert.match(simhash('確認'.repeat(30))!, /^[0-9a-f]{16}$/);
  });
  test('names of receivers, numbers, addresses and links are no part of the text', async () => {
    const text = commonText(await parseMail(simple('x', LURE('山田太郎', '999', 'https://evil.test/a'), 'utf-8', { to: `${words('山田太郎', 'utf-8')} <taro@member.example>` })));
    for (const gone of ['山田', '999', 'evil', 'https']) assert.ok(!text.includes(gone), gone);
    assert.ok(text.includes('口座'));
  });
  test('URLs lose what is made for one receiver', () => {
    assert.equal(urlTemplate('https://x.evil.test/u/8f3a9c01d2/login123.php?id=taro&t=1#z', 'x.evil.test'), 'x.evil.test/u/*/login#.php?id&t');
    assert.equal(urlTemplate('https://evil.test/taro@member.example', 'evil.test'), 'evil.test/*');
    assert.equal(urlTemplate('https://a8f7d6e5c4b3a2.pages.example/', 'a8f7d6e5c4b3a2.pages.example'), '*.pages.example/');
    assert.equal(urlTemplate('javascript:x', ''), undefined);
  });
  test('subjects lose numbers, receivers and marks of answers', async () => {
    const of = async (subject: string) => subjectSkeleton(await parseMail(simple(subject, 'x', 'utf-8', { to: `${words('山田太郎', 'utf-8')} <taro@member.example>` })));
    assert.equal(await of('Re: Fwd: 【重要】山田太郎様 口座1234の停止'), await of('【重要】 様　口座9876の停止'));
    assert.equal(await of('Re[2]: [ML 123] invoice 77'), 'invoice #');
  });
  test('what differs in nothing but its order has the same lists', async () => {
    const file = (sha256: string): FileFacts => ({ name: 'a', size: 1, sha256, declaredType: '', realType: 'pdf', flags: [], entries: [], words: [] });
    const parsed = await parseMail(simple('x', 'https://b.example/1 https://a.example/2'));
    const found = fingerprints(parsed, [file('bb'), file('aa'), file('bb')]);
    assert.deepEqual(found.attachmentHashes, ['aa', 'bb']);
    assert.deepEqual(found.urlTemplates, ['a.example/#', 'b.example/#']);
    assert.equal(found.messageId, '<m1@bank.example>');
  });
  test('a text of the largest size takes no longer than its length', async () => {
    const before = performance.now();
    for (const piece of ['お客様の口座https://evil.test/ ', 'a', '1', 'a@', '> ']) fingerprints(await parseMail(simple('x', piece.repeat(200_000 / piece.length))), []);
    assert.ok(performance.now() - before < 5_000);
  });
});

describe('distance', () => {
  test('counts the bits that differ; what is no fingerprint is far from everything', () => {
    assert.equal(distance('0000000000000000', 'ffffffffffffffff'), 64);
    assert.equal(distance('0000000000000001', '8000000000000000'), 2);
    assert.equal(distance('x', '0000000000000000'), 64);
  });
});

const HASH = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const hex = (value: bigint): string => value.toString(16).padStart(16, '0');

describe('the index of fingerprints', () => {
  test('finds exactly what comparing with every entry finds', () => {
    const near = fc.tuple(HASH, fc.array(fc.array(fc.nat(63), { maxLength: 5 }), { maxLength: 60 })).map(([center, bends]) => [center, ...bends.map((bits) => bits.reduce((hash, bit) => hash ^ (1n << BigInt(bit)), center))]);
    fc.assert(fc.property(near, fc.array(HASH, { maxLength: 50 }), fc.integer({ min: 0, max: 3 }), (close, others, within) => {
      const all = [...close, ...others].map(hex);
      const index = new FingerprintIndex(1_000);
      for (const [i, hash] of all.entries()) assert.ok(index.add(hash, `${i}`));
      const truth = all.flatMap((hash, i) => (distance(hash, all[0]!) <= within ? [`${i} ${distance(hash, all[0]!)}`] : [])).sort();
      const found = index.find(all[0]!, within);
      assert.deepEqual(found.map((one) => `${one.id} ${one.distance}`).sort(), truth);
      for (let i = 1; i < found.length; i++) assert.ok(found[i - 1]!.distance <= found[i]!.distance);
    }), { numRuns: 200 });
  });
  test('when it is full the oldest makes room, and nothing else is lost', () => {
    const index = new FingerprintIndex(100);
    const all = Array.from({ length: 1_000 }, (_, i) => hex(((BigInt(i) * 0x9e3779b97f4a7c15n) ^ (BigInt(i % 7) << 48n)) & ((1n << 64n) - 1n)));
    for (const [i, hash] of all.entries()) index.add(hash, `${i}`);
    assert.equal(index.size, 100);
    for (const [i, hash] of all.entries()) assert.equal(index.find(hash, 0).some((one) => one.id === `${i}`), i >= 900, `${i}`);
  });
  test('what is no fingerprint is neither taken in nor found', () => {
    const index = new FingerprintIndex(10);
    for (const bad of ['', 'x', '00', 'G'.repeat(16), '0'.repeat(17)]) {
      assert.equal(index.add(bad, 'a'), false);
      assert.deepEqual(index.find(bad), []);
    }
    assert.equal(index.size, 0);
  });
  test('no more are given than asked for, nearest first', () => {
    const index = new FingerprintIndex(1_000);
    for (let i = 0; i < 500; i++) index.add(hex(i % 2 === 0 ? 0n : 1n), `${i}`);
    const found = index.find(hex(0n), 3, 10);
    assert.equal(found.length, 10);
    assert.ok(found.every((one) => one.distance === 0));
  });
});
