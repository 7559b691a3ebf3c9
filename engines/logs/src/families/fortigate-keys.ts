/** Which keys of a FortiGate line go where (FortiOS Log Message Reference). */
import type { EcsName } from '../ecs.ts';
import { KeyTable } from '../kv.ts';

type Kind = 'text' | 'lower' | 'ip' | 'number' | 'port' | 'mac';
interface Target {
  readonly key: string;
  readonly kind: Kind;
  readonly field: EcsName;
}

/** Keys that go to one field as they are. The first one present wins where several name a field. Names with _ are of FortiOS 4. */
const DIRECT: readonly Target[] = [
  { key: 'logid', kind: 'text', field: 'event.code' },
  { key: 'log_id', kind: 'text', field: 'event.code' },
  { key: 'devname', kind: 'text', field: 'observer.name' },
  { key: 'devid', kind: 'text', field: 'observer.serial_number' },
  { key: 'device_id', kind: 'text', field: 'observer.serial_number' },
  { key: 'level', kind: 'lower', field: 'log.level' },
  { key: 'pri', kind: 'lower', field: 'log.level' },
  { key: 'srcip', kind: 'ip', field: 'source.ip' },
  { key: 'remip', kind: 'ip', field: 'source.ip' },
  { key: 'src', kind: 'ip', field: 'source.ip' },
  { key: 'srcport', kind: 'port', field: 'source.port' },
  { key: 'remport', kind: 'port', field: 'source.port' },
  { key: 'src_port', kind: 'port', field: 'source.port' },
  { key: 'sentbyte', kind: 'number', field: 'source.bytes' },
  { key: 'sent', kind: 'number', field: 'source.bytes' },
  { key: 'sentpkt', kind: 'number', field: 'source.packets' },
  { key: 'dstip', kind: 'ip', field: 'destination.ip' },
  { key: 'locip', kind: 'ip', field: 'destination.ip' },
  { key: 'dst', kind: 'ip', field: 'destination.ip' },
  { key: 'dstport', kind: 'port', field: 'destination.port' },
  { key: 'locport', kind: 'port', field: 'destination.port' },
  { key: 'dst_port', kind: 'port', field: 'destination.port' },
  { key: 'rcvdbyte', kind: 'number', field: 'destination.bytes' },
  { key: 'rcvd', kind: 'number', field: 'destination.bytes' },
  { key: 'rcvdpkt', kind: 'number', field: 'destination.packets' },
  { key: 'tunnelip', kind: 'ip', field: 'source.nat.ip' },
  { key: 'assignip', kind: 'ip', field: 'source.nat.ip' },
  { key: 'srcmac', kind: 'mac', field: 'source.mac' },
  { key: 'dstmac', kind: 'mac', field: 'destination.mac' },
  { key: 'srcname', kind: 'text', field: 'source.domain' },
  { key: 'osname', kind: 'text', field: 'host.os.name' },
  { key: 'srcintf', kind: 'text', field: 'observer.ingress.interface.name' },
  { key: 'src_int', kind: 'text', field: 'observer.ingress.interface.name' },
  { key: 'srcintfrole', kind: 'text', field: 'observer.ingress.zone' },
  { key: 'dstintf', kind: 'text', field: 'observer.egress.interface.name' },
  { key: 'dst_int', kind: 'text', field: 'observer.egress.interface.name' },
  { key: 'outintf', kind: 'text', field: 'observer.egress.interface.name' },
  { key: 'dstintfrole', kind: 'text', field: 'observer.egress.zone' },
  { key: 'app', kind: 'text', field: 'network.application' },
  { key: 'vpntunnel', kind: 'text', field: 'network.name' },
  { key: 'user', kind: 'text', field: 'user.name' },
  { key: 'xauthuser', kind: 'text', field: 'user.name' },
  { key: 'unauthuser', kind: 'text', field: 'user.name' },
  { key: 'group', kind: 'text', field: 'user.group.name' },
  { key: 'xauthgroup', kind: 'text', field: 'user.group.name' },
  { key: 'virus', kind: 'text', field: 'rule.name' },
  { key: 'attack', kind: 'text', field: 'rule.name' },
  { key: 'policyname', kind: 'text', field: 'rule.name' },
  { key: 'catdesc', kind: 'text', field: 'rule.category' },
  { key: 'appcat', kind: 'text', field: 'rule.category' },
  { key: 'profile', kind: 'text', field: 'rule.ruleset' },
  { key: 'applist', kind: 'text', field: 'rule.ruleset' },
  { key: 'policytype', kind: 'text', field: 'rule.ruleset' },
  { key: 'ref', kind: 'text', field: 'rule.reference' },
  { key: 'agent', kind: 'text', field: 'user_agent.original' },
  { key: 'httpmethod', kind: 'text', field: 'http.request.method' },
  { key: 'referralurl', kind: 'text', field: 'http.request.referrer' },
  { key: 'qname', kind: 'text', field: 'dns.question.name' },
  { key: 'qtype', kind: 'text', field: 'dns.question.type' },
  { key: 'rcode', kind: 'text', field: 'dns.response_code' },
  { key: 'filename', kind: 'text', field: 'file.name' },
  { key: 'filesize', kind: 'number', field: 'file.size' },
  { key: 'filetype', kind: 'lower', field: 'file.extension' },
  { key: 'analyticscksum', kind: 'lower', field: 'file.hash.sha256' },
  { key: 'sender', kind: 'text', field: 'email.from.address' },
  { key: 'from', kind: 'text', field: 'email.from.address' },
  { key: 'recipient', kind: 'text', field: 'email.to.address' },
  { key: 'to', kind: 'text', field: 'email.to.address' },
  { key: 'subject', kind: 'text', field: 'email.subject' },
  { key: 'reason', kind: 'text', field: 'event.reason' },
  { key: 'sessionid', kind: 'text', field: 'event.id' },
  { key: 'error', kind: 'text', field: 'error.message' },
  { key: 'cve', kind: 'text', field: 'vulnerability.id' },
];

/** Keys whose meaning depends on others; `fortigate.ts` reads them by name. */
const READ = [
  'date', 'time', 'eventtime', 'tz', 'type', 'subtype', 'action', 'status', 'msg', 'logdesc', 'proto', 'service', 'policyid', 'attackid', 'virusid',
  'duration', 'srccountry', 'dstcountry', 'trandisp', 'transip', 'transport', 'tranip', 'tranport', 'hostname', 'url', 'ipaddr', 'eventtype',
  'ip', 'mac', 'dhcp_msg', 'lease', 'crscore', 'direction', 'cfgpath', 'attachment', 'ui', 'utmaction', 'dir',
] as const;

/** Read keys that say nothing more once they are mapped; the others are kept among the leftovers too. */
export const SPENT: ReadonlySet<string> = new Set([
  'date', 'time', 'eventtime', 'tz', 'msg', 'proto', 'duration', 'hostname', 'action', 'service', 'srccountry', 'dstcountry', 'transip', 'transport', 'tranip', 'tranport', 'url', 'crscore',
]);

const names = [...DIRECT.map((target) => target.key), ...READ];

export const FORTIGATE_KEYS = new KeyTable(names);
export const DIRECT_KINDS: readonly Kind[] = DIRECT.map((target) => target.kind);
export const DIRECT_FIELDS: readonly EcsName[] = DIRECT.map((target) => target.field);
/** Numbers of the read keys that stay among the leftovers. */
export const KEPT: readonly number[] = READ.filter((key) => !SPENT.has(key)).map((key) => names.indexOf(key));

/** Number of each read key, for use as `K.date`. */
export const K = Object.fromEntries(READ.map((key) => [key, names.indexOf(key)])) as Record<(typeof READ)[number], number>;
