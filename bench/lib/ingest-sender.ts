/** The senders of the intake's measure, in a process of their own: one TCP connection a source, octet-counted syslog (RFC 6587 §3.4.1). */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fortigateLines } from './lines.ts';

export interface SenderPlan {
  readonly port: number;
  /** Local address of each connection: what its source is known by. */
  readonly addresses: readonly string[];
  /** All connections together; null sends as fast as the server takes. */
  readonly perSec: number | null;
  readonly seconds: number;
}
export interface SenderResult {
  readonly sent: number;
  readonly seconds: number;
  readonly bytes: number;
}

const CHUNK_LINES = 200;

async function send(plan: SenderPlan): Promise<SenderResult> {
  const senders = await Promise.all(
    plan.addresses.map(async (localAddress, i) => {
      const socket = connect({ port: plan.port, host: '127.0.0.1', localAddress });
      await once(socket, 'connect');
      return { socket, lines: fortigateLines(i + 1), due: 0, sent: 0 };
    }),
  );
  let bytes = 0;
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  await Promise.all(
    senders.map(async (sender) => {
      const share = plan.perSec === null ? null : plan.perSec / senders.length;
      while (seconds() < plan.seconds) {
        const due = share === null ? sender.sent + CHUNK_LINES : Math.floor(Math.min(plan.seconds, seconds()) * share);
        const n = Math.min(CHUNK_LINES, due - sender.sent);
        if (n > 0) {
          const now = Date.now();
          let text = '';
          for (let i = 0; i < n; i++) {
            const line = sender.lines.next(now);
            text += `${line.length} ${line}`;
          }
          bytes += text.length;
          sender.sent += n;
          if (!sender.socket.write(text, 'latin1')) await once(sender.socket, 'drain');
        }
        if (share !== null && due - sender.sent < 1) await sleep(5);
      }
    }),
  );
  await Promise.all(senders.map(({ socket }) => end(socket)));
  return { sent: senders.reduce((n, s) => n + s.sent, 0), seconds: seconds(), bytes };
}

async function end(socket: Socket): Promise<void> {
  socket.end();
  await once(socket.resume(), 'close');
}

process.once('message', (plan: SenderPlan) => {
  void send(plan).then((result) => {
    process.send!(result);
    process.disconnect();
  });
});
