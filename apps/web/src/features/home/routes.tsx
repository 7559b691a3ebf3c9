import type { Screen } from '../../shell/screen.ts';

export const screens: readonly Screen[] = [{ path: '/o/$org/home', load: () => import('./HomePage.tsx') }];
