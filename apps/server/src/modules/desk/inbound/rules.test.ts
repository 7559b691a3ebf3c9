import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bareSubject, CUT_LINE, decide, numberIn, withoutQuote, type ReplyFacts } from './rules.ts';

const facts = (more: Partial<ReplyFacts>): ReplyFacts => ({ signed: [], threads: [], numbered: null, alike: null, participant: () => false, aligned: () => false, dmarc: 'none', ...more });

test('nothing joins without a participant, whatever else is right', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b')), fc.array(fc.constantFrom('a', 'b')), fc.option(fc.constantFrom('a', 'b')), fc.constantFrom('pass' as const, 'fail' as const, 'none' as const), (signed, threads, numbered, dmarc) => {
    assert.equal(decide(facts({ signed, threads, numbered, dmarc })).join, null);
  }));
});

test('the first step that fits wins, and a domain proven false fits none', () => {
  const all = { signed: ['s'], threads: ['t'], numbered: 'n', participant: () => true, dmarc: 'pass' as const };
  assert.deepEqual(decide(facts(all)), { join: 's', by: 'address' });
  assert.deepEqual(decide(facts({ ...all, signed: [] })), { join: 't', by: 'thread' });
  assert.deepEqual(decide(facts({ ...all, signed: [], threads: [] })), { join: 'n', by: 'number' });
  assert.deepEqual(decide(facts({ ...all, signed: [], threads: [], dmarc: 'none' })), { join: null, related: { ticketId: 'n', why: 'number' } });
  assert.deepEqual(decide(facts({ ...all, dmarc: 'fail' })), { join: null, related: { ticketId: 's', why: 'address' } });
  assert.deepEqual(decide(facts({ ...all, participant: () => false, aligned: (id) => id === 's' })), { join: 's', by: 'address' });
  assert.deepEqual(decide(facts({ ...all, signed: [], participant: () => false, aligned: () => true })), { join: null, related: { ticketId: 't', why: 'thread' } }, 'the domain alone is enough for signed ones only');
});

test('what a person wrote stays and what the program quoted goes', () => {
  const cases: readonly [string, string][] = [
    ['はい、そうです。\n\n2026年11月24日(火) 10:00 番屋 <desk@banya.test>:\n> どんな画面ですか\n> 教えてください', 'はい、そうです。'],
    ['Yes.\n\nOn Tue, 24 Nov 2026 at 10:00, Banya <desk@banya.test> wrote:\n\n> What does it show?', 'Yes.'],
    ['了解しました。\n\n-----Original Message-----\nFrom: 番屋\nSent: Tuesday\n\n本文', '了解しました。'],
    ['見ました。\n________________________________\n差出人: 番屋\n件名: x\n\n本文', '見ました。'],
    [`直りました。\n\n> ${CUT_LINE.ja}\n> 佐藤さん`, '直りました。'],
    [`直りました。\n\n${CUT_LINE.ja}\n\n佐藤さん（みなみ商店）`, '直りました。'],
    ['2026年11月24日(火) 10:00 番屋 <desk@banya.test>:\n> 青いですか\nはい\n> 何時からですか\n朝9時からです', 'はい\n朝9時からです'],
    ['ふつうの相談です。\n2行目', 'ふつうの相談です。\n2行目'],
    ['> 全部が引用', '> 全部が引用'],
  ];
  for (const [given, wanted] of cases) assert.equal(withoutQuote(given), wanted);
});

test('subjects lose Re: and Fwd: in their spellings, and numbers are found where our mails put them', () => {
  assert.deepEqual(['Re: Fwd: 件名', 'RE:RE：Re[2]: x', '返信: 転送：見積', 'Report: x', ''].map(bareSubject), ['件名', 'x', '見積', 'Report: x', '']);
  assert.deepEqual(['Re: [#12] x', '【番屋】ご相談 #7 に返事が届きました', 'Banya: an answer to your question #31', '#12', 'Order #99', '[#1234567890]'].map(numberIn), [12, 7, 31, null, null, null]);
});

test('any text is cut within its time', () => {
  fc.assert(fc.property(fc.string({ maxLength: 2000 }), (text) => void withoutQuote(text)));
  for (const evil of ['>'.repeat(200_000), '\n'.repeat(200_000), `${'-'.repeat(100_000)}original`, 'on '.repeat(60_000), '2026年1月1日'.repeat(20_000), ' \n'.repeat(100_000)]) {
    const begun = performance.now();
    withoutQuote(evil);
    bareSubject(evil);
    numberIn(evil);
    assert.ok(performance.now() - begun < 1500, evil.slice(0, 10));
  }
});
