import type { desk, Received } from '@banya/contract';
import { useTexts } from '../../texts/index.tsx';
import { StateTag } from '../../ui/index.ts';

export type Ticket = Received<typeof desk.member.list>['items'][number];

/** How a question stands, from the member's side: yellow only when something is asked of the reader. */
export function TicketState({ ticket }: { ticket: Pick<Ticket, 'state' | 'unread'> }) {
  const t = useTexts().tickets;
  if (ticket.unread) return <StateTag state="look" word={t.unread} />;
  return <StateTag state={ticket.state === 'waiting' ? 'look' : ticket.state === 'solved' ? 'done' : 'quiet'} word={t.states[ticket.state]} />;
}
