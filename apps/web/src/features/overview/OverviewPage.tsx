import { federate, type Received } from '@banya/contract';
import { urlOf, useApi, useList, useSteady } from '../../api/index.ts';
import { useFilters, useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts, type Formats, type Texts } from '../../texts/index.tsx';
import { ButtonLink, DataTable, Details, Icon, Page, SelectField, stateOf, TextField, type Column } from '../../ui/index.ts';
import { cellWords, columnNames, type ColumnName, type Row } from './cells.ts';
import { Sparkline } from './Sparkline.tsx';
import css from './overview.module.css';

type Sums = Received<typeof federate.overview>['sums'];

/** The map of members: those who need a hand first, each figure with its word, nothing that is not shared. */
export default function OverviewPage() {
  const t = useTexts().overview;
  const f = useFormat();
  const org = useOrg();
  const mayAdd = useMay('org.create');
  const { values, settled, set } = useFilters('q', 'sort');
  const sort = settled.sort === 'name' ? 'name' : 'need';
  const sums = useApi(federate.overview, { params: { org }, query: { limit: 1 } });
  const list = useSteady(useList(federate.overview, { params: { org }, query: { sort, ...(settled.q.trim() ? { q: settled.q.trim().slice(0, 100) } : {}) } }), org);
  const columns: readonly Column<Row>[] = [
    { id: 'name', title: t.member, main: true, cell: (row) => <span className={css.name}>{row.name}{calm(row) ? <span className={css.calm}>{t.allCalm}</span> : null}</span> },
    ...columnNames.map((name): Column<Row> => ({ id: name, title: t.columns[name], cell: (row) => <Cell row={row} column={name} /> })),
    { id: 'trend', title: t.trend, cell: (row) => <Sparkline weeks={row.trend} /> },
    { id: 'updated', title: t.updated, hidden: true, cell: (row) => (row.updatedAt ? f.when(row.updatedAt) : t.cells.unknown) },
  ];
  return (
    <Page title={t.title} lead={sums.data ? sentence(sums.data.sums, t, f) : null} state={stateOf(sums)}>
      <DataTable
        caption={t.caption} remember="overview" columns={columns} list={list} rowKey={(row) => row.member} to={(row) => `/o/${org}/members/${row.member}`} unit="org"
        excelHref={urlOf(federate.export, { params: { org } })}
        filters={
          <>
            <TextField label={t.search} kind="search" value={values.q} onChange={(q) => set('q', q)} />
            <SelectField label={t.sort} value={values.sort || 'need'} onChange={(v) => set('sort', v === 'need' ? '' : v)} options={[{ value: 'need', label: t.sortNeed }, { value: 'name', label: t.sortName }]} />
          </>
        }
        empty={settled.q.trim() ? { kind: 'empty', title: t.noneTitle, why: t.noneWhy } : { kind: 'empty', title: t.emptyTitle, why: `${t.emptyWhy}${t.emptyWait}`, ...(mayAdd ? { action: <ButtonLink kind="main" to={`/o/${org}/members/new`}>{t.emptyAction}</ButtonLink> } : {}) }}
      />
      <Details summary={t.howTitle}>{t.how.map((line) => <p key={line}>{line}</p>)}</Details>
    </Page>
  );
}

/** On a phone figures that are well are left out; then a card with none left says so. */
const calm = (row: Row): boolean => columnNames.every((name) => row[name].state === 'good');

function sentence(sums: Sums, t: Texts['overview'], f: Formats): string {
  const members = t.members(sums.members);
  const first = sums.openNow > 0 ? t.sum(members, f.count(sums.openNow)) : t.sumCalm(members);
  const rest = [
    ...(sums.silent > 0 ? [t.silent(f.number(sums.silent))] : []), ...(sums.late > 0 ? [t.late(f.number(sums.late))] : []), ...(sums.noLead > 0 ? [t.noLead(f.number(sums.noLead))] : []),
  ];
  return rest.length === 0 ? first : `${first}${t.also(rest.join(t.join))}`;
}

function Cell({ row, column }: { row: Row; column: ColumnName }) {
  const t = useTexts().overview.cells;
  const f = useFormat();
  const said = cellWords(column, row[column], f, t);
  return (
    <span className={css.cell} data-state={said.state} data-shared={row[column].state !== 'notShared'}>
      {said.figure === null ? null : <strong>{said.state === 'now' || said.state === 'look' ? <Icon name={said.state} size={0.875} /> : null}{said.figure}</strong>}
      <span>{said.word}</span>
    </span>
  );
}
