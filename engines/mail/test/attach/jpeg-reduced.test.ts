import assert from 'node:assert/strict';
import { test } from 'node:test';
import jpeg from 'jpeg-js';
import fc from 'fast-check';
import { Budget } from '../../src/attach/budget.ts';
import { inspectFiles } from '../../src/attach/inspect.ts';
import { readReduced } from '../../src/attach/jpeg-reduced.ts';
import { attach } from './build.ts';
import { draw, jpg, qr, type Drawing } from './build-pictures.ts';
import { largeJpeg, type Kind } from './build-jpeg.ts';

const URL = 'https://scan.example/login?id=42';
const KINDS: Readonly<Record<string, Kind>> = {
  gray: {}, colour: { colour: true }, restarts: { colour: true, interval: 7 }, apart: { colour: true, apart: true, interval: 50 }, progressive: { progressive: true }, 'progressive, colour': { colour: true, progressive: true }, 'progressive, restarts': { colour: true, progressive: true, interval: 33 },
};
const never = (): boolean => false;

/** What another decoder reads, with four by four pixels made one. */
function whole(bytes: Buffer): Drawing {
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false });
  return draw(width >> 2, height >> 2, (x, y) => {
    let sum = 0;
    for (let v = 0; v < 4; v++) for (let h = 0; h < 4; h++) sum += data[((y * 4 + v) * width + x * 4 + h) * 3]!;
    return sum / 16;
  });
}

test('what is read is what another decoder reads, thinned: every way of writing it', async (t) => {
  const code = await qr(URL, 7);
  // The other decoder reads on behind the last restart of a scan of one component, unless its blocks come out even.
  const pictures: [string, Buffer][] = Object.entries(KINDS).map(([name, kind]) => [name, kind.interval && (kind.apart || kind.progressive) ? largeJpeg(608, 448, code, 101, 45, kind) : largeJpeg(602, 437, code, 101, 45, kind)]);
  pictures.push(['by another program', jpg(draw(300, 203, (x, y) => (x < code.width && y < code.height ? code.data[y * code.width + x]! : (x + y * 2) & 255)), 90)]);
  for (const [name, bytes] of pictures) {
    const [found, known] = [readReduced(bytes, 1_000_000, never)!, whole(bytes)];
    let sum = 0;
    for (let y = 0; y < known.height; y++) for (let x = 0; x < known.width; x++) sum += Math.abs(found.data[y * found.width + x]! - known.data[y * known.width + x]!);
    t.diagnostic(`${name}: ${(sum / known.data.length).toFixed(2)}`);
    assert.ok(sum / known.data.length < 6, `${name}: ${sum / known.data.length} of 255 apart`);
  }
  for (const kind of [KINDS.apart!, KINDS['progressive, restarts']!]) assert.deepEqual(readReduced(largeJpeg(602, 437, code, 101, 45, kind), 1_000_000, never), readReduced(largeJpeg(602, 437, code, 101, 45, { ...kind, interval: 0 }), 1_000_000, never));
});

test('a code in a photo of 24, 50 and 100 megapixels is found, and the time it takes is bounded', async (t) => {
  const code = await qr(URL, 24);
  for (const [width, height, kind] of [[6000, 4000, 'colour'], [6000, 4000, 'progressive, colour'], [8160, 6120, 'colour'], [11_600, 8700, 'restarts']] as const) {
    const bytes = largeJpeg(width, height, code, 1234, 567, KINDS[kind]);
    const start = process.cpuUsage();
    const { files, links, troubles } = await inspectFiles([attach('a.jpg', bytes, 'image/jpeg')], new Budget({ millis: 60_000, photos: 3, photoPixels: 16_000_000 }));
    const millis = process.cpuUsage(start).user / 1_000;
    t.diagnostic(`${(width * height) / 1e6} megapixels (${kind}), ${(bytes.length / 1e6).toFixed(1)} MB: ${Math.round(millis)} ms`);
    assert.deepEqual([files[0]!.flags, links.map(({ url }) => url), troubles], [['qr'], [URL], []], kind);
    assert.ok(millis < 6_000, `${Math.round(millis)} ms`);
  }
});

test('a photo that is larger still is refused and told, and one for which there is no time is told, too', async () => {
  const tiny = draw(1, 1, () => 0);
  const head = largeJpeg(16, 16, tiny, 0, 0);
  const sized = (width: number, height: number): Buffer => {
    const bytes = Buffer.from(head);
    const at = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    bytes.writeUInt16BE(height, at + 5);
    bytes.writeUInt16BE(width, at + 7);
    return bytes;
  };
  const told = async (bytes: Buffer, budget: Budget): Promise<string[]> => (await inspectFiles([attach('a.jpg', bytes, 'image/jpeg')], budget)).troubles.map(({ code }) => code);
  assert.deepEqual(await told(sized(16_000, 8_001), new Budget({ millis: 60_000 })), ['image_too_large']);
  assert.deepEqual(await told(sized(65_535, 65_535), new Budget({ millis: 60_000 })), ['image_too_large']);
  assert.deepEqual(await told(sized(5_000, 4_000), new Budget({ millis: 60_000, photos: 1, photoPixels: 400_000 })), ['picture_not_read']);
  let now = 0;
  const slow = new Budget({ millis: 1_000 }, () => (now += 100));
  assert.deepEqual(await told(largeJpeg(5_000, 4_000, tiny, 0, 0), slow), ['time_out']);
});

test('what is cut, broken or made up ends the reading and throws nothing', async () => {
  const code = await qr(URL, 4);
  const files = Object.values(KINDS).map((kind) => largeJpeg(200, 120, code, 10, 10, kind));
  for (const bytes of files) for (let end = 0; end < bytes.length; end += 97) readReduced(bytes.subarray(0, end), 1_000_000, never);
  fc.assert(fc.property(fc.constantFrom(...files), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 }), (file, changes) => {
    const bytes = Buffer.from(file);
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    const gray = readReduced(bytes, 1_000_000, never);
    assert.ok(gray === undefined || gray.data.length === gray.width * gray.height);
  }), { numRuns: 600 });
  // A head that promises much, and nothing behind it.
  const [plain] = files;
  const promise = Buffer.from(plain!.subarray(0, plain!.indexOf(Buffer.from([0xff, 0xda])) + 20));
  const at = promise.indexOf(Buffer.from([0xff, 0xc0]));
  promise.writeUInt16BE(10_000, at + 5);
  promise.writeUInt16BE(12_000, at + 7);
  const start = process.cpuUsage();
  readReduced(promise, 128_000_000, never);
  assert.ok(process.cpuUsage(start).user < 1_500_000);
});
