import { samples, type Received } from '@banya/contract';
import { useNavigate } from '@tanstack/react-router';
import { useAct, useApi } from '../../api/index.ts';
import { useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts, type Texts } from '../../texts/index.tsx';
import { Button, ButtonLink, DataTable, GoLink, Page, Section, StateNote, stateOf, Timeline } from '../../ui/index.ts';
import { standOf } from './CampaignsPage.tsx';
import type { Sample } from './kinds.ts';
import { MailTag } from './Stand.tsx';
import { useGuard } from './useGuard.ts';
import css from './mail.module.css';

type Detail = Received<typeof samples.campaigns.get>;

/** One mail at several members: who received it, when, and who opened it. */
export default function CampaignPage() {
  const { campaigns: t, noSubject } = useTexts().mail;
  const f = useFormat();
  const org = useOrg();
  const navigate = useNavigate();
  const campaign = useParam('campaign');
  const read = useApi(samples.campaigns.get, { params: { org, campaign } });
  const guard = useGuard();
  const draft = useAct(samples.bulletins.draft, { touches: ['campaigns'] });
  const state = stateOf(read);
  const c = read.data;
  if (state || !c) return <Page title={t.one} state={state ?? { kind: 'loading' }} />;
  const warn = () => guard(() => draft.mutateAsync({ params: { org }, body: { campaign } }), ({ id }) => navigate({ to: `/o/${org}/desk/warnings/${id}` }));
  const action = c.bulletin ? <ButtonLink kind="main" icon="bell" to={`/o/${org}/desk/warnings/${c.bulletin}`}>{t.warning}</ButtonLink> : <Button kind="main" icon="bell" busy={draft.isPending} onClick={warn}>{t.warn}</Button>;
  return (
    <Page title={c.subject ?? t.one} lead={<><MailTag sample={standOf(c)} />　{t.said(f.number(c.members), f.number(c.reports), f.number(c.touched))}</>} action={action}>
      {draft.error ? <StateNote state={{ kind: 'error', problem: draft.error }} /> : null}
      {c.from ? <p className={css.value}>{t.from(c.from)}</p> : null}
      <Section title={t.byMember}>
        <DataTable<Detail['byMember'][number]>
          caption={t.byMember} remember="campaignMembers" list={{ rows: c.byMember }} rowKey={(row) => row.member} to={(row) => `/o/${org}/members/${row.member}`} unit="org"
          columns={[
            { id: 'name', title: t.member, main: true, cell: (row) => row.name },
            { id: 'reports', title: t.reports, align: 'end', cell: (row) => f.number(row.reports) },
            { id: 'touched', title: t.touched, align: 'end', cell: (row) => f.number(row.touched) },
            { id: 'first', title: t.first, cell: (row) => f.dateTime(row.firstAt) },
            { id: 'last', title: t.last, cell: (row) => f.dateTime(row.lastAt) },
          ]}
        />
      </Section>
      <Section title={t.timeline}><Timeline moments={momentsOf(c, t, (n) => f.count(n, 'person'))} /></Section>
      <Section title={t.samples}>
        {c.samples.length === 0 ? <p>{t.samplesNone}</p> : (
          <ul className={css.items}>
            {c.samples.map((one: Sample) => <li key={one.id} className={css.item}><GoLink to={`/o/${org}/desk/mails/${one.id}`}>{one.subject || noSubject}</GoLink><p className={css.meta}><MailTag sample={one} /><span>{one.orgName}</span><span>{f.dateTime(one.at)}</span></p></li>)}
          </ul>
        )}
      </Section>
      <p data-screen-only><GoLink to={`/o/${org}/desk/campaigns`}>{t.back}</GoLink></p>
    </Page>
  );
}

/** First reports of each member, and the last one of all: enough to see it spread. */
function momentsOf(c: Detail, t: Pick<Texts['mail']['campaigns'], 'firstAt' | 'firstTouched' | 'lastAt'>, people: (n: number) => string) {
  const firsts = [...c.byMember].sort((a, b) => Date.parse(a.firstAt) - Date.parse(b.firstAt)).map((row) => (row.touched > 0 ? { at: row.firstAt, text: t.firstTouched(row.name, people(row.touched)), state: 'now' as const } : { at: row.firstAt, text: t.firstAt(row.name) }));
  const last = [...c.byMember].sort((a, b) => Date.parse(b.lastAt) - Date.parse(a.lastAt))[0];
  return last && last.lastAt !== last.firstAt ? [...firsts, { at: last.lastAt, text: t.lastAt(last.name) }] : firsts;
}
