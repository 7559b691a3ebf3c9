import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanSubject, cleanText, failureOf, isLocalHost, mask, nextTry, oneLine, plainAddress } from './rules.ts';

test('tries wait longer and longer, the last one comes a day after the first, and then it is over', () => {
  const start = new Date('2026-11-23T00:00:00Z');
  const waits: number[] = [];
  let now = start;
  for (let tries = 1; ; tries += 1) {
    const next = nextTry(tries, start, now);
    if (!next) break;
    waits.push((next.getTime() - now.getTime()) / 60_000);
    now = next;
  }
  assert.deepEqual(waits.slice(0, 5), [1, 5, 30, 120, 240]);
  assert.equal(now.getTime() - start.getTime(), 24 * 3_600_000);
});

test('an answer after the text decides; no answer after the text is in doubt and never tried again by itself', () => {
  assert.equal(failureOf({ code: 'ECONNECTION', command: 'CONN' }, true).kind, 'inDoubt');
  assert.equal(failureOf({ code: 'ECONNECTION', command: 'CONN' }, false).kind, 'temporary');
  assert.deepEqual(failureOf({ code: 'EMESSAGE', command: 'DATA', responseCode: 451, response: '451 later' }, true), { kind: 'temporary', code: 'server_busy', detail: '451 later' });
  assert.equal(failureOf({ code: 'EMESSAGE', command: 'DATA', responseCode: 554 }, true).kind, 'permanent');
});

test('what the operator can mend is temporary, what only the recipient can mend is permanent', () => {
  assert.deepEqual(failureOf({ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 }, false).kind, 'temporary');
  assert.equal(failureOf({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550 }, false).code, 'recipient_refused');
  assert.equal(failureOf({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450 }, false).code, 'server_busy');
  assert.equal(failureOf({ code: 'EPROTOCOL', command: 'CONN', responseCode: 554 }, false).code, 'server_refuses');
  assert.equal(failureOf({ code: 'ESOCKET', originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT', command: 'CONN' }, false).code, 'certificate');
  assert.equal(failureOf({ code: 'EDNS', command: 'CONN' }, false).code, 'no_such_host');
});

test('whatever a text holds, a header value made of it is one line', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
    assert.doesNotMatch(cleanSubject(text), /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
    assert.ok([...oneLine(text, 50)].length <= 50);
    assert.ok(cleanText(text).isWellFormed());
  }));
  assert.equal(cleanSubject('件名\r\nBcc: evil@example.com'), '件名 Bcc: evil@example.com');
});

test('an address with anything that could become a second address or a header is refused', () => {
  for (const good of ['aoki@example.jp', 'aoki+desk@example.co.jp', '青木@例え.jp']) assert.ok(plainAddress(good), good);
  for (const bad of ['', 'aoki', 'a@b@c', 'a@example.jp,b@example.jp', 'a@example.jp\r\nBcc: b@example.jp', 'A <a@example.jp>', 'a b@example.jp', `${'a'.repeat(65)}@example.jp`, `a@${'b'.repeat(260)}`, 'a@example.jp\u0000']) assert.ok(!plainAddress(bad), bad);
});

test('no part of a masked text remains, also when parts hold one another', () => {
  fc.assert(fc.property(fc.array(fc.string({ minLength: 8, unit: fc.constantFrom('a', 'b', '/', ':') }), { minLength: 1, maxLength: 4 }), (parts) => {
    const shown = mask(`始め\n${parts.join('\n')}\n終わり`, parts, 'ja');
    for (const part of parts) assert.ok(!shown.includes(part));
  }));
});

test('only this machine itself may be spoken to without encryption', () => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '::1', '[::1]']) assert.ok(isLocalHost(host), host);
  for (const host of ['localhost.example.com', '127.0.0.1.example.com', '192.0.2.1', '10.0.0.1', 'mail.example.jp']) assert.ok(!isLocalHost(host), host);
});
