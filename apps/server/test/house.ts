import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import pino from 'pino';
import type { Role } from '@banya/contract';
import { openHouse, type House } from '../src/house.ts';
import { loadConfig } from '../src/kernel/config.ts';
import type { OrgKind } from '../src/modules/orgs/index.ts';
import { setUp } from '../src/modules/orgs/index.ts';

/** A whole house on free ports in a folder of its own, for tests; closed and deleted with the test. */
export async function testHouse(t: TestContext, options: { args?: readonly string[]; environment?: Record<string, string>; folder?: string; web?: string | null } = {}): Promise<TestHouse> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'banya-test-'));
  const config = loadConfig(['--data', join(folder, 'data'), '--port', '0', '--syslog-port', '0', '--syslog-host', '127.0.0.1', ...(options.args ?? [])], { BANYA_DISK_FLOOR_BYTES: '0', ...options.environment });
  const house = await openHouse(config, { log: pino({ level: process.env.BANYA_TEST_LOG ?? 'silent' }, pino.destination(2)), web: options.web ?? null, checkReplies: true });
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
    const set = await identity.parts.tenancy.asAuth('test: open a session', (tx) => identity.sessions.open(tx, account!, 'passkey', true, new Request('http://localhost'), '127.0.0.1'));
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
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
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
