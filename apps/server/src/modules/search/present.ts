import type { EventLine } from './events.ts';

const SAID_MAX = 240;

/** A line in short: who, from where to where, what of it. Names and numbers alone, so that it is the same in both languages. */
export function said({ fields: f, raw }: Pick<EventLine, 'fields' | 'raw'>): string {
  const end = (ip: string | undefined, port: string | undefined): string => (ip === undefined ? '' : port === undefined ? ip : ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);
  const from = end(f['source.ip'], undefined);
  const to = end(f['destination.ip'], f['destination.port']) || f['destination.domain'] || '';
  const mail = f['email.from.address'] ?? f['email.to.address'];
  const parts = [
    f['user.name'], f['host.name'], from && to ? `${from} → ${to}` : from || to, f['url.full'] ?? f['url.domain'] ?? f['dns.question.name'],
    mail === undefined ? undefined : `${f['email.from.address'] ?? ''} → ${f['email.to.address'] ?? ''}`, f['email.subject'], f['file.name'] ?? f['process.name'], f['rule.name'], f['event.action'],
  ].filter((part) => part !== undefined && part !== '');
  const short = parts.length > 1 ? parts.join('　') : (f.message ?? raw);
  return short.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, SAID_MAX).toWellFormed();
}
