import { useState } from 'react';
import { useAct } from '../../api/index.ts';
import { identity } from '@banya/contract';
import { useTexts } from '../../texts/index.tsx';
import { Actions, Button, CodeField, CopyBox, Form, Page, Panel, Prose, Section, StateNote, Steps, useForm } from '../../ui/index.ts';
import { useNextStep, usePasskeyAct } from './flow.ts';
import { makePasskey, passkeysWork } from './passkey.ts';
import css from './signin.module.css';

/** The first sign-in makes a second key: a passkey of this device, or an app on the phone with recovery codes. */
export default function SecondKeyPage() {
  const t = useTexts().signin;
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [way, setWay] = useState<'choose' | 'app'>(passkeysWork() ? 'choose' : 'app');
  if (codes) return <Codes codes={codes} />;
  return (
    <Page title={t.enrolTitle} lead={t.enrolLead}>
      {way === 'choose' ? <><ByPasskey onCodes={setCodes} /><div><Button onClick={() => setWay('app')}>{t.enrolApp}</Button></div></> : <ByApp onCodes={setCodes} />}
    </Page>
  );
}

function ByPasskey({ onCodes }: { onCodes: (codes: readonly string[]) => void }) {
  const t = useTexts().signin;
  const next = useNextStep();
  const options = useAct(identity.signIn.enrolPasskeyOptions);
  const enrol = useAct(identity.signIn.enrolPasskey);
  const { busy, problem, go } = usePasskeyAct(async () => {
    const { step, recoveryCodes } = await enrol.mutateAsync({ body: await makePasskey(await options.mutateAsync({})) });
    if (recoveryCodes?.length) onCodes(recoveryCodes);
    else next(step);
  });
  return (
    <Panel>
      <Prose><p>{t.enrolPasskeyHelp}</p></Prose>
      {problem ? <StateNote state={{ kind: 'error', problem }} /> : null}
      <div><Button kind="main" icon="key" busy={busy} onClick={go}>{t.enrolPasskey}</Button></div>
    </Panel>
  );
}

function ByApp({ onCodes }: { onCodes: (codes: readonly string[]) => void }) {
  const t = useTexts().signin;
  const next = useNextStep();
  const start = useAct(identity.signIn.enrol);
  const enter = useAct(identity.signIn.totp);
  const form = useForm({
    initial: { code: '' }, labels: { code: t.code }, messages: { code: t.codeExample },
    schema: identity.signIn.totp.body,
    send: async (values) => {
      const { step, recoveryCodes } = await enter.mutateAsync({ body: values });
      if (recoveryCodes?.length) onCodes(recoveryCodes);
      else next(step);
    },
  });
  if (start.error) return <StateNote state={{ kind: 'error', problem: start.error, retry: () => start.mutate({}) }} />;
  if (!start.data) return <div><Button kind="main" busy={start.isPending} onClick={() => start.mutate({})}>{t.enrolApp}</Button></div>;
  return (
    <>
      <Steps now={0} steps={t.enrolSteps.map((title) => ({ title }))} plain />
      <Panel>
        <div className={css.qr} role="img" aria-label={t.qr} dangerouslySetInnerHTML={{ __html: start.data.qrSvg }} />
        <CopyBox label={t.secret} text={start.data.secret} />
      </Panel>
      <Form form={form} action={t.enter}><CodeField {...form.bind('code')} /></Form>
    </>
  );
}

function Codes({ codes }: { codes: readonly string[] }) {
  const t = useTexts().signin;
  const next = useNextStep();
  return (
    <Page title={t.recoveryCodesTitle} lead={t.recoveryCodesLead}>
      <Section title={t.recoveryCodes}>
        <CopyBox label={t.recoveryCodes} text={codes.join('\n')} />
        <Actions><Button kind="main" onClick={() => next('done')}>{t.kept}</Button><Button onClick={() => print()}>{t.print}</Button></Actions>
      </Section>
    </Page>
  );
}
