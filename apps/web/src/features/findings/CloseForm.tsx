import { findings } from '@banya/contract';
import { useState } from 'react';
import { once, useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, Form, Panel, RadioField, SelectField, StateNote, TextArea, useForm, useUndo } from '../../ui/index.ts';
import { inOrder } from './days.ts';
import type { Detail } from './FindingPage.tsx';

type Outcome = 'known' | 'handled' | 'false_alarm';
/** How long the same stays quiet when nothing else is chosen: as the server would. */
const usualDays: Readonly<Record<Outcome, string>> = { known: '30', handled: '', false_alarm: '90' };
const choices = [7, 30, 90, 180, 365] as const;
const touches = ['home', 'suppressions', 'executive'] as const;

/** A false alarm needs its reason: nobody can judge a silence later that says nothing. */
const schema = findings.close.body.refine((body) => body.outcome !== 'false_alarm' || body.note !== undefined, { path: ['note'] });

/** How it ended; closed at once, and taken back from the message that says so. */
export function CloseForm({ finding }: { finding: Detail }) {
  const t = useTexts().findings;
  const org = useOrg();
  const say = useUndo();
  const params = { org, finding: finding.id };
  const close = useAct(findings.close, { touches });
  const reopen = useAct(findings.reopen, { touches });
  const [outcome, setOutcome] = useState<Outcome>('handled');
  const mistaken = outcome === 'false_alarm';
  const form = useForm({
    initial: { note: '', quietDays: '' }, labels: { note: mistaken ? t.closeReason : t.closeNote, quietDays: t.closeQuiet }, schema,
    toBody: ({ note, quietDays }) => ({ outcome, ...(note.trim() ? { note: note.trim() } : {}), ...(quietDays ? { quietDays: Number(quietDays) } : {}) }),
    send: async (body) => {
      await close.mutateAsync({ params, body });
      say({ text: t.closed, undo: () => reopen.mutateAsync({ params }) });
    },
  });
  const choose = (next: string) => {
    setOutcome(next as Outcome);
    form.set({ quietDays: usualDays[next as Outcome] });
  };
  return (
    <div data-screen-only>
      <Panel>
        <Form form={form} action={t.close}>
          <RadioField
            label={t.closeOutcome} value={outcome} onChange={choose}
            options={[{ value: 'handled', label: t.closeHandled, help: t.closeHandledHelp }, { value: 'known', label: t.closeKnown, help: t.closeKnownHelp }, { value: 'false_alarm', label: t.closeFalse, help: t.closeFalseHelp }]}
          />
          {mistaken && finding.entity ? <p>{t.closeWill(finding.entity)}</p> : null}
          {outcome === 'handled' ? null : <SelectField {...form.bind('quietDays')} options={choices.map((days) => ({ value: String(days), label: t.days(days) }))} />}
          <TextArea {...form.bind('note')} help={mistaken ? t.closeReasonHelp : t.closeNoteHelp} rows={2} optional={!mistaken} />
        </Form>
      </Panel>
    </div>
  );
}

/** Says how a closed finding ended, and opens it again. */
export function Closed({ finding, mayWrite }: { finding: Detail; mayWrite: boolean }) {
  const t = useTexts().findings;
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const reopen = useAct(findings.reopen, { touches });
  const note = inOrder(finding.history).findLast((moment) => moment.what === 'closed')?.note;
  return (
    <Panel>
      {finding.closedBy && finding.closedAt ? <p>{t.closedBy(finding.closedBy, f.when(finding.closedAt))}</p> : null}
      {note ? <p>{note}</p> : null}
      {reopen.error ? <StateNote state={{ kind: 'error', problem: reopen.error }} /> : null}
      {mayWrite ? <div><Button busy={reopen.isPending} onClick={() => once(reopen.mutateAsync({ params: { org, finding: finding.id } }), () => say({ text: t.reopened }))}>{t.reopen}</Button></div> : null}
    </Panel>
  );
}
