import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Role } from '@banya/contract';
import type { Page } from 'playwright-core';
import fc from 'fast-check';
import { lettersOf } from '../src/features/mail/letters.ts';
import { wrongOf } from '../src/features/mail/take.ts';
import { axe, fits, noBrowser, overflow, settled, toast } from './browser.ts';
import { answerOf, checkSettings, detailOf, house, ids, member, org } from './mail.fixtures.ts';
import { refusal, type Miniature } from './miniature.ts';
import { useStage } from './stage.ts';

const pictures = join(fileURLToPath(new URL('../../..', import.meta.url)), 'artifacts');
/** Every page, and who opens it here. */
const pages: Readonly<Record<string, readonly [path: string, role: Role]>> = {
  ask: ['ask/mail', 'staff'], mails: ['mails', 'lead'],
  dangerous: [`mails/${ids.dangerous}`, 'staff'], suspicious: [`mails/${ids.suspicious}`, 'lead'], insufficient: [`mails/${ids.insufficient}`, 'staff'], clear: [`mails/${ids.clear}`, 'staff'],
  waiting: [`mails/${ids.waiting}`, 'staff'], failed: [`mails/${ids.failed}`, 'staff'], drill: [`mails/${ids.drill}`, 'staff'], decided: [`mails/${ids.decided}`, 'staff'], warnings: ['warnings', 'lead'], warning: [`warnings/${ids.warning}`, 'lead'], 'warning-calm': [`warnings/${ids.calm}`, 'staff'],
  queue: ['desk/mails', 'desk'], sample: [`desk/mails/${ids.dangerous}`, 'desk'], statistics: ['desk/mails/statistics', 'desk'], campaigns: ['desk/campaigns', 'desk'], campaign: [`desk/campaigns/${ids.campaign}`, 'desk'],
  bulletins: ['desk/warnings', 'desk'], bulletin: [`desk/warnings/${ids.draft}`, 'desk'], 'bulletin-sent': [`desk/warnings/${ids.sent}`, 'desk'], check: ['settings/mail-check', 'lead'],
};

describe('two names letter by letter', () => {
  const joined = (runs: readonly { text: string }[]) => runs.map((run) => run.text).join('');
  it('marks what differs and nothing else', () => {
    assert.deepEqual(lettersOf('minamihama.example', 'minamiharna.example'), {
      left: [{ text: 'minamiha', same: true }, { text: 'm', same: false }, { text: 'a.example', same: true }],
      right: [{ text: 'minamiha', same: true }, { text: 'rn', same: false }, { text: 'a.example', same: true }],
    });
    assert.deepEqual(lettersOf('same.example', 'same.example').right, [{ text: 'same.example', same: true }]);
    assert.deepEqual(lettersOf('', ''), { left: [], right: [] });
  });
  it('loses no letter of either name, and what is called the same is the same', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.string({ unit: 'binary', maxLength: 100 }), (a, b) => {
      const { left, right } = lettersOf(a, b);
      assert.equal(joined(left), a);
      assert.equal(joined(right), b);
      assert.equal(joined(left.filter((run) => run.same)), joined(right.filter((run) => run.same)));
    }));
  });
});

describe('what is taken as a mail', () => {
  it('goes by the ending and the size, before anything is sent', () => {
    assert.deepEqual([wrongOf({ name: 'x.EML', size: 1 }), wrongOf({ name: '請求書.msg', size: 1 }), wrongOf({ name: 'a.zip', size: 1 })], [null, null, null]);
    assert.deepEqual([wrongOf({ name: 'photo.jpg', size: 1 }), wrongOf({ name: 'eml', size: 1 }), wrongOf({ name: 'x.eml.exe', size: 1 }), wrongOf({ name: 'constructor', size: 1 })], ['kind', 'kind', 'kind', 'kind']);
    assert.equal(wrongOf({ name: 'x.eml', size: 30 * 1024 * 1024 + 1 }), 'size');
  });
});

describe('suspicious mails', { skip: noBrowser ?? false }, () => {
  const browser = useStage(pictures);
  const open = async (path: string, role: Role = 'staff', prepare?: (server: Miniature) => void, lang?: 'ja' | 'en') => {
    const server = house(role);
    prepare?.(server);
    const origin = await browser.site(server, lang);
    const { page } = browser;
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${origin}/o/${org}/${path}`);
    await page.waitForSelector('h1');
    return { page, server, asked: server.asked, sent: server.sent };
  };
  const main = (page: Page) => page.getByRole('main');

  for (const lang of ['ja', 'en'] as const) {
    for (const [name, [path, role]] of Object.entries(pages)) {
      it(`${name} is accessible and fits screen, phone and small phone (${lang})`, async () => {
        const { page } = await open(path, role, undefined, lang);
        await page.waitForSelector(`html[lang=${lang}]`);
        // A mail that is being judged goes on being loaded.
        await (name === 'waiting' ? main(page).getByRole('status').first().waitFor() : settled(page));
        await fits(page, join(pictures, `mail-${name}-${lang}`), lang === 'ja' ? [1280, 390, 360] : [1280, 360]);
      });
    }
  }

  it('the pages with most on them hold on a very large screen, in the dark and on paper', async () => {
    for (const [path, role] of [[`mails/${ids.dangerous}`, 'staff'], [`desk/mails/${ids.dangerous}`, 'desk']] as const) {
      const { page } = await open(path, role);
      await settled(page);
      await page.setViewportSize({ width: 3840, height: 2160 });
      assert.equal(await overflow(page), 0);
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.emulateMedia({ colorScheme: 'dark' });
      // A busy machine draws the new colours a moment later.
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      assert.deepEqual(await axe(page), [], `${path} in the dark`);
      await page.emulateMedia({ colorScheme: 'light', media: 'print' });
      assert.equal(await page.getByText('危険です。開かずに、返事もしないでください。').isVisible(), true);
      assert.equal(await page.getByText('信用金庫のサーバから出たメールではありません').first().isVisible(), true);
      assert.equal(await page.getByRole('button', { name: /パスワードを入れた|危険なメール/ }).count(), 0, 'nothing to press on paper');
      await page.screenshot({ path: join(pictures, `mail-${role}-print.png`), fullPage: true });
      await page.emulateMedia({ media: null });
    }
  });
  it('a list that is longer than a page says so and goes on', async () => {
    const { page, sent } = await open('desk/mails', 'desk', (server) => {
      const answer = server.answers.get('deskSamples.list');
      server.answers.set('deskSamples.list', (call) => ({ ...(answer?.(call) as object), ...(call.query['after'] ? { items: [] } : { next: 'more' }), total: { count: 1000, more: true } }));
    });
    await page.getByText('1,000件以上のうち7件を表示').waitFor();
    await page.getByRole('button', { name: 'もっと見る' }).click();
    await page.getByRole('button', { name: 'もっと見る' }).waitFor({ state: 'detached' });
    assert.equal(sent('deskSamples.list').at(-1)?.query['after'], 'more');
  });
  it('what cannot be read says so and can be tried again', async () => {
    const { page, server } = await open('mails', 'lead', (other) => other.answers.set('samples.list', () => refusal(500, 'internal', '一覧を読めませんでした')));
    await page.getByRole('heading', { name: '一覧を読めませんでした' }).waitFor();
    server.answers.set('samples.list', () => ({ items: [], next: null }));
    await page.getByRole('button', { name: 'もう一度試す' }).click();
    await page.getByRole('heading', { name: 'まだ1通も聞かれていません' }).waitFor();
  });

  describe('asking', () => {
    const eml = { name: '怪しい.EML', mimeType: '', buffer: Buffer.from('From: a@example.test\r\nSubject: x\r\n\r\nhello') };
    it('says what was done first, then sends the mail as it is and leads to the answer', async () => {
      const { page, sent } = await open('ask/mail');
      await page.getByRole('radio', { name: 'リンクを押した' }).check();
      await main(page).getByRole('status').getByText('先にデスクに電話してください').waitFor();
      await page.getByRole('radio', { name: '何かしたかもしれない' }).check();
      await main(page).getByRole('status').getByText('先にデスクに電話してください').waitFor();
      await page.getByRole('radio', { name: '何もしていない' }).check();
      assert.equal(await main(page).getByText('先にデスクに電話してください').count(), 0);
      await page.getByRole('radio', { name: 'リンクを押した' }).check();
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
      await page.getByRole('radio', { name: '何かしたかもしれない' }).check();
      await page.locator('input[type=file]').setInputFiles(eml);
      await page.getByRole('button', { name: '確かめる' }).click();
      await page.getByRole('heading', { name: '少し待ってください' }).waitFor();
      await page.getByText('怪しい.EML').first().waitFor();
    });
    it('the address to forward to is shown to everybody; where there is none, whom to ask', async () => {
      const { page } = await open('ask/mail', 'staff');
      await page.getByText('メールソフトから転送して聞く').click();
      await page.getByText('report+k7p2m9x4@banya.example.jp').waitFor();
      const { page: none } = await open('ask/mail', 'staff', (server) => server.answers.set('samples.address', () => ({ address: null })));
      await none.getByText('メールソフトから転送して聞く').click();
      await none.getByText('宛先のアドレスは、担当者かデスクに聞いてください。').waitFor();
    });
  });

  describe('the answer', () => {
    it('says the verdict in the words of the house, what to do, and reasons that quote the mail', async () => {
      const { page } = await open(`mails/${ids.dangerous}`);
      await page.getByText('危険です。開かずに、返事もしないでください。').waitFor();
      await main(page).getByText('危険', { exact: true }).first().waitFor();
      await page.getByText('リンクや添付ファイルは開かないでください。').waitFor();
      const told = await main(page).evaluate((place) => ['今すること', 'もう、何かしましたか', 'そう考えた理由'].map((words) => (place as HTMLElement).innerText.indexOf(words)));
      assert.ok(told[0]! > 0 && told[0]! < told[1]! && told[1]! < told[2]!, 'what to do stands before why');
      await page.getByText('差出人', { exact: true }).waitFor();
      assert.equal(await page.getByText('From', { exact: false }).count(), 0, 'headers have names that people know');
      await page.getByText('信用金庫のサーバから出たメールではありません').waitFor();
      await page.getByText('hxxps://minamihama-shinkin-support[.]test/login?u=hanako').waitFor();
      await page.getByText('<script>alert(1)</script>').waitFor();
      await page.getByText('4会員に届き、11人が報告しました。リンクなどを開いた人は2人です。').waitFor();
      const { page: other } = await open(`mails/${ids.suspicious}`, 'lead');
      await other.getByText('疑わしい・デスクが確認します').waitFor();
      await other.getByRole('heading', { name: '今すぐ、デスクに電話してください' }).waitFor();
    });
    it('in the demonstration a newcomer without a suspicious mail tries an invented one', async () => {
      const { page, sent } = await open('ask/mail', 'staff', (server) => {
        const me = server.answers.get('me.get');
        server.answers.set('me.get', (call) => ({ ...(me?.(call) as object), demo: true }));
        server.answers.set('samples.address', () => ({ address: null }));
      });
      await page.getByText('メールソフトから転送して聞く').click();
      await page.getByText('転送先のアドレスはありません').waitFor();
      await page.screenshot({ path: join(pictures, 'mail-demo-ja-1280.png'), fullPage: true });
      await page.getByRole('button', { name: '作りもののメールを入れる' }).click();
      await page.getByLabel('何もしていない').check();
      await page.getByRole('button', { name: '確かめる' }).click();
      await page.waitForURL(/mails\//);
      assert.match(sent('samples.report')[0]!.bytes, /なぎさ銀行カスタマーセンター/);
    });
    it('never calls a mail safe', async () => {
      const { page } = await open(`mails/${ids.clear}`);
      await page.getByText('「安全」と言い切ることはできません').waitFor();
    });
    it('“I typed my password” tells the desk, shows its telephone first and the steps for it, and can be taken back', async () => {
      const { page, sent, server } = await open(`mails/${ids.dangerous}`);
      await page.getByRole('button', { name: 'パスワードを入れた' }).waitFor();
      server.answers.set('samples.get', ({ params }) => ({ ...answerOf(params['sample']), touched: 'typed', callDesk: true, doNow: ['別の機器から、今すぐパスワードを変えてください。', 'デスクに電話してください（043-123-4567）。'] }));
      await page.getByRole('button', { name: 'パスワードを入れた' }).click();
      await main(page).getByRole('heading', { name: '今すぐ、デスクに電話してください' }).waitFor();
      await page.getByText('今すぐパスワードを変えてください').waitFor();
      assert.equal(await page.getByRole('button', { name: 'パスワードを入れた' }).getAttribute('aria-pressed'), 'true');
      const order = await main(page).evaluate((place) => (place as HTMLElement).innerText.indexOf('043-123-4567') < (place as HTMLElement).innerText.indexOf('危険です'));
      assert.equal(order, true, 'the telephone stands above the verdict');
      assert.equal((await toast(page).innerText()).trim(), '', 'nothing lies over the steps, which matters on a phone');
      await page.getByRole('button', { name: 'まちがえたので取り消す' }).click();
      await page.getByRole('button', { name: 'まちがえたので取り消す' }).waitFor({ state: 'detached' });
      assert.deepEqual(sent('samples.touched').map((one) => one.body), [{ touched: 'typed' }, { touched: 'nothing' }]);
    });
    it('appears by itself once the mail is judged, also without live news', async () => {
      let judged = false;
      const { page } = await open(`mails/${ids.waiting}`, 'staff', (server) => server.answers.set('samples.get', () => answerOf(judged ? ids.dangerous : ids.waiting)));
      await page.getByText('ふつうは数秒で終わります').waitFor();
      judged = true;
      await page.getByText('危険です。開かずに').waitFor();
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
      assert.equal(await page.getByText('満点です').count(), 1, 'said once');
      await page.getByText('ほかにすることはありません。').waitFor();
      const { page: failed } = await open(`mails/${ids.failed}`);
      await failed.getByText('調べられませんでした。デスクが確認します。').waitFor();
      await failed.getByText('送り方のせいではありません').waitFor();
      assert.equal(await failed.getByText('見てください').count(), 0, 'it is the desk that looks, not the reader');
      await failed.getByRole('link', { name: 'デスクとのやり取りを開く' }).waitFor();
    });
    it('what the desk decided counts before what was computed', async () => {
      const { page } = await open(`mails/${ids.decided}`);
      await page.getByText('デスクが確かめました。宣伝などの迷惑メールです。').waitFor();
      assert.equal(await page.getByText('疑わしいです。').count(), 0);
      await page.getByRole('heading', { name: 'はじめに機械が見つけたこと' }).waitFor();
      assert.equal(await page.getByRole('heading', { name: 'そう考えた理由' }).count(), 0, 'the engine’s reasons are not the desk’s');
    });
    it('a mail that the desk found real asks for nothing any more', async () => {
      const { page } = await open(`mails/${ids.decided}`, 'staff', (server) => server.answers.set('samples.get', ({ params }) => ({ ...answerOf(params['sample']), decision: 'harmless', doNow: ['ふだんどおりに扱ってください。', 'たずねてくれて、ありがとうございました。'] })));
      await page.getByText('デスクが確かめました。本物のメールです。').waitFor();
      assert.equal(await page.getByRole('button', { name: 'リンクを押した' }).count(), 0);
    });
    it('who is not sure what was done is told that the desk knows, and to phone', async () => {
      const { page } = await open(`mails/${ids.clear}`, 'staff', (server) => server.answers.set('samples.get', ({ params }) => ({ ...answerOf(params['sample']), touched: 'unsure', callDesk: true })));
      await page.getByText('「何かしたかもしれない」と伝わっています。').waitFor();
      await page.getByRole('heading', { name: '今すぐ、デスクに電話してください' }).waitFor();
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

  describe('the desk’s mails', () => {
    const first = (page: Page) => page.getByRole('link', { name: '【重要】お取引の一時停止について' });
    it('are walked by J and K and opened by Enter', async () => {
      const { page } = await open('desk/mails', 'desk');
      await first(page).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), '請求書の振込先変更のお願い');
      await page.keyboard.press('k');
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/desk/mails/${ids.dangerous}`);
    });
    it('show what is not decided, and the rest when asked; filters stand in the address', async () => {
      const { page, sent } = await open('desk/mails', 'desk');
      await first(page).waitFor();
      assert.equal(await page.getByRole('link', { name: '新しい講座のご案内' }).count(), 0);
      await page.getByLabel('表示するメール').selectOption('all');
      await page.getByRole('link', { name: '新しい講座のご案内' }).waitFor();
      await page.getByRole('combobox', { name: '会員', exact: true }).click();
      await page.getByRole('option', { name: '南浜水産' }).click();
      await first(page).waitFor({ state: 'detached' });
      assert.deepEqual(sent('deskSamples.list').at(-1)?.query, { show: 'all', member: member(1) });
      assert.match(page.url(), /show=all/);
      await page.reload();
      await page.getByRole('link', { name: '請求書の振込先変更のお願い' }).waitFor();
    });
    it('are one place of the navigation, not two', async () => {
      const { page } = await open('desk/mails', 'desk');
      await first(page).waitFor();
      assert.deepEqual(await page.getByRole('navigation').first().locator('[aria-current=page]').allTextContents(), ['怪しいメール']);
      const { page: ticket } = await open(`desk/${ids.ticket}`, 'desk');
      assert.deepEqual(await ticket.getByRole('navigation').first().locator('[aria-current=page]').allTextContents(), ['相談の列']);
      for (const path of ['desk/campaigns', `desk/campaigns/${ids.campaign}`]) {
        const { page: campaign } = await open(path, 'desk');
        assert.deepEqual(await campaign.getByRole('navigation').first().locator('[aria-current=page]').allTextContents(), ['怪しいメール'], path);
      }
    });
    it('nobody but the desk opens them', async () => {
      for (const path of ['desk/mails', `desk/mails/${ids.dangerous}`, 'desk/campaigns', 'desk/warnings', 'desk/mails/statistics']) {
        const { page, asked } = await open(path, 'lead');
        await page.getByRole('heading', { level: 1, name: 'この画面を見る権限がありません' }).waitFor();
        assert.equal(asked.filter((one) => /^(deskSamples|campaigns|bulletins)/.test(one.route)).length, 0);
      }
    });
  });

  describe('one mail at the desk', () => {
    const at = `desk/mails/${ids.dangerous}`;
    it('shows the look-alike beside the real name with the letters that differ marked', async () => {
      const { page } = await open(at, 'desk');
      await page.getByText('見た目が同じ別の文字を使っています').waitFor();
      const marked = await page.locator('mark').allTextContents();
      assert.ok(marked.includes('rn') && marked.includes('m'), marked.join());
    });
    it('nothing of the mail can be pressed, and nothing of it runs', async () => {
      const { page } = await open(at, 'desk');
      await page.getByText('hxxps://minamihama-shinkin-support[.]test/login').first().waitFor();
      const links = await main(page).getByRole('link').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
      assert.deepEqual(links.filter((href) => !href.startsWith('/') && !href.startsWith('tel:') && href !== '#decide'), []);
      assert.equal(await page.locator('iframe').count(), 0, 'how it looks is shown only when asked for');
      await page.getByRole('button', { name: '見た目を表示する' }).click();
      const frame = page.locator('iframe');
      await frame.waitFor();
      assert.equal(await frame.getAttribute('sandbox'), '');
      assert.match((await frame.getAttribute('src')) ?? '', new RegExp(`/desk/samples/${ids.dangerous}/html$`));
      await page.frameLocator('iframe').getByText('お客様各位').waitFor();
      assert.equal(await page.frameLocator('iframe').getByText('ran').count(), 0);
    });
    it('a false domain that proves itself is called false, and never gets a good mark', async () => {
      const { page } = await open(at, 'desk', (server) => server.answers.set('deskSamples.get', ({ params }) => ({ ...detailOf(params['sample']), authentication: { by: 'own', spf: 'pass', dkim: 'pass', dmarc: 'pass', arc: 'none', provenDomain: 'minamiharna-shinkin.test', fcrdns: true } })));
      await page.getByText('minamiharna-shinkin.test から', { exact: true }).waitFor();
      await page.getByText('このドメインは、本物の minamihama-shinkin.example に似せたものです。').waitFor();
      assert.equal(await main(page).getByText('確かめました', { exact: true }).count(), 0);
      await page.screenshot({ path: join(pictures, 'mail-desk-false-domain-ja-1280.png'), fullPage: true });
    });
    it('says how many of a member reported it, and who of them opened it', async () => {
      const { page } = await open(at, 'desk');
      await page.getByText('12人が報告、3人が開いた').first().waitFor();
    });
    it('the way it took is told in words beside the picture', async () => {
      const { page } = await open(at, 'desk');
      await page.getByText('3つのサーバを通りました。最初は 203.0.113.45、最後は imap.kitahara.example です。').waitFor();
      assert.equal(await page.getByRole('list', { name: '通り道' }).getByRole('listitem').count(), 4);
    });
    it('is decided by one press, with a template as answer and for all of the same mail', async () => {
      const { page, sent } = await open(at, 'desk');
      await page.getByLabel('ひな形を入れる').selectOption(ids.template);
      assert.match(await page.getByLabel('報告した人への答え（任意）').inputValue(), /危険なメールでした/);
      await page.getByText('押すと、同じメールを報告した全員に答えが届きます。').waitFor();
      await page.getByLabel('同じメールすべてに、この判定を使う').check();
      await page.getByText('同じメールを報告した全員に答えが届きます。').waitFor();
      await page.getByRole('button', { name: '危険なメール', exact: true }).dblclick();
      await toast(page).getByText('3件を「危険なメール」と判定しました').first().waitFor();
      assert.deepEqual(sent('deskSamples.decide').map((one) => one.body), [{ decision: 'dangerous', answer: 'ご報告ありがとうございます。危険なメールでした。\n消してください。', alike: true }]);
    });
    it('becomes a warning, and is kept for a case until that is undone', async () => {
      const { page, sent } = await open(at, 'desk');
      await page.getByRole('button', { name: '事案のために残す' }).click();
      await toast(page).getByRole('button', { name: '元に戻す' }).click();
      await toast(page).getByText('元に戻しました').waitFor();
      assert.deepEqual(sent('deskSamples.keep').map((one) => one.body), [{ keep: true }, { keep: false }]);
      await page.getByRole('button', { name: 'このメールで注意喚起を作る' }).click();
      await page.waitForURL(`**/desk/warnings/${ids.draft}`);
      assert.deepEqual(sent('bulletins.draft').map((one) => one.body), [{ sample: ids.dangerous }]);
    });
    it('the mail itself is a zip whose password stands beside it', async () => {
      const { page } = await open(at, 'desk');
      await page.locator('summary', { hasText: '実物を受け取る' }).click();
      await page.getByText('infected').waitFor();
      assert.match((await page.getByRole('link', { name: '実物を受け取る（zip）' }).getAttribute('href')) ?? '', /\/original$/);
    });
    it('a copy that has been deleted is told apart from a page that is not there', async () => {
      const { page } = await open(at, 'desk', (server) => server.answers.set('deskSamples.preview', () => refusal(410, 'sample_gone', '')));
      await page.getByText('メールの写しは、もう消してあります。').waitFor();
    });
    it('words the house does not know yet are shown as they are, not left out', async () => {
      const { page } = await open(at, 'desk', (server) => server.answers.set('deskSamples.get', ({ params }) => ({ ...detailOf(params['sample']), facts: null, authentication: null, lookalikes: [], links: [], files: [{ name: 'x', size: 1, sha256: 'y', realType: 'z', flags: ['brand_new_flag'], entries: [], words: [] }], troubles: [{ code: 'brand_new', where: null }] })));
      await page.getByText('brand_new_flag').waitFor();
      await page.getByText('brand_new', { exact: true }).waitFor();
      await page.getByText('リンクはありません。').waitFor();
    });
    it('is reached from the question that came of it', async () => {
      const { page } = await open(`desk/${ids.ticket}`, 'desk');
      assert.equal(await page.getByRole('link', { name: 'メールの判定を開く' }).getAttribute('href'), `/o/${org}/desk/mails/${ids.dangerous}`);
    });
  });

  describe('campaigns', () => {
    it('tell who received the mail in numbers, and lead to a warning', async () => {
      const { page, sent } = await open(`desk/campaigns/${ids.campaign}`, 'desk');
      await page.getByText('4会員に届き、11件の報告がありました。リンクなどを開いた人は2人です。').waitFor();
      await page.getByText('北原製作所から最初の報告').waitFor();
      await page.getByText('南浜水産から最初の報告（開いた人 2人）').waitFor();
      await page.getByRole('button', { name: '会員に注意喚起を出す' }).click();
      await page.waitForURL(`**/desk/warnings/${ids.draft}`);
      assert.deepEqual(sent('bulletins.draft').map((one) => one.body), [{ campaign: ids.campaign }]);
    });
    it('of which the desk may see no mail have no subject, and say so', async () => {
      const { page } = await open('desk/campaigns', 'desk');
      await page.getByRole('link', { name: '件名は見られません' }).waitFor();
    });
  });

  describe('warnings of the desk', () => {
    it('are seen while writing as members will see them, and saved as a draft', async () => {
      const { page, sent } = await open(`desk/warnings/${ids.draft}`, 'desk');
      const preview = page.getByRole('complementary', { name: '会員にはこう見えます' });
      await page.getByLabel('題', { exact: true }).fill('荷物の知らせを装うメール');
      await page.getByLabel('本文', { exact: true }).fill('# 見分け方\n- 急がせる');
      await page.getByRole('radio', { name: 'GREEN' }).check();
      await preview.getByRole('heading', { name: '荷物の知らせを装うメール' }).waitFor();
      await preview.getByRole('listitem').getByText('急がせる').waitFor();
      await preview.getByText('仲間の組織に見せてかまいません').waitFor();
      await page.getByRole('button', { name: '下書きを保存する' }).click();
      await toast(page).getByText('下書きを保存しました').waitFor();
      assert.deepEqual(sent('bulletins.save').map((one) => one.body), [{ title: { ja: '荷物の知らせを装うメール', en: '' }, body: { ja: '# 見分け方\n- 急がせる', en: '' }, tlp: 'GREEN' }]);
    });
    it('go to chosen members only after their effect is said, with what is written saved first', async () => {
      const { page, sent, asked } = await open(`desk/warnings/${ids.draft}`, 'desk');
      await page.getByRole('button', { name: '会員に送る' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('すべての会員の担当者にメールが届き').waitFor();
      await dialog.getByRole('radio', { name: '選んだ会員だけ' }).check();
      await dialog.getByRole('button', { name: '送る', exact: true }).click();
      await dialog.getByText('会員を1つ以上選んでください。').waitFor();
      await dialog.getByLabel('会員の名前で探す').fill('港');
      await dialog.getByRole('checkbox', { name: '港通運' }).check();
      await dialog.getByLabel('会員の名前で探す').fill('南浜');
      await dialog.getByRole('checkbox', { name: '南浜水産' }).check();
      await dialog.getByText('2会員の担当者にメールが届き').waitFor();
      assert.deepEqual(await axe(page), []);
      await page.screenshot({ path: join(pictures, 'mail-bulletin-send-ja-1280.png') });
      await dialog.getByRole('button', { name: '送る', exact: true }).click();
      await toast(page).getByText('2会員に送りました').waitFor();
      assert.deepEqual(sent('bulletins.send').map((one) => one.body), [{ members: [member(3), member(1)] }]);
      assert.ok(asked.findIndex((one) => one.route === 'bulletins.save') < asked.findIndex((one) => one.route === 'bulletins.send'));
    });
    it('without words are not sent', async () => {
      const { page, sent } = await open(`desk/warnings/${ids.draft}`, 'desk');
      await page.getByLabel('本文', { exact: true }).fill('');
      await page.getByRole('button', { name: '会員に送る' }).click();
      await page.getByRole('link', { name: '本文を入れてください。' }).waitFor();
      assert.equal(sent('bulletins.send').length + sent('bulletins.save').length, 0);
    });
    it('once sent show who has not read them, those first', async () => {
      const { page } = await open(`desk/warnings/${ids.sent}`, 'desk');
      await page.getByText('4会員のうち2会員が読み、1会員に届いていました。').waitFor();
      assert.deepEqual((await page.getByRole('table').first().locator('[data-row-link]').allTextContents()).slice(0, 2), ['東山建設', '港通運']);
      assert.equal(await page.getByLabel('題', { exact: true }).count(), 0, 'what was sent cannot be changed');
    });
    it('a draft is thrown away only after its effect is said', async () => {
      const { page, sent } = await open(`desk/warnings/${ids.draft}`, 'desk');
      await page.getByRole('button', { name: '下書きを捨てる' }).click();
      await page.getByText('元には戻せません').waitFor();
      assert.equal(sent('bulletins.remove').length, 0);
      await page.getByRole('dialog').getByRole('button', { name: '下書きを捨てる' }).click();
      await page.waitForURL('**/desk/warnings');
    });
  });

  describe('warnings at a member', () => {
    it('say whether it came here: found, not found, not looked', async () => {
      const { page } = await open(`warnings/${ids.warning}`, 'lead');
      await page.getByText('来ていました。確かめたメール2通、ログ1,340行に、同じ手がかりがありました。').waitFor();
      await page.getByText('開いた人がいないか、まわりに聞いてください。').waitFor();
      const { page: calm } = await open(`warnings/${ids.calm}`, 'lead');
      await calm.getByText('見つかっていません。').first().waitFor();
      await calm.getByText('ほかのメールは見ていません').waitFor();
      const { page: not } = await open(`warnings/${ids.notYet}`, 'staff');
      await not.getByText('まだ調べていません。').waitFor();
    });
    it('one that is unread stands on the home page and leads there', async () => {
      const { page } = await open('home', 'lead');
      await page.getByRole('link', { name: /注意喚起を読む/ }).click();
      await page.waitForURL(`**/warnings/${ids.warning}`);
    });
  });

  describe('settings of the check', () => {
    it('officers, partners and servers are written as people write them, and saved in the contract’s form', async () => {
      const { page, sent } = await open('settings/mail-check', 'lead');
      await page.getByText('report+k7p2m9x4@banya.example.jp').waitFor();
      await page.getByRole('button', { name: '人を足す' }).click();
      await page.getByRole('group', { name: '2人目' }).getByLabel('名前').fill('南 花子');
      await page.getByLabel('取引先のドメイン（任意）').fill('OHASHI.example　大橋印刷\n@higashiyama.example');
      await page.getByLabel('メールの写しを残す日数').fill('１２０');
      await page.getByRole('button', { name: '保存する', exact: true }).click();
      await toast(page).getByText('メールの確認の設定を保存しました').waitFor();
      assert.deepEqual(sent('mailCheck.save').map((one) => one.body), [{ officers: [...checkSettings.officers, { name: '南 花子', also: [], addresses: [] }], partners: [{ domain: 'ohashi.example', name: '大橋印刷' }, { domain: 'higashiyama.example' }], authservIds: ['mx.kitahara.example'], keepDays: 120 }]);
    });
    it('a partner that is no domain is named before anything is sent', async () => {
      const { page, sent } = await open('settings/mail-check', 'lead');
      await page.getByLabel('取引先のドメイン（任意）').fill('大橋印刷');
      await page.getByRole('button', { name: '保存する', exact: true }).click();
      await page.getByRole('link', { name: /取引先は example.co.jp のような形で/ }).waitFor();
      assert.equal(sent('mailCheck.save').length, 0);
    });
    it('a new address is made only after its effect is said', async () => {
      const { page, sent } = await open('settings/mail-check', 'lead');
      await page.getByRole('button', { name: '新しいアドレスにする' }).click();
      await page.getByText('今のアドレスも、あと30日は使えます。').waitFor();
      assert.equal(sent('mailCheck.newAddress').length, 0);
      await page.getByRole('button', { name: '変える', exact: true }).click();
      await toast(page).getByText('アドレスを変えました').waitFor();
    });
    it('a mailbox is tried, and its kept secret is never sent again unasked', async () => {
      const { page, sent } = await open('settings/mail-check', 'lead');
      await page.getByRole('button', { name: '試しに読んでみる' }).click();
      await page.getByText('受信トレイに3通あります。').waitFor();
      await page.getByRole('button', { name: '読み方を保存する' }).click();
      await toast(page).getByText('メールボックスの読み方を保存しました').waitFor();
      await page.getByRole('radio', { name: 'Microsoft 365' }).check();
      await page.getByRole('button', { name: '読み方を保存する' }).click();
      await page.getByRole('link', { name: 'テナントIDを入れてください。' }).waitFor();
      assert.deepEqual(sent('mailCheck.mailbox').map((one) => one.body), [{ kind: 'imap', host: 'imap.kitahara.example', port: 993, user: 'report', folder: null, tenant: null, clientId: null }]);
    });
  });

  it('the statistics say the rate, the time to the first report, and thanks', async () => {
    const { page, sent } = await open('desk/mails/statistics', 'desk');
    await page.getByText('30日で、61人から128件の報告がありました。働く人の25%が、一度は報告しています。').waitFor();
    await page.getByText('報告してくれた皆さん、ありがとうございます。').waitFor();
    await page.getByText('14分以内').waitFor();
    await page.getByText('brand_new').waitFor();
    await page.getByLabel('期間').selectOption('366');
    await page.getByText('1年で、61人から').waitFor();
    assert.equal(sent('deskSamples.statistics').at(-1)?.query['days'], '366');
  });

  it('no script of a page failed', () => {
    assert.deepEqual(browser.faults.filter((fault) => !/Blocked script execution/.test(fault)), []);
  });
});
