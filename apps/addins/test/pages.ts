import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { strFromU8, unzipSync } from 'fflate';
import { thunderbirdXpi } from '../src/index.ts';

const types: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', json: 'application/json', svg: 'image/svg+xml' };

/** The unpacked extension at an address of its own, under its own content policy. */
export async function servePages(): Promise<{ origin: string; messages: Readonly<Record<'ja' | 'en', Readonly<Record<string, string>>>>; close: () => Promise<void> }> {
  const files = unzipSync(thunderbirdXpi());
  const policy = (JSON.parse(strFromU8(files['manifest.json']!)) as { content_security_policy: { extension_pages: string } }).content_security_policy.extension_pages;
  const of = (lang: string) => Object.fromEntries(Object.entries(JSON.parse(strFromU8(files[`_locales/${lang}/messages.json`]!)) as Record<string, { message: string }>).map(([name, { message }]) => [name, message]));
  const server = createServer((request, answer) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
    const bytes = files[name];
    if (!bytes) return void answer.writeHead(name === 'favicon.ico' ? 204 : 404).end();
    answer.writeHead(200, { 'Content-Type': types[name.split('.').pop()!] ?? 'application/octet-stream', 'Content-Security-Policy': policy }).end(bytes);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages: { ja: of('ja'), en: of('en') },
    close: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done());
    }),
  };
}
