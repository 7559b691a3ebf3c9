import { createContext, use, type ReactNode } from 'react';

type Level = 2 | 3 | 4 | 5;
const LevelContext = createContext<Level>(2);

/** Headings below this stand one level deeper. */
export function Deeper({ children }: { children: ReactNode }) {
  const level = use(LevelContext);
  return <LevelContext value={level < 5 ? ((level + 1) as Level) : 5}>{children}</LevelContext>;
}

/** A heading of the right level for its place (h2 in a page, h3 in a section of it), so that no level is skipped. */
export function Heading({ small = false, children }: { small?: boolean; children: ReactNode }) {
  const Tag = `h${use(LevelContext)}` as const;
  return <Tag className={small ? 'headingSmall' : 'heading'}>{children}</Tag>;
}
