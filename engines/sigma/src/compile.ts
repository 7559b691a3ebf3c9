import { fold } from './fold.ts';
import { inNetwork } from './ip.ts';
import { compilePattern, mapLiterals, type Pattern, plainText } from './pattern.ts';
import { compileRegex } from './regex.ts';
import { compare, numberOf, timePart } from './time.ts';
import type { Affix, Expression, Leaf } from './types.ts';
import type { Values } from './fields.ts';
import { type EventView, type FieldSlots, SoughtText } from './view.ts';

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

/** From this many values on, looking them up is quicker than asking one after another. */
const SET_FROM = 4;
/** So many characters tell beginnings and ends apart well enough. */
const KEY_MAX = 8;

/** Compiles expressions against the field slots of one rule set; the same expression object is compiled once. */
export class Compiler {
  readonly slots: FieldSlots;
  readonly #done = new Map<Expression, Matcher>();
  #regexes = 0;

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
          for (let at = 0; at < parts.length; at++) if (!(parts[at] as Matcher)(view)) return false;
          return true;
        };
      }
      case 'or':
        return this.#any(expression.of);
    }
  }

  /** OR: many exact texts of one field become one set, many beginnings or ends are looked up by a few of their characters. */
  #any(of: readonly Expression[]): Matcher {
    const groups = new Map<string, { readonly kind: 'whole' | 'startswith' | 'endswith'; readonly leaves: Leaf[]; readonly texts: string[] }>();
    const rest: Expression[] = [];
    for (const part of of) {
      const plain = part.kind === 'leaf' && part.field !== null && part.test.kind === 'pattern' && !part.test.cased ? anchored(part.test.pattern) : null;
      if (plain === null) {
        rest.push(part);
        continue;
      }
      const key = `${plain.kind} ${(part as Leaf).field}`;
      let group = groups.get(key);
      if (group === undefined) groups.set(key, (group = { kind: plain.kind, leaves: [], texts: [] }));
      group.leaves.push(part as Leaf);
      group.texts.push(fold(plain.text));
    }
    const parts: Matcher[] = [];
    for (const { kind, leaves, texts } of groups.values()) {
      const accepts = leaves.length < SET_FROM ? null : kind === 'whole' ? inSet(texts) : hasAffix(kind, texts);
      if (accepts === null) {
        rest.push(...leaves);
        continue;
      }
      const slot = this.slots.of((leaves[0] as Leaf).field as string);
      parts.push((view) => some(view.folded(slot), accepts, view));
    }
    parts.push(...byCost(rest).map((part) => this.matcher(part)));
    return (view) => {
      for (let at = 0; at < parts.length; at++) if ((parts[at] as Matcher)(view)) return true;
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
        if (slot >= 0 && test.kind === 'pattern' && !test.cased) {
          const inner = contained(test.pattern);
          if (inner === '') return (view) => view.hasText(slot);
          if (inner !== null) {
            const text = new SoughtText(fold(inner));
            return (view) => view.contains(slot, text);
          }
        }
        const { accepts, folded } = acceptor(leaf);
        if (slot >= 0 && test.kind === 'regex') {
          const number = this.#regexes++;
          return (view) => {
            const held = view.held(slot);
            return held.decided(number) ?? held.decide(number, some(held.values, accepts, view));
          };
        }
        if (slot < 0) return folded ? (view) => some(view.keywordsFolded(), accepts, view) : (view) => some(view.keywords(), accepts, view);
        return folded ? (view) => some(view.folded(slot), accepts, view) : (view) => some(view.values(slot), accepts, view);
      }
    }
  }
}

/** What a pattern without other wildcards than one star at its end or beginning asks for. */
function anchored(pattern: Pattern): { kind: 'whole' | 'startswith' | 'endswith'; text: string } | null {
  const text = plainText(pattern);
  if (text !== null) return { kind: 'whole', text };
  const [first, second] = pattern;
  if (pattern.length !== 2) return null;
  if (first === '*' && typeof second === 'object') return { kind: 'endswith', text: second.literal };
  return second === '*' && typeof first === 'object' ? { kind: 'startswith', text: first.literal } : null;
}

function inSet(texts: readonly string[]): (value: string) => boolean {
  const set = new Set(texts);
  return (value) => set.has(value);
}

/** Texts by as many of their outermost characters as all of them have. */
function hasAffix(kind: 'startswith' | 'endswith', texts: readonly string[]): (value: string) => boolean {
  const length = texts.reduce((least, text) => Math.min(least, text.length), KEY_MAX);
  const keyOf = kind === 'startswith' ? (text: string) => text.slice(0, length) : (text: string) => text.slice(text.length - length);
  const related = relation(kind);
  const byKey = new Map<string, string[]>();
  for (const text of texts) byKey.set(keyOf(text), [...(byKey.get(keyOf(text)) ?? []), text]);
  return (value) => value.length >= length && byKey.get(keyOf(value))?.some((text) => related(value, text)) === true;
}

/** The text of a pattern that asks for it anywhere, empty where any text will do; null for other patterns. */
function contained(pattern: Pattern): string | null {
  const [first, second, third] = pattern;
  if (pattern.length === 1 && first === '*') return '';
  return pattern.length === 3 && first === '*' && typeof second === 'object' && third === '*' ? second.literal : null;
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
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as string | null;
    if (value !== null && accepts(value, view)) return true;
  }
  return false;
}
