import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { axe, noBrowser, overflow } from './browser.ts';
import { member, org } from './lead.fixtures.ts';
import { traced } from './trace.fixtures.ts';
import { useStage } from './stage.ts';

const pictures = join(fileURLToPath(new URL('../../..', import.meta.url)), 'artifacts');

describe('the picture of a spread', { skip: noBrowser ?? false }, () => {
  const browser = useStage(pictures);
  const open = async (machines: number): Promise<Page> => {
    const origin = await browser.site(member('lead', [['trace.run', traced(machines)]]));
    await browser.page.goto(`${origin}/o/${org}/trace?q=portal.evil-login.example`);
    await browser.page.getByRole('heading', { name: '広がりの図' }).waitFor();
    await browser.page.evaluate(() => document.fonts.ready);
    return browser.page;
  };
  /** What the picture that is seen says: kind of place and name. */
  const places = (page: Page) => page.locator('main figure svg').evaluateAll((drawn) => drawn.filter((svg) => getComputedStyle(svg).display !== 'none').flatMap((svg) => [...svg.querySelectorAll('[data-place]')].map((g) => [g.getAttribute('data-place')!, g.getAttribute('data-name')!] as const)));

  it('names the same as the table, says it in words for who does not see it, and fits a phone, a desk and paper', async () => {
    const page = await open(4);
    await page.getByText('つながりを表で見る').click();
    const table = new Set(await page.getByRole('table', { name: /手がかりからのつながり/ }).locator('tbody tr').evaluateAll((rows) => rows.flatMap((row) => [...row.querySelectorAll('td')].slice(0, 2).map((cell) => cell.textContent!))));
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(300);
      assert.equal(await page.getByRole('img', { name: /広がりの図。.*同じ内容が/ }).count(), 1, 'one of both pictures is there');
      const shown = await places(page);
      assert.deepEqual(new Set(shown.filter(([place]) => place === 'one').map(([, name]) => name)), table);
      assert.deepEqual(shown.filter(([place]) => place === 'unknown'), [['unknown', '倉庫のルーター']]);
      // Words stay in their boxes: what was estimated is what the font draws.
      assert.deepEqual(await page.locator('main figure svg g').evaluateAll((groups) => groups.flatMap((g) => {
        const box = g.querySelector('rect')!.getBoundingClientRect();
        return box.width === 0 ? [] : [...g.querySelectorAll('text')].filter((text) => text.getBoundingClientRect().right > box.right + 0.5 || text.getBoundingClientRect().bottom > box.bottom + 0.5).map((text) => text.textContent);
      })), []);
      assert.ok((await page.locator('main figure svg text:visible').first().evaluate((text) => text.getBoundingClientRect().height)) >= 13, 'its words can be read');
      assert.equal(await overflow(page), 0);
      assert.deepEqual(await axe(page), []);
      await page.screenshot({ path: join(pictures, `trace-picture-${width}.png`), fullPage: true });
    }
    assert.match(await page.locator('main figcaption').innerText(), /破線：おそらく、または念のため.*点線：分からない.*二重の枠/);
    await page.setViewportSize({ width: 800, height: 900 });
    await page.emulateMedia({ media: 'print' });
    assert.equal((await places(page)).length, 13, 'one picture on paper');
    await page.screenshot({ path: join(pictures, 'trace-picture-print.png'), fullPage: true });
    await page.emulateMedia({ media: null });
    await page.setViewportSize({ width: 1280, height: 900 });
    assert.deepEqual(browser.faults, []);
  });

  it('of very many machines draws the gravest and counts the others', async () => {
    const page = await open(300);
    const shown = await places(page);
    assert.ok(shown.length <= 40, String(shown.length));
    assert.deepEqual(shown.filter(([place]) => place === 'more'), [['more', 'ほかに290台・2人']]);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(300);
      assert.equal(await overflow(page), 0);
      await page.locator('main figure').screenshot({ path: join(pictures, `trace-picture-many-${width}.png`) });
    }
    assert.deepEqual(browser.faults, []);
  });
});
