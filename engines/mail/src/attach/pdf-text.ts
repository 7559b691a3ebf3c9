import { Worker } from 'node:worker_threads';
import type { Budget } from './budget.ts';

export interface PdfText {
  readonly text: string;
  /** Targets of link annotations. */
  readonly links: readonly string[];
}

/** At most this long for one PDF, milliseconds, and less when the mail has less left. */
const MAX_MILLIS = 2_500;

let worker: Worker | undefined;
let turn: Promise<unknown> = Promise.resolve();
let number = 0;

/**
 * Text and links of the first pages, read by a library in a thread with a memory limit; a file that spins or eats ends
 * that thread, not the caller. undefined when nothing came back in time. One file at a time.
 */
export function readPdfText(bytes: Uint8Array, budget: Budget): Promise<PdfText | undefined> {
  const mine = turn.then(() => ask(bytes, budget));
  turn = mine.catch(() => undefined);
  return mine;
}

function ask(bytes: Uint8Array, budget: Budget): Promise<PdfText | undefined> {
  const millis = Math.min(MAX_MILLIS, budget.millisLeft);
  if (millis <= 0) return Promise.resolve(undefined);
  const thread = (worker ??= start());
  const id = ++number;
  return new Promise((resolve) => {
    const settle = (answer: PdfText | undefined, end: boolean): void => {
      clearTimeout(timer);
      thread.off('message', onMessage).off('error', onEnd).off('exit', onEnd);
      thread.unref();
      if (end) {
        if (worker === thread) worker = undefined;
        void thread.terminate();
      }
      resolve(answer);
    };
    const timer = setTimeout(() => settle(undefined, true), millis);
    const onEnd = (): void => settle(undefined, true);
    const onMessage = (answer: { id: number; read?: PdfText }): void => {
      if (answer.id === id) settle(answer.read, false);
    };
    thread.on('message', onMessage).on('error', onEnd).on('exit', onEnd);
    thread.ref();
    thread.postMessage({ id, bytes, pages: budget.limits.pages, text: budget.limits.text });
  });
}

function start(): Worker {
  const thread = new Worker(new URL('./pdf-worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 }, stdout: true, stderr: true, env: {} });
  // Without a listener an error of an idle thread would end the process.
  thread.on('error', () => { if (worker === thread) worker = undefined; });
  thread.unref();
  return thread;
}
