import type { Screen } from '../../shell/screen.ts';

const deskRoles = ['desk', 'manager', 'operator'] as const;

export const screens: readonly Screen[] = [
  { path: '/o/$org/ask/mail', load: () => import('./MailPage.tsx') },
  { path: '/o/$org/mails', load: () => import('./MailsPage.tsx') },
  { path: '/o/$org/mails/$sample', load: () => import('./AnswerPage.tsx') },
  { path: '/o/$org/desk/mails', load: () => import('./QueuePage.tsx'), roles: deskRoles },
  { path: '/o/$org/desk/mails/statistics', load: () => import('./StatisticsPage.tsx'), roles: deskRoles },
  { path: '/o/$org/desk/mails/$sample', load: () => import('./SamplePage.tsx'), roles: deskRoles },
  { path: '/o/$org/desk/campaigns', load: () => import('./CampaignsPage.tsx'), roles: deskRoles },
  { path: '/o/$org/desk/campaigns/$campaign', load: () => import('./CampaignPage.tsx'), roles: deskRoles },
  { path: '/o/$org/desk/warnings', load: () => import('./BulletinsPage.tsx'), roles: deskRoles },
  { path: '/o/$org/desk/warnings/$bulletin', load: () => import('./BulletinPage.tsx'), roles: deskRoles },
  { path: '/o/$org/warnings', load: () => import('./WarningsPage.tsx') },
  { path: '/o/$org/warnings/$warning', load: () => import('./WarningPage.tsx') },
  { path: '/o/$org/settings/mail-check', load: () => import('./CheckPage.tsx'), roles: ['lead', 'deputy', 'desk', 'manager', 'operator'] },
];
