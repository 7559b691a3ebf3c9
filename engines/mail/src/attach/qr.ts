import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { bordered, enlarge, shrink } from './gray.ts';
import type { Gray } from './gray.ts';

let ready: Promise<unknown> | undefined;

/** The reader's program lies beside it on disk and is handed over as bytes: left alone, the library would fetch it from the network. */
function prepare(): Promise<unknown> {
  ready ??= (async () => {
    const file = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
    const wasmBinary = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
    return prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  })();
  return ready;
}

const MAX_CODES = 16;

/** One look at this many pixels costs about 20 ms; most codes that a person can scan are found by it. */
const QUICK_PIXELS = 600_000;

/** Texts of all codes that a phone would read in a picture, at most 16, each at most 4,096 characters. Never throws. */
export async function readCodes(gray: Gray): Promise<string[]> {
  const quick = gray.width * gray.height > QUICK_PIXELS ? shrink(gray, QUICK_PIXELS) : gray;
  const found = await look(quick);
  if (found.length > 0 || quick === gray) return found;
  // A small code in a large picture is lost by thinning; then the picture is looked at as it is.
  return look(gray);
}

async function look(gray: Gray): Promise<string[]> {
  const shorter = Math.min(gray.width, gray.height);
  // Small codes are doubled or more; a border is put around, since a cropped code has none.
  const factor = shorter < 100 ? 4 : shorter < 250 ? 2 : 1;
  const picture = bordered(factor === 1 ? gray : enlarge(gray, factor), 16);
  try {
    await prepare();
    const header = Buffer.from(`P5\n${picture.width} ${picture.height}\n255\n`, 'latin1');
    const found = await readBarcodes(new Uint8Array(Buffer.concat([header, picture.data])), {
      formats: ['QRCode', 'MicroQRCode', 'DataMatrix', 'Aztec'], maxNumberOfSymbols: MAX_CODES, tryHarder: true, tryInvert: true, tryRotate: false, tryDownscale: false,
    });
    return [...new Set(found.filter(({ isValid, text }) => isValid && text !== '').map(({ text }) => text.slice(0, 4_096)))];
  } catch {
    return [];
  }
}
