import { useEffect, useState, type RefObject } from 'react';
import { useTexts } from '../../texts/index.tsx';
import { Dialog } from '../Dialog.tsx';
import { SwitchField } from '../form/fields.tsx';
import { KeyHint } from '../Small.tsx';
import css from './DataTable.module.css';

const kept = 'banya.keys';
const switchedOff = () => localStorage.getItem(kept) === 'off';
const writes = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

/**
 * Single keys for the first list of a page, wherever focus stands: J and K walk, / goes to the search field, ? explains.
 * They can be switched off, since people who speak to their computer would set them off by chance (WCAG 2.2, 2.1.4).
 */
export function useListKeys(root: RefObject<HTMLElement | null>, does: { walk: (step: 1 | -1) => boolean; help: () => void }): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const list = root.current;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || switchedOff() || writes(event.target)) return;
      if (!list || document.documentElement.classList.contains('dialogOpen') || document.querySelector('[data-list]') !== list) return;
      if (event.key === 'j' || event.key === 'k') {
        if (does.walk(event.key === 'j' ? 1 : -1)) event.preventDefault();
      } else if (event.key === '/') {
        const field = list.querySelector<HTMLInputElement>('input[type=search]');
        if (!field) return;
        event.preventDefault();
        field.focus();
        field.select();
      } else if (event.key === '?') {
        event.preventDefault();
        does.help();
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
}

/** Which keys a list knows, and the switch for them. */
export function KeysDialog({ open, onClose, search }: { open: boolean; onClose: () => void; search: boolean }) {
  const t = useTexts().ui.table;
  const [on, setOn] = useState(() => !switchedOff());
  const choose = (next: boolean) => {
    localStorage.setItem(kept, next ? 'on' : 'off');
    setOn(next);
  };
  return (
    <Dialog open={open} onClose={onClose} title={t.keysTitle}>
      <ul className={css.keyList}>
        <li><KeyHint keys={['J', 'K']} word={t.keysShort} /></li>
        <li><KeyHint keys={['Enter']} word={t.keysOpen} /></li>
        {search ? <li><KeyHint keys={['/']} word={t.keysSearch} /></li> : null}
        <li><KeyHint keys={['?']} word={t.keysHelp} /></li>
      </ul>
      <SwitchField label={t.keysOn} help={t.keysOnHelp} value={on} onChange={choose} />
    </Dialog>
  );
}
