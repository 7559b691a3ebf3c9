import { findings, type Received } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { DataTable, GoLink, Page, stateOf, StateTag } from '../../ui/index.ts';

type Usual = Received<typeof findings.usual>['items'][number];

/** What is known of ordinary days: why something is told as new, and why nothing is in the first two weeks. */
export default function UsualPage() {
  const t = useTexts().findings;
  const u = t.usual;
  const f = useFormat();
  const org = useOrg();
  const read = useApi(findings.usual, { params: { org } });
  const state = stateOf(read);
  const learning = (row: Usual): boolean => Date.parse(row.tellsFrom) > Date.now();
  return (
    <Page title={u.title} lead={u.lead} action={<GoLink to={`/o/${org}/findings`}>{t.toList}</GoLink>} {...(state ? { state } : {})}>
      <DataTable<Usual>
        caption={u.title} remember="findings.usual" list={{ rows: read.data?.items ?? [] }} rowKey={(row) => row.kind} empty={{ kind: 'empty', title: u.emptyTitle, why: u.emptyWhy }}
        columns={[
          { id: 'kind', title: u.what, main: true, cell: (row) => u.kinds[row.kind] },
          { id: 'state', title: t.state, cell: (row) => (learning(row) ? <StateTag state="quiet" word={u.learning} /> : <StateTag state="done" word={u.telling} />) },
          { id: 'since', title: u.since, cell: (row) => f.date(row.since) },
          { id: 'from', title: u.from, cell: (row) => f.date(row.tellsFrom) },
          { id: 'values', title: u.values, align: 'end', cell: (row) => f.count(row.values) },
        ]}
      />
    </Page>
  );
}
