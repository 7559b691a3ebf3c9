import './kit.css';
import './tokens.css';
import './base.css';
import './kit-overrides.css';
import './print.css';
import { MantineProvider, localStorageColorSchemeManager, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { UndoProvider } from './Undo.tsx';

const key = 'banya.scheme';
export type Scheme = 'auto' | 'light' | 'dark';
const manager = localStorageColorSchemeManager({ key });

/** Sets light or dark before the first paint; called once before React starts. */
export function setFirstScheme(): void {
  const kept = localStorage.getItem(key);
  const dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
}

/** Everything the building blocks need around the application: the kit without run-time style tags, and undo. */
export function Kit({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      withCssVariables={false}
      withGlobalClasses={false}
      withStaticClasses
      colorSchemeManager={manager}
      defaultColorScheme="auto"
      theme={{ cursorType: 'pointer', respectReducedMotion: true, focusRing: 'never' }}
    >
      <UndoProvider>{children}</UndoProvider>
    </MantineProvider>
  );
}

/** The brightness chosen by the person, and its switch. */
export function useScheme(): { scheme: Scheme; setScheme: (scheme: Scheme) => void } {
  // keepTransitions: otherwise the kit adds a <style> tag for a moment, which the content policy refuses.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return { scheme: colorScheme, setScheme: setColorScheme };
}
