/** Links: found in text, taken apart as programs would, made harmless for screens. */
import type { Link } from '../types.ts';
import { hasKnownSuffix, hostOf, isAddress, normaliseHost, registrable } from '@banya/indicators/hosts';
import { LIMITS } from './limits.ts';

/** Schemes that lead somewhere or run something; others (mailto, tel, cid …) are no links. */
const SCHEMES = /^(?:https?|hxxps?|h\*\*ps?|ftps?|sftp|file|smb|javascript|vbscript|data|blob|ms-[a-z-]{2,30}|search-ms|intent|market|line|tg):/i;

/**
 * The link that `url` is, undefined for what leads nowhere. Control characters and blanks inside the scheme and host
 * are dropped and backslashes turned, as browsers do (WHATWG URL, section 4.4); what stands before @ is no host.
 */
export function toLink(url: string, from: Link['from'], more?: { text?: string; file?: string }): Link | undefined {
  let clean = url.slice(0, LIMITS.url * 2).replace(/[\0-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff]/g, '').trim();
  if (clean.startsWith('//') || clean.startsWith('\\\\')) clean = `http:${clean}`;
  else if (/^www\.[^\s/]{3,}/i.test(clean)) clean = `http://${clean}`;
  if (!SCHEMES.test(clean)) {
    // A bare name: `example.jp/path`, as people type it.
    const bare = /^([^\s/?#:@\\]{1,253})(?::\d{1,5})?(?:[/?#]|$)/.exec(clean);
    if (bare === null || !bare[1]!.includes('.') || !hasKnownSuffix(normaliseHost(bare[1]!))) return undefined;
    clean = `http://${clean}`;
  }
  clean = clean.slice(0, LIMITS.url);
  const host = hostOf(clean);
  const text = more?.text === undefined ? undefined : trimText(more.text);
  return {
    url: clean,
    host,
    domain: host === '' ? '' : isAddress(host) ? host : (registrable(host) ?? host),
    from,
    ...(text === undefined || text === '' ? {} : { text }),
    ...(more?.file === undefined ? {} : { file: more.file }),
  };
}

function trimText(text: string): string {
  return text.slice(0, LIMITS.linkText * 4).replace(/\s+/g, ' ').trim().slice(0, LIMITS.linkText);
}

const START = /(?:h(?:tt|xx|\*\*)ps?|ftp):[/\\]{2}|(?<![\w@.-])www\.(?=[a-z0-9])|(?<![\w@.:/-])(?:[a-z0-9][a-z0-9-]{0,40}\.){1,4}[a-z]{2,18}\/(?=[\w?#%-])/gi;

// Scripts that are written without spaces: a URL ends where they begin. Full-width forms and CJK punctuation with them.
const EAST = /[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u{1f000}-\u{1faff}\u{20000}-\u{3ffff}]/u;
// Blanks, quotation marks and dashes of any kind end one too.
const END = /[\s<>"\u0000-\u0020\u007f-\u00ab\u00bb\u2000-\u206f\ufeff\ufffd\ue000-\uf8ff]/;

/** Where the host of a URL that begins at `from` ends. */
function hostEnd(text: string, from: number): number {
  let at = from;
  const stop = Math.min(text.length, from + 300);
  while (at < stop) {
    const char = text[at]!;
    if (char === '/' || char === '\\' || char === '?' || char === '#' || END.test(char)) break;
    const code = text.codePointAt(at)!;
    const whole = code > 0xffff ? String.fromCodePoint(code) : char;
    if (EAST.test(whole)) {
      // 「https://example.jpを開く」 ends before を; 「https://日本語.jp」 goes on.
      const before = text.slice(from, at);
      const bare = before.slice(before.lastIndexOf('@') + 1).replace(/:\d{0,5}$/, '');
      if (/[\u3000-\u303f\uff08-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/.test(whole)) break;
      if (isAddress(bare) || (/^[\x21-\x7e]+\.[a-z0-9-]+$/i.test(bare) && hasKnownSuffix(bare.toLowerCase()))) break;
      if (/^[\x21-\x7e]+\.(?:test|example|invalid|local|localhost|lan|internal)$/i.test(bare)) break;
    }
    at += whole.length;
  }
  return at;
}

function pathEnd(text: string, from: number): number {
  let at = from;
  const stop = Math.min(text.length, from + LIMITS.url);
  while (at < stop) {
    const code = text.codePointAt(at)!;
    const whole = code > 0xffff ? String.fromCodePoint(code) : text[at]!;
    if (code > 0x7e ? END.test(whole) || EAST.test(whole) : END.test(whole) || whole === '`') break;
    at += whole.length;
  }
  return at;
}

/** `url` without what a sentence put behind it: full stops, quotes, brackets that were opened before it. */
function trimTail(url: string): string {
  let end = url.length;
  const balance = (open: string, close: string): number => {
    let n = 0;
    for (let i = 0; i < end; i++) n += url[i] === open ? 1 : url[i] === close ? -1 : 0;
    return n;
  };
  for (let rounds = 0; rounds < 100 && end > 0; rounds++) {
    const last = url[end - 1]!;
    if (/[.,;:!?'"*_~|^\\]/.test(last)) end--;
    else if (last === ')' ? balance('(', ')') < 0 : last === ']' ? balance('[', ']') < 0 : last === '}' && balance('{', '}') < 0) end--;
    else break;
  }
  return url.slice(0, end);
}

/**
 * URLs of a text, in order, at most `limit`, each with where it begins. Defanged ones (`hxxp`, `[.]`) stay as they
 * stand. Linear in the text.
 */
export function findUrls(text: string, limit: number = LIMITS.links): { readonly url: string; readonly at: number }[] {
  const out: { url: string; at: number }[] = [];
  START.lastIndex = 0;
  for (let found = START.exec(text); found !== null && out.length < limit; found = START.exec(text)) {
    const at = found.index;
    const scheme = /^[a-z*]+:[/\\]{2}/i.exec(found[0]);
    const host = at + (scheme?.[0].length ?? 0);
    const end = pathEnd(text, hostEnd(text, host));
    const url = trimTail(text.slice(at, end));
    START.lastIndex = Math.max(end, at + found[0].length);
    if (url.length <= (scheme?.[0].length ?? 0) + 1) continue;
    if (scheme === null && !/^www\./i.test(url) && !hasKnownSuffix(url.slice(0, url.indexOf('/')).toLowerCase())) continue;
    out.push({ url, at });
  }
  return out;
}

/** Links of a text, each URL once. */
export function linksOfText(text: string, from: Link['from'] = 'text', limit: number = LIMITS.links, file?: string): Link[] {
  const seen = new Map<string, Link>();
  for (const { url } of findUrls(text, limit)) {
    const link = toLink(url, from, file === undefined ? undefined : { file });
    if (link !== undefined && !seen.has(link.url)) seen.set(link.url, link);
  }
  return [...seen.values()];
}

/** A URL for eyes only: no program makes a link of it. Direction marks and control characters are dropped. */
export function defang(url: string): string {
  const clean = url.replace(/[\0-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '');
  const found = /^([a-z][a-z0-9+.-]{0,30}):([/\\]{0,8})([^/\\?#]*)/i.exec(clean);
  if (found === null) return clean.replace(/\./g, '[.]').replace(/@/g, '[@]');
  const scheme = found[1]!.replace(/^http/i, 'hxxp').replace(/^ftp/i, 'fxp').replace(/^(javascript|vbscript|data)$/i, '$1[:]');
  const authority = found[3]!.replace(/\[?\.\]?/g, '[.]').replace(/@/g, '[@]');
  return `${scheme}${scheme.endsWith(']') ? '' : ':'}${found[2]!}${authority}${clean.slice(found[0].length)}`;
}
