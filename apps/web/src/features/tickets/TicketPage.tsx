import { desk, type Received } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { useMay, useMe, useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, Conversation, Details, FileLink, Form, GoLink, Page, Panel, Section, StateNote, stateOf, telephone, TextArea, Timeline, useForm, useUndo } from '../../ui/index.ts';
import { Look } from './Look.tsx';
import { TicketState } from './TicketState.tsx';
import css from './tickets.module.css';

type Detail = Received<typeof desk.member.get>;
const touches = ['home', 'executive'] as const;

/** One conversation with the desk, until it is settled. */
export default function TicketPage() {
  const t = useTexts().tickets;
  const org = useOrg();
  const me = useMe();
  const mayWrite = useMay('tickets.write');
  const read = useApi(desk.member.get, { params: { org, ticket: useParam('ticket') } });
  const state = stateOf(read);
  const data = read.data;
  if (state || !data) return <Page title={t.one} state={state ?? { kind: 'loading' }} />;
  const answering = mayWrite && !data.mergedInto;
  return (
    <Page
      title={data.subject} action={<GoLink to={`/o/${org}/tickets`}>{t.toList}</GoLink>}
      lead={<span className={css.stand}><TicketState ticket={{ state: data.state, unread: false }} /><span>{t.no(data.number)}</span><span>{data.channel === 'finding' && data.requester.id === null ? t.byHouse : t.by(data.requester.name)}</span>{data.callback ? <span>{t.callback(data.callback)}</span> : null}</span>}
    >
      {data.mergedInto ? <Panel><p>{t.merged}</p><GoLink to={`/o/${org}/tickets/${data.mergedInto}`}>{t.toMerged}</GoLink></Panel> : <Outlook ticket={data} phone={me.deskPhone} />}
      {data.mergedInto ? null : <Look ticket={data} />}
      {data.finding ? <p><GoLink to={`/o/${org}/findings/${data.finding}`}>{t.finding}</GoLink></p> : null}
      <Section title={t.talk}>
        <Conversation
          messages={data.messages.map((message) => ({
            id: message.id, at: message.at, who: message.who, mine: message.who === me.name, text: message.text,
            ...(message.article ? { files: <GoLink to={`/o/${org}/articles/${message.article.id}`}>{t.article(message.article.title)}</GoLink> } : {}),
          }))}
        />
      </Section>
      {answering ? (data.state === 'solved' ? <Settled ticket={data} /> : <Answer ticket={data} />) : null}
      {data.history.length === 0 ? null : <Details summary={t.history}><Timeline moments={data.history.map((moment) => ({ at: moment.at, by: moment.who, text: moment.what }))} /></Details>}
    </Page>
  );
}

/** By when the desk means to answer, or whose turn it is; silent once settled. */
function Outlook({ ticket, phone }: { ticket: Detail; phone: string | null }) {
  const t = useTexts().tickets;
  const f = useFormat();
  const { sla, state } = ticket;
  if (state === 'solved') return null;
  if (state === 'waiting') return <p>{t.waiting}</p>;
  if (sla.state === 'late') return <Panel><p>{t.late}</p>{phone ? <div><FileLink icon="phone" href={telephone(phone)}>{phone}</FileLink></div> : null}</Panel>;
  const answered = ticket.messages.some((message) => message.side === 'desk');
  if (!answered && sla.firstReplyDue) return <p>{t.replyDue(f.dateTime(sla.firstReplyDue))}</p>;
  return sla.solveDue ? <p>{t.solveDue(f.dateTime(sla.solveDue))}</p> : null;
}

function Answer({ ticket }: { ticket: Detail }) {
  const t = useTexts().tickets;
  const say = useUndo();
  const params = { org: ticket.org, ticket: ticket.id };
  const reply = useAct(desk.member.reply, { touches });
  const solve = useAct(desk.member.solved, { touches });
  const reopen = useAct(desk.member.reopen, { touches });
  const form = useForm({
    initial: { text: '' }, labels: { text: t.reply }, schema: desk.member.reply.body,
    send: async (body) => {
      await reply.mutateAsync({ params, body });
      form.set({ text: '' });
      say({ text: t.sent });
    },
  });
  const settle = () => once(solve.mutateAsync({ params }), () => say({ text: t.settled, undo: () => reopen.mutateAsync({ params }) }));
  return (
    <div data-screen-only>
      {solve.error ? <StateNote state={{ kind: 'error', problem: solve.error }} /> : null}
      <Form form={form} action={t.send} beside={ticket.shared ? null : <Button icon="done" busy={solve.isPending} onClick={settle}>{t.settle}</Button>}>
        <TextArea {...form.bind('text')} help={ticket.shared ? t.replyShared : t.replyHelp} rows={3} />
      </Form>
    </div>
  );
}

/** Settled: did it help, in one tap; or not settled after all. */
function Settled({ ticket }: { ticket: Detail }) {
  const t = useTexts().tickets;
  const say = useUndo();
  const params = { org: ticket.org, ticket: ticket.id };
  const rate = useAct(desk.member.rate);
  const reopen = useAct(desk.member.reopen, { touches });
  const tell = (rating: 'good' | 'bad') => once(rate.mutateAsync({ params, body: { rating } }), () => say({ text: t.thanks }));
  const problem = rate.error ?? reopen.error;
  return (
    <Section title={t.settledTitle}>
      {problem ? <StateNote state={{ kind: 'error', problem }} /> : null}
      {ticket.shared ? null : <Panel>
        <p>{ticket.satisfaction ? t.rated[ticket.satisfaction] : t.rate}</p>
        {ticket.satisfaction ? null : <Actions><Button kind="main" busy={rate.isPending} onClick={() => tell('good')}>{t.good}</Button><Button busy={rate.isPending} onClick={() => tell('bad')}>{t.bad}</Button></Actions>}
      </Panel>}
      <Actions><span>{t.settledWhy}</span><Button busy={reopen.isPending} onClick={() => once(reopen.mutateAsync({ params }), () => say({ text: t.reopened }))}>{t.notSettled}</Button></Actions>
    </Section>
  );
}
