import type { Screen } from '../../shell/screen.ts';

export const screens: readonly Screen[] = [
  { path: '/o/$org/ask/mail', load: () => import('./MailPage.tsx') },
  { path: '/o/$org/mails', load: () => import('./MailsPage.tsx') },
  { path: '/o/$org/mails/$sample', load: () => import('./AnswerPage.tsx') },
];
