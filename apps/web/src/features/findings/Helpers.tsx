import { findings, orgs } from '@banya/contract';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { once, useAct, useApi, useRested } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Actions, Button, ButtonLink, Dialog, Form, Prose, StateNote, stateOf, TextArea, TextField, useForm, useUndo } from '../../ui/index.ts';
import type { Detail } from './FindingPage.tsx';
import css from './findings.module.css';

/** Who else can help: the desk, or somebody in the house. */
export function Helpers({ finding, mayWrite }: { finding: Detail; mayWrite: boolean }) {
  const t = useTexts().findings;
  const org = useOrg();
  const mayAsk = useMay('tickets.ask');
  const [open, setOpen] = useState<'ask' | 'give' | null>(null);
  const close = () => setOpen(null);
  return (
    <div className={css.helpers} data-screen-only>
      <Actions>
        {finding.ticket ? <ButtonLink icon="ticket" to={`/o/${org}/tickets/${finding.ticket}`}>{t.toTicket}</ButtonLink> : mayAsk ? <Button icon="ticket" onClick={() => setOpen('ask')}>{t.askDesk}</Button> : null}
        {mayWrite ? <Button icon="person" onClick={() => setOpen('give')}>{t.give}</Button> : null}
      </Actions>
      <p className={css.aside}>{t.assignee}　{finding.assignee?.name ?? t.nobody}</p>
      <Dialog open={open === 'ask'} onClose={close} title={t.askTitle}><Ask finding={finding} onCancel={close} /></Dialog>
      <Dialog open={open === 'give'} onClose={close} title={t.giveTitle}><Give finding={finding} onDone={close} /></Dialog>
    </div>
  );
}

function Ask({ finding, onCancel }: { finding: Detail; onCancel: () => void }) {
  const { findings: t, common } = useTexts();
  const org = useOrg();
  const navigate = useNavigate();
  const say = useUndo();
  const ask = useAct(findings.ask, { touches: ['tickets', 'home'] });
  const form = useForm({
    initial: { message: '' }, labels: { message: t.askMessage }, schema: findings.ask.body,
    toBody: ({ message }) => (message.trim() ? { message: message.trim() } : {}),
    send: async (body) => {
      const { ticket } = await ask.mutateAsync({ params: { org, finding: finding.id }, body });
      say({ text: t.asked });
      void navigate({ to: `/o/${org}/tickets/${ticket}` });
    },
  });
  return (
    <Form form={form} action={t.askSend} beside={<Button kind="quiet" onClick={onCancel}>{common.cancel}</Button>}>
      <Prose><p>{t.askBody}</p></Prose>
      <TextArea {...form.bind('message')} help={t.askHelp} rows={3} optional />
    </Form>
  );
}

const shownMax = 8;

function Give({ finding, onDone }: { finding: Detail; onDone: () => void }) {
  const t = useTexts().findings;
  const org = useOrg();
  const say = useUndo();
  const [word, setWord] = useState('');
  const q = useRested(word.trim());
  const read = useApi(orgs.people.list, { params: { org }, query: { limit: shownMax, ...(q ? { q } : {}) } });
  const assign = useAct(findings.assign, { touches: ['home'] });
  const before = finding.assignee?.id ?? null;
  const give = (person: string | null, name: string | null) =>
    once(assign.mutateAsync({ params: { org, finding: finding.id }, body: { person } }), () => {
      onDone();
      say({ text: name === null ? t.givenNobody : t.given(name), undo: () => assign.mutateAsync({ params: { org, finding: finding.id }, body: { person: before } }) });
    });
  const state = stateOf(read);
  const people = read.data?.items ?? [];
  return (
    <div className={css.give}>
      <TextField label={t.giveSearch} kind="search" value={word} onChange={setWord} {...(read.data?.next ? { help: t.giveMany } : {})} />
      {assign.error ? <StateNote state={{ kind: 'error', problem: assign.error }} /> : null}
      {state ? <StateNote state={state} /> : people.length === 0 ? <p>{t.giveNone}</p> : (
        <ul className={css.people}>
          {people.map((person) => <li key={person.id}><Button wide busy={assign.isPending} onClick={() => give(person.id, person.name)}>{person.name}{person.department ? <span className={css.aside}>{person.department}</span> : null}</Button></li>)}
        </ul>
      )}
      {before ? <div><Button kind="quiet" onClick={() => give(null, null)}>{t.giveNobody}</Button></div> : null}
    </div>
  );
}
