/** The command line of the relay. */
import { parseArgs } from 'node:util';

export interface RelayOptions {
  readonly server: URL;
  readonly source: string;
  /** Where the token comes from; the file is read again whenever the server refuses the token. */
  readonly token: { readonly file: string } | { readonly value: string; readonly onCommandLine: boolean };
  readonly host: string;
  readonly port: number;
  readonly spool: string;
  readonly spoolMaxBytes: number;
  readonly caFile?: string;
  /** 0 opens no status page. */
  readonly statusPort: number;
}

export const USAGE = `banya-relay: collects syslog on your network and hands it to your Banya.

  banya-relay --server https://banya.example.jp --source SOURCE --token-file FILE

  --server URL        address of your Banya (https; plain http only to this very computer)
  --source SOURCE     the source this relay sends as, as shown when it was registered
  --token-file FILE   file with the token; or put it into the environment variable BANYA_RELAY_TOKEN
  --token TOKEN       the token itself; other users of this computer can see it
  --listen ADDR:PORT  where devices send to, UDP and TCP (default 0.0.0.0:514)
  --spool DIR         folder for lines that wait (default ./banya-relay-spool)
  --spool-max SIZE    most they may take: 500MiB, 1GiB … (default 1GiB); the oldest are dropped beyond it
  --ca FILE           certificate of your own authority (PEM)
  --status-port PORT  status page on http://127.0.0.1:PORT (default 5580, 0 for none)

One relay per spool folder. HTTPS_PROXY and NO_PROXY are honoured.`;

/** A mistake on the command line, told to the person who typed it. */
export class UsageError extends Error {}

/** @throws UsageError with what to do about it. */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): RelayOptions {
  const text = { type: 'string' } as const;
  let values: Record<string, string | undefined>;
  try {
    ({ values } = parseArgs({ args: [...args], options: { server: text, source: text, token: text, 'token-file': text, listen: text, spool: text, 'spool-max': text, ca: text, 'status-port': text } }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { host, port } = readListen(values['listen'] ?? '0.0.0.0:514');
  return {
    server: readServer(values['server'] ?? env['BANYA_RELAY_SERVER']),
    source: readSource(values['source'] ?? env['BANYA_RELAY_SOURCE']),
    token: readTokenOption(values, env),
    host,
    port,
    spool: values['spool'] ?? 'banya-relay-spool',
    spoolMaxBytes: readSize(values['spool-max'] ?? '1GiB'),
    ...(values['ca'] === undefined ? {} : { caFile: values['ca'] }),
    statusPort: readPort(values['status-port'] ?? '5580', '--status-port'),
  };
}

function readServer(text: string | undefined): URL {
  if (text === undefined) throw new UsageError('--server is missing: the address of your Banya, for instance https://banya.example.jp');
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new UsageError(`--server ${text} is not an address like https://banya.example.jp`);
  if (url.username !== '' || url.password !== '') throw new UsageError('--server must not contain a password');
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !local) throw new UsageError('Plain http would show the token and all lines on the way. Use https.');
  return url;
}

function readSource(text: string | undefined): string {
  if (text === undefined || !/^[A-Za-z0-9._-]{1,100}$/.test(text)) throw new UsageError('--source is missing: the source shown when the relay was registered');
  return text;
}

function readTokenOption(values: Record<string, string | undefined>, env: Readonly<Record<string, string | undefined>>): RelayOptions['token'] {
  const file = values['token-file'] ?? env['BANYA_RELAY_TOKEN_FILE'];
  if (file !== undefined) return { file };
  if (values['token'] !== undefined) return { value: values['token'], onCommandLine: true };
  const value = env['BANYA_RELAY_TOKEN'];
  if (value !== undefined && value !== '') return { value, onCommandLine: false };
  throw new UsageError('No token: give --token-file FILE, or set BANYA_RELAY_TOKEN');
}

function readListen(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:]+)):(\d+)$/.exec(text);
  if (match === null) throw new UsageError(`--listen ${text} is not like 0.0.0.0:514 or [::]:514`);
  return { host: match[1] ?? match[2] ?? '', port: readPort(match[3] ?? '', '--listen') };
}

function readPort(text: string, option: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new UsageError(`${option}: ${text} is no port number`);
  return port;
}

const UNITS: Readonly<Record<string, number>> = { KIB: 1024, MIB: 1024 ** 2, GIB: 1024 ** 3, KB: 1000, MB: 1000 ** 2, GB: 1000 ** 3 };

function readSize(text: string): number {
  const match = /^(\d{1,6})(KiB|MiB|GiB|KB|MB|GB)$/i.exec(text);
  const bytes = match === null ? NaN : Number(match[1]) * (UNITS[(match[2] ?? '').toUpperCase()] ?? NaN);
  if (!(bytes >= 10 * 1024 ** 2)) throw new UsageError(`--spool-max ${text} is not a size of at least 10MiB, like 500MiB or 1GiB`);
  return bytes;
}
