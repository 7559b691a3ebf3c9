import { useTexts } from '../../texts/index.tsx';
import { StateTag } from '../../ui/index.ts';
import { harmful, type Touch } from './kinds.ts';

/** What the reader did with a mail, in a list; coloured only when somebody must act on it. */
export function Did({ touch }: { touch: Touch | null }) {
  const { didShort, untold } = useTexts().mail;
  if (touch === null) return untold;
  return harmful(touch) ? <StateTag state="now" word={didShort[touch]} /> : didShort[touch];
}
