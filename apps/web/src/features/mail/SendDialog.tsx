import { orgs, samples } from '@banya/contract';
import { useState } from 'react';
import { ApiProblem, useAct, useList, useRested, useSteady } from '../../api/index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, CheckGroup, Dialog, Prose, RadioField, StateNote, TextField, useUndo } from '../../ui/index.ts';

interface Given { org: string; bulletin: string; save: () => Promise<unknown>; onClose: () => void }

/** To whom a warning goes. It cannot be taken back, so its effect stands in one sentence above the button. */
export function SendDialog({ open, ...given }: Given & { open: boolean }) {
  const t = useTexts().mail.bulletins;
  return <Dialog open={open} onClose={given.onClose} title={t.sendTitle}>{open ? <Send {...given} /> : null}</Dialog>;
}

function Send({ org, bulletin, save, onClose }: Given) {
  const t = useTexts().mail.bulletins;
  const { cancel, more } = useTexts().common;
  const f = useFormat();
  const say = useUndo();
  const send = useAct(samples.bulletins.send, { touches: ['warnings', 'home', 'campaigns'] });
  const [whom, setWhom] = useState('all');
  const [word, setWord] = useState('');
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const [error, setError] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const q = useRested(word.trim());
  const list = useSteady(useList(orgs.tree.children, { params: { org }, query: { limit: 50, ...(q ? { q } : {}) } }), org);
  // Those chosen stay in sight when another word is searched for.
  const shown = new Map([...chosen, ...list.rows.map((one) => [one.id, one.name] as const)]);
  const go = async () => {
    if (whom === 'some' && chosen.size === 0) return setError(t.none);
    setBusy(true);
    setProblem(null);
    try {
      await save();
      const { members } = await send.mutateAsync({ params: { org, bulletin }, body: { members: whom === 'all' ? 'all' : [...chosen.keys()] } });
      say({ text: t.sentTo(f.number(members)) });
      onClose();
    } catch (refused) {
      if (!(refused instanceof ApiProblem)) throw refused;
      setProblem(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Prose>
      <RadioField label={t.whom} value={whom} onChange={(v) => { setWhom(v); setError(''); }} options={[{ value: 'all', label: t.all }, { value: 'some', label: t.some }]} />
      {whom === 'some' ? (
        <>
          <TextField label={t.search} kind="search" value={word} onChange={setWord} />
          <CheckGroup label={t.choose} error={error || undefined} value={[...chosen.keys()]} onChange={(keys) => { setError(''); setChosen(new Map(keys.map((key) => [key, shown.get(key) ?? '']))); }} options={[...shown].map(([value, label]) => ({ value, label }))} />
          {list.more.has ? <div><Button busy={list.more.loading} onClick={list.more.load}>{more}</Button></div> : null}
        </>
      ) : null}
      <p role="status">{whom === 'all' ? t.effectAll : t.effectSome(f.number(chosen.size))}</p>
      {problem ? <StateNote state={problem.status === 0 ? { kind: 'offline' } : { kind: 'error', problem }} /> : null}
      <Actions><Button kind="main" icon="mail" busy={busy} onClick={() => void go()}>{t.sendGo}</Button><Button kind="quiet" onClick={onClose}>{cancel}</Button></Actions>
    </Prose>
  );
}
