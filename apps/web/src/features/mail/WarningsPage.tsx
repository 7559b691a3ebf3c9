import { samples, type Received } from '@banya/contract';
import { useList } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { DataTable, Page, StateTag } from '../../ui/index.ts';
import css from './mail.module.css';

type Warning = Received<typeof samples.warnings.list>['items'][number];

/** Warnings as a member gets them. */
export default function WarningsPage() {
  const t = useTexts().mail.warnings;
  const f = useFormat();
  const org = useOrg();
  const list = useList(samples.warnings.list, { params: { org } });
  return (
    <Page title={t.title} lead={t.lead}>
      <DataTable<Warning>
        caption={t.title} remember="warnings" list={list} rowKey={(row) => row.id} to={(row) => `/o/${org}/warnings/${row.id}`} empty={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }}
        columns={[
          { id: 'title', title: t.subject, main: true, cell: (row) => <span className={css.subject}>{row.title}</span> },
          { id: 'state', title: t.state, cell: (row) => <StateTag state={row.read ? 'done' : 'look'} word={row.read ? t.read : t.unread} /> },
          { id: 'seen', title: t.seen, cell: (row) => (row.seen ? <StateTag state="now" word={t.tagYes} /> : row.seen === null ? t.tagUnknown : t.tagNo) },
          { id: 'at', title: t.at, cell: (row) => <span className={css.name}>{f.date(row.at)}</span> },
        ]}
      />
    </Page>
  );
}
