/** Authentication-Results, RFC 8601 (May 2019), section 2.2: who judged, and what. */

export interface MethodResult {
  /** `spf`, `dkim`, `dmarc`, `arc`, `iprev` …, lower case. */
  readonly method: string;
  /** `pass`, `fail` …, lower case. */
  readonly result: string;
  /** `header.d`, `smtp.mailfrom` … in lower case, with the values as they stand. */
  readonly properties: ReadonlyMap<string, string>;
  /** `dkim=pass`, as it stands in the header. */
  readonly quote: string;
}

export interface AuthenticationResults {
  /** authserv-id in lower case, '' when the header has none. */
  readonly id: string;
  readonly results: readonly MethodResult[];
}

const MAX_CHARS = 20_000;
const MAX_RESULTS = 60;
const MAX_PROPERTIES = 20;

type Token = { readonly kind: 'word' | ';' | '='; readonly text: string; readonly start: number; readonly end: number };

/**
 * Reads the value of the header as it was written (encoded words still closed: what is inside them must not become
 * results). Comments are skipped, nested ones too; quoted strings are values. What is broken is left out up to the next
 * semicolon. Never throws.
 */
export function parseResults(value: string): AuthenticationResults {
  const tokens = tokenize(value.slice(0, MAX_CHARS));
  const sections: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === ';') sections.push([]);
    else sections.at(-1)!.push(token);
  }
  const [head = [], ...rest] = sections;
  // Behind the id may stand a version. An id that is missing shows as `dkim=pass` in its place: such a header is nobody's.
  const id = head[0]?.kind === 'word' && head[1]?.kind !== '=' ? head[0].text.toLowerCase() : '';
  return { id, results: rest.slice(0, MAX_RESULTS).map((section) => readResult(section, value)).filter((result) => result !== undefined) };
}

function readResult(section: readonly Token[], value: string): MethodResult | undefined {
  const [method, equals, result] = section;
  if (method?.kind !== 'word' || equals?.kind !== '=' || result?.kind !== 'word') return undefined;
  const properties = new Map<string, string>();
  for (let at = 3; at + 2 < section.length && properties.size < MAX_PROPERTIES; ) {
    const [name, sign, content] = [section[at]!, section[at + 1]!, section[at + 2]!];
    if (name.kind !== 'word' || sign.kind !== '=' || content.kind !== 'word') {
      at++;
      continue;
    }
    // The first counts: a value that ends too early must not be able to say something else behind it.
    if (!properties.has(name.text.toLowerCase())) properties.set(name.text.toLowerCase(), content.text);
    at += 3;
  }
  return { method: method.text.toLowerCase().split('/', 1)[0]!, result: result.text.toLowerCase(), properties, quote: value.slice(method.start, result.end) };
}

function tokenize(value: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < value.length) {
    const char = value[at]!;
    if (/\s/.test(char)) at++;
    else if (char === '(') at = behindComment(value, at);
    else if (char === ';' || char === '=') {
      tokens.push({ kind: char, text: char, start: at, end: at + 1 });
      at++;
    } else {
      const start = at;
      let text = '';
      // After `=` a value runs to the next blank: `header.i=@example.jp`, `header.b=a+b/c=`.
      const isValue = tokens.at(-1)?.kind === '=';
      while (at < value.length && !/[\s;()]/.test(value[at]!) && (isValue || value[at] !== '=')) {
        if (value[at] !== '"') text += value[at++]!;
        else {
          const quoted = readQuoted(value, at);
          text += quoted.text;
          at = quoted.end;
        }
      }
      if (at === start) at++;
      else tokens.push({ kind: 'word', text, start, end: at });
    }
  }
  return tokens;
}

function readQuoted(value: string, from: number): { readonly text: string; readonly end: number } {
  let text = '';
  let at = from + 1;
  while (at < value.length && value[at] !== '"') {
    if (value[at] === '\\') at++;
    text += value[at++] ?? '';
  }
  return { text, end: Math.min(value.length, at + 1) };
}

/** Behind the comment that opens at `from`; the end of the text when it is never closed. */
export function behindComment(value: string, from: number): number {
  let depth = 0;
  for (let at = from; at < value.length; at++) {
    const char = value[at]!;
    if (char === '\\') at++;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return at + 1;
  }
  return value.length;
}
