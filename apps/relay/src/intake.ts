/** Takes syslog over UDP and TCP on the site's network and puts it into the queue. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { datagram, SyslogFramer, type Frame } from '@banya/logs';
import type { RelaySpool } from './spool.ts';
import { encodeLine } from './wire.ts';

export interface SenderSeen {
  readonly address: string;
  lines: number;
  lastSeen: number;
}

export interface Intake {
  readonly port: number;
  /** Devices seen since the start, newest first. */
  senders(): readonly Readonly<SenderSeen>[];
  readonly lost: number;
  close(): Promise<void>;
}

export interface IntakeLimits {
  readonly maxConnections: number;
  readonly maxPerAddress: number;
  /** A connection is closed after this long without a complete line. */
  readonly idleMs: number;
  readonly maxPendingPerConnection: number;
}

const DEFAULT_LIMITS: IntakeLimits = { maxConnections: 256, maxPerAddress: 32, idleMs: 15 * 60_000, maxPendingPerConnection: 512 * 1024 };
const MAX_SENDERS = 500;
const UDP_BUFFER_BYTES = 32 * 1024 * 1024;
const DRAIN_MS = 100;

interface Connection {
  readonly socket: net.Socket;
  pending: number;
  held: boolean;
  lastLine: number;
}

/** Opens both listeners on one port (0 takes a free one). Rejects with EACCES or EADDRINUSE. */
export async function openIntake(host: string, port: number, spool: RelaySpool, overrides: Partial<IntakeLimits> = {}): Promise<Intake> {
  const limits = { ...DEFAULT_LIMITS, ...overrides };
  const seen = new Map<string, SenderSeen>();
  const connections = new Set<Connection>();
  const perAddress = new Map<string, number>();
  const adding = new Set<Promise<unknown>>();
  let lost = 0;

  function lineOf(frame: Frame, from: string, by: 'udp' | 'tcp'): string {
    const at = Date.now();
    const row = seen.get(from) ?? { address: from, lines: 0, lastSeen: at };
    seen.delete(from);
    seen.set(from, row);
    row.lines++;
    row.lastSeen = at;
    if (seen.size > MAX_SENDERS) for (const oldest of seen.keys()) if (seen.size > MAX_SENDERS) seen.delete(oldest);
    return encodeLine({ at, from, by, cut: frame.truncated, bytes: frame.bytes });
  }

  function track<T>(work: Promise<T>): Promise<T> {
    adding.add(work);
    void work.finally(() => adding.delete(work)).catch(() => undefined);
    return work;
  }

  const server = net.createServer((socket) => {
    const address = plain(socket.remoteAddress ?? '');
    const here = perAddress.get(address) ?? 0;
    socket.on('error', () => undefined);
    if (connections.size >= limits.maxConnections || here >= limits.maxPerAddress) return socket.destroy();
    perAddress.set(address, here + 1);
    const connection: Connection = { socket, pending: 0, held: false, lastLine: performance.now() };
    connections.add(connection);
    const framer = new SyslogFramer();
    const store = async (frames: readonly Frame[], bytes: number): Promise<void> => {
      if (frames.length === 0) return;
      connection.lastLine = performance.now();
      const lines = frames.map((frame) => lineOf(frame, address, 'tcp'));
      connection.pending += bytes;
      hold(connection);
      while (!(await spool.add(lines))) {
        if (spool.closed) return void (lost += lines.length);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      connection.pending -= bytes;
      release();
    };
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (chunk) => void track(store(framer.push(chunk), chunk.length)));
    socket.once('close', () => {
      connections.delete(connection);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
      void track(store(framer.end(), 0));
    });
  });

  function hold(connection: Connection): void {
    if (connection.held || (connection.pending < limits.maxPendingPerConnection && !spool.behind)) return;
    connection.held = true;
    connection.socket.pause();
  }

  function release(): void {
    if (spool.behind) return;
    for (const connection of connections) {
      if (!connection.held || connection.pending > limits.maxPendingPerConnection / 2) continue;
      connection.held = false;
      connection.socket.resume();
    }
  }

  const sweeper = setInterval(() => {
    const now = performance.now();
    for (const connection of connections) if (!connection.held && now - connection.lastLine > limits.idleMs) connection.socket.destroy();
    release();
  }, 1000);
  sweeper.unref();

  server.listen({ host, port });
  await once(server, 'listening');
  const bound = (server.address() as net.AddressInfo).port;

  const udp = dgram.createSocket({ type: net.isIPv6(host) ? 'udp6' : 'udp4' });
  udp.on('message', (bytes, from) => {
    const frame = datagram(bytes);
    if (frame === null) return;
    void track(spool.add([lineOf(frame, plain(from.address), 'udp')])).then((kept) => {
      if (!kept) lost++;
    });
  });
  try {
    udp.bind(bound, host);
    await once(udp, 'listening');
  } catch (error) {
    server.close();
    clearInterval(sweeper);
    throw error;
  }
  udp.on('error', () => undefined);
  try {
    udp.setRecvBufferSize(UDP_BUFFER_BYTES);
  } catch {
    // Some systems refuse more than they allow instead of granting what they do; the default then stays.
  }

  return {
    port: bound,
    senders: () => [...seen.values()].reverse(),
    get lost() {
      return lost;
    },
    async close() {
      server.close();
      clearInterval(sweeper);
      await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
      udp.close();
      for (const { socket } of connections) socket.destroy();
      while (connections.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
      await Promise.race([Promise.all(adding), new Promise((resolve) => setTimeout(resolve, 3000))]);
    },
  };
}

function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
