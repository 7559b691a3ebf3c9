import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Everyday words by what they do in a sentence, read from `library/words/words.yml`. */

export const WORD_CLASSES = ['object', 'demand', 'threat', 'deadline', 'gain', 'money'] as const;
export type WordClass = (typeof WORD_CLASSES)[number];
/** Words of all languages by class. Fits the `words` that @banya/mail takes. */
export type Words = Readonly<Record<WordClass, readonly string[]>>;

let loaded: Words | undefined;

/** The classes; read once. @throws when the file is not what it should be. */
export function loadWords(): Words {
  return (loaded ??= readWords());
}

function readWords(): Words {
  const value = parse(readFileSync(new URL('../words/words.yml', import.meta.url), 'utf8')) as Record<string, Record<string, unknown>>;
  return Object.fromEntries(WORD_CLASSES.map((name) => {
    const words = Object.values(value[name] ?? {}).flat();
    if (words.length === 0 || words.some((word) => typeof word !== 'string' || word.normalize('NFKC').toLowerCase().trim() !== word || word === '')) throw new Error(`words/words.yml: ${name} holds words in the form after NFKC and lower case`);
    return [name, [...new Set(words as string[])]];
  })) as Record<WordClass, string[]>;
}
