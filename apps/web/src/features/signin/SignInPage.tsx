import { useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useAct, urlOf } from '../../api/index.ts';
import { identity } from '@banya/contract';
import { useTexts } from '../../texts/index.tsx';
import { Button, FileLink, Form, Page, Panel, Prose, StateNote, Steps, TextField, useForm } from '../../ui/index.ts';
import { keepBack, useNextStep, usePasskeyAct } from './flow.ts';
import { passkeysWork, signWithPasskey } from './passkey.ts';

/** Sign-in: a link by mail, or a passkey. */
export default function SignInPage() {
  const t = useTexts().signin;
  const { back } = useSearch({ strict: false }) as { back?: unknown };
  const link = useAct(identity.signIn.link);
  const [sentTo, setSentTo] = useState<string | null>(null);
  useEffect(() => keepBack(typeof back === 'string' ? back : null), [back]);
  const form = useForm({
    initial: { email: '' },
    labels: { email: t.email },
    schema: identity.signIn.link.body,
    send: async (values) => {
      await link.mutateAsync({ body: values });
      setSentTo(values.email);
    },
  });
  const sso = link.data?.sso;
  if (sentTo && sso) {
    return (
      <Page title={t.ssoTitle} lead={t.ssoBody(sso.name)}>
        <div><FileLink kind="main" href={urlOf(identity.signIn.oidcStart, { params: { org: sso.org } })}>{t.sso(sso.name)}</FileLink></div>
      </Page>
    );
  }
  if (sentTo) {
    return (
      <Page title={t.sentTitle} lead={t.sent(sentTo)}>
        <Steps now={0} steps={t.sentSteps.map((title) => ({ title }))} plain />
        <div><Button kind="quiet" onClick={() => setSentTo(null)}>{t.sentAgain}</Button></div>
      </Page>
    );
  }
  return (
    <Page title={t.title} lead={t.lead}>
      <Panel>
        <Form form={form} action={t.sendLink}><TextField {...form.bind('email')} kind="email" help={t.emailHelp} autoComplete="username webauthn" /></Form>
      </Panel>
      {passkeysWork() ? <PasskeySignIn /> : null}
    </Page>
  );
}

function PasskeySignIn() {
  const t = useTexts().signin;
  const next = useNextStep();
  const options = useAct(identity.signIn.passkeyOptions);
  const enter = useAct(identity.signIn.passkey);
  const { busy, problem, go } = usePasskeyAct(async () => next((await enter.mutateAsync({ body: await signWithPasskey(await options.mutateAsync({})) })).step));
  return (
    <Panel>
      <Prose><p>{t.passkeyHelp}</p></Prose>
      {problem ? <StateNote state={{ kind: 'error', problem }} /> : null}
      <div><Button icon="key" busy={busy} onClick={go}>{t.passkey}</Button></div>
    </Panel>
  );
}
