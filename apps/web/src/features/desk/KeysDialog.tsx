import { useTexts } from '../../texts/index.tsx';
import { Dialog, SwitchField } from '../../ui/index.ts';
import css from './desk.module.css';

/** The keys of the desk, and the switch for people whom they disturb. */
export function KeysDialog({ open, onClose, wanted, onWanted }: { open: boolean; onClose: () => void; wanted: boolean; onWanted: (on: boolean) => void }) {
  const t = useTexts().desk.keys;
  return (
    <Dialog open={open} onClose={onClose} title={t.title}>
      <dl className={css.keyList}>
        {t.list.map(([key, word]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{word}</dd></div>)}
      </dl>
      <SwitchField label={t.use} help={t.useHelp} value={wanted} onChange={onWanted} />
    </Dialog>
  );
}
