/**
 * The part of Thunderbird's WebExtension API (Manifest V3, Thunderbird 128 and later) that the button uses.
 * Source: https://webextension-api.thunderbird.net/en/mv3/
 */
interface Listeners<F> {
  addListener(listener: F): void;
}
interface Header {
  readonly id: number;
  readonly subject: string;
  readonly author: string;
  /** Undefined for a mail that was opened from a file. */
  readonly folder?: { readonly accountId: string };
}
interface Tab {
  readonly id: number;
  readonly type?: string;
}
interface MessageList {
  readonly messages: readonly Header[];
}
export interface Messenger {
  readonly i18n: { getMessage(name: string, inserted?: readonly string[]): string; getUILanguage(): string };
  readonly runtime: { openOptionsPage(): Promise<void>; readonly onInstalled: Listeners<(details: { readonly reason: string }) => void> };
  readonly storage: { readonly local: { get(key: string): Promise<Record<string, unknown>>; set(values: Record<string, unknown>): Promise<void>; remove(key: string): Promise<void> } };
  readonly permissions: { request(wanted: { readonly origins: readonly string[] }): Promise<boolean>; contains(wanted: { readonly origins: readonly string[] }): Promise<boolean>; remove(given: { readonly origins: readonly string[] }): Promise<boolean> };
  readonly action: { readonly onClicked: Listeners<(tab: Tab) => void> };
  readonly messageDisplayAction: { readonly onClicked: Listeners<(tab: Tab) => void> };
  readonly messageDisplay: { getDisplayedMessages(tabId: number): Promise<MessageList> };
  readonly mailTabs: { getSelectedMessages(tabId: number): Promise<MessageList> };
  readonly accounts: { get(id: string): Promise<{ readonly identities: readonly { readonly email: string }[] } | null> };
  readonly messages: { get(id: number): Promise<Header>; getRaw(id: number, options: { readonly data_format: 'File' }): Promise<File> };
  readonly windows: { create(properties: { readonly type: 'popup'; readonly url: string; readonly width: number; readonly height: number }): Promise<unknown>; openDefaultBrowser(url: string): Promise<void> };
}
