import { Link } from '@tanstack/react-router';
import { RiskTag } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Icon, StateTag, type State } from '../../ui/index.ts';
import { byHouse, clockWords, type Ticket } from './sla.ts';
import css from './desk.module.css';

const urgencyState: Record<Ticket['urgency'], State> = { now: 'now', today: 'look', normal: 'quiet' };

/** The urgency as icon and word; the usual one is not worth a word in a list. */
export const UrgencyTag = ({ urgency }: { urgency: Ticket['urgency'] }) => {
  const t = useTexts().desk;
  return <StateTag state={urgencyState[urgency]} word={t.urgencies[urgency]} />;
};

/** What is left on the service clock. Only what needs somebody is coloured: if every line were a tag, none would be seen. */
export const Clock = ({ state, word }: { state: State; word: string }) =>
  state === 'quiet' ? <span className={css.calmClock}><Icon name="clock" size={1} />{word}</span> : <StateTag state={state} word={word} />;

/** One line of the queue: what it is about, who asks, how much time is left, who has it. The whole line opens it. */
export function TicketRow({ org, ticket, now }: { org: string; ticket: Ticket; now: number }) {
  const t = useTexts().desk;
  const clock = clockWords(ticket, now, t.sla);
  return (
    <li className={css.row} data-ticket={ticket.id} data-late={clock.state === 'now'}>
      <div className={css.rowMain}>
        <p className={css.rowTitle}>
          <Link to={`/o/${org}/desk/${ticket.id}`} className={css.rowLink} data-unread={ticket.unread}>{ticket.subject}</Link>
        </p>
        <p className={css.rowSub}>
          {ticket.unread ? <span className={css.unread}>{t.queue.unread}</span> : null}
          {ticket.urgency === 'normal' ? null : <UrgencyTag urgency={ticket.urgency} />}
          <strong>{ticket.orgName}</strong>{byHouse(ticket) ? null : <span>{ticket.requester.name}</span>}<span>{t.number(ticket.number)}</span><span>{t.channels[ticket.channel]}</span>
          {ticket.risk && ticket.risk.level !== 'low' ? <RiskTag level={ticket.risk.level} /> : null}
          {ticket.asked ? <span>{t.asked(ticket.asked.people, ticket.asked.touched)}</span> : null}
        </p>
      </div>
      <div className={css.rowWho}>
        {ticket.state === 'new' || ticket.state === 'working' ? <span>{t.states[ticket.state]}</span> : null}
        {ticket.assignee ? <span>{t.queue.by(ticket.assignee.name)}</span> : ticket.state === 'new' ? null : <span>{t.queue.noAssignee}</span>}
      </div>
      <div className={css.rowClock}><Clock {...clock} /></div>
    </li>
  );
}
