import { fold } from '../fold.ts';
import { Pipeline, type PipelineStep } from '../pipeline.ts';
import type { LogSource } from '../types.ts';
import { type EventInput, readField, textOf } from '../fields.ts';

/** Windows event log channels by the service names of the Sigma taxonomy. */
const CHANNELS: Readonly<Record<string, string | readonly string[]>> = {
  security: 'Security',
  system: 'System',
  application: 'Application',
  sysmon: 'Microsoft-Windows-Sysmon/Operational',
  powershell: ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'],
  'powershell-classic': 'Windows PowerShell',
  'dns-server': 'DNS Server',
  'dns-server-analytic': 'Microsoft-Windows-DNS-Server/Analytical',
  'dns-client': 'Microsoft-Windows-DNS Client Events/Operational',
  windefend: 'Microsoft-Windows-Windows Defender/Operational',
  'firewall-as': 'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall',
  taskscheduler: 'Microsoft-Windows-TaskScheduler/Operational',
  wmi: 'Microsoft-Windows-WMI-Activity/Operational',
  applocker: [
    'Microsoft-Windows-AppLocker/MSI and Script', 'Microsoft-Windows-AppLocker/EXE and DLL',
    'Microsoft-Windows-AppLocker/Packaged app-Deployment', 'Microsoft-Windows-AppLocker/Packaged app-Execution',
  ],
  'bits-client': 'Microsoft-Windows-Bits-Client/Operational',
  'codeintegrity-operational': 'Microsoft-Windows-CodeIntegrity/Operational',
  'driver-framework': 'Microsoft-Windows-DriverFrameworks-UserMode/Operational',
  ntlm: 'Microsoft-Windows-NTLM/Operational',
  'printservice-admin': 'Microsoft-Windows-PrintService/Admin',
  'printservice-operational': 'Microsoft-Windows-PrintService/Operational',
  'smbclient-security': 'Microsoft-Windows-SmbClient/Security',
  'terminalservices-localsessionmanager': 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational',
  'msexchange-management': 'MSExchange Management',
  'appxdeployment-server': 'Microsoft-Windows-AppXDeploymentServer/Operational',
  openssh: 'OpenSSH/Operational',
  'shell-core': 'Microsoft-Windows-Shell-Core/Operational',
  'capi2': 'Microsoft-Windows-CAPI2/Operational',
  'ldap': 'Microsoft-Windows-LDAP-Client/Debug',
  'appmodel-runtime': 'Microsoft-Windows-AppModel-Runtime/Admin',
  'appxpackaging-om': 'Microsoft-Windows-AppxPackaging/Operational',
  'certificateservicesclient-lifecycle-system': 'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
  'diagnosis-scripted': 'Microsoft-Windows-Diagnosis-Scripted/Operational',
  'iis-configuration': 'Microsoft-IIS-Configuration/Operational',
  'lsa-server': 'Microsoft-Windows-LSA/Operational',
  'security-mitigations': ['Microsoft-Windows-Security-Mitigations/Kernel Mode', 'Microsoft-Windows-Security-Mitigations/User Mode'],
  'microsoft-servicebus-client': 'Microsoft-ServiceBus-Client',
  'smbserver-connectivity': 'Microsoft-Windows-SMBServer/Connectivity',
  'smbclient-connectivity': 'Microsoft-Windows-SmbClient/Connectivity',
};

/** Sysmon event numbers by category (Sysmon manual, "Events"). */
const SYSMON: Readonly<Record<string, string | readonly string[]>> = {
  process_creation: '1',
  file_change: '2',
  network_connection: '3',
  sysmon_status: ['4', '16'],
  process_termination: '5',
  driver_load: '6',
  image_load: '7',
  create_remote_thread: '8',
  raw_access_thread: '9',
  process_access: '10',
  file_event: '11',
  registry_add: '12',
  registry_delete: '12',
  registry_set: '13',
  registry_rename: '14',
  registry_event: ['12', '13', '14'],
  create_stream_hash: '15',
  pipe_created: ['17', '18'],
  wmi_event: ['19', '20', '21'],
  dns_query: '22',
  file_delete: ['23', '26'],
  clipboard_capture: '24',
  process_tampering: '25',
  file_delete_detected: '26',
  file_block_executable: '27',
  file_executable_detected: '29',
  sysmon_error: '255',
};

const POWERSHELL = CHANNELS['powershell'] as readonly string[];

const CATEGORIES: readonly PipelineStep[] = [
  ...Object.entries(SYSMON).map(([category, id]): PipelineStep => ({
    when: { product: 'windows', category },
    require: [
      { Channel: CHANNELS['sysmon'] as string, EventID: id },
      ...(category === 'process_creation' ? [{ Channel: 'Security', EventID: '4688' }] : []),
    ],
  })),
  // The Security log tells process creation in other words.
  {
    when: { product: 'windows', category: 'process_creation' },
    fields: { Image: ['Image', 'NewProcessName'], ParentImage: ['ParentImage', 'ParentProcessName'], User: ['User', 'SubjectUserName'] },
  },
  { when: { product: 'windows', category: 'ps_script' }, require: [{ Channel: POWERSHELL, EventID: '4104' }] },
  { when: { product: 'windows', category: 'ps_module' }, require: [{ Channel: POWERSHELL, EventID: '4103' }] },
  { when: { product: 'windows', category: 'ps_classic_start' }, require: [{ Channel: 'Windows PowerShell', EventID: '400' }] },
  { when: { product: 'windows', category: 'ps_classic_provider_start' }, require: [{ Channel: 'Windows PowerShell', EventID: '600' }] },
];

/**
 * For Windows event log records flattened to their own names (`Channel`, `EventID`, `Provider_Name`, and the
 * names under EventData): turns `product: windows` log sources into conditions on channel and event number.
 */
export const windowsEventPipeline = new Pipeline([
  ...Object.entries(CHANNELS).map(([service, channel]): PipelineStep => ({ when: { product: 'windows', service }, require: [{ Channel: channel }] })),
  ...CATEGORIES,
]);

const SERVICE_OF_CHANNEL = new Map(Object.entries(CHANNELS).flatMap(([service, channels]) => [channels].flat().map((channel) => [fold(channel), service] as const)));
const SYSMON_CATEGORIES = new Map<string, string[]>();
for (const [category, ids] of Object.entries(SYSMON)) for (const id of [ids].flat()) SYSMON_CATEGORIES.set(id, [...(SYSMON_CATEGORIES.get(id) ?? []), category]);
const OTHER_CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['security 4688', 'process_creation'], ['powershell 4104', 'ps_script'], ['powershell 4103', 'ps_module'],
  ['powershell-classic 400', 'ps_classic_start'], ['powershell-classic 600', 'ps_classic_provider_start'],
]);

/** The log sources of a Windows event log record, for the `logsource` option of `compileRules`. */
export function windowsLogsources(event: EventInput): readonly LogSource[] {
  const channel = textOf(readField(event, 'Channel'));
  if (channel === null) return ANY_WINDOWS;
  let lists = LISTS.get(channel);
  if (lists === undefined) {
    lists = { service: SERVICE_OF_CHANNEL.get(fold(channel)), byId: new Map() };
    if (LISTS.size < MAX_CHANNELS) LISTS.set(channel, lists);
  }
  const { service, byId } = lists;
  if (service === undefined) return ANY_WINDOWS;
  const id = textOf(readField(event, 'EventID')) ?? '';
  let list = byId.get(id);
  if (list === undefined) {
    const other = OTHER_CATEGORIES.get(`${service} ${id}`);
    const categories = service === 'sysmon' ? (SYSMON_CATEGORIES.get(id) ?? []) : other === undefined ? [] : [other];
    list = Object.freeze(categories.length === 0 ? [{ product: 'windows', service }] : categories.map((category) => ({ product: 'windows', service, category })));
    if (byId.size < MAX_IDS) byId.set(id, list);
  }
  return list;
}

const MAX_CHANNELS = 256;
const MAX_IDS = 2_048;
/** By channel as it is written, then by event number: a rule set knows the same list again without comparing. */
const LISTS = new Map<string, { readonly service: string | undefined; readonly byId: Map<string, readonly LogSource[]> }>();
const ANY_WINDOWS: readonly LogSource[] = Object.freeze([{ product: 'windows' }]);

/**
 * A record in the shape converters of EVTX files write (`{"Event": {"System": …, "EventData": …}}`, attributes under
 * `#attributes`), flattened to the names this pipeline and Sigma rules use. Null where it is not of that shape.
 */
export function flattenWindowsEvent(record: unknown): Record<string, unknown> | null {
  const event = isRecord(record) ? record['Event'] : undefined;
  const system = isRecord(event) ? event['System'] : undefined;
  if (!isRecord(event) || !isRecord(system)) return null;
  const out = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(system)) {
    if (!isRecord(value)) out[name] = value;
    else {
      const attributes = value['#attributes'];
      if (isRecord(attributes)) for (const [attribute, inner] of Object.entries(attributes)) out[`${name}_${attribute}`] = inner;
      if ('#text' in value) out[name] = value['#text'];
    }
  }
  for (const part of ['EventData', 'UserData']) flattenInto(event[part], out, 0);
  return out;
}

function flattenInto(part: unknown, out: Record<string, unknown>, depth: number): void {
  if (!isRecord(part) || depth > 16) return;
  for (const [name, value] of Object.entries(part)) {
    if (name === '#attributes') continue;
    if (isRecord(value)) flattenInto(value, out, depth + 1);
    else out[name] = value;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
