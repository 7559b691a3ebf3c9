import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { SyslogFramer, type Frame } from '@banya/logs';
import type { SpoolRecord } from '../../kernel/spool/types.ts';
import { Admissions } from '../../kernel/admissions.ts';
import { headerHost } from './header-host.ts';
import { FLAG_TRUNCATED, normaliseAddress, type ResolvedSource } from './rules.ts';
import type { Sink } from './sink.ts';
import { DEFAULT_STREAM_LIMITS, type StreamStats, type SyslogDoorOptions, type SyslogTls } from './types.ts';

/** Bytes read and not yet on disk, over both stream listeners. */
export interface Pending {
  bytes: number;
}

export interface StreamDoor {
  readonly port: number;
  stats(): StreamStats;
  /** Stops accepting, reads until senders are quiet (at most `readMs`), hands the rest to the sink and waits for it. */
  close(readMs: number): Promise<void>;
}

// A connection that says nothing for this long while closing has nothing left in its buffers.
const DRAIN_QUIET_MS = 100;
const ACCEPT_QUIET_MS = 20;
const ACCEPT_MAX_MS = 500;

/** Opens the plain listener, or the TLS one (RFC 5425) when `secure` is given. */
export async function openStream(options: SyslogDoorOptions, sink: Sink, pending: Pending, port: number, secure?: SyslogTls): Promise<StreamDoor> {
  const listener = secure === undefined ? 'tcp' : 'tls';
  const { directory, unknown, log, metrics, clock } = options;
  const limits = { ...DEFAULT_STREAM_LIMITS, ...options.stream };
  const all = new Admissions(limits.maxConnections, limits.maxPerAddress);
  const strangers = new Admissions(limits.maxUnknown, limits.maxUnknownPerAddress);
  const sockets = new Set<net.Socket>();
  const connections = new Set<Connection>();
  const counts = { accepted: 0, refused: 0, stored: 0, unknown: 0, truncated: 0 };
  const writing = new Set<Promise<void>>();
  let closing = false;

  interface Connection {
    readonly socket: net.Socket;
    readonly address: string;
    readonly fingerprint: string | null;
    readonly framer: SyslogFramer;
    pending: number;
    /** When the last complete line came, and when the last byte, on the clock of performance.now(). */
    lastLine: number;
    lastByte: number;
    held: boolean;
    throttled: NodeJS.Timeout | null;
  }

  function refuse(socket: net.Socket): void {
    counts.refused++;
    metrics.add('banya_syslog_connections_refused_total', 1, { listener });
    socket.destroy();
  }

  /** Before any byte, and before a TLS handshake costs anything. */
  function admit(socket: net.Socket): boolean {
    const address = normaliseAddress(socket.remoteAddress ?? '');
    const leave = closing || address === '' ? null : all.enter(address);
    if (leave === null) {
      refuse(socket);
      return false;
    }
    counts.accepted++;
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      leave();
    });
    socket.on('error', () => undefined);
    return true;
  }

  function serve(socket: net.Socket, fingerprint: string | null): void {
    const address = normaliseAddress(socket.remoteAddress ?? '');
    // Strangers have a small part of all places, so that they cannot lock out registered devices.
    const leave = directory.sourcesAt(listener, address, fingerprint) > 0 ? () => undefined : strangers.enter(address);
    if (closing || leave === null) return refuse(socket);
    const now = performance.now();
    const connection: Connection = { socket, address, fingerprint, framer: new SyslogFramer(), pending: 0, lastLine: now, lastByte: now, held: false, throttled: null };
    connections.add(connection);
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (chunk: Buffer) => read(connection, chunk));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      connections.delete(connection);
      leave();
      if (connection.throttled !== null) clearTimeout(connection.throttled);
      store(connection, connection.framer.end(), 0);
    });
  }

  function read(connection: Connection, chunk: Buffer): void {
    connection.lastByte = performance.now();
    const frames = connection.framer.push(chunk);
    if (frames.length > 0) connection.lastLine = connection.lastByte;
    store(connection, frames, chunk.length);
    const registered = directory.sourcesAt(listener, connection.address, connection.fingerprint) > 0;
    if (!registered && !closing) throttle(connection, chunk.length);
  }

  function store(connection: Connection, frames: readonly Frame[], bytes: number): void {
    if (frames.length === 0) return;
    const { address, fingerprint } = connection;
    const named = directory.needsHost(listener, address, fingerprint);
    // Where no line's name decides, one answer holds for all of them.
    const whole = named ? null : directory.resolve({ listener, address, headerHost: '', clientCertFingerprint: fingerprint });
    const records: SpoolRecord[] = [];
    for (const frame of frames) {
      const record = toRecord(connection, frame, named, whole);
      if (record !== null) records.push(record);
    }
    if (records.length === 0) return;
    connection.pending += bytes;
    pending.bytes += bytes;
    hold(connection);
    const work = sink.write(records).then((onDisk) => {
      connection.pending -= bytes;
      pending.bytes -= bytes;
      if (onDisk) {
        counts.stored += records.length;
        metrics.add('banya_syslog_lines_total', records.length, { listener });
      }
      releaseHeld();
    });
    writing.add(work);
    void work.finally(() => writing.delete(work));
  }

  function toRecord({ address, fingerprint }: Connection, frame: Frame, named: boolean, whole: ResolvedSource | null): SpoolRecord | null {
    if (frame.truncated) counts.truncated++;
    const host = named ? headerHost(frame.bytes) : '';
    const source = named ? directory.resolve({ listener, address, headerHost: host, clientCertFingerprint: fingerprint }) : whole;
    if (source !== null) return { sourceId: source.sourceId, receivedAt: clock.now(), flags: frame.truncated ? FLAG_TRUNCATED : 0, payload: frame.bytes };
    counts.unknown++;
    unknown.note({ listener, address, fingerprint, headerHost: host === '' ? headerHost(frame.bytes) : host, lines: 1, bytes: frame.bytes.length, at: clock.now() });
    return null;
  }

  /** Back-pressure: what is not read stays with the sender, where TCP makes it wait. */
  function hold(connection: Connection): void {
    if (connection.held || (connection.pending < limits.maxPendingPerConnection && pending.bytes < limits.maxPending && !sink.blocked)) return;
    connection.held = true;
    connection.socket.pause();
    metrics.add('banya_syslog_pauses_total', 1, { listener });
  }

  function releaseHeld(): void {
    if (sink.blocked || pending.bytes > limits.maxPending / 2) return;
    for (const connection of connections) {
      if (!connection.held || connection.pending > limits.maxPendingPerConnection / 2) continue;
      connection.held = false;
      connection.lastLine = performance.now();
      if (connection.throttled === null) connection.socket.resume();
    }
  }

  /** A sender nobody registered may talk slowly, so that it can be recognised, and costs little. */
  function throttle(connection: Connection, bytes: number): void {
    if (connection.throttled !== null) return;
    connection.socket.pause();
    connection.throttled = setTimeout(() => {
      connection.throttled = null;
      if (!connection.held) connection.socket.resume();
    }, Math.ceil((bytes * 1000) / limits.unknownBytesPerSec));
  }

  const sweeper = setInterval(() => {
    const now = performance.now();
    for (const connection of connections) {
      if (connection.held) continue;
      const registered = directory.sourcesAt(listener, connection.address, connection.fingerprint) > 0;
      if (now - connection.lastLine > (registered ? limits.idleMs : limits.unknownIdleMs)) connection.socket.destroy();
    }
    releaseHeld();
  }, Math.min(1000, limits.unknownIdleMs, limits.idleMs));
  sweeper.unref();

  const server = secure === undefined ? net.createServer((socket) => admit(socket) && serve(socket, null)) : openTls(secure);

  function openTls(settings: SyslogTls): tls.Server {
    const wanted = settings.clientCertificates !== 'none';
    const created = tls.createServer({
      key: settings.key,
      cert: settings.cert,
      ...(settings.ca === undefined ? {} : { ca: settings.ca }),
      minVersion: 'TLSv1.2',
      requestCert: wanted,
      // Refusing is done below: a certificate may also be known by its fingerprint alone, without an authority.
      rejectUnauthorized: false,
      handshakeTimeout: limits.handshakeMs,
    });
    created.prependListener('connection', admit);
    created.on('tlsClientError', (_error, socket) => {
      metrics.add('banya_syslog_tls_failed_total', 1);
      socket.destroy();
    });
    created.on('secureConnection', (socket) => {
      const fingerprint = wanted ? provenFingerprint(socket, settings.ca !== undefined) : null;
      if (settings.clientCertificates === 'required' && fingerprint === null) refuse(socket);
      else serve(socket, fingerprint);
    });
    return created;
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: options.host }, () => {
      server.off('error', reject);
      server.on('error', (error) => log.warn({ error: error.message, listener }, 'The syslog listener had trouble.'));
      resolve();
    });
  });

  return {
    port: (server.address() as net.AddressInfo).port,
    stats: () => ({
      connections: all.total,
      ...counts,
      pendingBytes: [...connections].reduce((sum, connection) => sum + connection.pending, 0),
      paused: [...connections].filter((connection) => connection.held).length,
    }),
    async close(readMs) {
      // Connections that the kernel has made already come in one per turn of the event loop, with their bytes.
      const enough = performance.now() + ACCEPT_MAX_MS;
      for (let before = -1; before !== counts.accepted && performance.now() < enough; ) {
        before = counts.accepted;
        await sleep(ACCEPT_QUIET_MS);
      }
      closing = true;
      server.close();
      clearInterval(sweeper);
      const deadline = performance.now() + readMs;
      const begun = performance.now();
      for (const connection of connections) {
        if (connection.throttled !== null) clearTimeout(connection.throttled);
        connection.throttled = null;
        if (!connection.held) connection.socket.resume();
      }
      while (connections.size > 0) {
        const now = performance.now();
        for (const connection of connections) {
          const quiet = !connection.held && now - Math.max(begun, connection.lastByte) > DRAIN_QUIET_MS;
          if (quiet || now > deadline) connection.socket.destroy();
        }
        await sleep(20);
      }
      for (const socket of sockets) socket.destroy();
      await Promise.all(writing);
    },
  };
}

/** SHA-256 of the client's certificate, whose key the handshake has proven; null without one, or when its authority is not ours. */
function provenFingerprint(socket: tls.TLSSocket, needsAuthority: boolean): string | null {
  if (needsAuthority && !socket.authorized) return null;
  const { fingerprint256 } = socket.getPeerCertificate();
  return typeof fingerprint256 === 'string' && fingerprint256 !== '' ? fingerprint256 : null;
}
