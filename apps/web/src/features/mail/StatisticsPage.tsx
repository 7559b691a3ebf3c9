import { samples, type Received } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useFilters, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { DataTable, Facts, GoLink, Page, Prose, Section, SelectField, Skeleton, StateNote, stateOf } from '../../ui/index.ts';

type Statistics = Received<typeof samples.queue.statistics>;
const periods = ['30', '90', '366'] as const;

/** How mails are reported: the more the better, and nobody by name. */
export default function StatisticsPage() {
  const { statistics: t, sample } = useTexts().mail;
  const org = useOrg();
  const { values, settled, set } = useFilters('days');
  const days = periods.find((one) => one === settled.days) ?? '30';
  const read = useApi(samples.queue.statistics, { params: { org }, query: { days: Number(days) } });
  const state = stateOf(read);
  return (
    <Page title={t.title} lead={t.lead}>
      <div data-screen-only><SelectField label={t.period} value={periods.find((one) => one === values.days) ?? '30'} onChange={(value) => set('days', value === '30' ? '' : value)} options={periods.map((value) => ({ value, label: t.days[value] ?? value }))} /></div>
      {state?.kind === 'loading' ? <Skeleton lines={6} /> : state ? <StateNote state={state} /> : read.data ? <Said s={read.data} /> : null}
      <p data-screen-only><GoLink to={`/o/${org}/desk/mails`}>{sample.back}</GoLink></p>
    </Page>
  );
}

function Said({ s }: { s: Statistics }) {
  const texts = useTexts().mail;
  const t = texts.statistics;
  const f = useFormat();
  const org = useOrg();
  if (s.reports === 0) return <StateNote state={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }} />;
  const share = (n: number, all: number) => (all > 0 ? f.percent(n / all) : t.none);
  return (
    <>
      <Prose>
        <p>{t.reports(t.days[String(s.days)] ?? String(s.days), f.number(s.reports), f.number(s.reporters))}{s.people > 0 ? t.rate(share(s.reporters, s.people)) : t.rateNone}</p>
        <p>{t.thanks}</p>
        <p>{s.firstReportMinutesMedian === null ? t.firstNone : t.first(t.minutes(f.number(Math.round(s.firstReportMinutesMedian))))}</p>
        <p>{s.answerSecondsMedian === null ? t.answerNone : t.answer(f.number(Math.ceil(s.answerSecondsMedian)))}</p>
        <p>{s.touched === 0 ? t.touchedNone : t.touched(f.number(s.touched), share(s.touched, s.reports))}{s.drills > 0 ? t.drills(f.number(s.drills)) : ''}</p>
      </Prose>
      <Section title={t.verdicts}><Facts items={(['dangerous', 'suspicious', 'insufficient', 'clear'] as const).map((one) => [texts.short[one], `${f.count(s[one])}　${share(s[one], s.reports)}`] as const)} /></Section>
      <Section title={t.lures}>{s.lures.length === 0 ? <p>{t.luresNone}</p> : <Facts items={s.lures.map((one) => [t.families[one.family] ?? one.family, f.count(one.count)] as const)} />}</Section>
      <Section title={t.byMember}>
        <DataTable<Statistics['members'][number]>
          caption={t.byMember} remember="mailStatistics" list={{ rows: s.members }} rowKey={(row) => row.member} to={(row) => `/o/${org}/members/${row.member}`} unit="org"
          columns={[
            { id: 'member', title: t.member, main: true, cell: (row) => row.name },
            { id: 'reports', title: t.kReports, align: 'end', cell: (row) => f.number(row.reports) },
            { id: 'reporters', title: t.kReporters, align: 'end', cell: (row) => f.number(row.reporters) },
            { id: 'people', title: t.kPeople, align: 'end', cell: (row) => (row.people > 0 ? f.number(row.people) : t.none) },
            { id: 'rate', title: t.kRate, align: 'end', cell: (row) => share(row.reporters, row.people) },
          ]}
        />
      </Section>
    </>
  );
}
