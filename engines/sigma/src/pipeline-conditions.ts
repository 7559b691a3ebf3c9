import { parseCondition } from './condition.ts';
import { SigmaError } from './errors.ts';
import { covers, type RuleDraft } from './pipeline.ts';
import { compileRegex } from './regex.ts';
import { type Expression, type Leaf, LEVELS, type LogSource } from './types.ts';
import { texts, type YMap, type YNode } from './yaml.ts';

/** When a step of a pipeline applies: to a rule, to one item of it, to one field name. */
export interface StepConditions {
  rule(draft: RuleDraft): boolean;
  /** The leaves of an item are the values of one line of the rule. */
  item(leaves: readonly Leaf[], draft: RuleDraft): boolean;
  field(name: string | null, leaf: Leaf | null, draft: RuleDraft): boolean;
  /** True where the log source decides alone whether the step applies to a rule. */
  readonly byLogsource: boolean;
}

type Check<T> = (subject: T, draft: RuleDraft) => boolean;

export function readConditions(map: YMap, path: string): StepConditions {
  const rule = group<null>(map, path, 'rule', (item) => ruleCheck(item, path));
  const item = group<readonly Leaf[]>(map, path, 'detection_item', (one) => itemCheck(one, path));
  const field = group<{ name: string | null; leaf: Leaf | null }>(map, path, 'field_name', (one) => fieldCheck(one, path));
  const kinds = new Set((conditionsOf(map, path, 'rule') ?? []).map(([, one]) => scalar(one, 'type', path)));
  return {
    rule: (draft) => rule(null, draft), item, field: (name, leaf, draft) => field({ name, leaf }, draft),
    byLogsource: [...kinds].every((kind) => kind === 'logsource'),
  };
}

/** A list or a map of conditions, joined by `…_cond_op` (and) or `…_cond_expr`, and turned round by `…_cond_not`. */
function group<T>(map: YMap, path: string, prefix: string, read: (item: YMap) => Check<T>): Check<T> {
  const conditions = conditionsOf(map, path, prefix);
  const text = scalar(map, `${prefix}_cond_expr`, path);
  if (conditions === null || conditions.length === 0) {
    if (text !== null) throw new SigmaError('missing', path, map.line, `"${prefix}_cond_expr" has no conditions to join`);
    return () => true;
  }
  const negated = scalar(map, `${prefix}_cond_not`, path) === 'true';
  const checks = conditions.map(([name, item]) => [name, read(item)] as const);
  if (text !== null) {
    const leaves = new Map(checks.map(([name]): [string, Expression] => [name, leafFor(name, map.line)]));
    const expression = parseCondition(text, leaves, path, map.entries.get(`${prefix}_cond_expr`)?.line ?? map.line);
    const byName = new Map(checks);
    const decide = (one: Expression, subject: T, draft: RuleDraft): boolean => {
      switch (one.kind) {
        case 'leaf': return (byName.get(one.selection) as Check<T>)(subject, draft);
        case 'not': return !decide(one.of, subject, draft);
        case 'and': return one.of.every((part) => decide(part, subject, draft));
        case 'or': return one.of.some((part) => decide(part, subject, draft));
      }
    };
    return (subject, draft) => decide(expression, subject, draft) !== negated;
  }
  const any = scalar(map, `${prefix}_cond_op`, path) === 'or';
  return (subject, draft) => (any ? checks.some(([, check]) => check(subject, draft)) : checks.every(([, check]) => check(subject, draft))) !== negated;
}

function leafFor(name: string, line: number): Leaf {
  return { kind: 'leaf', field: null, test: { kind: 'exists', wanted: true }, selection: name, written: '', line };
}

function conditionsOf(map: YMap, path: string, prefix: string): [string, YMap][] | null {
  const key = `${prefix}_conditions`;
  const node = map.entries.get(key);
  if (node === undefined || isNull(node)) return null;
  const entries: [string, YNode][] | null = node.kind === 'list' ? node.items.map((item, index) => [String(index + 1), item]) : node.kind === 'map' ? [...node.entries] : null;
  if (entries === null) throw new SigmaError('type', path, node.line, `"${key}" is a list, or a map of names to conditions`);
  return entries.map(([name, item]) => {
    if (item.kind !== 'map') throw new SigmaError('type', path, item.line, 'a condition is a map');
    return [name, item];
  });
}

function ruleCheck(item: YMap, path: string): Check<null> {
  const type = scalar(item, 'type', path);
  switch (type) {
    case 'logsource': {
      const wanted = logsourceOf(item);
      return (_, { logsource }) => covers(wanted, logsource);
    }
    case 'tag': {
      const tag = required(item, 'tag', path).toLowerCase();
      return (_, { meta }) => meta.tags.some((one) => one.toLowerCase() === tag);
    }
    case 'contains_field': {
      const field = required(item, 'field', path);
      return (_, draft) => leavesOf(draft).some((leaf) => leaf.field === field);
    }
    case 'contains_detection_item': {
      const field = required(item, 'field', path);
      const value = required(item, 'value', path);
      return (_, draft) => leavesOf(draft).some((leaf) => leaf.field === field && textOfTest(leaf) === value);
    }
    case 'is_sigma_rule':
      return () => true;
    case 'is_sigma_correlation_rule':
      return () => false;
    case 'rule_attribute':
      return attributeCheck(item, path);
    case 'processing_item_applied': {
      const id = required(item, 'processing_item_id', path);
      return (_, { applied }) => applied.has(id);
    }
    case 'processing_state':
      return stateCheck(item, path);
    default:
      throw new SigmaError('unsupported', path, item.line, `the rule condition "${type ?? ''}" is not supported`);
  }
}

function itemCheck(item: YMap, path: string): Check<readonly Leaf[]> {
  const type = scalar(item, 'type', path);
  const all = scalar(item, 'cond', path) === 'all';
  const values = (check: (leaf: Leaf) => boolean): Check<readonly Leaf[]> => (leaves) => (all ? leaves.every(check) : leaves.some(check));
  switch (type) {
    case 'match_string': {
      const node = item.entries.get('pattern');
      const regex = compileRegex(`^(?:${required(item, 'pattern', path)})`, '', path, node?.line ?? item.line);
      const negate = scalar(item, 'negate', path) === 'true';
      return values((leaf) => (leaf.test.kind === 'pattern' && regex(textOfTest(leaf) as string)) !== negate);
    }
    case 'match_value': {
      const value = required(item, 'value', path);
      return values((leaf) => textOfTest(leaf) === value);
    }
    case 'contains_wildcard':
      return values((leaf) => leaf.test.kind === 'pattern' && leaf.test.pattern.some((piece) => typeof piece === 'string'));
    case 'is_null':
      return values((leaf) => leaf.test.kind === 'null');
    case 'processing_item_applied': {
      const id = required(item, 'processing_item_id', path);
      return (leaves) => leaves.some((leaf) => leaf.by?.includes(id) === true);
    }
    case 'processing_state': {
      const check = stateCheck(item, path);
      return (_, draft) => check(null, draft);
    }
    default:
      throw new SigmaError('unsupported', path, item.line, `the condition "${type ?? ''}" on detection items is not supported`);
  }
}

function fieldCheck(item: YMap, path: string): Check<{ name: string | null; leaf: Leaf | null }> {
  const type = scalar(item, 'type', path);
  if (type === 'processing_item_applied') {
    const id = required(item, 'processing_item_id', path);
    return ({ leaf }) => leaf?.by?.includes(id) === true;
  }
  if (type === 'processing_state') {
    const check = stateCheck(item, path);
    return (_, draft) => check(null, draft);
  }
  const fields = item.entries.get('fields');
  if ((type !== 'include_fields' && type !== 'exclude_fields') || fields === undefined) throw new SigmaError('unsupported', path, item.line, 'fields are chosen by include_fields and exclude_fields with a list of fields, processing_item_applied and processing_state');
  const names = texts(fields, path, 'fields');
  const mode = scalar(item, 'mode', path) ?? 'plain';
  const regexes = mode === 're' ? names.map((name) => compileRegex(`^(?:${name})`, '', path, fields.line)) : null;
  const holds = (name: string | null) => name !== null && (regexes === null ? names.includes(name) : regexes.some((regex) => regex(name)));
  return type === 'include_fields' ? ({ name }) => holds(name) : ({ name }) => !holds(name);
}

const ORDERS: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0, ne: (order) => order !== 0, gt: (order) => order > 0, gte: (order) => order >= 0, lt: (order) => order < 0, lte: (order) => order <= 0,
};
const STATUSES = ['unsupported', 'deprecated', 'experimental', 'test', 'stable'];

/** An attribute of the rule: text, level, status and dates by their order, lists by what is in them. */
function attributeCheck(item: YMap, path: string): Check<null> {
  const attribute = required(item, 'attribute', path);
  const value = required(item, 'value', path);
  const operator = scalar(item, 'op', path) ?? 'eq';
  const holds = ORDERS[operator];
  if (holds === undefined && operator !== 'in' && operator !== 'not_in') throw new SigmaError('bad_value', path, item.line, `the operator "${operator}" is not one of ${Object.keys(ORDERS).join(', ')}, in, not_in`);
  const scale: readonly string[] | null = attribute === 'level' ? LEVELS : attribute === 'status' ? STATUSES : null;
  if (scale !== null && !scale.includes(value.toLowerCase())) throw new SigmaError('bad_value', path, item.line, `"${value}" is not one of ${scale.join(', ')}`);
  return (_, { meta, attributes }) => {
    const own = Object.hasOwn(meta, attribute) ? (meta as unknown as Readonly<Record<string, unknown>>)[attribute] : attributes.get(attribute);
    if (own === null || own === undefined) return false;
    if (Array.isArray(own)) return operator === 'in' ? own.includes(value) : operator === 'not_in' ? !own.includes(value) : operator === 'ne';
    if (holds === undefined) return false;
    const text = String(own);
    return holds(scale === null ? (text < value ? -1 : text > value ? 1 : 0) : scale.indexOf(text) - scale.indexOf(value.toLowerCase()));
  };
}

function stateCheck(item: YMap, path: string): Check<null> {
  const key = required(item, 'key', path);
  const value = required(item, 'val', path);
  const operator = scalar(item, 'op', path) ?? 'eq';
  const holds = ORDERS[operator];
  if (holds === undefined) throw new SigmaError('bad_value', path, item.line, `the operator "${operator}" is not one of ${Object.keys(ORDERS).join(', ')}`);
  return (_, { state }) => {
    const own = state.get(key);
    if (own === undefined) return false;
    const [left, right] = [Number(own), Number(value)];
    return holds(Number.isNaN(left) || Number.isNaN(right) ? (own < value ? -1 : own > value ? 1 : 0) : left - right);
  };
}

/** A value as pySigma writes it: text with its wildcards, a backslash before those that are none and nowhere else. Null where the test has none. */
export function textOfTest({ test }: Leaf): string | null {
  return test.kind === 'pattern' ? test.pattern.map((piece) => (typeof piece === 'object' ? piece.literal.replace(/[*?]/g, '\\$&') : piece)).join('') : null;
}

export function leavesOf({ selections }: RuleDraft): Leaf[] {
  const out: Leaf[] = [];
  const visit = (expression: Expression): void => {
    if (expression.kind === 'leaf') out.push(expression);
    else if (expression.kind === 'not') visit(expression.of);
    else expression.of.forEach(visit);
  };
  for (const expression of selections.values()) visit(expression);
  return out;
}

export function logsourceOf(map: YMap): LogSource {
  const part = (key: 'category' | 'product' | 'service') => {
    const value = map.entries.get(key);
    return value?.kind === 'scalar' && value.value !== null ? { [key]: value.text.toLowerCase() } : {};
  };
  return { ...part('category'), ...part('product'), ...part('service') };
}

export function scalar(map: YMap, key: string, path: string): string | null {
  const node = map.entries.get(key);
  if (node === undefined || isNull(node)) return null;
  if (node.kind !== 'scalar') throw new SigmaError('type', path, node.line, `"${key}" is one value`);
  return node.text;
}

export function required(map: YMap, key: string, path: string): string {
  const text = scalar(map, key, path);
  if (text === null) throw new SigmaError('missing', path, map.line, `"${key}" is missing`);
  return text;
}

export const isNull = (node: YNode): boolean => node.kind === 'scalar' && node.value === null;
