import { useFormat, useTexts } from '../../texts/index.tsx';
import { GoLink, Icon } from '../../ui/index.ts';
import { byHouse, type TicketDetail } from './sla.ts';
import css from './thread.module.css';

/** What was said, with the desk's own notes between, in order of time. Notes look unlike anything a member could see. */
export function Thread({ org, ticket }: { org: string; ticket: TicketDetail }) {
  const t = useTexts().desk.ticket;
  const f = useFormat();
  const said = [
    ...ticket.messages.map((m) => ({ kind: m.side, key: m.id, at: m.at, who: m.who, text: m.text, article: m.article })),
    ...(ticket.notes ?? []).map((n) => ({ kind: 'note' as const, key: n.id, at: n.at, who: n.who, text: n.text, article: null })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (said.length === 0) return <p>{t.noTalk}</p>;
  return (
    <ol className={css.thread}>
      {said.map((one) => (
        <li key={one.key} className={css.said} data-kind={one.kind}>
          <p className={css.who}>
            <strong>{one.kind === 'note' ? t.noteWho(one.who) : one.who}</strong>
            {one.kind === 'note' || (byHouse(ticket) && one.who === ticket.requester.name) ? null : <span>{one.kind === 'desk' ? t.deskSide : t.memberSide}</span>}
            <time dateTime={one.at}>{f.when(one.at)}</time>
          </p>
          <div className={css.text}>
            {one.kind === 'note' ? <p className={css.secret}><Icon name="lock" size={1} />{t.noteTag}</p> : null}
            {one.text}
            {one.article ? <p className={css.article}><Icon name="report" size={1} /><GoLink to={`/o/${org}/knowledge/${one.article.id}`}>{t.article(one.article.title)}</GoLink></p> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
