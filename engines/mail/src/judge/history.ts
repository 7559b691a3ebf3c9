/** What the organisation's own past with this sender says. Without a past nothing is said. */
import { registrable } from '@banya/indicators/hosts';
import type { Signal } from '../types.ts';
import { addressIn, inHeader, signal } from './evidence.ts';
import { officeLike } from '../identity/office.ts';
import type { Scene } from './scene.ts';
import { isProvenBrand } from './unfamiliar.ts';

/** From so many mails on a sender has habits. */
const HABIT = 3;

/** `presses`: whether its sentences press the reader. */
export function historySignals(scene: Scene, presses: boolean): Signal[] {
  const { mail, knowledge, from, fromDomain, asks, trusted } = scene;
  const { history, knownIds } = knowledge;
  const out: Signal[] = [];
  if (history === undefined || from === undefined || fromDomain === undefined || knowledge.ownDomains.includes(fromDomain)) return out;
  const stranger = history.address === 0 && history.domain === 0 && history.sentTo === 0;
  const answers = knownIds !== undefined && [...mail.references, mail.inReplyTo ?? ''].some((id) => knownIds.includes(id));
  if (answers && stranger && trusted === null) out.push(signal('stranger_in_thread', [addressIn(mail, 'from', from), inHeader(mail, mail.headers.some(({ name }) => name === 'references') ? 'references' : 'in-reply-to', '<')], { address: from.address }));
  else if (stranger && trusted === null) {
    const web = scene.links.some(({ url }) => /^https?:/i.test(url));
    const wants = ((web || scene.files.length > 0) && (presses || officeLike(from.name) === 1)) || (['credentials', 'money', 'bank_change', 'open_file', 'call', 'scan_code', 'contact_elsewhere'] as const).some((family) => asks.has(family));
    out.push(signal(wants && !isProvenBrand(scene) ? 'stranger_asks' : 'first_contact', [addressIn(mail, 'from', from)], { address: from.address }));
  }
  if (history.address >= HABIT) {
    if (from.name !== '' && history.names.length > 0 && !history.names.some((name) => same(name, from.name))) out.push(signal('name_changed', [inHeader(mail, 'from', from.name)], { name: from.name, usual: history.names[0]! }));
    const mailer = mail.headers.find(({ name }) => name === 'x-mailer' || name === 'user-agent');
    if (mailer !== undefined && history.mailers.length > 0 && !history.mailers.some((one) => program(one) === program(mailer.value))) out.push(signal('mailer_changed', [{ where: 'header', name: mailer.name, quote: mailer.value.slice(0, 120) }], { mailer: mailer.value.slice(0, 60), usual: history.mailers[0]! }));
    const reply = mail.replyTo[0];
    const replyDomain = reply === undefined ? undefined : registrable(reply.address.slice(reply.address.lastIndexOf('@') + 1));
    if (replyDomain !== undefined && replyDomain !== fromDomain && !history.replyDomains.includes(replyDomain)) out.push(signal('reply_changed', [addressIn(mail, 'reply-to', reply!)], { address: reply!.address }));
    if (asks.has('bank_change')) out.push(signal('known_sender_bank_change', [addressIn(mail, 'from', from)], { address: from.address }));
  }
  return out;
}

const same = (a: string, b: string): boolean => plain(a) === plain(b) || plain(a).includes(plain(b)) || plain(b).includes(plain(a));
const plain = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/[\s　・.,'"()（）様]/g, '');
/** The program without its version. */
const program = (mailer: string): string => /^[^\d/]{2,40}/.exec(mailer.trim())?.[0].trim().toLowerCase() ?? mailer.trim().toLowerCase();
