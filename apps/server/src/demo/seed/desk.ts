import type { House } from '../../house.ts';
import { newId } from '../../kernel/ids.ts';
import type { NewTicket } from '../../modules/desk/index.ts';
import type { WebDoor } from '../doors.ts';
import { dated } from '../dated.ts';
import { linkToken } from '../personas.ts';
import type { DemoProgress } from '../state.ts';
import { at, DAY, dayKind, dayStart, HOUR } from '../world/calendar.ts';
import type { DemoMember, World } from '../world/types.ts';
import { ARTICLES, TEMPLATES, TICKETS, type DemoTicket } from './desk-texts.ts';

export interface DeskSeed {
  readonly house: House;
  readonly web: WebDoor;
  readonly world: World;
  readonly federationId: string;
  readonly orgIds: ReadonlyMap<string, string>;
  readonly progress: DemoProgress;
}

type Who = { readonly cookie: string };

/** What a desk has at hand after some months: articles, templates, and questions in every state. */
export async function seedDesk(seed: DeskSeed): Promise<void> {
  const { web, world, federationId, progress } = seed;
  const desk = world.federation.people.find((p) => p.roles.includes('desk') && !p.roles.includes('manager'))!;
  let signedIn: Promise<Who> | null = null;
  const asDesk = (): Promise<Who> => (signedIn ??= signIn(seed, desk.email));
  for (const [i, article] of ARTICLES.entries()) await progress.once(`article ${i}`, async () => void (await web.call('POST', `/orgs/${federationId}/articles`, await asDesk(), article)));
  await progress.once('templates', async () => {
    for (const template of TEMPLATES) await web.call('PUT', `/orgs/${federationId}/templates/${newId()}`, await asDesk(), template);
  });
  for (const [i, ticket] of TICKETS.entries()) {
    // A ticket that was opened and not answered before a stop is answered after it: two steps.
    let id: string | null = null;
    await progress.once(`ticket ${i}`, async () => {
      id = await open(seed, ticket);
    });
    if (id !== null) await answer(seed, ticket, id, asDesk);
  }
}

export async function signIn({ house, web }: Pick<DeskSeed, 'house' | 'web'>, email: string): Promise<Who> {
  return { cookie: await web.signIn(await linkToken(house, email)) };
}

async function open({ house, world, orgIds, federationId }: DeskSeed, ticket: DemoTicket): Promise<string> {
  const { kernel, modules: { desk, orgs } } = house;
  const member = world.members.find((m) => m.key === ticket.member)!;
  const asked = member.people[ticket.person]!;
  const account = await personOf(house, asked.email, orgIds.get(member.key)!);
  const clerk = world.federation.people.find((p) => p.roles.includes('desk') && !p.roles.includes('manager'))!;
  const actor = ticket.phone ? { kind: 'person' as const, personId: (await personOf(house, clerk.email, federationId))!, homeOrgId: federationId, name: clerk.name } : { kind: 'system' as const, name: 'demo' };
  return kernel.tenancy.asSystem('a question of the demonstration', async (tx) => {
    const org = (await orgs.get(tx, orgIds.get(member.key)!))!;
    const asks: NewTicket = {
      org, channel: ticket.phone ? 'phone' : 'web', requester: { id: account, name: asked.name }, subject: ticket.subject, text: ticket.text, urgency: ticket.urgency,
      ...(ticket.phone ? { phone: { solved: ticket.end === 'solved' }, callback: asked.phone ?? member.phone } : {}),
    };
    return desk.open(dated(tx, askedAt(world.anchor, ticket.hoursAgo)), asks);
  }, { actor });
}

/** What is older than a day was asked in the morning of a working day. */
function askedAt(anchor: number, hoursAgo: number): number {
  const then = anchor - hoursAgo * HOUR;
  if (hoursAgo < 24) return then;
  let day = dayStart(then);
  while (dayKind(day) !== 'work') day -= DAY;
  return at(day, 10, 20);
}

/** A person by address, within the organisation: people without a role are found as well. */
async function personOf(house: House, email: string, orgId: string): Promise<string | null> {
  return house.kernel.tenancy.inOrg({ orgId, actor: { kind: 'system', name: 'demo' } }, async (tx) => (await house.modules.orgs.searchPeople(tx, orgId, email, 1))[0]?.id ?? null);
}

async function answer(seed: DeskSeed, ticket: DemoTicket, id: string, asDesk: () => Promise<Who>): Promise<void> {
  const { web, world, federationId, orgIds } = seed;
  if (ticket.reply) await web.call('POST', `/orgs/${federationId}/queue/${id}/messages`, await asDesk(), { text: ticket.reply, then: ticket.end === 'waiting' ? 'waiting' : ticket.end === 'solved' ? 'solved' : 'working' });
  if (ticket.rating) {
    const member: DemoMember = world.members.find((m) => m.key === ticket.member)!;
    const lead = member.people.find((p) => p.roles.includes('lead'))!;
    await web.call('POST', `/orgs/${orgIds.get(ticket.member)!}/tickets/${id}/rating`, await signIn(seed, lead.email), { rating: ticket.rating });
  }
}
