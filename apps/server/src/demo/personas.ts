import type { House } from '../house.ts';
import type { World, DemoPerson } from './world/types.ts';

export type PersonaKey = 'staff' | 'lead' | 'executive' | 'desk' | 'manager';

export interface Persona {
  readonly key: PersonaKey;
  /** As it stands beside the link, in both languages. */
  readonly who: string;
  readonly email: string;
}

/** Whom a visitor can be: three of the first member, two of the federation. */
export function personas(world: World): Persona[] {
  const [first] = world.members;
  const federation = world.federation;
  const of = (people: readonly DemoPerson[], role: DemoPerson['roles'][number], not?: DemoPerson['roles'][number]): DemoPerson => people.find((p) => p.roles.includes(role) && (not === undefined || !p.roles.includes(not)))!;
  const persona = (key: PersonaKey, ja: string, en: string, person: DemoPerson, org: string): Persona => ({ key, who: `${ja} ${person.name}（${org}） / ${en}`, email: person.email });
  return [
    persona('lead', '担当者', 'Lead of a member', of(first!.people, 'lead'), first!.name),
    persona('staff', '職員', 'Staff: ask or report', of(first!.people, 'staff'), first!.name),
    persona('executive', '経営者', 'Executive', of(first!.people, 'executive'), first!.name),
    persona('desk', 'デスク', 'Desk', of(federation.people, 'desk', 'manager'), federation.name),
    persona('manager', '統括者', 'Manager and operator', of(federation.people, 'manager'), federation.name),
  ];
}

/** A link that signs the persona in; as often as wanted, until this process ends. */
export async function linkToken(house: House, email: string): Promise<string> {
  const { accounts, demoLinks } = house.identity;
  if (demoLinks === null) throw new Error('the server was not started with --demo');
  // The oldest: a visitor may have registered the address at another member since.
  const [account] = await accounts.forEmail(email);
  if (account === undefined) throw new Error(`nobody of the demonstration has the address ${email}`);
  return demoLinks.make(account);
}
