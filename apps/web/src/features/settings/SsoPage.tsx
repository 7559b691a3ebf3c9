import { useState } from 'react';
import { identity, type Received } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Actions, Button, CheckField, CopyBox, Dialog, Form, Page, Prose, Section, StateNote, stateOf, StateTag, TextArea, TextField, useForm, useUndo } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import css from './settings.module.css';

type Sso = Received<typeof identity.sso.get>;
interface Values { issuer: string; clientId: string; clientSecret: string; domains: string; required: boolean }
const toBody = (v: Values) => ({ issuer: v.issuer.trim(), clientId: v.clientId.trim(), clientSecret: v.clientSecret, domains: v.domains.normalize('NFKC').split(/[\s,;、]+/).filter(Boolean), required: v.required });

/** Signing in with the accounts the company has already (OIDC). */
export default function SsoPage() {
  const t = useTexts().settings.sso;
  const read = useApi(identity.sso.get, { params: { org: useOrg() } });
  const state = stateOf(read);
  return (
    <Page title={t.title} lead={t.lead} state={state}>
      {read.data ? (
        <>
          <p className={css.who}><StateTag state={read.data.issuer ? 'done' : 'quiet'} />{read.data.issuer ? t.stateOn(read.data.issuer) : t.stateOff}</p>
          <Section title={t.step1}><CopyBox label={t.returnUrl} text={read.data.returnUrl} /></Section>
          <Section title={t.step2}><Settings sso={read.data} /></Section>
          {read.data.issuer ? <End /> : null}
        </>
      ) : null}
      <Back />
    </Page>
  );
}

function Settings({ sso }: { sso: Sso }) {
  const t = useTexts().settings.sso;
  const org = useOrg();
  const say = useUndo();
  const put = useAct(identity.sso.put);
  const form = useForm<Values, ReturnType<typeof toBody>>({
    initial: { issuer: sso.issuer ?? '', clientId: sso.clientId ?? '', clientSecret: '', domains: sso.domains.join('\n'), required: sso.required },
    labels: { issuer: t.issuer, clientId: t.clientId, clientSecret: t.clientSecret, domains: t.domains, required: t.required },
    messages: { domains: t.domainsWrong }, toBody, schema: identity.sso.put.body,
    send: async (body) => {
      await put.mutateAsync({ params: { org }, body });
      form.set({ clientSecret: '' });
      say({ text: t.saved });
    },
  });
  return (
    <Form form={form} action={t.save}>
      <TextField {...form.bind('issuer')} help={t.issuerHelp} kind="url" width="full" autoComplete="off" />
      <TextField {...form.bind('clientId')} width="full" autoComplete="off" />
      <TextField {...form.bind('clientSecret')} help={t.secretHelp} kind="password" width="full" autoComplete="off" />
      <TextArea {...form.bind('domains')} help={t.domainsHelp} rows={2} optional />
      <CheckField {...form.bind('required')} help={t.requiredHelp} />
    </Form>
  );
}

function End() {
  const t = useTexts().settings.sso;
  const { cancel } = useTexts().common;
  const org = useOrg();
  const say = useUndo();
  const remove = useAct(identity.sso.remove);
  const [open, setOpen] = useState(false);
  const refused = stateOf({ isPending: false, error: remove.error });
  return (
    <>
      <div><Button onClick={() => setOpen(true)}>{t.end}</Button></div>
      <Dialog open={open} onClose={() => setOpen(false)} title={t.endTitle}>
        <Prose>
          <p>{t.endBody}</p>
          {refused ? <StateNote state={refused} /> : null}
          <Actions>
            <Button kind="grave" busy={remove.isPending} onClick={() => once(remove.mutateAsync({ params: { org } }), () => { setOpen(false); say({ text: t.ended }); })}>{t.endGo}</Button>
            <Button kind="quiet" onClick={() => setOpen(false)}>{cancel}</Button>
          </Actions>
        </Prose>
      </Dialog>
    </>
  );
}
