/** What the tests of the door share. */
import { once } from 'node:events';
import net from 'node:net';
import type { Spool, SpoolRecord } from '../../kernel/spool/types.ts';
import { openSyslogDoor } from './index.ts';
import { createDirectory, type Registration } from './rules.ts';
import type { DoorLog, DoorMetrics, SyslogDoor, SyslogDoorOptions } from './types.ts';
import { createUnknownSenders, type UnknownSenders } from './unknown.ts';

/** A spool in memory: keeps what it acknowledged, can be slow or full. */
export interface MemorySpool extends Pick<Spool, 'append'> {
  readonly records: SpoolRecord[];
  full: boolean;
  /** What it says while full. */
  code: string;
  delayMs: number;
  appends: number;
  lines(sourceId?: string): string[];
}

export function memorySpool(): MemorySpool {
  return {
    records: [],
    full: false,
    code: 'SPOOL_FULL',
    delayMs: 0,
    appends: 0,
    async append(records) {
      this.appends++;
      if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
      if (this.full) throw Object.assign(new Error('refused'), { code: this.code });
      this.records.push(...records.map((record) => ({ ...record, payload: Uint8Array.from(record.payload) })));
    },
    lines(sourceId) {
      return this.records.filter((r) => sourceId === undefined || r.sourceId === sourceId).map((r) => Buffer.from(r.payload).toString('latin1'));
    },
  };
}

export interface Recorded {
  readonly log: DoorLog & { readonly entries: { level: string; text: string }[] };
  readonly metrics: DoorMetrics & { total(name: string): number };
}

export function recorders(): Recorded {
  const entries: { level: string; text: string }[] = [];
  const sums = new Map<string, number>();
  return {
    log: {
      entries,
      info: (_facts, text) => void entries.push({ level: 'info', text }),
      warn: (_facts, text) => void entries.push({ level: 'warn', text }),
      error: (_facts, text) => void entries.push({ level: 'error', text }),
    },
    metrics: {
      add: (name, value) => void sums.set(name, (sums.get(name) ?? 0) + value),
      total: (name) => sums.get(name) ?? 0,
    },
  };
}

/** Waits until `done` is true; fails the test after `ms`. */
export async function until(done: () => boolean, what: string, ms = 8000): Promise<void> {
  const end = performance.now() + ms;
  while (!done()) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Opens the door on free loopback ports with the given registrations, all by address 127.0.0.1 unless told. */
export async function openForTest(registrations: readonly Registration[], extra: Partial<SyslogDoorOptions> = {}): Promise<{ door: SyslogDoor; spool: MemorySpool; unknown: UnknownSenders } & Recorded> {
  const spool = memorySpool();
  const unknown = createUnknownSenders();
  const recorded = recorders();
  const door = await openSyslogDoor({ port: 0, host: '127.0.0.1', spool, directory: createDirectory(registrations), unknown, clock: { now: () => Date.now() }, ...recorded, ...extra });
  return { door, spool, unknown, ...recorded };
}

/** Waits until a connection is over, by a reset as well: bytes on their way when the other side closes are answered so. */
export function closed(socket: net.Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

export async function connect(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
