import { mailVerdicts, orgs, samples } from '@banya/contract';
import { useApi, useList, useSteady } from '../../api/index.ts';
import { useFilters, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, ButtonLink, DataTable, Page, SearchSelect, SelectField, StateTag, TextField } from '../../ui/index.ts';
import { Did } from './Did.tsx';
import type { Sample } from './kinds.ts';
import { MailTag } from './Stand.tsx';
import css from './mail.module.css';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The desk's mails over all members, walked by keys; those not decided yet unless asked otherwise. */
export default function QueuePage() {
  const texts = useTexts().mail;
  const t = texts.queue;
  const columns = texts.list;
  const f = useFormat();
  const org = useOrg();
  const filters = useFilters('show', 'verdict', 'member', 'q');
  const { settled } = filters;
  const verdict = mailVerdicts.find((one) => one === settled.verdict);
  const q = settled.q.trim().slice(0, 100);
  const show = settled.show === 'all' ? 'all' : 'open';
  const list = useSteady(useList(samples.queue.list, { params: { org }, query: { show, ...(verdict ? { verdict } : {}), ...(q ? { q } : {}), ...(uuid.test(settled.member) ? { member: settled.member } : {}) } }), org);
  const members = useApi(orgs.tree.children, { params: { org }, query: { limit: 200 } }, { staleMs: 300_000 }).data?.items ?? [];
  return (
    <Page title={t.title} lead={show === 'all' ? t.leadAll : t.lead}>
      <DataTable<Sample>
        caption={t.title} remember="deskMails" list={list} rowKey={(row) => row.id} to={(row) => `/o/${org}/desk/mails/${row.id}`}
        {...(filters.any ? {} : { empty: { kind: 'empty', title: t.emptyTitle, why: t.emptyWhy } })}
        filters={(
          <>
            <TextField label={columns.search} kind="search" value={filters.values.q} onChange={(value) => filters.set('q', value)} />
            <SelectField label={t.show} value={filters.values.show} onChange={(value) => filters.set('show', value)} options={[{ value: '', label: t.open }, { value: 'all', label: columns.all }]} />
            <SelectField label={columns.verdict} value={filters.values.verdict} onChange={(value) => filters.set('verdict', value)} options={[{ value: '', label: columns.all }, ...mailVerdicts.map((value) => ({ value, label: texts.short[value] }))]} />
            <SearchSelect label={columns.member} value={filters.values.member || 'all'} onChange={(value) => filters.set('member', value === 'all' ? '' : value)} options={[{ value: 'all', label: t.anyMember }, ...members.map((one) => ({ value: one.id, label: one.name }))]} />
          </>
        )}
        columns={[
          { id: 'verdict', title: columns.verdict, cell: (row) => <MailTag sample={row} /> },
          { id: 'subject', title: columns.subject, main: true, cell: (row) => <span className={css.subject}>{row.subject || texts.noSubject}</span> },
          { id: 'from', title: columns.from, cell: (row) => <span className={css.small}>{row.from}</span> },
          { id: 'member', title: columns.member, cell: (row) => <span className={css.name}>{row.orgName}</span> },
          { id: 'reporter', title: columns.reporter, hidden: true, cell: (row) => row.reporter.name },
          { id: 'did', title: columns.did, cell: (row) => (row.asked ? <Several asked={row.asked} /> : <Did touch={row.touched} />) },
          { id: 'at', title: columns.at, cell: (row) => <span className={css.name}>{f.relative(row.at) ?? f.date(row.at)}</span> },
        ]}
      />
      <Actions>
        <ButtonLink to={`/o/${org}/desk/campaigns`} icon="group">{t.campaigns}</ButtonLink>
        <ButtonLink to={`/o/${org}/desk/warnings`} icon="bell">{t.warnings}</ButtonLink>
        <ButtonLink to={`/o/${org}/desk/mails/statistics`} icon="trend">{t.statistics}</ButtonLink>
      </Actions>
    </Page>
  );
}

/** Of a mail that several of a member reported: how many, and how many of them opened it. */
function Several({ asked: { people, touched } }: { asked: NonNullable<Sample['asked']> }) {
  const t = useTexts().mail;
  return <span className={css.several}>{t.reportedBy(people)}{touched > 0 ? <StateTag state="now" word={t.openedBy(touched)} /> : null}</span>;
}
