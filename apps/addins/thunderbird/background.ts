import type { Messenger } from './messenger.ts';

declare const messenger: Messenger;
type Tab = Parameters<Parameters<Messenger['action']['onClicked']['addListener']>[0]>[0];

/** The mails that the press of a button is about. */
async function chosen(tab: Tab): Promise<readonly { readonly id: number }[]> {
  const shown = (await messenger.messageDisplay.getDisplayedMessages(tab.id)).messages;
  // With the message pane closed nothing is displayed, but one line of the list is chosen.
  return shown.length > 0 || tab.type !== 'mail' ? shown : (await messenger.mailTabs.getSelectedMessages(tab.id)).messages;
}

/** In a window of its own: a popup of the button would end with the first click beside it, in the middle of sending. */
async function open(tab: Tab): Promise<void> {
  const mails = await chosen(tab).catch(() => []);
  await messenger.windows.create({ type: 'popup', url: mails.length === 1 ? `report.html?mail=${mails[0]!.id}` : 'report.html', width: 500, height: 680 });
}

messenger.action.onClicked.addListener((tab) => void open(tab));
messenger.messageDisplayAction.onClicked.addListener((tab) => void open(tab));
messenger.runtime.onInstalled.addListener(({ reason }) => {
  if (reason === 'install') void messenger.runtime.openOptionsPage();
});
