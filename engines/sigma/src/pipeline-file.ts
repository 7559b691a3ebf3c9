import { SigmaError } from './errors.ts';
import { join } from './modifiers.ts';
import { literalPattern, parsePattern } from './pattern.ts';
import { covers, type RulePipeline } from './pipeline.ts';
import { compileRegex } from './regex.ts';
import type { Expression, LogSource } from './types.ts';
import { readYaml, texts, type YMap, type YNode } from './yaml.ts';

const MAX_STEPS = 1_000;
/** A field may stand for so many of the event's. */
const MAX_NAMES = 100;

interface Step {
  applies(logsource: LogSource): boolean;
  /** The names in place of one; null where the step leaves it alone. */
  names?(name: string): readonly string[] | null;
  guard?(logsource: LogSource): Expression;
  logsource?(logsource: LogSource): LogSource;
  failure?: string;
}

/** A pipeline out of a file, and the values its `vars` give to placeholders. */
export interface PipelineFile {
  readonly pipeline: RulePipeline;
  readonly placeholders: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads a processing pipeline in the YAML format of pySigma. Understood: `vars`, and the transformations field_name_mapping,
 * field_name_prefix_mapping, field_name_prefix, field_name_suffix, add_condition, change_logsource, rule_failure,
 * value_placeholders; with rule conditions on the log source and conditions that include or exclude fields. They are applied
 * in their order, and compiled into the rules. Anything else is refused, because a rule would silently mean something else.
 * Parts that only shape the text of a query (`postprocessing`, `finalizers`) are left aside.
 * @throws SigmaError with file and line
 */
export function readPipeline(path: string, text: string): PipelineFile {
  const documents = readYaml(path, text);
  const map = documents[0];
  if (map === undefined || documents.length > 1) throw new SigmaError('missing', path, 1, 'a pipeline is one YAML document');
  const steps: Step[] = [];
  const list = map.entries.get('transformations');
  if (list !== undefined && !isNull(list)) {
    if (list.kind !== 'list') throw new SigmaError('type', path, list.line, '"transformations" is a list');
    if (list.items.length > MAX_STEPS) throw new SigmaError('too_large', path, list.line, `more than ${MAX_STEPS} transformations`);
    for (const item of list.items) {
      if (item.kind !== 'map') throw new SigmaError('type', path, item.line, 'a transformation is a map');
      const step = readStep(item, path);
      if (step !== null) steps.push(step);
    }
  }
  const vars = map.entries.get('vars');
  if (vars !== undefined && vars.kind !== 'map' && !isNull(vars)) throw new SigmaError('type', path, vars.line, '"vars" is a map of names to values');
  const placeholders: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  if (vars?.kind === 'map') for (const [name, values] of vars.entries) placeholders[name] = texts(values, path, name);
  return { pipeline: new StepPipeline(steps), placeholders: { ...placeholders } };
}

class StepPipeline implements RulePipeline {
  readonly #steps: readonly Step[];

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
  }

  guard(written: LogSource): Expression | null {
    const guards: Expression[] = [];
    let logsource = written;
    for (const [at, step] of this.#steps.entries()) {
      if (!step.applies(logsource)) continue;
      if (step.guard !== undefined) guards.push(this.#renamed(step.guard(logsource), logsource, at + 1));
      logsource = step.logsource?.(logsource) ?? logsource;
    }
    return guards.length === 0 ? null : join('and', guards);
  }

  fields(name: string, logsource: LogSource): readonly string[] {
    return this.#names(name, logsource, 0);
  }

  logsource(written: LogSource): LogSource {
    return this.#steps.reduce((logsource, step) => (step.logsource !== undefined && step.applies(logsource) ? step.logsource(logsource) : logsource), written);
  }

  failure(written: LogSource): string | null {
    let logsource = written;
    for (const step of this.#steps) {
      if (!step.applies(logsource)) continue;
      if (step.failure !== undefined) return step.failure;
      logsource = step.logsource?.(logsource) ?? logsource;
    }
    return null;
  }

  #names(name: string, written: LogSource, first: number): readonly string[] {
    let names: readonly string[] = [name];
    let logsource = written;
    for (const step of this.#steps.slice(first)) {
      if (!step.applies(logsource)) continue;
      names = names.flatMap((each) => step.names?.(each) ?? [each]).slice(0, MAX_NAMES);
      logsource = step.logsource?.(logsource) ?? logsource;
    }
    return names;
  }

  /** A condition that a step added is mapped by the steps after it. */
  #renamed(expression: Expression, logsource: LogSource, first: number): Expression {
    if (expression.kind === 'not') return { kind: 'not', of: this.#renamed(expression.of, logsource, first) };
    if (expression.kind !== 'leaf') return join(expression.kind, expression.of.map((part) => this.#renamed(part, logsource, first)));
    return join('or', this.#names(expression.field as string, logsource, first).map((field) => ({ ...expression, field })));
  }
}

function readStep(map: YMap, path: string): Step | null {
  const type = scalar(map, 'type', path);
  const applies = ruleConditions(map, path);
  const wanted = fieldConditions(map, path);
  for (const key of map.entries.keys()) if (/^detection_item_cond/.test(key)) throw new SigmaError('unsupported', path, map.line, `"${key}" is not supported`);
  const naming = (names: (name: string) => readonly string[] | null): Step => ({ applies, names: (name) => (wanted(name) ? names(name) : null) });
  switch (type) {
    case 'field_name_mapping': {
      const mapping = mappingOf(map, path);
      return naming((name) => mapping.get(name) ?? null);
    }
    case 'field_name_prefix_mapping': {
      const mapping = mappingOf(map, path);
      return naming((name) => {
        for (const [prefix, targets] of mapping) if (name.startsWith(prefix)) return targets.map((target) => target + name.slice(prefix.length));
        return null;
      });
    }
    case 'field_name_prefix': {
      const prefix = required(map, 'prefix', path);
      return naming((name) => [prefix + name]);
    }
    case 'field_name_suffix': {
      const suffix = required(map, 'suffix', path);
      return naming((name) => [name + suffix]);
    }
    case 'add_condition':
      return { applies, guard: addedCondition(map, path) };
    case 'change_logsource': {
      const to = logsourceOf(map);
      return { applies, logsource: () => to };
    }
    case 'rule_failure':
      return { applies, failure: required(map, 'message', path) };
    case 'value_placeholders':
      // The values stand in `vars`; the expand modifier puts them in.
      return null;
    default:
      throw new SigmaError('unsupported', path, map.line, `the transformation "${type ?? ''}" is not supported`);
  }
}

/** Conditions on the log source, joined by `rule_cond_op` (and) and turned round by `rule_cond_not`. */
function ruleConditions(map: YMap, path: string): (logsource: LogSource) => boolean {
  const node = map.entries.get('rule_conditions');
  if (map.entries.has('rule_cond_expression') || map.entries.has('rule_cond_expr')) throw new SigmaError('unsupported', path, map.line, 'expressions over rule conditions are not supported');
  if (node === undefined || isNull(node)) return () => true;
  if (node.kind !== 'list') throw new SigmaError('type', path, node.line, '"rule_conditions" is a list');
  const sources = node.items.map((item) => {
    if (item.kind !== 'map') throw new SigmaError('type', path, item.line, 'a condition is a map');
    if (scalar(item, 'type', path) !== 'logsource') throw new SigmaError('unsupported', path, item.line, 'rules are chosen by their log source only');
    return logsourceOf(item);
  });
  const any = scalar(map, 'rule_cond_op', path) === 'or';
  const negated = scalar(map, 'rule_cond_not', path) === 'true';
  return (logsource) => (any ? sources.some((source) => covers(source, logsource)) : sources.every((source) => covers(source, logsource))) !== negated;
}

function fieldConditions(map: YMap, path: string): (name: string) => boolean {
  const node = map.entries.get('field_name_conditions');
  if (node === undefined || isNull(node)) return () => true;
  if (node.kind !== 'list') throw new SigmaError('type', path, node.line, '"field_name_conditions" is a list');
  const tests = node.items.map((item): ((name: string) => boolean) => {
    if (item.kind !== 'map') throw new SigmaError('type', path, item.line, 'a condition is a map');
    const type = scalar(item, 'type', path);
    const fields = item.entries.get('fields');
    if ((type !== 'include_fields' && type !== 'exclude_fields') || fields === undefined) throw new SigmaError('unsupported', path, item.line, 'fields are chosen by include_fields and exclude_fields with a list of fields');
    const names = texts(fields, path, 'fields');
    const regexes = scalar(item, 'mode', path) === 're' ? names.map((name) => compileRegex(`^(?:${name})`, '', path, fields.line)) : null;
    const holds = (name: string) => (regexes === null ? names.includes(name) : regexes.some((regex) => regex(name)));
    return type === 'include_fields' ? holds : (name) => !holds(name);
  });
  const any = scalar(map, 'field_name_cond_op', path) === 'or';
  const negated = scalar(map, 'field_name_cond_not', path) === 'true';
  return (name) => (any ? tests.some((test) => test(name)) : tests.every((test) => test(name))) !== negated;
}

function addedCondition(map: YMap, path: string): (logsource: LogSource) => Expression {
  const node = map.entries.get('conditions');
  if (node?.kind !== 'map' || node.entries.size === 0) throw new SigmaError('missing', path, map.line, 'add_condition needs "conditions", a map of fields to values');
  const template = scalar(map, 'template', path) === 'true';
  const negated = scalar(map, 'negated', path) === 'true';
  const items = [...node.entries].map(([field, values]) => ({ field, line: values.line, values: (values.kind === 'list' ? values.items : [values]).map((value) => {
    if (value.kind !== 'scalar' || value.value === null) throw new SigmaError('type', path, value.line, `the values of "${field}" must be plain values`);
    return value;
  }) }));
  return (logsource) => {
    const filled = (text: string) => (template ? text.replace(/\$\{?(category|product|service)\}?/g, (_, part: keyof LogSource) => logsource[part] ?? '') : text);
    const expression = join('and', items.map(({ field, line, values }) => join('or', values.map((value): Expression => ({
      kind: 'leaf', field, test: { kind: 'pattern', pattern: typeof value.value === 'string' ? parsePattern(filled(value.value)) : literalPattern(value.text), cased: false },
      selection: 'logsource', written: `${field}: ${filled(value.text)}`, line,
    })))));
    return negated ? { kind: 'not', of: expression } : expression;
  };
}

function mappingOf(map: YMap, path: string): ReadonlyMap<string, readonly string[]> {
  const node = map.entries.get('mapping');
  if (node?.kind !== 'map') throw new SigmaError('missing', path, map.line, '"mapping" is a map of names');
  return new Map([...node.entries].map(([name, targets]) => {
    const names = texts(targets, path, name);
    if (names.length === 0 || names.length > MAX_NAMES) throw new SigmaError('bad_value', path, targets.line, `"${name}" stands for 1 to ${MAX_NAMES} names`);
    return [name, names];
  }));
}

function logsourceOf(map: YMap): LogSource {
  const part = (key: 'category' | 'product' | 'service') => {
    const value = map.entries.get(key);
    return value?.kind === 'scalar' && value.value !== null ? { [key]: value.text.toLowerCase() } : {};
  };
  return { ...part('category'), ...part('product'), ...part('service') };
}

function scalar(map: YMap, key: string, path: string): string | null {
  const node = map.entries.get(key);
  if (node === undefined || isNull(node)) return null;
  if (node.kind !== 'scalar') throw new SigmaError('type', path, node.line, `"${key}" is one value`);
  return node.text;
}

function required(map: YMap, key: string, path: string): string {
  const text = scalar(map, key, path);
  if (text === null) throw new SigmaError('missing', path, map.line, `"${key}" is missing`);
  return text;
}

const isNull = (node: YNode): boolean => node.kind === 'scalar' && node.value === null;

/** One pipeline after another, as if they stood in one file. */
export function chain(...pipelines: readonly RulePipeline[]): RulePipeline {
  const sourceBefore = (at: number, written: LogSource) => pipelines.slice(0, at).reduce((logsource, one) => one.logsource?.(logsource) ?? logsource, written);
  return {
    guard(written) {
      const guards = pipelines.map((one, at) => one.guard(sourceBefore(at, written))).filter((guard) => guard !== null);
      return guards.length === 0 ? null : join('and', guards);
    },
    fields: (name, written) => pipelines.reduce<readonly string[]>((names, one, at) => names.flatMap((each) => one.fields(each, sourceBefore(at, written))), [name]),
    logsource: (written) => sourceBefore(pipelines.length, written),
    failure: (written) => pipelines.reduce<string | null>((failure, one, at) => failure ?? one.failure?.(sourceBefore(at, written)) ?? null, null),
  };
}
