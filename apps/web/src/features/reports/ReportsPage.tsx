import { orgs, prove, type Received } from '@banya/contract';
import { isoDate } from '@banya/jp';
import { useApi, useList } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { DataTable, Page } from '../../ui/index.ts';
import { MakeNow } from './MakeNow.tsx';
import { VerdictTag } from './parts.tsx';

type Head = Received<typeof prove.reports.list>['items'][number];

/** Every month's report with its verdict; older versions stay readable. */
export default function ReportsPage() {
  const t = useTexts().reports;
  const { aside } = useTexts().common;
  const f = useFormat();
  const org = useOrg();
  const mayMake = useMay('reports.write');
  const list = useList(prove.reports.list, { params: { org } });
  const here = useApi(orgs.tree.get, { params: { org } }, { staleMs: 300_000 });
  const month = isoDate(new Date(), here.data?.timeZone ?? 'Asia/Tokyo').slice(0, 7);
  const make = mayMake ? <MakeNow month={month} words={t.make} /> : null;
  return (
    <Page title={t.title} lead={t.lead} action={list.rows.length > 0 ? make : null}>
      <DataTable<Head>
        caption={t.title} remember="reports" list={list} rowKey={(row) => `${row.month} ${row.version}`}
        to={(row) => (row.latest ? `/o/${org}/reports/${row.month}` : `/o/${org}/reports/${row.month}/${row.version}`)}
        empty={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy, action: make }}
        columns={[
          { id: 'month', title: t.month, main: true, cell: (row) => f.month(row.month) },
          { id: 'verdict', title: t.verdict, cell: (row) => <VerdictTag verdict={row.verdict} /> },
          { id: 'version', title: t.version, cell: (row) => (row.latest ? `${t.nth(row.version)}${aside(t.latest)}` : t.nth(row.version)) },
          { id: 'made', title: t.made, cell: (row) => f.when(row.closedAt) },
          { id: 'reason', title: t.reason, cell: (row) => t.reasons[row.reason] },
        ]}
      />
    </Page>
  );
}
