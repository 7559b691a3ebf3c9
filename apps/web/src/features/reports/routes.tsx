import type { Screen } from '../../shell/screen.ts';

export const screens: readonly Screen[] = [
  { path: '/o/$org/reports', load: () => import('./ReportsPage.tsx') },
  { path: '/o/$org/reports/$month', load: () => import('./ReportPage.tsx') },
  { path: '/o/$org/reports/$month/$version', load: () => import('./ReportPage.tsx') },
];
