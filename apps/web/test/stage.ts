import { mkdirSync } from 'node:fs';
import { after, before } from 'node:test';
import { ensureBuilt } from '../build.ts';
import { openBrowser, serve, type Api } from './browser.ts';

/** For a block of tests: one browser, servers of small APIs for the built application, and a folder of pictures. All but the pictures is gone after the last test. */
export function useStage(pictures: string) {
  let dist = '';
  let browser: Awaited<ReturnType<typeof openBrowser>> | undefined;
  const sites: { close: () => Promise<void> }[] = [];
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    dist = await ensureBuilt({ log: () => {}, gallery: true });
    browser = await openBrowser({ width: 1280 });
  });
  after(async () => {
    await browser?.close();
    await Promise.all(sites.map((site) => site.close()));
  });
  return {
    get page() { return browser!.page; },
    get faults() { return browser!.faults; },
    /** @returns where the application is, before a server that answers so */
    site: async (api: Api): Promise<string> => {
      const site = await serve(dist, api);
      sites.push(site);
      return site.origin;
    },
  };
}
