/**
 * The thread that receives UDP and does nothing else. It resolves no source and writes nothing: it decides by the
 * sender's address whether a datagram has room (share.ts), copies it into a batch, and hands batches over.
 *
 * Several sockets share the port (SO_REUSEPORT). The kernel spreads senders over them by address and port, each
 * socket has a buffer of its own, and the event loop reads them in turns, so a sender that fills its buffer takes
 * nothing from those on the other sockets. A sender that goes on flooding gets a socket to itself (isolation.ts).
 */
import dgram from 'node:dgram';
import { isIPv6 } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { headerHost } from './header-host.ts';
import { Isolation } from './isolation.ts';
import { claimedName, normaliseAddress } from './rules.ts';
import { Bucket, FairShare } from './share.ts';
import { BatchWriter, type DropTally, type FromUdpThread, type ToUdpThread, type UdpThreadOptions, type UnknownTally } from './udp-wire.ts';

const BATCH_BYTES = 256 * 1024;
const FLUSH_MS = 5;
const TALLY_MS = 250;
// Unknown senders between two tallies; more are counted together.
const MAX_UNKNOWN = 1000;
// Header hosts of unknown senders are read at most this often, all of them together.
const UNKNOWN_HOSTS_PER_SEC = 200;
const DRAIN_QUIET_MS = 60;
const DRAIN_MAX_MS = 1500;
const NO_REUSE_PORT = new Set(['ENOTSUP', 'EINVAL', 'ENOSYS', 'ENOPROTOOPT']);

const options = workerData as UdpThreadOptions;
if (parentPort === null) throw new Error('udp-thread runs as a worker thread only');
const port = parentPort;
const tell = (message: FromUdpThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

const inFlight = new Int32Array(options.inFlight);
const now0 = performance.now();
const share = new FairShare(options, now0);
share.register(options.addresses, now0);
const unknownHosts = new Bucket(UNKNOWN_HOSTS_PER_SEC, 1, now0);
const claimedHosts = new Bucket(UNKNOWN_HOSTS_PER_SEC, 1, now0);
const batch = new BatchWriter(BATCH_BYTES);
const sockets: dgram.Socket[] = [];

let received = 0;
let lastArrival = 0;
let unknown = new Map<string, UnknownTally>();
// As many as there are claims, so without a bound of its own.
let claimed = new Map<string, UnknownTally>();
let claims = options.claims;
let unknownOverflowLines = 0;
let drops = new Map<string, DropTally>();
let flushTimer: NodeJS.Timeout | null = null;
let isolation: Isolation | null = null;
let isolatedTold = 0;

function receive(bytes: Buffer, from: dgram.RemoteInfo): void {
  const now = performance.now();
  lastArrival = now;
  received++;
  const address = from.family === 'IPv6' ? normaliseAddress(from.address) : from.address;
  const admission = share.admit(address, now);
  if (admission !== 'guaranteed') isolation?.excess(from, now);
  if (admission === 'refused') {
    if (share.isRegistered(address)) dropped(address).share++;
    else noteUnknown(address, bytes, now);
    return;
  }
  const waiting = Atomics.load(inFlight, 0);
  if (waiting > options.inFlightSoftBytes * (admission === 'pool' ? 1 : 4)) {
    dropped(address).behind++;
    return;
  }
  if (!batch.fits(bytes.length)) flush();
  batch.add(address, Date.now(), bytes);
  flushTimer ??= setTimeout(flush, FLUSH_MS);
}

function flush(): void {
  if (flushTimer !== null) clearTimeout(flushTimer);
  flushTimer = null;
  if (batch.count === 0) return;
  const { buffer, addresses } = batch.take();
  Atomics.add(inFlight, 0, buffer.byteLength);
  tell({ kind: 'lines', buffer, addresses }, [buffer]);
}

function dropped(address: string): DropTally {
  let tally = drops.get(address);
  if (tally === undefined) drops.set(address, (tally = { address, share: 0, behind: 0 }));
  return tally;
}

function noteUnknown(address: string, bytes: Buffer, now: number): void {
  const claim = claims.get(address);
  // A host that was not read for want of time is counted with the sender's lines without one.
  const host = (claim === undefined ? unknownHosts : claimedHosts).take(now) ? headerHost(bytes).slice(0, 64) : '';
  const name = claimedName(claim, host);
  const [tallies, headerHostSeen] = name === null ? [unknown, host] : [claimed, name];
  const key = `${address} ${headerHostSeen}`;
  const at = Date.now();
  let tally = tallies.get(key);
  if (tally === undefined) {
    if (tallies === unknown && unknown.size >= MAX_UNKNOWN) {
      unknownOverflowLines++;
      return;
    }
    tallies.set(key, (tally = { address, headerHost: headerHostSeen, lines: 0, bytes: 0, since: at, at }));
  }
  tally.lines++;
  tally.bytes += bytes.length;
  tally.at = at;
}

function tally(): void {
  isolation?.look(performance.now());
  if (received === 0 && isolation?.count === isolatedTold) return;
  isolatedTold = isolation?.count ?? 0;
  tell({ kind: 'tally', received, isolated: isolatedTold, unknown: [...claimed.values(), ...unknown.values()], drops: [...drops.values()], unknownOverflowLines });
  received = 0;
  unknownOverflowLines = 0;
  unknown = new Map();
  claimed = new Map();
  drops = new Map();
}

async function open(bindTo: number, shared: boolean): Promise<dgram.Socket> {
  const socket = dgram.createSocket({ type: isIPv6(options.host) ? 'udp6' : 'udp4', reusePort: shared });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(bindTo, options.host, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  try {
    socket.setRecvBufferSize(options.receiveBufferBytes);
  } catch {
    // Linux cuts the wish down to net.core.rmem_max in silence; systems that refuse instead keep their default.
  }
  socket.on('error', (error) => tell({ kind: 'trouble', message: error.message }));
  socket.on('message', receive);
  return socket;
}

async function openConnected(bindTo: number, address: string, peerPort: number): Promise<dgram.Socket> {
  const socket = await open(bindTo, true);
  await new Promise<void>((resolve, reject) => socket.connect(peerPort, address, (error?: Error) => (error === undefined ? resolve() : reject(error))));
  return socket;
}

/** Opens all sockets; only one where the system does not spread datagrams over several (Linux and some BSDs do). */
async function start(): Promise<void> {
  let shared = options.sockets > 1;
  let first: dgram.Socket;
  try {
    first = await open(options.port, shared);
  } catch (error) {
    if (!shared || !NO_REUSE_PORT.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    shared = false;
    first = await open(options.port, false);
  }
  sockets.push(first);
  const bound = first.address().port;
  while (shared && sockets.length < options.sockets) sockets.push(await open(bound, true));
  if (shared) isolation = new Isolation({ open: (address, peerPort) => openConnected(bound, address, peerPort) });
  tell({ kind: 'ready', port: bound, receiveBufferBytes: sockets.map((socket) => socket.getRecvBufferSize()) });
}

function close(): void {
  const begun = performance.now();
  const look = setInterval(() => {
    const now = performance.now();
    if (now - Math.max(lastArrival, begun) < DRAIN_QUIET_MS && now - begun < DRAIN_MAX_MS) return;
    clearInterval(look);
    clearInterval(tallyTimer);
    for (const socket of sockets) socket.close();
    isolation?.close();
    flush();
    tally();
    tell({ kind: 'closed' });
    port.close();
  }, 10);
}

const tallyTimer = setInterval(tally, TALLY_MS);
port.on('message', (message: ToUdpThread) => {
  if (message.kind === 'addresses') {
    share.register(message.addresses, performance.now());
    claims = message.claims;
  } else close();
});
start().catch((error: NodeJS.ErrnoException) => {
  clearInterval(tallyTimer);
  for (const socket of sockets) socket.close();
  tell({ kind: 'failed', code: error.code ?? 'UNKNOWN', message: error.message });
  port.close();
});
