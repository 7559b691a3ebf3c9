import { make } from '../shared/dom.ts';
import { showForm, showNote } from '../shared/form.ts';
import { awaitAnswer, sendMail } from '../shared/send.ts';
import { begin, load, place, say } from './kept.ts';
import type { Messenger } from './messenger.ts';

declare const messenger: Messenger;
const main = begin('name');

/** The address of the account that the mail lies in; undefined for a mail from a file. */
async function reader(accountId: string | undefined): Promise<string | undefined> {
  return accountId === undefined ? undefined : messenger.accounts.get(accountId).then((account) => account?.identities[0]?.email, () => undefined);
}

async function show(): Promise<void> {
  const setting = await load();
  if (setting === null || !(await messenger.permissions.contains(place(setting)))) {
    const button = make('button', { type: 'submit' }, say('to_setup'));
    button.addEventListener('click', () => void messenger.runtime.openOptionsPage());
    return showNote(main, say, say('not_set_up'), button);
  }
  const id = new URLSearchParams(location.search).get('mail');
  if (id === null) return showNote(main, say, say('choose_one'));
  const mail = await messenger.messages.get(Number(id));
  const lang = messenger.i18n.getUILanguage();
  const samples = `${setting.url}/api/v1/orgs/${setting.org}/samples`;
  showForm(main, {
    say, mail: { subject: mail.subject, from: mail.author },
    send: async (touched) => sendMail(await messenger.messages.getRaw(mail.id, { data_format: 'File' }), {
      setting, touched, endpoint: samples, query: { via: 'button' }, reader: await reader(mail.folder?.accountId), lang,
    }),
    answer: (number) => awaitAnswer(`${samples}/${number}`, { setting, lang }),
    openPage: (url) => void messenger.windows.openDefaultBrowser(url),
  });
}
// A mail that was deleted or moved meanwhile is not found by its number.
show().catch(() => showNote(main, say, say('choose_one')));
