/** Languages of the texts this package makes; Japanese is the default everywhere. */
export type Lang = 'ja' | 'en';

/** What a check of typed input returns: the normalised value, or a code that `explain` turns into plain words. */
export type Checked<T, C extends string> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: C };

export const accept = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const refuse = <C extends string>(code: C): { readonly ok: false; readonly code: C } => ({ ok: false, code });
