import { useRef, useState } from 'react';
import { useTexts } from '../texts/index.tsx';
import { Button } from './Button.tsx';
import { Icon } from './icons.tsx';
import css from './Small.module.css';

/** Keys that do something here, with the word for it; for sighted keyboard users. */
export function KeyHint({ keys, word }: { keys: readonly string[]; word: string }) {
  return (
    <span className={css.hint} data-screen-only>
      {keys.map((key) => <kbd key={key} className={css.kbd}>{key}</kbd>)}
      {word}
    </span>
  );
}

/** Something to paste elsewhere (a setting, a token, an address) with a button that copies it. */
export function CopyBox({ label, text }: { label: string; text: string }) {
  const t = useTexts();
  const box = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid(t.common.copied);
    } catch {
      // Without https or localhost there is no clipboard: select the text so that one key press copies it.
      if (box.current) getSelection()?.selectAllChildren(box.current);
      setSaid(t.ui.copyFailed);
    }
  };
  return (
    <div className={css.copy}>
      <p className={css.label}>{label}</p>
      <div className={css.copyRow}>
        <pre ref={box} tabIndex={0} role="group" aria-label={label}>{text}</pre>
        <div><Button icon="copy" onClick={() => void copy()} label={`${t.common.copy}: ${label}`}>{t.common.copy}</Button></div>
      </div>
      <p className={css.said} role="status">{said}</p>
    </div>
  );
}

/** `043-123-4567`, in whatever width it was typed, as an address that telephones understand. */
export const telephone = (number: string): string => `tel:${number.normalize('NFKC').replace(/[^\d+]/g, '')}`;

/** The desk's telephone number, on every page, also on paper. */
export function PhoneBar({ number }: { number: string }) {
  const t = useTexts().ui.phone;
  return (
    <div className={css.phone} role="group" aria-label={t.label}>
      <p>{t.panic}</p>
      <a className={css.number} href={telephone(number)} aria-label={t.call(number)}><Icon name="phone" />{number}</a>
    </div>
  );
}
