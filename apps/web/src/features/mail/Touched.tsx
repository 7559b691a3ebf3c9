import { samples } from '@banya/contract';
import { useState } from 'react';
import { useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Button, Icon, StateNote, type IconName } from '../../ui/index.ts';
import { harmful, type Answer, type Touch } from './kinds.ts';
import { useGuard } from './useGuard.ts';
import css from './mail.module.css';

const buttons: readonly (readonly [touch: 'link' | 'typed' | 'file', icon: IconName])[] = [['link', 'right'], ['typed', 'key'], ['file', 'report']];

/** Three large buttons for what one would rather not have done; the desk knows at once, and it can be taken back. */
export function Touched({ answer }: { answer: Answer }) {
  const { answer: t, did } = useTexts().mail;
  const org = useOrg();
  const guard = useGuard();
  const tell = useAct(samples.member.touched, { touches: ['tickets', 'home', 'deskSamples', 'queue'] });
  const put = (touched: Touch) => tell.mutateAsync({ params: { org, sample: answer.id }, body: { touched } });
  // Said in the page and taken back there: a message over the page would hide the steps on a phone.
  const [before, setBefore] = useState<Touch | null>(null);
  const press = (touch: 'link' | 'typed' | 'file') => guard(() => put(touch), () => {
    scrollTo({ top: 0 });
    setBefore(answer.touched ?? 'nothing');
  });
  return (
    <div className={css.stack}>
      <p role="status">{harmful(answer.touched) || answer.touched === 'unsure' ? t.toldAlready(did[answer.touched]) : t.touchWhy}</p>
      {tell.error ? <StateNote state={{ kind: 'error', problem: tell.error }} /> : null}
      <div className={css.touches} data-screen-only>
        {buttons.map(([touch, icon]) => (
          <button key={touch} type="button" className={css.touch} aria-pressed={answer.touched === touch} aria-disabled={tell.isPending || undefined} onClick={() => { if (!tell.isPending) press(touch); }}>
            <Icon name={answer.touched === touch ? 'done' : icon} size={1.5} />{t.buttons[touch]}
          </button>
        ))}
      </div>
      {before === null ? null : <div data-screen-only><Button kind="quiet" busy={tell.isPending} onClick={() => guard(() => put(before), () => setBefore(null))}>{t.untell}</Button></div>}
    </div>
  );
}
