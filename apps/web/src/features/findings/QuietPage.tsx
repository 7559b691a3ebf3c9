import { findings, type Received } from '@banya/contract';
import { useState } from 'react';
import { once, useAct, useList } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, DataTable, Drawer, GoLink, Page, StateNote, useUndo, type Column } from '../../ui/index.ts';
import { QuietForm, wordsOfCondition } from './QuietForm.tsx';

export type Quiet = Received<typeof findings.suppressions>['items'][number];

/** What is kept quiet: by which conditions, why, who answers for it, until when, and how often it was. */
export default function QuietPage() {
  const t = useTexts().findings;
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const mayWrite = useMay('findings.write');
  const list = useList(findings.suppressions, { params: { org } });
  const end = useAct(findings.endSuppression, { touches: ['findings', 'home'] });
  const [open, setOpen] = useState<string | null>(null);
  const shown = list.rows.find((quiet) => quiet.id === open);
  const stop = (quiet: Quiet) => once(end.mutateAsync({ params: { org, suppression: quiet.id } }), () => say({ text: t.quietEnded }));
  const columns: Column<Quiet>[] = [
    { id: 'rule', title: t.quietWhat, main: true, cell: (quiet) => quiet.ruleTitle },
    { id: 'entity', title: t.quietEntity, cell: (quiet) => (quiet.conditions ? quiet.conditions.map((c) => wordsOfCondition(c, t)).join(t.quietAnd) : quiet.entity || t.quietAll) },
    { id: 'reason', title: t.quietReason, cell: (quiet) => quiet.reason || '—' },
    { id: 'by', title: t.quietBy, cell: (quiet) => quiet.by },
    { id: 'until', title: t.quietUntil, cell: (quiet) => f.date(quiet.expiresAt) },
    { id: 'hits', title: t.quietHits, align: 'end', cell: (quiet) => f.count(quiet.hits) },
    ...(mayWrite ? [{
      id: 'end', title: t.quietActs, cell: (quiet: Quiet) => (
        <Actions>
          <Button label={`${t.quietChange}: ${quiet.ruleTitle}`} onClick={() => setOpen(quiet.id)}>{t.quietChange}</Button>
          <Button busy={end.isPending} label={`${t.quietEnd}: ${quiet.ruleTitle}`} onClick={() => stop(quiet)}>{t.quietEnd}</Button>
        </Actions>
      ),
    }] : []),
  ];
  return (
    <Page title={t.quietTitle} lead={t.quietLead} action={<GoLink to={`/o/${org}/findings`}>{t.toList}</GoLink>}>
      {end.error ? <StateNote state={{ kind: 'error', problem: end.error }} /> : null}
      <DataTable<Quiet> caption={t.quietTitle} remember="findings.quiet" list={list} rowKey={(quiet) => quiet.id} empty={{ kind: 'empty', title: t.quietEmptyTitle, why: t.quietEmptyWhy }} columns={columns} />
      <Drawer open={shown !== undefined} onClose={() => setOpen(null)} title={t.quietChangeTitle}>{shown ? <QuietForm key={shown.id} quiet={shown} onDone={() => setOpen(null)} /> : null}</Drawer>
    </Page>
  );
}
