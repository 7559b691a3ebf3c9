/** The DNS that the caller gave, and nothing else. */
import { DNS_TYPES, type AskDns, type DnsAnswers, type DnsQuestion, type Knowledge } from '../types.ts';

const PTR_NAMES = 10;

/** The answers of the caller as somebody who is asked; undefined without any. */
export function answering({ dns, dnsInPart }: Pick<Knowledge, 'dns' | 'dnsInPart'>): AskDns | undefined {
  if (dns === undefined) return undefined;
  return async ({ name, type }) => {
    const types = Object.hasOwn(dns, nameOf(name)) ? dns[nameOf(name)]! : undefined;
    if (types !== undefined && Object.hasOwn(types, type)) return types[type]!;
    // Whoever gives a zone by hand seldom gives the reverse ones: an address that is not in it was not asked for.
    return dnsInPart === true || (types === undefined && type === 'PTR') ? null : [];
  };
}

/** Passes questions on, each once, and keeps what was answered. */
export function recording(ask: AskDns): { readonly ask: AskDns; answers(): DnsAnswers } {
  const known = new Map<string, Map<string, readonly string[] | null>>();
  const running = new Map<string, ReturnType<AskDns>>();
  return {
    ask: (question) => {
      const name = nameOf(question.name);
      const key = `${question.type} ${name}`;
      const found = running.get(key);
      if (found !== undefined) return found;
      const answer = ask({ ...question, name }).catch(() => null).then((records) => {
        known.set(name, (known.get(name) ?? new Map<string, readonly string[] | null>()).set(question.type, records));
        return records;
      });
      running.set(key, answer);
      return answer;
    },
    answers: () => Object.fromEntries([...known].map(([name, types]) => [name, Object.fromEntries(types)])),
  };
}

export interface Resolver {
  /** As mailauth calls it. */
  readonly resolve: (name: string, type: string) => Promise<string[][] | string[]>;
  /** Whether a question was not answered: then what did not pass may still be right. */
  failed(): boolean;
}

/** A resolver for mailauth that asks nobody but `ask`. */
export function resolverOf(ask: AskDns): Resolver {
  let failed = false;
  return {
    failed: () => failed,
    resolve: async (name, type) => {
      const records = isType(type) ? await ask({ name, type }) : null;
      if (records === null) {
        failed = true;
        throw Object.assign(new Error(`${type} of ${name} was not answered`), { code: 'ETIMEOUT' });
      }
      if (records.length === 0) throw Object.assign(new Error(`${name} has no ${type}`), { code: 'ENODATA' });
      if (type === 'TXT') return records.map((text) => [text]);
      if (type === 'MX') return records.map((record) => ({ priority: Number.parseInt(record, 10) || 0, exchange: record.replace(/^\s*\d+\s+/, '').replace(/\.$/, '') })) as unknown as string[];
      return records.map((record) => record.replace(/\.$/, ''));
    },
  };
}

/** Whether a name of the address leads back to it (FCrDNS): from PTR and A or AAAA answers. Undefined where too little is known to tell. */
export async function leadsBack(ip: string, ask: AskDns): Promise<boolean | undefined> {
  const names = await ask({ name: reverseName(ip), type: 'PTR' });
  if (names === null) return undefined;
  const type = ip.includes(':') ? 'AAAA' : 'A';
  let all = true;
  for (const name of names.slice(0, PTR_NAMES)) {
    const addresses = await ask({ name, type });
    if (addresses === null) all = false;
    else if (addresses.some((found) => expanded(found) === expanded(ip))) return true;
  }
  return all ? false : undefined;
}

const isType = (type: string): type is DnsQuestion['type'] => (DNS_TYPES as readonly string[]).includes(type);

function nameOf(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function reverseName(ip: string): string {
  if (!ip.includes(':')) return `${ip.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${[...expanded(ip)].reverse().join('.')}.ip6.arpa`;
}

/** IPv6 as 32 hexadecimal digits; IPv4 as it stands. */
function expanded(ip: string): string {
  if (!ip.includes(':')) return ip;
  const [left = '', right] = ip.toLowerCase().split('::', 2);
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const middle = right === undefined ? [] : new Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...middle, ...tail].map((part) => part.padStart(4, '0')).join('');
}
