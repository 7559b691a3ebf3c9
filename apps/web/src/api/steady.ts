import { useEffect, useRef, useState } from 'react';
import type { List } from './hooks.ts';

/** A value that follows `value` once it has rested, so that typing asks the server once and not per letter. */
export function useRested<T>(value: T, restMs = 250): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value, restMs]);
  return rested;
}

/**
 * A list that keeps its rows on screen while another filter of it is being read, so that nothing jumps.
 * @param of whose list it is; rows of one organisation never stand in for those of another
 */
export function useSteady<Row>(list: List<Row>, of: string): List<Row> {
  const kept = useRef<{ of: string; list: List<Row> } | null>(null);
  if (!list.loading && !list.problem) kept.current = { of, list };
  const before = kept.current;
  return list.loading && before?.of === of ? { ...list, rows: before.list.rows, total: before.list.total, loading: false } : list;
}
