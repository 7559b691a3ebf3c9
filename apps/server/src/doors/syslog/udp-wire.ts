/** How the receiving thread hands datagrams over: many in one buffer, so that one message moves a thousand lines. */

import type { ClaimedAt } from './rules.ts';

/** Per datagram: length (u32), index of the sender's address (u32), arrival in epoch ms (f64), then the bytes. */
const HEAD = 16;

export interface Datagram {
  readonly address: string;
  readonly receivedAt: number;
  /** A view on the batch's buffer, not a copy. */
  readonly bytes: Uint8Array;
}

/** Packs datagrams into one buffer until it is full. */
export class BatchWriter {
  #buffer: ArrayBuffer;
  #bytes: Uint8Array;
  #view: DataView;
  #used = 0;
  #count = 0;
  readonly #indexOf = new Map<string, number>();

  constructor(capacity: number) {
    this.#buffer = new ArrayBuffer(capacity);
    this.#bytes = new Uint8Array(this.#buffer);
    this.#view = new DataView(this.#buffer);
  }

  get count(): number {
    return this.#count;
  }

  fits(length: number): boolean {
    return this.#used + HEAD + length <= this.#buffer.byteLength;
  }

  /** The caller has asked `fits`. */
  add(address: string, receivedAt: number, bytes: Uint8Array): void {
    let index = this.#indexOf.get(address);
    if (index === undefined) {
      index = this.#indexOf.size;
      this.#indexOf.set(address, index);
    }
    this.#view.setUint32(this.#used, bytes.length);
    this.#view.setUint32(this.#used + 4, index);
    this.#view.setFloat64(this.#used + 8, receivedAt);
    this.#bytes.set(bytes, this.#used + HEAD);
    this.#used += HEAD + bytes.length;
    this.#count++;
  }

  /** What was added since the last call, in a buffer of its own that may be transferred. */
  take(): { buffer: ArrayBuffer; addresses: string[] } {
    const taken = { buffer: this.#buffer.slice(0, this.#used), addresses: [...this.#indexOf.keys()] };
    this.#used = this.#count = 0;
    this.#indexOf.clear();
    return taken;
  }
}

/** Reads what `BatchWriter` wrote. */
export function* readBatch(buffer: ArrayBuffer, addresses: readonly string[]): Generator<Datagram> {
  const view = new DataView(buffer);
  for (let at = 0; at < buffer.byteLength; ) {
    const length = view.getUint32(at);
    const address = addresses[view.getUint32(at + 4)] ?? '';
    const receivedAt = view.getFloat64(at + 8);
    yield { address, receivedAt, bytes: new Uint8Array(buffer, at + HEAD, length) };
    at += HEAD + length;
  }
}

/** What the thread is started with. */
export interface UdpThreadOptions {
  readonly host: string;
  readonly port: number;
  readonly sockets: number;
  readonly receiveBufferBytes: number;
  readonly guaranteedPerSec: number;
  readonly poolPerSec: number;
  readonly burstSec: number;
  readonly addresses: ReadonlyMap<string, number>;
  /** Senders that wait for the desk: their lines are counted however many others are. */
  readonly claims: ReadonlyMap<string, ClaimedAt>;
  /** One Int32: bytes handed over and not yet on disk. The main thread takes off what it is done with. */
  readonly inFlight: SharedArrayBuffer;
  /** Above this only guaranteed datagrams are taken; above four times this none. */
  readonly inFlightSoftBytes: number;
}

export type ToUdpThread = { readonly kind: 'addresses'; readonly addresses: ReadonlyMap<string, number>; readonly claims: ReadonlyMap<string, ClaimedAt> } | { readonly kind: 'close' };

/** Senders that are not registered: counts since the last tally. */
export interface UnknownTally {
  readonly address: string;
  headerHost: string;
  lines: number;
  bytes: number;
  readonly since: number;
  at: number;
}

/** Registered senders whose datagrams were dropped in the thread, since the last tally. */
export interface DropTally {
  readonly address: string;
  /** Above the guaranteed rate with the pool empty. */
  share: number;
  /** Refused because the spool is too far behind. */
  behind: number;
}

export type FromUdpThread =
  | { readonly kind: 'ready'; readonly port: number; readonly receiveBufferBytes: readonly number[] }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'lines'; readonly buffer: ArrayBuffer; readonly addresses: readonly string[] }
  | { readonly kind: 'tally'; readonly received: number; readonly isolated: number; readonly unknown: readonly UnknownTally[]; readonly drops: readonly DropTally[]; readonly unknownOverflowLines: number }
  | { readonly kind: 'trouble'; readonly message: string }
  | { readonly kind: 'closed' };
