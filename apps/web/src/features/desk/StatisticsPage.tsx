import { desk, type Received } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Details, Facts, GoLink, Page, Prose, Section, StateNote, stateOf } from '../../ui/index.ts';
import { spanWords } from './sla.ts';

/** The month in a few sentences; each number stands beside the one it is a part of. */
export default function StatisticsPage() {
  const t = useTexts().desk.statistics;
  const org = useOrg();
  const read = useApi(desk.queue.statistics, { params: { org } });
  return (
    <Page title={t.title} state={stateOf(read)}>
      {read.data ? <Month month={read.data} /> : null}
      <p data-screen-only><GoLink to={`/o/${org}/desk`}>{t.back}</GoLink></p>
    </Page>
  );
}

function Month({ month: m }: { month: Received<typeof desk.queue.statistics> }) {
  const texts = useTexts().desk;
  const t = texts.statistics;
  const f = useFormat();
  if (m.asked === 0 && m.solved === 0) return <StateNote state={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }} />;
  const said = m.good + m.bad;
  const part = (n: number, all: number) => f.percent(all === 0 ? 0 : n / all);
  const median = m.firstReplyMinutesMedian === null ? null : spanWords(m.firstReplyMinutesMedian * 60_000, texts.sla);
  return (
    <Section title={f.month(m.month)}>
      <Prose>
        <p>{m.asked === 0 ? t.none(f.month(m.month)) : t.asked(f.month(m.month), f.count(m.asked), f.count(m.solved), part(m.solved, m.asked))}</p>
        <p>{median === null ? t.replyNone : t.reply(median)}</p>
        <p>{m.late === 0 ? t.lateNone : t.late(f.count(m.late), part(m.late, m.asked))}</p>
        <p>{said === 0 ? t.goodNone : t.good(f.count(said), f.count(m.good))}{m.bad > 0 ? t.bad(f.count(m.bad)) : ''}</p>
      </Prose>
      <Details summary={t.numbers}>
        <Facts items={[
          [t.kAsked, f.count(m.asked)], [t.kSolved, f.count(m.solved)], [t.kReply, median ?? t.nothing], [t.kLate, f.count(m.late)], [t.kGood, f.count(m.good)], [t.kBad, f.count(m.bad)],
        ]} />
      </Details>
    </Section>
  );
}
