/** WatchGuard Firebox: `serial (UTC time) process: msg_id="3000-0148" Deny 1-Trusted 0-External …` (Fireware Log Catalog 12). */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext } from '../event.ts';
import { normaliseIp } from '../net.ts';
import { setAccount, setAction, setCountry, setText, setUrl, wholeNumber, type Family } from './family.ts';
import { keyValues, said, targets, tell, type Values } from './pairs.ts';
import { classifyByWords } from './security-words.ts';

const FIELDS = targets({
  msg_id: 'event.code', msg: 'message', proxy_act: 'rule.ruleset', rule_name: 'rule.name', app_name: 'network.application', cat_name: 'rule.category', app_cat_name: 'rule.category', signature_name: 'rule.name', signature_id: 'rule.id', signature_cat: 'rule.category', virus: 'rule.name', cats: 'rule.category',
  sent_bytes: 'source.bytes', rcvd_bytes: 'destination.bytes', src_user: null, user: null, duration: null, op: 'http.request.method', method: 'http.request.method', dstname: null, host: null, arg: null, path: null, md5: 'file.hash.md5', sha256: 'file.hash.sha256', file_name: 'file.name', filename: 'file.name', content_type: 'file.mime_type',
  src_ip: 'source.ip', dst_ip: 'destination.ip', src_port: 'source.port', dst_port: 'destination.port', src_ip_nat: 'source.nat.ip', src_port_nat: 'source.nat.port', dst_ip_nat: 'destination.nat.ip', dst_port_nat: 'destination.nat.port', srcname: 'source.domain', sender: 'email.from.address', recipients: 'email.to.address', error: 'error.message', reason: 'event.reason', query_name: 'dns.question.name', query_type: 'dns.question.type', geo_src: null, geo_dst: null, tls_profile: null, sni: 'destination.domain',
});

// Serial number, time of the box in UTC, process and its number.
const HEAD = /^(?:(\S{1,40}) )?(?:([0-9A-Z]{6,20}) )?(?:\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,6})?\) )?(?:([\w.-]{1,40})(?:\[(\d{1,10})\])?: )?msg_id="([0-9A-F]{4}-[0-9A-F]{4})" ?/;

export const watchguard: Family = {
  id: 'watchguard',
  name: { ja: 'WatchGuard Firebox（ウォッチガード）', en: 'WatchGuard Firebox' },

  match(sample) {
    return /msg_id="[0-9A-F]{4}-[0-9A-F]{4}"/.test(sample.slice(0, 300)) ? 1 : 0;
  },

  parse(line, ctx) {
    const mark = line.indexOf('msg_id="', ctx.header.tagStart);
    if (mark < 0 || mark - ctx.header.tagStart > 200) return null;
    const from = ctx.header.tagStart;
    const m = HEAD.exec(line.slice(from, mark + 24));
    if (!m) return null;
    const event = newEvent();
    const unmapped = newBag();
    event['event.kind'] = 'event';
    event['observer.vendor'] = 'WatchGuard';
    event['observer.product'] = 'Firebox';
    event['observer.type'] = 'firewall';
    setText(event, 'observer.serial_number', m[2] ?? (m[1] !== undefined && /^[0-9A-Z]{8,20}$/.test(m[1]) ? m[1] : undefined));
    setText(event, 'event.provider', m[4] ?? ctx.header.app);
    if (m[3] !== undefined) {
      const time = Date.parse(`${m[3]}Z`);
      if (!Number.isNaN(time)) event['@timestamp'] = time;
    }
    const body = from + m[0].length;
    const values = keyValues(line, body, ctx);
    values.set('msg_id', m[6] ?? '');
    const action = readTraffic(line, body, event, ctx);
    event['event.dataset'] = action === undefined ? 'watchguard.event' : 'watchguard.traffic';
    tell(values, FIELDS, event, unmapped, ctx);
    setCountry(event, 'source', said(values, 'geo_src'));
    setCountry(event, 'destination', said(values, 'geo_dst'));
    readRest(line, body, values, event, action !== undefined);
    if (action === undefined) classifyEvent(event);
    else classifyTraffic(action, values, event);
    return parsed('watchguard', event, unmapped);
  },
};

/**
 * `Deny 1-Trusted 0-External 52 tcp 20 127 10.0.1.2 192.0.2.9 62443 80 …`: the words up to the ports stand in a fixed order,
 * but length, header length and TTL are left out by proxies.
 */
function readTraffic(line: string, from: number, event: EcsEvent, ctx: ParseContext): string | undefined {
  const action = /^(?:Allow|Deny|Drop|ProxyAllow|ProxyDeny|ProxyDrop|Reset|Block)\b/.exec(line.slice(from, from + 12))?.[0];
  if (action === undefined) return undefined;
  const text = line.slice(from + action.length + 1, from + 512);
  const words: { text: string; at: number }[] = [];
  for (let pos = 0; pos < text.length && words.length < 24; ) {
    const end = text.indexOf(' ', pos);
    words.push({ text: text.slice(pos, end < 0 ? text.length : end), at: pos });
    if (end < 0) break;
    pos = end + 1;
  }
  // Names of interfaces may hold spaces; the two addresses that follow each other are the mark.
  let at = -1;
  for (let i = 1; i + 1 < words.length; i++) {
    if (normaliseIp((words[i] as { text: string }).text) !== undefined && normaliseIp((words[i + 1] as { text: string }).text) !== undefined) {
      at = i;
      break;
    }
  }
  if (at < 0) return action;
  const word = (i: number): string => words[i]?.text ?? '';
  event['source.ip'] = normaliseIp(word(at)) as string;
  event['destination.ip'] = normaliseIp(word(at + 1)) as string;
  let protocol = at - 1;
  while (protocol > 0 && /^\d+$/.test(word(protocol))) protocol--;
  // An ESP or ICMP line names the protocol in letters, others by number only.
  const named = /^[a-z][a-z0-9-]{1,11}(?:\/[a-z]{2,4})?$/i.test(word(protocol)) && protocol >= 2;
  const name = named ? word(protocol).toLowerCase() : '';
  if (named) {
    const [service = '', transport] = name.split('/');
    event['network.transport'] = transport ?? service;
    if (transport !== undefined) event['network.protocol'] = service;
  }
  let end = named ? protocol : at;
  if (named && /^\d+$/.test(word(protocol - 1)) && protocol - 1 >= 2) end = protocol - 1;
  const interfaces = words.slice(0, end).map((w) => w.text);
  if (interfaces.length >= 2) {
    const second = interfaces.findIndex((w, i) => i > 0 && /^(?:\d{1,2}-|Firebox$)/.test(w));
    const cut = second > 0 ? second : Math.ceil(interfaces.length / 2);
    event['observer.ingress.interface.name'] = interfaces.slice(0, cut).join(' ');
    event['observer.egress.interface.name'] = interfaces.slice(cut).join(' ');
  }
  const source = wholeNumber(word(at + 2), 65_535);
  const destination = wholeNumber(word(at + 3), 65_535);
  if (event['network.transport'] !== 'icmp' && event['network.transport'] !== 'icmpv6' && source !== undefined && destination !== undefined) {
    event['source.port'] = source;
    event['destination.port'] = destination;
  }
  if (event['network.transport'] === 'icmpv6') event['network.transport'] = 'ipv6-icmp';
  setSide(event, ctx);
  return action;
}

/** Where both ends are public, `External` in the name of an interface decides. */
function setSide(event: EcsEvent, ctx: ParseContext): void {
  let direction: string = ctx.own.direction(event['source.ip'] as string, event['destination.ip'] as string);
  if (direction === 'external') {
    const from = /external|wan/i.test(event['observer.ingress.interface.name'] ?? '');
    const to = /external|wan/i.test(event['observer.egress.interface.name'] ?? '');
    if (from !== to) direction = from ? 'inbound' : 'outbound';
  }
  event['network.direction'] = direction;
}

function readRest(line: string, from: number, values: Values, event: EcsEvent, traffic: boolean): void {
  const user = said(values, 'src_user') ?? said(values, 'user');
  setAccount(event, user?.includes('\\') ? user : user?.replace(/@(?:Firebox-DB|RADIUS|SecurID|AuthPoint|LDAP)$/i, ''));
  const host = said(values, 'dstname') ?? said(values, 'host');
  const path = said(values, 'arg') ?? said(values, 'path');
  if (host !== undefined) {
    if (normaliseIp(host) === undefined) event['destination.domain'] = host;
    setUrl(event, `${event['destination.port'] === 443 ? 'https' : 'http'}://${host}${path === undefined ? '' : path.startsWith('/') ? path : `/${path}`}`);
  }
  const seconds = Number(said(values, 'duration') ?? NaN);
  if (seconds >= 0 && seconds < 9_000_000) event['event.duration'] = seconds * 1e9;
  const sent = event['source.bytes'];
  const received = event['destination.bytes'];
  if (sent !== undefined && received !== undefined) event['network.bytes'] = sent + received;
  const policy = /\(([^()"]{1,120})\)\s*$/.exec(line.slice(Math.max(from, line.length - 160)))?.[1];
  if (traffic && policy !== undefined) event['rule.name'] ??= policy;
  if (event.message === undefined) event.message = line.slice(from);
}

function classifyTraffic(word: string, values: Values, event: EcsEvent): void {
  const stopped = !/allow$/i.test(word);
  const text = event.message ?? '';
  const malware = values.has('virus') || /virus|APT|malware/i.test(text.slice(0, 120));
  const attack = values.has('signature_id') || /\bIPS (?:detected|match)|IPS match|\bGeo(?:location)?\b|botnet|bad reputation|scan|flood|spoof/i.test(text.slice(0, 120));
  event['event.category'] = malware && !/scanning error/.test(text) ? 'malware' : attack ? 'intrusion_detection' : values.has('proxy_act') && values.has('op') ? 'web' : 'network';
  if (event['event.category'] === 'malware' || values.has('signature_id')) event['event.kind'] = 'alert';
  event['event.type'] = stopped ? 'denied' : 'allowed';
  setAction(event, stopped ? 'blocked' : event['event.kind'] === 'alert' ? 'detected' : 'allowed', word);
}

const EVENTS: readonly (readonly [RegExp, Action, string])[] = [
  [/(?:login|authentication|log in).{0,80}(?:rejected|failed|denied)|failed to log in/i, 'login_failed', 'authentication'],
  [/logged (?:out|off)|log ?out/i, 'logout', 'authentication'],
  [/logged in|authentication.{0,60}(?:accepted|succeeded)|Authentication of .{1,120} was accepted/i, 'login_succeeded', 'authentication'],
  [/(?:IKE|IPSec|BOVPN|phase-[12]).{0,160}fail|tunnel could not be/i, 'tunnel_failed', 'network'],
  [/tunnel .{0,100}(?:established|created|up\b)|VPN user .{1,100} logged in/i, 'tunnel_up', 'network'],
  [/tunnel .{0,100}(?:deleted|terminated|down\b)/i, 'tunnel_down', 'network'],
  [/link (?:=|is )?up\b|interface \S{1,40} is up/i, 'link_up', 'network'],
  [/link (?:=|is )?down\b|interface \S{1,40} is down/i, 'link_down', 'network'],
  [/starting up|shutting down|reboot|restart/i, 'restarted', 'host'],
  [/(?:signature|update|upgrade).{0,80}fail/i, 'update_failed', 'host'],
  [/(?:signature|database).{0,60}(?:updated|update complete)/i, 'update_succeeded', 'host'],
  [/feature key.{0,60}expir|licen[cs]e.{0,40}expir/i, 'license_expired', 'host'],
  [/configuration|Updating .{1,60} setting|settings updated/i, 'config_changed', 'configuration'],
  [/scan|flood|spoofing/i, 'scan_detected', 'intrusion_detection'],
];

/** Behind a VPN a computer has an address of its own; where it really is stands beside it. */
function readVpn(text: string, event: EcsEvent): void {
  const real = addressBehind(/\bReal IP address is ([0-9a-fA-F.:]{2,46})/, text);
  const virtual = addressBehind(/\bVirtual IP address is ([0-9a-fA-F.:]{2,46})/, text);
  if (real !== undefined) event['source.ip'] = real;
  if (virtual !== undefined) event['source.nat.ip'] ??= virtual;
}

/** The dot of the sentence is no part of an address. */
function addressBehind(words: RegExp, text: string): string | undefined {
  return normaliseIp((words.exec(text)?.[1] ?? '').replace(/\.$/, ''));
}

function classifyEvent(event: EcsEvent): void {
  const text = (event.message ?? '').slice(0, 400);
  readVpn(text, event);
  const known = EVENTS.find(([words]) => words.test(text));
  if (known) {
    event['event.category'] = known[2];
    event['event.type'] = known[1] === 'login_succeeded' ? 'start' : known[1] === 'logout' ? 'end' : 'info';
    setAction(event, known[1]);
    const ip = addressBehind(/(?:from|at|host) ([0-9a-fA-F.:]{2,45})\b/, text);
    if (ip !== undefined) event['source.ip'] ??= ip;
    if (known[2] === 'authentication') setAccount(event, /\buser \[([^\s\]@]{1,128})/i.exec(text)?.[1] ?? /(?:user|of|admin) '?([^\s'@\[]{1,128})/i.exec(text)?.[1]);
    return;
  }
  classifyByWords(event, text.slice(0, 300), '');
  event['event.kind'] = 'event';
  if (event['event.action'] === 'allowed' || event['event.action'] === 'detected' || event['event.action'] === 'blocked') setAction(event, 'info');
}
