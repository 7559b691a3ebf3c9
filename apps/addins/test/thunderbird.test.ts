import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import vm from 'node:vm';
import { strFromU8, unzipSync } from 'fflate';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { thunderbirdXpi } from '../src/index.ts';
import { formatSetting, type Setting } from '../shared/setting.ts';
import { faultsOf, noBrowser, openBrowser } from './browser.ts';
import { letter, openDesk, type Desk } from './desk.ts';
import { servePages } from './pages.ts';

const pictures = join(import.meta.dirname, '../../../artifacts');
/** What the extension did to Thunderbird. */
interface Done { opened: string[]; options: number; asked: unknown[]; store: Record<string, unknown> }

describe('the button in Thunderbird', () => {
  /** Runs background.js as it stands in the .xpi against the given answers of Thunderbird, and presses a button. */
  async function press(which: 'action' | 'messageDisplayAction', shown: unknown, selected: unknown = { messages: [] }, type = 'mail'): Promise<string[]> {
    const opened: string[] = [];
    const listeners: Record<string, (given: unknown) => void> = {};
    const on = (name: string) => ({ onClicked: { addListener: (f: (given: unknown) => void) => void (listeners[name] = f) } });
    const give = (value: unknown) => async () => {
      if (value instanceof Error) throw value;
      return value;
    };
    const messenger = {
      action: on('action'), messageDisplayAction: on('messageDisplayAction'), messageDisplay: { getDisplayedMessages: give(shown) }, mailTabs: { getSelectedMessages: give(selected) },
      windows: { create: async ({ url, type: kind }: { url: string; type: string }) => void opened.push(`${kind} ${url}`) },
      runtime: { onInstalled: { addListener: (f: (given: unknown) => void) => void (listeners.installed = f) }, openOptionsPage: async () => void opened.push('options') },
    };
    vm.runInNewContext(strFromU8(unzipSync(thunderbirdXpi())['background.js']!).replace(/^export \{\};?$/m, ''), { messenger });
    listeners[which]!({ id: 1, type });
    await new Promise((done) => setTimeout(done, 10));
    listeners.installed!({ reason: 'update' });
    return opened;
  }
  it('opens one window for the one mail that is shown or chosen, whichever button is pressed', async () => {
    assert.deepEqual(await press('action', { messages: [{ id: 7 }] }), ['popup report.html?mail=7']);
    assert.deepEqual(await press('messageDisplayAction', { messages: [{ id: 7 }] }, { messages: [] }, 'messageDisplay'), ['popup report.html?mail=7']);
    assert.deepEqual(await press('action', { messages: [] }, { messages: [{ id: 8 }] }), ['popup report.html?mail=8']);
  });
  it('never guesses which of several mails is meant, and says so where there is none', async () => {
    assert.deepEqual(await press('action', { messages: [{ id: 7 }, { id: 8 }] }), ['popup report.html']);
    assert.deepEqual(await press('action', { messages: [] }), ['popup report.html']);
    assert.deepEqual(await press('action', new Error('no such tab')), ['popup report.html']);
  });
});

describe('the pages of the button', { skip: noBrowser }, () => {
  let desk: Desk;
  let pages: Awaited<ReturnType<typeof servePages>>;
  let browser: Browser;
  const ends: (() => Promise<void>)[] = [];
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    desk = await openDesk({ after: (end) => void ends.push(end) });
    pages = await servePages();
    // An extension with the permission for a host is not held by the rule of one origin.
    browser = await openBrowser('--disable-web-security');
  });
  after(async () => {
    await browser?.close();
    await pages?.close();
    for (const end of ends) await end();
  });

  const setting = (): Setting => ({ url: desk.house.base, org: desk.org, token: desk.token });
  /** A page of the extension with a Thunderbird around it whose mail has these bytes. */
  async function open(name: string, { kept = null as Setting | null, bytes = letter as Uint8Array, size = null as number | null, lang = 'ja' as 'ja' | 'en', grant = true, raw = true } = {}): Promise<{ page: Page; done: () => Promise<Done>; context: BrowserContext; faults: string[] }> {
    const context = await browser.newContext({ viewport: { width: 500, height: 680 }, locale: lang === 'ja' ? 'ja-JP' : 'en-GB' });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => /Content Security Policy/.test(message.text()) && faults.push(message.text()));
    await context.addInitScript(({ kept, base64, lang, messages, grant, raw, size }) => {
      const done: Done = { opened: [], options: 0, asked: [], store: kept ? { setting: kept } : {} };
      let allowed = kept !== null;
      (globalThis as any).done = done;
      (globalThis as any).messenger = {
        i18n: { getUILanguage: () => lang, getMessage: (key: string, inserted: string[] = []) => (messages[key] ?? '').replace(/\$(\d)/g, (_, n: string) => inserted[Number(n) - 1] ?? '') },
        storage: { local: { get: async (key: string) => (key in done.store ? { [key]: done.store[key] } : {}), set: async (values: object) => void Object.assign(done.store, values), remove: async (key: string) => void delete done.store[key] } },
        permissions: {
          request: async (wanted: unknown) => (done.asked.push(wanted), (allowed = grant)), contains: async () => allowed, remove: async () => !(allowed = false),
        },
        runtime: { openOptionsPage: async () => void (done.options += 1) }, windows: { openDefaultBrowser: async (url: string) => void done.opened.push(url) },
        accounts: { get: async () => ({ identities: [{ email: 'hanako@member.example' }] }) },
        messages: {
          get: async (id: number) => {
            if (id !== 7) throw new Error('not found');
            return { id, subject: 'ご請求の件 <b>', author: '店 <info@shop.example.jp>', folder: { accountId: 'account1' } };
          },
          getRaw: async (id: number, { data_format }: { data_format: string }) => {
            if (!raw || data_format !== 'File') throw new Error('no source');
            return new File([size !== null ? new Uint8Array(size) : Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], `${id}.eml`, { type: 'message/rfc822' });
          },
        },
      };
    }, { kept, base64: Buffer.from(bytes).toString('base64'), lang, messages: pages.messages[lang], grant, raw, size });
    await page.goto(`${pages.origin}/${name}`);
    await page.waitForSelector('h1');
    return { page, context, faults, done: () => page.evaluate(() => (globalThis as any).done as Done) };
  }
  const report = async (page: Page, touched = 'nothing') => {
    await page.locator(`input[value=${touched}]`).check();
    await page.locator('button[type=submit]').click();
    await page.waitForSelector('h2, .wrong');
    return (await page.locator('[role=status]').innerText()).trim();
  };
  const looksWell = async (page: Page, name: string) => {
    assert.deepEqual(await faultsOf(page), [], name);
    await page.screenshot({ path: join(pictures, `addin-${name}.png`), fullPage: true });
  };

  for (const lang of ['ja', 'en'] as const) {
    it(`asks, sends the mail byte for byte with the answer, and shows number and page (${lang})`, async () => {
      const { page, context, faults, done } = await open('report.html?mail=7', { kept: setting(), lang });
      assert.equal(await page.locator('.mail b').innerText(), 'ご請求の件 <b>', 'a subject is text');
      await looksWell(page, `thunderbird-ask-${lang}`);
      const before = (await desk.reported()).length;
      await page.locator('button[type=submit]').click();
      assert.equal((await desk.reported()).length, before, 'nothing is sent before one of the five is chosen');
      const said = await report(page, 'typed');
      await looksWell(page, `thunderbird-sent-${lang}`);
      const all = await desk.reported();
      const made = all.at(-1)!;
      assert.deepEqual([all.length, made.channel, made.touched, made.bytes.equals(letter)], [before + 1, 'button', 'typed', true]);
      assert.match(said, lang === 'ja' ? /今すぐ、デスクに電話してください。[^]*別の機器から、今すぐパスワードを変えてください。/ : /Phone the desk now\.[^]*Change the password now/);
      assert.ok(said.includes(made.id));
      await page.locator('ol li').first().waitFor({ timeout: 60_000 });
      assert.match(await page.locator('[role=status]').innerText(), lang === 'ja' ? /今すること[^]*パスワードを変えて/ : /What to do now[^]*Change the password/);
      await looksWell(page, `thunderbird-answer-${lang}`);
      await page.getByRole('button', { name: lang === 'ja' ? '答えの画面を開く' : 'Open the answer page' }).click();
      assert.deepEqual((await done()).opened, [`${desk.house.base}/o/${desk.org}/mails/${made.id}`]);
      assert.deepEqual(faults, []);
      await context.close();
    });
  }

  it('keeps nothing but address, organisation and token, asks for that one host, and forgets when told', async () => {
    const { page, context, done, faults } = await open('options.html');
    await looksWell(page, 'thunderbird-settings');
    await page.getByRole('textbox', { name: /設定の文字列/ }).fill('banya1:broken');
    await page.getByRole('button', { name: '保存する' }).click();
    await page.getByText('読み取れません').waitFor();
    assert.deepEqual([(await done()).store, (await done()).asked], [{}, []]);
    await page.getByRole('textbox', { name: /設定の文字列/ }).fill(formatSetting(setting()));
    await page.getByRole('button', { name: '保存する' }).click();
    await page.getByText('保存しました').waitFor();
    assert.deepEqual([(await done()).store, (await done()).asked], [{ setting: setting() }, [{ origins: ['http://127.0.0.1/*'] }]]);
    assert.equal(await page.getByRole('textbox', { name: /設定の文字列/ }).inputValue(), '', 'the token does not stay on the screen');
    assert.doesNotMatch(await page.content(), new RegExp(desk.token));
    await page.getByRole('button', { name: '設定を消す' }).click();
    await page.getByText('設定を消しました').waitFor();
    assert.deepEqual((await done()).store, {});
    await page.getByText('設定の文字列がないとき').click();
    await page.getByRole('textbox', { name: /画面のアドレス/ }).fill(`${desk.house.base}/o/${desk.org}/settings`);
    await page.getByLabel('合言葉（トークン）').fill(desk.token);
    await page.getByRole('button', { name: '保存する' }).click();
    await page.getByText('保存しました').waitFor();
    assert.deepEqual((await done()).store, { setting: setting() });
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('keeps no setting for a host that the reader did not allow', async () => {
    const { page, context, done } = await open('options.html', { grant: false });
    await page.getByRole('textbox', { name: /設定の文字列/ }).fill(formatSetting(setting()));
    await page.getByRole('button', { name: '保存する' }).click();
    await page.getByText('許されませんでした').waitFor();
    assert.deepEqual((await done()).store, {});
    await context.close();
  });

  it('says what is missing instead of failing: no setting, no mail, a mail that is gone', async () => {
    const unset = await open('report.html?mail=7');
    assert.match(await unset.page.locator('main').innerText(), /一度だけ設定が要ります/);
    await unset.page.getByRole('button', { name: '設定を開く' }).click();
    assert.equal((await unset.done()).options, 1);
    await unset.context.close();
    for (const path of ['report.html', 'report.html?mail=99', 'report.html?mail=x']) {
      const { page, context } = await open(path, { kept: setting() });
      assert.match(await page.locator('main').innerText(), /メールを1通だけ選んで/, path);
      await context.close();
    }
  });

  it('tells plainly why a mail was not taken, and sends it when it can be', async () => {
    const count = (await desk.reported()).length;
    const cases: [Parameters<typeof open>[1], RegExp][] = [
      [{ kept: { ...setting(), token: 'bny_not-a-token-of-anybody' } }, /合言葉が使えません/],
      [{ kept: { ...setting(), org: '019a0c3e-7a10-7c11-9d3e-0123456789ab' } }, /設定が、番屋と合いません|合言葉が使えません/],
      [{ kept: { ...setting(), url: 'http://127.0.0.1:9' } }, /つながりません/],
      [{ kept: setting(), size: 0 }, /中身がありません/],
      [{ kept: setting(), raw: false }, /中身を取り出せません/],
      [{ kept: setting(), size: 30 * 1024 * 1024 + 1 }, /大きすぎて送れません/],
    ];
    for (const [options, words] of cases) {
      const { page, context } = await open('report.html?mail=7', options);
      const said = await report(page);
      assert.match(said, words);
      assert.match(said, /デスクに電話してください/);
      assert.equal(await page.getByRole('button', { name: 'もう一度送る' }).isEnabled(), true);
      await context.close();
    }
    assert.equal((await desk.reported()).length, count, 'none of them reached the desk');
  });

  it('tells a token that may not report, too many reports, and another network’s page from one another', async () => {
    const { secret } = await desk.house.house.identity.tokens.create(desk.org, 'test', { name: 'reader', scopes: ['findings:read'] });
    const narrow = await open('report.html?mail=7', { kept: { ...setting(), token: secret } });
    assert.match(await report(narrow.page), /合言葉が使えません/);
    await narrow.context.close();
    let answer: [number, string] = [200, '<html>Welcome to the hotel</html>'];
    const hotel = createServer((_request, response) => {
      response.writeHead(answer[0], { 'Access-Control-Allow-Origin': '*', ...(answer[0] === 302 ? { Location: '/login' } : {}) }).end(answer[1]);
    });
    await new Promise<void>((listening) => hotel.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(hotel.address() as AddressInfo).port}`;
    for (const [given, words] of [[[200, '<html>'], /今は受け取れません/], [[201, '<html>'], /番屋ではない相手/], [[201, '{"id":"../evil"}'], /番屋ではない相手/], [[302, ''], /つながりません/], [[429, '{}'], /多すぎます/], [[413, ''], /大きすぎて/], [[503, ''], /今は受け取れません/]] as [[number, string], RegExp][]) {
      answer = given;
      const { page, context } = await open('report.html?mail=7', { kept: { ...setting(), url } });
      assert.match(await report(page), words, `${given[0]} ${given[1]}`);
      await context.close();
    }
    hotel.closeAllConnections();
    hotel.close();
  });
});
