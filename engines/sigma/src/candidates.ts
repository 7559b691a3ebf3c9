import { Found } from './automaton.ts';
import { Grams } from './grams.ts';
import type { Held } from './held.ts';
import { eachLeaf, type Literal, literalOf, witness } from './literals.ts';
import type { Expression } from './types.ts';
import type { EventView, FieldSlots } from './view.ts';

interface FieldIndex {
  /** -1: every value of the event. */
  readonly slot: number;
  /** Folded values → rules. */
  readonly whole: ReadonlyMap<string, readonly number[]> | null;
  /** Length of the shortest and longest of them. */
  readonly min: number;
  readonly max: number;
  readonly inside: Grams | null;
}

/** How many of the events a literal was looked for in had it; by {@link keyOf}. */
export type Frequencies = ReadonlyMap<string, number>;

/** A rule tried in vain for each event weighs as much as so many rules that mention a literal of one character. */
const IN_VAIN = 50;

/**
 * Finds the few rules of a set that could be true for an event. Each rule waits under the literals one of
 * which every matching event must hold; rules without such literals are always candidates.
 */
export class Candidates {
  readonly #fields: FieldIndex[] = [];
  readonly always: readonly number[];
  readonly #found: Found;
  /** What one value tells. */
  readonly #own: Found;
  readonly #slots: FieldSlots;
  readonly #literals = new Map<number, readonly Literal[]>();
  /** A better one has taken its place. */
  retired = false;

  /**
   * @param expressions rule number → its expression
   * @param known what is known of how common literals are in the events
   */
  constructor(expressions: ReadonlyMap<number, Expression>, slots: FieldSlots, known: Frequencies = new Map()) {
    this.#slots = slots;
    const common = countLiterals(expressions.values());
    const weight = (literal: Literal) => {
      const key = keyOf(literal);
      const rules = common.get(key) ?? 1;
      // What a third of the rules ask for is what the log source has in every event, such as its event number.
      if (rules > 3 && rules * 3 > expressions.size) return 1_000 * rules;
      return (rules + 1) / (literal.whole ? literal.text.length + 4 : literal.text.length) + IN_VAIN * (known.get(key) ?? 0);
    };
    const always: number[] = [];
    const byField = new Map<string | null, { whole: Map<string, number[]>; inside: Map<string, number[]> }>();
    for (const [rule, expression] of expressions) {
      const literals = witness(expression, weight);
      if (literals === null) {
        always.push(rule);
        continue;
      }
      this.#literals.set(rule, literals);
      for (const literal of literals) {
        let field = byField.get(literal.field);
        if (field === undefined) byField.set(literal.field, (field = { whole: new Map(), inside: new Map() }));
        const map = literal.whole ? field.whole : field.inside;
        const rules = map.get(literal.text);
        if (rules === undefined) map.set(literal.text, [rule]);
        else if (rules.at(-1) !== rule) rules.push(rule);
      }
    }
    for (const [field, { whole, inside }] of byField) {
      const lengths = [...whole.keys()].map((text) => text.length);
      this.#fields.push({ slot: field === null ? -1 : slots.of(field), whole: whole.size === 0 ? null : whole, min: Math.min(...lengths), max: Math.max(...lengths), inside: inside.size === 0 ? null : new Grams(inside) });
    }
    this.always = always;
    const size = [...expressions.keys()].reduce((greatest, number) => Math.max(greatest, number), -1) + 1;
    this.#found = new Found(size);
    this.#own = new Found(size);
  }

  /** The candidates for the event in the view, each once, in no order; good until the next call. */
  find(view: EventView): readonly number[] {
    const found = this.#found;
    found.clear();
    found.add(this.always);
    const fields = this.#fields;
    for (let at = 0; at < fields.length; at++) {
      const field = fields[at] as FieldIndex;
      if (field.slot < 0) {
        if (field.inside !== null) view.scanKeywords(field.inside, found);
        continue;
      }
      const held = view.held(field.slot);
      if (!held.present) continue;
      const rules = held.rulesOf(this) ?? this.#search(field, held, view);
      if (rules.length > 0) found.add(rules);
    }
    return found.numbers;
  }

  /** The keys of the literals that made a rule a candidate for the event in the view. */
  reasons(rule: number, view: EventView): string[] {
    return (this.#literals.get(rule) ?? []).filter(({ field, text, whole }) => {
      const values = field === null ? view.keywordsFolded() : view.folded(this.#slots.of(field));
      return values.some((value) => value !== null && (whole ? value === text : value.includes(text)));
    }).map(keyOf);
  }

  #search({ slot, whole, min, max, inside }: FieldIndex, held: Held, view: EventView): readonly number[] {
    const own = this.#own;
    own.clear();
    if (inside !== null) view.scan(slot, inside, own);
    if (whole !== null && held.mayHaveLength(min, max)) {
      for (const value of held.folded) {
        const rules = value === null ? undefined : whole.get(value);
        if (rules !== undefined) own.add(rules);
      }
    }
    held.setRules(this, own.numbers);
    return own.numbers;
  }
}

/** How many rules mention each literal: what many rules ask for, most events have. */
function countLiterals(expressions: Iterable<Expression>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const expression of expressions) {
    const own = new Set<string>();
    eachLeaf(expression, (leaf) => {
      const literal = literalOf(leaf);
      if (literal !== null) own.add(keyOf(literal));
    });
    for (const key of own) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function keyOf(literal: Literal): string {
  return `${literal.whole ? '=' : '~'}${literal.field ?? ''}\u0000${literal.text}`;
}
