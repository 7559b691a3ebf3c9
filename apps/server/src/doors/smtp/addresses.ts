import type { PeoplePort, SamplesPort, Target, TicketsPort } from './types.ts';

/** RFC 5321, section 4.5.3.1: the longest path. */
const ADDRESS_MAX = 254;

export interface Ways {
  readonly domain: string;
  readonly samples: SamplesPort | null;
  readonly tickets: TicketsPort;
  readonly people: PeoplePort;
}

/** An address in two parts, in lower case: some mail servers change the case on the way. */
export function parts(address: string): { local: string; domain: string } | null {
  if (address.length > ADDRESS_MAX) return null;
  const at = address.lastIndexOf('@');
  if (at < 1 || at === address.length - 1) return null;
  return { local: address.slice(0, at).toLowerCase(), domain: address.slice(at + 1).toLowerCase() };
}

/**
 * Where mail to an address goes; null for everybody else's: nothing is relayed. `report@` and `desk@` without a token lead to
 * the organisation that has the sender's address on its list. Everybody else's mail is taken as well and listed for the desk:
 * an answer that differed would tell anybody whose address is on a list.
 */
export async function targetOf(ways: Ways, address: string, sender: string): Promise<Target | null> {
  const to = parts(address);
  if (!to || to.domain !== ways.domain) return null;
  if (to.local.startsWith('ticket+')) {
    const ticket = await ways.tickets.recipient(to.local);
    return ticket && { kind: 'ticket', ...ticket };
  }
  if (/^report[+-]./.test(to.local)) {
    const found = await ways.samples?.recipient(to.local);
    return found ? { kind: 'report', orgId: found.orgId } : null;
  }
  if (to.local !== 'desk' && (to.local !== 'report' || !ways.samples)) return null;
  const known = sender === '' ? [] : await ways.people.byAddress(sender.toLowerCase());
  const [orgId, ...others] = new Set(known.map((p) => p.orgId));
  if (orgId !== undefined && others.length === 0) return { kind: to.local, orgId };
  const desk = await ways.tickets.strangers?.();
  return desk ? { kind: 'stranger', orgId: desk.orgId, to: to.local } : null;
}

/** Whether an address is one of those that everybody may write to. */
export const isOpen = (address: string): boolean => /^(?:desk|report)@/i.test(address);

/** Whether there is room for a mail now, proven to be its sender's or not. Of the open addresses the same for everybody, whoever writes. */
export async function hasRoom(ways: Ways, { address, target }: { readonly address: string; readonly target: Target }, proven: boolean): Promise<boolean> {
  if (isOpen(address)) return (await ways.tickets.strangers?.())?.room ?? true;
  if (target.kind === 'report') return (await ways.samples?.room?.(target.orgId, proven)) ?? true;
  return proven || ((await ways.tickets.room?.(target.orgId)) ?? true);
}

/** Each place once, in order, however many of its addresses the mail was sent to. */
export function places(targets: readonly Target[]): Target[] {
  const found = new Map<string, Target>();
  for (const target of targets) {
    const key = placeKey(target);
    if (!found.has(key)) found.set(key, target);
  }
  return [...found.values()];
}
export const placeKey = (t: Target): string => (t.kind === 'ticket' ? `ticket ${t.ticketId}` : t.kind === 'stranger' ? `stranger ${t.to}` : `${t.kind} ${t.orgId}`);
