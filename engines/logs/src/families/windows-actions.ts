/** What Windows events mean, by channel and number (Microsoft Learn: "Appendix L: Events to monitor", "Microsoft Defender Antivirus event IDs"; Sysmon manual). */
import type { Action, EcsEvent } from '../ecs.ts';
import { gradeOf, setAction, setText } from './family.ts';

type Get = (name: string) => string | undefined;

/** Channels by the service names of the Sigma taxonomy. */
const STREAMS: ReadonlyMap<string, string> = new Map([
  ['security', 'security'], ['system', 'system'], ['application', 'application'], ['setup', 'setup'], ['microsoft-windows-sysmon/operational', 'sysmon'], ['microsoft-windows-powershell/operational', 'powershell'], ['powershellcore/operational', 'powershell'], ['windows powershell', 'powershell-classic'], ['microsoft-windows-windows defender/operational', 'windefend'],
  ['microsoft-windows-windows firewall with advanced security/firewall', 'firewall-as'], ['microsoft-windows-taskscheduler/operational', 'taskscheduler'], ['microsoft-windows-wmi-activity/operational', 'wmi'], ['microsoft-windows-terminalservices-localsessionmanager/operational', 'terminalservices-localsessionmanager'], ['microsoft-windows-terminalservices-remoteconnectionmanager/operational', 'terminalservices-remoteconnectionmanager'],
  ['microsoft-windows-driverframeworks-usermode/operational', 'driver-framework'], ['microsoft-windows-bits-client/operational', 'bits-client'], ['microsoft-windows-codeintegrity/operational', 'codeintegrity-operational'], ['microsoft-windows-ntlm/operational', 'ntlm'], ['microsoft-windows-dns client events/operational', 'dns-client'], ['dns server', 'dns-server'], ['openssh/operational', 'openssh'], ['microsoft-windows-smbclient/security', 'smbclient-security'], ['microsoft-windows-printservice/operational', 'printservice-operational'], ['microsoft-windows-printservice/admin', 'printservice-admin'],
]);

export function streamOfChannel(channel: string): string {
  const key = channel.toLowerCase();
  if (key.startsWith('microsoft-windows-applocker/')) return 'applocker';
  return STREAMS.get(key) ?? 'other';
}

interface Meaning {
  readonly category: string;
  readonly type: string;
  readonly action: Action;
  readonly kind?: 'alert';
}

function meaning(category: string, type: string, action: Action, kind?: 'alert'): Meaning {
  return kind === undefined ? { category, type, action } : { category, type, action, kind };
}

const signIn = meaning('authentication', 'start', 'login_succeeded');
const refused = meaning('authentication', 'start', 'login_failed');
const signOut = meaning('authentication', 'end', 'logout');
const account = meaning('iam', 'change', 'account_changed');
const settings = meaning('configuration', 'change', 'config_changed');
const cleared = meaning('configuration', 'deletion', 'config_changed', 'alert');
const started = meaning('process', 'start', 'info');
const ended = meaning('process', 'end', 'info');
const restart = meaning('host', 'info', 'restarted');
const file = meaning('file', 'access', 'info');
const registry = meaning('configuration', 'change', 'info');
const passed = meaning('network', 'allowed', 'allowed');
const stopped = meaning('network', 'denied', 'blocked');
const off = meaning('configuration', 'change', 'protection_disabled', 'alert');
const device = meaning('host', 'info', 'device_connected');
const found = meaning('malware', 'info', 'detected', 'alert');

function all(ids: readonly number[], what: Meaning): [string, Meaning][] {
  return ids.map((id) => [String(id), what]);
}

const TABLES: Readonly<Record<string, ReadonlyMap<string, Meaning>>> = {
  security: new Map([
    ['4624', signIn], ['4648', meaning('authentication', 'start', 'info')], ['4625', refused], ...all([4634, 4647, 4779], signOut), ['4778', signIn], ...all([4768, 4769, 4770, 4776], signIn), ...all([4771, 4772, 4773, 4777], refused), ['4740', meaning('iam', 'change', 'account_changed', 'alert')],
    ...all([4720, 4722, 4723, 4724, 4725, 4726, 4738, 4741, 4742, 4743, 4765, 4767, 4780, 4781, 4727, 4728, 4729, 4730, 4731, 4732, 4733, 4734, 4735, 4737, 4754, 4755, 4756, 4757, 4758, 4764, 4798, 4799], account),
    ['1102', cleared], ['1100', meaning('configuration', 'info', 'protection_disabled')], ...all([4719, 4739, 4713, 4706, 4715, 4902, 4904, 4905, 4907, 4912, 4946, 4947, 4948, 4950, 4954, 4956, 5136, 5137, 5141, 4697, 4698, 4699, 4700, 4701, 4702], settings), ['5025', off], ...all([4608, 4609], restart),
    ['4688', started], ['4689', ended], ...all([4656, 4658, 4660, 4663, 4670, 5140, 5142, 5143, 5144, 5145], file), ['4657', registry], ...all([5154, 5156, 5158], passed), ...all([5150, 5151, 5152, 5155, 5157, 5159], stopped), ['6416', device], ['6419', device], ['6423', meaning('host', 'denied', 'device_blocked', 'alert')],
  ]),
  system: new Map([['7045', settings], ['7040', settings], ['104', cleared], ...all([12, 13, 41, 1074, 6005, 6006, 6008], restart), ['7034', meaning('host', 'error', 'info')], ['19', meaning('host', 'info', 'update_succeeded')], ['20', meaning('host', 'error', 'update_failed')], ['2013', meaning('host', 'error', 'resource_warning')], ['20001', device]]),
  sysmon: new Map([
    ['1', started], ['2', meaning('file', 'change', 'info')], ['3', meaning('network', 'connection', 'allowed')], ['5', ended], ['6', meaning('process', 'info', 'info')], ['7', meaning('process', 'info', 'info')], ...all([8, 9, 10, 25], meaning('process', 'access', 'info')), ['11', meaning('file', 'creation', 'info')], ...all([12, 13, 14], registry), ['15', meaning('file', 'creation', 'info')],
    ['16', settings], ['4', meaning('configuration', 'info', 'info')], ...all([17, 18], meaning('file', 'access', 'info')), ...all([19, 20, 21], settings), ['22', meaning('network', 'info', 'info')], ...all([23, 26], meaning('file', 'deletion', 'info')), ['24', meaning('host', 'info', 'info')], ...all([27, 28], meaning('file', 'denied', 'blocked', 'alert')), ['29', meaning('file', 'creation', 'info')], ['255', meaning('host', 'error', 'info')],
  ]),
  powershell: new Map([...all([4103, 4104, 53504, 40961, 40962], meaning('process', 'start', 'info'))]),
  'powershell-classic': new Map([...all([400, 403, 600, 800], meaning('process', 'start', 'info'))]),
  windefend: new Map([
    ...all([1006, 1015, 1116], found), ...all([1007, 1117], meaning('malware', 'info', 'blocked', 'alert')), ...all([1008, 1118, 1119], meaning('malware', 'error', 'clean_failed', 'alert')), ...all([2000, 2002, 2010], meaning('host', 'info', 'update_succeeded')), ...all([2001, 2003, 2004, 2005, 2006, 2012], meaning('host', 'error', 'update_failed')),
    ...all([5001, 5010, 5012, 5013, 5008], off), ['5004', settings], ['5007', settings], ...all([1121, 1125, 1127], meaning('intrusion_detection', 'denied', 'blocked', 'alert')), ...all([1122, 1126, 1128], meaning('intrusion_detection', 'info', 'detected', 'alert')), ['1013', settings],
  ]),
  'firewall-as': new Map([...all([2002, 2003, 2004, 2005, 2006, 2033, 2071, 2073, 2097], settings)]),
  taskscheduler: new Map([...all([106, 140, 141], settings), ...all([129, 200, 201], meaning('process', 'start', 'info'))]),
  'terminalservices-localsessionmanager': new Map([...all([21, 22, 25], signIn), ...all([23, 24], signOut)]),
  'terminalservices-remoteconnectionmanager': new Map([['1149', signIn]]),
  'driver-framework': new Map([...all([2003, 2100], device)]),
  applocker: new Map([...all([8004, 8007, 8022, 8025], meaning('process', 'denied', 'blocked', 'alert')), ...all([8003, 8006, 8021, 8024], meaning('process', 'info', 'detected'))]),
  'smbclient-security': new Map([['31001', refused]]),
};

const TARGET_IS_USER = new Set(['4624', '4625', '4634', '4647', '4768', '4769', '4770', '4771', '4776', '4778', '4779']);

/** Category, action, outcome and the people of an event. */
export function classifyWindows(stream: string, id: string, get: Get, event: EcsEvent): void {
  setPeople(stream, id, get, event);
  let known = TABLES[stream]?.get(id);
  const status = get('Status') ?? get('ResultCode') ?? get('ErrorCode');
  // The domain controller writes success and failure of a ticket or a password under one number.
  if (known === signIn && stream === 'security' && status !== undefined && /^(?:4768|4769|4770|4776)$/.test(id) && !/^0x0*$|^0$/.test(status)) known = refused;
  if (known === undefined) {
    event['event.category'] = 'host';
    event['event.type'] = 'info';
    setAction(event, 'info', get('EventType'));
    if (event['log.level'] === 'error' || event['log.level'] === 'critical') event['event.type'] = 'error';
    if (auditFailed(get)) event['event.outcome'] = 'failure';
    return;
  }
  if (known.kind !== undefined) event['event.kind'] = known.kind;
  event['event.category'] = known.category;
  event['event.type'] = known.type;
  let { action } = known;
  if (stream === 'windefend') action = readDefender(known, get, event);
  setAction(event, action, get('EventType') ?? get('Action Name'));
  if (action === 'info' && known.category !== 'host') event['event.outcome'] = 'success';
  if (auditFailed(get) && action !== 'blocked') event['event.outcome'] = 'failure';
}

/** The keyword of an audit that failed. */
function auditFailed(get: Get): boolean {
  const words = get('Keywords') ?? '';
  return /^0x8010000000000000$/i.test(words) || /Audit Failure/i.test(words) || get('EventType') === 'AUDIT_FAILURE';
}

function readDefender(known: Meaning, get: Get, event: EcsEvent): Action {
  setText(event, 'rule.name', get('Threat Name') ?? get('ThreatName'));
  setText(event, 'rule.category', get('Category Name'));
  setText(event, 'rule.id', get('Threat ID') ?? get('ID'));
  const path = get('Path')?.replace(/^(?:file|containerfile|process|regkey):_/, '');
  setText(event, 'file.path', path?.split('; ', 1)[0]);
  setText(event, 'file.name', event['file.path']?.slice(event['file.path'].lastIndexOf('\\') + 1));
  const severity = gradeOf(get('Severity Name') === 'Severe' ? 'critical' : get('Severity Name'));
  if (severity !== undefined) event['event.severity'] = severity;
  if (known.action !== 'blocked' || known.category !== 'malware') return known.action;
  const word = get('Action Name') ?? '';
  return /quarantin|検疫|隔離/i.test(word) ? 'quarantined' : /remove|clean|削除|駆除/i.test(word) ? 'cleaned' : /allow|許可|not applicable|no action/i.test(word) ? 'detected' : 'blocked';
}

/** Who acted, and upon whom. */
function setPeople(stream: string, id: string, get: Get, event: EcsEvent): void {
  const subject = get('SubjectUserName');
  const target = get('TargetUserName') ?? get('TargetUser');
  if (stream === 'security' && TARGET_IS_USER.has(id)) {
    setText(event, 'user.name', target ?? get('AccountName'));
    setText(event, 'user.domain', get('TargetDomainName'));
    setText(event, 'user.id', get('TargetUserSid') ?? get('TargetSid'));
    return;
  }
  const whole = get('User') ?? get('SourceUser') ?? get('Detection User') ?? get('UserContext') ?? get('Param1');
  if (subject !== undefined) {
    event['user.name'] = subject;
    setText(event, 'user.domain', get('SubjectDomainName'));
    setText(event, 'user.id', get('SubjectUserSid'));
    if (target !== undefined && target !== subject) event['destination.user.name'] = target;
    return;
  }
  if (whole !== undefined && whole.includes('\\')) {
    event['user.name'] = whole.slice(whole.indexOf('\\') + 1);
    event['user.domain'] = whole.slice(0, whole.indexOf('\\'));
  } else setText(event, 'user.name', target ?? (stream === 'sysmon' || stream.startsWith('terminal') ? whole : undefined) ?? get('AccountName'));
  if (stream === 'terminalservices-remoteconnectionmanager') setText(event, 'user.domain', event['user.domain'] ?? get('Param2'));
  setText(event, 'user.id', get('Security_UserID'));
}
