import { useState } from 'react';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, Conversation, DataTable, Section, SelectField, StateTag, TextField, Timeline, type Sort, type State } from '../../ui/index.ts';
import { ago, type Samples } from './Basics.tsx';

interface Member { id: string; name: string; people: number; score: number; state: State; seen: string }

const states: readonly State[] = ['done', 'look', 'now', 'quiet', 'done', 'done'];
const figures = [[28, 71], [140, 64], [6, 38], [55, 52], [12, 80], [310, 77]] as const;

export function Lists({ s }: { s: Samples }) {
  const f = useFormat();
  const t = useTexts().ui.states;
  const [sort, setSort] = useState<Sort | null>({ by: 'score', down: true });
  const [word, setWord] = useState('');
  const [only, setOnly] = useState('');
  const members: Member[] = s.members.map((name, i) => ({ id: String(i), name, people: figures[i]?.[0] ?? 0, score: figures[i]?.[1] ?? 0, state: states[i] ?? 'quiet', seen: ago(i * 9 + 2) }));
  const rows = members
    .filter((m) => m.name.includes(word) && (only === '' || m.state === only))
    .sort((a, b) => (sort ? (sort.by === 'people' ? a.people - b.people : a.score - b.score) * (sort.down ? -1 : 1) : 0));
  const columns = [
    { id: 'name', title: s.name, main: true, cell: (m: Member) => m.name },
    { id: 'state', title: s.state, cell: (m: Member) => <StateTag state={m.state} /> },
    { id: 'people', title: s.people, sort: true, align: 'end' as const, cell: (m: Member) => f.count(m.people, 'person') },
    { id: 'score', title: s.score, sort: true, align: 'end' as const, cell: (m: Member) => `${m.score}${s.point}` },
    { id: 'seen', title: s.seen, cell: (m: Member) => f.when(m.seen) },
  ];
  const filters = (
    <>
      <TextField label={s.search} kind="search" value={word} onChange={setWord} />
      <SelectField label={s.onlyState} value={only} onChange={setOnly} options={[{ value: '', label: s.all }, ...(['done', 'look', 'now', 'quiet'] as const).map((value) => ({ value, label: t[value] }))]} />
    </>
  );
  return (
    <>
      <Section title={s.table}>
        <DataTable
          caption={s.table} remember="gallery" columns={columns} rowKey={(m) => m.id} to={() => '/gallery/frame'} sort={sort} onSort={setSort} filters={filters} excelHref="/gallery" unit="org"
          list={{ rows, total: { count: 1000, more: true }, more: { has: true, loading: false, load: () => {} } }}
        />
        <DataTable caption={`${s.table} 2`} remember="gallery2" columns={columns} rowKey={(m) => m.id} list={{ rows: [] }} />
        <DataTable caption={`${s.table} 3`} remember="gallery3" columns={columns} rowKey={(m) => m.id} list={{ rows: [] }} empty={{ kind: 'empty', title: s.emptyTitle, why: s.emptyWhy, action: <Button kind="main">{s.emptyAction}</Button> }} />
      </Section>
      <Section title={s.timeline}>
        <Timeline moments={[{ at: ago(5), text: s.moments[0], state: 'now' }, { at: ago(3), text: s.moments[1], by: s.desk }, { at: ago(1), text: s.moments[2], state: 'done' }]} />
      </Section>
      <Section title={s.talk}>
        <Conversation messages={[{ id: '1', at: ago(30), who: s.person, mine: true, text: s.talk1 }, { id: '2', at: ago(2), who: s.desk, mine: false, text: s.talk2 }]} />
      </Section>
    </>
  );
}
