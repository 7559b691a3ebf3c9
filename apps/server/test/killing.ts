import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { readyFolder, testHouse } from './house.ts';
import { sender, type Sender } from './senders.ts';

export interface KilledHouse {
  readonly folder: string;
  readonly http: Sender;
  /** A person of the member, who writes mails. */
  readonly email: string;
}

/** A folder with a member that has one sender by token and one on the syslog port. */
export async function prepareHouse(): Promise<KilledHouse> {
  const folder = await readyFolder();
  const endings: (() => Promise<void>)[] = [];
  const house = await testHouse({ after: (fn) => endings.push(fn) }, { folder });
  try {
    const { orgId } = await house.federation();
    const org = await house.org('member', orgId, '試験商事');
    const lead = await house.person(org, 'member', 'lead');
    const http = await sender(house, lead);
    await sender(house, lead, { match: { by: 'address', listener: 'tcp', address: '127.0.0.1' } });
    return { folder, http, email: lead.email };
  } finally {
    for (const end of endings) await end();
  }
}

/** A house in a process of its own. */
export class HouseProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  ports: { readonly http: number; readonly syslog: number; readonly smtp: number } = { http: 0, syslog: 0, smtp: 0 };

  private constructor(folder: string) {
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'house-process.ts'), '--data', join(folder, 'data'), '--port', '0', '--syslog-port', '0', '--smtp-port', '0', '--mail-domain', 'banya.test', '--mail-relays', '127.0.0.1', '--mail-authserv', 'mx.member.example', '--syslog-host', '127.0.0.1'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  static async start(folder: string): Promise<HouseProcess> {
    const house = new HouseProcess(folder);
    house.ports = (await house.#answer()).ports as HouseProcess['ports'];
    return house;
  }

  async #answer(): Promise<Record<string, unknown>> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the house ended by itself');
    return JSON.parse(value as string) as Record<string, unknown>;
  }

  async stored(): Promise<{ lines: string[]; counted: number }> {
    this.#child.stdin.write('stored\n');
    return (await this.#answer()) as { lines: string[]; counted: number };
  }

  /** How often each mail stands among tickets (by subject) and samples (by the id of its file); once nothing waits on the door's disk. */
  async mails(): Promise<{ subjects: Record<string, number> }> {
    this.#child.stdin.write('mails\n');
    return (await this.#answer()) as { subjects: Record<string, number> };
  }

  /** Stops reading the spool, for good. */
  async hold(): Promise<void> {
    this.#child.stdin.write('hold\n');
    await this.#answer();
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone();
  }

  async close(): Promise<void> {
    this.#child.stdin.write('close\n');
    await this.#gone();
  }

  async #gone(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    this.#reader.close();
  }
}

export interface Post {
  readonly key: string;
  readonly lines: readonly string[];
}

/** Sends one post; true when the house has said that it keeps it. */
export async function deliver(house: HouseProcess, to: Sender, post: Post): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${house.ports.http}/api/v1/ingest/${to.id}`, {
      method: 'POST', headers: { Authorization: `Bearer ${to.token}`, 'Content-Type': 'text/plain', 'Idempotency-Key': post.key, Connection: 'close' }, body: post.lines.join('\n'),
    });
    await response.text();
    return response.status === 202;
  } catch {
    return false;
  }
}

/** mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Tally {
  /** Lines the house has said it keeps and does not have. */
  lost: number;
  /** Lines that stand twice or more. */
  doubled: number;
  stored: number;
  counted: number;
  acknowledged: number;
}

/**
 * Kills a house again and again while posts with keys and syslog lines over TCP come in, and looks after each new start
 * what it has. What was not acknowledged is sent again under its key, as a collector does.
 */
export class KillRig {
  readonly #prepared: KilledHouse;
  readonly #random: () => number;
  readonly #acknowledged = new Set<string>();
  #waiting: Post[] = [];
  #number = 0;

  constructor(prepared: KilledHouse, seed: number) {
    this.#prepared = prepared;
    this.#random = seeded(seed);
  }

  /** Starts, looks, and kills in the midst of `ms` or less of traffic. @returns what was there at the start */
  async round(msMax: number): Promise<Tally> {
    const house = await HouseProcess.start(this.#prepared.folder);
    const tally = await this.#look(house);
    const ended = { now: false };
    const traffic = [this.#post(house, ended), this.#post(house, ended), this.#syslog(house, ended)];
    await new Promise((resolve) => setTimeout(resolve, 50 + this.#random() * msMax));
    await house.kill();
    ended.now = true;
    await Promise.all(traffic);
    return tally;
  }

  /** A last look, and an orderly end. */
  async finish(): Promise<Tally> {
    const house = await HouseProcess.start(this.#prepared.folder);
    try {
      return await this.#look(house);
    } finally {
      await house.close();
    }
  }

  async #look(house: HouseProcess): Promise<Tally> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const post of waiting) await this.#send(house, post);
    const { lines, counted } = await house.stored();
    const times = new Map<string, number>();
    for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
    return {
      lost: [...this.#acknowledged].filter((line) => !times.has(line)).length, doubled: [...times.values()].filter((n) => n > 1).length,
      stored: lines.length, counted, acknowledged: this.#acknowledged.size,
    };
  }

  async #send(house: HouseProcess, post: Post): Promise<void> {
    if (await deliver(house, this.#prepared.http, post)) for (const line of post.lines) this.#acknowledged.add(line);
    else this.#waiting.push(post);
  }

  async #post(house: HouseProcess, ended: { readonly now: boolean }): Promise<void> {
    while (!ended.now) {
      const n = ++this.#number;
      await this.#send(house, { key: `key-${n}`, lines: Array.from({ length: 1 + Math.floor(this.#random() * 30) }, (_, i) => `post ${n} line ${i}`) });
      if (this.#waiting.length > 0) return;
    }
  }

  async #syslog(house: HouseProcess, ended: { readonly now: boolean }): Promise<void> {
    let socket: Socket;
    try {
      socket = connect(house.ports.syslog, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
    } catch {
      return;
    }
    while (!ended.now && !socket.destroyed) {
      const n = ++this.#number;
      if (!socket.write(Array.from({ length: 20 }, (_, i) => `<13>tcp ${n} line ${i}\n`).join(''))) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    socket.destroy();
  }
}
