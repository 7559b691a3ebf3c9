import { searchKey, toHalfWidthAscii } from '@banya/jp';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Scope } from '../../kernel/types.ts';
import type { Orgs } from '../orgs/index.ts';

const MEMBERS_MAX = 20;
const PEOPLE_MAX = 30;
/** People are shown once so few members are left: enough to tell two shops of one name apart, and no list of everybody. */
const NAMED_AT_MOST = 2;
const PHONE_DIGITS_MIN = 4;

export interface Found {
  readonly org: string;
  readonly name: string;
  readonly phone: string | null;
  readonly people: { id: string; name: string; phone: string | null }[];
}

const digits = (text: string): string => text.replace(/\D/g, '').replace(/^81(?=\d{9,10}$)/, '0');

/**
 * Members by name, reading or phone number while somebody is on the phone; words after the member's look for its people
 * (「みなみ 佐藤」). Each member whose people are named has the look in its ledger.
 */
export async function lookUp({ kernel, orgs }: { readonly kernel: Pick<Kernel, 'tenancy'>; readonly orgs: Orgs }, scope: Scope, q: string): Promise<{ items: Found[] }> {
  const words = searchKey(q).split(' ').filter(Boolean);
  const asked = digits(toHalfWidthAscii(q));
  const isNumber = asked.length >= PHONE_DIGITS_MIN && /^[\d\s()+\-‐－ー]+$/.test(toHalfWidthAscii(q));
  const all = (await kernel.tenancy.inOrg(scope, (tx) => orgs.members(tx, scope.orgId))).filter((m) => orgs.federationOf(m) === scope.orgId);
  const keyOf = new Map(all.map((m) => [m.id, searchKey(`${m.name} ${m.reading ?? ''}`)]));
  const matching = (wanted: readonly string[]) => all.filter((m) => wanted.every((word) => keyOf.get(m.id)!.includes(word)));
  let members = isNumber ? all.filter((m) => m.phone !== null && digits(m.phone).includes(asked)) : matching(words);
  // What is left of the words when no member has all of them belongs to a person.
  let rest: readonly string[] = [];
  for (let used = words.length - 1; !isNumber && members.length === 0 && used > 0; used -= 1) {
    members = matching(words.slice(0, used));
    rest = words.slice(used);
  }
  const items: Found[] = members.slice(0, MEMBERS_MAX).map((m) => ({ org: m.id, name: m.name, phone: m.phone, people: [] }));
  if (items.length === 0 || items.length > NAMED_AT_MOST || words.length === 0) return { items };
  for (const item of items) {
    const people = await kernel.tenancy.inOrg({ orgId: item.org, actor: scope.actor, via: 'always' }, (tx) => {
      tx.audit({ action: 'desk.looked_up' });
      return orgs.searchPeople(tx, item.org, rest.join(' '), PEOPLE_MAX);
    });
    item.people.push(...people.slice(0, PEOPLE_MAX).map((p) => ({ id: p.id, name: p.name, phone: p.phone })));
  }
  return { items };
}
