import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Role } from '@banya/contract';
import { openHouse, type House } from '../src/house.ts';
import { loadConfig } from '../src/kernel/config.ts';
import type { Clock } from '../src/kernel/types.ts';
import type { OrgKind } from '../src/modules/orgs/index.ts';
import { setUp } from '../src/modules/orgs/index.ts';

const log = () => pino({ level: process.env.BANYA_TEST_LOG ?? 'silent' }, pino.destination(2));
const root = join(import.meta.dirname, '../../..');

/** What a house is opened with; `environment` as the process would have it. */
export interface HouseOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Kept afterwards; a new one, deleted with the test, unless told. */
  readonly folder?: string;
  readonly web?: string | null;
  readonly clock?: Clock;
}
/** A test, or a file's `before` and `after`: what ends the house. */
export interface Ending {
  after(fn: () => Promise<void>): void;
}

function configFor(folder: string, options: HouseOptions): ReturnType<typeof loadConfig> {
  return loadConfig(['--data', join(folder, 'data'), '--port', '0', '--syslog-port', '0', '--smtp-port', '0', '--syslog-host', '127.0.0.1', ...(options.args ?? [])], { BANYA_DISK_FLOOR_BYTES: '0', ...options.environment });
}

/**
 * A data folder with both stores migrated, made once for a state of the migrations and copied for each house, since making
 * a database takes seconds. Kept between runs beside other things that tools make.
 */
async function template(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...globSync('apps/server/migrations/**/*.sql', { cwd: root }), 'package-lock.json'].sort()) hash.update(file).update(readFileSync(join(root, file)));
  const folder = join(root, 'node_modules/.cache/banya-test', hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  const making = mkdtempSync(join(tmpdir(), 'banya-template-'));
  const house = await openHouse(configFor(making, {}), { log: log(), web: null });
  await house.close();
  mkdirSync(join(folder, '..'), { recursive: true });
  const part = mkdtempSync(`${folder}-`);
  for (const store of ['state', 'events']) cpSync(join(making, 'data', store), join(part, store), { recursive: true });
  rmSync(making, { recursive: true, force: true });
  try {
    renameSync(part, folder);
  } catch {
    // Another test file was quicker.
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}

/** A new folder whose `data` is ready for a first start. */
export async function readyFolder(): Promise<string> {
  const from = await template();
  const folder = mkdtempSync(join(tmpdir(), 'banya-test-'));
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  for (const store of ['state', 'events']) cpSync(join(from, store), join(folder, 'data', store), { recursive: true });
  return folder;
}

/** A whole house on free ports in a folder of its own, for tests; closed and deleted with the test. */
export async function testHouse(t: Ending, options: HouseOptions = {}): Promise<TestHouse> {
  const folder = options.folder ?? (options.environment?.BANYA_DATABASE_URL ? mkdtempSync(join(tmpdir(), 'banya-test-')) : await readyFolder());
  const house = await openHouse(configFor(folder, options), { log: log(), web: options.web ?? null, checkReplies: true, ...(options.clock ? { clock: options.clock } : {}) });
  t.after(async () => {
    await house.close();
    if (!options.folder) rmSync(folder, { recursive: true, force: true });
  });
  return new TestHouse(house, folder);
}

export interface TestPerson {
  readonly personId: string;
  readonly orgId: string;
  readonly email: string;
  /** Cookie header of a finished session. */
  readonly cookie: string;
}

export class TestHouse {
  readonly house: House;
  readonly folder: string;
  readonly base: string;
  #made = 0;

  constructor(house: House, folder: string) {
    this.house = house;
    this.folder = folder;
    this.base = `http://127.0.0.1:${house.ports.http}`;
  }

  /** Sets a federation up, with its first manager signed in. */
  async federation(): Promise<{ orgId: string; manager: TestPerson }> {
    const made = await setUp(this.house.kernel, { federation: '試験連合会', manager: { name: '管理 花子', email: 'manager@federation.example' }, deskPhone: '03-0000-0000', timeZone: 'Asia/Tokyo', lang: 'ja' });
    return { orgId: made.orgId, manager: await this.signedIn(made.personId, made.orgId, 'manager@federation.example') };
  }

  async org(kind: Exclude<OrgKind, 'federation'>, parentId: string, name: string): Promise<string> {
    const { orgs } = this.house.modules;
    return this.house.kernel.tenancy.asSystem('test: make an organisation', async (tx) => (await orgs.createOrg(tx, kind, (await orgs.get(tx, parentId))!, { name })).id);
  }

  /** A person with roles at the own organisation, signed in. */
  async person(orgId: string, kind: OrgKind, ...roles: Role[]): Promise<TestPerson> {
    const { orgs } = this.house.modules;
    const n = ++this.#made;
    const email = `person${n}@member.example`;
    const personId = await this.house.kernel.tenancy.asSystem('test: make a person', async (tx) => {
      const person = await orgs.createPerson(tx, orgId, { name: `試験 ${n}郎`, emails: [email] });
      for (const role of roles) await orgs.grantRole(tx, orgId, kind, { personId: person.id, homeOrgId: orgId, role }, 'test');
      return person.id;
    });
    return this.signedIn(personId, orgId, email);
  }

  async signedIn(personId: string, orgId: string, email: string): Promise<TestPerson> {
    const { identity } = this.house;
    const account = await identity.accounts.ensure(personId, orgId, email);
    const set = await identity.parts.tenancy.asAuth('test: open a session', (tx) => identity.sessions.open(tx, account, 'passkey', true, new Request('http://localhost'), '127.0.0.1'));
    return { personId, orgId, email, cookie: set.split(';')[0]! };
  }

  /** Sends a request as a person, a token or nobody; JSON in and out. */
  async send(method: string, path: string, as: TestPerson | { token: string } | null, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; headers: Headers; body: any; text: string }> {
    const response = await fetch(`${this.base}${path.startsWith('/api') || path.startsWith('/metrics') ? path : `/api/v1${path}`}`, {
      method, redirect: 'manual',
      headers: {
        'Banya-Request': '1', 'Accept-Language': 'ja',
        ...(as === null ? {} : 'token' in as ? { Authorization: `Bearer ${as.token}` } : { Cookie: as.cookie }),
        ...(body === undefined || body instanceof Uint8Array ? {} : { 'Content-Type': 'application/json' }), ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    let parsed: unknown = null;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Not JSON: a file, or nothing.
    }
    return { status: response.status, headers: response.headers, body: parsed, text };
  }
}
