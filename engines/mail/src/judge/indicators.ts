/** What else can be searched for: addresses, hosts, files, numbers that stand in the mail. */
import { isAddress } from '@banya/indicators/hosts';
import type { Indicator } from '../types.ts';
import type { Scene } from './scene.ts';

const MAX = 60;
// Numbers as people write them in Japan (03-1234-5678, 0120-123-456, +81 …), with hyphens or brackets, so that no order number is taken for one.
const PHONE = /(?<![\d-])(?:\+81[-\s]?\d{1,4}|0\d{1,4})[-(\s]\d{1,4}[-)\s]\d{3,4}(?![\d-])/g;
const ACCOUNT = /(?:普通|当座|口座番号)[^\d\n]{0,12}(\d{7})(?!\d)/g;

/** Indicators of one mail, without the organisation's own and its partners' domains and without common services. At most 60. */
export function indicatorsOf(scene: Scene): Indicator[] {
  const { mail, knowledge, links, files, from, kinds } = scene;
  const known = new Set([...knowledge.ownDomains, ...knowledge.partners.map(({ domain }) => domain), ...knowledge.brands.flatMap(({ domains }) => domains)]);
  const out = new Map<string, Indicator>();
  const add = (kind: Indicator['kind'], value: string): void => {
    if (value !== '' && value.length <= 2048 && out.size < MAX) out.set(`${kind} ${value}`, { kind, value });
  };
  for (const box of [from, mail.replyTo[0], mail.returnPath]) {
    if (box?.domain === undefined || known.has(box.domain)) continue;
    add('address', box.address);
    if (!kinds(box.domain).has('freemail')) add('domain', box.domain);
  }
  for (const { url, host, domain } of links) {
    if (host === '' || known.has(domain)) continue;
    if (isAddress(host)) add('ip', host);
    else if (['shortener', 'storage', 'form', 'tracker', 'translate'].some((kind) => kinds(host).has(kind as 'storage'))) add('url', url);
    else add('domain', domain);
  }
  for (const { sha256, flags } of files) if (flags.length > 0) add('sha256', sha256);
  const text = mail.text.slice(0, 20_000).normalize('NFKC');
  for (const [number] of text.matchAll(PHONE)) add('phone', number.replace(/[^\d+]/g, ''));
  for (const [, number] of text.matchAll(ACCOUNT)) add('bank_account', number!);
  return [...out.values()];
}
