import type { Screen } from '../../shell/screen.ts';

export const screens: readonly Screen[] = [
  { path: '/o/$org/findings', load: () => import('./FindingsPage.tsx') },
  { path: '/o/$org/findings/quiet', load: () => import('./QuietPage.tsx') },
  { path: '/o/$org/findings/maintenance', load: () => import('./MaintenancePage.tsx') },
  { path: '/o/$org/findings/usual', load: () => import('./UsualPage.tsx') },
  { path: '/o/$org/findings/$finding', load: () => import('./FindingPage.tsx') },
];
