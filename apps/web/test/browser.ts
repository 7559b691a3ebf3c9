import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type BrowserContext, type Locator, type Page, type Request } from 'playwright-core';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2',
};

/** The policy the application is built for: nothing inline, nothing from elsewhere. */
export const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "connect-src 'self'", "frame-src 'self'",
  "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join('; ');

/** An answer of the API in a test: status and JSON, or text of another type. */
interface Answered { readonly status: number; readonly body?: unknown; readonly type?: string }
/** The API in a test, below /api/v1; what it does not answer is not found. `body` is what was sent as JSON, `bytes` any text that was sent. */
export type Api = (method: string, path: string, body: unknown, more: { query: Record<string, string>; type: string; bytes: string }) => Answered | undefined | Promise<Answered | undefined>;

async function answerBy(api: Api, request: IncomingMessage, answer: ServerResponse, url: URL): Promise<void> {
  const bytes = await text(request);
  const type = request.headers['content-type'] ?? '';
  const body: unknown = bytes !== '' && type.includes('json') ? JSON.parse(bytes) : undefined;
  const said = await api(request.method ?? 'GET', url.pathname.slice('/api/v1'.length), body, { query: Object.fromEntries(url.searchParams), type, bytes })
    ?? { status: 404, body: { type: 'about:blank', title: '', status: 404, code: 'not_found', detail: '' } };
  answer.writeHead(said.status, { 'content-type': said.type ?? (said.status < 400 ? 'application/json' : 'application/problem+json') });
  answer.end(said.body === undefined ? undefined : said.type ? String(said.body) : JSON.stringify(said.body));
}

/** Serves a built application on a free port under the strict policy, as the product does; `api` answers below /api/v1, and /empty is a page without anything. */
export async function serve(dist: string, api: Api = () => undefined): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer((request, answer) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = url.pathname;
    if (path.startsWith('/api/v1')) return void answerBy(api, request, answer, url);
    if (path === '/empty') return void answer.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><link rel="icon" href="data:,">');
    const file = join(dist, normalize(path));
    const found = extname(path) !== '' && existsSync(file) ? file : extname(path) === '' ? join(dist, 'index.html') : null;
    if (!found) return void answer.writeHead(404).end();
    answer.writeHead(200, { 'content-type': types[extname(found)] ?? 'application/octet-stream', 'content-security-policy': policy, 'x-content-type-options': 'nosniff', 'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache' }).end(readFileSync(found));
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
  watch(page);
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

/** What each page has asked for and not got yet; the live news, which stay open, are not among it. */
const pending = new WeakMap<Page, Set<Request>>();
function watch(page: Page): void {
  const open = new Set<Request>();
  pending.set(page, open);
  page.on('request', (request) => { if (request.resourceType() !== 'eventsource') open.add(request); });
  const over = (request: Request) => void open.delete(request);
  page.on('requestfinished', over).on('requestfailed', over);
}

/** Waits until the page shows all it asked for, in its own letters: nothing under way and no skeleton for a fifth of a second. */
export async function settled(page: Page): Promise<void> {
  const open = pending.get(page) ?? new Set();
  const skeletons = page.locator('[role=status][class*=lines]');
  await page.locator('h1').first().waitFor();
  const began = Date.now();
  for (let quiet = 0; quiet < 4;) {
    if (Date.now() - began > 30_000) throw new Error(`${page.url()} is not done: ${await skeletons.count()} skeletons, under way ${[...open].map((one) => one.url()).join(' ') || 'nothing'}`);
    quiet = open.size > 0 || (await skeletons.count()) > 0 ? 0 : quiet + 1;
    await sleep(50);
  }
  await page.evaluate(() => document.fonts.ready);
}

/** Where a page says what was done. */
export const toast = (page: Page): Locator => page.locator('[aria-live=polite]');

/** Looks at the page at each width: nothing to scroll sideways, the whole width used, nothing that axe-core finds. `picture` is the path of the pictures, without width and ending. */
export async function fits(page: Page, picture: string, widths: readonly number[] = [1280, 390, 360]): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${picture}-${width}.png`, fullPage: true });
    assert.equal(await overflow(page), 0, `wider than ${width} px`);
    if (width < 400) assert.ok((await contentShare(page)) > 0.95, 'the phone’s width is left unused');
    assert.deepEqual(await axe(page), [], `at ${width} px`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}
