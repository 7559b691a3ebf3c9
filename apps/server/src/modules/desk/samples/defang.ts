/**
 * Addresses of attackers for eyes only: no program makes a link of them, and nobody opens one by mistake.
 * `https://login.example.com/a` → `hxxps://login[.]example[.]com/a`.
 */

const INVISIBLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g;
/** The two schemes that programs look for, also in the middle of a word. */
const SCHEME = /(h)(tt)(ps?:)|(f)(tps?:\/\/)/gi;
/** A dot between two characters of a name or number: 「。」 and the end of a sentence have none behind. */
const DOT = /(?<=[\p{L}\p{N}_-])[.\uff0e\u3002\uff61](?=[\p{L}\p{N}_-])/gu;
const ASCII_DOT = /(?<=[\p{L}\p{N}_-])\.(?=[\p{L}\p{N}_-])/gu;

/** Free text: every scheme, and every dot inside a word that could be a name of a host. */
export function defangText(text: string): string {
  return text.replace(INVISIBLE, '').replace(SCHEME, (_, h: string | undefined, _tt, rest: string | undefined, f: string | undefined, ftp: string | undefined) => (h ? `${h}xx${rest}` : `${f}x${ftp!.slice(1)}`)).replace(ASCII_DOT, '[.]');
}

/** One URL or address of a host. */
export function defangUrl(url: string): string {
  const clean = url.replace(INVISIBLE, '').replace(/[\t\n\r]/g, '');
  const found = /^([a-z][a-z0-9+.-]{0,30}:[/\\]{0,8})([^/\\?#]*)/i.exec(clean);
  if (!found) return clean.replace(DOT, '[.]').replaceAll('@', '[@]');
  return found[1]!.replace(/^http/i, 'hxxp').replace(/^ftp/i, 'fxp').replace(/^(javascript|vbscript|data):/i, '$1[:]') + found[2]!.replace(DOT, '[.]').replaceAll('@', '[@]') + clean.slice(found[0].length);
}

/** `Name <taro@example.com>` and `taro@example.com`: the part behind the @ is made unusable. */
export function defangAddress(address: string): string {
  return address.replace(INVISIBLE, '').replace(DOT, '[.]');
}
