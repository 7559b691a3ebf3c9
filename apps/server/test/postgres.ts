import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const BIN = '/usr/lib/postgresql/15/bin';
const OWNER = 'banya_owner';
const run = promisify(execFile);

interface Cluster {
  /** A superuser's URL. */
  readonly adminUrl: string;
  stop(): Promise<void>;
}

let cluster: Promise<Cluster> | undefined;
let databases: string[] = [];

/**
 * The URL of a fresh database, empty or a copy of the one at `template` (which nobody may be connected to),
 * on PostgreSQL 15, owned by a role that is no superuser but may create roles; or why there is none. The cluster is BANYA_TEST_PG_URL (a superuser's URL) or a throw-away one from Debian's packages.
 */
export async function freshDatabase(template?: string): Promise<{ url: string } | { skip: string }> {
  if (!process.env.BANYA_TEST_PG_URL && !existsSync(join(BIN, 'initdb'))) {
    return { skip: 'no PostgreSQL 15 here: install it (apt-get install postgresql-15) or set BANYA_TEST_PG_URL to a superuser\'s URL' };
  }
  cluster ??= openCluster();
  const { adminUrl } = await cluster;
  const name = `banya_test_${randomBytes(6).toString('hex')}`;
  await admin(adminUrl, async (client) => {
    await client.query(`do $$ begin create role ${OWNER} login createrole password 'owner'; exception when duplicate_object or unique_violation then null; end $$`);
    // The server may take a moment to notice that the template's last session has ended (55006, object in use).
    for (let tries = 0; ; tries += 1) {
      try {
        await client.query(`create database ${name} owner ${OWNER} template ${template ? new URL(template).pathname.slice(1) : 'template0'}`);
        break;
      } catch (error) {
        if (tries > 50 || (error as { code?: string }).code !== '55006') throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  });
  databases.push(name);
  const url = new URL(adminUrl);
  url.username = OWNER;
  url.password = 'owner';
  url.pathname = `/${name}`;
  return { url: url.href };
}

/** Drops what freshDatabase made and stops the throw-away cluster; call it in `after`. */
export async function stopPostgres(): Promise<void> {
  if (!cluster) return;
  const running = await cluster;
  cluster = undefined;
  if (process.env.BANYA_TEST_PG_URL) {
    await admin(running.adminUrl, async (client) => {
      for (const name of databases) await client.query(`drop database if exists ${name} with (force)`);
    });
  }
  databases = [];
  await running.stop();
}

async function openCluster(): Promise<Cluster> {
  const given = process.env.BANYA_TEST_PG_URL;
  if (given) return { adminUrl: given, stop: async () => {} };
  const folder = mkdtempSync('/tmp/banya-pg-');
  const data = join(folder, 'data');
  // PostgreSQL refuses to run as root, so its own user runs it then.
  const root = process.getuid?.() === 0;
  if (root) {
    const { stdout } = await run('id', ['-u', 'postgres']);
    chownSync(folder, Number(stdout.trim()), -1);
  }
  const as = (program: string, args: readonly string[]): [string, string[]] =>
    root ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', join(BIN, program), ...args]] : [join(BIN, program), [...args]];
  await run(...as('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']), { cwd: folder });
  const port = await freePort();
  const server = spawn(...as('postgres', ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'shared_buffers=32MB', '-c', 'max_connections=60']), { cwd: folder, stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const end = (): void => void server.kill('SIGINT');
  process.once('exit', end);
  const adminUrl = `postgres://postgres:unused@127.0.0.1:${port}/postgres`;
  await untilReady(adminUrl, server);
  return {
    adminUrl,
    stop: async () => {
      process.removeListener('exit', end);
      end();
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await admin(url, async () => {});
      return;
    } catch (error) {
      if (tries > 200 || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function admin(url: string, fn: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await fn(client);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
