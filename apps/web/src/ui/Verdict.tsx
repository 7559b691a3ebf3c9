import type { ReactNode } from 'react';
import { StateTag, type State } from './StateTag.tsx';
import css from './Small.module.css';

/** How things stand, in one sentence, at the head of a page that is read in a minute. */
export function Verdict({ state, word, children }: { state: State; word: string; children: ReactNode }) {
  return <div className={css.verdict}><StateTag state={state} word={word} /><p>{children}</p></div>;
}
