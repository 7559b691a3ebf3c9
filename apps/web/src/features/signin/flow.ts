import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { ApiProblem } from '../../api/index.ts';

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

/** An act that asks the device for a passkey: whether it runs, and what the server refused. */
export function usePasskeyAct(act: () => Promise<void>): { readonly busy: boolean; readonly problem: ApiProblem | null; readonly go: () => void } {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const run = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await act();
    } catch (error) {
      // Closing the browser's window is a change of mind, not a failure to report.
      if (error instanceof ApiProblem) setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, go: () => void run() };
}
