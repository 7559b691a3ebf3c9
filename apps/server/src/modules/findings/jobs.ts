import type { Lang } from '@banya/contract';
import { isoDate, wallClock } from '@banya/jp';
import type { Kernel, OutgoingMail } from '../../kernel/kernel.ts';
import type { JobHandler, Scope, Tx } from '../../kernel/types.ts';
import type { FederationSettings, Orgs } from '../orgs/index.ts';
import { elsewhereOf, isToldOfOthers } from './elsewhere.ts';
import { explain } from './explain.ts';
import { cardsOf, findingCard, type HomeSources } from './home.ts';
import { lookMail, moreMail, nowMail, weeklyMail, type Letterhead, type MailText } from './mails.ts';
import { findingNotice, weekNotice, type Place, type Told } from './notices.ts';
import { maintenance } from './quiet-store.ts';
import type { DeviceName } from './quiet.ts';
import { operatorNotice, type OperatorNotice } from './operator.ts';
import { HOUSE, raise } from './raise.ts';
import { mailNow } from './rules.ts';
import * as store from './store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Things nobody has to act on are closed after a week. */
const TIDY_DAYS = 7;
const LOOK_SHOWN = 3;
/** From eight on Monday; a house that was down then catches up until noon. */
const WEEKLY_HOURS = { from: 8, before: 12 } as const;

export interface FindingsDeps {
  readonly orgs: Orgs;
  /** Mails, and when and where an organisation is told. On the same floor, so only its shape is known here. */
  readonly notify: {
    /** Puts a mail into the outbox with the transaction. */
    mail(tx: Tx, mail: OutgoingMail): Promise<void>;
    quietMinutes(tx: Tx, orgId: string, minuteOfDay: number): Promise<number>;
    mayLook(tx: Tx, orgId: string): Promise<boolean>;
    tell(tx: Tx, orgId: string, urgency: 'now' | 'look' | 'week', notice: (lang: Lang) => Told, key?: string): Promise<void>;
  };
  /** The language of people's accounts; Japanese where it is not known. */
  readonly langs?: (personIds: readonly string[]) => Promise<ReadonlyMap<string, Lang>>;
  /** Devices are kept on the same floor. Without it, maintenance is for everything of an organisation. */
  readonly deviceName?: DeviceName;
}

interface Recipient {
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly lang: Lang;
}

const scopeOf = (orgId: string): Scope => ({ orgId, actor: { kind: 'system', name: 'findings' } });

export class FindingsWork {
  readonly #kernel: Kernel;
  readonly #deps: FindingsDeps;
  readonly #sources: HomeSources;

  constructor(kernel: Kernel, deps: FindingsDeps, sources: HomeSources) {
    this.#kernel = kernel;
    this.#deps = deps;
    this.#sources = sources;
  }

  /** Those who lead an organisation and have an address, each once; at the federation its operators too. */
  async #recipients(orgId: string): Promise<Recipient[]> {
    const held = await this.#kernel.tenancy.inOrg(scopeOf(orgId), async (tx) => {
      const found: { personId: string; name: string; emails: readonly string[] }[] = [];
      for (const role of ['lead', 'deputy', 'operator'] as const) found.push(...(await this.#deps.orgs.holders(tx, orgId, role)));
      return [...new Map(found.filter((p) => p.emails.length > 0).map((p) => [p.personId, p])).values()];
    });
    const langs = held.length > 0 ? await this.#deps.langs?.(held.map((p) => p.personId)) : undefined;
    return held.map((p) => ({ personId: p.personId, name: p.name, email: p.emails[0]!, lang: langs?.get(p.personId) ?? 'ja' }));
  }

  async #send(tx: Tx, orgId: string, to: readonly Recipient[], orgName: string, deskPhone: string | null, text: (head: Letterhead) => MailText, key?: (person: Recipient) => string): Promise<void> {
    for (const person of to) {
      const head: Letterhead = { lang: person.lang, personName: person.name, orgName, orgId, deskPhone, url: this.#kernel.publicUrl().replace(/\/$/, '') };
      await this.#deps.notify.mail(tx, { orgId, to: person.email, lang: person.lang, ...text(head), ...(key ? { key: key(person) } : {}) });
    }
  }

  async #deskPhone(): Promise<string | null> {
    return (await this.#kernel.settings.get<FederationSettings>('federation'))?.deskPhone ?? null;
  }

  /** One organisation's Monday mail; once per person and week, however often it runs. */
  async weekly(orgId: string): Promise<void> {
    const to = await this.#recipients(orgId);
    if (to.length === 0) return;
    const deskPhone = await this.#deskPhone();
    await this.#kernel.tenancy.inOrg(scopeOf(orgId), async (tx) => {
      const org = await this.#deps.orgs.get(tx, orgId);
      if (!org || org.left_at || org.archived_at) return;
      const cards = await cardsOf(tx, this.#sources, orgId, org.time_zone);
      const monday = isoDate(tx.now, org.time_zone);
      await this.#send(tx, orgId, to, org.name, deskPhone, (head) => weeklyMail(head, cards), (person) => `findings.weekly:${monday}:${person.personId}`);
      await this.#deps.notify.tell(tx, orgId, 'week', (lang) => weekNotice(this.#place(org), cards, lang, tx.now), `findings.weekly:${monday}`);
    });
  }

  /** Whose Monday morning it is now. */
  async weeklyAll(): Promise<void> {
    await this.#kernel.tenancy.asSystem('find organisations whose week begins', async (tx) => {
      for (const [orgId, { timeZone }] of await this.#deps.orgs.networks(tx)) {
        const { weekday, hour } = wallClock(tx.now, timeZone);
        if (weekday === 1 && hour >= WEEKLY_HOURS.from && hour < WEEKLY_HOURS.before) tx.job('findings.weeklyOrg', { orgId }, { singletonKey: orgId });
      }
    });
  }

  /** Mails at once about what cannot wait, within the limits of rules.ts. */
  async now(orgId: string, findingIds: readonly string[]): Promise<void> {
    const to = await this.#recipients(orgId);
    if (to.length === 0) return;
    const deskPhone = await this.#deskPhone();
    const ofOthers = await isToldOfOthers(this.#deps.orgs, orgId);
    await this.#kernel.tenancy.inOrg(scopeOf(orgId), async (tx) => {
      const org = await this.#deps.orgs.get(tx, orgId);
      if (!org || org.left_at || org.archived_at) return;
      const zone = org.time_zone;
      const { hour, minute } = wallClock(tx.now, zone);
      let mailedToday = await store.findings.mailedSince(tx, orgId, new Date(tx.now.getTime() - hour * HOUR - minute * 60_000));
      const rows = await store.findings.lockAll(tx, orgId, findingIds);
      const quietFor = await this.#deps.notify.quietMinutes(tx, orgId, hour * 60 + minute);
      const told: string[] = [];
      const later: string[] = [];
      let more = false;
      for (const row of rows) {
        const decided = mailNow(row, quietFor, mailedToday);
        if (decided.kind === 'none') continue;
        if (decided.kind === 'later') {
          later.push(row.id);
          continue;
        }
        told.push(row.id);
        mailedToday += 1;
        more ||= decided.kind === 'fold';
        if (decided.kind === 'fold') continue;
        await this.#deps.notify.tell(tx, orgId, 'now', (lang) => findingNotice(this.#place(org), row, explain(row, { lang, zone, now: tx.now }), lang, tx.now));
        await this.#send(tx, orgId, to, org.name, deskPhone, (head) => nowMail(head, row.id, explain(row, { lang: head.lang, zone, now: tx.now }), ofOthers ? (elsewhereOf(row) ?? 0) : 0, row.rule));
      }
      if (told.length > 0) await store.findings.markMailed(tx, orgId, told);
      if (later.length > 0) tx.job('findings.now', { orgId, findingIds: later }, { startAfter: new Date(tx.now.getTime() + quietFor * 60_000) });
      if (more) await this.#send(tx, orgId, to, org.name, deskPhone, moreMail, (person) => `findings.more:${isoDate(tx.now, zone)}:${person.personId}`);
    });
  }

  /** When what can wait is told next: asked for whenever something comes to be looked at. */
  async look(orgId: string): Promise<void> {
    const to = await this.#recipients(orgId);
    if (to.length === 0) return;
    const deskPhone = await this.#deskPhone();
    await this.#kernel.tenancy.inOrg(scopeOf(orgId), async (tx) => {
      const org = await this.#deps.orgs.get(tx, orgId);
      if (!org || org.left_at || org.archived_at) return;
      const zone = org.time_zone;
      const { hour, minute, weekday } = wallClock(tx.now, zone);
      // Monday has the weekly mail, which tells it as well.
      if (weekday === 1 || !(await this.#deps.notify.mayLook(tx, orgId))) return;
      const wait = await this.#deps.notify.quietMinutes(tx, orgId, hour * 60 + minute);
      if (wait > 0) return void tx.job('findings.look', { orgId }, { singletonKey: orgId, startAfter: new Date(tx.now.getTime() + wait * 60_000) });
      const rows = await store.findings.untold(tx, orgId, LOOK_SHOWN + 1);
      if (rows.length === 0) return;
      await store.findings.markTold(tx, orgId);
      const cards = rows.slice(0, LOOK_SHOWN).map((row) => findingCard(row, zone, tx.now));
      await this.#deps.notify.tell(tx, orgId, 'look', (lang) => weekNotice(this.#place(org), cards, lang, tx.now, 'look'));
      await this.#send(tx, orgId, to, org.name, deskPhone, (head) => lookMail(head, cards, rows.slice(0, LOOK_SHOWN).map((r) => r.rule), rows.length > LOOK_SHOWN));
    });
  }

  #place(org: { readonly id: string; readonly name: string }): Place {
    return { orgId: org.id, orgName: org.name, url: this.#kernel.publicUrl().replace(/\/$/, '') };
  }

  /** Tells the operator, at the federation. Nothing before the federation is set up: nobody would see it. */
  async tellOperator(notice: OperatorNotice): Promise<void> {
    const federation = await this.#kernel.settings.get<FederationSettings>('federation');
    if (!federation) return;
    await this.#kernel.tenancy.inOrg(scopeOf(federation.id), async (tx) => {
      await raise(this.#kernel, tx, [operatorNotice(federation.id, notice, tx.now)]);
    });
  }

  async tidy(): Promise<void> {
    await this.#kernel.tenancy.asSystem('close notices that are a week old', async (tx) => {
      await store.findings.tidy(tx, new Date(tx.now.getTime() - TIDY_DAYS * DAY), HOUSE);
      await maintenance.forget(tx);
    });
  }

  // Each handler was checked against its own job's payload where it is written.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  jobs(): JobHandler<any>[] {
    const weekly: JobHandler<'findings.weekly'> = { name: 'findings.weekly', cron: { expression: '0 * * * *', zone: 'Asia/Tokyo', payload: {} }, run: () => this.weeklyAll() };
    const weeklyOrg: JobHandler<'findings.weeklyOrg'> = { name: 'findings.weeklyOrg', concurrency: 2, run: ({ orgId }) => this.weekly(orgId) };
    const now: JobHandler<'findings.now'> = { name: 'findings.now', concurrency: 2, run: ({ orgId, findingIds, findingId }) => this.now(orgId, findingIds ?? [findingId]) };
    const look: JobHandler<'findings.look'> = { name: 'findings.look', concurrency: 2, run: ({ orgId }) => this.look(orgId) };
    const operator: JobHandler<'findings.operator'> = { name: 'findings.operator', run: (notice) => this.tellOperator(notice) };
    const tidy: JobHandler<'findings.tidy'> = { name: 'findings.tidy', cron: { expression: '40 3 * * *', zone: 'Asia/Tokyo', payload: {} }, run: () => this.tidy() };
    return [weekly, weeklyOrg, now, look, operator, tidy];
  }
}
