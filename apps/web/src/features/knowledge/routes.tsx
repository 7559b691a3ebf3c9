import type { Screen } from '../../shell/screen.ts';

const roles = ['desk', 'manager', 'operator'] as const;

export const screens: readonly Screen[] = [
  { path: '/o/$org/knowledge', load: () => import('./KnowledgePage.tsx'), roles },
  { path: '/o/$org/knowledge/new', load: () => import('./NewArticlePage.tsx'), roles },
  { path: '/o/$org/knowledge/$article', load: () => import('./EditArticlePage.tsx'), roles },
];
