import { parseCondition } from './condition.ts';
import { SigmaError } from './errors.ts';
import type { RulePipeline } from './pipeline.ts';
import type { CorrelationRule, CorrelationType, Expression, Leaf, Metadata, Threshold } from './types.ts';
import { texts, type YMap } from './yaml.ts';

const TYPES: readonly CorrelationType[] = ['event_count', 'value_count', 'value_sum', 'value_avg', 'value_min', 'value_max', 'value_median', 'value_percentile', 'temporal', 'temporal_ordered'];
const OPERATORS: readonly Threshold['operator'][] = ['lt', 'lte', 'gt', 'gte', 'eq', 'neq'];
/** `timeframe` is the older name of `timespan`; `generate` stands here or at the top. */
const KEYS: ReadonlySet<string> = new Set(['type', 'rules', 'group-by', 'timespan', 'timeframe', 'condition', 'aliases', 'generate']);
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Most events one group may have to hold for a rule; a threshold above it could never be reached. */
export const MAX_THRESHOLD = 10_000;
/** Fields counted together. */
const MAX_FIELDS = 16;
const MAX_TIMESPAN_MS = 31 * UNIT_MS.d;

/**
 * Reads the `correlation` part of a document (Sigma correlation rules specification 2.0.2).
 * @throws SigmaError
 */
export function parseCorrelation(map: YMap, meta: Metadata, path: string, pipeline: RulePipeline | undefined): CorrelationRule {
  const node = map.entries.get('correlation');
  if (node?.kind !== 'map') throw new SigmaError('type', path, node?.line ?? map.line, '"correlation" is a map');
  const fail = (detail: string, key?: string) => new SigmaError('bad_value', path, (key === undefined ? undefined : node.entries.get(key)?.line) ?? node.line, detail);
  const list = (key: string): string[] => {
    const value = node.entries.get(key);
    return value === undefined ? [] : texts(value, path, key);
  };
  const scalar = (key: string): string | null => {
    const value = node.entries.get(key);
    return value?.kind === 'scalar' && value.value !== null ? value.text : null;
  };
  // Misspelt, "group-by" would count over everybody.
  const unknown = [...node.entries.keys()].find((key) => !KEYS.has(key));
  if (unknown !== undefined) throw fail(`"${unknown}" is not one of ${[...KEYS].join(', ')}`, unknown);
  const type = scalar('type') as CorrelationType | null;
  if (type === null || !TYPES.includes(type)) throw fail(`the correlation type is one of ${TYPES.join(', ')}`, 'type');
  const rules = list('rules');
  if (rules.length === 0) throw fail('a correlation names the rules it counts');
  const timespan = /^(\d{1,9})([smhd])$/.exec(scalar('timespan') ?? scalar('timeframe') ?? '');
  if (timespan === null) throw fail('the timespan is a number with s, m, h or d, such as 10m', 'timespan');
  const timespanMs = Number(timespan[1]) * UNIT_MS[timespan[2] as keyof typeof UNIT_MS];
  if (timespanMs <= 0 || timespanMs > MAX_TIMESPAN_MS) throw fail('the timespan is between 1 second and 31 days', 'timespan');
  const { thresholds, fields, percentile, expression } = condition(node, type, rules, path);
  const aliases = new Map<string, ReadonlyMap<string, string>>();
  const aliasNode = node.entries.get('aliases');
  if (aliasNode?.kind === 'map') {
    for (const [alias, targets] of aliasNode.entries) {
      if (targets.kind !== 'map') throw new SigmaError('type', path, targets.line, `the alias "${alias}" maps rule names to fields`);
      aliases.set(alias, new Map([...targets.entries].map(([rule, target]) => [rule, mapped(texts(target, path, alias)[0] as string, pipeline)])));
    }
  } else if (aliasNode !== undefined) throw new SigmaError('type', path, aliasNode.line, '"aliases" is a map');
  return {
    type: 'correlation', meta, correlation: type, rules, timespanMs, thresholds, percentile, aliases, expression,
    closing: expression === null ? !thresholds.some(({ operator }) => operator === 'gt' || operator === 'gte' || operator === 'eq') : hasNegation(expression),
    groupBy: list('group-by').map((name) => (aliases.has(name) ? name : mapped(name, pipeline))),
    fields: fields.map((name) => (aliases.has(name) ? name : mapped(name, pipeline))),
    generate: (map.entries.get('generate') ?? node.entries.get('generate'))?.kind === 'scalar' && (scalar('generate') ?? topScalar(map, 'generate')) === 'true',
  };
}

function topScalar(map: YMap, key: string): string | null {
  const node = map.entries.get(key);
  return node?.kind === 'scalar' ? node.text : null;
}

/** Correlations have no logsource, so only field names that hold for every logsource are mapped. */
function mapped(name: string, pipeline: RulePipeline | undefined): string {
  return pipeline?.fields(name, {})[0] ?? name;
}

interface Condition {
  readonly thresholds: readonly Threshold[];
  readonly fields: readonly string[];
  readonly percentile: number;
  readonly expression: Expression | null;
}

function condition(map: YMap, type: CorrelationType, rules: readonly string[], path: string): Condition {
  const node = map.entries.get('condition');
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  const all: Condition = { thresholds: [{ operator: 'gte', value: rules.length }], fields: [], percentile: 50, expression: null };
  if (node === undefined) {
    if (temporal) return all;
    throw new SigmaError('missing', path, map.line, `a ${type} correlation needs a condition`);
  }
  if (node.kind === 'scalar' && temporal) {
    const expression = parseCondition(node.text, new Map(rules.map((rule, number) => [rule, seen(number, node.line)])), path, node.line);
    if (type === 'temporal') return { ...all, thresholds: [{ operator: 'gte', value: 1 }], expression };
    // In an order stand all of them or none.
    if (!isAllOf(expression, rules.length)) throw new SigmaError('unsupported', path, node.line, 'temporal_ordered needs all of its rules: join them by "and"');
    return all;
  }
  if (node.kind !== 'map') throw new SigmaError('type', path, node.line, 'the condition of a correlation is a map such as "gte: 10"');
  const thresholds: Threshold[] = [];
  let fields: readonly string[] = [];
  let percentile = 50;
  for (const [key, value] of node.entries) {
    if (key === 'field') {
      fields = texts(value, path, key);
      if (fields.length === 0 || fields.length > MAX_FIELDS) throw new SigmaError('bad_value', path, value.line, `"field" names 1 to ${MAX_FIELDS} fields`);
      if (fields.length > 1 && type !== 'value_count') throw new SigmaError('unsupported', path, value.line, `a ${type} correlation reckons with one field; value_count counts several together`);
      continue;
    }
    const number = value.kind === 'scalar' && typeof value.value === 'number' ? value.value : Number.NaN;
    if (!Number.isFinite(number)) throw new SigmaError('bad_value', path, value.line, `"${key}" takes a number`);
    if (key === 'percentile') percentile = number;
    else if ((OPERATORS as readonly string[]).includes(key)) thresholds.push({ operator: key as Threshold['operator'], value: number });
    else throw new SigmaError('bad_value', path, value.line, `"${key}" is not one of ${OPERATORS.join(', ')}, field, percentile`);
  }
  if (thresholds.length === 0) throw new SigmaError('missing', path, node.line, 'the condition has no threshold');
  if (type.startsWith('value_') && fields.length === 0) throw new SigmaError('missing', path, node.line, `a ${type} correlation names a field in its condition`);
  if (percentile < 0 || percentile > 100) throw new SigmaError('bad_value', path, node.line, 'the percentile is between 0 and 100');
  const counts = temporal || type === 'event_count' || type === 'value_count';
  if (counts && thresholds.some(({ value }) => value > MAX_THRESHOLD)) throw new SigmaError('too_large', path, node.line, `thresholds above ${MAX_THRESHOLD} are not supported`);
  if (type === 'temporal_ordered' && thresholds.some(({ operator, value }) => operator !== 'gte' || value !== rules.length)) {
    throw new SigmaError('unsupported', path, node.line, 'temporal_ordered needs all of its rules');
  }
  return { thresholds, fields: type.startsWith('value_') ? fields : [], percentile, expression: null };
}

/** Stands for "this rule was true within the timespan". */
function seen(number: number, line: number): Leaf {
  return { kind: 'leaf', field: null, test: { kind: 'exists', wanted: true }, selection: String(number), written: '', line };
}

function isAllOf(expression: Expression, rules: number): boolean {
  const parts = expression.kind === 'and' ? expression.of : [expression];
  return parts.every(({ kind }) => kind === 'leaf') && new Set(parts.map((part) => (part as Leaf).selection)).size === rules;
}

function hasNegation(expression: Expression): boolean {
  return expression.kind === 'not' || (expression.kind !== 'leaf' && expression.of.some(hasNegation));
}
