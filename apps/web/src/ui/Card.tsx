import type { ReactNode } from 'react';
import { useFormat, useTexts } from '../texts/index.tsx';
import { Heading } from './Heading.tsx';
import { Icon } from './icons.tsx';
import { StateTag, type State } from './StateTag.tsx';
import css from './Card.module.css';

/**
 * One step to take: what it is, why it matters, how long it takes, who asked, and the one action.
 * `state` is given only when the step needs a colour; most steps do not.
 */
export function Card({ title, state, stateWord, minutes, askedBy, due, action, more, children }: {
  title: ReactNode;
  state?: State;
  stateWord?: string;
  /** How long the step takes. */
  minutes?: number;
  askedBy?: string;
  /** Day or instant by which it is wanted. */
  due?: string;
  action?: ReactNode;
  /** A second, quieter way out at the other end. */
  more?: ReactNode;
  children?: ReactNode;
}) {
  const t = useTexts().ui;
  const f = useFormat();
  return (
    <article className={css.card} data-state={state}>
      <div className={css.top}>
        {state ? <StateTag state={state} {...(stateWord ? { word: stateWord } : {})} /> : null}
        <Heading small>{title}</Heading>
      </div>
      {children ? <div className={css.why}>{children}</div> : null}
      {minutes !== undefined || askedBy || due ? (
        <p className={css.meta}>
          {minutes !== undefined ? <span><Icon name="clock" size={1} />{t.minutes(f.duration(minutes))}</span> : null}
          {askedBy ? <span>{t.askedBy(askedBy)}</span> : null}
          {due ? <span>{t.dueBy(f.date(due))}</span> : null}
        </p>
      ) : null}
      {action || more ? <div className={css.foot}>{action}{more}</div> : null}
    </article>
  );
}

/** Cards one below the other, as a list. */
export function CardList({ children }: { children: ReactNode[] }) {
  return <ul className={css.stack}>{children.map((child, i) => <li key={i}>{child}</li>)}</ul>;
}

/** A plain surface for content that is no step. */
export const Panel = ({ children }: { children: ReactNode }) => <div className={css.card}>{children}</div>;

/** Details folded away until somebody wants them; printed in full. */
export function Details({ summary, children, open }: { summary: string; children: ReactNode; open?: boolean }) {
  return (
    <details className={css.details} open={open}>
      <summary><Icon name="right" size={1} />{summary}</summary>
      <div>{children}</div>
    </details>
  );
}

/** Facts as name and value: 「機器 — 経理のパソコン」. */
export function Facts({ items }: { items: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {items.map(([name, value]) => <div key={name} className={css.fact}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}
