import type { Screen } from '../../shell/screen.ts';

const readers = ['lead', 'deputy', 'executive', 'desk', 'manager', 'auditor', 'operator'] as const;
const keepers = ['lead', 'manager', 'operator'] as const;

export const screens: readonly Screen[] = [
  { path: '/o/$org/settings', load: () => import('./HubPage.tsx'), roles: readers },
  { path: '/o/$org/settings/profile', load: () => import('./ProfilePage.tsx'), roles: readers },
  { path: '/o/$org/settings/sharing', load: () => import('./SharingPage.tsx'), roles: readers },
  { path: '/o/$org/settings/audit', load: () => import('./AuditPage.tsx'), roles: readers },
  { path: '/o/$org/settings/outbox', load: () => import('./OutboxPage.tsx'), roles: ['lead', 'deputy', 'manager', 'desk', 'operator'] },
  { path: '/o/$org/settings/notices', load: () => import('./NoticesPage.tsx'), roles: ['lead', 'deputy', 'manager', 'desk', 'operator'] },
  { path: '/o/$org/settings/desk-times', load: () => import('./DeskTimesPage.tsx'), roles: ['desk', 'manager', 'operator'] },
  { path: '/o/$org/settings/sign-in', load: () => import('./SsoPage.tsx'), roles: keepers },
  { path: '/o/$org/settings/tokens', load: () => import('./TokensPage.tsx'), roles: keepers },
  { path: '/o/$org/settings/leave', load: () => import('./LeavePage.tsx'), roles: ['lead', 'manager'] },
];
