import { federate, type Received } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { DataTable, GoLink, Page, StateTag, stateOf, type State } from '../../ui/index.ts';

type Rule = Received<typeof federate.rules>['items'][number];
const tone: Record<Rule['advice'], State> = { keep: 'done', tune: 'look', retire: 'now', unknown: 'quiet' };

/** Which rules are worth their trouble, by how leads closed what they found. */
export default function RulesPage() {
  const t = useTexts().desk.rules;
  const f = useFormat();
  const org = useOrg();
  const read = useApi(federate.rules, { params: { org } });
  return (
    <Page title={t.title} lead={t.lead} action={<GoLink to={`/o/${org}/desk`}>{t.toQueue}</GoLink>} state={stateOf(read)}>
      <DataTable<Rule>
        caption={t.title} remember="desk.rules" rowKey={(r) => r.ruleId} empty={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }}
        list={{ rows: read.data?.items ?? [] }}
        columns={[
          { id: 'rule', title: t.rule, main: true, cell: (r) => r.title },
          { id: 'advice', title: t.advice, cell: (r) => <><StateTag state={tone[r.advice]} word={t.advices[r.advice]} /><br />{t.why[r.advice]}</> },
          { id: 'members', title: t.members, align: 'end', cell: (r) => f.number(r.members) },
          { id: 'handled', title: t.handled, align: 'end', cell: (r) => f.number(r.handled + r.ticket) },
          { id: 'known', title: t.known, align: 'end', cell: (r) => f.number(r.known) },
          { id: 'false', title: t.falseAlarm, align: 'end', cell: (r) => f.number(r.falseAlarm) },
        ]}
      />
    </Page>
  );
}
