import { desk, ticketStates } from '@banya/contract';
import { useList, useSteady } from '../../api/index.ts';
import { useFilters, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { ButtonLink, DataTable, GoLink, Page, SelectField, TextField } from '../../ui/index.ts';
import { TicketState, type Ticket } from './TicketState.tsx';

/** Our questions to the desk. */
export default function TicketsPage() {
  const t = useTexts().tickets;
  const f = useFormat();
  const org = useOrg();
  const filters = useFilters('show', 'q');
  const state = ticketStates.find((one) => one === filters.settled.show);
  const q = filters.settled.q.trim().slice(0, 100);
  const list = useSteady(useList(desk.member.list, { params: { org }, query: { ...(state ? { state } : {}), ...(q ? { q } : {}) } }), org);
  const ask = <ButtonLink kind="main" icon="ticket" to={`/o/${org}/ask/question`}>{t.ask}</ButtonLink>;
  return (
    <Page title={t.title} lead={t.lead} action={<>{ask}<GoLink to={`/o/${org}/articles`}>{t.articles}</GoLink></>}>
      <DataTable<Ticket>
        caption={t.title} remember="tickets" list={list} rowKey={(row) => row.id} to={(row) => `/o/${org}/tickets/${row.id}`}
        {...(filters.any ? {} : { empty: { kind: 'empty', title: t.emptyTitle, why: t.emptyWhy } })}
        filters={(
          <>
            <TextField label={t.search} kind="search" value={filters.values.q} onChange={(value) => filters.set('q', value)} />
            <SelectField label={t.show} value={filters.values.show} onChange={(value) => filters.set('show', value)} options={[{ value: '', label: t.all }, ...ticketStates.map((value) => ({ value, label: t.states[value] }))]} />
          </>
        )}
        columns={[
          { id: 'state', title: t.state, cell: (row) => <TicketState ticket={row} /> },
          { id: 'subject', title: t.subject, main: true, cell: (row) => row.subject },
          { id: 'requester', title: t.requester, cell: (row) => row.requester.name },
          { id: 'updated', title: t.updated, cell: (row) => f.dateTime(row.updatedAt) },
          { id: 'number', title: t.number, align: 'end', cell: (row) => t.no(row.number) },
        ]}
      />
    </Page>
  );
}
