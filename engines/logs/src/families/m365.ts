/** Microsoft 365: records of the unified audit log (Office 365 Management Activity API), alerts and hunting events of Defender, sign-ins of Entra ID; JSON. */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext, type ParsedEvent, type Unmapped } from '../event.ts';
import { normaliseIp } from '../net.ts';
import { timeOf } from '../syslog/timestamp.ts';
import { gradeOf, setAccount, setAction, setText, setUrl, type Family } from './family.ts';
import { flatten, isRecord, jsonObject, recordsAt, said, targets, tell, textAt, type Values } from './pairs.ts';

export const m365: Family = {
  id: 'm365',
  name: { ja: 'Microsoft 365（監査ログ・Defender）', en: 'Microsoft 365 (audit log, Defender)' },

  match(sample) {
    return sample.charCodeAt(0) === 123 && shapeOf(sample, 0) !== null ? 1 : 0;
  },

  parse(line, ctx) {
    if (line.charCodeAt(ctx.start) !== 123) return null;
    const shape = shapeOf(line, ctx.start);
    if (shape === null) return null;
    const record = jsonObject(line, ctx.start);
    if (record === null || !isOne(record, shape)) return null;
    switch (shape) {
      case 'audit':
        return audit(record, ctx);
      case 'hunting':
        return isRecord(record['properties']) ? hunting(record, record['properties'], ctx) : null;
      case 'sign-in':
        return signIn(record, isRecord(record['properties']) ? record['properties'] : record, ctx);
      default:
        return alert(record, ctx);
    }
  },
};

type Shape = 'audit' | 'hunting' | 'alert' | 'sign-in';

function shapeOf(line: string, start: number): Shape | null {
  const has = (name: string): boolean => line.includes(`"${name}"`, start);
  if (has('RecordType') && has('Operation') && (has('Workload') || has('OrganizationId'))) return 'audit';
  if (line.includes('AdvancedHunting-', start) && has('properties')) return 'hunting';
  if ((has('providerAlertId') && has('serviceSource')) || (has('machineId') && has('detectionSource') && has('alertCreationTime'))) return 'alert';
  return has('userPrincipalName') && (has('SignInLogs') || has('conditionalAccessStatus')) ? 'sign-in' : null;
}

/** A page of answers holds the same names one level deeper, and is no event. */
function isOne(record: Record<string, unknown>, shape: Shape): boolean {
  if (shape === 'audit') return textAt(record, 'Operation') !== undefined;
  if (shape === 'alert') return textAt(record, 'id') !== undefined || textAt(record, 'providerAlertId') !== undefined || textAt(record, 'machineId') !== undefined || textAt(record, 'title') !== undefined;
  if (shape === 'sign-in') return textAt(isRecord(record['properties']) ? record['properties'] : record, 'userPrincipalName') !== undefined;
  return true;
}

function begin(stream: string, product: string): { event: EcsEvent; unmapped: Unmapped } {
  const event = newEvent();
  event['event.kind'] = 'event';
  event['event.dataset'] = `m365.${stream}`;
  event['observer.vendor'] = 'Microsoft';
  event['observer.product'] = product;
  event['observer.type'] = 'server';
  return { event, unmapped: newBag() };
}

/** The service writes UTC, with or without a Z. */
function utc(text: string | undefined, ctx: ParseContext): number {
  if (text === undefined) return NaN;
  return timeOf(/(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(-6)) ? text : `${text}Z`, ctx.receivedAt, ctx.zone);
}

/** `192.0.2.1`, `192.0.2.1:443`, `[2001:db8::1]:443`, `::ffff:192.0.2.1`. */
function setClient(event: EcsEvent, text: string | undefined): void {
  if (text === undefined) return;
  let address = text.trim();
  let port = '';
  if (address.startsWith('[')) {
    const close = address.indexOf(']');
    if (close > 0) {
      port = address.slice(close + 2);
      address = address.slice(1, close);
    }
  } else if (address.includes('.') && address.indexOf(':') === address.lastIndexOf(':') && address.includes(':')) {
    port = address.slice(address.indexOf(':') + 1);
    address = address.slice(0, address.indexOf(':'));
  }
  const ip = normaliseIp(address);
  if (ip === undefined) return;
  event['source.ip'] = ip;
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) event['source.port'] = Number(port);
}

const AUDIT = targets({
  CreationTime: null, Id: 'event.id', Operation: 'event.code', RecordType: null, ResultStatus: null, UserId: null, UserKey: null, ClientIP: null, ClientIPAddress: null, ActorIpAddress: null, Workload: 'event.provider', OrganizationName: 'user.domain', ObjectId: null, UserAgent: 'user_agent.original', SourceFileName: 'file.name', SourceFileExtension: 'file.extension', SiteUrl: null, SourceRelativeUrl: null, DestinationFileName: null,
  ClientInfoString: 'user_agent.original', MailboxOwnerUPN: 'destination.user.name', TargetUserOrGroupName: 'destination.user.name', LogonError: 'event.reason', ErrorNumber: 'error.code', 'Item.Subject': 'email.subject', Subject: 'email.subject', P2Sender: 'email.from.address', SenderIp: null, NetworkMessageId: null, InternetMessageId: 'email.message_id', AlertId: null, Name: 'rule.name', Category: 'rule.category', Severity: null, 'Actor': null, 'Target': null, 'PolicyDetails': null, DeviceName: 'host.name', Url: null,
});

function audit(record: Record<string, unknown>, ctx: ParseContext): ParsedEvent {
  const workload = textAt(record, 'Workload') ?? '';
  const { event, unmapped } = begin(STREAMS[workload] ?? 'audit', 'Microsoft 365');
  event['@timestamp'] = utc(textAt(record, 'CreationTime'), ctx);
  const values = flatten(record, ctx);
  for (const list of ['ExtendedProperties', 'Parameters', 'DeviceProperties'] as const) spread(record, list, values);
  tell(values, AUDIT, event, unmapped, ctx);
  setClient(event, textAt(record, 'ClientIP') ?? textAt(record, 'ClientIPAddress') ?? textAt(record, 'ActorIpAddress') ?? textAt(record, 'SenderIp'));
  const user = textAt(record, 'UserId');
  setAccount(event, user);
  const agent = said(values, 'ExtendedProperties.UserAgent');
  if (agent !== undefined) event['user_agent.original'] ??= agent;
  const object = textAt(record, 'ObjectId');
  if (object !== undefined && /^https?:\/\//.test(object)) setUrl(event, object);
  else if (event['destination.user.name'] === undefined && object !== undefined && /^(?:Add|Delete|Update|Reset|Change|Disable|Enable|Restore) (?:user|member)/i.test(textAt(record, 'Operation') ?? '')) setText(event, 'destination.user.name', object);
  setUrl(event, textAt(record, 'Url'));
  setText(event, 'email.to.address', textAt(record, 'Recipients'));
  setText(event, 'host.name', event['host.name'] ?? said(values, 'DeviceProperties.DisplayName'));
  classifyAudit(record, event);
  event.message ??= [textAt(record, 'Operation'), object].filter((part) => part !== undefined).join(' ');
  return parsed('m365', event, unmapped);
}

const STREAMS: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, {
  AzureActiveDirectory: 'entra', Exchange: 'exchange', SharePoint: 'sharepoint', OneDrive: 'sharepoint', MicrosoftTeams: 'teams', SecurityComplianceCenter: 'compliance', ThreatIntelligence: 'threat', AirInvestigation: 'threat', Endpoint: 'endpoint',
});

/** Lists of Name and Value become keys of their own. */
function spread(record: Record<string, unknown>, list: string, values: Values): void {
  for (const pair of recordsAt(record, list)) {
    const name = textAt(pair, 'Name');
    const value = textAt(pair, 'Value');
    if (name !== undefined && value !== undefined && values.size < 512) values.set(`${list}.${name}`.slice(0, 128), value);
  }
  values.delete(list);
}

const OPERATIONS: readonly (readonly [RegExp, Action, string, string])[] = [
  [/^(?:UserLoginFailed|UserLogonFailed)$/, 'login_failed', 'authentication', 'start'],
  [/^(?:UserLoggedIn|MailboxLogin|TeamsSessionStarted|SignInEvent|PasswordLogonInitialAuthUsingPassword|ForeignRealmIndexLogonInitialAuthUsingADFSFederatedToken)$/, 'login_succeeded', 'authentication', 'start'],
  [/^(?:UserLoggedOff|UserLoggedOut)$/, 'logout', 'authentication', 'end'],
  [/^(?:New|Set|Remove|Enable|Disable)-(?:InboxRule|TransportRule|Mailbox|MailboxJunkEmailConfiguration|OwaMailboxPolicy|MobileDevice|CASMailbox|SafeLinksPolicy|MalwareFilterPolicy|AntiPhishPolicy|HostedContentFilterPolicy|AdminAuditLogConfig|OrganizationConfig)|^UpdateInboxRules$|^Add-MailboxPermission$|^Add-MailboxFolderPermission$|^Set-/, 'config_changed', 'configuration', 'change'],
  [/^(?:Add|Delete|Update|Reset|Change|Disable|Enable|Restore|Set|Remove|Hard Delete|Invite) ?.{0,40}\b(?:user|member|role|group|password|account|owner|device|service principal|application|app role|OAuth2PermissionGrant|delegat)/i, 'account_changed', 'iam', 'change'],
  [/^Consent to application/, 'account_changed', 'iam', 'change'],
  [/^(?:AlertTriggered|AlertEntityGenerated|AlertUpdated)$/, 'detected', 'intrusion_detection', 'info'],
  [/^(?:TIMailData|TIMailData-Inline)$/, 'detected', 'email', 'info'],
  [/^(?:TIUrlClickData)$/, 'detected', 'web', 'access'],
  [/^(?:AtpDetection|FileMalwareDetected|MalwareDetected)/, 'detected', 'malware', 'info'],
  [/^(?:DlpRuleMatch|DLPRuleMatch|DlpInfo)$/i, 'detected', 'file', 'info'],
  [/^(?:DlpRuleUndo)$/i, 'info', 'file', 'info'],
  [/^File(?:Accessed|Downloaded|Previewed|SyncDownloadedFull|Viewed)|^FileAccessedExtended$|^PageViewed/, 'allowed', 'file', 'access'],
  [/^(?:FileDeleted|FileRecycled|FolderDeleted|FileVersionsAllDeleted)/, 'allowed', 'file', 'deletion'],
  [/^(?:FileUploaded|FolderCreated|FileCopied|FileSyncUploadedFull)/, 'allowed', 'file', 'creation'],
  [/^(?:FileModified|FileRenamed|FileMoved|FolderModified|FolderMoved)/, 'allowed', 'file', 'change'],
  [/^(?:SharingSet|SharingInvitation|AnonymousLink|CompanyLink|SecureLink|AddedToSecureLink|AccessRequest|PermissionLevel|SharingLink|AddedToGroup)/, 'config_changed', 'iam', 'change'],
  [/^(?:MailItemsAccessed|FolderBind|MessageBind|Send|SendAs|SendOnBehalf|Create|Move|MoveToDeletedItems|SoftDelete|HardDelete|Copy|Update)$/, 'allowed', 'email', 'access'],
];

function classifyAudit(record: Record<string, unknown>, event: EcsEvent): void {
  const operation = textAt(record, 'Operation') ?? '';
  const known = OPERATIONS.find(([words]) => words.test(operation.slice(0, 200)));
  const result = (textAt(record, 'ResultStatus') ?? '').toLowerCase();
  const failed = result === 'failed' || result === 'failure' || result === 'false';
  let action: Action = known?.[1] ?? 'info';
  if (action === 'login_succeeded' && (failed || textAt(record, 'LogonError') !== undefined)) action = 'login_failed';
  event['event.category'] = known?.[2] ?? 'host';
  event['event.type'] = known?.[3] ?? 'info';
  if (action === 'detected') event['event.kind'] = 'alert';
  if (operation === 'TIMailData') {
    const delivered = textAt(record, 'DeliveryAction') ?? '';
    if (/Blocked|Quarantin|Junk|Replaced/i.test(delivered)) action = /Blocked/i.test(delivered) ? 'blocked' : 'quarantined';
  }
  if (operation === 'TIUrlClickData' && /Block/i.test(textAt(record, 'UrlClickAction') ?? '')) action = 'blocked';
  setAction(event, action, operation);
  // Refused or not: what was asked for did not happen. A failed sign-in has its own word.
  if (failed && action !== 'login_failed') event['event.outcome'] = 'failure';
  if (action === 'info') event['event.outcome'] = failed ? 'failure' : result === '' ? 'unknown' : 'success';
  const severity = gradeOf(textAt(record, 'Severity'));
  if (severity !== undefined) event['event.severity'] = severity;
}

const HUNTING = targets({
  Timestamp: null, ActionType: 'event.code', DeviceName: 'host.name', DeviceId: 'device.id', AccountName: null, AccountDomain: null, AccountUpn: 'user.email', AccountSid: 'user.id', AccountObjectId: null, FileName: null, FolderPath: null, SHA1: null, SHA256: null, MD5: null, FileSize: 'file.size', ProcessCommandLine: null, ProcessId: null, LocalIP: 'source.ip', LocalPort: 'source.port', RemoteIP: null, RemotePort: null, RemoteUrl: null, Protocol: null, IPAddress: 'source.ip', Port: null, DestinationIPAddress: 'destination.ip', DestinationPort: 'destination.port',
  InitiatingProcessFileName: null, InitiatingProcessFolderPath: null, InitiatingProcessCommandLine: null, InitiatingProcessId: null, InitiatingProcessAccountName: null, InitiatingProcessAccountDomain: null, InitiatingProcessAccountSid: null, InitiatingProcessParentFileName: null, RegistryKey: null, RegistryValueName: null, RegistryValueData: 'registry.data.strings', LogonType: null, FailureReason: 'event.reason', ReportId: null, Title: 'rule.name', AlertId: 'event.id', Category: 'rule.category', Severity: null, ServiceSource: 'event.provider', DetectionSource: 'rule.ruleset', AttackTechniques: null, OSPlatform: 'host.os.name',
  SenderFromAddress: 'email.from.address', RecipientEmailAddress: 'email.to.address', Subject: 'email.subject', InternetMessageId: 'email.message_id', NetworkMessageId: 'event.id', SenderIPv4: 'source.ip', SenderIPv6: 'source.ip', ThreatNames: 'rule.name', Url: null, UserAgent: 'user_agent.original', Application: 'network.application', ISP: null, CountryCode: 'source.geo.country_iso_code', DestinationDeviceName: 'destination.domain', QueryTarget: null,
});

/** Streaming of advanced hunting tables: `properties` is a row of the table named in `category`. */
function hunting(record: Record<string, unknown>, row: Record<string, unknown>, ctx: ParseContext): ParsedEvent {
  const table = (textAt(record, 'category') ?? '').replace('AdvancedHunting-', '');
  const { event, unmapped } = begin('defender', 'Microsoft Defender XDR');
  event['observer.type'] = 'endpoint';
  event['event.provider'] = table;
  event['@timestamp'] = utc(textAt(row, 'Timestamp') ?? textAt(record, 'time'), ctx);
  const values = flatten(row, ctx);
  tell(values, HUNTING, event, unmapped, ctx);
  const text = (name: string): string | undefined => said(values, name);
  setText(event, 'user.name', text('AccountName') ?? text('InitiatingProcessAccountName') ?? text('AccountUpn'));
  setText(event, 'user.domain', text('AccountDomain') ?? text('InitiatingProcessAccountDomain'));
  const remote = normaliseIp(text('RemoteIP') ?? '');
  const port = Number(text('RemotePort') ?? 0);
  const inbound = /Logon|InboundConnection|ListeningConnection/.test(`${table}${text('ActionType') ?? ''}`);
  if (remote !== undefined) event[inbound ? 'source.ip' : 'destination.ip'] = remote;
  if (port > 0 && port <= 65_535) event[inbound ? 'source.port' : 'destination.port'] = port;
  setUrl(event, text('RemoteUrl') ?? text('Url'));
  setText(event, 'destination.domain', event['destination.domain'] ?? event['url.domain']);
  const protocol = text('Protocol')?.toLowerCase();
  if (protocol !== undefined) event[/^(?:tcp|udp|icmp)/.test(protocol) ? 'network.transport' : 'network.protocol'] = protocol.startsWith('tcp') ? 'tcp' : protocol;
  readProcess(table, text, event);
  const key = text('RegistryKey');
  if (key !== undefined) event['registry.path'] = text('RegistryValueName') === undefined ? key : `${key}\\${text('RegistryValueName') ?? ''}`;
  setText(event, 'threat.technique.id', /\bT\d{4}(?:\.\d{3})?\b/.exec((text('AttackTechniques') ?? '').slice(0, 1000))?.[0]);
  const severity = gradeOf(text('Severity'));
  if (severity !== undefined) event['event.severity'] = severity;
  classifyHunting(table, text('ActionType') ?? '', text, event);
  return parsed('m365', event, unmapped);
}

/** In a process event the row is the new process; in all others it is the file, and the initiating process acts. */
function readProcess(table: string, text: (name: string) => string | undefined, event: EcsEvent): void {
  const own = table === 'DeviceProcessEvents';
  const hashes = (prefix: string): void => {
    setText(event, 'file.hash.sha256', text(`${prefix}SHA256`)?.toLowerCase());
    setText(event, 'file.hash.sha1', text(`${prefix}SHA1`)?.toLowerCase());
    setText(event, 'file.hash.md5', text(`${prefix}MD5`)?.toLowerCase());
  };
  hashes('');
  const number = (name: string): void => {
    const pid = Number(text(name) ?? NaN);
    if (Number.isSafeInteger(pid) && pid > 0) event['process.pid'] = pid;
  };
  if (own) {
    setText(event, 'process.name', text('FileName'));
    setText(event, 'process.executable', text('FolderPath'));
    setText(event, 'process.command_line', text('ProcessCommandLine'));
    number('ProcessId');
    setText(event, 'process.parent.name', text('InitiatingProcessFileName'));
    setText(event, 'process.parent.executable', text('InitiatingProcessFolderPath'));
    setText(event, 'process.parent.command_line', text('InitiatingProcessCommandLine'));
    return;
  }
  setText(event, 'file.name', text('FileName'));
  setText(event, 'file.path', text('FolderPath'));
  setText(event, 'process.name', text('InitiatingProcessFileName'));
  setText(event, 'process.executable', text('InitiatingProcessFolderPath'));
  setText(event, 'process.command_line', text('InitiatingProcessCommandLine'));
  number('InitiatingProcessId');
  setText(event, 'process.parent.name', text('InitiatingProcessParentFileName'));
}

const TABLES: readonly (readonly [RegExp, string])[] = [
  [/^DeviceProcess/, 'process'], [/^DeviceNetwork/, 'network'], [/^DeviceFile|^DeviceImage/, 'file'], [/^DeviceRegistry/, 'configuration'], [/^DeviceLogon|^IdentityLogon|^AADSignIn/, 'authentication'], [/^Email|^UrlClick/, 'email'], [/^Alert/, 'intrusion_detection'], [/^Identity/, 'iam'],
];

function classifyHunting(table: string, action: string, text: (name: string) => string | undefined, event: EcsEvent): void {
  event['event.category'] = TABLES.find(([words]) => words.test(table))?.[1] ?? 'host';
  event['event.type'] = 'info';
  const failed = /Failed/.test(action);
  if (event['event.category'] === 'authentication') {
    event['event.type'] = 'start';
    setAction(event, failed ? 'login_failed' : /Logoff/.test(action) ? 'logout' : 'login_succeeded', action);
  } else if (/^Alert/.test(table)) {
    event['event.kind'] = 'alert';
    setAction(event, 'detected', text('Title'));
  } else if (/^Antivirus(?:Detection|Report)|Exploit.*(?:Audited|Blocked)|Asr.*(?:Audited|Blocked)|SmartScreen.*|NetworkProtection/.test(action)) {
    event['event.kind'] = 'alert';
    event['event.category'] = 'malware';
    setAction(event, /Blocked|Warn/.test(action) ? 'blocked' : 'detected', action);
  } else if (table === 'EmailEvents') {
    const delivered = text('DeliveryAction') ?? '';
    setAction(event, /Block/i.test(delivered) ? 'blocked' : /Junk|Quarantin/i.test(delivered) || /Quarantine/i.test(text('DeliveryLocation') ?? '') ? 'quarantined' : text('ThreatTypes') === undefined ? 'mail_sent' : 'detected', delivered);
    if (text('ThreatTypes') !== undefined) event['event.kind'] = 'alert';
  } else if (/^UrlClick/.test(table)) {
    event['event.category'] = 'web';
    setAction(event, /Block/i.test(action) ? 'blocked' : 'allowed', action);
  } else if (event['event.category'] === 'network') {
    event['event.type'] = 'connection';
    setAction(event, failed || /Blocked/.test(action) ? (failed ? 'info' : 'blocked') : 'allowed', action);
  } else setAction(event, /TamperingAttempt|AntivirusScanCancelled|Disabled/.test(action) ? 'protection_disabled' : /UsbDriveMount|PnpDeviceConnected|RemovableStorage/.test(action) ? 'device_connected' : 'info', action);
  if (failed) event['event.outcome'] = 'failure';
  event.message ??= [table, action].join(' ').trim();
}

const ALERT = targets({
  id: 'event.id', providerAlertId: null, title: 'rule.name', alertDisplayName: 'rule.name', description: 'message', category: 'rule.category', severity: null, detectorId: 'rule.id', serviceSource: 'event.provider', detectionSource: 'rule.ruleset', alertWebUrl: 'rule.reference', mitreTechniques: null, createdDateTime: null, firstActivityDateTime: null, lastActivityDateTime: null, alertCreationTime: null, firstEventTime: null, lastEventTime: null, computerDnsName: 'host.name', machineId: 'device.id', threatFamilyName: null, evidence: null,
});

/** An alert of Defender: Graph security alerts (v2) and the older API of Defender for Endpoint. */
function alert(record: Record<string, unknown>, ctx: ParseContext): ParsedEvent {
  const { event, unmapped } = begin('alert', 'Microsoft Defender XDR');
  event['observer.type'] = 'endpoint';
  event['event.kind'] = 'alert';
  event['@timestamp'] = utc(textAt(record, 'createdDateTime') ?? textAt(record, 'alertCreationTime'), ctx);
  for (const [key, field] of [['firstActivityDateTime', 'event.start'], ['firstEventTime', 'event.start'], ['lastActivityDateTime', 'event.end'], ['lastEventTime', 'event.end']] as const) {
    const time = utc(textAt(record, key), ctx);
    if (!Number.isNaN(time)) event[field] = time;
  }
  tell(flatten(record, ctx), ALERT, event, unmapped, ctx);
  setText(event, 'threat.technique.id', textAt(record, 'mitreTechniques'));
  const severity = gradeOf(textAt(record, 'severity'));
  if (severity !== undefined) event['event.severity'] = severity;
  setText(event, 'log.level', textAt(record, 'severity')?.toLowerCase());
  let remediated: string | undefined;
  for (const item of recordsAt(record, 'evidence')) {
    remediated ??= /^(?:prevented|blocked|remediated|quarantined)$/i.exec(textAt(item, 'remediationStatus') ?? textAt(item, 'detectionStatus') ?? '')?.[0];
    readEvidence(item, event);
  }
  // The account of a process says who, where no evidence names a person.
  for (const item of recordsAt(record, 'evidence')) if (event['user.name'] === undefined && evidenceOf(item) === 'process') readPerson(item, event);
  const kind = `${textAt(record, 'category') ?? ''} ${textAt(record, 'title') ?? ''}`;
  const malware = /malware|ransom|trojan|virus|unwantedsoftware/i.test(kind.slice(0, 300));
  event['event.category'] = malware ? 'malware' : /phish|mail/i.test(kind.slice(0, 300)) ? 'email' : 'intrusion_detection';
  event['event.type'] = 'info';
  const word = remediated ?? (/prevented|blocked/i.exec(textAt(record, 'title') ?? '')?.[0]);
  setAction(event, word === undefined ? 'detected' : /quarantin/i.test(word) ? 'quarantined' : /remediat/i.test(word) ? 'cleaned' : 'blocked', word ?? textAt(record, 'status'));
  return parsed('m365', event, unmapped);
}

function evidenceOf(item: Record<string, unknown>): string {
  return (textAt(item, '@odata.type') ?? textAt(item, 'entityType') ?? '').replace('#microsoft.graph.security.', '').replace('Evidence', '').toLowerCase();
}

function readPerson(item: Record<string, unknown>, event: EcsEvent): void {
  const account = isRecord(item['userAccount']) ? item['userAccount'] : item;
  setText(event, 'user.name', textAt(account, 'accountName') ?? textAt(account, 'userPrincipalName') ?? textAt(item, 'primaryAddress'));
  setText(event, 'user.domain', textAt(account, 'domainName'));
  setText(event, 'user.email', textAt(account, 'userPrincipalName') ?? textAt(item, 'primaryAddress'));
  setText(event, 'user.id', textAt(account, 'userSid'));
}

/** Folder and name stand apart; some write the name behind the folder all the same. */
function wholePath(folder: string | undefined, name: string | undefined): string | undefined {
  if (folder === undefined || name === undefined) return folder;
  const cut = Math.max(folder.lastIndexOf('\\'), folder.lastIndexOf('/'));
  const rest = folder.slice(cut + 1);
  if (rest.toLowerCase() === name.toLowerCase()) return folder;
  const separator = folder.includes('/') && !folder.includes('\\') ? '/' : '\\';
  return rest === '' ? folder + name : folder + separator + name;
}

function readEvidence(item: Record<string, unknown>, event: EcsEvent): void {
  const type = evidenceOf(item);
  if (type === 'device') {
    setText(event, 'host.name', event['host.name'] ?? textAt(item, 'deviceDnsName') ?? textAt(item, 'hostName'));
    setText(event, 'host.os.name', event['host.os.name'] ?? textAt(item, 'osPlatform'));
    const ip = normaliseIp(textAt(item, 'lastIpAddress') ?? '');
    if (ip !== undefined) event['host.ip'] ??= ip;
  } else if (type === 'user' || type === 'mailbox') {
    if (event['user.name'] === undefined) readPerson(item, event);
  } else if (type === 'file' || type === 'process') {
    const file = isRecord(item['fileDetails']) ? item['fileDetails'] : isRecord(item['imageFile']) ? item['imageFile'] : item;
    const path = wholePath(textAt(file, 'filePath'), textAt(file, 'fileName'));
    const name = textAt(file, 'fileName');
    if (event['file.name'] === undefined || event['file.name'] === name) setText(event, 'file.path', event['file.path'] ?? path);
    setText(event, 'file.name', event['file.name'] ?? name);
    setText(event, 'file.hash.sha256', event['file.hash.sha256'] ?? textAt(file, 'sha256')?.toLowerCase());
    setText(event, 'file.hash.sha1', event['file.hash.sha1'] ?? textAt(file, 'sha1')?.toLowerCase());
    if (type === 'process') {
      const pid = Number(textAt(item, 'processId') ?? NaN);
      // Name, path, number and command line are of one process: the first.
      if (event['process.name'] === undefined && event['process.pid'] === undefined && event['process.command_line'] === undefined) {
        setText(event, 'process.name', textAt(file, 'fileName'));
        setText(event, 'process.executable', path);
        setText(event, 'process.command_line', textAt(item, 'processCommandLine'));
        if (Number.isSafeInteger(pid) && pid > 0) event['process.pid'] = pid;
      }
    }
  } else if (type === 'ip') {
    const ip = normaliseIp(textAt(item, 'ipAddress') ?? '');
    if (ip !== undefined) event['source.ip'] ??= ip;
  } else if (type === 'url' && event['url.full'] === undefined) setUrl(event, textAt(item, 'url'));
  else if (type === 'analyzedmessage') {
    setText(event, 'email.from.address', textAt(item, 'p2Sender', 'emailAddress') ?? textAt(item, 'p1Sender', 'emailAddress'));
    setText(event, 'email.to.address', textAt(item, 'recipientEmailAddress'));
    setText(event, 'email.subject', textAt(item, 'subject'));
    const ip = normaliseIp(textAt(item, 'senderIp') ?? '');
    if (ip !== undefined) event['source.ip'] ??= ip;
  }
}

const SIGN_IN = targets({ id: 'event.id', createdDateTime: null, userPrincipalName: null, userDisplayName: null, ipAddress: 'source.ip', appDisplayName: 'network.application', userAgent: 'user_agent.original', 'deviceDetail.displayName': 'host.name', 'deviceDetail.operatingSystem': 'host.os.name', 'location.countryOrRegion': 'source.geo.country_iso_code', 'status.failureReason': 'event.reason', 'status.errorCode': null, correlationId: null });

/** A sign-in of Entra ID, exported alone or in a diagnostic record. */
function signIn(record: Record<string, unknown>, row: Record<string, unknown>, ctx: ParseContext): ParsedEvent {
  const { event, unmapped } = begin('sign-in', 'Microsoft Entra ID');
  event['@timestamp'] = utc(textAt(row, 'createdDateTime') ?? textAt(record, 'time'), ctx);
  tell(flatten(row, ctx), SIGN_IN, event, unmapped, ctx);
  setClient(event, event['source.ip'] ?? textAt(record, 'callerIpAddress'));
  setAccount(event, textAt(row, 'userPrincipalName'));
  const code = textAt(row, 'status', 'errorCode') ?? textAt(record, 'resultType') ?? '0';
  if (code !== '0') event['error.code'] = code;
  event['event.category'] = 'authentication';
  event['event.type'] = 'start';
  setAction(event, code === '0' ? 'login_succeeded' : 'login_failed', code === '0' ? 'success' : (textAt(row, 'status', 'failureReason') ?? code));
  return parsed('m365', event, unmapped);
}
