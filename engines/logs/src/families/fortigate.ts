/** FortiGate: key=value lines, the comma-separated variant and JSON (FortiOS Log Message Reference 6.0–7.6). */
import type { EcsEvent } from '../ecs.ts';
import { MAX_UNMAPPED, newBag, newEvent, parsed, type ParseContext, type ParsedEvent, type Unmapped } from '../event.ts';
import { countryCode } from '../countries.ts';
import { KvScanner } from '../kv.ts';
import { normaliseIp, normaliseMac, transportName } from '../net.ts';
import { localMs } from '../syslog/time.ts';
import { setIp, setMac, setText, severityOf, type Family } from './family.ts';
import { classify } from './fortigate-actions.ts';
import { DIRECT_FIELDS, DIRECT_KINDS, FORTIGATE_KEYS, K, KEPT } from './fortigate-keys.ts';

const scanner = new KvScanner(FORTIGATE_KEYS);

export const fortigate: Family = {
  id: 'fortigate',
  name: { ja: 'FortiGate（フォーティゲート）', en: 'FortiGate' },

  match(sample) {
    const head = sample.slice(0, 400);
    if (!head.includes('logid') || !head.includes('type')) return 0;
    return head.includes('devid') || head.includes('devname') ? 1 : 0.6;
  },

  parse(line, ctx) {
    let start = ctx.start;
    const c = line.charCodeAt(start);
    if (c === 123) {
      if (!line.includes('"logid"', start) || !loadJson(line.slice(start))) return null;
    } else {
      if (!line.startsWith('date=', start) && !line.startsWith('logver=', start)) {
        // Sophos writes keys of the same names, and always begins with its device.
        if (line.startsWith('device=', start) || line.startsWith('device_name=', start)) return null;
        // Relays put words of their own before the line.
        const at = line.slice(start, start + 160).search(/(?:^|\s)(?:date|logver|logid|devname|devid|eventtime|time|type)=/);
        if (at < 0) return null;
        start += at;
      }
      const comma = line.startsWith('date=', start) && line.charCodeAt(start + 15) === 44;
      scanner.scan(line, start, comma);
    }
    if ((scanner.from[K.type] as number) < 0 || ((scanner.from[LOGID] as number) < 0 && (scanner.from[LOG_ID] as number) < 0)) return null;
    return build(ctx);
  },
};

const LOGID = FORTIGATE_KEYS.names.indexOf('logid');
const LOG_ID = FORTIGATE_KEYS.names.indexOf('log_id');

/** A line whose keys were brought back to those of FortiGate by somebody else; null without a type and number. */
export function fortigateRecord(record: object, ctx: ParseContext): ParsedEvent | null {
  if (scanner.load(record) === 0 || (scanner.from[K.type] as number) < 0 || (scanner.from[LOGID] as number) < 0) return null;
  return build(ctx);
}

function loadJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && scanner.load(value) > 0;
  } catch {
    return false;
  }
}

function build(ctx: ParseContext): ParsedEvent {
  const event = newEvent();
  const unmapped = newBag();
  event['@timestamp'] = deviceTime(event, ctx);
  const type = scanner.text(K.type) ?? '';
  const subtype = scanner.text(K.subtype) ?? '';
  event['event.dataset'] = datasetOf(type);
  event['observer.vendor'] = 'Fortinet';
  event['observer.product'] = 'FortiGate';
  event['observer.type'] = 'firewall';
  setDirect(event, ctx);
  const level = event['log.level'];
  const severity = level === undefined ? undefined : severityOf(level);
  if (severity !== undefined) event['event.severity'] = severity;
  setTraffic(event, ctx);
  setWeb(event);
  setRest(event, ctx, type);
  classify(event, type, subtype, scanner);
  setDirection(event, ctx, subtype);
  leftovers(unmapped, ctx);
  if (scanner.brokenQuote) ctx.note('broken_quote');
  return parsed('fortigate', event, unmapped);
}

function datasetOf(type: string): string {
  if (type === 'traffic') return 'fortigate.traffic';
  if (type === 'utm') return 'fortigate.utm';
  return type === 'event' ? 'fortigate.event' : 'fortigate.other';
}

function setDirect(event: EcsEvent, ctx: ParseContext): void {
  const from = scanner.from;
  const out = event as Record<string, string | number>;
  for (let i = 0; i < DIRECT_FIELDS.length; i++) {
    if ((from[i] as number) < 0) continue;
    const field = DIRECT_FIELDS[i] as string;
    if (out[field] !== undefined) continue;
    const kind = DIRECT_KINDS[i];
    if (kind === 'number' || kind === 'port') {
      const value = scanner.number(i);
      if (value >= 0 && (kind === 'number' || value <= 65_535)) out[field] = value;
      continue;
    }
    let text = scanner.text(i);
    if (text === undefined) continue;
    if (kind === 'ip') text = normaliseIp(text);
    else if (kind === 'mac') text = normaliseMac(text);
    else if (kind === 'lower') text = text.toLowerCase();
    if (text !== undefined) out[field] = text;
    else ctx.note('bad_value');
  }
}

function setTraffic(event: EcsEvent, ctx: ParseContext): void {
  const protocol = scanner.number(K.proto);
  if (protocol >= 0 && protocol <= 255) {
    event['network.iana_number'] = String(protocol);
    const name = transportName(protocol);
    if (name !== undefined) event['network.transport'] = name;
  }
  const service = scanner.text(K.service);
  if (service !== undefined) event['network.protocol'] = service.toLowerCase();
  const sent = event['source.bytes'];
  const received = event['destination.bytes'];
  if (sent !== undefined && received !== undefined) event['network.bytes'] = sent + received;
  const seconds = scanner.number(K.duration);
  if (seconds >= 0 && seconds < 9_000_000) event['event.duration'] = seconds * 1e9;
  const policy = scanner.text(K.attackid) ?? scanner.text(K.virusid) ?? scanner.text(K.policyid);
  if (policy !== undefined) event['rule.id'] = policy;
  setCountry(event, 'source.geo.country_name', 'source.geo.country_iso_code', scanner.text(K.srccountry));
  setCountry(event, 'destination.geo.country_name', 'destination.geo.country_iso_code', scanner.text(K.dstcountry));
  if ((scanner.from[K.trandisp] as number) >= 0) {
    const kind = scanner.text(K.trandisp) ?? '';
    if (kind.includes('snat')) {
      setIp(event, 'source.nat.ip', scanner.text(K.transip), ctx);
      const port = scanner.number(K.transport);
      if (port <= 65_535) event['source.nat.port'] = port;
    }
    if (kind.includes('dnat')) {
      setIp(event, 'destination.nat.ip', scanner.text(K.tranip), ctx);
      const port = scanner.number(K.tranport);
      if (port <= 65_535) event['destination.nat.port'] = port;
    }
  }
}

/** By addresses; where both are public, the device's own word or the roles of the interfaces know better. */
function setDirection(event: EcsEvent, ctx: ParseContext, subtype: string): void {
  const source = event['source.ip'];
  const destination = event['destination.ip'];
  if (source === undefined || destination === undefined) return;
  let direction: string = ctx.own.direction(source, destination);
  if (direction === 'external') {
    const from = event['observer.ingress.zone'];
    const to = event['observer.egress.zone'];
    const said = scanner.text(K.dir);
    if (said === 'inbound' || said === 'outbound') direction = said;
    else if (from === 'lan') direction = to === 'lan' ? 'internal' : 'outbound';
    else if (to === 'lan' || to === 'dmz' || subtype === 'vpn' || subtype === 'local') direction = 'inbound';
  }
  event['network.direction'] = direction;
}

function setCountry(event: EcsEvent, nameField: 'source.geo.country_name' | 'destination.geo.country_name', codeField: 'source.geo.country_iso_code' | 'destination.geo.country_iso_code', name: string | undefined): void {
  if (name === undefined || name === 'Reserved') return;
  event[nameField] = name;
  const code = countryCode(name);
  if (code !== undefined) event[codeField] = code;
}

function setWeb(event: EcsEvent): void {
  const url = scanner.text(K.url);
  const host = scanner.text(K.hostname);
  if (url === undefined) {
    if (host !== undefined && (scanner.from[K.dhcp_msg] as number) < 0) event['destination.domain'] = host;
    return;
  }
  let domain = host;
  if (url.charCodeAt(0) === 47) {
    const query = url.indexOf('?');
    event['url.path'] = query < 0 ? url : url.slice(0, query);
    if (query >= 0) event['url.query'] = url.slice(query + 1);
    const secure = event['network.protocol'] === 'https' || event['network.protocol'] === 'ssl' || event['destination.port'] === 443;
    event['url.full'] = host === undefined ? url : `${secure ? 'https' : 'http'}://${host}${url}`;
  } else {
    event['url.full'] = url;
    const scheme = url.indexOf('://');
    if (scheme > 0 && scheme < 12) {
      const rest = url.slice(scheme + 3);
      const stop = rest.search(/[/?#]/);
      domain ??= stop < 0 ? rest : rest.slice(0, stop);
      if (stop >= 0 && rest.charCodeAt(stop) === 47) event['url.path'] = rest.slice(stop).split('?', 1)[0] ?? '/';
    }
  }
  if (domain !== undefined && domain !== '') {
    event['url.domain'] = domain;
    event['destination.domain'] = domain;
  }
}

function setRest(event: EcsEvent, ctx: ParseContext, type: string): void {
  setText(event, 'message', scanner.text(K.msg) ?? scanner.text(K.logdesc));
  const answer = scanner.text(K.ipaddr);
  if (answer !== undefined) {
    const comma = answer.indexOf(',');
    setIp(event, 'dns.resolved_ip', comma < 0 ? answer : answer.slice(0, comma), ctx);
  }
  const score = scanner.number(K.crscore);
  if (score >= 0) event['event.risk_score'] = score;
  setText(event, 'email.attachments.file.name', scanner.text(K.attachment));
  if (event['source.domain'] !== undefined) event['host.name'] = event['source.domain'];
  if (type !== 'event') return;
  if ((scanner.from[K.dhcp_msg] as number) >= 0) {
    setIp(event, 'host.ip', scanner.text(K.ip), ctx);
    setMac(event, 'host.mac', scanner.text(K.mac));
    setText(event, 'host.name', scanner.text(K.hostname));
  } else if (event['source.ip'] === undefined) {
    // Signing in at the device writes where from only in ui="https(192.0.2.1)".
    const ui = scanner.text(K.ui);
    const open = ui === undefined ? -1 : ui.indexOf('(');
    if (ui !== undefined && open > 0 && ui.endsWith(')')) {
      const ip = normaliseIp(ui.slice(open + 1, -1));
      if (ip !== undefined) event['source.ip'] = ip;
      event['network.protocol'] ??= ui.slice(0, open).toLowerCase();
    }
  }
}

/**
 * date, time and tz are the device's clock; `eventtime` (seconds, or nanoseconds since 6.2) is kept as
 * event.start. Firmware before 6.2 sends no tz: then the zone follows from the difference of the two
 * when that is a whole number of quarter hours, and is the source's zone otherwise.
 */
function deviceTime(event: EcsEvent, ctx: ParseContext): number {
  const line = scanner.line;
  const epoch = epochTime(line);
  if (!Number.isNaN(epoch)) event['event.start'] = epoch;
  const d = scanner.from[K.date] as number;
  const t = scanner.from[K.time] as number;
  if (d < 0 || t < 0 || (scanner.to[K.date] as number) - d !== 10 || (scanner.to[K.time] as number) - t < 8) return epoch;
  const local = localMs(n(line, d, 4), n(line, d + 5, 2), n(line, d + 8, 2), n(line, t, 2), n(line, t + 3, 2), n(line, t + 6, 2));
  if (Number.isNaN(local)) return epoch;
  const z = scanner.from[K.tz] as number;
  if (z >= 0) {
    const sign = line.charCodeAt(z);
    const colon = line.charCodeAt(z + 3) === 58 ? 1 : 0;
    const offset = (n(line, z + 1, 2) * 60 + n(line, z + 3 + colon, 2)) * 60_000;
    if ((sign === 43 || sign === 45) && offset >= 0) return sign === 43 ? local - offset : local + offset;
  }
  const difference = local - Math.floor(epoch / 1000) * 1000;
  if (difference % 900_000 === 0 && Math.abs(difference) <= 50_400_000) return local - difference;
  return ctx.zone.toUtc(local);
}

function epochTime(line: string): number {
  const from = scanner.from[K.eventtime] as number;
  if (from < 0) return NaN;
  const length = (scanner.to[K.eventtime] as number) - from;
  if (length === 10) return n(line, from, 10) * 1000;
  return length === 13 || length === 16 || length === 19 ? n(line, from, 13) : NaN;
}

/** `count` digits at `from` as a number, NaN when one of them is none. */
function n(line: string, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const digit = line.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

function leftovers(unmapped: Unmapped, ctx: ParseContext): void {
  const line = scanner.line;
  let kept = 0;
  for (let i = 0; i < KEPT.length; i++) {
    const index = KEPT[i] as number;
    const from = scanner.from[index] as number;
    if (from < 0) continue;
    unmapped[FORTIGATE_KEYS.names[index] as string] = line.slice(from, scanner.to[index]);
    kept++;
  }
  const room = Math.min(scanner.unknown, MAX_UNMAPPED - kept);
  for (let i = 0; i < room; i++) {
    unmapped[line.slice(scanner.unknownKeyFrom[i], scanner.unknownKeyTo[i])] ??= line.slice(scanner.unknownFrom[i], scanner.unknownTo[i]);
  }
  if (scanner.tooMany || room < scanner.unknown) ctx.note('too_many_keys');
}
