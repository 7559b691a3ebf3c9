import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { TestHouse, TestPerson } from './house.ts';

export interface Sender {
  readonly id: string;
  /** Null for senders known by their address. */
  readonly token: string;
}

/** Registers a sender of logs, confirms it as the desk would, and waits until the doors know it. */
export async function sender(house: TestHouse, as: TestPerson, fields: Record<string, unknown> = {}, org = as.orgId): Promise<Sender> {
  const made = await house.send('POST', `/orgs/${org}/sources`, as, { name: '試験の機器', family: 'generic', match: { by: 'token' }, ...fields });
  assert.equal(made.status, 201, made.text);
  if (!made.body.confirmed) await house.house.kernel.tenancy.asSystem('test: confirm a sender', (tx) => house.house.modules.inventory.confirmSource(tx, org, made.body.id, made.body.match));
  await house.house.modules.inventory.sources.refresh();
  return { id: made.body.id, token: made.body.token };
}

/** Sends a body to the intake as the sender. */
export function post(house: TestHouse, to: Sender, body: string | Uint8Array, headers: Record<string, string> = {}) {
  return house.send('POST', `/ingest/${to.id}`, { token: to.token }, typeof body === 'string' ? new TextEncoder().encode(body) : body, { 'Content-Type': 'text/plain', ...headers });
}

export async function count(house: TestHouse, org: string, where = '1'): Promise<number> {
  return Number((await house.house.kernel.events.query<{ n: string }>(org, { sql: `select count() as n from events where ${where}` }))[0]!.n);
}
/** Waits until something holds; fails after two minutes, which a busy machine may need. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  assert.fail(`waited in vain: ${what}`);
}
/** Waits until the spool is read to its end. */
export async function settled(house: TestHouse): Promise<void> {
  await until('the spool is read', async () => house.house.kernel.spool.position().backlogBytes === 0);
}
/** Lines counted for a sender, over all days. */
export async function counted(house: TestHouse, sourceId: string): Promise<number> {
  const { rows } = await house.house.gate.query<{ n: string | null }>('select sum(lines) as n from inventory_source_days where source_id = $1', [sourceId]);
  return Number(rows[0]!.n ?? 0);
}

export async function sendTcp(port: number, lines: readonly (string | Uint8Array)[]): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const bytes = Buffer.concat(lines.map((line) => Buffer.concat([Buffer.from(line), Buffer.from('\n')])));
  await new Promise<void>((resolve) => socket.end(bytes, resolve));
  await once(socket.resume(), 'close');
}
export async function sendUdp(port: number, lines: readonly (string | Uint8Array)[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const line of lines) await new Promise<void>((resolve, reject) => socket.send(Buffer.from(line), port, '127.0.0.1', (error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}

/** A FortiGate line of a moment, with further fields. */
export function fortigate(at: number, fields: string, host = 'FG-TEST'): string {
  const local = new Date(at + 9 * 3_600_000).toISOString();
  return `<185>date=${local.slice(0, 10)} time=${local.slice(11, 19)} devname="${host}" devid="FGT60FTK20000001" eventtime=${at}000000 tz="+0900" ${fields}`;
}
export const virusStopped = (at: number, client: string): string =>
  fortigate(at, `logid="0211008192" type="utm" subtype="virus" eventtype="infected" level="warning" msg="File is infected." action="blocked" service="HTTP" srcip=${client} dstip=203.0.113.90 srcport=51000 dstport=80 policyid=3 proto=6 direction="incoming" filename="invoice.zip" virus="EICAR_TEST_FILE" url="http://files.example.net/invoice.zip"`);
export const leaseGiven = (at: number, client: string, mac: string, name: string): string =>
  fortigate(at, `logid="0100026001" type="event" subtype="system" level="information" logdesc="DHCP Ack log" interface="lan" dhcp_msg="Ack" mac="${mac}" ip=${client} lease=86400 hostname="${name}" msg="DHCP server sends a DHCPACK"`);
