import type dgram from 'node:dgram';

/** Datagrams of one sender above its guaranteed rate, between two looks, that make it a flood. */
const FLOOD_EXCESS = 1000;
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
  readonly #excess = new Map<string, number>();
  readonly #isolated = new Map<string, { socket: dgram.Socket | null; lastSeen: number }>();

  constructor(options: IsolationOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#isolated.size;
  }

  /** Called for every datagram above the guaranteed rate, whether there was room for it or not. */
  excess(from: dgram.RemoteInfo, nowMs: number): void {
    const key = `${from.address} ${from.port}`;
    const count = (this.#excess.get(key) ?? 0) + 1;
    if (count > 1 || this.#excess.size < MAX_COUNTED) this.#excess.set(key, count);
    // At once and not at the next look: until then those on the same socket lose as much as the flood.
    if (count === FLOOD_EXCESS && !this.#isolated.has(key) && this.#isolated.size < MAX_ISOLATED) this.#isolate(key, from.address, from.port, nowMs);
  }

  /** Called a few times per second: lets go of senders that have been quiet. */
  look(nowMs: number): void {
    for (const key of this.#excess.keys()) {
      const known = this.#isolated.get(key);
      if (known !== undefined) known.lastSeen = nowMs;
    }
    this.#excess.clear();
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
