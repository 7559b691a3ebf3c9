import { chmodSync, existsSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { verifyLedger } from '../kernel/audit.ts';
import type { Identity } from '../kernel/identity/identity.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { BackupKeeper } from './backup/keeper.ts';
import type { Check } from './checks.ts';

export interface ControlParts {
  readonly identity: Identity;
  readonly backups: BackupKeeper;
  readonly checks: () => Promise<readonly Check[]>;
}

const BODY_MAX = 64 * 1024;

/**
 * The way in for the command line on the server itself: HTTP on a Unix socket in the data folder, mode 0600. Whoever can
 * open it can read the data folder anyway.
 */
export class ControlSocket {
  readonly #kernel: Kernel;
  readonly #parts: ControlParts;
  #server: Server | null = null;

  constructor(kernel: Kernel, parts: ControlParts) {
    this.#kernel = kernel;
    this.#parts = parts;
  }

  get path(): string {
    return join(this.#kernel.config.data, 'control.sock');
  }

  async start(): Promise<void> {
    if (existsSync(this.path)) rmSync(this.path);
    const server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > BODY_MAX) request.destroy();
      });
      request.on('end', () => {
        this.#answer(request.url ?? '', text).then(
          (result) => response.end(JSON.stringify({ ok: true, result })),
          (error: unknown) => response.end(JSON.stringify({ ok: false, error: error instanceof Error ? error.message : String(error) })),
        );
      });
    });
    this.#server = server;
    const mask = process.umask(0o077);
    try {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.path, resolve));
    } finally {
      process.umask(mask);
    }
    chmodSync(this.path, 0o600);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async #answer(url: string, text: string): Promise<unknown> {
    const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
    const word = (name: string): string => {
      const value = body[name];
      if (typeof value !== 'string' || value === '') throw new Error(`${name} is needed.`);
      return value;
    };
    switch (url) {
      case '/signin-link': {
        const { identity } = this.#parts;
        const links: { org: string; link: string }[] = [];
        for (const account of await identity.accounts.forEmail(word('email'))) {
          // What the ledger does not know was not handed out.
          await this.#kernel.tenancy.inOrg({ orgId: account.org_id, actor: { kind: 'system', name: 'console' } }, async (tx) => tx.audit({ action: 'identity.link_printed', target: `account:${account.id}` }));
          links.push({ org: (await identity.parts.directory().orgName(account.org_id)) ?? account.org_id, link: identity.linkUrl(await identity.accounts.link(account)) });
        }
        if (links.length === 0) throw new Error('Nobody with a role has this address.');
        return { links };
      }
      case '/backup': {
        const passphrase = typeof body.passphrase === 'string' && body.passphrase ? body.passphrase : null;
        const { bytes, manifest } = await this.#parts.backups.writeTo(word('file'), passphrase);
        return { bytes, tables: Object.keys(manifest.tables).length, rows: Object.values(manifest.tables).reduce((sum, t) => sum + t.rows, 0), events: manifest.events.rows };
      }
      case '/ledger/verify': {
        const orgs = await this.#kernel.tenancy.asSystem('list the ledgers to verify', (tx) => tx.query<{ org_id: string }>('select org_id from kernel_ledger_heads order by org_id'));
        const results = [];
        for (const { org_id } of orgs) results.push({ org: org_id, ...(await verifyLedger((sql, values) => this.#kernel.tenancy.inOrg({ orgId: org_id, actor: { kind: 'system', name: 'console' } }, (tx) => tx.query(sql, values)), org_id)) });
        return results;
      }
      case '/doctor':
        return this.#parts.checks();
      default:
        throw new Error('This command is not known to the server.');
    }
  }
}

