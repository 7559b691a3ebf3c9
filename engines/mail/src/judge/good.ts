/** What speaks for the mail, and what there is too little of. These weigh little or nothing: a pass never clears a mail. */
import type { Signal } from '../types.ts';
import { addressIn, ofLink, shown, signal } from './evidence.ts';
import { isPicture } from './files.ts';
import type { Scene } from './scene.ts';
import { unproven } from './sender.ts';
import { isUnfamiliar } from './unfamiliar.ts';

/** Below this many characters there is nothing to read. */
const LITTLE = 25;

export function goodSignals(scene: Scene): Signal[] {
  const { mail, from, fromDomain, authentication, knowledge, trusted, links } = scene;
  const out: Signal[] = [];
  if (trusted !== null) out.push(signal(trusted === 'own' ? 'proven_own' : 'proven_partner', [addressIn(mail, 'from', from!), ...authentication.evidence.slice(0, 1)], { domain: shown(authentication.provenDomain!) }));
  else if (authentication.provenDomain !== undefined) {
    const claim = scene.claims.find((one) => one.kind === 'brand' && !unproven(one, scene));
    out.push(claim === undefined ? signal('proven_domain', authentication.evidence.slice(0, 1), { domain: shown(authentication.provenDomain) }) : signal('proven_brand', [addressIn(mail, 'from', from!), ...authentication.evidence.slice(0, 1)], { name: claim.name.ja, nameEn: claim.name.en, domain: shown(authentication.provenDomain) }));
  }
  const { history } = knowledge;
  if (history !== undefined && from !== undefined && (history.sentTo > 0 || history.address >= 3)) out.push(signal('known_sender', [addressIn(mail, 'from', from)], { address: from.address, count: String(history.address) }));
  if (scene.conversation) out.push(signal('conversation', [{ where: 'header', name: 'subject', quote: mail.subject.slice(0, 200) }]));
  const web = links.filter(({ url }) => /^https?:/i.test(url));
  if (web.length > 0 && fromDomain !== undefined && web.every(({ domain }) => domain === fromDomain)) {
    // A forger's links lead to the forger's own domain as well: it counts where the sender is known.
    out.push(signal('links_home', [ofLink(web[0]!)], { domain: shown(fromDomain) }, isUnfamiliar(scene) ? 0.2 : 1));
  }
  if (web.length === 0) out.push(signal('no_links'));
  if (scene.files.filter((file) => !isPicture(file)).length === 0) out.push(signal('no_files'));
  if (scene.asked.length === 0 && mail.text.trim().length >= LITTLE) out.push(signal('asks_nothing'));
  return out;
}

/** Why there is too little to judge; empty where there is enough. */
export function lackSignals(scene: Scene): Signal[] {
  const { mail, passage, files, links } = scene;
  const out: Signal[] = [];
  const read = mail.text.replace(/\s+/g, '').length;
  const pictures = files.some(isPicture) || /<img[\s/]/i.test(mail.html ?? '');
  const web = links.some(({ url }) => /^https?:/i.test(url));
  if (read < LITTLE && mail.attachments.length === 0 && !pictures && !web) out.push(signal('too_little_text'));
  if (read < LITTLE && pictures) out.push(signal(web ? 'picture_with_link' : 'picture_only', web ? [ofLink(links.find(({ url }) => /^https?:/i.test(url))!)] : []));
  if (read >= LITTLE && read < 120 && web && !scene.conversation && scene.trusted === null && links.some(({ from, domain }) => from === 'html' && domain !== scene.fromDomain)) out.push(signal('little_text_link', [ofLink(links.find(({ url }) => /^https?:/i.test(url))!)]));
  const hidden = hiddenWords(mail.text, mail.hiddenText);
  if (hidden !== null && scene.trusted === null) out.push(signal('hidden_text', [{ where: 'html', quote: hidden }]));
  if (passage === 'inline' || passage === 'pasted') out.push(signal('headers_lost'));
  if (mail.troubles.some(({ code }) => code === 'undecodable' || code === 'broken_container' || code === 'too_large')) out.push(signal('unreadable'));
  return out;
}

/**
 * The beginning of text that only programs see: long, and not what the reader sees in another form (mails for phones
 * hold their text twice). null where there is none.
 */
function hiddenWords(text: string, hiddenText: string): string | null {
  const words = hiddenText.slice(0, 8_000).match(/[\p{L}]{3,40}/gu) ?? [];
  if (words.length < 50 || words.length < (text.match(/[\p{L}]{3,40}/gu)?.length ?? 0) / 2) return null;
  const seen = new Set(text.slice(0, 40_000).toLowerCase().match(/[\p{L}]{3,40}/gu) ?? []);
  const strange = words.filter((word) => !seen.has(word.toLowerCase())).length;
  return strange / words.length > 0.6 ? hiddenText.trim().slice(0, 80) : null;
}
