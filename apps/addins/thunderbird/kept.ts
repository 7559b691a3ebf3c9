import type { Say } from '../shared/dom.ts';
import { keptSetting, type Setting } from '../shared/setting.ts';
import type { Messenger } from './messenger.ts';

declare const messenger: Messenger;
const KEY = 'setting';

export const say: Say = (name, ...inserted) => messenger.i18n.getMessage(name, inserted);
export const load = async (): Promise<Setting | null> => keptSetting((await messenger.storage.local.get(KEY))[KEY]);
export const keep = ({ url, org, token }: Setting): Promise<void> => messenger.storage.local.set({ [KEY]: { url, org, token } });
export const forget = (): Promise<void> => messenger.storage.local.remove(KEY);

/** The one place the button may speak to. A pattern for a host has no port and covers all of them. */
export const place = ({ url }: Setting): { readonly origins: readonly string[] } => {
  const { protocol, hostname } = new URL(url);
  return { origins: [`${protocol}//${hostname}/*`] };
};

/** What each page of the extension begins with. */
export function begin(title: string): HTMLElement {
  document.documentElement.lang = messenger.i18n.getUILanguage();
  document.title = say(title);
  return document.getElementById('main')!;
}
