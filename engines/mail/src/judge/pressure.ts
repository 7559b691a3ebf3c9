/** Sentences that press their reader, told by what their words do together, not by a phrase. */
import type { Knowledge, Signal, WordClass } from '../types.ts';
import { inHeader, signal } from './evidence.ts';
import type { Scene } from './scene.ts';
import { isProvenBrand } from './unfamiliar.ts';

type Words = NonNullable<Knowledge['words']>;
type Matcher = Readonly<Record<WordClass, RegExp>>;

const TEXT_MAX = 12_000;
const SENTENCES_MAX = 250;
const SENTENCE_MAX = 300;
const LONG = 2_500;
const JAPANESE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const made = new WeakMap<Words, Matcher>();

/** Kinds of pressure, the strongest first: which classes must meet in one sentence. */
const KINDS: readonly (readonly [code: string, needs: readonly WordClass[]])[] = [
  ['presses_threat', ['threat', 'demand', 'object']],
  ['presses_deadline', ['deadline', 'demand', 'object']],
  ['presses_gain', ['gain', 'demand', 'deadline']],
  ['presses_money', ['money', 'demand', 'deadline']],
  ['presses_object', ['object', 'demand']],
  ['presses_reward', ['gain', 'demand']],
];

/** Neither from ourselves or partners, nor between people in a talk. Each kind once, stronger ones in the place of weaker. */
export function pressureSignals(scene: Scene): Signal[] {
  const { mail, knowledge } = scene;
  if (knowledge.words === undefined || scene.trusted !== null || scene.conversation) return [];
  const matcher = matcherOf(knowledge.words);
  const found = new Map<string, { quote: string; count: number; subject: boolean; japanese: boolean }>();
  const classesOf = (text: string): Set<WordClass> => new Set((Object.keys(matcher) as WordClass[]).filter((name) => matcher[name].test(text)));
  let before = new Set<WordClass>();
  const subject = mail.subject.slice(0, SENTENCE_MAX).trim();
  for (const [at, sentence] of [subject, ...sentencesOf(mail.text.slice(0, TEXT_MAX))].entries()) {
    const here = classesOf(sentence.normalize('NFKC').toLowerCase());
    // A threat in one sentence and the order in the next belong together.
    const both = new Set([...before, ...here]);
    for (const [code, needs] of KINDS) {
      if (!needs.every((name) => both.has(name)) || !here.has(needs[0]!) && !here.has('demand')) continue;
      const quote = at === 0 ? subject : firstLine(sentence);
      if (quote === '') continue;
      const old = found.get(code);
      found.set(code, { quote: old?.quote ?? quote, count: (old?.count ?? 0) + (at === 0 ? 2 : 1), subject: old?.subject ?? at === 0, japanese: (old?.japanese ?? false) || JAPANESE.test(sentence) });
      break;
    }
    before = here;
  }
  // A long letter holds every kind of sentence somewhere; who presses, does so in few words.
  const { history } = knowledge;
  const usual = isProvenBrand(scene) || (history !== undefined && (history.sentTo > 0 || history.address > 2));
  const share = (scene.letter || mail.text.length > LONG ? 0.4 : 1) * (usual ? 0.5 : 1);
  return [...found].map(([code, { quote, count, subject: inSubject, japanese }]) => signal(code, [inSubject ? inHeader(mail, 'subject', quote) : { where: 'text', quote }], { quote }, share * Math.min(1, (japanese ? 0.8 : 0.7) + 0.15 * (count - 1))));
}

function matcherOf(words: Words): Matcher {
  const known = made.get(words);
  if (known !== undefined) return known;
  const matcher = Object.fromEntries(Object.entries(words).map(([name, list]) => {
    const escaped = [...list].sort((a, b) => b.length - a.length).map((word) => `${/^[a-z]/.test(word) ? '(?<![a-z])' : ''}${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
    return [name, new RegExp(escaped.join('|'))];
  })) as Matcher;
  made.set(words, matcher);
  return matcher;
}

/** Pieces between full stops and empty lines; lines that were only broken belong together. At most 250 of 300 characters. */
function sentencesOf(text: string): string[] {
  const out: string[] = [];
  for (const block of text.split(/\n[ \t　]*\n|\n(?=[・●■◆▼※*-])/)) {
    for (const piece of block.split(/(?<=[。！？!?])|(?<=[.])(?=\s)/)) {
      const plain = piece.trim();
      if (plain.length >= 6) out.push(plain.slice(0, SENTENCE_MAX));
      if (out.length >= SENTENCES_MAX) return out;
    }
  }
  return out;
}

const firstLine = (sentence: string): string => sentence.split('\n').map((line) => line.trim()).find((line) => line.length >= 4)?.slice(0, 60) ?? '';
