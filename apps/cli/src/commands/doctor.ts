import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
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
      : { key: 'data', state: 'look', text: { ja: `データの置き場所 ${data} はまだありません。`, en: `The data folder ${data} does not exist yet.` }, remedy: { ja: '最初の起動で作られます。場所が違うときは --data で指定してください。', en: 'The first start makes it. If it is elsewhere, name it with --data.' } },
  ];
  let config;
  try {
    config = (await import('../../../server/src/kernel/config.ts')).loadConfig(['--data', data], process.env);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    checks.push({ key: 'settings', state: 'bad', text: { ja: `設定を読めません（${text}）。`, en: `The settings cannot be read (${text}).` }, remedy: { ja: '環境変数か banya.config.json を直してください。', en: 'Correct the environment variables or banya.config.json.' } });
    return checks;
  }
  checks.push(checkPort('port', config.port, '--port', await bindTcp(config.host, config.port)));
  checks.push(checkPort('syslog', config.syslogPort, '--syslog-port', (await bindTcp(config.syslogHost, config.syslogPort)) ?? (await bindUdp(config.syslogHost, config.syslogPort))));
  checks.push(checkPort('smtp', config.smtpPort, '--smtp-port', await bindTcp(config.smtpHost, config.smtpPort)));
  return checks;
}

/** Opens the port as the server would, and closes it again. @returns the reason it cannot be opened */
function bindTcp(host: string, port: number): Promise<string | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
function bindUdp(host: string, port: number): Promise<string | null> {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      resolve(error.code ?? error.message);
    });
    socket.bind(port, host, () => socket.close(() => resolve(null)));
  });
}

function checkPort(key: string, port: number, flag: string, reason: string | null): Check {
  if (reason === null) return { key, state: 'ok', text: { ja: `ポート ${port} は空いています。`, en: `Port ${port} is free.` }, remedy: null };
  if (reason === 'EADDRINUSE') return { key, state: 'bad', text: { ja: `ポート ${port} はほかのプログラムが使っています。`, en: `Port ${port} is used by another program.` }, remedy: { ja: `そのプログラムを止めるか、${flag} で別の番号にしてください。`, en: `Stop that program, or choose another port with ${flag}.` } };
  if (reason === 'EACCES') return { key, state: 'bad', text: { ja: `このユーザーはポート ${port} を開けません。`, en: `This user may not open port ${port}.` }, remedy: { ja: `${flag} で 1024 以上の番号にしてください。`, en: `Choose a port from 1024 up with ${flag}.` } };
  return { key, state: 'bad', text: { ja: `ポート ${port} を開けません（${reason}）。`, en: `Port ${port} cannot be opened (${reason}).` }, remedy: { ja: '--host と --syslog-host のアドレスが、このサーバのものか確かめてください。', en: 'Check that --host and --syslog-host are addresses of this server.' } };
}
