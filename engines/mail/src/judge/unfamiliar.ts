/** What does not fit a sender whom nobody here knows: names that are offices of nobody, domains of mere purposes, where links ask one in. */
import { authorityLike, isBareTitle, isKanaNamed, officeLike, purposeLike } from '../identity/office.ts';
import type { Claim } from '../identity/claims.ts';
import type { Link, Signal } from '../types.ts';
import { addressIn, inHeader, inText, ofFile, ofLink, shown, signal } from './evidence.ts';
import type { Scene } from './scene.ts';
import { unproven } from './sender.ts';

/** Endings that registries give to public bodies alone. */
const PUBLIC_BODY = /\.(?:go|lg|ed)\.jp$|(?:^|\.)(?:city|pref|town|vill|metro|court)\.[a-z.-]{2,60}\.jp$/;
/** Words in the path of a link that lead to a sign-in or a form, whole words between marks. */
const SIGN_IN = /[/._\-?&=](?:log-?in|sign-?in|logon|signon|auth|authenticate|verify|verification|verif|validate|confirm|confirmation|account|accounts|update|secure|security|password|passwd|unlock|restore|recover|reset|reactivate|renew|refund|payment|pay|billing|card|otp|mfa|sso|webmail|owa|identity|kyc|mypage|member|kakunin|koushin|tetsuzuki|ninsho|toroku|touroku|saihaitatsu|kanpu|henkin|shiharai|uketori|kaijo|entry|apply|claim|gift)(?=[/._\-?&=]|$|\d)/i;
const PHONE = /(?<![\d-])(?:\+81[-\s]?\d{1,4}|0\d{1,4})[-(\s]\d{1,4}[-)\s]\d{3,4}(?![\d-])/;
const TEXT_MAX = 8_000;
/** Whoever wants one thing done links to it; a page with many links is news. */
const FEW_LINKS = 8;

/** Neither ourselves, a partner, a brand that is proven, nor somebody we have written with. */
export function isUnfamiliar(scene: Scene): boolean {
  const { knowledge, fromDomain, trusted } = scene;
  const { history } = knowledge;
  if (trusted !== null || scene.conversation) return false;
  if (fromDomain !== undefined && knowledge.ownDomains.includes(fromDomain)) return false;
  if (history !== undefined && (history.sentTo > 0 || history.address > 0)) return false;
  return !isProvenBrand(scene);
}

/** From a brand's own domain, and no check says otherwise. */
export function isProvenBrand({ authentication, knowledge, fromDomain, claims, from }: Scene): boolean {
  if (authentication.dmarc === 'fail' || fromDomain === undefined || from === undefined) return false;
  // Computed and still not known, as where a signature broke on its way: that says no more than no check at all.
  const silent = authentication.by === 'none' || (authentication.by === 'checked' && authentication.dmarc === 'unknown');
  if (!silent && authentication.provenDomain !== fromDomain) return false;
  const open = claims.some((claim: Claim) => claim.open.includes(fromDomain));
  return !open && knowledge.brands.some((brand) => brand.domains.includes(fromDomain) && brand.open?.includes(fromDomain) !== true);
}

export function unfamiliarSignals(scene: Scene, presses: boolean): Signal[] {
  const { mail, from, fromDomain, knowledge, asked, asks, files, authentication } = scene;
  if (from === undefined || !isUnfamiliar(scene)) return [];
  const out: Signal[] = [];
  const host = from.address.slice(from.address.lastIndexOf('@') + 1);
  const name = from.name;
  const links = scene.links.filter(({ url }) => /^https?:/i.test(url)).slice(0, 60);
  const papers = files.filter((file) => !/^(?:png|jpeg|jpg|gif|webp|bmp|svg)$/.test(file.realType));
  const wants = asked.length > 0 || presses || links.length > 0 || papers.length > 0;
  const public_ = PUBLIC_BODY.test(host) && authentication.dmarc !== 'fail';

  if (isBareTitle(name, knowledge.ownName) && !(knowledge.officers.some(({ addresses }) => addresses.includes(from.address)))) out.push(signal('title_outside', [inHeader(mail, 'from', name), addressIn(mail, 'from', from)], { name, domain: shown(host) }));
  const office = officeLike(name) * (isKanaNamed(name, host) ? 0.4 : 1);
  const authority = authorityLike(name) && !public_;
  if (authority && wants) out.push(signal('authority_outside', [inHeader(mail, 'from', name), addressIn(mail, 'from', from)], { name, domain: shown(host) }));
  if (office > 0 && !public_ && wants) {
    // Who sends news asks for nothing; whoever asks in the name of an office is worth a second look.
    out.push(signal('office_outside', [inHeader(mail, 'from', name), addressIn(mail, 'from', from)], { name, domain: shown(host) }, office * (asked.length > 0 || presses ? 1 : 0.6)));
  }
  const purpose = fromDomain === undefined || scene.kinds(host).has('freemail') || isKanaNamed(name, host) ? 0 : purposeLike(fromDomain.split('.')[0]!);
  if (purpose > 0 && wants) out.push(signal('domain_of_purpose', [addressIn(mail, 'from', from)], { domain: shown(host) }, purpose));
  const door = scene.letter ? undefined : links.find((link) => asksIn(link));
  if (door !== undefined && links.length <= FEW_LINKS && !scene.kinds(door.host).has('tracker')) out.push(signal('link_asks_in', [ofLink(door)], { host: shown(door.host) }, asked.length > 0 || presses ? 1 : 0.5));
  const number = links.length === 0 && (asks.has('call') || asks.has('account_stop') || asks.has('money') || asks.has('extortion')) ? numberToCall(mail.text.slice(0, TEXT_MAX)) : undefined;
  if (number !== undefined) out.push(signal('phone_pressed', [inText(number), ...asked.filter(({ family, where }) => family === 'call' && where === 'text').slice(0, 1).map(({ quote }) => inText(quote))], { number }));
  const partner = scene.claims.find((claim) => claim.kind === 'partner' && unproven(claim, scene));
  if (partner !== undefined && (asks.has('bank_change') || asks.has('money'))) out.push(signal('partner_money', [...partner.evidence.slice(0, 1), addressIn(mail, 'from', from)], { name: partner.name.ja, nameEn: partner.name.en, domain: shown(host) }));
  if (papers.length > 0 && (asks.has('open_file') || office > 0) && papers[0]!.name !== '') out.push(signal('stranger_file', [ofFile(papers[0]!.name)], { file: papers[0]!.name }));
  return out;
}

/** A number that the text tells the reader to call; one in a signature is none. */
function numberToCall(text: string): string | undefined {
  for (const line of text.split('\n').slice(0, 300)) {
    const short = line.slice(0, 300);
    const number = PHONE.exec(short)?.[0];
    if (number !== undefined && /お?電話(?:で|に|へ|を|くだ|して|いただ)|ダイヤル|ご連絡|おかけ|お掛け|まで|窓口|call/i.test(short)) return number;
  }
  return undefined;
}

/** A link whose path leads to a sign-in or a form. The host does not count: it has its own signals. */
export function asksIn({ url }: Link): boolean {
  const at = url.indexOf('/', 8);
  return at > 0 && SIGN_IN.test(url.slice(at, at + 300));
}

/** What a taken mailbox of a partner or colleague would ask: facts that no proof of origin outweighs. */
export function takenOverSignals(scene: Scene): Signal[] {
  const { trusted, asks, asked, links, mail, knowledge, fromDomain, from } = scene;
  const known = trusted !== null || (knowledge.history !== undefined && knowledge.history.address > 0);
  if (!known || from === undefined) return [];
  const out: Signal[] = [];
  const evidence = (family: string): Signal['evidence'] => asked.filter((one) => one.family === family).slice(0, 1).map(({ where, name, quote }) => ({ where, ...(name === undefined ? {} : { name }), quote }));
  const reply = mail.replyTo[0];
  const elsewhere = reply?.domain !== undefined && reply.domain !== fromDomain && !knowledge.ownDomains.includes(reply.domain);
  if (trusted !== 'own' && asks.has('bank_change') && (asks.has('secrecy') || asks.has('urgency') || elsewhere)) {
    out.push(signal('bank_change_pressed', [...evidence('bank_change'), ...evidence('secrecy'), ...evidence('urgency')]));
  }
  const real = new Set([...knowledge.ownDomains, ...knowledge.partners.map(({ domain }) => domain), ...knowledge.brands.flatMap(({ domains }) => domains)]);
  const door = links.find((link) => /^https?:/i.test(link.url) && link.domain !== fromDomain && !real.has(link.domain) && !scene.kinds(link.host).has('tracker') && (asksIn(link) || asks.has('credentials')));
  if (door !== undefined && (asks.has('credentials') || (asks.has('open_file') && asksIn(door)))) out.push(signal('known_asks_in', [ofLink(door), ...evidence('credentials')], { host: shown(door.host) }));
  return out;
}
