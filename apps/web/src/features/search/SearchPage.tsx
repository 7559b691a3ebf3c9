import { EXPORT_ROWS_MAX, search, type Received } from '@banya/contract';
import { useEffect, useState } from 'react';
import { stateOf } from '../../ui/index.ts';
import { isMistake, urlOf, useApi, useList } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Bars, Button, DataTable, Details, FileLink, GoLink, Page, Section, SelectField, StateNote, TextField } from '../../ui/index.ts';
import { condition, QUERY_MAX, spans, timeOf, useAsked, type Span } from './asked.ts';
import { Line } from './Line.tsx';
import { Saved } from './Saved.tsx';
import css from './search.module.css';

export type LogLine = Received<typeof search.events.list>['items'][number];
type Query = { readonly q?: string; readonly from: string; readonly to?: string };

/** The search over an organisation's logs: words, fields and time; results, how many when, the commonest values, files. */
export default function SearchPage() {
  const t = useTexts().search;
  const org = useOrg();
  const f = useFormat();
  const { asked, ask } = useAsked('24h');
  const [typed, setTyped] = useState(asked.q);
  useEffect(() => setTyped(asked.q), [asked.q]);
  // One moment for all questions of one search; the next search has a newer one.
  const [now, setNow] = useState(() => Date.now());
  const go = (next: { q?: string; span?: Span }) => {
    setNow(Date.now());
    ask(next);
  };
  // Who came with an address that is too long is told before the server is asked: its own words for it never arrive.
  const long = asked.q.trim().length > QUERY_MAX;
  const [mistaken, setMistaken] = useState(false);
  const query: Query = { ...(asked.q.trim() ? { q: asked.q.trim() } : {}), ...timeOf(asked, now) };
  return (
    <Page title={t.title} lead={t.lead} action={<GoLink to={`/o/${org}/trace`}>{t.toTrace}</GoLink>}>
      <form
        role="search" className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          go({ q: typed });
        }}
      >
        <TextField label={t.q} help={t.qHelp} kind="search" max={QUERY_MAX} width="full" value={typed} onChange={setTyped} />
        <div className={css.ask}>
          <SelectField label={t.span} value={asked.span} onChange={(span) => go({ q: typed, span: span as Span })} options={spans.map((value) => ({ value, label: t.spans[value] }))} />
          <Button kind="main" icon="finding" submit>{t.go}</Button>
        </div>
      </form>
      <Details summary={t.how}><dl className={css.how}>{t.examples.map(([example, means]) => <div key={example}><dt><code>{example}</code></dt><dd>{means}</dd></div>)}</dl></Details>
      <Saved asked={asked} keep={asked.is && !long && !mistaken} onAsk={go} />
      {long ? <StateNote state={{ kind: 'empty', title: t.longTitle, why: t.longWhy(f.number(QUERY_MAX)) }} /> : asked.is ? <Results org={org} query={query} onMistake={setMistaken} onNarrow={(more) => go({ q: [asked.q.trim(), more].filter(Boolean).join(' ') })} /> : <StateNote state={{ kind: 'empty', title: t.startTitle, why: t.startWhy }} />}
    </Page>
  );
}

function Results({ org, query, onMistake, onNarrow }: { org: string; query: Query; onMistake: (is: boolean) => void; onNarrow: (more: string) => void }) {
  const t = useTexts().search;
  const f = useFormat();
  const counts = useApi(search.events.counts, { params: { org }, query });
  const list = useList(search.events.list, { params: { org }, query });
  const mistaken = list.problem !== null && isMistake(list.problem);
  useEffect(() => {
    onMistake(mistaken);
  }, [mistaken, onMistake]);
  const refused = list.problem && list.rows.length === 0 ? stateOf({ isPending: false, error: list.problem, refetch: list.retry }) : null;
  if (refused) return <StateNote state={refused} />;
  const file = (format: 'csv' | 'xlsx' | 'jsonl') => urlOf(search.events.export, { params: { org }, query: { ...query, format } });
  return (
    <>
      {counts.data && counts.data.total > 0 ? <Counts counts={counts.data} /> : null}
      {counts.data && counts.data.total > 0 ? <Values org={org} query={query} onNarrow={onNarrow} /> : null}
      <Section
        title={t.found}
        aside={list.rows.length > 0 ? (
          <Actions>
            <FileLink kind="quiet" icon="sheet" href={file('xlsx')} download>Excel</FileLink>
            <FileLink kind="quiet" icon="sheet" href={file('csv')} download>CSV</FileLink>
            <FileLink kind="quiet" icon="sheet" href={file('jsonl')} download>JSON</FileLink>
          </Actions>
        ) : null}
      >
        {counts.data && counts.data.total > EXPORT_ROWS_MAX ? <p className={css.soft}>{t.exportCut(f.number(EXPORT_ROWS_MAX))}</p> : null}
        <DataTable<LogLine>
          caption={t.found} remember="search" list={list} rowKey={(row) => row.id} empty={{ kind: 'empty', title: t.noneTitle, why: t.noneWhy }}
          columns={[
            { id: 'at', title: t.at, cell: (row) => <span className={css.at}>{f.dateTime(row.at)}</span> },
            { id: 'said', title: t.said, main: true, cell: (row) => <Line line={row} onNarrow={onNarrow} /> },
            { id: 'source', title: t.source, cell: (row) => row.device?.name ?? row.source?.name ?? '—' },
            { id: 'received', title: t.received, hidden: true, cell: (row) => f.dateTime(row.receivedAt) },
          ]}
        />
      </Section>
    </>
  );
}

function Counts({ counts }: { counts: Received<typeof search.events.counts> }) {
  const t = useTexts().search;
  const f = useFormat();
  const label = (at: string) => (counts.step === 'day' || counts.step === 'month' ? f.date(at) : f.dateTime(at));
  const top = counts.items.reduce((most, one) => (one.count > most.count ? one : most), counts.items[0]!);
  return (
    <Section title={t.over}>
      <Bars said={t.countsSaid(f.count(counts.total), label(top.at), f.count(top.count))} bars={counts.items.map((one) => ({ key: one.at, label: label(one.at), count: one.count }))}>
        <Details summary={t.asTable}>
          <table className={css.table}>
            <caption>{t.over}</caption>
            <thead><tr><th scope="col">{t.at}</th><th scope="col">{t.count}</th></tr></thead>
            <tbody>{counts.items.map((one) => <tr key={one.at}><th scope="row">{label(one.at)}</th><td>{f.number(one.count)}</td></tr>)}</tbody>
          </table>
        </Details>
      </Bars>
    </Section>
  );
}

const OFFERED = ['source.ip', 'destination.ip', 'user.name', 'host.name', 'url.domain', 'event.action', 'event.dataset', 'destination.port'] as const;

/** The commonest values of a field, each a way to narrow the search. */
function Values({ org, query, onNarrow }: { org: string; query: Query; onNarrow: (more: string) => void }) {
  const t = useTexts().search;
  const f = useFormat();
  const [field, setField] = useState<string>('source.ip');
  const read = useApi(search.events.values, { params: { org }, query: { ...query, field } });
  const state = stateOf(read, 1);
  return (
    <Section title={t.values} aside={<SelectField label={t.field} value={field} onChange={setField} options={OFFERED.map((value) => ({ value, label: t.fields[value] }))} />}>
      {state ? <StateNote state={state} /> : read.data!.items.length === 0 ? <p className={css.soft}>{t.valuesNone}</p> : (
        <ul className={css.values}>
          {read.data!.items.map((one) => <li key={one.value}><Button kind="quiet" label={t.narrow(one.value)} onClick={() => onNarrow(condition(field, one.value))}>{one.value}</Button><span>{f.number(one.count)}</span></li>)}
        </ul>
      )}
    </Section>
  );
}
