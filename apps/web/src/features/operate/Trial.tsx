import { useState } from 'react';
import { operate, type Received } from '@banya/contract';
import { once, useAct } from '../../api/index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, Details, Prose, Section, StateNote, stateOf, StateTag } from '../../ui/index.ts';
import css from './operate.module.css';

type Last = Received<typeof operate.backups>['lastTrial'];
const monthMs = 32 * 86_400_000;

/** Trying a restore in a copy: the last result, and the button for the next. The result arrives by itself. */
export function Trial({ last, possible }: { last: Last; possible: boolean }) {
  const t = useTexts().operate.backup;
  const f = useFormat();
  const trial = useAct(operate.restoreTrial);
  const [waitingSince, setWaiting] = useState<string | null>(null);
  const waiting = waitingSince !== null && waitingSince === (last?.at ?? '');
  const refused = stateOf({ isPending: false, error: trial.error });
  const old = last !== null && Date.now() - Date.parse(last.at) > monthMs;
  return (
    <Section title={t.trial}>
      <p className={css.line}><StateTag state={last === null ? 'look' : !last.ok ? 'now' : old ? 'look' : 'done'} />{last === null ? t.trialNever : last.ok ? t.trialOk(f.dateTime(last.at)) : t.trialBad(f.dateTime(last.at))}{old ? ` ${t.trialOld}` : ''}</p>
      <Prose><p className={css.soft}>{t.trialLead}</p></Prose>
      {refused ? <StateNote state={refused} /> : null}
      <Actions><Button busy={waiting || trial.isPending} disabled={!possible} onClick={() => once(trial.mutateAsync({}), () => setWaiting(last?.at ?? ''))}>{t.trialGo}</Button></Actions>
      <p role="status">{waiting ? t.trying : ''}</p>
      {last?.text ? <Details summary={t.trialText} open={!last.ok}><pre className={css.text} tabIndex={0} aria-label={t.trialText}>{last.text}</pre></Details> : null}
    </Section>
  );
}
