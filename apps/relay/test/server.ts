/** A server for the tests: keeps lines once per Idempotency-Key, and can misbehave. */
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeLine, type RelayLine } from '../src/index.ts';

export type Mood = 'ok' | 'lose-answer' | 'die' | number;

export interface TestServer {
  readonly url: URL;
  readonly lines: RelayLine[];
  readonly requests: { key: string; path: string; headers: http.IncomingHttpHeaders; lines: number }[];
  /** Asked for every request. */
  mood: (nth: number) => Mood;
  headers: Record<string, string>;
  token: string;
  texts(): string[];
  close(): void;
}

export async function startServer(secure?: { key: Buffer; cert: Buffer }): Promise<TestServer> {
  const known = new Set<string>();
  let count = 0;
  const handle = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const parts: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const mood = server.mood(count++);
      const key = String(request.headers['idempotency-key']);
      const texts = gunzipSync(Buffer.concat(parts)).toString().split('\n').slice(0, -1);
      server.requests.push({ key, path: request.url ?? '', headers: request.headers, lines: texts.length });
      if (mood === 'die') return void request.socket.destroy();
      if (typeof mood === 'number') return void response.writeHead(mood, server.headers).end();
      if (request.headers.authorization !== `Bearer ${server.token}`) return void response.writeHead(401).end();
      if (!known.has(key)) {
        known.add(key);
        for (const text of texts) {
          const line = decodeLine(text);
          if (line === null) throw new Error(`not a relay line: ${text}`);
          server.lines.push(line);
        }
      }
      if (mood === 'lose-answer') return void request.socket.destroy();
      response.writeHead(202).end('{}');
    });
  };
  const listener = secure === undefined ? http.createServer(handle) : https.createServer(secure, handle);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as net.AddressInfo;
  const server: TestServer = {
    url: new URL(`${secure === undefined ? 'http' : 'https'}://127.0.0.1:${port}`),
    lines: [],
    requests: [],
    mood: () => 'ok',
    headers: {},
    token: 'secret',
    texts: () => server.lines.map((line) => Buffer.from(line.bytes).toString('latin1')),
    close: () => (listener.close(), listener.closeAllConnections()),
  };
  return server;
}

export async function until(done: () => boolean, what: string, ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (!done()) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Sends the lines over one TCP connection and waits until the kernel has them. */
export async function sendTcp(port: number, lines: readonly string[]): Promise<void> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end(lines.map((line) => `${line}\n`).join(''));
  socket.resume();
  await once(socket, 'close');
}

export const numbered = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `<13>line ${from + i}`);
