import { Problem } from '../../../kernel/errors.ts';
import { HostilePool, type PoolOptions } from '../../../kernel/hostile/pool.ts';
import type { Form, Hint, JudgedMail, OwnKnowledge, Peeked, ShownMail, Step } from './engine.ts';
import type { SampleChannel } from './schema.ts';

/** A mail has so long, and its child so much memory. */
const LIMITS = { seconds: 5, memoryBytes: 256 * 1024 * 1024 };

/** Reads mails: what a mail's bytes say is known through this alone. */
export interface MailJudge {
  /** A first mail is on its way. */
  warm(): void;
  peek(bytes: Uint8Array, form: Form): Promise<Peeked>;
  judge(bytes: Uint8Array, knowledge: OwnKnowledge, form: Form): Promise<JudgedMail>;
  show(bytes: Uint8Array, index: number, form: Form): Promise<ShownMail>;
  close(): void;
}

/** The engine in watched children. */
export class Judge implements MailJudge {
  readonly #pool: HostilePool;

  /** `options`: where what makes its start cheap is kept, and whether one child stays ready. */
  constructor(options: Partial<Pick<PoolOptions, 'size' | 'cache' | 'keepOne'>> = {}) {
    this.#pool = new HostilePool(new URL('./engine.ts', import.meta.url), { ...LIMITS, waitingMax: 200, ...options });
  }

  warm(): void {
    this.#pool.warm();
  }

  peek(bytes: Uint8Array, form: Form): Promise<Peeked> {
    return this.#run<Peeked>(bytes, { step: 'peek', form });
  }

  judge(bytes: Uint8Array, knowledge: OwnKnowledge, form: Form): Promise<JudgedMail> {
    return this.#run<JudgedMail>(bytes, { step: 'judge', knowledge, form });
  }

  show(bytes: Uint8Array, index: number, form: Form): Promise<ShownMail> {
    return this.#run<ShownMail>(bytes, { step: 'show', index, form });
  }

  close(): void {
    this.#pool.close();
  }

  #run<Result>(bytes: Uint8Array, step: Step): Promise<Result> {
    return this.#pool.run<Result>(bytes, step);
  }
}

/**
 * A mail of one of our people to the report address brings another. A file is what somebody takes for the mail itself; so is
 * what lies in a mailbox, where anybody may write in the name of a colleague, and what a stranger sent.
 */
export const formOf = ({ channel, reporter_id }: { readonly channel: SampleChannel; readonly reporter_id: string | null }, hint: Hint | null | undefined): Form => ({ sent: channel === 'mail' && reporter_id !== null ? 'forward' : 'file', ...(hint ? { hint } : {}) });

/** Why a mail could not be analysed, in a word for the desk; null where it is not the mail's fault and trying again helps. */
export function failureOf(error: unknown): string | null {
  if (error instanceof Problem) return error.code === 'file_too_heavy' ? 'file_too_heavy' : null;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof message === 'string' && /the pool is closed|did not start/.test(message)) return null;
  return typeof code === 'string' && /^[a-z_]{3,40}$/.test(code) ? code : 'unreadable';
}
