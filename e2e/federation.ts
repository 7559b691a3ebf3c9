import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendMail } from '../apps/server/test/mails.ts';
import { TestHouse, type TestPerson } from '../apps/server/test/house.ts';
import { openHouse } from '../apps/server/src/house.ts';
import { loadConfig } from '../apps/server/src/kernel/config.ts';
import { createLog } from '../apps/server/src/kernel/log.ts';
import { startOn, type Started } from './demo.ts';

/** Where Banya of these tests takes mails. */
export const MAIL_DOMAIN = 'banya.test';

export interface Member {
  readonly orgId: string;
  readonly name: string;
  readonly domain: string;
  readonly lead: TestPerson;
  readonly clerks: readonly TestPerson[];
  /** Where its people forward to. */
  readonly address: string;
}
export interface Federation {
  readonly banya: Started;
  readonly federationId: string;
  readonly desk: TestPerson;
  readonly members: readonly Member[];
  /** As a person; JSON in and out. @throws Error unless it is answered with success */
  ask<T>(person: TestPerson, method: string, path: string, body?: unknown): Promise<T>;
}

/** What the check is told of every member: who leads it, with whom it deals, and the name of its mail server. */
export const BOSS = '北浜 洋一';
export const PARTNER = { domain: 'tsukuyomi-kozai.example', name: '月詠鋼材' };

/** A federation with two members and people who are signed in, in a process of its own; its mails go to `sinkPort` of this machine. */
export async function startFederation(sinkPort: number, clerks: number): Promise<Federation> {
  const folder = mkdtempSync(join(tmpdir(), 'banya-e2e-'));
  const house = await openHouse(loadConfig(['--data', join(folder, 'data'), '--port', '0', '--syslog-port', '0', '--smtp-port', '0', '--syslog-host', '127.0.0.1'], { BANYA_DISK_FLOOR_BYTES: '0' }), { log: createLog('error'), web: null });
  const made = await fill(new TestHouse(house, folder), sinkPort, clerks).finally(() => house.close());
  const banya = await startOn(folder, ['--mail-domain', MAIL_DOMAIN]);
  const ask = async <T>(person: TestPerson, method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${banya.url}/api/v1${path}`, { method, headers: { 'Banya-Request': '1', Cookie: person.cookie, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  try {
    const members: Member[] = [];
    for (const member of made.members) {
      const check = `/orgs/${member.orgId}/mail-check`;
      await ask(member.lead, 'PUT', check, { officers: [{ name: BOSS, title: '社長', addresses: [`yoichi@${member.domain}`] }], partners: [PARTNER], authservIds: [`mx.${member.domain}`], keepDays: 90 });
      members.push({ ...member, address: (await ask<{ address: string }>(member.lead, 'GET', check)).address });
    }
    return { banya, federationId: made.federationId, desk: made.desk, members, ask };
  } catch (error) {
    await banya.stop();
    throw error;
  }
}

async function fill(house: TestHouse, sinkPort: number, clerks: number): Promise<{ federationId: string; desk: TestPerson; members: Omit<Member, 'address'>[] }> {
  const { orgs, notify } = house.house.modules;
  await notify.saveServer({ host: '127.0.0.1', port: sinkPort, secure: false, from: `noreply@${MAIL_DOMAIN}` });
  const { orgId: federationId } = await house.federation();
  const desk = await house.person(federationId, 'federation', 'desk');
  const members: Omit<Member, 'address'>[] = [];
  for (const [name, domain] of [['北浜商店', 'kitahama.example'], ['南浜水産', 'minamihama.example']] as const) {
    const orgId = await house.org('member', federationId, name);
    await house.house.kernel.tenancy.asSystem('e2e: what a member agrees to', (tx) => orgs.setConsent(tx, orgId, 'indicators', true, null, BOSS));
    const lead = await house.person(orgId, 'member', 'lead');
    const staff: TestPerson[] = [];
    for (let i = 0; i < clerks; i++) staff.push(await house.person(orgId, 'member', 'staff'));
    members.push({ orgId, name, domain, lead, clerks: staff });
  }
  return { federationId, desk, members };
}

const SWAKS = ['/usr/bin/swaks', '/usr/local/bin/swaks'].find((file) => existsSync(file));
export const sender = SWAKS ? 'swaks' : 'nodemailer';

/** Sends a mail as another program does: swaks where it is installed, else nodemailer. @throws Error unless it is taken with 250 */
export async function forward(port: number, from: string, to: string, raw: string): Promise<void> {
  if (!SWAKS) {
    const { code, text } = await sendMail(port, { from, to, raw });
    if (code !== 250) throw new Error(`${code} ${text}`);
    return;
  }
  const child = spawn(SWAKS, ['--server', '127.0.0.1', '--port', String(port), '--helo', 'mx.member.example', '--from', from, '--to', to, '--data', '-', '--suppress-data'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  child.stdin.end(raw.replaceAll('\r\n', '\n'));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`swaks ended with ${code}:\n${Buffer.concat(said).toString().slice(-2_000)}`);
}
