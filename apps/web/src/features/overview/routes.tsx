import type { Screen } from '../../shell/screen.ts';

export const screens: readonly Screen[] = [
  { path: '/o/$org/overview', load: () => import('./OverviewPage.tsx'), roles: ['desk', 'manager', 'executive', 'auditor', 'operator'] },
  { path: '/o/$org/federation-reports', load: () => import('./FederationReportsPage.tsx'), roles: ['desk', 'manager', 'executive', 'auditor', 'operator'] },
];
