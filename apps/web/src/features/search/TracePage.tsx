import { search, type Received } from '@banya/contract';
import { useEffect, useMemo } from 'react';
import { useAct } from '../../api/index.ts';
import { linkTo, useOrg } from '../../index.ts';
import { useFormat, useTexts, type Formats, type Texts } from '../../texts/index.tsx';
import { DataTable, Details, FileLink, GoLink, Page, Panel, Section, StateNote, StateTag, stateOf, telephone, type State } from '../../ui/index.ts';
import { timeOf, useAsked } from './asked.ts';
import { Spread } from './Spread.tsx';
import type { Thing, Way } from './spread.ts';
import { TraceForm } from './TraceForm.tsx';
import css from './search.module.css';

export type Traced = Received<typeof search.trace.run>;
type Call = Traced['calls'][number];
export const CALL_STATE: Readonly<Record<Call['state'], State>> = { communicated: 'now', opened: 'now', possible: 'look', received: 'look', stopped: 'done' };

/** How far one indicator spread in one organisation: whom to call, why, and of what nothing is known. */
export default function TracePage() {
  const t = useTexts().search.trace;
  const org = useOrg();
  const { asked, ask } = useAsked('30d');
  const run = useAct(search.trace.run);
  const { mutate } = run;
  const { q, span, from, to } = asked;
  useEffect(() => {
    if (q.trim()) mutate({ params: { org }, body: { indicator: q.trim(), ...timeOf({ span, from, to }, Date.now()) } });
  }, [org, q, span, from, to, mutate]);
  const refused = run.error ? stateOf({ isPending: false, error: run.error, refetch: () => mutate(run.variables!) }) : null;
  return (
    <Page title={t.title} lead={t.lead} action={<GoLink to={`/o/${org}/search`}>{t.toSearch}</GoLink>}>
      <TraceForm asked={asked} busy={run.isPending} onAsk={ask} />
      <div aria-live="polite" className={css.results}>
        {run.isPending ? <StateNote state={{ kind: 'loading', cards: 2 }} /> : refused ? <StateNote state={refused} /> : run.data && q ? <Found found={run.data} org={org} /> : <StateNote state={{ kind: 'empty', title: t.startTitle, why: t.startWhy }} />}
      </div>
    </Page>
  );
}

export function Sentence({ found }: { found: Pick<Traced, 'sentence' | 'commonText' | 'indicator' | 'from' | 'to'> }) {
  const t = useTexts().search.trace;
  const f = useFormat();
  return (
    <Panel>
      <p className={css.value}><strong>{found.indicator.shown}</strong>　{t.kinds[found.indicator.kind]}　{t.between(f.dateTime(found.from), f.dateTime(found.to))}</p>
      {found.commonText ? <p><StateTag state="look" word={t.common} />　{found.commonText}</p> : null}
      <p>{found.sentence}</p>
    </Panel>
  );
}

function Found({ found, org }: { found: Traced; org: string }) {
  const t = useTexts().search.trace;
  const f = useFormat();
  const names = new Map(found.nodes.map((n) => [n.key, n.name]));
  const drawn = useMemo(() => pictureOf(found, t, f), [found, t, f]);
  return (
    <>
      <Sentence found={found} />
      {found.calls.length > 0 ? (
        <Section title={t.calls}>
          {found.cut ? <p className={css.soft}>{t.cut}</p> : null}
          <DataTable<Call>
            caption={t.calls} remember="traceCalls" list={{ rows: found.calls }} rowKey={(row) => row.key}
            columns={[
              { id: 'state', title: t.state, cell: (row) => <StateTag state={CALL_STATE[row.state]} word={t.states[row.state]} /> },
              { id: 'name', title: t.who, main: true, cell: (row) => <span className={css.value}>{row.name}</span> },
              { id: 'owner', title: t.owner, cell: (row) => <>{[row.owner, row.department].filter(Boolean).join('　') || '—'}{row.phone ? <><br /><FileLink kind="quiet" icon="phone" href={telephone(row.phone)}>{row.phone}</FileLink></> : null}</> },
              { id: 'why', title: t.why, cell: (row) => <>{row.why}<br /><span className={css.soft}>{t.hop(row.hop)}　{t.confidences[row.confidence]}</span></> },
              { id: 'first', title: t.first, cell: (row) => f.dateTime(row.firstAt) },
              { id: 'last', title: t.last, hidden: true, cell: (row) => f.dateTime(row.lastAt) },
              { id: 'lines', title: t.lines, cell: (row) => <span className={css.see}><GoLink to={linkTo(`/o/${org}/search`, { q: row.search, from: found.from, span: '30d' })}>{t.see}</GoLink></span> },
            ]}
          />
        </Section>
      ) : null}
      {found.edges.length > 0 ? (
        <Section title={t.picture.title}>
          <Spread said={t.picture.said} {...drawn} />
          <Details summary={t.links}>
            <div className={css.wide} role="region" aria-label={t.linksCaption} tabIndex={0}>
              <table className={css.table}>
                <caption>{t.linksCaption}</caption>
                <thead><tr><th scope="col">{t.edgeFrom}</th><th scope="col">{t.edgeTo}</th><th scope="col">{t.why}</th><th scope="col">{t.first}</th><th scope="col">{t.sure}</th></tr></thead>
                <tbody>{found.edges.map((e, i) => <tr key={i}><td>{names.get(e.from)}</td><td>{names.get(e.to)}</td><td>{e.why}</td><td>{f.dateTime(e.firstAt)}</td><td>{t.confidences[e.confidence]}</td></tr>)}</tbody>
              </table>
            </div>
            {found.nodes.some((n) => n.common && n.hop > 0) ? <p className={css.soft}>{t.commonNodes(f.list(found.nodes.filter((n) => n.common && n.hop > 0).map((n) => n.name)))}</p> : null}
          </Details>
        </Section>
      ) : null}
      {found.silent.length > 0 ? (
        <Section title={t.silent}>
          <p>{t.silentWhy}</p>
          <ul className={css.list}>{found.silent.map((one) => <li key={one.source}><GoLink to={`/o/${org}/devices/senders/${one.source}`}>{one.name}</GoLink>　{one.lastAt ? `${t.silentDays(one.days, one.ofDays)}　${t.lastHeard(f.dateTime(one.lastAt))}` : t.neverHeard}</li>)}</ul>
        </Section>
      ) : null}
      <Related found={found} org={org} />
    </>
  );
}

/** What the picture draws: everything that is linked, and the devices of whose silence nothing can be told. */
function pictureOf(found: Traced, t: Texts['search']['trace'], f: Formats): { things: Thing[]; ways: Way[] } {
  const calls = new Map(found.calls.map((c) => [c.key, c]));
  const first = new Map<string, string>();
  for (const edge of found.edges) if (edge.firstAt < (first.get(edge.to) ?? '~')) first.set(edge.to, edge.firstAt);
  return {
    ways: found.edges.map((e) => ({ from: e.from, to: e.to, sure: e.confidence === 'sure' })),
    things: [
      ...found.nodes.map((node): Thing => {
        const call = calls.get(node.key);
        const at = call?.firstAt ?? first.get(node.key) ?? found.from;
        const said = node.kind === 'indicator' ? t.kinds[found.indicator.kind] : call ? t.states[call.state] : node.kind === 'account' ? t.picture.account : '';
        return {
          key: node.key, kind: node.kind, name: node.name, hop: node.hop, common: node.common, at: Date.parse(at), look: call ? CALL_STATE[call.state] : 'plain',
          notes: [node.kind === 'indicator' ? said : `${said} ${f.dateTime(at)}`.trim(), ...(node.common ? [t.common] : [])],
        };
      }),
      ...found.silent.map((one): Thing => ({ key: `silent ${one.source}`, kind: 'machine', name: one.name, hop: 1, common: false, at: 0, look: 'quiet', notes: [t.picture.unknown], unknown: true })),
    ],
  };
}

function Related({ found, org }: { found: Traced; org: string }) {
  const t = useTexts().search.trace;
  const f = useFormat();
  if (found.findings.length + found.tickets.length + found.mails.length === 0) return null;
  return (
    <Section title={t.related}>
      <ul className={css.list}>
        {found.findings.map((one) => <li key={one.id}><GoLink to={`/o/${org}/findings/${one.id}`}>{one.title}</GoLink>　<span className={css.soft}>{t.finding}　{f.dateTime(one.at)}</span></li>)}
        {found.tickets.map((one) => <li key={one.id}><GoLink to={`/o/${org}/tickets/${one.id}`}>{one.subject}</GoLink>　<span className={css.soft}>{t.ticket}　{one.number}　{f.dateTime(one.at)}</span></li>)}
        {found.mails.map((one) => <li key={one.id}><GoLink to={`/o/${org}/mails/${one.id}`}>{one.subject || t.noSubject}</GoLink>　<span className={css.soft}>{one.touched ? t.mailOpened : t.mail}　{f.dateTime(one.at)}</span></li>)}
      </ul>
    </Section>
  );
}
