import { desk, endOfTicketConsent } from '@banya/contract';
import { once, useAct } from '../../api/index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, GoLink, Section, StateNote, StateTag, useUndo } from '../../ui/index.ts';
import type { TicketDetail } from './sla.ts';
import css from './desk.module.css';

/** Whether the member lets the desk look for this ticket: the ways in, or one click that asks. */
export function Look({ org, ticket }: { org: string; ticket: TicketDetail }) {
  const texts = useTexts();
  const t = texts.desk.ticket.look;
  const f = useFormat();
  const say = useUndo();
  const ask = useAct(desk.looks.ask, { touches: ['queue', 'tickets'] });
  const { look } = ticket;
  if (!look || ticket.org === org) return null;
  const { last, missing } = look;
  const names = (kinds: typeof missing) => f.list(kinds.map((kind) => texts.members.kinds[kind]));
  const running = last?.state === 'allowed' ? last : null;
  const end = last && endOfTicketConsent(last);
  const logs = !missing.includes('logs') || running?.kinds.includes('logs');
  const askable = ticket.state !== 'solved' && ticket.mergedInto === null && missing.length > 0 && !running && last?.state !== 'asked';
  return (
    <Section title={t.title}>
      <div className={css.look}>
        {ask.error ? <StateNote state={{ kind: 'error', problem: ask.error }} /> : null}
        {running ? <p><StateTag state="done" word={t.allowed} /> {t.allowedWhy(names(running.kinds), running.until ? f.date(running.until) : '')}</p> : null}
        {missing.length === 0 && !running ? <p className={css.soft}>{t.shared}</p> : null}
        {logs ? <Actions><GoLink to={`/o/${ticket.org}/search`}>{t.search}</GoLink><GoLink to={`/o/${ticket.org}/trace`}>{t.trace}</GoLink></Actions> : null}
        {running || missing.length === 0 ? null : (
          <>
            {last?.state === 'asked' ? <p><StateTag state="quiet" word={t.asked} /> {t.askedWhy(f.when(last.askedAt), names(last.kinds))}</p> : null}
            {last?.state === 'refused' && last.answered ? <p><StateTag state="quiet" word={t.refused} /> {t.refusedWhy(last.answered.by, f.when(last.answered.at))}</p> : null}
            {last?.state === 'ended' && end ? <p className={css.soft}>{t.ended[end.how](f.when(end.at))}</p> : null}
            {askable ? <p>{t.missing(names(missing))}</p> : null}
            {askable ? <div><Button icon="lock" busy={ask.isPending} onClick={() => once(ask.mutateAsync({ params: { org, ticket: ticket.id } }), () => say({ text: t.askedNow }))}>{last ? t.again : t.ask}</Button></div> : null}
            {!askable && last === null ? <p className={css.soft}>{t.notShared(names(missing))}</p> : null}
          </>
        )}
      </div>
    </Section>
  );
}
