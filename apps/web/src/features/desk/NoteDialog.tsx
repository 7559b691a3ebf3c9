import { desk } from '@banya/contract';
import { useAct } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Dialog, Form, TextArea, useForm, useUndo } from '../../ui/index.ts';
import type { Ticket } from './sla.ts';

/** An internal note from the queue, without opening the ticket. */
export function NoteDialog({ org, ticket, onClose }: { org: string; ticket: Pick<Ticket, 'id' | 'subject'> | null; onClose: () => void }) {
  const t = useTexts().desk.ticket;
  return (
    <Dialog open={ticket !== null} onClose={onClose} title={t.note}>
      {ticket ? <><p><strong>{ticket.subject}</strong></p><NoteForm org={org} ticket={ticket.id} onDone={onClose} /></> : null}
    </Dialog>
  );
}

/** Writes a note that only the desk reads. `draft` and `onDraft` let the place around it keep what is written. */
export function NoteForm({ org, ticket, onDone, draft, onDraft }: { org: string; ticket: string; onDone?: () => void; draft?: string; onDraft?: (text: string) => void }) {
  const texts = useTexts().desk;
  const t = texts.ticket;
  const say = useUndo();
  const note = useAct(desk.queue.note);
  const form = useForm({
    initial: { text: draft ?? '' }, labels: { text: t.note }, schema: desk.queue.note.body,
    send: async (body) => {
      await note.mutateAsync({ params: { org, ticket }, body });
      form.set({ text: '' });
      onDraft?.('');
      say({ text: texts.act.noted });
      onDone?.();
    },
  });
  const text = form.bind('text');
  return (
    <Form form={form} action={t.saveNote}>
      <TextArea {...text} help={t.noteHelp} rows={3} onChange={(value) => { text.onChange(value); onDraft?.(value); }} />
    </Form>
  );
}
