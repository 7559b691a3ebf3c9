/** Where the mail's links lead, and what that says. */
import { isAddress, registrable } from '@banya/indicators/hosts';
import type { Link, Signal } from '../types.ts';
import { ofLink, shown, signal } from './evidence.ts';
import type { Scene } from './scene.ts';
import { looksRandom, unproven } from './sender.ts';

const FIRST = 60;
/** Parameters by which an honest site sends on to any address it is given. */
const SENDS_ON = /[?&](?:url|u|q|redirect(?:_?ur[il])?|dest(?:ination)?|target|goto|next|continue|return(?:url)?|link|to|r)=(?:https?(?::|%3a)|%2f%2f|\/\/)/i;
const URL_TEXT = /^\s*(?:https?:\/\/)?((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24})(?:[/?#:]\S{0,150})?\s*$/i;

export function linkSignals(scene: Scene): Signal[] {
  const { mail, kinds, fromDomain, trusted } = scene;
  const links = scene.links.filter(({ url }) => !/^(?:mailto|tel|cid):/i.test(url)).slice(0, FIRST);
  const out: Signal[] = [];
  const first = (code: string, test: (link: Link) => boolean, slots: (link: Link) => Record<string, string> = (link) => ({ host: shown(link.host) }), value = 1): void => {
    const link = links.find(test);
    if (link !== undefined) out.push(signal(code, [ofLink(link)], slots(link), value));
  };
  const talk = scene.conversation;
  const elsewhere = (link: Link): boolean => link.domain !== fromDomain && trusted === null;
  first('link_address', (link) => isAddress(link.host) && !/^(?:\[|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(link.host));
  if (!talk) first('link_shortener', (link) => kinds(link.host).has('shortener') && elsewhere(link));
  if (!talk) first('link_storage', (link) => kinds(link.host).has('storage') && elsewhere(link) && link.from !== 'text');
  if (!talk) first('link_storage_text', (link) => kinds(link.host).has('storage') && elsewhere(link) && link.from === 'text');
  first('link_form', (link) => kinds(link.host).has('form') && elsewhere(link));
  first('link_translate', (link) => kinds(link.host).has('translate'));
  if (!talk) first('link_suffix', (link) => kinds(link.host).has('suffix') && elsewhere(link), undefined, scene.letter ? 0.5 : 1);
  first('link_sends_on', (link) => SENDS_ON.test(link.url) && elsewhere(link) && !kinds(link.host).has('tracker') && otherHost(link) !== link.domain);
  first('link_user_part', (link) => /^https?:\/\/[^/?#\s]{0,200}@/i.test(link.url));
  first('link_data', (link) => /^(?:data|javascript|vbscript|file|ms-[a-z-]{2,20}|search-ms):/i.test(link.url));
  first('link_odd_port', (link) => /^https?:\/\/[^/?#\s]{1,253}:(?!80(?:\/|$)|443(?:\/|$)|8080|8443)\d{2,5}(?:\/|$)/i.test(link.url) && elsewhere(link));
  first('link_random', (link) => elsewhere(link) && !kinds(link.host).has('tracker') && !kinds(link.host).has('storage') && (looksRandom(link.domain.split('.')[0] ?? '') || link.host.split('.').length >= 6));
  first('link_qr', (link) => link.from === 'qr');
  const you = mail.to[0]?.address;
  if (you !== undefined && you.includes('@') && trusted === null) {
    const coded = [you, encodeURIComponent(you), Buffer.from(you).toString('base64').replace(/=+$/, '')];
    // Leaving a list is done by address as well, so such a link alone says little.
    first('link_has_your_address', (link) => elsewhere(link) && !/unsub|optout|opt-out|remove|配信停止|preferences/i.test(link.url) && coded.some((form) => form.length >= 8 && link.url.toLowerCase().includes(form.toLowerCase())));
  }
  if (!talk && trusted === null) {
    const disguised = links.find((link) => link.from === 'html' && link.text !== undefined && shownHost(link.text) !== undefined && shownHost(link.text) !== link.domain && !kinds(link.host).has('tracker'));
    if (disguised !== undefined) out.push(signal('link_other_than_shown', [ofLink(disguised)], { shown: shown(shownHost(disguised.text!)!), host: shown(disguised.host) }));
    brandLinks(scene, links, out);
    const sender = scene.from === undefined ? '' : scene.from.address.slice(scene.from.address.lastIndexOf('@') + 1);
    const away = links.find((link) => link.from === 'html' && elsewhere(link));
    if (away !== undefined && kinds(sender).has('freemail') && mail.text.length < 3_000) out.push(signal('freemail_links', [ofLink(away)], { domain: shown(sender), host: shown(away.host) }));
    const html = links.filter(({ from }) => from === 'html');
    const domains = new Set(html.map(({ domain }) => domain));
    if (html.length > 0 && domains.size <= 2 && html.every(elsewhere) && mail.text.length < 3000) out.push(signal('links_only_elsewhere', [ofLink(html[0]!)], { host: shown(html[0]!.host), domain: shown(fromDomain ?? '') }, html.every((link) => link.domain === html[0]!.domain) ? 1 : 0.6));
  }
  return out;
}

/** The host a link's text shows, as a registrable domain; undefined where the text shows no address. */
function shownHost(text: string): string | undefined {
  const match = URL_TEXT.exec(text.slice(0, 260));
  return match === null ? undefined : registrable(match[1]!);
}

function otherHost({ url }: Link): string | undefined {
  const match = /=(?:https?(?::|%3a)(?:\/|%2f){2}|%2f%2f|\/\/)([a-z0-9.-]{3,253})/i.exec(url);
  return match === null ? undefined : registrable(match[1]!);
}

/** A mail in the name of a house whose links lead anywhere but to that house. */
function brandLinks(scene: Scene, links: readonly Link[], out: Signal[]): void {
  const claim = scene.claims.find(({ kind, places }) => kind === 'brand' && places.some((place) => place === 'display_name' || place === 'logo' || place === 'signature' || (place === 'subject' && scene.asked.length > 0)));
  const leading = links.filter(({ from }) => from !== 'attachment');
  if (claim !== undefined && claim.places[0] !== 'display_name' && (scene.mail.text.length > 4_000 || new Set(leading.map(({ domain }) => domain)).size > 4)) return;
  if (claim === undefined || leading.length === 0 || leading.some(({ domain }) => claim.domains.includes(domain) && !claim.open.includes(domain) && leading.length === 1)) return;
  const away = leading.find(({ host, domain }) => !claim.domains.includes(domain) && domain !== scene.fromDomain && !scene.kinds(host).has('tracker'));
  if (away === undefined) return;
  const home = leading.some(({ domain }) => claim.domains.includes(domain));
  // From the house's own domain, and with its own links beside it, a stranger's link is most often an advertisement.
  if (!unproven(claim, scene) && (home || scene.authentication.provenDomain !== undefined)) return;
  out.push(signal('brand_links_elsewhere', [...claim.evidence.slice(0, 1), ofLink(away)], { name: claim.name.ja, nameEn: claim.name.en, host: shown(away.host) }, (home ? 0.6 : 1) * (scene.letter ? 0.6 : 1)));
}
