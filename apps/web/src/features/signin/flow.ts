import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

const key = 'banya.back';

/** A way back is only ever a path of this application: `//elsewhere.example` and `/\elsewhere` lead out of it. */
export const safeBack = (path: string | null | undefined): string => (path && /^\/(?![/\\])/.test(path) && !path.startsWith('/sign-in') ? path : '/');

/** Remembers where somebody wanted to go; the mail's link opens in another tab of the same browser. */
export const keepBack = (path: string | null | undefined): void => {
  if (path) localStorage.setItem(key, safeBack(path));
};
const takeBack = (): string => {
  const path = safeBack(localStorage.getItem(key));
  localStorage.removeItem(key);
  return path;
};

/** Goes where the server says the sign-in goes on: to the code, to the second key, or in. */
export function useNextStep(): (step: 'done' | 'totp' | 'enrol') => void {
  const navigate = useNavigate();
  const client = useQueryClient();
  return useCallback((step) => {
    if (step === 'totp') return void navigate({ to: '/sign-in/code' });
    if (step === 'enrol') return void navigate({ to: '/sign-in/second-key' });
    // Nothing read before as somebody else, or as nobody, may stay.
    client.clear();
    void navigate({ to: takeBack(), replace: true });
  }, [navigate, client]);
}
