import { operate, type Received } from '@banya/contract';
import { useAct, useApi } from '../../api/index.ts';
import { useMe, useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { CheckField, Form, GoLink, Page, Section, stateOf, StateTag, TextField, useForm, useUndo } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import css from './operate.module.css';

type Mail = Received<typeof operate.mailGet>;
interface Values { host: string; port: string; secure: boolean; user: string; password: string; from: string }
const toBody = (v: Values) => ({
  host: v.host.trim(), port: v.port.trim() === '' ? Number.NaN : Number(v.port.normalize('NFKC')), secure: v.secure, from: v.from.normalize('NFKC').trim(),
  ...(v.user.trim() ? { user: v.user.trim() } : {}), ...(v.password ? { password: v.password } : {}),
});

/** The server all mail goes out by, and a test of it. */
export default function MailPage() {
  const t = useTexts().operate.mail;
  const org = useOrg();
  const read = useApi(operate.mailGet);
  return (
    <Page title={t.title} lead={t.lead} state={stateOf(read)}>
      {read.data ? <><Server mail={read.data} /><Test set={read.data.host !== null} /></> : null}
      <p data-screen-only><GoLink to={`/o/${org}/settings/outbox`}>{t.outbox}</GoLink></p>
      <Back />
    </Page>
  );
}

function Server({ mail }: { mail: Mail }) {
  const t = useTexts().operate.mail;
  const say = useUndo();
  const put = useAct(operate.mailPut, { touches: ['outbox'] });
  const form = useForm<Values, ReturnType<typeof toBody>>({
    initial: { host: mail.host ?? '', port: String(mail.port ?? 465), secure: mail.host === null || mail.secure, user: mail.user ?? '', password: '', from: mail.from ?? '' },
    labels: { host: t.host, port: t.port, secure: t.secure, user: t.user, password: t.password, from: t.from },
    messages: { port: t.portWrong }, toBody, schema: operate.mailPut.body,
    send: async (body) => {
      await put.mutateAsync({ body });
      form.set({ password: '' });
      say({ text: t.saved });
    },
  });
  return (
    <Form form={form} action={t.save}>
      <TextField {...form.bind('host')} help={t.hostHelp} autoComplete="off" />
      <TextField {...form.bind('port')} help={t.portHelp} kind="number" width="short" />
      <CheckField {...form.bind('secure')} />
      <TextField {...form.bind('user')} autoComplete="off" optional />
      <TextField {...form.bind('password')} {...(mail.hasPassword ? { help: t.passwordKept } : {})} kind="password" autoComplete="off" optional />
      <TextField {...form.bind('from')} help={t.fromHelp} kind="email" autoComplete="off" />
    </Form>
  );
}

function Test({ set }: { set: boolean }) {
  const t = useTexts().operate.mail;
  const me = useMe();
  const test = useAct(operate.mailTest);
  const form = useForm({
    initial: { to: me.email }, labels: { to: t.to }, schema: operate.mailTest.body,
    send: async (body) => test.mutateAsync({ body }),
  });
  return (
    <Section title={t.test}>
      {set ? (
        <>
          <p>{t.testLead}</p>
          <Form form={form} action={t.send}><TextField {...form.bind('to')} kind="email" autoComplete="email" /></Form>
          <div role="status">{test.data && !form.busy ? <p className={css.line}><StateTag state={test.data.ok ? 'done' : 'now'} word={test.data.ok ? t.ok : t.bad} /><span className={css.wrap}>{test.data.message}</span></p> : null}</div>
        </>
      ) : <p>{t.notYet}</p>}
    </Section>
  );
}
