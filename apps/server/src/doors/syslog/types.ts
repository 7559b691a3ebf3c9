import type { MetricName } from '../../kernel/metrics.ts';
import type { Clock } from '../../kernel/types.ts';
import type { Spool } from '../../kernel/spool/types.ts';
import type { SourceDirectory } from './rules.ts';
import type { ShareLimits } from './share.ts';
import type { UnknownSenders } from './unknown.ts';

export interface DoorLog {
  info(facts: Record<string, unknown>, text: string): void;
  warn(facts: Record<string, unknown>, text: string): void;
  error(facts: Record<string, unknown>, text: string): void;
}

export interface DoorMetrics {
  /** Adds to a counter. Names end in `_total`, labels have few values (never an address). */
  add(name: MetricName, value: number, labels?: Readonly<Record<string, string>>): void;
}

export interface SyslogTls {
  readonly port: number;
  /** PEM. */
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
  /** Authorities of client certificates, PEM. Without it a client certificate is known by its fingerprint alone (RFC 5425, section 4.2.2). */
  readonly ca?: string | Buffer;
  readonly clientCertificates: 'none' | 'optional' | 'required';
}

export interface StreamLimits {
  readonly maxConnections: number;
  /** Of IPv6 the /64 counts as one, and a /48 as four at most. */
  readonly maxPerAddress: number;
  /** Of all connections, how many may come from addresses where no source is registered. */
  readonly maxUnknown: number;
  readonly maxUnknownPerAddress: number;
  /** A connection is closed after this long without a complete line: bytes that drip in do not prolong it. */
  readonly idleMs: number;
  readonly unknownIdleMs: number;
  readonly handshakeMs: number;
  /** Bytes read and not yet on disk at which reading stops: of one connection, of all. With UDP below the 32 MiB a spool holds. */
  readonly maxPendingPerConnection: number;
  readonly maxPending: number;
  /** Bytes per second read from a connection that is not registered. */
  readonly unknownBytesPerSec: number;
}

export const DEFAULT_STREAM_LIMITS: StreamLimits = {
  maxConnections: 2000,
  maxPerAddress: 64,
  maxUnknown: 200,
  maxUnknownPerAddress: 8,
  idleMs: 15 * 60_000,
  unknownIdleMs: 60_000,
  handshakeMs: 10_000,
  maxPendingPerConnection: 512 * 1024,
  maxPending: 16 * 1024 * 1024,
  unknownBytesPerSec: 64 * 1024,
};

export interface UdpLimits extends ShareLimits {
  readonly sockets: number;
  readonly receiveBufferBytes: number;
  /** Bytes received and not yet on disk above which only guaranteed datagrams are taken; above four times this none. */
  readonly inFlightSoftBytes: number;
}

export interface SyslogDoorOptions {
  /** UDP and TCP. 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  readonly tls?: SyslogTls;
  readonly spool: Pick<Spool, 'append'>;
  readonly directory: SourceDirectory;
  readonly unknown: UnknownSenders;
  readonly log: DoorLog;
  readonly metrics: DoorMetrics;
  readonly clock: Clock;
  readonly udp?: Partial<UdpLimits>;
  readonly stream?: Partial<StreamLimits>;
}

export interface UdpStats {
  /** False when the receiving thread is gone. */
  readonly alive: boolean;
  readonly sockets: number;
  /** What the system granted, as it reports it (Linux shows twice the usable size). */
  readonly receiveBufferBytes: readonly number[];
  /** Datagrams that reached the thread. */
  readonly received: number;
  /** On disk. */
  readonly stored: number;
  readonly unknown: number;
  /** Flooding senders that have a socket to themselves at present. */
  readonly isolated: number;
  /** Thrown away by the kernel on the shared sockets before anybody could look; null where the system does not tell. */
  readonly kernelDrops: number | null;
  /** Datagrams of registered addresses that were dropped, by reason. */
  readonly dropped: readonly { readonly address: string; readonly share: number; readonly behind: number; readonly spoolFull: number }[];
  readonly pendingBytes: number;
}

export interface StreamStats {
  readonly connections: number;
  readonly accepted: number;
  readonly refused: number;
  /** Lines on disk. */
  readonly stored: number;
  readonly unknown: number;
  readonly truncated: number;
  readonly pendingBytes: number;
  /** Connections not read from at present because the spool is behind or full. */
  readonly paused: number;
}

export interface SyslogDoorStats {
  readonly udp: UdpStats;
  readonly tcp: StreamStats;
  readonly tls: StreamStats | null;
  /** True while the spool refuses because the disk is nearly full. */
  readonly spoolFull: boolean;
}

export interface SyslogDoor {
  readonly ports: { readonly udp: number; readonly tcp: number; readonly tls: number | null };
  stats(): SyslogDoorStats;
  /** Stops accepting, reads what is in the buffers, writes it to the spool; at most 5 s. Safe to call twice. */
  close(): Promise<void>;
}
