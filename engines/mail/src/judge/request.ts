/** What the mail wants of its reader, and what of that does not fit who writes. */
import type { LureFamily, Signal } from '../types.ts';
import { addressIn, signal } from './evidence.ts';
import type { Asked, Scene } from './scene.ts';

const FAMILIES: readonly LureFamily[] = ['credentials', 'money', 'bank_change', 'open_file', 'call', 'scan_code', 'urgency', 'secrecy', 'delivery', 'refund', 'account_stop', 'prize', 'contact_elsewhere', 'boss', 'extortion', 'advert'];
/** What no office asks from an address that anybody can have. */
const FREEMAIL_WANTS: readonly LureFamily[] = ['money', 'prize', 'extortion', 'bank_change', 'account_stop', 'credentials', 'refund', 'delivery'];

export function requestSignals(scene: Scene): Signal[] {
  const { asked, asks, mail, from } = scene;
  const out: Signal[] = [];
  // Among colleagues and partners proven to be themselves only what would cost money at once is worth a word.
  const quiet = scene.trusted !== null;
  const talk = scene.conversation;
  for (const family of FAMILIES) {
    const found = asked.filter((one) => one.family === family);
    if (found.length === 0 || (quiet && !['bank_change', 'boss', 'contact_elsewhere', 'extortion'].includes(family))) continue;
    if (mail.automatic.bounce && family === 'delivery') continue;
    if (talk && ['urgency', 'advert', 'prize', 'delivery', 'refund', 'call'].includes(family)) continue;
    const subject = found.some(({ where }) => where === 'header');
    const strength = Math.min(1, 0.5 + 0.2 * (found.length - 1) + (subject ? 0.3 : 0));
    out.push(signal(`asks_${family}`, evidenceOf(found), { quote: found[0]!.quote }, talk || scene.letter ? strength * 0.5 : strength));
  }
  if (quiet) return out;
  const leads = scene.links.some(({ from: place, url }) => place !== 'attachment' && !/^(?:mailto|tel|cid):/i.test(url));
  const pressed = asks.has('urgency') || asks.has('account_stop');
  if (!talk && leads && pressed && (asks.has('credentials') || asks.has('account_stop'))) out.push(signal('pressed_to_sign_in', evidenceOf([...asked.filter(({ family }) => family === 'account_stop'), ...asked.filter(({ family }) => family === 'credentials' || family === 'urgency')])));
  if (asks.has('secrecy') && (asks.has('money') || asks.has('boss') || asks.has('contact_elsewhere'))) out.push(signal('secret_payment', evidenceOf(asked.filter(({ family }) => family === 'secrecy' || family === 'money' || family === 'contact_elsewhere'))));
  if (asks.has('contact_elsewhere') && (asks.has('boss') || scene.claims.some(({ kind }) => kind === 'officer'))) out.push(signal('boss_elsewhere', evidenceOf(asked.filter(({ family }) => family === 'contact_elsewhere' || family === 'boss'))));
  if (!talk && mail.text === mail.text.toUpperCase() && /[A-Z]/.test(mail.text) && mail.text.replace(/[^A-Za-z]/g, '').length > 100) out.push(signal('all_capitals'));
  const host = from === undefined ? '' : from.address.slice(from.address.lastIndexOf('@') + 1);
  if (!talk && from !== undefined && scene.kinds(host).has('freemail') && FREEMAIL_WANTS.some((family) => asks.has(family))) out.push(signal('freemail_money', [addressIn(mail, 'from', from), ...evidenceOf(asked.filter(({ family }) => FREEMAIL_WANTS.includes(family))).slice(0, 1)]));
  return out;
}

function evidenceOf(found: readonly Asked[]): Signal['evidence'] {
  const seen = new Set<string>();
  const longest = [...found].sort((a, b) => b.quote.length - a.quote.length);
  return longest.filter(({ quote }) => !seen.has(quote) && seen.add(quote)).slice(0, 3).map(({ where, name, quote }) => ({ where, ...(name === undefined ? {} : { name }), quote }));
}
