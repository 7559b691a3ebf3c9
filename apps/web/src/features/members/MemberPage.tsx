import { useState } from 'react';
import { orgs, type ConsentKind, type Received } from '@banya/contract';
import { useApi, useList } from '../../api/index.ts';
import { useMay, useOrg, useParam } from '../../index.ts';
import { useFormat, useLang, useTexts } from '../../texts/index.tsx';
import { Actions, Button, ButtonLink, Dialog, Facts, GoLink, Icon, Page, Panel, Section, StateNote, stateOf, StateTag, telephone } from '../../ui/index.ts';
import { AddPerson } from './AddPerson.tsx';
import { Consents } from './Consents.tsx';
import { industryName, prefectureName, sizeName } from './facts.ts';
import { MemberSources } from './MemberSources.tsx';
import css from './members.module.css';

type Org = Received<typeof orgs.tree.get>;

/** A member's card: whom to call, what it shares, whether its logs arrive, where one may go from here. */
export default function MemberPage() {
  const t = useTexts().members.card;
  const org = useOrg();
  const member = useParam('member');
  const read = useApi(orgs.tree.get, { params: { org: member } });
  const consents = useApi(orgs.consents.get, { params: { org: member } });
  const state = stateOf(read);
  if (state || !read.data) return <Page title={t.loading} state={state} />;
  const shares = (kind: string) => consents.data?.items.some((c) => c.kind === kind && c.given) ?? false;
  const running = consents.data?.tickets.filter((one) => one.state === 'allowed') ?? [];
  const opens = (kind: ConsentKind) => shares(kind) || running.some((one) => one.kinds.includes(kind));
  return (
    <Page title={read.data.name} lead={t.lead}>
      <div className={css.columns}>
        <div className={css.column}>
          <Leads member={read.data} />
          <Section title={t.pages}>
            <Actions>
              {opens('alerts') ? <ButtonLink icon="finding" to={`/o/${member}/findings`}>{t.findings}</ButtonLink> : null}
              {shares('inventory') ? <ButtonLink icon="device" to={`/o/${member}/devices`}>{t.devices}</ButtonLink> : null}
              {opens('logs') ? <ButtonLink icon="finding" to={`/o/${member}/search`}>{t.logs}</ButtonLink> : null}
              <ButtonLink icon="queue" to={`/o/${org}/desk?member=${member}`}>{t.tickets}</ButtonLink>
            </Actions>
            {consents.data && !opens('alerts') ? <p className={css.soft}>{t.noPages}</p> : null}
          </Section>
          <MemberSources member={member} />
        </div>
        <div className={css.column}>
          <Profile member={read.data} />
          <Section title={t.consents}>{consents.data ? <Consents org={org} items={consents.data.items} running={running} /> : <StateNote state={stateOf(consents) ?? { kind: 'loading' }} />}</Section>
        </div>
      </div>
      <p data-screen-only><GoLink to={`/o/${org}/members`}>{t.toList}</GoLink>　<GoLink to={`/o/${org}/overview`}>{t.toMap}</GoLink></p>
    </Page>
  );
}

function Leads({ member }: { member: Org }) {
  const t = useTexts().members.card;
  // Managers register people of their members; whether they may is a matter of the federation in the address.
  const mayWrite = useMay('org.create');
  const [adding, setAdding] = useState(false);
  const list = useList(orgs.people.list, { params: { org: member.id }, query: { role: 'lead' } });
  const refused = list.problem && list.rows.length === 0 ? stateOf({ isPending: false, error: list.problem, refetch: list.retry }) : null;
  return (
    <Section title={t.leads} aside={mayWrite ? <Button icon="person" onClick={() => setAdding(true)}>{t.addPerson}</Button> : null}>
      {refused ? <StateNote state={refused} /> : list.loading ? <StateNote state={{ kind: 'loading', cards: 1 }} /> : list.rows.length === 0 ? (
        <Panel>
          <StateTag state="now" word={t.noLead} />
          <p>{mayWrite ? t.noLeadStep : t.noLeadAsk}</p>
          {member.phone ? <Telephone number={member.phone} /> : null}
        </Panel>
      ) : list.rows.map((person) => {
        const number = person.phone ?? member.phone;
        return (
          <Panel key={person.id}>
            <p className={css.name}><strong>{person.name}</strong>{person.department ? <span>{person.department}</span> : null}</p>
            {number ? <Telephone number={number} /> : <p className={css.soft}>{t.noPhone}</p>}
            {person.emails[0] ? <p><a href={`mailto:${person.emails[0]}`}>{person.emails[0]}</a></p> : null}
            <p className={css.soft}>{person.canSignIn ? t.canSignIn : t.cannotSignIn}</p>
          </Panel>
        );
      })}
      <Dialog open={adding} onClose={() => setAdding(false)} title={t.addTitle}><AddPerson member={member.id} onDone={() => setAdding(false)} noLead={list.rows.length === 0} /></Dialog>
    </Section>
  );
}

const Telephone = ({ number }: { number: string }) => <a className={css.tel} href={telephone(number)}><Icon name="phone" />{number}</a>;

function Profile({ member: m }: { member: Org }) {
  const t = useTexts().members.card;
  const { lang } = useLang();
  const f = useFormat();
  const or = (value: string | null) => value ?? <span className={css.soft}>{t.unset}</span>;
  return (
    <Section title={t.profile}>
      <Facts items={[
        [t.reading, or(m.reading)], [t.industry, or(industryName(m.industry, lang))], [t.size, or(sizeName(m.sizeBand, lang))], [t.prefecture, or(prefectureName(m.prefecture, lang))],
        [t.phone, m.phone ? <a key="p" href={telephone(m.phone)}>{m.phone}</a> : or(null)], [t.corporate, or(m.corporateNumber)], [t.domains, or(m.domains.length > 0 ? f.list(m.domains) : null)],
      ]} />
    </Section>
  );
}
