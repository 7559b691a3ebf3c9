import { orgs, type Received } from '@banya/contract';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Details, GoLink, StateTag } from '../../ui/index.ts';
import css from './members.module.css';

type Read = Received<typeof orgs.consents.get>;
type Consent = Read['items'][number];

/** What a member shares: in two sentences, then what it allows for single questions, the list, and how to ask for more. */
export function Consents({ org, items, running }: { org: string; items: readonly Consent[]; running: Read['tickets'] }) {
  const t = useTexts().members;
  const f = useFormat();
  const named = (given: boolean) => f.list(items.filter((c) => c.given === given).map((c) => t.kinds[c.kind]));
  const missing = items.some((c) => !c.given);
  return (
    <>
      {items.some((c) => c.given) ? <p>{t.card.sharedLine(named(true))}</p> : null}
      {missing ? <p>{t.card.notSharedLine(named(false))}</p> : null}
      {running.map((one) => <p key={one.ticket}>{t.card.forTicket(f.list(one.kinds.map((kind) => t.kinds[kind])), one.until ? f.date(one.until) : '')} <GoLink to={`/o/${org}/desk/${one.ticket}`}>{t.card.ticket(one.number)}</GoLink></p>)}
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
