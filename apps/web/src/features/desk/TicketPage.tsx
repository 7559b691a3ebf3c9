import { useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { desk } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useOrg, useParam } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Button, Dialog, GoLink, Page, Section, stateOf, Tabs } from '../../ui/index.ts';
import { useTicketActs } from './acts.ts';
import { useKeys, useKeysWanted, useNow } from './keys.ts';
import { KeysDialog } from './KeysDialog.tsx';
import { Merged, Related } from './Merge.tsx';
import { NoteForm } from './NoteDialog.tsx';
import { PhoneForm } from './PhoneForm.tsx';
import { ReplyForm } from './ReplyForm.tsx';
import { byHouse, clockWords, type TicketDetail } from './sla.ts';
import { Thread } from './Thread.tsx';
import { TicketFacts } from './TicketFacts.tsx';
import { Clock } from './TicketRow.tsx';
import css from './desk.module.css';

/** One ticket: the conversation, and beside it everything one needs while answering. */
export default function TicketPage() {
  const t = useTexts().desk.ticket;
  const org = useOrg();
  const id = useParam('ticket');
  const read = useApi(desk.queue.get, { params: { org, ticket: id } });
  const state = stateOf(read);
  if (state || !read.data) return <Page title={t.loading} state={state} />;
  return <Open key={id} org={org} ticket={read.data} />;
}

const mergedOne = (ticket: TicketDetail): ticket is TicketDetail & { mergedInto: string } => ticket.mergedInto !== null;

function Open({ org, ticket }: { org: string; ticket: TicketDetail }) {
  const texts = useTexts().desk;
  const t = texts.ticket;
  const now = useNow();
  const { hash } = useLocation();
  const acts = useTicketActs(org);
  const [tab, setTab] = useState<'reply' | 'note'>(hash === 'note' ? 'note' : 'reply');
  const [draft, setDraft] = useDraft(ticket.id);
  const [note, setNote] = useState('');
  const [shown, setShown] = useState<'phone' | 'keys' | null>(null);
  const [wanted, setWanted] = useKeysWanted();
  const write = (which: 'reply' | 'note') => {
    setTab(which);
    // The field appears with the tab, hence one turn later.
    setTimeout(() => document.getElementById('write')?.querySelector('textarea')?.focus(), 0);
  };
  useEffect(() => {
    if (hash === 'reply' || hash === 'note') write(hash);
  }, [hash]);
  const open = ticket.state !== 'solved';
  useKeys(wanted, {
    r: () => write('reply'), n: () => write('note'), a: () => void acts.take(ticket), e: () => open && void acts.setState(ticket, 'solved'),
    p: () => setShown('phone'), '?': () => setShown('keys'),
  });
  return (
    <Page
      title={ticket.subject}
      lead={<>{byHouse(ticket) ? ticket.orgName : t.from(ticket.orgName, ticket.requester.name)}　{texts.number(ticket.number)}　<Clock {...clockWords(ticket, now, texts.sla, ticket.messages.some((m) => m.side === 'desk'))} /></>}
      action={mergedOne(ticket) ? null : <Button icon={open ? 'done' : 'ticket'} busy={acts.busy} onClick={() => void acts.setState(ticket, open ? 'solved' : 'working')}>{open ? t.solve : t.reopen}</Button>}
    >
      {mergedOne(ticket) ? <Merged org={org} ticket={ticket} /> : <Related org={org} ticket={ticket} />}
      <div className={css.panes}>
        <div className={css.talk}>
          <Section title={t.talk}><Thread org={org} ticket={ticket} /></Section>
          {mergedOne(ticket) ? null : (
            <div id="write" className={css.write} data-kind={tab}>
              <Tabs
                label={t.tabs} value={tab} onChange={(next) => setTab(next as 'reply' | 'note')}
                tabs={[
                  { id: 'reply', title: t.replyTab, content: <ReplyForm org={org} ticket={ticket.id} readers={ticket.asked?.people ?? 1} draft={draft} onDraft={setDraft} /> },
                  { id: 'note', title: t.noteTab, content: <NoteForm org={org} ticket={ticket.id} draft={note} onDraft={setNote} /> },
                ]}
              />
            </div>
          )}
        </div>
        <aside className={css.side} aria-label={t.facts}><Section title={t.facts}><TicketFacts org={org} ticket={ticket} now={now} /></Section></aside>
      </div>
      <p data-screen-only><GoLink to={`/o/${org}/desk`}>{t.back}</GoLink>　<Button kind="quiet" onClick={() => setShown('keys')}>{texts.keys.open}</Button></p>
      <Dialog open={shown === 'phone'} onClose={() => setShown(null)} title={texts.phone.title}><PhoneForm org={org} onSaved={() => setShown(null)} /></Dialog>
      <KeysDialog open={shown === 'keys'} onClose={() => setShown(null)} wanted={wanted} onWanted={setWanted} />
    </Page>
  );
}

/** What was written but not sent stays in this window when one looks at another ticket. */
function useDraft(ticket: string): [string, (text: string) => void] {
  const key = `banya.draft.${ticket}`;
  const [draft, setDraft] = useState(() => sessionStorage.getItem(key) ?? '');
  return [draft, (text) => {
    setDraft(text);
    if (text === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  }];
}
