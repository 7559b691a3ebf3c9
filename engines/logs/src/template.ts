/**
 * The template of a line: its fixed words, with what varies replaced by `<*>`. Lines of one kind get
 * the same template, so that unknown lines can be counted and shown as groups. This is the masking
 * half of Drain (He et al., ICWS 2017) with its bound on length and tokens, and without state.
 */
const MAX_CHARS = 1024;
const MAX_TOKENS = 40;

export function template(line: string): string {
  const text = line.length > MAX_CHARS ? line.slice(0, MAX_CHARS) : line;
  let out = '';
  let tokens = 0;
  let pos = 0;
  while (pos < text.length) {
    while (pos < text.length && isBreak(text.charCodeAt(pos))) pos++;
    if (pos >= text.length) break;
    if (tokens === MAX_TOKENS) return `${out} …`;
    if (text.charCodeAt(pos) === 34) {
      // A quoted text is one variable part, however many words it has.
      const close = text.indexOf('"', pos + 1);
      pos = close < 0 ? text.length : close + 1;
      out += tokens++ > 0 ? ' "<*>"' : '"<*>"';
      continue;
    }
    const from = pos;
    while (pos < text.length && !isBreak(text.charCodeAt(pos))) {
      if (text.charCodeAt(pos) === 34) {
        const close = text.indexOf('"', pos + 1);
        pos = close < 0 ? text.length : close + 1;
      } else pos++;
    }
    const token = mask(text.slice(from, pos));
    // Runs of variable parts have no fixed number, so they count as one.
    if (token === '<*>' && out.endsWith('<*>')) continue;
    out += tokens++ > 0 ? ` ${token}` : token;
  }
  return out;
}

function isBreak(c: number): boolean {
  return c <= 32 || c === 0xa0 || c === 0x3000;
}

/** `key=value` keeps its key; a word with a digit is variable, but brackets and marks around it stay. */
function mask(token: string): string {
  const equals = token.indexOf('=');
  if (equals > 0 && equals < 65 && !hasDigit(token, 0, equals)) return `${token.slice(0, equals)}=<*>`;
  if (!hasDigit(token, 0, token.length)) return token;
  let from = 0;
  let to = token.length;
  while (from < to && !isWordChar(token.charCodeAt(from))) from++;
  while (to > from && !isWordChar(token.charCodeAt(to - 1))) to--;
  const open = token.indexOf('[', from);
  const close = token.lastIndexOf(']', to);
  // `sshd[123]:` keeps the name before the bracket.
  if (open > from && close > open && !hasDigit(token, from, open)) return `${token.slice(0, open + 1)}<*>${token.slice(close)}`.slice(0, 80);
  return `${token.slice(0, from)}<*>${token.slice(to)}`;
}

function hasDigit(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c >= 48 && c <= 57) return true;
  }
  return false;
}

function isWordChar(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c > 127;
}
