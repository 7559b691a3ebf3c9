import { useTexts } from '../texts/index.tsx';
import { Icon } from './icons.tsx';
import css from './StateTag.module.css';

/** done: green, settled or stopped. look: yellow, please look. now: red, at once. quiet: grey, nothing said yet. */
export type State = 'done' | 'look' | 'now' | 'quiet';

/** A state as icon, word and colour together; `word` replaces the general word (「止めました」). */
export function StateTag({ state, word }: { state: State; word?: string }) {
  const t = useTexts().ui.states;
  return (
    <span className={`${css.tag} ${css[state]}`}>
      <Icon name={state} size={1} />
      {word ?? t[state]}
    </span>
  );
}
