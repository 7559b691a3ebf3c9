import { runHostile } from '../../kernel/hostile/run.ts';
import type { ReadMail } from './read-child.ts';

export type { ReadMail } from './read-child.ts';

/** A child of its own for each: what explodes takes nothing with it. */
const LIMITS = { seconds: 10, memoryBytes: 512 * 1024 * 1024 };
const CHILD = new URL('./read-child.ts', import.meta.url);

/** The readable parts of a mail, or why it could not be read. Throws only when too many wait: then it is tried again. */
export async function readMail(raw: Uint8Array): Promise<ReadMail | { readonly unread: string }> {
  try {
    return await runHostile<ReadMail>(CHILD, raw, null, LIMITS);
  } catch (error) {
    const { code, status, name } = error as { code?: unknown; status?: unknown; name?: unknown };
    if (status === 429) throw error;
    return { unread: typeof code === 'string' ? code : typeof name === 'string' ? name : 'unreadable' };
  }
}
