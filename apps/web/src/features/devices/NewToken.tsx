import { useState } from 'react';
import { inventory } from '@banya/contract';
import { useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Actions, Button, CopyBox, Dialog, Prose, Section, StateNote, stateOf } from '../../ui/index.ts';
import type { Source } from './sender.tsx';

/** Makes a new secret for a sender; the old one ends at once, so the effect is said first. */
export function NewToken({ source }: { source: Source }) {
  const t = useTexts().devices.sender;
  const { cancel } = useTexts().common;
  const org = useOrg();
  const renew = useAct(inventory.sources.newToken, { touches: ['tokens'] });
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    renew.reset();
  };
  const refused = stateOf({ isPending: false, error: renew.error });
  return (
    <Section title={t.token}>
      <p>{t.tokenBody}</p>
      <Actions><Button icon="key" onClick={() => setOpen(true)}>{t.newToken}</Button></Actions>
      <Dialog open={open} onClose={close} title={renew.data ? t.tokenLabel : t.newTokenTitle}>
        <Prose>
          {renew.data ? (
            <><p>{t.once}</p><CopyBox label={t.tokenLabel} text={renew.data.token} /><Actions><Button kind="main" onClick={close}>{t.tokenKept}</Button></Actions></>
          ) : (
            <>
              <p>{t.newTokenBody}</p>
              {refused ? <StateNote state={refused} /> : null}
              <Actions><Button kind="grave" busy={renew.isPending} onClick={() => renew.mutate({ params: { org, source: source.id } })}>{t.newTokenGo}</Button><Button kind="quiet" onClick={close}>{cancel}</Button></Actions>
            </>
          )}
        </Prose>
      </Dialog>
    </Section>
  );
}
