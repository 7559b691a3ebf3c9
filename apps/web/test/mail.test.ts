import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Role } from '@banya/contract';
import type { Page } from 'playwright-core';
import { ensureBuilt } from '../build.ts';
import { axe, contentShare, noBrowser, openBrowser, overflow, serve } from './browser.ts';
import { answerOf, house, ids, org, play, refusal } from './mail.fixtures.ts';

const pictures = join(fileURLToPath(new URL('../../..', import.meta.url)), 'artifacts');
/** Every page, and who opens it here. */
const pages: Readonly<Record<string, readonly [path: string, role: Role]>> = {
  ask: ['ask/mail', 'staff'], mails: ['mails', 'lead'],
  dangerous: [`mails/${ids.dangerous}`, 'staff'], suspicious: [`mails/${ids.suspicious}`, 'lead'], insufficient: [`mails/${ids.insufficient}`, 'staff'], clear: [`mails/${ids.clear}`, 'staff'],
  waiting: [`mails/${ids.waiting}`, 'staff'], failed: [`mails/${ids.failed}`, 'staff'], drill: [`mails/${ids.drill}`, 'staff'], decided: [`mails/${ids.decided}`, 'staff'],
};

describe('suspicious mails', { skip: noBrowser ?? false }, () => {
  let site: Awaited<ReturnType<typeof serve>>;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  const contract: string[] = [];
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    site = await serve(await ensureBuilt({ log: () => {}, gallery: true }));
    browser = await openBrowser({ width: 1280 });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  const open = async (path: string, role: Role = 'staff', prepare?: (server: ReturnType<typeof house>) => void) => {
    const server = house(role);
    prepare?.(server);
    await play(browser.context, server, contract);
    const { page } = browser;
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${site.origin}/o/${org}/${path}`);
    await page.waitForSelector('h1');
    return { page, server, asked: server.asked, sent: (route: string) => server.asked.filter((one) => one.route === route) };
  };
  const settled = async (page: Page) => {
    await page.locator('[role=status][class*=lines]').first().waitFor({ state: 'detached', timeout: 5_000 }).catch(() => {});
    await page.evaluate(() => document.fonts.ready);
  };
  const toast = (page: Page) => page.locator('[aria-live=polite]');
  const main = (page: Page) => page.getByRole('main');

  for (const lang of ['ja', 'en'] as const) {
    for (const [name, [path, role]] of Object.entries(pages)) {
      it(`${name} is accessible and fits screen, phone and small phone (${lang})`, async () => {
        await browser.context.addInitScript((value) => localStorage.setItem('banya.lang', value), lang);
        const { page } = await open(path, role);
        await page.waitForSelector(`html[lang=${lang}]`);
        await settled(page);
        for (const width of lang === 'ja' ? [1280, 390, 360] : [1280, 360]) {
          await page.setViewportSize({ width, height: 900 });
          await page.screenshot({ path: join(pictures, `mail-${name}-${lang}-${width}.png`), fullPage: true });
          assert.equal(await overflow(page), 0, `${name} is wider than ${width} px`);
          if (width < 400) assert.ok((await contentShare(page)) > 0.95, `${name} leaves the phone’s width unused`);
          assert.deepEqual(await axe(page), [], `${name} at ${width} px`);
        }
        await browser.context.addInitScript(() => localStorage.setItem('banya.lang', 'ja'));
      });
    }
  }

  describe('asking', () => {
    const eml = { name: '怪しい.EML', mimeType: '', buffer: Buffer.from('From: a@example.test\r\nSubject: x\r\n\r\nhello') };
    it('says what was done first, then sends the mail as it is and leads to the answer', async () => {
      const { page, sent } = await open('ask/mail');
      await page.getByRole('radio', { name: 'リンクを押した' }).check();
      await main(page).getByRole('status').getByText('先にデスクに電話してください').waitFor();
      await main(page).getByRole('link', { name: '043-123-4567' }).waitFor();
      await page.locator('input[type=file]').setInputFiles(eml);
      await page.getByRole('button', { name: '確かめる' }).dblclick();
      await page.waitForURL(`**/mails/${ids.waiting}`);
      assert.deepEqual(sent('samples.report').map((one) => [one.type, one.query]), [['message/rfc822', { touched: 'link' }]]);
    });
    it('asks for what is missing and puts the reader there', async () => {
      const { page, sent } = await open('ask/mail');
      await page.getByRole('button', { name: '確かめる' }).click();
      await page.getByRole('link', { name: 'このメールに、何をしましたかを選んでください。' }).waitFor();
      await page.getByRole('link', { name: 'メールのファイルを選んでください。' }).click();
      assert.equal(await page.evaluate(() => (document.activeElement as HTMLInputElement).type), 'file');
      assert.equal(sent('samples.report').length, 0);
    });
    it('without the mail itself its text is pasted, and goes as text', async () => {
      const { page, sent } = await open('ask/mail');
      await page.getByRole('radio', { name: '何もしていない' }).check();
      await page.getByRole('radio', { name: /実物がない/ }).check();
      await page.getByLabel('メールの文').fill('差出人：南浜信用金庫\n暗証番号を確認してください');
      await page.getByRole('button', { name: '確かめる' }).click();
      await page.waitForURL(`**/mails/${ids.waiting}`);
      assert.deepEqual(sent('samples.report').map((one) => [one.type.replace(' ', '').toLowerCase(), one.bytes, one.query]), [['text/plain;charset=utf-8', '差出人：南浜信用金庫\n暗証番号を確認してください', { touched: 'nothing' }]]);
    });
    const hand = (page: Page, kind: 'drop' | 'paste', file: string | null, text = '') => page.evaluate(({ kind, file, text }) => {
      const data = new DataTransfer();
      if (file) data.items.add(new File(['From: a@example.test\r\n\r\nx'], file));
      if (text) data.setData('text/plain', text);
      document.body.dispatchEvent(kind === 'drop' ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }) : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, { kind, file, text });
    it('a mail dropped or pasted anywhere on the page is taken; what is no mail is named', async () => {
      const { page } = await open('ask/mail');
      await hand(page, 'drop', 'dropped.msg');
      await page.getByText('dropped.msg').first().waitFor();
      await hand(page, 'paste', 'pasted.eml');
      await page.getByText('pasted.eml').first().waitFor();
      await hand(page, 'drop', 'photo.jpg');
      await page.getByText('「photo.jpg」は使えません').waitFor();
      assert.equal(await page.getByText('pasted.eml').first().isVisible(), true, 'the mail taken before stays');
    });
    it('a mail program that hands over no file is answered with the way round', async () => {
      const { page } = await open('ask/mail');
      await hand(page, 'drop', null, 'row 17');
      await page.getByText('いちど自分のパソコンに保存して').waitFor();
      await hand(page, 'paste', null, '差出人：x\n本文です');
      assert.equal(await page.getByLabel('メールの文').inputValue(), '差出人：x\n本文です');
    });
    it('a refusal keeps what was chosen and says why', async () => {
      const { page } = await open('ask/mail', 'staff', (server) => server.answers.set('samples.report', () => refusal(429, 'too_many_requests', '少し待ってください', 'いちどに多く届きました。')));
      await page.getByRole('radio', { name: '分からない' }).check();
      await page.locator('input[type=file]').setInputFiles(eml);
      await page.getByRole('button', { name: '確かめる' }).click();
      await page.getByRole('heading', { name: '少し待ってください' }).waitFor();
      await page.getByText('怪しい.EML').first().waitFor();
    });
    it('the address to forward to is shown to those who may read it; staff are told whom to ask', async () => {
      const { page } = await open('ask/mail', 'lead');
      await page.getByText('メールソフトから転送して聞く').click();
      await page.getByText('report+k7p2m9x4@banya.example.jp').waitFor();
      const { page: staff, sent } = await open('ask/mail', 'staff');
      await staff.getByText('メールソフトから転送して聞く').click();
      await staff.getByText('担当者かデスクに聞いたアドレス').waitFor();
      assert.equal(sent('mailCheck.get').length, 0);
    });
  });

  describe('the answer', () => {
    it('says the verdict in the words of the house, what to do, and reasons that quote the mail', async () => {
      const { page } = await open(`mails/${ids.dangerous}`);
      await page.getByText('危険です。開かずに、返事もしないでください。').waitFor();
      await main(page).getByText('危険', { exact: true }).first().waitFor();
      await page.getByText('リンクを押さない').waitFor();
      await page.getByText('信用金庫のサーバから出たメールではありません').waitFor();
      await page.getByText('hxxps://minamihama-shinkin-support[.]test/login?u=hanako').waitFor();
      await page.getByText('<script>alert(1)</script>').waitFor();
      await page.getByText('4会員に届き、11人が報告しました。リンクなどを開いた人は2人です。').waitFor();
      const { page: other } = await open(`mails/${ids.suspicious}`, 'lead');
      await other.getByText('疑わしい・デスクが確認します').waitFor();
    });
    it('never calls a mail safe', async () => {
      const { page } = await open(`mails/${ids.clear}`);
      await page.getByText('「安全」と言い切ることはできません').waitFor();
    });
    it('“I typed my password” tells the desk, shows its telephone first and the steps for it, and can be taken back', async () => {
      const { page, sent, server } = await open(`mails/${ids.dangerous}`);
      await page.getByRole('button', { name: 'パスワードを入れた' }).waitFor();
      server.answers.set('samples.get', ({ params }) => ({ ...answerOf(params['sample']), touched: 'typed', callDesk: true, doNow: ['すぐデスクに電話する', 'パスワードを変える'] }));
      await page.getByRole('button', { name: 'パスワードを入れた' }).click();
      await main(page).getByRole('heading', { name: 'まず、デスクに電話してください' }).waitFor();
      await page.getByText('パスワードを変える').waitFor();
      assert.equal(await page.getByRole('button', { name: 'パスワードを入れた' }).getAttribute('aria-pressed'), 'true');
      const order = await main(page).evaluate((place) => place.innerText.indexOf('043-123-4567') < place.innerText.indexOf('危険です'));
      assert.equal(order, true, 'the telephone stands above the verdict');
      await toast(page).getByRole('button', { name: '元に戻す' }).click();
      await toast(page).getByText('元に戻しました').waitFor();
      assert.deepEqual(sent('samples.touched').map((one) => one.body), [{ touched: 'typed' }, { touched: 'nothing' }]);
    });
    it('appears by itself once the mail is judged, also without live news', async () => {
      let judged = false;
      const { page } = await open(`mails/${ids.waiting}`, 'staff', (server) => server.answers.set('samples.get', () => answerOf(judged ? ids.dangerous : ids.waiting)));
      await page.getByText('ふつうは数秒で終わります').waitFor();
      judged = true;
      await page.getByText('危険です。開かずに').waitFor({ timeout: 5_000 });
    });
    it('after twenty seconds it says honestly that it takes longer', async () => {
      await browser.page.clock.install();
      const { page } = await open(`mails/${ids.waiting}`);
      await page.getByText('ふつうは数秒で終わります').waitFor();
      await page.clock.fastForward(21_000);
      await page.getByText('いつもより時間がかかっています').waitFor();
      await page.clock.resume();
    });
    it('the desk is asked with one press, and the conversation is then at hand', async () => {
      const { page, server, sent } = await open(`mails/${ids.insufficient}`);
      await page.getByText('差出人の記録が残っていません').waitFor();
      await page.getByRole('button', { name: 'デスクに見てもらう' }).waitFor();
      server.answers.set('samples.get', ({ params }) => ({ ...answerOf(params['sample']), ticket: ids.ticket }));
      await page.getByRole('button', { name: 'デスクに見てもらう' }).click();
      assert.equal(await page.getByRole('link', { name: 'デスクとのやり取りを開く' }).getAttribute('href'), `/o/${org}/tickets/${ids.ticket}`);
      assert.deepEqual(sent('samples.ask').map((one) => one.body), [{ message: '' }]);
    });
    it('a drill is praised and asks for nothing more; a mail that could not be read is not the reader’s fault', async () => {
      const { page } = await open(`mails/${ids.drill}`);
      await page.getByText('報告してくれて、ありがとうございます。満点です。').waitFor();
      assert.equal(await page.getByRole('button', { name: 'パスワードを入れた' }).count(), 0);
      const { page: failed } = await open(`mails/${ids.failed}`);
      await failed.getByText('読み取れませんでした。デスクが見ます。').waitFor();
      await failed.getByText('あなたのせいではありません').waitFor();
    });
    it('what the desk decided counts before what was computed', async () => {
      const { page } = await open(`mails/${ids.decided}`);
      await page.getByText('デスクが確かめました。広告などの迷惑メールです。').waitFor();
      assert.equal(await page.getByText('疑わしいです。').count(), 0);
    });
    it('another organisation’s mail is not there', async () => {
      const { page } = await open(`mails/${ids.dangerous}`, 'staff', (server) => server.answers.set('samples.get', () => refusal(404, 'not_found', '')));
      await page.getByRole('heading', { name: 'このページは見つかりません' }).waitFor();
    });
  });

  describe('our mails', () => {
    it('are found by verdict and words, and an empty list says the first step', async () => {
      const { page, sent } = await open('mails', 'lead');
      await page.getByRole('link', { name: '請求書の振込先変更のお願い' }).waitFor();
      await page.getByText('（件名なし）').first().waitFor();
      await page.getByLabel('判定').selectOption('dangerous');
      await page.getByRole('link', { name: '請求書の振込先変更のお願い' }).waitFor({ state: 'detached' });
      assert.equal(sent('samples.list').at(-1)?.query['verdict'], 'dangerous');
      const { page: empty } = await open('mails', 'lead', (server) => server.answers.set('samples.list', () => ({ items: [], next: null })));
      await empty.getByRole('heading', { name: 'まだ1通も聞かれていません' }).waitFor();
    });
  });

  it('kept to the contract all along, and no script of a page failed', () => {
    assert.deepEqual(contract, []);
    assert.deepEqual(browser.faults.filter((fault) => !/Failed to load resource/.test(fault)), []);
  });
});
