import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatSetting, thunderbirdXpi } from '../src/index.ts';
import { letter, openDesk } from './desk.ts';
import { noThunderbird, Thunderbird } from './marionette.ts';

const ID = 'report-button@banya.example';

test('in a real Thunderbird a clerk pastes the setting, opens a mail, presses the button, and the desk has its bytes as they came', { skip: noThunderbird, timeout: 180_000 }, async (t) => {
  const desk = await openDesk(t);
  const folder = mkdtempSync(join(tmpdir(), 'banya-xpi-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [xpi, eml] = [join(folder, 'button.xpi'), join(folder, 'letter.eml')];
  writeFileSync(xpi, thunderbirdXpi());
  writeFileSync(eml, letter);
  const thunderbird = await Thunderbird.start('en-US');
  t.after(() => thunderbird.close());

  assert.deepEqual(await thunderbird.command('Addon:Install', { path: xpi, temporary: true }), { value: ID });
  // Installing opens the settings. Nothing is allowed beforehand.
  assert.match(await thunderbird.page('options.html', 'return document.body.innerText;'), /Not set up yet/);
  const allowed = () => thunderbird.chrome<string[]>(`return [...WebExtensionPolicy.getByID('${ID}').allowedOrigins.patterns].map((p) => p.pattern).filter((p) => p.startsWith('http'));`);
  assert.deepEqual(await allowed(), []);
  await thunderbird.page('options.html', `document.getElementById('line').value = args[0]; press(document.querySelector('button[type=submit]'));
    for (let i = 0; i < 100 && !document.body.innerText.includes('Saved'); i++) await new Promise((go) => window.setTimeout(go, 50));
    if (!document.body.innerText.includes('Saved')) throw new Error(document.body.innerText);`, formatSetting({ url: desk.house.base, org: desk.org, token: desk.token }));
  assert.deepEqual(await allowed(), ['http://127.0.0.1/*']);

  // The mail in a tab of its own, as after a double click on the file; the button is in its heading.
  await thunderbird.chrome(`
    const { MailUtils } = ChromeUtils.importESModule('resource:///modules/MailUtils.sys.mjs');
    const { FileUtils } = ChromeUtils.importESModule('resource://gre/modules/FileUtils.sys.mjs');
    const window = Services.wm.getMostRecentWindow('mail:3pane');
    const file = new FileUtils.File(args[0]);
    MailUtils.openEMLFile(window, file, Services.io.newFileURI(file).mutate().setQuery('type=application/x-message-display').finalize());
    const tabmail = window.document.getElementById('tabmail');
    const button = () => tabmail.currentTabInfo.mode.name === 'mailMessageTab' ? tabmail.currentAboutMessage?.document.getElementById(args[1]) : null;
    for (let i = 0; !(button() && !button().disabled && tabmail.currentAboutMessage.gMessage) && i < 100; i++) await new Promise((go) => window.setTimeout(go, 100));
    button().click();`, eml, `${ID.replace(/[@.]/g, '_')}-messageDisplayAction-toolbarbutton`);
  const asked = await thunderbird.page<string>('report.html?mail=', `for (let i = 0; i < 100 && !document.querySelector('form'); i++) await new Promise((go) => window.setTimeout(go, 50)); return document.body.innerText;`);
  assert.match(asked, /ご請求の件/);
  assert.match(asked, /What have you done with this mail\?/);
  const said = await thunderbird.page<string>('report.html?mail=', `
    document.querySelector('input[value=link]').click(); press(document.querySelector('button[type=submit]'));
    for (let i = 0; i < 200 && !document.querySelector('h2, .wrong'); i++) await new Promise((go) => window.setTimeout(go, 50));
    return document.body.innerText;`);
  const [sample, ...others] = await desk.reported();
  assert.deepEqual([sample?.channel, sample?.touched, others.length], ['button', 'link', 0], said);
  assert.match(said, /Phone the desk now\./);
  assert.ok(said.includes(sample!.id), 'the number that is shown is the one the desk has');
  assert.equal(sample!.bytes.equals(letter), true);
});
