import type { Screen } from '../../shell/screen.ts';

export const screens: readonly Screen[] = [
  { path: '/o/$org/ask', load: () => import('./AskPage.tsx') },
  { path: '/o/$org/ask/question', load: () => import('./QuestionPage.tsx') },
  { path: '/o/$org/articles', load: () => import('./ArticlesPage.tsx') },
  { path: '/o/$org/articles/$article', load: () => import('./ArticlePage.tsx') },
];
