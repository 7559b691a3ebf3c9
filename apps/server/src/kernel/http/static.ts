import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.woff': 'font/woff', '.png': 'image/png', '.json': 'application/json', '.webmanifest': 'application/manifest+json', '.ico': 'image/x-icon', '.txt': 'text/plain; charset=utf-8',
};
const zip = promisify(gzip);
const CACHE_BYTES = 24 * 1024 * 1024;

/** The built application: files under `assets/` never change under their name, the page itself is always asked for. */
export class StaticFiles {
  readonly #folder: string;
  readonly #csp: string;
  readonly #zipped = new Map<string, Buffer>();
  #held = 0;

  constructor(folder: string, csp: string) {
    this.#folder = folder;
    this.#csp = csp;
  }

  async serve(request: Request): Promise<Response> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } });
    let path: string;
    try {
      path = normalize(decodeURIComponent(new URL(request.url).pathname));
    } catch {
      return new Response('Bad path', { status: 400 });
    }
    if (path.includes('\0') || path.includes('..')) return new Response('Bad path', { status: 400 });
    const file = join(this.#folder, path);
    const inside = file.startsWith(this.#folder + sep);
    const known = inside && extname(file) in types && (await stat(file).then((s) => s.isFile(), () => false));
    if (!known && path.startsWith('/assets/')) return new Response('Not found', { status: 404 });
    // Every other address is a page of the application, which finds its own way.
    const shown = known ? file : join(this.#folder, 'index.html');
    const extension = extname(shown);
    const headers = new Headers({
      'Content-Type': types[extension] ?? 'application/octet-stream',
      'Cache-Control': shown.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
      'Content-Security-Policy': this.#csp,
      Vary: 'Accept-Encoding',
    });
    const compressible = extension !== '.woff2' && extension !== '.woff' && extension !== '.png';
    if (compressible && /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) {
      headers.set('Content-Encoding', 'gzip');
      return new Response(new Uint8Array(await this.#gzipped(shown)), { headers });
    }
    return new Response(new Uint8Array(await readFile(shown)), { headers });
  }

  async #gzipped(file: string): Promise<Buffer> {
    const held = this.#zipped.get(file);
    if (held) return held;
    const packed = await zip(await readFile(file), { level: 6 });
    if (this.#held + packed.length <= CACHE_BYTES) {
      this.#held += packed.length;
      this.#zipped.set(file, packed);
    }
    return packed;
  }
}
