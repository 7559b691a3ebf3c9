import type { Link } from '../types.ts';
import { findUrls, toLink } from '../parse/links.ts';

/**
 * A link found in a file, or undefined when it leads to no host or stays in the file. Two backslashes are a network
 * path, which Windows opens like a link and to which it gives the password's hash away: told as `file://`.
 */
export function linkOf(raw: string, from: 'qr' | 'attachment', file: string, text?: string): Link | undefined {
  let url = raw.slice(0, 8_192).replace(/[\t\r\n\0]/g, '').trim();
  const share = /^(?:(?:file:\/{0,3})?\\\\|file:\/{4,5})([^\\/?#]{1,253})[\\/]/i.exec(url);
  if (share !== null) url = `file://${share[1]!.split('@')[0]!}/${url.slice(share[0].length).replaceAll('\\', '/')}`;
  // Names without a scheme are other pages of the same file, except in a code, which a phone opens whole.
  else if (from === 'attachment' && !/^(?:[a-z][a-z0-9+.*-]{1,30}:|\/\/|www\.[^\s/]{3})/i.test(url)) return undefined;
  else if (from === 'qr' && /\s/.test(url)) return undefined;
  const link = toLink(url, from, text === undefined ? { file } : { file, text });
  return link === undefined || link.host === '' ? undefined : link;
}

/** URLs that stand openly in a text of people or of programs, at most `max`: those with a scheme, and `www.`. */
export function urlsIn(text: string, max = 500): string[] {
  return findUrls(text.slice(0, 4_000_000), max).map(({ url }) => url).filter((url) => /^(?:[a-z*]{3,6}:|www\.)/i.test(url));
}
