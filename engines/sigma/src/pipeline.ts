import { join } from './modifiers.ts';
import { parsePattern } from './pattern.ts';
import type { Expression, LogSource } from './types.ts';

/** One step of a pipeline. It applies to rules whose logsource has all the parts named in `when`. */
export interface PipelineStep {
  readonly when?: LogSource;
  /** Conditions every such rule also needs, in the names of the events: alternatives (OR) of field → values (AND). */
  readonly require?: readonly Readonly<Record<string, string | readonly string[]>>[];
  /** Field of the rule → field of the event, or several of which any may match. */
  readonly fields?: Readonly<Record<string, string | readonly string[]>>;
}

/** What is done to rules when they are loaded, so that no event is ever renamed. */
export interface RulePipeline {
  /** The condition that stands for the logsource, or null. */
  guard(logsource: LogSource): Expression | null;
  /** The event's names for a rule's field. */
  fields(name: string, logsource: LogSource): readonly string[];
  /** The log source in place of the written one. */
  logsource?(logsource: LogSource): LogSource;
  /** Why rules of this log source are not to be used, or null. */
  failure?(logsource: LogSource): string | null;
}

/** A mapping out of a list of steps. */
export class Pipeline implements RulePipeline {
  readonly #steps: readonly PipelineStep[];

  constructor(steps: readonly PipelineStep[]) {
    this.#steps = steps;
  }

  /** The condition that stands for the logsource, or null where no step gives one. */
  guard(logsource: LogSource): Expression | null {
    const guards: Expression[] = [];
    for (const step of this.#steps) {
      if (step.require === undefined || !covers(step.when ?? {}, logsource)) continue;
      guards.push(join('or', step.require.map((alternative) => join('and', Object.entries(alternative).map(([field, values]) => valuesOf(field, values))))));
    }
    return guards.length === 0 ? null : join('and', guards);
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

/** Puts the event's field names into an expression. A field with several names becomes an OR. */
export function applyPipeline(expression: Expression, logsource: LogSource, pipeline: RulePipeline | undefined): Expression {
  if (pipeline === undefined) return expression;
  if (expression.kind === 'not') return { kind: 'not', of: applyPipeline(expression.of, logsource, pipeline) };
  if (expression.kind !== 'leaf') return join(expression.kind, expression.of.map((part) => applyPipeline(part, logsource, pipeline)));
  const { test } = expression;
  if (expression.field === null) return expression;
  const renamed = test.kind === 'fieldref' ? pipeline.fields(test.field, logsource).map((field) => ({ ...test, field })) : [test];
  const leaves = pipeline.fields(expression.field, logsource).flatMap((field) => renamed.map((each) => ({ ...expression, field, test: each })));
  // "Absent" with several names means absent under all of them.
  const none = test.kind === 'null' || (test.kind === 'exists' && !test.wanted);
  return join(none ? 'and' : 'or', leaves);
}
