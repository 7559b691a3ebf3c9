import { operate, type Received } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, Facts, GoLink, Page, Section, stateOf, StateTag, type State } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import css from './operate.module.css';

type Check = Received<typeof operate.health>['checks'][number];
const tone: Record<Check['state'], State> = { ok: 'done', look: 'look', bad: 'now' };
const rank: Record<Check['state'], number> = { bad: 0, look: 1, ok: 2 };

/** Whether the installation is well: what is wrong first, each with its remedy. */
export default function HealthPage() {
  const t = useTexts().operate.health;
  const f = useFormat();
  const org = useOrg();
  const read = useApi(operate.health);
  const state = stateOf(read);
  if (state || !read.data) return <Page title={t.title} state={state} />;
  const { intake, version } = read.data;
  const checks = [...read.data.checks].sort((a, b) => rank[a.state] - rank[b.state]);
  const count = (which: Check['state']) => checks.filter((c) => c.state === which).length;
  const lead = count('bad') > 0 ? t.bad(f.count(count('bad'))) : count('look') > 0 ? t.look(f.count(count('look'))) : t.well;
  return (
    <Page title={t.title} lead={lead} action={<Button busy={read.isFetching} onClick={() => void read.refetch()}>{t.again}</Button>}>
      <Section title={t.checks}>
        <ul className={css.checks}>
          {checks.map((c) => (
            <li key={c.key}>
              <StateTag state={tone[c.state]} word={t.states[c.state]} />
              <div><p>{c.text}</p>{c.remedy ? <p className={css.soft}>{t.remedy}: {c.remedy} {c.key === 'mail' || c.key === 'backup' ? <GoLink to={`/o/${org}/settings/${c.key}`}>{t.go[c.key]}</GoLink> : null}</p> : null}</div>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t.intake}>
        <Facts items={[
          [t.perMinute, t.perMinuteValue(f.number(intake.linesPerMinute))], [t.backlog, intake.backlogBytes > 0 ? f.size(intake.backlogBytes) : t.backlogNone], [t.drops, f.number(intake.kernelDrops)],
          [t.unknown, <>{f.number(intake.unknownLines)}{intake.unknownLines > 0 ? <>　<GoLink to={`/o/${org}/members/unknown`}>{t.unknownGo}</GoLink></> : null}</>],
          [t.version, version],
        ]} />
      </Section>
      <Back />
    </Page>
  );
}
