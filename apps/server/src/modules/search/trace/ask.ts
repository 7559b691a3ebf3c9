/** What a trace asks of one organisation's events. Every value is a parameter; the store adds the organisation. */
import { literals, pattern, type Indicator } from '@banya/indicators';
import type { EventsStore } from '../../../kernel/events/index.ts';
import type { Condition } from '../query/compile.ts';
import type { Span } from '../rules.ts';

/** fields: what was understood of a line, and the whole text of lines that were not. lines: the whole text of every line, too. */
export type Depth = 'fields' | 'lines';

const SECONDS = 30;
export const GROUPS_MAX = 3_000;
const HOSTS_MAX = 200;
const FOLLOW_ROWS = 500;

const IN_TIME = 'timestamp >= fromUnixTimestamp64Milli({from:Int64}) AND timestamp < fromUnixTimestamp64Milli({to:Int64})';
/** Inside addresses; see engines/logs. */
const inside = (column: string): string => `match(${column}, '^(10\\\\.|192\\\\.168\\\\.|172\\\\.(1[6-9]|2[0-9]|3[01])\\\\.|169\\\\.254\\\\.|100\\\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\\\.|f[cd]|fe[89ab])')`;
/** What the device says it did not let through. */
const STOPPED = "(event_action IN ('blocked', 'quarantined', 'cleaned', 'mail_rejected', 'device_blocked', 'login_failed', 'tunnel_failed') OR event_type = 'denied')";
/** Lines of which little was understood. */
const UNREAD = "(event_dataset = '' OR event_dataset = 'unknown' OR startsWith(event_dataset, 'generic'))";

/**
 * Where an indicator can stand: in what was understood, and where else in the text of lines. Two conditions, since one of both
 * would read the text of every line: that is twenty times as much as all the columns asked for here.
 */
function mentions(indicator: Indicator, depth: Depth): { readonly understood: string; readonly text: string; readonly params: Condition['params'] } {
  const params: Record<string, string> = { re: `(?i)${pattern(indicator)}`, value: indicator.value };
  const any: string[] = [];
  const below = (column: string): string => `(lower(${column}) = {value:String} OR endsWith(lower(${column}), {below:String}))`;
  switch (indicator.kind) {
    case 'ip':
      any.push('source_ip = {value:String}', 'destination_ip = {value:String}', 'host_ip = {value:String}');
      break;
    case 'domain':
      params.below = `.${indicator.value}`;
      params.at = `@${indicator.value}`;
      for (const column of ['url_domain', 'destination_domain', 'dns_question_name']) any.push(below(column));
      for (const column of ['email_from_address', 'email_to_address']) any.push(`endsWith(lower(${column}), {at:String})`, `endsWith(lower(${column}), {below:String})`);
      break;
    case 'url':
      params.rest = literals(indicator)[0]!;
      any.push('positionCaseInsensitive(url_full, {rest:String}) > 0');
      break;
    case 'address':
      for (const column of ['email_from_address', 'email_to_address']) any.push(`(${column} != '' AND match(${column}, {re:String}))`);
      any.push('lower(user_name) = {value:String}');
      break;
    case 'sha256':
      any.push('lower(file_hash_sha256) = {value:String}');
      break;
    case 'sha1':
    case 'md5':
      params.key = `file.hash.${indicator.kind}`;
      any.push('lower(fields[{key:String}]) = {value:String}');
      break;
    case 'account':
      params.user = indicator.base ?? indicator.value;
      params.domain = indicator.value.split('\\')[0]!;
      any.push('(lower(user_name) = {user:String} AND (lower(user_domain) = {domain:String} OR startsWith(lower(user_domain), concat({domain:String}, \'.\'))))', 'lower(user_name) = {value:String}');
      break;
    case 'name':
      params.dot = `${indicator.value}.`;
      for (const column of ['host_name', 'observer_name']) any.push(`lowerUTF8(${column}) = {value:String}`, `startsWith(lowerUTF8(${column}), {dot:String})`);
      any.push('lowerUTF8(user_name) = {value:String}');
      if (indicator.host !== undefined) {
        params.below = `.${indicator.value}`;
        for (const column of ['url_domain', 'destination_domain', 'dns_question_name']) any.push(below(column));
      }
  }
  const quick = literals(indicator).map((text, i) => {
    params[`quick${i}`] = text;
    return /^[\x20-\x7e]*$/.test(text) ? `positionCaseInsensitive(raw, {quick${i}:String}) > 0` : `positionCaseInsensitiveUTF8(raw, {quick${i}:String}) > 0`;
  });
  const text = `((${quick.join(' OR ')}) AND match(raw, {re:String}))`;
  const understood = `(${any.join(' OR ')})`;
  return { understood, text: `(${depth === 'lines' ? '' : `${UNREAD} AND `}${text} AND NOT ${understood})`, params };
}

export type Role = 'mail' | 'login' | 'traffic' | 'file' | 'mentioned';

/** Lines of one machine or mailbox that mention the indicator. */
export interface Sighting {
  readonly role: Role;
  /** The inside machine's address; '' where the line has none. */
  readonly ip: string;
  readonly host: string;
  readonly user: string;
  readonly mailFrom: string;
  readonly mailTo: string;
  readonly sourceId: string;
  readonly count: number;
  readonly stopped: number;
  readonly first: number;
  readonly last: number;
}

interface Row { role: Role; ip: string; host: string; person: string; mail_from: string; mail_to: string; sender: string; n: number; halted: number; first: number; last: number }

const PERSON = "if(endsWith(user_name, '$') OR lower(user_name) IN ('', '-', 'n/a', 'system', 'local service', 'network service', 'anonymous logon', 'nobody'), '', lower(user_name))";
const ROLE = "multiIf(email_from_address != '' OR email_to_address != '' OR event_category = 'email', 'mail', event_category = 'authentication' OR event_category = 'session', 'login', file_hash_sha256 != '' OR file_name != '' OR event_category = 'malware', 'file', source_ip != '' OR destination_ip != '' OR dns_question_name != '', 'traffic', 'mentioned')";

/** Sightings by machine, account and mailbox, those with most lines first; more than GROUPS_MAX when there are more. */
export async function sightings(events: Pick<EventsStore, 'query'>, orgId: string, indicator: Indicator, span: Span, depth: Depth): Promise<Sighting[]> {
  const { understood, text, params } = mentions(indicator, depth);
  const other = indicator.kind === 'ip' ? 'source_ip = {value:String}, destination_ip, destination_ip = {value:String}, source_ip, ' : '';
  // First whether and when: that reads the columns of the condition alone, and most organisations have nothing.
  const when = async (where: string, within: Span): Promise<Span | null> => {
    const [row] = await events.query<{ n: number; first: number; last: number }>(orgId, {
      sql: `SELECT count() AS n, toUnixTimestamp64Milli(min(timestamp)) AS first, toUnixTimestamp64Milli(max(timestamp)) AS last FROM events WHERE ${IN_TIME} AND ${where}`,
      params: { ...params, from: within.from, to: within.to }, maxSeconds: SECONDS,
    });
    return Number(row?.n ?? 0) === 0 ? null : { from: Number(row!.first), to: Number(row!.last) + 1 };
  };
  const ask = async (where: string, within: Span | null): Promise<Row[]> => {
    const there = within === null ? null : await when(where, within);
    return there === null ? [] : events.query<Row>(orgId, {
      sql: `SELECT ${ROLE} AS role, multiIf(${other}${inside('source_ip')}, source_ip, ${inside('destination_ip')}, destination_ip, source_ip) AS ip, lower(host_name) AS host, ${PERSON} AS person, lower(email_from_address) AS mail_from, lower(email_to_address) AS mail_to,
        if(role = 'mentioned' OR (ip = '' AND host = ''), toString(source_id), '') AS sender, count() AS n, countIf(${STOPPED}) AS halted, toUnixTimestamp64Milli(min(timestamp)) AS first, toUnixTimestamp64Milli(max(timestamp)) AS last
      FROM events WHERE ${IN_TIME} AND ${where} GROUP BY role, ip, host, person, mail_from, mail_to, sender ORDER BY n DESC, first LIMIT ${GROUPS_MAX + 1}`,
      params: { ...params, from: there.from, to: there.to }, maxSeconds: SECONDS,
    });
  };
  // The store reads the text of every line of a time that it looks for text in, so that must be the time of unread lines alone.
  const rows = [...(await ask(understood, span)), ...(await ask(text, depth === 'lines' ? span : await when(UNREAD, span)))];
  return rows.map((r) => ({ role: r.role, ip: r.ip, host: r.host, user: r.person, mailFrom: r.mail_from, mailTo: r.mail_to, sourceId: r.sender, count: Number(r.n), stopped: Number(r.halted), first: Number(r.first), last: Number(r.last) }));
}

/** The sightings of addresses that several machines held, five minutes at a time, so that each finds its own. */
export async function byMinutes(events: Pick<EventsStore, 'query'>, orgId: string, indicator: Indicator, span: Span, depth: Depth, ips: readonly string[]): Promise<{ ip: string; count: number; stopped: number; first: number; last: number }[]> {
  const { understood, text, params } = mentions(indicator, depth);
  const other = indicator.kind === 'ip' ? 'source_ip = {value:String}, destination_ip, destination_ip = {value:String}, source_ip, ' : '';
  const rows = await events.query<{ ip: string; n: number; halted: number; first: number; last: number }>(orgId, {
    sql: `SELECT multiIf(${other}${inside('source_ip')}, source_ip, ${inside('destination_ip')}, destination_ip, source_ip) AS ip, toStartOfFiveMinutes(timestamp) AS slot, count() AS n, countIf(${STOPPED}) AS halted, toUnixTimestamp64Milli(min(timestamp)) AS first, toUnixTimestamp64Milli(max(timestamp)) AS last
      FROM events WHERE ${IN_TIME} AND (source_ip IN {ips:Array(String)} OR destination_ip IN {ips:Array(String)}) AND (${understood} OR ${text}) GROUP BY ip, slot HAVING ip IN {ips:Array(String)} ORDER BY first LIMIT 5000`,
    params: { ...params, ips: [...ips], from: span.from, to: span.to }, maxSeconds: SECONDS,
  });
  return rows.map((r) => ({ ip: r.ip, count: Number(r.n), stopped: Number(r.halted), first: Number(r.first), last: Number(r.last) }));
}

/** How many machines said anything at all in this time: what "very many" is measured by. */
export async function machinesHeard(events: Pick<EventsStore, 'query'>, orgId: string, span: Span): Promise<number> {
  const [row] = await events.query<{ n: number }>(orgId, {
    sql: `SELECT uniq(if(host_name != '', lower(host_name), source_ip)) AS n FROM events WHERE ${IN_TIME} AND (host_name != '' OR ${inside('source_ip')})`,
    params: { from: span.from, to: span.to }, maxSeconds: SECONDS,
  });
  return Number(row?.n ?? 0);
}

export interface Follow {
  readonly ip: string;
  readonly host: string;
  readonly user: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}
interface FollowRow { ip: string; host: string; person: string; n: number; first: number; last: number }
const follow = (r: FollowRow): Follow => ({ ip: r.ip, host: r.host, user: r.person, count: Number(r.n), first: Number(r.first), last: Number(r.last) });

/** Who was at these machines in that time. */
export async function accountsAt(events: Pick<EventsStore, 'query'>, orgId: string, machines: { readonly ips: readonly string[]; readonly hosts: readonly string[] }, span: Span): Promise<Follow[]> {
  const rows = await events.query<FollowRow>(orgId, {
    sql: `SELECT if(host_name != '', '', source_ip) AS ip, lower(host_name) AS host, ${PERSON} AS person, count() AS n, toUnixTimestamp64Milli(min(timestamp)) AS first, toUnixTimestamp64Milli(max(timestamp)) AS last
      FROM events WHERE ${IN_TIME} AND user_name != '' AND person != '' AND (lower(host_name) IN {hosts:Array(String)} OR (host_name = '' AND source_ip IN {ips:Array(String)})) GROUP BY ip, host, person ORDER BY n DESC LIMIT ${FOLLOW_ROWS}`,
    params: { hosts: machines.hosts.slice(0, HOSTS_MAX), ips: machines.ips.slice(0, HOSTS_MAX), from: span.from, to: span.to }, maxSeconds: SECONDS,
  });
  return rows.map(follow);
}

/** Where these accounts signed in with success. */
export async function loginsOf(events: Pick<EventsStore, 'query'>, orgId: string, users: readonly string[], span: Span): Promise<Follow[]> {
  const rows = await events.query<FollowRow>(orgId, {
    sql: `SELECT if(host_name != '', '', source_ip) AS ip, lower(host_name) AS host, ${PERSON} AS person, count() AS n, toUnixTimestamp64Milli(min(timestamp)) AS first, toUnixTimestamp64Milli(max(timestamp)) AS last
      FROM events WHERE ${IN_TIME} AND person IN {users:Array(String)} AND event_category IN ('authentication', 'session') AND event_outcome != 'failure' AND event_action != 'login_failed' AND event_action != 'logout' GROUP BY ip, host, person ORDER BY first LIMIT ${FOLLOW_ROWS}`,
    params: { users: users.slice(0, HOSTS_MAX), from: span.from, to: span.to }, maxSeconds: SECONDS,
  });
  return rows.map(follow);
}

/** Ports by which one machine works on another: SSH, RPC, file sharing, remote desktop, VNC, WinRM. */
const WORKING_PORTS = '22, 135, 139, 445, 3389, 5900, 5985, 5986';

/** Inside machines that these addresses opened a working connection to. `user` is the address it came from. */
export async function reachedFrom(events: Pick<EventsStore, 'query'>, orgId: string, ips: readonly string[], span: Span): Promise<Follow[]> {
  const rows = await events.query<FollowRow>(orgId, {
    sql: `SELECT destination_ip AS ip, '' AS host, source_ip AS person, count() AS n, toUnixTimestamp64Milli(min(timestamp)) AS first, toUnixTimestamp64Milli(max(timestamp)) AS last
      FROM events WHERE ${IN_TIME} AND source_ip IN {ips:Array(String)} AND destination_port IN (${WORKING_PORTS}) AND ${inside('destination_ip')} AND destination_ip != source_ip AND NOT ${STOPPED} GROUP BY ip, person ORDER BY first LIMIT ${FOLLOW_ROWS}`,
    params: { ips: ips.slice(0, HOSTS_MAX), from: span.from, to: span.to }, maxSeconds: SECONDS,
  });
  return rows.map(follow);
}
