import type { Kernel, Module } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Outcomes } from './advice.ts';
import { forgetFindings, type FindingHolder } from './forget.ts';
import { HomeSources, type HealthSource, type HomeCardSource, type LastWeekSource } from './home.ts';
import { FindingsWork, type FindingsDeps } from './jobs.ts';
import { monthFindings, type MonthFinding } from './month.ts';
import type { OperatorNotice } from './operator.ts';
import { quietFilters, quietRoutes } from './quiet.ts';
import { raise } from './raise.ts';
import { riskRoutes, scoresByFinding } from './risk-routes.ts';
import { findingRoutes } from './routes.ts';
import * as service from './service.ts';
import * as store from './store.ts';
import './texts.ts';
import type { QuietFilter } from './suppress.ts';
import type { FindingOutcome, Raised, RaisedFinding, Severity } from './types.ts';

declare module '../../kernel/types.ts' {
  interface BusEvents {
    /** New (`created`), open again, or graver than before; growth alone is not told. */
    'findings.raised': { orgId: string; findingId: string; severity: Severity; deskTicket: boolean; created: boolean; title: { ja: string; en: string } };
    /** Detections that ask for something were seen: new, again, graver, or going on for another hour. For whoever compares organisations. */
    'findings.sighted': { found: readonly { orgId: string; findingId: string }[] };
    /** `by` is empty when it closed by itself. */
    'findings.closed': { orgId: string; findingId: string; outcome: FindingOutcome; by: string };
    /** Deleted, since what they were made of is not shared any more: whoever wrote down their words takes them away. */
    'findings.withdrawn': { orgId: string; ids: readonly string[] };
    'findings.reopened': { orgId: string; findingId: string; by: string };
    /** The desk sets `ticketId`; where it is set already, the message belongs into that ticket. `personId` is null for a token. */
    'findings.asked': { orgId: string; findingId: string; message: string; by: { personId: string | null; name: string }; ticketId: string | null };
  }
  interface JobPayloads {
    'findings.weekly': Record<string, never>;
    'findings.weeklyOrg': { orgId: string };
    /** What cannot wait, of one batch. `findingId`: asked for by an older version. */
    'findings.now': { orgId: string; findingIds: readonly string[]; findingId?: never } | { orgId: string; findingId: string; findingIds?: never };
    /** Tells what can wait, gathered. */
    'findings.look': { orgId: string };
    'findings.operator': OperatorNotice;
    'findings.tidy': Record<string, never>;
  }
}

export type { Card } from './rules.ts';
export type { DayRange, HealthSource, HomeCardSource, LastWeekSource } from './home.ts';
export type { FindingHolder } from './forget.ts';
export type { FindingsDeps } from './jobs.ts';
export type { MonthFinding } from './month.ts';
export type { QuietFilter } from './suppress.ts';
export { fade, levelOf, type RiskLevel } from './risk.ts';
export { adviceOf, sumOf, type Advice, type Outcomes } from './advice.ts';
export type { OperatorNotice } from './operator.ts';
export type { AssetFacts, Matched, RuleFacts } from './schema.ts';
export type * from './types.ts';
export { comparesFindings } from './elsewhere.ts';
export { explain, ruleTitle, titleOf } from './explain.ts';
export type { FindingRow } from './schema.ts';

/** How one rule's findings ended at an organisation. */
export interface RuleOutcomes extends Outcomes {
  readonly ruleId: string;
  readonly title: string;
}

/** What the lead sees: alerts folded into things to look at, each with an explanation and an end. */
export interface Findings extends Module {
  /**
   * Folds alerts into findings; in the organisation's transaction or a system one. At most four statements for any
   * number of alerts. The answer has one entry per alert, in their order.
   */
  raise(tx: Tx, raised: readonly RaisedFinding[]): Promise<Raised[]>;
  /** Those of the fingerprints that have an open finding. */
  openFingerprints(tx: Tx, orgId: string, fingerprints: readonly string[]): Promise<ReadonlySet<string>>;
  /** Closes open findings with these fingerprints: what they said is over. */
  settle(tx: Tx, orgId: string, fingerprints: readonly string[]): Promise<void>;
  close(tx: Tx, orgId: string, findingId: string, closing: service.Closing): Promise<void>;
  /** The desk has opened a ticket about it. */
  linkTicket(tx: Tx, orgId: string, findingId: string, ticketId: string): Promise<void>;
  get(tx: Tx, orgId: string, findingId: string): ReturnType<typeof store.findings.get>;
  many(tx: Tx, orgId: string, findingIds: readonly string[]): ReturnType<typeof store.findings.many>;
  /** The same was seen at so many members: each weighs more than by itself. */
  escalate(tx: Tx, orgId: string, told: readonly { readonly findingId: string; readonly members: number }[]): Promise<void>;
  /** Takes findings with these fingerprints back: what they were made of is not shared any more. */
  withdraw(tx: Tx, orgId: string, fingerprints: readonly string[]): Promise<void>;
  /** By finding, the score of the greatest risk it is part of: its computer or name. Reads thousands of findings: not beside anything that others wait for. */
  risks(tx: Tx, orgId: string): Promise<ReadonlyMap<string, number>>;
  /** How findings ended that people closed since, by rule; the commonest 200. */
  outcomes(tx: Tx, orgId: string, since: Date): Promise<RuleOutcomes[]>;
  /** What is kept quiet by conditions on a line, by organisation: those where something has changed since, with all they have. */
  quietFilters(tx: Tx, since: Date | null): Promise<ReadonlyMap<string, readonly QuietFilter[]>>;
  /** What happened on these days, for the month's report; and what is open. */
  ofMonth(tx: Tx, orgId: string, from: string, to: string): Promise<MonthFinding[]>;
  /** Those of the ids that are closed. */
  closedAmong(tx: Tx, orgId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** A finding for the operator at the federation, in a transaction of its own. */
  tellOperator(notice: OperatorNotice): Promise<void>;
  /** A job failed for good: the operator sees it. */
  deadLetter(letter: { readonly name: string; readonly error: string }): Promise<void>;
  /** Adds what a module asks people to do to the home page and the weekly mail. */
  addCards(source: HomeCardSource): void;
  /** Closed findings that `holder` names are not deleted when their time is over. */
  addHolder(holder: FindingHolder): void;
  setLastWeek(source: LastWeekSource): void;
  setHealth(source: HealthSource): void;
}

export function openFindings(kernel: Kernel, deps: FindingsDeps): Findings {
  const { orgs } = deps;
  const sources = new HomeSources();
  const work = new FindingsWork(kernel, deps, sources);
  const holders: FindingHolder[] = [];
  kernel.bus.on('roles.handedOver', async (tx, { orgId, from, to, moved }) => {
    const name = (await orgs.people(tx, [to])).get(to)?.name;
    if (name !== undefined) moved.findings += await service.reassign(kernel, tx, orgId, from, { id: to, name });
  });
  kernel.bus.on('people.archived', async (tx, { orgId, personId }) => {
    await service.reassign(kernel, tx, orgId, personId, null);
  });
  kernel.bus.on('notify.failed', async (tx) => {
    tx.job('findings.operator', { what: 'mail_failed' });
  });
  return {
    name: 'findings',
    routes: [...findingRoutes(kernel, orgs, sources), ...quietRoutes(kernel, orgs, deps.deviceName ?? (async () => null)), ...riskRoutes(kernel, orgs)],
    jobs: [...work.jobs(), forgetFindings(kernel, orgs, holders)],
    raise: (tx, raised) => raise(kernel, tx, raised),
    openFingerprints: async (tx, orgId, fingerprints) => new Set(fingerprints.length === 0 ? [] : (await store.findings.openFingerprints(tx, orgId, fingerprints)).map((r) => r.fingerprint)),
    settle: (tx, orgId, fingerprints) => service.settle(kernel, tx, orgId, fingerprints),
    close: (tx, orgId, findingId, closing) => service.close(kernel, tx, orgId, findingId, closing),
    linkTicket: (tx, orgId, findingId, ticketId) => service.linkTicket(kernel, tx, orgId, findingId, ticketId),
    get: store.findings.get,
    quietFilters,
    risks: scoresByFinding,
    many: store.findings.many,
    escalate: (tx, orgId, told) => service.escalate(kernel, tx, orgId, told),
    withdraw: (tx, orgId, fingerprints) => service.withdraw(kernel, tx, orgId, fingerprints),
    outcomes: async (tx, orgId, since) => (await store.findings.outcomes(tx, orgId, since)).map((r) => ({ ruleId: r.rule_id, title: r.title, handled: r.handled, ticket: r.ticket, known: r.known, falseAlarm: r.false_alarm })),
    ofMonth: (tx, orgId, from, to) => monthFindings(tx, orgs, orgId, from, to),
    closedAmong: async (tx, orgId, ids) => new Set(ids.length === 0 ? [] : (await store.findings.closedAmong(tx, orgId, ids)).map((r) => r.id)),
    tellOperator: (notice) => work.tellOperator(notice),
    deadLetter: ({ name, error }) => work.tellOperator({ what: 'dead_letter', job: name, error }),
    addCards: (source) => void sources.cards.push(source),
    addHolder: (holder) => void holders.push(holder),
    setLastWeek: (source) => void (sources.lastWeek = source),
    setHealth: (source) => void (sources.health = source),
  };
}
