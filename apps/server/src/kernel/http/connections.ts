import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Admissions } from '../admissions.ts';

export interface ConnectionLimits {
  readonly maxConnections: number;
  /** Of IPv6 the /64 counts as one, and a /48 as four at most. A large office behind one address has some six connections a person. */
  readonly maxPerAddress: number;
  /** Until the headers of a request are there, and until the whole request is; whoever drips bytes is cut off then. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** A connection on which nothing moves, in either direction. Live streams send a sign of life more often. */
  readonly quietMs: number;
  /** How often the first two are looked at. */
  readonly checkMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = { maxConnections: 4_096, maxPerAddress: 1_024, headersMs: 20_000, requestMs: 120_000, quietMs: 300_000, checkMs: 2_000 };

/** What a server must be created with. */
export const connectionOptions = (limits: ConnectionLimits): { connectionsCheckingInterval: number; handshakeTimeout: number } => ({ connectionsCheckingInterval: limits.checkMs, handshakeTimeout: limits.headersMs });

/**
 * Bounds what slow or many connections cost: one address never holds so many that others are shut out. `exempt` are the
 * proxies, behind whose one address everybody comes; they bound their own visitors.
 */
export function boundConnections(server: Server, limits: ConnectionLimits, exempt: (address: string) => boolean): void {
  server.headersTimeout = limits.headersMs;
  server.requestTimeout = limits.requestMs;
  server.timeout = limits.quietMs;
  server.maxConnections = limits.maxConnections;
  const admissions = new Admissions(limits.maxConnections, limits.maxPerAddress);
  server.prependListener('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (exempt(address)) return;
    const leave = admissions.enter(address);
    if (leave === null) socket.destroy();
    else socket.once('close', leave);
  });
}
