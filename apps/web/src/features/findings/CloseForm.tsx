import { findings } from '@banya/contract';
import { useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, Form, Panel, RadioField, SelectField, StateNote, StateTag, TextArea, useForm, useUndo } from '../../ui/index.ts';
import type { Detail } from './FindingPage.tsx';
import css from './findings.module.css';

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
  const form = useForm({
    initial: { outcome: 'handled', note: '', quietDays: '' }, labels: { outcome: t.closeOutcome, note: t.closeNote, quietDays: t.closeQuiet }, schema,
    messages: {},
    toBody: ({ outcome, note, quietDays }) => ({ outcome: outcome as Outcome, ...(note.trim() ? { note: note.trim() } : {}), ...(quietDays ? { quietDays: Number(quietDays) } : {}) }),
    send: async (body) => {
      await close.mutateAsync({ params, body });
      say({ text: t.closed, undo: () => reopen.mutateAsync({ params }) });
    },
  });
  const outcome = form.values.outcome as Outcome;
  const mistaken = outcome === 'false_alarm';
  const note = form.bind('note');
  return (
    <div data-screen-only>
      <Panel>
        <Form form={form} action={t.close}>
          <RadioField
            {...form.bind('outcome')} onChange={(value) => form.set({ outcome: value, quietDays: usualDays[value as Outcome] })}
            options={[{ value: 'handled', label: t.closeHandled, help: t.closeHandledHelp }, { value: 'known', label: t.closeKnown, help: t.closeKnownHelp }, { value: 'false_alarm', label: t.closeFalse, help: t.closeFalseHelp }]}
          />
          {outcome === 'handled' ? null : <SelectField {...form.bind('quietDays')} options={choices.map((days) => ({ value: String(days), label: t.days(days) }))} />}
          {mistaken ? <TextArea {...note} label={t.closeReason} help={t.closeReasonHelp} rows={2} /> : <TextArea {...note} help={t.closeNoteHelp} rows={2} optional />}
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
  const note = finding.history.findLast((moment) => moment.what === 'closed')?.note;
  return (
    <Panel>
      <p className={css.stand}><StateTag state="done" word={finding.outcome ? t.outcome[finding.outcome] : t.closedTitle} />{finding.closedBy && finding.closedAt ? <span>{t.closedBy(finding.closedBy, f.when(finding.closedAt))}</span> : null}</p>
      {note ? <p>{note}</p> : null}
      {reopen.error ? <StateNote state={{ kind: 'error', problem: reopen.error }} /> : null}
      {mayWrite ? <div><Button busy={reopen.isPending} onClick={() => reopen.mutate({ params: { org, finding: finding.id } }, { onSuccess: () => say({ text: t.reopened }) })}>{t.reopen}</Button></div> : null}
    </Panel>
  );
}
