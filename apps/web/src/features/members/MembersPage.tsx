import { orgs } from '@banya/contract';
import { useList, useSteady } from '../../api/index.ts';
import { useFilters, useMay, useOrg } from '../../index.ts';
import { useLang, useTexts } from '../../texts/index.tsx';
import { ButtonLink, DataTable, Page, TextField } from '../../ui/index.ts';
import { industryName, prefectureName, sizeName } from './facts.ts';

/** The members of a federation, found by name or reading. */
export default function MembersPage() {
  const t = useTexts().members.list;
  const { lang } = useLang();
  const org = useOrg();
  const mayAdd = useMay('org.create');
  const { values, settled, set } = useFilters('q');
  const q = settled.q.trim().slice(0, 100);
  const list = useSteady(useList(orgs.tree.children, { params: { org }, query: q ? { q } : {} }), org);
  const add = mayAdd ? <ButtonLink kind="main" to={`/o/${org}/members/new`}>{t.add}</ButtonLink> : null;
  return (
    <Page title={t.title} action={<>{add}<ButtonLink to={`/o/${org}/members/unknown`} icon="device">{t.unknown}</ButtonLink></>}>
      <DataTable
        caption={t.caption} remember="members" list={list} rowKey={(m) => m.id} to={(m) => `/o/${org}/members/${m.id}`} unit="org"
        filters={<TextField label={t.search} kind="search" value={values.q} onChange={(word) => set('q', word)} />}
        {...(q ? {} : { empty: { kind: 'empty' as const, title: t.emptyTitle, why: mayAdd ? t.emptyWhy : t.emptyOther } })}
        columns={[
          { id: 'name', title: t.name, main: true, cell: (m) => m.name },
          { id: 'industry', title: t.industry, cell: (m) => industryName(m.industry, lang) ?? '—' },
          { id: 'size', title: t.size, cell: (m) => sizeName(m.sizeBand, lang) ?? '—' },
          { id: 'prefecture', title: t.prefecture, cell: (m) => prefectureName(m.prefecture, lang) ?? '—' },
          { id: 'phone', title: t.phone, cell: (m) => m.phone ?? '—' },
        ]}
      />
    </Page>
  );
}
