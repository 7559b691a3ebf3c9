import { searchKey, wallClock } from '@banya/jp';
import { newId } from '../../kernel/ids.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import { titlesOf } from './explain.ts';
import { apart, bounded, byDay, fateOf, foldKey, merge, rankOf, SAMPLES_MAX, severityOf, untilLook, worse, type Fate, type Silence } from './rules.ts';
import type { FindingRow, HistoryRow, SampleRow } from './schema.ts';
import * as store from './store.ts';
import { by } from './texts.ts';
import type { Raised, RaisedFinding } from './types.ts';

/** `who` of what the house does by itself; pages write it in their language. */
export const HOUSE = '';

interface Work {
  readonly raised: RaisedFinding;
  readonly fate: Fate;
  readonly silence: Silence | null;
  /** As it stands afterwards. */
  readonly row: FindingRow;
}

/**
 * Folds alerts into findings, in at most four statements whatever their number, and tells the house of those that are
 * new, open again or graver than before. Runs in the organisation's transaction, or in a system one for several.
 */
export async function raise(kernel: Pick<Kernel, 'live'>, tx: Tx, given: readonly RaisedFinding[]): Promise<Raised[]> {
  if (given.length === 0) return [];
  const parts = given.map((f) => byDay(bounded(f)).map(apart));
  const folded = new Map<string, RaisedFinding>();
  for (const f of parts.flat()) {
    const key = foldKey(f);
    const there = folded.get(key);
    folded.set(key, there ? merge(there, f) : f);
  }
  const met = new Map(
    (await store.batch.meet(tx, [...folded.values()].map(wanted))).map((m) => [foldKey({ orgId: m.w_org, fingerprint: m.w_fingerprint }), m]),
  );
  const works: Work[] = [...folded].map(([key, raised]) => {
    const { w_org: _org, w_fingerprint: _print, silence = null, ...row } = met.get(key)!;
    const fate = fateOf(raised, row.id ? (row as FindingRow) : null, silence !== null);
    return { raised, fate, silence, row: after(tx, raised, fate, silence) };
  });
  await store.batch.update(tx, works.flatMap(({ fate, row }) => (fate.kind === 'new' ? (fate.before ? [{ ...fate.before, current: false }] : []) : fate.kind === 'quiet' ? [] : [row])));
  const made = works.filter(({ fate }) => fate.kind === 'new' || fate.kind === 'quiet');
  const ids = new Map((await store.batch.insert(tx, made.map(({ row }) => row))).map((r) => [foldKey({ orgId: r.org_id, fingerprint: r.fingerprint }), r.id]));
  const idOf = (w: Work): string => ids.get(foldKey(w.raised)) ?? w.row.id;
  const created = (w: Work): boolean => w.fate.kind === 'new' && idOf(w) === w.row.id;
  await store.batch.details(tx, {
    days: works.flatMap((w) => Object.entries(w.raised.days).map(([day, n]) => ({ org_id: w.raised.orgId, finding_id: idOf(w), day, count: String(n) }))),
    samples: works.flatMap((w) => samplesOf(tx, w, idOf(w))),
    // Where another transaction has just made the finding, that one has noted it.
    history: works.flatMap((w) => (w.fate.kind === 'new' && !created(w) ? [] : historyOf(tx, w, idOf(w)))),
    forgetSamplesOf: works.filter(({ fate }) => fate.kind === 'reopen').map(idOf),
  });
  await store.batch.silenced(tx, works.flatMap(({ silence, raised }) => (silence ? [{ what: silence.what, org_id: raised.orgId, id: silence.id, n: raised.count }] : [])));
  const urgent: { readonly orgId: string; readonly findingId: string }[] = [];
  for (const w of works) if (await tell(tx, w, idOf(w), created(w))) urgent.push({ orgId: w.raised.orgId, findingId: idOf(w) });
  // One job an organisation. Without a key: one that waits for the end of quiet hours must not keep another back.
  for (const [orgId, own] of Map.groupBy(urgent, (u) => u.orgId)) tx.job('findings.now', { orgId, findingIds: own.map((u) => u.findingId) });
  const news = works.filter((w) => w.raised.kind === 'detection' && w.row.rank < 2 && w.fate.kind !== 'quiet' && isNews(w, created(w)));
  // One event for all: a transaction tells so many and no more.
  if (news.length > 0) await tx.emit('findings.sighted', { found: news.map((w) => ({ orgId: w.raised.orgId, findingId: idOf(w) })) });
  tx.afterCommit(() => works.forEach((w) => kernel.live.publish(w.raised.orgId, { kind: 'finding', id: idOf(w) })));
  const byKey = new Map(works.map((w) => [foldKey(w.raised), w]));
  return parts.map((days) => {
    const w = byKey.get(foldKey(days.at(-1)!))!;
    return { id: idOf(w), created: created(w), fingerprint: w.raised.fingerprint };
  });
}

const wanted = (f: RaisedFinding): store.Wanted => ({
  org_id: f.orgId, fingerprint: f.fingerprint, rule_id: f.ruleId, entity: f.entity, suppression_id: f.suppressionId ?? null, rank: rankOf(f.severity), devices: [f.asset?.deviceId, f.reporterId].filter((d) => d != null), first_at: f.firstAt, last_at: f.lastAt,
});

/** The row as it stands after the alert. */
function after(tx: Tx, f: RaisedFinding, fate: Fate, silence: Silence | null): FindingRow {
  if (fate.kind === 'new' || fate.kind === 'quiet') {
    const quiet = fate.kind === 'quiet';
    const row: FindingRow = {
      org_id: f.orgId, id: newId(tx.now.getTime()), kind: f.kind, rule_id: f.ruleId, rule: f.rule, rank: rankOf(f.severity), direction: f.direction, stopped: f.stopped, fingerprint: f.fingerprint, current: true,
      entity: f.entity, slots: { ...f.slots }, asset: f.asset, minutes: f.minutes, count: String(f.count), first_at: f.firstAt, last_at: f.lastAt, samples: f.samples.length,
      state: quiet ? 'closed' : 'open', outcome: quiet ? (silence?.what === 'maintenance' ? 'known' : 'false_alarm') : null, closed_by: quiet ? HOUSE : null, closed_at: quiet ? tx.now : null, quiet_until: null,
      assignee_id: null, assignee_name: null, ticket_id: null, mailed_at: null, look_told_at: null, search_key: '', created_at: tx.now,
    };
    return { ...row, search_key: searchable(row, tx.now) };
  }
  const { row } = fate;
  const newer = f.lastAt >= row.last_at;
  const grown: FindingRow = {
    ...row, count: String(Number(row.count) + f.count), first_at: f.firstAt < row.first_at ? f.firstAt : row.first_at, last_at: newer ? f.lastAt : row.last_at,
    slots: newer ? { ...row.slots, ...f.slots } : { ...f.slots, ...row.slots }, asset: (newer ? f.asset : row.asset) ?? row.asset ?? f.asset,
  };
  if (fate.kind === 'count') return grown;
  const graver = { rank: Math.min(row.rank, rankOf(f.severity)), stopped: worse(row.stopped, f.stopped) };
  if (fate.kind === 'grow') return { ...grown, ...graver, samples: Math.min(SAMPLES_MAX, row.samples + f.samples.length) };
  return { ...grown, ...graver, samples: f.samples.length, state: 'open', outcome: null, closed_by: null, closed_at: null, quiet_until: null, mailed_at: null, look_told_at: null };
}

function searchable(row: FindingRow, now: Date): string {
  const { ja, en } = titlesOf(row, now);
  return searchKey([ja, en, row.entity, row.rule.title, row.asset?.name ?? '', row.asset?.owner ?? ''].join(' ')).slice(0, 2000);
}

function samplesOf(tx: Tx, { raised, fate }: Work, id: string): SampleRow[] {
  const room = fate.kind === 'count' ? 0 : fate.kind === 'grow' ? SAMPLES_MAX - fate.row.samples : SAMPLES_MAX;
  return raised.samples.slice(0, Math.max(0, room)).map((s) => ({ org_id: raised.orgId, finding_id: id, id: newId(tx.now.getTime()), at: s.at, raw: s.raw, source_name: s.sourceName, matched: s.matched }));
}

const rose = ({ fate, row }: Work): boolean => (fate.kind === 'grow' || fate.kind === 'reopen') && row.rank < fate.row.rank;

function historyOf(tx: Tx, w: Work, id: string): HistoryRow[] {
  const what = w.fate.kind === 'new' ? 'raised' : w.fate.kind === 'reopen' ? 'reopened' : rose(w) ? 'grew' : null;
  const entry = (did: HistoryRow['what'], note: string | null): HistoryRow => ({ org_id: w.raised.orgId, finding_id: id, id: newId(tx.now.getTime()), at: tx.now, who: HOUSE, what: did, note });
  if (w.fate.kind === 'quiet') return [entry('raised', null), entry('closed', w.silence?.reason ?? null)];
  return what === null ? [] : [entry(what, null)];
}

/** Growth is told again after an hour: whether others see the same is asked of what goes on, too. */
const isNews = (w: Work, created: boolean): boolean => created || w.fate.kind === 'reopen' || rose(w) || (w.fate.kind === 'grow' && w.raised.lastAt.getTime() - w.fate.row.last_at.getTime() > SIGHT_EVERY_MS);
const SIGHT_EVERY_MS = 3_600_000;

/** Tomorrow morning, or this: what can wait is gathered. The job looks at the organisation's own clock for its quiet hours. */
const nextLook = (now: Date): Date => new Date(now.getTime() + untilLook(wallClock(now, 'Asia/Tokyo').hour * 60 + wallClock(now, 'Asia/Tokyo').minute) * 60_000);

/** @returns whether it is to be told at once */
async function tell(tx: Tx, w: Work, id: string, created: boolean): Promise<boolean> {
  const { raised, row, fate } = w;
  const reopened = fate.kind === 'reopen';
  if (!created && !reopened && !rose(w)) return false;
  if (reopened) await tx.emit('findings.reopened', { orgId: raised.orgId, findingId: id, by: by.ja });
  await tx.emit('findings.raised', { orgId: raised.orgId, findingId: id, severity: severityOf(row.rank), deskTicket: raised.deskTicket, created, title: titlesOf(row, tx.now) });
  if (row.rank === 1) tx.job('findings.look', { orgId: raised.orgId }, { singletonKey: raised.orgId, startAfter: nextLook(tx.now) });
  return row.rank === 0;
}
