/** Strings meant to make the engine's own regular expressions slow: each expression of the source, sampled and repeated. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const src = join(import.meta.dirname, '../../src');
const CLASSES: Readonly<Record<string, string>> = { d: '1', s: ' ', w: 'a', S: 'x', D: 'x', W: '-', b: '', B: '', n: '\n', t: '\t', r: '\r' };

/** Sources of the regular expressions written in the folders judge, identity, parse and attach, and beside them. */
export function expressions(): string[] {
  const files = ['judge', 'identity', 'parse', 'attach', '.'].flatMap((folder) => readdirSync(join(src, folder)).filter((name) => name.endsWith('.ts')).map((name) => join(src, folder, name)));
  const found = new Set<string>();
  for (const file of files) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (/^\s*(?:\/\/|\*|\/\*)/.test(line)) continue;
      for (const [, source] of line.matchAll(/(?<=[=(,:!&|?[]\s{0,2}|return |=> )\/((?![*/])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[\n])+)\/[dgimsuvy]*/g)) found.add(source!);
    }
  }
  return [...found];
}

/** One text that the expression would begin to like: the first member of each class, each alternative's first way. */
export function sampleOf(source: string): string {
  let out = '';
  for (let at = 0; at < source.length; at++) {
    const char = source[at]!;
    if (char === '\\') {
      const next = source[++at] ?? '';
      if (next === 'p' || next === 'P') { at = Math.max(at, source.indexOf('}', at)); out += '漢'; }
      else if (next === 'u') { const code = /^\{([0-9a-f]+)\}|^([0-9a-f]{4})/i.exec(source.slice(at + 1)); out += code === null ? '' : String.fromCodePoint(Number.parseInt(code[1] ?? code[2]!, 16)); at += code?.[0].length ?? 0; }
      else if (next === 'x') { out += String.fromCharCode(Number.parseInt(source.slice(at + 1, at + 3), 16) || 32); at += 2; }
      else out += CLASSES[next] ?? (/\d/.test(next) ? '' : next);
    } else if (char === '[') {
      let end = at + 1;
      while (end < source.length && source[end] !== ']') end += source[end] === '\\' ? 2 : 1;
      const inside = source.slice(at + 1, end);
      out += inside.startsWith('^') ? 'x' : sampleOf(inside.slice(0, inside[0] === '\\' ? 2 : 1)) || 'a';
      at = end;
    } else if (char === '(') {
      const group = /^\((?:\?(?:[:=!]|<[=!]|<\w+>))?/.exec(source.slice(at))!;
      at += group[0].length - 1;
    } else if (char === '{' && /^\{\d+(?:,\d*)?\}/.test(source.slice(at))) at += /^\{\d+(?:,\d*)?\}/.exec(source.slice(at))![0].length - 1;
    else if (char === '.') out += 'a';
    else if (!'^$*+?|)'.includes(char)) out += char;
  }
  return out.slice(0, 200);
}

/** Pumped forms of one expression: the whole, its beginning, its end, each repeated to about `length`, with a tail that fits nothing. */
export function pumps(source: string, length: number): string[] {
  const sample = sampleOf(source);
  if (sample === '') return [];
  const half = Math.ceil(sample.length / 2);
  return [sample, sample.slice(0, half), sample.slice(half), sample.slice(0, 1), sample.slice(-1)].filter((piece) => piece !== '').map((piece) => `${sample}${piece.repeat(Math.ceil(length / piece.length))}\u0001!`);
}
