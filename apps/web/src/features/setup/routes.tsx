import type { Screen } from '../../shell/screen.ts';

export const screens: readonly Screen[] = [{ path: '/setup', load: () => import('./SetupPage.tsx'), frame: 'bare' }];
