import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Lang } from '@banya/contract';
import { formats, type Formats } from './format.ts';
import { ja } from './ja.ts';
import { keepLang, speak } from './lang.ts';

/** Every text of the application; Japanese is the source of truth. */
export type Texts = typeof ja;
export type { Formats } from './format.ts';
export { hoursLine, hoursOf } from './hours.ts';
export { currentLang, firstLang, hasKeptLang } from './lang.ts';

/** Loads the texts of a language; English is a chunk of its own. */
export async function loadTexts(lang: Lang): Promise<Texts> {
  return lang === 'ja' ? ja : (await import('./en.ts')).en;
}

interface Speech {
  readonly lang: Lang;
  readonly texts: Texts;
  readonly format: Formats;
  readonly setLang: (lang: Lang) => Promise<void>;
}
const SpeechContext = createContext<Speech | null>(null);

/**
 * Gives texts and formats to everything below it.
 * @param first texts already loaded, so that nothing is drawn twice
 */
export function SpeechProvider({ lang, first, zone, children }: { lang: Lang; first: Texts; zone?: string; children: ReactNode }) {
  const [now, setNow] = useState({ lang, texts: first });
  speak(now.lang);
  useEffect(() => {
    document.documentElement.lang = now.lang;
  }, [now.lang]);
  const setLang = useCallback(async (next: Lang) => {
    const texts = await loadTexts(next);
    keepLang(next);
    speak(next);
    setNow({ lang: next, texts });
  }, []);
  const speech = useMemo(
    () => ({ ...now, format: formats(now.lang, zone ?? 'Asia/Tokyo'), setLang }),
    [now, zone, setLang],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

function useSpeech(): Speech {
  const speech = use(SpeechContext);
  if (!speech) throw new Error('SpeechProvider is missing above this component');
  return speech;
}

/** Texts in the reader's language: `useTexts().shell.ask`. */
export const useTexts = (): Texts => useSpeech().texts;
/** Dates, numbers, money in the reader's language and the organisation's time zone. */
export const useFormat = (): Formats => useSpeech().format;
/** The language on screen and the switch for it. */
export function useLang(): { lang: Lang; setLang: (lang: Lang) => Promise<void> } {
  const { lang, setLang } = useSpeech();
  return { lang, setLang };
}
/** Gives another time zone to what stands below (an organisation's own). */
export function ZoneProvider({ zone, children }: { zone: string; children: ReactNode }) {
  const speech = useSpeech();
  const below = useMemo(() => ({ ...speech, format: formats(speech.lang, zone) }), [speech, zone]);
  return <SpeechContext value={below}>{children}</SpeechContext>;
}
