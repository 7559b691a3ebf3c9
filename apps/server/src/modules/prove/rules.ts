import { createHash } from 'node:crypto';
import type { Bilingual } from '@banya/contract';
import { businessDaysAfter, daysOf } from './calendar.ts';
import type { FindingForReport, MonthFacts, MonthFigures, Place, ReportData, SourceMonth, Verdict } from './types.ts';
import * as words from './words.ts';

/** A device whose last days are without logs for so long counts as not seen: a weekend alone does not. */
const BLIND_AFTER_DAYS = 3;
/** So does one that was silent on more than this share of its days. Offices that switch off at weekends stay below. */
const BLIND_SHARE = 1 / 3;
/** Makers publish signatures daily. */
const SIGNATURE_OLD_DAYS = 7;
const ACTIONS_MAX = 3;
const KINDS_MAX = 8;
const LIST_MAX = 30;
const APPENDIX_MAX = 200;
const TREND_MONTHS = 12;
/** Fewer could be guessed. */
export const PEERS_MIN = 5;
/** Business days until an action is due. */
const DUE = { now: 1, silent: 2, ticket: 3, look: 5, signature: 5 } as const;
const DAY = 86_400_000;

/** How well a device was seen on the days a report covers. */
export interface Seen {
  readonly lines: number;
  /** Days without logs, and how many of them stand at the end. */
  readonly silentDays: number;
  readonly trailing: number;
  readonly blind: boolean;
}

export function seen(source: SourceMonth, from: string, to: string): Seen {
  const days = daysOf(source.since > from ? source.since : from, to);
  const lines = [...source.lines.values()].reduce((sum, n) => sum + n, 0);
  const silent = days.filter((day) => !source.lines.get(day));
  let trailing = 0;
  for (let i = days.length - 1; i >= 0 && !source.lines.get(days[i]!); i -= 1) trailing += 1;
  const blind = days.length > 0 && (trailing >= BLIND_AFTER_DAYS || silent.length > days.length * BLIND_SHARE);
  return { lines, silentDays: silent.length, trailing, blind };
}

/** Open and asking for something: what was let through counts whatever its severity. */
export const needsLook = (f: Pick<FindingForReport, 'open' | 'severity' | 'stopped'>): boolean => f.open && (f.severity !== 'fyi' || f.stopped === 'no');
/** Open and burning: severity now, or on its way out and not stopped. */
export const needsAct = (f: Pick<FindingForReport, 'open' | 'severity' | 'stopped' | 'direction'>): boolean => f.open && (f.severity === 'now' || (f.direction === 'outbound' && f.stopped === 'no'));

const signatureOld = (source: SourceMonth, to: string): boolean => source.signatureOn !== null && Date.parse(to) - Date.parse(source.signatureOn) > SIGNATURE_OLD_DAYS * DAY;

interface Looked {
  readonly facts: MonthFacts;
  readonly sources: readonly (SourceMonth & { readonly seen: Seen })[];
  readonly act: readonly FindingForReport[];
  readonly look: readonly FindingForReport[];
  readonly old: readonly SourceMonth[];
  readonly waiting: MonthFacts['openTickets'];
}

function lookAt(facts: MonthFacts): Looked {
  const sources = facts.sources.map((source) => ({ ...source, seen: seen(source, facts.from, facts.to) }));
  const act = facts.findings.filter(needsAct);
  return {
    facts, sources, act, look: facts.findings.filter((f) => needsLook(f) && !needsAct(f)),
    old: sources.filter((s) => signatureOld(s, facts.to)), waiting: facts.openTickets.filter((t) => t.state === 'waiting'),
  };
}

/** The month in one line. Never calm while something is open and not stopped, or while a device was not seen. */
export function verdict({ facts, sources, act, look, old, waiting }: Looked, blocked: number): ReportData['verdict'] {
  const state = (of: Verdict, text: Bilingual, plain = text) => ({ state: of, text, plain });
  if (act.length > 0) return state('act', words.verdicts.act(act.length, act[0]!.title), words.verdicts.act(act.length, null));
  const blind = sources.filter((s) => s.seen.blind);
  if (sources.length === 0) return state('blind', words.verdicts.noSource);
  if (blind.length === sources.length && sources.every((s) => s.seen.lines === 0)) return state('blind', words.verdicts.noLines);
  if (blind.length > 0) return state('blind', words.verdicts.blind(blind.length));
  const left = look.length + old.filter((s) => !covers(look, 'signature_old', s)).length + waiting.length;
  if (left > 0) return state('look', words.verdicts.look(left));
  return state('calm', words.verdicts.calm(facts.month, facts.partial, blocked));
}

const covers = (findings: readonly FindingForReport[], kind: FindingForReport['kind'], source: SourceMonth): boolean => findings.some((f) => f.kind === kind && f.asset === source.name);

function actions({ facts, sources, act, look, old, waiting }: Looked): ReportData['actions'] {
  const due = (days: number): string => businessDaysAfter(facts.today, days);
  const fromFinding = (f: FindingForReport, days: number) => ({ text: f.title, step: f.step, owner: f.assigneeName ?? facts.lead, due: due(days), finding: f.id });
  const own = (what: { text: Bilingual; step: Bilingual }, days: number) => ({ ...what, owner: facts.lead, due: due(days), finding: null });
  const all: ReportData['actions'][number][] = act.map((f) => fromFinding(f, DUE.now));
  if (sources.length === 0) all.push(own(words.actions.connect, DUE.silent));
  for (const source of sources.filter((s) => s.seen.blind)) {
    const finding = [...act, ...look].find((f) => f.kind === 'device_silent' && f.asset === source.name);
    if (finding) {
      if (!all.some((a) => a.finding === finding.id)) all.push(fromFinding(finding, DUE.silent));
    }
    else if (!source.everSeen) all.push(own(words.actions.never(source.name), DUE.silent));
    // A device that talks again by itself is told of in the list below, and asks for nothing.
    else if (source.seen.trailing > 0) all.push(own(words.actions.silent(source.name, source.seen.trailing), DUE.silent));
  }
  for (const f of look) if (!all.some((a) => a.finding === f.id)) all.push(fromFinding(f, DUE.look));
  for (const source of old) if (!covers(look, 'signature_old', source)) all.push(own(words.actions.signature(source.name, source.signatureOn!), DUE.signature));
  for (const ticket of waiting) all.push(own(words.actions.ticket(ticket.subject), DUE.ticket));
  return all.slice(0, ACTIONS_MAX);
}

function blockedPart(facts: MonthFacts, total: number): ReportData['blocked'] {
  const kinds = new Map<string, { title: Bilingual; count: number }>();
  let outbound = 0;
  for (const [key, count] of facts.blocked) {
    const title = words.blockedTitle(key);
    if (key.startsWith('outbound') || key.startsWith('internal')) outbound += count;
    kinds.set(title.ja, { title, count: (kinds.get(title.ja)?.count ?? 0) + count });
  }
  const why = total === 0 ? [words.whyNormal.none] : outbound === total ? [words.whyNormal.outbound] : outbound > 0 ? [words.whyNormal.inbound, words.whyNormal.outbound] : [words.whyNormal.inbound];
  return {
    total, lastMonth: facts.blockedLastMonth, whyNormal: { ja: why.map((w) => w.ja).join(''), en: why.map((w) => w.en).join(' ') },
    kinds: [...kinds.values()].sort((a, b) => b.count - a.count).slice(0, KINDS_MAX),
  };
}

function device(source: Looked['sources'][number], facts: MonthFacts): ReportData['devices'][number] {
  const { seen: s, signatureOn: signature } = source;
  const old = signatureOld(source, facts.to);
  const note = !source.everSeen ? words.notes.never
    : s.trailing >= BLIND_AFTER_DAYS ? words.notes.silent(s.trailing)
    : s.silentDays > 0 && s.blind ? words.notes.gaps(s.silentDays)
    : old ? words.notes.signatureOld(signature!)
    : source.configChanges > 0 ? words.notes.config(source.configChanges)
    : s.silentDays > 0 ? words.notes.gaps(s.silentDays)
    : words.notes.well;
  return { name: source.name, lines: s.lines, silentDays: s.silentDays, signature, configChanges: source.configChanges, note, well: source.everSeen && !s.blind && !old };
}

const outcomeOf = (f: FindingForReport): Bilingual | null => (f.open ? (needsLook(f) ? words.stillOpen : null) : f.quieted ? words.quieted[f.quieted] : f.outcome ? words.outcomes[f.outcome] : null);

/** Who wrote the rules that found something stands in the report: the licences of shared rules ask for it. */
function appendix(findings: readonly FindingForReport[]): ReportData['appendix'] {
  const rules = new Map<string, ReportData['appendix'][number]>();
  for (const { ruleId, rule, count } of findings) rules.set(ruleId, { ruleId, rule: rule.title, author: rule.author, license: rule.license, count: (rules.get(ruleId)?.count ?? 0) + count });
  return [...rules.values()].sort((a, b) => b.count - a.count).slice(0, APPENDIX_MAX);
}

/** Decides the whole report. Pure: the same facts give the same report. */
export function decide(facts: MonthFacts): ReportData {
  const looked = lookAt(facts);
  const blocked = [...facts.blocked.values()].reduce((sum, n) => sum + n, 0);
  const told = facts.findings.filter((f) => f.count > 0 || needsLook(f));
  const grave = told.filter((f) => f.severity !== 'fyi');
  const point = { month: facts.month, lines: looked.sources.reduce((sum, s) => sum + s.seen.lines, 0), blocked, findings: grave.filter((f) => f.count > 0).length, demonstration: facts.demonstration };
  const outbound = told.filter((f) => f.direction === 'outbound' && f.severity !== 'fyi');
  return {
    verdict: verdict(looked, blocked),
    actions: actions(looked),
    blocked: blockedPart(facts, blocked),
    outbound: outbound.slice(0, LIST_MAX).map((f) => ({ title: f.title, asset: f.asset ?? '', count: f.count, outcome: outcomeOf(f) ?? words.stillOpen })),
    devices: looked.sources.map((s) => device(s, facts)),
    findings: grave.slice(0, LIST_MAX).map((f) => ({ title: f.title, severity: f.severity, count: f.count, outcome: outcomeOf(f), at: f.lastAt.toISOString() })),
    trend: [...facts.history.filter((p) => p.month < facts.month).slice(1 - TREND_MONTHS), point],
    tickets: facts.tickets,
    open: { now: facts.findings.filter((f) => f.open && f.severity === 'now').length, look: facts.findings.filter((f) => f.open && f.severity === 'look').length },
    appendix: appendix(told),
  };
}

/** What of a report the federation may see, by kind of consent; who owns an action stays inside. */
export function figuresOf(data: ReportData, partial: boolean): Required<MonthFigures> {
  const point = data.trend[data.trend.length - 1]!;
  return {
    scores: {
      verdict: { state: data.verdict.state, text: data.verdict.plain }, blocked: data.blocked.total, blockedLastMonth: data.blocked.lastMonth, lines: point.lines, findings: point.findings,
      openNow: data.open.now, openLook: data.open.look, asked: data.tickets.asked, solved: data.tickets.solved, devices: data.devices.length, blindDevices: data.devices.filter((d) => !d.well).length,
      partial, demonstration: point.demonstration, trend: data.trend,
    },
    alerts: {
      actions: data.actions.map(({ text, step, due }) => ({ text, step, due })),
      findings: data.findings.slice(0, 10).map(({ title, severity, count, outcome }) => ({ title, severity, count, outcome })),
    },
    inventory: { devices: data.devices.map(({ name, lines, silentDays, signature, note, well }) => ({ name, lines, silentDays, signature, note, well })) },
  };
}

/** Places among at least five; equal figures share a place. Keys are members, values what they share. */
export function places(shared: ReadonlyMap<string, { readonly blocked: number; readonly open: number }>): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  if (shared.size < PEERS_MIN) return found;
  const all = [...shared.values()];
  for (const [member, own] of shared) {
    found.set(member, { members: all.length, blockedPlace: 1 + all.filter((o) => o.blocked > own.blocked).length, openPlace: 1 + all.filter((o) => o.open < own.open).length });
  }
  return found;
}

/** The federation's month in a word: its gravest member. */
export function worst(states: readonly Verdict[]): Verdict {
  return (['act', 'blind', 'look'] as const).find((state) => states.includes(state)) ?? (states.length > 0 ? 'calm' : 'blind');
}

/** A fingerprint of the rows a report was made from; their order does not matter. */
export function checksum(rows: readonly (readonly (string | number)[])[]): string {
  const hash = createHash('sha256');
  for (const line of rows.map((row) => JSON.stringify(row)).sort()) hash.update(line).update('\n');
  return hash.digest('base64url');
}
