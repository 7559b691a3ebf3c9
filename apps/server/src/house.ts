import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { isoDate } from '@banya/jp';
import { createAdaptorServer } from '@hono/node-server';
import type { Logger } from 'pino';
import { createDirectory, createUnknownSenders, openSyslogDoor, type Claim, type Registration, type SyslogDoor } from './doors/syslog/index.ts';
import { ingestRoutes } from './doors/ingest/index.ts';
import { openMailboxDoor } from './doors/mailbox/index.ts';
import { openSmtpDoor, type SmtpDoor } from './doors/smtp/index.ts';
import { diskFloor, mailDomainOf, type Config } from './kernel/config.ts';
import type { Gate } from './kernel/db/gate.ts';
import { StartError } from './kernel/errors.ts';
import { serveAddins } from './kernel/http/addins.ts';
import { inRanges } from './kernel/http/address.ts';
import { createApp } from './kernel/http/app.ts';
import { boundConnections, connectionOptions, CONNECTION_LIMITS } from './kernel/http/connections.ts';
import { StaticFiles } from './kernel/http/static.ts';
import { Identity } from './kernel/identity/identity.ts';
import { guardedFetch, insidePlaces } from './kernel/identity/outbound.ts';
import { identityRoutes } from './kernel/identity/routes.ts';
import type { Kernel, Module } from './kernel/kernel.ts';
import { openKernel } from './kernel/open.ts';
import type { Clock } from './kernel/types.ts';
import { openDesk, type Desk } from './modules/desk/index.ts';
import { openDetect, type Detect } from './modules/detect/index.ts';
import { openFederate } from './modules/federate/index.ts';
import { openFiles, type Files } from './modules/files/index.ts';
import { openFindings, type Findings } from './modules/findings/index.ts';
import { openInventory, sourceState, type Inventory, type Match } from './modules/inventory/index.ts';
import { loopMark, openNotify, type Notify } from './modules/notify/index.ts';
import { Directory, openOrgs, setupLink, type FederationSettings, type Orgs } from './modules/orgs/index.ts';
import { openProve, type Prove } from './modules/prove/index.ts';
import { openSearch } from './modules/search/index.ts';
import { openOperate, type Operate } from './operate/index.ts';

export interface HouseParts {
  readonly log: Logger;
  readonly clock?: Clock;
  /** Folder of the built web application; null serves the API alone. */
  readonly web: string | null;
  /** Checks every reply against the contract; on in tests. */
  readonly checkReplies?: boolean;
}

export interface House {
  readonly kernel: Kernel;
  readonly gate: Gate;
  readonly identity: Identity;
  readonly modules: { readonly orgs: Orgs; readonly notify: Notify; readonly files: Files; readonly inventory: Inventory; readonly findings: Findings; readonly detect: Detect; readonly desk: Desk; readonly prove: Prove; readonly operate: Operate };
  readonly ports: { readonly http: number; readonly syslog: number | null; readonly syslogTls: number | null; readonly smtp: number | null };
  /** The mail door, in processes that take lines and mails. */
  readonly mail: SmtpDoor | null;
  readonly url: string;
  /** The one-time set-up link, while nobody has set Banya up. */
  readonly setupLink: string | null;
  /** Stops intake, finishes what runs, closes the stores. Within ten seconds. */
  close(): Promise<void>;
}

/** Raw mails of conversations are kept so long. */
const MAIL_DAYS = 90;
/** What pages may use: this server's own files, nothing inline, nothing from elsewhere; a frame shows a reported mail, which has a policy of its own. */
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const systemClock: Clock = { now: () => Date.now() };

/** Opens the whole house: stores, modules, doors. The part of main.ts that tests open too. */
export async function openHouse(config: Config, parts: HouseParts): Promise<House> {
  const { log } = parts;
  const clock = parts.clock ?? systemClock;
  const has = (role: Config['role']): boolean => config.role === 'all' || config.role === role;
  const address = { http: config.port };
  const publicUrl = (): string => (config.publicUrl ?? `${config.tlsCert ? 'https' : 'http'}://localhost:${address.http}`).replace(/\/$/, '');

  let modules: House['modules'] | null = null;
  const opened = await openKernel(config, {
    log, clock, publicUrl,
    onDeadLetter: async (letter) => modules?.findings.deadLetter(letter),
  });
  const { kernel } = opened;
  /** Ends what has been opened so far, also when the rest cannot be. */
  let undo = (): Promise<void> => opened.close();
  try {
    // Its people sign in without a second factor and its lines are invented: nobody must take it for the real desk.
    if (!config.demo && (await kernel.settings.get('demo')) !== null) throw new StartError(`${config.databaseUrl ? 'This database' : config.data} holds the demonstration, not a federation of your own.`, 'For your own federation give a new folder: --data ./my-data. To see the demonstration again: --demo');
    const directory = new Directory(kernel.tenancy, clock);
    const notify = openNotify(kernel, { fetch: guardedFetch(insidePlaces(config.webhookInsideHosts)) });
    const files = openFiles(kernel);
    const identity = new Identity({ tenancy: kernel.tenancy, secrets: kernel.secrets, clock, log, directory: () => directory, sendMail: (mail) => notify.mailNow(mail), publicUrl, insideProviders: config.ssoInsideHosts, demo: config.demo });
    identity.sessions.onForget = (personId) => void kernel.live.recheck(personId);
    const orgs = openOrgs(kernel, { identity, directory, saveMail: (mail) => notify.saveServer(mail) });
    let door: SyslogDoor | null = null;
    let mail: SmtpDoor | null = null;
    const mailIn = mailDomainOf(config, publicUrl());
    const syslogPort = (): number => door?.ports.tcp ?? config.syslogPort;
    const inventory = openInventory(kernel, { orgs, tokens: identity.tokens, guideTarget: () => ({ host: new URL(publicUrl()).hostname, syslogPort: syslogPort(), ingestUrl: `${publicUrl()}/api/v1/ingest/SOURCE` }) });
    // Inside a transaction these would wait for the session it holds, so the modules ask before they open one.
    const langs = (ids: readonly string[]) => identity.accounts.langs(ids);
    const findings = openFindings(kernel, { orgs, notify, langs, deviceName: inventory.deviceName });
    const detect = openDetect(kernel, { orgs, inventory, findings, intake: has('ingest') });
    furnishHome(findings, inventory, detect, clock);
    const desk = openDesk(kernel, { orgs, notify, findings, files, langs, mailIn, keepRaw: (tx, file) => files.put(tx, { ...file, deleteOn: isoDate(new Date(clock.now() + MAIL_DAYS * 86_400_000)) }) });
    const mailbox = openMailboxDoor({ kernel, store: desk.samples, samples: desk.samples, places: desk.inbound.places, people: directory, loop: { mark: loopMark(kernel.secrets), isOurId: (id) => desk.inbound.isOurs(id) } });
    desk.samples.setMailboxes(mailbox);
    const prove = openProve(kernel, { orgs, inventory, findings, detect, desk, notify, langs });
    const federate = openFederate(kernel, { orgs, inventory, findings, desk, lastSeen: (ids) => identity.accounts.lastSeen(ids), bursts: findings, mails: { samples: desk.samples, findings, mail: notify.mail, langs } });
    const search = openSearch(kernel, { orgs, inventory, findings, desk, mailsWith: federate.mailsWith });
    const operate = openOperate(kernel, { gate: opened.gate, identity, orgs, notify, files, findings, detect, inventory, door: () => door });
    modules = { orgs, notify, files, inventory, findings, detect, desk, prove, operate };
    const all: Module[] = [orgs, notify, files, inventory, findings, detect, desk, prove, federate, search, mailbox, operate];
    for (const module of all) for (const job of module.jobs ?? []) if (has('worker')) opened.jobs.work(job);

    const isTrustedProxy = inRanges(config.trustedProxies);
    const app = createApp({
      bound: [...identityRoutes(identity), ...ingestRoutes(kernel, inventory), ...all.flatMap((m) => m.routes ?? [])],
      authenticate: (request, _address, use) => identity.authenticate(request, use),
      directory,
      isOperator: async (person) => {
        const federation = await kernel.settings.get<FederationSettings>('federation');
        return federation !== null && (person.roles.get(federation.id) ?? []).includes('operator');
      },
      publicUrl, isTrustedProxy, log, clock, metrics: kernel.metrics, metricsToken: config.metricsToken ?? null, checkReplies: parts.checkReplies ?? false,
      ready: () => operate.ready(),
    });
    if (has('web')) serveAddins(app, { publicUrl, outlook: config.outlookAddin });
    if (parts.web) {
      const files = new StaticFiles(parts.web, CSP);
      app.get('*', (c) => files.serve(c.req.raw));
    }
    // Secrets in paths would land in other people's logs, so there are none; the server itself logs no request lines.
    const server = createAdaptorServer({
      fetch: app.fetch,
      // A refused body is read to its end within the time of a request, so that a sender on a slow line gets the answer; the adaptor would cut it off after half a second.
      autoCleanupIncoming: false,
      ...(config.tlsCert ? { createServer: createTlsServer, serverOptions: { ...connectionOptions(CONNECTION_LIMITS), cert: readFileSync(config.tlsCert), key: readFileSync(config.tlsKey!) } } : { serverOptions: connectionOptions(CONNECTION_LIMITS) }),
    }) as import('node:http').Server;
    const started: Module[] = [];
    undo = async () => {
      kernel.live.close();
      server.close();
      server.closeIdleConnections();
      await Promise.all([door?.close(), mail?.close()]);
      await opened.jobs.stop(4_000);
      for (const module of started) await module.stop?.();
      await operate.leaveHolds().catch((error: unknown) => log.warn({ err: error }, 'backups wait a moment for this process'));
      server.closeAllConnections();
      await opened.close();
    };
    boundConnections(server, CONNECTION_LIMITS, isTrustedProxy);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(config.port, config.host, resolve);
    });
    address.http = (server.address() as import('node:net').AddressInfo).port;

    await operate.joinHolds();
    for (const module of all) {
      started.unshift(module);
      await module.start?.();
    }
    await opened.jobs.start();
    if (has('ingest')) {
      const sources = createDirectory();
      const unknown = createUnknownSenders(sources);
      const fillDirectory = (): void => {
        for (const refused of sources.replace(registrations(inventory), inventory.sources.claims.flatMap(claimOf))) log.warn({ source: refused.registration.sourceId, reason: refused.reason }, 'a sender is registered twice');
      };
      inventory.sources.onChange(fillDirectory);
      fillDirectory();
      inventory.unknown.attach(unknown);
      const counters = new Map<string, ReturnType<typeof kernel.metrics.counter>>();
      door = await openSyslogDoor({
        port: config.syslogPort, host: config.syslogHost, spool: kernel.spool, directory: sources, unknown, log, clock,
        metrics: {
          add: (name, value, labels) => {
            let counter = counters.get(name);
            if (!counter) counters.set(name, (counter = kernel.metrics.counter(name, DOOR_METRICS[name] ?? name, Object.keys(labels ?? {}))));
            counter.inc(labels ?? {}, value);
          },
        },
        ...(config.syslogTlsPort !== undefined && config.tlsCert
          ? { tls: { port: config.syslogTlsPort, cert: readFileSync(config.tlsCert), key: readFileSync(config.tlsKey!), clientCertificates: 'optional' as const, ...(config.syslogTlsCa ? { ca: readFileSync(config.syslogTlsCa) } : {}) } }
          : {}),
      });
      mail = await openSmtpDoor({
        kernel, loopMark: loopMark(kernel.secrets), floorBytes: await diskFloor(config), delivered: desk.inbound.delivered,
        ways: { domain: mailIn.domain, tickets: desk.inbound, people: directory, samples: desk.samples },
        tls: config.tlsCert ? { cert: readFileSync(config.tlsCert), key: readFileSync(config.tlsKey!) } : null,
      });
    }

    let closing: Promise<void> | null = null;
    return {
      kernel, gate: opened.gate, identity, modules,
      ports: { http: address.http, syslog: door?.ports.tcp ?? null, syslogTls: door?.ports.tls ?? null, smtp: mail?.port ?? null },
      mail,
      url: publicUrl(),
      setupLink: has('web') ? await setupLink(kernel) : null,
      close: () => (closing ??= undo()),
    };
  } catch (error) {
    await undo();
    throw error;
  }
}

/** What the figures of the syslog door count, for whoever reads /metrics. */
const DOOR_METRICS: Readonly<Record<string, string>> = {
  banya_syslog_lines_total: 'Lines of registered senders, on disk',
  banya_syslog_dropped_total: 'Datagrams let go, by reason: share (one sender above its share), behind (too many at once), spool_full',
  banya_syslog_spool_refused_total: 'Times the disk took no lines; TCP senders wait meanwhile',
  banya_syslog_connections_refused_total: 'Connections refused, since one address has too many',
  banya_syslog_pauses_total: 'Times a connection was made to wait',
  banya_syslog_tls_failed_total: 'TLS connections that could not be agreed on',
};

/** What the lead's home tells of devices and of what they stopped. */
function furnishHome(findings: Findings, inventory: Inventory, detect: Detect, clock: Clock): void {
  findings.setHealth(async (tx, orgId) => {
    const states = (await inventory.sourcesOf(tx, orgId)).map((row) => ({ state: sourceState(row, clock.now()), seenAt: row.seen_at }));
    const count = (state: string): number => states.filter((s) => s.state === state).length;
    const last = Math.max(0, ...states.map((s) => s.seenAt?.getTime() ?? 0));
    return { sources: states.length, flowing: count('flowing'), silent: count('silent'), lastLineAt: last > 0 ? new Date(last) : null };
  });
  findings.setLastWeek(async (tx, orgId, week, before) => {
    const rows = await detect.counters(tx, orgId, before.from, week.to, ['blocked']);
    const sum = (from: string, to: string): number => rows.filter((r) => r.day >= from && r.day <= to).reduce((n, r) => n + Number(r.n), 0);
    return { stopped: sum(week.from, week.to), stoppedWeekBefore: sum(before.from, before.to) };
  });
}

/** Sources known by what reaches the syslog port; those with a token come in by HTTPS. */
function claimOf(match: Match): Claim[] {
  if (match.by === 'certificate') return [{ by: 'certificate', fingerprint: match.fingerprint }];
  return match.by === 'address' ? [{ by: 'address', listener: match.listener, address: match.address, ...(match.headerHost ? { headerHost: match.headerHost } : {}) }] : [];
}

function registrations(inventory: Inventory): Registration[] {
  const found: Registration[] = [];
  for (const { sourceId, orgId, match } of inventory.sources.all()) {
    if (match.by === 'certificate') found.push({ by: 'certificate', sourceId, orgId, fingerprint: match.fingerprint });
    else if (match.by === 'address') found.push({ by: 'address', sourceId, orgId, listener: match.listener, address: match.address, ...(match.headerHost ? { headerHost: match.headerHost } : {}) });
  }
  return found;
}

