import { createContext, use, useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTexts } from '../texts/index.tsx';
import { Icon } from './icons.tsx';
import css from './Undo.module.css';

/** What was done, in one sentence, and how to take it back. Without `undo` it is only said. */
export interface Done {
  readonly text: string;
  readonly undo?: () => Promise<unknown> | void;
}
interface Toast extends Done { readonly key: number }

const shownMs = 20_000;
const UndoContext = createContext<((done: Done) => void) | null>(null);

/** Tells what was done: `const say = useUndo(); say({ text: '3件を閉じました', undo: reopen })`. */
export function useUndo(): (done: Done) => void {
  const say = use(UndoContext);
  if (!say) throw new Error('Kit is missing above this component');
  return say;
}

/** One message with 元に戻す. It stays 20 seconds, and as long as pointer or focus rests on it. */
export function UndoToast({ text, undo, onClose }: Done & { onClose: () => void }) {
  const t = useTexts();
  const [held, setHeld] = useState(false);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => close.current(), shownMs);
    return () => clearTimeout(timer);
  }, [held]);
  return (
    <div className={css.toast} onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <p>{text}</p>
      {undo ? <button type="button" onClick={() => void undo()}>{t.common.undo}</button> : null}
      <button type="button" className={css.close} aria-label={t.common.close} onClick={onClose}><Icon name="close" /></button>
    </div>
  );
}

/** Holds the messages of `useUndo`, newest below, three at most. */
export function UndoProvider({ children }: { children: ReactNode }) {
  const t = useTexts();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const say = useCallback((done: Done) => {
    next.current += 1;
    const key = next.current;
    setToasts((now) => [...now, { ...done, key }].slice(-3));
  }, []);
  const drop = (key: number) => setToasts((now) => now.filter((one) => one.key !== key));
  const takeBack = async (toast: Toast) => {
    drop(toast.key);
    try {
      await toast.undo?.();
      say({ text: t.ui.undone });
    } catch {
      say({ text: t.ui.undoFailed });
    }
  };
  return (
    <UndoContext value={say}>
      {children}
      <div className={css.shelf} role="status" aria-live="polite">
        {toasts.map((one) => (
          <UndoToast key={one.key} text={one.text} {...(one.undo ? { undo: () => takeBack(one) } : {})} onClose={() => drop(one.key)} />
        ))}
      </div>
    </UndoContext>
  );
}
