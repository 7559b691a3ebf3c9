import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ensureBuilt } from '../build.ts';
import { axe, noBrowser, openBrowser, overflow, serve } from './browser.ts';

/** What has focus now: its name or text. */
const focused = () => {
  const at = document.activeElement;
  return at?.getAttribute('aria-label') ?? at?.textContent ?? '';
};

describe('building blocks in use', { skip: noBrowser ?? false }, () => {
  let site: Awaited<ReturnType<typeof serve>>;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  before(async () => {
    site = await serve(await ensureBuilt({ log: () => {}, gallery: true }));
    browser = await openBrowser({ width: 1280 });
  });
  after(async () => {
    await browser.close();
    await site.close();
  });
  const open = async () => {
    await browser.page.goto(`${site.origin}/gallery`);
    await browser.page.waitForSelector('h1');
    return browser.page;
  };

  it('a dialog keeps focus inside, closes by Escape and gives focus back', async () => {
    const page = await open();
    await page.getByRole('button', { name: '会員を外す' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: '南浜水産を会員から外しますか' });
    await dialog.waitFor();
    for (let i = 0; i < 5; i += 1) await page.keyboard.press('Tab');
    assert.equal(await dialog.evaluate((d) => d.contains(document.activeElement)), true);
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent === '会員を外す');
    assert.equal(await page.evaluate(() => document.documentElement.classList.contains('dialogOpen')), false);
  });

  it('a drawer opens from the side and is accessible', async () => {
    const page = await open();
    await page.getByRole('button', { name: '証跡を見る' }).click();
    await page.getByRole('dialog', { name: '証跡' }).waitFor();
    assert.deepEqual(await axe(page), []);
  });

  it('a list is walked by J and K, and Enter opens', async () => {
    const page = await open();
    await page.getByRole('region', { name: '会員の一覧', exact: true }).focus();
    await page.keyboard.press('j');
    assert.equal(await page.evaluate(focused), '青葉会計事務所');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    assert.equal(await page.evaluate(focused), '港町運輸');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/gallery/frame');
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    assert.equal(await page.evaluate(focused), '今週やること', 'focus goes to the new page’s title');
  });

  it('a letter typed into a list’s filter is a letter, not a command', async () => {
    const page = await open();
    await page.getByLabel('名前で探す').pressSequentially('jk');
    assert.equal(await page.getByLabel('名前で探す').inputValue(), 'jk');
    await page.getByText('当てはまるものはありません').first().waitFor();
  });

  it('sorting is said to screen readers and goes up, down and back', async () => {
    const page = await open();
    const heading = page.getByRole('columnheader', { name: '人数' }).first();
    for (const order of ['ascending', 'descending', null]) {
      await heading.getByRole('button').click();
      assert.equal(await heading.getAttribute('aria-sort'), order);
    }
  });

  it('the choice of columns is remembered on this device', async () => {
    const page = await open();
    await page.getByRole('button', { name: '表示する列' }).click();
    await page.getByRole('checkbox', { name: '人数' }).uncheck();
    assert.deepEqual(await axe(page), []);
    await open();
    await page.getByRole('columnheader', { name: '点数' }).waitFor();
    assert.equal(await page.getByRole('columnheader', { name: '人数' }).count(), 0);
    await page.evaluate(() => localStorage.clear());
  });

  it('a refused form lists its errors, takes focus there, and binds each to its field', async () => {
    const page = await open();
    await page.getByRole('button', { name: '送る', exact: true }).click();
    const summary = page.getByRole('alert').filter({ hasText: '次の点を直してください' });
    await summary.waitFor();
    assert.equal(await summary.evaluate((s) => s === document.activeElement), true);
    assert.deepEqual(await axe(page), []);
    await summary.getByRole('link', { name: /^電話番号は数字/ }).click();
    const phone = page.getByLabel('電話番号', { exact: true });
    assert.equal(await phone.evaluate((f) => f === document.activeElement), true);
    assert.equal(await phone.getAttribute('aria-invalid'), 'true');
    const said = await phone.evaluate((f) => (f.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent).join(' '));
    assert.match(said, /043-123-4567/);
    await phone.fill('043-123-4567');
    assert.equal(await phone.getAttribute('aria-invalid'), null, 'the error goes as soon as the field changes');
  });

  it('one of very many is found by typing and chosen by keyboard', async () => {
    const page = await open();
    const field = page.getByRole('combobox', { name: '業種（任意）' });
    await field.click();
    await field.pressSequentially('運');
    await page.getByRole('option', { name: '運輸業' }).waitFor();
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.equal(await field.inputValue(), '運輸業');
  });

  it('what was done can be taken back from the message that says so', async () => {
    const page = await open();
    await page.getByRole('button', { name: '閉じてみる' }).click();
    const shelf = page.locator('[aria-live=polite]');
    await shelf.getByText('気づきを閉じました').waitFor();
    await shelf.getByRole('button', { name: '元に戻す' }).click();
    await shelf.getByText('元に戻しました').waitFor();
  });

  it('a file of the wrong kind is refused in words', async () => {
    const page = await open();
    await page.getByLabel('会員の名簿').setInputFiles({ name: 'meibo.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') });
    await page.getByText('「meibo.pdf」は使えません。.xlsx .csv のファイルを選んでください。').waitFor();
  });

  it('language and brightness are switched in the person’s menu and kept', async () => {
    const page = await open();
    await page.getByRole('button', { name: '山田 花子さんのメニュー' }).press('Enter');
    assert.deepEqual(await axe(page), []);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'What do the building blocks look like?' }).waitFor();
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    await page.getByRole('button', { name: 'Menu of Hanako Yamada' }).click();
    await page.getByRole('button', { name: 'Dark', exact: true }).click();
    await open();
    await page.getByRole('heading', { name: 'What do the building blocks look like?' }).waitFor();
    assert.equal(await page.getAttribute('html', 'data-mantine-color-scheme'), 'dark');
    await page.evaluate(() => localStorage.clear());
  });

  it('the organisation is switched in a list that is searched', async () => {
    const page = await open();
    await page.getByRole('button', { name: '組織を切り替える: 南浜水産' }).click();
    const dialog = page.getByRole('dialog', { name: '組織を切り替える' });
    await dialog.getByRole('button', { name: /北原製作所/ }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('the page can be used at 200 % zoom without scrolling sideways', async () => {
    await browser.page.setViewportSize({ width: 640, height: 450 });
    const page = await open();
    assert.equal(await overflow(page), 0);
    await browser.page.setViewportSize({ width: 1280, height: 900 });
  });

  it('on paper there is the content, the organisation and the desk’s number, and no controls', async () => {
    const page = await open();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.getByRole('navigation').first().isVisible(), false);
    assert.equal(await page.getByText('デスクの電話 043-123-4567').isVisible(), true);
    assert.equal(await page.getByRole('button', { name: 'もっと見る' }).isVisible(), false);
    await page.setViewportSize({ width: 672, height: 950 });
    assert.equal(await page.getByRole('columnheader', { name: '点数' }).isVisible(), true, 'a list stays a table on A4');
    await page.setViewportSize({ width: 1280, height: 900 });
    assert.equal(await page.getByRole('heading', { name: '会員の一覧' }).isVisible(), true);
    await page.emulateMedia({ media: 'screen' });
  });

  it('none of this needed anything the content policy refuses', () => {
    assert.deepEqual(browser.faults, []);
  });
});
