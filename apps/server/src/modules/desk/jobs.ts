import type { Lang } from '@banya/contract';
import type { Kernel, OutgoingMail } from '../../kernel/kernel.ts';
import type { JobHandler, Scope, Tx } from '../../kernel/types.ts';
import type { FederationSettings, Orgs } from '../orgs/index.ts';
import { answerMail, confirmMail, lateMail, urgentMail, type Letterhead, type MailText, type MailTicket } from './mails.ts';
import { urgencyOf } from './rules.ts';
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

  /** Everybody who asked in the conversation; the member's leads where nobody of them can be reached. */
  async #askers(tx: Tx, row: TicketRow): Promise<Person[]> {
    const people = await this.#deps.orgs.people(tx, await store.details.requesters(tx, row.org_id, row.id));
    const askers = reachable([...people].map(([personId, { name, emails }]) => ({ personId, name, emails })));
    return askers.length > 0 ? askers : this.#holders(tx, row.org_id, ['lead']);
  }

  /** Holders of the first role that somebody with an address holds. */
  async #holders(tx: Tx, orgId: string, roles: readonly ('lead' | 'desk' | 'manager' | 'operator')[]): Promise<Person[]> {
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

  /** Tells who asked that the desk has answered or settled it. */
  async tell({ orgId, ticketId, messageId }: { orgId: string; ticketId: string; messageId: string | null }): Promise<void> {
    const deskPhone = await this.#phone();
    const found = await this.#kernel.tenancy.inOrg(system(orgId), async (tx) => {
      const row = await store.tickets.get(tx, 'org_id', orgId, ticketId);
      return row ? { row, people: await this.#askers(tx, row) } : null;
    });
    if (!found) return;
    const langs = await this.#langs(found.people);
    await this.#kernel.tenancy.inOrg(system(orgId), async (tx) => {
      const { row, people } = found;
      const orgName = (await this.#deps.orgs.names(tx, [orgId])).get(orgId) ?? '';
      const message = messageId === null ? undefined : await store.details.message(tx, orgId, ticketId, messageId);
      const solved = row.state === 'solved';
      const key = `desk.tell:${messageId ?? `${ticketId}:${row.solved_at?.getTime() ?? 0}`}`;
      if (!message && !solved) return;
      for (const person of people) {
        const threading = (await this.#deps.threading?.(tx, row, messageId ?? `solved${row.solved_at?.getTime() ?? 0}`, person.personId)) ?? null;
        await this.#send(tx, orgId, person, { orgName, deskPhone }, langs, key, (head) => answerMail(head, mailTicket(row), message?.text ?? null, solved, threading !== null), threading);
      }
    });
  }

  /** Tells the desk of a question that cannot wait, unless somebody has taken it meanwhile. */
  async urgent({ orgId, deskOrgId, ticketId }: { orgId: string; deskOrgId: string; ticketId: string }): Promise<void> {
    const people = await this.#kernel.tenancy.inOrg(system(deskOrgId), (tx) => this.#desk(tx, deskOrgId));
    const langs = await this.#langs(people);
    await this.#kernel.tenancy.inOrg(system(deskOrgId), async (tx) => {
      const row = await store.tickets.get(tx, 'desk_org_id', deskOrgId, ticketId);
      if (!row || row.state !== 'new' || row.merged_into !== null || row.assignee_id !== null || urgencyOf(row.rank) !== 'now') return;
      const member = (await this.#deps.orgs.names(tx, [orgId])).get(orgId) ?? '';
      for (const person of people) await this.#send(tx, deskOrgId, person, { orgName: '', deskPhone: null }, langs, `desk.urgent:${ticketId}`, (head) => urgentMail(head, mailTicket(row), member, row.callback));
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
    return [tell, urgent, late, confirm];
  }
}
