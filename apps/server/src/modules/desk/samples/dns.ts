import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { hasKnownSuffix } from '@banya/indicators/hosts';
import { DNS_TYPES, type AskDns, type DnsQuestion } from '@banya/mail';
import { isOpenAddress } from '../../../kernel/identity/outbound.ts';

/**
 * What the mails of one report may cost: a mail decides what is asked, so numbers and times are ours. A mail of a large house
 * takes some twenty questions (SPF up to ten, each with A and AAAA).
 */
export const DNS_LIMITS = {
  /** Of one report, and how long all of them may take. */
  questions: 40, millis: 2_000,
  /** One question with its second try. */
  questionMillis: 1_500, tryMillis: 600,
  /** Characters and records of one answer; more is taken for none. */
  answerChars: 8_000, records: 100,
  kept: 1_000, keptMillis: 5 * 60_000, keptNoneMillis: 60_000,
  /** Questions of the whole house: so many at once, and so many a second. */
  burst: 200, perSecond: 20,
} as const;

/** `system`: the name servers of this machine. */
export type NameServers = 'system' | readonly string[];

/** Labels as hosts, selectors and records of mail have them. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** What is asked for a mail, and nothing else: a plain name of the public net, or the way back of an address of the open internet. */
export function askable(given: unknown): DnsQuestion | null {
  const { name, type } = (typeof given === 'object' && given !== null ? given : {}) as { name?: unknown; type?: unknown };
  if (typeof name !== 'string' || name.length > 253 || !(DNS_TYPES as readonly unknown[]).includes(type)) return null;
  const plain = name.toLowerCase();
  if (!plain.split('.').every((label) => LABEL.test(label))) return null;
  const question = { name: plain, type: type as DnsQuestion['type'] };
  if (type === 'PTR') return isOpenAddress(addressOf(plain)) ? question : null;
  // home.arpa and the reverse zones stand in the list of suffixes, too.
  return hasKnownSuffix(plain) && !plain.endsWith('.arpa') ? question : null;
}

/** The address a name of the reverse zones stands for; '' where it is none. */
function addressOf(name: string): string {
  const parts = name.split('.').reverse();
  const address = parts[0] !== 'arpa' ? '' : parts[1] === 'in-addr' ? parts.slice(2).join('.') : parts[1] === 'ip6' && parts.length === 34 ? (parts.slice(2).join('').match(/.{4}/g) ?? []).join(':') : '';
  return isIP(address) === 0 ? '' : address;
}

/** Asks name servers what judging a mail needs, where the operator has chosen so. */
export class MailDns {
  readonly #servers: NameServers;
  readonly #now: () => number;
  /** The oldest first. */
  readonly #kept = new Map<string, { readonly records: readonly string[]; readonly until: number }>();
  #tokens: number = DNS_LIMITS.burst;
  #filled: number;

  constructor(servers: NameServers, now: () => number = () => performance.now()) {
    this.#servers = servers;
    this.#now = now;
    this.#filled = now();
  }

  /** Answers the questions about the mails of one report. `end`: nothing is waited for any more. */
  report(): { readonly ask: (question: unknown) => ReturnType<AskDns>; end(): void } {
    const resolver = new Resolver({ timeout: DNS_LIMITS.tryMillis, tries: 2 });
    if (this.#servers !== 'system') resolver.setServers(this.#servers);
    let left: number = DNS_LIMITS.questions;
    let end: number | null = null;
    return {
      ask: async (given) => {
        const question = askable(given);
        if (question === null || left <= 0) return null;
        left -= 1;
        const key = `${question.type} ${question.name}`;
        const known = this.#kept.get(key);
        if (known !== undefined && known.until > this.#now()) return known.records;
        const millis = Math.min(DNS_LIMITS.questionMillis, (end ??= performance.now() + DNS_LIMITS.millis) - performance.now());
        if (millis <= 0 || !this.#mayAsk()) return null;
        const records = await within(millis, resolved(resolver, question));
        if (records !== null) this.#keep(key, records);
        return records;
      },
      end: () => {
        left = 0;
        resolver.cancel();
      },
    };
  }

  #mayAsk(): boolean {
    const now = this.#now();
    this.#tokens = Math.min(DNS_LIMITS.burst, this.#tokens + ((now - this.#filled) / 1000) * DNS_LIMITS.perSecond);
    this.#filled = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Node tells the time to live of addresses alone, so all are kept equally long, and not for long. */
  #keep(key: string, records: readonly string[]): void {
    this.#kept.delete(key);
    this.#kept.set(key, { records, until: this.#now() + (records.length === 0 ? DNS_LIMITS.keptNoneMillis : DNS_LIMITS.keptMillis) });
    if (this.#kept.size > DNS_LIMITS.kept) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

async function within(millis: number, answer: Promise<readonly string[] | null>): Promise<readonly string[] | null> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([answer, new Promise<null>((resolve) => (timer = setTimeout(resolve, millis, null)))]);
  } finally {
    clearTimeout(timer);
  }
}

/** Records as text; none where the server says so, null where it said nothing that holds. Never rejects. */
async function resolved(resolver: Resolver, { name, type }: DnsQuestion): Promise<readonly string[] | null> {
  try {
    const records = await texts(resolver, name, type);
    return records.length > DNS_LIMITS.records || records.reduce((sum, r) => sum + r.length, 0) > DNS_LIMITS.answerChars ? null : records;
  } catch (error) {
    const { code } = error as { code?: unknown };
    return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : null;
  }
}

async function texts(resolver: Resolver, name: string, type: DnsQuestion['type']): Promise<string[]> {
  switch (type) {
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`);
    case 'A':
      return resolver.resolve4(name);
    case 'AAAA':
      return resolver.resolve6(name);
    case 'PTR':
      return resolver.resolvePtr(name);
  }
}
