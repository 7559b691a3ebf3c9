import { useRef, useState } from 'react';
import { desk } from '@banya/contract';
import { useAct } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { CheckField, Form, GoLink, RadioField, TextArea, TextField, useForm } from '../../ui/index.ts';
import { CallerField, type Caller } from './CallerField.tsx';
import css from './desk.module.css';

const orNothing = <K extends string>(name: K, text: string): { [P in K]?: string } => (text.trim() === '' ? {} : ({ [name]: text.trim() } as { [P in K]?: string }));

interface Values { caller: Caller | null; callerName: string; subject: string; message: string; urgency: 'now' | 'today' | 'normal'; callback: string; solved: boolean }
const blank: Values = { caller: null, callerName: '', subject: '', message: '', urgency: 'normal', callback: '', solved: false };
const toBody = (v: Values) => ({
  member: v.caller?.member ?? '', ...(v.caller?.person ? { person: v.caller.person.id } : orNothing('callerName', v.callerName)), ...orNothing('callback', v.callback),
  subject: v.subject, message: v.message, urgency: v.urgency, solved: v.solved,
});

/**
 * The 30-second form, filled in with the receiver in one hand: a few letters, Enter, one line, Enter.
 * @param onSaved told when a call was taken down; without it the form is ready for the next call
 */
export function PhoneForm({ org, onSaved }: { org: string; onSaved?: () => void }) {
  const [saved, setSaved] = useState<{ id: string; number: number } | null>(null);
  return <OneCall key={saved?.id ?? ''} org={org} before={saved} onSaved={(ticket) => (onSaved ? onSaved() : setSaved(ticket))} />;
}

function OneCall({ org, before, onSaved }: { org: string; before: { id: string; number: number } | null; onSaved: (ticket: { id: string; number: number }) => void }) {
  const t = useTexts().desk;
  const p = t.phone;
  const phone = useAct(desk.queue.phone, { touches: ['tickets'] });
  const place = useRef<HTMLDivElement>(null);
  const form = useForm<Values, ReturnType<typeof toBody>>({
    initial: blank,
    labels: { caller: p.who, callerName: p.caller, subject: p.subject, message: p.note, urgency: p.urgency, callback: p.callback, solved: p.solved },
    schema: { safeParse: (body) => named(desk.queue.phone.body.safeParse(body)) },
    toBody,
    messages: { caller: p.needMember },
    send: async (body) => onSaved(await phone.mutateAsync({ params: { org }, body })),
  });
  const choose = (caller: Caller | null) => {
    form.set({ caller, callerName: '', callback: caller?.phone ?? '' });
    if (caller) setTimeout(() => place.current?.querySelector<HTMLElement>(caller.person ? '#field-subject' : '#field-callerName')?.focus(), 0);
  };
  return (
    <div ref={place} className={css.phone}>
      {before ? <p role="status" className={css.said}>{p.saved(before.number)}　<GoLink to={`/o/${org}/desk/${before.id}`}>{p.open}</GoLink>　{p.more}</p> : null}
      <Form form={form} action={p.save}>
        <CallerField org={org} label={p.who} error={form.bind('caller').error} value={form.values.caller} onChange={choose} />
        {form.values.caller && !form.values.caller.person ? <TextField {...form.bind('callerName')} help={p.callerHelp} optional /> : null}
        <TextField {...form.bind('subject')} help={p.subjectHelp} width="full" />
        <RadioField inline {...form.bind('urgency')} onChange={(v) => form.set({ urgency: v as Values['urgency'] })} options={(['now', 'today', 'normal'] as const).map((value) => ({ value, label: t.urgencies[value] }))} />
        <TextField {...form.bind('callback')} kind="tel" width="short" optional />
        <TextArea {...form.bind('message')} rows={2} optional />
        <CheckField {...form.bind('solved')} />
      </Form>
    </div>
  );
}

/** The body calls the field `member`, the form `caller`. */
function named(result: ReturnType<typeof desk.queue.phone.body.safeParse>) {
  if (result.success) return { success: true as const };
  return { success: false as const, error: { issues: result.error.issues.map((issue) => (issue.path[0] === 'member' ? { ...issue, path: ['caller'] } : issue)) } };
}
