import { RE2JS } from 're2js';
import { SigmaError } from './errors.ts';
import { join } from './modifiers.ts';
import { literalPattern, mapLiterals, parsePattern, type Pattern } from './pattern.ts';
import { isNull, required, scalar, textOfTest } from './pipeline-conditions.ts';
import { MAX_REGEX_CHARS } from './regex.ts';
import type { Expression, Leaf, Metadata } from './types.ts';
import { texts, type YMap } from './yaml.ts';

/** Puts something in the place of a value; null drops it, the leaf itself leaves it as it is. */
export type ValueChange = (leaf: Leaf, meta: Metadata) => Expression | null;

const HASHES: Readonly<Record<number, string>> = { 32: 'MD5', 40: 'SHA1', 64: 'SHA256', 128: 'SHA512' };

/** The change of values that a transformation of pySigma stands for; null where it is none of values. */
export function readValueChange(type: string, map: YMap, path: string): ValueChange | null {
  switch (type) {
    case 'drop_detection_item':
      return () => null;
    case 'replace_string':
      return replaceString(map, path);
    case 'map_string':
      return mapString(map, path);
    case 'set_value': {
      const value = map.entries.get('value');
      if (value === undefined || value.kind !== 'scalar') throw new SigmaError('missing', path, map.line, 'set_value needs a "value"');
      const test: Leaf['test'] = value.value === null ? { kind: 'null' } : { kind: 'pattern', pattern: typeof value.value === 'string' ? parsePattern(value.value) : literalPattern(value.text), cased: false };
      return (leaf) => ({ ...leaf, test });
    }
    case 'convert_type': {
      // Numbers and texts are compared as texts anyway; what cannot become a number is refused as pySigma does.
      const target = required(map, 'target_type', path);
      if (target !== 'str' && target !== 'num') throw new SigmaError('bad_value', path, map.line, '"target_type" is str or num');
      return (leaf, meta) => {
        const text = textOfTest(leaf);
        if (target === 'num' && text !== null && !/^[-+]?(\d+\.?\d*|\.\d+)$/.test(text)) throw new SigmaError('bad_value', meta.path, leaf.line, `the value "${text}" cannot become a number, which the pipeline asks for`);
        return leaf;
      };
    }
    case 'case':
      return changeCase(map, path);
    case 'regex': {
      const method = scalar(map, 'method', path) ?? 'ignore_case_brackets';
      if (!['plain', 'ignore_case_flag', 'ignore_case_brackets'].includes(method)) throw new SigmaError('bad_value', path, map.line, '"method" is plain, ignore_case_flag or ignore_case_brackets');
      // A regular expression made of a value is that value; only whether case counts can change.
      return (leaf) => (method === 'plain' && leaf.test.kind === 'pattern' ? { ...leaf, test: { ...leaf.test, cased: true } } : leaf);
    }
    case 'hashes_fields':
      return hashesFields(map, path);
    default:
      return null;
  }
}

function replaceString(map: YMap, path: string): ValueChange {
  const source = required(map, 'regex', path);
  const line = map.entries.get('regex')?.line ?? map.line;
  const replacement = required(map, 'replacement', path);
  const [skipSpecial, interpretSpecial] = [scalar(map, 'skip_special', path) === 'true', scalar(map, 'interpret_special', path) === 'true'];
  if (source.length > MAX_REGEX_CHARS) throw new SigmaError('bad_regex', path, line, `the regular expression is longer than ${MAX_REGEX_CHARS} characters`);
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(source);
  } catch (error) {
    throw new SigmaError('bad_regex', path, line, `the regular expression cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
  const replaced = (text: string): string => substitute(regex, text, replacement);
  return (leaf) => {
    if (leaf.test.kind !== 'pattern') return leaf;
    let pattern: Pattern;
    if (skipSpecial) pattern = leaf.test.pattern.flatMap((piece) => (typeof piece === 'string' ? [piece] : interpretSpecial ? readText(replaced(piece.literal)) : literalPattern(replaced(piece.literal))));
    else {
      const text = textOfTest(leaf) as string;
      const changed = replaced(text);
      if (changed === text) return leaf;
      pattern = readText(changed);
    }
    return { ...leaf, test: { ...leaf.test, pattern: mapLiterals(pattern, (text) => text) } };
  };
}

/** As `re.sub` of Python: `\1`, `\g<1>` and `\g<name>` stand for groups. */
function substitute(regex: RE2JS, text: string, replacement: string): string {
  const matcher = regex.matcher(text);
  let out = '';
  let from = 0;
  while (matcher.find()) {
    out += text.slice(from, matcher.start());
    out += replacement.replace(/\\(?:(\d{1,2})|g<(\w+)>|([\\nrt]))/g, (_, number?: string, name?: string, escape?: string) => {
      if (escape !== undefined) return { n: '\n', r: '\r', t: '\t' }[escape] ?? escape;
      const group = number ?? (name as string);
      return (/^\d+$/.test(group) ? matcher.group(Number(group)) : matcher.group(group)) ?? '';
    });
    from = matcher.end();
  }
  return out + text.slice(from);
}

/** Text as {@link textOfTest} writes it: a backslash is one, but before a wildcard. */
function readText(text: string): Pattern {
  return parsePattern(text.replace(/\\(?![*?])/g, '\\\\'));
}

function mapString(map: YMap, path: string): ValueChange {
  const node = map.entries.get('mapping');
  if (node?.kind !== 'map') throw new SigmaError('missing', path, map.line, '"mapping" is a map of texts');
  const mapping = new Map([...node.entries].map(([from, to]) => [from, texts(to, path, from)]));
  return (leaf) => {
    const text = textOfTest(leaf);
    const targets = text === null ? undefined : mapping.get(text);
    if (targets === undefined || leaf.test.kind !== 'pattern') return leaf;
    const { test } = leaf;
    return targets.length === 0 ? null : join('or', targets.map((target): Leaf => ({ ...leaf, test: { ...test, pattern: parsePattern(target) } })));
  };
}

function changeCase(map: YMap, path: string): ValueChange {
  const method = scalar(map, 'method', path) ?? 'lower';
  const change = { lower: (text: string) => text.toLowerCase(), upper: (text: string) => text.toUpperCase(), snake_case: (text: string) => text.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toLowerCase() }[method];
  if (change === undefined) throw new SigmaError('bad_value', path, map.line, '"method" is lower, upper or snake_case');
  return (leaf) => (leaf.test.kind === 'pattern' ? { ...leaf, test: { ...leaf.test, pattern: mapLiterals(leaf.test.pattern, change) } } : leaf);
}

/** `SHA1=…` in one field of all hashes becomes a field for each kind, which holds the whole hash. */
function hashesFields(map: YMap, path: string): ValueChange {
  const node = map.entries.get('valid_hash_algos');
  if (node === undefined || isNull(node)) throw new SigmaError('missing', path, map.line, 'hashes_fields needs "valid_hash_algos"');
  const valid = texts(node, path, 'valid_hash_algos');
  const prefix = scalar(map, 'field_prefix', path) ?? '';
  const bare = scalar(map, 'drop_algo_prefix', path) === 'true';
  return (leaf, meta) => {
    const text = textOfTest(leaf);
    if (text === null) return leaf;
    const parts = text.replace(/^\*+|\*+$/g, '').split(text.includes('|') ? '|' : '=');
    const [algorithm, value] = parts.length === 2 ? [(parts[0] as string).toUpperCase(), parts[1] as string] : [HASHES[(parts[0] as string).length] ?? '', parts[0] as string];
    if (!valid.includes(algorithm)) throw new SigmaError('bad_value', meta.path, leaf.line, `"${text}" is none of the hashes that the pipeline knows: ${valid.join(', ')}`);
    const field = prefix + (bare ? '' : algorithm);
    return { ...leaf, field: field === 'keyword' ? null : field, test: { kind: 'pattern', pattern: literalPattern(value), cased: false } };
  };
}
