import { api, permissions } from '@banya/contract';
import { searchKey } from '@banya/jp';
import { Problem, notFound, tooMany } from '../../../kernel/errors.ts';
import { decide as mayUse } from '../../../kernel/http/authorise.ts';
import { bind, type Bound, type Principal } from '../../../kernel/http/call.ts';
import { RateLimit } from '../../../kernel/http/limits.ts';
import { cut, decodeCursor } from '../../../kernel/keyset.ts';
import type { Actor, Clock, Scope, Tx } from '../../../kernel/types.ts';
import { orgOf } from '../routes.ts';
import { NoRoom, noteRefusal } from './bounds.ts';
import type { Hint } from './engine.ts';
import { failureOf, formOf, type MailJudge } from './judge.ts';
import { presentAnswer, presentSample } from './present.ts';
import { profiles } from './profile.ts';
import type { SampleRow } from './schema.ts';
import { openAnalysis } from './sealed.ts';
import { ask, deskPhone, ReportedAlready, systemScope, take, touch, type ReportedSample, type SampleParts } from './service.ts';
import { samples } from './store.ts';
import { knowledgeOf } from './work.ts';

/** A person sends thirty mails and then one every twenty seconds; an organisation three hundred and then one a second. */
export class SampleLimits {
  readonly #person: RateLimit;
  readonly #org: RateLimit;
  readonly #words: RateLimit;
  readonly #told: RateLimit;
  readonly #check: RateLimit;

  constructor(clock: Clock) {
    this.#person = new RateLimit(clock, 30, 1 / 20);
    this.#org = new RateLimit(clock, 300, 1);
    this.#words = new RateLimit(clock, 20, 1 / 15);
    this.#told = new RateLimit(clock, 10, 1 / 600);
    this.#check = new RateLimit(clock, 20, 1 / 5);
  }

  /** `reporter` null: a report button that names nobody, which all of the organisation may press. @throws the problem that says how long to wait. */
  reports(orgId: string, reporter: string | null): void {
    if (reporter !== null) refuse(this.#person.take(`${orgId} ${reporter}`));
    refuse(this.#org.take(orgId));
  }

  /** Whether somebody whom a button named may get one more answer by mail: whoever holds the token can name anybody. */
  tells(personId: string): boolean {
    return this.#told.take(personId) === 0;
  }

  /** Saying what was done, asking the desk. */
  says(actor: Actor): void {
    refuse(this.#words.take(keyOf(actor)));
  }

  checks(who: string): void {
    refuse(this.#check.take(who));
  }
}
function refuse(wait: number): void {
  if (wait > 0) throw tooMany(wait);
}
export const keyOf = (actor: Actor): string => (actor.kind === 'person' ? actor.personId : actor.kind === 'token' ? actor.tokenId : actor.name);

const hints: Readonly<Record<string, Hint>> = { 'message/rfc822': 'eml', 'application/vnd.ms-outlook': 'msg', 'text/plain': 'text' };
export const hintOf = (request: Request): Hint | undefined => hints[request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''];

/** Takes a report in a transaction of its own, once for a key. */
export async function report(parts: SampleParts, scope: Scope, given: ReportedSample): Promise<{ sampleId: string; again: boolean }> {
  const { tenancy } = parts.kernel;
  const shares = (await parts.orgs.directory.facts(given.orgId))?.consents.has('samples') ?? false;
  // Asked before the transaction, which on the embedded store holds the only session.
  const { id } = given.reporter;
  const told = given.answer && id !== null ? { lang: (await parts.langs?.([id]))?.get(id) ?? ('ja' as const), phone: await deskPhone(parts) } : undefined;
  try {
    const made = await tenancy.inOrg(scope, async (tx) => take(parts, tx, await orgOf(parts, tx, given.orgId), shares, given, told));
    if (made !== null) return { sampleId: made, again: false };
  } catch (error) {
    if (error instanceof NoRoom) await tenancy.inOrg(systemScope(given.orgId), async (tx) => noteRefusal(parts, tx, await orgOf(parts, tx, given.orgId)));
    if (!(error instanceof ReportedAlready)) throw error;
  }
  const there = await tenancy.inOrg(scope, (tx) => samples.byKey(tx, given.orgId, given.key!));
  if (there === undefined) throw new Error('a report is being taken and undone at the same time');
  return { sampleId: there, again: true };
}

/** The member's side: what its people asked about. */
export function memberRoutes(parts: SampleParts, limits: SampleLimits, judge: MailJudge): Bound[] {
  const { kernel, orgs } = parts;
  const { tenancy } = kernel;

  /** Who may only report sees what he or she asked about; the desk without the member's consent what it sent in itself or was asked. */
  const mayTouch = async (scope: Scope, principal: Principal | null, row: SampleRow): Promise<boolean> => {
    if (principal?.kind !== 'person') return false;
    if (row.reporter_id === principal.personId || row.told_id === principal.personId) return true;
    const facts = await orgs.directory.facts(scope.orgId);
    const decision = facts && mayUse(facts, permissions['samples.read'], principal.roles);
    if (decision?.kind === 'allowed') return decision.self !== true;
    return decision?.kind === 'noConsent' && (row.ticket_id !== null || row.reporter_id === null);
  };
  const answerOf = async (tx: Tx, row: SampleRow, phone: string | null, lang: 'ja' | 'en') => {
    const stored = openAnalysis(kernel.secrets, row.org_id, row.id, await samples.analysis(tx, row.org_id, row.id));
    const orgName = (await orgs.names(tx, [row.org_id])).get(row.org_id);
    const { current } = parts.campaigns;
    const campaign = (await current?.of(tx, [row.id]))?.get(row.id);
    return presentAnswer(row, { orgName, campaign, seen: (await current?.seen(tx, row.org_id, row.id)) ?? null, stored, phone }, lang);
  };
  /** Looks first whether the caller may at all, then changes it. */
  const change = async (scope: Scope, principal: Principal | null, id: string, lang: 'ja' | 'en', fn: (tx: Tx, row: SampleRow) => Promise<void>) => {
    if (scope.via === undefined) limits.says(scope.actor);
    const seen = await tenancy.inOrg(scope, (tx) => samples.get(tx, 'org_id', scope.orgId, id));
    if (!seen || !(await mayTouch(scope, principal, seen))) throw notFound();
    const phone = await deskPhone(parts);
    return tenancy.inOrg(scope, async (tx) => {
      const row = await samples.lock(tx, scope.orgId, id);
      if (!row) throw notFound();
      // Whom a button named is here in person now.
      const claims = principal?.kind === 'person' && row.reporter_id === null && row.told_id === principal.personId;
      if (claims) await samples.claimed(tx, scope.orgId, id, principal.personId, principal.name);
      await fn(tx, claims ? { ...row, reporter_id: principal.personId, reporter_name: principal.name } : row);
      return answerOf(tx, (await samples.get(tx, 'org_id', scope.orgId, id))!, phone, lang);
    }, { retry: true });
  };

  return [
    bind(api.samples.member.report, async (call) => {
      const { scope, query, lang } = call;
      const token = call.principal?.kind === 'token' ? call.principal : null;
      limits.reports(scope.orgId, token ? (query.reader?.toLowerCase() ?? null) : keyOf(scope.actor));
      judge.warm();
      const raw = await call.readBody();
      if (raw.length === 0) throw new Problem(400, 'mail_empty');
      const asDesk = scope.via !== undefined;
      const { reader } = query;
      // A claim: it gives nobody's rights, and the name stands in brackets behind the token's.
      const named = token === null || reader === undefined ? undefined : await tenancy.inOrg(scope, (tx) => orgs.byAddress(tx, scope.orgId, reader));
      const reporter = { id: asDesk || scope.actor.kind !== 'person' ? null : scope.actor.personId, name: named ? `${scope.actor.name}（${named.name}）` : scope.actor.name };
      const { sampleId } = await report(parts, scope, {
        orgId: scope.orgId, reporter, raw, channel: query.via, touched: query.touched ?? null, answer: named !== undefined && limits.tells(named.id), hint: hintOf(call.request), button: token ? { tokenId: token.tokenId, told: named?.id ?? null } : undefined,
      });
      return tenancy.inOrg(scope, async (tx) => presentSample((await samples.get(tx, 'org_id', scope.orgId, sampleId))!, (await orgs.names(tx, [scope.orgId])).get(scope.orgId), undefined, lang));
    }),
    bind(api.samples.member.list, ({ scope, query, lang }) => {
      // Who looks at this page may be about to ask: the engine takes a second or two to wake.
      if (scope.via === undefined) judge.warm();
      return tenancy.inOrg(scope, async (tx) => {
        const rows = await samples.list(tx, 'org_id', scope.orgId, { verdict: query.verdict ?? null, q: query.q ? searchKey(query.q) : '', reporter: scope.self ?? null, member: null, ids: null, open: false, after: decodeCursor(query.after, 1), limit: query.limit });
        const names = await orgs.names(tx, [scope.orgId]);
        const campaigns = rows.length > 0 ? await parts.campaigns.current?.of(tx, rows.map((r) => r.id)) : undefined;
        return cut(rows, query.limit, (r) => [r.id], (r) => presentSample(r, names.get(r.org_id), campaigns?.get(r.id), lang));
      });
    }),
    bind(api.samples.member.get, async ({ scope, params, lang, principal }) => {
      const phone = await deskPhone(parts);
      return tenancy.inOrg(scope, async (tx) => {
        const row = await samples.get(tx, 'org_id', scope.orgId, params.sample);
        if (!row || (scope.self !== undefined && row.reporter_id !== scope.self && row.told_id !== scope.self)) throw notFound();
        // A button sees the answer to what it sent, and none of the ways that lead on from it.
        if (principal?.kind === 'token') {
          if (row.token_id !== principal.tokenId) throw notFound();
          return { ...(await answerOf(tx, row, phone, lang)), ticket: null, campaign: null };
        }
        if (scope.via !== undefined) tx.audit({ action: 'samples.read', target: `sample:${row.id}` });
        return answerOf(tx, row, phone, lang);
      });
    }),
    bind(api.samples.member.touched, ({ scope, params, body, lang, principal }) =>
      change(scope, principal, params.sample, lang, async (tx, row) => {
        if (row.touched !== body.touched) await touch(parts, tx, await orgOf(parts, tx, scope.orgId), row, body.touched);
      })),
    bind(api.samples.member.ask, ({ scope, params, body, lang, principal }) =>
      change(scope, principal, params.sample, lang, async (tx, row) => ask(parts, tx, await orgOf(parts, tx, scope.orgId), row, body.message))),
    bind(api.samples.check, async (call) => {
      const { principal } = call;
      const [who, homeOrgId] = principal?.kind === 'token' ? [principal.tokenId, principal.orgId] : [call.person.personId, call.person.homeOrgId];
      limits.checks(who);
      const bytes = await call.readBody();
      if (bytes.length === 0) throw new Problem(400, 'mail_empty');
      const knowledge = await tenancy.inOrg({ orgId: homeOrgId, actor: { kind: 'system', name: 'mail check' } }, async (tx) => knowledgeOf(await orgOf(parts, tx, homeOrgId), await profiles.get(tx, homeOrgId), tx.now));
      const started = performance.now();
      try {
        const { analysis } = await judge.judge(bytes, knowledge, formOf({ channel: 'upload', reporter_id: null }, hintOf(call.request)));
        return { verdict: analysis.verdict, score: analysis.score, reasons: analysis.reasons.map((r) => ({ code: r.code, severity: r.severity, text: r.text, evidence: r.evidence.map((e) => ({ where: e.where, ...(e.name === undefined ? {} : { name: e.name }), quote: e.quote })) })), ms: Math.round((performance.now() - started) * 10) / 10 };
      } catch (error) {
        if (failureOf(error) === null) throw error;
        throw new Problem(422, 'mail_unreadable', {}, { cause: error });
      }
    }),
  ];
}
