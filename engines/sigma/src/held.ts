import type { Candidates } from './candidates.ts';
import { toValues, type Values } from './fields.ts';
import { fold } from './fold.ts';

/** Longer values hardly ever come twice. Bytes of JSON. */
const LONGEST = 4_096;
const LONG = 512;
/** What is kept in all: about so many bytes. Each value is counted as its text, decoded and folded, and its objects. */
const MOST = 16_000_000;
const EACH = 300;
/** Places for the values of one field. */
const SMALLEST = 16;
const LARGEST = 8_192;
const NONE: readonly number[] = Object.freeze([]);

/** One value of one field, with what was found out about it. */
export class Held {
  /** As it stands in JSON, one character per byte of UTF-8; null where the event is no JSON text. */
  readonly raw: string | null;
  /** Whether its characters may be written in other ways than are looked for, by the kind of texts that are. */
  readonly unusual: (boolean | undefined)[] = [];
  #values: Values | null;
  #folded: Values | null = null;
  #present: boolean;
  #of: Candidates | null = null;
  #rules: readonly number[] = NONE;
  #others: Map<Candidates, readonly number[]> | null = null;
  #decided: Map<number, boolean> | null = null;

  constructor(raw: string | null, value?: unknown) {
    this.raw = raw;
    this.#present = raw !== null || value !== undefined;
    this.#values = raw === null ? toValues(value) : null;
  }

  /** Another value in the place of this one, which stood in no JSON text. */
  reset(value: unknown): void {
    this.#values = toValues(value);
    this.#folded = null;
    this.#present = value !== undefined;
    this.#of = this.#others = this.#decided = null;
  }

  get present(): boolean {
    return this.#present;
  }

  /** One plain text of JSON. */
  get isText(): boolean {
    return this.raw !== null && this.raw.charCodeAt(0) === 0x22;
  }

  /** A text for which it pays not to be decoded, unless that is done. */
  get isLong(): boolean {
    return this.raw !== null && this.raw.length > LONG && this.#folded === null && this.isText;
  }

  get values(): Values {
    return (this.#values ??= toValues(readJson(this.raw as string)));
  }

  get folded(): Values {
    return (this.#folded ??= foldAll(this.values));
  }

  /** False where no value can have so many UTF-16 units; it may be true for others too. */
  mayHaveLength(min: number, max: number): boolean {
    const { raw } = this;
    // One unit is written in one byte at least and in six at most.
    return raw === null || raw.charCodeAt(0) !== 0x22 || (raw.length - 2 >= min && raw.length - 2 <= max * 6);
  }

  /** What {@link decide} was told of a test. */
  decided(test: number): boolean | undefined {
    return this.#decided?.get(test);
  }

  /** Remembers whether a test that takes long is true for the value. */
  decide(test: number, result: boolean): boolean {
    (this.#decided ??= new Map()).set(test, result);
    return result;
  }

  /** The rules of one index that wait under texts of this value, if it was asked before. */
  rulesOf(index: Candidates): readonly number[] | undefined {
    return this.#of === index ? this.#rules : this.#others?.get(index);
  }

  setRules(index: Candidates, found: readonly number[]): void {
    const rules = found.length === 0 ? NONE : [...found];
    if (this.#of === null || this.#of.retired) {
      this.#of = index;
      this.#rules = rules;
    } else (this.#others ??= new Map()).set(index, rules);
  }
}

export const ABSENT = new Held(null);

/** The values of one field by hash, each in one of two places. */
class Table {
  hashes: Int32Array = new Int32Array(SMALLEST);
  helds: (Held | null)[] = new Array<Held | null>(SMALLEST).fill(null);
  count = 0;

  put(hash: number, held: Held): void {
    const { hashes, helds } = this;
    if (this.count * 2 > helds.length && helds.length < LARGEST) {
      this.hashes = new Int32Array(helds.length * 2);
      this.helds = new Array<Held | null>(helds.length * 2).fill(null);
      this.count = 0;
      for (const [at, one] of helds.entries()) if (one !== null) this.put(hashes[at] as number, one);
      this.put(hash, held);
      return;
    }
    const first = hash & (helds.length - 1);
    const at = helds[first] === null || helds[first ^ 1] !== null ? first : first ^ 1;
    if (helds[at] === null) this.count++;
    else if (helds[first ^ 1] !== null) {
      // The one that stood here longer moves over, and what stood there goes.
      hashes[first ^ 1] = hashes[first] as number;
      helds[first ^ 1] = helds[first] as Held;
    }
    hashes[at] = hash;
    helds[at] = held;
  }
}

/**
 * Values that came before, by field: the same few programs, paths and names stand in most events, and what was read and looked
 * for in them once need not be again. All are forgotten when they become too many.
 */
export class HeldValues {
  #tables: (Table | undefined)[] = [];
  #bytes = 0;

  /**
   * @param raw a value as it stands in JSON text; it may be part of a long text, which is not kept for it
   * @param hash equal for equal texts
   */
  find(slot: number, raw: string, hash: number): Held {
    const table = this.#tables[slot];
    if (table === undefined) return this.#keep(slot, raw, hash);
    const { hashes, helds } = table;
    const first = hash & (hashes.length - 1);
    let held = helds[first] as Held | null;
    if (held !== null && hashes[first] === hash && held.raw === raw) return held;
    held = helds[first ^ 1] as Held | null;
    if (held !== null && hashes[first ^ 1] === hash && held.raw === raw) return held;
    return this.#keep(slot, raw, hash);
  }

  /** Values kept, and about how many bytes they take. */
  get size(): { values: number; bytes: number } {
    return { values: this.#tables.reduce((sum, table) => sum + (table?.count ?? 0), 0), bytes: this.#bytes };
  }

  #keep(slot: number, raw: string, hash: number): Held {
    if (raw.length > LONGEST) return new Held(raw);
    this.#bytes += EACH + 3 * raw.length;
    if (this.#bytes > MOST) {
      this.#tables = [];
      this.#bytes = EACH + 3 * raw.length;
    }
    const held = new Held(Buffer.from(raw, 'latin1').toString('latin1'));
    (this.#tables[slot] ??= new Table()).put(hash, held);
    return held;
  }
}

/** Characters of a text that do not stand for themselves. */
const ODD = /[^\x20-\x5b\x5d-\x7e]/;
const NOT_ASCII = /[^\x00-\x7f]/;

/** The value of JSON text, which has one character per byte of UTF-8. */
export function readJson(raw: string): unknown {
  if (raw.charCodeAt(0) === 0x22) {
    const inner = raw.slice(1, -1);
    if (!ODD.test(inner)) return inner;
  }
  return JSON.parse(utf8(raw));
}

export function utf8(bytes: string): string {
  return bytes.length > LONG || NOT_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

function foldAll(values: Values): Values {
  if (values.length === 1) {
    const only = values[0] as string | null;
    const folded = only === null ? null : fold(only);
    return folded === only ? values : [folded];
  }
  return values.length === 0 ? values : values.map((value) => (value === null ? null : fold(value)));
}
