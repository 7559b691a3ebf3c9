import { desk, endOfTicketConsent, type Received } from '@banya/contract';
import { once, useAct } from '../../api/index.ts';
import { useMay } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, GoLink, Panel, StateNote, StateTag, useUndo } from '../../ui/index.ts';

type Ticket = Received<typeof desk.member.get>;
const touches = ['tickets', 'consents', 'home'] as const;

/** May the desk look for this question? Asked: one click answers. Allowed: since when, until when, and one click ends it. Over: one line. */
export function Look({ ticket }: { ticket: Ticket }) {
  const texts = useTexts();
  const t = texts.tickets.look;
  const f = useFormat();
  const say = useUndo();
  const may = useMay('consent.write');
  const answer = useAct(desk.looks.answer, { touches });
  const withdraw = useAct(desk.looks.withdraw, { touches });
  const last = ticket.look?.last;
  if (!last) return null;
  const params = { org: ticket.org, ticket: ticket.id };
  const what = f.list(last.kinds.map((kind) => texts.settings.sharing[kind].name));
  const problem = answer.error ?? withdraw.error;
  const refused = problem ? <StateNote state={{ kind: 'error', problem }} /> : null;
  const give = (allow: boolean) => once(answer.mutateAsync({ params, body: { allow } }), () => say({ text: allow ? t.allowedNow : t.refusedNow }));
  switch (last.state) {
    case 'asked':
      return (
        <Panel>
          {refused}
          <div><StateTag state="look" word={t.askedTag} /></div>
          <p><strong>{t.asked(last.askedBy, what)}</strong></p>
          <p>{t.means}</p>
          {may ? (
            <Actions>
              <Button kind="main" icon="done" busy={answer.isPending} onClick={() => give(true)}>{t.allow}</Button>
              <Button busy={answer.isPending} onClick={() => give(false)}>{t.refuse}</Button>
            </Actions>
          ) : <p>{t.others}</p>}
        </Panel>
      );
    case 'allowed':
      return (
        <Panel>
          {refused}
          <div><StateTag state="look" word={t.allowedTag} /></div>
          <p>{t.allowed(what, last.until ? f.date(last.until) : '')} {last.answered ? t.by(last.answered.by, f.date(last.answered.at)) : ''}</p>
          <Actions>
            {may ? <Button busy={withdraw.isPending} onClick={() => once(withdraw.mutateAsync({ params }), () => say({ text: t.withdrawnNow }))}>{t.withdraw}</Button> : null}
            <GoLink to={`/o/${ticket.org}/settings/audit?only=outsiders`}>{t.who}</GoLink>
          </Actions>
        </Panel>
      );
    case 'refused':
      return <p>{last.answered ? t.refused(last.answered.by, f.date(last.answered.at)) : null}</p>;
    case 'ended': {
      const end = endOfTicketConsent(last);
      return end ? <p>{t.ended[end.how](f.date(end.at))}</p> : null;
    }
  }
}
