import { useNavigate, useSearch } from '@tanstack/react-router';

export const spans = ['1h', '24h', '7d', '30d', '90d'] as const;
export type Span = (typeof spans)[number];
const HOURS: Readonly<Record<Span, number>> = { '1h': 1, '24h': 24, '7d': 24 * 7, '30d': 24 * 30, '90d': 24 * 90 };
const MINUTE = 60_000;
/** How long a question of the contract may be. */
export const QUERY_MAX = 1_000;
export const INDICATOR_MAX = 2_048;

export interface Asked {
  readonly q: string;
  readonly span: Span;
  /** A time of its own instead of the span, as links from findings have it: ISO instants. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Something has been asked; an empty page waits for the first question. */
  readonly is: boolean;
}

const instant = (value: unknown): string | undefined => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined);

/** What is asked stands in the address, so that Back, a copied link and a link from elsewhere bring the same again. */
export function useAsked(usual: Span): { readonly asked: Asked; readonly ask: (next: Partial<Pick<Asked, 'q' | 'span'>>) => void } {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const asked: Asked = {
    q: search['q'] === undefined ? '' : String(search['q']), span: spans.find((s) => s === search['span']) ?? usual, from: instant(search['from']), to: instant(search['to']),
    is: search['q'] !== undefined || search['span'] !== undefined,
  };
  return {
    asked,
    // A span that somebody chooses replaces the time that a link has brought.
    ask: (next) => void navigate({ to: '.', search: { q: next.q ?? asked.q, span: next.span ?? asked.span, ...(next.span === undefined && asked.from ? { from: asked.from, ...(asked.to ? { to: asked.to } : {}) } : {}) } as never, resetScroll: false }),
  };
}

/** The time of a question as the server takes it. To the minute, so that drawing a page again asks nothing new. */
export function timeOf({ span, from, to }: Pick<Asked, 'span' | 'from' | 'to'>, now: number): { from: string; to?: string } {
  if (from) return { from, ...(to ? { to } : {}) };
  return { from: new Date(Math.floor(now / MINUTE) * MINUTE - HOURS[span] * 60 * MINUTE).toISOString() };
}

/** A condition of one field, quoted so that any value can stand in it. */
export const condition = (field: string, value: string): string => `${field}:"${value.replace(/[\\"]/g, (c) => `\\${c}`)}"`;
