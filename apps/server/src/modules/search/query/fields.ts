import { ECS_NAMES, isEcsName } from '@banya/logs';
import { EVENT_COLUMNS } from '../../../kernel/events/index.ts';

/** How a value is held against a field. domain: the name itself and all below it; contains: anywhere in it. */
export type Mode = 'exact' | 'contains' | 'domain' | 'ip' | 'number';

/** One place where a value can stand. */
export type Place =
  | { readonly column: string; readonly mode: Mode; readonly max?: number; readonly nullable?: boolean }
  /** A key of the map `fields`: what ECS knows but has no column for, and what only the vendor knows. */
  | { readonly key: string; readonly mode: 'exact' };

export interface Field {
  /** As it is shown and saved. */
  readonly name: string;
  readonly places: readonly Place[];
}

const IPS: ReadonlySet<string> = new Set(['source.ip', 'destination.ip', 'host.ip']);
const DOMAINS: ReadonlySet<string> = new Set(['url.domain', 'destination.domain', 'dns.question.name']);
const CONTAINS: ReadonlySet<string> = new Set(['message', 'url.full', 'file.path', 'email.subject']);

const columns = new Map<string, Place>(EVENT_COLUMNS.map(({ ecs, column, of }): [string, Place] => {
  if (of.kind === 'uint') return [ecs, { column, mode: 'number', max: of.max, nullable: of.nullable }];
  return [ecs, { column, mode: IPS.has(ecs) ? 'ip' : DOMAINS.has(ecs) ? 'domain' : CONTAINS.has(ecs) ? 'contains' : 'exact' }];
}));

const at = (ecs: string, mode?: Mode): Place => ({ ...(columns.get(ecs) as Extract<Place, { column: string }>), ...(mode ? { mode } : {}) });
const key = (name: string): Place => ({ key: name, mode: 'exact' });

/** Short names, in both languages, for what people look for: each means all the places where such a thing stands. */
const SHORT: readonly (readonly [names: readonly string[], places: readonly Place[]])[] = [
  [['ip', 'IPアドレス', 'アドレス'], [at('source.ip'), at('destination.ip'), at('host.ip')]],
  [['src', 'source', '接続元'], [at('source.ip')]],
  [['dst', 'destination', '接続先'], [at('destination.ip')]],
  [['port', 'ポート'], [at('destination.port'), at('source.port')]],
  [['dport', '接続先ポート'], [at('destination.port')]],
  [['sport', '接続元ポート'], [at('source.port')]],
  [['host', '機器', 'ホスト', 'パソコン'], [at('host.name'), at('observer.name'), key('source.domain')]],
  [['user', '利用者', 'ユーザー', 'アカウント'], [at('user.name'), key('user.target.name'), key('user.email')]],
  [['domain', 'ドメイン'], [at('url.domain'), at('destination.domain'), at('dns.question.name')]],
  [['url'], [at('url.full')]],
  [['file', 'ファイル'], [at('file.name', 'contains'), at('file.path')]],
  [['hash', 'ハッシュ'], [at('file.hash.sha256'), key('file.hash.sha1'), key('file.hash.md5')]],
  [['process', 'プログラム'], [at('process.name', 'contains')]],
  [['mail', 'メール'], [at('email.from.address'), at('email.to.address')]],
  [['from', '差出人'], [at('email.from.address')]],
  [['to', '受信者'], [at('email.to.address')]],
  [['subject', '件名'], [at('email.subject')]],
  [['action', '動作'], [at('event.action')]],
  [['outcome', '結果'], [at('event.outcome')]],
  [['kind', '種類'], [at('event.dataset')]],
  [['code', '番号'], [at('event.code')]],
  [['rule', 'ルール'], [at('rule.id'), at('rule.name', 'contains')]],
  [['country', '国'], [at('source.geo.country_iso_code'), at('destination.geo.country_iso_code')]],
  [['app', 'アプリ'], [at('network.application'), at('network.protocol')]],
  [['message', '本文'], [at('message')]],
];

const short = new Map<string, Field>(SHORT.flatMap(([names, places]) => names.map((name): [string, Field] => [name.normalize('NFKC').toLowerCase(), { name, places }])));

/** Vendor keys are written `fields.KEY`; a dot in them is part of the key. */
const VENDOR = /^fields\.([\p{L}\p{N}_.@-]{1,100})$/u;

/** The field of a name: a short one, an ECS name, or a vendor's key; undefined for what is none. */
export function fieldOf(name: string): Field | undefined {
  const vendor = VENDOR.exec(name);
  if (vendor) return { name, places: [key(vendor[1]!)] };
  const lower = name.normalize('NFKC').toLowerCase();
  const known = short.get(lower);
  if (known) return known;
  const column = columns.get(lower);
  if (column) return { name: lower, places: [column] };
  return isEcsName(lower) && lower !== '@timestamp' ? { name: lower, places: [key(lower)] } : undefined;
}

/** What a page offers while somebody types: the short names of a language first, then ECS names. */
export const fieldNames = (lang: 'ja' | 'en'): readonly string[] => [
  ...SHORT.map(([names]) => (lang === 'ja' ? (names.find((n) => /[^\x00-\x7f]/.test(n)) ?? names[0]!) : names[0]!)),
  ...ECS_NAMES.filter((n) => n !== '@timestamp'),
];

/** Columns whose values can be counted, by the short name of it that a page shows. */
export const COUNTABLE = {
  source_ip: 'source.ip', destination_ip: 'destination.ip', destination_port: 'destination.port', host_name: 'host.name', user_name: 'user.name', url_domain: 'url.domain', event_action: 'event.action',
  event_outcome: 'event.outcome', event_dataset: 'event.dataset', observer_name: 'observer.name', network_application: 'network.application', destination_geo_country_iso_code: 'destination.geo.country_iso_code', source_geo_country_iso_code: 'source.geo.country_iso_code',
  email_from_address: 'email.from.address', process_name: 'process.name', rule_name: 'rule.name',
} as const;
