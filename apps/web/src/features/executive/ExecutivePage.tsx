import { prove, type Received } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, ButtonLink, Card, CardList, GoLink, Page, Prose, Section, stateOf, TrendLine, Verdict, VisuallyHidden, type State } from '../../ui/index.ts';
import css from './executive.module.css';

type Standing = Received<typeof prove.executive>;
const looks: Readonly<Record<Standing['verdict']['state'], State>> = { calm: 'done', look: 'look', act: 'now', blind: 'look' };

/** One page for the executive: where we stand, what to decide, how it moves. Prints on one A4. */
export default function ExecutivePage() {
  const { executive: t, reports: { verdicts } } = useTexts();
  const f = useFormat();
  const org = useOrg();
  const read = useApi(prove.executive, { params: { org } });
  const state = stateOf(read, 3);
  const data = read.data;
  if (state || !data) return <Page title={t.title} state={state ?? { kind: 'loading', cards: 3 }} />;
  return (
    <div className={css.sheet}>
      <Page title={t.title} lead={t.lead(f.dateTime(new Date(read.dataUpdatedAt)))} action={<Button onClick={() => print()}>{t.print}</Button>}>
        <Verdict state={looks[data.verdict.state]} word={verdicts[data.verdict.state]}>{data.verdict.text}</Verdict>
        <Section title={t.decisions}>
          {data.decisions.length === 0 ? <p>{t.decisionsNone}</p> : <CardList>{data.decisions.map((decision, i) => <Decision key={i} decision={decision} first={i === 0} />)}</CardList>}
        </Section>
        <Section title={t.compare}><Compare standing={data} /></Section>
        <Section title={t.trend}><Trend trend={data.trend} /></Section>
        <Section title={t.peers}><Prose><p className="phrases">{data.peers ? data.peers.text : t.peersNone}</p></Prose></Section>
        {data.latestReport ? <p data-screen-only><GoLink to={`/o/${org}/reports/${data.latestReport}`}>{t.latest(f.month(data.latestReport))}</GoLink></p> : null}
      </Page>
    </div>
  );
}

function Decision({ decision, first }: { decision: Standing['decisions'][number]; first: boolean }) {
  const t = useTexts().executive;
  const { aside } = useTexts().common;
  const org = useOrg();
  const mayFinding = useMay('findings.read');
  const mayTicket = useMay('tickets.read');
  const to = decision.finding && mayFinding ? `/o/${org}/findings/${decision.finding}` : decision.ticket && mayTicket ? `/o/${org}/tickets/${decision.ticket}` : null;
  const word = decision.finding ? t.open.finding : t.open.ticket;
  return (
    <Card title={decision.text} {...(decision.due ? { due: decision.due } : {})} action={to ? <ButtonLink kind={first ? 'main' : 'plain'} to={to}>{word}<VisuallyHidden>{aside(decision.text)}</VisuallyHidden></ButtonLink> : null}>
      <p className="phrases">{decision.why}</p>
    </Card>
  );
}

/** This month so far beside the whole of the last; what stands open is a state, not a month's sum, and is said apart. */
function Compare({ standing }: { standing: Standing }) {
  const t = useTexts().executive;
  const { aside } = useTexts().common;
  const f = useFormat();
  const { thisMonth, trend } = standing;
  const [before, now] = [trend.at(-2), trend.at(-1)];
  const say = (n: number | undefined) => (n === undefined ? t.unknown : t.times(f.number(n)));
  const rows = [[t.blocked, say(thisMonth.blocked), say(before?.blocked)], [t.noticed, say(now?.findings), say(before?.findings)]] as const;
  return (
    <>
      <table className={css.compare}>
        <caption className="visuallyHidden">{t.compare}</caption>
        <thead><tr><th scope="col">{t.what}</th><th scope="col">{t.now}{aside(t.soFar)}</th><th scope="col">{t.before}</th></tr></thead>
        <tbody>{rows.map(([what, one, other]) => <tr key={what}><th scope="row">{what}</th><td>{one}</td><td>{other}</td></tr>)}</tbody>
      </table>
      <p className="phrases">{t.left(f.number(thisMonth.openFindings), f.number(thisMonth.openTickets), f.number(thisMonth.silentSources))}</p>
    </>
  );
}

function Trend({ trend }: { trend: Standing['trend'] }) {
  const t = useTexts().executive;
  const f = useFormat();
  if (trend.length < 2) return <p>{t.trendFew}</p>;
  const one = (title: string, values: readonly number[]) => (
    <TrendLine title={title} summary={t.trendSaid(title, f.number(Math.min(...values)), f.number(Math.max(...values)))} months={trend.map((point) => point.month)} unit={t.unit} series={[{ name: title, values }]} />
  );
  return <div className={css.trends}>{one(t.trendBlocked, trend.map((point) => point.blocked))}{one(t.trendFindings, trend.map((point) => point.findings))}</div>;
}
