/** The DNS that the caller gave, and nothing else. */
import type { DnsAnswers } from '../types.ts';

/** A resolver for mailauth that answers from `answers` alone; names and types that are missing do not exist. */
export function resolverOf(answers: DnsAnswers): (name: string, type: string) => Promise<string[][] | string[]> {
  return async (name, type) => {
    const records = recordsOf(answers, name, type);
    if (records === undefined || records.length === 0) throw Object.assign(new Error(`${type} of ${name} is not known`), { code: answers[nameOf(name)] === undefined ? 'ENOTFOUND' : 'ENODATA' });
    if (type === 'TXT') return records.map((text) => [text]);
    if (type === 'MX') return records.map((record) => ({ priority: Number.parseInt(record, 10) || 0, exchange: record.replace(/^\s*\d+\s+/, '').replace(/\.$/, '') })) as unknown as string[];
    return records.map((record) => record.replace(/\.$/, ''));
  };
}

/**
 * Whether a name of the address leads back to it (FCrDNS): from PTR and A or AAAA answers. Undefined when the caller did
 * not ask for the address.
 */
export function leadsBack(ip: string, answers: DnsAnswers): boolean | undefined {
  const names = recordsOf(answers, reverseName(ip), 'PTR');
  if (names === undefined) return answers[reverseName(ip)] === undefined ? undefined : false;
  const type = ip.includes(':') ? 'AAAA' : 'A';
  return names.slice(0, 10).some((name) => (recordsOf(answers, name, type) ?? []).some((found) => expanded(found) === expanded(ip)));
}

function recordsOf(answers: DnsAnswers, name: string, type: string): readonly string[] | undefined {
  const key = nameOf(name);
  if (!Object.hasOwn(answers, key)) return undefined;
  const types = answers[key]!;
  return Object.hasOwn(types, type) ? types[type] : undefined;
}

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
