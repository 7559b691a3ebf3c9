import type { ReactNode } from 'react';
import { useCallback, useState } from 'react';

/** A column of a DataTable. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** The server (or the page) can sort by it. */
  readonly sort?: boolean;
  /** Figures stand at the end of the cell. */
  readonly align?: 'start' | 'end';
  /** Hidden until somebody asks for it. */
  readonly hidden?: boolean;
  /** The row's name: always shown, heads the card on a phone, and is the link that opens the row. */
  readonly main?: boolean;
}

export interface Sort { readonly by: string; readonly down: boolean }

function read(key: string): ReadonlySet<string> | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return Array.isArray(kept) ? new Set(kept.filter((v): v is string => typeof v === 'string')) : null;
  } catch {
    return null;
  }
}

/** Which columns are shown, remembered on this device under `remember`. */
export function useColumns<Row>(remember: string, columns: readonly Column<Row>[]) {
  const key = `banya.columns.${remember}`;
  const [off, setOff] = useState<ReadonlySet<string>>(() => read(key) ?? new Set(columns.filter((c) => c.hidden).map((c) => c.id)));
  const toggle = useCallback((id: string) => {
    setOff((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      localStorage.setItem(key, JSON.stringify([...next]));
      return next;
    });
  }, [key]);
  return { shown: columns.filter((c) => c.main || !off.has(c.id)), off, toggle };
}

/** What a click on a column's heading asks for: up, then down, then the original order. */
export function nextSort(now: Sort | null, by: string): Sort | null {
  if (now?.by !== by) return { by, down: false };
  return now.down ? null : { by, down: true };
}
