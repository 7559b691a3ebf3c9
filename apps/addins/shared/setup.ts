import { make, type Say } from './dom.ts';
import { readSetting, settingOfPage, type Setting } from './setting.ts';

export interface Setup {
  readonly say: Say;
  readonly kept: Setting | null;
  /** Whether it may be kept; the text that says why not, or null. Called while the reader's press still counts. */
  readonly keep: (setting: Setting) => Promise<string | null>;
  readonly forget: () => Promise<void>;
  /** Says what happened after it was kept. */
  readonly done: () => void;
}

/** Takes the setting: one pasted line, or the address of a page and a token. */
export function showSetup(root: HTMLElement, setup: Setup): void {
  const { say, kept } = setup;
  const state = make('div', { role: 'status' });
  const line = make('textarea', { id: 'line', rows: '4', autocomplete: 'off', spellcheck: 'false' });
  const address = make('input', { id: 'address', type: 'url', autocomplete: 'off', placeholder: 'https://banya.example.jp/o/…' });
  const token = make('input', { id: 'token', type: 'password', autocomplete: 'off' });
  const form = make('form', { novalidate: '' },
    make('p', {}, make('label', { for: 'line' }, say('setup_line')), line),
    make('details', {}, make('summary', {}, say('setup_apart')), make('p', {}, make('label', { for: 'address' }, say('setup_address')), address), make('p', {}, make('label', { for: 'token' }, say('setup_token')), token)),
    make('button', { type: 'submit' }, say('setup_keep')));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const setting = line.value.trim() !== '' ? readSetting(line.value) : settingOfPage(address.value, token.value);
    if (setting === null) return void state.replaceChildren(make('p', { class: 'wrong' }, say('setup_wrong')));
    void setup.keep(setting).catch(() => say('setup_not_kept')).then((refusal) => {
      if (refusal !== null) return void state.replaceChildren(make('p', { class: 'wrong' }, refusal));
      for (const field of [line, address, token]) field.value = '';
      setup.done();
    });
  });
  const now = make('p', {}, kept ? say('setup_now', kept.url) : say('setup_none'));
  const drop = make('button', { type: 'button' }, say('setup_forget'));
  drop.addEventListener('click', () => void setup.forget());
  root.replaceChildren(make('h1', {}, say('setup_title')), make('p', {}, say('setup_why')), now, form, state, ...(kept ? [make('p', {}, drop)] : []));
}
