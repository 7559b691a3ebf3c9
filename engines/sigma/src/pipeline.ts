import { join } from './modifiers.ts';
import { parsePattern } from './pattern.ts';
import type { Expression, Leaf, LogSource, Metadata } from './types.ts';

/** A rule while a pipeline works on it; the steps of a pipeline change it one after another. */
export interface RuleDraft {
  readonly kind: 'rule' | 'filter';
  readonly meta: Metadata;
  logsource: LogSource;
  readonly selections: Map<string, Expression>;
  /** Conditions that every event must fulfil beside the rule's own. */
  guards: Expression[];
  /** What steps told those after them, and the names of the steps that were applied. */
  readonly state: Map<string, string>;
  readonly applied: Set<string>;
  readonly attributes: Map<string, string>;
}

/** What is done to rules when they are loaded, so that no event is ever renamed. */
export interface RulePipeline {
  /**
   * Changes the rule.
   * @throws SigmaError where the pipeline refuses it
   */
  process(draft: RuleDraft): void;
  /** The event's names for a rule's field, by what holds for every rule of the log source. For correlations, which have none. */
  fields(name: string, logsource: LogSource): readonly string[];
}

/** One step of a pipeline. It applies to rules whose logsource has all the parts named in `when`. */
export interface PipelineStep {
  readonly when?: LogSource;
  /** Conditions every such rule also needs, in the names of the events: alternatives (OR) of field → values (AND). */
  readonly require?: readonly Readonly<Record<string, string | readonly string[]>>[];
  /** Field of the rule → field of the event, or several of which any may match. */
  readonly fields?: Readonly<Record<string, string | readonly string[]>>;
}

/** A mapping out of a list of steps. */
export class Pipeline implements RulePipeline {
  readonly #steps: readonly PipelineStep[];

  constructor(steps: readonly PipelineStep[]) {
    this.#steps = steps;
  }

  process(draft: RuleDraft): void {
    const { logsource } = draft;
    const own = this.#steps.filter((step) => covers(step.when ?? {}, logsource));
    if (own.some(({ fields }) => fields !== undefined)) changeLeaves(draft, (leaf) => renamed(leaf, (name) => this.fields(name, logsource)));
    for (const { require } of own) {
      if (require === undefined) continue;
      draft.guards.push(join('or', require.map((alternative) => join('and', Object.entries(alternative).map(([field, values]) => valuesOf(field, values))))));
    }
  }

  /** The event's names for a rule's field. The first step that knows the field decides. */
  fields(name: string, logsource: LogSource): readonly string[] {
    for (const step of this.#steps) {
      if (step.fields === undefined || !covers(step.when ?? {}, logsource) || !Object.hasOwn(step.fields, name)) continue;
      const target = step.fields[name] as string | readonly string[];
      return typeof target === 'string' ? [target] : target;
    }
    return [name];
  }
}

/** One pipeline after another, as if they stood in one file. */
export function chain(...pipelines: readonly RulePipeline[]): RulePipeline {
  return {
    process: (draft) => pipelines.forEach((one) => one.process(draft)),
    fields: (name, logsource) => pipelines.reduce<readonly string[]>((names, one) => names.flatMap((each) => one.fields(each, logsource)), [name]),
  };
}

/** True when every part that `general` names has the same value in `specific`. */
export function covers(general: LogSource, specific: LogSource): boolean {
  return (['category', 'product', 'service'] as const).every((part) => general[part] === undefined || general[part] === specific[part]);
}

function valuesOf(field: string, values: string | readonly string[]): Expression {
  const list = typeof values === 'string' ? [values] : values;
  return join('or', list.map((value) => ({
    kind: 'leaf', field, test: { kind: 'pattern', pattern: parsePattern(value), cased: false }, selection: 'logsource', written: `${field}: ${value}`, line: 0,
  })));
}

/** Puts something in the place of every leaf, added conditions included; null drops it. A selection of which nothing is left falls away. */
export function changeLeaves(draft: RuleDraft, change: (leaf: Leaf) => Expression | null): void {
  for (const [name, expression] of draft.selections) {
    const changed = changedIn(expression, change);
    if (changed === null) draft.selections.delete(name);
    else draft.selections.set(name, changed);
  }
  draft.guards = draft.guards.map((guard) => changedIn(guard, change)).filter((guard) => guard !== null);
}

function changedIn(expression: Expression, change: (leaf: Leaf) => Expression | null): Expression | null {
  if (expression.kind === 'leaf') return change(expression);
  if (expression.kind === 'not') {
    const of = changedIn(expression.of, change);
    return of === null ? null : { kind: 'not', of };
  }
  const of = expression.of.map((part) => changedIn(part, change)).filter((part) => part !== null);
  return of.length === 0 ? null : join(expression.kind, of);
}

/** Puts other field names into a leaf, the field it refers to included. A field with several names becomes an OR. */
export function renamed(leaf: Leaf, names: (name: string) => readonly string[]): Expression {
  const { test, field } = leaf;
  if (field === null) return leaf;
  const tests = test.kind === 'fieldref' ? names(test.field).map((other) => ({ ...test, field: other })) : [test];
  const leaves = names(field).flatMap((name) => tests.map((each) => ({ ...leaf, field: name, test: each })));
  // "Absent" with several names means absent under all of them.
  const none = test.kind === 'null' || (test.kind === 'exists' && !test.wanted);
  return join(none ? 'and' : 'or', leaves);
}
