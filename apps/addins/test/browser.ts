import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';

const executable = process.env.BANYA_CHROMIUM ?? '/usr/bin/chromium';
/** Why the tests in a browser cannot run here, or false. */
export const noBrowser = existsSync(executable) ? false : `no Chromium at ${executable}; install it or set BANYA_CHROMIUM`;

export const openBrowser = (...more: string[]): Promise<Browser> => chromium.launch({ executablePath: executable, args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more] });

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
interface Found { violations: { id: string; help: string; nodes: { target: unknown[] }[] }[] }

/** What axe-core finds against WCAG 2.2 A and AA, and whether anything has to be scrolled sideways. */
export async function faultsOf(page: Page): Promise<string[]> {
  // Through the debugger, which the page's content policy does not touch.
  await page.evaluate(readFileSync(axePath, 'utf8'));
  const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })")) as Found;
  const wide = (await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')) as number;
  return [...violations.map((v) => `${v.id}: ${v.help} — ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`), ...(wide > 0 ? [`wider than the window by ${wide} px`] : [])];
}
