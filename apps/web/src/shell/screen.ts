import type { FunctionComponent } from 'react';
import type { Role } from '@banya/contract';

export type FrameKind = 'org' | 'me' | 'bare' | 'none';

/**
 * One page of a feature. `features/<name>/routes.tsx` exports `screens`, a list of these, and nothing else is needed:
 *
 *     export const screens: readonly Screen[] = [
 *       { path: '/o/$org/findings', load: () => import('./FindingsPage.tsx') },
 *       { path: '/o/$org/findings/$finding', load: () => import('./FindingPage.tsx') },
 *     ];
 */
export interface Screen {
  /** Address; `$name` is a parameter. Below `/o/$org` the page stands in the organisation's frame. */
  readonly path: string;
  /** The page as a chunk of its own, fetched when somebody goes there (or rests the pointer on a link to it). */
  readonly load: () => Promise<{ default: FunctionComponent }>;
  /** org: signed in, with the organisation's frame (paths below /o/$org). me: signed in. bare: anybody, no navigation. none: draws its own. */
  readonly frame?: FrameKind;
  /** Roles that may see it; without it every role. The server decides in any case, this only says it sooner. */
  readonly roles?: readonly Role[];
}

const features = import.meta.glob<{ screens: readonly Screen[] }>('../features/*/routes.tsx', { eager: true });

/** Every page of every feature. */
export const screens: readonly Screen[] = Object.values(features).flatMap((feature) => feature.screens);

/** Whether some feature has a page at this address pattern. */
export const hasScreen = (path: string): boolean => screens.some((s) => s.path === path);

/** The frame of a screen: by default that of its place in the address. */
export const frameOf = (screen: Screen): FrameKind => screen.frame ?? (screen.path.startsWith('/o/$org') ? 'org' : 'me');
