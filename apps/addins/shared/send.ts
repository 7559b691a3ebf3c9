import type { Setting } from './setting.ts';

/** What the reader did with the mail before asking; the contract's five answers. */
export const touches = ['nothing', 'link', 'file', 'typed', 'unsure'] as const;
export type Touched = (typeof touches)[number];

/** Largest mail that is taken, in bytes; the contract's limit. */
export const MAIL_BYTES_MAX = 30 * 1024 * 1024;
/** A large mail over a slow line takes its time. */
const WAIT_MS = 180_000;
/** What is no plain address is not told: the report itself must not fail by it. */
const READER = /^[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}$/;

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
  /** The reader's own address, where the mail program tells it: the answer goes there as well. */
  readonly reader?: string | undefined;
  readonly lang: string;
}

const refusals: Readonly<Record<number, Refusal>> = { 400: 'empty', 401: 'token', 403: 'token', 404: 'setting', 413: 'large', 429: 'many' };

/** Sends a mail's source as it is. Never throws: what went wrong is in the answer. */
export async function sendMail(mail: Blob, { setting, touched, endpoint, query, reader, lang }: Sending): Promise<Sent> {
  if (mail.size === 0) return { ok: false, why: 'empty' };
  if (mail.size > MAIL_BYTES_MAX) return { ok: false, why: 'large' };
  let response: Response;
  try {
    response = await fetch(`${endpoint}?${new URLSearchParams({ ...query, touched, ...(reader && READER.test(reader) ? { reader } : {}) })}`, {
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

export interface Answer {
  /** What stands first: the name of one of the texts. */
  readonly stand: (typeof stands)[number];
  /** The weightiest of them. */
  readonly reasons: readonly string[];
  readonly steps: readonly string[];
}
const stands = ['dangerous', 'suspicious', 'insufficient', 'clear', 'failed', 'drill', 'decided_dangerous', 'decided_unwanted', 'decided_harmless'] as const;
const ASK_MS = 1_500;
/** Ordinary answers take seconds; who waits longer reads it on the page. */
const PATIENCE_MS = 60_000;
const ANSWER_BYTES_MAX = 2 * 1024 * 1024;
const REASONS_SHOWN = 3;

/** Waits for the answer to a mail that was sent. @returns null where it takes too long or cannot be had: the page has it then */
export async function awaitAnswer(endpoint: string, { setting, lang, query }: Pick<Sending, 'setting' | 'lang' | 'query'>): Promise<Answer | null> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await new Promise((done) => setTimeout(done, ASK_MS))) {
    try {
      const response = await fetch(`${endpoint}?${new URLSearchParams({ ...query })}`, {
        headers: { Authorization: `Bearer ${setting.token}`, 'Accept-Language': lang }, credentials: 'omit', redirect: 'error', cache: 'no-store', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(10_000),
      });
      // A Banya of before does not tell buttons; asking again would not help.
      if (response.status === 403 || response.status === 404) return null;
      if (response.status !== 200) continue;
      const text = await response.text();
      const answer = text.length > ANSWER_BYTES_MAX ? null : answerOf(JSON.parse(text), lang);
      if (answer !== 'waiting') return answer;
    } catch {
      // Asked again until patience ends.
    }
  }
  return null;
}

/** What came, looked at as what it may be: anything. */
function answerOf(value: unknown, lang: string): Answer | null | 'waiting' {
  const { state, verdict, decision, reasons, doNow } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (state === 'waiting') return 'waiting';
  const stand = decision ? `decided_${String(decision)}` : state === 'judged' ? verdict : state;
  if (!(stands as readonly unknown[]).includes(stand)) return null;
  const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter((one) => typeof one === 'string').slice(0, 8) : []);
  const words = (Array.isArray(reasons) ? reasons : []).map((r: unknown) => (r as { text?: Record<string, unknown> } | null)?.text?.[lang.startsWith('ja') ? 'ja' : 'en']);
  return { stand: stand as Answer['stand'], reasons: texts(words).slice(0, REASONS_SHOWN), steps: texts(doNow) };
}
