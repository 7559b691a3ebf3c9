import { useState } from 'react';
import { useAct } from '../../api/index.ts';
import { identity } from '@banya/contract';
import { useTexts } from '../../texts/index.tsx';
import { Button, CodeField, Form, Page, TextField, useForm } from '../../ui/index.ts';
import { useNextStep } from './flow.ts';

/** The second key at sign-in: six digits, or a recovery code. */
export default function CodePage() {
  const [recovering, setRecovering] = useState(false);
  return recovering ? <Recovery onBack={() => setRecovering(false)} /> : <Code onLost={() => setRecovering(true)} />;
}

function Code({ onLost }: { onLost: () => void }) {
  const t = useTexts().signin;
  const next = useNextStep();
  const enter = useAct(identity.signIn.totp);
  const form = useForm({
    initial: { code: '' }, labels: { code: t.code }, messages: { code: t.codeExample },
    schema: identity.signIn.totp.body,
    send: async (values) => next((await enter.mutateAsync({ body: values })).step),
  });
  return (
    <Page title={t.totpTitle} lead={t.totpLead}>
      <Form form={form} action={t.enter} beside={<Button kind="quiet" onClick={onLost}>{t.lost}</Button>}><CodeField {...form.bind('code')} /></Form>
    </Page>
  );
}

function Recovery({ onBack }: { onBack: () => void }) {
  const t = useTexts().signin;
  const next = useNextStep();
  const enter = useAct(identity.signIn.totp);
  const form = useForm({
    initial: { recovery: '' }, labels: { recovery: t.recovery },
    send: async (values) => next((await enter.mutateAsync({ body: values })).step),
  });
  return (
    <Page title={t.recoveryTitle} lead={t.recoveryLead}>
      <Form form={form} action={t.enter} beside={<Button kind="quiet" onClick={onBack}>{t.backToCode}</Button>}>
        <TextField {...form.bind('recovery')} autoComplete="off" help={t.recoveryNone} />
      </Form>
    </Page>
  );
}
