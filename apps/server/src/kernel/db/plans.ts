/** How often a statement has come before its plan is worth keeping. */
const OFTEN = 10;
/** Plans kept at once: each takes some tens of kilobytes of the session. */
const KEPT = 300;
const COUNTED = 3_000;
/** Statements that are longer seldom come twice, and each that is counted is kept. */
const LONGEST = 10_000;
/** A plan made for a table of ten rows must not serve one of a hundred thousand for long. */
const FOR_MS = 5 * 60_000;

/**
 * Names under which one session keeps the plans of statements that come again and again. In the embedded store planning costs
 * more than running most of them: with kept plans it needs a third less time for the same work.
 */
export class Plans {
  readonly #now: () => number;
  readonly #names = new Map<string, string>();
  readonly #uses = new Map<string, number>();
  #since: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  /** @param role what row-level security makes of a statement depends on it */
  nameOf(role: string, text: string): string | undefined {
    if (text.length > LONGEST) return undefined;
    const key = `${role} ${text}`;
    const name = this.#names.get(key);
    if (name !== undefined) return name;
    const uses = (this.#uses.get(key) ?? 0) + 1;
    if (uses >= OFTEN && this.#names.size < KEPT) {
      const given = `plan ${this.#names.size}`;
      this.#names.set(key, given);
      this.#uses.delete(key);
      return given;
    }
    if (this.#uses.size < COUNTED || this.#uses.has(key)) this.#uses.set(key, uses);
    return undefined;
  }

  /** A statement was refused for its plan: all are to be forgotten. */
  doubt(): void {
    this.#since = Number.NEGATIVE_INFINITY;
  }

  /** True where the plans are in doubt or have been kept for long enough: the session must forget them all, and names begin anew. */
  expire(): boolean {
    const age = this.#now() - this.#since;
    if (age >= 0 && age < FOR_MS) return false;
    this.#since = this.#now();
    this.#names.clear();
    this.#uses.clear();
    return true;
  }
}
