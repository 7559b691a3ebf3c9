import type { Screen } from '../../shell/screen.ts';

export const screens: readonly Screen[] = [
  { path: '/o/$org/tickets', load: () => import('./TicketsPage.tsx') },
  { path: '/o/$org/tickets/$ticket', load: () => import('./TicketPage.tsx') },
];
