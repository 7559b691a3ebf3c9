import { orgs, type Received } from '@banya/contract';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Details, StateTag } from '../../ui/index.ts';
import css from './members.module.css';

type Consent = Received<typeof orgs.consents.get>['items'][number];

/** What a member shares: in two sentences, then the list, then how to ask for more. */
export function Consents({ items }: { items: readonly Consent[] }) {
  const t = useTexts().members;
  const f = useFormat();
  const named = (given: boolean) => f.list(items.filter((c) => c.given === given).map((c) => t.kinds[c.kind]));
  const missing = items.some((c) => !c.given);
  return (
    <>
      {items.some((c) => c.given) ? <p>{t.card.sharedLine(named(true))}</p> : null}
      {missing ? <p>{t.card.notSharedLine(named(false))}</p> : null}
      {missing ? <p className={css.soft}>{t.card.howToAsk}</p> : null}
      <Details summary={t.card.showConsents}>
        <ul className={css.consents}>
          {items.map((c) => (
            <li key={c.kind}>
              <span>{t.kinds[c.kind]}</span>
              <span><StateTag state={c.given ? 'done' : 'quiet'} word={c.fixed ? t.card.fixed : c.given ? t.card.shared : t.card.notShared} />{c.given && c.until ? ` ${t.card.until(f.date(c.until))}` : ''}</span>
            </li>
          ))}
        </ul>
      </Details>
    </>
  );
}
