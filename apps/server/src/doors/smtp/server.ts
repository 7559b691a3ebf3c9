import type { AddressInfo, Socket } from 'node:net';
import { statfs } from 'node:fs/promises';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { addressGroup, inRanges } from '../../kernel/http/address.ts';
import { hasRoom, isOpen, targetOf, type Ways } from './addresses.ts';
import type { MailFolder } from './folder.ts';
import { dmarcOf, HEADER_BYTES_MAX, isLoop, readFields, senderOf as writerOf, type Field } from './headers.ts';
import { Daily, OPEN_NETWORK_MAX, OPEN_SENDER_MAX, Rate, USUAL_RATE, type RateLimits } from './rate.ts';
import { refusal } from './texts.ts';
import type { Head, Target } from './types.ts';

export const SIZE_MAX = 30 * 1024 * 1024;
export const RECIPIENTS_MAX = 20;
/** Of strangers; the own mail servers always find room beside them. */
const STRANGERS_MAX = 50;
const CONNECTIONS_MAX = 150;
/** A client that says nothing for so long is ended … */
const SILENCE_MS = 60_000;
/** … and one that drips, after this. */
const SESSION_MS = 10 * 60_000;
const FLOOR_CHECK_MS = 1000;
/** Mail stops before the lines of the machines do, whose spool stops at the floor itself. */
const FLOORS = 2;
/** Bytes of mails that are not handed on yet. */
const WAITING_MAX = 2 * 1024 ** 3;

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  readonly ways: Ways;
  readonly folder: MailFolder;
  readonly data: string;
  readonly floorBytes: number;
  readonly relays: readonly string[];
  /** The name that the own mail servers write into Authentication-Results. */
  readonly authserv: string | null;
  readonly loopMark: string;
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
  readonly now: () => number;
  /** A file is on disk. */
  readonly onTaken: () => void;
  /** A mail to these places begins to come. */
  readonly onComing?: (targets: readonly Target[]) => void;
  readonly count: (what: 'taken' | 'again' | 'refused', reason?: string) => void;
  readonly log: { warn(facts: object, text: string): void; error(facts: object, text: string): void };
  readonly rate?: RateLimits;
  readonly sessionMs?: number;
  readonly waitingMax?: number;
}

interface Visit {
  readonly relay: boolean;
  /** One of the own mail servers, whose word on the sender is believed. */
  readonly vouches: boolean;
  readonly timer: NodeJS.Timeout;
  targets: { address: string; target: Target }[];
}

export interface SmtpListener {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Takes mail: 250 means that the mail is on disk, synced. No AUTH and no relaying: only addresses of this house are taken.
 * STARTTLS is offered where there is a certificate.
 */
export async function listenSmtp(options: SmtpOptions): Promise<SmtpListener> {
  const { ways, folder, log, count } = options;
  const isRelay = inRanges([...options.relays, '127.0.0.0/8', '::1']);
  const rate = new Rate(options.rate ?? USUAL_RATE, options.now);
  const visits = new Map<string, Visit>();
  let strangers = 0;
  const room = roomOn(options.data, options.floorBytes * FLOORS);
  const networks = new Daily(OPEN_NETWORK_MAX, options.now);
  const senders = new Daily(OPEN_SENDER_MAX, options.now);
  const isOwn = options.relays.length > 0 ? inRanges(options.relays) : () => false;
  /**
   * Of the open addresses all mails count, whoever is on a list: a bound on strangers' alone would tell who is one.
   * Bounces have no sender to count.
   */
  const mayTake = async (to: Visit['targets'][number], session: SMTPServerSession, visit: Visit, proven: boolean): Promise<boolean> => {
    if (isOpen(to.address) && !visit.relay && !networks.has(addressGroup(session.remoteAddress))) return false;
    if (isOpen(to.address) && !proven && senderOf(session) !== '' && !senders.has(senderOf(session))) return false;
    return hasRoom(ways, to, proven);
  };
  const refuse = (reason: Parameters<typeof refusal>[0]): Error => {
    count('refused', reason);
    return refusal(reason);
  };
  const end = (session: SMTPServerSession): void => {
    for (const connection of server.connections) if ((connection as { id: string }).id === session.id) (connection as { _socket: Socket })._socket.destroy();
  };

  const server = new SMTPServer({
    name: ways.domain, banner: 'Banya', size: SIZE_MAX, maxClients: CONNECTIONS_MAX, socketTimeout: SILENCE_MS, closeTimeout: 2000,
    authOptional: true, disabledCommands: options.tls ? ['AUTH'] : ['AUTH', 'STARTTLS'], disableReverseLookup: true, logger: false,
    ...(options.tls ? { ...options.tls, minVersion: 'TLSv1.2' as const } : {}),
    onConnect(session, done) {
      // Loopback is this machine itself; it vouches for nobody's sender, but its mails are not counted.
      const relay = isRelay(session.remoteAddress);
      if (!relay && !(strangers < STRANGERS_MAX && rate.allow(session.remoteAddress, 'connections') && rate.enter(session.remoteAddress))) return done(refuse('tooManyConnections'));
      if (!relay) strangers += 1;
      visits.set(session.id, { relay, vouches: options.authserv !== null && isOwn(session.remoteAddress), targets: [], timer: setTimeout(() => end(session), options.sessionMs ?? SESSION_MS).unref() });
      done();
    },
    onClose(session) {
      const visit = visits.get(session.id);
      if (!visit) return;
      clearTimeout(visit.timer);
      visits.delete(session.id);
      if (visit.relay) return;
      strangers -= 1;
      rate.leave(session.remoteAddress);
    },
    onMailFrom(_address, session, done) {
      const visit = visits.get(session.id);
      if (!visit) return done(refuse('broken'));
      visit.targets = [];
      if (!visit.relay && !rate.allow(session.remoteAddress, 'mails')) return done(refuse('tooFast'));
      void room().then((free) => done(free && folder.waitingBytes < (options.waitingMax ?? WAITING_MAX) ? null : refuse('full')));
    },
    onRcptTo({ address }, session, done) {
      const visit = visits.get(session.id);
      if (!visit) return done(refuse('broken'));
      if (visit.targets.length >= RECIPIENTS_MAX) return done(refuse('tooManyRecipients'));
      targetOf(ways, address, senderOf(session)).then(async (target) => {
        if (target) {
          const to = { address: address.toLowerCase(), target };
          // Whether it is proven stands in the header of what an own server sends: asked again there.
          if (!(await mayTake(to, session, visit, visit.vouches))) return done(refuse('noRoom'));
          visit.targets.push(to);
          return done();
        }
        if (!visit.relay && !rate.allow(session.remoteAddress, 'unknown')) setImmediate(() => end(session));
        done(refuse('unknown'));
      }, (error: unknown) => {
        log.error({ err: error }, 'a recipient could not be looked up');
        done(refuse('broken'));
      });
    },
    onData(stream, session, done) {
      const visit = visits.get(session.id);
      options.onComing?.(visit?.targets.map((t) => t.target) ?? []);
      take(stream, session, visit).then((refused) => {
        if (visit) visit.targets = [];
        done(refused);
      }, (error: unknown) => {
        if (visit) visit.targets = [];
        const { code } = error as { code?: unknown };
        // Who went away in the middle of a mail has no answer to it and sends it again.
        if (code !== 'ECONNECTION' && code !== 'ERR_STREAM_PREMATURE_CLOSE') log.error({ err: error }, 'a mail could not be stored');
        done(refuse(code === 'ENOSPC' || code === 'EDQUOT' ? 'full' : 'broken'));
      });
    },
  });
  // Errors of single connections: a client that breaks off, a handshake that fails.
  server.on('error', (error) => log.warn({ err: error }, 'a mail connection failed'));

  /** Reads to the end whatever happens, since the client listens only then. @returns why it is refused, or null when it is on disk */
  async function take(stream: SMTPServerDataStream, session: SMTPServerSession, visit: Visit | undefined): Promise<Error | null> {
    const head: Head = {
      v: 1, from: senderOf(session), to: visit?.targets ?? [], at: new Date(options.now()).toISOString(), address: session.remoteAddress, helo: String(session.hostNameAppearsAs || '').slice(0, 255), tls: session.secure,
      relay: visit !== undefined && isOwn(session.remoteAddress),
    };
    const writing = visit && visit.targets.length > 0 ? await folder.begin(head).catch((error: unknown) => error as Error) : new Error('no recipients');
    if (writing instanceof Error) {
      stream.resume();
      throw writing;
    }
    const first: Buffer[] = [];
    let firstBytes = 0;
    let failed: unknown = null;
    let tooMuch = false;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        if (firstBytes < HEADER_BYTES_MAX) {
          first.push(chunk);
          firstBytes += chunk.length;
        }
        if (visit && !visit.relay && !tooMuch && !rate.allow(session.remoteAddress, 'bytes', chunk.length)) tooMuch = true;
        if (stream.sizeExceeded || failed || tooMuch) continue;
        await writing.write(chunk).catch((error: unknown) => void (failed = error));
      }
    } catch (error) {
      await writing.abandon();
      throw error;
    }
    const fields = readFields(Buffer.concat(first));
    let refused = stream.sizeExceeded ? refuse('tooLarge') : tooMuch ? refuse('tooFast') : isLoop(fields, { mark: options.loopMark, isOurId: (id) => ways.tickets.isOurs(id) }) ? refuse('loop') : null;
    let proven: ReadonlySet<string> = new Set();
    try {
      if (!refused && visit!.vouches) {
        proven = await homesOf(fields);
        for (const to of head.to) if (!proven.has(to.target.orgId) && !(await mayTake(to, session, visit!, false))) refused = refuse('noRoom');
      }
    } catch (error) {
      failed = error;
    }
    if (refused || failed) {
      await writing.abandon();
      if (failed) throw failed;
      return refused;
    }
    const { again } = await writing.finish();
    if (!again && head.to.some((t) => isOpen(t.address))) {
      if (!visit!.relay) networks.add(addressGroup(session.remoteAddress));
      if (proven.size === 0 && head.from !== '') senders.add(head.from);
    }
    count(again ? 'again' : 'taken');
    if (!again) options.onTaken();
    return null;
  }

  /** Whose people an own mail server has proven the writer to be one of. */
  async function homesOf(fields: readonly Field[]): Promise<ReadonlySet<string>> {
    const from = dmarcOf(fields, options.authserv!) === 'pass' ? writerOf(fields) : null;
    return new Set(from === null ? [] : (await ways.people.byAddress(from)).map((p) => p.orgId));
  }

  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        for (const visit of visits.values()) clearTimeout(visit.timer);
        server.close(() => resolve());
        // Whoever has no answer yet sends the mail again.
        for (const connection of server.connections) (connection as { close(): void }).close();
      }),
  };
}

const senderOf = (session: SMTPServerSession): string => (session.envelope.mailFrom ? session.envelope.mailFrom.address.toLowerCase().slice(0, 254) : '');

/** Whether the disk has room above the floor; asked at most once a second. */
function roomOn(folder: string, floorBytes: number): () => Promise<boolean> {
  let at = -Infinity;
  let free = true;
  return async () => {
    if (floorBytes === 0) return true;
    if (performance.now() - at >= FLOOR_CHECK_MS) {
      at = performance.now();
      const disk = await statfs(folder);
      free = disk.bavail * disk.bsize >= floorBytes;
    }
    return free;
  };
}
