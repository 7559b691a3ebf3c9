import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { datagram, SyslogFramer, type Frame } from '../src/index.ts';

function all(bytes: Uint8Array, cuts: readonly number[], max?: number): Frame[] {
  const framer = new SyslogFramer(max);
  const out: Frame[] = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const to = Math.min(bytes.length, Math.max(from, cut));
    out.push(...framer.push(bytes.slice(from, to)));
    from = to;
  }
  out.push(...framer.push(bytes.slice(from)), ...framer.end());
  return out;
}

const texts = (frames: readonly Frame[]): string[] => frames.map((frame) => Buffer.from(frame.bytes).toString('latin1'));
const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

describe('syslog framing (RFC 6587)', () => {
  test('lines ended by LF, CRLF and NUL are told apart', () => {
    assert.deepEqual(texts(all(Buffer.from('<1>a\n<2>b\r\n<3>c\0\n\n<4>d'), [])), ['<1>a', '<2>b', '<3>c', '<4>d']);
  });

  test('octet counting keeps line feeds inside a message', () => {
    assert.deepEqual(texts(all(Buffer.from(counted('<1>a\nb') + counted('<2>c')), [])), ['<1>a\nb', '<2>c']);
  });

  test('both methods may be mixed on one connection', () => {
    const stream = `${counted('<1>counted')}<2>line\n${counted('<3>again')}\n<4>line\0${counted('<5>x')}`;
    assert.deepEqual(texts(all(Buffer.from(stream), [])), ['<1>counted', '<2>line', '<3>again', '<4>line', '<5>x']);
  });

  test('a line that begins with a number is not taken for a count', () => {
    assert.deepEqual(texts(all(Buffer.from('2026 Jan 2 x\n12:00 y\n7 z\n0 <1>q\n'), [])), ['2026 Jan 2 x', '12:00 y', '7 z', '0 <1>q']);
  });

  test('a count beyond belief does not swallow the connection', () => {
    assert.deepEqual(texts(all(Buffer.from('99999999 <1>a\n<2>b\n'), [])), ['99999999 <1>a', '<2>b']);
  });

  test('an oversized line is cut and marked, and the next line is read', () => {
    const frames = all(Buffer.from(`<1>${'x'.repeat(70_000)}\n<2>b\n`), []);
    assert.equal(frames.length, 2);
    assert.equal(frames[0]?.bytes.length, 65_536);
    assert.equal(frames[0]?.truncated, true);
    assert.deepEqual([texts(frames)[1], frames[1]?.truncated], ['<2>b', false]);
  });

  test('an oversized counted message is cut and marked, and the next message is read', () => {
    const frames = all(Buffer.from(`${counted(`<1>${'x'.repeat(70_000)}`)}${counted('<2>b')}`), []);
    assert.deepEqual(frames.map((frame) => [frame.bytes.length, frame.truncated]), [[65_536, true], [4, false]]);
  });

  test('a line of exactly the limit is whole', () => {
    const [frame] = all(Buffer.from(`${'x'.repeat(64)}\ny`), [], 64);
    assert.deepEqual([frame?.bytes.length, frame?.truncated], [64, false]);
  });

  test('what was begun when the connection ended is marked incomplete', () => {
    const frames = all(Buffer.from('<1>a\n100 <2>half'), []);
    assert.deepEqual(frames.map((frame) => frame.incomplete), [false, true]);
  });

  test('portions of any size give the same lines as one portion', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 40 }).map((text) => `<13>${text}\n`),
      fc.string({ maxLength: 40 }).map((text) => counted(`<13>${text}`)),
      fc.constantFrom('\n', '\0', '7 ', '99999 <1>x\n', `<1>${'y'.repeat(200)}\n`, counted(`<1>${'z'.repeat(200)}`), '12', '3 <'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(2000), { maxLength: 30 }), (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(''));
        const plain = (frames: Frame[]) => frames.map((frame) => [Buffer.from(frame.bytes).toString('hex'), frame.truncated, frame.incomplete]);
        assert.deepEqual(plain(all(bytes, cuts, 64)), plain(all(bytes, [], 64)));
      }),
      { numRuns: 500 },
    );
  });

  test('byte by byte gives the same lines, and no frame passes the limit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const one = all(bytes, [], 32);
        const many = all(bytes, Array.from({ length: bytes.length }, (_, i) => i), 32);
        assert.deepEqual(texts(many), texts(one));
        for (const frame of one) assert.ok(frame.bytes.length <= 32);
      }),
      { numRuns: 300 },
    );
  });

  test('a datagram is one line, cut at the limit', () => {
    assert.equal(datagram(Buffer.from('\n\0')), null);
    assert.deepEqual(datagram(Buffer.from('<1>a\n'))?.truncated, false);
    assert.equal(datagram(Buffer.alloc(70_000, 120))?.bytes.length, 65_536);
  });

  test('a limit too small to work with is refused', () => assert.throws(() => new SyslogFramer(3), RangeError));
});
