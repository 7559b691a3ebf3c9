import { Worker } from 'node:worker_threads';
import { datagram } from '@banya/logs';
import type { SpoolRecord } from '../../kernel/spool/types.ts';
import { headerHost } from './header-host.ts';
import { kernelDrops, ownUdpInodes } from './kernel-drops.ts';
import { FLAG_TRUNCATED, FLAG_UNVERIFIED, type SourceDirectory } from './rules.ts';
import { DEFAULT_SHARES } from './share.ts';
import type { Sink } from './sink.ts';
import type { SyslogDoorOptions, UdpLimits, UdpStats } from './types.ts';
import { readBatch, type FromUdpThread, type ToUdpThread, type UdpThreadOptions } from './udp-wire.ts';

/** One thread and many sockets; README.md has the figures behind it. */
export const DEFAULT_UDP_LIMITS: UdpLimits = {
  ...DEFAULT_SHARES,
  sockets: 32,
  receiveBufferBytes: 64 * 1024 * 1024,
  inFlightSoftBytes: 4 * 1024 * 1024,
};

const CLOSE_MS = 3000;

type Drops = { address: string; share: number; behind: number; spoolFull: number };

export interface UdpDoor {
  readonly port: number;
  stats(): UdpStats;
  /** Drains the sockets and writes what was in them. */
  close(): Promise<void>;
}

/** Starts the receiving thread on `port`. Rejects with the system's code (EADDRINUSE, EACCES) when it cannot be opened. */
export async function openUdp(options: SyslogDoorOptions, sink: Sink, port: number): Promise<UdpDoor> {
  const { directory, unknown, log, metrics } = options;
  const limits = { ...DEFAULT_UDP_LIMITS, ...options.udp };
  const inFlight = new Int32Array(new SharedArrayBuffer(4));
  const workerData: UdpThreadOptions = { ...limits, host: options.host, port, addresses: directory.udpAddresses(), claims: directory.udpClaims(), inFlight: inFlight.buffer };
  const thread = new Worker(new URL('./udp-thread.ts', import.meta.url), { workerData, name: 'banya-udp' });
  const post = (message: ToUdpThread): void => thread.postMessage(message);

  const counts = { received: 0, stored: 0, unknown: 0, isolated: 0 };
  const drops = new Map<string, Drops>();
  const writing = new Set<Promise<void>>();
  let receiveBufferBytes: readonly number[] = [];
  let alive = true;
  let ended = false;

  function dropsAt(address: string): Drops {
    let row = drops.get(address);
    if (row === undefined) drops.set(address, (row = { address, share: 0, behind: 0, spoolFull: 0 }));
    return row;
  }

  async function write(buffer: ArrayBuffer, addresses: readonly string[]): Promise<void> {
    try {
      const { records, senders } = resolveBatch(buffer, addresses, directory, (address, host, bytes, at) => {
        counts.unknown++;
        unknown.note({ listener: 'udp', address, headerHost: host, lines: 1, bytes, at });
      });
      if (records.length === 0) return;
      if (await sink.tryWrite(records)) {
        counts.stored += records.length;
        metrics.add('banya_syslog_lines_total', records.length, { listener: 'udp' });
        return;
      }
      metrics.add('banya_syslog_dropped_total', records.length, { reason: 'spool_full' });
      for (const address of senders) dropsAt(address).spoolFull++;
    } finally {
      Atomics.sub(inFlight, 0, buffer.byteLength);
    }
  }

  function take(message: FromUdpThread): void {
    if (message.kind === 'lines') {
      const work = write(message.buffer, message.addresses);
      writing.add(work);
      void work.finally(() => writing.delete(work));
    } else if (message.kind === 'tally') {
      counts.received += message.received;
      counts.isolated = message.isolated;
      for (const seen of message.unknown) {
        counts.unknown += seen.lines;
        unknown.note({ listener: 'udp', ...seen });
      }
      counts.unknown += message.unknownOverflowLines;
      for (const tally of message.drops) {
        const row = dropsAt(tally.address);
        row.share += tally.share;
        row.behind += tally.behind;
        if (tally.share > 0) metrics.add('banya_syslog_dropped_total', tally.share, { reason: 'share' });
        if (tally.behind > 0) metrics.add('banya_syslog_dropped_total', tally.behind, { reason: 'behind' });
      }
    } else if (message.kind === 'trouble') log.warn({ error: message.message }, 'A UDP socket of the syslog door had trouble.');
  }

  const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  const ready = Promise.withResolvers<number>();
  thread.on('message', (message: FromUdpThread) => {
    if (message.kind === 'ready') {
      receiveBufferBytes = message.receiveBufferBytes;
      ready.resolve(message.port);
    } else if (message.kind === 'failed') {
      ready.reject(Object.assign(new Error(message.message), { code: message.code }));
    } else take(message);
  });
  thread.on('error', (error) => {
    ready.reject(error);
    alive = false;
    log.error({ error: String(error) }, 'The UDP thread of the syslog door has died: syslog over UDP is lost until the next start.');
  });
  const bound = await ready.promise;
  const inodes = ownUdpInodes(bound);

  const unsubscribe = directory.onChange(() => {
    const addresses = directory.udpAddresses();
    for (const address of drops.keys()) if (!addresses.has(address)) drops.delete(address);
    post({ kind: 'addresses', addresses, claims: directory.udpClaims() });
  });

  return {
    port: bound,
    stats: () => ({
      alive: alive && !ended,
      sockets: receiveBufferBytes.length,
      receiveBufferBytes,
      ...counts,
      kernelDrops: ended ? null : kernelDrops(inodes),
      dropped: [...drops.values()].map((row) => ({ ...row })),
      pendingBytes: Atomics.load(inFlight, 0),
    }),
    async close() {
      if (ended) return;
      ended = true;
      unsubscribe();
      post({ kind: 'close' });
      const late = setTimeout(() => void thread.terminate(), CLOSE_MS);
      await exited;
      clearTimeout(late);
      await Promise.all(writing);
    },
  };
}

/** Turns a batch of the thread into spool records; `onUnknown` is told of every line nobody is registered for. */
export function resolveBatch(
  buffer: ArrayBuffer,
  addresses: readonly string[],
  directory: SourceDirectory,
  onUnknown: (address: string, host: string, bytes: number, at: number) => void,
): { records: SpoolRecord[]; senders: string[] } {
  const records: SpoolRecord[] = [];
  const senders: string[] = [];
  for (const { address, receivedAt, bytes } of readBatch(buffer, addresses)) {
    const line = datagram(bytes);
    if (line === null) continue;
    const host = directory.needsHost('udp', address, null) ? headerHost(line.bytes) : '';
    const source = directory.resolve({ listener: 'udp', address, headerHost: host, clientCertFingerprint: null });
    if (source === null) {
      onUnknown(address, host === '' ? headerHost(line.bytes) : host, bytes.length, receivedAt);
      continue;
    }
    records.push({ sourceId: source.sourceId, receivedAt, flags: FLAG_UNVERIFIED | (line.truncated ? FLAG_TRUNCATED : 0), payload: line.bytes });
    senders.push(address);
  }
  return { records, senders };
}
