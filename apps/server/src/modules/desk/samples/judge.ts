import type { DnsAnswers } from '@banya/mail';
import { Problem } from '../../../kernel/errors.ts';
import { HostilePool, type PoolOptions } from '../../../kernel/hostile/pool.ts';
import type { MailDns } from './dns.ts';
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
  readonly #dns: MailDns | null;

  /** `options`: where what makes its start cheap is kept, whether one child stays ready, and who asks name servers; nobody unless told. */
  constructor({ dns = null, ...options }: Partial<Pick<PoolOptions, 'size' | 'cache' | 'keepOne'>> & { readonly dns?: MailDns | null } = {}) {
    this.#dns = dns;
    this.#pool = new HostilePool(new URL('./engine.ts', import.meta.url), { ...LIMITS, waitingMax: 200, ...options });
  }

  warm(): void {
    this.#pool.warm();
  }

  peek(bytes: Uint8Array, form: Form): Promise<Peeked> {
    return this.#run<Peeked>(bytes, { step: 'peek', form });
  }

  async judge(bytes: Uint8Array, knowledge: OwnKnowledge, form: Form): Promise<JudgedMail> {
    const dns = await this.#answers(bytes, knowledge, form);
    return this.#run<JudgedMail>(bytes, { step: 'judge', knowledge: { ...knowledge, ...(dns === null ? {} : { dns, dnsInPart: true }) }, form });
  }

  show(bytes: Uint8Array, index: number, form: Form): Promise<ShownMail> {
    return this.#run<ShownMail>(bytes, { step: 'show', index, form });
  }

  close(): void {
    this.#pool.close();
  }

  /** In a step of its own, so that waiting for name servers takes nothing from a mail's five seconds; null where nobody is asked. */
  async #answers(bytes: Uint8Array, knowledge: OwnKnowledge, form: Form): Promise<DnsAnswers | null> {
    if (this.#dns === null) return null;
    const report = this.#dns.report();
    try {
      return await this.#pool.run<DnsAnswers>(bytes, { step: 'names', knowledge, form } satisfies Step, report.ask);
    } catch {
      // A mail too heavy for this may be too heavy to be judged: that is told then.
      return null;
    } finally {
      report.end();
    }
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
