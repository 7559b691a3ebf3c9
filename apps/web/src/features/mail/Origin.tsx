import { useFormat, useTexts } from '../../texts/index.tsx';
import { Details, Facts, Icon, Section, StateTag } from '../../ui/index.ts';
import type { Detail } from './kinds.ts';
import css from './mail.module.css';

type Mailbox = NonNullable<Detail['facts']>['from'];
const boxOf = (box: Mailbox): string | null => (box ? (box.name ? `${box.name} <${box.address}>` : box.address) : null);

/** Where the mail says it comes from, what of that is proven, and the way it took. */
export function Origin({ mail }: { mail: Detail }) {
  const t = useTexts().mail.sample;
  const f = useFormat();
  const { facts } = mail;
  if (!facts) return <Section title={t.origin}><p>{t.noFacts}</p></Section>;
  const rows = [
    [t.from, boxOf(facts.from)], [t.replyTo, boxOf(facts.replyTo)], [t.returnPath, boxOf(facts.returnPath)], [t.to, facts.to.join('\n') || null], [t.date, facts.date ? f.dateTime(facts.date) : null], [t.messageId, facts.messageId],
  ] as const;
  return (
    <Section title={t.origin}>
      <Proof mail={mail} />
      <Facts items={rows.flatMap(([name, value]) => (value ? [[name, <span key={name} className={css.value}>{value}</span>] as const] : []))} />
      <Route route={facts.route} />
    </Section>
  );
}

/** What was proven is a fact about a server, never a good mark for the mail: false domains prove themselves as well as real ones. */
function Proof({ mail: { authentication: a, lookalikes } }: { mail: Detail }) {
  const t = useTexts().mail.sample;
  if (!a) return null;
  const fake = a.provenDomain === null ? undefined : lookalikes.find((one) => one.domain.replaceAll('[.]', '.') === a.provenDomain);
  return (
    <>
      <p>
        {a.provenDomain ? <StateTag state={fake ? 'now' : 'quiet'} word={t.provenTag(a.provenDomain)} /> : <StateTag state="look" word={t.unprovenTag} />}
        　{a.provenDomain === null ? t.unproven : fake ? `${t.proven} ${t.provenFalse(fake.target)}` : `${t.proven} ${t.provenNot}`}
      </p>
      <Details summary={t.checks}>
        <p className={css.soft}>{t.checkedBy[a.by]}</p>
        {a.by === 'none' ? null : <Facts items={[['SPF', a.spf], ['DKIM', a.dkim], ['DMARC', a.dmarc], ['ARC', a.arc], ...(a.fcrdns === null ? [] : [[t.fcrdns, a.fcrdns ? t.fcrdnsYes : t.fcrdnsNo] as const])]} />}
      </Details>
    </>
  );
}

/** The servers it passed, first to last: boxes with arrows, which are a list of words to those who hear them. */
function Route({ route }: { route: NonNullable<Detail['facts']>['route'] }) {
  const t = useTexts().mail.sample;
  const f = useFormat();
  if (route.length === 0) return <p className={css.soft}>{t.routeNone}</p>;
  const nameOf = (hop: (typeof route)[number]) => hop.by ?? hop.from ?? hop.ip ?? t.unknownHost;
  const [one, last] = [route[0]!, route[route.length - 1]!];
  const start = one.from ?? one.ip;
  return (
    <figure className={css.stack}>
      <figcaption>{t.routeSaid(route.length, start ?? nameOf(one), nameOf(last))}</figcaption>
      <ol className={css.route} aria-label={t.route}>
        {start ? <li className={css.hop}><strong>{start}</strong>{one.from && one.ip ? <span>{one.ip}</span> : null}</li> : null}
        {route.map((hop, i) => (
          <li key={i} className={css.hop}>
            {i > 0 || start ? <span className={css.arrow} aria-hidden="true"><Icon name="right" /></span> : null}
            <strong>{nameOf(hop)}</strong>{i > 0 && hop.ip ? <span>{hop.ip}</span> : null}{hop.at && !Number.isNaN(Date.parse(hop.at)) ? <span>{f.dateTime(hop.at)}</span> : null}
          </li>
        ))}
      </ol>
    </figure>
  );
}
