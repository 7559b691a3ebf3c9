import type { Screen } from '../../shell/screen.ts';

const roles = ['lead', 'deputy', 'manager', 'desk', 'operator'] as const;

export const screens: readonly Screen[] = [
  { path: '/o/$org/search', load: () => import('./SearchPage.tsx'), roles },
  { path: '/o/$org/trace', load: () => import('./TracePage.tsx'), roles },
  { path: '/o/$org/desk/trace', load: () => import('./TraceAllPage.tsx'), roles: ['desk'] },
];
