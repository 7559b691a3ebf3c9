import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { loadConfig } from '../../server/src/kernel/config.ts';
import { formatSetting } from '../shared/setting.ts';
import { outlookFiles, outlookManifest } from '../src/index.ts';
import { faultsOf, noBrowser, openBrowser } from './browser.ts';
import { letter, openDesk, type Desk } from './desk.ts';

const pictures = join(import.meta.dirname, '../../../artifacts');
const noOpenssl = spawnSync('openssl', ['version']).error ? 'openssl is not installed' : false;
const HOST = 'banya.example.jp';

/** Names of the elements in order, or what is wrong: tags that do not match, attributes given twice, bare ampersands. */
function elements(xml: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  const text = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  let end = 0;
  for (const found of text.matchAll(/<(\/?)([A-Za-z][\w:]*)((?: [\w:]+="[^"<]*")*)(\/?)>/g)) {
    const [all, closing, name, attributes, alone] = found;
    assert.doesNotMatch(text.slice(end, found.index), /<|>|&(?!#\d+;|amp;|lt;|gt;|quot;)/, 'between elements stands text');
    end = found.index + all.length;
    assert.doesNotMatch(attributes!, /&(?!#\d+;)/);
    const names = [...attributes!.matchAll(/([\w:]+)=/g)].map((m) => m[1]);
    assert.equal(new Set(names).size, names.length);
    if (closing) assert.equal(open.pop(), name);
    else {
      seen.push(name!);
      if (!alone) open.push(name!);
    }
  }
  assert.deepEqual([open, text.slice(end).trim()], [[], '']);
  return seen;
}

describe('the manifest for Outlook', () => {
  it('is well-formed XML that names this Banya and nothing else, by https, and only files that are served', () => {
    const xml = outlookManifest(`https://${HOST}:8443`);
    const names = elements(xml);
    assert.deepEqual([names[0], names.filter((n) => n === 'VersionOverrides').length], ['OfficeApp', 2]);
    const addresses = [...xml.matchAll(/(?:DefaultValue="|<AppDomain>)(https?:[^"<]+)/g)].map((m) => m[1]!);
    assert.ok(addresses.length > 8 && addresses.every((a) => a === `https://${HOST}:8443` || a.startsWith(`https://${HOST}:8443/addins/outlook/`)));
    const files = outlookFiles();
    for (const address of addresses) {
      const name = address.split('/addins/outlook/')[1];
      if (name !== undefined) assert.ok(files.has(name), name);
    }
    // Each text and picture that is named by its id is given, and the other way round.
    const ids = (pattern: RegExp) => [...new Set([...xml.matchAll(pattern)].map((m) => m[1]))].sort();
    assert.deepEqual(ids(/resid="(\w+)"/g), ids(/<bt:\w+ id="(\w+)"/g));
    for (const [, size] of xml.matchAll(/icon-(\d+)\.png/g)) {
      const png = Buffer.from(files.get(`icon-${size}.png`)!);
      assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [Number(size), Number(size)]);
    }
    assert.match(xml, /<Permissions>ReadItem<\/Permissions>/);
    assert.match(xml, /<Set Name="Mailbox" MinVersion="1\.14"\/>/);
  });
  it('has an id of its own for each address, the same each time, and stays well-formed whatever the address', () => {
    const id = (url: string) => /<Id>([^<]+)<\/Id>/.exec(outlookManifest(url))![1]!;
    assert.match(id(`https://${HOST}`), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(id(`https://${HOST}`), id(`https://${HOST}`));
    assert.notEqual(id(`https://${HOST}`), id('https://other.example.jp'));
    elements(outlookManifest(`https://${HOST}/a&b<c>"d'`));
  });
});

test('it cannot be turned on at an address that Outlook refuses to load', () => {
  for (const args of [['--outlook-addin'], ['--outlook-addin', '--public-url', 'http://banya.example.jp']]) assert.throws(() => loadConfig(args, {}), /--outlook-addin needs an https address/);
  assert.equal(loadConfig([], {}).outlookAddin, false);
});

test('unless the operator turned it on, there is nothing of Outlook, and no page that loads anything from elsewhere', async (t) => {
  const { house } = await openDesk(t);
  for (const path of ['manifest.xml', 'pane.html', 'pane.js', 'icon-64.png']) assert.equal((await fetch(`${house.base}/addins/outlook/${path}`)).status, 404, path);
  assert.equal((await fetch(`${house.base}/addins/outlook/report?org=x&touched=link`, { method: 'POST', body: 'x' })).status, 404);
  const xpi = await fetch(`${house.base}/addins/thunderbird.xpi`);
  assert.deepEqual([xpi.status, xpi.headers.get('content-disposition'), xpi.headers.get('content-security-policy')], [200, 'attachment; filename="banya-thunderbird.xpi"', "default-src 'none'; frame-ancestors 'none'"]);
  assert.equal(Buffer.from(await xpi.arrayBuffer()).subarray(0, 2).toString(), 'PK');
});

describe('the pane in Outlook', { skip: noBrowser || noOpenssl }, () => {
  let desk: Desk;
  let browser: Browser;
  let origin: string;
  const ends: (() => Promise<void>)[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'banya-outlook-'));
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`, '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]);
    const { createServer } = await import('node:net');
    const probe = createServer();
    await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
    const { port } = probe.address() as import('node:net').AddressInfo;
    await new Promise((done) => probe.close(done));
    origin = `https://${HOST}:${port}`;
    desk = await openDesk({ after: (end) => void ends.push(end) }, { args: ['--outlook-addin', '--public-url', origin, '--port', String(port), '--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem')] });
    browser = await openBrowser(`--host-resolver-rules=MAP ${HOST} 127.0.0.1`, '--ignore-certificate-errors');
  });
  after(async () => {
    await browser?.close();
    for (const end of ends) await end();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Around { lang?: 'ja-JP' | 'en-US'; office?: 'there' | 'absent' | 'old' | 'failing'; kept?: boolean; extra?: string }
  /** The pane with an Office.js of our own in place of Microsoft's; everything else comes from the house. */
  async function open({ lang = 'ja-JP', office = 'there', kept = true, extra = '' }: Around = {}): Promise<{ page: Page; context: BrowserContext; faults: string[]; asked: string[] }> {
    const context = await browser.newContext({ viewport: { width: 360, height: 640 }, locale: lang, ignoreHTTPSErrors: true });
    const asked: string[] = [];
    await context.route('https://appsforoffice.microsoft.com/**', (route) => {
      asked.push(route.request().url());
      if (office === 'absent') return route.abort();
      return route.fulfill({ contentType: 'text/javascript', body: `window.Office = { onReady: async () => ({}), context: { displayLanguage: ${JSON.stringify(lang)}, requirements: { isSetSupported: (name, version) => ${office !== 'old'} && name === 'Mailbox' && version === '1.14' }, mailbox: { userProfile: { emailAddress: 'hanako@member.example' }, item: { subject: 'ご請求の件', from: { displayName: '店', emailAddress: 'info@shop.example.jp' }, getAsFileAsync: (told) => setTimeout(() => told(${office === 'failing' ? "{ status: 'failed', error: { message: 'no' } }" : `{ status: 'succeeded', value: ${JSON.stringify(letter.toString('base64'))} }`}), 5) } } } }; ${extra}` });
    });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => /Content Security Policy/.test(message.text()) && faults.push(message.text()));
    if (kept) await context.addInitScript(`localStorage.setItem('banya-report-button', ${JSON.stringify(JSON.stringify({ url: origin, org: desk.org, token: desk.token }))})`);
    await page.goto(`${origin}/addins/outlook/pane.html?_host_Info=Outlook$Web$16.02`);
    await page.waitForSelector('h1');
    return { page, context, faults, asked };
  }
  const report = async (page: Page, touched: string) => {
    await page.locator(`input[value=${touched}]`).check();
    await page.locator('button[type=submit]').click();
    await page.waitForSelector('h2, .wrong');
    return page.locator('[role=status]').innerText();
  };

  it('takes the setting once, asks, and the desk has the mail byte for byte', async () => {
    const { page, context, faults, asked } = await open({ kept: false });
    assert.deepEqual(await faultsOf(page), []);
    await page.screenshot({ path: join(pictures, 'addin-outlook-settings.png'), fullPage: true });
    const paste = async (url: string) => {
      await page.getByRole('textbox', { name: /設定の文字列/ }).fill(formatSetting({ url, org: desk.org, token: desk.token }));
      await page.getByRole('button', { name: '保存する' }).click();
    };
    await paste('https://other.example.jp');
    await page.getByText('別の番屋のものです').waitFor();
    await paste(origin);
    await page.getByRole('radio').first().waitFor();
    assert.deepEqual(await faultsOf(page), []);
    await page.screenshot({ path: join(pictures, 'addin-outlook-ask.png'), fullPage: true });
    const said = await report(page, 'file');
    assert.deepEqual(await faultsOf(page), []);
    await page.screenshot({ path: join(pictures, 'addin-outlook-sent.png'), fullPage: true });
    const made = (await desk.reported()).at(-1)!;
    assert.deepEqual([made.channel, made.touched, made.bytes.equals(letter), said.includes(made.id)], ['button', 'file', true, true]);
    assert.match(said, /今すぐ、デスクに電話してください。[^]*LANケーブルを抜き/);
    await page.locator('ol li').first().waitFor({ timeout: 60_000 });
    assert.match(await page.locator('[role=status]').innerText(), /これだけでは分かりません|疑わしいです|気になる点はありません/);
    assert.deepEqual(await faultsOf(page), []);
    await page.screenshot({ path: join(pictures, 'addin-outlook-answer.png'), fullPage: true });
    assert.deepEqual(faults, []);
    assert.deepEqual(asked, ['https://appsforoffice.microsoft.com/lib/1/hosted/office.js']);
    assert.deepEqual(await page.evaluate('Object.keys(localStorage)'), ['banya-report-button']);
    await context.close();
  });

  it('speaks English where Outlook does, and says what to do where the mail, the program or the script is not there', async () => {
    const english = await open({ lang: 'en-US' });
    assert.match(await report(english.page, 'nothing'), /Received\. Thank you for reporting it\./);
    await english.context.close();
    for (const [office, words] of [['absent', /部品を読み込めませんでした/], ['old', /添付ファイルとして転送/]] as const) {
      const { page, context } = await open({ office });
      assert.match(await page.locator('main').innerText(), words);
      await context.close();
    }
    const failing = await open({ office: 'failing' });
    assert.match(await report(failing.page, 'nothing'), /中身を取り出せません/);
    await failing.context.close();
  });

  it('the page allows one script from elsewhere and two paths to speak to; what else that script tries is stopped by the browser', async () => {
    const policy = await fetchPolicy('/addins/outlook/pane.html');
    assert.equal(policy, `default-src 'none'; script-src 'self' https://appsforoffice.microsoft.com; style-src 'self'; img-src 'self'; connect-src ${origin}/addins/outlook/report ${origin}/addins/outlook/answer; base-uri 'none'; form-action 'none'; frame-ancestors https://outlook.office.com https://outlook.office365.com https://outlook.live.com https://outlook.cloud.microsoft`);
    const { page, context, faults } = await open({ extra: "window.tried = Promise.all(['/api/v1/me', '/api/v1/openapi.json', 'https://elsewhere.example/x'].map((url) => fetch(url).then(() => 'got it', () => 'stopped')));" });
    assert.deepEqual(await page.evaluate('tried'), ['stopped', 'stopped', 'stopped']);
    assert.ok(faults.length >= 3);
    await context.close();
  });

  it('the path of the pane takes a token and no session, and nobody else’s organisation', async () => {
    const lead = await desk.house.person(desk.org, 'member', 'lead');
    const count = (await desk.reported()).length;
    const { request } = await browser.newContext({ ignoreHTTPSErrors: true });
    // Playwright's own requests do not go by the browser's table of names.
    const send = async (org: string, headers: Record<string, string>) => (await request.post(`${origin.replace(HOST, '127.0.0.1')}/addins/outlook/report?org=${encodeURIComponent(org)}&touched=nothing`, { headers: { Host: new URL(origin).host, 'Content-Type': 'message/rfc822', 'Banya-Request': '1', ...headers }, data: letter })).status();
    assert.equal(await send(desk.org, { Cookie: lead.cookie }), 403, 'a session does not go along, and nobody at all may not');
    assert.equal(await send(desk.org, { Authorization: 'Bearer bny_wrong-wrong-wrong', Cookie: lead.cookie }), 403);
    const sibling = await desk.house.org('member', (await desk.house.house.gate.query<{ id: string }>("select id from orgs_orgs where kind = 'federation'")).rows[0]!.id, '隣の商店');
    assert.equal(await send(sibling, { Authorization: `Bearer ${desk.token}` }), 404);
    assert.equal(await send(`${desk.org}/../../x`, { Authorization: `Bearer ${desk.token}` }), 404);
    assert.equal((await desk.reported()).length, count);
    assert.equal(await send(desk.org, { Authorization: `Bearer ${desk.token}` }), 201);
  });

  it('its pictures may be shown by Outlook, the rest of the house still by nobody', async () => {
    assert.equal((await raw('/addins/outlook/icon-64.png')).headers()['cross-origin-resource-policy'], 'cross-origin');
    assert.equal((await raw('/addins/outlook/pane.js')).headers()['cross-origin-resource-policy'], 'same-origin');
    assert.match((await raw('/healthz')).headers()['content-security-policy']!, /frame-ancestors 'none'/);
    for (const path of ['/addins/outlook/../../package.json', '/addins/outlook/%2e%2e/src/pack.ts', '/addins/outlook/office.ts', '/addins/x']) assert.equal((await raw(path)).status(), 404, path);
    const manifest = await raw('/addins/outlook/manifest.xml');
    assert.ok((await manifest.text()).includes(`${origin}/addins/outlook/pane.html`));
  });
  const raw = async (path: string) => (await browser.newContext({ ignoreHTTPSErrors: true })).request.get(`${origin.replace(HOST, '127.0.0.1')}${path}`);
  const fetchPolicy = async (path: string): Promise<string | undefined> => (await raw(path)).headers()['content-security-policy'];
});
