import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openMailServer, type TestMailServer } from '../apps/server/src/modules/notify/smtp.test-helper.ts';
import type { TestPerson } from '../apps/server/test/house.ts';
import { axe, noBrowser, openBrowser, overflow } from '../apps/web/test/browser.ts';
import { startFederation, type Federation } from './federation.ts';

// The clerk's way: connect a device, see the first finding explained, close it.
const shots = new URL('../artifacts/e2e/', import.meta.url).pathname;
/** Where the device stands, as Banya sees it. */
const DEVICE = '127.0.0.77';
let sink: TestMailServer;
let world: Federation;

before(async () => {
  if (noBrowser) return;
  mkdirSync(shots, { recursive: true });
  sink = await openMailServer();
  world = await startFederation(sink.port, 0);
}, { timeout: 180_000 });
after(async () => {
  if (world) assert.equal(await world.banya.stop(), 0, 'SIGTERM ends it cleanly');
  await sink?.close();
});

async function as(t: TestContext, person: TestPerson): Promise<{ page: Page; faults: string[]; look(name: string): Promise<void> }> {
  const { context, page, faults, close } = await openBrowser({ width: 1280, lang: 'ja' });
  t.after(close);
  const [name, value] = person.cookie.split('=', 2) as [string, string];
  await context.addCookies([{ name, value, url: world.banya.url }]);
  return {
    page, faults,
    async look(shot) {
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
        await page.evaluate(() => scrollTo(0, 0));
        await page.waitForTimeout(400);
        await page.screenshot({ path: `${shots}clerk-${shot}-${width}.png`, fullPage: true });
        assert.deepEqual(await axe(page), [], `${shot} at ${width}`);
        assert.equal(await overflow(page), 0, `${shot} at ${width}`);
      }
    },
  };
}

/** Sends lines as the device does, by TCP from its own address. */
async function send(lines: readonly string[]): Promise<void> {
  const socket = connect({ port: world.banya.ports.syslog, host: '127.0.0.1', localAddress: DEVICE });
  await once(socket, 'connect');
  socket.end(lines.map((line) => `${line}\n`).join(''));
  await once(socket.resume(), 'close');
}

const at = (): string => new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
const signIn = (type: string, ip: string): string =>
  JSON.stringify({ EventTime: at(), Hostname: 'SV01', EventID: 4624, SourceName: 'Microsoft-Windows-Security-Auditing', Channel: 'Security', TargetUserName: 'hamano', LogonType: type, IpAddress: ip });

test('a clerk connects a server, reads the first finding and closes it', { skip: noBrowser ?? false, timeout: 240_000 }, async (t) => {
  const [{ orgId, lead }] = world.members as [Federation['members'][number]];
  const clerk = await as(t, lead);
  const { page } = clerk;
  await page.goto(`${world.banya.url}/o/${orgId}/devices/senders/new`);
  await page.getByLabel('Windows のパソコンとサーバ').check();
  await page.getByLabel('機器の呼び名').fill('本社のサーバ');
  await page.getByLabel('送り主のIPアドレス').fill(DEVICE);
  await clerk.look('connect');
  await page.getByRole('button', { name: '次へ（この機器を登録する）' }).click();
  await page.getByText('NXLog Community Edition').first().waitFor();
  const { syslog } = world.banya.ports;
  assert.match((await page.locator('main').innerText()), new RegExp(`Port ${syslog}\\b`), 'the settings hold this Banya’s own port');
  await clerk.look('paste');
  await page.getByRole('button', { name: '貼り付けたので、届くのを待つ' }).click();

  // The desk has made sure by phone that the address is this member's.
  const desk = await as(t, world.desk);
  await desk.page.goto(`${world.banya.url}/o/${world.federationId}/members/unknown`);
  await desk.page.getByRole('button', { name: '「本社のサーバ」を確かめた' }).click();
  await desk.page.getByText('北浜商店の「本社のサーバ」の受け取りを始めました').waitFor();

  await send([signIn('2', '192.168.1.5')]);
  await page.getByRole('heading', { level: 1, name: '「本社のサーバ」がつながりました' }).waitFor({ timeout: 60_000 });
  await clerk.look('arrived');
  await page.goto(`${world.banya.url}/o/${orgId}/home`);
  await page.locator('h1').waitFor();
  assert.equal(await page.getByRole('link', { name: '手順を見る' }).count(), 0, 'an everyday sign-in is nothing to do');

  await send([signIn('10', '203.0.113.5')]);
  // The home is live: nobody reloads it.
  await page.getByRole('link', { name: '手順を見る' }).first().click({ timeout: 60_000 });
  await page.getByRole('heading', { name: '何が起きたか' }).waitFor();
  const told = await page.locator('main').innerText();
  for (const part of ['203.0.113.5', '今すること', '電話すべき時', 'してはいけないこと', '元のログ']) assert.ok(told.includes(part), `${part} stands on the page`);
  await clerk.look('finding');
  await page.getByLabel('知っている動きだった').check();
  await page.getByRole('button', { name: '閉じる', exact: true }).click();
  await page.getByText('気づきを閉じました').first().waitFor();
  await page.goto(`${world.banya.url}/o/${orgId}/home`);
  await page.locator('h1').waitFor();
  await page.waitForTimeout(500);
  assert.equal(await page.getByRole('link', { name: '手順を見る' }).count(), 0, 'what is closed is no longer to do');
  await clerk.look('done');
  assert.deepEqual([...clerk.faults, ...desk.faults], []);
});
