/** Who writes, against who the mail says it is. */
import { hasKnownSuffix, registrable } from '@banya/indicators/hosts';
import type { Mailbox, Signal } from '../types.ts';
import type { Claim } from '../identity/claims.ts';
import { addressIn, inHeader, shown, signal } from './evidence.ts';
import type { Scene } from './scene.ts';

/** A name the mail gives itself and cannot be: the sender's domain is none that would prove it. */
export const unproven = (claim: Claim, { fromDomain, authentication, trusted }: Scene): boolean => {
  const proving = claim.domains.filter((domain) => !claim.open.includes(domain));
  if (authentication.provenDomain !== undefined && proving.includes(authentication.provenDomain)) return false;
  if (trusted !== null) return false;
  return fromDomain === undefined || !proving.includes(fromDomain);
};

const BUSINESS = /株式会社|有限会社|合同会社|\(株\)|㈱|銀行|カード|センター|事務局|サポート|カスタマー|お客様|公式|係$|部$|課$|\b(?:wallet|rewards?|winner|survey|club|store|shop|pharmacy|support|service|security|admin|helpdesk|billing|account|team|bank|banco|suporte|soporte|atendimento|seguridad|segurança|cartões|kundendienst|kundenservice|delivery|department|office|customer|notification|center|centre)\b/i;
// Letters made for formulas, and characters without a width: nobody types them by hand.
const FORMULA = /[\u{1d400}-\u{1d7ff}\u{1f130}-\u{1f189}\u24b6-\u24e9]/u;
const INVISIBLE = /[\u200b\u2060\ufeff\u00ad\u180e\u034f\u202a-\u202e\u2066-\u2069\u{e0020}-\u{e007f}]/u;
// Letters of two alphabets in one word, and marks that nobody sees behind Latin letters: a name drawn, not written.
const MIXED = /[a-z][\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u13a0-\u13ff\u1d00-\u1d7f\u2170-\u217f]|[\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u13a0-\u13ff\u2170-\u217f][a-z]|[a-z][\ufe00-\ufe0f\u{e0100}-\u{e01ef}][a-z]/iu;
const EMOJI = /\p{Extended_Pictographic}/u;

export function senderSignals(scene: Scene): Signal[] {
  const { mail, from, fromDomain, authentication, knowledge, trusted } = scene;
  const out: Signal[] = [];
  out.push(...claimSignals(scene), ...lookalikeSignals(scene), ...addressSignals(scene), ...headerSignals(scene));
  const own = fromDomain !== undefined && knowledge.ownDomains.includes(fromDomain);
  if (own && authentication.provenDomain !== fromDomain) {
    const failed = authentication.dmarc === 'fail' || authentication.spf === 'fail';
    // Between colleagues mails often carry no result at all; without one it is only a reason to look.
    if (authentication.by !== 'none' && failed && !mail.automatic.list) out.push(signal('own_domain_forged', [addressIn(mail, 'from', from!), ...authentication.evidence], { domain: fromDomain }));
    else if (mail.to.some(({ address }) => address === from!.address) && mail.to.length === 1) out.push(signal('from_yourself', [addressIn(mail, 'from', from!)], { address: from!.address }));
  } else if (from !== undefined && from.address !== '' && mail.to.length === 1 && mail.to[0]!.address === from.address && trusted === null && authentication.provenDomain === undefined) {
    out.push(signal('from_yourself', [addressIn(mail, 'from', from)], { address: from.address }));
  }
  if (!own && authentication.by !== 'none' && authentication.dmarc === 'fail' && !mail.automatic.list && fromDomain !== undefined) {
    const partner = knowledge.partners.some(({ domain }) => domain === fromDomain) || knowledge.brands.some((brand) => brand.domains.includes(fromDomain));
    out.push(signal(partner ? 'known_domain_forged' : 'dmarc_failed', [addressIn(mail, 'from', from!), ...authentication.evidence], { domain: shown(fromDomain) }));
  }
  return out;
}

/** The subject is the sender's own business where a mail names many; one who names a single house speaks in its name. */
function claimSignals(scene: Scene): Signal[] {
  const { mail, claims, from, fromDomain } = scene;
  const sender = fromDomain ?? from?.address ?? '';
  const out: Signal[] = [];
  const officer = claims.find((claim) => claim.kind === 'officer' && claim.theirs === false);
  if (officer !== undefined && scene.trusted !== 'own' && !mail.automatic.list) out.push(signal('officer_outside', officer.evidence, { name: officer.name.ja, nameEn: officer.name.en, address: from?.address ?? '' }));
  const named = claims.filter((claim) => claim.kind !== 'officer' && unproven(claim, scene));
  const shownName = named.find((claim) => claim.places[0] === 'display_name');
  if (shownName !== undefined) {
    // A service writes in the name of its customer, who may be ourselves: 「署名サービス（当社 総務）」, proven to be that service.
    if (shownName.kind === 'own' && scene.authentication.provenDomain !== undefined && claims.some((claim) => claim.kind === 'brand' && claim.places[0] === 'display_name' && !unproven(claim, scene))) return out;
    const loose = shownName.kind === 'brand' && isLoose(shownName, scene);
    if (loose && mail.text.length > 5_000) return out;
    out.push(signal(shownName.kind === 'partner' ? 'partner_in_name' : shownName.kind === 'own' ? 'own_in_name' : 'brand_in_name', [...shownName.evidence.slice(0, 1), ...(from !== undefined && from.address !== '' ? [addressIn(mail, 'from', from)] : [])], { name: shownName.name.ja, nameEn: shownName.name.en, domain: shown(sender) }, loose ? 0.5 : 1));
    return out;
  }
  // A mail that is proven to come from one named house, or names many, speaks about the others.
  const speaking = named.filter((claim) => claim.kind !== 'own' && claim.places.some((place) => place !== 'hidden'));
  const proven = claims.some((claim) => claim.kind !== 'officer' && !unproven(claim, scene));
  const houses = new Set(claims.filter((claim) => claim.kind === 'brand').map((claim) => [...claim.domains].sort()[0])).size;
  if (proven || houses > 3 || scene.trusted !== null || scene.conversation) return out;
  const claim = speaking[0];
  if (claim === undefined) return out;
  // A long letter with many links tells of others; who poses as a house comes to the point.
  if (mail.text.length > 5_000 || new Set(scene.links.map(({ domain }) => domain)).size > 6) return out;
  // Its name in a subject is news as well; with a request beside it, it speaks.
  const strong = claim.places.some((place) => place === 'logo' || place === 'signature' || (place === 'subject' && scene.asked.length > 0));
  out.push(signal(claim.kind === 'partner' ? 'partner_in_text' : 'brand_in_text', claim.evidence, { name: claim.name.ja, nameEn: claim.name.en, domain: shown(sender) }, strong ? 1 : scene.asked.length > 0 ? 0.5 : 0.3));
  return out;
}

/** An everyday word among others in a name (“Apple Orchard Weekly”) need not mean the house of that name. */
function isLoose(claim: Claim, { knowledge, from }: Scene): boolean {
  if (knowledge.brands.find(({ id }) => id === claim.id)?.everyday !== true) return false;
  const rest = (from?.name ?? '').replace(claim.evidence[0]?.quote ?? '', '').replace(/[^\p{L}]+/gu, ' ').trim();
  return rest !== '' && !BUSINESS.test(rest) && !/^(?:id|inc|japan|jp|card|pay|store|com|online|premium)$/i.test(rest);
}

function lookalikeSignals(scene: Scene): Signal[] {
  const out: Signal[] = [];
  const [sender] = scene.senderLookalikes.filter(({ header }) => header === 'from');
  const [reply] = scene.senderLookalikes.filter(({ header }) => header !== 'from');
  const [link] = scene.linkLookalikes;
  const trusted = scene.trusted !== null;
  const talk = scene.conversation;
  if (sender !== undefined && !trusted) out.push(signal(sender.targetKind === 'brand' ? 'lookalike_sender' : 'lookalike_sender_known', [addressIn(scene.mail, 'from', scene.from!)], { domain: shown(sender.domain), target: shown(sender.target) }, HOW[sender.how]));
  if (reply !== undefined && !trusted) out.push(signal('lookalike_reply', [addressIn(scene.mail, reply.header, { name: '', address: reply.address })], { domain: shown(reply.domain), target: shown(reply.target) }, HOW[reply.how]));
  if (link !== undefined && !trusted && !(talk && link.link.from === 'text')) out.push(signal('lookalike_link', [{ where: 'link', ...(link.link.file === undefined ? {} : { name: link.link.file }), quote: link.link.url.slice(0, 200) }], { domain: shown(link.domain), target: shown(link.target) }, HOW[link.how]));
  return out;
}

/** How surely the likeness is meant. */
const HOW = { homoglyph: 1, punycode: 1, subdomain: 1, added_word: 0.8, edit: 0.8, wrong_suffix: 0.7 } as const;

function addressSignals({ mail, from, fromDomain, kinds, claims, knowledge, trusted, authentication }: Scene): Signal[] {
  const out: Signal[] = [];
  const field = mail.headers.find(({ name }) => name === 'from');
  if (field === undefined && mail.kind === 'eml' && mail.headers.length > 0 && from === undefined) out.push(signal('from_missing'));
  else if (field !== undefined && (from === undefined || from.address === '' || !hasKnownSuffix(hostOf(from.address)) || /[,;\s]|\.$/.test(hostOf(from.address)))) {
    const host = from === undefined ? '' : hostOf(from.address);
    if (!knowledge.ownDomains.includes(host) && authentication.provenDomain === undefined && !/\.(?:example|test|local|localdomain|lan|internal|intra)$/.test(host)) out.push(signal('from_broken', [{ where: 'header', name: 'from', quote: field.value.slice(0, 200) }]));
  }
  if (mail.from.filter(({ address }) => address !== '').length > 1) out.push(signal('from_several', [{ where: 'header', name: 'from', quote: field?.value.slice(0, 200) ?? '' }]));
  if (from === undefined) return out;
  const written = /[a-z0-9._%+-]{1,64}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})/i.exec(from.name.slice(0, 300));
  if (written !== null && registrable(written[1]!) !== fromDomain && trusted === null && !mail.automatic.list) out.push(signal('other_address_in_name', [inHeader(mail, 'from', written[0])], { address: written[0], domain: shown(fromDomain ?? '') }));
  if (fromDomain !== undefined && trusted === null) {
    const host = hostOf(from.address);
    const kind = kinds(host);
    if (kind.has('freemail') && (BUSINESS.test(from.name) || claims.some((claim) => claim.kind !== 'own' && claim.places[0] === 'display_name'))) out.push(signal('freemail_business', [addressIn(mail, 'from', from)], { name: from.name, domain: shown(host) }));
    if (kind.has('suffix')) out.push(signal('sender_suffix', [addressIn(mail, 'from', from)], { domain: shown(host) }));
    if (/(?:^|\.)onmicrosoft\.com$/.test(host)) out.push(signal('tenant_default', [addressIn(mail, 'from', from)], { domain: shown(host) }));
    if ((looksRandom(from.address.slice(0, from.address.lastIndexOf('@'))) && !/[#=+]/.test(from.address)) || looksRandom(fromDomain.split('.')[0]!) || host.split('.').length >= 6) out.push(signal('random_sender', [addressIn(mail, 'from', from)], { address: from.address }));
  }
  if (trusted === null && fromDomain !== undefined && !mail.automatic.bounce && isApart(from, fromDomain)) out.push(signal('name_apart', [inHeader(mail, 'from', from.name), addressIn(mail, 'from', from)], { name: from.name, domain: shown(fromDomain) }));
  if (/(?:^|[^a-z])(?:mr|mrs|ms|miss|dr|prof|barr|barrister|sgt|capt|engr|rev|sir|madam|sister)[.\s]/i.test(from.name) && !mail.automatic.list && trusted === null && !knowledge.officers.some(({ addresses }) => addresses.includes(from.address))) out.push(signal('title_in_name', [inHeader(mail, 'from', from.name)], { name: from.name }));
  if (/^\W*[#_*|~!]|[a-z]_[a-z]+_|\b(?:\w\s){5,}|[a-z]I{2}[a-z]|\bV[l1]A|C[l1]A[l1]|\d{6,}/i.test(from.name) && trusted === null && /[#_*|~!]|\b(?:\w\s){5,}|[a-z]II[a-z]|\bVlA|\d{6,}/.test(from.name)) out.push(signal('odd_name', [inHeader(mail, 'from', from.name)], { name: from.name }));
  const reply = mail.replyTo[0];
  if (reply?.domain !== undefined && fromDomain !== undefined && reply.address !== from.address && !mail.automatic.list && kinds(hostOf(reply.address)).has('freemail')) {
    out.push(signal('reply_to_freemail', [addressIn(mail, 'reply-to', reply), addressIn(mail, 'from', from)], { address: reply.address, domain: shown(fromDomain) }));
  }
  return out;
}

function headerSignals(scene: Scene): Signal[] {
  const { mail, from, trusted } = scene;
  const out: Signal[] = [];
  const name = from?.name ?? '';
  for (const [header, value] of [['from', name], ['subject', mail.subject]] as const) {
    const odd = FORMULA.exec(value)?.[0] ?? INVISIBLE.exec(value)?.[0];
    if (odd === undefined || trusted !== null) continue;
    out.push(signal('odd_letters', [inHeader(mail, header, value.slice(0, 200))]));
    break;
  }
  const drawn = [['from', name], ['subject', mail.subject]].find(([, value]) => MIXED.test(value!)) ?? (!scene.conversation && MIXED.test(mail.text.slice(0, 2_000)) ? ['', ''] : undefined);
  if (drawn !== undefined && trusted === null) out.push(signal('mixed_alphabets', [drawn[0] === '' ? { where: 'text', quote: wordAround(mail.text, MIXED) } : inHeader(mail, drawn[0]!, drawn[1]!.slice(0, 200))]));
  const padded = /\S\s{4,}(\S{4,40})\s*$/.exec(mail.subject) ?? /(?:^|[\s\-–(:])((?=[A-Za-z]*[a-z])(?=[A-Za-z]*[A-Z]{2})(?=\w*[A-Z]\w*[a-z]\w*[A-Z])[A-Za-z0-9]{10,40})\)?\s*$/.exec(mail.subject);
  if (padded !== null && trusted === null && mail.subject.length < 300) out.push(signal('random_subject', [inHeader(mail, 'subject', padded[1]!)], { token: padded[1]! }));
  const pictures = [...`${name} ${mail.subject}`].filter((sign) => EMOJI.test(sign) && !/[\d#*©®™]/.test(sign)).length;
  if (pictures > 0 && trusted === null) out.push(signal('pictures_in_subject', [inHeader(mail, EMOJI.test(mail.subject) ? 'subject' : 'from', EMOJI.test(mail.subject) ? mail.subject.slice(0, 200) : name)], {}, pictures > 1 ? 1 : 0.6));
  const you = mail.to[0]?.address;
  if (you !== undefined && you !== '' && mail.to.length === 1 && trusted === null && (mail.subject.toLowerCase().includes(you) || name.toLowerCase().includes(you))) {
    const header = mail.subject.toLowerCase().includes(you) ? 'subject' : 'from';
    const value = header === 'subject' ? mail.subject : name;
    const at = value.toLowerCase().indexOf(you);
    out.push(signal('your_address_in_subject', [inHeader(mail, header, value.slice(at, at + you.length))]));
  }
  if (mail.subject.trim() === '' && mail.headers.length > 0) out.push(signal('no_subject'));
  if (trusted === null && /^\s*(?:re|fwd?|aw|wg)\s*[:：]/i.test(mail.subject) && mail.references.length === 0 && mail.inReplyTo === undefined && !/^\s{0,3}[>|＞]/m.test(mail.text) && !/-{2,}\s?(?:original|forwarded|元の|転送)|^(?:from|差出人|von|de)\s?[:：]/im.test(mail.text)) {
    out.push(signal('answer_to_nothing', [inHeader(mail, 'subject', mail.subject.slice(0, 200))]));
  }
  return out;
}

/** Mailboxes that stand for an office, not for a person. */
const OFFICE = /^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|info|support|admin|administrator|service|services|security|contact|contato|notice|notification|notifications|news|newsletter|alert|alerts|account|accounts|billing|team|postmaster|mail|mailer|help|hello|sales|office|customer|customerservice|marketing|offers?|rewards?|promo|naoresponder|envio|webmaster|updates?)\b/i;
const HOLLOW = new Set(['team', 'support', 'service', 'services', 'customer', 'notification', 'notifications', 'security', 'account', 'alert', 'news', 'newsletter', 'info', 'online', 'center', 'centre', 'update', 'department', 'your', 'from', 'with', 'mail', 'email', 'official', 'global', 'international', 'company', 'group', 'limited', 'inc', 'reply', 'noreply', 'admin', 'office', 'helpdesk', 'desk', 'message', 'messages', 'notice', 'dear']);

/** An office with a name of Latin letters, of which nothing stands in its domain. */
function isApart(from: Mailbox, domain: string): boolean {
  const words = from.name.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, ' ').trim().split(' ').filter((word) => word.length >= 3 && !HOLLOW.has(word));
  if (words.length === 0 || words.length > 8) return false;
  const office = OFFICE.test(from.address) || BUSINESS.test(from.name);
  if (!office) return false;
  const host = hostOf(from.address).toLowerCase();
  const initials = from.name.split(/[^\p{L}]+/u).map((word) => word[0]?.toLowerCase() ?? '').join('');
  const label = domain.split('.')[0]!;
  return !words.some((word) => host.includes(word.slice(0, 6)) || (label.length >= 4 && word.includes(label))) && !(initials.length >= 2 && label.includes(initials)) && !words.join('').includes(label);
}

const wordAround = (text: string, pattern: RegExp): string => {
  const at = text.search(pattern);
  return at < 0 ? '' : (/^\S{1,80}/.exec(text.slice(Math.max(text.lastIndexOf(' ', at), text.lastIndexOf('\n', at)) + 1))?.[0] ?? '');
};

const hostOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** Many digits, or letters without a word in them: names that programs make. Of fewer than eight characters, letters and digits must change places three times (`a8k2`). */
export function looksRandom(label: string): boolean {
  const plain = label.toLowerCase().slice(0, 64);
  if (plain.length < 8) return plain.length >= 4 && (plain.match(/[a-z](?=\d)|\d(?=[a-z])/g)?.length ?? 0) >= 3;
  const digits = plain.replace(/\D/g, '').length;
  if (digits >= 5 && digits < plain.length && /[a-z]/.test(plain)) return true;
  const letters = plain.replace(/[^a-z]/g, '');
  if (/\d/.test(plain) && (plain.match(/[a-z]\d|\d[a-z]/g)?.length ?? 0) >= 4) return true;
  return letters.length >= 10 && (letters.match(/[aeiouy]/g)?.length ?? 0) / letters.length < 0.18;
}
