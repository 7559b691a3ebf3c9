/** Sophos Firewall: the standard and legacy syslog formats of SFOS 17–21; Sophos Central: events and alerts of its SIEM interface, JSON. */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext } from '../event.ts';
import { severityOf, setAccount, setAction, setCountry, setText, setUrl, gradeOf, type Family } from './family.ts';
import { flatten, jsonObject, keyValues, said, targets, tell, type Values } from './pairs.ts';
import { classifyByWords, verbOf } from './security-words.ts';
import { timeOf } from '../syslog/timestamp.ts';

const FIREWALL = targets({
  device: null, date: null, time: null, timezone: null, timestamp: null, device_name: 'observer.name', device_id: 'observer.serial_number', device_serial_id: 'observer.serial_number', device_model: null, log_id: 'event.code', log_type: null, log_component: null, log_subtype: null, log_version: null, priority: null, severity: null,
  duration: null, fw_rule_id: 'rule.id', fw_rule_name: 'rule.name', policy_type: null, user_name: null, user: null, user_gp: 'user.group.name', user_group: 'user.group.name', src_ip: 'source.ip', dst_ip: 'destination.ip', src_port: 'source.port', dst_port: 'destination.port', protocol: null, src_mac: 'source.mac', dst_mac: 'destination.mac', src_country_code: null, dst_country_code: null, src_country: null, dst_country: null,
  in_interface: 'observer.ingress.interface.name', out_interface: 'observer.egress.interface.name', src_zone: 'observer.ingress.zone', dst_zone: 'observer.egress.zone', srczone: 'observer.ingress.zone', dstzone: 'observer.egress.zone', sent_bytes: 'source.bytes', recv_bytes: 'destination.bytes', bytes_sent: 'source.bytes', bytes_received: 'destination.bytes', sent_pkts: 'source.packets', recv_pkts: 'destination.packets', packets_sent: 'source.packets', packets_received: 'destination.packets',
  tran_src_ip: 'source.nat.ip', tran_src_port: 'source.nat.port', tran_dst_ip: 'destination.nat.ip', tran_dst_port: 'destination.nat.port', src_trans_ip: 'source.nat.ip', src_trans_port: 'source.nat.port', dst_trans_ip: 'destination.nat.ip', dst_trans_port: 'destination.nat.port', application: 'network.application', app_name: 'network.application', application_name: 'network.application', category: 'rule.category', application_category: 'rule.category', app_category: 'rule.category', classification: 'rule.category', http_category: null,
  url: null, domain: null, domainname: null, domain_name: null, http_status: 'http.response.status_code', httpstatus: 'http.response.status_code', status_code: 'http.response.status_code', httpresponsecode: 'http.response.status_code', http_user_agent: 'user_agent.original', user_agent: 'user_agent.original', useragent: 'user_agent.original', method: 'http.request.method', referer: 'http.request.referrer', content_type: 'file.mime_type', contenttype: 'file.mime_type',
  virus: 'rule.name', threatname: 'rule.name', threat: 'rule.name', malware: 'rule.name', signature_id: 'rule.id', sig_id: 'rule.id', idp_policy_name: 'rule.ruleset', ips_policy: 'rule.ruleset', signature_msg: 'rule.name', message_id: 'event.code', from_email_address: 'email.from.address', to_email_address: 'email.to.address', sender: 'email.from.address', recipient: 'email.to.address', email_subject: 'email.subject', subject: 'email.subject', mailid: 'email.local_id', filename: 'file.name', file_name: 'file.name', filepath: 'file.path', file_path: 'file.path', file_size: 'file.size', sha1sum: 'file.hash.sha1', reason: 'event.reason', message: 'message', connectionname: 'network.name', connection_name: 'network.name', ep_name: 'host.name', source_ip: 'source.ip', client_host_name: 'source.domain', login_user: null, eventid: 'event.id', con_id: 'event.id', host: 'host.name', status: null,
});

const CENTRAL = targets({
  when: null, created_at: null, raisedAt: null, id: 'event.id', event_id: 'event.id', type: 'event.code', name: 'message', description: 'message', severity: null, location: 'host.name', dhost: 'host.name', suser: null, source: null, 'source_info.ip': 'source.ip', threat: 'rule.name', filePath: 'file.path', 'appSha256': 'file.hash.sha256', 'core_remedy_items.items': null,
  'data.source_info.ip': 'source.ip', 'managedAgent.name': 'host.name', 'person.name': 'user.name', 'endpoint_id': 'device.id', category: 'rule.category', 'ips_threat_data.remoteIp': 'destination.ip', 'ips_threat_data.remotePort': 'destination.port', 'ips_threat_data.localPort': 'source.port', 'ips_threat_data.executionPath': 'process.executable', 'ips_threat_data.rawData': null,
});

export const sophos: Family = {
  id: 'sophos',
  name: { ja: 'Sophos（ソフォス）', en: 'Sophos' },

  match(sample) {
    const head = sample.slice(0, 600);
    if (/device="?SFW|device_name="[^"]{0,80}" timestamp=|log_component="/.test(head)) return 1;
    return head.charCodeAt(0) === 123 && /"type": ?"(?:Event|Alert)::/.test(sample.slice(0, 4000)) ? 1 : 0;
  },

  parse(line, ctx) {
    const { start } = ctx;
    if (line.charCodeAt(start) === 123) {
      if (!line.includes('Event::', start) && !line.includes('Alert::', start)) return null;
      const record = jsonObject(line, start);
      const type = record?.['type'];
      return record === null || typeof type !== 'string' || !/^(?:Event|Alert)::/.test(type) ? null : central(flatten(record, ctx), type, ctx);
    }
    if (!line.startsWith('device', start) && !line.startsWith('date=', start) && !line.startsWith('timestamp=', start)) return null;
    const head = line.slice(start, start + 600);
    if (!head.includes('log_component=') && !head.includes('log_subtype=')) return null;
    return firewall(keyValues(line, start, ctx), ctx);
  },
};

/** Zones that SFOS writes as names rather than offsets. */
const ZONES: Readonly<Record<string, number>> = Object.assign(Object.create(null) as Record<string, number>, { JST: 9, UTC: 0, GMT: 0, IST: 5.5, CET: 1, CEST: 2, BST: 1, EST: -5, EDT: -4, CST: -6, CDT: -5, PST: -8, PDT: -7, SGT: 8, HKT: 8, AEST: 10 });

function firewall(values: Values, ctx: ParseContext) {
  const event = newEvent();
  const unmapped = newBag();
  const type = said(values, 'log_type') ?? '';
  event['@timestamp'] = deviceTime(values, ctx);
  event['event.kind'] = 'event';
  event['event.dataset'] = `sophos.${streamOf(type)}`;
  event['observer.vendor'] = 'Sophos';
  event['observer.product'] = 'Sophos Firewall';
  event['observer.type'] = 'firewall';
  const level = (said(values, 'priority') ?? said(values, 'severity'))?.toLowerCase();
  if (level !== undefined) {
    event['log.level'] = level;
    const severity = severityOf(level);
    if (severity !== undefined) event['event.severity'] = severity;
  }
  const protocol = said(values, 'protocol')?.toLowerCase();
  if (protocol !== undefined) event['network.transport'] = protocol === 'icmpv6' ? 'ipv6-icmp' : protocol;
  // A signature says more than the firewall rule it ran under.
  const signature = said(values, 'signature_id') ?? said(values, 'sig_id');
  setText(event, 'rule.id', signature);
  // The standard format has the name of a signature as its message.
  if (event['event.dataset'] === 'sophos.ips' && signature !== undefined) setText(event, 'rule.name', said(values, 'signature_msg') ?? said(values, 'message'));
  setText(event, 'rule.category', said(values, 'http_category'));
  tell(values, FIREWALL, event, unmapped, ctx);
  for (const side of ['source', 'destination'] as const) {
    if (event[`${side}.nat.ip`] === '0.0.0.0') delete event[`${side}.nat.ip`];
    if (event[`${side}.nat.port`] === 0) delete event[`${side}.nat.port`];
  }
  setAccount(event, said(values, 'user_name') ?? said(values, 'user') ?? said(values, 'login_user'));
  country(event, 'source', said(values, 'src_country_code') ?? said(values, 'src_country'));
  country(event, 'destination', said(values, 'dst_country_code') ?? said(values, 'dst_country'));
  const host = said(values, 'domain') ?? said(values, 'domainname') ?? said(values, 'domain_name');
  setUrl(event, said(values, 'url'));
  if (host !== undefined && !/^[\d.]{7,15}$/.test(host)) event['destination.domain'] = host;
  const seconds = Number(said(values, 'duration') ?? NaN);
  if (seconds >= 0 && seconds < 9_000_000) event['event.duration'] = seconds * 1e9;
  const sent = event['source.bytes'];
  const received = event['destination.bytes'];
  if (sent !== undefined && received !== undefined) event['network.bytes'] = sent + received;
  classify(values, event);
  return parsed('sophos', event, unmapped);
}

function country(event: EcsEvent, side: 'source' | 'destination', code: string | undefined): void {
  // SFOS writes three letters; R1 stands for private ranges.
  if (code === undefined || code === 'R1') return;
  setCountry(event, side, code);
}

function deviceTime(values: Values, ctx: ParseContext): number {
  const stamp = said(values, 'timestamp');
  if (stamp !== undefined) return timeOf(stamp, ctx.receivedAt, ctx.zone);
  const date = said(values, 'date');
  const time = said(values, 'time');
  if (date === undefined || time === undefined) return NaN;
  const zone = ZONES[said(values, 'timezone') ?? ''];
  if (zone === undefined) return timeOf(`${date} ${time}`, ctx.receivedAt, ctx.zone);
  const utc = timeOf(`${date} ${time} UTC`, ctx.receivedAt, ctx.zone);
  return utc - zone * 3_600_000;
}

function streamOf(type: string): string {
  const key = type.toLowerCase();
  for (const [words, stream] of STREAMS) if (key.includes(words)) return stream;
  return 'other';
}

const STREAMS: readonly (readonly [string, string])[] = [
  ['firewall', 'firewall'], ['content filtering', 'web'], ['web filter', 'web'], ['ssl', 'web'], ['waf', 'web'], ['idp', 'ips'], ['ips', 'ips'], ['anti-virus', 'malware'], ['anti virus', 'malware'], ['sandbox', 'malware'], ['zero-day', 'malware'], ['atp', 'atp'], ['active threat', 'atp'], ['mail', 'mail'], ['spam', 'mail'], ['event', 'event'], ['system', 'event'], ['admin', 'event'], ['authentication', 'event'], ['wireless', 'wireless'], ['heartbeat', 'heartbeat'],
];

function classify(values: Values, event: EcsEvent): void {
  const stream = (event['event.dataset'] ?? '').slice(7);
  const subtype = said(values, 'log_subtype') ?? '';
  const component = said(values, 'log_component') ?? '';
  const status = said(values, 'status') ?? '';
  const verb = verbOf(subtype) ?? (/^Drop/i.test(subtype) ? 'blocked' : undefined);
  if (stream === 'firewall' || stream === 'web') {
    const stopped = verb === 'blocked' || /^(?:Denied|Invalid|Warned|Drop)/i.test(subtype) || /^(?:Invalid Traffic|Invalid|DoS)/i.test(component);
    event['event.category'] = stream === 'web' ? 'web' : 'network';
    event['event.type'] = stopped ? 'denied' : 'allowed';
    const dos = /^DoS/i.test(component);
    setAction(event, dos ? 'scan_detected' : stopped ? 'blocked' : 'allowed', subtype);
    if (dos) event['event.category'] = 'intrusion_detection';
    return;
  }
  if (stream === 'ips' || stream === 'malware' || stream === 'atp') {
    const clean = /^(?:Allowed|Clean|Eligible|Pending)/i.test(subtype) && stream === 'malware' && !values.has('virus');
    event['event.kind'] = clean ? 'event' : 'alert';
    event['event.category'] = stream === 'malware' ? 'malware' : 'intrusion_detection';
    const action: Action = clean ? 'info' : /^Detect|^Alert|^Log/i.test(subtype) ? 'detected' : verb === undefined || verb === 'allowed' ? (/^(?:Virus|Infected)/i.test(subtype) ? 'blocked' : 'detected') : verb;
    event['event.type'] = action === 'blocked' ? 'denied' : 'info';
    setAction(event, action, subtype);
    return;
  }
  if (stream === 'mail') {
    event['event.category'] = 'email';
    const bad = /spam|virus|probable|outbound|dlp|spx|denied|dos/i.test(subtype);
    const stopped = /drop|reject|quarantin|delete/i.test(said(values, 'action') ?? said(values, 'quarantine_reason') ?? said(values, 'spamaction') ?? said(values, 'spam_action') ?? '');
    event['event.type'] = stopped ? 'denied' : 'allowed';
    setAction(event, /quarantin/i.test(said(values, 'spamaction') ?? said(values, 'spam_action') ?? said(values, 'quarantine_reason') ?? '') ? 'quarantined' : stopped ? 'blocked' : bad ? 'detected' : 'allowed', subtype);
    return;
  }
  const text = event.message ?? '';
  if (/authentication|Admin|GUI|CLI|SSL VPN|IPSec|L2TP|PPTP|My Account|User Portal/i.test(component) || /authentication/i.test(subtype)) {
    const failed = /fail|denied/i.test(status) || /fail|wrong credentials|denied/i.test(text.slice(0, 300));
    const out = /logged ?out|log ?off|terminat|disconnect/i.test(text.slice(0, 300));
    const tunnel = /VPN|IPSec|L2TP|PPTP/i.test(component) && !/authentication/i.test(component);
    const signIn = /log(?:ged)? ?(?:in|on)|authenticat/i.test(text.slice(0, 300)) || /authentication/i.test(`${component}${subtype}`);
    if (tunnel || signIn || out) {
      event['event.category'] = tunnel ? 'session' : 'authentication';
      event['event.type'] = out ? 'end' : 'start';
      setAction(event, tunnel ? (failed ? 'tunnel_failed' : out || /Terminated|Disconnected/i.test(status) ? 'tunnel_down' : 'tunnel_up') : out ? 'logout' : failed ? 'login_failed' : 'login_succeeded', status || subtype);
      return;
    }
    if (subtype === 'Admin') {
      event['event.category'] = 'configuration';
      event['event.type'] = 'change';
      setAction(event, 'config_changed', status || subtype);
      if (failed) event['event.outcome'] = 'failure';
      return;
    }
  }
  classifyByWords(event, `${component} ${text}`.slice(0, 300), '');
  event['event.kind'] = 'event';
  if (event['event.action'] === 'allowed' || event['event.action'] === 'detected') setAction(event, 'info', subtype);
  else event['banya.vendor_action'] = status || subtype;
}

function central(values: Values, type: string, ctx: ParseContext) {
  const event = newEvent();
  const unmapped = newBag();
  const when = said(values, 'when') ?? said(values, 'raisedAt') ?? said(values, 'created_at');
  if (when !== undefined) event['@timestamp'] = timeOf(when, ctx.receivedAt, ctx.zone);
  event['event.kind'] = 'event';
  event['event.dataset'] = 'sophos.central';
  event['observer.vendor'] = 'Sophos';
  event['observer.product'] = 'Sophos Central';
  event['observer.type'] = 'endpoint';
  tell(values, CENTRAL, event, unmapped, ctx);
  const severity = gradeOf(said(values, 'severity'));
  if (severity !== undefined) event['event.severity'] = severity;
  setAccount(event, said(values, 'suser') ?? said(values, 'source'));
  const key = type.replace(/::/g, ' ');
  const text = `${key.replace(/([a-z])([A-Z])/g, '$1 $2')} ${said(values, 'name') ?? said(values, 'description') ?? ''}`.slice(0, 300);
  const known = ENDPOINT.find(([words]) => words.test(type) || words.test(text));
  if (known) {
    event['event.kind'] = known[3] ? 'alert' : 'event';
    event['event.category'] = known[2];
    event['event.type'] = known[1] === 'blocked' || known[1] === 'device_blocked' ? 'denied' : 'info';
    setAction(event, known[1], type);
  } else {
    classifyByWords(event, text, '');
    event['banya.vendor_action'] = type;
  }
  readFound(said(values, 'name') ?? said(values, 'description') ?? '', event);
  setText(event, 'file.name', event['file.path']?.slice(Math.max(event['file.path'].lastIndexOf('\\'), event['file.path'].lastIndexOf('/')) + 1));
  return parsed('sophos', event, unmapped);
}

/** `Malware cleaned up: 'Name' at 'C:\\…\\file.exe'`: what was found and where stands in the words only. */
function readFound(text: string, event: EcsEvent): void {
  if (text.length > 2048) return;
  const at = text.indexOf("' at '");
  const end = text.lastIndexOf("'");
  if (at < 0 || end < at + 7) return;
  const path = text.slice(at + 6, end);
  if (!/[\\/]/.test(path)) return;
  event['file.path'] ??= path;
  const open = text.indexOf(": '");
  if (open > 0 && open + 3 < at) event['rule.name'] ??= text.slice(open + 3, at);
}

/** Kinds of Sophos Central events (Sophos Central SIEM integration, "Event types"). */
const ENDPOINT: readonly (readonly [RegExp, Action, string, boolean])[] = [
  [/CoreDetection|::Detection$|Threat::Detected/, 'detected', 'malware', true],
  [/CoreCleanFailed|CleanupFailed|::CleanFailed/, 'clean_failed', 'malware', true],
  [/CoreClean|CoreOutbreak|::Cleaned|HmpaCryptoGuardStopped/, 'cleaned', 'malware', true],
  [/CoreHmpa|HmpaExploitPrevented|HmpaCryptoGuard|CorePua|Pua/, 'blocked', 'malware', true],
  [/CoreReboot/, 'info', 'malware', false],
  [/WebControlViolation|WebFilteringBlocked|Web::Blocked/, 'blocked', 'web', false],
  [/WebControlWarn|WebFilteringWarn/, 'detected', 'web', false],
  [/Device::Blocked|DeviceControl.*Block|peripheral.{0,40}(?:blocked|restricted)/i, 'device_blocked', 'host', true],
  [/Device::|DeviceControl|peripheral/i, 'device_connected', 'host', true],
  [/UpdateFailure|UpdateRebootRequired|OutOfDate/, 'update_failed', 'host', false],
  [/UpdateSuccess/, 'update_succeeded', 'host', false],
  [/NotProtected|SavDisabled|ServiceNotRunning|TamperProtectionDisabled|real ?time protection disabled/i, 'protection_disabled', 'configuration', true],
  [/SavEnabled|Registered|ServiceRestored/, 'info', 'host', false],
  [/Heartbeat::Missing|NonCompliant|not checked in/i, 'agent_silent', 'host', false],
  [/AuthenticationFailed|LoginFailed/, 'login_failed', 'authentication', false],
  [/Ips(?:Inbound|Outbound)/, 'blocked', 'intrusion_detection', true],
  [/DataLossPrevention.*Blocked/, 'blocked', 'file', true],
  [/DataLossPrevention/, 'detected', 'file', true],
  [/ApplicationBlocked|AppControl.*Block/i, 'blocked', 'process', false],
];
