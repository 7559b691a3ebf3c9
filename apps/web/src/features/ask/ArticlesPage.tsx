import { desk, type Received } from '@banya/contract';
import { useList, useSteady } from '../../api/index.ts';
import { useFilters, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { ButtonLink, DataTable, Page, TextField } from '../../ui/index.ts';

type Article = Received<typeof desk.knowledge.list>['items'][number];

/** 知恵袋: what the desk has written for everybody. */
export default function ArticlesPage() {
  const t = useTexts().ask;
  const f = useFormat();
  const org = useOrg();
  const filters = useFilters('q');
  const q = filters.settled.q.trim().slice(0, 100);
  const list = useSteady(useList(desk.knowledge.list, { params: { org }, query: q ? { q } : {} }), org);
  const ask = <ButtonLink icon="ticket" to={`/o/${org}/ask/question`}>{t.toAsk}</ButtonLink>;
  return (
    <Page title={t.articlesTitle} lead={t.articlesLead} action={ask}>
      <DataTable<Article>
        caption={t.articlesTitle} remember="articles" list={list} rowKey={(row) => row.id} to={(row) => `/o/${org}/articles/${row.id}`}
        {...(q ? {} : { empty: { kind: 'empty', title: t.articlesEmptyTitle, why: t.articlesEmptyWhy } })}
        filters={<TextField label={t.search} kind="search" value={filters.values.q} onChange={(value) => filters.set('q', value)} />}
        columns={[
          { id: 'title', title: t.articleTitle, main: true, cell: (row) => row.title },
          { id: 'summary', title: t.articleSummary, cell: (row) => row.summary },
          { id: 'updated', title: t.articleUpdated, cell: (row) => f.date(row.updatedAt) },
        ]}
      />
    </Page>
  );
}
