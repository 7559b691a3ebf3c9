import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before } from 'node:test';
import { ensureBuilt } from '../build.ts';
import { openBrowser, serve, type Api } from './browser.ts';
import type { Miniature } from './miniature.ts';

/**
 * For a block of tests: one browser, one server of the built application, and a folder of pictures. All but the pictures is gone after the last test.
 * The application stays at one address, so that the browser keeps its files and compiles them once.
 */
export function useStage(pictures: string) {
  let browser: Awaited<ReturnType<typeof openBrowser>> | undefined;
  let site: Awaited<ReturnType<typeof serve>> | undefined;
  let api: Api = () => undefined;
  const played: Miniature[] = [];
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    site = await serve(await ensureBuilt({ log: () => {}, gallery: true }), (...asked) => api(...asked));
    browser = await openBrowser({ width: 1280 });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    assert.deepEqual(played.flatMap((one) => one.faults), [], 'what was sent or answered was outside the contract');
  });
  return {
    get page() { return browser!.page; },
    /** What scripts and the content policy complained of. A refusal, or a route without an answer, is no fault. */
    get faults() { return browser!.faults.filter((fault) => !/Failed to load resource/.test(fault)); },
    /** From now on this server answers; what pages kept in the browser is gone, but for the language, if one is chosen. @returns where the application is */
    site: async (server: Miniature, lang?: 'ja' | 'en'): Promise<string> => {
      const { page } = browser!;
      const { origin } = site!;
      // Away from the page of before: it could ask the next server.
      await page.goto(`${origin}/empty`);
      await page.evaluate((chosen) => {
        localStorage.clear();
        sessionStorage.clear();
        if (chosen) localStorage.setItem('banya.lang', chosen);
      }, lang);
      played.push(server);
      api = server.api;
      return origin;
    },
  };
}
