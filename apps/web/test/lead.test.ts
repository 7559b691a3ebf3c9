import assert from 'node:assert/strict';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { axe, fits, noBrowser, settled, toast } from './browser.ts';
import { asksLook, closedDetail, detail, homeOf, ids, lastMonth, member, org, report, solvedDetail, thisMonth } from './lead.fixtures.ts';
import { refusal, type Said } from './miniature.ts';
import { useStage } from './stage.ts';

const pictures = join(fileURLToPath(new URL('../../..', import.meta.url)), 'artifacts');
const pages = {
  home: 'home', findings: 'findings', finding: `findings/${ids.finding}`, 'finding-closed': `findings/${ids.closed}`, quiet: 'findings/quiet', maintenance: 'findings/maintenance', usual: 'findings/usual',
  tickets: 'tickets', ticket: `tickets/${ids.ticket}`, 'ticket-solved': `tickets/${ids.solved}`, ask: 'ask', question: 'ask/question',
  articles: 'articles', article: `articles/${ids.article}`, reports: 'reports', report: `reports/${lastMonth}`, executive: 'executive',
} as const;

describe('the member’s side', { skip: noBrowser ?? false }, () => {
  const browser = useStage(pictures);
  beforeEach(async () => {
    await browser.page.emulateMedia({ media: null });
    await browser.page.setViewportSize({ width: 1280, height: 900 });
  });
  /** Opens a page of the member against a server of its own. */
  const open = async (path: string, role: Parameters<typeof member>[0] = 'lead', instead?: Said, lang?: 'ja' | 'en') => {
    const server = member(role, instead);
    const origin = await browser.site(server, lang);
    await browser.page.goto(`${origin}/o/${org}/${path}`);
    await browser.page.waitForSelector('h1');
    return { page: browser.page, server, sent: server.sent };
  };

  describe('this week', () => {
    it('at most one step is the main one, and each card leads to where its step is taken', async () => {
      const { page } = await open('home');
      await page.getByText('3つあります。全部で約18分です。').waitFor();
      assert.equal(await page.getByText('あなたの組織を含めて少なくとも3会員で見つかっています。').count(), 1, 'only the card that others see, too, says so');
      assert.deepEqual(await page.getByRole('main').getByRole('listitem').getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href'))), [
        `/o/${org}/findings/${ids.finding}`, `/o/${org}/tickets/${ids.ticket}`, `/o/${org}/reports/${lastMonth}`,
      ]);
      await page.getByText('怪しい通信を約1,200件止め（その前の週は約1,100件）、気づきを3件片づけて、残りは4件です。').waitFor();
      await page.getByText('4台の機器のうち1台から、ログが届いていません。').waitFor();
      assert.equal(await page.locator('main [class*=main]').filter({ hasText: /見る|読む|相談/ }).count(), 1);
    });
    it('a week without anything says so, and what was stopped meanwhile', async () => {
      const { page } = await open('home', 'lead', new Map([['home.get', homeOf(0)]]));
      await page.getByRole('heading', { name: '今週やることはありません' }).waitFor();
      await page.getByText('この1週間に、怪しい通信を約1,200件止めました。').waitFor();
      assert.equal(await page.getByText('ログが届いていない機器があります').count(), 0);
      await page.screenshot({ path: join(pictures, 'lead-home-empty-ja-1280.png') });
      assert.deepEqual(await axe(page), []);
    });
    it('nothing to do is not said without a word about devices that are silent', async () => {
      const { page } = await open('home', 'lead', new Map([['home.get', { ...homeOf(0), health: { sources: 0, flowing: 0, silent: 0, lastLineAt: null } }]]));
      await page.getByText('ログが届いていない機器があります').waitFor();
      await page.getByRole('link', { name: '機器をつなぐ' }).waitFor();
    });
  });

  describe('states of a page', () => {
    it('who may not see it is told so in the server’s words', async () => {
      for (const path of ['home', `findings/${ids.finding}`, 'executive', 'findings', 'tickets', 'reports']) {
        const route = { home: 'home.get', executive: 'executive.get', findings: 'findings.list', tickets: 'tickets.list', reports: 'reports.list' }[path] ?? 'findings.get';
        const { page } = await open(path, 'lead', new Map([[route, refusal(403, 'forbidden', '見られません', '見られるのは担当者です。')]]));
        await page.getByRole('heading', { name: 'この画面を見る権限がありません' }).waitFor();
        await page.getByText('見られるのは担当者です。').waitFor();
        assert.deepEqual(await axe(page), [], path);
      }
    });
    it('a failure says what is safe and lets one try again', async () => {
      const { page, server } = await open(`findings/${ids.finding}`, 'lead', [['findings.get', refusal(500, 'internal', '一時的に読めません')]]);
      await page.getByText('これまでに保存した記録は無事です。').waitFor();
      server.answers.set('findings.get', () => detail);
      await page.getByRole('button', { name: 'もう一度試す' }).click();
      await page.getByRole('heading', { name: '何が起きたか' }).waitFor();
    });
    it('while it loads, the place of what is coming is held', async () => {
      let go = () => {};
      const gate = new Promise<void>((done) => { go = done; });
      const { page } = await open('home', 'lead', [['home.get', async () => { await gate; return homeOf(3); }]]);
      await page.getByRole('status').filter({ hasText: '読み込んでいます' }).waitFor();
      assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), '今週やること');
      go();
      await page.getByText('3つあります。').waitFor();
    });
    it('an empty list says why, and what comes here', async () => {
      const nothing = { items: [], next: null };
      for (const [path, route, words] of [['findings', 'findings.list', '確かめる気づきはありません'], ['tickets', 'tickets.list', '相談はまだありません'], ['reports', 'reports.list', '報告書はまだありません'], ['findings/quiet', 'suppressions.list', '知らせないことにしたものはありません'], ['articles', 'articles.list', '知恵袋の記事はまだありません']] as const) {
        const { page } = await open(path, 'lead', new Map([[route, nothing]]));
        await page.getByRole('heading', { name: words }).waitFor();
        assert.deepEqual(await axe(page), [], path);
      }
    });
  });

  describe('findings', () => {
    it('filters stand in the address, so that Back and a copied link bring the same list', async () => {
      const { page } = await open('findings');
      const asks: string[] = [];
      page.on('request', (request) => { if (request.url().includes('/findings?')) asks.push(new URL(request.url()).search); });
      await page.getByLabel('表示するもの').selectOption('closed');
      await page.getByLabel('急ぎ方').selectOption('look');
      await page.getByLabel('探す').fill('VPN');
      await page.waitForURL(/show=closed&severity=look&q=VPN/);
      await page.waitForLoadState('networkidle');
      assert.match(asks.at(-1) ?? '', /state=closed.*severity=look.*q=VPN/);
      await page.reload();
      assert.equal(await page.getByLabel('探す').inputValue(), 'VPN');
      assert.match(await page.getByRole('link', { name: 'Excelで保存' }).getAttribute('href') ?? '', /findings\.xlsx\?state=closed$/);
      page.removeAllListeners('request');
    });
    it('the keyboard walks the list from anywhere, searches, explains, and can be switched off', async () => {
      const { page } = await open('findings');
      await page.getByRole('link', { name: /経理のパソコン/ }).waitFor();
      const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
      await page.keyboard.press('j');
      assert.match(await focused(), /経理のパソコン/);
      await page.keyboard.press('j');
      assert.match(await focused(), /夜中に/);
      await page.keyboard.press('k');
      assert.match(await focused(), /経理のパソコン/);
      await page.keyboard.press('/');
      await page.keyboard.type('j?');
      assert.equal(await page.getByLabel('探す').inputValue(), 'j?', 'letters in the search field are letters');
      await page.getByLabel('探す').fill('');
      await page.getByRole('heading', { level: 1 }).click();
      await page.keyboard.press('?');
      const help = page.getByRole('dialog', { name: 'キーの使い方' });
      await help.waitFor();
      assert.deepEqual(await axe(page), []);
      await help.getByRole('switch').click();
      await page.keyboard.press('Escape');
      await help.waitFor({ state: 'detached' });
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press('?');
      assert.equal(await help.count(), 0, 'switched off');
      await page.evaluate(() => localStorage.clear());
      await page.reload();
      await page.getByRole('link', { name: /経理のパソコン/ }).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/findings/${ids.finding}`);
    });
    it('one finding answers in the fixed order', async () => {
      const { page } = await open(`findings/${ids.finding}`);
      await page.getByRole('heading', { name: '何が起きたか' }).waitFor();
      const heads = await page.getByRole('main').locator('h2, h3').allTextContents();
      assert.deepEqual(heads, ['何が起きたか', '止まったか', 'どの機器・誰のものか', 'どのくらい確かか', '今すること', '電話すべき時', 'してはいけないこと', 'どう終わりましたか', 'この気づきのもとになった規則']);
    });
    it('the author and licence of the rule stand open; what came from outside stays text', async () => {
      const { page } = await open(`findings/${ids.finding}`);
      await page.getByText('Example Rules Project').waitFor();
      await page.getByText('DRL 1.1').waitFor();
      assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
      await page.getByText('元のログ').click();
      await page.getByText('41件のうち、はじめの1件').waitFor();
      assert.equal(await page.getByText('<b>sentbyte</b>').isVisible(), true);
      assert.deepEqual(await page.locator('pre mark').allTextContents(), ['203.0.113.99', 'accept']);
      await page.getByText('いつ起きたか').click();
      await page.getByText(/3日間のあいだに41件。/).waitFor();
      await page.getByText('これまでのこと').click();
      await page.screenshot({ path: join(pictures, 'lead-finding-open-ja-1280.png'), fullPage: true });
      assert.deepEqual(await axe(page), []);
    });
    it('ticks survive an interruption', async () => {
      const { page } = await open(`findings/${ids.finding}`);
      await page.getByRole('checkbox', { name: /^1\. KEIRI-03/ }).check();
      await page.reload();
      assert.equal(await page.getByRole('checkbox', { name: /^1\. KEIRI-03/ }).isChecked(), true);
    });
    it('closing is one press, and the message takes it back', async () => {
      const { page, server, sent } = await open(`findings/${ids.finding}`);
      await page.getByLabel('書き残すこと（任意）').fill('複合機の交換でした。');
      server.answers.set('findings.close', () => void server.answers.set('findings.get', () => ({ ...closedDetail, id: ids.finding })));
      await page.getByRole('button', { name: '閉じる' }).last().click();
      await toast(page).getByText('気づきを閉じました').waitFor();
      assert.deepEqual(sent('findings.close').map((one) => one.body), [{ outcome: 'handled', note: '複合機の交換でした。' }]);
      await toast(page).getByRole('button', { name: '元に戻す' }).click();
      await toast(page).getByText('元に戻しました').waitFor();
      assert.equal(sent('findings.reopen').length, 1);
    });
    it('a false alarm needs its reason and keeps quiet for the days chosen', async () => {
      const { page, sent } = await open(`findings/${ids.finding}`);
      await page.getByRole('radio', { name: /誤報だった/ }).check();
      await page.getByText('「192.0.2.34」についての同じ気づきを、次の間は知らせません。').waitFor();
      await page.getByLabel('同じことを知らせない間').selectOption('30');
      await page.getByRole('button', { name: '閉じる' }).click();
      await page.getByRole('alert').getByText('そう考えた理由を入れてください。').waitFor();
      assert.equal(sent('findings.close').length, 0);
      await page.getByLabel('そう考えた理由').fill('毎月の点検です。');
      await page.getByRole('button', { name: '閉じる' }).click();
      await toast(page).getByText('気づきを閉じました').waitFor();
      assert.deepEqual(sent('findings.close').map((one) => one.body), [{ outcome: 'false_alarm', note: '毎月の点検です。', quietDays: 30 }]);
    });
    it('somebody else’s hand was quicker: the refusal is said and nothing is lost', async () => {
      const { page } = await open(`findings/${ids.finding}`, 'lead', new Map([['findings.close', refusal(409, 'already_closed', 'もう閉じてあります', '佐藤 賢さんが閉じました。')]]));
      await page.getByLabel('書き残すこと（任意）').fill('メモ');
      await page.getByRole('button', { name: '閉じる' }).click();
      await page.getByRole('alert').getByText('佐藤 賢さんが閉じました。').waitFor();
      assert.equal(await page.getByLabel('書き残すこと（任意）').inputValue(), 'メモ');
    });
    it('it goes to the desk with or without words, and into the conversation', async () => {
      const { page, sent } = await open(`findings/${ids.finding}`);
      await page.getByRole('button', { name: 'デスクに相談する' }).click();
      assert.deepEqual(await axe(page), []);
      await page.getByRole('button', { name: 'デスクに送る' }).click();
      await page.waitForURL(`**/tickets/${ids.ticket}`);
      assert.deepEqual(sent('findings.ask').map((one) => one.body), [{}]);
    });
    it('it is given to somebody found by name, and given back', async () => {
      const { page, sent } = await open(`findings/${ids.finding}`);
      await page.getByRole('button', { name: '担当を決める' }).click();
      await page.getByRole('button', { name: /佐藤 賢/ }).waitFor();
      await page.screenshot({ path: join(pictures, 'lead-finding-give-ja-1280.png') });
      assert.deepEqual(await axe(page), []);
      await page.getByRole('button', { name: /佐藤 賢/ }).click();
      await toast(page).getByText('佐藤 賢さんの担当にしました').waitFor();
      await toast(page).getByRole('button', { name: '元に戻す' }).click();
      await toast(page).getByText('元に戻しました').waitFor();
      assert.deepEqual(sent('findings.assign').map((one) => one.body), [{ person: ids.sato }, { person: null }]);
    });
    it('a reader who may not act is offered no act', async () => {
      const { page } = await open(`findings/${ids.finding}`, 'auditor');
      await page.getByText('閉じることができるのは、担当者です。').waitFor();
      assert.equal(await page.getByRole('button', { name: '閉じる' }).count(), 0);
      assert.equal(await page.getByRole('button', { name: '担当を決める' }).count(), 0);
    });
    it('a silence is ended at once', async () => {
      const { page, sent } = await open('findings/quiet');
      await page.getByRole('button', { name: 'やめる: 社内の点検の通信' }).click();
      await toast(page).getByText('これからは、また知らせます').waitFor();
      assert.deepEqual(sent('suppressions.end').map((one) => one.params['suppression']), [ids.quiet]);
    });
    it('a silence is made narrower and longer in plain words, and one without a value is not sent', async () => {
      const { page, sent } = await open('findings/quiet');
      await page.getByText('接続元のアドレスが「192.0.2.10」').waitFor();
      await page.getByRole('button', { name: '変える: 社内の点検の通信' }).click();
      await page.getByRole('button', { name: '条件を増やす' }).click();
      await page.getByRole('button', { name: '決まりを変える' }).click();
      await page.getByText('比べる中身を入れてください。').first().waitFor();
      assert.deepEqual(sent('suppressions.change'), []);
      const second = page.getByRole('group', { name: '条件2' });
      await second.getByLabel('比べ方').selectOption('startswith');
      await second.getByLabel('中身').fill('TENKEN');
      await page.getByLabel('いつまで').selectOption('90');
      await page.getByRole('button', { name: '決まりを変える' }).click();
      await toast(page).getByText('知らせない決まりを変えました').waitFor();
      assert.deepEqual(sent('suppressions.change').map((one) => one.body), [{ reason: '毎月の点検のときに出ます', days: 90, conditions: [{ field: 'source.ip', is: 'is', value: '192.0.2.10' }, { field: 'host.name', is: 'startswith', value: 'TENKEN' }] }]);
    });
    it('maintenance is announced by day and times, over midnight too, and taken back', async () => {
      const { page, sent } = await open('findings/maintenance');
      await page.getByLabel('始まる日').fill('2026-12-10');
      await page.getByLabel('始まり', { exact: true }).fill('22時半');
      await page.getByLabel('終わり', { exact: true }).fill('5時だよ');
      await page.getByLabel('何をするか').fill('停電の点検');
      await page.getByRole('button', { name: '登録する' }).click();
      await page.getByText('時刻は 9:00 のように入れてください。').first().waitFor();
      await page.getByLabel('終わり', { exact: true }).fill('５:00');
      await page.getByRole('button', { name: '登録する' }).click();
      await toast(page).getByText('保守の時間を登録しました').waitFor();
      const [body] = sent('maintenance.add').map((one) => one.body as { device: null; startsAt: string; endsAt: string; reason: string });
      assert.deepEqual([body!.device, body!.reason, (Date.parse(body!.endsAt) - Date.parse(body!.startsAt)) / 3_600_000], [null, '停電の点検', 6.5]);
      await toast(page).getByRole('button').first().click();
      await page.waitForTimeout(300);
      assert.deepEqual(sent('maintenance.end').map((one) => one.params['maintenance']), [ids.window]);
    });
  });

  describe('what was typed wrong is said where it was typed', () => {
    const saved: [string, unknown] = ['search.saved', { items: [], next: null }];
    const said = (page: Page) => page.getByRole('main').innerText();
    const calm = (text: string) => assert.doesNotMatch(text, /もう一度試す|記録は無事|伝える番号|電話してください/);
    it('a search that cannot be read says why, without alarm, and is not offered to be kept', async () => {
      const wrong = refusal(400, 'query_wrong', '探し方を直してください', '「(」と「)」の数が合っていません。', { requestId: 'req-1', fields: [{ at: 'q', message: '「(」と「)」の数が合っていません。' }] });
      const { page, server } = await open('search?q=(vpn', 'lead', [['search.events', wrong], ['search.counts', wrong], saved]);
      await page.getByRole('alert').getByText('「(」と「)」の数が合っていません。').waitFor();
      calm(await said(page));
      assert.equal(await page.getByRole('button', { name: 'この検索を保存' }).count(), 0);
      assert.deepEqual(await axe(page), []);
      const time = { from: '2026-11-22T00:00:00Z', to: '2026-11-23T00:00:00Z' };
      server.answers.set('search.events', () => ({ items: [], next: null, ...time }));
      server.answers.set('search.counts', () => ({ step: 'hour', total: 0, items: [], ...time }));
      await page.getByLabel('探す言葉').fill('vpn');
      await page.getByRole('button', { name: '探す', exact: true }).click();
      await page.getByRole('button', { name: 'この検索を保存' }).waitFor();
    });
    it('a field takes no more than can be asked, and says so; a longer address is not asked at all', async () => {
      const { page, sent } = await open('search', 'lead', [saved]);
      await page.getByLabel('探す言葉').fill('あ'.repeat(999));
      assert.equal(await page.getByText('1,000文字まで').count(), 0);
      await page.getByLabel('探す言葉').focus();
      await page.keyboard.press('End');
      await page.keyboard.insertText('いいい');
      await page.getByText('1,000文字まで').waitFor();
      assert.equal((await page.getByLabel('探す言葉').inputValue()).length, 1000);
      assert.deepEqual(await axe(page), []);
      const { page: trace } = await open('trace');
      await trace.getByLabel('手がかり').fill('a'.repeat(2048));
      await trace.getByText('2,048文字まで').waitFor();
      const { page: long } = await open(`search?q=${'a'.repeat(1001)}`, 'lead', [saved]);
      await long.getByText('探す言葉は1,000文字までにしてください。').waitFor();
      assert.deepEqual(sent('search.events'), []);
    });
    it('a trace of two values, and maintenance in the past', async () => {
      const { page } = await open('trace?q=a%20b', 'lead', [['trace.run', refusal(400, 'indicator_unread', '何を調べるか、読み取れません', '手がかりを一つだけ入れてください。', { requestId: 'req-2' })]]);
      await page.getByRole('alert').getByText('手がかりを一つだけ入れてください。').waitFor();
      calm(await said(page));
      const { page: past } = await open('findings/maintenance', 'lead', [['maintenance.add', refusal(422, 'maintenance_times', '日時を直してください', '終わりは、始まりと今よりあとの日時にしてください。', { requestId: 'req-3' })]]);
      await past.getByLabel('始まる日').fill('2020-12-10');
      await past.getByLabel('始まり', { exact: true }).fill('9:00');
      await past.getByLabel('終わり', { exact: true }).fill('12:00');
      await past.getByLabel('何をするか').fill('点検');
      await past.getByRole('button', { name: '登録する' }).click();
      await past.getByRole('alert').getByText('終わりは、始まりと今よりあとの日時にしてください。').waitFor();
      calm(await said(past));
    });
    it('what the contract refuses and no form marks is said in the words of its fields', async () => {
      const { page } = await open('trace?q=a', 'lead', [['trace.run', refusal(400, 'invalid', '入力を直してください', '印のついた欄を直すと進めます。', { fields: [{ at: '/indicator', message: '2048文字までにしてください。' }] })]]);
      await page.getByRole('alert').getByText('2048文字までにしてください。').waitFor();
      assert.doesNotMatch(await said(page), /印のついた欄/);
    });
  });

  describe('questions', () => {
    it('an answer is written and sent; an empty one is not', async () => {
      const { page, sent } = await open(`tickets/${ids.ticket}`);
      await page.getByRole('button', { name: '送る' }).click();
      await page.getByRole('alert').getByText('返事を入れてください。').waitFor();
      await page.getByLabel('返事', { exact: true }).fill('直りました。');
      await page.getByRole('button', { name: '送る' }).click();
      await toast(page).getByText('送りました').waitFor();
      assert.deepEqual(sent('tickets.reply').map((one) => one.body), [{ text: '直りました。' }]);
      assert.equal(await page.getByLabel('返事', { exact: true }).inputValue(), '');
    });
    it('settled in one press, and not settled after all', async () => {
      const { page, server, sent } = await open(`tickets/${ids.ticket}`);
      // From the press on, and not before: the page may still be asking for the question.
      server.answers.set('tickets.solved', () => void server.answers.set('tickets.get', () => ({ ...solvedDetail, satisfaction: null })));
      await page.getByRole('button', { name: '解決した' }).click();
      await toast(page).getByRole('button', { name: '元に戻す' }).click();
      await toast(page).getByText('元に戻しました').waitFor();
      assert.equal(sent('tickets.solved').length, 1);
      assert.equal(sent('tickets.reopen').length, 1);
    });
    it('whether it helped is one tap', async () => {
      const { page, sent } = await open(`tickets/${ids.solved}`);
      await page.getByRole('button', { name: '役に立った' }).click();
      await toast(page).getByText('ありがとうございます').waitFor();
      assert.deepEqual(sent('tickets.rate').map((one) => one.body), [{ rating: 'good' }]);
    });
    it('the desk’s wish to look is answered in one press, ended in one, and told when it is over', async () => {
      const { page, sent } = await open(`tickets/${ids.ticket}`);
      await page.getByText('デスクの窓口 太郎さんが、この相談を調べるために「ログ」を見てもよいか尋ねています。').waitFor();
      await page.getByRole('button', { name: '今回は見せない' }).click();
      await toast(page).getByText('「今回は見せない」と答えました').waitFor();
      await page.getByRole('button', { name: '許可する' }).click();
      await toast(page).getByText('許可しました').waitFor();
      assert.deepEqual(sent('looks.answer').map((one) => one.body), [{ allow: false }, { allow: true }]);
      const shown = async (last: object, role: Parameters<typeof open>[1] = 'lead') => open(`tickets/${ids.ticket}`, role, new Map([['tickets.get', { ...solvedDetail, id: ids.ticket, state: 'working', look: { ...asksLook, last: { ...asksLook.last, ...last } } }]]));
      const allowed = { state: 'allowed', answered: { at: '2026-11-20T01:00:00Z', by: '山田 花子' }, until: '2026-12-20T01:00:00Z' };
      const { page: running, sent: since } = await shown(allowed);
      await running.getByText('この相談が解決するまで（長くても12月20日').waitFor();
      await running.screenshot({ path: `${pictures}/lead-ticket-allowed-1280.png`, fullPage: true });
      await running.getByRole('button', { name: '許可をやめる' }).click();
      await toast(running).getByText('許可をやめました').waitFor();
      assert.equal(since('looks.withdraw').length, 1);
      for (const [how, words] of [['closed', '相談と一緒に終わりました'], ['withdrawn', 'にやめました'], ['expired', '期限が来て終わりました'], ['standing', '要らなくなりました']] as const) {
        const { page: over } = await shown({ ...allowed, state: 'ended', ended: { at: '2026-11-21T01:00:00Z', how } });
        await over.getByText(words).waitFor();
        assert.equal(await over.getByRole('button', { name: /許可/ }).count(), 0);
      }
      const { page: unanswered } = await shown({ state: 'ended', ended: { at: '2026-11-21T01:00:00Z', how: 'closed' } });
      await unanswered.getByText('お答えのないまま').waitFor();
      // Who may only read is told who answers.
      const { page: reader } = await shown({}, 'auditor');
      await reader.getByText('答えられるのは、担当者か経営者の方です。').waitFor();
      assert.equal(await reader.getByRole('button', { name: '許可する' }).count(), 0);
    });
    it('what the desk wrote stays text', async () => {
      const { page } = await open(`tickets/${ids.ticket}`);
      await page.getByText('<script>x</script>').waitFor();
    });
  });

  describe('asking', () => {
    it('an article that may answer is offered while one types, read beside, and ends the matter', async () => {
      const { page, sent } = await open('ask/question');
      await page.getByLabel('どんなことですか').fill('パスワードが切れました');
      await page.getByRole('button', { name: 'パスワードが切れたとき' }).click();
      const beside = page.getByRole('dialog', { name: 'パスワードが切れたとき' });
      await beside.getByText('<b>太字にはなりません</b>').waitFor();
      await page.screenshot({ path: join(pictures, 'lead-question-suggest-ja-1280.png') });
      assert.deepEqual(await axe(page), []);
      await beside.getByRole('button', { name: 'これで分かりました' }).click();
      await toast(page).getByText('よかったです').waitFor();
      assert.equal(sent('articles.helped').length, 1);
      assert.equal(await page.getByLabel('どんなことですか').inputValue(), 'パスワードが切れました', 'nothing typed is lost');
    });
    it('a question is sent once, and leads into its conversation', async () => {
      const { page, sent } = await open('ask/question');
      await page.getByLabel('どんなことですか').fill('共有フォルダが開けません');
      await page.getByLabel('くわしく').fill('今朝からです。');
      await page.reload();
      assert.equal(await page.getByLabel('くわしく').inputValue(), '今朝からです。', 'a draft outlives a reload');
      await page.getByRole('radio', { name: /^今すぐ/ }).check();
      await page.getByText('電話がいちばん早いです').waitFor();
      await page.getByLabel('折り返しの電話番号（任意）').fill('043-123-9999');
      await page.getByRole('button', { name: 'デスクに送る' }).dblclick();
      await page.waitForURL('**/tickets/*');
      assert.deepEqual(sent('tickets.ask').map((one) => one.body), [{ subject: '共有フォルダが開けません', message: '今朝からです。', urgency: 'now', callback: '043-123-9999' }]);
      await page.goto(page.url().replace(/tickets.*/, 'ask/question'));
      assert.equal(await page.getByLabel('くわしく').inputValue(), '', 'what was sent is no draft any more');
    });
    it('staff see two choices and the telephone, nothing they cannot read, and get a number', async () => {
      const { page, sent } = await open('ask', 'staff');
      assert.equal(await page.getByRole('main').getByRole('link', { name: /043-123-4567/ }).isVisible(), true);
      await page.getByRole('link', { name: /聞きたいことがある/ }).click();
      await page.getByLabel('どんなことですか').fill('印刷できません');
      await page.getByLabel('くわしく').fill('2階の複合機です。');
      await page.getByRole('button', { name: 'デスクに送る' }).click();
      await page.getByText('受付番号は 130 です。').waitFor();
      assert.equal(sent('tickets.list').length, 0);
      assert.equal(sent('tickets.get').length, 0);
    });
    it('a knowledge page is told that it helped', async () => {
      const { page, sent } = await open(`articles/${ids.article}`);
      await page.getByRole('button', { name: '役に立った' }).click();
      await toast(page).getByText('ありがとうございます').waitFor();
      assert.equal(sent('articles.helped').length, 1);
    });
  });

  describe('reports', () => {
    it('the running month’s report is made at once and opened', async () => {
      const { page, sent } = await open('reports');
      await page.getByRole('button', { name: '今月の分を今すぐ作る' }).click();
      await page.waitForURL(`**/reports/${thisMonth}`);
      assert.deepEqual(sent('reports.make').map((one) => one.params['month']), [thisMonth]);
    });
    it('an older version has an address of its own', async () => {
      const { page } = await open('reports');
      await page.getByRole('row').filter({ hasText: '第1版' }).first().getByRole('link').click();
      const asked = page.waitForRequest(/reports\/\d{4}-\d{2}\?version=1/);
      await page.reload();
      await asked;
    });
    it('a month without a report offers to make it', async () => {
      const { page, sent } = await open(`reports/${thisMonth}`, 'lead', new Map([['reports.get', refusal(404, 'not_closed_yet', 'この月の報告はまだありません', '翌月1日の朝にできます。')]]));
      await page.getByRole('heading', { name: 'この月の報告はまだありません' }).waitFor();
      await page.getByRole('button', { name: '今すぐ作る' }).click();
      await toast(page).getByText(/の報告書（第1版）を作りました/).waitFor();
      assert.equal(sent('reports.make').length, 1);
    });
    it('the PDF is saved under a name that says whose and when', async () => {
      const { page, sent } = await open(`reports/${lastMonth}`, 'lead', [['reports.pdf', '%PDF-1.7']]);
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: 'PDFで保存' }).click();
      assert.equal((await saved).suggestedFilename(), `報告書_北原製作所_${lastMonth}.pdf`);
      assert.deepEqual(sent('reports.pdf').map((one) => one.query), [{ version: '2' }]);
    });
    it('a PDF that cannot be made is said on the page and not saved as a broken file', async () => {
      const { page } = await open(`reports/${lastMonth}`, 'lead', new Map([['reports.pdf', refusal(503, 'pdf_unavailable', 'PDFを作れませんでした')]]));
      await page.getByRole('button', { name: 'PDFで保存' }).click();
      await page.getByRole('alert').getByText('PDFを作れませんでした').waitFor();
    });
    it('says which months are practice, and whether the month is over', async () => {
      const { page } = await open(`reports/${lastMonth}`, 'executive', new Map([['reports.get', { ...report, demonstration: true, partial: true }]]));
      await page.getByText('練習用のデータから作った報告書です。').waitFor();
      await page.getByText('この月はまだ終わっていません。').waitFor();
      assert.equal(await page.getByRole('button', { name: /今すぐ作る/ }).count(), 0);
    });
  });

  describe('where we stand', () => {
    it('prints on one A4, with its numbers and without controls', async () => {
      const { page } = await open('executive', 'executive');
      await page.locator('[role=img] svg').nth(1).waitFor();
      await page.evaluate(() => document.fonts.ready);
      const pdf = await page.pdf({ path: join(pictures, 'lead-executive-a4.pdf'), preferCSSPageSize: true });
      assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g)?.length, 1);
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 672, height: 950 });
      const outside = await page.locator('[role=img]').evaluateAll((charts) => charts.filter((chart) => (chart.querySelector('svg')?.getBoundingClientRect().right ?? 0) > chart.getBoundingClientRect().right + 1).length);
      assert.equal(outside, 0, 'pictures fit the paper');
      assert.equal(await page.getByRole('button', { name: '印刷する' }).isVisible(), false);
      assert.equal(await page.getByRole('cell', { name: '8,412件' }).isVisible(), true);
    });
    it('decisions lead to what they are about, and none is said plainly', async () => {
      const { page } = await open('executive', 'executive');
      await page.getByRole('link', { name: /気づきを見る/ }).waitFor();
      assert.equal(await page.getByRole('link', { name: /相談を見る/ }).getAttribute('href'), `/o/${org}/tickets/${ids.ticket}`);
      const calm = { verdict: { state: 'calm', text: '急いで手を打つことはありませんでした。' }, decisions: [], trend: [], thisMonth: { blocked: 0, openFindings: 0, openTickets: 0, silentSources: 0 }, latestReport: null, peers: null };
      const { page: second } = await open('executive', 'executive', new Map([['executive.get', calm]]));
      await second.getByText('今、決めていただくことはありません。').waitFor();
      await second.getByText('比べる月がまだありません。').waitFor();
      assert.deepEqual(await axe(second), []);
    });
  });

  for (const lang of ['ja', 'en'] as const) {
    for (const [name, path] of Object.entries(pages)) {
      it(`${name} is accessible and fits screen, phone and small phone (${lang})`, async () => {
        const { page } = await open(path, name === 'executive' ? 'executive' : 'lead', [], lang);
        await page.waitForSelector(`html[lang=${lang}]`);
        await settled(page);
        await fits(page, join(pictures, `lead-${name}-${lang}`));
      });
    }
  }
  it('nothing here needed anything the content policy refuses', () => {
    assert.deepEqual(browser.faults, []);
  });
});
