import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TestHouse, type TestPerson } from '../../apps/server/test/house.ts';
import { createLog } from '../../apps/server/src/kernel/log.ts';
import { loadConfig } from '../../apps/server/src/kernel/config.ts';
import { openHouse } from '../../apps/server/src/house.ts';

const root = join(import.meta.dirname, '../..');

/** Runs `fn` with a new folder and deletes it afterwards, also when the run is interrupted. */
export async function inFolder<T>(fn: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'banya-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', remove);
  try {
    return await fn(folder);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** Builds the web application unless this version of it is there: what a server otherwise does before it opens. */
export async function buildApplication(): Promise<void> {
  await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.resolve('@banya/web/build-main'))]);
}

/** Opens the house in this process on a new data folder, for preparing it, and closes it. */
export async function prepare<T>(data: string, fn: (house: TestHouse) => Promise<T>): Promise<T> {
  const house = await openHouse(loadConfig(['--data', data, '--port', '0', '--syslog-port', '0', '--smtp-port', '0', '--syslog-host', '127.0.0.1'], { BANYA_DISK_FLOOR_BYTES: '0' }), { log: createLog('error'), web: null });
  try {
    return await fn(new TestHouse(house, data));
  } finally {
    await house.close();
  }
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** The whole server in a process of its own, as an operator starts it, on free ports of the loopback. */
export class Server {
  readonly pid: number;
  readonly url: string;
  readonly syslogPort: number;
  readonly smtpPort: number;
  readonly readyMs: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ready: { url: string; ports: { syslog: number; smtp: number } }, readyMs: number) {
    this.#child = child;
    this.pid = child.pid!;
    this.url = ready.url.replace('localhost', '127.0.0.1');
    this.syslogPort = ready.ports.syslog;
    this.smtpPort = ready.ports.smtp;
    this.readyMs = readyMs;
  }

  /** `nodeFlags` for profiles, for example; `more`: further options of the command. */
  static async start(data: string, nodeFlags: readonly string[] = [], more: readonly string[] = []): Promise<Server> {
    const begun = performance.now();
    const args = ['start', '--data', data, '--port', '0', '--syslog-port', '0', '--smtp-port', '0', '--syslog-host', '127.0.0.1', '--json', '--log-level', 'warn', ...more];
    const environment = { ...process.env, BANYA_DISK_FLOOR_BYTES: '0', NODE_OPTIONS: nodeFlags.join(' ') };
    const child = spawn(join(root, 'banya'), args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment });
    running.add(child);
    child.once('exit', () => running.delete(child));
    for await (const line of createInterface({ input: child.stdout as Readable })) {
      if (!line.startsWith('{')) continue;
      child.stdout?.resume();
      return new Server(child, JSON.parse(line) as { url: string; ports: { syslog: number; smtp: number } }, performance.now() - begun);
    }
    throw new Error('the server ended before it was ready');
  }

  /** Asks as a person; the body parsed. @throws Error unless it is answered with success */
  async ask<T>(path: string, as: TestPerson): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, { headers: { 'Banya-Request': '1', Cookie: as.cookie } });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async stop(): Promise<number> {
    const begun = performance.now();
    this.#child.kill('SIGTERM');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return performance.now() - begun;
  }
}
