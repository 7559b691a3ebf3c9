import { SigmaError } from './errors.ts';
import { join } from './modifiers.ts';
import { literalPattern, parsePattern } from './pattern.ts';
import { changeLeaves, renamed, type RuleDraft, type RulePipeline } from './pipeline.ts';
import { isNull, leavesOf, logsourceOf, readConditions, required, scalar, type StepConditions } from './pipeline-conditions.ts';
import { readValueChange } from './pipeline-values.ts';
import type { Expression, Leaf, LogSource } from './types.ts';
import { readYaml, texts, type YMap } from './yaml.ts';

const MAX_STEPS = 1_000;
const MAX_NESTING = 8;
/** A field may stand for so many of the event's. */
const MAX_NAMES = 100;
/** Stands among the names of steps that changed a leaf, for every step that gave it another field. */
const MAPPED = '\u0000mapped';

interface Step {
  run(draft: RuleDraft): void;
  /** The names in place of one, for a log source; null where the step gives none, or not by the log source alone. */
  names?(name: string, logsource: LogSource): readonly string[] | null;
}

/** A pipeline out of a file, and the values its `vars` give to placeholders. */
export interface PipelineFile {
  readonly pipeline: RulePipeline;
  readonly placeholders: Readonly<Record<string, readonly string[]>>;
  /** True for placeholders without a value that stand for anything. */
  readonly wildcard: (placeholder: string) => boolean;
}

/**
 * Reads a processing pipeline in the YAML format of pySigma. Understood are `vars`, all transformations but those that need a
 * query language or a program (`query_expression_placeholders`, `field_name_transform`), and all conditions on rules, items and
 * fields. They are applied in their order, and compiled into the rules. Anything else is refused, because a rule would silently
 * mean something else. Parts that only shape the text of a query (`postprocessing`, `finalizers`) are left aside.
 * @throws SigmaError with file and line
 */
export function readPipeline(path: string, text: string): PipelineFile {
  const errors: SigmaError[] = [];
  const documents = readYaml(path, text, errors);
  if (errors[0] !== undefined) throw errors[0];
  const map = documents[0];
  if (map === undefined || documents.length > 1) throw new SigmaError('missing', path, 1, 'a pipeline is one YAML document');
  const reading: Reading = { path, steps: 0, wildcards: [] };
  const steps = readSteps(map, 'transformations', reading, 0);
  const vars = map.entries.get('vars');
  if (vars !== undefined && vars.kind !== 'map' && !isNull(vars)) throw new SigmaError('type', path, vars.line, '"vars" is a map of names to values');
  const placeholders: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  if (vars?.kind === 'map') for (const [name, values] of vars.entries) placeholders[name] = texts(values, path, name);
  return { pipeline: new StepPipeline(steps), placeholders: { ...placeholders }, wildcard: (name) => reading.wildcards.some((handles) => handles(name)) };
}

interface Reading {
  readonly path: string;
  steps: number;
  readonly wildcards: ((placeholder: string) => boolean)[];
}

class StepPipeline implements RulePipeline {
  readonly #steps: readonly Step[];

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
  }

  process(draft: RuleDraft): void {
    for (const step of this.#steps) step.run(draft);
  }

  fields(name: string, logsource: LogSource): readonly string[] {
    return this.#steps.reduce<readonly string[]>((names, step) => names.flatMap((each) => step.names?.(each, logsource) ?? [each]).slice(0, MAX_NAMES), [name]);
  }
}

function readSteps(map: YMap, key: string, reading: Reading, depth: number): Step[] {
  const { path } = reading;
  const list = map.entries.get(key);
  if (list === undefined || isNull(list)) return [];
  if (list.kind !== 'list') throw new SigmaError('type', path, list.line, `"${key}" is a list`);
  if (depth > MAX_NESTING || (reading.steps += list.items.length) > MAX_STEPS) throw new SigmaError('too_large', path, list.line, `more than ${MAX_STEPS} transformations, or nested deeper than ${MAX_NESTING}`);
  return list.items.map((item) => {
    if (item.kind !== 'map') throw new SigmaError('type', path, item.line, 'a transformation is a map');
    return readStep(item, reading, depth);
  });
}

function readStep(map: YMap, reading: Reading, depth: number): Step {
  const { path } = reading;
  const type = scalar(map, 'type', path) ?? '';
  const id = scalar(map, 'id', path);
  const conditions = readConditions(map, path);
  /** A step on whole rules. */
  const whole = (change: (draft: RuleDraft) => void): Step => ({
    run(draft) {
      if (!conditions.rule(draft)) return;
      change(draft);
      if (id !== null) draft.applied.add(id);
    },
  });
  const names = namesOf(type, map, path);
  if (names !== null) {
    const step = whole((draft) => changeItems(draft, conditions, id, (leaf) => renamed(leaf, (name) => (conditions.field(name, leaf, draft) ? (names(name) ?? [name]) : [name]).slice(0, MAX_NAMES)), MAPPED));
    return { ...step, names: (name, logsource) => (conditions.byLogsource && conditions.rule(emptyDraft(logsource)) && conditions.field(name, null, emptyDraft(logsource)) ? names(name) : null) };
  }
  const values = readValueChange(type, map, path);
  if (values !== null) return whole((draft) => changeItems(draft, conditions, id, (leaf) => (conditions.field(leaf.field, leaf, draft) ? values(leaf, draft.meta) : leaf)));
  switch (type) {
    case 'add_condition': {
      const guard = addedCondition(map, path);
      return whole((draft) => draft.guards.push(guard(draft.logsource)));
    }
    case 'change_logsource': {
      const to = logsourceOf(map);
      return whole((draft) => (draft.logsource = to));
    }
    case 'rule_failure': {
      const message = required(map, 'message', path);
      return whole(({ meta }) => { throw new SigmaError('unsupported', meta.path, meta.line, message); });
    }
    case 'detection_item_failure': {
      const message = required(map, 'message', path);
      return whole((draft) => changeItems(draft, conditions, id, (leaf) => {
        if (conditions.field(leaf.field, leaf, draft)) throw new SigmaError('unsupported', draft.meta.path, leaf.line, message);
        return leaf;
      }));
    }
    case 'strict_field_mapping_failure':
      return whole((draft) => {
        const stray = leavesOf(draft).find((leaf) => leaf.field !== null && leaf.by?.includes(MAPPED) !== true);
        if (stray !== undefined) throw new SigmaError('unsupported', draft.meta.path, stray.line, `the pipeline maps no field "${stray.field}"`);
      });
    case 'set_state': {
      const [key, value] = [required(map, 'key', path), required(map, 'val', path)];
      return whole(({ state }) => void state.set(key, value));
    }
    case 'set_custom_attribute': {
      const [key, value] = [required(map, 'attribute', path), required(map, 'value', path)];
      return whole(({ attributes }) => void attributes.set(key, value));
    }
    case 'nest': {
      const inner = readSteps(map, 'items', reading, depth + 1);
      return whole((draft) => inner.forEach((step) => step.run(draft)));
    }
    case 'wildcard_placeholders': {
      const [include, exclude] = [listOf(map, 'include', path), listOf(map, 'exclude', path)];
      if (include !== null && exclude !== null) throw new SigmaError('bad_value', path, map.line, '"include" and "exclude" exclude one another');
      reading.wildcards.push((name) => (include === null ? exclude === null || !exclude.includes(name) : include.includes(name)));
      return whole(() => {});
    }
    case 'value_placeholders':
    // The values stand in `vars`; the expand modifier puts them in.
    case 'add_field':
    case 'remove_field':
    case 'set_field':
      // The list of fields that a query shows.
      return whole(() => {});
    default:
      throw new SigmaError('unsupported', path, map.line, `the transformation "${type}" is not supported`);
  }
}

/** What the transformations of field names make of one; null where the type is another. The inner function gives null for a name it leaves alone. */
function namesOf(type: string, map: YMap, path: string): ((name: string) => readonly string[] | null) | null {
  switch (type) {
    case 'field_name_mapping': {
      const mapping = mappingOf(map, path);
      return (name) => mapping.get(name) ?? null;
    }
    case 'field_name_prefix_mapping': {
      const mapping = mappingOf(map, path);
      return (name) => {
        for (const [prefix, targets] of mapping) if (name.startsWith(prefix)) return targets.map((target) => target + name.slice(prefix.length));
        return null;
      };
    }
    case 'field_name_prefix': {
      const prefix = required(map, 'prefix', path);
      return (name) => [prefix + name];
    }
    case 'field_name_suffix': {
      const suffix = required(map, 'suffix', path);
      return (name) => [name + suffix];
    }
    default:
      return null;
  }
}

/** Changes the values of the items that the conditions choose, and notes by whom. @param mark noted too, where something changed */
function changeItems(draft: RuleDraft, conditions: StepConditions, id: string | null, change: (leaf: Leaf) => Expression | null, mark?: string): void {
  const items = new Map<number | undefined, Leaf[]>();
  for (const leaf of leavesOf(draft)) items.set(leaf.item, [...(items.get(leaf.item) ?? []), leaf]);
  const chosen = new Set([...items].filter(([, leaves]) => conditions.item(leaves, draft)).map(([item]) => item));
  const notes = [...(id === null ? [] : [id]), ...(mark === undefined ? [] : [mark])];
  const noted = (expression: Expression): Expression => {
    if (expression.kind === 'leaf') return { ...expression, by: [...(expression.by ?? []), ...notes] };
    return expression.kind === 'not' ? { kind: 'not', of: noted(expression.of) } : { kind: expression.kind, of: expression.of.map(noted) };
  };
  changeLeaves(draft, (leaf) => {
    // Conditions that a step added are items of their own.
    if (leaf.item === undefined ? !conditions.item([leaf], draft) : !chosen.has(leaf.item)) return leaf;
    const changed = change(leaf);
    const same = changed === leaf || (changed !== null && changed.kind === 'leaf' && changed.field === leaf.field && changed.test === leaf.test);
    return changed === null || same ? changed : noted(changed);
  });
}

const emptyDraft = (logsource: LogSource): RuleDraft => ({ kind: 'rule', meta: { tags: [] } as unknown as RuleDraft['meta'], logsource, selections: new Map(), guards: [], state: new Map(), applied: new Set(), attributes: new Map() });

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

function listOf(map: YMap, key: string, path: string): string[] | null {
  const node = map.entries.get(key);
  return node === undefined || isNull(node) ? null : texts(node, path, key);
}
