import { Link } from '@tanstack/react-router';
import { federate, type Received } from '@banya/contract';
import { useList } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { DataTable, GoLink, Page, StateTag } from '../../ui/index.ts';
import css from './desk.module.css';

type Burst = Received<typeof federate.bursts>['items'][number];

/** The same other side at three members or more: where, since when, and the finding of each member that shows it. */
export default function BurstsPage() {
  const t = useTexts().desk.bursts;
  const f = useFormat();
  const org = useOrg();
  const list = useList(federate.bursts, { params: { org } });
  return (
    <Page title={t.title} lead={t.lead} action={<GoLink to={`/o/${org}/desk/warnings`}>{t.toWarnings}</GoLink>}>
      <DataTable<Burst>
        caption={t.title} remember="desk.bursts" list={list} rowKey={(b) => b.id} empty={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }}
        columns={[
          { id: 'what', title: t.what, main: true, cell: (b) => <><StateTag state="now" word={t.kinds[b.kind]} /> <span className={css.wrap}>{b.indicator}</span></> },
          { id: 'members', title: t.members, align: 'end', cell: (b) => f.number(b.members) },
          { id: 'rule', title: t.rule, cell: (b) => b.ruleTitle },
          { id: 'first', title: t.first, cell: (b) => f.when(b.firstAt) },
          { id: 'third', title: t.third, cell: (b) => f.when(b.thirdAt) },
          { id: 'where', title: t.where, cell: (b) => <ul className={css.plain}>{b.byMember.map((m) => <li key={m.member}>{m.finding ? <Link to={`/o/${m.org}/findings/${m.finding}`}>{m.name}</Link> : <>{m.name}{t.closed}</>}</li>)}</ul> },
        ]}
      />
    </Page>
  );
}
