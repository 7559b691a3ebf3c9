import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

const settleMs = 250;

export interface Filters<K extends string> {
  /** What the fields show. */
  readonly values: Readonly<Record<K, string>>;
  /** What to ask the server: the values once the reader has stopped typing. */
  readonly settled: Readonly<Record<K, string>>;
  /** Whether anything narrows the list. */
  readonly any: boolean;
  readonly set: (name: K, value: string) => void;
}

/** Fields that narrow a list, kept in the address: Back and a copied link bring the same list again. Empty means not set. */
export function useFilters<const K extends string>(...names: readonly K[]): Filters<K> {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const [values, setValues] = useState(() => Object.fromEntries(names.map((name) => [name, search[name] === undefined ? '' : String(search[name])])) as Record<K, string>);
  const [settled, setSettled] = useState(values);
  useEffect(() => {
    if (values === settled) return;
    const timer = setTimeout(() => {
      setSettled(values);
      const kept = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
      void navigate({ to: '.', search: kept as never, replace: true, resetScroll: false });
    }, settleMs);
    return () => clearTimeout(timer);
  }, [values, settled, navigate]);
  return { values, settled, any: Object.values(settled).some((value) => value !== ''), set: (name, value) => setValues((now) => ({ ...now, [name]: value })) };
}
