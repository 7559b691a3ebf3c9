/**
 * Windows event log: JSON of Winlogbeat and NXLog, rendered XML, and the JSON that `evtx.ts` makes of EVTX files.
 * The names that Windows and Sysmon give their values stay among the leftovers, flat, beside the ECS names: Sigma rules ask for them.
 */
import { MAX_UNMAPPED, newBag, newEvent, parsed, type ParseContext, type ParsedEvent, type Unmapped } from '../event.ts';
import { isEcsName, type EcsEvent } from '../ecs.ts';
import { jsonText } from '../kv.ts';
import { normaliseIp, transportName } from '../net.ts';
import { timeOf } from '../syslog/timestamp.ts';
import { setText, type Family } from './family.ts';
import { flatten, isRecord, jsonObject, textAt } from './pairs.ts';
import { putField } from './standard-keys.ts';
import { classifyWindows, streamOfChannel } from './windows-actions.ts';
import { readXmlEvent } from './windows-xml.ts';

/** Flat names: Channel, EventID, Provider_Name, Computer and what stands under EventData. */
export type Facts = Map<string, string>;

const MAX_FACTS = 512;
const MAX_VALUE = 16_384;

export const windows: Family = {
  id: 'windows',
  name: { ja: 'Windows イベントログ', en: 'Windows event log' },

  match(sample) {
    const c = sample.charCodeAt(0);
    if (c === 60) return isXml(sample, 0) ? 1 : 0;
    return c === 123 && shapeOf(sample, 0) !== null ? 1 : 0;
  },

  parse(line, ctx) {
    const c = line.charCodeAt(ctx.start);
    if (c === 60) return isXml(line, ctx.start) ? fromXml(line, ctx) : null;
    if (c !== 123) return null;
    const shape = shapeOf(line, ctx.start);
    if (shape === null) return null;
    const record = jsonObject(line, ctx.start);
    if (record === null) return null;
    const facts: Facts = new Map();
    let time: string | undefined;
    if (shape === 'evtx') {
      const event = record['Event'];
      if (!isRecord(event) || !isRecord(event['System'])) return null;
      time = fromSystem(event['System'], facts);
      for (const part of ['EventData', 'UserData'] as const) pour(event[part], facts, 0);
      put(facts, 'Unreadable', record['Unreadable']);
      const message = textAt(event, 'RenderingInfo', 'Message');
      if (message !== undefined) facts.set('Message', message);
    } else if (shape === 'winlogbeat') time = fromWinlogbeat(record, facts);
    else time = fromNxlog(record, facts);
    if (!facts.has('EventID') && !facts.has('EventRecordID')) return null;
    const result = build(facts, time, ctx);
    if (shape === 'winlogbeat') addEcs(record, result.event, ctx);
    return result;
  },
};

type Shape = 'evtx' | 'winlogbeat' | 'nxlog';

function shapeOf(line: string, start: number): Shape | null {
  const has = (name: string): boolean => line.includes(`"${name}"`, start);
  if (has('System') && has('Event') && (has('EventRecordID') || has('EventID'))) return 'evtx';
  if ((has('winlog') && (has('event_id') || has('channel'))) || (has('event_id') && has('log_name')) || line.includes('"winlog.', start)) return 'winlogbeat';
  return has('EventID') && (has('Channel') || has('SourceName')) && (has('Hostname') || has('Computer') || has('ProviderGuid')) ? 'nxlog' : null;
}

function isXml(line: string, start: number): boolean {
  return line.startsWith('<Event', start) && line.slice(start, start + 2048).includes('<System>');
}

function put(facts: Facts, name: string, value: unknown): void {
  if (value === undefined || value === null || facts.size >= MAX_FACTS || facts.has(name)) return;
  const text = typeof value === 'string' ? value : typeof value === 'object' ? jsonText(value) : String(value);
  facts.set(name.slice(0, 128), text.length > MAX_VALUE ? text.slice(0, MAX_VALUE) : text);
}

/** Members under their own names, whatever they are nested in: rules know no paths. */
function pour(part: unknown, facts: Facts, depth: number): void {
  if (!isRecord(part) || depth > 6) return;
  for (const name of Object.keys(part)) {
    if (name === '#attributes') continue;
    const value = part[name];
    if (isRecord(value)) {
      if (Object.hasOwn(value, '#text')) put(facts, name, value['#text']);
      else pour(value, facts, depth + 1);
    } else put(facts, name, Array.isArray(value) && value.every((v) => typeof v === 'string') ? value.join('\n') : value);
  }
}

/** The System part: attributes become `Provider_Name` and the like. Returns the time. */
function fromSystem(system: Record<string, unknown>, facts: Facts): string | undefined {
  let time: string | undefined;
  for (const name of Object.keys(system)) {
    const value = system[name];
    if (!isRecord(value)) {
      put(facts, name, value);
      continue;
    }
    const attributes = value['#attributes'];
    if (isRecord(attributes)) for (const key of Object.keys(attributes)) put(facts, `${name}_${key}`, attributes[key]);
    if (Object.hasOwn(value, '#text')) put(facts, name, value['#text']);
    if (name === 'TimeCreated') time = textAt(value, '#attributes', 'SystemTime') ?? textAt(value, 'SystemTime');
  }
  return time;
}

const WINLOG_NAMES: readonly (readonly [string, string])[] = [
  ['channel', 'Channel'], ['event_id', 'EventID'], ['provider_name', 'Provider_Name'], ['provider_guid', 'Provider_Guid'], ['computer_name', 'Computer'], ['record_id', 'EventRecordID'], ['task', 'Task'], ['opcode', 'Opcode'], ['version', 'Version'], ['activity_id', 'Correlation_ActivityID'],
  ['log_name', 'Channel'], ['source_name', 'Provider_Name'], ['record_number', 'EventRecordID'],
];

function fromWinlogbeat(record: Record<string, unknown>, facts: Facts): string | undefined {
  let winlog: Record<string, unknown> = isRecord(record['winlog']) ? record['winlog'] : record;
  if (winlog === record && !Object.hasOwn(record, 'event_id')) {
    // Flat names: winlog.event_data.Image and so on.
    const flat: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    const data: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const key of Object.keys(record)) {
      if (key.startsWith('winlog.event_data.')) data[key.slice(18)] = record[key];
      else if (key.startsWith('winlog.')) flat[key.slice(7)] = record[key];
    }
    winlog = flat;
    winlog['event_data'] = data;
  }
  for (const [name, target] of WINLOG_NAMES) put(facts, target, winlog[name]);
  const keywords = winlog['keywords'];
  put(facts, 'Keywords', Array.isArray(keywords) ? keywords.join(' ') : keywords);
  put(facts, 'Execution_ProcessID', textAt(winlog, 'process', 'pid'));
  put(facts, 'Security_UserID', textAt(winlog, 'user', 'identifier'));
  const level = textAt(record, 'log', 'level') ?? textAt(record, 'level') ?? textAt(winlog, 'level') ?? textAt(record, 'log.level');
  put(facts, 'Level', level);
  for (const part of ['event_data', 'user_data'] as const) pour(winlog[part], facts, 0);
  put(facts, 'Message', record['message']);
  return textAt(winlog, 'time_created') ?? textAt(record, '@timestamp');
}

/** Winlogbeat may have told some of it in ECS already. */
function addEcs(record: Record<string, unknown>, event: EcsEvent, ctx: ParseContext): void {
  for (const [name, value] of flatten(record, ctx, NOT_ECS)) {
    if (isEcsName(name) && event[name] === undefined && value.charCodeAt(0) !== 91 && /^(?:process|source|destination|user|file|registry|dns|host|network|service)\./.test(name)) putField(event, name, value, ctx);
  }
}

const NOT_ECS: ReadonlySet<string> = new Set(['winlog', 'event', 'message', 'agent', 'event_data', 'user_data']);

/** NXLog and its kin write all names on one level. */
function fromNxlog(record: Record<string, unknown>, facts: Facts): string | undefined {
  for (const name of Object.keys(record)) {
    const value = record[name];
    if (name === 'Hostname') put(facts, 'Computer', value);
    else if (name === 'SourceName') put(facts, 'Provider_Name', value);
    else if (name === 'ProviderGuid') put(facts, 'Provider_Guid', value);
    else if (name === 'RecordNumber') put(facts, 'EventRecordID', value);
    else if (name === 'ProcessID' && !Object.hasOwn(record, 'Image')) put(facts, 'Execution_ProcessID', value);
    else if (isRecord(value)) pour(value, facts, 1);
    else put(facts, name, value);
  }
  return textAt(record, 'TimeCreated') ?? textAt(record, 'EventTime') ?? textAt(record, '@timestamp');
}

function fromXml(line: string, ctx: ParseContext): ParsedEvent | null {
  const facts: Facts = new Map();
  const time = readXmlEvent(line, ctx.start, (name, value) => put(facts, name, value));
  return facts.has('EventID') ? build(facts, time, ctx) : null;
}

function build(facts: Facts, time: string | undefined, ctx: ParseContext): ParsedEvent {
  const event = newEvent();
  const get = (name: string): string | undefined => {
    const value = facts.get(name);
    return value === undefined || value === '' || value === '-' ? undefined : value;
  };
  if (time !== undefined) event['@timestamp'] = timeOf(time, ctx.receivedAt, ctx.zone);
  event['event.kind'] = 'event';
  event['observer.vendor'] = 'Microsoft';
  event['observer.product'] = 'Windows';
  event['observer.type'] = 'endpoint';
  event['host.os.name'] = 'Windows';
  const channel = get('Channel') ?? '';
  const stream = streamOfChannel(channel);
  event['event.dataset'] = `windows.${stream}`;
  setText(event, 'event.code', get('EventID'));
  setText(event, 'event.provider', get('Provider_Name') ?? channel);
  setText(event, 'event.id', get('EventRecordID'));
  setText(event, 'host.name', get('Computer'));
  setText(event, 'observer.name', get('Computer'));
  setLevel(get('Level'), event);
  readProcess(get, event);
  readNetwork(stream, get, event, ctx);
  readRest(get, event);
  classifyWindows(stream, get('EventID') ?? '', get, event);
  setText(event, 'message', firstLine(get('Message') ?? get('ScriptBlockText')));
  return parsed('windows', event, leftovers(facts, ctx));
}

function firstLine(text: string | undefined): string | undefined {
  return text === undefined || text.length <= 4096 ? text : text.slice(0, 4096);
}

function leftovers(facts: Facts, ctx: ParseContext): Unmapped {
  const unmapped = newBag();
  let count = 0;
  for (const [name, value] of facts) {
    if (name === 'Message') continue;
    if (count++ >= MAX_UNMAPPED) {
      ctx.note('too_many_keys');
      break;
    }
    unmapped[name] = value;
  }
  return unmapped;
}

const LEVELS: Readonly<Record<string, readonly [number, string]>> = Object.assign(Object.create(null) as Record<string, readonly [number, string]>, {
  '0': [6, 'information'], '1': [2, 'critical'], '2': [3, 'error'], '3': [4, 'warning'], '4': [6, 'information'], '5': [7, 'verbose'], critical: [2, 'critical'], error: [3, 'error'], warning: [4, 'warning'], information: [6, 'information'], info: [6, 'information'], verbose: [7, 'verbose'],
});

function setLevel(word: string | undefined, event: EcsEvent): void {
  const known = word === undefined || word.length > 16 ? undefined : LEVELS[word.toLowerCase()];
  if (known === undefined) return;
  event['event.severity'] = known[0];
  event['log.level'] = known[1];
}

type Get = (name: string) => string | undefined;

export function baseName(path: string | undefined): string | undefined {
  return path?.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}

/** Decimal or `0x…`. */
function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:0x[0-9a-fA-F]{1,12}|\d{1,15})$/.test(text)) return undefined;
  return Number(text);
}

function readProcess(get: Get, event: EcsEvent): void {
  const image = get('NewProcessName') ?? get('Image') ?? get('SourceImage') ?? get('ProcessName') ?? get('Application');
  setText(event, 'process.executable', image);
  setText(event, 'process.name', baseName(image));
  setText(event, 'process.command_line', get('CommandLine') ?? get('ProcessCommandLine'));
  const pid = numberOf(get('NewProcessId') ?? get('ProcessId') ?? get('SourceProcessId') ?? get('ProcessID'));
  if (pid !== undefined) event['process.pid'] = pid;
  const parent = get('ParentImage') ?? get('ParentProcessName');
  setText(event, 'process.parent.executable', parent);
  setText(event, 'process.parent.name', baseName(parent));
  setText(event, 'process.parent.command_line', get('ParentCommandLine'));
  const hashes = get('Hashes') ?? get('Hash');
  if (hashes !== undefined) {
    for (const part of hashes.slice(0, 400).split(',')) {
      const equals = part.indexOf('=');
      const kind = part.slice(0, equals).trim().toUpperCase();
      const value = part.slice(equals + 1).trim().toLowerCase();
      if (kind === 'SHA256' && value.length === 64) event['file.hash.sha256'] = value;
      else if (kind === 'SHA1' && value.length === 40) event['file.hash.sha1'] = value;
      else if (kind === 'MD5' && value.length === 32) event['file.hash.md5'] = value;
    }
  }
}

function readNetwork(stream: string, get: Get, event: EcsEvent, ctx: ParseContext): void {
  // 5156 and its kin: 14592 is inbound; source and destination are as the words say.
  const source = address(get('SourceIp') ?? get('SourceAddress') ?? get('IpAddress') ?? get('ClientAddress') ?? get('Source Network Address') ?? get('ClientIP') ?? (stream.startsWith('terminalservices') ? (get('Address') ?? get('Param3')) : undefined));
  const destination = address(get('DestinationIp') ?? get('DestAddress'));
  if (source !== undefined) event['source.ip'] = source;
  if (destination !== undefined) event['destination.ip'] = destination;
  port(get('SourcePort') ?? get('IpPort'), 'source.port', event);
  port(get('DestinationPort') ?? get('DestPort'), 'destination.port', event);
  setText(event, 'source.domain', get('WorkstationName') ?? get('Workstation') ?? get('SourceHostname'));
  setText(event, 'destination.domain', get('DestinationHostname'));
  const protocol = get('Protocol');
  if (protocol !== undefined && (source !== undefined || destination !== undefined)) {
    const name = /^\d{1,3}$/.test(protocol) ? transportName(Number(protocol)) : protocol.toLowerCase();
    if (name !== undefined) event['network.transport'] = name;
  }
  if (source !== undefined && destination !== undefined) event['network.direction'] = ctx.own.direction(source, destination);
  setText(event, 'dns.question.name', get('QueryName'));
  const results = get('QueryResults');
  if (results !== undefined) {
    for (const part of results.slice(0, 1000).split(';')) {
      const ip = address(part.trim().replace(/^::ffff:/, ''));
      if (ip !== undefined) {
        event['dns.resolved_ip'] = ip;
        break;
      }
    }
  }
}

function address(text: string | undefined): string | undefined {
  const ip = text === undefined ? undefined : normaliseIp(text);
  return ip === '::1' || ip === '127.0.0.1' || ip !== '0.0.0.0' ? ip : undefined;
}

function port(text: string | undefined, name: 'source.port' | 'destination.port', event: EcsEvent): void {
  if (text !== undefined && /^\d{1,5}$/.test(text) && Number(text) <= 65_535 && text !== '0') event[name] = Number(text);
}

function readRest(get: Get, event: EcsEvent): void {
  const file = get('TargetFilename') ?? get('ImageLoaded') ?? get('ObjectName') ?? get('RelativeTargetName') ?? get('PipeName') ?? get('FilePath');
  setText(event, 'file.path', file);
  setText(event, 'file.name', baseName(file));
  setText(event, 'registry.path', get('TargetObject') ?? (get('ObjectValueName') === undefined ? undefined : `${get('ObjectName') ?? ''}\\${get('ObjectValueName') ?? ''}`));
  setText(event, 'registry.data.strings', get('TargetObject') === undefined ? get('NewValue') : get('Details'));
  setText(event, 'service.name', get('ServiceName'));
  const binary = get('ImagePath') ?? get('ServiceFileName');
  if (binary !== undefined && event['file.path'] === undefined) {
    event['file.path'] = binary;
    setText(event, 'file.name', baseName(/^"?([^"]{1,400}?\.(?:exe|sys|dll|bat|cmd|ps1))/i.exec(binary)?.[1] ?? binary));
  }
  setText(event, 'network.name', get('ShareName'));
  setText(event, 'device.id', get('DeviceId') ?? get('InstanceId') ?? get('DeviceInstanceID'));
  setText(event, 'device.model.name', get('DeviceDescription') ?? get('DeviceName'));
  setText(event, 'event.reason', get('FailureReason') ?? get('Status') ?? get('SubStatus'));
}
