/** All that is known of one mail when it is judged, gathered once; signals only look. */
import { claims, type Claim } from '../identity/claims.ts';
import { lookalikes, prepareTargets } from '../identity/lookalike.ts';
import { findLures, prepareLures } from '../lures.ts';
import type { Authentication, FileFacts, HostKinds, Knowledge, Link, Lookalike, LureFamily, Mailbox, ParsedMail, Passage } from '../types.ts';
import { kindsOf } from '@banya/indicators/hosts';

/** A phrase by which the mail asks for something, with its place. */
export interface Asked {
  readonly family: LureFamily;
  readonly quote: string;
  readonly where: 'header' | 'text' | 'attachment';
  readonly name?: string;
}

export interface Scene {
  readonly mail: ParsedMail;
  readonly knowledge: Knowledge;
  readonly passage: Passage;
  readonly authentication: Authentication;
  readonly from: Mailbox | undefined;
  readonly fromDomain: string | undefined;
  readonly claims: readonly Claim[];
  /** Of the mail's text and of its files, by URL once. */
  readonly links: readonly Link[];
  readonly files: readonly FileFacts[];
  readonly asked: readonly Asked[];
  readonly asks: ReadonlySet<LureFamily>;
  /** What the senders' addresses look like; `header` says where the address stands. */
  readonly senderLookalikes: readonly (Lookalike & { readonly header: 'from' | 'reply-to' | 'return-path'; readonly address: string })[];
  readonly linkLookalikes: readonly (Lookalike & { readonly link: Link })[];
  readonly kinds: (host: string) => ReadonlySet<keyof HostKinds>;
  /** A long text with many links, as periodicals are: every kind of word and link stands somewhere in it. */
  readonly letter: boolean;
  /** Part of a talk between people. */
  readonly conversation: boolean;
  /** Proven to be from the organisation itself or from one of its partners. */
  readonly trusted: 'own' | 'partner' | null;
}

const TEXT_MAX = 20_000;
const FILE_TEXT_MAX = 8_000;
const LINKS_LOOKED_AT = 60;
const LETTER_TEXT = 2_000;
const LETTER_LINKS = 8;

export interface SceneParts {
  readonly mail: ParsedMail;
  readonly knowledge: Knowledge;
  readonly passage: Passage;
  readonly authentication: Authentication;
  readonly files: readonly FileFacts[];
  readonly fileLinks: readonly Link[];
  readonly fileTexts: readonly { readonly file: string; readonly text: string }[];
}

export function sceneOf(parts: SceneParts): Scene {
  const { mail, knowledge } = parts;
  const from = mail.from[0];
  const links = unique([...mail.links, ...parts.fileLinks]);
  const asked = askedIn(parts);
  const targets = prepareTargets(knowledge);
  const senders = ([['from', from], ['reply-to', mail.replyTo[0]], ['return-path', mail.returnPath]] as const).filter(([, box]) => box !== undefined && box.address !== '');
  const seen = new Set<string>();
  const senderLookalikes = senders.flatMap(([header, box]) => {
    const host = box!.address.slice(box!.address.lastIndexOf('@') + 1);
    if (seen.has(host)) return [];
    seen.add(host);
    return lookalikes(host, targets).map((found) => ({ ...found, header, address: box!.address }));
  });
  const hosts = new Set<string>();
  const linkLookalikes = links.slice(0, LINKS_LOOKED_AT).flatMap((link) => {
    if (hosts.has(link.host)) return [];
    hosts.add(link.host);
    return lookalikes(link.host, targets).map((found) => ({ ...found, link }));
  });
  const proven = parts.authentication.provenDomain;
  return {
    mail, knowledge, passage: parts.passage, authentication: parts.authentication, from, fromDomain: from?.domain, claims: claims(mail, knowledge), links, files: parts.files, asked,
    asks: new Set(asked.map(({ family }) => family)), senderLookalikes, linkLookalikes, kinds: kindsOf(knowledge.hosts ?? NO_HOSTS),
    letter: mail.text.length >= LETTER_TEXT && mail.links.filter(({ url }) => /^https?:/i.test(url)).length >= LETTER_LINKS,
    conversation: isConversation(mail, knowledge),
    trusted: proven === undefined ? null : knowledge.ownDomains.includes(proven) ? 'own' : knowledge.partners.some(({ domain }) => domain === proven) ? 'partner' : null,
  };
}

/** Part of a talk between people: an answer with what it answers, a letter to a list people write to, or a thread that really took place. */
function isConversation(mail: ParsedMail, knowledge: Knowledge): boolean {
  const known = knowledge.knownIds;
  if (known !== undefined) return mail.references.some((id) => known.includes(id)) || (mail.inReplyTo !== undefined && known.includes(mail.inReplyTo));
  const posted = mail.headers.some(({ name }) => name === 'list-post') && (mail.references.length > 0 || mail.inReplyTo !== undefined || mail.links.length === 0);
  return posted || (/^\s*(?:re|aw|sv|antw)\s*(?:\[\d+\])?[:：]/i.test(mail.subject) && /^\s{0,3}[>|]|\bwrote:\s*$|さんは書きました|\d{1,2}:\d{2}.{0,80}<[^>\n]{3,120}>\s?[:：]?\s*$/m.test(mail.text));
}

const NO_HOSTS: HostKinds = { shortener: [], storage: [], form: [], translate: [], freemail: [], tracker: [], suffix: [] };

function unique(links: readonly Link[]): Link[] {
  const seen = new Set<string>();
  return links.filter(({ url, from }) => {
    const key = `${from} ${url}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** One find for each family and place: the first quote is enough to show, its count says how often. */
function askedIn({ mail, knowledge, fileTexts }: SceneParts): Asked[] {
  const prepared = prepareLures(knowledge.lures);
  const out: Asked[] = [];
  const look = (text: string, place: Omit<Asked, 'family' | 'quote'>): void => {
    const quotes = new Set<string>();
    for (const { family, quote } of findLures(text, prepared)) {
      if (quotes.has(quote)) continue;
      quotes.add(quote);
      out.push({ family, quote, ...place });
      if (quotes.size >= 60) return;
    }
  };
  look(mail.subject.slice(0, 500), { where: 'header', name: 'subject' });
  look(withoutQuotes(mail.text).slice(0, TEXT_MAX), { where: 'text' });
  for (const { file, text } of fileTexts.slice(0, 5)) look(text.slice(0, FILE_TEXT_MAX), { where: 'attachment', name: file });
  return out;
}

/** The mail without what it quotes of older ones: their words are not its own. Lengths change, so quotes are taken from this text and stand in the whole one, too. */
function withoutQuotes(text: string): string {
  const kept: string[] = [];
  for (const line of text.split('\n')) if (!/^\s{0,3}[>＞|]/.test(line)) kept.push(line);
  return kept.join('\n');
}
