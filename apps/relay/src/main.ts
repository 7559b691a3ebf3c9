#!/usr/bin/env node
import { readOptions, startRelay, statusLine, UsageError, USAGE } from './index.ts';

const STATUS_MS = 60_000;

function fail(text: string): never {
  console.error(text);
  process.exit(2);
}

function explain(error: NodeJS.ErrnoException): string {
  if (error.code === 'EACCES') return `Not allowed: ${error.message}. Ports below 1024 need more rights (see README), or choose --listen 0.0.0.0:5514.`;
  if (error.code === 'EADDRINUSE') return `Another program, or another relay, already uses this port: ${error.message}. Choose another with --listen or --status-port.`;
  if (error.code === 'ENOENT') return `File not found: ${error.message}`;
  return error.message;
}

if (process.argv.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  const log = (text: string): void => console.log(`${new Date().toISOString()} ${text}`);
  if ('value' in options.token && options.token.onCommandLine) log('Warning: other users of this computer can see the token. Use --token-file.');
  const relay = await startRelay(options, log);
  const ticker = setInterval(() => log(statusLine(relay.status())), STATUS_MS);
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    clearInterval(ticker);
    log('Stopping.');
    void relay.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // Said last: whoever waits for it may stop it at once.
  log(`Listening on ${options.host}:${relay.port} (UDP and TCP).${relay.statusPort === null ? '' : ` Status: http://127.0.0.1:${relay.statusPort}`}`);
} catch (error) {
  if (error instanceof UsageError) fail(`${error.message}\n\n${USAGE}`);
  fail(explain(error as NodeJS.ErrnoException));
}
