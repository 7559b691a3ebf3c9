import type { ReactNode } from 'react';
import { Frame } from '../../shell/Frame.tsx';
import { placesFor } from '../../shell/navigation.ts';
import type { Me } from '../../shell/session.ts';
import { useLang } from '../../texts/index.tsx';
import { Button, Card, CardList, Page, Section, StateTag } from '../../ui/index.ts';
import { samples } from './texts.ts';

const id = (n: number) => `0193f0a0-0000-7000-8000-00000000000${n}`;

/** The frame with an invented person in it, a lead of six members. */
export function SampleFrame({ children }: { children: ReactNode }) {
  const { lang, setLang } = useLang();
  const s = samples(lang);
  const me: Me = {
    accountId: id(1), personId: id(2), name: s.person, email: 'hanako@example.jp', lang, homeOrg: id(3),
    roles: s.members.flatMap((orgName, i) => [{ org: id(3 + i), orgName, orgKind: 'member' as const, role: 'lead' as const }]),
    start: { org: id(3), page: 'home' }, deskPhone: '043-123-4567', demo: true, federation: { id: id(9), name: s.federation }, secondFactors: { totp: true, passkeys: 1 },
  };
  return (
    <Frame me={me} here={{ org: id(3), name: s.members[0] ?? '', kind: 'member', roles: ['lead'] }} places={placesFor(['lead'], () => true)} canAsk offline={false} live onSignOut={() => {}} onOrg={() => {}} onLang={(next) => void setLang(next)}>
      {children}
    </Frame>
  );
}

/** The first page of the week as a lead sees it. */
export default function FramePage() {
  const s = samples(useLang().lang);
  return (
    <SampleFrame>
      <Page title={s.frameTitle} lead={s.frameLead}>
        <CardList>
          {[
            <Card key="1" state="now" title={s.card1} minutes={10} askedBy={s.desk} action={<Button kind="main">{s.main}</Button>}><p>{s.card1Why}</p></Card>,
            <Card key="2" title={s.card2} minutes={15} askedBy={s.desk} action={<Button>{s.how}</Button>}><p>{s.card2Why}</p></Card>,
            <Card key="3" title={s.card3} minutes={5} action={<Button>{s.doneIt}</Button>}><p>{s.card3Why}</p></Card>,
          ]}
        </CardList>
        <Section title={s.lastWeek}><p><StateTag state="done" word={s.tagWord} />　{s.lastWeekText}</p></Section>
      </Page>
    </SampleFrame>
  );
}
