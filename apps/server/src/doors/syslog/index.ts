import { createSink } from './sink.ts';
import { openStream, type Pending, type StreamDoor } from './stream.ts';
import type { SyslogDoor, SyslogDoorOptions } from './types.ts';
import { openUdp, type UdpDoor } from './udp.ts';

export { createDirectory, normaliseAddress, normaliseFingerprint } from './rules.ts';
export type { Claim, Listener, RefusedRegistration, Registration, ResolvedSource, Sender, SourceDirectory } from './rules.ts';
export { createUnknownSenders } from './unknown.ts';
export type { UnknownSender, UnknownSenders } from './unknown.ts';
export type { DoorLog, DoorMetrics, SyslogDoor, SyslogDoorOptions, SyslogDoorStats, SyslogTls } from './types.ts';

const READ_MS = 2000;
// A spool that refuses is tried until the first, one that does not answer is waited for until the second.
const GIVE_UP_MS = 4000;
const CLOSE_MS = 5000;
const FREE_PORT_TRIES = 10;

/**
 * Opens the syslog door: UDP and TCP on one port, TLS on another when asked. Lines of registered sources go to the
 * spool byte for byte; lines of others are counted in `unknown` and dropped. Rejects with the system's code
 * (EADDRINUSE, EACCES) when a port cannot be had; nothing stays open then.
 */
export async function openSyslogDoor(options: SyslogDoorOptions): Promise<SyslogDoor> {
  const sink = createSink(options.spool, options.log, options.metrics);
  const pending: Pending = { bytes: 0 };
  const { tcp, udp } = await openPair(options, sink, pending);
  let secure: StreamDoor | null = null;
  try {
    if (options.tls !== undefined) secure = await openStream(options, sink, pending, options.tls.port, options.tls);
  } catch (error) {
    await Promise.all([tcp.close(0), udp.close()]);
    throw error;
  }
  let closed: Promise<void> | null = null;

  async function close(): Promise<void> {
    const giveUp = setTimeout(() => sink.abandon(), GIVE_UP_MS);
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (late = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([Promise.all([udp.close(), tcp.close(READ_MS), secure?.close(READ_MS)]), limit]);
    clearTimeout(giveUp);
    clearTimeout(late);
  }

  return {
    ports: { udp: udp.port, tcp: tcp.port, tls: secure?.port ?? null },
    stats: () => ({ udp: udp.stats(), tcp: tcp.stats(), tls: secure?.stats() ?? null, spoolFull: sink.blocked }),
    close: () => (closed ??= close()),
  };
}

/**
 * TCP first: its port belongs to one process alone, while the UDP sockets share theirs, so that a second Banya on
 * the same port fails here instead of taking half of the datagrams in silence.
 */
async function openPair(options: SyslogDoorOptions, sink: ReturnType<typeof createSink>, pending: Pending): Promise<{ tcp: StreamDoor; udp: UdpDoor }> {
  for (let tries = 1; ; tries++) {
    const tcp = await openStream(options, sink, pending, options.port);
    try {
      return { tcp, udp: await openUdp(options, sink, tcp.port) };
    } catch (error) {
      await tcp.close(0);
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || options.port !== 0 || tries >= FREE_PORT_TRIES) throw error;
    }
  }
}
