import { samples, type Received } from '@banya/contract';
import { useState } from 'react';
import { useAct, useApi } from '../../api/index.ts';
import { useMay, useMe, useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Actions, Button, CopyBox, Dialog, GoLink, Page, Prose, Section, StateNote, stateOf, useUndo } from '../../ui/index.ts';
import { MailboxForm } from './MailboxForm.tsx';
import { ProfileForm } from './ProfileForm.tsx';
import { useGuard } from './useGuard.ts';
import css from './mail.module.css';

export type Settings = Received<typeof samples.settings.get>;

/** What the check knows of an organisation, the address to forward to, and the mailbox it may read. */
export default function CheckPage() {
  const t = useTexts().mail.check;
  const back = useTexts().settings.back;
  const org = useOrg();
  const may = useMay('mailCheck.write');
  const read = useApi(samples.settings.get, { params: { org } });
  const settings = read.data;
  return (
    <Page title={t.title} lead={may ? t.lead : t.readOnly} state={stateOf(read)}>
      {settings ? (
        <>
          <Section title={t.address}><Address settings={settings} may={may} /></Section>
          <Section title={t.profile}>
            <p>{t.domains}　<strong>{settings.ownDomains.join('、') || t.domainsNone}</strong>　<GoLink to={`/o/${org}/settings/profile`}>{t.domainsGo}</GoLink></p>
            <ProfileForm settings={settings} may={may} />
          </Section>
          <Section title={t.mailbox}><MailboxForm settings={settings} may={may} /></Section>
        </>
      ) : null}
      <p data-screen-only><GoLink to={`/o/${org}/settings`}>{back}</GoLink></p>
    </Page>
  );
}

function Address({ settings: { address }, may }: { settings: Settings; may: boolean }) {
  const t = useTexts().mail.check;
  const { cancel } = useTexts().common;
  const org = useOrg();
  const say = useUndo();
  const guard = useGuard();
  const { demo } = useMe();
  const renew = useAct(samples.settings.newAddress);
  const [open, setOpen] = useState(false);
  if (address === null) return demo ? <p>{t.addressDemo} <GoLink to={`/o/${org}/ask/mail`}>{t.addressTry}</GoLink></p> : <p>{t.addressNone}</p>;
  return (
    <div className={css.stack}>
      <p>{t.addressWhy}</p>
      <CopyBox label={t.address} text={address} />
      {may ? <div><Button onClick={() => setOpen(true)}>{t.newAddress}</Button></div> : null}
      <Dialog open={open} onClose={() => setOpen(false)} title={t.newTitle}>
        <Prose>
          <p>{t.newWhy}</p>
          {renew.error ? <StateNote state={{ kind: 'error', problem: renew.error }} /> : null}
          <Actions>
            <Button kind="main" busy={renew.isPending} onClick={() => guard(() => renew.mutateAsync({ params: { org } }), () => { setOpen(false); say({ text: t.newDone }); })}>{t.newGo}</Button>
            <Button kind="quiet" onClick={() => setOpen(false)}>{cancel}</Button>
          </Actions>
        </Prose>
      </Dialog>
    </div>
  );
}
