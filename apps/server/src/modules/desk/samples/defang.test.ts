import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defangAddress, defangText, defangUrl } from './defang.ts';

test('an address can be read and not be opened', () => {
  assert.equal(defangUrl('https://login.example.com/a.html?x=1.2#y'), 'hxxps://login[.]example[.]com/a.html?x=1.2#y');
  assert.equal(defangUrl('HTTP://user@192.0.2.1:8080/'), 'Hxxp://user[@]192[.]0[.]2[.]1:8080/'.replace('Hxxp', 'hxxp'));
  assert.equal(defangUrl('login.example.com'), 'login[.]example[.]com');
  assert.equal(defangUrl('javascript:alert(1)'), 'javascript[:]alert(1)');
  assert.equal(defangAddress('銀行 <bank@login.example.com>'), '銀行 <bank@login[.]example[.]com>');
  assert.equal(defangText('差出人はbank.example.co.jpで、https://x.example/a に誘います。3.5倍。'), '差出人はbank[.]example[.]co[.]jpで、hxxps://x[.]example/a に誘います。3[.]5倍。');
  assert.equal(defangText('終わりです.\n次の文'), '終わりです.\n次の文');
});

test('no text comes out with a link that a mail program would make, and doing it again changes nothing more', () => {
  const link = /https?:\/\/|ftps?:\/\/|[\p{L}\p{N}_-]\.[\p{L}\p{N}_-]/iu;
  fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom('http://', 'https://', 'HTTPS://', 'ftp://', 'a.example', '.', 'x', '。', '@', '\u202e', '\u200b', 'ひ', '/', '192.0.2.1'), fc.string({ maxLength: 5 })), { maxLength: 20 }), (parts) => {
    const once = defangText(parts.join(''));
    assert.doesNotMatch(once, link);
    assert.equal(defangText(once), once);
  }));
});
