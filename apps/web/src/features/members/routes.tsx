import type { Screen } from '../../shell/screen.ts';

const roles = ['desk', 'manager', 'operator'] as const;

export const screens: readonly Screen[] = [
  { path: '/o/$org/members', load: () => import('./MembersPage.tsx'), roles },
  { path: '/o/$org/members/new', load: () => import('./NewMemberPage.tsx'), roles: ['manager', 'operator'] },
  { path: '/o/$org/members/unknown', load: () => import('./UnknownSendersPage.tsx'), roles },
  { path: '/o/$org/members/$member', load: () => import('./MemberPage.tsx'), roles: [...roles, 'executive', 'auditor'] },
];
