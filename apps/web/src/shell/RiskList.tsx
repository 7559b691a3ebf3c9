import { Link } from '@tanstack/react-router';
import { findings, type Received } from '@banya/contract';
import { useApi } from '../api/index.ts';
import { useFormat, useTexts } from '../texts/index.tsx';
import { Section, StateTag, type State } from '../ui/index.ts';
import { useMay, useOrg } from './session.ts';
import css from './RiskList.module.css';

type Risk = Received<typeof findings.risks>['items'][number];
const tone: Record<Risk['level'], State> = { high: 'now', raised: 'look', low: 'quiet' };

export function RiskTag({ level }: { level: Risk['level'] }) {
  return <StateTag state={tone[level]} word={useTexts().findings.risk.levels[level]} />;
}

/** What has come together at a device or a person; nothing is shown where nothing has. */
export function RiskList({ of }: { of: { readonly device: string } | { readonly person: string } }) {
  const t = useTexts().findings.risk;
  const f = useFormat();
  const org = useOrg();
  const may = useMay('findings.read');
  const items = useApi(findings.risks, { params: { org }, query: of }, { skip: !may }).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={t.title}>
      <p className={css.soft}>{t.about}</p>
      {items.map((risk) => (
        <div key={risk.key} className={css.risk}>
          <p><RiskTag level={risk.level} /> <strong>{risk.name}</strong> {t.made(f.count(risk.open))}</p>
          <ul>{risk.findings.map((one) => <li key={one.id}><Link to={`/o/${org}/findings/${one.id}`}>{one.title}</Link> <span className={css.soft}>{f.when(one.lastAt)}</span></li>)}</ul>
        </div>
      ))}
    </Section>
  );
}
