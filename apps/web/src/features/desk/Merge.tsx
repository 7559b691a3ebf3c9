import { useState } from 'react';
import { desk } from '@banya/contract';
import { useAct, useList, useRested, useSteady } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Actions, Button, ButtonLink, Dialog, Panel, Skeleton, TextField, useUndo } from '../../ui/index.ts';
import { useRefused } from './acts.ts';
import type { Ticket, TicketDetail } from './sla.ts';
import css from './desk.module.css';

/** Finds the ticket into which this one goes: an open one of the same member. */
export function MergeDialog({ org, ticket, open, onClose }: { org: string; ticket: TicketDetail; open: boolean; onClose: () => void }) {
  const t = useTexts().desk.ticket;
  return <Dialog open={open} onClose={onClose} title={t.mergeTitle}>{open ? <Choice org={org} ticket={ticket} onDone={onClose} /> : null}</Dialog>;
}

function Choice({ org, ticket, onDone }: { org: string; ticket: TicketDetail; onDone: () => void }) {
  const texts = useTexts().desk;
  const t = texts.ticket;
  const say = useUndo();
  const refused = useRefused();
  const merge = useAct(desk.queue.merge, { touches: ['tickets'] });
  const unmerge = useAct(desk.queue.unmerge, { touches: ['tickets'] });
  const [word, setWord] = useState('');
  const q = useRested(word.trim());
  const list = useSteady(useList(desk.queue.list, { params: { org }, query: { state: 'open', member: ticket.org, limit: 20, ...(q ? { q } : {}) } }), org);
  const rows = list.rows.filter((one) => one.id !== ticket.id && one.org === ticket.org);
  const into = async (target: Ticket) => {
    const params = { org, ticket: ticket.id };
    try {
      await merge.mutateAsync({ params, body: { into: target.id } });
      onDone();
      say({ text: texts.act.merged(target.number), undo: () => unmerge.mutateAsync({ params }) });
    } catch (error) {
      refused(error);
    }
  };
  return (
    <div className={css.choice}>
      <p>{t.mergeHelp(ticket.orgName)}</p>
      <TextField label={t.mergeSearch} kind="search" value={word} onChange={setWord} />
      {list.loading ? <Skeleton lines={3} /> : rows.length === 0 ? <p>{t.mergeNone}</p> : (
        <ul className={css.choices}>
          {rows.map((one) => (
            <li key={one.id}><div><strong>{one.subject}</strong><p>{texts.number(one.number)}　{one.requester.name}　{texts.states[one.state]}</p></div><Button busy={merge.isPending} onClick={() => void into(one)} label={`${t.mergeInto}: ${texts.number(one.number)} ${one.subject}`}>{t.mergeInto}</Button></li>
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
