import { make } from '../shared/dom.ts';
import { showForm, showNote } from '../shared/form.ts';
import { sendMail } from '../shared/send.ts';
import { begin, load, place, say } from './kept.ts';
import type { Messenger } from './messenger.ts';

declare const messenger: Messenger;
const main = begin('name');

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
  showForm(main, {
    say, mail: { subject: mail.subject, from: mail.author },
    send: async (touched) => sendMail(await messenger.messages.getRaw(mail.id, { data_format: 'File' }), {
      setting, touched, endpoint: `${setting.url}/api/v1/orgs/${setting.org}/samples`, query: { via: 'button' }, lang: messenger.i18n.getUILanguage(),
    }),
    openPage: (url) => void messenger.windows.openDefaultBrowser(url),
  });
}
// A mail that was deleted or moved meanwhile is not found by its number.
show().catch(() => showNote(main, say, say('choose_one')));
