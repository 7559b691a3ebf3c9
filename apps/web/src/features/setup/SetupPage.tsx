import { useState, type ReactNode } from 'react';
import { useAct, useApi } from '../../api/index.ts';
import { identity } from '@banya/contract';
import { useLang, useTexts } from '../../texts/index.tsx';
import { Button, ButtonLink, CheckField, Form, Page, RadioField, SearchSelect, Section, StepOf, stateOf, TextField, useForm } from '../../ui/index.ts';
import { useNextStep } from '../signin/flow.ts';

const body = identity.setUp.finish.body;
const orNothing = (text: string) => (text.trim() === '' ? undefined : text.trim());

interface House { federation: string; deskPhone: string; timeZone: string }
interface Manager { name: string; reading: string; email: string }
interface Mail { how: string; host: string; port: string; secure: boolean; user: string; password: string; from: string }

/** First set-up in three questions: whose Banya, who manages it, which server sends mail. */
export default function SetupPage() {
  const { common, setup: t } = useTexts();
  const { lang } = useLang();
  const next = useNextStep();
  const read = useApi(identity.setUp.state);
  const finish = useAct(identity.setUp.finish, { touches: ['me'] });
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? new URLSearchParams(location.search).get('token'));
  const [at, setAt] = useState(0);
  const [house, setHouse] = useState<House>({ federation: '', deskPhone: '', timeZone: 'Asia/Tokyo' });
  const [manager, setManager] = useState<Manager>({ name: '', reading: '', email: '' });
  const state = stateOf(read);
  if (state) return <Page title={t.title} state={state} />;
  if (!read.data?.needed && !finish.isSuccess) return <Page title={t.title} state={{ kind: 'empty', title: t.done, why: t.doneBody, action: <ButtonLink kind="main" to="/sign-in">{t.toSignIn}</ButtonLink> }} />;
  if (!token) return <Page title={t.title} state={{ kind: 'empty', title: t.noToken, why: t.noTokenBody }} />;
  const send = async (mail: Mail) => {
    const { step } = await finish.mutateAsync({
      body: {
        token, lang, federation: house.federation, timeZone: house.timeZone, ...optional('deskPhone', house.deskPhone),
        manager: { name: manager.name, email: manager.email, ...optional('reading', manager.reading) },
        ...(mail.how === 'now' ? { mail: mailOf(mail) } : {}),
      },
    });
    next(step);
  };
  const back = <Button kind="quiet" onClick={() => setAt(at - 1)}>{common.back}</Button>;
  return (
    <Page title={t.title} lead={t.lead}>
      <StepOf n={at + 1} all={3} />
      {at === 0 ? <HouseForm start={house} onDone={(v) => { setHouse(v); setAt(1); }} /> : null}
      {at === 1 ? <ManagerForm start={manager} back={back} onDone={(v) => { setManager(v); setAt(2); }} /> : null}
      {at === 2 ? <MailForm back={back} send={send} /> : null}
    </Page>
  );
}

function optional<K extends string>(name: K, text: string): { [P in K]?: string } {
  const value = orNothing(text);
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: string };
}
const mailOf = (mail: Mail) => ({
  host: mail.host, port: Number(mail.port.normalize('NFKC')), secure: mail.secure, from: mail.from, ...optional('user', mail.user), ...optional('password', mail.password),
});

function HouseForm({ start, onDone }: { start: House; onDone: (values: House) => void }) {
  const t = useTexts().setup;
  const common = useTexts().common;
  const form = useForm({
    initial: start, labels: { federation: t.federation, deskPhone: t.deskPhone, timeZone: t.timeZone },
    schema: body.pick({ federation: true, deskPhone: true, timeZone: true }),
    toBody: (v) => ({ ...v, deskPhone: orNothing(v.deskPhone) }),
    messages: { deskPhone: t.phoneWrong },
    send: async (v) => onDone({ ...v, deskPhone: v.deskPhone ?? '' }),
  });
  return (
    <Section title={t.federationTitle}>
      <Form form={form} action={common.next}>
        <TextField {...form.bind('federation')} help={t.federationHelp} autoComplete="organization" />
        <TextField {...form.bind('deskPhone')} help={t.deskPhoneHelp} kind="tel" width="short" optional />
        <SearchSelect {...form.bind('timeZone')} options={Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value.replaceAll('_', ' ') }))} />
      </Form>
    </Section>
  );
}

function ManagerForm({ start, back, onDone }: { start: Manager; back: ReactNode; onDone: (values: Manager) => void }) {
  const t = useTexts().setup;
  const common = useTexts().common;
  const form = useForm({
    initial: start, labels: { name: t.managerName, reading: t.managerReading, email: t.managerEmail },
    schema: body.shape.manager,
    toBody: (v) => ({ ...v, reading: orNothing(v.reading) }),
    send: async (v) => onDone({ ...v, reading: v.reading ?? '' }),
  });
  return (
    <Section title={t.managerTitle}>
      <p>{t.managerHelp}</p>
      <Form form={form} action={common.next} beside={back}>
        <TextField {...form.bind('name')} autoComplete="name" />
        <TextField {...form.bind('reading')} optional />
        <TextField {...form.bind('email')} help={t.managerEmailHelp} kind="email" autoComplete="email" />
      </Form>
    </Section>
  );
}

function MailForm({ back, send }: { back: ReactNode; send: (mail: Mail) => Promise<void> }) {
  const t = useTexts().setup;
  const labels = { host: t.host, port: t.port, secure: t.secure, user: t.user, password: t.password, from: t.from };
  const mailSchema = body.shape.mail;
  const form = useForm({
    initial: { how: 'now', host: '', port: '465', secure: true, user: '', password: '', from: '' } satisfies Mail as Mail,
    labels: { how: t.mailHow, ...labels },
    schema: { safeParse: (v: unknown) => mailSchema.safeParse((v as Mail).how === 'now' ? mailOf(v as Mail) : undefined) },
    send,
  });
  const now = form.values.how === 'now';
  return (
    <Section title={t.mailTitle}>
      <p>{t.mailHelp}</p>
      <Form form={form} action={t.finish} beside={back}>
        <RadioField {...form.bind('how')} options={[{ value: 'now', label: t.mailNow }, { value: 'later', label: t.mailLater, help: t.mailLaterHelp }]} />
        {now ? (
          <>
            <TextField {...form.bind('host')} help={t.hostHelp} />
            <TextField {...form.bind('port')} help={t.portHelp} kind="number" width="short" />
            <CheckField {...form.bind('secure')} />
            <TextField {...form.bind('user')} optional autoComplete="off" />
            <TextField {...form.bind('password')} kind="password" optional autoComplete="off" />
            <TextField {...form.bind('from')} help={t.fromHelp} kind="email" />
          </>
        ) : null}
      </Form>
    </Section>
  );
}
