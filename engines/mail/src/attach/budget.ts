/** What all attachments of one mail together may cost. Sources: limits of the engine's README; times in milliseconds. */
export interface Limits {
  /** Bytes that really come out of decompression, over the whole mail. */
  readonly bytes: number;
  /** Inflated against packed size above which an entry is a bomb; small entries (under `ratioFrom` bytes) may exceed it. */
  readonly ratio: number;
  readonly ratioFrom: number;
  /** Entries of archives and disk images. */
  readonly entries: number;
  /** Archives inside one another. */
  readonly depth: number;
  /** Pixels of pictures, over the whole mail and therefore also of each; counted alike. */
  readonly pixels: number;
  /** Pictures that are looked at for codes. */
  readonly pictures: number;
  /** JPEG pictures that are decoded, and how large each may be: the decoder takes about 150 ms for a megapixel. Of one read at reduced size an eighth counts. */
  readonly photos: number;
  readonly photoPixels: number;
  readonly pages: number;
  readonly links: number;
  /** Characters of readable text kept of each file. */
  readonly text: number;
  readonly millis: number;
}

export const LIMITS: Limits = {
  bytes: 100 * 1024 * 1024, ratio: 100, ratioFrom: 10 * 1024 * 1024, entries: 200, depth: 2,
  pixels: 40_000_000, pictures: 40, photos: 40, photoPixels: 16_000_000, pages: 20, links: 2_000, text: 50_000, millis: 4_000,
};

/**
 * The purse of one mail: every reader asks before it spends. Nothing here throws; a reader that is refused stops.
 * Only the time is the machine's own: a limit on work needs it, no answer is made from it.
 */
export class Budget {
  readonly limits: Limits;
  #bytes: number;
  #entries: number;
  #pixels: number;
  #pictures: number;
  #photos: number;
  readonly #end: number;
  readonly #clock: () => number;

  constructor(limits: Partial<Limits> = {}, clock: () => number = () => performance.now()) {
    this.limits = { ...LIMITS, ...limits };
    this.#bytes = this.limits.bytes;
    this.#entries = this.limits.entries;
    this.#pixels = this.limits.pixels;
    this.#pictures = this.limits.pictures;
    this.#photos = this.limits.photos;
    this.#clock = clock;
    this.#end = clock() + this.limits.millis;
  }

  /** Bytes that may still be inflated. */
  get room(): number {
    return this.#bytes;
  }

  spend(bytes: number): void {
    this.#bytes = Math.max(0, this.#bytes - bytes);
  }

  /** True when one more entry may be listed. */
  entry(): boolean {
    if (this.#entries <= 0) return false;
    this.#entries--;
    return true;
  }

  /** True when a picture of so many pixels may be decoded; it is counted then. */
  picture(pixels: number): boolean {
    if (this.#pictures <= 0 || !(pixels > 0) || pixels > this.#pixels) return false;
    this.#pictures--;
    this.#pixels -= pixels;
    return true;
  }

  /** True when a JPEG of so many pixels may be decoded; it is counted then. */
  photo(pixels: number): boolean {
    if (this.#photos <= 0 || pixels > this.limits.photoPixels) return false;
    this.#photos--;
    return true;
  }

  get millisLeft(): number {
    return Math.max(0, this.#end - this.#clock());
  }

  get late(): boolean {
    return this.millisLeft <= 0;
  }
}
