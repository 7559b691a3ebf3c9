import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFolder } from '@banya/web/build';
import { cacheOf, loadConfig, startHelp, type Config } from './kernel/config.ts';
import { DataFolderInUse, MigrationRefused } from './kernel/db/errors.ts';
import { StartError } from './kernel/errors.ts';
import { createLog } from './kernel/log.ts';
import type { House } from './house.ts';

/** What can go wrong at the start, in words for whoever started it. */
function explain(error: unknown): string {
  if (error instanceof StartError) return `${error.message}\n→ ${error.remedy}`;
  if (error instanceof DataFolderInUse || error instanceof MigrationRefused) return error.message;
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') return `Port ${port ?? ''} on ${address ?? 'this machine'} is in use by another program.\n→ Choose another with --port, --syslog-port or --smtp-port, or stop the other program.`;
  if (code === 'EACCES') return `This user may not open port ${port ?? ''} or write the data folder.\n→ Ports below 1024 need rights of their own; choose a higher one, or check the folder's owner.`;
  if (code === 'ENOENT' || code === 'EPERM') return `${(error as Error).message}\n→ Check the path.`;
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') return `A store cannot be reached: ${(error as Error).message}\n→ Check BANYA_DATABASE_URL and BANYA_EVENTS_URL.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The built application; built now, once per version, in a process of its own. */
function webFolder(): Promise<string> {
  const built = builtFolder();
  if (built) return Promise.resolve(built);
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.resolve('@banya/web/build-main'))], (error, stdout) => (error ? reject(error) : resolve(stdout.trim())));
    child.stderr?.pipe(process.stderr);
  });
}

const SETTLE_MS = 3_000;

/** Runs a server until SIGTERM or SIGINT. Returns the exit code. */
export async function start(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(startHelp());
    return 0;
  }
  let house: House;
  let config: Config;
  const ended = Promise.withResolvers<void>();
  let demo: { links(): Promise<readonly { who: string; link: string }[]>; feed(): Promise<void>; stop(): Promise<void> } | null = null;
  try {
    config = loadConfig(args, process.env);
    const log = createLog(config.logLevel);
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    const fresh = !existsSync(config.data);
    // Code compiled once is read at the next start, by the threads and children as well.
    process.env.NODE_COMPILE_CACHE ??= join(cacheOf(config), 'code');
    enableCompileCache(process.env.NODE_COMPILE_CACHE);
    const { openHouse } = await import('./house.ts');
    const web = config.role === 'all' || config.role === 'web' ? await webFolder() : null;
    house = await openHouse(config, { log, web });
    if (config.demo) {
      const { openDemo } = await import('./demo/index.ts');
      demo = await openDemo(house, { say });
    }
    const links = demo ? await demo.links() : [];
    // Before it is said that all is ready: whoever waits for that may end it at once.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ended.resolve());
    if (config.json) process.stdout.write(`${JSON.stringify({ ready: true, url: house.url, ports: house.ports, setupLink: config.demo ? null : house.setupLink, links })}\n`);
    else {
      say('');
      say(`番屋 Banya: ${house.url}`);
      if (house.ports.syslog !== null) say(`syslog: port ${house.ports.syslog} (UDP and TCP)`);
      if (house.ports.smtp !== null) say(`mail: port ${house.ports.smtp} (SMTP)`);
      if (house.setupLink && !config.demo) say(`\nFirst set-up (works once) / はじめての設定（1回だけ使えます）:\n  ${house.setupLink}`);
      for (const { who, link } of links) say(`  ${who}\n    ${link}`);
      if (fresh && !config.databaseUrl) say('\nThe embedded database survives the end of the process, not a power cut: keep the hourly backup on (Settings, Backup).');
      say('');
    }
  } catch (error) {
    process.stderr.write(`\n${explain(error)}\n`);
    return 1;
  }
  // Once the pages can be used: the first mail somebody asks about waits for no start. Compiled code is kept at the process's
  // end, since writing it stops everything for a second.
  const settling = setTimeout(() => {
    if (config.role === 'all' || config.role === 'worker') house.modules.desk.samples.warm();
  }, SETTLE_MS).unref();
  // The demonstration's month of lines goes through the doors while the pages can be used already.
  const feeding = demo?.feed().catch((error: unknown) => house.kernel.log.error({ err: error }, 'the demonstration could not be fed'));
  await ended.promise;
  clearTimeout(settling);
  // Ten seconds are promised: what has not ended by then is ended by the operating system, and done again after the next start.
  const hard = setTimeout(() => process.exit(1), 9_500);
  hard.unref();
  await demo?.stop();
  await feeding;
  await house.close();
  return 0;
}

if (import.meta.main) process.exitCode = await start(process.argv.slice(2));
