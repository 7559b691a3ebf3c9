import { useTexts } from '../../texts/index.tsx';
import { StateTag, Verdict, type State } from '../../ui/index.ts';
import type { Sample } from './kinds.ts';
import css from './mail.module.css';

type Judged = NonNullable<Sample['verdict']>;
type Decided = NonNullable<Sample['decision']>;
export const verdictStates: Readonly<Record<Judged, State>> = { dangerous: 'now', suspicious: 'look', insufficient: 'quiet', clear: 'done' };
export const decisionStates: Readonly<Record<Decided, State>> = { dangerous: 'now', unwanted: 'quiet', harmless: 'done' };

/** Icon and colour of how a mail stands: a person's decision counts before the engine's verdict. */
export function stateOfMail({ state, verdict, decision }: Pick<Sample, 'state' | 'verdict' | 'decision'>): State {
  if (decision) return decisionStates[decision];
  if (state === 'drill') return 'done';
  if (verdict) return verdictStates[verdict];
  return state === 'failed' ? 'look' : 'quiet';
}

/** How a mail stands, in a list. */
export function MailTag({ sample }: { sample: Pick<Sample, 'state' | 'verdict' | 'decision'> }) {
  const t = useTexts().mail;
  const { state, verdict, decision } = sample;
  const word = decision ? t.decisions[decision].word : state === 'drill' ? t.states.drill : verdict ? t.short[verdict] : t.states[state === 'failed' ? 'failed' : 'waiting'];
  return <StateTag state={stateOfMail(sample)} word={word} />;
}

/** The answer in one sentence, as large as it deserves. */
export function MailVerdict({ sample }: { sample: Pick<Sample, 'state' | 'verdict' | 'decision'> }) {
  const t = useTexts().mail;
  const { state, verdict, decision } = sample;
  const said = decision ? t.decisions[decision] : state === 'drill' ? { word: t.states.drill, says: t.answer.drill } : verdict ? t.verdicts[verdict] : { word: t.states.failed, says: t.answer.failed };
  return <div className={css.stand} data-state={stateOfMail(sample)}><Verdict state={stateOfMail(sample)} word={said.word}>{said.says}</Verdict></div>;
}

