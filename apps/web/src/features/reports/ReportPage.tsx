import { prove } from '@banya/contract';
import { useParams } from '@tanstack/react-router';
import { useApi } from '../../api/index.ts';
import { useMay, useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, Details, GoLink, Page, Prose, Section, stateOf, type PageState } from '../../ui/index.ts';
import { MakeNow } from './MakeNow.tsx';
import { SavePdf } from './SavePdf.tsx';
import { ToDo } from './ToDo.tsx';
import { Figures, MonthVerdict, Trends, type Report } from './parts.tsx';
import css from './reports.module.css';

/** One month's report: the same content in the same order as its PDF. */
export default function ReportPage() {
  const t = useTexts().reports;
  const f = useFormat();
  const org = useOrg();
  const month = useParam('month');
  const asked = Number((useParams({ strict: false }) as { version?: string }).version);
  const query = Number.isInteger(asked) && asked > 0 ? { version: asked } : {};
  const mayMake = useMay('reports.write');
  const read = useApi(prove.reports.get, { params: { org, month }, query });
  const title = t.one(/^\d{4}-\d{2}$/.test(month) ? f.month(month) : month);
  const data = read.data;
  const missing: PageState | null = read.error?.code === 'not_closed_yet'
    ? { kind: 'empty', title: read.error.title, why: read.error.detail, action: mayMake ? <MakeNow month={month} words={t.makeThis} /> : null }
    : null;
  const state = missing ?? stateOf(read);
  if (state || !data) return <Page title={title} state={state ?? { kind: 'loading' }} action={<GoLink to={`/o/${org}/reports`}>{t.toList}</GoLink>} />;
  return (
    <Page
      title={title} lead={t.head(data.orgName, t.nth(data.version), f.dateTime(data.closedAt))}
      action={<><SavePdf report={data} /><Button onClick={() => print()}>{t.print}</Button><span data-screen-only><GoLink to={`/o/${org}/reports`}>{t.toList}</GoLink></span></>}
    >
      {data.demonstration ? <p className={css.small}>{t.demonstration}</p> : null}
      {data.partial ? <p className={css.small}>{t.partial}</p> : null}
      <MonthVerdict verdict={data.verdict} />
      <Section title={t.actions}>{data.actions.length === 0 ? <p>{t.actionsNone}</p> : <ToDo actions={data.actions} />}</Section>
      <Blocked blocked={data.blocked} />
      <Rest report={data} />
    </Page>
  );
}

/** Devices tell their protection data by day or by a number of their own. */
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

function Blocked({ blocked }: { blocked: Report['blocked'] }) {
  const t = useTexts().reports;
  const f = useFormat();
  return (
    <Section title={t.blocked}>
      <Prose><p>{t.blockedSentence(f.number(blocked.total), blocked.lastMonth === null ? null : f.number(blocked.lastMonth))}</p><p className="phrases">{blocked.whyNormal}</p></Prose>
      {blocked.kinds.length > 0 ? <Figures caption={t.blocked} head={[t.kind, t.count]} rows={blocked.kinds.map((kind) => [kind.title, f.number(kind.count)])} ends={[1]} /> : null}
    </Section>
  );
}

function Rest({ report }: { report: Report }) {
  const t = useTexts().reports;
  const words = useTexts().findings;
  const f = useFormat();
  return (
    <>
      <Section title={t.outbound}>
        {report.outbound.length === 0 ? <p>{t.outboundNone}</p> : <Figures caption={t.outbound} head={[t.what, t.asset, t.count, t.outcome]} rows={report.outbound.map((one) => [one.title, one.asset, f.number(one.count), one.outcome])} ends={[2]} />}
      </Section>
      <Section title={t.devices}>
        {report.devices.length === 0 ? <p>{t.devicesNone}</p> : (
          <Figures
            caption={t.devices} head={[t.device, t.lines, t.silent, t.signature, t.changes, t.note]} ends={[1, 2, 4]}
            rows={report.devices.map((one) => [one.name, f.number(one.lines), t.dayCount(f.number(one.silentDays)), one.signature === null ? '—' : isDay(one.signature) ? f.date(one.signature) : one.signature, t.times(f.number(one.configChanges)), one.note])}
          />
        )}
      </Section>
      <Section title={t.findings}>
        {report.findings.length === 0 ? <p>{t.findingsNone}</p> : <Figures caption={t.findings} head={[t.what, words.weight, t.count, t.outcome, t.when]} rows={report.findings.map((one) => [one.title, words.severity[one.severity], f.number(one.count), one.outcome ?? '—', f.date(one.at)])} ends={[2]} />}
      </Section>
      <Section title={t.trend}><Trends trend={report.trend} /></Section>
      {report.peers ? <Section title={t.peers}><Prose><p className="phrases">{report.peers.text}</p></Prose></Section> : null}
      <Section title={t.tickets}><p>{t.ticketsSentence(f.number(report.tickets.asked), f.number(report.tickets.solved))}</p></Section>
      {report.appendix.length > 0 ? (
        <Details summary={t.appendix}>
          <Figures caption={t.appendix} head={[t.rule, t.author, t.license, t.count]} rows={report.appendix.map((one) => [one.rule, one.author || '—', one.license || '—', f.number(one.count)])} ends={[3]} />
        </Details>
      ) : null}
    </>
  );
}
