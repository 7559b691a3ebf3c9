import { useRef } from 'react';
import { once } from '../../api/index.ts';

/** Runs one act at a time: the second press of a double click comes before the page knows that the first is under way. */
export function useGuard(): <T>(doing: () => Promise<T>, then: (got: T) => unknown) => void {
  const running = useRef(false);
  return (doing, then) => {
    if (running.current) return;
    running.current = true;
    once(doing().finally(() => {
      running.current = false;
    }), then);
  };
}
