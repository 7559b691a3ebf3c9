/** What a text asks of its reader: the phrases of the lures found in it, in one pass. */
import { Automaton } from './identity/automaton.ts';
import { fold, sourceOf } from './identity/fold.ts';
import type { Lure, LureFamily } from './types.ts';

export interface FoundLure {
  readonly family: LureFamily;
  readonly phrase: string;
  /** Literally as it stands in the text, white space and widths included. */
  readonly quote: string;
  /** Where it begins in the text. */
  readonly index: number;
}

interface Phrase {
  readonly family: LureFamily;
  readonly phrase: string;
  /** The pieces between the gaps, folded. */
  readonly pieces: readonly string[];
}

/** Made once by `prepareLures` and used for every text. */
export interface PreparedLures {
  readonly phrases: readonly Phrase[];
  readonly automaton: Automaton;
  /** For each word of the automaton, the phrases that begin with it. */
  readonly byFirst: readonly (readonly number[])[];
}

/** A gap is at most so long, in characters after folding. */
export const GAP = 12;
const MAX_TEXT = 200_000;
const STOP = /[。．.!?\n]/;

const prepared = new WeakMap<readonly Lure[], PreparedLures>();

/** The index over all phrases; kept for as long as the list lives. */
export function prepareLures(lures: readonly Lure[]): PreparedLures {
  const known = prepared.get(lures);
  if (known !== undefined) return known;
  const phrases = lures.flatMap(({ family, phrases: list }) => list.map((phrase): Phrase => ({ family, phrase, pieces: phrase.split('…').map((piece) => fold(piece, 'phrase').text).filter((piece) => piece !== '') }))).filter(({ pieces }) => pieces.length > 0);
  const firsts = new Map<string, number[]>();
  for (const [id, { pieces }] of phrases.entries()) {
    const list = firsts.get(pieces[0]!);
    if (list === undefined) firsts.set(pieces[0]!, [id]);
    else list.push(id);
  }
  const made: PreparedLures = { phrases, automaton: new Automaton([...firsts.keys()]), byFirst: [...firsts.values()] };
  prepared.set(lures, made);
  return made;
}

/**
 * The phrases found in the first 200,000 characters, each once, where it stands first, in the order of the text. Compared
 * after NFKC and lower case, without white space between Japanese characters; Latin letters only as whole words; a gap
 * holds at most 12 characters and no end of a sentence. Time grows with the length of the text alone: behind each first
 * piece at most 13 places are tried for each of the few pieces that follow, and a phrase that was found is not sought again.
 */
export function findLures(text: string, { phrases, automaton, byFirst }: PreparedLures): FoundLure[] {
  const source = text.slice(0, MAX_TEXT);
  const folded = fold(source, 'phrase');
  const done = new Set<number>();
  const found: FoundLure[] = [];
  automaton.scan(folded.text, (word, start, end) => {
    for (const id of byFirst[word]!) {
      if (done.has(id)) continue;
      const { family, phrase, pieces } = phrases[id]!;
      if (!isWhole(folded.text, start, end)) continue;
      const stop = follow(folded.text, pieces, 1, end);
      if (stop === undefined) continue;
      done.add(id);
      found.push({ family, phrase, quote: sourceOf(source, folded, start, stop), index: folded.starts[start]! });
    }
  });
  return found.sort((a, b) => a.index - b.index);
}

/** Where the phrase ends whose piece number `piece` is to follow within a gap behind `from`. */
function follow(text: string, pieces: readonly string[], piece: number, from: number): number | undefined {
  const sought = pieces[piece];
  if (sought === undefined) return from;
  for (let gap = 0; gap <= GAP && from + gap + sought.length <= text.length; gap++) {
    if (gap > 0 && isStop(text, from + gap - 1)) return undefined;
    const start = from + gap;
    if (!text.startsWith(sought, start) || !isWhole(text, start, start + sought.length)) continue;
    const stop = follow(text, pieces, piece + 1, start + sought.length);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

/** The end of a sentence; a dot between digits or letters (`1.5`, `example.jp`) is none. */
function isStop(text: string, at: number): boolean {
  const char = text[at]!;
  return STOP.test(char) && !(char === '.' && /[a-z0-9]/.test(text[at + 1] ?? ' '));
}

/** Latin letters and digits at the edges stand for whole words. */
function isWhole(text: string, start: number, end: number): boolean {
  return !(isLatin(text, start) && isLatin(text, start - 1)) && !(isLatin(text, end - 1) && isLatin(text, end));
}

function isLatin(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

