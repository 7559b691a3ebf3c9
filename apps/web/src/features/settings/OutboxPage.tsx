import { useState } from 'react';
import { notify, type Received } from '@banya/contract';
import { once, useAct, useList, useSteady } from '../../api/index.ts';
import { useFilters, useHere, useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, DataTable, Drawer, Facts, GoLink, Page, SelectField, StateNote, stateOf, StateTag, useUndo, type State } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import css from './settings.module.css';

type Mail = Received<typeof notify.outbox>['items'][number];
const states = ['waiting', 'sent', 'failed', 'kept'] as const satisfies readonly Mail['state'][];
const tone: Record<Mail['state'], State> = { waiting: 'quiet', sent: 'done', failed: 'now', kept: 'look' };

/** The mails Banya sent for this organisation, and why some have not arrived. */
export default function OutboxPage() {
  const t = useTexts().settings.outbox;
  const f = useFormat();
  const org = useOrg();
  const operator = useHere().roles.includes('operator');
  const { values, settled, set, any } = useFilters('state');
  const state = states.find((s) => s === settled.state);
  const list = useSteady(useList(notify.outbox, { params: { org }, query: state ? { state } : {} }), org);
  const [shown, setShown] = useState<string | null>(null);
  const mail = list.rows.find((m) => m.id === shown);
  const kept = list.rows.some((m) => m.state === 'kept');
  return (
    <Page title={t.title} lead={t.lead}>
      {kept ? <p className={css.who} role="status"><StateTag state="look" />{t.kept}{operator ? <GoLink to={`/o/${org}/settings/mail`}>{t.keptGo}</GoLink> : null}</p> : null}
      <DataTable
        caption={t.caption} remember="outbox" list={list} rowKey={(m) => m.id}
        filters={<SelectField label={t.filter} value={values.state} onChange={(word) => set('state', word)} options={[{ value: '', label: t.all }, ...states.map((value) => ({ value, label: t.states[value] }))]} />}
        {...(any ? {} : { empty: { kind: 'empty' as const, title: t.emptyTitle, why: t.emptyWhy } })}
        columns={[
          { id: 'subject', title: t.subject, main: true, cell: (m) => m.subject },
          { id: 'state', title: t.state, cell: (m) => <StateTag state={tone[m.state]} word={t.states[m.state]} /> },
          { id: 'to', title: t.to, cell: (m) => <span className={css.address}>{m.to}</span> },
          { id: 'at', title: t.at, cell: (m) => f.when(m.at) },
          { id: 'tries', title: t.tries, hidden: true, align: 'end', cell: (m) => f.number(m.tries) },
          { id: 'read', title: t.read, cell: (m) => <span className={css.keep}><Button onClick={() => setShown(m.id)} label={`${t.read}: ${m.subject}`}>{t.read}</Button></span> },
        ]}
      />
      <p className={css.soft}>{t.masked}</p>
      <Back />
      <Drawer open={mail !== undefined} onClose={() => setShown(null)} title={mail?.subject ?? ''}>{mail ? <One key={mail.id} mail={mail} /> : null}</Drawer>
    </Page>
  );
}

function One({ mail }: { mail: Mail }) {
  const t = useTexts().settings.outbox;
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const may = useMay('notify.write');
  const again = useAct(notify.again);
  const refused = stateOf({ isPending: false, error: again.error });
  return (
    <>
      <Facts items={[
        [t.state, <StateTag key="state" state={tone[mail.state]} word={t.states[mail.state]} />], [t.to, <span key="to" className={css.address}>{mail.to}</span>], [t.at, f.when(mail.at)], [t.tries, f.number(mail.tries)],
        ...(mail.error ? [[t.why, mail.error] as const] : []),
      ]} />
      <pre className={css.text} tabIndex={0} aria-label={mail.subject}>{mail.text}</pre>
      {refused ? <StateNote state={refused} /> : null}
      {may && (mail.state === 'failed' || mail.state === 'kept') ? <Actions><Button kind="main" busy={again.isPending} onClick={() => once(again.mutateAsync({ params: { org, mail: mail.id } }), () => say({ text: t.sentAgain }))}>{t.again}</Button></Actions> : null}
    </>
  );
}
