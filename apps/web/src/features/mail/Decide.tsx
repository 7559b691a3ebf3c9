import { desk, sampleDecisions, samples } from '@banya/contract';
import { useState } from 'react';
import { useAct, useApi } from '../../api/index.ts';
import { useFormat, useLang, useTexts } from '../../texts/index.tsx';
import { Button, CheckField, SelectField, StateNote, TextArea, useUndo, type IconName } from '../../ui/index.ts';
import type { Detail } from './kinds.ts';
import { useGuard } from './useGuard.ts';
import css from './mail.module.css';

const icons: Readonly<Record<(typeof sampleDecisions)[number], IconName>> = { dangerous: 'now', unwanted: 'quiet', harmless: 'done' };
const answerMax = 5000;

/** What it is, by three buttons; the answer to whoever reported it goes with the press. */
export function Decide({ org, mail }: { org: string; mail: Detail }) {
  const texts = useTexts().mail;
  const t = texts.decide;
  const f = useFormat();
  const say = useUndo();
  const guard = useGuard();
  const decide = useAct(samples.queue.decide, { touches: ['samples', 'campaigns', 'queue', 'tickets'] });
  const [answer, setAnswer] = useState('');
  const [alike, setAlike] = useState(false);
  const open = mail.alike.filter((one) => one.decision === null).length;
  const [done, setDone] = useState<(typeof sampleDecisions)[number] | null>(null);
  const [again, setAgain] = useState(false);
  const decided = done ?? mail.decision;
  const press = (decision: (typeof sampleDecisions)[number]) => guard(() => decide.mutateAsync({ params: { org, sample: mail.id }, body: { decision, answer: answer.trim(), alike } }), ({ decided: n }) => {
    setAnswer('');
    setDone(decision);
    setAgain(false);
    say({ text: t.decided(f.count(n), texts.decisions[decision].desk) });
  });
  // What is decided is put away, so that a second press cannot send a second answer.
  if (decided && !again) {
    return (
      <div className={css.stack}>
        <p>{t.done(texts.decisions[decided].desk, mail.decidedAt && !done ? f.when(mail.decidedAt) : f.when(new Date()))}</p>
        <div><Button onClick={() => setAgain(true)}>{t.change}</Button></div>
      </div>
    );
  }
  return (
    <div className={css.stack}>
      {decide.error ? <StateNote state={decide.error.status === 0 ? { kind: 'offline' } : { kind: 'error', problem: decide.error }} /> : null}
      <TextArea label={t.answer} help={t.answerHelp} rows={3} value={answer} onChange={setAnswer} max={answerMax} optional />
      <Templates org={org} onPick={(text) => setAnswer(answer.trim() ? `${answer.trimEnd()}\n\n${text}` : text)} />
      {mail.campaign || open > 0 ? <CheckField label={t.alike} {...(open > 0 ? { help: t.alikeHelp(f.count(open)) } : {})} value={alike} onChange={setAlike} /> : null}
      <p className={css.soft}>{alike || mail.asked ? t.effectAll : t.effect}</p>
      <div className={css.decisions}>
        {sampleDecisions.map((decision) => <Button key={decision} wide kind={decision === 'dangerous' ? 'grave' : 'plain'} icon={icons[decision]} busy={decide.isPending} disabled={answer.length > answerMax} onClick={() => press(decision)}>{texts.decisions[decision].desk}</Button>)}
      </div>
    </div>
  );
}

function Templates({ org, onPick }: { org: string; onPick: (text: string) => void }) {
  const t = useTexts().mail.decide;
  const { lang } = useLang();
  const items = useApi(desk.templates.list, { params: { org } }, { staleMs: 300_000 }).data?.items ?? [];
  if (items.length === 0) return null;
  const sorted = [...items].sort((a, b) => Number(b.lang === lang) - Number(a.lang === lang));
  return <SelectField label={t.template} value="" onChange={(id) => { const one = items.find((x) => x.id === id); if (one) onPick(one.text); }} options={[{ value: '', label: t.templateNone }, ...sorted.map((one) => ({ value: one.id, label: one.name }))]} />;
}
