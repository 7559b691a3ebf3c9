import type dgram from 'node:dgram';

/** Refused datagrams of one sender between two looks that make it a flood. */
const FLOOD_REFUSED = 500;
const MAX_ISOLATED = 16;
const MAX_COUNTED = 1000;
const QUIET_MS = 30_000;

export interface IsolationOptions {
  /** Opens a socket on the door's port that is connected to this sender. */
  readonly open: (address: string, port: number) => Promise<dgram.Socket>;
}

/**
 * Gives a flooding sender a socket to itself. A socket that is connected to the sender is preferred by the kernel
 * over the shared ones (Linux udp(7), connect), so from then on the flood fills a buffer that no one else uses, and
 * those who happened to share a socket with it are free of it. Bounded; a sender that has been quiet goes back.
 */
export class Isolation {
  readonly #options: IsolationOptions;
  readonly #refused = new Map<string, { address: string; port: number; count: number }>();
  readonly #isolated = new Map<string, { socket: dgram.Socket | null; lastSeen: number }>();

  constructor(options: IsolationOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#isolated.size;
  }

  /** Called for every datagram that was refused. */
  refused(from: dgram.RemoteInfo): void {
    const key = `${from.address} ${from.port}`;
    const row = this.#refused.get(key);
    if (row !== undefined) row.count++;
    else if (this.#refused.size < MAX_COUNTED) this.#refused.set(key, { address: from.address, port: from.port, count: 1 });
  }

  /** Called a few times per second: isolates new floods, lets go of quiet ones. */
  look(nowMs: number): void {
    for (const [key, { address, port, count }] of this.#refused) {
      const known = this.#isolated.get(key);
      if (known !== undefined) known.lastSeen = nowMs;
      else if (count >= FLOOD_REFUSED && this.#isolated.size < MAX_ISOLATED) this.#isolate(key, address, port, nowMs);
    }
    this.#refused.clear();
    for (const [key, { socket, lastSeen }] of this.#isolated) {
      if (nowMs - lastSeen < QUIET_MS) continue;
      this.#isolated.delete(key);
      socket?.close();
    }
  }

  close(): void {
    for (const { socket } of this.#isolated.values()) socket?.close();
    this.#isolated.clear();
  }

  #isolate(key: string, address: string, port: number, nowMs: number): void {
    this.#isolated.set(key, { socket: null, lastSeen: nowMs });
    this.#options.open(address, port).then(
      (socket) => {
        const row = this.#isolated.get(key);
        if (row === undefined) socket.close();
        else row.socket = socket;
      },
      // Without a socket of its own the sender stays on the shared one, as before; it is not tried again while it floods.
      () => undefined,
    );
  }
}
