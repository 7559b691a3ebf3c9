import type { Screen } from '../../shell/screen.ts';

export const screens: readonly Screen[] = [{ path: '/o/$org/executive', load: () => import('./ExecutivePage.tsx') }];
