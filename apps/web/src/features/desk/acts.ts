import { desk } from '@banya/contract';
import { ApiProblem, useAct } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { useUndo } from '../../ui/index.ts';
import type { Ticket } from './sla.ts';

type TicketState = Ticket['state'];
type Urgency = Ticket['urgency'];
type Handled = Pick<Ticket, 'id' | 'number' | 'state' | 'urgency' | 'assignee'>;

/** Says why an act was refused; anything that is no refusal goes on as it is. */
export function useRefused(): (error: unknown) => void {
  const t = useTexts().desk;
  const say = useUndo();
  return (error) => {
    if (!(error instanceof ApiProblem)) throw error;
    say({ text: error.status === 0 ? t.failedOffline : t.failed(error.title || error.detail) });
  };
}

/** What the desk does to a ticket from the queue and from its page: each act says what it did and can be undone. */
export function useTicketActs(org: string) {
  const t = useTexts().desk;
  const say = useUndo();
  const refused = useRefused();
  const update = useAct(desk.queue.update, { touches: ['tickets'] });
  const change = async (ticket: Handled, body: { assignee?: string | null; state?: TicketState; urgency?: Urgency }, before: typeof body, text: string) => {
    const params = { org, ticket: ticket.id };
    try {
      await update.mutateAsync({ params, body });
      say({ text, undo: () => update.mutateAsync({ params, body: before }) });
    } catch (error) {
      refused(error);
    }
  };
  return {
    busy: update.isPending,
    take: (ticket: Handled) => change(ticket, { assignee: 'me' }, { assignee: ticket.assignee?.id ?? null, state: ticket.state }, t.act.mine(ticket.number)),
    give: (ticket: Handled, person: { id: string; name: string } | null) =>
      change(ticket, { assignee: person?.id ?? null }, { assignee: ticket.assignee?.id ?? null, state: ticket.state }, person ? t.act.given(ticket.number, person.name) : t.act.freed(ticket.number)),
    setState: (ticket: Handled, state: TicketState) => change(ticket, { state }, { state: ticket.state }, t.act.state(ticket.number, t.states[state])),
    setUrgency: (ticket: Handled, urgency: Urgency) => change(ticket, { urgency }, { urgency: ticket.urgency }, t.act.urgency(ticket.number, t.urgencies[urgency])),
  };
}
