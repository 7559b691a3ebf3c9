import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeBytes } from '../../src/index.ts';
import { bytesOf, codesOf, judged, world } from './say.ts';

// Silence would be taken for “safe”.
test('an empty mail and one of a word are too little to judge, and the reason says so', async () => {
  for (const text of ['', 'はい', '\n\n ']) {
    const { verdict, reasons } = await judged({ text });
    assert.equal(verdict, 'insufficient');
    assert.ok(reasons.some(({ code }) => code === 'too_little_text'));
  }
});

test('a mail that is a picture alone is too little to judge', async () => {
  const { verdict, reasons } = await judged({ html: '<img src="cid:a" alt="">' });
  assert.equal(verdict, 'insufficient');
  assert.ok(reasons.some(({ code }) => code === 'picture_only'));
});

test('text pasted without headers is judged by its words, and the answer says that the sender could not be checked', async () => {
  const { judged: [one] } = await judgeBytes(Buffer.from('差出人: 南 <minami@minami-nouen.example>\n件名: ご連絡\n\n先日はありがとうございました。来週の木曜日に伺います。'), world, { hint: 'text', sent: 'file' });
  assert.ok(one!.analysis.reasons.some(({ code }) => code === 'headers_lost'));
  assert.equal(one!.analysis.authentication.by, 'none');
});

test('a mail forwarded inside the text of another says so, and is proven by nobody', async () => {
  const forward = bytesOf({ from: ['太郎', 'taro@example.jp'], to: 'report@example.jp', auth: 'pass', subject: 'Fwd: お支払い方法の更新', text: 'これは本物ですか。\n\n---------- Forwarded message ---------\nFrom: アオゾラ信販 <info@betsu-no-ie.example>\nDate: Mon, Nov 2, 2026 at 9:00 AM\nSubject: お支払い方法の更新\nTo: <taro@example.jp>\n\nカードの利用を一時停止しました。24時間以内にご確認ください。\nhttps://betsu-no-ie.example/login\n' });
  const { judged: [one], note } = await judgeBytes(forward, world, { sent: 'forward' });
  assert.equal(one!.analysis.passage, 'inline');
  assert.equal(one!.analysis.authentication.provenDomain, undefined);
  assert.ok(codesOf(one!.analysis).includes('headers_lost'));
  assert.equal(one!.analysis.verdict, 'dangerous');
  assert.match(note, /本物ですか/);
});
