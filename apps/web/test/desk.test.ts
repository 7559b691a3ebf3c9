import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { cellWords, lastAndBefore } from '../src/features/overview/cells.ts';
import { byHouse, clockWords, nextDue, spanWords } from '../src/features/desk/sla.ts';
import { formats } from '../src/texts/format.ts';
import { ja } from '../src/texts/ja.ts';
import { axe, fits, noBrowser, settled, toast } from './browser.ts';
import { federation, ids, looks, member, org, runningLook } from './desk.fixtures.ts';
import { refusal, type Miniature } from './miniature.ts';
import { useStage } from './stage.ts';

const pictures = join(fileURLToPath(new URL('../../..', import.meta.url)), 'artifacts');
const pages: Readonly<Record<string, string>> = {
  desk: 'desk', ticket: `desk/${ids.ticket}`, 'ticket-merged': `desk/${ids.merged}`, 'ticket-asked': `desk/${ids.second}`, 'ticket-allowed': `desk/${ids.third}`, phone: 'desk/phone', statistics: 'desk/statistics', templates: 'desk/templates', bursts: 'desk/bursts', rules: 'desk/rules',
  knowledge: 'knowledge', 'knowledge-edit': `knowledge/${ids.article}`, overview: 'overview', members: 'members', 'members-new': 'members/new', 'members-unknown': 'members/unknown',
  member: `members/${member(0)}`, 'member-no-lead': `members/${member(4)}`, 'federation-reports': 'federation-reports',
};

describe('the service clock in words', () => {
  const now = Date.parse('2021-11-22T10:00:00+09:00');
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  const clock = (state: 'new' | 'working' | 'waiting' | 'solved', sla: 'ok' | 'soon' | 'late' | 'paused' | 'met', first: number | null, solve: number | null) =>
    ({ state, sla: { state: sla, firstReplyDue: first === null ? null : at(first), solveDue: solve === null ? null : at(solve) } });
  const t = ja.desk.sla;
  it('runs out on screen by itself, without asking the server again', () => {
    assert.deepEqual(clockWords(clock('new', 'soon', 25, 400), now, t), { state: 'look', word: 'あと25分' });
    assert.deepEqual(clockWords(clock('new', 'soon', 25, 400), now + 65 * 60_000, t), { state: 'now', word: '40分遅れ' });
  });
  it('once the desk has replied, only the solution is due', () => {
    assert.equal(nextDue(clock('working', 'ok', 25, 400), now, true), now + 400 * 60_000);
    assert.equal(nextDue(clock('working', 'ok', 25, 400), now, false), now + 25 * 60_000);
    assert.equal(nextDue(clock('working', 'ok', -30, 400), now), now + 400 * 60_000);
    assert.equal(nextDue(clock('working', 'late', -30, 400), now), now - 30 * 60_000);
    assert.equal(nextDue(clock('working', 'ok', null, null), now), null);
  });
  it('stands while the member is asked, and says afterwards whether it was in time', () => {
    assert.equal(clockWords(clock('waiting', 'paused', -100, -10), now, t).word, '会員の返事待ち');
    assert.deepEqual(clockWords(clock('solved', 'met', -100, -10), now, t), { state: 'done', word: '時間内に解決' });
    assert.equal(clockWords(clock('solved', 'late', -100, -10), now, t).word, '遅れて解決');
  });
  it('never promises more time than there is', () => {
    assert.equal(spanWords(59_999, t), '0分');
    assert.equal(spanWords(119 * 60_000, t), '1時間');
    assert.equal(spanWords(71 * 3_600_000, t), '2日');
  });
  it('names nobody as asking when the house itself raised the ticket', () => {
    assert.equal(byHouse({ channel: 'finding', requester: { id: null, name: '番屋' } }), true);
    assert.equal(byHouse({ channel: 'phone', requester: { id: null, name: '荒木' } }), false);
  });
});

describe('the map’s cells in words', () => {
  const f = formats('ja', 'Asia/Tokyo');
  const say = (column: Parameters<typeof cellWords>[0], value: number | null, state: 'good' | 'look' | 'now' | 'unknown' | 'notShared') => {
    const { figure, word } = cellWords(column, { value, state }, f, ja.overview.cells);
    return [figure, word];
  };
  it('what is not shared has no figure, whatever the row holds', () => {
    assert.deepEqual(say('openNow', 3, 'notShared'), [null, '共有なし']);
  });
  it('what is not known is not told as well: an old figure says that it is old', () => {
    assert.deepEqual(say('openNow', 0, 'unknown'), ['0件', '古い数字']);
    assert.deepEqual(say('flowing', 0, 'unknown'), ['0台', '機器なし']);
    assert.deepEqual(say('leadSeen', null, 'unknown'), [null, 'まだ一度も']);
  });
  it('a member without a lead is told apart from one whose lead stays away', () => {
    assert.deepEqual(say('leadSeen', null, 'now'), [null, '担当者なし']);
    assert.deepEqual(say('leadSeen', 50, 'now'), ['50日前', '長く来ていません']);
  });
  it('compares the last four weeks with the four before, also when there are fewer', () => {
    assert.deepEqual(lastAndBefore([9, 1, 1, 1, 1, 2, 2, 2, 2]), { last: 8, before: 4 });
    assert.deepEqual(lastAndBefore([1, 2]), { last: 3, before: 0 });
  });
});

describe('the federation’s side', { skip: noBrowser ?? false }, () => {
  const browser = useStage(pictures);
  const open = async (path: string, { role = 'desk', prepare, lang }: { role?: Parameters<typeof federation>[0]; prepare?: (house: Miniature) => void; lang?: 'ja' | 'en' } = {}) => {
    const house = federation(role);
    prepare?.(house);
    const origin = await browser.site(house, lang);
    const { page } = browser;
    await page.goto(`${origin}/o/${org}/${path}`);
    await page.waitForSelector('h1');
    return { page, asked: house.asked, sent: house.sent };
  };
  const row = (page: Page, id: string) => page.locator(`[data-ticket="${id}"]`);

  for (const lang of ['ja', 'en'] as const) {
    for (const [name, path] of Object.entries(pages)) {
      it(`${name} is accessible and fits screen, phone and small phone (${lang})`, async () => {
        const { page } = await open(path, { role: name.startsWith('member') ? 'manager' : 'desk', lang });
        await page.waitForSelector(`html[lang=${lang}]`);
        await settled(page);
        await fits(page, join(pictures, `desk-${name}-${lang}`));
      });
    }
  }

  describe('the queue', () => {
    it('is worked from the keyboard: the line in hand is taken and settled, and both can be undone', async () => {
      const { page, sent } = await open('desk');
      await row(page, ids.ticket).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('a');
      await toast(page).getByText('#41 を自分の担当にしました').waitFor();
      await toast(page).getByRole('button', { name: '元に戻す' }).click();
      await toast(page).getByText('元に戻しました').waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('e');
      await toast(page).getByText('#42 を「解決」にしました').waitFor();
      await row(page, ids.second).waitFor({ state: 'detached' });
      // The next line is in hand now, so that the next key does not act on something out of sight.
      await page.waitForFunction((id) => document.activeElement?.closest('[data-ticket]')?.getAttribute('data-ticket') === id, ids.third);
      await toast(page).getByRole('button', { name: '元に戻す' }).click();
      await row(page, ids.second).waitFor();
      assert.deepEqual(sent('queue.update').map((c) => [c.params['ticket'], c.body]), [
        [ids.ticket, { assignee: 'me' }], [ids.ticket, { assignee: null, state: 'new' }],
        [ids.second, { state: 'solved' }], [ids.second, { state: 'working' }],
      ]);
    });
    it('opens a line with Enter, answers with R, and comes back to the same filter', async () => {
      const { page, sent } = await open('desk');
      await row(page, ids.ticket).waitFor();
      await page.getByRole('button', { name: '遅れ' }).click();
      await page.waitForURL('**/desk?late=yes');
      await row(page, ids.second).waitFor({ state: 'detached' });
      assert.equal(sent('queue.list').at(-1)?.query['late'], 'true');
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/desk/${ids.ticket}`);
      await page.goBack();
      await page.waitForURL('**/desk?late=yes');
      await row(page, ids.ticket).waitFor();
      assert.equal(await row(page, ids.third).count(), 0);
      await page.keyboard.press('j');
      await page.keyboard.press('r');
      await page.waitForURL('**#reply');
      await page.waitForFunction(() => document.activeElement?.id === 'field-text');
    });
    it('keeps letters as letters while somebody types, and lets the keys be switched off', async () => {
      const { page, sent } = await open('desk');
      await row(page, ids.ticket).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('jape');
      assert.equal(await page.getByLabel('件名・会員・番号で探す').inputValue(), 'jape');
      await page.getByText('当てはまる相談はありません').waitFor();
      await page.getByRole('button', { name: 'しぼり込みをやめる' }).click();
      await row(page, ids.ticket).waitFor();
      await page.locator('h1').click();
      await page.keyboard.press('?');
      await page.getByRole('switch', { name: '一文字のキーを使う' }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('p');
      await page.keyboard.press('j');
      await page.keyboard.press('e');
      assert.equal(await page.getByRole('dialog').count(), 0);
      assert.deepEqual(sent('queue.update'), []);
      await page.evaluate(() => localStorage.removeItem('banya.desk.keys'));
    });
    it('writes a note from the list, which goes to the notes and nowhere else', async () => {
      const { page, sent } = await open('desk');
      await row(page, ids.ticket).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('n');
      await page.getByRole('dialog').getByText('会員には見えません').waitFor();
      await page.getByRole('dialog').getByLabel('デスクのメモ').fill('社長に電話済み');
      await page.getByRole('button', { name: 'メモを残す' }).click();
      await toast(page).getByText('デスクのメモを書きました').waitFor();
      assert.deepEqual(sent('queue.note').map((c) => c.body), [{ text: '社長に電話済み' }]);
      assert.deepEqual(sent('queue.reply'), []);
    });
    it('says how long is left in words, never by colour alone', async () => {
      const { page } = await open('desk');
      await row(page, ids.ticket).getByText('40分遅れ').waitFor();
      await row(page, ids.second).getByText('あと25分').waitFor();
      await page.locator('[data-ticket]', { hasText: '退職した人' }).getByText('会員の返事待ち').waitFor();
    });
    it('says why an act was refused, and nothing else changes', async () => {
      const { page } = await open('desk', { prepare: (house) => house.answers.set('queue.update', () => refusal(409, 'ticket_merged', '別の相談にまとめてあります')) });
      await row(page, ids.ticket).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('a');
      await toast(page).getByText('できませんでした。別の相談にまとめてあります').waitFor();
    });
    it('says what an empty queue means, what failed, and who may see it', async () => {
      const empty = await open('desk', { prepare: (house) => house.answers.set('queue.list', () => ({ items: [], next: null })) });
      await empty.page.getByText('答えを待っている人はいません').waitFor();
      const broken = await open('desk', { prepare: (house) => house.answers.set('queue.list', () => refusal(500, 'internal', '表示できませんでした')) });
      await broken.page.getByRole('alert').getByText('表示できませんでした').waitFor();
      const refused = await open('desk', { prepare: (house) => house.answers.set('queue.list', () => refusal(403, 'forbidden', '', '見られるのは窓口です。')) });
      await refused.page.getByText('見られるのは窓口です。').waitFor();
      const other = await open('desk', { role: 'lead' });
      await other.page.getByRole('heading', { level: 1, name: 'この画面を見る権限がありません' }).waitFor();
      assert.deepEqual(other.sent('queue.list'), []);
    });
    it('holds its place while it is being read', async () => {
      let go = () => {};
      const { page } = await open('desk', { prepare: (house) => {
        const list = house.answers.get('queue.list')!;
        house.answers.set('queue.list', async (call) => { await new Promise<void>((done) => { go = done; }); return list(call); });
      } });
      await page.locator('[role=status][class*=lines]').first().waitFor();
      go();
      await row(page, ids.ticket).waitFor();
    });
  });

  describe('the phone form', () => {
    it('takes a call down from the keyboard alone: letters, Enter, one line, Enter', async (t) => {
      const { page, sent } = await open('desk');
      await row(page, ids.ticket).waitFor();
      const start = Date.now();
      await page.keyboard.press('p');
      await page.waitForFunction(() => document.activeElement?.id === 'field-caller');
      // A quick typist's pace; the Japanese here costs about as many keys as its reading in Latin letters.
      const pace = { delay: 110 };
      await page.keyboard.type('みなみ 佐藤', pace);
      await page.getByRole('option', { name: /佐藤 由美/ }).waitFor();
      await page.screenshot({ path: join(pictures, 'desk-phone-search-ja-1280.png') });
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement?.id === 'field-subject');
      await page.keyboard.type('請求書のメールを開いてよいか', pace);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      t.diagnostic(`a call taken down in ${((Date.now() - start) / 1000).toFixed(1)} s at ${pace.delay} ms a key`);
      assert.deepEqual(sent('queue.phone').map((c) => c.body), [{
        member: member(0), person: '0193f0a0-0000-7000-8000-000000000201', callback: '043-111-2222', subject: '請求書のメールを開いてよいか', message: '', urgency: 'normal', solved: false,
      }]);
    });
    it('takes down a caller who is on no list, settled on the phone', async () => {
      const { page, sent } = await open('desk/phone');
      await page.getByRole('combobox').fill('港通運');
      await page.getByRole('option').first().waitFor();
      await page.getByText('1件見つかりました').waitFor();
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement?.id === 'field-callerName');
      await page.keyboard.type('港の荒木');
      await page.getByLabel('用件').fill('画面が固まった');
      await page.getByText('今日中').click();
      await page.getByLabel('この場で解決した').check();
      await page.getByRole('button', { name: '記録する' }).click();
      await page.getByText('#60 を記録しました').waitFor();
      await page.waitForFunction(() => document.activeElement?.id === 'field-caller');
      assert.deepEqual(sent('queue.phone').map((c) => c.body), [{ member: member(3), callerName: '港の荒木', callback: '043-200-1003', subject: '画面が固まった', message: '', urgency: 'today', solved: true }]);
    });
    it('sends nothing without a member, and says what is missing', async () => {
      const { page, sent } = await open('desk/phone');
      await page.getByLabel('用件').fill('急ぎ');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('「誰から」で会員を選んでください。').waitFor();
      assert.deepEqual(sent('queue.phone'), []);
      assert.deepEqual(await axe(page), []);
    });
    it('asks nothing of the server for one letter: each look at people stands in a member’s ledger', async () => {
      const { page, sent } = await open('desk/phone');
      await page.getByRole('combobox').fill('み');
      await page.waitForTimeout(400);
      assert.deepEqual(sent('queue.members'), []);
    });
  });

  describe('a ticket', () => {
    it('is answered with a template and an article, and settled in one go', async () => {
      const { page, sent } = await open(`desk/${ids.ticket}`);
      await page.getByLabel('ひな形を入れる').selectOption({ label: '受け付けました' });
      await page.getByRole('button', { name: '記事を添える' }).click();
      await page.getByRole('dialog').getByText('訓練メールの考え方').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: '添える: LANケーブルを抜いたあとにすること' }).click();
      await page.getByText('記事「LANケーブルを抜いたあとにすること」を添えます').waitFor();
      await page.getByLabel('解決', { exact: true }).check();
      await page.locator('#field-text').focus();
      await page.keyboard.press('Control+Enter');
      await toast(page).getByText('返事を送りました').waitFor();
      assert.deepEqual(sent('queue.reply').map((c) => c.body), [{ text: 'ご相談ありがとうございます。\n確かめて、今日中にお返事します。', then: 'solved', article: ids.article }]);
      assert.equal(await page.locator('#field-text').inputValue(), '');
    });
    it('keeps what was written but not sent, and sends nothing empty', async () => {
      const { page, sent } = await open(`desk/${ids.ticket}`);
      await page.locator('#field-text').fill('確かめています');
      await page.reload();
      await page.waitForFunction(() => (document.querySelector('#field-text') as HTMLTextAreaElement | null)?.value === '確かめています');
      await page.locator('#field-text').fill('');
      await page.getByRole('button', { name: '返事を送る' }).click();
      await page.getByRole('alert').getByText('返事を入れてください。').waitFor();
      assert.deepEqual(sent('queue.reply'), []);
    });
    it('shows the desk’s notes apart from what the member reads', async () => {
      const { page } = await open(`desk/${ids.ticket}`);
      const note = page.locator('[data-kind=note]', { hasText: '社長にはまだ伝えていない' });
      await note.getByText('デスクだけのメモ。会員には見えません').waitFor();
    });
    it('is merged into another of the same member, and the merge can be undone', async () => {
      const { page, sent } = await open(`desk/${ids.ticket}`);
      await page.getByRole('button', { name: 'ほかの相談にまとめる' }).click();
      await page.getByRole('dialog').getByText('UTMの更新の見積もりが高い気がします').waitFor();
      assert.equal(await page.getByRole('dialog').getByText('請求書のメールは').count(), 0);
      await page.getByRole('button', { name: 'ここにまとめる: #43 UTMの更新の見積もりが高い気がします' }).click();
      await toast(page).getByText('#43 にまとめました').waitFor();
      await toast(page).getByRole('button', { name: '元に戻す' }).click();
      await toast(page).getByText('元に戻しました').waitFor();
      assert.deepEqual(sent('queue.merge').map((c) => c.body), [{ into: ids.third }]);
      assert.equal(sent('queue.unmerge').length, 1);
    });
    it('that came by mail names what it may belong to, and one press merges it, undone as easily', async () => {
      const { page, sent } = await open(`desk/${ids.ticket}`, { prepare: (house) => {
        const answer = house.answers.get('queue.get');
        house.answers.set('queue.get', (call) => ({ ...(answer?.(call) as object), related: [{ id: ids.third, number: 43, subject: 'UTMの更新の見積もりが高い気がします', state: 'working' }, { id: ids.second, number: 12, subject: 'もう済んだ話', state: 'solved' }] }));
      } });
      await page.getByRole('heading', { name: '同じ話かもしれない相談' }).waitFor();
      assert.equal(await page.getByRole('link', { name: 'もう済んだ話' }).getAttribute('href'), `/o/${org}/desk/${ids.second}`);
      assert.equal(await page.getByRole('button', { name: /ここにまとめる/ }).count(), 1, 'what is solved takes nothing in');
      assert.deepEqual(await axe(page), []);
      await page.screenshot({ path: join(pictures, 'desk-ticket-related-ja-1280.png'), fullPage: true });
      await page.getByRole('button', { name: 'ここにまとめる: #43' }).click();
      await toast(page).getByText('#43 にまとめました').waitFor();
      await toast(page).getByRole('button', { name: '元に戻す' }).click();
      await toast(page).getByText('元に戻しました').waitFor();
      assert.deepEqual(sent('queue.merge').map((c) => c.body), [{ into: ids.third }]);
      assert.equal(sent('queue.unmerge').length, 1);
      const { page: plain } = await open(`desk/${ids.ticket}`);
      await plain.getByRole('button', { name: 'ほかの相談にまとめる' }).waitFor();
      assert.equal(await plain.getByRole('heading', { name: '同じ話かもしれない相談' }).count(), 0);
    });
    it('that was merged says where it goes on and takes no answer', async () => {
      const { page } = await open(`desk/${ids.merged}`);
      await page.getByRole('link', { name: 'まとめた先を開く' }).waitFor();
      assert.equal(await page.locator('#field-text').count(), 0);
    });
    it('leads to the member’s finding only as far as the member shares its alerts', async () => {
      const shared = await open(`desk/${ids.ticket}`);
      await shared.page.getByRole('link', { name: '気づきを開く' }).waitFor();
      const closed = await open(`desk/${ids.ticket}`, { prepare: (house) => house.answers.set('consents.get', () => ({ federation: null, items: [], tickets: [], history: [] })) });
      await closed.page.getByText('この会員は気づきを共有していません').waitFor();
      assert.equal(await closed.page.getByRole('link', { name: '気づきを開く' }).count(), 0);
    });
    it('asks with one click to look into logs that are not shared, and offers the ways in while it is allowed', async () => {
      const { page, sent } = await open(`desk/${ids.ticket}`);
      await page.getByText('この会員は「ログ」を共有していません').waitFor();
      assert.equal(await page.getByRole('link', { name: 'ログを探す' }).count(), 0);
      await page.getByRole('button', { name: '見てもよいか尋ねる' }).click();
      await toast(page).getByText('会員に尋ねました').waitFor();
      assert.deepEqual(sent('looks.ask').map((c) => c.params['ticket']), [ids.ticket]);
      const { page: waiting } = await open(`desk/${ids.second}`);
      await waiting.getByText('「ログ」を見てもよいか尋ねました').waitFor();
      assert.equal(await waiting.getByRole('button', { name: /尋ねる/ }).count(), 0);
      const { page: allowed } = await open(`desk/${ids.third}`);
      assert.equal(await allowed.getByRole('link', { name: 'ログを探す' }).getAttribute('href'), `/o/${member(0)}/search`);
      assert.equal(await allowed.getByRole('link', { name: '広がりを調べる' }).last().getAttribute('href'), `/o/${member(0)}/trace`);
      const over = { ...runningLook, state: 'ended', ended: { at: new Date().toISOString(), how: 'withdrawn' } };
      const refused = { ...runningLook, state: 'refused', until: null };
      for (const [last, words] of [[over, '会員がやめました'], [refused, '佐藤 由美さんの返事です']] as const) {
        const { page: ended } = await open(`desk/${ids.third}`, { prepare: () => void (looks[ids.third] = { missing: ['logs'], last }) });
        await ended.getByText(words).waitFor();
        await ended.getByRole('button', { name: 'もう一度尋ねる' }).waitFor();
        assert.equal(await ended.getByRole('link', { name: 'ログを探す' }).count(), 0);
      }
      looks[ids.third] = { missing: ['logs'], last: runningLook };
      const { page: card } = await open(`members/${member(0)}`, { role: 'manager' });
      await card.getByRole('link', { name: '相談 #43' }).waitFor();
      await card.getByRole('link', { name: 'ログを探す' }).waitFor();
    });
    it('is given to a colleague and made urgent at once, each with a way back', async () => {
      const { page, sent } = await open(`desk/${ids.ticket}`);
      await page.locator('aside').getByLabel('担当').selectOption({ label: '鈴木 一郎' });
      await toast(page).getByText('#41 の担当を鈴木 一郎さんにしました').waitFor();
      await page.locator('aside').getByLabel('急ぎ方').selectOption({ label: '通常' });
      await toast(page).getByText('#41 の急ぎ方を「通常」にしました').waitFor();
      assert.deepEqual(sent('queue.update').map((c) => c.body), [{ assignee: ids.colleague }, { urgency: 'normal' }]);
    });
    it('of another federation is a plain nothing', async () => {
      const { page } = await open('desk/0193f0a0-0000-7000-8000-000000009999', { prepare: (house) => house.answers.set('queue.get', () => refusal(404, 'not_found', '')) });
      await page.getByText('このページは見つかりません').waitFor();
    });
  });

  describe('templates and articles', () => {
    it('a removed template comes back as it was, under its own id', async () => {
      const { page, sent } = await open('desk/templates');
      await page.getByRole('button', { name: '消す: 受け付けました' }).click();
      await toast(page).getByRole('button', { name: '元に戻す' }).click();
      await toast(page).getByText('元に戻しました').waitFor();
      assert.deepEqual(sent('templates.save').map((c) => [c.params['template'], c.body]), [[ids.template, { name: '受け付けました', text: 'ご相談ありがとうございます。\n確かめて、今日中にお返事します。', lang: 'ja' }]]);
    });
    it('a new template gets an id of its own and is not sent without words', async () => {
      const { page, sent } = await open('desk/templates');
      await page.getByRole('button', { name: 'ひな形を書く' }).click();
      await page.getByLabel('名前').fill('お礼');
      await page.getByRole('button', { name: '保存する' }).click();
      await page.getByRole('alert').getByText('本文を入れてください。').waitFor();
      assert.deepEqual(sent('templates.save'), []);
      await page.getByLabel('本文').fill('ありがとうございました。');
      await page.getByRole('button', { name: '保存する' }).click();
      await toast(page).getByText('「お礼」を保存しました').waitFor();
      assert.match(sent('templates.save')[0]?.params['template'] ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    });
    it('an article needs Japanese only, and is seen beforehand as members will see it', async () => {
      const { page, sent } = await open('knowledge/new');
      await page.getByRole('button', { name: '保存する' }).click();
      await page.getByRole('alert').getByText('題を入れてください。').waitFor();
      await page.getByLabel('題').first().fill('USBメモリの使い方');
      await page.getByLabel('要点').first().fill('会社のものだけ。');
      await page.getByLabel('本文').first().fill('- 貸し借りしない');
      await page.locator('aside').getByRole('listitem').getByText('貸し借りしない').waitFor();
      await page.getByRole('switch', { name: '会員に公開する' }).click();
      await page.getByRole('button', { name: '保存する' }).click();
      await toast(page).getByText('「USBメモリの使い方」を保存しました').waitFor();
      assert.deepEqual(sent('articles.create').map((c) => c.body), [{ title: { ja: 'USBメモリの使い方' }, summary: { ja: '会社のものだけ。' }, body: { ja: '- 貸し借りしない' }, published: true }]);
    });
  });

  describe('the members', () => {
    it('the map says each figure in words, what is not shared has none, and a row opens the member', async () => {
      const { page, sent } = await open('overview');
      await page.getByText('13会員に、今すぐの気づきが3件あります。').waitFor();
      const line = (name: string) => page.getByRole('row', { name: new RegExp(name) });
      await line('大橋印刷').getByText('共有なし').first().waitFor();
      assert.doesNotMatch((await line('大橋印刷').innerText()).replace('大橋印刷', ''), /[1-9]/);
      await line('白樺福祉会').getByText('担当者なし').waitFor();
      await page.getByLabel('会員の名前で探す').fill('南浜');
      await line('北原製作所').waitFor({ state: 'detached' });
      assert.equal(sent('overview.get').at(-1)?.query['q'], '南浜');
      await page.getByRole('link', { name: '南浜水産' }).click();
      await page.waitForURL(`**/members/${member(0)}`);
      await page.getByRole('link', { name: '043-111-2222' }).waitFor();
      await page.getByRole('link', { name: '気づき', exact: true }).waitFor();
    });
    it('a corporate number with a wrong digit is told before anything is sent', async () => {
      const { page, sent } = await open('members/new', { role: 'manager' });
      await page.getByLabel('会員の名前').fill('浜風商店');
      await page.getByLabel('法人番号').fill('１２３４５６７８９０１２３');
      await page.getByLabel('氏名').fill('浜田 進');
      await page.getByLabel('メールアドレス').fill('hamada@example.jp');
      await page.getByRole('button', { name: '登録する' }).click();
      await page.getByRole('alert').getByText('法人番号のどこかの数字が違うようです').waitFor();
      assert.deepEqual(sent('orgs.create'), []);
      await page.getByLabel('法人番号').fill('8000012010038');
      await page.getByLabel('業種').selectOption({ label: 'I　卸売業、小売業' });
      await page.getByLabel('規模').selectOption({ label: '6〜20人' });
      await page.getByLabel('都道府県').selectOption({ label: '千葉県' });
      await page.getByRole('button', { name: '登録する' }).click();
      await toast(page).getByText('「浜風商店」を登録しました').waitFor();
      assert.deepEqual(sent('orgs.create').map((c) => c.body), [{ kind: 'member', name: '浜風商店', corporateNumber: '8000012010038', industry: 'I', sizeBand: '6-20', prefecture: '12', lead: { name: '浜田 進', email: 'hamada@example.jp' } }]);
    });
    it('a member without a lead says so, and one is registered from its card', async () => {
      const { page, sent } = await open(`members/${member(4)}`, { role: 'manager' });
      await page.getByText('この会員には、まだ担当者がいません。').waitFor();
      await page.getByRole('button', { name: '人を登録する' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('氏名').fill('白井 緑');
      await dialog.getByRole('button', { name: '人を登録する' }).click();
      await dialog.getByRole('alert').getByText('メールアドレスを入れてください。').waitFor();
      assert.deepEqual(sent('people.create'), []);
      await dialog.getByLabel('メールアドレス').fill('shirai@example.jp');
      await dialog.getByRole('button', { name: '人を登録する' }).click();
      await toast(page).getByText('白井 緑さんを登録しました').waitFor();
      assert.deepEqual(sent('people.create').map((c) => [c.params['org'], c.body]), [[member(4), { name: '白井 緑', emails: ['shirai@example.jp'] }]]);
      assert.deepEqual(sent('roles.grant').map((c) => [c.params['org'], c.body]), [[member(4), { person: '0193f0a0-0000-7000-8000-000000000209', role: 'lead' }]]);
    });
    it('the desk registers nobody: that is for managers and operators', async () => {
      const { page } = await open('members');
      await page.getByRole('link', { name: '南浜水産' }).waitFor();
      assert.equal(await page.getByRole('link', { name: '会員を登録する' }).count(), 0);
      const other = await open('members/new');
      await other.page.getByRole('heading', { level: 1, name: 'この画面を見る権限がありません' }).waitFor();
    });
    it('an unregistered sender is registered for a member, and this can be undone', async () => {
      const { page, sent } = await open('members/unknown');
      await page.getByRole('button', { name: '198.51.100.7 を登録する' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('combobox', { name: '会員' }).fill('南浜');
      await page.getByRole('option', { name: '南浜水産' }).click();
      await dialog.getByLabel('種類').selectOption({ label: 'FortiGate（UTM）' });
      await dialog.getByRole('button', { name: '登録する' }).click();
      await toast(page).getByText('「FGT60F-01」を南浜水産の機器として登録しました').waitFor();
      assert.deepEqual(sent('unknownSenders.register').map((c) => [c.params['key'], c.body]), [['udp 198.51.100.7', { member: member(0), name: 'FGT60F-01', family: 'fortigate' }]]);
      await toast(page).getByRole('button', { name: '元に戻す' }).click();
      await toast(page).getByText('元に戻しました').waitFor();
      assert.deepEqual(sent('sources.archive').map((c) => c.params), [{ org: member(0), source: ids.source }]);
    });
    it('a sender that a member registered is confirmed with one press, with how many lines came and since when beside it', async () => {
      const { page, sent } = await open('members/unknown');
      const row = page.getByRole('row', { name: /本社のUTM/ });
      await row.getByText(/420行/).waitFor();
      await row.getByRole('button', { name: '「本社のUTM」を確かめた' }).click();
      await toast(page).getByText('南浜水産の「本社のUTM」の受け取りを始めました').waitFor();
      assert.deepEqual(sent('unknownSenders.confirm').map((c) => [c.params['source'], c.body]), [[ids.source, { member: member(0), match: { by: 'address', listener: 'tcp', address: '203.0.113.20', headerHost: null } }]], 'what the desk saw is what it confirms');
    });
    it('the federation’s report is made for the month chosen, and each version has its own PDF', async () => {
      const { page, sent } = await open('federation-reports');
      assert.match((await page.getByRole('link', { name: 'PDFを開く' }).first().getAttribute('href')) ?? '', /federation-reports\/2021-10\/pdf\?version=2$/);
      const month = await page.getByLabel('月', { exact: true }).inputValue();
      await page.getByRole('button', { name: '今すぐ作る' }).click();
      await toast(page).getByText('の報告書を作りました').waitFor();
      assert.deepEqual(sent('federationReports.make').map((c) => c.params['month']), [month]);
    });
  });

  it('nothing here needed anything the content policy refuses', () => {
    assert.deepEqual(browser.faults, []);
  });
});
