import type { House } from '../../house.ts';
import type { Tx } from '../../kernel/types.ts';
import { setUp, type FederationSettings, type OrgRow } from '../../modules/orgs/index.ts';
import { dated } from '../dated.ts';
import { SILENT, type DemoLines } from '../lines/index.ts';
import type { DemoProgress } from '../state.ts';
import { DAY } from '../world/calendar.ts';
import type { DemoMember, DemoPerson } from '../world/types.ts';
import { olderMonths } from './history.ts';

const BY = '番屋';
/** Members joined over the last year. */
const JOINED_DAYS = 420;
/** Whether a mail was seen there as well: all tell the federation but these, who were not asked yet, and who shares nothing. */
const TELLS_NOTHING_OF_MAILS: ReadonlySet<string> = new Set(['tsukishizuku', 'tsuraranono']);

/** Stores the federation, its members, their people, devices and senders. Each organisation is one transaction; what is there already stays. */
export async function seedWorld(house: House, lines: DemoLines, progress: DemoProgress): Promise<{ federationId: string; orgIds: ReadonlyMap<string, string> }> {
  const { kernel, modules: { orgs } } = house;
  const { world } = lines;
  const [manager] = world.federation.people;
  if (!(await kernel.settings.get('federation'))) await setUp(kernel, { federation: world.federation.name, manager: { name: manager!.name, reading: manager!.reading, email: manager!.email }, deskPhone: world.federation.phone, timeZone: 'Asia/Tokyo', lang: 'ja' });
  const federationId = (await kernel.settings.get<FederationSettings>('federation'))!.id;
  await progress.once('federation', async () => {
    await kernel.tenancy.asSystem('make the demonstration’s federation', async (tx) => {
      const org = (await orgs.get(tx, federationId))!;
      for (const person of world.federation.people.slice(1)) await seedPerson(house, dated(tx, world.anchor - JOINED_DAYS * DAY), org, person, null);
    });
  });
  const there = async (): Promise<ReadonlyMap<string, string>> =>
    kernel.tenancy.asSystem('find the demonstration’s members', async (tx) => new Map((await orgs.members(tx, federationId)).map((m) => [m.name, m.id])));
  let known = await there();
  for (const [i, member] of world.members.entries()) {
    if (known.has(member.name)) continue;
    await kernel.tenancy.asSystem('make a member of the demonstration', async (tx) => seedMember(house, tx, lines, member, (await orgs.get(tx, federationId))!, i));
  }
  known = await there();
  return { federationId, orgIds: new Map(world.members.map((m) => [m.key, known.get(m.name)!])) };
}

async function seedPerson(house: House, tx: Tx, org: OrgRow, person: DemoPerson, lead: string | null): Promise<string> {
  const { orgs } = house.modules;
  const row = await orgs.createPerson(tx, org.id, { name: person.name, reading: person.reading, department: person.department, emails: [person.email], phone: person.phone });
  for (const role of person.roles) await orgs.grantRole(tx, org.id, org.kind, { personId: row.id, homeOrgId: org.id, role, ...(role === 'deputy' && lead !== null ? { deputyOf: lead } : {}) }, BY);
  return row.id;
}

async function seedMember(house: House, tx: Tx, lines: DemoLines, member: DemoMember, federation: OrgRow, index: number): Promise<void> {
  const { orgs, inventory, detect } = house.modules;
  const { world } = lines;
  const then = dated(tx, world.anchor - (JOINED_DAYS - index * 6) * DAY);
  const org = await orgs.createOrg(then, 'member', federation, {
    name: member.name, reading: member.reading, industry: member.industry, sizeBand: member.sizeBand, prefecture: member.prefecture, corporateNumber: member.corporateNumber, phone: member.phone,
    timeZone: 'Asia/Tokyo', ownRanges: [member.ownRange], domains: [member.domain],
  });
  // Every member begins by sharing scores, alerts and inventory.
  if (member.shares === 'nothing') for (const kind of ['scores', 'alerts', 'inventory'] as const) await orgs.setConsent(then, org.id, kind, false, null, member.people[0]!.name);
  if (member.shares !== 'nothing' && !TELLS_NOTHING_OF_MAILS.has(member.key)) await orgs.setConsent(then, org.id, 'indicators', true, null, member.people[0]!.name);
  if (member.shares === 'logs') for (const kind of ['logs', 'samples', 'evidence'] as const) await orgs.setConsent(then, org.id, kind, true, null, member.people[0]!.name);

  const people = new Map<DemoPerson, string>();
  for (const person of member.people) people.set(person, await seedPerson(house, then, org, person, people.get(member.people[1]!) ?? null));
  const devices = new Map<string, string>();
  for (const device of member.devices) {
    const row = await inventory.createDevice(then, org.id, {
      name: device.name, kind: device.kind, owner: device.owner ? people.get(device.owner)! : null, department: device.department, os: device.os, addresses: [device.address], macs: [device.mac], hostNames: [device.host], note: device.note,
    });
    devices.set(device.host, row.id);
  }
  const sources = new Map<string, string>();
  for (const source of member.sources) {
    const row = inventory.newSource(then, org.id, {
      name: source.name, family: source.family, device: devices.get(source.device)!, timeZone: 'Asia/Tokyo', encoding: 'utf-8', retention: '1y', silentAfterHours: source.silentAfterHours,
      match: source.door === 'https' ? { by: 'token' } : { by: 'address', listener: 'tcp', address: '127.0.0.1', headerHost: source.host },
    }, true);
    sources.set(source.host, (await inventory.addSource(then, row)).id);
  }
  const older = olderMonths(lines, member, org.id, sources);
  await detect.replayCounters(tx, older.counters);
  // The senders have been heard before; the silent one not since it fell silent.
  await inventory.countLines(tx, older.lines.map((l) => ({ ...l, lastAt: new Date(l.sourceId === sources.get(SILENT.source) ? world.anchor - SILENT.days * DAY : world.anchor) })));
}
