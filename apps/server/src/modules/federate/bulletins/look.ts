import type { EventQuery, EventsStore } from '../../../kernel/events/types.ts';
import type { Tx } from '../../../kernel/types.ts';
import type { Keyer } from '../campaigns/prints.ts';
import { JOIN_FROM, weigh } from '../campaigns/rules.ts';
import type { PrintKind } from '../campaigns/schema.ts';
import { mails } from '../campaigns/store.ts';
import type { Wanted, WarningRow } from './schema.ts';

const VALUES_MAX = 60;
const MAILS_MAX = 5_000;
const SECONDS = 20;

const unique = (values: readonly string[]): string[] => [...new Set(values)].slice(0, VALUES_MAX);
const DOMAIN = /^[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?$/;
const ADDRESS = /^[^\s@]{1,64}@[a-z0-9.-]{1,253}$/;
const IP = /^[0-9a-f.:]{2,45}$/;

/**
 * The question to an organisation's own logs: domains (with all below them), addresses of hosts, URLs by their beginning,
 * senders and hashes, each in the columns that hold such. Null where the indicators name nothing a log could hold.
 */
export function logQuestion(indicators: readonly Wanted[], since: Date): EventQuery | null {
  const of = (...kinds: Wanted['kind'][]): string[] => unique(indicators.filter((i) => kinds.includes(i.kind)).map((i) => i.value.toLowerCase()));
  const domains = of('domain', 'host').filter((d) => DOMAIN.test(d) && d.includes('.'));
  const ips = of('ip').filter((ip) => IP.test(ip));
  const addresses = of('address').filter((a) => ADDRESS.test(a));
  const hashes = of('sha256').filter((h) => /^[0-9a-f]{64}$/.test(h));
  const urls = unique(indicators.filter((i) => i.kind === 'url' && i.value.length >= 12).map((i) => i.value.slice(0, 1_000)));
  const any: string[] = [];
  const params: Record<string, string | number | readonly string[]> = { since: since.getTime() };
  if (domains.length > 0) {
    // RE2 runs in linear time; every character beside letters and digits is escaped.
    params.domains = `(^|\\.)(${domains.map((d) => d.replace(/[^a-z0-9]/g, '\\$&')).join('|')})$`;
    params.senders = `@([a-z0-9_.-]*\\.)?(${domains.map((d) => d.replace(/[^a-z0-9]/g, '\\$&')).join('|')})$`;
    for (const column of ['url_domain', 'destination_domain', 'dns_question_name']) any.push(`match(lower(${column}), {domains:String})`);
    any.push('match(lower(email_from_address), {senders:String})');
  }
  if (ips.length > 0) {
    params.ips = ips;
    any.push('source_ip IN {ips:Array(String)}', 'destination_ip IN {ips:Array(String)}');
  }
  if (addresses.length > 0) {
    params.addresses = addresses;
    any.push('lower(email_from_address) IN {addresses:Array(String)}');
  }
  if (hashes.length > 0) {
    params.hashes = hashes;
    any.push('lower(file_hash_sha256) IN {hashes:Array(String)}');
  }
  urls.forEach((url, i) => {
    params[`url${i}`] = url;
    any.push(`startsWith(url_full, {url${i}:String})`);
  });
  if (any.length === 0) return null;
  return { sql: `SELECT count() AS n, toUnixTimestamp64Milli(min(timestamp)) AS first FROM events WHERE timestamp >= fromUnixTimestamp64Milli({since:Int64}) AND (${any.join(' OR ')})`, params, maxSeconds: SECONDS };
}

export interface Found {
  readonly count: number;
  readonly firstAt: Date | null;
}

export async function inLogs(events: Pick<EventsStore, 'query'>, orgId: string, indicators: readonly Wanted[], since: Date): Promise<Found> {
  const question = logQuestion(indicators, since);
  const [row] = question === null ? [] : await events.query<{ n: number; first: number }>(orgId, question);
  const count = Number(row?.n ?? 0);
  return { count, firstAt: count > 0 ? new Date(Number(row!.first)) : null };
}

/** An organisation's own reported mails that are the one warned of: by their prints as campaigns are found, or by an indicator. */
export async function inMails(tx: Tx, keyer: Keyer, orgId: string, warning: Pick<WarningRow, 'federation_id' | 'prints' | 'kinds' | 'indicators'>, since: Date): Promise<Found> {
  const marks = keyer.marks(warning.federation_id, warning.indicators);
  if (marks.length === 0 && warning.prints.length === 0) return { count: 0, firstAt: null };
  const kinds = new Map<string, PrintKind>(warning.prints.map((mac, i) => [mac, warning.kinds[i]!]));
  const wanted = new Set(marks);
  const found = (await mails.like(tx, orgId, warning.prints, marks, since, MAILS_MAX)).filter(
    (mail) => mail.marks.some((mark) => wanted.has(mark)) || weigh(mail.prints.flatMap((mac) => kinds.get(mac) ?? [])) >= JOIN_FROM,
  );
  return { count: found.length, firstAt: found.at(-1)?.at ?? null };
}
