import type { ReactNode } from 'react';
import { useFormat, useTexts } from '../texts/index.tsx';
import type { State } from './StateTag.tsx';
import css from './Steps.module.css';

/** What happened, in order, each with its time. */
export function Timeline({ moments }: { moments: readonly { readonly at: string; readonly text: ReactNode; readonly state?: State; readonly by?: string }[] }) {
  const f = useFormat();
  return (
    <ol className={css.timeline}>
      {moments.map((moment, i) => (
        <li key={i} className={css.moment}>
          <span className={css.dot} data-state={moment.state} aria-hidden="true" />
          <div>
            <p className={css.time}><time dateTime={moment.at}>{f.when(moment.at)}</time>{moment.by ? `　${moment.by}` : ''}</p>
            <div>{moment.text}</div>
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Messages between the reader (`mine`) and others; text keeps its line breaks and is never read as markup. */
export function Conversation({ messages, children }: {
  messages: readonly { readonly id: string; readonly at: string; readonly who: string; readonly mine: boolean; readonly text: string; readonly files?: ReactNode }[];
  /** The form for the next message. */
  children?: ReactNode;
}) {
  const t = useTexts().ui.conversation;
  const f = useFormat();
  return (
    <>
      {messages.length === 0 ? <p>{t.none}</p> : null}
      <ol className={css.talk}>
        {messages.map((m) => (
          <li key={m.id} className={css.message} data-mine={m.mine}>
            <p className={css.who}><strong>{m.mine ? t.you : m.who}</strong><time dateTime={m.at}>{f.when(m.at)}</time></p>
            <div className={css.bubble}>{m.text}{m.files ? <div className={css.files}>{m.files}</div> : null}</div>
          </li>
        ))}
      </ol>
      {children}
    </>
  );
}
