/**
 * One source floods the UDP syslog door at 100,000 lines/s beside a quiet one at 100 lines/s, both registered,
 * with the real spool on disk. Prints what each lost, kernel drops and processor time. Loopback only; ends by itself.
 *
 *   node bench/udp-flood.ts [seconds=10] [sockets=32] [floodLinesPerSec=100000]
 */
import dgram from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { createDirectory, createUnknownSenders, openSyslogDoor } from '../apps/server/src/doors/syslog/index.ts';
import { FileSpool } from '../apps/server/src/kernel/spool/index.ts';
import { report } from './lib/report.ts';

interface SenderPlan {
  readonly address: string;
  readonly port: number;
  readonly perSec: number;
  readonly seconds: number;
}

const FLOOD = { address: '127.0.0.1', sourceId: '01900000-0000-7000-8000-000000000001' };
const QUIET = { address: '127.0.0.2', sourceId: '01900000-0000-7000-8000-000000000002' };

/** Sends at an even rate; catches up after a pause, as a device with a queue does. */
async function send({ address, port, perSec, seconds }: SenderPlan): Promise<void> {
  const socket = dgram.createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const line = Buffer.from(`<134>date=2026-01-02 time=03:04:05 devname="fw1" logid="0000000013" type="traffic" ${'x'.repeat(220)}`);
  const begun = performance.now();
  for (let sent = 0; sent < perSec * seconds; ) {
    const due = Math.min(perSec * seconds, ((performance.now() - begun) / 1000) * perSec);
    for (let burst = 0; sent < due && burst < 200; burst++, sent++) socket.send(line);
    await (sent < due ? new Promise((resolve) => setImmediate(resolve)) : sleep(1));
  }
  await sleep(200);
  socket.close();
}

async function main(): Promise<void> {
  const [seconds = 10, sockets = 32, floodPerSec = 100_000] = process.argv.slice(2).map(Number);
  const folder = await mkdtemp(join(tmpdir(), 'banya-bench-udp-'));
  const spool = await FileSpool.open({ folder, lane: 'syslog', floorBytes: 256 * 1024 * 1024 });
  const stored = new Map<string, number>();
  const counted = {
    append: async (records: Parameters<FileSpool['append']>[0]): Promise<void> => {
      await spool.append(records);
      for (const { sourceId } of records) stored.set(sourceId, (stored.get(sourceId) ?? 0) + 1);
    },
  };
  const directory = createDirectory([FLOOD, QUIET].map((source) => ({ by: 'address', orgId: 'bench', listener: 'udp', ...source })));
  const log = { info: console.error, warn: console.error, error: console.error };
  const door = await openSyslogDoor({ port: 0, host: '0.0.0.0', spool: counted, directory, unknown: createUnknownSenders(), log, metrics: { add: () => undefined }, clock: { now: Date.now }, udp: { sockets } });
  const before = process.cpuUsage();
  const senders = [
    { address: FLOOD.address, port: door.ports.udp, perSec: floodPerSec, seconds },
    { address: QUIET.address, port: door.ports.udp, perSec: 100, seconds },
  ].map((plan) => once(new Worker(new URL(import.meta.url), { workerData: plan }), 'exit'));
  await Promise.all(senders);
  await sleep(500);
  const cpu = process.cpuUsage(before);
  const { udp } = door.stats();
  await door.close();
  await spool.close();
  await rm(folder, { recursive: true });

  const quietSent = 100 * seconds;
  const quietStored = stored.get(QUIET.sourceId) ?? 0;
  const quiet = { sent: quietSent, stored: quietStored, lostPercent: Number((100 * (1 - quietStored / quietSent)).toFixed(2)) };
  report(
    'udp-flood',
    {
      seconds, sockets: udp.sockets, receiveBufferBytes: udp.receiveBufferBytes[0], quiet, flood: { sent: floodPerSec * seconds, stored: stored.get(FLOOD.sourceId) ?? 0, cut: udp.dropped },
      isolated: udp.isolated, kernelDropsOnSharedSockets: udp.kernelDrops, cpuSecondsWithSenders: (cpu.user + cpu.system) / 1e6,
    },
    `flood of ${floodPerSec} lines/s by UDP for ${seconds} s: the quiet source lost ${quiet.lostPercent} % of ${quietSent} lines (promised: 1 %)`,
  );
}

await (isMainThread ? main() : send(workerData as SenderPlan));
