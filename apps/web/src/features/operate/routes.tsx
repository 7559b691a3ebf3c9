import type { Screen } from '../../shell/screen.ts';

const roles = ['operator'] as const;

export const screens: readonly Screen[] = [
  { path: '/o/$org/settings/mail', load: () => import('./MailPage.tsx'), roles },
  { path: '/o/$org/settings/backup', load: () => import('./BackupPage.tsx'), roles },
  { path: '/o/$org/settings/health', load: () => import('./HealthPage.tsx'), roles },
  // The address in the monthly mail to operators knows no organisation.
  { path: '/settings/backup', load: () => import('./GoBackup.tsx') },
];
