/**
 * The longest text that stands in everything a regular expression (RE2 syntax) matches, without regard to
 * case; empty where none is certain. Only text outside groups, classes and repetitions is taken, which
 * leaves out some and never takes a wrong one.
 */
export function regexLiteral(source: string): string {
  if (/\\[QE]/.test(source)) return '';
  let longest = '';
  let run: string[] = [];
  const end = () => {
    const text = run.join('');
    if (text.length > longest.length) longest = text;
    run = [];
  };
  const characters = [...source];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] as string;
    switch (character) {
      case '|':
        return '';
      case '(':
      case '[':
        end();
        at = character === '(' ? groupEnd(characters, at) : classEnd(characters, at);
        break;
      case '{': {
        // Only {n}, {n,} and {n,m} repeat; any other bracket is text.
        const repetition = /^\{\d+(,\d*)?\}/.exec(characters.slice(at, at + 16).join(''));
        if (repetition === null) run.push(character);
        else {
          run.pop();
          end();
          at += repetition[0].length - 1;
        }
        break;
      }
      case '*':
      case '?':
        // What stands before may be absent.
        run.pop();
        end();
        break;
      case '+':
      case '.':
      case '^':
      case '$':
      case ')':
        end();
        break;
      case '\\': {
        const next = characters[++at] ?? '';
        if (/[A-Za-z0-9]/.test(next)) {
          end();
          // A class by name or a number: \p{..} and \x{..} go on in braces, \pL and \x41 in letters.
          if (characters[at + 1] === '{') while (at < characters.length && characters[at] !== '}') at++;
          else if (next === 'x') at += 2;
          else if (next === 'p' || next === 'P') at++;
          else while (/[0-9]/.test(next) && /[0-9]/.test(characters[at + 1] ?? '')) at++;
        } else run.push(next);
        break;
      }
      default:
        run.push(character);
    }
  }
  end();
  return longest;
}

/** The place of the bracket that closes the group opened at `start`. */
function groupEnd(characters: readonly string[], start: number): number {
  let depth = 0;
  for (let at = start; at < characters.length; at++) {
    if (characters[at] === '\\') at++;
    else if (characters[at] === '[') at = classEnd(characters, at);
    else if (characters[at] === '(') depth++;
    else if (characters[at] === ')' && --depth === 0) return at;
  }
  return characters.length;
}

/** The place of the bracket that closes the class opened at `start`; a bracket right at its beginning is a member. */
function classEnd(characters: readonly string[], start: number): number {
  let at = start + 1;
  if (characters[at] === '^') at++;
  if (characters[at] === ']') at++;
  for (; at < characters.length; at++) {
    if (characters[at] === '\\') at++;
    else if (characters[at] === '[' && characters[at + 1] === ':') {
      while (at < characters.length && !(characters[at] === ':' && characters[at + 1] === ']')) at++;
      at++;
    } else if (characters[at] === ']') return at;
  }
  return characters.length;
}
