import type { Found } from './automaton.ts';
import type { Grams } from './grams.ts';
import { readField } from './view.ts';

/** Names remembered by a reader; events asked for more are parsed whole. */
const MAX_NAMES = 4_096;
const TABLE = 8_192;
const MAX_DEPTH = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

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
  readonly #names: string[] = [];
  /** Open hashing of names: number plus one, 0 for a free place. */
  readonly #table = new Uint16Array(TABLE);
  #bytes: Uint8Array = new Uint8Array(0);
  #json = '';
  /** Where each of {@link UNUSUAL} stands next. */
  readonly #unusualAt = new Float64Array(UNUSUAL.length).fill(-1);
  /** Where the next character beyond ASCII stands. */
  #beyondAt = -1;
  #start = 0;
  #end = 0;
  #turn = 0;
  readonly #seen = new Uint32Array(MAX_NAMES);
  readonly #from = new Int32Array(MAX_NAMES);
  readonly #to = new Int32Array(MAX_NAMES);
  /** The whole event, where something asked for all of it or its names are written in escapes. */
  #whole: Record<string, unknown> | null = null;
  /** Numbers that are compared in another form than they are written in. */
  readonly #oddNumbers: string[] = [];

  /**
   * Opens the object that is all there is between two positions, white space apart.
   * @param bytes UTF-8
   * @param json the same as text, one character per byte (`latin1`)
   * @returns false where its outline is not that of a JSON object
   */
  open(bytes: Uint8Array, json: string, start: number, end: number): boolean {
    if (bytes !== this.#bytes || json !== this.#json || start < this.#start) {
      this.#unusualAt.fill(-1);
      this.#beyondAt = -1;
    }
    this.#bytes = bytes;
    this.#json = json;
    this.#start = start;
    this.#end = end;
    return this.#read();
  }

  /** One field, as {@link readField} reads it of an object. */
  get(field: string): unknown {
    if (this.#whole !== null) return readField(this.#whole, field);
    const number = this.#numberOf(field);
    if (number < 0 || this.#whole !== null) return readField(this.#all(), field);
    if (this.#seen[number] === this.#turn) return this.#value(this.#from[number] as number, this.#to[number] as number);
    const dot = field.indexOf('.');
    if (dot < 0) return undefined;
    const outer = this.get(field.slice(0, dot));
    return typeof outer === 'object' && outer !== null && !Array.isArray(outer) ? readField({ [field.slice(0, dot)]: outer }, field) : undefined;
  }

  /** Every value, for keywords. */
  values(): Iterable<unknown> {
    return Object.values(this.#all());
  }

  /** Looks for texts in the value of a field without decoding it. False where the value is not one plain text: look into {@link get}. */
  scan(field: string, texts: Grams, found: Found): boolean {
    if (this.#whole !== null) return false;
    const number = this.#numberOf(field);
    if (number < 0 || this.#whole !== null) return false;
    if (this.#seen[number] !== this.#turn) return !field.includes('.');
    const from = (this.#from[number] as number) + 1;
    const to = (this.#to[number] as number) - 1;
    if (this.#bytes[from - 1] !== QUOTE || this.#unusual() || (texts.hasBeyond && !this.#isAscii(from, to))) return false;
    texts.scanJson(this.#bytes, from, to, found);
    return true;
  }

  /** False where no value of the field can have so many UTF-16 units; it may be true for others too. */
  mayHaveLength(field: string, min: number, max: number): boolean {
    if (this.#whole !== null) return true;
    const number = this.#numberOf(field);
    if (number < 0 || this.#whole !== null) return true;
    if (this.#seen[number] !== this.#turn) return field.includes('.');
    const from = this.#from[number] as number;
    const bytes = (this.#to[number] as number) - from - 2;
    // One unit is written in one byte at least and in six at most.
    return this.#bytes[from] !== QUOTE || (bytes >= min && bytes <= max * 6);
  }

  /** Looks for texts anywhere in the event: finds all that stand in a value, and those in names too. False where it cannot tell. */
  scanAll(texts: Grams, found: Found): boolean {
    if (this.#whole !== null || this.#unusual() || (texts.hasBeyond && !this.#isAscii(this.#start, this.#end))) return false;
    texts.scanJson(this.#bytes, this.#start, this.#end, found);
    for (const text of this.#oddNumbers) texts.scan(text, found);
    return true;
  }

  /** The text of the event. */
  toString(): string {
    return utf8(this.#json.slice(this.#start, this.#end));
  }

  /** True where a character of the event may be written in another way than texts are looked for in. */
  #unusual(): boolean {
    for (let kind = 0; kind < UNUSUAL.length; kind++) {
      // Found once for all events of one buffer, as far as the next one.
      if ((this.#unusualAt[kind] as number) < this.#start) this.#unusualAt[kind] = this.#nextUnusual(UNUSUAL[kind] as string);
      if ((this.#unusualAt[kind] as number) < this.#end) return true;
    }
    return false;
  }

  #isAscii(from: number, to: number): boolean {
    // Looked for once for all events of one buffer, as far as the next place beyond ASCII.
    if (this.#beyondAt < this.#start) {
      BEYOND.lastIndex = this.#start;
      this.#beyondAt = BEYOND.exec(this.#json)?.index ?? Number.POSITIVE_INFINITY;
    }
    if (this.#beyondAt >= to) return true;
    for (let at = from; at < to; at++) if ((this.#bytes[at] as number) >= 0x80) return false;
    return true;
  }

  #nextUnusual(wanted: string): number {
    for (let at = this.#json.indexOf(wanted, this.#start); at >= 0; at = this.#json.indexOf(wanted, at + 1)) {
      let slashes = 0;
      while (at - 1 - slashes >= this.#start && this.#bytes[at - 1 - slashes] === BACKSLASH) slashes++;
      if ((slashes & 1) === 0) return at;
    }
    return Number.POSITIVE_INFINITY;
  }

  #all(): Record<string, unknown> {
    this.#whole ??= JSON.parse(this.toString()) as Record<string, unknown>;
    return this.#whole;
  }

  /** The number of a name. A new name means that the event has to be read again. */
  #numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.length;
    // Names outside ASCII are compared in another form than the text has; they are rare, and so is a rule set with so many names.
    if (number >= MAX_NAMES || name === '' || /[^\x20-\x7e]|["\\]/.test(name)) return -1;
    this.#numbers.set(name, number);
    this.#names.push(name);
    let place = hash(name.length, name.charCodeAt(0), name.charCodeAt(name.length >> 1), name.charCodeAt(name.length - 1));
    while (this.#table[place] !== 0) place = (place + 1) & (TABLE - 1);
    this.#table[place] = number + 1;
    this.#read();
    return number;
  }

  #value(from: number, to: number): unknown {
    const json = this.#json;
    if (this.#bytes[from] === QUOTE) {
      const inner = json.slice(from + 1, to - 1);
      if (!ODD.test(inner)) return inner;
    }
    return JSON.parse(utf8(json.slice(from, to)));
  }

  /** Finds the names that are known and where their values stand. */
  #read(): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    const names = this.#names;
    const table = this.#table;
    const seen = this.#seen;
    if (++this.#turn === 0xffffffff) {
      seen.fill(0);
      this.#turn = 1;
    }
    const turn = this.#turn;
    this.#whole = null;
    this.#oddNumbers.length = 0;
    let at = space(bytes, this.#start, end);
    if (at >= end || bytes[at] !== 0x7b) return false;
    at = space(bytes, at + 1, end);
    if (bytes[at] === 0x7d) return space(bytes, at + 1, end) >= end;
    for (;;) {
      if (at >= end || bytes[at] !== QUOTE) return false;
      const name = at + 1;
      let nameEnd = name;
      while (nameEnd < end && bytes[nameEnd] !== QUOTE) nameEnd++;
      if (nameEnd >= end) return false;
      const length = nameEnd - name;
      let number = -1;
      if (length > 0) {
        let place = hash(length, bytes[name] as number, bytes[name + (length >> 1)] as number, bytes[nameEnd - 1] as number);
        for (let entry = table[place] as number; entry !== 0; entry = table[(place = (place + 1) & (TABLE - 1))] as number) {
          const known = names[entry - 1] as string;
          if (known.length === length && same(known, bytes, name, length)) {
            number = entry - 1;
            break;
          }
        }
      }
      // A name written with escapes: too rare to be quick about.
      if (number < 0) for (let each = name; each < nameEnd; each++) if (bytes[each] === BACKSLASH) return this.#readWhole();
      at = space(bytes, nameEnd + 1, end);
      if (bytes[at] !== 0x3a) return false;
      const from = space(bytes, at + 1, end);
      const to = this.#valueEnd(bytes, from, end);
      if (to < 0) return false;
      if (number >= 0) {
        seen[number] = turn;
        this.#from[number] = from;
        this.#to[number] = to;
      }
      at = space(bytes, to, end);
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
        at = textEnd(bytes, this.#json, at + 1, this.#end);
        continue;
      }
      if (unit === 0x7b || unit === 0x5b) {
        if (--left < 0) return true;
      } else if (unit === 0x7d || unit === 0x5d) left++;
      at++;
    }
    return false;
  }

  /** The position after the value at `from`; -1 where there is none. */
  #valueEnd(bytes: Uint8Array, from: number, end: number): number {
    const first = bytes[from] as number;
    if (first === QUOTE) return textEnd(bytes, this.#json, from + 1, end);
    if (first !== 0x7b && first !== 0x5b) return this.#wordEnd(bytes, from, end);
    let depth = 0;
    for (let at = from; at < end; ) {
      const unit = bytes[at] as number;
      if (unit === QUOTE) {
        at = textEnd(bytes, this.#json, at + 1, end);
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
    if (odd || at - from > 15) this.#oddNumbers.push(String(Number(this.#json.slice(from, at))));
    return at > from ? at : -1;
  }
}

/** Escapes of characters that need none, and the two characters beyond ASCII that fold to one of it (U+017F, U+212A), in bytes of UTF-8. */
const UNUSUAL = ['\\u', '\\/', '\u00c5\u00bf', '\u00e2\u0084\u00aa'];
/** Characters of a text that do not stand for themselves. */
const ODD = /[^\x20-\x5b\x5d-\x7e]/;

function hash(length: number, first: number, middle: number, last: number): number {
  return (length * 1_021 + first * 131 + middle * 31 + last * 517) & (TABLE - 1);
}

function same(known: string, bytes: Uint8Array, at: number, length: number): boolean {
  for (let index = 0; index < length; index++) if (known.charCodeAt(index) !== bytes[at + index]) return false;
  return true;
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

/** The position after the quotation mark that ends a text; -1 where none does. */
function textEnd(bytes: Uint8Array, json: string, from: number, end: number): number {
  // Names and numbers in quotation marks are short: a look ahead is quicker than a call.
  const near = Math.min(end, from + 16);
  for (let at = from; at < near; at++) {
    if (bytes[at] === BACKSLASH) break;
    if (bytes[at] === QUOTE) return at + 1;
  }
  for (let at = json.indexOf('"', from); at >= 0 && at < end; at = json.indexOf('"', at + 1)) {
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH && at - 1 - slashes >= from) slashes++;
    if ((slashes & 1) === 0) return at + 1;
  }
  return -1;
}

function utf8(bytes: string): string {
  return NOT_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}
const NOT_ASCII = /[^\x00-\x7f]/;
const BEYOND = /[^\x00-\x7f]/g;
