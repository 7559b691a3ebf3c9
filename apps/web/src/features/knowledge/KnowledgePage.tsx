import { desk } from '@banya/contract';
import { useList, useSteady } from '../../api/index.ts';
import { useFilters, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { ButtonLink, DataTable, Page, StateTag, TextField } from '../../ui/index.ts';

/** The knowledge articles as the desk sees them: drafts too, and how many people each has helped. */
export default function KnowledgePage() {
  const t = useTexts().knowledge;
  const common = useTexts().common;
  const f = useFormat();
  const org = useOrg();
  const { values, settled, set } = useFilters('q');
  const q = settled.q.trim().slice(0, 100);
  const list = useSteady(useList(desk.knowledge.list, { params: { org }, query: q ? { q } : {} }), org);
  const add = <ButtonLink kind="main" to={`/o/${org}/knowledge/new`}>{t.add}</ButtonLink>;
  return (
    <Page title={t.title} lead={t.lead} action={add}>
      <DataTable
        caption={t.caption} remember="knowledge" list={list} rowKey={(a) => a.id} to={(a) => `/o/${org}/knowledge/${a.id}`}
        filters={<TextField label={t.search} kind="search" value={values.q} onChange={(word) => set('q', word)} />}
        {...(q ? {} : { empty: { kind: 'empty' as const, title: t.emptyTitle, why: t.emptyWhy } })}
        columns={[
          { id: 'title', title: t.article, main: true, cell: (a) => a.title },
          { id: 'state', title: t.state, cell: (a) => <StateTag state={a.published ? 'done' : 'quiet'} word={a.published ? t.published : t.draft} /> },
          { id: 'helped', title: t.helped, align: 'end', cell: (a) => (a.helped === null ? common.unknown : f.count(a.helped, 'person')) },
          { id: 'updated', title: t.updated, cell: (a) => f.date(a.updatedAt) },
          { id: 'by', title: t.by, cell: (a) => a.by },
        ]}
      />
    </Page>
  );
}
