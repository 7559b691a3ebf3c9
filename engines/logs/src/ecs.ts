/**
 * The frozen core of the Elastic Common Schema (ECS) that every parsed log line is told in.
 *
 * Names and meanings follow ECS 8/9 (https://www.elastic.co/guide/en/ecs/current/); the few names
 * under `banya.` are our own, because ECS has no word for them. The list is frozen: detection rules,
 * the events store and reports are written against it. Fields may be added, never renamed or removed.
 *
 * Two simplifications hold everywhere: `event.category` and `event.type` carry one value, not a list,
 * and dates are numbers (milliseconds since 1970-01-01T00:00:00Z).
 */

export type EcsType = 'keyword' | 'ip' | 'long' | 'float' | 'date' | 'boolean' | 'text';

export interface EcsField<T extends EcsType = EcsType> {
  readonly type: T;
  readonly description: string;
  /** True when the events store keeps the field in a column of its own. */
  readonly column: boolean;
}

const COLUMN = true;

function keyword(description: string, column = false): EcsField<'keyword'> {
  return { type: 'keyword', description, column };
}
function text(description: string, column = false): EcsField<'text'> {
  return { type: 'text', description, column };
}
function ip(description: string, column = false): EcsField<'ip'> {
  return { type: 'ip', description, column };
}
function long(description: string, column = false): EcsField<'long'> {
  return { type: 'long', description, column };
}
function float(description: string, column = false): EcsField<'float'> {
  return { type: 'float', description, column };
}
function date(description: string, column = false): EcsField<'date'> {
  return { type: 'date', description, column };
}
function boolean(description: string, column = false): EcsField<'boolean'> {
  return { type: 'boolean', description, column };
}

export const ECS = {
  '@timestamp': date('When it happened; the received time where the device clock cannot be believed', COLUMN),
  message: text('The readable part of the line', COLUMN),
  tags: keyword('Free label of the sender'),

  'event.kind': keyword('event | alert | metric | state', COLUMN),
  'event.category': keyword('network | intrusion_detection | malware | authentication | web | email | file | process | host | configuration | iam | session', COLUMN),
  'event.type': keyword('allowed | denied | start | end | info | error | change | connection | creation | deletion | access', COLUMN),
  'event.action': keyword('Normalised action, one of ACTIONS', COLUMN),
  'event.outcome': keyword('success | failure | unknown', COLUMN),
  'event.code': keyword('The vendor number of this kind of message (FortiGate logid, CEF signature id, Windows EventID)', COLUMN),
  'event.dataset': keyword('Family and stream, for example fortigate.traffic; unknown where nothing understood the line', COLUMN),
  'event.severity': long('0 (emergency) to 7 (debug), as in syslog', COLUMN),
  'event.duration': long('Duration in nanoseconds', COLUMN),
  'event.reason': keyword('Why it happened, in the words of the device'),
  'event.provider': keyword('Program or log channel that wrote the line'),
  'event.id': keyword('Identifier of this very event or session at the device'),
  'event.start': date('Start of what is reported'),
  'event.end': date('End of what is reported'),
  'event.risk_score': float('Risk score given by the device'),

  'observer.vendor': keyword('Maker of the device that reports', COLUMN),
  'observer.product': keyword('Product that reports', COLUMN),
  'observer.name': keyword('Name the device gives itself', COLUMN),
  'observer.serial_number': keyword('Serial number of the device', COLUMN),
  'observer.type': keyword('firewall | router | endpoint | mail-gateway | dhcp | server | webserver | proxy | ids'),
  'observer.version': keyword('Firmware or software version'),
  'observer.ip': ip('Address of the device'),
  'observer.ingress.interface.name': keyword('Interface the traffic came in by'),
  'observer.ingress.zone': keyword('Zone or role of that interface'),
  'observer.egress.interface.name': keyword('Interface the traffic went out by'),
  'observer.egress.zone': keyword('Zone or role of that interface'),

  'host.name': keyword('Computer the event is about', COLUMN),
  'host.ip': ip('Address of that computer', COLUMN),
  'host.mac': keyword('MAC address of that computer, AA-BB-CC-DD-EE-FF', COLUMN),
  'host.os.name': keyword('Operating system of that computer'),

  'source.ip': ip('Sender of the traffic', COLUMN),
  'source.port': long('Port of the sender', COLUMN),
  'source.bytes': long('Bytes sent by the source', COLUMN),
  'source.packets': long('Packets sent by the source'),
  'source.mac': keyword('MAC address of the sender, AA-BB-CC-DD-EE-FF'),
  'source.domain': keyword('Host name of the sender'),
  'source.geo.country_iso_code': keyword('Country of the sender, ISO 3166-1 alpha-2', COLUMN),
  'source.geo.country_name': keyword('Country of the sender as the device names it'),
  'source.nat.ip': ip('Sender after translation'),
  'source.nat.port': long('Port after translation'),

  'destination.ip': ip('Receiver of the traffic', COLUMN),
  'destination.port': long('Port of the receiver', COLUMN),
  'destination.bytes': long('Bytes sent by the destination', COLUMN),
  'destination.packets': long('Packets sent by the destination'),
  'destination.mac': keyword('MAC address of the receiver, AA-BB-CC-DD-EE-FF'),
  'destination.domain': keyword('Host name of the receiver', COLUMN),
  'destination.geo.country_iso_code': keyword('Country of the receiver, ISO 3166-1 alpha-2', COLUMN),
  'destination.geo.country_name': keyword('Country of the receiver as the device names it'),
  'destination.nat.ip': ip('Receiver after translation'),
  'destination.nat.port': long('Port after translation'),
  'destination.user.name': keyword('User acted upon'),

  'network.transport': keyword('tcp | udp | icmp | ipv6-icmp | gre | esp | ah | …', COLUMN),
  'network.protocol': keyword('Application protocol in lower case: http, dns, smtp, ssh …', COLUMN),
  'network.application': keyword('Application as the device recognises it', COLUMN),
  'network.direction': keyword('inbound | outbound | internal | external', COLUMN),
  'network.bytes': long('Bytes both ways'),
  'network.packets': long('Packets both ways'),
  'network.type': keyword('ipv4 | ipv6'),
  'network.iana_number': keyword('IP protocol number'),
  'network.name': keyword('Network or tunnel name'),
  'network.vlan.id': keyword('VLAN number'),

  'user.name': keyword('Account', COLUMN),
  'user.domain': keyword('Domain of the account', COLUMN),
  'user.id': keyword('Account number or SID'),
  'user.full_name': keyword('Name of the person who has the account'),
  'user.email': keyword('Mail address of the account'),
  'user.group.name': keyword('Group of the account'),

  'rule.id': keyword('Number of the policy, filter or signature that matched', COLUMN),
  'rule.name': keyword('Name of the policy, signature or malware that matched', COLUMN),
  'rule.category': keyword('Category of the rule (web category, application category)'),
  'rule.ruleset': keyword('Profile or sensor the rule belongs to'),
  'rule.reference': keyword('Address with more on the rule'),

  'threat.indicator.type': keyword('file | url | domain-name | ipv4-addr | email-addr'),
  'threat.indicator.name': keyword('The indicator itself'),
  'threat.technique.id': keyword('MITRE ATT&CK technique'),
  'threat.tactic.name': keyword('MITRE ATT&CK tactic'),
  'vulnerability.id': keyword('CVE number'),

  'url.full': keyword('Whole address', COLUMN),
  'url.domain': keyword('Host name in the address', COLUMN),
  'url.path': keyword('Path in the address'),
  'url.query': keyword('Query in the address'),
  'http.request.method': keyword('GET, POST …', COLUMN),
  'http.request.referrer': keyword('Referring address'),
  'http.response.status_code': long('Answer code', COLUMN),
  'http.response.bytes': long('Bytes of the answer'),
  'user_agent.original': keyword('User agent'),

  'dns.question.name': keyword('Name asked for', COLUMN),
  'dns.question.type': keyword('A, AAAA, MX …'),
  'dns.resolved_ip': ip('First address answered'),
  'dns.response_code': keyword('NOERROR, NXDOMAIN …'),

  'file.name': keyword('File name', COLUMN),
  'file.path': keyword('Whole path', COLUMN),
  'file.extension': keyword('Extension without the dot'),
  'file.size': long('Size in bytes'),
  'file.mime_type': keyword('Media type'),
  'file.hash.sha256': keyword('SHA-256 in lower-case hex', COLUMN),
  'file.hash.sha1': keyword('SHA-1 in lower-case hex'),
  'file.hash.md5': keyword('MD5 in lower-case hex'),

  'process.name': keyword('Program name', COLUMN),
  'process.pid': long('Process number'),
  'process.executable': keyword('Path of the program'),
  'process.command_line': keyword('Command line'),
  'process.parent.name': keyword('Program that started it'),
  'process.parent.executable': keyword('Path of that program'),
  'process.parent.command_line': keyword('Command line of that program'),
  'registry.path': keyword('Registry key and value'),
  'registry.data.strings': keyword('Data written'),
  'service.name': keyword('Service'),
  'device.id': keyword('Identifier of a removable device'),
  'device.model.name': keyword('Model of a removable device'),
  'device.serial_number': keyword('Serial number of a removable device'),

  'email.from.address': keyword('Sender', COLUMN),
  'email.to.address': keyword('First receiver', COLUMN),
  'email.subject': text('Subject', COLUMN),
  'email.message_id': keyword('Message-ID without its angle brackets'),
  'email.local_id': keyword('Queue number at the gateway'),
  'email.attachments.file.name': keyword('First attachment'),

  'error.message': text('Error text'),
  'error.code': keyword('Error code'),
  'log.level': keyword('Severity in the words of the device, lower case', COLUMN),
  'log.syslog.priority': long('PRI value'),
  'log.syslog.facility.code': long('Facility'),
  'log.syslog.severity.code': long('Severity of the PRI value'),
  'log.syslog.hostname': keyword('HOSTNAME in the syslog header'),
  'log.syslog.appname': keyword('APP-NAME or TAG'),
  'log.syslog.procid': keyword('PROCID'),
  'log.syslog.msgid': keyword('MSGID'),

  'banya.vendor_action': keyword("The device's own word for event.action"),
  'banya.device_time': date('What the device clock said, where it was not believed'),
  'banya.clock_suspect': boolean('True where the device clock was not believed'),
  'banya.truncated': boolean('True where the line was cut at the size limit'),
} as const;

export type EcsName = keyof typeof ECS;

type ValueOf<T extends EcsType> = T extends 'long' | 'float' | 'date' ? number : T extends 'boolean' ? boolean : string;

/** One event: dotted ECS name to value. No inherited keys; absent fields are absent, never null. */
export type EcsEvent = { [K in EcsName]?: ValueOf<(typeof ECS)[K]['type']> };

/** The names in the order of the table. */
export const ECS_NAMES: readonly EcsName[] = Object.freeze(Object.keys(ECS) as EcsName[]);

/** The names that are columns of the events store. */
export const ECS_COLUMNS: readonly EcsName[] = Object.freeze(ECS_NAMES.filter((name) => ECS[name].column));

/** True when `name` is in the frozen core. Safe for names from input. */
export function isEcsName(name: string): name is EcsName {
  return Object.hasOwn(ECS, name);
}

/**
 * Normalised values of `event.action`. The device's own word stays in `banya.vendor_action`.
 * A rule may rely on these words whatever the maker of the device.
 */
export const ACTIONS = {
  allowed: 'Traffic, mail, page or program was let through',
  blocked: 'Traffic, mail, page or program was stopped',
  detected: 'Something bad was seen and not stopped (monitor only, or the device does not say)',
  quarantined: 'File or mail was put aside',
  cleaned: 'File was disinfected or deleted',
  clean_failed: 'The product could not remove what it found',
  login_succeeded: 'Somebody signed in',
  login_failed: 'A sign-in was refused',
  logout: 'Somebody signed out',
  tunnel_up: 'A VPN tunnel or its user came up',
  tunnel_down: 'A VPN tunnel or its user went down',
  tunnel_failed: 'A VPN tunnel could not be negotiated',
  link_up: 'An interface or line came up',
  link_down: 'An interface or line went down',
  connected: 'A dial-up or PPP connection was made',
  disconnected: 'A dial-up or PPP connection ended',
  config_changed: 'Settings were changed or saved',
  account_changed: 'An account was added, changed or removed',
  firmware_updated: 'Firmware was replaced',
  restarted: 'The device started or restarted',
  update_succeeded: 'Signatures or patterns were updated',
  update_failed: 'Signatures or patterns could not be updated, or are out of date',
  license_expired: 'A licence ran out or is about to',
  agent_silent: 'An endpoint agent has not been heard of',
  protection_disabled: 'Protection was switched off',
  device_connected: 'A removable device was connected',
  device_blocked: 'A removable device was refused',
  scan_detected: 'A port or address scan or flood was seen',
  lease_assigned: 'DHCP gave or renewed an address',
  lease_released: 'DHCP took an address back or it expired',
  lease_exhausted: 'DHCP had no address to give',
  mail_sent: 'Mail was delivered or handed on',
  mail_deferred: 'Mail could not be delivered yet',
  mail_bounced: 'Mail could not be delivered',
  mail_rejected: 'Mail was refused at the door',
  resource_warning: 'Memory, disk, session table or temperature is near its limit',
  info: 'Anything else the device told',
} as const;

export type Action = keyof typeof ACTIONS;
