import { parseCondition } from './condition.ts';
import { parseCorrelation } from './correlation-rule.ts';
import { SigmaError } from './errors.ts';
import { type ItemContext, join, parseItem, type Placeholders } from './modifiers.ts';
import type { RuleDraft, RulePipeline } from './pipeline.ts';
import type { DetectionRule, Expression, FilterRule, Level, LogSource, Metadata, SigmaRule } from './types.ts';
import { LEVELS } from './types.ts';
import { readYaml, texts, type YMap, type YNode } from './yaml.ts';

/** A rule file: where it came from (for messages) and its text. */
export interface RuleSource {
  readonly path: string;
  readonly text: string;
}

export interface ParseOptions {
  /** Field names and log sources of the rules → those of the events; compiled into each rule. */
  readonly pipeline?: RulePipeline;
  /** Values for `%name%` placeholders under the `expand` modifier. */
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
  /** True for placeholders without values that stand for anything. */
  readonly wildcard?: (placeholder: string) => boolean;
}

/**
 * Reads rules, filters and correlations. A document that is wrong is left out and reported; the others stand.
 * `counted` are names and ids of rules that correlations left out speak of: they were not meant to report on their own.
 */
export function parseRules(sources: Iterable<RuleSource>, options: ParseOptions = {}): { rules: SigmaRule[]; errors: SigmaError[]; counted: ReadonlySet<string> } {
  const counted = new Set<string>();
  const rules: SigmaRule[] = [];
  const errors: SigmaError[] = [];
  const given = new Map(Object.entries(options.placeholders ?? {}));
  const placeholders: Placeholders = (name) => given.get(name) ?? (options.wildcard?.(name) === true ? null : undefined);
  for (const source of sources) {
    const documents = readYaml(source.path, source.text, errors);
    for (const [index, document] of documents.entries()) {
      try {
        rules.push(parseDocument(document, index, source.path, placeholders, options.pipeline));
      } catch (error) {
        errors.push(asSigmaError(error, source.path));
        for (const name of countedBy(document)) counted.add(name);
      }
    }
  }
  return { rules, errors, counted };
}

/** The rules that a correlation names and keeps silent, where they can be read of one that is broken. */
function countedBy(document: YMap): string[] {
  const correlation = document.entries.get('correlation');
  if (correlation?.kind !== 'map') return [];
  const generate = correlation.entries.get('generate') ?? document.entries.get('generate');
  if (generate?.kind === 'scalar' && generate.text === 'true') return [];
  const named = correlation.entries.get('rules');
  return (named?.kind === 'list' ? named.items : named === undefined ? [] : [named]).flatMap((item) => (item.kind === 'scalar' ? [item.text] : []));
}

function asSigmaError(error: unknown, path: string): SigmaError {
  if (error instanceof SigmaError) return error;
  throw new Error(`unexpected failure while reading ${path}`, { cause: error });
}

function parseDocument(map: YMap, index: number, path: string, placeholders: Placeholders, pipeline: RulePipeline | undefined): SigmaRule {
  if (map.entries.has('action')) throw new SigmaError('unsupported', path, map.line, '"action" (rule collections) was removed from Sigma');
  const meta = metadata(map, index, path);
  const parts = ['detection', 'filter', 'correlation'].filter((part) => map.entries.has(part));
  if (parts.length !== 1) throw new SigmaError('missing', path, map.line, 'a document has one of detection, filter and correlation');
  if (parts[0] === 'correlation') return parseCorrelation(map, meta, path, pipeline);
  const detection = map.entries.get(parts[0] as string) as YNode;
  if (detection.kind !== 'map') throw new SigmaError('type', path, detection.line, `"${parts[0]}" is a map`);
  const isFilter = parts[0] === 'filter';
  const draft: RuleDraft = { kind: isFilter ? 'filter' : 'rule', meta, logsource: logSource(map, path), selections: new Map(), guards: [], state: new Map(), applied: new Set(), attributes: attributesOf(map) };
  const items = { next: 0 };
  for (const [name, node] of detection.entries) {
    if (name === 'condition' || name === 'timeframe' || (isFilter && name === 'rules')) continue;
    draft.selections.set(name, parseSelection(name, node, { path, selection: name, placeholders, items }));
  }
  const names = [...draft.selections.keys()];
  pipeline?.process(draft);
  const { selections, logsource, guards } = draft;
  const emptied = names.find((name) => !selections.has(name));
  if (emptied !== undefined) throw new SigmaError('unsupported', path, detection.line, `the pipeline leaves nothing of the selection "${emptied}"`);
  const conditionNode = detection.entries.get('condition');
  if (conditionNode === undefined) throw new SigmaError('missing', path, detection.line, 'the condition is missing');
  const conditions = (conditionNode.kind === 'list' ? conditionNode.items : [conditionNode]).map((node) => {
    if (node.kind !== 'scalar' || node.text.trim() === '') throw new SigmaError('condition', path, node.line, 'a condition is a line of text');
    return node.text;
  });
  if (conditions.length === 0) throw new SigmaError('condition', path, conditionNode.line, 'the condition is empty');
  const expression = join('or', conditions.map((text) => parseCondition(text, selections, path, conditionNode.line)));
  if (isFilter) return filterRule(meta, logsource, detection, expression, path);
  return {
    type: 'rule', meta, logsource, selections, condition: conditions.join(' or '),
    expression: guards.length === 0 ? expression : join('and', [...guards, expression]),
  } satisfies DetectionRule;
}

/**
 * The specification's example of a filter names what to suppress (`condition: selection`); sigma-cli and
 * the rules written for it name what to keep (`condition: not selection`). Both mean suppression, so a
 * filter whose condition is a negation is taken as what to keep, every other as what to suppress.
 */
function filterRule(meta: Metadata, logsource: LogSource, detection: YMap, expression: Expression, path: string): FilterRule {
  const rulesNode = detection.entries.get('rules');
  if (rulesNode === undefined) throw new SigmaError('missing', path, detection.line, 'a filter names the rules it applies to');
  const named = rulesNode.kind === 'list' ? texts(rulesNode, path, 'rules') : rulesNode.kind === 'scalar' ? [rulesNode.text] : [];
  if (named.length === 0) throw new SigmaError('missing', path, rulesNode.line, 'a filter names the rules it applies to');
  return {
    type: 'filter', meta, logsource,
    rules: rulesNode.kind === 'scalar' && rulesNode.text === 'any' ? 'any' : named,
    keep: isNegative(expression) ? expression : { kind: 'not', of: expression },
  };
}

/** A negation, or several joined: `not a and not b` says what to keep just as `not 1 of them` does. */
function isNegative(expression: Expression): boolean {
  return expression.kind === 'not' || ((expression.kind === 'and' || expression.kind === 'or') && expression.of.every(isNegative));
}

function parseSelection(name: string, node: YNode, context: ItemContext): Expression {
  if (node.kind === 'map') {
    const items = [...node.entries].map(([key, value]) => parseItem(key, value, context));
    if (items.length === 0) throw new SigmaError('bad_value', context.path, node.line, `the selection "${name}" is empty`);
    return join('and', items);
  }
  if (node.kind === 'list') {
    if (node.items.length === 0) throw new SigmaError('bad_value', context.path, node.line, `the selection "${name}" is empty`);
    return join('or', node.items.map((item) => (item.kind === 'scalar' ? parseItem('', item, context) : parseSelection(name, item, context))));
  }
  return parseItem('', node, context);
}

/** Attributes beyond those of the specification, which pipelines may ask for. */
function attributesOf(map: YMap): Map<string, string> {
  return new Map([...map.entries].flatMap(([name, node]) => (node.kind === 'scalar' && node.value !== null ? [[name, node.text] as const] : [])));
}

function metadata(map: YMap, index: number, path: string): Metadata {
  const scalar = (key: string): string | null => {
    const node = map.entries.get(key);
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return null;
    if (node.kind !== 'scalar') throw new SigmaError('type', path, node.line, `"${key}" is one line of text`);
    return node.text;
  };
  const list = (key: string): string[] => {
    const node = map.entries.get(key);
    return node === undefined || (node.kind === 'scalar' && node.value === null) ? [] : texts(node, path, key);
  };
  const title = scalar('title');
  if (title === null || title.trim() === '') throw new SigmaError('missing', path, map.line, 'the title is missing');
  const level = scalar('level') ?? 'medium';
  if (!LEVELS.includes(level as Level)) throw new SigmaError('bad_value', path, map.entries.get('level')?.line ?? map.line, `the level "${level}" is not one of ${LEVELS.join(', ')}`);
  return {
    id: scalar('id') ?? `${path}#${index + 1}`, name: scalar('name'), title, description: scalar('description') ?? '', status: scalar('status'),
    level: level as Level, author: scalar('author'), license: scalar('license'), references: list('references'), tags: list('tags'),
    falsepositives: list('falsepositives'), fields: list('fields'), date: scalar('date'), modified: scalar('modified'), path, line: map.line,
  };
}

function logSource(map: YMap, path: string): LogSource {
  const node = map.entries.get('logsource');
  if (node === undefined) throw new SigmaError('missing', path, map.line, 'the logsource is missing');
  if (node.kind !== 'map') throw new SigmaError('type', path, node.line, 'the logsource is a map');
  const part = (key: 'category' | 'product' | 'service') => {
    const value = node.entries.get(key);
    if (value === undefined || (value.kind === 'scalar' && value.value === null)) return {};
    if (value.kind !== 'scalar') throw new SigmaError('type', path, value.line, `logsource ${key} is one word`);
    return { [key]: value.text.toLowerCase() };
  };
  return { ...part('category'), ...part('product'), ...part('service') };
}
