import type { Screen } from '../../shell/screen.ts';

/** Every building block in every state; only in development and in builds made for its test. */
export const screens: readonly Screen[] = __BANYA_GALLERY__ ? [
  { path: '/gallery', load: () => import('./GalleryPage.tsx'), frame: 'none' },
  { path: '/gallery/frame', load: () => import('./FramePage.tsx'), frame: 'none' },
] : [];
