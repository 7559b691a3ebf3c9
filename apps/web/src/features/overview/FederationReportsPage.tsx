import { useState } from 'react';
import { prove, type Received } from '@banya/contract';
import { urlOf, useAct, useList } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { DataTable, FileLink, Form, Page, Section, SelectField, StateTag, useForm, useUndo, type State } from '../../ui/index.ts';

type Head = Received<typeof prove.federationReports.list>['items'][number];
const verdictState: Record<Head['verdict'], State> = { calm: 'done', look: 'look', act: 'now', blind: 'quiet' };

/** The calendar months up to this one in Japan, newest first, as YYYY-MM. */
function lastMonths(count: number, now = new Date()): readonly string[] {
  const [year, month] = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', year: 'numeric', month: '2-digit' }).format(now).split('-').map(Number) as [number, number];
  return Array.from({ length: count }, (_, i) => new Date(Date.UTC(year, month - 1 - i, 1)).toISOString().slice(0, 7));
}

/** The federation's months: one PDF over all members, and making one now. */
export default function FederationReportsPage() {
  const t = useTexts().overview.reports;
  const f = useFormat();
  const org = useOrg();
  const list = useList(prove.federationReports.list, { params: { org } });
  const pdf = (head: Head) => urlOf(prove.federationReports.pdf, { params: { org, month: head.month }, query: { version: head.version } });
  return (
    <Page title={t.title} lead={t.lead}>
      <Section title={t.list}>
        <DataTable
          caption={t.list} remember="federation-reports" list={list} rowKey={(r) => `${r.month} ${r.version}`}
          empty={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }}
          columns={[
            { id: 'month', title: t.month, main: true, cell: (r) => <>{f.month(r.month)}{r.version > 1 ? `　${t.versionOf(r.version)}` : ''}</> },
            { id: 'verdict', title: t.verdict, cell: (r) => <StateTag state={verdictState[r.verdict]} word={t.verdicts[r.verdict]} /> },
            { id: 'closed', title: t.closed, cell: (r) => f.when(r.closedAt) },
            { id: 'reason', title: t.reason, cell: (r) => t.reasons[r.reason] },
            { id: 'file', title: t.file, cell: (r) => <FileLink icon="report" href={pdf(r)}>{t.pdf}</FileLink> },
          ]}
        />
      </Section>
      <Make org={org} />
    </Page>
  );
}

function Make({ org }: { org: string }) {
  const t = useTexts().overview.reports;
  const f = useFormat();
  const say = useUndo();
  const make = useAct(prove.federationReports.make);
  const [months] = useState(() => lastMonths(13));
  const form = useForm({
    initial: { month: months[0] ?? '' }, labels: { month: t.month },
    send: async ({ month }) => {
      await make.mutateAsync({ params: { org, month } });
      say({ text: t.made(f.month(month)) });
    },
  });
  return (
    <Section title={t.make}>
      <Form form={form} action={t.make}>
        <SelectField {...form.bind('month')} help={t.makeHelp} options={months.map((value) => ({ value, label: f.month(value) }))} />
      </Form>
    </Section>
  );
}
