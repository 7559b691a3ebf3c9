import { useEffect, useRef, type FocusEvent, type RefObject } from 'react';

/**
 * Walking a list by keys: the line in hand is the one with focus, or the last that had it. When that line leaves the
 * list (it was settled), the one in its place takes over, so that the next key acts on what one sees.
 */
export function useWalk<Row extends { readonly id: string }>(place: RefObject<HTMLElement | null>, rows: readonly Row[]) {
  const at = useRef<{ id: string; index: number } | null>(null);
  const links = () => [...(place.current?.querySelectorAll<HTMLElement>('[data-ticket] a') ?? [])];
  const idOf = (element: Element | null) => element?.closest<HTMLElement>('[data-ticket]')?.dataset['ticket'];
  const focus = (index: number) => {
    const link = links()[index];
    link?.focus();
    link?.scrollIntoView({ block: 'nearest' });
  };
  useEffect(() => {
    const held = at.current;
    if (!held || rows.some((row) => row.id === held.id)) return;
    at.current = null;
    if (rows.length > 0 && document.activeElement === document.body) focus(Math.min(held.index, rows.length - 1));
  }, [rows]);
  return {
    remember: (event: FocusEvent) => {
      const id = idOf(event.target);
      if (id) at.current = { id, index: rows.findIndex((row) => row.id === id) };
    },
    step: (by: 1 | -1) => {
      const held = at.current ? rows.findIndex((row) => row.id === at.current?.id) : -1;
      focus(held === -1 ? 0 : Math.max(0, Math.min(rows.length - 1, held + by)));
    },
    /** The line in hand; null until one has been chosen. */
    current: (): Row | null => {
      const id = idOf(document.activeElement) ?? at.current?.id;
      return rows.find((row) => row.id === id) ?? null;
    },
  };
}
