import type { Screen } from '../../shell/screen.ts';

const roles = ['desk', 'manager', 'operator'] as const;

export const screens: readonly Screen[] = [
  { path: '/o/$org/desk', load: () => import('./DeskPage.tsx'), roles },
  { path: '/o/$org/desk/phone', load: () => import('./PhonePage.tsx'), roles },
  { path: '/o/$org/desk/statistics', load: () => import('./StatisticsPage.tsx'), roles },
  { path: '/o/$org/desk/templates', load: () => import('./TemplatesPage.tsx'), roles },
  { path: '/o/$org/desk/bursts', load: () => import('./BurstsPage.tsx'), roles },
  { path: '/o/$org/desk/rules', load: () => import('./RulesPage.tsx'), roles },
  { path: '/o/$org/desk/$ticket', load: () => import('./TicketPage.tsx'), roles },
];
