import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { StartError } from './errors.ts';
import { isRange } from './http/address.ts';
import { insidePlace } from './identity/outbound.ts';

/**
 * Settings of one process. Weakest first: banya.config.json (in the working folder or --config), environment
 * (BANYA_…), flags. Every error names the key, where it came from, and what to write instead.
 */
const port = z.coerce.number().int().min(0).max(65535);
const names = z.string().transform((s) => s.split(',').map((p) => p.trim()).filter(Boolean)).or(z.array(z.string()));
const isNameServer = (entry: string): boolean => {
  const [, v6, v4, port = '53'] = isIP(entry) === 0 ? (/^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(entry) ?? []) : [];
  return isIP(entry) !== 0 || ((v6 === undefined ? isIP(v4 ?? '') === 4 : isIP(v6) === 6) && Number(port) >= 1 && Number(port) <= 65_535);
};
const schema = z.object({
  data: z.string().min(1).default('./data'),
  host: z.string().min(1).default('127.0.0.1'),
  port: port.default(8420),
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  tlsCert: z.string().optional(),
  tlsKey: z.string().optional(),
  syslogHost: z.string().min(1).default('0.0.0.0'),
  syslogPort: port.default(5514),
  syslogTlsPort: port.optional(),
  syslogTlsCa: z.string().optional(),
  smtpHost: z.string().min(1).default('127.0.0.1'),
  smtpPort: port.default(2525),
  mailDomain: z.string().trim().toLowerCase().max(180).regex(/^[a-z0-9](?:[a-z0-9-]*\.)*[a-z0-9-]+$/, 'write the part behind the @, for example banya.example.jp').optional(),
  mailRelays: names.pipe(z.array(z.string().refine(isRange, 'an entry is no address and no range; write for example 192.0.2.10 or 10.0.0.0/8'))).default([]),
  mailAuthserv: z.string().trim().toLowerCase().max(253).optional(),
  mailDns: names.pipe(z.array(z.string().refine((entry) => entry === 'system' || isNameServer(entry), 'an entry is no address of a name server; write system, or for example 192.0.2.53 or [2001:db8::53]:5353, or leave it out to ask nobody')).refine((entries) => entries.length <= 1 || !entries.includes('system'), 'system stands alone')).default([]),
  mailboxInsideHosts: names.pipe(z.array(z.string().refine((entry) => insidePlace(entry) !== null, 'an entry is no host; write for example imap.example.lan or imap.example.lan:1993'))).default([]),
  outlookAddin: z.stringbool().or(z.boolean()).default(false),
  role: z.enum(['all', 'web', 'ingest', 'worker']).default('all'),
  demo: z.stringbool().or(z.boolean()).default(false),
  json: z.stringbool().or(z.boolean()).default(false),
  databaseUrl: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  eventsUrl: z.url({ protocol: /^https?$/ }).optional(),
  masterKey: z.base64().length(44).optional(),
  metricsToken: z.string().min(24).optional(),
  // One mistake in the list would let a forged X-Forwarded-For pass, or trust nobody: said at the start.
  trustedProxies: names.pipe(z.array(z.string().refine(isRange, 'an entry is no address and no range; write for example 192.0.2.10 or 10.0.0.0/8'))).default([]),
  ssoInsideHosts: names.pipe(z.array(z.string().refine((entry) => insidePlace(entry) !== null, 'an entry is no host; write for example idp.example.lan or idp.example.lan:8443'))).default([]),
  webhookInsideHosts: names.pipe(z.array(z.string().refine((entry) => insidePlace(entry) !== null, 'an entry is no host; write for example chat.example.lan or chat.example.lan:8443'))).default([]),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug']).default('info'),
  findingsDays: z.coerce.number().int().min(0).refine((days) => days === 0 || days >= 100, 'use 100 days or more, so that two months’ reports can be made again, or 0 to keep all').default(400),
  diskFloorBytes: z.coerce.number().int().min(0).default(2 * 1024 ** 3),
  diskFloorShare: z.coerce.number().min(0).max(0.5).default(0.05),
});
export type Config = z.output<typeof schema>;
export type ConfigKey = keyof Config;

/** The folder of what makes starting cheap; it may be deleted at any time. */
export const cacheOf = (config: Pick<Config, 'data'>): string => join(config.data, 'cache');

/** Never shown, and never given as flags, where every user of the machine can read them. */
const secretKeys = new Set<ConfigKey>(['masterKey', 'metricsToken', 'databaseUrl', 'eventsUrl']);
/** syslogPort → BANYA_SYSLOG_PORT */
export const environmentName = (key: string): string => 'BANYA_' + key.replace(/[A-Z]/g, (c) => '_' + c).toUpperCase();
/** syslogPort → --syslog-port */
export const flagName = (key: string): string => '--' + key.replace(/[A-Z]/g, (c) => '-' + c.toLowerCase());
const keys = Object.keys(schema.shape) as ConfigKey[];
const booleans = new Set<ConfigKey>(['demo', 'json', 'outlookAddin']);

/** One line each for `banya start --help`. */
const about: Readonly<Record<ConfigKey, string>> = {
  data: 'folder for everything that is kept',
  host: 'address the pages are served at',
  port: 'port of the pages',
  publicUrl: 'address that people type; passkeys belong to its name',
  tlsCert: 'certificate (PEM), with --tls-key',
  tlsKey: 'key of the certificate (PEM)',
  syslogHost: 'address that takes syslog',
  syslogPort: 'port of syslog (UDP and TCP)',
  syslogTlsPort: 'port of syslog over TLS, with the certificate',
  syslogTlsCa: 'who issued the certificates of senders (PEM)',
  smtpHost: 'address that takes mail',
  smtpPort: 'port that takes mail (SMTP)',
  mailDomain: 'what stands behind the @ of the addresses here; with it, mails to people can be answered',
  mailRelays: 'addresses of your own mail servers that hand mail on to Banya, commas between',
  mailAuthserv: 'name your mail server writes into Authentication-Results; believed from --mail-relays only',
  mailDns: 'name servers to ask about the senders of mails that are checked: system, or addresses, commas between; without it no name is looked up',
  mailboxInsideHosts: 'hosts of members’ mailboxes (IMAP) that may have an inside address, as host (ports 993 and 143) or host:port, commas between',
  outlookAddin: 'serve the report button for Outlook; its page loads a script of Microsoft, and it needs an https --public-url',
  role: 'what this process does: all, web, ingest or worker',
  demo: 'show a federation of invented people, in a folder of its own',
  json: 'say what was started as one line of JSON',
  databaseUrl: 'PostgreSQL instead of the embedded database',
  eventsUrl: 'ClickHouse instead of the embedded store of logs',
  masterKey: '32 bytes as base64, instead of master.key in the data folder',
  metricsToken: 'token (24 characters or more) that a program sends to read /metrics',
  trustedProxies: 'addresses of proxies whose X-Forwarded-For is believed, commas between',
  webhookInsideHosts: 'hosts that notices may be posted to though they have an inside address, as host or host:port (443), commas between',
  ssoInsideHosts: 'hosts of members’ own sign-in (OIDC) that may have an inside address, as host or host:port (443), commas between',
  logLevel: 'fatal, error, warn, info or debug',
  findingsDays: 'days after which closed findings are deleted; 0: never',
  diskFloorBytes: 'bytes that must stay free for lines to be taken in; 0: no limit',
  diskFloorShare: 'the same as a share of the disk; the larger of the two counts',
};

/** All options of start, with the names in the environment. */
export function startHelp(): string {
  const defaults = schema.parse({}) as Readonly<Record<string, unknown>>;
  const rows = keys.map((key) => {
    const preset = defaults[key];
    const name = secretKeys.has(key) ? environmentName(key) : `${flagName(key)}${booleans.has(key) ? '' : ' …'}`;
    return `  ${name.padEnd(24)}${about[key]}${preset === undefined || preset === false || (Array.isArray(preset) && preset.length === 0) ? '' : ` (${String(preset)})`}`;
  });
  return `banya start [options]\n\n${rows.join('\n')}\n  ${'--config …'.padEnd(24)}file with settings as JSON (banya.config.json)\n\nEach option also goes by the environment: --syslog-port is ${environmentName('syslogPort')}. Secrets go by the environment alone.\n`;
}

function fromFlags(args: readonly string[]): { values: Partial<Record<ConfigKey, unknown>>; configFile: string | undefined } {
  const values: Partial<Record<ConfigKey, unknown>> = {};
  let configFile: string | undefined;
  const byFlag = new Map(keys.filter((k) => !secretKeys.has(k)).map((k) => [flagName(k), k]));
  for (let i = 0; i < args.length; i++) {
    const [flag = '', inline] = args[i]!.split(/=(.*)/s, 2);
    if (flag === '--config') {
      configFile = inline ?? args[++i];
      continue;
    }
    const key = byFlag.get(flag);
    if (!key) throw new StartError(`${flag} is not an option of start.`, `Options: ${[...byFlag.keys(), '--config'].join(' ')}`);
    if (booleans.has(key)) values[key] = inline ?? true;
    else {
      const value = inline ?? args[++i];
      if (value === undefined) throw new StartError(`${flag} needs a value.`, `For example: ${flag} ${key === 'port' ? '8420' : '…'}`);
      values[key] = value;
    }
  }
  return { values, configFile };
}

function fromFile(file: string | undefined): Record<string, unknown> {
  const path = resolve(file ?? 'banya.config.json');
  if (!existsSync(path)) {
    if (file) throw new StartError(`The configuration file ${path} does not exist.`, 'Check the path after --config.');
    return {};
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new StartError(`The configuration file ${path} is not JSON: ${(error as Error).message}`, 'Correct the named place, or remove the file.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new StartError(`The configuration file ${path} must hold one JSON object.`, '{ "port": 8420 }');
  for (const key of Object.keys(parsed)) if (!keys.includes(key as ConfigKey)) throw new StartError(`${path}: "${key}" is not a setting.`, `Settings: ${keys.join(', ')}`);
  return parsed as Record<string, unknown>;
}

export function loadConfig(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): Config {
  const flags = fromFlags(args);
  const file = fromFile(flags.configFile ?? environment.BANYA_CONFIG);
  const merged: Record<string, unknown> = { ...file };
  const from = new Map<string, string>(Object.keys(file).map((k) => [k, `"${k}" in the configuration file`]));
  for (const key of keys) {
    const value = environment[environmentName(key)];
    if (value !== undefined && value !== '') {
      merged[key] = value;
      from.set(key, environmentName(key));
    }
  }
  for (const [key, value] of Object.entries(flags.values)) {
    merged[key] = value;
    from.set(key, flagName(key));
  }
  const result = schema.safeParse(merged);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const key = String(issue.path[0]) as ConfigKey;
    const shown = secretKeys.has(key) ? '(hidden)' : JSON.stringify(merged[key]);
    throw new StartError(`${from.get(key) ?? key} is ${shown}: ${issue.message}.`, `Set ${secretKeys.has(key) ? '' : `${flagName(key)}, `}${environmentName(key)} or "${key}" in banya.config.json.`);
  }
  const config = result.data;
  if (config.role !== 'all' && (!config.databaseUrl || !config.eventsUrl))
    throw new StartError(`--role ${config.role} needs both stores as servers.`, 'Set BANYA_DATABASE_URL (PostgreSQL) and BANYA_EVENTS_URL (ClickHouse), or leave --role out.');
  if (config.role !== 'all' && !config.masterKey)
    throw new StartError(`--role ${config.role} needs the master key that all processes share.`, 'Set BANYA_MASTER_KEY to the same value for each, for instance from: openssl rand -base64 32');
  if (Boolean(config.tlsCert) !== Boolean(config.tlsKey)) throw new StartError('--tls-cert and --tls-key belong together.', 'Give both files (PEM), or neither and put a reverse proxy in front.');
  if (config.outlookAddin && !config.publicUrl?.startsWith('https:')) throw new StartError('--outlook-addin needs an https address.', 'Set --public-url https://… as people type it: Outlook loads nothing else.');
  if (config.demo && config.role !== 'all') throw new StartError('--demo runs in one process.', 'Leave --role out.');
  return { ...config, data: resolve(config.data) };
}

/** The part behind the @ of Banya's own addresses, and whether the operator has set it: only then may people be told to write there. */
export function mailDomainOf(config: Pick<Config, 'mailDomain'>, publicUrl: string): { readonly domain: string; readonly on: boolean } {
  return { domain: config.mailDomain ?? new URL(publicUrl).hostname.replace(/^\[|\]$/g, '').toLowerCase(), on: config.mailDomain !== undefined };
}

/** Bytes that must stay free on the disk of the data folder, for lines to be taken. */
export async function diskFloor(config: Pick<Config, 'data' | 'diskFloorBytes' | 'diskFloorShare'>): Promise<number> {
  if (config.diskFloorBytes === 0) return 0;
  const disk = await statfs(config.data);
  return Math.max(config.diskFloorBytes, Math.floor(disk.blocks * disk.bsize * config.diskFloorShare));
}
