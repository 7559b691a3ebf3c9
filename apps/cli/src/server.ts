import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';

/** Asks the running server over its control socket; null when no server runs on this data folder. */
export async function ask<Result>(data: string, path: string, body: object = {}): Promise<Result | null> {
  const socketPath = join(data, 'control.sock');
  if (!existsSync(socketPath)) return null;
  const text = await new Promise<string | null>((resolve, reject) => {
    const call = request({ socketPath, path, method: 'POST' }, (response) => {
      let all = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (all += chunk));
      response.on('end', () => resolve(all));
    });
    call.on('error', (error: NodeJS.ErrnoException) => {
      // A socket file without a server behind it was left by a killed process.
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(null);
      else reject(error);
    });
    call.end(JSON.stringify(body));
  });
  if (text === null) return null;
  const answer = JSON.parse(text) as { ok: true; result: Result } | { ok: false; error: string };
  if (!answer.ok) throw new Error(answer.error);
  return answer.result;
}

/** Whether a server runs on this data folder; the socket's file alone may be left of a killed one. */
export function runs(data: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(join(data, 'control.sock'));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

export const notRunning = (data: string): Error => new Error(`No Banya is running on ${data}.\n→ Start it (banya start --data ${data}), or name its folder with --data.`);
