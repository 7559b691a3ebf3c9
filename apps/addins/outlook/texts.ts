/** Filled from `_locales` when the pane is packed; see src/pack.ts. */
export const texts: Readonly<Record<'ja' | 'en', Readonly<Record<string, string>>>> = { ja: {}, en: {} };
