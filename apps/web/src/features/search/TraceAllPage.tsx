import { samples, search, type Received } from '@banya/contract';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useAct } from '../../api/index.ts';
import { linkTo, useOrg } from '../../index.ts';
import { useFormat, useTexts, type Formats, type Texts } from '../../texts/index.tsx';
import { Button, CheckField, DataTable, FileLink, GoLink, Page, Section, StateNote, StateTag, stateOf, telephone, type State } from '../../ui/index.ts';
import { timeOf, useAsked } from './asked.ts';
import { Spread } from './Spread.tsx';
import type { Thing, Way } from './spread.ts';
import { Sentence } from './TracePage.tsx';
import { TraceForm } from './TraceForm.tsx';
import css from './search.module.css';

type All = Received<typeof search.trace.all>;
type Member = All['members'][number];

function standOf({ seen, counts: c }: Member): { state: State; word: 'closed' | 'failed' | 'reached' | 'stopped' | 'silent' | 'clear' } {
  if (seen === 'closed' || seen === 'failed' || !c) return { state: 'quiet', word: seen === 'failed' ? 'failed' : 'closed' };
  if (c.machines + c.opened + c.received + c.possible > 0) return { state: c.machines + c.opened > 0 ? 'now' : 'look', word: 'reached' };
  if (c.stopped > 0) return { state: 'done', word: 'stopped' };
  return c.silent > 0 ? { state: 'quiet', word: 'silent' } : { state: 'done', word: 'clear' };
}
const WORST: readonly State[] = ['now', 'look', 'quiet', 'done'];

/** How far one indicator spread over all members, as far as each shares; and the way to tell them. */
export default function TraceAllPage() {
  const t = useTexts().search.trace;
  const org = useOrg();
  const { asked, ask } = useAsked('30d');
  const [deep, setDeep] = useState(false);
  const run = useAct(search.trace.all);
  const { mutate } = run;
  const { q, span, from, to } = asked;
  useEffect(() => {
    if (q.trim()) mutate({ params: { org }, body: { indicator: q.trim(), deep, ...timeOf({ span, from, to }, Date.now()) } });
  }, [org, q, span, from, to, deep, mutate]);
  const refused = run.error ? stateOf({ isPending: false, error: run.error, refetch: () => mutate(run.variables!) }) : null;
  return (
    <Page title={t.allTitle} lead={t.allLead}>
      <TraceForm asked={asked} busy={run.isPending} onAsk={ask}><CheckField label={t.deep} help={t.deepHelp} value={deep} onChange={setDeep} /></TraceForm>
      <div aria-live="polite" className={css.results}>
        {run.isPending ? <StateNote state={{ kind: 'loading', cards: 2 }} /> : refused ? <StateNote state={refused} /> : run.data && q ? <Found found={run.data} org={org} q={q.trim()} /> : <StateNote state={{ kind: 'empty', title: t.startTitle, why: t.allStartWhy }} />}
      </div>
    </Page>
  );
}

function Found({ found, org, q }: { found: All; org: string; q: string }) {
  const t = useTexts().search.trace;
  const f = useFormat();
  const navigate = useNavigate();
  const draft = useAct(samples.bulletins.draft, { touches: ['campaigns'] });
  const rows = [...found.members].sort((a, b) => WORST.indexOf(standOf(a).state) - WORST.indexOf(standOf(b).state));
  const drawn = useMemo(() => pictureOf(found, t, f), [found, t, f]);
  const warn = () => void draft.mutateAsync({ params: { org }, body: { indicator: q } }).then(({ id }) => navigate({ to: `/o/${org}/desk/warnings/${id}` }), () => {});
  return (
    <>
      <Sentence found={found} />
      <Section title={t.members} aside={<Button icon="bell" busy={draft.isPending} onClick={warn}>{t.warn}</Button>}>
        {draft.error ? <StateNote state={{ kind: 'error', problem: draft.error }} /> : null}
        <DataTable<Member>
          caption={t.members} remember="traceMembers" list={{ rows }} rowKey={(row) => row.member} unit="org"
          columns={[
            { id: 'state', title: t.state, cell: (row) => { const { state, word } = standOf(row); return <StateTag state={state} word={t.stands[word]} />; } },
            { id: 'name', title: t.member, main: true, cell: (row) => row.name },
            { id: 'said', title: t.said, cell: (row) => <>{row.sentence}{row.seen === 'numbers' ? <><br /><span className={css.soft}>{t.numbersOnly}</span></> : null}</> },
            { id: 'first', title: t.first, cell: (row) => (row.firstAt ? f.dateTime(row.firstAt) : '—') },
            { id: 'phone', title: t.phone, cell: (row) => (row.phone ? <FileLink kind="quiet" icon="phone" href={telephone(row.phone)}>{row.phone}</FileLink> : '—') },
            { id: 'open', title: t.open, cell: (row) => (row.seen === 'open' ? <GoLink to={linkTo(`/o/${row.member}/trace`, { q })}>{t.see}</GoLink> : <GoLink to={`/o/${org}/members/${row.member}`}>{t.card}</GoLink>) },
          ]}
        />
      </Section>
      {drawn.ways.length > 0 ? <Section title={t.picture.title}><Spread said={t.picture.allSaid} {...drawn} /></Section> : null}
    </>
  );
}

/** The members it reached, and those of which nothing is known. */
function pictureOf(found: All, t: Texts['search']['trace'], f: Formats): { things: Thing[]; ways: Way[] } {
  const members = found.members.map((row) => ({ row, ...standOf(row) })).filter(({ word }) => word !== 'clear');
  const isKnown = (word: string): boolean => word === 'reached' || word === 'stopped';
  const root: Thing = { key: '', kind: 'indicator', name: found.indicator.shown, hop: 0, common: found.common !== null, at: 0, look: 'plain', notes: [t.kinds[found.indicator.kind], ...(found.common ? [t.common] : [])] };
  return {
    ways: members.filter(({ word }) => isKnown(word)).map(({ row }) => ({ from: '', to: row.member, sure: true })),
    things: [root, ...members.map(({ row, state, word }): Thing => ({
      key: row.member, kind: 'member', name: row.name, hop: 1, common: false, at: row.firstAt ? Date.parse(row.firstAt) : 0, look: state, notes: [row.firstAt ? `${t.stands[word]} ${f.dateTime(row.firstAt)}` : t.stands[word]],
      ...(isKnown(word) ? {} : { unknown: true }),
    }))],
  };
}
