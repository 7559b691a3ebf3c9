import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { TestPerson } from '../apps/server/test/house.ts';
import { axe, openBrowser, overflow, settled } from '../apps/web/test/browser.ts';

/** A person before the pages of a running Banya. */
export interface Visit {
  readonly page: Page;
  readonly faults: string[];
  /** A path below /o/, or a whole address. */
  go(path: string): Promise<void>;
  /** Pictures for a phone and for a desk; what axe and the width of the window find is added to `wrong`. */
  shot(name: string): Promise<void>;
}

/** Where pictures go, what their names begin with, and where faults are gathered, so that a walk is walked to its end. */
export interface Album {
  readonly folder: string;
  readonly prefix: string;
  readonly wrong: string[];
}

/** Signs a person in by the session it has. */
export async function visit(t: TestContext, url: string, person: TestPerson, { folder, prefix, wrong }: Album): Promise<Visit> {
  const { context, page, faults, close } = await openBrowser({ width: 1280, lang: 'ja' });
  t.after(close);
  const [name, value] = person.cookie.split('=', 2) as [string, string];
  await context.addCookies([{ name, value, url }]);
  return {
    page, faults,
    go: async (path) => {
      await page.goto(path.startsWith('http') ? path : `${url}/o/${path}`);
      await settled(page);
    },
    async shot(shown) {
      await settled(page);
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
        // What sticks to the window would stand in the middle of a picture of the whole page.
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: `${folder}${prefix}-${shown}-${width}.png`, fullPage: true });
        wrong.push(...(await axe(page)).map((found) => `${shown} at ${width}: ${found}`));
        if ((await overflow(page)) > 0) wrong.push(`${shown} is wider than ${width} pixels`);
      }
    },
  };
}
