/**
 * Yamaha RTX, NVR and FWX routers. Messages have no common grammar; each shape below is one the
 * routers write at info and notice level (Yamaha command reference, chapter on syslog, and the
 * technical notes on filters, IPsec and DHCP). Text not known is kept as an event of the router.
 */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext } from '../event.ts';
import { normaliseIp, normaliseMac } from '../net.ts';
import { timeOf } from '../syslog/timestamp.ts';
import { setAction, setText, wholeNumber, type Family } from './family.ts';

/** The routers write short lines; what is longer is looked at up to here. */
const MAX_TEXT = 2048;

const HEADS = [
  '[INSPECT]', '[DHCPD]', '[IKE]', '[IKE2]', '[IPsec]', '[IPSEC]', '[SWCTL]', '[IDS]', '[LUA]', '[SCHEDULE]', '[SCHEDULER]', '[NAT]', '[DNS]', '[HTTPD]', '[SSHD]', '[L2TP]', '[PPTP]', '[RADIUS]',
  '[OSPF]', '[BGP]', '[VRRP]', '[URL]', '[MAIL]', '[NTP]', '[DOWNLOAD]', '[PACKET-SCHEDULER]', '[YNO]', '[LAN_MAP]', 'IP Tunnel[', 'IPIP Tunnel[', 'TUNNEL[', 'PP[', 'Login ', 'Logout ',
  "'administrator'", 'Configuration ', 'Restart ', 'RTX', 'NVR', 'FWX', 'vRX', 'Revision-up', 'Power-on', 'Previous EXEC', 'same message repeated', 'Running ',
] as const;
const INTERFACE = /^(?:LAN\d+(?:[.\/]\d+)?|PP\[\w+\]|TUNNEL\[\d+\]|BRIDGE\d+|WAN\d*|ONU\d*|VLAN\d+)(?=[\s:(\[])/;

const FILTER = /^(\S+) (Rejected|Passed) at (IN|OUT)\(([\w-]+)\)(?: (?:IPv6 |IP )?filter)?: ?(.*)$/i;
const INSPECT = /^\[INSPECT\] (\S+?)\[(in|out)\](?:\[(\w+)\])? (.*)$/i;
const FLOW = /^(\w[\w-]*) (\S{2,64}) > (\S{2,64})(.*)$/;
const TUNNEL = /^(?:IP|IPIP|L2TP|L2TPv3|PPTP)? ?Tunnel\[(\d+)\] (Up|Down)/i;
const LOGIN = /^(Login|'administrator') (succeeded|failed) for ([A-Za-z0-9-]+)(?: ?: ?(\S+)(?: (\S+))?)?/;
const LOGOUT = /^Logout (?:from|for) ([A-Za-z0-9-]+)(?: ?: ?(\S+)(?: (\S+))?)?/;
const LEASE = /^\[DHCPD\] (\S+) (Allocates|Extends|Releases|Expires|Frees) (?:lease )?([0-9.]{7,15})(?: ?: ?| to | )?((?:ethernet )?[0-9a-fA-F:.-]{12,17})?(?: \(?([\w.-]{1,63})\)?)?/;
const LINK = /^(?:\[SWCTL\] )?(\S+?):? ?(?:PORT ?(\d+) ?)?(?:port\d+ )?link (up|down)\b/i;
const L2TP = /^\[L2TP\] (TUNNEL\[\d{1,5}\]) (connected|disconnected)\b(?: from ([0-9a-fA-F:.]{3,45}))?/i;
const COMMENCING = /^(PP\[\w{1,20}\]|TUNNEL\[\d{1,5}\]) IP Commencing: (.*)$/;
const CALL = /^(PP\[\w{1,20}\]) Call detected from user '([^']{1,128})'/;
const PP_STATE = /^(PP\[\w+\]) (.{1,300})$/;

export const yamahaRtx: Family = {
  id: 'yamaha-rtx',
  name: { ja: 'ヤマハ ルーター（RTX・NVR）', en: 'Yamaha router (RTX, NVR)' },

  match(sample) {
    if (INSPECT.test(sample) || FILTER.test(sample)) return 1;
    if (/^\[(?:DHCPD|SWCTL|INSPECT)\] /.test(sample) || TUNNEL.test(sample) || LOGIN.test(sample)) return 0.9;
    return isOurs(sample) ? 0.6 : 0;
  },

  parse(line, ctx) {
    // A tag such as "LAN1:" is part of the router's text, not the name of a program.
    const { header } = ctx;
    // `Previous EXEC: …` is not the name of a router and a tag, though it stands where those would.
    const previous = header.host === 'Previous' && header.app === 'EXEC';
    const from = previous ? header.hostStart : /^(?:LAN|PP|TUNNEL|BRIDGE|WAN|ONU|VLAN)\d*$/.test(header.app) && ctx.start > header.tagStart ? header.tagStart : ctx.start;
    const text = line.slice(from, from + MAX_TEXT);
    if (!isOurs(text)) return null;
    if (previous) header.host = header.app = '';
    const event = newEvent();
    event['event.kind'] = 'event';
    event['event.dataset'] = 'yamaha-rtx.system';
    event['observer.vendor'] = 'Yamaha';
    event['observer.product'] = 'RTX';
    event['observer.type'] = 'router';
    event.message = text;
    if (!readerOf(text)(text, event, ctx)) readKeywords(text, event);
    return parsed('yamaha-rtx', event, newBag());
  },
};

function isOurs(text: string): boolean {
  for (const head of HEADS) {
    if (!text.startsWith(head)) continue;
    if (head === 'RTX' || head === 'NVR' || head === 'FWX' || head === 'vRX') return /^\w{2,10} (?:BootROM|Rev\.)/.test(text);
    if (head === 'Login ' || head === 'Logout ') return LOGIN.test(text) || LOGOUT.test(text);
    if (head === 'Configuration ' || head === 'Running ') return /^(?:Configuration (?:saved|changed|is)|Running )/i.test(text);
    if (head === 'Restart ') return /^Restart (?:by|from|\w+ by)/i.test(text);
    return true;
  }
  return INTERFACE.test(text);
}

function readerOf(text: string): (text: string, event: EcsEvent, ctx: ParseContext) => boolean {
  switch (text.charCodeAt(0)) {
    case 91:
      return text.startsWith('[INSPECT]') ? readInspect : text.startsWith('[DHCPD]') ? readLease : text.startsWith('[IDS]') ? readIds : text.startsWith('[SWCTL]') ? readLink : text.startsWith('[IKE') || text.startsWith('[IPs') || text.startsWith('[IPS') ? readIke : text.startsWith('[L2TP]') ? readL2tp : nothing;
    case 39:
    case 76:
      return text.startsWith('LAN') ? readInterface : readLogin;
    default:
      return readInterface;
  }
}

function nothing(): boolean {
  return false;
}

function readInterface(text: string, event: EcsEvent, ctx: ParseContext): boolean {
  return readFilter(text, event, ctx) || readTunnel(text, event) || readLink(text, event) || readCommencing(text, event, ctx) || readCall(text, event) || readPp(text, event);
}

function readFilter(text: string, event: EcsEvent, ctx: ParseContext): boolean {
  const m = FILTER.exec(text);
  if (!m) return false;
  const [, port = '', verdict = '', way = '', filter = '', flow = ''] = m;
  const refused = verdict.toLowerCase() === 'rejected';
  event['event.dataset'] = 'yamaha-rtx.filter';
  event['event.category'] = 'network';
  event['event.type'] = refused ? 'denied' : 'allowed';
  event['rule.id'] = filter;
  setInterface(event, way, port);
  setAction(event, refused ? 'blocked' : 'allowed', verdict);
  readFlow(flow, event, ctx);
  return true;
}

function readInspect(text: string, event: EcsEvent, ctx: ParseContext): boolean {
  const m = INSPECT.exec(text);
  if (!m) return false;
  const [, port = '', way = '', filter, flow = ''] = m;
  event['event.dataset'] = 'yamaha-rtx.inspect';
  event['event.category'] = 'network';
  event['event.type'] = 'allowed';
  setText(event, 'rule.id', filter);
  setInterface(event, way, port);
  setAction(event, 'allowed', 'INSPECT');
  readFlow(flow, event, ctx);
  return true;
}

function setInterface(event: EcsEvent, way: string, port: string): void {
  event[way.toLowerCase() === 'in' ? 'observer.ingress.interface.name' : 'observer.egress.interface.name'] = port;
}

/** `TCP a:p > b:p (time)`, `ICMP a > b : echo request`, also with IPv6 endpoints. */
function readFlow(text: string, event: EcsEvent, ctx: ParseContext): void {
  const m = FLOW.exec(text);
  if (!m) return;
  const [, protocol = '', from = '', to = '', rest = ''] = m;
  const name = protocol.toLowerCase();
  event['network.transport'] = name === 'icmpv6' ? 'ipv6-icmp' : name;
  setEndpoint(event, 'source', from, ctx);
  setEndpoint(event, 'destination', to, ctx);
  const open = rest.indexOf('(');
  if (open >= 0) {
    const time = timeOf(rest.slice(open + 1), ctx.receivedAt, ctx.zone);
    if (!Number.isNaN(time)) event['@timestamp'] = time;
  }
  const colon = rest.indexOf(': ');
  // A router stands at the edge: where both addresses are public, the way through the interface tells.
  const source = event['source.ip'];
  const destination = event['destination.ip'];
  if (source !== undefined && destination !== undefined && ctx.own.direction(source, destination) === 'external') {
    event['network.direction'] = event['observer.ingress.interface.name'] === undefined ? 'outbound' : 'inbound';
  }
  if (colon >= 0 && open < 0) event['event.reason'] = rest.slice(colon + 2).trim().slice(0, 200);
}

function setEndpoint(event: EcsEvent, side: 'source' | 'destination', text: string, ctx: ParseContext): void {
  let address = text.endsWith(',') ? text.slice(0, -1) : text;
  let port: string | undefined;
  const bracket = address.indexOf(']');
  if (address.charCodeAt(0) === 91 && bracket > 0) {
    port = address.charCodeAt(bracket + 1) === 58 ? address.slice(bracket + 2) : undefined;
    address = address.slice(1, bracket);
  } else {
    const colon = address.lastIndexOf(':');
    // An IPv6 endpoint is written address.port; with IPv4 the only colon divides address and port.
    if (colon > 0 && address.indexOf(':') === colon) {
      port = address.slice(colon + 1);
      address = address.slice(0, colon);
    } else if (colon > 0) {
      const dot = address.lastIndexOf('.');
      if (dot > colon && normaliseIp(address) === undefined) {
        port = address.slice(dot + 1);
        address = address.slice(0, dot);
      }
    }
  }
  const ip = normaliseIp(address);
  if (ip === undefined) {
    ctx.note('bad_value');
    return;
  }
  event[`${side}.ip`] = ip;
  const n = wholeNumber(port, 65_535) ?? WELL_KNOWN.get((port ?? '').toLowerCase());
  if (n !== undefined) event[`${side}.port`] = n;
}

/** Routers of older firmware write some ports by name. */
const WELL_KNOWN = new Map([
  ['ftp', 21], ['ssh', 22], ['telnet', 23], ['smtp', 25], ['domain', 53], ['dns', 53], ['www', 80], ['http', 80], ['pop3', 110], ['ntp', 123],
  ['netbios_ns', 137], ['netbios_dgm', 138], ['netbios_ssn', 139], ['snmp', 161], ['https', 443], ['submission', 587],
]);

function readTunnel(text: string, event: EcsEvent): boolean {
  const m = TUNNEL.exec(text);
  if (!m) return false;
  const up = (m[2] ?? '').toLowerCase() === 'up';
  event['event.category'] = 'network';
  event['event.type'] = up ? 'start' : 'end';
  event['event.dataset'] = 'yamaha-rtx.vpn';
  event['network.name'] = `TUNNEL[${m[1] ?? ''}]`;
  setAction(event, up ? 'tunnel_up' : 'tunnel_down', m[2]);
  return true;
}

function readLink(text: string, event: EcsEvent): boolean {
  const m = LINK.exec(text);
  if (!m) return false;
  const [, port = '', number, state = ''] = m;
  event['event.category'] = 'network';
  event['event.type'] = 'info';
  event['observer.ingress.interface.name'] = number === undefined ? port : `${port} PORT${number}`;
  setAction(event, state.toLowerCase() === 'up' ? 'link_up' : 'link_down', `link ${state}`);
  return true;
}

/** A tunnel of a computer that dials in; who it is says the PP that follows. */
function readL2tp(text: string, event: EcsEvent): boolean {
  const m = L2TP.exec(text);
  if (!m) return false;
  const up = (m[2] ?? '').toLowerCase() === 'connected';
  const ip = normaliseIp(m[3] ?? '');
  event['event.category'] = 'network';
  event['event.type'] = up ? 'start' : 'end';
  event['event.dataset'] = 'yamaha-rtx.vpn';
  event['network.name'] = m[1] ?? '';
  if (ip !== undefined) event['source.ip'] = ip;
  setAction(event, up ? 'tunnel_up' : 'tunnel_down', m[2]);
  return true;
}

/** The packet for which a line is opened: `UDP a:p > b:p (DNS Query [name] from c)`. */
function readCommencing(text: string, event: EcsEvent, ctx: ParseContext): boolean {
  const m = COMMENCING.exec(text);
  if (!m) return false;
  const [, port = '', flow = ''] = m;
  event['event.category'] = 'network';
  event['event.type'] = 'allowed';
  event['observer.egress.interface.name'] = port;
  setAction(event, 'allowed', 'IP Commencing');
  readFlow(flow, event, ctx);
  setText(event, 'dns.question.name', /\(DNS Query \[([^\]\s]{1,255})\]/.exec(flow)?.[1]);
  return true;
}

function readCall(text: string, event: EcsEvent): boolean {
  const m = CALL.exec(text);
  if (!m) return false;
  event['event.category'] = 'network';
  event['event.type'] = 'start';
  event['observer.ingress.interface.name'] = m[1] ?? '';
  event['user.name'] = m[2] ?? '';
  setAction(event, 'connected', 'Call detected');
  return true;
}

function readPp(text: string, event: EcsEvent): boolean {
  const m = PP_STATE.exec(text);
  if (!m) return false;
  const said = (m[2] ?? '').toLowerCase();
  const down = said.includes('disconnect') || said.includes(' down') || said.includes('terminat') || said.includes('hung up');
  const up = !down && (said.includes('connect') || said.includes(' up') || said.includes('opened'));
  if (!down && !up) return false;
  event['event.category'] = 'network';
  event['event.type'] = down ? 'end' : 'start';
  event['observer.egress.interface.name'] = m[1] ?? '';
  setAction(event, said.includes('fail') ? 'disconnected' : down ? 'disconnected' : 'connected', m[2]?.slice(0, 100));
  return true;
}

function readLogin(text: string, event: EcsEvent): boolean {
  const out = LOGOUT.exec(text);
  const m = out ?? LOGIN.exec(text);
  if (!m) return false;
  const [service = '', from, user] = out ? [out[1], out[2], out[3]] : [m[3], m[4], m[5]];
  const failed = m[2] === 'failed' && !out;
  event['event.category'] = 'authentication';
  event['event.type'] = out ? 'end' : failed ? 'info' : 'start';
  event['event.dataset'] = 'yamaha-rtx.auth';
  event['network.protocol'] = service.toLowerCase();
  const ip = from === undefined ? undefined : normaliseIp(from);
  if (ip !== undefined) event['source.ip'] = ip;
  if (m[1] === "'administrator'") event['user.name'] = 'administrator';
  else setText(event, 'user.name', ip === undefined ? (user ?? from) : user);
  setAction(event, out ? 'logout' : failed ? 'login_failed' : 'login_succeeded', out ? 'Logout' : m[2]);
  return true;
}

function readLease(text: string, event: EcsEvent): boolean {
  event['event.dataset'] = 'yamaha-rtx.dhcp';
  const m = LEASE.exec(text);
  if (!m) {
    if (!/no (?:free|more) (?:ip )?address/i.test(text)) return false;
    event['event.category'] = 'network';
    event['event.type'] = 'error';
    setAction(event, 'lease_exhausted');
    return true;
  }
  const [, port = '', verb = '', address = '', hardware = '', name] = m;
  const gone = verb !== 'Allocates' && verb !== 'Extends';
  event['event.category'] = 'network';
  event['event.type'] = gone ? 'end' : 'start';
  event['observer.ingress.interface.name'] = port;
  const ip = normaliseIp(address);
  const mac = normaliseMac(hardware.replace('ethernet ', ''));
  if (ip !== undefined) event['host.ip'] = ip;
  if (mac !== undefined) event['host.mac'] = mac;
  setText(event, 'host.name', name);
  setAction(event, gone ? 'lease_released' : 'lease_assigned', verb);
  return true;
}

function readIds(text: string, event: EcsEvent, ctx: ParseContext): boolean {
  event['event.dataset'] = 'yamaha-rtx.ids';
  event['event.kind'] = 'alert';
  event['event.category'] = 'intrusion_detection';
  event['event.type'] = 'info';
  const flow = /(\S{7,64}) -?> (\S{7,64})/.exec(text);
  if (flow) {
    setEndpoint(event, 'source', flow[1] ?? '', ctx);
    setEndpoint(event, 'destination', flow[2] ?? '', ctx);
    event['rule.name'] = text.slice(6, flow.index).trim().slice(0, 200);
  }
  const stopped = /reject|discard|dropped/i.test(text);
  setAction(event, stopped ? 'blocked' : 'scan_detected');
  return true;
}

function readIke(text: string, event: EcsEvent): boolean {
  event['event.dataset'] = 'yamaha-rtx.vpn';
  event['event.category'] = 'network';
  const peer = /\b(to|from|with|for) ([0-9a-fA-F:.]{3,45})/.exec(text);
  const ip = peer ? normaliseIp(peer[2] ?? '') : undefined;
  if (ip !== undefined) event[peer?.[1] === 'from' ? 'source.ip' : 'destination.ip'] = ip;
  const gateway = /gateway\[(\d+)\]/i.exec(text);
  if (gateway) event['network.name'] = `gateway[${gateway[1] ?? ''}]`;
  const low = text.toLowerCase();
  const failed = /fail|invalid|mismatch|no proposal|not match|unknown|error|timeout|time out|no response|refused|discard/.test(low);
  event['event.type'] = failed ? 'error' : 'info';
  setAction(event, failed ? 'tunnel_failed' : 'info');
  return true;
}

/** What else the router tells about itself. */
function readKeywords(text: string, event: EcsEvent): void {
  const low = text.slice(0, 300).toLowerCase();
  let kind: [string, string, Action] = ['host', 'info', 'info'];
  if (low.startsWith('configuration') || low.includes('config saved') || low.includes('save config')) kind = ['configuration', 'change', 'config_changed'];
  else if (low.includes('revision-up') || low.includes('revision up') || low.includes('firmware')) kind = ['host', 'change', low.includes('fail') ? 'update_failed' : 'firmware_updated'];
  else if (low.startsWith('restart') || low.startsWith('power-on') || low.includes(' starts') || low.includes('bootrom')) kind = ['host', 'start', 'restarted'];
  else if (low.startsWith('[nat]') && (low.includes('exceed') || low.includes('full') || low.includes('lack'))) kind = ['host', 'info', 'resource_warning'];
  event['event.category'] = kind[0];
  event['event.type'] = kind[1];
  setAction(event, kind[2]);
}
