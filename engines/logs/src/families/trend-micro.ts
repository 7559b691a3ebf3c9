/** Trend Micro: Apex Central, Apex One and Deep Security in CEF; Vision One (alerts, detections, activities, audit) and Worry-Free in JSON. */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext, type ParsedEvent, type Unmapped } from '../event.ts';
import { normaliseIp } from '../net.ts';
import { cef } from './cef.ts';
import { gradeOf, setAccount, setAction, setText, setUrl, type Family } from './family.ts';
import { flatten, isRecord, jsonObject, recordsAt, said, targets, tell, textAt } from './pairs.ts';
import { classifyByWords, verbOf } from './security-words.ts';
import { timeValue } from './standard-keys.ts';

export const trendMicro: Family = {
  id: 'trend-micro',
  name: { ja: 'Trend Micro（ウイルスバスター・Apex One・Vision One）', en: 'Trend Micro (Apex One, Worry-Free, Vision One)' },

  match(sample) {
    const head = sample.slice(0, 400);
    if (/CEF: ?\d\|Trend Micro\|/.test(head)) return 1;
    return head.charCodeAt(0) === 123 && shapeOf(sample, 0) !== null ? 1 : 0;
  },

  parse(line, ctx) {
    if (line.charCodeAt(ctx.start) !== 123) return line.slice(0, ctx.start + 400).includes('|Trend Micro|') ? cef.parse(line, ctx) : null;
    const shape = shapeOf(line, ctx.start);
    if (shape === null) return null;
    const record = jsonObject(line, ctx.start);
    return record === null ? null : shape === 'alert' ? alert(record, ctx) : shape === 'detection' ? detection(record, ctx) : shape === 'audit' ? audit(record, ctx) : shape === 'worry-free' ? worryFree(record, ctx) : activity(record, ctx);
  },
};

type Shape = 'alert' | 'detection' | 'audit' | 'activity' | 'worry-free';

/** Which of the JSON shapes a line has, by names that no other product uses together. */
function shapeOf(line: string, start: number): Shape | null {
  const has = (name: string): boolean => line.includes(`"${name}"`, start);
  if (has('workbenchLink') || (has('alertProvider') && has('impactScope'))) return 'alert';
  if (has('loggedDateTime') && (has('loggedUser') || has('accessType'))) return 'audit';
  if (has('detectedDateTime') && has('filters')) return 'detection';
  if ((has('endpointHostName') || has('endpointGuid') || has('endpointGUID')) && (has('eventTime') || has('eventTimeDT') || has('pname') || has('productCode'))) return 'activity';
  return has('virusName') && (has('clientName') || has('computerName')) && has('detectionTime') ? 'worry-free' : null;
}

function begin(stream: string, product: string, type: string): { event: EcsEvent; unmapped: Unmapped } {
  const event = newEvent();
  event['event.kind'] = 'event';
  event['event.dataset'] = `trend-micro.${stream}`;
  event['observer.vendor'] = 'Trend Micro';
  event['observer.product'] = product;
  event['observer.type'] = type;
  return { event, unmapped: newBag() };
}

function setTime(event: EcsEvent, text: string | undefined, ctx: ParseContext): void {
  if (text === undefined) return;
  // Vision One writes UTC, with or without the Z.
  const value = /^\d{4}-\d{2}-\d{2}T[\d:.]{8,18}$/.test(text) ? timeValue(`${text}Z`, ctx) : timeValue(text, ctx);
  if (value !== undefined) event['@timestamp'] = value;
}

const ALERT = targets({ id: 'event.id', model: 'rule.name', modelId: 'rule.id', score: 'event.risk_score', severity: null, createdDateTime: null, updatedDateTime: null, workbenchLink: 'rule.reference', description: 'message', alertProvider: 'event.provider', indicators: null, impactScope: null, matchedRules: null, schemaVersion: null });

/** A workbench alert: what was found, and whom it touches. */
function alert(record: Record<string, unknown>, ctx: ParseContext): ParsedEvent {
  const { event, unmapped } = begin('alert', 'Trend Vision One', 'endpoint');
  event['event.kind'] = 'alert';
  event['event.category'] = 'intrusion_detection';
  event['event.type'] = 'info';
  setTime(event, textAt(record, 'createdDateTime'), ctx);
  tell(flatten(record, ctx), ALERT, event, unmapped, ctx);
  const severity = gradeOf(textAt(record, 'severity'));
  if (severity !== undefined) event['event.severity'] = severity;
  setText(event, 'log.level', textAt(record, 'severity')?.toLowerCase());
  for (const entity of recordsAt(record['impactScope'], 'entities')) {
    const type = textAt(entity, 'entityType');
    const value = entity['entityValue'];
    if (type === 'host' && isRecord(value)) {
      event['host.name'] ??= textAt(value, 'name') ?? '';
      const ip = normaliseIp(textAt(value, 'ips') ?? '');
      if (ip !== undefined) event['host.ip'] ??= ip;
    } else if (type === 'account' && event['user.name'] === undefined) setAccount(event, textAt(value));
    else if (type === 'emailAddress') event['email.to.address'] ??= textAt(value) ?? '';
  }
  for (const name of ['host.name', 'email.to.address'] as const) if (event[name] === '') delete event[name];
  for (const indicator of recordsAt(record, 'indicators')) readIndicator(textAt(indicator, 'type') ?? '', textAt(indicator, 'value'), event);
  setText(event, 'threat.technique.id', /\bT\d{4}(?:\.\d{3})?\b/.exec(JSON.stringify(record['matchedRules'] ?? '').slice(0, 4000))?.[0]);
  setAction(event, 'detected', textAt(record, 'investigationStatus') ?? textAt(record, 'status'));
  event.message ??= event['rule.name'] ?? '';
  return parsed('trend-micro', event, unmapped);
}

function readIndicator(type: string, value: string | undefined, event: EcsEvent): void {
  if (value === undefined) return;
  if (type === 'command_line') event['process.command_line'] ??= value;
  else if (type === 'fullpath') event['file.path'] ??= value;
  else if (type === 'filename') event['file.name'] ??= value;
  else if (type === 'file_sha256' && /^[0-9a-fA-F]{64}$/.test(value)) event['file.hash.sha256'] ??= value.toLowerCase();
  else if (type === 'file_sha1' && /^[0-9a-fA-F]{40}$/.test(value)) event['file.hash.sha1'] ??= value.toLowerCase();
  else if (type === 'url' && event['url.full'] === undefined) setUrl(event, value);
  else if (type === 'domain') event['destination.domain'] ??= value;
  else if (type === 'ip') {
    const ip = normaliseIp(value);
    if (ip !== undefined) event['destination.ip'] ??= ip;
  } else if (type === 'email_subject') event['email.subject'] ??= value;
  else if (type === 'email_sender') event['email.from.address'] ??= value;
}

/** Names in activities and in the details of detections ("Search: data fields"). */
const ACTIVITY = targets({
  eventTime: null, eventTimeDT: null, rt: null, firstSeen: null, lastSeen: null, endpointHostName: 'host.name', endpointName: 'host.name', shost: 'source.domain', endpointIp: null, endpointMacAddress: 'host.mac', endpointGuid: 'device.id', endpointGUID: 'device.id', osName: 'host.os.name', logonUser: null, suser: null, duser: 'destination.user.name', objectUser: null, processUser: null, processUserDomain: 'user.domain', userDomain: 'user.domain',
  processName: null, processFilePath: 'process.executable', processCmd: 'process.command_line', processPid: 'process.pid', parentName: null, parentFilePath: 'process.parent.executable', parentCmd: 'process.parent.command_line', objectName: 'file.name', objectFilePath: 'file.path', objectCmd: null, objectFileHashSha256: 'file.hash.sha256', objectFileHashSha1: 'file.hash.sha1', objectFileHashMd5: 'file.hash.md5', processFileHashSha256: null, processFileHashSha1: null, processFileHashMd5: null,
  fileName: 'file.name', filePath: 'file.path', filePathName: 'file.path', fullPath: 'file.path', fileHash: 'file.hash.sha1', fileHashSha256: 'file.hash.sha256', fileHashMd5: 'file.hash.md5', fileSize: 'file.size', objectRegistryKeyHandle: 'registry.path', objectRegistryData: 'registry.data.strings', src: 'source.ip', spt: 'source.port', dst: 'destination.ip', dpt: 'destination.port', dhost: 'destination.domain', objectIp: 'destination.ip', objectPort: 'destination.port', objectHostName: 'destination.domain', hostName: 'destination.domain', remoteHost: 'destination.domain', peerIp: 'destination.ip', request: null, requestUrl: null,
  malName: 'rule.name', ruleName: 'rule.name', ruleId: 'rule.id', policyName: 'rule.ruleset', eventId: 'event.code', eventName: null, eventSubId: null, act: null, actResult: null, pname: null, productCode: null, mailMsgSubject: 'email.subject', mailMsgId: 'email.message_id', userAgent: 'user_agent.original', requestClientApplication: 'user_agent.original', severity: null, uuid: 'event.id', app: 'network.protocol', tags: null, filterRiskLevel: null, cve: 'vulnerability.id', deviceGUID: null, requestMethod: 'http.request.method',
});

function readActivity(record: Record<string, unknown>, event: EcsEvent, unmapped: Unmapped, ctx: ParseContext): void {
  const values = flatten(record, ctx);
  tell(values, ACTIVITY, event, unmapped, ctx);
  setTime(event, said(values, 'eventTimeDT') ?? said(values, 'eventTime') ?? said(values, 'rt') ?? said(values, 'lastSeen'), ctx);
  for (const key of ['endpointIp', 'interestedIp'] as const) {
    const list = record[key];
    const all = Array.isArray(list) ? list.filter((v): v is string => typeof v === 'string') : [textAt(record, key) ?? ''];
    // The address a person would know is the IPv4 one.
    const ip = normaliseIp(all.find((v) => /^[\d.]{7,15}$/.test(v)) ?? all[0] ?? '');
    if (ip !== undefined) event['host.ip'] ??= ip;
  }
  setAccount(event, event['user.name'] ?? textAt(record, 'logonUser') ?? textAt(record, 'suser') ?? textAt(record, 'processUser') ?? textAt(record, 'objectUser'));
  setUrl(event, said(values, 'request') ?? said(values, 'requestUrl'));
  for (const [path, name] of [['process.executable', 'process.name'], ['process.parent.executable', 'process.parent.name'], ['file.path', 'file.name']] as const) setText(event, name, event[name] ?? baseName(event[path]));
  const command = said(values, 'objectCmd');
  // A started process is the object; the one that started it the subject.
  if (command !== undefined && /PROCESS/i.test(said(values, 'eventId') ?? said(values, 'eventSubId') ?? '')) {
    event['process.parent.command_line'] ??= event['process.command_line'] ?? '';
    event['process.command_line'] = command;
  } else setText(event, 'process.command_line', event['process.command_line'] ?? command);
}

function baseName(path: string | undefined): string | undefined {
  return path?.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}

function activity(record: Record<string, unknown>, ctx: ParseContext): ParsedEvent {
  const found = textAt(record, 'malName') !== undefined || textAt(record, 'ruleName') !== undefined || textAt(record, 'act') !== undefined;
  const { event, unmapped } = begin(found ? 'detection' : 'activity', textAt(record, 'pname') ?? 'Trend Vision One', 'endpoint');
  readActivity(record, event, unmapped, ctx);
  const name = textAt(record, 'eventName') ?? textAt(record, 'eventSubId') ?? textAt(record, 'eventId') ?? '';
  event.message ??= name;
  if (!found) {
    event['event.category'] = /PROCESS/i.test(name) ? 'process' : /FILE/i.test(name) ? 'file' : /REG/i.test(name) ? 'configuration' : /NET|DNS|HTTP|CONN/i.test(name) || event['destination.ip'] !== undefined ? 'network' : 'host';
    event['event.type'] = 'info';
    setAction(event, 'info', name);
    return parsed('trend-micro', event, unmapped);
  }
  const word = `${textAt(record, 'act') ?? ''} ${textAt(record, 'actResult') ?? ''}`.trim();
  classifyByWords(event, `${name.replaceAll('_', ' ')} ${textAt(record, 'malName') === undefined ? '' : 'malware'}`, word);
  return parsed('trend-micro', event, unmapped);
}

/** Observed attack techniques: filters that matched, and the activity in which they did. */
function detection(record: Record<string, unknown>, ctx: ParseContext): ParsedEvent {
  const { event, unmapped } = begin('detection', 'Trend Vision One', 'endpoint');
  const detail = record['detail'];
  const endpoint = record['endpoint'];
  setText(event, 'host.name', textAt(endpoint, 'endpointName') ?? textAt(endpoint, 'name'));
  const ip = normaliseIp(textAt(endpoint, 'ips') ?? '');
  if (ip !== undefined) event['host.ip'] = ip;
  if (isRecord(detail)) readActivity(detail, event, unmapped, ctx);
  setTime(event, textAt(record, 'detectedDateTime'), ctx);
  const [filter] = recordsAt(record, 'filters');
  setText(event, 'rule.name', textAt(filter, 'name'));
  setText(event, 'rule.id', textAt(filter, 'id'));
  setText(event, 'threat.technique.id', textAt(filter, 'mitreTechniqueIds'));
  setText(event, 'threat.tactic.name', textAt(filter, 'mitreTacticIds'));
  setText(event, 'event.id', textAt(record, 'uuid'));
  const risk = textAt(filter, 'riskLevel');
  const severity = gradeOf(risk);
  if (severity !== undefined) event['event.severity'] = severity;
  event['event.kind'] = severity !== undefined && severity <= 4 ? 'alert' : 'event';
  event['event.category'] = 'intrusion_detection';
  event['event.type'] = 'info';
  setText(event, 'message', textAt(filter, 'description') ?? textAt(filter, 'name'));
  setAction(event, 'detected', risk);
  return parsed('trend-micro', event, unmapped);
}

const AUDIT = targets({ loggedDateTime: null, loggedUser: null, loggedRole: 'user.group.name', category: 'rule.category', activity: 'message', result: null, accessType: 'event.provider' });

function audit(record: Record<string, unknown>, ctx: ParseContext): ParsedEvent {
  const { event, unmapped } = begin('audit', 'Trend Vision One', 'server');
  const values = flatten(record, ctx);
  setTime(event, said(values, 'loggedDateTime'), ctx);
  tell(values, AUDIT, event, unmapped, ctx);
  setAccount(event, said(values, 'loggedUser'));
  const ip = normaliseIp(textAt(record, 'details', 'ipAddress') ?? textAt(record, 'details', 'sourceIp') ?? '');
  if (ip !== undefined) event['source.ip'] = ip;
  const what = said(values, 'activity') ?? '';
  const failed = /unsuccess|fail/i.test(said(values, 'result') ?? '');
  const signIn = /log(?:ged)? ?(?:in|on)|sign(?:ed)?[ -]?in/i.test(what.slice(0, 200)) || said(values, 'category') === 'Logon and Logoff';
  const out = /log(?:ged)? ?(?:off|out)|sign(?:ed)?[ -]?out/i.test(what.slice(0, 200));
  event['event.category'] = signIn || out ? 'authentication' : 'configuration';
  event['event.type'] = out ? 'end' : signIn ? 'start' : 'change';
  setAction(event, out ? 'logout' : signIn ? (failed ? 'login_failed' : 'login_succeeded') : 'config_changed', what);
  if (failed && !out) event['event.outcome'] = 'failure';
  return parsed('trend-micro', event, unmapped);
}

const WORRY_FREE = targets({ detectionTime: null, clientName: 'host.name', computerName: 'host.name', clientIp: 'host.ip', userName: null, virusName: 'rule.name', fileName: 'file.name', filePath: 'file.path', actionResult: null, action: null, scanType: 'rule.ruleset', domain: 'user.domain' });

/** Virus logs as Worry-Free consoles give them. */
function worryFree(record: Record<string, unknown>, ctx: ParseContext): ParsedEvent {
  const { event, unmapped } = begin('worry-free', 'Worry-Free Business Security', 'endpoint');
  const values = flatten(record, ctx);
  setTime(event, said(values, 'detectionTime'), ctx);
  tell(values, WORRY_FREE, event, unmapped, ctx);
  setAccount(event, said(values, 'userName'));
  const word = said(values, 'actionResult') ?? said(values, 'action') ?? '';
  classifyByWords(event, 'virus', word);
  event.message ??= `${event['rule.name'] ?? ''} ${word}`.trim();
  return parsed('trend-micro', event, unmapped);
}

/** Kinds of Apex Central events by the head of the signature id ("Syslog mapping - CEF"). */
const KINDS: readonly (readonly [RegExp, string, string, Action])[] = [
  [/^AV:|virus/i, 'virus', 'malware', 'detected'],
  [/^(?:Spyware|SPY)/i, 'spyware', 'malware', 'detected'],
  [/^(?:PML|Predictive)/i, 'machine-learning', 'malware', 'detected'],
  [/^CnC:/i, 'callback', 'intrusion_detection', 'detected'],
  [/^(?:WB:|Web)/i, 'web', 'web', 'detected'],
  [/^(?:BM:|Behavior)/i, 'behaviour', 'malware', 'detected'],
  [/^(?:FH:|Suspicious File|SO:)/i, 'suspicious-file', 'malware', 'detected'],
  [/^(?:NCIE:|IPS:|VP:|Intrusion)/i, 'network', 'intrusion_detection', 'detected'],
  [/^(?:DLP:|Data Loss)/i, 'dlp', 'file', 'detected'],
  [/^(?:DAC:|Device Access|Device Control)/i, 'device', 'host', 'device_blocked'],
  [/^(?:AC:|Application Control)/i, 'application', 'process', 'blocked'],
  [/^(?:Attack Discovery)/i, 'attack-discovery', 'intrusion_detection', 'detected'],
];

/** What a CEF line of Trend Micro says beyond its keys. Called when keys and words are read. */
export function refineTrendMicro(event: EcsEvent, product: string, signature: string, name: string, done: string): void {
  event['observer.type'] = 'endpoint';
  if (/^Deep Security/.test(product)) return refineDeepSecurity(event, product, signature, name, done);
  const kind = KINDS.find(([words]) => words.test(signature));
  event['event.dataset'] = `trend-micro.${kind?.[1] ?? 'apex'}`;
  if (kind === undefined) return;
  const [, , category, usual] = kind;
  const verb = verbOf(done) ?? verbOf(signature.slice(signature.indexOf(':') + 1));
  event['event.kind'] = category === 'web' || category === 'process' ? 'event' : 'alert';
  event['event.category'] = category;
  const action: Action = usual === 'device_blocked' ? (verb === 'allowed' ? 'device_connected' : 'device_blocked') : verb === undefined ? usual : verb === 'allowed' ? 'detected' : verb;
  event['event.type'] = action === 'blocked' || action === 'device_blocked' ? 'denied' : 'info';
  setAction(event, action, done || signature);
  if (category === 'malware' || category === 'intrusion_detection') event['rule.name'] ??= name;
  setText(event, 'host.name', event['host.name'] ?? event['source.domain'] ?? event['destination.domain']);
  if (event['user.name'] === undefined) setAccount(event, event['destination.user.name']);
}

/** Numbers of Deep Security events ("Syslog message formats"). */
function refineDeepSecurity(event: EcsEvent, product: string, signature: string, name: string, done: string): void {
  const number = /^\d{1,9}$/.test(signature) ? Number(signature) : -1;
  const manager = product.endsWith('Manager');
  event['event.dataset'] = `trend-micro.${manager ? 'deep-security-manager' : 'deep-security'}`;
  if (manager || number < 0) return;
  const set = (category: string, kind: 'alert' | 'event', action: Action): void => {
    event['event.category'] = category;
    event['event.kind'] = kind;
    event['event.type'] = action === 'blocked' ? 'denied' : action === 'allowed' ? 'allowed' : 'info';
    setAction(event, action, done || name);
  };
  const verb = verbOf(done);
  if (number >= 4_000_000 && number < 5_000_000) set('malware', 'alert', verb === undefined || verb === 'allowed' ? 'detected' : verb);
  else if (number >= 5_000_000 && number < 6_000_000) set('web', 'event', verb === 'blocked' || done === '' ? 'blocked' : 'detected');
  else if (number >= 6_000_000 && number < 7_000_000) set('process', 'alert', verb ?? 'detected');
  else if (number >= 1_000_000 && number < 2_000_000) {
    set('intrusion_detection', 'alert', /^IDS:|detect/i.test(done) ? 'detected' : (verb ?? 'blocked'));
    // The number of the event is that of the rule.
    event['rule.id'] = signature;
    setText(event, 'rule.name', name);
  }
  else if (number >= 2_000_000 && number < 4_000_000) set('host', 'event', 'detected');
  else if (number >= 20 && number < 200) set('network', 'event', /deny|drop|reset/i.test(done) || (number !== 20 && done === '') ? 'blocked' : 'allowed');
}
