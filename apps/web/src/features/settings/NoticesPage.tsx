import { useState } from 'react';
import { notify, type Received } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { useFormat, useLang, useTexts } from '../../texts/index.tsx';
import { Actions, Button, CopyBox, DataTable, Dialog, Form, Page, Prose, RadioField, Section, SelectField, StateNote, stateOf, StateTag, SwitchField, TextField, useForm, useUndo } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import { Phones } from './Phones.tsx';
import css from './settings.module.css';

type Policy = Received<typeof notify.policy>;
type Channel = Policy['channels'][number];
const forms = ['json', 'teams', 'slack'] as const satisfies readonly Channel['form'][];
const hours = Array.from({ length: 48 }, (_, i) => `${String(Math.floor(i / 2)).padStart(2, '0')}:${i % 2 === 0 ? '00' : '30'}`);

/** When and where this organisation is told, and whom the desk phones. */
export default function NoticesPage() {
  const t = useTexts().settings.notices;
  const org = useOrg();
  const mayWrite = useMay('notify.write');
  const read = useApi(notify.policy, { params: { org } });
  return (
    <Page title={t.title} lead={t.lead} state={stateOf(read)}>
      {read.data ? (
        <>
          <Section title={t.when}>{mayWrite ? <Times key={JSON.stringify([read.data.quietFrom, read.data.quietUntil, read.data.look])} policy={read.data} /> : <p>{t.quietIs(read.data.quietFrom, read.data.quietUntil)}</p>}</Section>
          <Section title={t.where}><Channels channels={read.data.channels} mayWrite={mayWrite} /></Section>
          <Section title={t.phones}><Phones mayWrite={mayWrite} /></Section>
        </>
      ) : null}
      <Back />
    </Page>
  );
}

function Times({ policy }: { policy: Policy }) {
  const t = useTexts().settings.notices;
  const org = useOrg();
  const say = useUndo();
  const save = useAct(notify.setPolicy);
  const before = { quietFrom: policy.quietFrom, quietUntil: policy.quietUntil, look: policy.look };
  const form = useForm({
    initial: before, labels: { quietFrom: t.quietFrom, quietUntil: t.quietUntil, look: t.look }, schema: notify.setPolicy.body,
    send: async (body) => {
      await save.mutateAsync({ params: { org }, body });
      say({ text: t.saved, undo: () => save.mutateAsync({ params: { org }, body: before }) });
    },
  });
  const choices = (now: string) => [...new Set([...hours, now])].sort().map((value) => ({ value, label: value.replace(/^0/, '') }));
  return (
    <Form form={form} action={t.save}>
      <SelectField {...form.bind('quietFrom')} options={choices(form.values.quietFrom)} />
      <SelectField {...form.bind('quietUntil')} help={t.quietHelp} options={choices(form.values.quietUntil)} />
      <SwitchField {...form.bind('look')} help={t.lookHelp} />
    </Form>
  );
}

/** What the other side's answer means to whoever gave its address; the answer itself stands behind it. */
function wrongOf(error: string): 'gone' | 'refused' | 'busy' | 'broken' | 'unreached' {
  const status = Number(/^HTTP (\d{3})$/.exec(error)?.[1] ?? 0);
  if (status === 0) return 'unreached';
  if (status === 404 || status === 410) return 'gone';
  return status === 429 ? 'busy' : status >= 500 ? 'broken' : 'refused';
}

function Channels({ channels, mayWrite }: { channels: readonly Channel[]; mayWrite: boolean }) {
  const t = useTexts().settings.notices;
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const remove = useAct(notify.removeChannel);
  const trial = useAct(notify.testChannel);
  const refused = stateOf({ isPending: false, error: remove.error ?? trial.error });
  const close = () => {
    setOpen(false);
    setSecret(null);
  };
  return (
    <>
      <p>{t.mail}</p>
      {refused ? <StateNote state={refused} /> : null}
      <DataTable<Channel>
        caption={t.where} remember="notices" list={{ rows: channels }} rowKey={(c) => c.id} empty={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }}
        columns={[
          { id: 'name', title: t.name, main: true, cell: (c) => c.name },
          { id: 'form', title: t.form, cell: (c) => t.forms[c.form] },
          { id: 'host', title: t.host, cell: (c) => <span className={css.address}>{c.host}</span> },
          { id: 'what', title: t.what, cell: (c) => t.whats[c.what] },
          { id: 'state', title: t.state, cell: (c) => (c.lastError ? <><StateTag state="now" word={t.failing} /> <span title={c.lastError}>{t.wrong[wrongOf(c.lastError)]}</span></> : c.lastOkAt ? <><StateTag state="done" /> {t.arrived(f.when(c.lastOkAt))}</> : t.never) },
          ...(mayWrite ? [{
            id: 'acts', title: t.acts, cell: (c: Channel) => (
              <Actions>
                <Button busy={trial.isPending} label={`${t.trial}: ${c.name}`} onClick={() => once(trial.mutateAsync({ params: { org, channel: c.id } }), (got) => say({ text: got.ok ? t.trialOk : t.trialFailed(t.wrong[wrongOf(got.error ?? '')]) }))}>{t.trial}</Button>
                <Button busy={remove.isPending} label={`${t.remove}: ${c.name}`} onClick={() => once(remove.mutateAsync({ params: { org, channel: c.id } }), () => say({ text: t.removed }))}>{t.remove}</Button>
              </Actions>
            ),
          }] : []),
        ]}
      />
      {mayWrite && channels.length < 5 ? <Actions><Button onClick={() => setOpen(true)}>{t.add}</Button></Actions> : null}
      <Dialog open={open} onClose={close} title={secret === null ? t.addTitle : t.secretTitle}>
        {secret === null ? <Add onDone={(made) => (made === null ? close() : setSecret(made))} /> : <Prose><p>{t.secretOnce}</p><CopyBox label={t.secret} text={secret} /><Actions><Button kind="main" onClick={close}>{t.kept}</Button></Actions></Prose>}
      </Dialog>
    </>
  );
}

function Add({ onDone }: { onDone: (secret: string | null) => void }) {
  const t = useTexts().settings.notices;
  const { lang } = useLang();
  const org = useOrg();
  const say = useUndo();
  const add = useAct(notify.addChannel);
  const form = useForm({
    initial: { name: '', form: 'teams', url: '', what: 'now' }, labels: { name: t.name, form: t.form, url: t.url, what: t.what }, messages: { url: t.urlWrong }, schema: notify.addChannel.body,
    toBody: (v) => ({ name: v.name.trim(), form: forms.find((one) => one === v.form) ?? 'json', url: v.url.trim(), what: v.what === 'all' ? 'all' as const : 'now' as const, lang }),
    send: async (body) => {
      const made = await add.mutateAsync({ params: { org }, body });
      say({ text: t.added });
      onDone(made.secret);
    },
  });
  return (
    <Form form={form} action={t.addAct}>
      <TextField {...form.bind('name')} help={t.nameHelp} />
      <RadioField {...form.bind('form')} options={forms.map((value) => ({ value, label: t.forms[value], help: t.formsHelp[value] }))} />
      <TextField {...form.bind('url')} kind="url" help={t.urlHelp} width="full" />
      <RadioField {...form.bind('what')} options={[{ value: 'now', label: t.whats.now }, { value: 'all', label: t.whats.all }]} />
    </Form>
  );
}
