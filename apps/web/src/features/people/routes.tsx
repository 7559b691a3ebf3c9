import type { Screen } from '../../shell/screen.ts';

const writers = ['lead', 'deputy', 'manager', 'operator'] as const;
const readers = [...writers, 'executive', 'desk', 'auditor'] as const;

export const screens: readonly Screen[] = [
  { path: '/o/$org/people', load: () => import('./PeoplePage.tsx'), roles: readers },
  { path: '/o/$org/people/new', load: () => import('./NewPersonPage.tsx'), roles: writers },
  { path: '/o/$org/people/import', load: () => import('./ImportPage.tsx'), roles: writers },
  { path: '/o/$org/people/handover', load: () => import('./HandoverPage.tsx'), roles: ['lead', 'manager', 'operator'] },
  { path: '/o/$org/people/$person', load: () => import('./PersonPage.tsx'), roles: readers },
];
