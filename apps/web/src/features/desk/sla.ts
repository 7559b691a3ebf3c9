import type { desk as contract, Received } from '@banya/contract';
import type { Texts } from '../../texts/index.tsx';
import type { State } from '../../ui/index.ts';

export type Ticket = Received<typeof contract.queue.list>['items'][number];
export type TicketDetail = Received<typeof contract.queue.get>;

type Clock = Pick<Ticket, 'state'> & { readonly sla: Ticket['sla'] };
type Words = Texts['desk']['sla'];

const MINUTE = 60_000;

/** Raised by the house itself from a finding: nobody has asked yet, so nobody is named as asking. */
export const byHouse = (ticket: Pick<Ticket, 'channel' | 'requester'>): boolean => ticket.channel === 'finding' && ticket.requester.id === null;

/** 25分, 3時間, 2日: one unit, rounded down for what is left and for what is late alike. */
export function spanWords(ms: number, t: Words): string {
  const minutes = Math.floor(Math.abs(ms) / MINUTE);
  if (minutes < 90) return t.minutes(String(minutes));
  if (minutes < 48 * 60) return t.hours(String(Math.floor(minutes / 60)));
  return t.days(String(Math.floor(minutes / (24 * 60))));
}

/**
 * The time that is due next. A list does not say whether the desk has replied already, so without `replied` the nearer
 * time that has not been judged counts: the first reply for what is new or not yet past, else the solution.
 */
export function nextDue(ticket: Clock, now: number, replied?: boolean): number | null {
  const first = ticket.sla.firstReplyDue === null ? null : Date.parse(ticket.sla.firstReplyDue);
  const solve = ticket.sla.solveDue === null ? null : Date.parse(ticket.sla.solveDue);
  if (first === null || replied) return solve ?? (replied ? null : first);
  if (replied === false || ticket.state === 'new' || solve === null) return solve === null ? first : Math.min(first, solve);
  if (first > now) return Math.min(first, solve);
  return ticket.sla.state === 'late' && solve > now ? first : solve;
}

/** The service clock in words, with the state that gives it icon and colour. */
export function clockWords(ticket: Clock, now: number, t: Words, replied?: boolean): { readonly state: State; readonly word: string } {
  if (ticket.sla.state === 'paused') return { state: 'quiet', word: t.paused };
  if (ticket.sla.state === 'met') return { state: 'done', word: t.met };
  if (ticket.state === 'solved') return { state: 'look', word: t.metLate };
  const due = nextDue(ticket, now, replied);
  if (due === null) return { state: 'quiet', word: t.none };
  const left = due - now;
  if (left <= 0) return { state: 'now', word: left > -MINUTE ? t.lateNow : t.late(spanWords(left, t)) };
  return { state: ticket.sla.state === 'soon' || ticket.sla.state === 'late' ? 'look' : 'quiet', word: t.left(spanWords(left, t)) };
}
