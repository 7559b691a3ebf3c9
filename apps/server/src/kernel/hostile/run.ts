import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Problem, tooMany } from '../errors.ts';

export interface HostileLimits {
  readonly seconds: number;
  /** Resident memory at which the child is ended, in bytes: heap limits do not bound buffers. */
  readonly memoryBytes: number;
}

const WATCH_MS = 100;
/** Files at once: each may take its whole limit of memory. */
const AT_ONCE = 2;
const WAITING_MAX = 20;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * Runs the default export of `module` on bytes from outside in a process of its own, with a watchdog on time and
 * memory: a file that explodes takes the child with it, not the house. The child has no environment and no secrets.
 * Two at once, the others one after another.
 * @returns what the function returned (plain data). @throws Problem file_too_heavy, too_many_requests, or what the function threw as {code, params}
 */
export async function runHostile<Result>(module: URL, bytes: Uint8Array, args: unknown, limits: HostileLimits): Promise<Result> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING_MAX) throw tooMany(10);
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await inChild<Result>(module, bytes, args, limits);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

function inChild<Result>(module: URL, bytes: Uint8Array, args: unknown, limits: HostileLimits): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./child.ts', import.meta.url), [module.href], {
      env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${Math.floor(limits.memoryBytes / 1024 / 1024)}`],
    });
    let done = false;
    const finish = (act: () => void): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      clearInterval(watch);
      child.kill('SIGKILL');
      act();
    };
    const tooHeavy = (): void => finish(() => reject(new Problem(422, 'file_too_heavy')));
    const timer = setTimeout(tooHeavy, limits.seconds * 1000);
    // Linux tells the resident pages of any process; elsewhere the heap limit alone holds.
    const watch = setInterval(() => {
      readFile(`/proc/${child.pid}/statm`, 'utf8').then((text) => {
        if (Number(text.split(' ')[1]) * 4096 > limits.memoryBytes) tooHeavy();
      }, () => {});
    }, WATCH_MS);
    child.on('message', (message: { ok: true; result: Result } | { ok: false; error: { name: string; message: string; code?: string; params?: Record<string, string | number> } }) => {
      if (message.ok) finish(() => resolve(message.result));
      else finish(() => reject(Object.assign(new Error(message.error.message), message.error)));
    });
    child.on('error', (error) => finish(() => reject(error)));
    child.on('exit', () => tooHeavy());
    child.send({ bytes, args });
  });
}
