import type { Setting } from './setting.ts';

/** What the reader did with the mail before asking; the contract's five answers. */
export const touches = ['nothing', 'link', 'file', 'typed', 'unsure'] as const;
export type Touched = (typeof touches)[number];

/** Largest mail that is taken, in bytes; the contract's limit. */
export const MAIL_BYTES_MAX = 30 * 1024 * 1024;
/** A large mail over a slow line takes its time. */
const WAIT_MS = 180_000;

/** Why a mail was not taken; each has its own words. */
export type Refusal = 'network' | 'token' | 'setting' | 'large' | 'many' | 'empty' | 'busy' | 'answer';
export type Sent =
  | { readonly ok: true; readonly number: string; readonly page: string }
  | { readonly ok: false; readonly why: Refusal };

export interface Sending {
  readonly setting: Setting;
  readonly touched: Touched;
  /** Where it is sent, without the question mark. */
  readonly endpoint: string;
  /** What the endpoint wants to know beside the answer. */
  readonly query?: Readonly<Record<string, string>>;
  readonly lang: string;
}

const refusals: Readonly<Record<number, Refusal>> = { 400: 'empty', 401: 'token', 403: 'token', 404: 'setting', 413: 'large', 429: 'many' };

/** Sends a mail's source as it is. Never throws: what went wrong is in the answer. */
export async function sendMail(mail: Blob, { setting, touched, endpoint, query, lang }: Sending): Promise<Sent> {
  if (mail.size === 0) return { ok: false, why: 'empty' };
  if (mail.size > MAIL_BYTES_MAX) return { ok: false, why: 'large' };
  let response: Response;
  try {
    response = await fetch(`${endpoint}?${new URLSearchParams({ ...query, touched })}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${setting.token}`, 'Content-Type': 'message/rfc822', 'Accept-Language': lang },
      body: new Blob([mail], { type: 'message/rfc822' }),
      // The token alone says who reports, and goes nowhere but there.
      credentials: 'omit', redirect: 'error', cache: 'no-store', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(WAIT_MS),
    });
  } catch {
    return { ok: false, why: 'network' };
  }
  if (response.status !== 201) return { ok: false, why: refusals[response.status] ?? 'busy' };
  const number = await response.json().then((body: unknown) => (body as { id?: unknown } | null)?.id, () => null);
  // A page of a hotel's network may answer in Banya's place.
  if (typeof number !== 'string' || !/^[0-9a-f-]{36}$/.test(number)) return { ok: false, why: 'answer' };
  return { ok: true, number, page: `${setting.url}/o/${setting.org}/mails/${number}` };
}
