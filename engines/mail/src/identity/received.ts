/** Received lines (RFC 5321, section 4.4) as mail servers really write them. */
import { behindComment } from './results.ts';

export interface Received {
  /** What the client called itself. */
  readonly helo?: string;
  /** What the server found out by DNS; `unknown` when it found nothing. */
  readonly name?: string;
  readonly ip?: string;
  /** The server says that the name does not lead back to the address. */
  readonly forged: boolean;
  readonly by?: string;
  /** ISO 8601 in UTC. */
  readonly at?: string;
}

const MAX_CHARS = 4_000;
const IPV4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])/;
const IPV6 = /(?<![\w.:])(?:ipv6:)?((?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})(?![\w.:])/i;
const HOST = /^[a-z0-9_][a-z0-9_.-]{0,252}$/i;

/** Reads one value. Never throws; what is not there is undefined. */
export function parseReceived(value: string): Received {
  const text = value.slice(0, MAX_CHARS);
  const words: { readonly text: string; readonly comment: boolean }[] = [];
  let dateAt = text.length;
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at]!)) at++;
    else if (text[at] === ';') {
      dateAt = at + 1;
      break;
    } else if (text[at] === '(') {
      const end = behindComment(text, at);
      words.push({ text: text.slice(at + 1, end - 1), comment: true });
      at = end;
    } else {
      const start = at;
      while (at < text.length && !/[\s;(]/.test(text[at]!)) at++;
      words.push({ text: text.slice(start, at), comment: false });
    }
  }
  const clause = (keyword: string): { word?: string; comments: string[] } => {
    const at = words.findIndex(({ text: word, comment }) => !comment && word.toLowerCase() === keyword);
    if (at === -1) return { comments: [] };
    const [next, ...rest] = words.slice(at + 1);
    const comments: string[] = next?.comment === true ? [next.text] : [];
    for (const { text: word, comment } of rest) {
      if (!comment) break;
      comments.push(word);
    }
    return { ...(next?.comment === false ? { word: next.text } : {}), comments };
  };
  const from = clause('from');
  const by = clause('by').word?.toLowerCase();
  const told = from.comments.find((comment) => addressOf(comment) !== undefined) ?? '';
  const ip = addressOf(told) ?? (from.word === undefined ? undefined : addressOf(from.word));
  // Postfix and Sendmail write `helo (name [ip])`, Exim `name ([ip] helo=x)`, qmail `name (HELO x) (ip)`.
  const before = told.split(/[[\s]/, 1)[0]!.toLowerCase();
  const helo = /\bhelo[= ]([^\s)]{1,255})/i.exec(from.comments.join(' '))?.[1] ?? from.word;
  const name = before !== '' && HOST.test(before) && !IPV4.test(before) && !before.startsWith('helo') ? before : /\bhelo[= ]/i.test(from.comments.join(' ')) && HOST.test(from.word ?? '') ? from.word!.toLowerCase() : undefined;
  const at = dateOf(text.slice(dateAt, dateAt + 100));
  return {
    ...(helo === undefined ? {} : { helo: helo.toLowerCase() }), ...(name === undefined ? {} : { name }), ...(ip === undefined ? {} : { ip }),
    forged: /may be forged/i.test(told), ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }),
  };
}

function addressOf(text: string): string | undefined {
  const short = text.slice(0, 400);
  const v4 = IPV4.exec(short)?.[0];
  if (v4 !== undefined && v4.split('.').every((part) => Number(part) < 256)) return v4;
  return IPV6.exec(short)?.[1]?.toLowerCase();
}

function dateOf(text: string): string | undefined {
  const plain = text.replace(/\([^()]{0,60}\)/g, ' ').trim();
  // Without a zone it would be read in the zone of this machine.
  if (!/(?:[+-]\d{4}|\b(?:GMT|UTC?|Z))$/.test(plain)) return undefined;
  const time = Date.parse(plain);
  return Number.isFinite(time) ? new Date(time).toISOString() : undefined;
}
