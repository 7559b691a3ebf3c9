/** What a report button keeps: where Banya is, for which organisation it reports, and the token it does it with. */
export interface Setting {
  /** Origin of Banya, without a slash at the end. */
  readonly url: string;
  /** The organisation's id (UUID, lower case). */
  readonly org: string;
  /** An API token with the scope `samples:write`. */
  readonly token: string;
}

const PREFIX = 'banya1:';
const TEXT_MAX = 2000;
const ORG = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TOKEN = /^[\w.~+/=-]{8,300}$/;

/** One line to paste into a report button: `banya1:` and the setting as base64url of its JSON. */
export function formatSetting({ url, org, token }: Setting): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ url, org, token }));
  return PREFIX + btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/**
 * Reads a pasted line of `formatSetting`, however mail programs and word processors broke it.
 * @returns null where it is none, or where it would send mails or the token unencrypted.
 */
export function readSetting(pasted: string): Setting | null {
  if (pasted.length > TEXT_MAX) return null;
  const text = pasted.replace(/[\s\u200b\u3000]+/g, '');
  if (!text.startsWith(PREFIX)) return null;
  try {
    const packed = atob(text.slice(PREFIX.length).replace(/-/g, '+').replace(/_/g, '/'));
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(packed, (c) => c.charCodeAt(0)))) as Partial<Record<keyof Setting, unknown>> | null;
    return checked(value?.url, value?.org, value?.token);
  } catch {
    return null;
  }
}

/** The same from the address of any page of Banya that belongs to an organisation, and a token. */
export function settingOfPage(address: string, token: string): Setting | null {
  if (address.length > TEXT_MAX) return null;
  const url = parsedUrl(address.trim());
  return url ? checked(url.origin, /^\/o\/([^/]+)/.exec(url.pathname)?.[1], token.trim()) : null;
}

/** What was kept, looked at as if it were pasted anew: another version may have kept it. */
export function keptSetting(value: unknown): Setting | null {
  const { url, org, token } = (value ?? {}) as Partial<Record<keyof Setting, unknown>>;
  return checked(url, org, token);
}

/** As URL.parse, which the web views of older Outlook lack. */
function parsedUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function checked(url: unknown, org: unknown, token: unknown): Setting | null {
  if (typeof url !== 'string' || typeof org !== 'string' || typeof token !== 'string') return null;
  const parsed = parsedUrl(url);
  // A mail and a token never travel unencrypted, except within one machine, where people try things out.
  if (!parsed || parsed.username !== '' || parsed.password !== '') return null;
  if (parsed.protocol !== 'https:' && !(parsed.protocol === 'http:' && (parsed.hostname === 'localhost' || parsed.hostname === '127.0.0.1'))) return null;
  const id = org.toLowerCase();
  return ORG.test(id) && TOKEN.test(token) ? { url: parsed.origin, org: id, token } : null;
}
