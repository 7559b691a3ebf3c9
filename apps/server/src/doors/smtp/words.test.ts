import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressesIn, dmarcOf, idsIn, isAutomatic, readFields, senderOf } from './headers.ts';
import { textOf } from './read-child.ts';
import { noteOf, touchedIn } from './touched.ts';

test('"I clicked", "I opened it", "I typed my password" are heard, the worst of them counts', () => {
  const heard: readonly [string, ReturnType<typeof touchedIn>][] = [
    ['リンクをクリックしてしまいました。', 'link'], ['URLを開いちゃいました', 'link'], ['間違えてクリックしました', 'link'], ['QRコードを読み取ってしまいました', 'link'], ['ボタンを押しました', 'link'], ['サイトにアクセスした', 'link'],
    ['添付ファイルを開きました', 'file'], ['ｚｉｐをダウンロードしてしまった', 'file'], ['添付のエクセルを開いてしまったのですが大丈夫ですか', 'file'],
    ['パスワードを入力してしまいました', 'typed'], ['カード番号を打ち込んでしまいました。どうしたらいいですか', 'typed'], ['リンクを押して、IDとパスワードを入れました', 'typed'], ['電話で暗証番号を教えてしまいました', 'typed'],
    ['クリックしたかもしれません', 'unsure'], ['開いたかどうか覚えていません', 'unsure'],
    ['I clicked the link before noticing.', 'link'], ['Sorry, I opened the attachment', 'file'], ['I entered my password on the page', 'typed'], ['We opened the file and typed our card details', 'typed'], ['I may have clicked it', 'unsure'],
  ];
  for (const [note, wanted] of heard) assert.equal(touchedIn(note), wanted, note);
});

test('what was not done is not heard as done', () => {
  for (const note of [
    'リンクはクリックしていません。', 'まだ開いていません', '添付は開かずに転送します', 'クリックしないように言われました', '開いても大丈夫ですか？', 'リンクを押したいのですが', 'もしクリックしたらどうなりますか', '怪しいので確認してください', 'リンクを報告しました', 'パスワードは入力していません',
    '添付ファイルを開いたほうがいいですか', 'クリックした覚えはありません', 'パスワードを入れる画面が出ます', 'よろしくお願いします', '',
    'I did not click the link.', 'I have not opened the attachment', "I haven't entered my password", 'Should I have clicked it?', 'Do not open the file', 'Please check this mail', 'I never opened the document',
  ]) assert.equal(touchedIn(note), null, note);
});

test('only what a person wrote above a forwarded mail is a note: the lure below must not speak for them', () => {
  assert.equal(noteOf('確認お願いします。\n\n---------- Forwarded message ---------\nFrom: 銀行\n\nリンクをクリックしました', false), '確認お願いします。');
  assert.equal(noteOf('押しました\n-----Original Message-----\n本文', true), '押しました');
  assert.equal(noteOf('見てください\n差出人: 銀行 <a@elsewhere.example>\n件名: x', false), '見てください');
  assert.equal(noteOf('リンクをクリックしました', true), 'リンクをクリックしました', 'the mail hangs on it as a file');
  assert.equal(noteOf('リンクをクリックしました', false), '', 'nobody knows who says it');
  assert.equal(noteOf('> quoted', false), '');
});

test('a From field names one person or nobody', () => {
  const from = (value: string): string | null => senderOf([{ name: 'from', value }]);
  assert.deepEqual(['Hana <HANA@member.example>', 'hana@member.example', '"a@b.example" <c@d.example>', 'x (c@d.example) <a@b.example>', '<a@b.example>, <c@d.example>', 'a@b.example <c@d.example>', '<a@b.example> <c@d.example>', 'nobody', ''].map(from),
    ['hana@member.example', 'hana@member.example', 'c@d.example', 'a@b.example', null, 'c@d.example', null, null, null]);
  assert.equal(senderOf(readFields(Buffer.from('From: a@b.example\r\nFrom: c@d.example\r\n\r\n'))), null);
});

test('only the topmost verdict of the own server counts', () => {
  const of = (...values: string[]) => dmarcOf([{ name: 'from', value: 'x@a.example' }, ...values.map((value) => ({ name: 'authentication-results', value }))], 'mx.member.example');
  assert.equal(of('mx.member.example; spf=fail; dmarc=pass header.from=a.example'), 'pass');
  assert.equal(of('mx.member.example; dmarc=fail (p=none)'), 'fail');
  assert.equal(of('mx.elsewhere.example; dmarc=pass', 'mx.member.example; dmarc=pass'), 'none', 'a lower one may be the sender’s');
  assert.equal(of('mx.member.example; dmarc=pass; dmarc=pass'), 'none', 'said twice is not said');
  assert.equal(of('mx.member.example (; dmarc=pass) ; spf=pass'), 'none', 'a comment says nothing');
  assert.equal(of('mx.member.example.elsewhere.example; dmarc=pass'), 'none');
  assert.equal(of(), 'none');
});

test('headers of any bytes are read within bounds and never throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
    const fields = readFields(bytes);
    senderOf(fields);
    isAutomatic(fields, '');
    dmarcOf(fields, 'x');
  }));
  for (const evil of [`From: ${'<'.repeat(1e6)}`, `From: ${'('.repeat(1e6)}`, `From: ${'a@b.c,'.repeat(1e5)}`, 'X: y\r\n'.repeat(1e5), `X: y\r\n${' z\r\n'.repeat(2e5)}`, `References: ${'<a@b>'.repeat(1e5)}`, '\r\n'.repeat(1e5), ':'.repeat(1e6)]) {
    const begun = performance.now();
    const fields = readFields(Buffer.from(evil));
    senderOf(fields);
    for (const f of fields) {
      addressesIn(f.value);
      assert.ok(idsIn(f.value).length <= 50);
    }
    assert.ok(fields.length <= 1000);
    assert.ok(performance.now() - begun < 2000, evil.slice(0, 20));
  }
});

test('the words of an HTML mail are read in one pass, whatever it is made of', () => {
  assert.equal(textOf('<style>p{color:red}</style><p>はい&amp;どうぞ</p><p>二<b>行</b>目&#65;</p><script>alert(1)</script>'), 'はい&どうぞ\n\n二行目A');
  for (const evil of ['<'.repeat(1e6), '<style>'.repeat(1e5), '<!--'.repeat(2e5), '&#'.repeat(4e5), '<p> '.repeat(2e5), '</style'.repeat(1e5)]) {
    const begun = performance.now();
    textOf(evil);
    assert.ok(performance.now() - begun < 3000, evil.slice(0, 10));
  }
});

test('no From is read as somebody else than other programs read it', () => {
  const from = (value: string): string | null => senderOf(readFields(Buffer.from(`From: ${value}\r\n\r\n`)));
  for (const value of [
    '(\\) <victim@member.example> ) attacker@elsewhere.example', '<victim@member.example> attacker@elsewhere.example', '<victim@member.example>x', '"a <victim@member.example>', '(a <victim@member.example>', '<victim@member.example',
    '("\\") <victim@member.example> ") attacker@elsewhere.example', `victim@member.example,${' '.repeat(8300)}attacker@elsewhere.example`
  ]) assert.notEqual(from(value), 'victim@member.example', value.slice(0, 60));
  assert.equal(from('北浜 花 (総務\\)課) <hana@member.example> (ok)'), 'hana@member.example');
  assert.equal(senderOf(readFields(Buffer.from(`${'X: 1\r\n'.repeat(999)}From: victim@member.example\r\nFrom: attacker@elsewhere.example\r\n\r\n`))), null);
});

test('a domain proves itself alone: DMARC of another one than the sender’s proves nothing', () => {
  const found = (result: string): string => dmarcOf(readFields(Buffer.from(`Authentication-Results: mx.member.example; spf=pass; ${result}\r\nFrom: hana@member.example\r\n\r\n`)), 'mx.member.example');
  assert.equal(found('dmarc=pass (p=reject) header.from=member.example'), 'pass');
  assert.equal(found('dmarc=pass'), 'pass');
  assert.equal(found('dmarc=pass header.from=elsewhere.example'), 'none');
  assert.equal(found('dmarc=fail header.from=elsewhere.example'), 'fail');
});
