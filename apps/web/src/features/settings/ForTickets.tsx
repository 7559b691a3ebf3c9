import { desk, endOfTicketConsent, orgs, type Received } from '@banya/contract';
import { once, useAct } from '../../api/index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, Details, GoLink, Section, StateNote, StateTag, useUndo } from '../../ui/index.ts';
import css from './settings.module.css';

type Allowed = Received<typeof orgs.consents.get>['tickets'][number];

/** What the desk may see for single questions: those asked and allowed, and folded away what is over. */
export function ForTickets({ org, tickets, may }: { org: string; tickets: readonly Allowed[]; may: boolean }) {
  const t = useTexts().settings.share.forTickets;
  const open = tickets.filter((one) => one.state === 'asked' || one.state === 'allowed');
  const over = tickets.filter((one) => one.state === 'refused' || one.state === 'ended');
  return (
    <Section title={t.title}>
      <p className={css.soft}>{t.lead}</p>
      {open.length === 0 ? <p>{t.none}</p> : <ul className={css.kinds}>{open.map((one) => <li key={one.ticket}><One org={org} one={one} may={may} /></li>)}</ul>}
      {over.length === 0 ? null : <Details summary={t.over}><ul className={css.kinds}>{over.map((one) => <li key={`${one.ticket} ${one.askedAt}`}><One org={org} one={one} may={may} /></li>)}</ul></Details>}
    </Section>
  );
}

function One({ org, one, may }: { org: string; one: Allowed; may: boolean }) {
  const texts = useTexts().settings;
  const t = texts.share.forTickets;
  const f = useFormat();
  const say = useUndo();
  const withdraw = useAct(desk.looks.withdraw, { touches: ['consents', 'tickets'] });
  const what = f.list(one.kinds.map((kind) => texts.sharing[kind].name));
  const end = endOfTicketConsent(one);
  const words: Record<Allowed['state'], string> = {
    asked: t.asked(one.askedBy, f.date(one.askedAt), what), allowed: t.allowed(what, one.until ? f.date(one.until) : ''),
    refused: one.answered ? t.refused(one.answered.by, f.date(one.answered.at), what) : '', ended: end ? t.ended[end.how](f.date(end.at), what) : '',
  };
  const open = one.state === 'asked' || one.state === 'allowed';
  return (
    <div className={css.kind}>
      {withdraw.error ? <StateNote state={{ kind: 'error', problem: withdraw.error }} /> : null}
      <div className={css.kindTop}>
        <GoLink to={`/o/${org}/tickets/${one.ticket}`}>{t.ticket(one.number, one.subject)}</GoLink>
        <StateTag state={open ? 'look' : 'quiet'} word={t.states[one.state]} />
      </div>
      <p>{words[one.state]} {one.state === 'allowed' && one.answered ? t.by(one.answered.by, f.date(one.answered.at)) : ''}</p>
      {one.state === 'allowed' && may ? <div><Button busy={withdraw.isPending} label={t.withdrawOf(one.number)} onClick={() => once(withdraw.mutateAsync({ params: { org, ticket: one.ticket } }), () => say({ text: t.withdrawn(one.number) }))}>{t.withdraw}</Button></div> : null}
    </div>
  );
}
