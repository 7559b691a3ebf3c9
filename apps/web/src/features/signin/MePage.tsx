import { useState } from 'react';
import { ApiProblem, useAct, useApi } from '../../api/index.ts';
import { identity } from '@banya/contract';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, DataTable, Dialog, Form, Page, Prose, Section, StateNote, stateOf, StateTag, TextField, useForm, useUndo } from '../../ui/index.ts';
import { makePasskey, passkeysWork } from './passkey.ts';

/** One's own sign-ins and passkeys. */
export default function MePage() {
  const t = useTexts().signin.me;
  return <Page title={t.title} lead={t.lead}><Sessions /><Passkeys /></Page>;
}

function Sessions() {
  const t = useTexts().signin.me;
  const f = useFormat();
  const say = useUndo();
  const read = useApi(identity.self.sessions);
  const end = useAct(identity.self.endSession);
  const state = stateOf(read);
  return (
    <Section title={t.sessions}>
      {state ? <StateNote state={state} /> : (
        <DataTable
          caption={t.sessions} remember="me.sessions" rowKey={(s) => s.id} list={{ rows: read.data?.items ?? [] }}
          columns={[
            { id: 'device', title: t.device, main: true, cell: (s) => s.device },
            { id: 'seen', title: t.seen, cell: (s) => f.when(s.seenAt) },
            { id: 'started', title: t.started, cell: (s) => f.when(s.startedAt) },
            { id: 'address', title: t.address, cell: (s) => s.address },
            { id: 'end', title: t.end, cell: (s) => (s.current ? <StateTag state="done" word={t.current} /> : <Button onClick={() => void end.mutateAsync({ params: { session: s.id } }).then(() => say({ text: t.ended(s.device) }))} label={`${t.end}: ${s.device}`}>{t.end}</Button>) },
          ]}
        />
      )}
    </Section>
  );
}

function Passkeys() {
  const t = useTexts().signin.me;
  const common = useTexts().common;
  const f = useFormat();
  const say = useUndo();
  const read = useApi(identity.self.passkeys);
  const remove = useAct(identity.self.removePasskey);
  const [going, setGoing] = useState<{ id: string; name: string } | null>(null);
  const [adding, setAdding] = useState(false);
  const state = stateOf(read);
  const end = () => setGoing(null);
  return (
    <Section title={t.passkeys} aside={passkeysWork() ? <Button icon="key" onClick={() => setAdding(true)}>{t.add}</Button> : null}>
      {state ? <StateNote state={state} /> : (read.data?.items.length ?? 0) === 0 ? <p>{t.passkeysNone}</p> : (
        <DataTable
          caption={t.passkeys} remember="me.passkeys" rowKey={(p) => p.id} list={{ rows: read.data?.items ?? [] }}
          columns={[
            { id: 'name', title: t.addName, main: true, cell: (p) => p.name },
            { id: 'created', title: t.created, cell: (p) => f.date(p.createdAt) },
            { id: 'used', title: t.used, cell: (p) => (p.usedAt ? f.when(p.usedAt) : t.never) },
            { id: 'remove', title: t.remove, cell: (p) => <Button onClick={() => setGoing(p)} label={`${t.remove}: ${p.name}`}>{t.remove}</Button> },
          ]}
        />
      )}
      <Dialog open={adding} onClose={() => setAdding(false)} title={t.add}><AddPasskey onDone={() => { setAdding(false); say({ text: t.added }); }} /></Dialog>
      <Dialog open={going !== null} onClose={end} title={t.removeTitle}>
        {going ? (
          <Prose>
            <p>{t.removeBody(going.name)}</p>
            {remove.error ? <StateNote state={{ kind: 'error', problem: remove.error }} /> : null}
            <Actions>
              <Button kind="grave" busy={remove.isPending} onClick={() => remove.mutate({ params: { passkey: going.id } }, { onSuccess: () => { end(); say({ text: t.removed(going.name) }); } })}>{t.remove}</Button>
              <Button kind="quiet" onClick={end}>{common.cancel}</Button>
            </Actions>
          </Prose>
        ) : null}
      </Dialog>
    </Section>
  );
}

function AddPasskey({ onDone }: { onDone: () => void }) {
  const t = useTexts().signin;
  const options = useAct(identity.self.passkeyOptions);
  const add = useAct(identity.self.addPasskey);
  const [stopped, setStopped] = useState(false);
  const form = useForm({
    initial: { name: '' }, labels: { name: t.me.addName },
    schema: identity.self.addPasskey.body.pick({ name: true }),
    send: async ({ name }) => {
      setStopped(false);
      try {
        const response = await makePasskey(await options.mutateAsync({}));
        await add.mutateAsync({ body: { name, response } });
        onDone();
      } catch (error) {
        if (error instanceof ApiProblem) throw error;
        setStopped(true);
      }
    },
  });
  return (
    <Form form={form} action={t.me.add}>
      {stopped ? <p role="alert">{t.passkeyFailed}</p> : null}
      <TextField {...form.bind('name')} help={t.me.addNameHelp} />
    </Form>
  );
}
