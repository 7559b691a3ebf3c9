import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readMsg } from '../../src/parse/msg.ts';
import { open } from '../../src/parse/open.ts';
import { readRtf, unpackRtf } from '../../src/parse/rtf.ts';
import { readTnef } from '../../src/parse/tnef.ts';
import { mail, multipart, part, simple, words } from './build.ts';
import { literalRtf, msg, storedRtf, tnef, u32, type MsgItem, type PropList } from './outlook.ts';

const MsgReader = (createRequire(import.meta.url)('@kenjiuno/msgreader') as { default: new (bytes: ArrayBuffer) => { getFileData(): { subject?: string; body?: string; senderName?: string } } }).default;

const SENT = Date.UTC(2026, 0, 5, 1, 20, 30);
const PROPS: PropList = [
  [0x0037, 'text', '【重要】口座の確認'], [0x0c1a, 'text', 'みずうみ銀行'], [0x0c1f, 'text', '/O=EX/CN=BANK'], [0x5d01, 'text', 'info@evil.test'], [0x0042, 'text', 'みずうみ銀行'],
  [0x0039, 'time', SENT], [0x1000, 'text', '確認はこちら\r\nhttps://evil.test/login'], [0x1035, 'text', '<m1@evil.test>'], [0x0e04, 'text', 'taro@example.jp'],
];
const ITEM: MsgItem = { props: PROPS, recipients: [{ name: '太郎, 山田', address: 'taro@example.jp', kind: 1 }, { name: '花子', address: 'hanako@example.jp', kind: 2 }], files: [{ name: '請求書.pdf', bytes: Buffer.from('%PDF-1.4 long enough') }, { name: 'large.bin', bytes: new Uint8Array(9_000).fill(7) }] };

describe('.msg', () => {
  test('subject, people, date, text, links and attachments are read', async () => {
    const [suspect] = (await open(msg(ITEM))).suspects;
    assert.equal(suspect?.passage, 'msg');
    const found = suspect!.mail;
    assert.equal(found.kind, 'msg');
    assert.equal(found.subject, '【重要】口座の確認');
    assert.deepEqual(found.from, [{ name: 'みずうみ銀行', address: 'info@evil.test', domain: 'evil.test' }]);
    assert.deepEqual(found.to.map((box) => [box.name, box.address]), [['太郎, 山田', 'taro@example.jp']]);
    assert.deepEqual(found.cc.map((box) => box.address), ['hanako@example.jp']);
    assert.equal(found.date, '2026-01-05T01:20:30.000Z');
    assert.equal(found.messageId, '<m1@evil.test>');
    assert.equal(found.links[0]?.host, 'evil.test');
    assert.deepEqual(found.attachments.map((file) => [file.name, file.bytes.length]), [['請求書.pdf', 20], ['large.bin', 9_000]]);
  });
  test('the headers it was transported with outweigh what the item says', async () => {
    const headers = 'Received: from a.example by b.example; Mon, 5 Jan 2026 10:20:30 +0900\r\nFrom: =?utf-8?B?44G/44Ga44GG44G/?= <true@sender.test>\r\nTo: taro@example.jp\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n';
    const [suspect] = (await open(msg({ props: [...PROPS, [0x007d, 'text', headers]] }))).suspects;
    assert.equal(suspect?.mail.from[0]?.address, 'true@sender.test');
    assert.equal(suspect?.mail.from[0]?.name, 'みずうみ');
    assert.ok(suspect?.mail.headers.some((header) => header.name === 'received'));
  });
  test('HTML and RTF bodies are read where there are no others', async () => {
    const html = msg({ props: [[0x0037, 'text', 'x'], [0x3fde, 'number', 932], [0x1013, 'bytes', Buffer.from([0x3c, 0x70, 0x3e, 0x8c, 0xfb, 0x8d, 0xc0])]] });
    assert.equal((await open(html)).outer.text, '口座');
    const rtf = msg({ props: [[0x0037, 'text', 'x'], [0x1009, 'bytes', literalRtf('{\\rtf1\\ansi\\ansicpg932 Hello \\u21475?\\u24231?\\par next}')]] });
    assert.equal((await open(rtf)).outer.text, 'Hello 口座\nnext');
  });
  test('a mail that is attached as an item is the mail in question', async () => {
    const forward = msg({ props: [[0x0037, 'text', 'FW: 口座'], [0x5d01, 'text', 'hanako@member.example'], [0x1000, 'text', '本物ですか']], files: [{ name: '口座', item: ITEM }] });
    const opened = await open(forward);
    assert.equal(opened.note, '本物ですか');
    assert.deepEqual(opened.suspects.map((one) => [one.passage, one.mail.from[0]?.address, one.mail.attachments.length]), [['msg', 'info@evil.test', 2]]);
  });
  test('a .msg attached to a mail and in a zip is opened', async () => {
    const bytes = mail({ from: 'hanako@member.example' }, multipart('mixed', [part('x'), part(msg(ITEM), { type: 'application/vnd.ms-outlook', encoding: 'base64', name: `filename="${words('口座.msg', 'utf-8')}"` })]));
    assert.deepEqual((await open(bytes)).suspects.map((one) => [one.passage, one.mail.subject]), [['msg', '【重要】口座の確認']]);
  });
  test('agrees with another reader on what both read', () => {
    const bytes = msg(ITEM);
    const theirs = new MsgReader(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer).getFileData();
    const ours = readMsg(bytes)!.mail;
    assert.equal(ours.subject, theirs.subject);
    assert.equal(ours.text.replaceAll('\n', '\r\n'), theirs.body);
    assert.equal(ours.from[0]?.name, theirs.senderName);
  });
  test('damaged files end, whatever was damaged', { timeout: 60_000 }, async () => {
    const whole = msg(ITEM);
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.constantFrom(0, 1, 0xfe, 0xff)), { maxLength: 12 }), fc.nat(whole.length), async (changes, cut) => {
      const bytes = Buffer.from(whole.subarray(0, cut < 600 ? whole.length : cut));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      const opened = await open(bytes);
      assert.ok(opened.suspects.length >= 1);
    }), { numRuns: 300 });
  });
  test('another file in a compound file is no mail', async () => {
    const bytes = msg(ITEM);
    const other = Buffer.from(bytes.toString('latin1').replaceAll(Buffer.from('__properties_version1.0', 'utf16le').toString('latin1'), Buffer.from('__somethingelse_____1.0', 'utf16le').toString('latin1')), 'latin1');
    assert.equal(readMsg(other), null);
    assert.equal((await open(other)).outer.attachments.length, 1);
  });
});

describe('winmail.dat', () => {
  const attach = (bytes: Buffer, text = '本文'): Buffer => mail({ from: 'hanako@member.example', subject: 'Fw: x' }, multipart('mixed', [part(text), part(bytes, { type: 'application/ms-tnef', encoding: 'base64', name: 'filename=winmail.dat' })]));
  test('its attachments take its place, and its text where the mail has none', async () => {
    const bytes = tnef([[0x1000, 'text', 'TNEFの本文 https://evil.test/a']], [{ name: '請求書.pdf', bytes: Buffer.from('%PDF-1.4') }]);
    const opened = await open(attach(bytes, ''));
    assert.deepEqual(opened.outer.attachments.map((file) => [file.name, file.declaredType, Buffer.from(file.bytes).toString()]), [['請求書.pdf', 'application/pdf', '%PDF-1.4']]);
    assert.equal(opened.outer.text, 'TNEFの本文 https://evil.test/a');
    assert.equal(opened.suspects[0]?.passage, 'original');
    assert.equal((await open(attach(bytes, '見えている本文'))).outer.text, '見えている本文');
  });
  test('a message inside is the mail in question', async () => {
    const inner = tnef(PROPS, [{ name: 'a.pdf', bytes: Buffer.from('%PDF') }]);
    const opened = await open(attach(tnef([], [{ name: '口座の確認', bytes: inner, message: true }]), '本物ですか'));
    assert.equal(opened.note, '本物ですか');
    assert.deepEqual(opened.suspects.map((one) => [one.passage, one.mail.from[0]?.address, one.mail.subject, one.mail.attachments.length]), [['winmail', 'info@evil.test', '【重要】口座の確認', 1]]);
  });
  test('uploaded alone it is a mail', async () => {
    const [suspect] = (await open(tnef(PROPS))).suspects;
    assert.deepEqual([suspect?.passage, suspect?.mail.date, suspect?.mail.links[0]?.host], ['winmail', '2026-01-05T01:20:30.000Z', 'evil.test']);
  });
  test('a text in the code page of the sender is read', () => {
    const item = readTnef(tnef([[0x0037, 'ansi', '\x8c\xfb\x8d\xc0']]));
    assert.equal(item?.props.get(0x0037), '口座');
  });
  test('a cut one gives what it holds and tells it', async () => {
    const whole = tnef(PROPS, [{ name: 'a.pdf', bytes: new Uint8Array(500) }]);
    const item = readTnef(whole.subarray(0, whole.length - 300));
    assert.ok(item?.props.has(0x0037));
    assert.ok(item?.troubles.some((trouble) => trouble.code === 'broken_container'));
  });
  test('stated lengths and counts are never believed', () => {
    const whole = tnef(PROPS, [{ name: 'a.pdf', bytes: new Uint8Array(50) }]);
    for (let at = 6; at < whole.length - 4; at++) {
      const bytes = Buffer.from(whole);
      bytes.set(u32(0xffffffff), at);
      readTnef(bytes);
    }
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (tail) => assert.ok(readTnef(Buffer.concat([whole.subarray(0, 6), tail])) !== null)), { numRuns: 500 });
  });
});

describe('RTF', () => {
  test('the HTML it was made of comes back', () => {
    const rtf = '{\\rtf1\\ansi\\ansicpg932\\fromhtml1 \\fbidi \\deff0{\\fonttbl{\\f0\\fswiss Arial;}{\\f1\\fcharset128 Gothic;}}{\\*\\generator x;}{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 \\f1 \\\'8c\\\'fb\\\'8d\\\'c0{\\*\\htmltag84 <a href="https://evil.test/">}\\htmlrtf {\\field{\\*\\fldinst{HYPERLINK "x"}}{\\fldrslt\\htmlrtf0 link\\htmlrtf }\\htmlrtf0 {\\*\\htmltag92 </a>}\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>}}';
    assert.deepEqual(readRtf(Buffer.from(rtf, 'latin1')), { kind: 'html', text: '<p>口座<a href="https://evil.test/">link</a></p>' });
  });
  test('pairs with a second byte written as its character are read', () => {
    assert.equal(readRtf(Buffer.from("{\\rtf1\\ansicpg932 \\'83e\\'83X\\'83g}", 'latin1')).text, 'テスト');
  });
  test('both ways of packing are read; what is none gives nothing', () => {
    for (const pack of [storedRtf, literalRtf]) assert.equal(Buffer.from(unpackRtf(pack('{\\rtf1 hello}'))!).toString(), '{\\rtf1 hello}');
    assert.equal(unpackRtf(new Uint8Array(10)), null);
    assert.equal(unpackRtf(new Uint8Array(100)), null);
  });
  test('the example of the standard unpacks', () => {
    // [MS-OXRTFCP], section 4.1.1.
    const packed = Buffer.from('2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0', 'hex');
    assert.equal(Buffer.from(unpackRtf(packed)!).toString('latin1'), '{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n');
  });
  test('any bytes end, and never grow beyond bounds', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 17, maxLength: 400 }), fc.constantFrom(0x75465a4c, 0x414c454d), (bytes, kind) => {
      const input = Buffer.from(bytes);
      input.writeUInt32LE(kind, 8);
      const out = unpackRtf(input);
      assert.ok(out !== null && out.length <= input.length * 17);
      assert.equal(typeof readRtf(input).text, 'string');
    }), { numRuns: 500 });
    for (const piece of ['{', '}', "\\'", '\\u1?', '{\\*\\htmltag', '\\bin99999999 ']) assert.equal(typeof readRtf(Buffer.from(piece.repeat(50_000))).text, 'string');
  });
});

test('an ordinary mail is untouched by all this', async () => {
  assert.equal((await open(simple('x', 'y'))).outer.kind, 'eml');
});
