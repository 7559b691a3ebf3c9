import type { Role } from '@banya/contract';
import type { Texts } from '../texts/index.tsx';
import type { IconName } from '../ui/index.ts';

export type PlaceName = keyof Texts['shell']['places'];

/** A place in the navigation: where it is, and for whom. */
export interface Place {
  readonly name: PlaceName;
  readonly path: string;
  /** What belongs to it without standing below it. */
  readonly also?: string;
  readonly icon: IconName;
  readonly roles: readonly Role[];
}

const lead: readonly Role[] = ['lead', 'deputy'];

/** In the order in which they stand; each reader sees those of his or her roles. */
export const places: readonly Place[] = [
  { name: 'executive', path: '/o/$org/executive', icon: 'trend', roles: ['executive', 'auditor'] },
  { name: 'desk', path: '/o/$org/desk', icon: 'queue', roles: ['desk'] },
  { name: 'deskMails', path: '/o/$org/desk/mails', also: '/o/$org/desk/campaigns', icon: 'mail', roles: ['desk'] },
  { name: 'bulletins', path: '/o/$org/desk/warnings', icon: 'bell', roles: ['desk'] },
  { name: 'trace', path: '/o/$org/desk/trace', icon: 'finding', roles: ['desk'] },
  { name: 'overview', path: '/o/$org/overview', icon: 'overview', roles: ['manager', 'desk', 'operator'] },
  { name: 'members', path: '/o/$org/members', icon: 'group', roles: ['manager', 'desk', 'operator'] },
  { name: 'home', path: '/o/$org/home', icon: 'home', roles: lead },
  { name: 'findings', path: '/o/$org/findings', icon: 'finding', roles: [...lead, 'auditor'] },
  { name: 'tickets', path: '/o/$org/tickets', icon: 'ticket', roles: [...lead, 'executive'] },
  { name: 'mails', path: '/o/$org/mails', icon: 'mail', roles: lead },
  { name: 'warnings', path: '/o/$org/warnings', icon: 'bell', roles: [...lead, 'executive'] },
  { name: 'devices', path: '/o/$org/devices', icon: 'device', roles: lead },
  { name: 'search', path: '/o/$org/search', also: '/o/$org/trace', icon: 'finding', roles: lead },
  { name: 'people', path: '/o/$org/people', icon: 'people', roles: [...lead, 'manager', 'operator', 'auditor'] },
  { name: 'reports', path: '/o/$org/reports', icon: 'report', roles: [...lead, 'executive', 'auditor', 'manager'] },
  { name: 'ask', path: '/o/$org/ask', icon: 'mail', roles: ['staff'] },
  { name: 'knowledge', path: '/o/$org/knowledge', icon: 'copy', roles: ['desk', 'manager', 'operator'] },
  { name: 'federationReports', path: '/o/$org/federation-reports', icon: 'sheet', roles: ['desk', 'manager', 'operator'] },
  { name: 'settings', path: '/o/$org/settings', icon: 'settings', roles: [...lead, 'manager', 'operator', 'executive', 'auditor'] },
];

/** Where the page `start` of the contract's `me` is. */
export const startPath = (org: string, page: 'home' | 'executive' | 'desk' | 'overview' | 'ask'): string => `/o/${org}/${page}`;
/** Fills an organisation into a path pattern. */
export const inOrg = (path: string, org: string): string => path.replace('$org', org);

/** The places of somebody with these roles that have a page; `exists` says which do. */
export function placesFor(mine: readonly Role[], exists: (path: string) => boolean): readonly Place[] {
  return places.filter((p) => p.roles.some((r) => mine.includes(r)) && exists(p.path));
}
