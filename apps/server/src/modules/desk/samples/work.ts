import { isoDate } from '@banya/jp';
import type { JobHandler, Tx } from '../../../kernel/types.ts';
import type { OrgRow } from '../../orgs/index.ts';
import { forgetRefusals } from './bounds.ts';
import type { Form, Hint, OwnKnowledge } from './engine.ts';
import { failureOf, formOf, type MailJudge } from './judge.ts';
import { profiles } from './profile.ts';
import type { Decision, ProfileRow, SampleRow } from './schema.ts';
import { decideRest, deskPhone, drillToken, finish, letGo, systemScope, type Outcome, type SampleParts } from './service.ts';
import { samples } from './store.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A job begins within seconds; later than this it was lost with its process. */
const LOST_MS = 3 * MINUTE;
const PAGE = 500;
/** What is left of a deleted mail serves the statistics of a year. */
const NUMBERS_DAYS = 400;
const SENDER_DAYS = 2 * 365;

export function knowledgeOf(org: Pick<OrgRow, 'domains' | 'name'>, profile: ProfileRow, now: Date): OwnKnowledge {
  return { ownDomains: org.domains, ownName: org.name, officers: profile.officers.map(({ title, ...o }) => ({ ...o, ...(title === undefined ? {} : { title }) })), partners: profile.partners.map(({ name, domain }) => ({ domain, ...(name === undefined ? {} : { name }) })), authservIds: profile.authserv_ids, now: now.toISOString() };
}

/** Judging, and what goes on by itself afterwards. Each job can run any number of times. */
export class SampleWork {
  readonly #parts: SampleParts;
  readonly #judge: MailJudge;

  constructor(parts: SampleParts, judge: MailJudge) {
    this.#parts = parts;
    this.#judge = judge;
  }

  async judge({ orgId, sampleId, hint }: { orgId: string; sampleId: string; hint: Hint | null }): Promise<void> {
    const parts = this.#parts;
    const { tenancy } = parts.kernel;
    const found = await tenancy.inOrg(systemScope(orgId), async (tx) => {
      const row = await samples.get(tx, 'org_id', orgId, sampleId);
      if (!row || row.state !== 'waiting') return null;
      const org = await parts.orgs.get(tx, orgId);
      const bytes = row.file_id === null ? null : await parts.files.get(tx, orgId, row.file_id);
      return org ? { row, org, bytes, profile: await profiles.get(tx, orgId) } : null;
    });
    if (!found) return;
    const { row, org, bytes, profile } = found;
    const outcome = bytes === null ? ({ kind: 'failed', code: 'gone' } as const) : await this.#outcome(org, row, profile, bytes, formOf(row, hint));
    const whom = row.reporter_id ?? row.told_id;
    // Asked before the transaction, which on the embedded store holds the only session.
    const langs = row.answer_by_mail && whom !== null && parts.langs ? await parts.langs([whom]) : new Map();
    const phone = await deskPhone(parts);
    await tenancy.inOrg(systemScope(orgId), (tx) => finish(parts, tx, org, sampleId, outcome, { langs, phone, hint }), { retry: true });
  }

  /** What the mail is. @throws where trying again may help: the engine is overwhelmed or the house closes */
  async #outcome(org: OrgRow, row: Pick<SampleRow, 'reporter_id' | 'created_at'>, profile: ProfileRow, bytes: Uint8Array, form: Form): Promise<Outcome> {
    const { kernel, senders } = this.#parts;
    try {
      const { suspects } = await this.#judge.peek(bytes, form);
      const drill = suspects.map((s) => drillToken(this.#parts, org.id, row.reporter_id, row.created_at, s)).find((token) => token !== null);
      if (drill) return { kind: 'drill', token: drill };
      const [only, ...others] = suspects;
      // Of several mails in one report the history of one would be told of all.
      const history = only && others.length === 0 ? await kernel.tenancy.inOrg(systemScope(org.id), (tx: Tx) => senders.history(tx, org.id, { address: only.from, domain: only.fromDomain })) : undefined;
      const mail = await this.#judge.judge(bytes, { ...knowledgeOf(org, profile, new Date(kernel.clock.now())), ...(history === undefined ? {} : { history }) }, form);
      return { kind: 'judged', mail, messageId: suspects[mail.index]?.messageId ?? null };
    } catch (error) {
      const code = failureOf(error);
      if (code === null) throw error;
      kernel.log.warn({ code, bytes: bytes.length }, 'a mail could not be analysed');
      return { kind: 'failed', code };
    }
  }

  async sweep(): Promise<void> {
    await this.#parts.kernel.tenancy.asSystem('find mails whose judging was cut off', async (tx) => {
      for (const { org_id: orgId, id: sampleId } of await samples.overdue(tx, new Date(tx.now.getTime() - LOST_MS), PAGE)) tx.job('desk.judge', { orgId, sampleId, hint: null });
    });
    // A consent that has run out tells nobody, so it is looked for.
    const { tenancy } = this.#parts.kernel;
    for (const orgId of await tenancy.asSystem('whose reported mails the desk sees by consent', (tx) => samples.open(tx))) {
      if ((await this.#parts.orgs.directory.facts(orgId))?.consents.has('samples') !== true) await tenancy.inOrg(systemScope(orgId), (tx) => samples.hand(tx, null, false));
    }
  }

  /** The rest of a question that more people asked than one transaction should change. */
  async rest({ orgId, ticketId, decision }: { orgId: string; ticketId: string; decision: Decision }): Promise<void> {
    for (let more = true; more; ) more = await this.#parts.kernel.tenancy.inOrg(systemScope(orgId), (tx) => decideRest(this.#parts, tx, orgId, ticketId, decision, PAGE), { retry: true });
  }

  async clean(): Promise<void> {
    const { tenancy, clock } = this.#parts.kernel;
    const today = isoDate(new Date(clock.now()));
    for (let after: string | null = null, first = true; first || after !== null; first = false) {
      const from: string | null = after;
      after = await tenancy.asSystem('let go of reported mails whose day has come', (tx) => letGo(this.#parts, tx, today, from, PAGE));
    }
    await tenancy.asSystem('forget old numbers and senders of reported mails', async (tx) => {
      await samples.removeOlder(tx, new Date(tx.now.getTime() - NUMBERS_DAYS * DAY));
      await forgetRefusals(tx, new Date(tx.now.getTime() - NUMBERS_DAYS * DAY));
      await tx.query('delete from desk_senders where last_at < $1', [new Date(tx.now.getTime() - SENDER_DAYS * DAY)]);
      await tx.query('delete from desk_mail_addresses where retired_at < $1', [new Date(tx.now.getTime() - 60 * DAY)]);
    });
  }

  // Each handler was checked against its own job's payload where it is written.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  jobs(): JobHandler<any>[] {
    const judge: JobHandler<'desk.judge'> = { name: 'desk.judge', concurrency: 3, run: (payload) => this.judge(payload) };
    const sweep: JobHandler<'desk.judgeSweep'> = { name: 'desk.judgeSweep', cron: { expression: '*/5 * * * *', zone: 'Asia/Tokyo', payload: {} }, run: () => this.sweep() };
    // Before the files themselves are cleaned.
    const clean: JobHandler<'desk.samplesClean'> = { name: 'desk.samplesClean', cron: { expression: '35 3 * * *', zone: 'Asia/Tokyo', payload: {} }, run: () => this.clean() };
    const rest: JobHandler<'desk.decideRest'> = { name: 'desk.decideRest', run: (payload) => this.rest(payload) };
    return [judge, sweep, clean, rest];
  }
}
