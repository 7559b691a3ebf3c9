import { type Acceptor, acceptor, relation } from './compile.ts';
import { fold } from './fold.ts';
import type { DetectionRule, Expression, Leaf } from './types.ts';
import { allTexts, type EventInput, readField, toValues, type Values } from './fields.ts';

/** A value of the event that made a rule true. `field` is null for keywords. */
export interface MatchedItem {
  readonly selection: string;
  readonly field: string | null;
  readonly value: string | null;
}

export interface ExplainedItem extends MatchedItem {
  /** The item as written in the rule. */
  readonly written: string;
  readonly matched: boolean;
  /** What the event holds in that field. */
  readonly actual: readonly (string | null)[];
}

export interface Explanation {
  readonly ruleId: string;
  readonly title: string;
  readonly condition: string;
  /** The event belongs to the rule's log source. */
  readonly inLogsource: boolean;
  readonly matched: boolean;
  readonly selections: readonly { readonly name: string; readonly matched: boolean; readonly items: readonly ExplainedItem[] }[];
  /** False where a filter or the log source stopped a condition that was otherwise true. */
  readonly passedFilters: boolean;
}

const MAX_ITEMS = 32;
const MAX_ACTUAL = 8;
const MAX_CHARS = 2_000;

/** The values that made a true expression true, at most 32, each cut at 2,000 characters. */
export function matchedItems(expression: Expression, event: EventInput, utcOffsetMinutes: number): MatchedItem[] {
  const out: MatchedItem[] = [];
  const context = new Context(event, utcOffsetMinutes);
  collect(expression, context, out, new Set());
  return out;
}

/** One event, of which each field is read and folded once: a rule may ask for a long text hundreds of times. */
class Context {
  readonly event: EventInput;
  readonly utcOffsetMinutes: number;
  readonly #read = new Map<string | null, { readonly present: boolean; readonly values: Values; folded: Values | null }>();

  constructor(event: EventInput, utcOffsetMinutes: number) {
    this.event = event;
    this.utcOffsetMinutes = utcOffsetMinutes;
  }

  /** Null stands for every value of the event. */
  field(name: string | null) {
    let known = this.#read.get(name);
    if (known === undefined) {
      const value = name === null ? undefined : readField(this.event, name);
      known = { present: value !== undefined, values: name === null ? allTexts(this.event) : toValues(value), folded: null };
      this.#read.set(name, known);
    }
    return known;
  }

  folded(name: string | null): Values {
    const known = this.field(name);
    known.folded ??= known.values.map((value) => (value === null ? null : fold(value)));
    return known.folded;
  }
}

/** Only branches that are true and not negated say why a rule is true. */
function collect(expression: Expression, context: Context, out: MatchedItem[], seen: Set<string>): void {
  if (out.length >= MAX_ITEMS || expression.kind === 'not') return;
  if (expression.kind === 'leaf') {
    const found = leafValue(expression, context);
    if (found === undefined) return;
    const key = `${expression.selection}\u0000${expression.field ?? ''}\u0000${found ?? ''}`;
    if (seen.has(key)) return;
    seen.add(key);
    out.push({ selection: expression.selection, field: expression.field, value: found === null ? null : found.slice(0, MAX_CHARS) });
    return;
  }
  for (const part of expression.of) if (expression.kind === 'and' || decide(part, context)) collect(part, context, out, seen);
}

/** Every selection of a rule with every item, and what the event has in its place. */
export function explainRule(rule: DetectionRule, whole: Expression, event: EventInput, inLogsource: boolean, utcOffsetMinutes: number): Explanation {
  const context = new Context(event, utcOffsetMinutes);
  const own = decide(rule.expression, context);
  const all = decide(whole, context);
  const selections = [...rule.selections].map(([name, expression]) => {
    const items: ExplainedItem[] = [];
    explainItems(expression, context, items);
    return { name, matched: decide(expression, context), items };
  });
  return {
    ruleId: rule.meta.id, title: rule.meta.title, condition: rule.condition, inLogsource, matched: inLogsource && all, selections,
    passedFilters: !own || all,
  };
}

function explainItems(expression: Expression, context: Context, out: ExplainedItem[]): void {
  if (expression.kind === 'leaf') {
    const found = leafValue(expression, context);
    out.push({
      selection: expression.selection, field: expression.field, written: expression.written, matched: found !== undefined, value: found ?? null,
      actual: context.field(expression.field).values.slice(0, MAX_ACTUAL).map((value) => value?.slice(0, MAX_CHARS) ?? null),
    });
  } else if (expression.kind === 'not') explainItems(expression.of, context, out);
  else for (const part of expression.of) explainItems(part, context, out);
}

/** Decides one expression about one event, without an index but safely for any pattern. */
export function expressionHolds(expression: Expression, event: EventInput, utcOffsetMinutes: number): boolean {
  return decide(expression, new Context(event, utcOffsetMinutes));
}

function decide(expression: Expression, context: Context): boolean {
  switch (expression.kind) {
    case 'leaf': return leafValue(expression, context) !== undefined;
    case 'not': return !decide(expression.of, context);
    case 'and': return expression.of.every((part) => decide(part, context));
    case 'or': return expression.of.some((part) => decide(part, context));
  }
}

const acceptors = new WeakMap<Leaf, Acceptor>();

/** The value that made the leaf true (null for an absent one), or undefined where it is false. */
function leafValue(leaf: Leaf, context: Context): string | null | undefined {
  const { test } = leaf;
  const { present, values } = context.field(leaf.field);
  if (test.kind === 'exists') return present === test.wanted ? (values[0] ?? null) : undefined;
  if (test.kind === 'null') return !present || values.includes(null) ? null : undefined;
  if (test.kind === 'fieldref') {
    const related = relation(test.affix);
    const of = (field: string | null) => (test.cased ? context.field(field).values : context.folded(field));
    const references = of(test.field);
    return values[of(leaf.field).findIndex((value) => value !== null && references.some((reference) => reference !== null && related(value, reference)))];
  }
  let compiled = acceptors.get(leaf);
  if (compiled === undefined) acceptors.set(leaf, (compiled = acceptor(leaf)));
  const { accepts, folded } = compiled;
  return values[(folded ? context.folded(leaf.field) : values).findIndex((value) => value !== null && accepts(value, context))];
}
