import type { ConsentKind, Role } from '@banya/contract';
import type { Kernel, Module } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Identity } from '../../kernel/identity/identity.ts';
import { tellAddresses, type AddressChange } from './addresses.ts';
import type { Directory } from './directory.ts';
import { meRoutes } from './me.ts';
import { orgRoutes } from './routes.ts';
import { todayAt } from './rules.ts';
import { importRoutes } from './import.ts';
import { setupRoutes, type SetupMail } from './setup.ts';
import type { OrgRow } from './schema.ts';
import * as service from './service.ts';
import * as store from './store.ts';
import * as ticketConsents from './ticket-consents.ts';
import './texts.ts';

declare module '../../kernel/types.ts' {
  interface BusEvents {
    'orgs.changed': { orgId: string };
    'orgs.left': { orgId: string };
    /** Thirty days later, as system, before its rows go. */
    'orgs.erasing': { orgId: string };
    'people.emailsChanged': { orgId: string; changes: readonly AddressChange[] };
    'people.archived': { orgId: string; personId: string };
    'roles.granted': { orgId: string; personId: string; role: Role };
    'roles.revoked': { orgId: string; personId: string; role: Role };
    /** A role moves from one person to another: each module moves the open work it keeps, and says how much. */
    'roles.handedOver': { orgId: string; role: Role; from: string; to: string; moved: { findings: number; tickets: number } };
    'consents.given': { orgId: string; kind: ConsentKind };
    'consents.withdrawn': { orgId: string; kind: ConsentKind };
  }
  interface JobPayloads {
    'orgs.tellAddresses': { orgId: string; at: string; by: string; changes: readonly AddressChange[] };
  }
}

export { Directory } from './directory.ts';
export type { OrgRow, OrgKind } from './schema.ts';

/** Organisations, people, roles and consents: the ground all other modules stand on. */
export interface Orgs extends Module {
  readonly directory: Directory;
  /** Organisations by id, for names on pages; only those the transaction may see. */
  names(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  people(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, { name: string; department: string | null; emails: readonly string[]; phone: string | null }>>;
  /** People by mail addresses, lower case; whoever has one of them. */
  byAddresses(tx: Tx, orgId: string, addresses: readonly string[]): Promise<{ id: string; name: string; emails: readonly string[] }[]>;
  /** Whoever of an organisation has this mail address. */
  byAddress(tx: Tx, orgId: string, address: string): Promise<{ id: string; name: string } | undefined>;
  get(tx: Tx, id: string): Promise<OrgRow | undefined>;
  /** Members below a federation, sorted by reading; runs in the federation's scope or as system. */
  members(tx: Tx, federationId: string): Promise<Awaited<ReturnType<typeof store.org.members>>>;
  /** The federation an organisation belongs to: the topmost of its path, or itself. */
  federationOf(org: Pick<OrgRow, 'id' | 'path'>): string;
  /** Holders of a role with their addresses, as of now. */
  holders(tx: Tx, orgId: string, role: Role): Promise<{ personId: string; name: string; emails: readonly string[] }[]>;
  /** What counts as inside, and the zone, of every organisation that has not left; system only. */
  networks(tx: Tx): Promise<ReadonlyMap<string, { ownRanges: readonly string[]; timeZone: string }>>;
  /** Access ends with this transaction, for the units below too; the data is erased on `eraseOn`. System only. @returns who left */
  markLeft(tx: Tx, orgId: string, eraseOn: string): Promise<readonly string[]>;
  createOrg: typeof service.createOrg;
  createPerson: typeof service.createPerson;
  grantRole: typeof service.grantRole;
  setConsent: typeof service.setConsent;
  /** What the desk may see for one question; the module desk asks, and ends it with the question. */
  readonly ticketConsents: {
    missing: typeof ticketConsents.missingKinds;
    ask: typeof ticketConsents.askForTicket;
    answer: typeof ticketConsents.answerForTicket;
    end: typeof ticketConsents.endTicketConsents;
    /** The newest of a question, as pages show it. */
    latest(tx: Tx, orgId: string, ticketId: string): Promise<ReturnType<typeof ticketConsents.presentTicketConsent> | null>;
    /** Not answered yet, the oldest first. */
    waiting(tx: Tx, orgId: string, limit: number): Promise<ReturnType<typeof ticketConsents.presentTicketConsent>[]>;
  };
  /** Those of the organisations that share something with the federation above now; in a transaction of its own. */
  sharing(orgIds: readonly string[], kind: ConsentKind): Promise<ReadonlySet<string>>;
  /** How many people each organisation has, for rates that its federation's desk looks at; in a transaction of its own. */
  peopleCounts(orgIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  searchPeople(tx: Tx, orgId: string, q: string, limit: number): Promise<{ id: string; name: string; phone: string | null }[]>;
}

export { setUp, setupLink, type FederationSettings } from './setup.ts';

export interface OrgsDeps {
  readonly identity: Identity;
  readonly directory: Directory;
  /** Keeps the outgoing mail settings of the set-up wizard. */
  readonly saveMail: (settings: SetupMail) => Promise<void>;
}

export function openOrgs(kernel: Kernel, { identity, directory, saveMail }: OrgsDeps): Orgs {
  // Sign-in follows the people: changed addresses, people who left, changed roles.
  kernel.bus.after('people.emailsChanged', async ({ changes }) => {
    await identity.accounts.changeEmail(changes);
    for (const { personId } of changes) identity.sessions.forget(personId);
  });
  kernel.bus.after('people.archived', async ({ personId }) => {
    await identity.accounts.disable(personId);
    identity.sessions.forget(personId);
  });
  kernel.bus.after('orgs.left', () => identity.sessions.forgetAll());
  kernel.bus.after('roles.granted', ({ personId }) => identity.sessions.forget(personId));
  kernel.bus.after('roles.revoked', ({ personId }) => identity.sessions.forget(personId));
  return {
    name: 'orgs',
    directory,
    jobs: [tellAddresses(kernel, identity, directory)],
    routes: [...orgRoutes(kernel, (ids) => identity.accounts.withSignIn(ids)), ...importRoutes(kernel), ...meRoutes(kernel, identity), ...setupRoutes(kernel, identity, saveMail)],
    names: async (tx, ids) => new Map((await store.org.many(tx, [...new Set(ids)])).map((o) => [o.id, o.name])),
    people: async (tx, ids) => new Map((await store.people.named(tx, [...new Set(ids)])).map((p) => [p.id, p])),
    byAddress: async (tx, orgId, address) => (await store.people.withEmails(tx, orgId, [address.toLowerCase()]))[0],
    byAddresses: (tx, orgId, addresses) => (addresses.length === 0 ? Promise.resolve([]) : store.people.withEmails(tx, orgId, addresses)),
    get: store.org.get,
    members: store.org.members,
    federationOf: (org) => org.path[0] ?? org.id,
    holders: async (tx, orgId, role) => {
      const today = todayAt(tx.now.getTime());
      const held = (await store.roles.at(tx, orgId, role)).filter((r) => r.until === null || r.until >= today);
      const people = new Map((await store.people.named(tx, held.map((r) => r.person_id))).map((p) => [p.id, p]));
      return held.flatMap((r) => (people.has(r.person_id) ? [{ personId: r.person_id, name: people.get(r.person_id)!.name, emails: people.get(r.person_id)!.emails }] : []));
    },
    networks: async (tx) => new Map((await tx.query<{ id: string; own_ranges: string[]; time_zone: string }>('select id, own_ranges, time_zone from orgs_orgs where left_at is null')).map((o) => [o.id, { ownRanges: o.own_ranges, timeZone: o.time_zone }])),
    markLeft: async (tx, orgId, eraseOn) => (await store.org.leave(tx, orgId, eraseOn)).map((row) => row.id),
    createOrg: service.createOrg,
    createPerson: service.createPerson,
    grantRole: service.grantRole,
    setConsent: service.setConsent,
    ticketConsents: {
      missing: ticketConsents.missingKinds, ask: ticketConsents.askForTicket, answer: ticketConsents.answerForTicket, end: ticketConsents.endTicketConsents,
      latest: async (tx, orgId, ticketId) => {
        const row = await store.ticketConsents.latest(tx, orgId, ticketId);
        return row ? ticketConsents.presentTicketConsent(row, tx.now) : null;
      },
      waiting: async (tx, orgId, limit) => (await store.ticketConsents.waiting(tx, orgId, limit)).map((row) => ticketConsents.presentTicketConsent(row, tx.now)),
    },
    sharing: async (orgIds, kind) =>
      orgIds.length === 0 ? new Set() : kernel.tenancy.asSystem('find which members share something', async (tx) => new Set((await store.consents.sharing(tx, orgIds, kind)).map((r) => r.org_id))),
    peopleCounts: (orgIds) => kernel.tenancy.asSystem('count the people of members for rates', async (tx) => new Map((await store.people.counts(tx, orgIds)).map((r) => [r.id, r.n]))),
    searchPeople: async (tx, orgId, q, limit) => store.people.list(tx, orgId, { after: null, limit, q, role: null, archived: false }),
  };
}
