import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { EventsEngine } from './engine.ts';
import { EventsError } from './errors.ts';

/** Query-string names that are no settings. */
const OWN = new Set(['query', 'database', 'default_format', 'wait_end_of_query']);
const UNESCAPED: Record<string, string> = { t: '\t', n: '\n', r: '\r', '0': '\0', '\\': '\\' };

function unescape(text: string): string {
  return text.replace(/\\(.)/gs, (_, sign: string) => UNESCAPED[sign] ?? sign);
}

export interface Facade {
  readonly url: string;
  /** The next so many requests are answered with this exception or status instead of being run. */
  fail(times: number, answer: { readonly engineCode?: number; readonly status: number }): void;
  close(): Promise<void>;
}

/**
 * For tests only: the HTTP interface of ClickHouse in front of chDB, as far as clickhouse.ts uses it, so that the contract
 * suite runs through the client as well. It shows that client and engine understand one another; it is no proof of what a
 * real server does (users, quotas, settings profiles). For that, run the suite with BANYA_TEST_EVENTS_URL on a server.
 */
export async function startFacade(engine: EventsEngine, password = ''): Promise<Facade> {
  const folder = mkdtempSync(join(tmpdir(), 'banya-facade-'));
  let failing = { times: 0, engineCode: undefined as number | undefined, status: 500 };
  let files = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const search = new URL(request.url ?? '/', 'http://facade').searchParams;
    if (password !== '' && request.headers['x-clickhouse-key'] !== password) throw new EventsError('EVENTS_FAILED', 'Code: 516. DB::Exception: Authentication failed', { engineCode: 516 });
    if (failing.times > 0) {
      failing.times--;
      request.resume();
      response.statusCode = failing.status;
      if (failing.engineCode !== undefined) response.setHeader('X-ClickHouse-Exception-Code', String(failing.engineCode));
      response.end(failing.engineCode === undefined ? '' : `Code: ${failing.engineCode}. DB::Exception: told to`);
      return;
    }
    const settings: Record<string, string | number> = {};
    const texts = new Map<string, string>();
    for (const [name, value] of search) {
      if (name.startsWith('param_')) texts.set(name.slice(6), value);
      else if (!OWN.has(name)) settings[name] = /^\d+$/.test(value) ? Number(value) : value;
    }
    const insert = /^INSERT INTO (\w+) FORMAT Native$/.exec(search.get('query') ?? '');
    // A batch has its token; a table that comes back from a backup has none and may be larger than memory.
    if (insert !== null && settings['insert_deduplication_token'] === undefined) {
      const file = join(folder, `${files++}.in`);
      await pipeline(request, createZstdCompress(), createWriteStream(file));
      await engine.importTable(insert[1]!, file);
      response.end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (insert !== null) {
      await engine.insert(insert[1]!, body, settings);
      response.end();
    } else if (search.get('default_format') === 'Native') {
      const file = join(folder, `${files++}.out`);
      await engine.exportTable(/^SELECT \* FROM (\w+)$/.exec(body.toString())![1]!, file);
      await pipeline(createReadStream(file), createZstdDecompress(), response);
    } else {
      const sql = body.toString('utf8');
      const params: Record<string, string | string[]> = {};
      for (const [name, text] of texts) {
        // ClickHouse reads an array parameter as an SQL literal; chDB's binding takes the list itself.
        params[name] = sql.includes(`{${name}:Array`) ? [...text.matchAll(/'((?:[^'\\]|\\.)*)'/gs)].map((item) => unescape(item[1]!)) : unescape(text);
      }
      response.end(await engine.run({ sql, params, settings }));
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      request.resume();
      const known = error instanceof EventsError ? error.engineCode : undefined;
      response.statusCode = known === 516 ? 403 : 500;
      response.setHeader('X-ClickHouse-Exception-Code', String(known ?? 1000));
      response.end(error instanceof Error ? error.message : String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://banya:${encodeURIComponent(password)}@127.0.0.1:${(server.address() as AddressInfo).port}/banya`,
    fail(times, { engineCode, status }) {
      failing = { times, engineCode, status };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
