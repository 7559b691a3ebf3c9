/** A scanner for `key=value key="quoted value"` lines that allocates nothing until a value is asked for. */
import { MAX_LINE } from './syslog/framing.ts';

/** Leftover keys noted per line; further ones are only counted. */
export const MAX_UNKNOWN = 128;
/** Pairs read per line. */
export const MAX_PAIRS = 4096;
const MAX_KEY = 64;

/** Finds the number of a known key from the characters of a line, without cutting the key out. */
export class KeyTable {
  readonly names: readonly string[];
  readonly #slots: Int16Array;
  readonly #mask: number;

  constructor(names: readonly string[]) {
    this.names = names;
    let size = 16;
    while (size < names.length * 4) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int16Array(size).fill(-1);
    names.forEach((name, index) => {
      let slot = hashOf(name, 0, name.length) & this.#mask;
      while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = index;
    });
  }

  /** Number of the key standing at [start, end) with the given hash, or -1. */
  find(line: string, start: number, end: number, hash: number): number {
    let slot = hash & this.#mask;
    for (;;) {
      const index = this.#slots[slot] as number;
      if (index < 0) return -1;
      const name = this.names[index] as string;
      if (name.length === end - start && line.startsWith(name, start)) return index;
      slot = (slot + 1) & this.#mask;
    }
  }
}

function hashOf(text: string, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

// Reading codes from a typed array costs about half of String.charCodeAt, which has to look at the
// kind of string for every character; copying the line there first is a small price.
const codes = new Uint16Array(MAX_LINE + 1);
const codeBytes = Buffer.from(codes.buffer);

function isKeyChar(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || c === 45 || c === 46 || c > 127;
}

/**
 * One scanner is reused for all lines of a family. The first value of a key wins, so that text chosen
 * by an attacker late in a line (a URL, a message) cannot overrule an address given before it.
 */
export class KvScanner {
  readonly table: KeyTable;
  /** Where the value of known key i begins, or -1. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly #escaped: Uint8Array;
  readonly unknownKeyFrom = new Int32Array(MAX_UNKNOWN);
  readonly unknownKeyTo = new Int32Array(MAX_UNKNOWN);
  readonly unknownFrom = new Int32Array(MAX_UNKNOWN);
  readonly unknownTo = new Int32Array(MAX_UNKNOWN);
  unknown = 0;
  pairs = 0;
  brokenQuote = false;
  tooMany = false;
  #line = '';
  // Once a closing quote was missing, no later quote of the line can be closed strictly either;
  // remembering it keeps scanning linear.
  #lenient = false;

  constructor(table: KeyTable) {
    this.table = table;
    this.from = new Int32Array(table.names.length);
    this.to = new Int32Array(table.names.length);
    this.#escaped = new Uint8Array(table.names.length);
  }

  /** Scans `line` (its first MAX_LINE characters) from `start`; pairs are separated by spaces and, where `comma`, by commas. Returns the number of pairs. */
  scan(line: string, start: number, comma = false): number {
    this.#reset(line);
    const end = codeBytes.write(line, 0, MAX_LINE * 2, 'utf16le') >> 1;
    codes[end] = 0;
    const separator = comma ? 44 : 32;
    let pos = start;
    while (pos < end) {
      let c = codes[pos] as number;
      if (c === 32 || c === separator || c === 9) {
        pos++;
        continue;
      }
      const keyFrom = pos;
      let hash = 0;
      while (pos < end) {
        c = codes[pos] as number;
        if (!isKeyChar(c)) break;
        hash = (Math.imul(hash, 31) + c) | 0;
        pos++;
      }
      if (pos === keyFrom || c !== 61 || pos >= end) {
        // A word that is no key: go on behind it.
        pos++;
        while (pos < end && (c = codes[pos] as number) !== 32 && c !== separator) pos++;
        continue;
      }
      const keyTo = pos++;
      if (++this.pairs > MAX_PAIRS) {
        this.tooMany = true;
        break;
      }
      let valueFrom = pos;
      let valueTo: number;
      let escaped = false;
      if (codes[pos] === 34) {
        valueFrom++;
        valueTo = this.#closingQuote(valueFrom, end, separator);
        escaped = this.#sawEscape;
        pos = valueTo + 1;
      } else {
        while (pos < end && (c = codes[pos] as number) !== 32 && c !== separator) pos++;
        valueTo = pos;
      }
      this.#keep(line, keyFrom, keyTo, hash, valueFrom, valueTo, escaped);
    }
    return this.pairs;
  }

  /** Takes the members of an object (for devices that send JSON) as if they had been scanned. */
  load(record: object): number {
    let text = '';
    const ranges: [string, number, number][] = [];
    for (const [key, value] of Object.entries(record)) {
      if (ranges.length >= MAX_PAIRS) break;
      if (value === null || value === undefined) continue;
      const shown = typeof value === 'string' ? value : typeof value === 'object' ? jsonText(value) : String(value);
      ranges.push([key, text.length, text.length + shown.length]);
      text += shown;
    }
    // Names of unknown keys are read from the same text, so they are put behind the values.
    const values = text.length;
    text += ranges.map(([key]) => key).join('');
    this.#reset(text);
    let at = values;
    for (const [key, from, to] of ranges) {
      this.pairs++;
      this.#keep(text, at, at + key.length, hashOf(key, 0, key.length), from, to, false);
      at += key.length;
    }
    return this.pairs;
  }

  /** The value of known key `index`, or undefined where absent, empty, `N/A` or `(null)`. */
  text(index: number): string | undefined {
    const from = this.from[index] as number;
    if (from < 0) return undefined;
    const to = this.to[index] as number;
    if (to === from) return undefined;
    if (to - from === 3 && this.#line.charCodeAt(from) === 78 && this.#line.startsWith('N/A', from)) return undefined;
    if (to - from === 6 && this.#line.charCodeAt(from) === 40 && this.#line.startsWith('(null)', from)) return undefined;
    const raw = this.#line.slice(from, to);
    return this.#escaped[index] === 1 ? unescape(raw) : raw;
  }

  /** The value of known key `index` as a whole number, or NaN. */
  number(index: number): number {
    const from = this.from[index] as number;
    if (from < 0) return NaN;
    const to = this.to[index] as number;
    if (to === from || to - from > 15) return NaN;
    let value = 0;
    for (let i = from; i < to; i++) {
      const digit = this.#line.charCodeAt(i) - 48;
      if (!(digit >= 0 && digit <= 9)) return NaN;
      value = value * 10 + digit;
    }
    return value;
  }

  /** The text the ranges point into. */
  get line(): string {
    return this.#line;
  }

  #sawEscape = false;

  #reset(line: string): void {
    this.#line = line;
    this.from.fill(-1);
    this.unknown = 0;
    this.pairs = 0;
    this.brokenQuote = false;
    this.tooMany = false;
    this.#lenient = false;
  }

  #keep(line: string, keyFrom: number, keyTo: number, hash: number, from: number, to: number, escaped: boolean): void {
    const index = this.table.find(line, keyFrom, keyTo, hash);
    if (index >= 0) {
      if ((this.from[index] as number) >= 0) return;
      this.from[index] = from;
      this.to[index] = to;
      this.#escaped[index] = escaped ? 1 : 0;
    } else if (this.unknown < MAX_UNKNOWN) {
      const n = this.unknown++;
      this.unknownKeyFrom[n] = keyFrom;
      this.unknownKeyTo[n] = Math.min(keyTo, keyFrom + MAX_KEY);
      this.unknownFrom[n] = from;
      this.unknownTo[n] = to;
    } else this.tooMany = true;
  }

  /**
   * Index of the quote that closes a value. A quote closes when it is not escaped and is followed by
   * the end or by a separator and the next `key=`. Devices that do not escape quotes inside values
   * are read right by the second half of the rule; where no quote qualifies, an escaped one may close.
   */
  #closingQuote(from: number, end: number, separator: number): number {
    this.#sawEscape = false;
    if (!this.#lenient) {
      for (let i = from; i < end; i++) {
        const c = codes[i];
        if (c === 92) {
          i++;
          this.#sawEscape = true;
        } else if (c === 34 && closes(i + 1, end, separator)) return i;
      }
      this.#lenient = true;
      this.brokenQuote = true;
    }
    for (let i = from; i < end; i++) if (codes[i] === 34 && closes(i + 1, end, separator)) return i;
    return end;
  }
}

/** True when what follows a quote is the end, or a separator and then the end or a `key=`. */
function closes(at: number, end: number, separator: number): boolean {
  if (at >= end) return true;
  let pos = at;
  let c = codes[pos] as number;
  if (c !== 32 && c !== separator) return false;
  while (pos < end && (c === 32 || c === separator) && pos - at < 8) c = codes[++pos] as number;
  if (pos >= end) return true;
  const keyFrom = pos;
  while (pos < end && pos - keyFrom < MAX_KEY && isKeyChar(c)) c = codes[++pos] as number;
  return pos > keyFrom && c === 61;
}

/** Removes the backslash before quotes and backslashes. */
function unescape(text: string): string {
  let out = '';
  let from = 0;
  for (let i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', i + 2)) {
    const next = text.charCodeAt(i + 1);
    if (next !== 34 && next !== 92) continue;
    out += text.slice(from, i);
    from = i + 1;
  }
  return out + text.slice(from);
}

/** JSON of a value that came from JSON; nesting too deep to be written again is said in words. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '(nested too deep)';
  }
}
