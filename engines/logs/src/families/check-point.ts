/** Check Point: the syslog, generic and splunk formats of Log Exporter (sk122323); CEF and LEEF of the same products are read by those families. */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext } from '../event.ts';
import { transportName } from '../net.ts';
import { setAccount, setAction, setText, setUrl, type Family } from './family.ts';
import { said, targets, tell, type Values } from './pairs.ts';
import { classifyByWords, verbOf } from './security-words.ts';
import { timeValue } from './standard-keys.ts';

const MAX_KEYS = 512;

/** Names of the log fields (sk144192). */
const FIELDS = targets({
  time: null, src: 'source.ip', s_port: 'source.port', dst: 'destination.ip', xlatesrc: 'source.nat.ip', xlatesport: 'source.nat.port', xlatedst: 'destination.nat.ip', xlatedport: 'destination.nat.port',
  client_ip: 'source.ip', source_ip: 'source.ip', endpoint_ip: 'source.ip', client_outbound_bytes: 'source.bytes', client_inbound_bytes: 'destination.bytes', sent_bytes: 'source.bytes', received_bytes: 'destination.bytes', bytes: 'network.bytes', packets: 'network.packets',
  server_outbound_packets: 'destination.packets', client_outbound_packets: 'source.packets', src_machine_name: 'source.domain', dst_machine_name: 'destination.domain', host_name: 'host.name', src_mac: 'source.mac', mac_source_address: 'source.mac', mac_destination_address: 'destination.mac',
  origin: null, orig: null, hostname: 'observer.name', device_name: 'observer.name', ifname: null, inzone: 'observer.ingress.zone', outzone: 'observer.egress.zone', proto: null, service: null, service_id: 'network.protocol', appi_name: 'network.application', app_category: 'rule.category', matched_category: 'rule.category',
  rule_uid: null, rule: 'rule.id', rule_name: 'rule.name', layer_name: 'rule.ruleset', loguid: 'event.id', protection_id: 'rule.id', attack_info: null, protection_name: null, malware_family: null, malware_rule_id: null, reason: 'event.reason', severity: null,
  user: null, src_user_name: null, administrator: null, dst_user_name: 'destination.user.name', file_name: 'file.name', file_size: 'file.size', file_md5: 'file.hash.md5', file_sha1: 'file.hash.sha1', file_sha256: 'file.hash.sha256', file_type: 'file.extension', resource: null, method: 'http.request.method', user_agent: 'user_agent.original',
  dns_query: 'dns.question.name', from: 'email.from.address', to: 'email.to.address', email_subject: 'email.subject', email_id: 'email.message_id', process_name: 'process.name', os_name: 'host.os.name', industry_reference: 'vulnerability.id', mitre_techniques: 'threat.technique.id', elapsed: null, status: null, description: null, sys_message: null, msg: null,
});

export const checkPoint: Family = {
  id: 'check-point',
  name: { ja: 'Check Point（チェック・ポイント）', en: 'Check Point' },

  match(sample) {
    const head = sample.slice(0, 600);
    if (/(?:^|[[; |])(?:loguid|originsicname|ifdir):"?|\bloguid=\{/.test(head)) return 1;
    return /\bproduct(?::"|=)(?:VPN-1|Firewall\b|SmartDefense)/.test(head) ? 0.9 : 0;
  },

  parse(line, ctx) {
    let at = ctx.header.version === 1 && ctx.header.sdEnd > ctx.header.sdStart ? ctx.header.sdStart : ctx.start;
    if (line.charCodeAt(at) !== 91) {
      // A cut line has no end of its structured data; splunk and generic formats have no brackets at all.
      at = ctx.start;
      const c = line.charCodeAt(at);
      if (c !== 91 && !(c >= 97 && c <= 122)) return null;
    }
    const head = line.slice(at, at + 600);
    const bracket = head.charCodeAt(0) === 91;
    const colon = /^\[?(?:"?[a-z_]{1,40}"?)::?"/i.test(head) && /[[; ](?:loguid|originsicname|ifdir|sequencenum|product|origin)::?"/.test(` ${head}`);
    const bars = !bracket && !colon && head.includes('|') && /(?:^|\|)(?:loguid|originsicname|product)=/.test(head);
    if (!colon && !bars) return null;
    const values = colon ? quoted(line, bracket ? at + 1 : at, ctx) : barred(line, at, ctx);
    if (!values.has('product') && !values.has('loguid') && !values.has('origin')) return null;
    return build(values, ctx);
  },
};

/** `key:"value"; key:"value"]`, where `\"`, `\]` and `\\` are escapes and some keys have two colons. */
function quoted(line: string, from: number, ctx: ParseContext): Values {
  const values: Values = new Map();
  let pos = from;
  while (values.size < MAX_KEYS) {
    while (line.charCodeAt(pos) === 32 || line.charCodeAt(pos) === 59) pos++;
    const colon = line.indexOf(':', pos);
    if (colon < 0 || colon - pos > 128) return values;
    const key = line.slice(pos, colon);
    pos = line.charCodeAt(colon + 1) === 58 ? colon + 2 : colon + 1;
    if (line.charCodeAt(pos) !== 34) return values;
    let end = pos + 1;
    let escaped = false;
    while (end < line.length && line.charCodeAt(end) !== 34) {
      if (line.charCodeAt(end) === 92) {
        escaped = true;
        end++;
      }
      end++;
    }
    if (end >= line.length) ctx.note('broken_quote');
    const text = line.slice(pos + 1, end);
    if (!values.has(key)) values.set(key, escaped ? text.replace(/\\(["\]\\])/g, '$1') : text);
    pos = end + 1;
    if (pos >= line.length || line.charCodeAt(pos) === 93) return values;
  }
  ctx.note('too_many_keys');
  return values;
}

/** `key=value|key=value`. */
function barred(line: string, from: number, ctx: ParseContext): Values {
  const values: Values = new Map();
  let pos = from;
  while (pos < line.length) {
    if (values.size >= MAX_KEYS) {
      ctx.note('too_many_keys');
      break;
    }
    let end = line.indexOf('|', pos);
    if (end < 0) end = line.length;
    const equals = line.indexOf('=', pos);
    if (equals > pos && equals < end && equals - pos <= 128) {
      const key = line.slice(pos, equals).trim();
      if (!values.has(key)) values.set(key, line.slice(equals + 1, end).trim());
    }
    pos = end + 1;
    // Without a further = nothing more can be read.
    if (equals < 0) break;
  }
  return values;
}

function build(values: Values, ctx: ParseContext) {
  const event = newEvent();
  const unmapped = newBag();
  const product = said(values, 'product') ?? '';
  event['event.kind'] = 'event';
  event['event.dataset'] = `check-point.${streamOf(product, values)}`;
  event['observer.vendor'] = 'Check Point';
  event['observer.product'] = product || 'Check Point';
  event['observer.type'] = 'firewall';
  const time = said(values, 'time');
  if (time !== undefined) {
    const value = timeValue(time, ctx);
    if (value !== undefined) event['@timestamp'] = value;
  }
  // Addresses that were not translated are written as zero.
  for (const key of ['xlatesrc', 'xlatedst']) if (values.get(key) === '0.0.0.0') values.delete(key);
  for (const key of ['xlatesport', 'xlatedport']) if (values.get(key) === '0') values.delete(key);
  readService(values, event);
  tell(values, FIELDS, event, unmapped, ctx);
  const origin = said(values, 'origin') ?? said(values, 'orig');
  if (origin !== undefined) {
    if (/^[\d.]{7,15}$/.test(origin) || origin.includes(':')) event['observer.ip'] = origin;
    else event['observer.name'] ??= origin;
  }
  const card = said(values, 'ifname');
  if (card !== undefined) event[said(values, 'ifdir') === 'outbound' ? 'observer.egress.interface.name' : 'observer.ingress.interface.name'] = card;
  setPerson(values, event);
  if (event['rule.id'] === undefined) setText(event, 'rule.id', said(values, 'rule_uid'));
  setText(event, 'rule.name', said(values, 'protection_name') ?? said(values, 'malware_family') ?? said(values, 'attack_info') ?? event['rule.name']);
  setUrl(event, said(values, 'resource'));
  setText(event, 'message', said(values, 'sys_message') ?? said(values, 'msg') ?? said(values, 'description') ?? said(values, 'additional_info') ?? said(values, 'attack_info'));
  const sent = event['source.bytes'];
  const received = event['destination.bytes'];
  if (sent !== undefined && received !== undefined) event['network.bytes'] ??= sent + received;
  setSeverity(said(values, 'severity'), event);
  classify(product, values, event);
  return parsed('check-point', event, unmapped);
}

/** `Sato Taro (sato)`: the person and the account. Behind an account alone brackets only say of what kind it is. */
function setPerson(values: Values, event: EcsEvent): void {
  const user = said(values, 'user');
  const source = user === undefined ? said(values, 'src_user_name') : undefined;
  const text = user ?? source ?? said(values, 'administrator');
  if (text === undefined) return;
  const open = text.endsWith(')') && text.length <= 400 ? text.lastIndexOf('(') : -1;
  if (open <= 0) return setAccount(event, text);
  const person = text.slice(0, open).trim();
  const account = text.slice(open + 1, -1).trim();
  if (account !== '' && !/[\s()+]/.test(account) && (source !== undefined || /\s/.test(person))) {
    setAccount(event, account);
    setText(event, 'user.full_name', person);
  } else setAccount(event, person);
}

/** `proto` is a number or a name; `service` a port number or a name. */
function readService(values: Values, event: EcsEvent): void {
  const proto = said(values, 'proto');
  if (proto !== undefined) {
    const number = /^\d{1,3}$/.test(proto) ? Number(proto) : -1;
    const name = number >= 0 ? transportName(number) : proto.toLowerCase();
    if (number >= 0) event['network.iana_number'] = proto;
    if (name !== undefined) event['network.transport'] = name;
  }
  const service = said(values, 'service');
  if (service === undefined) return;
  if (/^\d{1,5}$/.test(service)) {
    const port = Number(service);
    if (port <= 65_535) event['destination.port'] = port;
  } else event['network.protocol'] = service.toLowerCase();
}

/** Severity 0–4 of threats, or a word. */
function setSeverity(word: string | undefined, event: EcsEvent): void {
  if (word === undefined) return;
  const byWord: Readonly<Record<string, number>> = { '4': 2, critical: 2, '3': 3, high: 3, '2': 4, medium: 4, '1': 5, low: 5, '0': 6, informational: 6, 'very-high': 2, unknown: 6 };
  const key = word.toLowerCase();
  if (Object.hasOwn(byWord, key)) event['event.severity'] = byWord[key] as number;
}

function streamOf(product: string, values: Values): string {
  if (values.has('administrator') || /^(?:SmartConsole|WEB_API|SmartDashboard|Expert Shell|System Monitor)/.test(product)) return product === 'System Monitor' ? 'system' : 'audit';
  if (/^(?:VPN-1|Firewall|Security Gateway\/)/.test(product) || product === '') return 'firewall';
  if (/VPN|Mobile Access|Endpoint Security/i.test(product)) return 'vpn';
  return /Malware|Bot|Virus|Threat|Emulation|SmartDefense|IPS|Extraction|Anti/i.test(product) ? 'threat' : /Application Control|URL Filtering|URLF/i.test(product) ? 'web' : 'other';
}

function classify(product: string, values: Values, event: EcsEvent): void {
  const word = said(values, 'action') ?? said(values, 'rule_action') ?? '';
  const verb = word === '' ? undefined : actionOf(word);
  const stream = (event['event.dataset'] ?? '').slice(12);
  if (stream === 'audit') return classifyAudit(word, values, event);
  const done = `${said(values, 'update_status') ?? ''} ${said(values, 'description') ?? ''}`;
  if (values.has('update_status') || values.has('update_service')) {
    event['event.category'] = 'host';
    event['event.type'] = 'info';
    const failed = /fail|error|not updated/i.test(done);
    setAction(event, failed ? 'update_failed' : /updated|Finished/i.test(`${done} ${said(values, 'status') ?? ''}`) ? 'update_succeeded' : 'info', said(values, 'update_status') ?? said(values, 'status'));
    return;
  }
  if (/^(?:Log In|Failed Log In|Log Out|Update|VPN)/i.test(word) || /Failed Log In/i.test(said(values, 'auth_status') ?? '')) {
    const failed = /failed/i.test(word) || /fail/i.test(said(values, 'status') ?? said(values, 'auth_status') ?? '');
    const out = /log ?out/i.test(word);
    event['event.category'] = 'authentication';
    event['event.type'] = out ? 'end' : 'start';
    setAction(event, out ? 'logout' : failed ? 'login_failed' : 'login_succeeded', word);
    return;
  }
  const key = /^key install|^encrypt|^decrypt/i.exec(word);
  if (stream === 'threat') {
    const malware = /virus|malware|bot|emulation|extraction/i.test(product);
    event['event.kind'] = 'alert';
    event['event.category'] = malware ? 'malware' : 'intrusion_detection';
    const action: Action = verb === undefined || verb === 'allowed' ? 'detected' : verb;
    event['event.type'] = action === 'blocked' ? 'denied' : 'info';
    setAction(event, action, word);
    return;
  }
  if (verb !== undefined || key || event['source.ip'] !== undefined) {
    event['event.category'] = stream === 'web' ? 'web' : 'network';
    const action: Action = verb ?? (key ? 'allowed' : 'info');
    event['event.type'] = action === 'blocked' ? 'denied' : action === 'allowed' ? 'allowed' : 'info';
    setAction(event, action, word);
    return;
  }
  classifyByWords(event, event.message ?? product, '');
  event['event.kind'] = 'event';
  if (event['event.action'] === 'allowed' || event['event.action'] === 'blocked') setAction(event, 'info');
}

/** Accept, Drop, Reject, Block, Prevent, Detect, Monitor, Bypass, Inspect, Quarantine … */
function actionOf(word: string): Action | undefined {
  const key = word.toLowerCase();
  if (key === 'detect' || key === 'monitor' || key === 'ask user' || key === 'alert') return key === 'ask user' ? 'blocked' : 'detected';
  if (key === 'bypass' || key === 'inspect' || key === 'https inspect' || key === 'https bypass' || key === 'inform user' || key === 'encrypt' || key === 'decrypt' || key === 'ip changed') return 'allowed';
  return verbOf(word);
}

function classifyAudit(word: string, values: Values, event: EcsEvent): void {
  const what = said(values, 'operation') ?? word;
  const failed = /^fail/i.test(word) || /fail/i.test(said(values, 'audit_status') ?? '') || /failed to log in/i.test(said(values, 'additional_info') ?? '');
  if (/^(?:failed )?log ?(?:in|out)/i.test(what)) {
    const out = /out/i.test(what);
    event['event.category'] = 'authentication';
    event['event.type'] = out ? 'end' : 'start';
    setAction(event, out ? 'logout' : failed ? 'login_failed' : 'login_succeeded', what);
    return;
  }
  event['event.category'] = 'configuration';
  event['event.type'] = 'change';
  setAction(event, 'config_changed', what);
  if (failed) event['event.outcome'] = 'failure';
}

/** What a CEF line of Check Point says beyond its keys: the product is the blade, `act` its decision. */
export function refineCheckPoint(event: EcsEvent, unmapped: Readonly<Record<string, string>>, product: string, done: string): void {
  const values: Values = new Map(Object.entries(unmapped));
  if (done !== '') values.set('action', done);
  event['observer.type'] = 'firewall';
  event['event.kind'] = 'event';
  event['event.dataset'] = `check-point.${streamOf(product, values)}`;
  classify(product, values, event);
}
