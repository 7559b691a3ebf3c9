/** Palo Alto Networks: the comma-separated syslog fields of PAN-OS 8–11 ("Syslog Field Descriptions"). */
import type { Action, EcsEvent, EcsName } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext, type Unmapped } from '../event.ts';
import { normaliseIp, OwnRanges } from '../net.ts';
import { timeOf } from '../syslog/timestamp.ts';
import { gradeOf, leave, setAccount, setAction, setCountry, setText, setUrl, type Family } from './family.ts';
import { classifyByWords } from './security-words.ts';
import { putField } from './standard-keys.ts';

/** Fields beyond these are not read; PAN-OS 11 has about 130. */
const MAX_FIELDS = 256;

interface Layout {
  /** Part of the dataset behind the family. */
  readonly stream: string;
  /** What stands at each position, '' where PAN-OS writes nothing of use. */
  readonly names: readonly string[];
  readonly fields: readonly (EcsName | null | undefined)[];
  readonly at: ReadonlyMap<string, number>;
}

/** Names of PAN-OS that have a field of their own; null where it is read by hand or says nothing. */
const FIELDS: Readonly<Record<string, EcsName | null>> = {
  future: null, receive_time: null, type: null, generated_time: null, serial: 'observer.serial_number', device_name: 'observer.name', seqno: 'event.id',
  src: 'source.ip', dst: 'destination.ip', natsrc: 'source.nat.ip', natdst: 'destination.nat.ip', sport: 'source.port', dport: 'destination.port', natsport: 'source.nat.port', natdport: 'destination.nat.port',
  rule: 'rule.name', rule_uuid: null, srcuser: null, dstuser: null, app: 'network.application', from: 'observer.ingress.zone', to: 'observer.egress.zone', inbound_if: 'observer.ingress.interface.name', outbound_if: 'observer.egress.interface.name',
  proto: 'network.transport', bytes: 'network.bytes', bytes_sent: 'source.bytes', bytes_received: 'destination.bytes', packets: 'network.packets', pkts_sent: 'source.packets', pkts_received: 'destination.packets', start: 'event.start',
  category: 'rule.category', srcloc: null, dstloc: null, session_end_reason: 'event.reason', severity: null, misc: null, threatid: null, filedigest: null, user_agent: 'user_agent.original', referer: 'http.request.referrer', http_method: 'http.request.method',
  sender: 'email.from.address', recipient: 'email.to.address', subject: 'email.subject', filetype: 'file.extension', contenttype: 'file.mime_type', eventid: 'event.code', opaque: 'message', user: null, ip: 'source.ip', admin: null, host: 'source.ip',
  machinename: 'host.name', os: 'host.os.name', public_ip: 'source.ip', private_ip: 'source.nat.ip', srcregion: null, hostid: 'device.id', reason: 'event.reason', error: 'error.message', error_code: 'error.code', tunnelid: null, sni: 'destination.domain', desc: 'message', vsys_name: null,
};

function layout(stream: string, rest: string): Layout {
  const names = `future receive_time serial type subtype config_ver generated_time ${rest}`.split(' ').map((name) => (name === '_' ? '' : name));
  const at = new Map<string, number>();
  names.forEach((name, i) => name !== '' && !at.has(name) && at.set(name, i));
  return { stream, names, at, fields: names.map((name) => (Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined)) };
}

const FLOW = 'src dst natsrc natdst rule srcuser dstuser app vsys from to inbound_if outbound_if logset _ sessionid repeatcnt sport dport natsport natdport flags proto action';
const DEVICE = 'dg1 dg2 dg3 dg4 vsys_name device_name';

const LAYOUTS = new Map<string, Layout>([
  ['TRAFFIC', layout('traffic', `${FLOW} bytes bytes_sent bytes_received packets start elapsed category _ seqno actionflags srcloc dstloc _ pkts_sent pkts_received session_end_reason ${DEVICE} action_source src_uuid dst_uuid tunnelid monitortag parent_session_id parent_start_time tunnel assoc_id chunks chunks_sent chunks_received rule_uuid http2_connection`)],
  ['THREAT', layout('threat', `${FLOW} misc threatid category severity direction seqno actionflags srcloc dstloc _ contenttype pcap_id filedigest cloud url_idx user_agent filetype xff referer sender subject recipient reportid ${DEVICE} _ src_uuid dst_uuid http_method tunnelid monitortag parent_session_id parent_start_time tunnel thr_category contentver`)],
  ['DECRYPTION', layout('decryption', `${FLOW} tunnel _ _ src_uuid dst_uuid rule_uuid hs_stage_c2f hs_stage_f2s tls_version tls_keyxchg tls_enc tls_auth policy_name ec_curve err_index root_status chain_status proxy_type cert_serial fingerprint notbefore notafter cert_ver cert_size cn_len issuer_len rootcn_len sni_len cert_flags cn issuer_cn root_cn sni error`)],
  ['TUNNEL', layout('tunnel', `${FLOW} severity seqno actionflags srcloc dstloc ${DEVICE} tunnelid monitortag parent_session_id parent_start_time tunnel bytes bytes_sent bytes_received packets pkts_sent pkts_received max_encap unknown_proto strict_check tunnel_fragment sessions_created sessions_closed session_end_reason action_source start elapsed`)],
  ['SCTP', layout('sctp', `src dst _ _ rule _ _ _ vsys from to inbound_if outbound_if logset _ sessionid repeatcnt sport dport _ _ _ _ proto action ${DEVICE} seqno _ assoc_id ppid severity sctp_chunk_type _ verif_tag_1 verif_tag_2 sctp_cause_code diam_app_id diam_cmd_code diam_avp_code stream_id assoc_end_reason`)],
  ['GTP', layout('gtp', 'src dst _ _ rule _ _ app vsys from to inbound_if outbound_if logset _ sessionid _ sport dport _ _ _ proto action event_type msisdn apn rat msg_type end_ip_adr teid1 teid2 gtp_interface cause_code severity mcc mnc area_code cell_id event_code _ _ srcloc dstloc')],
  ['SYSTEM', layout('system', `vsys eventid object _ _ module severity opaque seqno actionflags ${DEVICE}`)],
  ['CONFIG', layout('config', `host vsys cmd admin client result path seqno actionflags ${DEVICE}`)],
  ['HIPMATCH', layout('hipmatch', `srcuser vsys machinename os src matchname repeatcnt matchtype _ _ seqno actionflags ${DEVICE} vsys_id srcipv6 hostid serialnumber`)],
  ['GLOBALPROTECT', layout('globalprotect', 'vsys eventid stage auth_method tunnel_type srcuser srcregion machinename public_ip public_ipv6 private_ip private_ipv6 hostid serialnumber client_ver os os_ver repeatcnt reason error opaque status location login_duration connect_method error_code portal seqno actionflags')],
  ['USERID', layout('userid', `vsys ip user datasourcename eventid repeatcnt timeout beginport endport datasource datasourcetype seqno actionflags ${DEVICE} vsys_id factortype factorcompletiontime factorno ugflags userbysource`)],
  ['AUTHENTICATION', layout('authentication', `vsys ip user normalize_user object authpolicy repeatcnt authid vendor logset serverprofile desc clienttype event factorno seqno actionflags ${DEVICE} vsys_id authproto`)],
  ['IPTAG', layout('iptag', `vsys ip tag_name eventid repeatcnt timeout datasourcename datasource_type datasource_subtype seqno actionflags ${DEVICE}`)],
  ['CORRELATION', layout('correlation', `src srcuser vsys category severity ${DEVICE} vsys_id object_name object_id evidence`)],
]);
for (const [other, known] of [['HIP-MATCH', 'HIPMATCH'], ['START', 'TUNNEL'], ['END', 'TUNNEL'], ['USER-ID', 'USERID'], ['IP-TAG', 'IPTAG'], ['AUTH', 'AUTHENTICATION']] as const) LAYOUTS.set(other, LAYOUTS.get(known) as Layout);
/** Without the common head: serial, time, audit, number, kind, user, command, result. */
const AUDIT: Layout = (() => {
  const names = ['serial', 'receive_time', 'type', 'config_ver', 'subtype', 'admin', 'command', 'result'];
  return { stream: 'audit', names, at: new Map(names.map((name, i) => [name, i])), fields: names.map((name) => (Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined)) };
})();

export const paloAlto: Family = {
  id: 'palo-alto',
  name: { ja: 'Palo Alto（パロアルト）', en: 'Palo Alto Networks' },

  match(sample) {
    const at = sample.indexOf(',');
    if (at < 0) return 0;
    return layoutOf(sample, 0) !== null || layoutOf(sample, sample.lastIndexOf(' ', at) + 1) !== null ? 1 : 0;
  },

  parse(line, ctx) {
    const form = layoutOf(line, ctx.start);
    return form === null ? null : build(line, form, ctx);
  },
};

/** The layout of a line whose fourth field names a type and whose second is a time, else null. Cheap on other lines. */
function layoutOf(line: string, start: number): Layout | null {
  const first = line.indexOf(',', start);
  if (first < 0 || first - start > 20 || line.charCodeAt(first + 5) !== 47) return null;
  const second = line.indexOf(',', first + 1);
  if (second < 0 || second - first > 24) return null;
  const third = line.indexOf(',', second + 1);
  if (third < 0 || third - second > 64) return null;
  if (third - second === 6 && line.slice(second + 1, third).toUpperCase() === 'AUDIT') return AUDIT;
  const fourth = line.indexOf(',', third + 1);
  if (fourth < 0 || fourth - third > 20) return null;
  return LAYOUTS.get(line.slice(third + 1, fourth).toUpperCase()) ?? null;
}

/** Comma-separated values; a quoted one may hold commas, and `""` is a quote. */
function split(line: string, from: number, ctx: ParseContext): string[] {
  const out: string[] = [];
  let pos = from;
  while (out.length < MAX_FIELDS) {
    if (line.charCodeAt(pos) === 34) {
      let end = pos + 1;
      let doubled = false;
      for (;; end++) {
        end = line.indexOf('"', end);
        if (end < 0) break;
        if (line.charCodeAt(end + 1) !== 34) break;
        doubled = true;
        end++;
      }
      if (end < 0) {
        ctx.note('broken_quote');
        end = line.length;
      }
      const text = line.slice(pos + 1, end);
      out.push(doubled ? text.replaceAll('""', '"') : text);
      pos = line.indexOf(',', end);
    } else {
      const end = line.indexOf(',', pos);
      out.push(end < 0 ? line.slice(pos) : line.slice(pos, end));
      pos = end;
    }
    if (pos < 0) return out;
    pos++;
  }
  ctx.note('too_many_keys');
  return out;
}

function build(line: string, form: Layout, ctx: ParseContext) {
  const cells = split(line, ctx.start, ctx);
  const event = newEvent();
  const unmapped = newBag();
  const said = (name: string): string => cells[form.at.get(name) ?? -1] ?? '';
  event['@timestamp'] = deviceTime(cells, said, ctx);
  event['event.kind'] = 'event';
  event['event.dataset'] = `palo-alto.${form.stream}`;
  event['observer.vendor'] = 'Palo Alto Networks';
  event['observer.product'] = 'PAN-OS';
  event['observer.type'] = 'firewall';
  put(cells, form, event, unmapped, ctx);
  // An address that was not translated is written as 0.0.0.0 or :: and its port as 0.
  for (const side of ['source', 'destination'] as const) {
    const translated = event[`${side}.nat.ip`];
    if (translated === '0.0.0.0' || translated === '::') delete event[`${side}.nat.ip`];
    if (event[`${side}.nat.port`] === 0) delete event[`${side}.nat.port`];
  }
  const user = said('srcuser') || said('user') || said('admin');
  if (user !== '') setAccount(event, user);
  setAccount(event, said('dstuser'), 'destination.user.name');
  setCountry(event, 'source', said('srcloc') || said('srcregion'));
  setCountry(event, 'destination', said('dstloc'));
  const grade = said('severity');
  if (grade !== '') {
    event['log.level'] = grade.toLowerCase();
    const severity = gradeOf(grade);
    if (severity !== undefined) event['event.severity'] = severity;
  }
  const seconds = Number(said('elapsed') || NaN);
  if (seconds >= 0 && seconds < 9_000_000) event['event.duration'] = seconds * 1e9;
  if (event['source.ip'] !== undefined && event['destination.ip'] !== undefined) setDirection(event, ctx);
  classify(form.stream, said, event);
  return parsed('palo-alto', event, unmapped);
}

function put(cells: readonly string[], form: Layout, event: EcsEvent, unmapped: Unmapped, ctx: ParseContext): void {
  let count = 0;
  for (let i = 0; i < cells.length; i++) {
    const value = (cells[i] as string).trim();
    if (value === '' || value === 'N/A' || value === '0x0') continue;
    const name = form.names[i];
    if (name === undefined) {
      count = leave(unmapped, count, `field${i}`, value, ctx);
      continue;
    }
    if (name === '') continue;
    const field = form.fields[i];
    if (field === null) {
      if (name === 'vsys_name' || name === 'misc' || name === 'rule_uuid' || name === 'tunnelid') count = leave(unmapped, count, name, value, ctx);
    } else if (field === undefined || event[field] !== undefined || !putField(event, field, value, ctx)) count = leave(unmapped, count, name, value, ctx);
  }
}

/** The time with zone that newer firmware adds, where it is near the generated time; else that, in the source's zone. */
function deviceTime(cells: readonly string[], said: (name: string) => string, ctx: ParseContext): number {
  const local = timeOf(said('generated_time') || said('receive_time'), ctx.receivedAt, ctx.zone);
  for (let i = cells.length - 1; i > 20; i--) {
    const cell = cells[i] as string;
    if (cell.length < 20 || cell.length > 35 || cell.charCodeAt(10) !== 84) continue;
    const exact = timeOf(cell, ctx.receivedAt, ctx.zone);
    if (!Number.isNaN(exact) && (Number.isNaN(local) || Math.abs(exact - local) <= 86_400_000)) return exact;
  }
  return local;
}

const OUTSIDE = /^(?:untrust|wan|internet|outside|external|isp)/i;

/** Where both ends are public, the names of the zones decide. */
function setDirection(event: EcsEvent, ctx: ParseContext): void {
  let direction = (ctx.own as OwnRanges).direction(event['source.ip'] as string, event['destination.ip'] as string);
  if (direction === 'external') {
    const from = OUTSIDE.test(event['observer.ingress.zone'] ?? '');
    const to = OUTSIDE.test(event['observer.egress.zone'] ?? '');
    if (from !== to) direction = from ? 'inbound' : 'outbound';
  }
  event['network.direction'] = direction;
}

function refused(action: string): boolean {
  return /^(?:deny|drop|reset|block|random-drop|sinkhole|syncookie|discard|reject)/.test(action);
}

function classify(stream: string, said: (name: string) => string, event: EcsEvent): void {
  const action = said('action').toLowerCase();
  const subtype = said('subtype').toLowerCase();
  switch (stream) {
    case 'traffic':
    case 'tunnel':
    case 'sctp':
    case 'gtp':
    case 'decryption': {
      const stopped = refused(action) || subtype === 'drop' || subtype === 'deny';
      event['event.category'] = 'network';
      event['event.type'] = stopped ? 'denied' : 'allowed';
      setAction(event, stopped ? 'blocked' : 'allowed', action || subtype);
      return;
    }
    case 'threat':
      return classifyThreat(action, subtype, said, event);
    case 'config':
    case 'audit': {
      const result = said('result').toLowerCase();
      event['event.category'] = 'configuration';
      event['event.type'] = 'change';
      setAction(event, stream === 'audit' && /show|debug/.test(said('command').slice(0, 40)) ? 'info' : 'config_changed', said('cmd') || subtype);
      if (/fail|unauthorized/.test(result)) event['event.outcome'] = 'failure';
      setText(event, 'message', `${said('cmd')} ${said('path') || said('command')}`.trim());
      return;
    }
    case 'userid': {
      event['event.category'] = 'authentication';
      event['event.type'] = subtype === 'logout' ? 'end' : 'start';
      setAction(event, subtype === 'logout' ? 'logout' : subtype === 'login' ? 'login_succeeded' : 'info', subtype);
      return;
    }
    case 'authentication': {
      const words = `${said('event')} ${said('desc')} ${subtype}`;
      event['event.category'] = 'authentication';
      event['event.type'] = 'start';
      setAction(event, /fail|den(?:y|ied)|reject|invalid|timeout/i.test(words) ? 'login_failed' : 'login_succeeded', said('event') || subtype);
      return;
    }
    case 'globalprotect':
      return classifyRemote(said, event);
    case 'hipmatch':
    case 'iptag':
      event['event.category'] = 'host';
      event['event.type'] = 'info';
      setAction(event, 'info', said('matchname') || said('tag_name'));
      return;
    case 'correlation':
      event['event.kind'] = 'alert';
      event['event.category'] = 'intrusion_detection';
      event['event.type'] = 'info';
      setText(event, 'rule.name', said('object_name'));
      setText(event, 'rule.id', said('object_id'));
      setText(event, 'message', said('evidence'));
      setAction(event, 'detected', said('category'));
      return;
    default:
      return classifySystem(said, event);
  }
}

function classifyThreat(action: string, subtype: string, said: (name: string) => string, event: EcsEvent): void {
  const stopped = refused(action);
  const malware = subtype === 'virus' || subtype.startsWith('wildfire') || subtype === 'ml-virus';
  const web = subtype === 'url';
  const file = subtype === 'file' || subtype === 'data';
  event['event.category'] = malware ? 'malware' : web ? 'web' : file ? 'file' : 'intrusion_detection';
  event['event.kind'] = web || subtype === 'file' ? 'event' : 'alert';
  event['event.type'] = stopped ? 'denied' : 'allowed';
  const scan = subtype === 'scan' || subtype === 'flood';
  setAction(event, stopped ? 'blocked' : web || subtype === 'file' ? 'allowed' : scan ? 'scan_detected' : 'detected', action);
  const misc = said('misc');
  if (web) setUrl(event, misc);
  else if (misc !== '') {
    if (misc.includes('/') && !file && !malware) setUrl(event, misc);
    else event['file.name'] = misc.slice(misc.lastIndexOf('/') + 1);
  }
  const digest = said('filedigest');
  if (/^[0-9a-fA-F]{64}$/.test(digest)) event['file.hash.sha256'] = digest.toLowerCase();
  const threat = said('threatid');
  const open = threat.lastIndexOf('(');
  if (open >= 0 && threat.endsWith(')')) {
    event['rule.id'] = threat.slice(open + 1, -1);
    if (!web) nameThreat(threat.slice(0, open).trim(), event);
    event['event.code'] = threat.slice(open + 1, -1);
  } else if (!web) nameThreat(threat, event);
}

/** What was found is the rule that matched; the policy that let it be looked for is kept beside it. */
function nameThreat(name: string, event: EcsEvent): void {
  if (name === '') return;
  setText(event, 'rule.ruleset', event['rule.name']);
  event['rule.name'] = name;
}

/** GlobalProtect: what people do at the VPN portal and gateway. */
function classifyRemote(said: (name: string) => string, event: EcsEvent): void {
  const what = said('eventid');
  const failed = said('status').toLowerCase() === 'failure';
  const auth = what.endsWith('-auth') || what.endsWith('-login') || what.endsWith('-prelogin');
  const action: Action = failed ? (auth ? 'login_failed' : 'tunnel_failed') : what.endsWith('-connected') || what === 'gateway-register' ? 'tunnel_up' : what.endsWith('-logout') ? 'tunnel_down' : what.endsWith('-auth') || what.endsWith('-login') ? 'login_succeeded' : 'info';
  event['event.category'] = auth ? 'authentication' : 'session';
  event['event.type'] = action === 'tunnel_down' ? 'end' : action === 'info' ? 'info' : 'start';
  event['network.protocol'] = 'vpn';
  setAction(event, action, what);
}

const FROM = /(?:[Ff]rom:? |source: |client )'?([0-9a-fA-F.:]{2,45})/;
const BY = /(?:[Uu]ser|admin) '?([^\s',]{1,128})/;

function classifySystem(said: (name: string) => string, event: EcsEvent): void {
  const what = said('eventid');
  const text = said('opaque').slice(0, 1024);
  const ip = normaliseIp((FROM.exec(text)?.[1] ?? '').replace(/\.$/, ''));
  if (ip !== undefined) event['source.ip'] = ip;
  const known = SYSTEM.find(([words]) => words.test(what)) ?? SYSTEM.find(([words, , , both]) => both && words.test(text));
  if (known) {
    event['event.category'] = known[2];
    event['event.type'] = 'info';
    setAction(event, known[1], what);
    if (known[2] === 'authentication') setAccount(event, BY.exec(text)?.[1]);
    return;
  }
  classifyByWords(event, text.slice(0, 300), '');
  if (event['event.action'] === 'allowed' || event['event.action'] === 'blocked') setAction(event, 'info', what);
  event['event.kind'] = 'event';
  event['banya.vendor_action'] = what;
}

/** Names of system events; those marked are looked for in the text as well. */
const SYSTEM: readonly (readonly [RegExp, Action, string, boolean])[] = [
  [/auth-fail|login-fail|failed authentication|authentication failed/, 'login_failed', 'authentication', true],
  [/auth-success|login-success|authenticated for user|logged in via/, 'login_succeeded', 'authentication', true],
  [/logged out|^globalprotect.*logout/, 'logout', 'authentication', true],
  [/ike-nego-p[12]-fail|ike-send-p[12]-fail|tunnel-status-fail/, 'tunnel_failed', 'network', false],
  [/tunnel-status-up|ike-nego-p2-succ|ipsec-key-install/, 'tunnel_up', 'network', false],
  [/tunnel-status-down|ipsec-key-delete|ike-p1-down/, 'tunnel_down', 'network', false],
  [/[Ll]ink is [Uu]p|Port \S{1,32}: Up/, 'link_up', 'network', true],
  [/[Ll]ink is [Dd]own|Port \S{1,32}: Down/, 'link_down', 'network', true],
  [/^(?:system-start|restart|reboot)|system is starting up|restart requested/, 'restarted', 'host', true],
  [/config installed|commit (?:succeeded|completed)/i, 'config_changed', 'configuration', true],
  [/upgrade-.*fail|[Ff]ailed to (?:download|install)/, 'update_failed', 'host', true],
  [/(?:installed|downloaded) .{1,80}(?:version|package)|upgrade-.*success/, 'update_succeeded', 'host', true],
  [/license.{0,30}expire/i, 'license_expired', 'host', true],
];
