/** The key dictionaries of CEF (ArcSight, "Implementing CEF", revision 25) and LEEF (IBM DSM guide), told in ECS. */
import type { EcsEvent, EcsName } from '../ecs.ts';
import { ECS } from '../ecs.ts';
import { leave } from './family.ts';
import type { ParseContext, Unmapped } from '../event.ts';
import { normaliseIp, normaliseMac, transportName } from '../net.ts';
import { timeOf } from '../syslog/timestamp.ts';

/** Keys in lower case. Fields of type date, ip and long are converted; MAC addresses are normalised. */
const TARGETS = new Map<string, EcsName>([
  // CEF
  ['src', 'source.ip'], ['spt', 'source.port'], ['smac', 'source.mac'], ['shost', 'source.domain'], ['suser', 'user.name'], ['sntdom', 'user.domain'], ['suid', 'user.id'],
  ['dst', 'destination.ip'], ['dpt', 'destination.port'], ['dmac', 'destination.mac'], ['dhost', 'destination.domain'], ['duser', 'destination.user.name'],
  ['sourcetranslatedaddress', 'source.nat.ip'], ['sourcetranslatedport', 'source.nat.port'], ['destinationtranslatedaddress', 'destination.nat.ip'], ['destinationtranslatedport', 'destination.nat.port'],
  ['c6a2', 'source.ip'], ['c6a3', 'destination.ip'], ['in', 'source.bytes'], ['out', 'destination.bytes'], ['proto', 'network.transport'], ['app', 'network.protocol'],
  ['dvc', 'observer.ip'], ['dvchost', 'observer.name'], ['deviceexternalid', 'observer.serial_number'], ['deviceinboundinterface', 'observer.ingress.interface.name'], ['deviceoutboundinterface', 'observer.egress.interface.name'],
  ['devicefacility', 'event.provider'], ['externalid', 'event.id'], ['reason', 'event.reason'], ['msg', 'message'], ['start', 'event.start'], ['end', 'event.end'], ['rt', '@timestamp'],
  ['fname', 'file.name'], ['filepath', 'file.path'], ['fsize', 'file.size'], ['filetype', 'file.extension'], ['oldfilename', 'file.name'],
  ['sproc', 'process.name'], ['spid', 'process.pid'], ['dproc', 'process.name'], ['deviceprocessname', 'process.name'], ['request', 'url.full'], ['requestmethod', 'http.request.method'], ['requestclientapplication', 'user_agent.original'], ['requestcontext', 'http.request.referrer'],
  // LEEF
  ['srcport', 'source.port'], ['dstport', 'destination.port'], ['usrname', 'user.name'], ['username', 'user.name'], ['accountname', 'user.name'], ['domain', 'user.domain'], ['identsrc', 'host.ip'], ['identhostname', 'host.name'], ['identmac', 'host.mac'],
  ['srcmac', 'source.mac'], ['dstmac', 'destination.mac'], ['srcprenat', 'source.ip'], ['dstprenat', 'destination.ip'], ['srcpostnat', 'source.nat.ip'], ['dstpostnat', 'destination.nat.ip'], ['srcbytes', 'source.bytes'], ['dstbytes', 'destination.bytes'],
  ['srcpackets', 'source.packets'], ['dstpackets', 'destination.packets'], ['resource', 'host.name'], ['policy', 'rule.name'], ['url', 'url.full'], ['devtime', '@timestamp'], ['groupid', 'user.group.name'],
  // Names that many firewalls and Suricata use in key=value lines and JSON.
  ['srcip', 'source.ip'], ['src_ip', 'source.ip'], ['source_ip', 'source.ip'], ['dstip', 'destination.ip'], ['dst_ip', 'destination.ip'], ['dest_ip', 'destination.ip'], ['destination_ip', 'destination.ip'],
  ['src_port', 'source.port'], ['sport', 'source.port'], ['dst_port', 'destination.port'], ['dest_port', 'destination.port'], ['dport', 'destination.port'], ['protocol', 'network.transport'], ['app_proto', 'network.protocol'],
  ['user', 'user.name'], ['message', 'message'], ['timestamp', '@timestamp'], ['@timestamp', '@timestamp'], ['eventtime', '@timestamp'], ['alert.signature', 'rule.name'], ['alert.signature_id', 'rule.id'], ['alert.category', 'rule.category'],
  // Names that endpoint and mail products add, also as labels of cs1–cs6 and cn1–cn3 (spaces taken out).
  ['virusname', 'rule.name'], ['malwarename', 'rule.name'], ['threatname', 'rule.name'], ['virus/malwarename', 'rule.name'], ['detectionname', 'rule.name'], ['signaturename', 'rule.name'], ['rulename', 'rule.name'], ['policyname', 'rule.name'],
  ['ruleid', 'rule.id'], ['policyid', 'rule.id'], ['sha256', 'file.hash.sha256'], ['filehashsha256', 'file.hash.sha256'], ['filesha256', 'file.hash.sha256'], ['sha1', 'file.hash.sha1'], ['filesha1', 'file.hash.sha1'], ['md5', 'file.hash.md5'], ['filehashmd5', 'file.hash.md5'],
  ['endpoint', 'host.name'], ['endpointname', 'host.name'], ['endpointhostname', 'host.name'], ['computername', 'host.name'], ['hostname', 'host.name'], ['infectedfile', 'file.path'], ['devicename', 'device.model.name'], ['devicemodel', 'device.model.name'], ['deviceserialnumber', 'device.serial_number'],
  ['deviceid', 'device.id'], ['cve', 'vulnerability.id'], ['cveid', 'vulnerability.id'], ['parentprocess', 'process.parent.name'], ['commandline', 'process.command_line'], ['processcommandline', 'process.command_line'], ['sender', 'email.from.address'], ['recipient', 'email.to.address'], ['subject', 'email.subject'], ['messageid', 'email.message_id'],
  ['mitretechniqueid', 'threat.technique.id'], ['techniqueid', 'threat.technique.id'], ['category', 'rule.category'], ['urlcategory', 'rule.category'], ['cat', 'rule.category'], ['patternversion', 'observer.version'],
]);

/** Puts one pair where it belongs, or among the leftovers under the name `leftover`; returns the new number of leftovers. */
export function putStandard(event: EcsEvent, unmapped: Unmapped, count: number, key: string, value: string, ctx: ParseContext, leftover = key): number {
  if (value === '') return count;
  const known = key.toLowerCase().replaceAll(' ', '');
  const field = known === 'filehash' ? hashField(value) : TARGETS.get(known);
  if (field === undefined || event[field] !== undefined || !putField(event, field, value, ctx)) return leave(unmapped, count, leftover, value, ctx);
  return count;
}

/** The field of a hash by its length, where nothing else says of which kind it is. */
function hashField(value: string): EcsName | undefined {
  if (value.length > 64 || !/^[0-9a-f]{32,64}$/i.test(value)) return undefined;
  return value.length === 32 ? 'file.hash.md5' : value.length === 40 ? 'file.hash.sha1' : value.length === 64 ? 'file.hash.sha256' : undefined;
}

/** Sets a field from text in the type of the field; false, noted, where the text is no such value. */
export function putField(event: EcsEvent, field: EcsName, value: string, ctx: ParseContext): boolean {
  let out: string | number | undefined = value;
  switch (ECS[field].type) {
    case 'ip':
      out = normaliseIp(value);
      break;
    case 'long': {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
      out = number >= 0 && (!field.endsWith('.port') || number <= 65_535) ? number : undefined;
      break;
    }
    case 'float': {
      const number = value.length <= 16 ? Number(value) : NaN;
      out = number >= 0 && Number.isFinite(number) ? number : undefined;
      break;
    }
    case 'date':
      out = timeValue(value, ctx);
      break;
    default:
      if (field.endsWith('.mac')) out = normaliseMac(value);
      else if ((field === 'network.transport' || field === 'network.protocol') && /^\d{1,5}$/.test(value)) return field === 'network.transport' && putNumber(event, Number(value));
      else if (field === 'http.request.method') out = value.toUpperCase();
      else if (field === 'network.transport' || field === 'network.protocol' || field.startsWith('file.hash.')) out = value.toLowerCase();
  }
  if (out === undefined) {
    ctx.note('bad_value');
    return false;
  }
  (event as Record<string, string | number>)[field] = out;
  return true;
}

/** A number in place of the name of a transport; false where it is no protocol of IP. */
function putNumber(event: EcsEvent, number: number): boolean {
  if (number > 255) return false;
  event['network.iana_number'] = String(number);
  const name = transportName(number);
  if (name !== undefined) event['network.transport'] = name;
  return true;
}

/** Epoch seconds or milliseconds, or a written time. */
export function timeValue(value: string, ctx: ParseContext): number | undefined {
  if (/^\d{10}$/.test(value)) return Number(value) * 1000;
  if (/^\d{13}$/.test(value)) return Number(value);
  const time = timeOf(value, ctx.receivedAt, ctx.zone);
  return Number.isNaN(time) ? undefined : time;
}
