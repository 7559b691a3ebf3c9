import { samples, type Received } from '@banya/contract';
import { useList } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { DataTable, GoLink, Page } from '../../ui/index.ts';
import { MailTag } from './Stand.tsx';
import css from './mail.module.css';

export type Campaign = Received<typeof samples.campaigns.list>['items'][number];
/** A campaign stands as a judged mail does. */
export const standOf = (c: Pick<Campaign, 'verdict' | 'decision'>) => ({ state: c.verdict || c.decision ? ('judged' as const) : ('waiting' as const), verdict: c.verdict, decision: c.decision });

/** The same mail at several members: numbers only, unless a member shares the mail. */
export default function CampaignsPage() {
  const { campaigns: t, queue, sample } = useTexts().mail;
  const f = useFormat();
  const org = useOrg();
  const list = useList(samples.campaigns.list, { params: { org } });
  return (
    <Page title={t.title} lead={t.lead}>
      <DataTable<Campaign>
        caption={t.caption} remember="campaigns" list={list} rowKey={(row) => row.id} to={(row) => `/o/${org}/desk/campaigns/${row.id}`} empty={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }}
        columns={[
          { id: 'state', title: t.state, cell: (row) => <MailTag sample={standOf(row)} /> },
          { id: 'mail', title: t.mail, main: true, cell: (row) => <span className={css.subject}>{row.subject ?? t.unseen}</span> },
          { id: 'members', title: t.members, align: 'end', cell: (row) => f.number(row.members) },
          { id: 'reports', title: t.reports, align: 'end', cell: (row) => f.number(row.reports) },
          { id: 'touched', title: t.touched, align: 'end', cell: (row) => f.number(row.touched) },
          { id: 'last', title: t.last, cell: (row) => <span className={css.name}>{f.relative(row.lastAt) ?? f.date(row.lastAt)}</span> },
          { id: 'first', title: t.first, hidden: true, cell: (row) => f.date(row.firstAt) },
          { id: 'warned', title: t.warned, cell: (row) => (row.bulletin ? t.warnedYes : t.warnedNo) },
        ]}
      />
      <p data-screen-only><GoLink to={`/o/${org}/desk/mails`}>{sample.back}</GoLink>　<GoLink to={`/o/${org}/desk/warnings`}>{queue.warnings}</GoLink></p>
    </Page>
  );
}
