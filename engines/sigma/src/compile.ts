import { fold } from './fold.ts';
import { inNetwork } from './ip.ts';
import { compilePattern, mapLiterals, type Pattern, plainText } from './pattern.ts';
import { compileRegex } from './regex.ts';
import { compare, numberOf, timePart } from './time.ts';
import type { Affix, Expression, Leaf } from './types.ts';
import type { EventView, FieldSlots, Values } from './view.ts';

/** A compiled expression. */
export type Matcher = (view: EventView) => boolean;

/** Cheap tests first: an expensive one is often never asked. */
function byCost(parts: readonly Expression[]): Expression[] {
  return [...parts].sort((left, right) => cost(left) - cost(right));
}

/** A rough price; a regular expression costs as much as a great many comparisons. */
function cost(expression: Expression): number {
  if (expression.kind === 'not') return cost(expression.of);
  if (expression.kind !== 'leaf') return expression.of.reduce((sum, part) => sum + cost(part), 0);
  if (expression.field === null) return 100;
  return (expression.test.kind === 'regex' ? 50 : expression.test.kind === 'cidr' ? 4 : 1) * (LONG_FIELDS.has(expression.field) ? 8 : 1);
}

/** Fields of the Sigma taxonomy that hold long texts: the others are asked first. */
const LONG_FIELDS: ReadonlySet<string> = new Set(['CallTrace', 'CommandLine', 'ParentCommandLine', 'ContextInfo', 'HostApplication', 'Payload', 'ScriptBlockText', 'Message', 'Data', 'Hashes', 'message']);

/** From this many exact values on, a set is quicker than asking one after another. */
const SET_FROM = 4;

/** Compiles expressions against the field slots of one rule set; the same expression object is compiled once. */
export class Compiler {
  readonly slots: FieldSlots;
  readonly #done = new Map<Expression, Matcher>();

  constructor(slots: FieldSlots) {
    this.slots = slots;
  }

  matcher(expression: Expression): Matcher {
    let matcher = this.#done.get(expression);
    if (matcher === undefined) {
      matcher = this.#compile(expression);
      this.#done.set(expression, matcher);
    }
    return matcher;
  }

  /** Frees what was remembered while compiling. */
  forget(): void {
    this.#done.clear();
  }

  #compile(expression: Expression): Matcher {
    switch (expression.kind) {
      case 'leaf':
        return this.#leaf(expression);
      case 'not': {
        const inner = this.matcher(expression.of);
        return (view) => !inner(view);
      }
      case 'and': {
        const parts = byCost(expression.of).map((part) => this.matcher(part));
        return (view) => {
          for (const part of parts) if (!part(view)) return false;
          return true;
        };
      }
      case 'or':
        return this.#any(expression.of);
    }
  }

  /** OR: exact texts of one field become one set. */
  #any(of: readonly Expression[]): Matcher {
    const exact = new Map<string, Leaf[]>();
    const rest: Expression[] = [];
    for (const part of of) {
      if (part.kind === 'leaf' && part.field !== null && part.test.kind === 'pattern' && !part.test.cased && plainText(part.test.pattern) !== null) {
        const leaves = exact.get(part.field);
        if (leaves === undefined) exact.set(part.field, [part]);
        else leaves.push(part);
      } else rest.push(part);
    }
    const parts: Matcher[] = [];
    for (const [field, leaves] of exact) {
      if (leaves.length < SET_FROM) parts.push(...leaves.map((leaf) => this.matcher(leaf)));
      else {
        const texts = new Set(leaves.map((leaf) => fold(plainText((leaf.test as { pattern: Pattern }).pattern) as string)));
        const slot = this.slots.of(field);
        const accepts = (value: string) => texts.has(value);
        parts.push((view) => some(view.folded(slot), accepts, view));
      }
    }
    parts.push(...byCost(rest).map((part) => this.matcher(part)));
    return (view) => {
      for (const part of parts) if (part(view)) return true;
      return false;
    };
  }

  #leaf(leaf: Leaf): Matcher {
    const { test } = leaf;
    const slot = leaf.field === null ? -1 : this.slots.of(leaf.field);
    switch (test.kind) {
      case 'fieldref': {
        const other = this.slots.of(test.field);
        const related = relation(test.affix);
        return test.cased
          ? (view) => some(view.values(slot), (value) => some(view.values(other), (reference) => related(value, reference), view), view)
          : (view) => some(view.folded(slot), (value) => some(view.folded(other), (reference) => related(value, reference), view), view);
      }
      case 'null':
        return (view) => isNull(view.values(slot), view.exists(slot));
      case 'exists':
        return (view) => view.exists(slot) === test.wanted;
      default: {
        const { accepts, folded } = acceptor(leaf);
        if (slot < 0) return folded ? (view) => some(view.keywordsFolded(), accepts, view) : (view) => some(view.keywords(), accepts, view);
        return folded ? (view) => some(view.folded(slot), accepts, view) : (view) => some(view.values(slot), accepts, view);
      }
    }
  }
}

/** What a value test needs to know beside the value. */
interface Surroundings {
  readonly utcOffsetMinutes: number;
}

/** A test of one value: `folded` says that the value must be folded first. */
export interface Acceptor {
  readonly accepts: (value: string, surroundings: Surroundings) => boolean;
  readonly folded: boolean;
}

/** Compiles the test of a leaf that looks at one value of one field (not null, exists or fieldref). */
export function acceptor(leaf: Leaf): Acceptor {
  const { test } = leaf;
  switch (test.kind) {
    case 'pattern':
      return { accepts: compilePattern(test.cased ? test.pattern : mapLiterals(test.pattern, fold)), folded: !test.cased };
    case 'regex':
      return { accepts: compileRegex(test.source, test.flags, leaf.selection, leaf.line), folded: false };
    case 'cidr':
      return { accepts: (value) => inNetwork(test.network, value), folded: false };
    case 'compare':
      return {
        accepts: (value) => {
          const number = numberOf(value);
          return number !== null && compare(number, test.operator, test.value);
        },
        folded: false,
      };
    case 'time':
      return {
        accepts: (value, { utcOffsetMinutes }) => {
          const part = timePart(value, test.part, utcOffsetMinutes);
          return part !== null && compare(part, test.operator, test.value);
        },
        folded: false,
      };
    default:
      throw new TypeError(`a ${test.kind} test does not look at one value`);
  }
}

/** Absent, null, or a list with a null in it. An object is something, though it has no text. */
function isNull(values: Values, present: boolean): boolean {
  return !present || values.includes(null);
}

export function relation(affix: Affix): (value: string, reference: string) => boolean {
  switch (affix) {
    case 'whole': return (value, reference) => value === reference;
    case 'startswith': return (value, reference) => value.startsWith(reference);
    case 'endswith': return (value, reference) => value.endsWith(reference);
    case 'contains': return (value, reference) => value.includes(reference);
  }
}

function some(values: Values, accepts: (value: string, view: EventView) => boolean, view: EventView): boolean {
  for (const value of values) if (value !== null && accepts(value, view)) return true;
  return false;
}
