import { useEffect, useRef, type ReactNode } from 'react';
import type { Role } from '@banya/contract';
import { ApiProblem, isMistake } from '../api/problem.ts';
import { useFormat, useTexts } from '../texts/index.tsx';
import { Button, GoLink } from './Button.tsx';
import { Deeper, Heading } from './Heading.tsx';
import { Icon, type IconName } from './icons.tsx';
import { Skeleton } from './Skeleton.tsx';
import css from './Page.module.css';

/** How a page stands while it has nothing to show. */
export type PageState =
  | { readonly kind: 'loading'; readonly cards?: number }
  | { readonly kind: 'empty'; readonly title: string; readonly why: string; readonly action?: ReactNode }
  | { readonly kind: 'error'; readonly problem?: ApiProblem | null; readonly retry?: () => void }
  | { readonly kind: 'forbidden'; readonly who?: readonly Role[]; readonly detail?: string }
  | { readonly kind: 'offline'; readonly retry?: () => void }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'notFound'; readonly title?: string; readonly body?: string };

/**
 * The state of a read: loading, refused, unreachable, or null when there is something to show.
 * Pass a query of `useApi` (or anything of the same shape).
 */
export function stateOf(read: { isPending: boolean; error: ApiProblem | null; refetch?: () => unknown; data?: unknown }, cards?: number): PageState | null {
  const retry = read.refetch ? { retry: () => void read.refetch?.() } : {};
  // What was read before stays on screen when a later read fails; the frame says that the network is away.
  if (read.error && read.data === undefined) {
    if (read.error.status === 0) return { kind: 'offline', ...retry };
    if (read.error.status === 403) return { kind: 'forbidden', detail: read.error.detail };
    if (read.error.status === 404) return { kind: 'notFound' };
    return { kind: 'error', problem: read.error, ...retry };
  }
  return read.isPending ? { kind: 'loading', ...(cards ? { cards } : {}) } : null;
}

/**
 * One page: a question or task as its title in the reader's words, at most one primary action, then the content.
 * While `state` is given it stands in the content's place. Sets the window's title and moves focus to the heading
 * when the page opens, so that a screen reader says where one is.
 */
export function Page({ title, lead, action, state, children }: {
  title: string;
  /** One sentence: what this is and whether it matters. */
  lead?: ReactNode;
  action?: ReactNode;
  state?: PageState | null;
  children?: ReactNode;
}) {
  const t = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} | ${t.common.product}`;
  }, [title, t]);
  useEffect(() => {
    // Only when the reader came from another page: the very first page starts at the top of the document.
    if (document.body.dataset['moved'] === 'yes') heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={css.page}>
      <div className={css.head}>
        <div className={css.words}>
          <h1 ref={heading} tabIndex={-1} className={css.title}>{title}</h1>
          {lead ? <p className={css.lead}>{lead}</p> : null}
        </div>
        {action ? <div className={css.actions}>{action}</div> : null}
      </div>
      {state ? <StateNote state={state} /> : children}
    </div>
  );
}

function Note({ icon, title, children, alert }: { icon: IconName; title: string; children: ReactNode; alert?: boolean }) {
  return (
    <div className={css.note} role={alert ? 'alert' : undefined}>
      <div className={css.noteHead}>
        <span className={css.noteIcon}><Icon name={icon} /></span>
        <Heading>{title}</Heading>
      </div>
      {children}
    </div>
  );
}

/** A page state inside any place (a card, a tab), in the same words as a whole page's. */
export function StateNote({ state }: { state: PageState }) {
  const t = useTexts();
  const f = useFormat();
  const p = t.ui.page;
  switch (state.kind) {
    case 'loading':
      return <Skeleton {...(state.cards ? { cards: state.cards } : {})} />;
    case 'empty':
      return <Note icon="quiet" title={state.title}><p className={css.soft}>{state.why}</p>{state.action}</Note>;
    case 'error': {
      const { problem, retry } = state;
      if (problem && isMistake(problem)) {
        // Where no field is marked, the fields' own sentences say more than that one is.
        const said = problem.code === 'invalid' && problem.fields.length > 0 ? [...new Set(problem.fields.map((field) => field.message))] : [problem.detail, problem.remedy].filter((text) => text);
        return <Note icon="look" title={problem.title} alert>{said.map((text) => <p key={text}>{text}</p>)}</Note>;
      }
      return (
        <Note icon="now" title={problem?.title || p.errorTitle} alert>
          {problem?.detail ? <p>{problem.detail}</p> : null}
          <p>{problem?.remedy ?? p.errorRemedy}</p>
          <p className={css.soft}>{p.errorSafe}</p>
          {retry ? <Button onClick={retry}>{t.common.retry}</Button> : null}
          {problem?.requestId ? <p className={css.small}>{p.errorNumber(problem.requestId)}</p> : null}
        </Note>
      );
    }
    case 'forbidden':
      return (
        <Note icon="lock" title={p.forbiddenTitle}>
          <p className={css.soft}>{state.detail || p.forbiddenWho(f.list((state.who ?? ['lead']).map((r) => t.ui.roles[r])))}</p>
          <GoLink to="/">{p.toStart}</GoLink>
        </Note>
      );
    case 'offline':
      return (
        <Note icon="offline" title={p.offlineTitle} alert>
          <p className={css.soft}>{p.offlineBody}</p>
          {state.retry ? <Button onClick={state.retry}>{t.common.retry}</Button> : null}
        </Note>
      );
    case 'tooMany':
      return <Note icon="sheet" title={p.tooManyTitle}><p className={css.soft}>{p.tooManyBody}</p></Note>;
    case 'notFound':
      return (
        <Note icon="finding" title={state.title ?? p.notFoundTitle}>
          <p className={css.soft}>{state.body ?? p.notFoundBody}</p>
          <GoLink to="/">{p.toStart}</GoLink>
        </Note>
      );
  }
}

/** A part of a page under its own heading. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.section}>
      <div className={css.sectionHead}><Heading>{title}</Heading>{aside}</div>
      <Deeper>{children}</Deeper>
    </section>
  );
}

/** Running text, at most 40 characters a line. */
export const Prose = ({ children }: { children: ReactNode }) => <div className={css.prose}>{children}</div>;
/** Buttons and links side by side. */
export const Actions = ({ children }: { children: ReactNode }) => <div className={css.actions}>{children}</div>;
