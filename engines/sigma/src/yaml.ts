import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node as YamlNode, parseAllDocuments } from 'yaml';
import { SigmaError } from './errors.ts';

/** A YAML value that remembers its line. Maps keep the order of the file. */
export type YNode =
  | { readonly kind: 'scalar'; readonly line: number; readonly value: string | number | boolean | null; readonly text: string }
  | { readonly kind: 'list'; readonly line: number; readonly items: readonly YNode[] }
  | { readonly kind: 'map'; readonly line: number; readonly entries: ReadonlyMap<string, YNode> };

export type YMap = Extract<YNode, { kind: 'map' }>;

/** The key of YAML 1.1 that brings in another map, which authors go on using. */
const MERGE = '<<';

/** Longest file read, in UTF-16 units, and most values in one file: a rule is a page of text, not a book. */
export const LIMITS = { fileChars: 4_000_000, nodes: 200_000, depth: 32 } as const;

/**
 * Reads every YAML document of a file (YAML 1.2 core schema, with merge keys). Empty documents are left out, and so are those that
 * cannot be read: `errors` says with file and line why.
 */
export function readYaml(path: string, text: string, errors: SigmaError[]): YMap[] {
  if (text.length > LIMITS.fileChars) {
    errors.push(new SigmaError('too_large', path, 1, `the file is longer than ${LIMITS.fileChars} characters`));
    return [];
  }
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, version: '1.2', prettyErrors: false, logLevel: 'silent' });
  const documents = Array.isArray(parsed) ? parsed : [];
  const out: YMap[] = [];
  const budget = { left: LIMITS.nodes };
  for (const document of documents as Document.Parsed[]) {
    try {
      const failure = document.errors[0];
      if (failure !== undefined) throw new SigmaError('yaml', path, lines.linePos(failure.pos[0]).line, firstLine(failure.message));
      const contents = document.contents as YamlNode | null;
      if (contents === null || (isScalar(contents) && contents.value === null)) continue;
      const node = convert(contents, document, { path, lines, budget }, 0, 1);
      if (node.kind !== 'map') throw new SigmaError('type', path, node.line, 'a rule is a map of keys and values');
      out.push(node);
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error;
      errors.push(error);
    }
  }
  return out;
}

interface Reading {
  readonly path: string;
  readonly lines: LineCounter;
  readonly budget: { left: number };
}

function convert(node: YamlNode | null, document: Document, reading: Reading, depth: number, near: number): YNode {
  const line = node?.range ? reading.lines.linePos(node.range[0]).line : near;
  if (depth > LIMITS.depth) throw new SigmaError('too_large', reading.path, line, `nested deeper than ${LIMITS.depth}`);
  // Aliases are followed, so that the budget also bounds what they multiply.
  if (--reading.budget.left < 0) throw new SigmaError('too_large', reading.path, line, `more than ${LIMITS.nodes} values in one file`);
  if (node === null) return { kind: 'scalar', line, value: null, text: '' };
  if (isAlias(node)) return convert((node.resolve(document) as YamlNode | undefined) ?? null, document, reading, depth + 1, line);
  if (isMap(node)) {
    const entries = new Map<string, YNode>();
    const merged: YNode[] = [];
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value ?? '') : null;
      if (key === null) throw new SigmaError('type', reading.path, line, 'keys must be plain text');
      const child = convert(pair.value as YamlNode | null, document, reading, depth + 1, keyLine(pair.key as YamlNode, reading, line));
      if (key === MERGE && isScalar(pair.key) && pair.key.type === 'PLAIN') merged.push(...(child.kind === 'list' ? child.items : [child]));
      else entries.set(key, child);
    }
    // What stands in the map itself goes before what is merged into it, and of that the first.
    for (const one of merged) {
      if (one.kind !== 'map') throw new SigmaError('type', reading.path, one.line, 'what "<<" merges is a map');
      for (const [name, value] of one.entries) if (!entries.has(name)) entries.set(name, value);
    }
    return { kind: 'map', line, entries };
  }
  if (isSeq(node)) {
    return { kind: 'list', line, items: node.items.map((item) => convert(item as YamlNode | null, document, reading, depth + 1, line)) };
  }
  if (isScalar(node)) {
    const value = node.value;
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return { kind: 'scalar', line, value, text: String(value ?? '') };
    // Integers beyond 2^53 would be rounded; the text of the file is exact.
    if (typeof value === 'number' && Number.isSafeInteger(value)) return { kind: 'scalar', line, value, text: String(value) };
    return { kind: 'scalar', line, value: typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value) ? value : (node.source ?? String(value)), text: node.source ?? String(value) };
  }
  throw new SigmaError('type', reading.path, line, 'this kind of value is not used in rules');
}

function keyLine(key: YamlNode | null, reading: Reading, near: number): number {
  return key?.range ? reading.lines.linePos(key.range[0]).line : near;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

/** A list of plain values, or one value as a list of one. */
export function texts(node: YNode, path: string, key: string): string[] {
  return (node.kind === 'list' ? node.items : [node]).map((item) => {
    if (item.kind !== 'scalar') throw new SigmaError('type', path, item.line, `"${key}" is a list of plain values`);
    return item.text;
  });
}
