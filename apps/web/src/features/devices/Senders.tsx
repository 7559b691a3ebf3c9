import { inventory } from '@banya/contract';
import { once, useAct, type List } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, ButtonLink, DataTable, Details, useUndo } from '../../ui/index.ts';
import { byNeed, clockWords, SenderState, WeekBars, type Source } from './sender.tsx';
import css from './devices.module.css';

/** The devices that send logs; what stopped stands first. */
export function Senders({ list }: { list: List<Source> }) {
  const texts = useTexts().devices;
  const t = texts.senders;
  const { aside } = useTexts().common;
  const f = useFormat();
  const org = useOrg();
  const mayWrite = useMay('sources.write');
  const rows = list.rows.filter((s) => s.archivedAt === null).sort(byNeed);
  const stopped = list.rows.filter((s) => s.archivedAt !== null);
  return (
    <>
      <DataTable
        caption={t.caption} remember="senders" list={{ ...list, rows, total: undefined }} rowKey={(s) => s.id} to={(s) => `/o/${org}/devices/senders/${s.id}`} unit="device"
        empty={{ kind: 'empty', title: t.emptyTitle, why: mayWrite ? t.emptyWhy : t.emptyOther, ...(mayWrite ? { action: <ButtonLink kind="main" to={`/o/${org}/devices/senders/new`}>{t.add}</ButtonLink> } : {}) }}
        columns={[
          { id: 'name', title: t.name, main: true, cell: (s) => <span className={css.name}>{s.name}</span> },
          { id: 'state', title: t.state, cell: (s) => <SenderState source={s} /> },
          { id: 'week', title: t.week, cell: (s) => <Week source={s} /> },
          { id: 'unread', title: t.unread, align: 'end', cell: (s) => (!s.seenAt ? '—' : s.notUnderstoodToday > 0 ? f.number(s.notUnderstoodToday) : t.none) },
          { id: 'clock', title: t.clock, cell: (s) => (s.seenAt ? (clockWords(s.clockOffSeconds, t) ?? t.clockRight) : '—') },
          { id: 'verified', title: t.verified, cell: (s) => (s.verified ? t.sure : t.unsure) },
          { id: 'family', title: t.family, hidden: true, cell: (s) => texts.families[s.family] },
          { id: 'last', title: t.last, hidden: true, cell: (s) => (s.seenAt ? f.when(s.seenAt) : t.states.waiting) },
        ]}
      />
      {stopped.length > 0 ? <Details summary={`${t.stopped}${aside(String(stopped.length))}`}><Stopped sources={stopped} mayWrite={mayWrite} /></Details> : null}
    </>
  );
}

function Week({ source }: { source: Source }) {
  const t = useTexts().devices.senders;
  const f = useFormat();
  const total = source.linesLast7d.reduce((sum, n) => sum + n, 0);
  return <span className={css.week}><WeekBars days={source.linesLast7d} said={t.week7(f.number(total), f.number(source.linesToday))} /><span aria-hidden="true" className={css.keep}>{t.rowsToday(f.number(source.linesToday))}</span></span>;
}

function Stopped({ sources, mayWrite }: { sources: readonly Source[]; mayWrite: boolean }) {
  const texts = useTexts().devices;
  const t = texts.senders;
  const org = useOrg();
  const say = useUndo();
  const restore = useAct(inventory.sources.restore);
  const archive = useAct(inventory.sources.archive);
  const again = (s: Source) => once(restore.mutateAsync({ params: { org, source: s.id } }), () => say({ text: t.restored(s.name), undo: () => archive.mutateAsync({ params: { org, source: s.id } }) }));
  return (
    <DataTable
      caption={t.stopped} remember="senders.stopped" list={{ rows: sources }} rowKey={(s) => s.id} unit="device"
      columns={[
        { id: 'name', title: t.name, main: true, cell: (s) => s.name },
        { id: 'family', title: t.family, cell: (s) => texts.families[s.family] },
        ...(mayWrite ? [{ id: 'restore', title: t.restore, cell: (s: Source) => <Button onClick={() => again(s)} label={`${t.restore}: ${s.name}`}>{t.restore}</Button> }] : []),
      ]}
    />
  );
}
