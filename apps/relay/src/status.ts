/** The status page on this very computer: is it working, what waits, who sends. Japanese and English side by side. */
import { once } from 'node:events';
import http from 'node:http';
import type { SenderState } from './sender.ts';

export interface RelayStatus {
  readonly state: SenderState;
  readonly listening: string;
  readonly lastSuccess: number | null;
  readonly sentLines: number;
  readonly queue: { readonly segments: number; readonly bytes: number; readonly waitingBytes: number; readonly dropped: number; readonly refused: number; readonly fault: string | null };
  /** Lines that arrived while the disk could not keep up. */
  readonly lost: number;
  readonly senders: readonly { readonly address: string; readonly lines: number; readonly lastSeen: number }[];
}

/** One line for the log. */
export function statusLine(status: RelayStatus): string {
  const last = status.lastSuccess === null ? 'never' : new Date(status.lastSuccess).toISOString();
  return `state=${status.state.kind} sent=${status.sentLines} waiting=${mib(status.queue.bytes)} lastSuccess=${last} devices=${status.senders.length} dropped=${status.queue.dropped} lost=${status.lost}`;
}

const HEADLINES: Readonly<Record<SenderState['kind'], string>> = {
  ok: '正常に動いています。 / Working.',
  waiting: 'サーバにつながりません。ログはこのパソコンに保存し、つながりしだい送ります。 / The server cannot be reached. Lines are kept here and sent later.',
  'token-refused': '合言葉（トークン）が合っていません。送信を止めています。番屋の画面に出た合言葉をトークンファイルに入れてください。 / The token is wrong. Put the right one into the token file.',
  misconfigured: '送り先の設定が合っていません。--server と --source を確かめてください。 / Check --server and --source.',
};

export function renderStatus(status: RelayStatus): string {
  const rows = status.senders.map((row) => `<tr><td>${escape(row.address)}</td><td>${row.lines}</td><td>${time(row.lastSeen)}</td></tr>`).join('');
  const { queue } = status;
  const trouble = [
    queue.fault === null ? '' : `<p class="bad">ディスクに書き込めません。空き容量を確かめてください。 / The disk cannot be written: ${escape(queue.fault)}</p>`,
    queue.dropped + status.lost === 0 ? '' : `<p class="bad">失われた行 / Lines lost: ${queue.dropped + status.lost}</p>`,
    queue.refused === 0 ? '' : `<p class="bad">サーバが受け取らなかった行 / Lines the server refused: ${queue.refused}</p>`,
  ].join('');
  return `<!doctype html><html lang="ja"><meta charset="utf-8"><meta http-equiv="refresh" content="10"><title>Banya relay</title>
<style>body{font:16px/1.6 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0}.bad{color:#a00000;font-weight:bold}</style>
<h1>番屋リレー / Banya relay</h1><p class="${status.state.kind === 'ok' ? 'good' : 'bad'}">${HEADLINES[status.state.kind]}</p>${trouble}
<table><tr><th>受信口 / Listening on</th><td>${escape(status.listening)}</td></tr>
<tr><th>最後に送れた時刻 / Last sent</th><td>${status.lastSuccess === null ? '—' : time(status.lastSuccess)}</td></tr>
<tr><th>送った行 / Lines sent</th><td>${status.sentLines}</td></tr>
<tr><th>待っている量 / Waiting</th><td>${mib(queue.bytes)}</td></tr></table>
<h2>ログを送ってきた機器 / Devices</h2><table><tr><th>アドレス / Address</th><th>行 / Lines</th><th>最後 / Last</th></tr>${rows}</table>`;
}

/** Serves the page on 127.0.0.1 only, to requests that name this computer, so that no web page elsewhere can read it. */
export async function openStatusPage(port: number, status: () => RelayStatus): Promise<{ port: number; close(): void }> {
  const server = http.createServer((request, response) => {
    const host = request.headers.host?.replace(/:\d+$/, '');
    if (host !== '127.0.0.1' && host !== 'localhost') return response.writeHead(403).end();
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    response.setHeader('cache-control', 'no-store');
    if (request.url === '/status.json') return response.setHeader('content-type', 'application/json').end(JSON.stringify(status()));
    if (request.url !== '/') return response.writeHead(404).end();
    return response.setHeader('content-type', 'text/html; charset=utf-8').end(renderStatus(status()));
  });
  server.listen({ host: '127.0.0.1', port });
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : port, close: () => (server.close(), server.closeAllConnections()) };
}

function mib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)}MiB`;
}

function time(ms: number): string {
  return new Date(ms).toLocaleString('ja-JP');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
