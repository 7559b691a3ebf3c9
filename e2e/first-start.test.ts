import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { axe, noBrowser, openBrowser } from '../apps/web/test/browser.ts';
import { startFresh } from './demo.ts';

const shots = new URL('../artifacts/e2e/', import.meta.url).pathname;

test('the first manager answers three questions, makes a passkey, signs out and comes in again with it', { skip: noBrowser ?? false, timeout: 180_000 }, async (t) => {
  mkdirSync(shots, { recursive: true });
  const banya = await startFresh();
  t.after(() => banya.stop());
  const { context, page, faults, close } = await openBrowser({ width: 1280 });
  t.after(close);
  // A platform authenticator of the browser's own: it makes real keys and signs real challenges (WebAuthn Level 3, section 11).
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  const look = async (name: string): Promise<void> => {
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${shots}first-start-${name}.png`, fullPage: true });
    assert.deepEqual(await axe(page), [], name);
  };

  await page.goto(banya.setupLink);
  await page.getByLabel('組織の名前').fill('架空信用金庫連合会');
  await look('federation');
  await press('次へ');
  await page.getByLabel('氏名').fill('統括 花子');
  await page.getByLabel('メールアドレス').fill('hanako@federation.example');
  await look('manager');
  await press('次へ');
  await page.getByText('あとで設定する', { exact: true }).click();
  await look('mail');
  await press('設定を終えて入る');

  await page.waitForURL(/second-key/);
  await look('second-key');
  await press('この端末で作る（パスキー）');
  await page.getByRole('heading', { name: '予備のコードを保管してください' }).waitFor();
  await press('保管したので進む');
  await page.waitForURL(/\/o\/[0-9a-f-]+\//);
  await look('home');
  const home = page.url();

  // Whoever opens the link a second time finds the house taken.
  const stranger = await openBrowser({ width: 1280 });
  t.after(stranger.close);
  await stranger.page.goto(banya.setupLink);
  await stranger.page.getByText('設定は済んでいます').waitFor();
  assert.equal((await stranger.context.request.get(`${banya.url}/api/v1/me`)).status(), 401);

  await context.clearCookies();
  await page.goto(`${banya.url}/sign-in`);
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await press('パスキーで入る');
  await page.waitForTimeout(1_000);
  assert.match(page.url(), /sign-in/, 'a device that has not recognised its user does not open the door');
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.reload();
  await press('パスキーで入る');
  await page.waitForURL(/\/o\/[0-9a-f-]+\//);
  assert.equal(new URL(page.url()).pathname.split('/')[2], new URL(home).pathname.split('/')[2]);
  const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0]!.rpId, 'localhost');
  // A browser notes an answer of 401 as an error of the page; nothing else may have gone wrong.
  assert.deepEqual(faults.filter((f) => !/status of 401/.test(f)), []);
  await devtools.detach();
});
