import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../build.ts';
import { axe, noBrowser, openBrowser, overflow, serve } from './browser.ts';

const pictures = join(fileURLToPath(new URL('../../..', import.meta.url)), 'artifacts', 'web');

describe('every building block', { skip: noBrowser ?? false }, () => {
  let site: Awaited<ReturnType<typeof serve>>;
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    site = await serve(await ensureBuilt({ log: () => {}, gallery: true }));
  });
  after(() => site.close());

  for (const lang of ['ja', 'en'] as const) {
    for (const scheme of ['light', 'dark'] as const) {
      it(`is accessible, fits the window and obeys the content policy (${lang}, ${scheme})`, async () => {
        const browser = await openBrowser({ width: 1280, scheme, lang });
        try {
          for (const path of ['gallery', 'gallery/frame']) {
            await browser.page.goto(`${site.origin}/${path}`);
            await browser.page.waitForSelector('h1');
            if (path === 'gallery') await browser.page.waitForSelector('[role=img] svg');
            await browser.page.evaluate(() => document.fonts.ready);
            for (const width of [1280, 390, 360]) {
              await browser.page.setViewportSize({ width, height: 900 });
              await browser.page.screenshot({ path: join(pictures, `${path.replace('/', '-')}-${lang}-${scheme}-${width}.png`), fullPage: path === 'gallery' });
              assert.equal(await overflow(browser.page), 0, `${path} is wider than ${width} px`);
              assert.deepEqual(await axe(browser.page), [], `${path} at ${width} px`);
            }
          }
          assert.deepEqual(browser.faults, []);
        } finally {
          await browser.close();
        }
      });
    }
  }
});
