import { useState } from 'react';
import { useAct } from '../../api/index.ts';
import { identity } from '@banya/contract';
import { useTexts } from '../../texts/index.tsx';
import { Button, ButtonLink, Page } from '../../ui/index.ts';
import { useNextStep } from './flow.ts';

/** The token of the mail's link: after `#`, which browsers never send to servers and proxies, or as `?token=`. */
const tokenOf = (place: Location): string =>
  new URLSearchParams(place.hash.slice(1)).get('token') ?? new URLSearchParams(place.search).get('token') ?? place.hash.slice(1);

/** Uses a mail's link, only when the button is pressed: mail filters open links by themselves, and a link works once. */
export default function LinkPage() {
  const t = useTexts().signin;
  const next = useNextStep();
  const redeem = useAct(identity.signIn.redeem);
  const [token] = useState(() => tokenOf(location));
  const old = token === '' || redeem.error?.code === 'link_used_or_old';
  if (old) return <Page title={t.linkOld} state={{ kind: 'empty', title: t.linkOld, why: t.linkOldBody, action: <ButtonLink kind="main" to="/sign-in">{t.newLink}</ButtonLink> }} />;
  const go = () => redeem.mutate({ body: { token } }, { onSuccess: ({ step }) => next(step) });
  if (redeem.error) return <Page title={t.redeemTitle} state={redeem.error.status === 0 ? { kind: 'offline', retry: go } : { kind: 'error', problem: redeem.error, retry: go }} />;
  return (
    <Page title={t.redeemTitle} lead={t.redeemBody}>
      <div><Button kind="main" busy={redeem.isPending || redeem.isSuccess} onClick={go}>{t.redeem}</Button></div>
    </Page>
  );
}
