import type { Screen } from '../../shell/screen.ts';

export const screens: readonly Screen[] = [
  { path: '/sign-in', load: () => import('./SignInPage.tsx'), frame: 'bare' },
  { path: '/sign-in/link', load: () => import('./LinkPage.tsx'), frame: 'bare' },
  { path: '/sign-in/code', load: () => import('./CodePage.tsx'), frame: 'bare' },
  { path: '/sign-in/second-key', load: () => import('./SecondKeyPage.tsx'), frame: 'bare' },
  { path: '/me', load: () => import('./MePage.tsx') },
];
