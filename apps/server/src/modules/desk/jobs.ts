import type { Lang } from '@banya/contract';
import type { Kernel, OutgoingMail } from '../../kernel/kernel.ts';
import type { JobHandler, Scope, Tx } from '../../kernel/types.ts';
import type { FederationSettings, Orgs } from '../orgs/index.ts';
import { answerMail, confirmMail, lateMail, lookMail, raisedMail, urgentMail, urgentManyMail, type Letterhead, type MailText, type MailTicket } from './mails.ts';
import { rankOf, urgencyOf } from './rules.ts';
import { questionSubject } from './samples/rules.ts';
import { samples } from './samples/store.ts';
import type { TicketRow } from './schema.ts';
import * as store from './store.ts';

export interface MailDeps {
  readonly orgs: Orgs;
  readonly mail: (tx: Tx, mail: OutgoingMail) => Promise<void>;
  /** The language of people's accounts; Japanese where it is not known. */
  readonly langs?: ((personIds: readonly string[]) => Promise<ReadonlyMap<string, Lang>>) | undefined;
  /** What a mail about a ticket carries so that a reply finds its way back; null while replies do not come in. */
  readonly threading?: ((tx: Tx, row: Pick<TicketRow, 'org_id' | 'id'>, message: string, personId: string) => Promise<NonNullable<OutgoingMail['threading']> | null>) | undefined;
}

interface Person {
  readonly personId: string;
  readonly name: string;
  readonly emails: readonly string[];
}

/** Late tickets of one federation told at once; the rest waits for the next round. */
const LATE_MAX = 500;
/** While more urgent questions about findings than this wait for somebody, one mail an hour says so: hundreds of mails are read by nobody. */
const URGENT_SINGLY = 10;
/** Of very many who reported a mail, so many are told in one transaction. */
const TOLD_PAGE = 200;
const system = (orgId: string): Scope => ({ orgId, actor: { kind: 'system', name: 'desk' } });
const mailTicket = (row: TicketRow): MailTicket => ({ id: row.id, orgId: row.org_id, deskOrgId: row.desk_org_id, number: row.number, subject: row.subject });
const reachable = (people: readonly Person[]): Person[] => [...new Map(people.filter((p) => p.emails.length > 0).map((p) => [p.personId, p])).values()];

/** The desk's mails. Each leaves once however often its job runs: the mail's key says so. */
export class DeskMails {
  readonly #kernel: Kernel;
  readonly #deps: MailDeps;

  constructor(kernel: Kernel, deps: MailDeps) {
    this.#kernel = kernel;
    this.#deps = deps;
  }

  /** Those of some people who can be reached; null: who asked in the conversation. */
  async #people(tx: Tx, row: TicketRow, ids: readonly string[] | null): Promise<Person[]> {
    const people = await this.#deps.orgs.people(tx, ids ?? (await store.details.requesters(tx, row.org_id, row.id)));
    return reachable([...people].map(([personId, { name, emails }]) => ({ personId, name, emails })));
  }

  /** Holders of the first role that somebody with an address holds. */
  async #holders(tx: Tx, orgId: string, roles: readonly ('lead' | 'executive' | 'desk' | 'manager' | 'operator')[]): Promise<Person[]> {
    for (const role of roles) {
      const held = reachable(await this.#deps.orgs.holders(tx, orgId, role));
      if (held.length > 0) return held;
    }
    return [];
  }

  #desk(tx: Tx, federation: string): Promise<Person[]> {
    return this.#holders(tx, federation, ['desk', 'manager', 'operator']);
  }

  async #langs(people: readonly Person[]): Promise<ReadonlyMap<string, Lang>> {
    return people.length > 0 && this.#deps.langs ? this.#deps.langs(people.map((p) => p.personId)) : new Map();
  }

  async #phone(): Promise<string | null> {
    return (await this.#kernel.settings.get<FederationSettings>('federation'))?.deskPhone ?? null;
  }

  async #send(tx: Tx, orgId: string, person: Person, head: Omit<Letterhead, 'lang' | 'personName' | 'url'>, langs: ReadonlyMap<string, Lang>, key: string, write: (head: Letterhead) => MailText, threading: OutgoingMail['threading'] | null = null): Promise<void> {
    const lang = langs.get(person.personId) ?? 'ja';
    const whole: Letterhead = { ...head, lang, personName: person.name, url: this.#kernel.publicUrl().replace(/\/$/, '') };
    await this.#deps.mail(tx, { orgId, to: person.emails[0]!, lang, key: `${key}:${person.personId}`, ...write(whole), ...(threading ? { threading } : {}) });
  }

  /** Tells who asked that the desk has answered or settled it: those of a question first, then the reporters of like mails, a page of them in each transaction. */
  async tell({ orgId, ticketId, messageId }: { orgId: string; ticketId: string; messageId: string | null }): Promise<void> {
    const deskPhone = await this.#phone();
    const { tenancy } = this.#kernel;
    const row = await tenancy.inOrg(system(orgId), (tx) => store.tickets.get(tx, 'org_id', orgId, ticketId));
    if (!row) return;
    const about = async (people: readonly Person[], subjects: ReadonlyMap<string, string>): Promise<void> => {
      const langs = await this.#langs(people);
      await tenancy.inOrg(system(orgId), async (tx) => {
        const orgName = (await this.#deps.orgs.names(tx, [orgId])).get(orgId) ?? '';
        const message = messageId === null ? undefined : await store.details.message(tx, orgId, ticketId, messageId);
        const solved = row.state === 'solved';
        const key = `desk.tell:${messageId ?? `${ticketId}:${row.solved_at?.getTime() ?? 0}`}`;
        if (!message && !solved) return;
        for (const person of people) {
          const threading = (await this.#deps.threading?.(tx, row, messageId ?? `solved${row.solved_at?.getTime() ?? 0}`, person.personId)) ?? null;
          // The first one's subject may hold the first one's name.
          const ticket = { ...mailTicket(row), subject: subjects.get(person.personId) ?? row.subject };
          await this.#send(tx, orgId, person, { orgName, deskPhone }, langs, key, (head) => answerMail(head, ticket, message?.text ?? null, solved, threading !== null), threading);
        }
      });
    };
    const askers = await tenancy.inOrg(system(orgId), (tx) => this.#people(tx, row, null));
    await about(askers, new Map());
    let told = askers.length;
    for (let after: string | null = null, more = true; more; ) {
      const from: string | null = after;
      const page: { rows: { person: string; subject: string }[]; people: Person[] } = await tenancy.inOrg(system(orgId), async (tx) => {
        const rows = await samples.reporters(tx, orgId, ticketId, from, TOLD_PAGE);
        return { rows, people: await this.#people(tx, row, rows.map((r) => r.person)) };
      });
      const others = page.people.filter((p) => !askers.some((a) => a.personId === p.personId));
      if (others.length > 0) await about(others, new Map(page.rows.map((r) => [r.person, questionSubject(r.subject)])));
      told += others.length;
      more = page.rows.length === TOLD_PAGE;
      after = page.rows.at(-1)?.person ?? null;
    }
    if (told === 0) await about(await tenancy.inOrg(system(orgId), (tx) => this.#holders(tx, orgId, ['lead'])), new Map());
  }

  /** Asks those who may change consents, unless it was answered meanwhile. */
  async lookAsked({ orgId, ticketId, messageId }: { orgId: string; ticketId: string; messageId: string }): Promise<void> {
    const deskPhone = await this.#phone();
    const { tenancy } = this.#kernel;
    const people = await tenancy.inOrg(system(orgId), (tx) => this.#holders(tx, orgId, ['lead', 'executive']));
    const langs = await this.#langs(people);
    await tenancy.inOrg(system(orgId), async (tx) => {
      const row = await store.tickets.get(tx, 'org_id', orgId, ticketId);
      const asked = await store.details.message(tx, orgId, ticketId, messageId);
      if (!row || !asked || (await this.#deps.orgs.ticketConsents.latest(tx, orgId, ticketId))?.state !== 'asked') return;
      const orgName = (await this.#deps.orgs.names(tx, [orgId])).get(orgId) ?? '';
      for (const person of people) await this.#send(tx, orgId, person, { orgName, deskPhone }, langs, `desk.lookAsked:${messageId}`, (head) => lookMail(head, mailTicket(row), asked.text));
    });
  }

  /** Tells the desk of a question that cannot wait, unless somebody has taken it meanwhile. */
  async urgent({ orgId, deskOrgId, ticketId }: { orgId: string; deskOrgId: string; ticketId: string }): Promise<void> {
    const people = await this.#kernel.tenancy.inOrg(system(deskOrgId), (tx) => this.#desk(tx, deskOrgId));
    const langs = await this.#langs(people);
    await this.#kernel.tenancy.inOrg(system(deskOrgId), async (tx) => {
      const row = await store.tickets.get(tx, 'desk_org_id', deskOrgId, ticketId);
      if (!row || row.state !== 'new' || row.merged_into !== null || row.assignee_id !== null || urgencyOf(row.rank) !== 'now') return;
      // What a person asks is always told.
      const byItself = row.channel === 'finding' && row.requester_id === null;
      if (byItself && (await store.tickets.untaken(tx, deskOrgId, rankOf('now'), URGENT_SINGLY + 1)) > URGENT_SINGLY) {
        const hour = tx.now.toISOString().slice(0, 13);
        for (const person of people) await this.#send(tx, deskOrgId, person, { orgName: '', deskPhone: null }, langs, `desk.urgentMany:${hour}`, (head) => urgentManyMail(head, deskOrgId, URGENT_SINGLY));
        return;
      }
      const member = (await this.#deps.orgs.names(tx, [orgId])).get(orgId) ?? '';
      for (const person of people) await this.#send(tx, deskOrgId, person, { orgName: '', deskPhone: null }, langs, `desk.urgent:${ticketId}`, (head) => urgentMail(head, mailTicket(row), member, row.callback));
    });
  }

  /** Tells the desk that more people have opened something of a question that it may have taken already. */
  async raised({ orgId, deskOrgId, ticketId }: { orgId: string; deskOrgId: string; ticketId: string }, jobId: string): Promise<void> {
    const people = await this.#kernel.tenancy.inOrg(system(deskOrgId), (tx) => this.#desk(tx, deskOrgId));
    const langs = await this.#langs(people);
    await this.#kernel.tenancy.inOrg(system(deskOrgId), async (tx) => {
      const row = await store.tickets.get(tx, 'desk_org_id', deskOrgId, ticketId);
      if (!row || row.state === 'solved') return;
      const asked = (await samples.counts(tx, [ticketId])).get(ticketId) ?? null;
      const member = (await this.#deps.orgs.names(tx, [orgId])).get(orgId) ?? '';
      for (const person of people) await this.#send(tx, deskOrgId, person, { orgName: '', deskPhone: null }, langs, `desk.raised:${jobId}`, (head) => raisedMail(head, mailTicket(row), member, asked));
    });
  }

  /** Tells the desk once of each ticket whose time has run out: who has it, or everybody. */
  async late(): Promise<void> {
    const desks = await this.#kernel.tenancy.asSystem('find desks with late tickets', async (tx) => {
      const found: { federation: string; people: Person[] }[] = [];
      for (const federation of await store.tickets.lateDesks(tx)) found.push({ federation, people: await this.#desk(tx, federation) });
      return found;
    });
    for (const { federation, people } of desks) {
      const langs = await this.#langs(people);
      await this.#kernel.tenancy.inOrg(system(federation), async (tx) => {
        const rows = await store.tickets.takeLate(tx, federation, LATE_MAX);
        const names = await this.#deps.orgs.names(tx, rows.map((r) => r.org_id));
        const known = new Set(people.map((p) => p.personId));
        for (const person of people) {
          const mine = rows.filter((r) => r.assignee_id === person.personId || r.assignee_id === null || !known.has(r.assignee_id));
          const list = mine.map((r) => ({ ...mailTicket(r), member: names.get(r.org_id) ?? '' }));
          if (list.length > 0) await this.#send(tx, federation, person, { orgName: '', deskPhone: null }, langs, `desk.late:${list[0]!.id}`, (head) => lateMail(head, list));
        }
      });
    }
  }

  /** Tells the desk that a member has registered a sender which it must confirm. */
  async confirm({ orgId, deskOrgId }: { orgId: string; deskOrgId: string }, jobId: string): Promise<void> {
    const people = await this.#kernel.tenancy.inOrg(system(deskOrgId), (tx) => this.#desk(tx, deskOrgId));
    const langs = await this.#langs(people);
    await this.#kernel.tenancy.inOrg(system(deskOrgId), async (tx) => {
      const member = (await this.#deps.orgs.names(tx, [orgId])).get(orgId);
      if (member === undefined) return;
      for (const person of people) await this.#send(tx, deskOrgId, person, { orgName: '', deskPhone: null }, langs, `desk.confirm:${jobId}`, (head) => confirmMail(head, member, deskOrgId));
    });
  }

  // Each handler was checked against its own job's payload where it is written.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  jobs(): JobHandler<any>[] {
    const tell: JobHandler<'desk.tell'> = { name: 'desk.tell', concurrency: 2, run: (payload) => this.tell(payload) };
    const urgent: JobHandler<'desk.urgent'> = { name: 'desk.urgent', run: (payload) => this.urgent(payload) };
    const late: JobHandler<'desk.late'> = { name: 'desk.late', cron: { expression: '*/5 * * * *', zone: 'Asia/Tokyo', payload: {} }, run: () => this.late() };
    const confirm: JobHandler<'desk.confirm'> = { name: 'desk.confirm', run: (payload, { jobId }) => this.confirm(payload, jobId) };
    const raised: JobHandler<'desk.raised'> = { name: 'desk.raised', run: (payload, { jobId }) => this.raised(payload, jobId) };
    const lookAsked: JobHandler<'desk.lookAsked'> = { name: 'desk.lookAsked', run: (payload) => this.lookAsked(payload) };
    return [tell, lookAsked, urgent, raised, late, confirm];
  }
}
