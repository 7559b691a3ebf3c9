import { mailVerdicts, samples } from '@banya/contract';
import { useList, useSteady } from '../../api/index.ts';
import { useFilters, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { ButtonLink, DataTable, GoLink, Page, SelectField, TextField } from '../../ui/index.ts';
import { Did } from './Did.tsx';
import type { Sample } from './kinds.ts';
import { MailTag } from './Stand.tsx';
import css from './mail.module.css';

/** Our mails: what was asked, and the answers. Staff see their own here. */
export default function MailsPage() {
  const texts = useTexts().mail;
  const t = texts.list;
  const f = useFormat();
  const org = useOrg();
  const filters = useFilters('verdict', 'q');
  const verdict = mailVerdicts.find((one) => one === filters.settled.verdict);
  const q = filters.settled.q.trim().slice(0, 100);
  const list = useSteady(useList(samples.member.list, { params: { org }, query: { ...(verdict ? { verdict } : {}), ...(q ? { q } : {}) } }), org);
  const ask = <ButtonLink kind="main" icon="mail" to={`/o/${org}/ask/mail`}>{t.ask}</ButtonLink>;
  return (
    <Page title={t.title} lead={t.lead} action={<>{ask}<GoLink to={`/o/${org}/warnings`}>{t.warnings}</GoLink></>}>
      <DataTable<Sample>
        caption={t.title} remember="mails" list={list} rowKey={(row) => row.id} to={(row) => `/o/${org}/mails/${row.id}`}
        {...(filters.any ? {} : { empty: { kind: 'empty', title: t.emptyTitle, why: t.emptyWhy } })}
        filters={(
          <>
            <TextField label={t.search} kind="search" value={filters.values.q} onChange={(value) => filters.set('q', value)} />
            <SelectField label={t.verdict} value={filters.values.verdict} onChange={(value) => filters.set('verdict', value)} options={[{ value: '', label: t.all }, ...mailVerdicts.map((value) => ({ value, label: texts.short[value] }))]} />
          </>
        )}
        columns={[
          { id: 'verdict', title: t.verdict, cell: (row) => <MailTag sample={row} /> },
          { id: 'subject', title: t.subject, main: true, cell: (row) => <span className={css.subject}>{row.subject || texts.noSubject}</span> },
          { id: 'from', title: t.from, cell: (row) => <span className={css.small}>{row.from}</span> },
          { id: 'reporter', title: t.reporter, cell: (row) => <span className={css.name}>{row.reporter.name}</span> },
          { id: 'did', title: t.did, cell: (row) => <Did touch={row.touched} /> },
          { id: 'at', title: t.at, cell: (row) => <span className={css.name}>{f.date(row.at)}</span> },
        ]}
      />
    </Page>
  );
}
