import { dueWithPauses, elapsedBusinessMillis, type BusinessCalendar, type DayHours, type Pause } from '@banya/deadlines';
import type { Card } from '../findings/index.ts';
import type { PausePair, TicketRow, TicketState, Urgency } from './schema.ts';

const MINUTE = 60_000;

const urgencies: readonly Urgency[] = ['now', 'today', 'normal'];
export const rankOf = (urgency: Urgency): number => urgencies.indexOf(urgency);
export const urgencyOf = (rank: number): Urgency => urgencies[rank] ?? 'normal';
export const urgencyOfSeverity = { now: 'now', look: 'today', fyi: 'normal' } as const satisfies Record<string, Urgency>;

/** How soon the desk answers, in minutes of its open time, and when it is open. */
export interface SlaSettings {
  readonly minutes: Readonly<Record<Urgency, { readonly firstReply: number; readonly solve: number }>>;
  /** Opening hours for 'today' and 'normal' by weekday, Sunday first; 'now' counts day and night. */
  readonly hours: readonly DayHours[];
  /** Further closed days besides national holidays and 12/29–1/3. */
  readonly closedDays: readonly string[];
}

const NINE_TO_FIVE: DayHours = [['09:00', '17:00']];
/** 'now': half an hour and eight hours at any time; 'today': two hours and one working day; 'normal': one and five working days. */
export const usualSla: SlaSettings = {
  minutes: { now: { firstReply: 30, solve: 480 }, today: { firstReply: 120, solve: 480 }, normal: { firstReply: 480, solve: 2400 } },
  hours: [[], NINE_TO_FIVE, NINE_TO_FIVE, NINE_TO_FIVE, NINE_TO_FIVE, NINE_TO_FIVE, []],
  closedDays: [],
};

export interface Plan {
  readonly firstReplyMs: number;
  readonly solveMs: number;
  readonly calendar: BusinessCalendar;
}
export type Plans = Readonly<Record<Urgency, Plan>>;

/** What the service clock keeps of a ticket. */
export type ClockColumns = Pick<TicketRow, 'state' | 'state_since' | 'rank' | 'pauses' | 'first_replied_at' | 'first_reply_minutes' | 'first_reply_due' | 'solve_due' | 'next_due' | 'soon_at' | 'due_key' | 'solved_at'>;
export type ClockFacts = Pick<TicketRow, 'created_at'> & ClockColumns;

export interface ClockChange {
  readonly state?: TicketState | undefined;
  readonly urgency?: Urgency | undefined;
  /** The desk has answered now. */
  readonly replied?: boolean;
}

/** Sorts behind every due time. */
export const NO_DUE = new Date('9999-12-31T00:00:00Z');
/** From here on "soon": a quarter of the time is left. */
const SOON = 0.75;
/** Beyond it the two oldest pauses become one, so that a ticket stays small; the desk gets the time between them. */
const PAUSES_MAX = 200;

const stands = (state: TicketState): boolean => state === 'waiting' || state === 'solved';
const date = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/**
 * The clock of a ticket after a change at `now`. It stands while the desk waits for the member and while the ticket is
 * solved; a solved ticket keeps the due times it was judged by. The first reply is judged once, when it is given.
 */
export function clockAfter(row: ClockFacts, change: ClockChange, plans: Plans, now: Date): ClockColumns {
  const at = now.getTime();
  const start = row.created_at.getTime();
  const state = change.state ?? row.state;
  const rank = change.urgency === undefined ? row.rank : rankOf(change.urgency);
  const plan = plans[urgencyOf(rank)];
  const ended = row.pauses.map(([from, to]): PausePair => [from, to ?? at]);
  const pauses = stands(state) ? (row.pauses.at(-1)?.[1] === null ? row.pauses : bounded([...ended, [at, null]])) : ended;
  const due = (budget: number, list: readonly PausePair[]): number | null => dueWithPauses(start, budget, list.map(asPause), plan.calendar);
  const repliedNow = change.replied === true && row.first_replied_at === null;
  const settling = state === 'solved' && row.state !== 'solved';
  const judged = repliedNow || settling ? ended : pauses;

  const firstRepliedAt = row.first_replied_at ?? (repliedNow ? now : null);
  const firstReplyDue = row.first_replied_at !== null || (state === 'solved' && !settling) ? row.first_reply_due : date(due(plan.firstReplyMs, judged));
  const solveDue = state === 'solved' && !settling ? row.solve_due : date(due(plan.solveMs, settling ? ended : pauses));
  const running = !stands(state);
  const replyIsNext = firstRepliedAt === null && firstReplyDue !== null && (solveDue === null || firstReplyDue <= solveDue);
  const nextDue = !running ? null : replyIsNext ? firstReplyDue : solveDue;
  return {
    state, state_since: state === row.state ? row.state_since : now, rank, pauses, first_replied_at: firstRepliedAt,
    first_reply_minutes: repliedNow ? Math.round(elapsedBusinessMillis(start, at, ended.map(asPause), plan.calendar) / MINUTE) : row.first_reply_minutes,
    first_reply_due: firstReplyDue, solve_due: solveDue, next_due: nextDue,
    soon_at: running ? date(due((replyIsNext ? plan.firstReplyMs : plan.solveMs) * SOON, pauses)) : null,
    due_key: nextDue ?? NO_DUE,
    solved_at: state === 'solved' ? (row.solved_at ?? now) : null,
  };
}

/** A ticket's clock at its first moment. `answered`: the desk was on the phone, which is its first reply. */
export function clockAtStart(urgency: Urgency, plans: Plans, now: Date, answered: { readonly state: TicketState } | null): ClockColumns {
  const blank: ClockFacts = { created_at: now, state: 'new', state_since: now, rank: rankOf(urgency), pauses: [], first_replied_at: null, first_reply_minutes: null, first_reply_due: null, solve_due: null, next_due: null, soon_at: null, due_key: NO_DUE, solved_at: null };
  if (answered === null) return clockAfter(blank, {}, plans, now);
  return { ...clockAfter(blank, { state: answered.state, replied: true }, plans, now), first_reply_minutes: null };
}

const asPause = ([start, end]: PausePair): Pause => ({ start, end });

function bounded(pauses: readonly PausePair[]): readonly PausePair[] {
  if (pauses.length <= PAUSES_MAX) return pauses;
  const [first, second, ...rest] = pauses;
  return [[first![0], second![1]], ...rest];
}

export type SlaState = 'ok' | 'soon' | 'late' | 'paused' | 'met';

/** Where a ticket stands against its times. A solved one was in time ('met') or not ('late'). */
export function slaState(row: Pick<TicketRow, 'state' | 'first_replied_at' | 'first_reply_due' | 'solve_due' | 'next_due' | 'soon_at' | 'solved_at'>, now: Date): SlaState {
  if (row.state === 'waiting') return 'paused';
  if (row.state === 'solved') {
    const replied = row.first_replied_at ?? row.solved_at!;
    return (row.first_reply_due !== null && replied > row.first_reply_due) || (row.solve_due !== null && row.solved_at! > row.solve_due) ? 'late' : 'met';
  }
  if (row.next_due !== null && row.next_due <= now) return 'late';
  return row.soon_at !== null && row.soon_at <= now ? 'soon' : 'ok';
}

export const unreadByMember = (row: Pick<TicketRow, 'desk_wrote_at' | 'member_read_at'>): boolean => row.desk_wrote_at !== null && (row.member_read_at === null || row.desk_wrote_at > row.member_read_at);
export const unreadByDesk = (row: Pick<TicketRow, 'member_wrote_at' | 'desk_read_at'>): boolean => row.member_wrote_at !== null && (row.desk_read_at === null || row.member_wrote_at > row.desk_read_at);

/** What the lead is asked to do about a ticket whose answer waits. */
export function waitingCard(row: Pick<TicketRow, 'id' | 'rank' | 'subject' | 'desk_wrote_at' | 'updated_at'>): Card {
  return {
    key: `ticket:${row.id}`, kind: 'ticket', severity: urgencyOf(row.rank) === 'now' ? 'now' : 'look', minutes: 5, target: row.id, since: row.desk_wrote_at ?? row.updated_at,
    title: { ja: `デスクから返事が来ています：${row.subject}`, en: `The desk has answered: ${row.subject}` },
    step: { ja: '返事を読んで、答えるか「解決した」を押す', en: 'Read the answer, then reply or press “It is settled”' },
    askedBy: { ja: 'デスク', en: 'The desk' },
  };
}

/** What the desk may ask to see for a question: the logs, and the findings where it is about one. */
export const wantedFor = (row: Pick<TicketRow, 'finding_id'>): ('logs' | 'alerts')[] => (row.finding_id === null ? ['logs'] : ['logs', 'alerts']);

/** What the lead is asked when the desk wants to look for a question; `what` it wants to see. */
export function lookCard(asked: { readonly ticket: string; readonly subject: string; readonly askedAt: string }, what: Card['title']): Card {
  return {
    key: `look:${asked.ticket}`, kind: 'ticket', severity: 'look', minutes: 1, target: asked.ticket, since: new Date(asked.askedAt),
    title: { ja: `相談のために、デスクが${what.ja}を見てもよいか尋ねています：${asked.subject}`, en: `The desk asks to look at your ${what.en} for a question: ${asked.subject}` },
    step: { ja: '相談を開いて、「許可する」か「今回は見せない」を押す', en: 'Open the question and press “Allow” or “Not this time”' },
    askedBy: { ja: 'デスク', en: 'The desk' },
  };
}

/** The first instant of the month in Japan that an instant falls in, of the next one, and its name YYYY-MM. */
export function monthAround(now: Date): { readonly month: string; readonly from: Date; readonly to: Date } {
  const japan = new Date(now.getTime() + 9 * 60 * MINUTE);
  const [year, month] = [japan.getUTCFullYear(), japan.getUTCMonth()];
  const first = (m: number): Date => new Date(Date.UTC(year, m, 1) - 9 * 60 * MINUTE);
  return { month: `${year}-${String(month + 1).padStart(2, '0')}`, from: first(month), to: first(month + 1) };
}
