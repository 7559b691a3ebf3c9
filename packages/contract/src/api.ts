import { desk } from './desk.ts';
import { findings } from './findings.ts';
import { identity } from './identity.ts';
import { inventory } from './inventory.ts';
import { orgs } from './orgs.ts';
import { federate, notify, operate, prove } from './prove.ts';
import type { Route } from './route.ts';
import { samples } from './samples.ts';
import { search } from './search.ts';

/** The whole contract, by module. */
export const api = { identity, orgs, inventory, findings, desk, samples, search, prove, federate, notify, operate } as const;

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'access' in value;
}

/** Every route of the contract, in order of writing. */
export function allRoutes(): Route[] {
  const found: Route[] = [];
  const walk = (value: unknown): void => {
    if (isRoute(value)) found.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(api);
  return found;
}
