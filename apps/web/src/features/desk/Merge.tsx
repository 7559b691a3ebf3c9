import { useState } from 'react';
import { desk } from '@banya/contract';
import { useAct, useList, useRested, useSteady } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Actions, Button, ButtonLink, Dialog, GoLink, Heading, Panel, Skeleton, TextField, useUndo } from '../../ui/index.ts';
import { useRefused } from './acts.ts';
import type { Ticket, TicketDetail } from './sla.ts';
import css from './desk.module.css';

/** Finds the ticket into which this one goes: an open one of the same member. */
export function MergeDialog({ org, ticket, open, onClose }: { org: string; ticket: TicketDetail; open: boolean; onClose: () => void }) {
  const t = useTexts().desk.ticket;
  return <Dialog open={open} onClose={onClose} title={t.mergeTitle}>{open ? <Choice org={org} ticket={ticket} onDone={onClose} /> : null}</Dialog>;
}

/** Merges at once, says so, and takes it back when asked. */
function useMerge(org: string, ticket: TicketDetail) {
  const texts = useTexts().desk;
  const say = useUndo();
  const refused = useRefused();
  const merge = useAct(desk.queue.merge, { touches: ['tickets'] });
  const unmerge = useAct(desk.queue.unmerge, { touches: ['tickets'] });
  const params = { org, ticket: ticket.id };
  const into = async (target: Pick<Ticket, 'id' | 'number'>, done: () => void = () => {}) => {
    try {
      await merge.mutateAsync({ params, body: { into: target.id } });
      done();
      say({ text: texts.act.merged(target.number), undo: () => unmerge.mutateAsync({ params }) });
    } catch (error) {
      refused(error);
    }
  };
  return { into, busy: merge.isPending };
}

/** What a ticket that came by mail may belong to: looked at, or merged by one press. */
export function Related({ org, ticket }: { org: string; ticket: TicketDetail }) {
  const texts = useTexts().desk;
  const t = texts.ticket;
  const merge = useMerge(org, ticket);
  const rows = ticket.related ?? [];
  if (rows.length === 0) return null;
  return (
    <Panel>
      <Heading>{t.related}</Heading>
      <ul className={css.choices}>
        {rows.map((one) => (
          <li key={one.id}>
            <div><GoLink to={`/o/${org}/desk/${one.id}`}>{one.subject}</GoLink><p>{texts.number(one.number)}　{texts.states[one.state]}</p></div>
            {one.state === 'solved' || ticket.state === 'solved' ? null : <Button busy={merge.busy} onClick={() => void merge.into(one)} label={`${t.mergeInto}: ${texts.number(one.number)} ${one.subject}`}>{t.mergeInto}</Button>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Choice({ org, ticket, onDone }: { org: string; ticket: TicketDetail; onDone: () => void }) {
  const texts = useTexts().desk;
  const t = texts.ticket;
  const merge = useMerge(org, ticket);
  const [word, setWord] = useState('');
  const q = useRested(word.trim());
  const list = useSteady(useList(desk.queue.list, { params: { org }, query: { state: 'open', member: ticket.org, limit: 20, ...(q ? { q } : {}) } }), org);
  const rows = list.rows.filter((one) => one.id !== ticket.id && one.org === ticket.org);
  return (
    <div className={css.choice}>
      <p>{t.mergeHelp(ticket.orgName)}</p>
      <TextField label={t.mergeSearch} kind="search" value={word} onChange={setWord} />
      {list.loading ? <Skeleton lines={3} /> : rows.length === 0 ? <p>{t.mergeNone}</p> : (
        <ul className={css.choices}>
          {rows.map((one) => (
            <li key={one.id}><div><strong>{one.subject}</strong><p>{texts.number(one.number)}　{one.requester.name}　{texts.states[one.state]}</p></div><Button busy={merge.busy} onClick={() => void merge.into(one, onDone)} label={`${t.mergeInto}: ${texts.number(one.number)} ${one.subject}`}>{t.mergeInto}</Button></li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Stands above a ticket that was merged: where it goes on, and the way back. */
export function Merged({ org, ticket }: { org: string; ticket: TicketDetail & { mergedInto: string } }) {
  const t = useTexts().desk.ticket;
  const say = useUndo();
  const refused = useRefused();
  const unmerge = useAct(desk.queue.unmerge, { touches: ['tickets'] });
  const back = () => unmerge.mutateAsync({ params: { org, ticket: ticket.id } }).then(() => say({ text: t.unmerged }), refused);
  return (
    <Panel>
      <p><strong>{t.mergedTitle}</strong></p>
      <p>{t.mergedBody}</p>
      <Actions>
        <ButtonLink kind="main" to={`/o/${org}/desk/${ticket.mergedInto}`}>{t.mergedOpen}</ButtonLink>
        <Button busy={unmerge.isPending} onClick={() => void back()}>{t.unmerge}</Button>
      </Actions>
    </Panel>
  );
}
