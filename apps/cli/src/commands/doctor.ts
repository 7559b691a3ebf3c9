import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { words } from '../args.ts';
import { ask } from '../server.ts';

interface Check {
  readonly key: string;
  readonly state: 'ok' | 'look' | 'bad';
  readonly text: { readonly ja: string; readonly en: string };
  readonly remedy: { readonly ja: string; readonly en: string } | null;
}
const signs = { ok: '  ok  ', look: ' look ', bad: ' BAD  ' } as const;

/** Exit code 1 when something is bad. Works without a server too, then checks what can be seen from outside. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { data } = words(args, { min: 0, max: 0 });
  const lang = (process.env.LANG ?? '').startsWith('ja') ? 'ja' : 'en';
  const checks = (await ask<Check[]>(data, '/doctor')) ?? (await fromOutside(data));
  for (const { key, state, text, remedy } of checks) {
    process.stdout.write(`[${signs[state]}] ${key.padEnd(12)} ${text[lang]}\n`);
    if (remedy) process.stdout.write(`${' '.repeat(22)}→ ${remedy[lang]}\n`);
  }
  return checks.some((c) => c.state === 'bad') ? 1 : 0;
}

async function fromOutside(data: string): Promise<Check[]> {
  const checks: Check[] = [
    { key: 'server', state: 'look', text: { ja: `${data} の番屋は動いていません。`, en: `No Banya runs on ${data}.` }, remedy: { ja: 'banya start で起動してください。', en: 'Start it with: banya start' } },
    { key: 'node', state: 'ok', text: { ja: `Node.js ${process.version} で動きます。`, en: `Runs on Node.js ${process.version}.` }, remedy: null },
    existsSync(data)
      ? { key: 'data', state: 'ok', text: { ja: `データの置き場所：${data}`, en: `Data folder: ${data}` }, remedy: null }
      : { key: 'data', state: 'look', text: { ja: `データの置き場所 ${data} はまだありません。`, en: `The data folder ${data} does not exist yet.` }, remedy: { ja: '最初の起動で作られます。場所が違うときは --data で指定してください。', en: 'The first start makes it; name another with --data.' } },
  ];
  for (const port of [8420, 5514]) {
    const taken = await new Promise<boolean>((resolve) => {
      const socket = createConnection({ host: '127.0.0.1', port });
      socket.once('connect', () => { socket.destroy(); resolve(true); });
      socket.once('error', () => resolve(false));
    });
    checks.push(taken
      ? { key: `port ${port}`, state: 'bad', text: { ja: `ポート ${port} はほかのプログラムが使っています。`, en: `Port ${port} is used by another program.` }, remedy: { ja: `${port === 8420 ? '--port' : '--syslog-port'} で別の番号にしてください。`, en: `Choose another with ${port === 8420 ? '--port' : '--syslog-port'}.` } }
      : { key: `port ${port}`, state: 'ok', text: { ja: `ポート ${port} は空いています。`, en: `Port ${port} is free.` }, remedy: null });
  }
  return checks;
}
