/** Suricata: lines of EVE JSON (Suricata 4–8, "EVE JSON format"). */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed } from '../event.ts';
import { normaliseIp } from '../net.ts';
import { timeOf } from '../syslog/timestamp.ts';
import { setAction, setText, type Family } from './family.ts';
import { flatten, jsonObject, recordsAt, said, targets, tell, textAt, type Values } from './pairs.ts';

const FIELDS = targets({
  timestamp: null, event_type: null, src_ip: 'source.ip', src_port: 'source.port', dest_ip: 'destination.ip', dest_port: 'destination.port', proto: null, app_proto: 'network.protocol', in_iface: 'observer.ingress.interface.name', flow_id: 'event.id', community_id: null, host: 'observer.name', vlan: 'network.vlan.id', 'ether.src_mac': 'source.mac', 'ether.dest_mac': 'destination.mac',
  'alert.signature': 'rule.name', 'alert.signature_id': 'rule.id', 'alert.category': 'rule.category', 'alert.action': null, 'alert.severity': null, 'flow.bytes_toserver': 'source.bytes', 'flow.bytes_toclient': 'destination.bytes', 'flow.pkts_toserver': 'source.packets', 'flow.pkts_toclient': 'destination.packets', 'flow.start': 'event.start', 'flow.end': 'event.end', 'flow.age': null, 'flow.reason': 'event.reason', 'netflow.bytes': 'network.bytes', 'netflow.pkts': 'network.packets',
  'http.hostname': 'url.domain', 'http.url': null, 'http.http_user_agent': 'user_agent.original', 'http.http_method': 'http.request.method', 'http.status': 'http.response.status_code', 'http.http_refer': 'http.request.referrer', 'http.length': 'http.response.bytes', 'http.http_content_type': 'file.mime_type', 'tls.sni': null, 'dns.rrname': 'dns.question.name', 'dns.rrtype': 'dns.question.type', 'dns.rcode': 'dns.response_code', 'fileinfo.filename': null, 'fileinfo.size': 'file.size', 'fileinfo.sha256': 'file.hash.sha256', 'fileinfo.sha1': 'file.hash.sha1', 'fileinfo.md5': 'file.hash.md5', 'fileinfo.magic': null,
  'email.from': 'email.from.address', 'email.subject': 'email.subject', 'email.attachment': 'email.attachments.file.name', 'ssh.client.software_version': null, 'smb.filename': 'file.name', 'dhcp.client_mac': 'host.mac', 'dhcp.assigned_ip': 'host.ip', 'dhcp.hostname': 'host.name', 'anomaly.event': 'event.code', 'drop.reason': 'event.reason', 'krb5.cname': 'user.name',
});

export const suricata: Family = {
  id: 'suricata',
  name: { ja: 'Suricata（侵入検知）', en: 'Suricata' },

  match(sample) {
    return sample.charCodeAt(0) === 123 && sample.includes('"event_type"') && (sample.includes('"flow_id"') || sample.includes('"stats"') || sample.includes('"src_ip"')) ? 1 : 0;
  },

  parse(line, ctx) {
    if (line.charCodeAt(ctx.start) !== 123 || !line.includes('"event_type"', ctx.start)) return null;
    if (!line.includes('"flow_id"', ctx.start) && !line.includes('"src_ip"', ctx.start) && !line.includes('"stats"', ctx.start) && !line.includes('"engine"', ctx.start)) return null;
    const record = jsonObject(line, ctx.start);
    const type = textAt(record, 'event_type');
    if (record === null || type === undefined || textAt(record, 'timestamp') === undefined) return null;
    const event = newEvent();
    const unmapped = newBag();
    event['@timestamp'] = timeOf(textAt(record, 'timestamp') ?? '', ctx.receivedAt, ctx.zone);
    event['event.kind'] = type === 'alert' ? 'alert' : type === 'stats' ? 'metric' : 'event';
    event['event.dataset'] = `suricata.${type.slice(0, 32)}`;
    event['observer.vendor'] = 'OISF';
    event['observer.product'] = 'Suricata';
    event['observer.type'] = 'ids';
    const values = flatten(record, ctx);
    tell(values, FIELDS, event, unmapped, ctx);
    const transport = said(values, 'proto')?.toLowerCase();
    if (transport !== undefined) event['network.transport'] = transport === 'ipv6-icmp' || transport === 'icmpv6' ? 'ipv6-icmp' : transport;
    if (event['network.protocol'] === 'failed') delete event['network.protocol'];
    const back = toClient(type, values, event);
    if (back) swapCounts(event);
    readWeb(said(values, 'http.url'), event);
    const server = said(values, 'tls.sni') ?? event['url.domain'];
    setText(event, back ? 'source.domain' : 'destination.domain', server);
    setText(event, 'vulnerability.id', cveOf(textAt(record, 'alert', 'metadata', 'cve')));
    setText(event, 'threat.technique.id', textAt(record, 'alert', 'metadata', 'mitre_technique_id'));
    readNames(record, event);
    setText(event, 'file.name', said(values, 'fileinfo.filename')?.replace(/^.*[/\\]/, ''));
    setText(event, 'email.to.address', textAt(record, 'email', 'to'));
    const age = Number(said(values, 'flow.age') ?? NaN);
    if (age >= 0 && age < 9_000_000) event['event.duration'] = age * 1e9;
    const sent = event['source.bytes'];
    const received = event['destination.bytes'];
    if (sent !== undefined && received !== undefined) event['network.bytes'] = sent + received;
    const severity = said(values, 'alert.severity');
    // 1 is worst; there are four.
    if (severity !== undefined && /^[1-4]$/.test(severity)) event['event.severity'] = Number(severity) + 1;
    classify(type, said(values, 'alert.action') ?? said(values, 'verdict.action'), textAt(record, 'dhcp', 'dhcp_type'), event);
    event.message ??= event['rule.name'] ?? type;
    return parsed('suricata', event, unmapped);
  },
};

/** Events about one packet or file, which have its sender as source; all others have the client. */
const OF_SENDER: ReadonlySet<string> = new Set(['alert', 'drop', 'anomaly', 'fileinfo']);

/**
 * True where the event is about what the server sent: its source is then the server. Without a direction the flow says who
 * began it, and without that the ports.
 */
function toClient(type: string, values: Values, event: EcsEvent): boolean {
  if (!OF_SENDER.has(type)) return false;
  const direction = said(values, 'direction');
  if (direction === 'to_client' || direction === 'to_server') return direction === 'to_client';
  const client = normaliseIp(said(values, 'flow.src_ip') ?? '');
  if (client !== undefined && event['source.ip'] !== event['destination.ip']) return client === event['destination.ip'];
  return (event['source.port'] ?? 65_535) < 1_024 && (event['destination.port'] ?? 0) >= 1_024;
}

/** Suricata counts to the server and to the client; here the server is the source. */
function swapCounts(event: EcsEvent): void {
  for (const what of ['bytes', 'packets'] as const) {
    const { [`source.${what}` as const]: toServer, [`destination.${what}` as const]: toClient } = event;
    if (toServer === undefined || toClient === undefined) continue;
    event[`source.${what}`] = toClient;
    event[`destination.${what}`] = toServer;
  }
}

/** `CVE_2021_0001` and `2021_0001` are `CVE-2021-0001`. */
function cveOf(text: string | undefined): string | undefined {
  const m = text === undefined ? null : /^(?:CVE[_-])?(\d{4})[_-](\d{4,8})$/i.exec(text);
  return m ? `CVE-${m[1] ?? ''}-${m[2] ?? ''}` : text;
}

function readWeb(path: string | undefined, event: EcsEvent): void {
  const host = event['url.domain'];
  if (path === undefined) return;
  const query = path.indexOf('?');
  event['url.path'] = query < 0 ? path : path.slice(0, query);
  if (query >= 0) event['url.query'] = path.slice(query + 1);
  event['url.full'] = path.includes('://') || host === undefined ? path : `http://${host}${path}`;
}

/** Questions and answers of DNS stand in lists since version 5. */
function readNames(record: Record<string, unknown>, event: EcsEvent): void {
  const dns = record['dns'];
  const [query] = [...recordsAt(dns, 'queries'), ...recordsAt(dns, 'query')];
  setText(event, 'dns.question.name', event['dns.question.name'] ?? textAt(query, 'rrname'));
  setText(event, 'dns.question.type', event['dns.question.type'] ?? textAt(query, 'rrtype'));
  for (const answer of recordsAt(dns, 'answers')) {
    const ip = normaliseIp(textAt(answer, 'rdata') ?? '');
    if (ip !== undefined) event['dns.resolved_ip'] ??= ip;
  }
  const ip = normaliseIp(textAt(dns, 'grouped', 'A') ?? textAt(dns, 'rdata') ?? '');
  if (ip !== undefined) event['dns.resolved_ip'] ??= ip;
}

const CATEGORIES: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, { alert: 'intrusion_detection', anomaly: 'intrusion_detection', http: 'web', fileinfo: 'file', smtp: 'email', stats: 'host', engine: 'host' });

function classify(type: string, word: string | undefined, lease: string | undefined, event: EcsEvent): void {
  event['event.category'] = CATEGORIES[type] ?? 'network';
  if (type === 'alert' || type === 'drop') {
    const stopped = type === 'drop' || word === 'blocked' || word === 'drop' || word === 'reject';
    event['event.type'] = stopped ? 'denied' : 'allowed';
    setAction(event, stopped ? 'blocked' : 'detected', word ?? type);
    return;
  }
  event['event.type'] = type === 'stats' || type === 'anomaly' || type === 'engine' ? 'info' : 'connection';
  const action: Action = type === 'dhcp' ? (lease === 'ack' ? 'lease_assigned' : lease === 'release' ? 'lease_released' : 'info') : type === 'flow' || type === 'netflow' || type === 'http' || type === 'tls' || type === 'ssh' ? 'allowed' : 'info';
  setAction(event, action, type);
}
