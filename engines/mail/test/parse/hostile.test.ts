import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Opened, ParsedMail } from '../../src/types.ts';
import { LIMITS } from '../../src/parse/limits.ts';
import { open } from '../../src/parse/open.ts';
import { CHARSETS, head, mail, multipart, part, simple, words } from './build.ts';
import { msg, tnef } from './outlook.ts';

function bounded(parsed: ParsedMail): void {
  assert.ok(parsed.text.length <= LIMITS.text);
  assert.ok(parsed.hiddenText.length <= LIMITS.hiddenText);
  assert.ok((parsed.html ?? '').length <= LIMITS.html);
  assert.ok(parsed.links.length <= LIMITS.links);
  assert.ok(parsed.attachments.length <= LIMITS.parts);
  assert.ok(parsed.headers.length <= LIMITS.fields);
  assert.ok(parsed.troubles.length <= 100);
  for (const list of [parsed.from, parsed.to, parsed.cc, parsed.replyTo]) assert.ok(list.length <= LIMITS.addresses);
  for (const link of parsed.links) assert.ok(link.url.length <= LIMITS.url && (link.text ?? '').length <= LIMITS.linkText);
  for (const box of parsed.from) assert.ok(box.address === '' || box.address.includes('@'));
}

function check(opened: Opened): void {
  assert.ok(opened.suspects.length >= 1 && opened.suspects.length <= LIMITS.suspects);
  assert.ok(opened.note.length <= LIMITS.note);
  bounded(opened.outer);
  for (const { mail: suspect } of opened.suspects) bounded(suspect);
}

const HTML = '<html><head><style>.h{display:none}</style></head><body><p>口座を<a href="https://evil.test/">確認</a></p><div class="h">x</div></body></html>';
const SEEDS: readonly Buffer[] = [
  ...CHARSETS.map((charset) => simple('重要なお知らせ', 'お客様の口座を確認してください。\nhttps://evil.test/a', charset)),
  mail({ subject: words('x', 'utf-8') }, multipart('mixed', [multipart('alternative', [part('plain', { encoding: 'quoted-printable' }), part(HTML, { type: 'text/html', encoding: 'base64' })]), part(Buffer.alloc(300, 1), { type: 'application/pdf', encoding: 'base64', name: "filename*0*=utf-8''%E8%AB%8B;filename*1=b.pdf" })])),
  mail({ from: 'h@member.example', subject: 'Fw: x' }, multipart('mixed', [part('see'), Buffer.concat([Buffer.from('Content-Type: message/rfc822\r\n\r\n'), simple('in', 'x')])])),
  simple('Fwd: x', '---------- Forwarded message ---------\nFrom: B <b@evil.test>\nDate: Mon, Jan 5, 2026 at 10:20 AM\nSubject: y\nTo: <h@member.example>\n\nhttps://evil.test/', 'iso-2022-jp'),
  mail({}, multipart('mixed', [part('x'), part(tnef([[0x1000, 'text', 'body']], [{ name: 'a', bytes: new Uint8Array(20) }]), { type: 'application/ms-tnef', encoding: 'base64', name: 'filename=winmail.dat' })])),
  tnef([[0x0037, 'text', 'x']]),
  msg({ props: [[0x0037, 'text', 'x'], [0x1000, 'text', 'https://evil.test/']] }),
];
const PUT = fc.oneof(fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)), fc.constantFrom('\r\n', '\r', '\n\n', '--', '=?utf-8?B?', '?=', '"', '<', '>', '\x1b$B', '\x1b(B', '\0', ';', 'boundary=', 'Content-Type: multipart/mixed; boundary=x\r\n', 'Content-Transfer-Encoding: base64\r\n', '--=_b', 'From: ', 'filename*0*=', '(((((', 'https://', '<style>', '<a href="', '\ufeff').map((text) => Buffer.from(text, 'latin1')));

describe('hostile mails', () => {
  test('any bytes settle, within the limits', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), fc.option(fc.constantFrom('eml', 'msg', 'text'), { nil: undefined }), async (bytes, hint) => check(await open(bytes, hint === undefined ? {} : { hint }))), { numRuns: 1_000 });
  });

  test('three thousand damaged mails settle, within the limits', { timeout: 120_000 }, async () => {
    const change = fc.record({ at: fc.nat(4_000), drop: fc.nat(40), put: PUT });
    await fc.assert(fc.asyncProperty(fc.constantFrom(...SEEDS), fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(12_000), async (seed, changes, cut) => {
      let bytes: Buffer = seed;
      for (const { at, drop, put } of changes) {
        const place = at % (bytes.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + drop)]);
      }
      check(await open(bytes.subarray(0, Math.max(1, cut % (bytes.length * 2)))));
    }), { numRuns: 3_000 });
  });

  const BODY = 'Content-Type: text/plain\r\n\r\n';
  const FLOODS: Record<string, () => Buffer> = {
    'lines of a header without end': () => mail({ headers: ['X: ', ...Array.from({ length: 100_000 }, () => ' folded')] }, part('x')),
    'a hundred thousand headers': () => mail({ headers: Array.from({ length: 100_000 }, (_, i) => `X-${i}: y`) }, part('x')),
    'addresses without end': () => mail({ to: 'a@example.jp, '.repeat(15_000) }, part('x')),
    'nested comments and groups': () => mail({ from: `${'('.repeat(10_000)} a@example.jp`, to: 'a:b:'.repeat(5_000) }, part('x')),
    'quotes that never close': () => mail({ from: '"\\'.repeat(10_000) }, part('x')),
    'encoded words without end': () => mail({ subject: '=?utf-8?B?4p==?= '.repeat(10_000) }, part('x')),
    'parameters without end': () => Buffer.from(`${head()}Content-Type: text/plain; ${'a*1*=b;'.repeat(30_000)}\r\n\r\nx`),
    'delimiters without end': () => Buffer.from(`${head()}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n'.repeat(500_000)}`),
    'delimiters inside lines': () => Buffer.from(`${head()}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'x--b'.repeat(1_000_000)}`),
    'multiparts of the same boundary': () => Buffer.from(`${head()}${'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(20_000)}`),
    'base64 of nothing': () => Buffer.from(`${head()}Content-Transfer-Encoding: base64\r\n${BODY}${'='.repeat(5_000_000)}`),
    'quoted-printable of nothing': () => Buffer.from(`${head()}Content-Transfer-Encoding: quoted-printable\r\n${BODY}${'= '.repeat(2_500_000)}`),
    'escape sequences without end': () => Buffer.from(`${head()}Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n${'\x1b$B$"\x1b(I1'.repeat(300_000)}`, 'latin1'),
    'rare sets of ISO-2022-JP in turn': () => Buffer.from(`${head()}Content-Type: text/html; charset=iso-2022-jp\r\n\r\n${'\x1b$(D0!\x1b(B'.repeat(2_000_000)}`, 'latin1'),
    'thirty megabytes of small elements': () => Buffer.from(`${head()}Content-Type: text/html\r\n\r\n${'<p>x<b>y</b>'.repeat(2_500_000)}`),
    'half a million short links': () => Buffer.from(`${head()}${BODY}${'http://a.jp '.repeat(500_000)}`),
    'a line of URL beginnings': () => Buffer.from(`${head()}${BODY}${'http://'.repeat(500_000)}`),
    'quoted header blocks without end': () => Buffer.from(`${head({ subject: 'Fwd: x' })}${BODY}${'From: a@example.jp\r\nSubject: Fw: b\r\nTo: c\r\n\r\n'.repeat(50_000)}`),
    'quotation marks and dashes without end': () => Buffer.from(`${head({ subject: 'Fwd: x' })}${BODY}${'> > ---- ____ === From '.repeat(200_000)}\r\nFrom: b@evil.test\r\nSubject: x\r\n`),
    'uuencoded nothing': () => Buffer.from(`${head()}Content-Transfer-Encoding: x-uuencode\r\n${BODY}begin 644 a\r\n${'M\r\n'.repeat(500_000)}`),
    'twenty attached mails of many parts': () => mail({ subject: 'Fw: x' }, multipart('mixed', Array.from({ length: 30 }, () => Buffer.concat([Buffer.from('Content-Type: message/rfc822\r\n\r\n'), mail({}, multipart('mixed', Array.from({ length: 900 }, () => part('x'))))])))),
    'blanks without end': () => Buffer.from(`${head()}${BODY}${' \t'.repeat(300_000)}x`),
    'blanks in a boundary': () => Buffer.from(`${head()}Content-Type: multipart/mixed; boundary="a${' '.repeat(30_000)}b"\r\n\r\nx`),
    'bare CR everywhere': () => Buffer.from(`${head()}${BODY}`.replaceAll('\r\n', '\r') + '\r'.repeat(3_000_000)),
  };
  for (const [name, build] of Object.entries(FLOODS)) {
    // The bound is generous: machines differ. What grows faster than its input would be far beyond it.
    test(`${name}: settles within five seconds`, { timeout: 60_000 }, async () => {
      const bytes = build();
      const before = performance.now();
      check(await open(bytes));
      assert.ok(performance.now() - before < 5_000, `${Math.round(performance.now() - before)} ms`);
    });
  }
});
