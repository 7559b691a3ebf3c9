import { useParams } from '@tanstack/react-router';
import { createContext, use } from 'react';
import type { Grant, Permission, Received, Role } from '@banya/contract';
import { identity, permissions } from '@banya/contract';

/** Who is signed in, as the contract's `me`. */
export type Me = Received<typeof identity.self.get>;

export const MeContext = createContext<Me | null>(null);

/** The person signed in; only inside the frame. */
export function useMe(): Me {
  const me = use(MeContext);
  if (!me) throw new Error('useMe is used outside the frame');
  return me;
}

/** An organisation one may enter, with one's roles there. */
export interface Here {
  readonly org: string;
  readonly name: string;
  readonly kind: 'federation' | 'member' | 'unit';
  readonly roles: readonly Role[];
}

/** The organisations of a person, in the order of the contract, roles gathered. */
export function orgsOf(me: Pick<Me, 'roles'>): readonly Here[] {
  const found = new Map<string, Here>();
  for (const r of me.roles) {
    const known = found.get(r.org);
    found.set(r.org, { org: r.org, name: r.orgName, kind: r.orgKind, roles: [...(known?.roles ?? []), r.role] });
  }
  return [...found.values()];
}

/** The id of the organisation in the address (`/o/$org/…`). */
export function useOrg(): string {
  const { org } = useParams({ strict: false }) as { org?: string };
  if (!org) throw new Error('useOrg is used on a page that is not below /o/$org');
  return org;
}

/** A parameter of the address, for instance `useParam('finding')`. */
export function useParam(name: string): string {
  const value = (useParams({ strict: false }) as Record<string, string | undefined>)[name];
  if (!value) throw new Error(`The address has no parameter ${name}`);
  return value;
}

/** The organisation in the address with one's roles there; no roles when one looks in from a federation above. */
export function useHere(): Here {
  const org = useOrg();
  const me = useMe();
  return orgsOf(me).find((o) => o.org === org) ?? { org, name: '', kind: 'member', roles: [] };
}

/**
 * Whether one may do this here, so that nothing is offered that would be refused. Who looks in from above gets the
 * benefit of the doubt: what the desk may do there depends on the member's consents, which the server knows.
 */
export function useMay(permission: Permission): boolean {
  const { roles, kind } = useHere();
  const grant: Grant = permissions[permission];
  const own: readonly Role[] = kind === 'federation' ? (grant.atFederation ?? grant.own) : grant.own;
  return roles.length === 0 || roles.some((role) => own.includes(role));
}
