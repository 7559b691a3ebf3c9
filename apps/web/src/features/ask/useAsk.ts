import { desk } from '@banya/contract';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import { useAct } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { useUndo } from '../../ui/index.ts';

type Body = z.input<typeof desk.member.ask.body>;

/**
 * Sends a question. Who may read conversations is led into it; staff are only told the number, their answer comes by mail.
 * @returns `sent` is the number to show, or null
 */
export function useAsk(): { ask: (body: Body) => Promise<void>; sent: number | null; again: () => void } {
  const t = useTexts().ask;
  const org = useOrg();
  const navigate = useNavigate();
  const say = useUndo();
  const mayRead = useMay('tickets.read');
  const send = useAct(desk.member.ask, { touches: ['home', 'executive'] });
  const [sent, setSent] = useState<number | null>(null);
  const ask = async (body: Body) => {
    const ticket = await send.mutateAsync({ params: { org }, body });
    if (!mayRead) return setSent(ticket.number);
    say({ text: t.sent });
    void navigate({ to: `/o/${org}/tickets/${ticket.id}` });
  };
  return { ask, sent, again: () => setSent(null) };
}

/** What was written before the page was left or the session ended; gone with the browser's tab. */
export function draftOf<Values extends Record<string, string>>(key: string, blank: Values): Values {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return blank;
    const read = kept as Record<string, unknown>;
    return Object.fromEntries(Object.entries(blank).map(([name, value]) => [name, typeof read[name] === 'string' ? read[name] : value])) as Values;
  } catch {
    return blank;
  }
}
/** Keeps a draft while it is written. */
export function useDraft(key: string, values: Record<string, string>): void {
  useEffect(() => sessionStorage.setItem(key, JSON.stringify(values)), [key, values]);
}
export const dropDraft = (key: string): void => sessionStorage.removeItem(key);
