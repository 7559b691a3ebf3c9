import { RE2JS } from 're2js';
import { SigmaError } from './errors.ts';

/** Longest regular expression taken from a rule. */
export const MAX_REGEX_CHARS = 4_000;

/**
 * Compiles a regular expression with an engine whose time is linear in the subject (RE2), so that no
 * rule can make an event slow. Look-around and back-references do not exist there and are refused.
 * Matching is a search: anchors are the author's business. Case counts unless `i` is given.
 * @throws SigmaError `bad_regex`
 */
export function compileRegex(source: string, flags: string, path: string, line: number): (subject: string) => boolean {
  if (source.length > MAX_REGEX_CHARS) throw new SigmaError('bad_regex', path, line, `the regular expression is longer than ${MAX_REGEX_CHARS} characters`);
  let bits = 0;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  if (flags.includes('s')) bits |= RE2JS.DOTALL;
  try {
    const compiled = RE2JS.compile(source, bits);
    return (subject) => compiled.test(subject);
  } catch (error) {
    throw new SigmaError('bad_regex', path, line, `the regular expression cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}
