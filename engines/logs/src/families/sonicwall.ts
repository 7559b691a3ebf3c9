/** SonicWall: `id=firewall sn=… time="…" fw=… pri=… m=… msg="…"` (SonicOS 5–7 Log Events Reference Guide; enhanced and default syslog). */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext } from '../event.ts';
import { normaliseIp } from '../net.ts';
import { setAccount, setAction, setText, type Family } from './family.ts';
import { keyValues, said, targets, tell, type Values } from './pairs.ts';
import { classifyByWords } from './security-words.ts';

const FIELDS = targets({
  id: null, sn: 'observer.serial_number', time: null, fw: 'observer.ip', pri: null, m: 'event.code', msg: 'message', src: null, dst: null, srcV6: null, dstV6: null, natSrc: null, natDst: null, natSrcV6: null, natDstV6: null, proto: null,
  sent: 'source.bytes', rcvd: 'destination.bytes', spkt: 'source.packets', rpkt: 'destination.packets', srcMac: 'source.mac', dstMac: 'destination.mac', srcZone: 'observer.ingress.zone', dstZone: 'observer.egress.zone', usr: null, user: null,
  rule: 'rule.name', sid: 'rule.id', ipscat: 'rule.category', spycat: 'rule.category', Category: 'rule.category', appcat: 'rule.category', appName: 'network.application', dstname: null, dst_domain: null, arg: null, op: null, result: 'http.response.status_code', note: 'event.reason', vpnpolicy: 'network.name',
  referer: 'http.request.referrer', agent: 'user_agent.original', filename: 'file.name', cdur: null, fw_action: null, dur: null, sess: null,
});

export const sonicwall: Family = {
  id: 'sonicwall',
  name: { ja: 'SonicWall（ソニックウォール）', en: 'SonicWall' },

  match(sample) {
    const head = sample.slice(0, 300);
    return /(?:^|\s)id=\S{1,32}\s{1,4}sn=\S{1,32}\s/.test(head) && head.includes('fw=') ? 1 : 0;
  },

  parse(line, ctx) {
    const at = line.indexOf('id=', ctx.start);
    if (at < 0 || at - ctx.start > 80 || (at > ctx.start && line.charCodeAt(at - 1) > 32)) return null;
    const space = line.indexOf(' ', at);
    if (space < 0 || space - at > 40) return null;
    let next = space;
    while (line.charCodeAt(next) === 32) next++;
    if (!line.startsWith('sn=', next)) return null;
    const values = keyValues(line, at, ctx);
    if (!values.has('fw') && !values.has('m') && !values.has('pri')) return null;
    return build(values, ctx);
  },
};

function build(values: Values, ctx: ParseContext) {
  const event = newEvent();
  const unmapped = newBag();
  event['event.kind'] = 'event';
  event['event.dataset'] = 'sonicwall.log';
  event['observer.vendor'] = 'SonicWall';
  event['observer.product'] = 'SonicOS';
  event['observer.type'] = 'firewall';
  const time = said(values, 'time');
  if (time !== undefined) event['@timestamp'] = clock(time, ctx);
  setText(event, 'observer.name', said(values, 'id'));
  const priority = said(values, 'pri');
  if (priority !== undefined && /^[0-7]$/.test(priority)) {
    event['event.severity'] = Number(priority);
    event['log.level'] = LEVELS[Number(priority)] as string;
  }
  endpoint(said(values, 'src'), said(values, 'srcV6'), 'source', event, ctx);
  endpoint(said(values, 'dst'), said(values, 'dstV6'), 'destination', event, ctx);
  translated(said(values, 'natSrc') ?? said(values, 'natSrcV6'), 'source', event);
  translated(said(values, 'natDst') ?? said(values, 'natDstV6'), 'destination', event);
  readProtocol(said(values, 'proto'), event);
  tell(values, FIELDS, event, unmapped, ctx);
  const user = said(values, 'usr') ?? said(values, 'user');
  if (user !== undefined && !user.startsWith('Unknown (')) setAccount(event, user);
  const host = said(values, 'dstname') ?? said(values, 'dst_domain');
  if (host !== undefined && normaliseIp(host) === undefined) event['destination.domain'] = host;
  const path = said(values, 'arg');
  if (host !== undefined && path !== undefined) {
    event['url.domain'] = host;
    event['url.path'] = path.split('?', 1)[0] as string;
    event['url.full'] = `${event['destination.port'] === 80 ? 'http' : 'https'}://${host}${path.startsWith('/') ? path : `/${path}`}`;
  }
  const method = OPERATIONS[said(values, 'op') ?? ''];
  if (method !== undefined) event['http.request.method'] = method;
  const ms = Number(said(values, 'cdur') ?? NaN);
  if (ms >= 0 && ms < 1e10) event['event.duration'] = ms * 1e6;
  const sent = event['source.bytes'];
  const received = event['destination.bytes'];
  if (sent !== undefined && received !== undefined) event['network.bytes'] = sent + received;
  classify(values, event);
  return parsed('sonicwall', event, unmapped);
}

const LEVELS = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];
/** Numbers of `op`: HTTP methods (Log Events Reference Guide, "Syslog tags"). */
const OPERATIONS: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, { '1': 'GET', '2': 'POST', '3': 'HEAD', '4': 'PUT' });

/** `2026-01-02 12:04:05`, with `UTC` behind it where the box is set so. */
function clock(text: string, ctx: ParseContext): number {
  const utc = text.endsWith('UTC');
  const m = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})/.exec(text.slice(0, 32));
  if (!m) return NaN;
  const local = Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3]), Number(m[4]), Number(m[5]), Number(m[6]));
  return utc ? local : ctx.zone.toUtc(local);
}

/**
 * `address:port:interface:name` in parts. An IPv6 address may stand in brackets; where it does not, it ends where a port
 * follows, and the longest one counts.
 */
function partsOf(text: string, six: boolean): string[] {
  if (text.charCodeAt(0) === 91) {
    const close = text.indexOf(']');
    if (close > 0) return [text.slice(1, close), ...(text.charCodeAt(close + 1) === 58 ? text.slice(close + 2).split(':', 8) : [])];
  }
  const parts = text.split(':', 17);
  if (six || parts.length < 3 || (parts[0] ?? '').includes('.')) return parts;
  let longest = 0;
  for (let n = Math.min(parts.length, 9); n >= 3; n--) {
    if (normaliseIp(parts.slice(0, n).join(':')) === undefined) continue;
    longest ||= n;
    if (/^\d{0,5}$/.test(parts[n] ?? '')) {
      longest = n;
      break;
    }
  }
  return longest === 0 ? parts : [parts.slice(0, longest).join(':'), ...parts.slice(longest)];
}

/** `address:port:interface:name`; an IPv6 address may come in a key of its own, which leaves the first part empty. */
function endpoint(text: string | undefined, v6: string | undefined, side: 'source' | 'destination', event: EcsEvent, ctx: ParseContext): void {
  const long = v6 === undefined ? undefined : normaliseIp(v6);
  if (long !== undefined) event[`${side}.ip`] = long;
  if (text === undefined) return;
  const whole = normaliseIp(text);
  if (whole !== undefined && text.includes('.')) {
    event[`${side}.ip`] ??= whole;
    return;
  }
  const [address = '', port = '', card = '', ...name] = partsOf(text, long !== undefined);
  if (address !== '') {
    const ip = normaliseIp(address);
    if (ip === undefined) {
      // What follows an address that is none may be the rest of it.
      ctx.note('bad_value');
      return;
    }
    event[`${side}.ip`] ??= ip;
  }
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) event[`${side}.port`] = Number(port);
  setText(event, side === 'source' ? 'observer.ingress.interface.name' : 'observer.egress.interface.name', card);
  const host = name.join(':');
  if (host !== '' && !host.includes(':') && normaliseIp(host) === undefined) event[`${side}.domain`] = host;
}

function translated(text: string | undefined, side: 'source' | 'destination', event: EcsEvent): void {
  if (text === undefined) return;
  const [address = '', port = ''] = partsOf(text, false);
  const ip = normaliseIp(address);
  if (ip === undefined || ip === event[`${side}.ip`]) return;
  event[`${side}.nat.ip`] = ip;
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) event[`${side}.nat.port`] = Number(port);
}

/** `tcp/https`, `udp/53`, `icmp`. */
function readProtocol(text: string | undefined, event: EcsEvent): void {
  if (text === undefined) return;
  const [transport = '', service = ''] = text.toLowerCase().split('/', 2);
  if (/^[a-z][a-z0-9-]{1,15}$/.test(transport)) event['network.transport'] = transport;
  if (service !== '' && !/^\d+$/.test(service)) event['network.protocol'] = service;
}

/**
 * Numbers of messages whose words alone would mislead (SonicOS 6.5 and 7 Log Events Reference Guide). 1081 is “SSL Control:
 * Certificate with Weak Digest Signature Algorithm”, 123 a computer without an agent, 159 a subscription that has ended.
 */
const KNOWN: ReadonlyMap<string, readonly [Action, string]> = new Map([
  ['98', ['allowed', 'network']], ['537', ['allowed', 'network']], ['1197', ['info', 'network']], ['97', ['allowed', 'web']], ['14', ['blocked', 'web']], ['16', ['allowed', 'web']], ['36', ['blocked', 'network']], ['37', ['blocked', 'network']], ['38', ['blocked', 'network']],
  ['29', ['login_succeeded', 'authentication']], ['30', ['login_failed', 'authentication']], ['31', ['login_succeeded', 'authentication']], ['32', ['login_failed', 'authentication']], ['33', ['login_failed', 'authentication']], ['34', ['login_failed', 'authentication']], ['35', ['login_failed', 'authentication']],
  ['199', ['login_succeeded', 'authentication']], ['200', ['login_failed', 'authentication']], ['235', ['login_succeeded', 'authentication']], ['236', ['login_succeeded', 'authentication']], ['237', ['login_succeeded', 'authentication']], ['238', ['login_succeeded', 'authentication']], ['261', ['logout', 'authentication']], ['262', ['logout', 'authentication']], ['263', ['logout', 'authentication']], ['264', ['logout', 'authentication']], ['265', ['logout', 'authentication']], ['24', ['logout', 'authentication']],
  ['1080', ['login_succeeded', 'authentication']], ['1081', ['info', 'network']], ['1154', ['detected', 'intrusion_detection']], ['1155', ['blocked', 'intrusion_detection']], ['4', ['restarted', 'host']],
  ['82', ['scan_detected', 'intrusion_detection']], ['83', ['scan_detected', 'intrusion_detection']], ['177', ['scan_detected', 'intrusion_detection']], ['178', ['scan_detected', 'intrusion_detection']], ['179', ['scan_detected', 'intrusion_detection']],
  ['123', ['info', 'host']], ['159', ['info', 'host']], ['809', ['blocked', 'malware']], ['794', ['blocked', 'malware']], ['795', ['detected', 'malware']], ['608', ['detected', 'intrusion_detection']], ['609', ['blocked', 'intrusion_detection']], ['789', ['detected', 'intrusion_detection']], ['790', ['blocked', 'intrusion_detection']],
] as [string, readonly [Action, string]][]);

const TUNNEL_UP: readonly [Action, string] = ['tunnel_up', 'session'];
const DROPPED = /drop|denied|blocked|reject|discard|refused/i;

function classify(values: Values, event: EcsEvent): void {
  const message = event.message ?? '';
  const word = said(values, 'fw_action')?.toLowerCase();
  const stopped = word === 'drop' || word === 'deny' || word === 'block' || word === 'reset';
  const number = said(values, 'm') ?? '';
  // 1079 stands for several things said of an SSL VPN client; only one of them opens a tunnel.
  const known = number === '1079' && /is assigned IP/i.test(message.slice(0, 300)) ? TUNNEL_UP : KNOWN.get(number);
  const alert = /^(IPS|Gateway Anti-?Virus|Anti-?Spyware|GAV|Geo IP|Botnet|Application Control|Capture ATP)\b.{0,40}?(Prevention|Detection|Alert|Block)/i.exec(message.slice(0, 200));
  if (alert) {
    const name = message.slice(message.indexOf(':') + 1).replace(/, SID: .{0,100}$/, '').trim();
    event['event.kind'] = 'alert';
    event['event.category'] = /virus|spyware|capture/i.test(alert[1] ?? '') ? 'malware' : 'intrusion_detection';
    setText(event, 'rule.name', name);
    const blocked = stopped || /Prevention|Block/i.test(alert[2] ?? '') || /\bblocked\b/i.test(message.slice(0, 300));
    event['event.type'] = blocked ? 'denied' : 'info';
    setAction(event, blocked ? 'blocked' : 'detected', word ?? alert[2]);
    return;
  }
  if (known) {
    const [action, category] = known;
    event['event.category'] = category;
    if (category === 'malware' || category === 'intrusion_detection') event['event.kind'] = 'alert';
    const final = stopped && action === 'allowed' ? 'blocked' : action;
    event['event.type'] = final === 'blocked' ? 'denied' : final === 'allowed' ? 'allowed' : final === 'logout' || final === 'tunnel_down' ? 'end' : category === 'authentication' ? 'start' : 'info';
    setAction(event, final, word ?? message);
    return;
  }
  if (stopped || (DROPPED.test(message.slice(0, 300)) && event['source.ip'] !== undefined && !/login|log ?on/i.test(message))) {
    event['event.category'] = 'network';
    event['event.type'] = 'denied';
    setAction(event, 'blocked', word ?? message);
    return;
  }
  if (/^(?:IKE|IPsec|VPN|L2TP|PPTP)/i.test(message)) {
    event['event.category'] = 'network';
    event['event.type'] = 'info';
    const failed = /fail|mismatch|invalid|no proposal|not found|timeout/i.test(message);
    setAction(event, failed ? 'tunnel_failed' : /negotiation complete|Accepting IPsec/i.test(message) ? 'tunnel_up' : /delete|closed|terminat/i.test(message) ? 'tunnel_down' : 'info', message);
    return;
  }
  classifyByWords(event, message, '');
  if ((event['event.action'] === 'allowed' || event['event.action'] === 'detected') && event['event.category'] !== 'malware') {
    setAction(event, 'info', message);
    event['event.kind'] = 'event';
  } else event['banya.vendor_action'] = message.slice(0, 200);
}
