import type { Lang } from '@banya/contract';
import { useLang, useTexts } from '../../texts/index.tsx';
import { Details, Icon, type IconName } from '../../ui/index.ts';
import type { Answer } from './kinds.ts';
import css from './mail.module.css';

type Reason = Answer['reasons'][number];
const icons: Readonly<Record<Reason['severity'], IconName>> = { high: 'now', medium: 'look', low: 'look', note: 'quiet', good: 'done' };
const quotesMax = 3;
const quoteMax = 300;

export const saidIn = (text: { readonly ja: string; readonly en: string }, lang: Lang): string => text[lang] || text.ja;

/** Where the quote stands; headers that people know by their name go without the technical one. */
const placeOf = ({ where, name }: Reason['evidence'][number], t: { whereOf: Readonly<Record<string, string>>; headers: Readonly<Record<string, string>> }): string => {
  const known = where === 'header' && name ? t.headers[name.toLowerCase()] : undefined;
  return known ?? `${t.whereOf[where]}${name ? `　${name}` : ''}`;
};

/** Why: each reason with the words of the mail it rests on; those behind the `first` are folded. */
export function Reasons({ reasons, first = reasons.length }: { reasons: readonly Reason[]; first?: number }) {
  const t = useTexts().mail.answer;
  if (reasons.length === 0) return <p>{t.reasonsNone}</p>;
  const rest = reasons.slice(first);
  return (
    <>
      <List reasons={reasons.slice(0, first)} />
      {rest.length > 0 ? <Details summary={t.reasonsMore(rest.length)}><List reasons={rest} /></Details> : null}
    </>
  );
}

function List({ reasons }: { reasons: readonly Reason[] }) {
  const t = useTexts().mail.answer;
  const { lang } = useLang();
  return (
    <ul className={css.reasons}>
      {reasons.map((reason, i) => (
        <li key={`${reason.code} ${i}`} className={css.reason} data-severity={reason.severity}>
          <span className={css.reasonSign} title={t.severities[reason.severity]}><Icon name={icons[reason.severity]} /><span className="visuallyHidden">{t.severities[reason.severity]}</span></span>
          <div>
            <p className={css.reasonText}>{saidIn(reason.text, lang)}</p>
            {reason.evidence.slice(0, quotesMax).filter((e) => e.quote.trim()).map((e, n) => (
              <figure key={n} className={css.quote}><figcaption>{placeOf(e, t)}</figcaption><blockquote>{e.quote.length > quoteMax ? `${e.quote.slice(0, quoteMax)}…` : e.quote}</blockquote></figure>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
