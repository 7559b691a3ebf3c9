import { SigmaError } from './errors.ts';
import { parseNetwork } from './ip.ts';
import { literalPattern, mapLiterals, normalise, parsePattern, type Pattern, plainText } from './pattern.ts';
import { compileRegex } from './regex.ts';
import type { Affix, Comparison, Expression, Leaf, Test, TimePart } from './types.ts';
import type { YNode } from './yaml.ts';

/** Every modifier of the Sigma modifiers appendix 2.1.0. */
export const MODIFIERS = [
  'all', 'startswith', 'endswith', 'contains', 'exists', 'cased', 'neq', 'windash', 're', 'i', 'm', 's', 'base64',
  'base64offset', 'utf16le', 'utf16be', 'utf16', 'wide', 'lt', 'lte', 'gt', 'gte', 'minute', 'hour', 'day', 'week',
  'month', 'year', 'cidr', 'expand', 'fieldref',
] as const;

type Modifier = (typeof MODIFIERS)[number];
const KNOWN: ReadonlySet<string> = new Set(MODIFIERS);
const AFFIXES: ReadonlySet<string> = new Set(['startswith', 'endswith', 'contains']);
const COMPARISONS: ReadonlySet<string> = new Set(['lt', 'lte', 'gt', 'gte']);
const TIME_PARTS: ReadonlySet<string> = new Set(['minute', 'hour', 'day', 'week', 'month', 'year']);
const WIDE: ReadonlySet<string> = new Set(['wide', 'utf16le', 'utf16be', 'utf16']);

/** What takes a value as something else than text: a rule has one of them at most. Each with what may stand beside it. */
const TYPES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['exists', new Set<string>()], ['cidr', new Set(['expand'])], ['fieldref', new Set([...AFFIXES, 'cased'])], ['re', new Set(['i', 'm', 's', 'cased', ...AFFIXES])],
  ['a comparison', new Set([...COMPARISONS, ...TIME_PARTS])],
]);
/** They say how items are joined, and fit everywhere. */
const JOINS: ReadonlySet<string> = new Set(['all', 'neq']);
/** The greatest and least that a time part can be. */
const RANGES: Readonly<Record<TimePart, readonly [number, number]>> = { minute: [0, 59], hour: [0, 23], day: [1, 31], week: [1, 53], month: [1, 12], year: [0, 9999] };

/** A value may multiply (placeholders, windash, base64offset); this bounds by how much. */
const MAX_VARIANTS = 5_000;

export interface ItemContext {
  readonly path: string;
  readonly selection: string;
  readonly placeholders: Placeholders;
  /** Numbers the items of a rule. */
  readonly items: { next: number };
}

/** Values of `%name%`, or null where there are none and the name stands for anything; undefined refuses the rule. */
export type Placeholders = (name: string) => readonly string[] | null | undefined;

/**
 * Turns one `field|modifiers: values` item into an expression (Sigma rules specification 2.1,
 * "Value Modifiers"; modifiers appendix 2.1.0). Values are OR, AND with `all`; `neq` negates the whole
 * item, so it is also true where the field is absent.
 * @throws SigmaError for an unknown modifier, a modifier that does not fit, or a value of the wrong kind
 */
export function parseItem(key: string, node: YNode, context: ItemContext): Expression {
  const [name = '', ...written] = key.split('|');
  const field = name === '' ? null : name;
  const modifiers: Modifier[] = [];
  for (const modifier of written) {
    if (!KNOWN.has(modifier)) throw new SigmaError('unknown_modifier', context.path, node.line, `the modifier "${modifier}" is not a Sigma modifier`);
    modifiers.push(modifier as Modifier);
  }
  const misfit = misfitOf(modifiers);
  if (misfit !== null) throw new SigmaError('modifier_use', context.path, node.line, `"${key}": ${misfit}`);
  const has = (modifier: Modifier) => modifiers.includes(modifier);
  const scalars = node.kind === 'list' ? node.items : [node];
  if (scalars.length === 0) throw new SigmaError('bad_value', context.path, node.line, `"${key}" has an empty list of values`);
  const each: Expression[] = [];
  const item = context.items.next++;
  for (const scalar of scalars) {
    if (scalar.kind !== 'scalar') throw new SigmaError('type', context.path, scalar.line, `the values of "${key}" must be plain values`);
    const tests = testsFor(key, field, modifiers, scalar, context);
    const leaves: Leaf[] = tests.map((test) => ({
      kind: 'leaf', field, test, selection: context.selection, written: `${key}: ${scalar.text}`, line: scalar.line, item,
    }));
    each.push(join('or', leaves));
  }
  const joined = join(has('all') ? 'and' : 'or', each);
  return has('neq') ? { kind: 'not', of: joined } : joined;
}

/** Why modifiers do not go together, or null. */
function misfitOf(modifiers: readonly Modifier[]): string | null {
  const isComparison = (modifier: string) => COMPARISONS.has(modifier) || TIME_PARTS.has(modifier);
  for (const alike of [COMPARISONS, TIME_PARTS]) {
    const found = modifiers.filter((modifier) => alike.has(modifier));
    if (found.length > 1) return `${found.join(' and ')} exclude one another`;
  }
  const type = modifiers.find((modifier) => TYPES.has(modifier) || isComparison(modifier));
  if (type === undefined) return null;
  const beside = TYPES.get(isComparison(type) ? 'a comparison' : type) as ReadonlySet<string>;
  const other = modifiers.find((modifier) => modifier !== type && !JOINS.has(modifier) && !beside.has(modifier));
  if (other !== undefined) return `${type} and ${other} do not go together`;
  if (type === 're' && modifiers.some((modifier, at) => (modifier === 'i' || modifier === 'm' || modifier === 's') && at < modifiers.indexOf('re'))) return 'i, m and s belong after re';
  return null;
}

/** AND or OR of the parts, without a wrapper round a single one. */
export function join(kind: 'and' | 'or', of: readonly Expression[]): Expression {
  const only = of[0];
  if (of.length === 1 && only !== undefined) return only;
  return { kind, of: of.flatMap((part) => (part.kind === kind ? part.of : [part])) };
}

type Scalar = Extract<YNode, { kind: 'scalar' }>;

function testsFor(key: string, field: string | null, modifiers: readonly Modifier[], scalar: Scalar, context: ItemContext): Test[] {
  const has = (modifier: Modifier) => modifiers.includes(modifier);
  const misuse = (detail: string) => new SigmaError('modifier_use', context.path, scalar.line, `"${key}": ${detail}`);
  if (has('exists')) {
    if (field === null) throw misuse('exists needs a field');
    const wanted = booleanOf(scalar);
    if (wanted === null) throw misuse('exists takes true or false');
    return [{ kind: 'exists', wanted }];
  }
  if (scalar.value === null) {
    if (modifiers.some((modifier) => modifier !== 'neq' && modifier !== 'all' && modifier !== 'cased')) throw misuse('null cannot be modified');
    if (field === null) throw misuse('null needs a field');
    return [{ kind: 'null' }];
  }
  const affixes = modifiers.filter((modifier) => AFFIXES.has(modifier));
  if (affixes.length > 1) throw misuse(`${affixes.join(' and ')} exclude one another`);
  const affix = (affixes[0] ?? 'whole') as Affix;
  const cased = has('cased');
  if (has('fieldref')) {
    if (field === null) throw misuse('fieldref needs a field');
    return [{ kind: 'fieldref', field: scalar.text, affix, cased }];
  }
  const comparison = modifiers.find((modifier) => COMPARISONS.has(modifier)) as Comparison | undefined;
  const part = modifiers.find((modifier) => TIME_PARTS.has(modifier)) as TimePart | undefined;
  if (comparison !== undefined || part !== undefined) {
    if (field === null) throw misuse('a comparison needs a field');
    const value = typeof scalar.value === 'number' ? scalar.value : Number(scalar.text.trim() === '' ? Number.NaN : scalar.text);
    if (!Number.isFinite(value)) throw misuse(`"${scalar.text}" is not a number`);
    if (part !== undefined && comparison === undefined && !(value >= RANGES[part][0] && value <= RANGES[part][1])) throw misuse(`no ${part} is ${value}`);
    if (part !== undefined) return [{ kind: 'time', part, operator: comparison ?? 'eq', value }];
    return [{ kind: 'compare', operator: comparison as Comparison, value }];
  }
  if (has('cidr')) return cidrTests(scalar, has('expand'), context);
  if (has('re')) {
    const flags = (['i', 'm', 's'] as const).filter((flag) => has(flag)).join('');
    compileRegex(scalar.text, flags, context.path, scalar.line);
    return [{ kind: 'regex', source: scalar.text, flags }];
  }
  if (has('i') || has('m') || has('s')) throw misuse('i, m and s belong after re');
  return patternTests(scalar, field, modifiers, affix, cased, context, misuse);
}

function patternTests(
  scalar: Scalar, field: string | null, modifiers: readonly Modifier[], affix: Affix, cased: boolean, context: ItemContext,
  misuse: (detail: string) => SigmaError,
): Test[] {
  let patterns: Pattern[] = modifiers.includes('expand')
    ? expand(scalar, context)
    : [typeof scalar.value === 'string' ? parsePattern(scalar.value) : literalPattern(scalar.text)];
  for (const modifier of modifiers) {
    if (modifier === 'windash') patterns = patterns.flatMap((pattern) => windash(pattern, misuse));
    else if (WIDE.has(modifier)) patterns = patterns.map((pattern) => mapLiterals(pattern, (text) => utf16(text, modifier)));
    else if (modifier === 'base64' || modifier === 'base64offset') {
      const wide = modifiers.slice(0, modifiers.indexOf(modifier)).some((earlier) => WIDE.has(earlier));
      patterns = patterns.flatMap((pattern) => {
        const text = plainText(pattern);
        if (text === null) throw misuse(`wildcards cannot be put into ${modifier}`);
        const bytes = Buffer.from(text, wide ? 'latin1' : 'utf8');
        return (modifier === 'base64' ? [bytes.toString('base64')] : base64Offsets(bytes)).map(literalPattern);
      });
    }
    if (patterns.length > MAX_VARIANTS) throw misuse(`stands for more than ${MAX_VARIANTS} values`);
  }
  // A keyword is looked for anywhere in a value.
  const where = field === null && affix === 'whole' ? 'contains' : affix;
  return patterns.map((pattern) => ({ kind: 'pattern', pattern: withAffix(pattern, where), cased }));
}

function withAffix(pattern: Pattern, affix: Affix): Pattern {
  if (affix === 'whole') return pattern;
  return normalise([...(affix === 'startswith' ? [] : ['*' as const]), ...pattern, ...(affix === 'endswith' ? [] : ['*' as const])]);
}

function booleanOf(scalar: Scalar): boolean | null {
  if (typeof scalar.value === 'boolean') return scalar.value;
  const text = scalar.text.toLowerCase();
  return text === 'true' || text === 'yes' ? true : text === 'false' || text === 'no' ? false : null;
}

function cidrTests(scalar: Scalar, expands: boolean, context: ItemContext): Test[] {
  const texts = expands ? expand(scalar, context).map((pattern) => plainText(pattern) ?? '') : [scalar.text];
  return texts.map((text) => {
    const network = parseNetwork(text);
    if (network === null) throw new SigmaError('bad_cidr', context.path, scalar.line, `"${text}" is not an IP network such as 192.0.2.0/24`);
    return { kind: 'cidr', network, text };
  });
}

/** Placeholders (`%name%`) become each of their values; `\%` is a plain percent sign. An unknown one refuses the rule. */
function expand(scalar: Scalar, context: ItemContext): Pattern[] {
  const pieces = scalar.text.split(/(\\%|%[A-Za-z0-9_.-]+%)/);
  let variants: Pattern[] = [[]];
  for (const piece of pieces) {
    if (piece === '') continue;
    let choices: readonly Pattern[];
    if (piece === '\\%') choices = [literalPattern('%')];
    else if (piece.startsWith('%') && piece.endsWith('%') && piece.length > 2) {
      const values = context.placeholders(piece.slice(1, -1));
      if (values === undefined) throw new SigmaError('placeholder', context.path, scalar.line, `no values are given for the placeholder ${piece}`);
      choices = values === null ? [['*']] : values.map(parsePattern);
    } else choices = [parsePattern(piece)];
    if (variants.length * choices.length > MAX_VARIANTS) throw new SigmaError('placeholder', context.path, scalar.line, `placeholders stand for more than ${MAX_VARIANTS} values`);
    variants = variants.flatMap((before) => choices.map((choice) => normalise([...before, ...choice])));
  }
  return variants;
}

const DASHES = ['-', '/', '–', '—', '―'] as const;
const FLAG_DASH = /(?<![\p{L}\p{N}_])([-/–—―])(?=[\p{L}\p{N}_])/u;

/** All permutations of the dashes that open a command line flag (a dash before a word and not after one). */
function windash(pattern: Pattern, misuse: (detail: string) => SigmaError): Pattern[] {
  let variants: Pattern[] = [[]];
  for (const piece of pattern) {
    const parts = typeof piece === 'object' ? piece.literal.split(FLAG_DASH) : null;
    if (parts === null) variants = variants.map((before) => [...before, piece]);
    else {
      for (const [index, part] of parts.entries()) {
        const choices: readonly string[] = index % 2 === 1 ? DASHES : [part];
        if (variants.length * choices.length > MAX_VARIANTS) throw misuse('has too many dashes for windash');
        variants = variants.flatMap((before) => choices.map((choice) => (choice === '' ? before : [...before, { literal: choice }])));
      }
    }
  }
  return variants.map(normalise);
}

/** UTF-16 bytes as a string of one character per byte. */
function utf16(text: string, modifier: string): string {
  const little = Buffer.from(text, 'utf16le');
  if (modifier === 'utf16be') return Buffer.from(little).swap16().toString('latin1');
  return (modifier === 'utf16' ? '\u00ff\u00fe' : '') + little.toString('latin1');
}

/** The parts of the three base64 forms that do not depend on what stands before and after. */
function base64Offsets(bytes: Buffer): string[] {
  const starts = [0, 2, 3] as const;
  const cuts = [0, 3, 2] as const;
  return starts.map((start, offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return text.slice(start, text.length - (cuts[(bytes.length + offset) % 3] as number));
  });
}
