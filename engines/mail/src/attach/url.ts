import { parse } from 'tldts';
import type { Link } from '../types.ts';

const SCHEMES = /^(?:https?|ftp|file|ms-[a-z]{2,20}|search-ms|mailto|tel|sms|webcal):/i;

/**
 * A link as a program would open it, or undefined when it leads to no host. Two backslashes are a network path, which
 * Windows opens like a link and which gives a password hash away.
 */
export function toLink(raw: string, from: 'qr' | 'attachment', file: string, text?: string): Link | undefined {
  let url = raw.slice(0, 8_192).replace(/[\t\r\n\u0000]/g, '').trim().slice(0, 4_096);
  const share = /^(?:(?:file:\/{0,3})?\\\\|file:\/{4,5})([^\\/?#]{1,253})[\\/]/i.exec(url);
  if (share !== null) url = `file://${share[1]!.split('@')[0]!}/${url.slice(share[0].length).replaceAll('\\', '/')}`;
  else if (/^www\.[^\s/]{3,253}/i.test(url)) url = `http://${url}`;
  else if (!SCHEMES.test(url)) return undefined;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  const host = parsed.hostname.toLowerCase().replace(/\.$/, '');
  if (host === '') return undefined;
  const bare = host.replace(/^\[|\]$/g, '');
  const domain = parse(bare, { allowPrivateDomains: true }).domain ?? bare;
  return { url, host, domain, from, ...(text === undefined ? {} : { text: text.slice(0, 200) }), file };
}

const URL_IN_TEXT = /(?:https?|ftp):\/\/[^\s"'<>\\^`{|}\u0000-\u0020\u3000-\u303f\uff00-\uff0f]{3,2048}|\bwww\.[^\s"'<>\\^`{|}\u0000-\u0020\u3000-\u303f\uff00-\uff0f]{3,2048}/gi;

/** URLs that stand openly in a text, at most `max`. */
export function urlsIn(text: string, max = 500): string[] {
  const found: string[] = [];
  for (const match of text.slice(0, 2_000_000).matchAll(URL_IN_TEXT)) {
    found.push(match[0].replace(/[.,;:!?)\]]{1,20}$/, ''));
    if (found.length >= max) break;
  }
  return found;
}
