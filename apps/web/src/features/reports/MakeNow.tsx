import { prove } from '@banya/contract';
import { useNavigate } from '@tanstack/react-router';
import { once, useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, StateNote, useUndo } from '../../ui/index.ts';

/** Makes a month's report at once and opens it. */
export function MakeNow({ month, words }: { month: string; words: string }) {
  const t = useTexts().reports;
  const f = useFormat();
  const org = useOrg();
  const navigate = useNavigate();
  const say = useUndo();
  const make = useAct(prove.reports.make, { touches: ['home', 'executive'] });
  const go = () => once(make.mutateAsync({ params: { org, month } }), (head) => {
    say({ text: t.madeNow(f.month(head.month), t.nth(head.version)) });
    void navigate({ to: `/o/${org}/reports/${head.month}` });
  });
  return (
    <>
      <Button kind="main" icon="report" busy={make.isPending} onClick={go}>{words}</Button>
      {make.error ? <StateNote state={{ kind: 'error', problem: make.error }} /> : null}
    </>
  );
}
