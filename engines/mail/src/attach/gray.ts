/** A picture as one byte of brightness a pixel, rows from the top. */
export interface Gray {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Pictures are kept at no more than this many pixels: codes that a person scans from a screen are far larger than a pixel. */
export const KEPT_PIXELS = 1_500_000;

/** By how much rows and columns are thinned so that what is kept fits. */
export function stepFor(width: number, height: number, kept: number = KEPT_PIXELS): number {
  return Math.max(1, Math.ceil(Math.sqrt((width * height) / kept)));
}

/** The picture thinned until it has at most `kept` pixels. */
export function shrink({ width, height, data }: Gray, kept: number): Gray {
  const shrinker = new Shrinker(width, height, kept);
  for (let y = 0; y < height; y++) shrinker.push(data.subarray(y * width, (y + 1) * width));
  return shrinker.gray;
}

/** Collects rows of brightness as they are decoded, averaging `step` × `step` pixels into one. */
export class Shrinker {
  readonly width: number;
  readonly height: number;
  readonly #step: number;
  readonly #data: Uint8Array;
  readonly #sums: Uint32Array;
  #row = 0;

  constructor(width: number, height: number, kept: number = KEPT_PIXELS) {
    this.#step = stepFor(width, height, kept);
    this.width = Math.max(1, Math.floor(width / this.#step));
    this.height = Math.max(1, Math.floor(height / this.#step));
    this.#data = new Uint8Array(this.width * this.height).fill(255);
    this.#sums = new Uint32Array(this.width);
  }

  push(row: Uint8Array): void {
    const step = this.#step;
    const y = Math.floor(this.#row / step);
    const last = this.#row % step === step - 1;
    this.#row++;
    if (y >= this.height) return;
    if (step === 1) return this.#data.set(row.subarray(0, this.width), y * this.width);
    for (let x = 0, at = 0; x < this.width; x++) {
      let sum = 0;
      for (let k = 0; k < step; k++) sum += row[at++]!;
      this.#sums[x]! += sum;
    }
    if (!last) return;
    for (let x = 0; x < this.width; x++) this.#data[y * this.width + x] = this.#sums[x]! / (step * step);
    this.#sums.fill(0);
  }

  get gray(): Gray {
    return { width: this.width, height: this.height, data: this.#data };
  }
}

/** Brightness as ITU-R BT.601 weighs it. */
export function luma(r: number, g: number, b: number): number {
  return (r * 77 + g * 150 + b * 29) >> 8;
}

/** Pixels doubled until the shorter side has at least `least` of them: a code with one pixel a module cannot be found. */
export function enlarge(gray: Gray, factor: number): Gray {
  const width = gray.width * factor;
  const height = gray.height * factor;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = Math.floor(y / factor) * gray.width;
    for (let x = 0; x < width; x++) data[y * width + x] = gray.data[from + Math.floor(x / factor)]!;
  }
  return { width, height, data };
}

/** With a white border, as the codes' standards ask for; senders cut it off. */
export function bordered(gray: Gray, border: number, shade = 255): Gray {
  const width = gray.width + border * 2;
  const data = new Uint8Array(width * (gray.height + border * 2)).fill(shade);
  for (let y = 0; y < gray.height; y++) data.set(gray.data.subarray(y * gray.width, (y + 1) * gray.width), (y + border) * width + border);
  return { width, height: gray.height + border * 2, data };
}
