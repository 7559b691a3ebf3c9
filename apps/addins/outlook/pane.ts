import { make, type Say } from '../shared/dom.ts';
import { showForm, showNote } from '../shared/form.ts';
import { awaitAnswer, sendMail } from '../shared/send.ts';
import { keptSetting, type Setting } from '../shared/setting.ts';
import { showSetup } from '../shared/setup.ts';
import type { Office } from './office.ts';
import { texts } from './texts.ts';

declare global {
  interface Window { readonly Office?: Office }
}
const main = document.getElementById('main')!;
let lang: 'ja' | 'en' = navigator.language.startsWith('ja') ? 'ja' : 'en';
const say: Say = (name, ...inserted) => (texts[lang][name] ?? name).replace(/\$(\d)/g, (_, n: string) => inserted[Number(n) - 1] ?? '');

const key = (office: Office): string => `${office.context.partitionKey ?? ''}banya-report-button`;
function load(office: Office): Setting | null {
  try {
    return keptSetting(JSON.parse(localStorage.getItem(key(office)) ?? 'null'));
  } catch {
    return null;
  }
}

/** The mail's bytes as Outlook gives them. Its base64 is decoded in pieces: a call with a million arguments fails. */
function source(item: NonNullable<NonNullable<Office['context']['mailbox']>['item']>): Promise<Blob> {
  return new Promise((resolve, reject) => {
    item.getAsFileAsync(({ status, value }) => {
      if (status !== 'succeeded') return reject(new Error(status));
      try {
        const packed = atob(value);
        const bytes = new Uint8Array(packed.length);
        for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
        resolve(new Blob([bytes]));
      } catch (error) {
        reject(error);
      }
    });
  });
}

function setUp(office: Office, kept: Setting | null, note?: string): void {
  showSetup(main, {
    say, kept,
    keep: async (setting) => {
      if (setting.url !== location.origin) return say('setup_elsewhere');
      localStorage.setItem(key(office), JSON.stringify(setting));
      return null;
    },
    forget: async () => {
      localStorage.removeItem(key(office));
      setUp(office, null, say('setup_forgotten'));
    },
    done: () => ask(office),
  });
  if (note !== undefined) main.append(make('p', { role: 'status', class: 'mail' }, note));
}

function ask(office: Office): void {
  const setting = load(office);
  if (setting === null) return setUp(office, null);
  const item = office.context.mailbox?.item;
  const change = make('button', { type: 'button' }, say('to_setup'));
  change.addEventListener('click', () => setUp(office, setting));
  if (!item) return showNote(main, say, say('choose_one'), change);
  showForm(main, {
    say, mail: { subject: item.subject ?? '', from: item.from ? `${item.from.displayName} <${item.from.emailAddress}>` : '' },
    send: async (touched) => sendMail(await source(item), { setting, touched, endpoint: `${location.origin}/addins/outlook/report`, query: { org: setting.org }, reader: office.context.mailbox?.userProfile?.emailAddress, lang }),
    answer: (number) => awaitAnswer(`${location.origin}/addins/outlook/answer`, { setting, lang, query: { org: setting.org, sample: number } }),
    openPage: (url) => void window.open(url, '_blank', 'noopener'),
  });
  main.append(make('p', {}, change));
}

async function start(): Promise<void> {
  const office = window.Office;
  document.documentElement.lang = lang;
  if (!office) return showNote(main, say, say('no_office'));
  await office.onReady();
  lang = (office.context.displayLanguage ?? navigator.language).startsWith('ja') ? 'ja' : 'en';
  document.documentElement.lang = lang;
  document.title = say('name');
  if (!office.context.requirements.isSetSupported('Mailbox', '1.14')) return showNote(main, say, say('old_outlook'));
  ask(office);
}
void start();
