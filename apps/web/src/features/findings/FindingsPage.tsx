import { findings, findingStates, severities, type Received } from '@banya/contract';
import { urlOf, useList, useSteady } from '../../api/index.ts';
import { useFilters, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, DataTable, GoLink, Page, SelectField, TextField } from '../../ui/index.ts';
import { FindingState } from './FindingState.tsx';
import css from './findings.module.css';

type Finding = Received<typeof findings.list>['items'][number];
const oneOf = <const T extends string>(all: readonly T[], value: string): T | undefined => all.find((one) => one === value);

/** Findings, those still open first of all. */
export default function FindingsPage() {
  const t = useTexts().findings;
  const f = useFormat();
  const org = useOrg();
  const filters = useFilters('show', 'severity', 'q');
  const { show, severity, q } = filters.settled;
  const state = show === 'all' ? undefined : (oneOf(findingStates, show) ?? 'open');
  // What is told for information only is many, and asks for nothing: it shows when it is asked for.
  const weight = severity === 'all' ? undefined : (oneOf(severities, severity) ?? (state === 'open' ? 'act' : undefined));
  const list = useSteady(useList(findings.list, { params: { org }, query: { ...(state ? { state } : {}), ...(weight ? { severity: weight } : {}), ...(q.trim() ? { q: q.trim().slice(0, 100) } : {}) } }), org);
  const narrowed = severity !== '' || q.trim() !== '';
  const empty = state === 'closed' ? { kind: 'empty' as const, title: t.emptyClosedTitle, why: t.emptyClosedWhy } : { kind: 'empty' as const, title: t.emptyTitle, why: t.emptyWhy };
  return (
    <Page title={t.title} lead={t.lead} action={<Actions><GoLink to={`/o/${org}/findings/quiet`}>{t.toQuiet}</GoLink><GoLink to={`/o/${org}/findings/maintenance`}>{t.toMaintenance}</GoLink><GoLink to={`/o/${org}/findings/usual`}>{t.toUsual}</GoLink></Actions>}>
      <DataTable<Finding>
        caption={t.title} remember="findings" list={list} rowKey={(row) => row.id} to={(row) => `/o/${org}/findings/${row.id}`}
        excelHref={urlOf(findings.export, { params: { org }, query: state ? { state } : {} })}
        {...(narrowed ? {} : { empty })}
        filters={(
          <>
            <TextField label={t.search} kind="search" value={filters.values.q} onChange={(value) => filters.set('q', value)} />
            <SelectField label={t.show} value={filters.values.show} onChange={(value) => filters.set('show', value)} options={[{ value: '', label: t.shownOpen }, { value: 'closed', label: t.shownClosed }, { value: 'all', label: t.shownAll }]} />
            <SelectField label={t.weight} value={filters.values.severity} onChange={(value) => filters.set('severity', value)} options={[{ value: '', label: state === 'open' ? t.actWeight : t.anyWeight }, ...severities.map((value) => ({ value, label: t.severity[value] })), ...(state === 'open' ? [{ value: 'all', label: t.anyWeight }] : [])]} />
          </>
        )}
        columns={[
          { id: 'state', title: t.state, cell: (row) => <FindingState finding={row} /> },
          { id: 'title', title: t.what, main: true, cell: (row) => row.title },
          { id: 'asset', title: t.asset, cell: (row) => <>{row.asset?.name ?? (row.kind === 'digest' ? t.daySummary(f.date(row.lastAt)) : row.entity)}{row.asset?.owner ? <><br /><span className={css.aside}>{row.asset.owner}</span></> : null}</> },
          { id: 'count', title: t.count, align: 'end', cell: (row) => f.count(row.count) },
          { id: 'first', title: t.first, hidden: true, cell: (row) => f.dateTime(row.firstAt) },
          { id: 'last', title: t.last, cell: (row) => f.dateTime(row.lastAt) },
          { id: 'assignee', title: t.assignee, cell: (row) => row.assignee?.name ?? '—' },
        ]}
      />
    </Page>
  );
}
