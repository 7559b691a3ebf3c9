import type { Found } from './automaton.ts';
import { follow, MAX_PARTS, readField } from './fields.ts';
import type { Grams } from './grams.ts';
import { readJson, utf8 } from './held.ts';

/** Names that stand in events are remembered up to here, so that those which rules ask for always find a place. */
const MAX_SEEN = 3_072;
/** Names remembered by a reader; events asked for more are parsed whole. */
const MAX_NAMES = 4_096;
const TABLE = 8_192;
/** Names that somebody made so that they meet in the table are not all remembered. */
const MAX_MET = 8;
const MAX_DEPTH = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * A JSON object of which only what is asked for is read: names are found by one pass over the text, values are decoded when a
 * rule wants them. Text is one character per byte of UTF-8 (`latin1`), so that a long buffer becomes a string at once and is
 * never checked for characters nobody looks at. The object is reused: open the next event on it when the last is done with.
 *
 * It says what `JSON.parse` would say of every value it reads (of two values of one name the last); text that is no JSON is
 * noticed where it breaks the outline of the object or stands in a value that is read.
 */
export class JsonEvent {
  readonly #numbers = new Map<string, number>();
  readonly #paths = new Map<string, readonly (readonly [string, readonly string[]])[]>();
  /** Open hashing of names: their numbers, which begin at 1; 0 for a free place. */
  readonly #table = new Uint16Array(TABLE);
  /** The names one after another, each with its closing quotation mark. */
  #text = new Uint8Array(16_384);
  #textUsed = 0;
  readonly #nameFrom = new Int32Array(MAX_NAMES + 1);
  readonly #nameLength = new Int32Array(MAX_NAMES + 1);
  /** The name that came after a name the last time: events of one kind have theirs in one order. */
  readonly #after = new Uint16Array(MAX_NAMES + 1);
  /** 1 where the last text under a name was a long one. */
  readonly #long = new Uint8Array(MAX_NAMES + 1);
  #count = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #json = '';
  readonly #u = new Places('u');
  readonly #slash = new Places('/');
  /** U+017F and U+212A in bytes of UTF-8, which fold to s and k. */
  readonly #longS = new Places('\u00c5\u00bf');
  readonly #kelvin = new Places('\u00e2\u0084\u00aa');
  #start = 0;
  #end = 0;
  #turn = 0;
  readonly #seen = new Uint32Array(MAX_NAMES + 1);
  readonly #from = new Int32Array(MAX_NAMES + 1);
  readonly #to = new Int32Array(MAX_NAMES + 1);
  /** A name of this event has no number. */
  #unnumbered = false;
  /** The whole event, where something asked for all of it or its names are written in escapes. */
  #whole: Record<string, unknown> | null = null;
  /** Beginning and end of numbers that may be compared in another form than they are written in. */
  readonly #oddNumbers: number[] = [];

  /**
   * Opens the object that is all there is between two positions, white space apart.
   * @param bytes UTF-8
   * @param json the same as text, one character per byte (`latin1`)
   * @returns false where its outline is not that of a JSON object
   */
  open(bytes: Uint8Array, json: string, start: number, end: number): boolean {
    if (json !== this.#json) for (const places of [this.#u, this.#slash, this.#longS, this.#kelvin]) places.forget();
    this.#bytes = bytes;
    this.#json = json;
    this.#start = start;
    this.#end = end;
    return this.#read();
  }

  /** One field, as {@link readField} reads it of an object. */
  get(field: string): unknown {
    if (this.#whole !== null) return readField(this.#whole, field);
    const number = this.numberOf(field);
    if (number < 0 || this.#whole !== null) return readField(this.#all(), field);
    const raw = this.raw(number);
    if (raw !== undefined) return readJson(raw);
    for (const [outer, parts] of this.#pathsOf(field)) {
      const place = this.numberOf(outer);
      if (place < 0 || this.#whole !== null) return readField(this.#all(), field);
      const inner = this.raw(place);
      const found = inner === undefined ? undefined : follow(readJson(inner), parts, 0);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The ways in which a dotted name may begin with a name of the event, and what is left of it. */
  #pathsOf(field: string): readonly (readonly [string, readonly string[]])[] {
    let paths = this.#paths.get(field);
    if (paths === undefined) {
      const parts = field.split('.');
      paths = parts.length > MAX_PARTS ? [] : parts.slice(1).map((_, at) => [parts.slice(0, at + 1).join('.'), parts.slice(at + 1)] as const);
      if (this.#paths.size < MAX_NAMES) this.#paths.set(field, paths);
    }
    return paths;
  }

  /** Every value, for keywords. */
  each(visit: (value: unknown) => void): void {
    for (const value of Object.values(this.#all())) visit(value);
  }

  /** The number of a name, which stays the same for this reader; -1 where it has none and {@link get} must be asked. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    // Names outside ASCII are compared in another form than the text has; they are rare, and so is a rule set with so many names.
    if (name === '' || /[^\x20-\x7e]|["\\]/.test(name)) return -1;
    const bytes = Buffer.from(name, 'latin1');
    let number = this.#find(bytes, 0, bytes.length);
    if (number === 0) {
      if (this.#count >= MAX_NAMES) return -1;
      number = this.#add(bytes, 0, bytes.length);
      // The event may hold it all the same.
      if (this.#unnumbered) this.#read();
    }
    this.#numbers.set(name, number);
    return number;
  }

  /** The value of a name as it stands in the text; undefined where there is none by this name, or {@link isWhole}. */
  raw(number: number): string | undefined {
    return this.#seen[number] === this.#turn && this.#whole === null ? this.#json.slice(this.#from[number], this.#to[number]) : undefined;
  }

  /** A number that is the same for equal {@link raw} values; of long ones some characters are looked at. */
  hashOf(number: number): number {
    const bytes = this.#bytes;
    const to = this.#to[number] as number;
    let at = this.#from[number] as number;
    let hash = to - at;
    const step = hash < 32 ? 1 : hash >> 4;
    for (; at < to; at += step) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    return hash ^ (hash >>> 15);
  }

  /** True where the event was parsed and has to be asked by {@link get}. */
  get isWhole(): boolean {
    return this.#whole !== null;
  }

  /** True where texts may stand in the value of a name, which is a text, in another way than {@link scan} looks for them. */
  isUnusual(number: number, texts: Grams): boolean {
    return this.#isUnusual((this.#from[number] as number) + 1, (this.#to[number] as number) - 1, texts);
  }

  /** Looks for texts in the value of a name, which is a text, without decoding it. */
  scan(number: number, texts: Grams, found: Found): void {
    texts.scanJson(this.#bytes, (this.#from[number] as number) + 1, (this.#to[number] as number) - 1, found);
  }

  /** Looks for texts anywhere in the event: finds all that stand in a value, and those in names too. False where it cannot tell. */
  scanAll(texts: Grams, found: Found): boolean {
    if (this.#whole !== null || this.#isUnusual(this.#start, this.#end, texts)) return false;
    texts.scanJson(this.#bytes, this.#start, this.#end, found);
    const odd = this.#oddNumbers;
    for (let at = 0; at < odd.length; at += 2) texts.scan(String(Number(this.#json.slice(odd[at], odd[at + 1]))), found);
    return true;
  }

  /** The text of the event. */
  toString(): string {
    return utf8(this.#json.slice(this.#start, this.#end));
  }

  /**
   * True where a character of the texts may stand there in another way than it is looked for: as an escape of what needs none, or
   * beyond ASCII as one of the two that fold to one of it (U+017F, U+212A), or as any that a text has.
   */
  #isUnusual(from: number, to: number, texts: Grams): boolean {
    const bytes = this.#bytes;
    // A u is rarer than a backslash, and looking for one character the quickest thing there is.
    for (let at = this.#u.next(this.#json, from); at < to; at = this.#u.next(this.#json, at + 1)) {
      if (bytes[at - 1] === BACKSLASH && at > from && this.#isEscape(at - 1)) return true;
    }
    if (texts.hasSlash) {
      for (let at = this.#slash.next(this.#json, from); at < to; at = this.#slash.next(this.#json, at + 1)) {
        if (bytes[at - 1] === BACKSLASH && at > from && this.#isEscape(at - 1)) return true;
      }
    }
    if (texts.hasBeyond) for (let at = from; at < to; at++) if ((bytes[at] as number) >= 0x80) return true;
    return this.#longS.next(this.#json, from) < to || this.#kelvin.next(this.#json, from) < to;
  }

  /** True where a backslash is not itself written by one before it. */
  #isEscape(slash: number): boolean {
    let before = 0;
    while (this.#bytes[slash - 1 - before] === BACKSLASH && slash - 1 - before >= this.#start) before++;
    return (before & 1) === 0;
  }

  #all(): Record<string, unknown> {
    this.#whole ??= JSON.parse(this.toString()) as Record<string, unknown>;
    return this.#whole;
  }

  /** The number of the name at a place; 0 where it has none. */
  #find(bytes: Uint8Array, name: number, length: number): number {
    const table = this.#table;
    for (let place = hash(bytes, name, length), number = table[place] as number; number !== 0; number = table[(place = (place + 1) & (TABLE - 1))] as number) {
      if (this.#nameLength[number] === length && this.#isName(number, bytes, name)) return number;
    }
    return 0;
  }

  /** Gives the next number to a name. */
  #add(bytes: Uint8Array, name: number, length: number): number {
    const table = this.#table;
    let place = hash(bytes, name, length);
    while (table[place] !== 0) place = (place + 1) & (TABLE - 1);
    const number = (table[place] = ++this.#count);
    if (this.#textUsed + length + 1 > this.#text.length) {
      const longer = new Uint8Array(2 * this.#text.length + length);
      longer.set(this.#text);
      this.#text = longer;
    }
    this.#nameFrom[number] = this.#textUsed;
    this.#nameLength[number] = length;
    this.#text.set(bytes.subarray(name, name + length), this.#textUsed);
    this.#text[this.#textUsed + length] = QUOTE;
    this.#textUsed += length + 1;
    return number;
  }

  /** The number of a name that stands in the event, 0 where it gets none. */
  #met(bytes: Uint8Array, name: number, length: number): number {
    const known = length === 0 ? 0 : this.#find(bytes, name, length);
    if (known !== 0) return known;
    this.#unnumbered = true;
    for (let at = name; at < name + length; at++) if (bytes[at] === BACKSLASH) return 0;
    if (length === 0 || length > MAX_NAME || this.#count >= MAX_SEEN) return 0;
    let met = 0;
    for (let place = hash(bytes, name, length); this.#table[place] !== 0; place = (place + 1) & (TABLE - 1)) if (++met > MAX_MET) return 0;
    return this.#add(bytes, name, length);
  }

  /** True where the name with its closing quotation mark stands at a place. */
  #isName(number: number, bytes: Uint8Array, at: number): boolean {
    const text = this.#text;
    const from = this.#nameFrom[number] as number;
    const length = this.#nameLength[number] as number;
    for (let index = 0; index < length; index++) if (text[from + index] !== bytes[at + index]) return false;
    return true;
  }

  /** Finds the names and where their values stand. */
  #read(): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    const seen = this.#seen;
    if (++this.#turn === 0xffffffff) {
      seen.fill(0);
      this.#turn = 1;
    }
    const turn = this.#turn;
    this.#whole = null;
    this.#unnumbered = false;
    this.#oddNumbers.length = 0;
    let at = space(bytes, this.#start, end);
    if (at >= end || bytes[at] !== 0x7b) return false;
    at = space(bytes, at + 1, end);
    if (at < end && bytes[at] === 0x7d) return space(bytes, at + 1, end) >= end;
    for (let before = 0; ; ) {
      if (at >= end || bytes[at] !== QUOTE) return false;
      const name = at + 1;
      let number = this.#after[before] as number;
      at = name + (this.#nameLength[number] as number);
      if (number === 0 || at >= end || bytes[at] !== QUOTE || !this.#isName(number, bytes, name)) {
        at = name;
        while (at < end && bytes[at] !== QUOTE) at++;
        if (at >= end) return false;
        number = this.#met(bytes, name, at - name);
        // A name written with escapes: too rare to be quick about.
        if (number === 0) for (let each = name; each < at; each++) if (bytes[each] === BACKSLASH) return this.#readWhole();
        this.#after[before] = number;
      }
      before = number;
      if (bytes[++at] !== COLON) {
        at = space(bytes, at, end);
        if (bytes[at] !== COLON) return false;
      }
      const from = space(bytes, at + 1, end);
      if (from >= end) return false;
      const to = bytes[from] === QUOTE ? this.#textEnd(number, from + 1, end) : this.#valueEnd(bytes, from, end);
      if (to < 0) return false;
      seen[number] = turn;
      this.#from[number] = from;
      this.#to[number] = to;
      at = space(bytes, to, end);
      if (at >= end) return false;
      const next = bytes[at];
      if (next === 0x2c) at = space(bytes, at + 1, end);
      else return next === 0x7d && space(bytes, at + 1, end) >= end;
    }
  }

  #readWhole(): boolean {
    if (this.#isTooDeep()) return false;
    try {
      this.#all();
      return true;
    } catch {
      return false;
    }
  }

  /** True where a value is nested deeper than {@link #valueEnd} takes: what is parsed whole must not be either. */
  #isTooDeep(): boolean {
    const bytes = this.#bytes;
    // The event itself is one more.
    let left = MAX_DEPTH + 1;
    for (let at = this.#start; at >= 0 && at < this.#end; ) {
      const unit = bytes[at] as number;
      if (unit === QUOTE) {
        at = this.#textEnd(0, at + 1, this.#end);
        continue;
      }
      if (unit === 0x7b || unit === 0x5b) {
        if (--left < 0) return true;
      } else if (unit === 0x7d || unit === 0x5d) left++;
      at++;
    }
    return false;
  }

  /** The position after the quotation mark that ends a text; -1 where none does. */
  #textEnd(number: number, from: number, end: number): number {
    const bytes = this.#bytes;
    let at = from;
    // Most texts are short: a look ahead is quicker than a call. What was long under this name will be so again.
    if (this.#long[number] === 0) {
      const near = Math.min(end, from + NEAR);
      while (at < near && bytes[at] !== QUOTE) at++;
      if (at === near) at = this.#json.indexOf('"', at);
    } else at = this.#json.indexOf('"', from);
    for (; at >= 0 && at < end; at = this.#json.indexOf('"', at + 1)) {
      let slashes = 0;
      while (bytes[at - 1 - slashes] === BACKSLASH && at - 1 - slashes >= from) slashes++;
      if ((slashes & 1) === 0) {
        this.#long[number] = at - from > NEAR ? 1 : 0;
        return at + 1;
      }
    }
    return -1;
  }

  /** The position after the value at `from`, which is no text; -1 where there is none. */
  #valueEnd(bytes: Uint8Array, from: number, end: number): number {
    const first = bytes[from] as number;
    if (first !== 0x7b && first !== 0x5b) return this.#wordEnd(bytes, from, end);
    let depth = 0;
    for (let at = from; at < end; ) {
      const unit = bytes[at] as number;
      if (unit === QUOTE) {
        at = this.#textEnd(0, at + 1, end);
        if (at < 0) return -1;
        continue;
      }
      if (unit === 0x7b || unit === 0x5b) {
        if (++depth > MAX_DEPTH) return -1;
      } else if (unit === 0x7d || unit === 0x5d) {
        if (--depth === 0) return at + 1;
      } else if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) {
        at = this.#wordEnd(bytes, at, end);
        continue;
      }
      at++;
    }
    return -1;
  }

  /** The end of a number, true, false or null. */
  #wordEnd(bytes: Uint8Array, from: number, end: number): number {
    const first = bytes[from] as number;
    const isNumber = first === 0x2d || (first >= 0x30 && first <= 0x39);
    let odd = false;
    let at = from;
    for (; at < end; at++) {
      const unit = bytes[at] as number;
      if (unit === 0x2c || unit === 0x7d || unit === 0x5d || unit <= 0x20) break;
      // 1e3 is compared as 1000, and long numbers are rounded.
      if (unit === 0x2e || unit === 0x45 || unit === 0x65) odd = isNumber;
    }
    if (odd || at - from > 15) this.#oddNumbers.push(from, at);
    return at > from ? at : -1;
  }
}

/** Longer names are not remembered when they are met. */
const MAX_NAME = 128;
/** Texts up to so many bytes are short. */
const NEAR = 24;

/** Where a text stands next in a buffer; it is looked for once for all events up to there. */
class Places {
  readonly #text: string;
  #from = 0;
  #at = -1;

  constructor(text: string) {
    this.#text = text;
  }

  forget(): void {
    this.#from = 0;
    this.#at = -1;
  }

  /** The first place at `from` or after, infinite where there is none. */
  next(buffer: string, from: number): number {
    if (from >= this.#from && from <= this.#at) return this.#at;
    const at = buffer.indexOf(this.#text, from);
    this.#from = from;
    return (this.#at = at < 0 ? Number.POSITIVE_INFINITY : at);
  }
}

function hash(bytes: Uint8Array, name: number, length: number): number {
  return (length * 1_021 + (bytes[name] as number) * 131 + (bytes[name + (length >> 1)] as number) * 31 + (bytes[name + length - 1] as number) * 517) & (TABLE - 1);
}

function space(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const unit = bytes[at] as number;
    if (unit > 0x20 || (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09)) break;
    at++;
  }
  return at;
}
