import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface Started {
  readonly url: string;
  readonly data: string;
  readonly ports: { readonly http: number; readonly syslog: number; readonly smtp: number };
  stop(): Promise<number | null>;
}
export interface Fresh extends Started {
  /** Opens the first set-up, once. */
  readonly setupLink: string;
}
export interface Demo extends Started {
  readonly links: readonly { readonly who: string; readonly link: string }[];
  /** Waits until the whole month went through the doors and the reports are closed. */
  fed(): Promise<void>;
}

/** Starts Banya with its demonstration as a newcomer does, in a folder of its own. */
export const startDemo = (): Promise<Demo> => start(['--demo']);
/** Starts an empty Banya as a newcomer does, in a folder of its own. */
export const startFresh = (): Promise<Fresh> => start([]);

/** Starts Banya on a folder whose `data` has been prepared; `stop` deletes it. */
export const startOn = (folder: string, more: readonly string[]): Promise<Started> => start(more, folder);

async function start(more: readonly string[], data = mkdtempSync(join(tmpdir(), 'banya-e2e-'))): Promise<Demo & Fresh> {
  const child: ChildProcess = spawn(join(root, 'banya'), ['start', ...more, '--json', '--data', join(data, 'data'), '--port', '0', '--syslog-port', '0', '--smtp-port', '0', '--syslog-host', '127.0.0.1'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, BANYA_DISK_FLOOR_BYTES: '0' } });
  const said: string[] = [];
  let complete = (): void => {};
  const fed = new Promise<void>((resolve) => (complete = resolve));
  createInterface({ input: child.stderr! }).on('line', (line) => {
    said.push(line);
    if (line.includes('The demonstration is complete')) complete();
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const first = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout! }).once('line', resolve)),
    ended.then((code) => Promise.reject(new Error(`it ended with code ${code}:\n${said.slice(-30).join('\n')}`))),
  ]);
  const { url, ports, links, setupLink } = JSON.parse(first) as Pick<Demo & Fresh, 'url' | 'ports' | 'links' | 'setupLink'>;
  return {
    url, data, ports, links, setupLink,
    fed: () => Promise.race([fed, ended.then(() => Promise.reject(new Error(`the demonstration ended early:\n${said.slice(-30).join('\n')}`)))]),
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      rmSync(data, { recursive: true, force: true });
      return code;
    },
  };
}
