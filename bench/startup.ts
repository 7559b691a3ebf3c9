/**
 * From the command to the first answer: a first start on an empty folder (application built before), later starts, and the end.
 *
 *   node bench/startup.ts [--rounds 3] [--data FOLDER]
 *
 * `--data`: a stopped server's folder (a demonstration's with BANYA_DEMO=true); it is copied, so that it stays as it is.
 */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { usage } from './lib/processes.ts';
import { flags, report, spread } from './lib/report.ts';
import { buildApplication, inFolder, Server } from './lib/server.ts';

const given = flags(['rounds', 'data']);
const ROUNDS = Number(given.get('rounds') ?? 3);
const FILLED = given.get('data');
if (FILLED !== undefined && !existsSync(join(FILLED, 'state'))) throw new Error(`${FILLED} is not a data folder`);

interface Start {
  readonly readyMs: number;
  /** Until the application's first page has come. */
  readonly pageMs: number;
  readonly stopMs: number;
  readonly cpuSeconds: number | null;
}

async function once(data: string): Promise<Start> {
  const begun = performance.now();
  const server = await Server.start(data);
  try {
    const page = await fetch(server.url);
    await page.arrayBuffer();
    if (!page.ok) throw new Error(`the first page was answered with ${page.status}`);
    const pageMs = performance.now() - begun;
    return { readyMs: server.readyMs, pageMs, cpuSeconds: usage(server.pid)?.cpuSeconds ?? null, stopMs: await server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

const figures = (starts: readonly Start[]): object => ({
  readyMs: spread(starts.map((s) => s.readyMs)), pageMs: spread(starts.map((s) => s.pageMs)), stopMs: spread(starts.map((s) => s.stopMs)), cpuSeconds: starts.map((s) => s.cpuSeconds),
});

await buildApplication();
const first: Start[] = [];
const later: Start[] = [];
const filled: Start[] = [];
for (let i = 0; i < ROUNDS; i++) {
  await inFolder(async (folder) => {
    first.push(await once(join(folder, 'data')));
    later.push(await once(join(folder, 'data')));
  });
}
if (FILLED !== undefined) {
  await inFolder(async (folder) => {
    cpSync(FILLED, join(folder, 'data'), { recursive: true });
    for (let i = 0; i < ROUNDS; i++) filled.push(await once(join(folder, 'data')));
  });
}
const median = (starts: readonly Start[]): string => (spread(starts.map((s) => s.readyMs)).p50 / 1000).toFixed(1);
report(
  'startup',
  { rounds: ROUNDS, first: figures(first), later: figures(later), ...(filled.length > 0 ? { filled: figures(filled) } : {}) },
  `start: ready after ${median(first)} s on an empty folder, ${median(later)} s later${filled.length > 0 ? `, ${median(filled)} s with the given data` : ''} (medians of ${ROUNDS})`,
);
