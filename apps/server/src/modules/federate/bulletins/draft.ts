import type { Analysis, LureFamily } from '@banya/mail';
import { defang } from '@banya/mail';
import type { Wanted } from './schema.ts';
import { ASKS, SIGNS, STEPS, TRACED, type Two } from './words.ts';

export interface Draft {
  readonly title: Two;
  readonly body: Two;
}

/** The weightiest first: what the title says of a mail that wants several things. */
const ORDER: readonly LureFamily[] = ['boss', 'bank_change', 'extortion', 'credentials', 'account_stop', 'delivery', 'refund', 'prize', 'scan_code', 'open_file', 'call', 'contact_elsewhere', 'money', 'password_apart', 'advert', 'secrecy', 'urgency'];
const SHOWN = 5;
const SUBJECT_MAX = 60;
/** Before these stands a name of somebody. */
const HONORIFIC = /[\p{L}\p{N}#・]{1,12}\s?(?:様|さま|殿|御中|各位|先生|部長|課長|社長|支店長)/gu;

/**
 * What the subject of a campaign may say in a warning: its skeleton without numbers, without whoever is addressed, and without
 * any of `hidden` (names of the member, its people and domains). Undefined where too little is left, or a name might be.
 */
export function quotedSubject(skeleton: string, hidden: readonly string[]): string | undefined {
  let text = skeleton.slice(0, 200).replace(HONORIFIC, ' ');
  for (const name of hidden) if (name.length >= 2) text = text.replaceAll(name.toLowerCase(), ' ');
  text = text.replace(/[#\s]+/g, ' ').trim().slice(0, SUBJECT_MAX).toWellFormed();
  return [...text.matchAll(/\p{L}/gu)].length >= 4 ? text : undefined;
}

const both = (make: (lang: 'ja' | 'en') => string): Two => ({ ja: make('ja'), en: make('en') });

/**
 * A warning in our own words, from the facts of an analysis: what kind of mail, how to recognise it, what to do, whom to tell.
 * Nothing of its body, nobody's name, nothing of the member where it came from. Indicators are defanged.
 */
export function draftOf(analysis: Pick<Analysis, 'asks' | 'lookalikes' | 'indicators' | 'files' | 'fingerprints' | 'links' | 'signals'>, hidden: readonly string[], deskPhone: string | null): Draft {
  // In the name of an officer from elsewhere is the false president, whatever else the mail says.
  const boss = analysis.signals.some(({ code }) => code === 'officer_outside');
  const asks = ORDER.filter((family) => analysis.asks.includes(family) || (family === 'boss' && boss));
  // Only a brand is named: what looks like a member or its partner would name the member.
  const brand = analysis.lookalikes.find((l) => l.targetKind === 'brand' && !names(l.target, hidden))?.target;
  const foreign = (value: string): boolean => !names(value, hidden);
  const of = (...kinds: string[]): string[] => [...new Set(analysis.indicators.filter((i) => kinds.includes(i.kind) && foreign(i.value)).map((i) => defang(i.value)))].slice(0, SHOWN);
  const senders = of('address');
  const places = of('domain', 'host', 'ip', 'url');
  const phones = of('phone');
  const subject = quotedSubject(analysis.fingerprints.subjectSkeleton, hidden);
  const types = [...new Set(analysis.files.filter((f) => f.flags.length > 0).map((f) => f.realType).filter((t) => /^[a-z0-9]{2,8}$/.test(t)))].slice(0, SHOWN);
  const kind = ASKS[asks[0] ?? 'other'];
  // Of a member's or partner's name only this is told: that it was imitated.
  const alike = brand === undefined && asks[0] !== 'boss' && analysis.lookalikes.length > 0;
  const title = both((lang) => (alike ? SIGNS.alikeTitle[lang](kind === ASKS.other ? '' : kind.title[lang]) : SIGNS.title[lang](kind.title[lang], brand)));
  const body = both((lang) => {
    const list = (items: readonly string[]): string => items.join(lang === 'ja' ? '、' : ', ');
    const signs = [
      ...(brand === undefined ? (analysis.lookalikes.length > 0 ? [SIGNS.alike[lang]] : []) : [SIGNS.brand[lang](brand)]), ...(subject === undefined ? [] : [SIGNS.subject[lang](subject)]), ...(senders.length > 0 ? [SIGNS.senders[lang](list(senders))] : []),
      ...(places.length > 0 ? [SIGNS.places[lang](list(places))] : []), ...(phones.length > 0 ? [SIGNS.phones[lang](list(phones))] : []), ...(types.length > 0 ? [SIGNS.files[lang](list(types))] : []),
    ];
    return assemble(lang, asks.slice(0, 3).map((family) => ASKS[family].what[lang]), signs, asks, deskPhone);
  });
  return { title, body };
}

/** A warning about a campaign of which the desk may see no mail: it says that there is one, and what always helps. */
export const blankDraft = (deskPhone: string | null): Draft => ({ title: both((lang) => SIGNS.title[lang](ASKS.other.title[lang], undefined)), body: both((lang) => assemble(lang, [ASKS.other.what[lang]], [], [], deskPhone)) });

/** A warning about what was traced over members' logs and mails: an address, a sender or a file. */
export function tracedDraft({ kind, value }: Wanted, deskPhone: string | null): Draft {
  const words = TRACED[kind === 'address' ? 'sender' : kind === 'sha256' ? 'file' : 'place'];
  const shown = kind === 'sha256' ? value : defang(value);
  const { always } = STEPS;
  return {
    title: both((lang) => words.title[lang](shown)),
    body: both((lang) => blocks(lang, TRACED.head[lang], [words.what[lang]], [words.sign[lang](shown)], [words.step[lang], always.report[lang], always.pass[lang]], deskPhone)),
  };
}

function assemble(lang: 'ja' | 'en', what: readonly string[], signs: readonly string[], asks: readonly LureFamily[], deskPhone: string | null): string {
  const { heads, always } = STEPS;
  const steps = [always.leave[lang], ...asks.flatMap((family) => ASKS[family].step?.[lang] ?? []), always.report[lang], always.pass[lang]];
  return blocks(lang, heads.what[lang], what.length > 0 ? what : [ASKS.other.what[lang]], signs.length > 0 ? signs : [SIGNS.none[lang]], steps, deskPhone);
}

function blocks(lang: 'ja' | 'en', head: string, what: readonly string[], signs: readonly string[], steps: readonly string[], deskPhone: string | null): string {
  const { heads, done, call, tell } = STEPS;
  const block = (head: string, lines: readonly string[]): string => `${head}\n${lines.join('\n')}`;
  const point = lang === 'ja' ? '・' : '- ';
  return [
    block(head, what),
    block(heads.signs[lang], signs.map((s) => point + s)),
    block(heads.now[lang], [...new Set(steps)].slice(0, 5).map((s, i) => `${i + 1}. ${s}`)),
    block(heads.done[lang], [call[lang](deskPhone), ...done.map((d) => d[lang])].map((d) => point + d)),
    block(heads.tell[lang], [tell[lang](deskPhone)]),
  ].join('\n\n');
}

/** Whether a value holds one of the names that a warning must not tell. */
export function names(value: string, hidden: readonly string[]): boolean {
  const folded = value.normalize('NFKC').toLowerCase();
  return hidden.some((name) => name.length >= 2 && folded.includes(name.toLowerCase()));
}
