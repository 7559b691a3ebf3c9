import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { after, before, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { axe, noBrowser, openBrowser, overflow, settled } from '../apps/web/test/browser.ts';
import { startDemo, type Demo } from './demo.ts';

// One demonstration for the whole file: what its people see is what a newcomer sees.
const shots = new URL('../artifacts/e2e/', import.meta.url).pathname;
let demo: Demo;

before(async () => {
  if (noBrowser) return;
  mkdirSync(shots, { recursive: true });
  demo = await startDemo();
  await demo.fed();
}, { timeout: 420_000 });
after(async () => {
  if (demo) assert.equal(await demo.stop(), 0, 'SIGTERM ends it cleanly');
});

interface Visit { readonly page: Page; readonly org: string; readonly faults: string[]; go(path: string): Promise<void>; shot(name: string): Promise<void> }

/** Signs a persona in by the printed link, at a width, and hands over the page. */
async function as(t: TestContext, who: string, width: number, lang: 'ja' | 'en' = 'ja'): Promise<Visit> {
  const browser = await openBrowser({ width, height: width < 500 ? 844 : 900, lang });
  t.after(browser.close);
  const { page, faults } = browser;
  await page.goto(demo.links.find((l) => l.who.includes(who))!.link);
  await page.locator('main button').first().click();
  await page.waitForURL(/\/o\/[0-9a-f-]+\//, { timeout: 30_000 });
  const org = /\/o\/([0-9a-f-]+)\//.exec(page.url())![1]!;
  await settled(page);
  return {
    page, org, faults,
    go: async (path) => {
      await page.goto(`${demo.url}/o/${org}/${path}`);
      await settled(page);
    },
    shot: async (name) => void (await page.screenshot({ path: `${shots}${name}-${width}.png`, fullPage: true })),
  };
}

const pages: Readonly<Record<string, readonly string[]>> = {
  職員: ['ask', 'ask/mail', 'mails', 'warnings'],
  担当者: ['home', 'findings', 'findings/quiet', 'findings/maintenance', 'findings/usual', 'tickets', 'devices', 'people', 'reports', 'reports/2026-10', 'articles', 'ask/mail', 'mails', 'warnings', 'search', 'search?q=srcip', 'trace', 'trace?q=8.8.8.8', 'settings', 'settings/notices', 'settings/sharing', 'settings/mail-check', 'settings/audit'],
  経営者: ['executive', 'reports', 'tickets'],
  デスク: ['desk', 'desk/phone', 'desk/statistics', 'desk/templates', 'desk/bursts', 'desk/rules', 'desk/mails', 'desk/mails/statistics', 'desk/campaigns', 'desk/warnings', 'desk/trace', 'desk/trace?q=8.8.8.8', 'knowledge', 'members', 'members/unknown', 'overview'],
  統括者: ['overview', 'federation-reports', 'people', 'settings', 'settings/mail', 'settings/backup', 'settings/health', 'settings/outbox'],
};
const lastMonth = (): string => {
  const now = new Date(Date.now() + 9 * 3_600_000);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
};

for (const [who, paths] of Object.entries(pages)) {
  for (const width of [1280, 390]) {
    test(`${who}: every page is accessible, fits ${width} pixels and draws without a fault`, { skip: noBrowser ?? false, timeout: 240_000 }, async (t) => {
      const { go, shot, page, faults } = await as(t, who, width);
      for (const path of paths.map((p) => p.replace('2026-10', lastMonth()))) {
        await go(path);
        await shot(`${who}-${path.replace(/\W+/g, '-')}`);
        assert.deepEqual(await axe(page), [], path);
        assert.equal(await overflow(page), 0, `${path} is not wider than the window`);
        assert.notEqual(await page.locator('h1').first().innerText(), 'このページは見つかりません', `${path} is there`);
      }
      assert.deepEqual(faults, []);
    });
  }
}

test('a lead reads what to do, follows it, asks the desk; the desk answers; the lead reads the answer', { skip: noBrowser ?? false, timeout: 180_000 }, async (t) => {
  const lead = await as(t, '担当者', 1280);
  await lead.go('home');
  await lead.page.getByRole('link', { name: '手順を見る' }).first().click();
  await lead.page.getByRole('heading', { name: '今すること' }).waitFor();
  const title = await lead.page.locator('h1').innerText();
  await lead.go('ask/question');
  const subject = `LANケーブルを抜きました（${Date.now() % 10_000}）`;
  await lead.page.locator('main input[type=text], main input:not([type])').first().fill(subject);
  await lead.page.locator('main textarea').first().fill(`「${title}」の件です。ケーブルを抜きました。次は何をしますか。`);
  await lead.page.getByRole('button', { name: /送る|聞く|相談/ }).last().click();
  await lead.page.waitForURL(/tickets\/[0-9a-f-]+/);

  const desk = await as(t, 'デスク', 1280);
  await desk.go('desk');
  await desk.page.getByText(subject).first().click();
  await desk.page.waitForURL(/desk\/[0-9a-f-]+/);
  await desk.page.locator('textarea').first().fill('ありがとうございます。そのままお待ちください。担当がうかがいます。');
  await desk.page.getByRole('button', { name: /送る|返事/ }).last().click();
  await desk.page.getByText('担当がうかがいます').first().waitFor();

  await lead.page.getByText('担当がうかがいます').first().waitFor({ timeout: 15_000 });
  await lead.shot('conversation');
});

test("the month's report of a member and of the federation come out as PDF, with verdict, rules and their authors", { skip: noBrowser ?? false, timeout: 120_000 }, async (t) => {
  const pdftotext = ['/usr/bin/pdftotext'].find((f) => existsSync(f));
  const fetchPdf = async (visit: Visit, path: string): Promise<Buffer> => {
    const [status, type, bytes] = await visit.page.evaluate(async (p) => {
      const response = await fetch(p);
      return [response.status, response.headers.get('content-type'), [...new Uint8Array(await response.arrayBuffer())]] as const;
    }, `/api/v1/orgs/${visit.org}/${path}`);
    assert.equal(status, 200, path);
    assert.equal(type, 'application/pdf');
    return Buffer.from(bytes);
  };
  const lead = await as(t, '担当者', 1280);
  const own = await fetchPdf(lead, `reports/${lastMonth()}/pdf`);
  const manager = await as(t, '統括者', 1280);
  const all = await fetchPdf(manager, `federation-reports/${lastMonth()}/pdf`);
  writeFileSync(`${shots}member.pdf`, own);
  writeFileSync(`${shots}federation.pdf`, all);
  assert.ok(own.subarray(0, 5).toString() === '%PDF-' && all.subarray(0, 5).toString() === '%PDF-');
  if (!pdftotext) return t.skip('text of PDFs: install poppler-utils');
  const text = (name: string): string => execFileSync(pdftotext, ['-layout', `${shots}${name}.pdf`, '-'], { encoding: 'utf8' });
  assert.match(text('member'), /月の報告[\s\S]*止めた通信[\s\S]*Banya/);
  assert.ok((text('federation').match(/月の報告/g) ?? []).length >= 13, 'a page for each member');
});

test('the same pages speak English', { skip: noBrowser ?? false, timeout: 120_000 }, async (t) => {
  const visit = await as(t, '担当者', 1280, 'en');
  // The menu with one's own name changes the language, here and for mails.
  await visit.page.locator('header button').last().click();
  await visit.page.getByText('English', { exact: true }).click();
  await visit.page.getByRole('heading', { level: 1, name: /week/i }).waitFor();
  for (const path of ['home', 'findings', 'reports']) {
    await visit.go(path);
    await visit.shot(`english-${path}`);
    const shown = await visit.page.locator('h1').innerText();
    assert.match(shown, /^[\x20-\x7e’“”–—]+$/, `${path}: ${shown}`);
    assert.deepEqual(await axe(visit.page), [], path);
  }
  await visit.page.locator('header button').last().click();
  await visit.page.getByText('日本語', { exact: true }).click();
  await visit.page.getByRole('heading', { level: 1, name: '報告書' }).waitFor();
});
