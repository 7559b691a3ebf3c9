import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { ImapFlow } from 'imapflow';
import { guardedFetch, insidePlace, insidePlaces, isOpenAddress } from '../../kernel/identity/outbound.ts';
import { MailboxError, type Trouble } from './texts.ts';

/** A member's mailbox as it is set up. */
export interface MailboxSettings {
  readonly orgId: string;
  readonly kind: 'none' | 'imap' | 'microsoft365';
  readonly host: string | null;
  readonly port: number | null;
  readonly user: string | null;
  readonly folder: string | null;
  readonly tenant: string | null;
  readonly clientId: string | null;
  readonly secret: string | null;
}

export interface ConnectOptions {
  /** Hosts that may have an inside address. */
  readonly insideHosts: readonly string[];
  /** Certificates that are believed besides the system's; for tests. */
  readonly ca?: string | Buffer;
  /** Where tokens of Microsoft 365 come from and where its mailboxes are; for tests. */
  readonly microsoft?: { readonly login: string; readonly host: string; readonly port: number };
}

const MICROSOFT = { login: 'https://login.microsoftonline.com', host: 'outlook.office365.com', port: 993 };
const SCOPE = 'https://outlook.office365.com/.default';
const PLAIN_PORT = 143;
const TLS_PORT = 993;
const CONNECT_MS = 15_000;
const SILENCE_MS = 30_000;
/** Larger mails are left where they are. */
export const MAIL_MAX = 30 * 1024 * 1024;

/** Where a mailbox is, or why it cannot be read at all. */
export function placeOf(settings: MailboxSettings, options: ConnectOptions): { host: string; port: number; user: string } {
  const { host, port } = settings.kind === 'microsoft365' ? (options.microsoft ?? MICROSOFT) : { host: settings.host?.trim().toLowerCase() ?? '', port: settings.port ?? TLS_PORT };
  const wanted = settings.kind === 'microsoft365' ? [settings.tenant, settings.clientId] : [host];
  if (settings.kind === 'none' || !settings.user || !settings.secret || wanted.some((w) => !w)) throw new MailboxError('incomplete', settings.kind);
  return { host, port, user: settings.user };
}

/**
 * The address to connect to: resolved once and checked, so that a second answer of the name server changes nothing, as for
 * sign-in providers (kernel/identity/outbound.ts).
 */
export async function openAddress({ host, port }: { readonly host: string; readonly port: number }, insideHosts: readonly string[]): Promise<string> {
  // A host without a port stands for a mail server's two, not for whatever else listens there.
  const allowed = insideHosts.some((entry) => [TLS_PORT, PLAIN_PORT].some((usual) => {
    const place = insidePlace(entry, usual);
    return place?.host === host && place.port === port;
  }));
  if (isIP(host) !== 0) {
    if (allowed || isOpenAddress(host)) return host;
    throw new MailboxError('inside', host);
  }
  let found: { address: string }[];
  try {
    found = await lookup(host, { all: true });
  } catch (error) {
    throw new MailboxError('no_such_host', String((error as { code?: unknown }).code));
  }
  const open = allowed ? found : found.filter((f) => isOpenAddress(f.address));
  if (open.length === 0) throw new MailboxError('inside', host);
  return open[0]!.address;
}

/** A token for IMAP by client credentials (RFC 6749, section 4.4), as Microsoft 365 wants it. */
async function tokenOf(settings: MailboxSettings, options: ConnectOptions): Promise<string> {
  const { login } = options.microsoft ?? MICROSOFT;
  if (!/^[A-Za-z0-9.-]{1,100}$/.test(settings.tenant ?? '')) throw new MailboxError('token_refused', 'tenant');
  const url = `${login}/${settings.tenant}/oauth2/v2.0/token`;
  let response: Response;
  try {
    response = await guardedFetch(insidePlaces(options.insideHosts))(url, {
      method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }, redirect: 'manual', signal: AbortSignal.timeout(CONNECT_MS),
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: settings.clientId!, client_secret: settings.secret!, scope: SCOPE }),
    } as never);
  } catch (error) {
    throw new MailboxError('no_connection', (error as Error).message);
  }
  const body = (await response.json().catch(() => null)) as { access_token?: unknown } | null;
  if (response.status !== 200 || typeof body?.access_token !== 'string') throw new MailboxError('token_refused', `status ${response.status}`);
  return body.access_token;
}

/** An open, encrypted session; the caller logs out. @throws MailboxError */
export async function connectMailbox(settings: MailboxSettings, options: ConnectOptions): Promise<ImapFlow> {
  const { host, port, user } = placeOf(settings, options);
  const address = await openAddress({ host, port }, options.insideHosts);
  const auth = settings.kind === 'microsoft365' ? { user, accessToken: await tokenOf(settings, options) } : { user, pass: settings.secret! };
  const client = new ImapFlow({
    host: address, servername: host, port, secure: port !== PLAIN_PORT, ...(port === PLAIN_PORT ? { doSTARTTLS: true } : {}), auth, logger: false, disableAutoIdle: true,
    connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENCE_MS, maxLineLength: 1024 * 1024, maxLiteralSize: MAIL_MAX + 1024, maxResponseSize: MAIL_MAX + 2 * 1024 * 1024,
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(isIP(host) === 0 ? { servername: host } : {}), ...(options.ca ? { ca: options.ca } : {}) },
  });
  // What goes wrong between two commands shows at the next one.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    client.close();
    throw asTrouble(error);
  }
  return client;
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/;

/** What an error of the session means for whoever set it up. */
export function asTrouble(error: unknown): MailboxError {
  if (error instanceof MailboxError) return error;
  const { code, message, authenticationFailed, tlsFailed } = error as { code?: unknown; message?: unknown; authenticationFailed?: unknown; tlsFailed?: unknown };
  const named = String(code ?? '');
  const trouble: Trouble = authenticationFailed ? 'login_refused' : CERTIFICATE.test(named) ? 'certificate' : tlsFailed || named === 'EPROTO' || /SSL|WRONG_VERSION/.test(named) ? 'no_tls' : named === 'ENOTFOUND' ? 'no_such_host'
    : /^(?:ECONN|ETIMEDOUT|EHOST|ENET|CONNECT_TIMEOUT|GREETING_TIMEOUT|ClosedAfterConnect|NoConnection|EConnectionClosed)/.test(named) ? 'no_connection' : 'other';
  return new MailboxError(trouble, `${named} ${String(message ?? '')}`);
}
