import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyse, open, REASONS, WEIGHTS, type SignalCode } from '../../src/index.ts';
import { CASES } from './cases.ts';
import { codesOf, judged, world } from './say.ts';

const codes = Object.keys(WEIGHTS) as SignalCode[];
/** Facts of how the mail came in: they need more than one mail in one piece. */
const APART: Readonly<Partial<Record<SignalCode, () => Promise<string[]>>>> = {
  headers_lost: async () => {
    const { suspects } = await open(Buffer.from('差出人: 南 <minami@minami-nouen.example>\n件名: ご連絡\n宛先: taro@example.jp\n\n先日はありがとうございました。来週の木曜日に伺います。'), { hint: 'text' });
    return codesOf(await analyse(suspects[0]!.mail, suspects[0]!.passage, world));
  },
  from_missing: async () => {
    const { suspects } = await open(Buffer.from('To: taro@example.jp\r\nSubject: a\r\nDate: Mon, 5 Jan 2026 10:20:30 +0900\r\nMIME-Version: 1.0\r\n\r\nhello'), { hint: 'eml' });
    return codesOf(await analyse(suspects[0]!.mail, suspects[0]!.passage, world));
  },
  more_mails: async () => {
    const { suspects } = await open(Buffer.from('From: minami@minami-nouen.example\r\nTo: taro@example.jp\r\nSubject: a\r\n\r\nhello'));
    return codesOf(await analyse(suspects[0]!.mail, suspects[0]!.passage, world, 3_000, { looked: 20, left: 1 }));
  },
  unreadable: async () => {
    const { suspects } = await open(Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(600)]), { hint: 'msg' });
    return codesOf(await analyse(suspects[0]!.mail, suspects[0]!.passage, world));
  },
};

// A code without words would leave an empty line in the answer to the employee; one that nothing raises is dead weight.
describe('every signal has points, words in both languages, and a mail that raises it', () => {
  for (const code of codes) {
    test(code, async () => {
      assert.equal(typeof WEIGHTS[code], 'number');
      assert.match(REASONS[code].ja, /[ぁ-んァ-ヶ一-龠]/);
      assert.match(REASONS[code].en, /^[\x20-\x7e“”’]+$/);
      assert.ok(REASONS[code].ja.length <= 75 && REASONS[code].en.length <= 130, `${REASONS[code].ja.length} and ${REASONS[code].en.length} characters`);
      const slots = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!.replace('nameEn', 'name')).sort();
      assert.deepEqual(new Set(slots(REASONS[code].en)), new Set(slots(REASONS[code].ja)));
      const raised = await (APART[code]?.() ?? judged(CASES[code]).then(codesOf));
      assert.ok(raised.includes(code), `raised only ${raised.join(' ')}`);
    });
  }
});

test('an ordinary letter raises nothing that speaks against it', async () => {
  const { signals, verdict } = await judged({});
  assert.deepEqual(signals.filter(({ code }) => WEIGHTS[code as SignalCode] > 0).map(({ code }) => code), []);
  assert.equal(verdict, 'clear');
});
