import { useState } from 'react';
import { notify, orgs } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useMe } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, Details, Facts, GoLink, Icon, SelectField, StateTag, telephone, Timeline } from '../../ui/index.ts';
import { useTicketActs } from './acts.ts';
import { Look } from './Look.tsx';
import { MergeDialog } from './Merge.tsx';
import { byHouse, nextDue, type Ticket, type TicketDetail } from './sla.ts';
import css from './desk.module.css';

const states = ['new', 'working', 'waiting', 'solved'] as const;
const urgencies = ['now', 'today', 'normal'] as const;

/** What one needs to know beside the conversation, and the choices that act at once. */
export function TicketFacts({ org, ticket, now }: { org: string; ticket: TicketDetail; now: number }) {
  const t = useTexts().desk;
  const k = t.ticket;
  const f = useFormat();
  const acts = useTicketActs(org);
  const [merging, setMerging] = useState(false);
  const replied = ticket.messages.some((m) => m.side === 'desk');
  const due = ticket.sla.state === 'paused' || ticket.state === 'solved' ? null : nextDue(ticket, now, replied);
  const merged = ticket.mergedInto !== null;
  const { sample } = ticket;
  const phones = useApi(notify.phones, { params: { org: ticket.org } }).data?.items ?? [];
  return (
    <div className={css.facts}>
      {merged ? null : (
        <div className={css.choose}>
          <SelectField label={k.state} value={ticket.state} onChange={(v) => void acts.setState(ticket, v as Ticket['state'])} options={states.map((value) => ({ value, label: t.states[value] }))} />
          <SelectField label={k.urgency} value={ticket.urgency} onChange={(v) => void acts.setUrgency(ticket, v as Ticket['urgency'])} options={urgencies.map((value) => ({ value, label: t.urgencies[value] }))} />
          <Assignee org={org} ticket={ticket} acts={acts} />
        </div>
      )}
      <Facts items={[
        ...(due === null ? [] : [[replied || ticket.sla.firstReplyDue === null ? t.sla.solve : t.sla.firstReply, t.sla.until(f.dateTime(new Date(due)))] as const]),
        [k.member, <GoLink key="m" to={`/o/${org}/members/${ticket.org}`}>{ticket.orgName}</GoLink>],
        [byHouse(ticket) ? k.phone : k.requester, <Requester key="r" ticket={ticket} />],
        ...(ticket.callback ? [[k.callback, <Phone key="c" number={ticket.callback} />] as const] : []),
        ...(phones.length > 0 ? [[k.phones, <ol key="o" className={css.plain}>{phones.map((p) => <li key={`${p.name} ${p.phone}`}>{p.name} <Phone number={p.phone} /> {p.hours}</li>)}</ol>] as const] : []),
        ...(ticket.finding ? [[k.finding, <FindingLink key="f" ticket={{ org: ticket.org, finding: ticket.finding, look: ticket.look }} />] as const] : []),
        ...(sample ? [[k.sample, <GoLink key="s" to={`/o/${org}/desk/mails/${sample}`}>{k.sampleOpen}</GoLink>] as const] : []),
        ...(ticket.asked ? [[k.asked, <span key="a">{t.reportedBy(ticket.asked.people)}{ticket.asked.touched > 0 ? <> <StateTag state="now" word={t.openedBy(ticket.asked.touched)} /></> : null}</span>] as const] : []),
        [k.channel, t.channels[ticket.channel]],
        [k.created, f.when(ticket.createdAt)],
        ...(ticket.satisfaction ? [[k.satisfaction, <StateTag key="s" state={ticket.satisfaction === 'good' ? 'done' : 'look'} word={k[ticket.satisfaction]} />] as const] : []),
      ]} />
      <Look org={org} ticket={ticket} />
      {merged || ticket.state === 'solved' ? null : <div><Button onClick={() => setMerging(true)}>{k.merge}</Button></div>}
      <Details summary={k.history}>
        {ticket.history.length === 0 ? <p>{k.noHistory}</p> : <Timeline moments={ticket.history.map((h) => ({ at: h.at, by: h.who, text: h.what }))} />}
      </Details>
      <MergeDialog org={org} ticket={ticket} open={merging} onClose={() => setMerging(false)} />
    </div>
  );
}

const Phone = ({ number }: { number: string }) => <a className={css.tel} href={telephone(number)}><Icon name="phone" size={1} />{number}</a>;

function Requester({ ticket }: { ticket: TicketDetail }) {
  const t = useTexts().desk.ticket;
  const { id, name } = ticket.requester;
  const person = useApi(orgs.people.get, { params: { org: ticket.org, person: id ?? '' } }, { skip: id === null, staleMs: 300_000 });
  const member = useApi(orgs.tree.get, { params: { org: ticket.org } }, { staleMs: 300_000 });
  const number = person.data?.phone ?? member.data?.phone ?? null;
  return <>{byHouse(ticket) ? null : <>{name}<br /></>}{number ? <Phone number={number} /> : person.isFetching || member.isFetching ? null : <span className={css.soft}>{t.noPhone}</span>}</>;
}

/** The desk may open a member's findings as far as the member shares its alerts, or allows it for this ticket; else it says how to get there. */
function FindingLink({ ticket }: { ticket: { org: string; finding: string; look: TicketDetail['look'] } }) {
  const t = useTexts().desk.ticket;
  const read = useApi(orgs.consents.get, { params: { org: ticket.org } }, { staleMs: 60_000 });
  if (read.isPending) return t.findingChecking;
  const shared = read.data?.items.some((c) => c.kind === 'alerts' && c.given) || (ticket.look?.last?.state === 'allowed' && ticket.look.last.kinds.includes('alerts'));
  return shared ? <GoLink to={`/o/${ticket.org}/findings/${ticket.finding}`}>{t.findingOpen}</GoLink> : t.findingClosed;
}

function Assignee({ org, ticket, acts }: { org: string; ticket: TicketDetail; acts: ReturnType<typeof useTicketActs> }) {
  const t = useTexts().desk.ticket;
  const me = useMe();
  const read = useApi(orgs.people.list, { params: { org }, query: { role: 'desk', limit: 200 } }, { staleMs: 300_000 });
  const people = new Map((read.data?.items ?? []).map((p) => [p.id, p.name]));
  if (ticket.assignee) people.set(ticket.assignee.id, ticket.assignee.name);
  const choose = (id: string) => void acts.give(ticket, id === '' ? null : { id, name: people.get(id) ?? '' });
  return (
    <div className={css.assignee}>
      <SelectField label={t.assignee} value={ticket.assignee?.id ?? ''} onChange={choose} options={[{ value: '', label: t.nobody }, ...[...people].map(([value, label]) => ({ value, label }))]} />
      {ticket.assignee?.id === me.personId ? null : <Button icon="person" busy={acts.busy} onClick={() => void acts.take(ticket)}>{t.take}</Button>}
    </div>
  );
}
