import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../build.ts';
import { axe, contentShare, noBrowser, openBrowser, overflow, serve, type Api } from './browser.ts';

const pictures = join(fileURLToPath(new URL('../../..', import.meta.url)), 'artifacts', 'web');
const org = '0193f0a0-0000-7000-8000-000000000003';
const me = {
  accountId: org, personId: org, name: '山田 花子', email: 'hanako@example.jp', lang: 'ja', homeOrg: org,
  roles: [{ org, orgName: '南浜水産', orgKind: 'member', role: 'lead' }], start: { org, page: 'home' }, deskPhone: '043-123-4567', demo: false,
  federation: { id: org, name: '南浜商工会' }, secondFactors: { totp: true, passkeys: 0 },
};
const qrSvg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h4v4H0zM6 0h4v4H6zM0 6h4v4H0z"/></svg>';

/** A server in miniature: signed in after the right code, everything asked for is written down. */
function smallServer(needed = false): { api: Api; asked: { path: string; body: unknown }[] } {
  const asked: { path: string; body: unknown }[] = [];
  let signedIn = false;
  const api: Api = (method, path, body) => {
    asked.push({ path: `${method} ${path}`, body });
    const refuse = (status: number, code: string, title: string) => ({ status, body: { type: 'about:blank', title, status, code, detail: '' } });
    switch (`${method} ${path}`) {
      case 'GET /setup': return { status: 200, body: { needed, demo: false, deskPhone: '043-123-4567', federation: '南浜商工会' } };
      case 'POST /setup': return { status: 200, body: { step: 'enrol' } };
      case 'POST /sign-in/link': return { status: 202, body: { sent: true, sso: null } };
      case 'POST /sign-in/redeem': return (body as { token: string }).token === 'good' ? { status: 200, body: { step: 'totp' } } : refuse(400, 'link_used_or_old', '');
      case 'POST /sign-in/totp':
        if ((body as { code?: string }).code !== '123456') return refuse(400, 'code_wrong', '数字が違います');
        signedIn = true;
        return { status: 200, body: { step: 'done' } };
      case 'POST /sign-in/enrol': return { status: 200, body: { secret: 'JBSW Y3DP EHPK 3PXP', uri: 'otpauth://totp/x', qrSvg } };
      case 'GET /me': return signedIn ? { status: 200, body: me } : refuse(401, 'signed_out', '');
      case 'GET /me/sessions': return { status: 200, body: { items: [{ id: org, current: true, method: 'link', device: 'Windows の Edge', address: '192.0.2.7', startedAt: '2026-11-22T01:00:00Z', seenAt: '2026-11-22T02:00:00Z' }] } };
      case 'GET /me/passkeys': return { status: 200, body: { items: [] } };
      default: return undefined;
    }
  };
  return { api, asked };
}

describe('coming in', { skip: noBrowser ?? false }, () => {
  let dist: string;
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    dist = await ensureBuilt({ log: () => {}, gallery: true });
  });
  const opened: { close: () => Promise<void> }[] = [];
  after(() => Promise.all(opened.map((one) => one.close())));
  const start = async (server: ReturnType<typeof smallServer>, lang: 'ja' | 'en' = 'ja', width = 360) => {
    const site = await serve(dist, server.api);
    const browser = await openBrowser({ width, lang });
    opened.push(browser, site);
    return { site, ...browser };
  };

  it('somebody without a session is led to sign in and back to where they wanted to go', async () => {
    const server = smallServer();
    const { site, page } = await start(server);
    await page.goto(`${site.origin}/me`);
    await page.waitForURL('**/sign-in?back=*');
    await page.getByLabel('メールアドレス').fill('hanako');
    await page.getByRole('button', { name: 'リンクをメールで受け取る' }).click();
    await page.getByRole('alert').getByText('name@example.jp').waitFor();
    await page.getByLabel('メールアドレス').fill('hanako@example.jp');
    await page.getByRole('button', { name: 'リンクをメールで受け取る' }).click();
    await page.getByRole('heading', { name: 'メールを確かめてください' }).waitFor();
    await page.goto(`${site.origin}/sign-in/link#token=good`);
    await page.getByRole('button', { name: '続ける' }).click();
    await page.getByLabel('6けたの数字').fill('１２３ ４５６');
    await page.getByRole('button', { name: '入る' }).click();
    await page.waitForURL('**/me');
    await page.getByText('この端末', { exact: true }).waitFor();
    await page.screenshot({ path: join(pictures, 'me-ja-360.png') });
    assert.deepEqual(await axe(page), []);
  });

  it('opening a mail’s link alone does not use it up: mail filters open links too', async () => {
    const server = smallServer();
    const { site, page } = await start(server);
    await page.goto(`${site.origin}/sign-in/link#token=good`);
    await page.getByRole('button', { name: '続ける' }).waitFor();
    assert.equal(server.asked.some((a) => a.path === 'POST /sign-in/redeem'), false);
  });

  it('an old link and a wrong code say what to do', async () => {
    const { site, page } = await start(smallServer());
    await page.goto(`${site.origin}/sign-in/link?token=old`);
    await page.getByRole('button', { name: '続ける' }).click();
    await page.getByRole('link', { name: '新しいリンクを頼む' }).waitFor();
    await page.goto(`${site.origin}/sign-in/code`);
    await page.getByLabel('6けたの数字').fill('12');
    await page.getByRole('button', { name: '入る' }).click();
    await page.getByRole('alert').getByText('6けたの数字だけを入れてください（例 123456）。').waitFor();
    await page.getByLabel('6けたの数字').fill('000000');
    await page.getByRole('button', { name: '入る' }).click();
    await page.getByRole('alert').getByText('数字が違います').waitFor();
  });

  it('the first set-up asks three questions and sends them once, together', async () => {
    const server = smallServer(true);
    const { site, page } = await start(server);
    await page.goto(`${site.origin}/setup#token=first`);
    await page.getByLabel('組織の名前').fill('南浜商工会');
    await page.screenshot({ path: join(pictures, 'setup-ja-360.png') });
    assert.deepEqual(await axe(page), []);
    await page.getByRole('button', { name: '次へ' }).click();
    await page.getByLabel('氏名').fill('山田 花子');
    await page.getByLabel('メールアドレス').fill('hanako@example.jp');
    await page.getByRole('button', { name: '次へ' }).click();
    await page.getByLabel('送信サーバ').fill('smtp.example.jp');
    await page.getByLabel('差出人のアドレス').fill('banya@example.jp');
    assert.deepEqual(await axe(page), []);
    await page.getByRole('button', { name: '設定を終えて入る' }).click();
    await page.waitForURL('**/sign-in/second-key');
    const sent = server.asked.filter((a) => a.path === 'POST /setup');
    assert.deepEqual(sent.map((s) => s.body), [{
      token: 'first', lang: 'ja', federation: '南浜商工会', timeZone: 'Asia/Tokyo', manager: { name: '山田 花子', email: 'hanako@example.jp' },
      mail: { host: 'smtp.example.jp', port: 465, secure: true, from: 'banya@example.jp' },
    }]);
  });

  for (const lang of ['ja', 'en'] as const) {
    it(`every page of signing in is accessible and fits a small phone (${lang})`, async () => {
      const { site, page, faults } = await start(smallServer(), lang);
      for (const path of ['sign-in', 'sign-in/link#token=good', 'sign-in/code', 'sign-in/second-key', 'setup', 'nowhere']) {
        await page.goto(`${site.origin}/${path}`);
        await page.waitForSelector('h1');
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({ path: join(pictures, `${path.replace(/\W+/g, '-')}-${lang}-360.png`) });
        assert.equal(await overflow(page), 0, path);
        assert.ok((await contentShare(page)) > 0.95, `${path} leaves the phone's width unused`);
        assert.deepEqual(await axe(page), [], path);
      }
      assert.deepEqual(faults.filter((f) => !/status of 40\d/.test(f)), []);
    });
  }
});
