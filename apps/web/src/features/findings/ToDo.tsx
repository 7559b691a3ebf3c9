import { useState } from 'react';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { CheckGroup, Panel } from '../../ui/index.ts';

const keyOf = (finding: string) => `banya.steps.${finding}`;

function ticked(finding: string): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(finding)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

/** The steps, numbered; ticks help through an interruption and stay on the device, since they prove nothing. */
export function ToDo({ finding, steps, minutes }: { finding: string; steps: readonly string[]; minutes: number }) {
  const t = useTexts().findings;
  const f = useFormat();
  const [done, setDone] = useState(() => ticked(finding));
  if (steps.length === 0) return <p>{t.doNothing}</p>;
  const tick = (next: readonly string[]) => {
    localStorage.setItem(keyOf(finding), JSON.stringify(next));
    setDone(next);
  };
  return (
    <Panel>
      <CheckGroup label={t.doNowTime(f.duration(minutes))} help={t.keptHere} value={done} onChange={tick} options={steps.map((step, i) => ({ value: String(i), label: `${i + 1}. ${step}` }))} />
    </Panel>
  );
}
