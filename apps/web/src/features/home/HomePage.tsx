import { findings, type Received } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, ButtonLink, Card, CardList, GoLink, Page, Prose, Section, StateNote, stateOf, StateTag, VisuallyHidden } from '../../ui/index.ts';

type Home = Received<typeof findings.home>;
type HomeCard = Home['cards'][number];

/** 今週やること: at most five cards, each with one next step. */
export default function HomePage() {
  const t = useTexts().home;
  const f = useFormat();
  const org = useOrg();
  const read = useApi(findings.home, { params: { org } });
  const state = stateOf(read, 3);
  const data = read.data;
  if (state || !data) return <Page title={t.title} state={state ?? { kind: 'loading', cards: 3 }} />;
  const minutes = data.cards.reduce((sum, card) => sum + card.minutes, 0);
  return (
    <Page title={t.title} lead={data.cards.length > 0 ? t.lead(data.cards.length, f.duration(minutes)) : undefined}>
      {data.cards.length > 0 ? <CardList>{data.cards.map((card, i) => <Step key={card.key} card={card} first={i === 0} />)}</CardList> : <NothingToDo data={data} />}
      {data.moreOpen > 0 ? <p><GoLink to={`/o/${org}/findings`}>{t.more(f.count(data.moreOpen))}</GoLink></p> : null}
      <Section title={t.lastWeek}><Prose><p className="phrases">{t.lastWeekSentence(weekOf(data.lastWeek, (n) => f.about(n, 'none')))}</p></Prose></Section>
      <Section title={t.health}><Health health={data.health} /></Section>
      <Section title={t.ask}>
        <Prose>
          <p>{t.askWhy}</p>
          <Actions><ButtonLink icon="ticket" to={`/o/${org}/ask/question`}>{t.toAsk}</ButtonLink><ButtonLink kind="quiet" to={`/o/${org}/articles`}>{t.toArticles}</ButtonLink></Actions>
        </Prose>
      </Section>
    </Page>
  );
}

const weekOf = (week: Home['lastWeek'], say: (n: number) => string) => ({ stopped: say(week.stopped), before: say(week.stoppedWeekBefore), closed: say(week.closed), open: say(week.open) });

/** Where a card's step is taken. */
function placeOf(org: string, card: HomeCard): string {
  switch (card.kind) {
    case 'finding': return card.target ? `/o/${org}/findings/${card.target}` : `/o/${org}/findings`;
    case 'ticket': return card.target ? `/o/${org}/tickets/${card.target}` : `/o/${org}/tickets`;
    case 'source': return `/o/${org}/devices`;
    case 'people': return `/o/${org}/people`;
    case 'warning': return card.target ? `/o/${org}/warnings/${card.target}` : `/o/${org}/warnings`;
    case 'restore': return `/o/${org}/settings`;
    case 'report': {
      // A report's card names its month in its key: report:2026-10.
      const month = /^report:(\d{4}-\d{2})$/.exec(card.key)?.[1];
      return month ? `/o/${org}/reports/${month}` : `/o/${org}/reports`;
    }
  }
}

function Step({ card, first }: { card: HomeCard; first: boolean }) {
  const t = useTexts().home;
  const f = useFormat();
  const { aside } = useTexts().common;
  const org = useOrg();
  return (
    <Card
      title={card.title} minutes={card.minutes} askedBy={card.askedBy} {...(card.severity === 'fyi' ? {} : { state: card.severity, stateWord: t.severity[card.severity] })}
      action={<ButtonLink kind={first ? 'main' : 'plain'} to={placeOf(org, card)}>{card.key.startsWith('look:') ? t.openLook : t.open[card.kind]}<VisuallyHidden>{aside(card.title)}</VisuallyHidden></ButtonLink>}
    >
      <p><strong>{t.first}</strong>　{card.step}</p>
      {card.elsewhere === null ? null : <p>{t.elsewhere(f.number(card.elsewhere))}</p>}
    </Card>
  );
}

function NothingToDo({ data }: { data: Home }) {
  const t = useTexts().home;
  const f = useFormat();
  const { stopped } = data.lastWeek;
  const blind = data.health.sources === 0 || data.health.flowing < data.health.sources;
  return <StateNote state={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy(stopped, f.about(stopped, 'none')), action: blind ? <p>{t.emptyBlind}</p> : null }} />;
}

/** What flows and what is silent, in one line. */
function Health({ health }: { health: Home['health'] }) {
  const t = useTexts().home;
  const f = useFormat();
  const org = useOrg();
  const { sources, flowing, silent, lastLineAt } = health;
  const devices = `/o/${org}/devices`;
  if (sources === 0) return <Prose><p>{t.none}</p><div><ButtonLink to={devices}>{t.connect}</ButtonLink></div></Prose>;
  const all = f.count(sources, 'device');
  const last = lastLineAt ? f.when(lastLineAt) : '';
  if (silent > 0) return <Actions><StateTag state="look" word={t.healthBad} /><span>{t.silent(all, f.count(silent, 'device'))}</span><GoLink to={devices}>{t.toDevices}</GoLink></Actions>;
  if (!lastLineAt) return <Actions><StateTag state="quiet" word={t.healthBad} /><span>{t.notYet}</span><GoLink to={devices}>{t.toDevices}</GoLink></Actions>;
  return <Actions><StateTag state="done" word={t.healthGood} /><span>{flowing === sources ? t.all(all, last) : t.some(all, f.count(flowing, 'device'), last)}</span></Actions>;
}
