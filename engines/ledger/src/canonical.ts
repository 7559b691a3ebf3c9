/** Any value that JSON text can carry. `undefined`, `bigint`, functions, symbols and class instances are not JSON. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export type CanonicalErrorCode =
  | 'not_json' // undefined, function, symbol, bigint, Date, Map, class instance, sparse array
  | 'not_finite' // NaN, Infinity
  | 'lone_surrogate' // half of a surrogate pair, in a value or a key
  | 'too_deep' // deeper than maxDepth (a cycle ends here too)
  | 'too_large'; // more characters than maxLength

/** Thrown by {@link canonicalize}. `path` is a JSON Pointer (RFC 6901) to the place that was refused. */
export class CanonicalError extends Error {
  readonly code: CanonicalErrorCode;
  readonly path: string;
  constructor(code: CanonicalErrorCode, path: string) {
    super(`cannot canonicalise value at "${path}": ${code}`);
    this.name = 'CanonicalError';
    this.code = code;
    this.path = path;
  }
}

export interface CanonicalLimits {
  /** Greatest nesting of arrays and objects. Default 64. */
  readonly maxDepth?: number;
  /** Greatest length of the result in UTF-16 code units. Default 1,048,576. */
  readonly maxLength?: number;
}

export const DEFAULT_MAX_DEPTH = 64;
export const DEFAULT_MAX_LENGTH = 1_048_576;

/**
 * The one canonical JSON text of a value, after RFC 8785 (JSON Canonicalization Scheme).
 *
 * Rules encoded: no white space (section 3.2.1); literals, strings and numbers as ECMAScript's `JSON.stringify`
 * writes them, so `-0` is `0` (3.2.2); NaN and infinities refused (3.2.2.3); lone surrogates refused (3.2.2.2);
 * keys sorted by UTF-16 code units at every level (3.2.3). Strings are not Unicode-normalised (3.1).
 *
 * Stricter than `JSON.stringify`: `toJSON` is never called and nothing is dropped in silence. Whatever is not plain
 * JSON throws {@link CanonicalError}, because a ledger that leaves a field out of its hash protects nothing.
 */
export function canonicalize(value: unknown, limits: CanonicalLimits = {}): string {
  const writer = new Writer(limits.maxDepth ?? DEFAULT_MAX_DEPTH, limits.maxLength ?? DEFAULT_MAX_LENGTH);
  writer.write(value, 0);
  return writer.text;
}

class Writer {
  text = '';
  readonly #path: (string | number)[] = [];
  readonly #maxDepth: number;
  readonly #maxLength: number;

  constructor(maxDepth: number, maxLength: number) {
    this.#maxDepth = maxDepth;
    this.#maxLength = maxLength;
  }

  write(value: unknown, depth: number): void {
    switch (typeof value) {
      case 'string':
        this.#string(value);
        return;
      case 'number':
        if (!Number.isFinite(value)) this.#refuse('not_finite');
        this.#append(JSON.stringify(value));
        return;
      case 'boolean':
        this.#append(value ? 'true' : 'false');
        return;
      case 'object':
        if (value === null) {
          this.#append('null');
          return;
        }
        if (depth >= this.#maxDepth) this.#refuse('too_deep');
        if (Array.isArray(value)) this.#array(value, depth);
        else this.#object(value, depth);
        return;
      default:
        this.#refuse('not_json');
    }
  }

  #array(items: readonly unknown[], depth: number): void {
    this.#append('[');
    for (let i = 0; i < items.length; i++) {
      if (i > 0) this.#append(',');
      this.#path.push(i);
      this.write(items[i], depth + 1);
      this.#path.pop();
    }
    this.#append(']');
  }

  #object(value: object, depth: number): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) this.#refuse('not_json');
    if (Object.getOwnPropertySymbols(value).length > 0) this.#refuse('not_json');
    // Array.prototype.sort without a comparator orders strings by UTF-16 code units, as section 3.2.3 asks.
    const keys = Object.keys(value).sort();
    this.#append('{');
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      if (i > 0) this.#append(',');
      this.#path.push(key);
      this.#string(key);
      this.#append(':');
      this.write((value as Record<string, unknown>)[key], depth + 1);
      this.#path.pop();
    }
    this.#append('}');
  }

  #string(value: string): void {
    // Checked before escaping, so that a huge string costs no second huge string.
    if (this.text.length + value.length > this.#maxLength) this.#refuse('too_large');
    if (!value.isWellFormed()) this.#refuse('lone_surrogate');
    this.#append(JSON.stringify(value));
  }

  #append(piece: string): void {
    if (this.text.length + piece.length > this.#maxLength) this.#refuse('too_large');
    this.text += piece;
  }

  #refuse(code: CanonicalErrorCode): never {
    const path = this.#path.map((part) => '/' + String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('');
    throw new CanonicalError(code, path);
  }
}
