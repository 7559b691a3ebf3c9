import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2',
};

/** The policy the application is built for: nothing inline, nothing from elsewhere. */
export const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "connect-src 'self'", "frame-src 'self'",
  "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join('; ');

/** An answer of the API in a test: status and JSON. */
export type Api = (method: string, path: string, body: unknown) => { status: number; body?: unknown } | undefined;

/** Serves a built application on a free port under the strict policy; `api` answers below /api/v1. */
export async function serve(dist: string, api: Api = () => undefined): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer((request, answer) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path.startsWith('/api/v1')) {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const said = api(request.method ?? 'GET', path.slice('/api/v1'.length), text ? JSON.parse(text) : undefined) ?? { status: 404, body: { type: 'about:blank', title: '', status: 404, code: 'not_found', detail: '' } };
        answer.writeHead(said.status, { 'content-type': said.status < 400 ? 'application/json' : 'application/problem+json' }).end(said.body === undefined ? undefined : JSON.stringify(said.body));
      });
      return;
    }
    const file = join(dist, normalize(path));
    const found = extname(path) !== '' && existsSync(file) ? file : extname(path) === '' ? join(dist, 'index.html') : null;
    if (!found) return void answer.writeHead(404).end();
    answer.writeHead(200, { 'content-type': types[extname(found)] ?? 'application/octet-stream', 'content-security-policy': policy, 'x-content-type-options': 'nosniff' }).end(readFileSync(found));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done());
    }),
  };
}

const executable = process.env['BANYA_CHROMIUM'] ?? '/usr/bin/chromium';
/** Why the browser tests cannot run here, or null. */
export const noBrowser = existsSync(executable) ? null : `no Chromium at ${executable}; install it or set BANYA_CHROMIUM`;

/** A fresh Chromium with its own profile; `close` removes the profile. */
export async function openBrowser(options: { width: number; height?: number; scheme?: 'light' | 'dark'; lang?: 'ja' | 'en' }): Promise<{ context: BrowserContext; page: Page; faults: string[]; close: () => Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'banya-web-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    viewport: { width: options.width, height: options.height ?? 900 },
    colorScheme: options.scheme ?? 'light',
    locale: options.lang === 'en' ? 'en-GB' : 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    reducedMotion: 'reduce',
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  return {
    context, page, faults,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
interface AxeResult { violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[] }

/** What axe-core finds against WCAG 2.2 A and AA and its own best practices, one line each. */
export async function axe(page: Page): Promise<string[]> {
  // Evaluated through the debugger, which the page's content policy does not touch.
  await page.evaluate(readFileSync(axePath, 'utf8'));
  const result = await page.evaluate(() => (globalThis as unknown as { axe: { run: (o: object) => Promise<unknown> } }).axe.run({ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })) as AxeResult;
  return result.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${v.help} — ${n.target.join(' ')} — ${(n.failureSummary ?? '').split('\n').slice(1, 3).join(' ').trim()}`));
}

/** How much of the window's width the content takes, 0–1; a broken grid squeezes it without anything overflowing. */
export const contentShare = (page: Page): Promise<number> =>
  page.evaluate(() => (document.querySelector('main')?.clientWidth ?? 0) / document.documentElement.clientWidth);

/** How far the page is wider than the window, in pixels; 0 when nothing has to be scrolled sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
