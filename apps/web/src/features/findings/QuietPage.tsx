import { findings, type Received } from '@banya/contract';
import { once, useAct, useList } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, DataTable, GoLink, Page, StateNote, useUndo, type Column } from '../../ui/index.ts';

type Quiet = Received<typeof findings.suppressions>['items'][number];

/** What has been closed as a false alarm and stays quiet until a day. */
export default function QuietPage() {
  const t = useTexts().findings;
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const mayWrite = useMay('findings.write');
  const list = useList(findings.suppressions, { params: { org } });
  const end = useAct(findings.endSuppression, { touches: ['findings', 'home'] });
  const stop = (quiet: Quiet) => once(end.mutateAsync({ params: { org, suppression: quiet.id } }), () => say({ text: t.quietEnded }));
  const columns: Column<Quiet>[] = [
    { id: 'rule', title: t.quietWhat, main: true, cell: (quiet) => quiet.ruleTitle },
    { id: 'entity', title: t.quietEntity, cell: (quiet) => quiet.entity ?? t.quietAll },
    { id: 'reason', title: t.quietReason, cell: (quiet) => quiet.reason || '—' },
    { id: 'by', title: t.quietBy, cell: (quiet) => quiet.by },
    { id: 'until', title: t.quietUntil, cell: (quiet) => f.date(quiet.expiresAt) },
    ...(mayWrite ? [{ id: 'end', title: t.quietEnd, cell: (quiet: Quiet) => <Button busy={end.isPending} label={`${t.quietEnd}: ${quiet.ruleTitle}`} onClick={() => stop(quiet)}>{t.quietEnd}</Button> }] : []),
  ];
  return (
    <Page title={t.quietTitle} lead={t.quietLead} action={<GoLink to={`/o/${org}/findings`}>{t.toList}</GoLink>}>
      {end.error ? <StateNote state={{ kind: 'error', problem: end.error }} /> : null}
      <DataTable<Quiet> caption={t.quietTitle} remember="findings.quiet" list={list} rowKey={(quiet) => quiet.id} empty={{ kind: 'empty', title: t.quietEmptyTitle, why: t.quietEmptyWhy }} columns={columns} />
    </Page>
  );
}
