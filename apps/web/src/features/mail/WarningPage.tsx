import { samples, type Received } from '@banya/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keyOf, useApi } from '../../api/index.ts';
import { useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, ButtonLink, GoLink, Page, Prose, Section, stateOf, Verdict } from '../../ui/index.ts';
import { PhoneFirst } from './Phone.tsx';
import { WarningText } from './WarningText.tsx';
import css from './mail.module.css';

type Warning = Received<typeof samples.warnings.get>;

/** One warning: did it come to us, what it is, how far it may be passed on. Opening it is the receipt. */
export default function WarningPage() {
  const t = useTexts().mail.warnings;
  const f = useFormat();
  const org = useOrg();
  const client = useQueryClient();
  const read = useApi(samples.warnings.get, { params: { org, warning: useParam('warning') } });
  const w = read.data;
  useEffect(() => {
    // It counts as read from now on: the list and the home page ask again.
    if (w) void client.invalidateQueries({ queryKey: keyOf(samples.warnings.list).slice(0, 2) });
  }, [client, w?.id]);
  const state = stateOf(read);
  if (state || !w) return <Page title={t.one} state={state ?? { kind: 'loading' }} />;
  return (
    <Page title={w.title} lead={f.dateTime(w.at)}>
      <Section title={t.here}><Here warning={w} /></Section>
      <div className={css.box}><WarningText body={w.body} tlp={w.tlp} /></div>
      <p data-screen-only><GoLink to={`/o/${org}/warnings`}>{t.back}</GoLink></p>
    </Page>
  );
}

function Here({ warning: { here } }: { warning: Warning }) {
  const t = useTexts().mail.warnings;
  const f = useFormat();
  const org = useOrg();
  const found = here.mails + here.lines > 0;
  if (found) {
    return (
      <div className={css.stack}>
        <Verdict state="now" word={t.tagYes}>{t.yes(f.number(here.mails), f.number(here.lines))}</Verdict>
        <p className={css.soft}>{here.firstAt ? t.first(f.when(here.firstAt)) : ''}{here.lookedAt ? t.looked(f.when(here.lookedAt)) : ''}</p>
        <PhoneFirst words={t.yesDo} />
        <Actions>{here.mails > 0 ? <ButtonLink icon="mail" to={`/o/${org}/mails`}>{t.toMails}</ButtonLink> : null}<ButtonLink icon="ticket" to={`/o/${org}/ask/question`}>{t.ask}</ButtonLink></Actions>
      </div>
    );
  }
  if (here.lookedAt === null) return <Verdict state="quiet" word={t.tagUnknown}>{t.notYet}</Verdict>;
  return <div className={css.stack}><Verdict state="done" word={t.tagNo}>{t.no(f.when(here.lookedAt))}</Verdict><Prose><p className={css.soft}>{t.noWhy}</p></Prose></div>;
}
