import { useEffect, useState } from 'react';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';

const backstopMs = 120_000;
/** A restart of the server is over sooner than this; only a longer silence is worth a word. */
const patienceMs = 30_000;

/** The modules a live message speaks of; anything unreadable speaks of none. */
export function topicsOf(data: unknown): readonly string[] {
  if (typeof data !== 'string') return [];
  try {
    const read: unknown = JSON.parse(data);
    if (typeof read !== 'object' || read === null) return [];
    const { topic, topics } = read as { topic?: unknown; topics?: unknown };
    const all = Array.isArray(topics) ? topics : [topic];
    return all.filter((t): t is string => typeof t === 'string');
  } catch {
    return [];
  }
}

const refresh = (client: QueryClient, topics: readonly string[]) => {
  for (const topic of topics) void client.invalidateQueries({ queryKey: [topic] });
};

/**
 * Listens to an organisation's live news (`/api/v1/orgs/{org}/live`, server-sent events whose data is
 * `{"topic": "findings"}` or `{"topics": […]}`) and fetches again what was read of those modules. When the
 * connection breaks the browser tries again by itself; until then everything is checked every two minutes.
 * @returns false after half a minute without a connection
 */
export function useLive(org: string | undefined): boolean {
  const client = useQueryClient();
  const [open, setOpen] = useState(true);
  useEffect(() => {
    if (!org) return;
    const source = new EventSource(`/api/v1/orgs/${encodeURIComponent(org)}/live`);
    let missed = false;
    let backstop: ReturnType<typeof setInterval> | undefined;
    let patience: ReturnType<typeof setTimeout> | undefined;
    source.onmessage = (event) => refresh(client, topicsOf(event.data));
    source.onopen = () => {
      setOpen(true);
      clearInterval(backstop);
      clearTimeout(patience);
      backstop = undefined;
      patience = undefined;
      if (missed) void client.invalidateQueries();
      missed = false;
    };
    source.onerror = () => {
      missed = true;
      patience ??= setTimeout(() => setOpen(false), patienceMs);
      backstop ??= setInterval(() => void client.invalidateQueries(), backstopMs);
    };
    return () => {
      source.close();
      clearInterval(backstop);
      clearTimeout(patience);
    };
  }, [client, org]);
  return open;
}
