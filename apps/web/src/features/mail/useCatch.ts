import { useEffect, useRef } from 'react';

const typing = 'input, textarea, select, [contenteditable]';

/**
 * Catches what is dropped or pasted anywhere on the page. A mail that misses the field by an inch must not replace the
 * page by itself, as browsers do; a mail program that hands over no file is told apart from one that does.
 */
export function useCatch(on: { file: (file: File) => void; text: (text: string) => void; nothing: () => void }): void {
  const latest = useRef(on);
  latest.current = on;
  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      const field = event.defaultPrevented;
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (!file) latest.current.nothing();
      else if (!field) latest.current.file(file);
    };
    const paste = (event: ClipboardEvent) => {
      const file = event.clipboardData?.files[0];
      if (file) {
        event.preventDefault();
        return latest.current.file(file);
      }
      if (event.target instanceof Element && event.target.closest(typing)) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (text.trim()) latest.current.text(text);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('drop', drop);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('drop', drop);
      document.removeEventListener('paste', paste);
    };
  }, []);
}
