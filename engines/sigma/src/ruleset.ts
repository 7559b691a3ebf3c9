import { Compiler, type Matcher } from './compile.ts';
import { Correlator, type CorrelatorOptions } from './correlator.ts';
import { SigmaError } from './errors.ts';
import { explainRule, type Explanation, type MatchedItem, matchedItems } from './explain.ts';
import { witness } from './literals.ts';
import { join } from './modifiers.ts';
import { covers } from './pipeline.ts';
import { Route } from './route.ts';
import { Suppressions } from './suppressions.ts';
import { type ParseOptions, parseRules, type RuleSource } from './rule.ts';
import type { CorrelationRule, DetectionRule, Expression, FilterRule, Level, LogSource, Metadata, SigmaRule } from './types.ts';
import type { EventInput } from './fields.ts';
import { EventView, FieldSlots } from './view.ts';

export interface CompileOptions extends ParseOptions {
  /**
   * The log sources an event belongs to; a rule is tried when one of them has all parts of its logsource. Null where it is
   * not known: every rule is tried.
   * Without it every rule is tried, which is right when the pipeline turned log sources into conditions.
   */
  readonly logsource?: (event: EventInput) => readonly LogSource[] | null;
  /** Minutes added to numeric (UTC) times before the time modifiers look at them; 540 in Japan. Default 0. */
  readonly utcOffsetMinutes?: number;
  /** False evaluates every rule of the log source: slow, for comparison only. */
  readonly index?: boolean;
}

/** One rule that is true for one event. Author, licence and references must stay with it wherever it is shown. */
export interface Hit {
  readonly ruleId: string;
  readonly title: string;
  readonly level: Level;
  readonly author: string | null;
  readonly license: string | null;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  /** False where the rule only feeds a correlation and is not to be reported by itself. */
  readonly standalone: boolean;
  /** Empty for a rule that only feeds a correlation. */
  readonly matched: readonly MatchedItem[];
}

interface Compiled {
  readonly rule: DetectionRule;
  readonly expression: Expression;
  readonly matcher: Matcher;
  readonly group: number;
  readonly standalone: boolean;
}

/** Routes remembered; an event of yet another combination has its rules tried one by one. */
const MAX_ROUTES = 512;

/**
 * Compiles rules, filters and correlations. Rules that are wrong, or refer to what is not there, are left
 * out and listed in `errors` with file and line.
 */
export function compileRules(sources: Iterable<RuleSource>, options: CompileOptions = {}): RuleSet {
  const { rules, errors, counted } = parseRules(sources, options);
  return new RuleSet(rules, errors, options, counted);
}

export class RuleSet {
  readonly errors: readonly SigmaError[];
  readonly correlations: readonly CorrelationRule[];
  readonly #rules: Compiled[] = [];
  readonly #byId = new Map<string, Compiled>();
  readonly #view: EventView;
  readonly #slots = new FieldSlots();
  readonly #groups: LogSource[] = [];
  readonly #routes = new Map<string, Route>();
  /** Routes by the very list that `logsource` gave: those that give the same list again are not compared. */
  readonly #known = new WeakMap<readonly LogSource[], Route>();
  /** Rules without a literal to be found by: they are tried for every event of their log sources. */
  readonly slow: readonly Metadata[];
  readonly #options: CompileOptions;
  /** Id or name → id. */
  readonly #names: ReadonlyMap<string, string>;

  constructor(rules: readonly SigmaRule[], errors: readonly SigmaError[], options: CompileOptions, counted: ReadonlySet<string>) {
    const problems = [...errors];
    this.#options = options;
    const detections = rules.filter((rule) => rule.type === 'rule');
    const { kept, names } = uniqueRules(rules, problems);
    this.#names = names;
    const written = rules.filter((rule) => rule.type === 'correlation' && kept.has(rule)) as CorrelationRule[];
    this.correlations = resolveCorrelations(written, names, problems);
    // Also of correlations that cannot be used: what was meant to be counted does not become an alert a time.
    const silent = new Set([...counted, ...written.filter((rule) => !rule.generate).flatMap((rule) => rule.rules)].map((name) => names.get(name) ?? name));
    const filters = filtersByRule(rules.filter((rule) => rule.type === 'filter') as FilterRule[], names, problems);
    for (const rule of this.correlations) {
      for (const { meta } of filters.get(rule.meta.id) ?? []) problems.push(new SigmaError('unsupported', meta.path, meta.line, `"${rule.meta.title}" is a correlation: name the rules it counts, or use suppressions`));
    }
    const compiler = new Compiler(this.#slots);
    const groupNumbers = new Map<string, number>();
    for (const rule of detections) {
      if (!kept.has(rule)) continue;
      const applicable = [...(filters.get(rule.meta.id) ?? []), ...(filters.get('any') ?? [])].filter((filter) => covers(filter.logsource, rule.logsource));
      const expression = applicable.length === 0 ? rule.expression : join('and', [rule.expression, ...applicable.map((filter) => filter.keep)]);
      const key = routeKey(rule.logsource);
      let group = groupNumbers.get(key);
      if (group === undefined) {
        group = this.#groups.length;
        groupNumbers.set(key, group);
        this.#groups.push(rule.logsource);
      }
      const compiled: Compiled = { rule, expression, matcher: compiler.matcher(expression), group, standalone: !silent.has(rule.meta.id) };
      this.#rules.push(compiled);
      this.#byId.set(rule.meta.id, compiled);
    }
    compiler.forget();
    this.slow = this.#rules.filter(({ expression }) => witness(expression, () => 1) === null).map(({ rule }) => rule.meta);
    this.#view = new EventView(this.#slots);
    this.#view.utcOffsetMinutes = options.utcOffsetMinutes ?? 0;
    this.errors = problems;
  }

  /** Detection rules in use (correlations and filters not counted). */
  get size(): number {
    return this.#rules.length;
  }

  /** What the authors wrote about the rules and correlations, in the order they were read. */
  get metadata(): readonly Metadata[] {
    return [...this.#rules.map(({ rule }) => rule.meta), ...this.correlations.map(({ meta }) => meta)];
  }

  /** The rules true for the event, in the order they were read. Not to be called from inside the event's own `get`. Rules with `standalone` false only feed correlations. */
  match(event: EventInput): Hit[] {
    const route = this.#route(event);
    if (route.rules.length === 0) return [];
    const view = this.#view;
    view.open(event);
    try {
      const found = route.find(view);
      let hits: number[] | null = null;
      for (let at = 0; at < found.length; at++) {
        const number = found[at] as number;
        if ((this.#rules[number] as Compiled).matcher(view)) (hits ??= []).push(number);
        else route.inVain(number, view);
      }
      if (hits === null) return [];
      hits.sort((left, right) => left - right);
      return hits.map((number) => toHit(this.#rules[number] as Compiled, event, this.#view.utcOffsetMinutes));
    } finally {
      view.close();
    }
  }

  /** Every step of one rule's decision about an event. Null where the rule is not in the set. */
  explain(ruleId: string, event: EventInput): Explanation | null {
    const compiled = this.#byId.get(ruleId);
    if (compiled === undefined) return null;
    return explainRule(compiled.rule, compiled.expression, event, this.#route(event).groups[compiled.group] === 1, this.#view.utcOffsetMinutes);
  }

  /** A correlator for the set's correlation rules, with empty state. */
  correlator(options?: CorrelatorOptions): Correlator {
    const known = new Map(this.#rules.map(({ rule }) => [rule.meta.id, rule.meta]));
    return new Correlator(this.correlations, known, options);
  }

  /**
   * Filters that are asked only about hits, for suppressions of one organisation among many that share the
   * rules: cheap to make and to drop. Other kinds of documents are refused.
   */
  suppressions(sources: Iterable<RuleSource>): Suppressions {
    const { rules, errors } = parseRules(sources, this.#options);
    const problems = [...errors];
    for (const { type, meta } of rules) if (type !== 'filter') problems.push(new SigmaError('unsupported', meta.path, meta.line, 'a suppression is a filter'));
    const filters = filtersByRule(rules.filter((rule) => rule.type === 'filter') as FilterRule[], this.#names, problems);
    return new Suppressions(filters, (ruleId) => this.#byId.get(ruleId)?.rule.logsource ?? null, this.#view.utcOffsetMinutes, problems);
  }

  #route(event: EventInput): Route {
    const { logsource } = this.#options;
    const sources = logsource?.(event) ?? null;
    const known = sources === null ? undefined : this.#known.get(sources);
    if (known !== undefined) return known;
    const key = sources === null ? '' : sources.map(routeKey).join('\u0001');
    let route = this.#routes.get(key);
    if (route === undefined) {
      route = this.#newRoute(sources);
      if (this.#routes.size < MAX_ROUTES) this.#routes.set(key, route);
    }
    if (sources !== null && Object.isFrozen(sources)) this.#known.set(sources, route);
    return route;
  }

  #newRoute(sources: readonly LogSource[] | null): Route {
    const groups = Uint8Array.from(this.#groups, (group) => (sources === null || sources.some((source) => covers(group, source)) ? 1 : 0));
    const rules = [...this.#rules.keys()].filter((number) => groups[(this.#rules[number] as Compiled).group] === 1);
    const expressions = new Map(rules.map((number) => [number, (this.#rules[number] as Compiled).expression]));
    return new Route(groups, expressions, this.#slots, this.#options.index !== false && this.#routes.size < MAX_ROUTES);
  }
}

function toHit({ rule: { meta }, expression, standalone }: Compiled, event: EventInput, utcOffsetMinutes: number): Hit {
  return {
    ruleId: meta.id, title: meta.title, level: meta.level, author: meta.author, license: meta.license, references: meta.references, tags: meta.tags,
    standalone, matched: standalone ? matchedItems(expression, event, utcOffsetMinutes) : [],
  };
}

function routeKey({ category, product, service }: LogSource): string {
  return `${category ?? ''}\u0000${product ?? ''}\u0000${service ?? ''}`;
}

/** Ids and names must be unique; the second owner is left out. `names` leads from id or name to id. */
function uniqueRules(rules: readonly SigmaRule[], problems: SigmaError[]): { kept: Set<SigmaRule>; names: Map<string, string> } {
  const kept = new Set<SigmaRule>();
  const names = new Map<string, string>();
  for (const rule of rules) {
    const { id, name, path, line } = rule.meta;
    const taken = names.has(id) ? id : name !== null && names.has(name) ? name : null;
    if (taken !== null && rule.type !== 'filter') {
      problems.push(new SigmaError('duplicate', path, line, `another rule is already called "${taken}"`));
      continue;
    }
    kept.add(rule);
    if (rule.type === 'filter') continue;
    names.set(id, id);
    if (name !== null) names.set(name, id);
  }
  return { kept, names };
}

function filtersByRule(filters: readonly FilterRule[], names: ReadonlyMap<string, string>, problems: SigmaError[]): Map<string, FilterRule[]> {
  const out = new Map<string, FilterRule[]>();
  for (const filter of filters) {
    for (const reference of filter.rules === 'any' ? ['any'] : filter.rules) {
      const id = reference === 'any' ? 'any' : names.get(reference);
      if (id === undefined) problems.push(new SigmaError('reference', filter.meta.path, filter.meta.line, `the filter names the rule "${reference}", which is not here`));
      else out.set(id, [...(out.get(id) ?? []), filter]);
    }
  }
  return out;
}

/** Why a correlation could never be true as its rules are named, or null. `aliases` has ids in place of names. */
function misnamed(rule: CorrelationRule, ids: readonly string[], aliases: CorrelationRule['aliases']): string | null {
  const temporal = rule.correlation === 'temporal' || rule.correlation === 'temporal_ordered';
  const twice = temporal ? ids.findIndex((id, at) => ids.indexOf(id) !== at) : -1;
  if (twice >= 0) return `a ${rule.correlation} correlation names each rule once, and "${rule.rules[twice]}" more often`;
  for (const [alias, targets] of aliases) {
    const stranger = [...targets.keys()].find((id) => !ids.includes(id));
    if (stranger !== undefined) return `the alias "${alias}" names "${stranger}", which is not one of the rules`;
    const left = ids.findIndex((id) => !targets.has(id));
    if (left >= 0 && (rule.groupBy.includes(alias) || rule.fields.includes(alias))) return `the alias "${alias}" says no field of the rule "${rule.rules[left]}"`;
  }
  return null;
}

/** Puts ids in place of names, in an order in which every correlation comes after those it counts. */
function resolveCorrelations(rules: readonly CorrelationRule[], names: ReadonlyMap<string, string>, problems: SigmaError[]): CorrelationRule[] {
  const waiting = new Map<string, CorrelationRule>();
  const correlationIds = new Set(rules.map(({ meta }) => meta.id));
  for (const rule of rules) {
    const missing = rule.rules.find((reference) => !names.has(reference));
    if (missing !== undefined) {
      problems.push(new SigmaError('reference', rule.meta.path, rule.meta.line, `the correlation names the rule "${missing}", which is not here`));
      continue;
    }
    const ids = rule.rules.map((reference) => names.get(reference) as string);
    const aliases = new Map([...rule.aliases].map(([alias, targets]) => [alias, new Map([...targets].map(([name, field]) => [names.get(name) ?? name, field]))]));
    const wrong = misnamed(rule, ids, aliases);
    if (wrong !== null) {
      problems.push(new SigmaError('reference', rule.meta.path, rule.meta.line, wrong));
      continue;
    }
    waiting.set(rule.meta.id, { ...rule, aliases, rules: ids });
  }
  const ordered: CorrelationRule[] = [];
  const placed = new Set<string>();
  for (let progress = true; progress; ) {
    progress = false;
    for (const [id, rule] of waiting) {
      if (!rule.rules.every((reference) => !correlationIds.has(reference) || placed.has(reference))) continue;
      ordered.push(rule);
      placed.add(id);
      waiting.delete(id);
      progress = true;
    }
  }
  for (const rule of waiting.values()) {
    problems.push(new SigmaError('reference', rule.meta.path, rule.meta.line, 'the correlation counts itself, or one that could not be used'));
  }
  return ordered;
}
