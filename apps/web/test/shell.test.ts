import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ensureBuilt } from '../build.ts';
import { placesFor, places } from '../src/shell/navigation.ts';
import { noBrowser, openBrowser, serve, type Api } from './browser.ts';

const federation = '0193f0a0-0000-7000-8000-000000000001';
const member = '0193f0a0-0000-7000-8000-000000000002';
const unknown = '0193f0a0-0000-7000-8000-000000000003';
const asked: string[] = [];
const org = (id: string, name: string, timeZone: string) => ({
  id, parent: null, federation, kind: 'member', name, reading: null, industry: null, sizeBand: null, prefecture: null, corporateNumber: null, phone: null, timeZone, ownRanges: [], domains: [], archivedAt: null,
});
const api: Api = (method, path, body) => {
  asked.push(`${method} ${path} ${JSON.stringify(body) ?? ''}`.trim());
  switch (`${method} ${path}`) {
    case 'GET /setup': return { status: 200, body: { needed: false, demo: false, deskPhone: '043-123-4567', federation: '南浜商工会' } };
    case 'GET /me': return {
      status: 200,
      body: {
        accountId: federation, personId: federation, name: '佐藤 賢', email: 'sato@example.jp', lang: 'ja', homeOrg: federation,
        roles: [{ org: federation, orgName: '南浜商工会', orgKind: 'federation', role: 'desk' }], start: { org: federation, page: 'desk' }, deskPhone: '043-123-4567', demo: false,
        federation: { id: federation, name: '南浜商工会' }, secondFactors: { totp: true, passkeys: 0 },
      },
    };
    case `GET /orgs/${federation}`: return { status: 200, body: org(federation, '南浜商工会', 'Asia/Tokyo') };
    case `GET /orgs/${member}`: return { status: 200, body: org(member, '北原製作所', 'Asia/Tokyo') };
    case 'PATCH /me': return { status: 204 };
    case 'POST /sign-out': return { status: 204 };
    default: return undefined;
  }
};

describe('the places of a role', () => {
  it('shows to each role its own, only those that have a page, and to nobody none', () => {
    assert.deepEqual(placesFor(['lead'], () => true).map((p) => p.name), ['home', 'findings', 'tickets', 'mails', 'warnings', 'devices', 'search', 'people', 'reports', 'settings']);
    assert.equal(placesFor(['executive'], () => true)[0]?.name, 'executive');
    assert.equal(placesFor(['desk'], () => true)[0]?.name, 'desk');
    assert.deepEqual(placesFor(['staff'], () => true).map((p) => p.name), ['ask']);
    assert.deepEqual(placesFor(['lead'], (path) => path.endsWith('/people')).map((p) => p.name), ['people']);
    assert.deepEqual(placesFor([], () => true), []);
    assert.equal(new Set(places.map((p) => p.path)).size, places.length);
  });
});

describe('the frame', { skip: noBrowser ?? false }, () => {
  let site: Awaited<ReturnType<typeof serve>>;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  before(async () => {
    site = await serve(await ensureBuilt({ log: () => {}, gallery: true }), api);
    browser = await openBrowser({ width: 1280, lang: 'en' });
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  it('leads from the front door to where the person starts, in the person’s language', async () => {
    await browser.page.goto(site.origin);
    await browser.page.waitForURL(`**/o/${federation}/desk`);
    await browser.page.waitForSelector('html[lang=ja]');
  });
  it('says whose data one looks at when the desk opens a member', async () => {
    await browser.page.goto(`${site.origin}/o/${member}/nowhere`);
    await browser.page.getByText('北原製作所').first().waitFor();
    await browser.page.getByRole('heading', { level: 1, name: 'このページは見つかりません' }).waitFor();
    await browser.page.getByRole('link', { name: 'デスクに電話 043-123-4567' }).first().waitFor();
  });
  it('shows nothing of an organisation that is not one’s own', async () => {
    await browser.page.goto(`${site.origin}/o/${unknown}/nowhere`);
    await browser.page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await browser.page.getByText('北原製作所').count(), 0);
  });
  it('keeps the language chosen with the account, so that mails follow it', async () => {
    await browser.page.getByRole('button', { name: '佐藤 賢さんのメニュー' }).click();
    await browser.page.getByRole('button', { name: 'English' }).click();
    await browser.page.waitForSelector('html[lang=en]');
    await browser.page.waitForTimeout(200);
    assert.ok(asked.includes('PATCH /me {"lang":"en"}'));
  });
  it('says that the network is away, and stops saying so', async () => {
    await browser.context.setOffline(true);
    const words = browser.page.getByText('You are not connected.');
    await words.waitFor();
    await browser.context.setOffline(false);
    await words.waitFor({ state: 'detached' });
  });
  it('ends the session and shows the door', async () => {
    await browser.page.getByRole('button', { name: 'Menu of 佐藤 賢' }).click();
    await browser.page.getByRole('button', { name: 'Sign out' }).click();
    await browser.page.waitForURL('**/sign-in');
    assert.ok(asked.includes('POST /sign-out'));
  });
});
