import { useEffect, useRef, useState } from 'react';

const kept = 'banya.desk.keys';
const typing = 'input, textarea, select, [contenteditable]';

/** Whether single-letter keys act on this device; they can be switched off (WCAG 2.2, 2.1.4 Character Key Shortcuts). */
export function useKeysWanted(): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => localStorage.getItem(kept) !== 'off');
  return [on, (next) => {
    localStorage.setItem(kept, next ? 'on' : 'off');
    setOn(next);
  }];
}

/** Single-letter keys of a page. They are silent while somebody types, with a dialog open, and with Ctrl, Alt or Meta held. */
export function useKeys(on: boolean, keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
      if (document.documentElement.classList.contains('dialogOpen')) return;
      if (event.target instanceof Element && event.target.closest(typing)) return;
      const act = Object.hasOwn(latest.current, event.key.toLowerCase()) ? latest.current[event.key.toLowerCase()] : undefined;
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [on]);
}

/** The time, again every half minute, so that clocks on the page go on. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
