import { Found } from './automaton.ts';
import { Grams } from './grams.ts';
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

/**
 * Finds the few rules of a set that could be true for an event. Each rule waits under the literals one of
 * which every matching event must hold; rules without such literals are always candidates.
 */
export class Candidates {
  readonly #fields: FieldIndex[] = [];
  readonly always: readonly number[];
  readonly #found: Found;

  /** @param expressions rule number → its expression */
  constructor(expressions: ReadonlyMap<number, Expression>, slots: FieldSlots) {
    const common = countLiterals(expressions.values());
    const weight = (literal: Literal) => {
      const rules = common.get(keyOf(literal)) ?? 1;
      // What a third of the rules ask for is what the log source has in every event, such as its event number.
      if (rules > 3 && rules * 3 > expressions.size) return 1_000 * rules;
      return (rules + 1) / (literal.whole ? literal.text.length + 4 : literal.text.length);
    };
    const always: number[] = [];
    const byField = new Map<string | null, { whole: Map<string, number[]>; inside: Map<string, number[]> }>();
    for (const [rule, expression] of expressions) {
      const literals = witness(expression, weight);
      if (literals === null) {
        always.push(rule);
        continue;
      }
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
    this.#found = new Found(Math.max(0, ...expressions.keys()) + 1);
  }

  /** The candidates for the event in the view, each once, in no order; good until the next call. */
  find(view: EventView): readonly number[] {
    const found = this.#found;
    found.clear();
    found.add(this.always);
    for (const { slot, whole, min, max, inside } of this.#fields) {
      if (slot < 0) {
        if (inside !== null) view.scanKeywords(inside, found);
        continue;
      }
      if (inside !== null) view.scan(slot, inside, found);
      if (whole === null || !view.mayHaveLength(slot, min, max)) continue;
      for (const value of view.folded(slot)) {
        const rules = value === null ? undefined : whole.get(value);
        if (rules !== undefined) found.add(rules);
      }
    }
    return found.numbers;
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
