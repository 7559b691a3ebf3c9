import { inventory, type Received } from '@banya/contract';
import { useList } from '../../api/index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { DataTable, Section, StateNote, stateOf, StateTag, type State } from '../../ui/index.ts';

type Source = Received<typeof inventory.sources.list>['items'][number];
const tone: Record<Source['state'], State> = { flowing: 'done', waiting: 'quiet', silent: 'now' };

/** Whether a member's logs arrive, device by device. */
export function MemberSources({ member }: { member: string }) {
  const t = useTexts().members.card;
  const f = useFormat();
  const list = useList(inventory.sources.list, { params: { org: member } });
  const refused = list.problem && list.rows.length === 0 ? stateOf({ isPending: false, error: list.problem, refetch: list.retry }) : null;
  return (
    <Section title={t.sources}>
      {refused ? <StateNote state={refused} /> : !list.loading && list.rows.length === 0 ? <p>{t.noSources}</p> : (
        <DataTable
          caption={t.sources} remember="member.sources" list={{ ...list, rows: list.rows.filter((s) => s.archivedAt === null) }} rowKey={(s) => s.id} unit="device"
          columns={[
            { id: 'name', title: t.source, main: true, cell: (s) => s.name },
            { id: 'state', title: t.state, cell: (s) => (s.confirmed ? <StateTag state={tone[s.state]} word={t.sourceStates[s.state]} /> : <StateTag state="look" word={t.unconfirmed} />) },
            { id: 'lines', title: t.lines, align: 'end', cell: (s) => f.number(s.linesToday) },
            { id: 'seen', title: t.seen, cell: (s) => (s.seenAt ? f.when(s.seenAt) : t.neverSeen) },
          ]}
        />
      )}
    </Section>
  );
}
