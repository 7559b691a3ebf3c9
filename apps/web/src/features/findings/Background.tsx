import type { ReactNode } from 'react';
import { linkTo, useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Details, Facts, GoLink, Panel, Section, Timeline } from '../../ui/index.ts';
import { DayBars } from './DayBars.tsx';
import { inOrder } from './days.ts';
import type { Detail } from './FindingPage.tsx';
import css from './findings.module.css';

/** What only few want to know, folded away: when, the records themselves, what was done. */
export function Background({ finding }: { finding: Detail }) {
  const t = useTexts().findings;
  const f = useFormat();
  const words = useTexts().search;
  const org = useOrg();
  const mayRead = useMay('events.read');
  return (
    <div>
      {mayRead && finding.kind === 'detection' ? <p data-screen-only><GoLink to={linesOf(org, finding)}>{words.ofFinding}</GoLink></p> : null}
      {finding.days.length > 0 ? (
        <Details summary={t.trend}>
          <DayBars days={finding.days} />
          <Facts items={[[t.from, f.dateTime(finding.firstAt)], [t.to, f.dateTime(finding.lastAt)]]} />
        </Details>
      ) : null}
      <Details summary={t.lines}>
        {finding.samples.length > 0 && finding.samples.length < finding.count ? <p>{t.linesSome(f.count(finding.count), f.count(finding.samples.length))}{mayRead && finding.kind === 'detection' ? <>　<GoLink to={linesOf(org, finding)}>{t.linesAll}</GoLink></> : null}</p> : null}
        {finding.samples.length === 0 ? <p>{t.linesNone}</p> : finding.samples.map((sample, i) => <Line key={i} sample={sample} />)}
      </Details>
      <Details summary={t.history}>
        <Timeline moments={inOrder(finding.history).map((moment) => ({ at: moment.at, by: moment.who, text: moment.note ? `${t.did[moment.what]} — ${moment.note}` : t.did[moment.what] }))} />
      </Details>
    </div>
  );
}

/** The lines of the finding's device from an hour before to an hour after, in the search. */
function linesOf(org: string, { asset, entity, firstAt, lastAt }: Detail): string {
  const hour = 3_600_000;
  const q = [...new Set([entity, asset?.name].filter((v): v is string => Boolean(v)))].map((v) => `"${v.replace(/[\\"]/g, (c) => `\\${c}`)}"`).join(' OR ');
  return linkTo(`/o/${org}/search`, { q, span: '7d', from: new Date(Date.parse(firstAt) - hour).toISOString(), to: new Date(Date.parse(lastAt) + hour).toISOString() });
}

/** A record as it came; what the rule matched is marked in it and listed below. */
function Line({ sample }: { sample: Detail['samples'][number] }) {
  const t = useTexts().findings;
  const f = useFormat();
  return (
    <div className={css.line}>
      <p className={css.aside}>{t.line(f.dateTime(sample.at), sample.source)}</p>
      <pre className={css.raw}>{marked(sample.raw, sample.matched.map((one) => one.value))}</pre>
      {sample.matched.length > 0 ? (
        <table className={css.matched}>
          <caption>{t.matched}</caption>
          <thead><tr><th scope="col">{t.field}</th><th scope="col">{t.value}</th></tr></thead>
          <tbody>{sample.matched.map((one, i) => <tr key={i}><th scope="row"><code>{one.field}</code></th><td>{one.value}</td></tr>)}</tbody>
        </table>
      ) : null}
    </div>
  );
}

/** The text with every occurrence of the values marked; values of one letter would mark half of it and are left out. */
function marked(raw: string, values: readonly string[]): ReactNode[] {
  const wanted = [...new Set(values)].filter((value) => value.length > 1);
  const parts: ReactNode[] = [];
  let rest = 0;
  for (let at = 0; at < raw.length;) {
    const hit = wanted.find((value) => raw.startsWith(value, at));
    if (!hit) {
      at += 1;
      continue;
    }
    parts.push(raw.slice(rest, at), <mark key={at}>{hit}</mark>);
    at += hit.length;
    rest = at;
  }
  return [...parts, raw.slice(rest)];
}

/** A link only to where a browser may safely go; rules come from outside. */
const safe = (url: string): boolean => /^https?:\/\//i.test(url);

/** Who wrote the rule, under which licence: stands open beside what it found, as the licence asks. */
export function RuleCredit({ rule }: { rule: Detail['rule'] }) {
  const t = useTexts().findings;
  return (
    <Section title={t.rule}>
      <Panel>
        <Facts
          items={[
            [t.ruleTitle, rule.title], [t.ruleAuthor, rule.author || t.authorUnknown], [t.ruleLicense, rule.license || t.authorUnknown],
            ...(rule.references.length > 0
              ? [[t.ruleReferences, <ul key="refs" className={css.refs}>{rule.references.map((url) => <li key={url}>{safe(url) ? <a href={url} rel="noreferrer noopener" target="_blank">{url}</a> : url}</li>)}</ul>] as const]
              : []),
          ]}
        />
      </Panel>
    </Section>
  );
}
