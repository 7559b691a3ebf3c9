import type { Lang } from '@banya/contract';

const key = 'banya.lang';
let spoken: Lang = 'ja';

/** The language on screen now, for code outside React (the Accept-Language header). */
export const currentLang = (): Lang => spoken;
/** Told by the provider of texts. */
export const speak = (lang: Lang): void => {
  spoken = lang;
};

/** The language to begin with: what was chosen on this device, else what the browser asks for, else Japanese. */
export function firstLang(): Lang {
  const kept = localStorage.getItem(key);
  if (kept === 'ja' || kept === 'en') return kept;
  const wanted = navigator.languages.find((l) => /^(ja|en)\b/i.test(l));
  return wanted?.toLowerCase().startsWith('en') ? 'en' : 'ja';
}
/** Whether a language was chosen on this device before. */
export const hasKeptLang = (): boolean => localStorage.getItem(key) !== null;
/** Keeps the choice on this device. */
export const keepLang = (lang: Lang): void => localStorage.setItem(key, lang);
