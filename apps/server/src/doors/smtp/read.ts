import { HostilePool } from '../../kernel/hostile/pool.ts';
import type { ReadMail } from './read-child.ts';

export type { ReadMail } from './read-child.ts';

const LIMITS = { seconds: 10, memoryBytes: 512 * 1024 * 1024 };
const CHILD = new URL('./read-child.ts', import.meta.url);

export interface MailReader {
  /** The readable parts of a mail, or why it could not be read. Throws only when it is no fault of the mail: then it is tried again. */
  read(raw: Uint8Array): Promise<ReadMail | { readonly unread: string }>;
  /** A mail is about to come. */
  warm(): void;
  close(): void;
}

/** Reads mails in a watched child process: what explodes takes the child with it. */
export function openReader(cache: string): MailReader {
  const pool = new HostilePool(CHILD, { ...LIMITS, size: 1, cache, idleSeconds: 300 });
  return {
    async read(raw) {
      try {
        return await pool.run<ReadMail>(raw, null);
      } catch (error) {
        const { code, status, name, message } = error as { code?: unknown; status?: unknown; name?: unknown; message?: unknown };
        if (status === 429 || message === 'the pool is closed' || message === 'the watched child did not start') throw error;
        return { unread: typeof code === 'string' ? code : typeof name === 'string' ? name : 'unreadable' };
      }
    },
    warm: () => pool.warm(),
    close: () => pool.close(),
  };
}
