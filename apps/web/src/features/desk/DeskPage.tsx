import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { desk } from '@banya/contract';
import { useApi, useList, useSteady } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, ButtonLink, Dialog, Page, Skeleton, StateNote, stateOf } from '../../ui/index.ts';
import { useTicketActs } from './acts.ts';
import { Counts } from './Counts.tsx';
import { everything, narrowed, useFilter, type Filter } from './filter.ts';
import { Filters } from './Filters.tsx';
import { useKeys, useKeysWanted, useNow } from './keys.ts';
import { KeysDialog } from './KeysDialog.tsx';
import { NoteDialog } from './NoteDialog.tsx';
import { PhoneForm } from './PhoneForm.tsx';
import type { Ticket } from './sla.ts';
import { TicketRow } from './TicketRow.tsx';
import { useWalk } from './walk.ts';
import css from './desk.module.css';

const queryOf = (filter: Filter) => ({
  state: filter.state, ...(filter.member ? { member: filter.member } : {}), ...(filter.assignee ? { assignee: filter.assignee as 'me' } : {}),
  ...(filter.urgency ? { urgency: filter.urgency } : {}), ...(filter.late ? { late: 'true' } : {}), ...(filter.q.trim() ? { q: filter.q.trim() } : {}),
});

/** One queue over all members, most urgent first; everything can be done from the keyboard. */
export default function DeskPage() {
  const texts = useTexts();
  const t = texts.desk;
  const f = useFormat();
  const org = useOrg();
  const navigate = useNavigate();
  const now = useNow();
  const { shown: filter, asked, change: setFilter } = useFilter();
  const [wanted, setWanted] = useKeysWanted();
  const [dialog, setDialog] = useState<'phone' | 'keys' | null>(null);
  const [noting, setNoting] = useState<Ticket | null>(null);
  const counts = useApi(desk.queue.counts, { params: { org } });
  const list = useSteady(useList(desk.queue.list, { params: { org }, query: queryOf(asked) }), org);
  const acts = useTicketActs(org);
  const place = useRef<HTMLUListElement>(null);
  const search = useRef<HTMLDivElement>(null);
  const walk = useWalk(place, list.rows);
  const withTicket = (act: (ticket: Ticket) => unknown) => () => {
    const ticket = walk.current();
    if (ticket) void act(ticket);
    else walk.step(1);
  };
  useKeys(wanted, {
    j: () => walk.step(1), k: () => walk.step(-1),
    a: withTicket(acts.take), e: withTicket((ticket) => acts.setState(ticket, 'solved')), n: withTicket(setNoting),
    r: withTicket((ticket) => navigate({ to: `/o/${org}/desk/${ticket.id}`, hash: 'reply' })),
    p: () => setDialog('phone'), '?': () => setDialog('keys'), '/': () => search.current?.querySelector('input')?.focus(),
  });
  const late = counts.data?.late ?? 0;
  const refused = list.rows.length === 0 ? list.problem : null;
  return (
    <Page
      title={t.queue.title}
      lead={late > 0 ? t.queue.late(f.count(late)) : t.queue.calm}
      action={<Button kind="main" icon="phone" onClick={() => setDialog('phone')}>{t.queue.phone}</Button>}
      state={refused ? stateOf({ isPending: false, error: refused, refetch: list.retry }) : null}
    >
      <div className={css.queue}>
        <Counts org={org} filter={filter} onFilter={setFilter} />
        <Filters org={org} filter={filter} onFilter={setFilter} place={search} />
        {list.loading ? <Skeleton lines={8} /> : list.rows.length === 0 ? <Nothing filter={asked} onAll={() => setFilter(everything)} /> : (
          <ul ref={place} className={css.rows} aria-label={t.queue.list} onFocus={walk.remember}>
            {list.rows.map((ticket) => <TicketRow key={ticket.id} org={org} ticket={ticket} now={now} />)}
          </ul>
        )}
        <div className={css.foot}>
          {list.rows.length > 0 ? <p role="status">{list.total ? texts.ui.table.all(f.total(list.total)) : t.queue.shown(f.count(list.rows.length))}</p> : <span />}
          <Button kind="quiet" onClick={() => setDialog('keys')}>{t.keys.open}</Button>
        </div>
        {list.more.has ? <Button onClick={list.more.load} busy={list.more.loading}>{texts.common.more}</Button> : null}
        <Actions>
          <ButtonLink to={`/o/${org}/desk/statistics`} icon="trend">{t.queue.statistics}</ButtonLink>
          <ButtonLink to={`/o/${org}/desk/templates`} icon="copy">{t.queue.templates}</ButtonLink>
          <ButtonLink to={`/o/${org}/desk/bursts`} icon="group">{t.bursts.title}</ButtonLink>
          <ButtonLink to={`/o/${org}/desk/rules`} icon="look">{t.rules.title}</ButtonLink>
        </Actions>
      </div>
      <Dialog open={dialog === 'phone'} onClose={() => setDialog(null)} title={t.phone.title}><PhoneForm org={org} onSaved={() => setDialog(null)} /></Dialog>
      <KeysDialog open={dialog === 'keys'} onClose={() => setDialog(null)} wanted={wanted} onWanted={setWanted} />
      <NoteDialog org={org} ticket={noting} onClose={() => setNoting(null)} />
    </Page>
  );
}

function Nothing({ filter, onAll }: { filter: Filter; onAll: () => void }) {
  const t = useTexts().desk.queue;
  return narrowed(filter) || filter.q.trim() !== ''
    ? <StateNote state={{ kind: 'empty', title: t.noneTitle, why: t.noneWhy, action: <Button onClick={onAll}>{t.clear}</Button> }} />
    : <StateNote state={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }} />;
}
