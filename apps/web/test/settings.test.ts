import assert from 'node:assert/strict';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { readSetting } from '@banya/addins/setting';
import type { Role } from '@banya/contract';
import { axe, fits, noBrowser, overflow, settled, toast } from './browser.ts';
import { house, ids, org, preview, previewWrong, source } from './settings.fixtures.ts';
import { refusal, type Said } from './miniature.ts';
import { useStage } from './stage.ts';

const pictures = join(fileURLToPath(new URL('../../..', import.meta.url)), 'artifacts');
/** Every page, and who opens it here. */
const pages: Readonly<Record<string, readonly [path: string, role: Role]>> = {
  people: ['people', 'lead'], 'people-new': ['people/new', 'lead'], person: [`people/${ids.tanaka}`, 'lead'], 'person-gone': [`people/${ids.gone}`, 'lead'], handover: ['people/handover', 'lead'], import: ['people/import', 'lead'],
  devices: ['devices', 'lead'], 'device-new': ['devices/new', 'lead'], device: [`devices/${ids.pc}`, 'lead'], senders: ['devices?tab=senders', 'lead'], sender: [`devices/senders/${ids.router}`, 'lead'], 'sender-waiting': [`devices/senders/${ids.fresh}`, 'lead'], connect: ['devices/senders/new', 'lead'],
  settings: ['settings', 'lead'], 'settings-operator': ['settings', 'operator'], profile: ['settings/profile', 'lead'], sharing: ['settings/sharing', 'lead'], audit: ['settings/audit', 'lead'], 'sign-in': ['settings/sign-in', 'lead'], tokens: ['settings/tokens', 'lead'], outbox: ['settings/outbox', 'lead'], notices: ['settings/notices', 'lead'], leave: ['settings/leave', 'lead'],
  'desk-times': ['settings/desk-times', 'operator'], mail: ['settings/mail', 'operator'], backup: ['settings/backup', 'operator'], health: ['settings/health', 'operator'],
};

describe('people, devices and settings', { skip: noBrowser ?? false }, () => {
  const browser = useStage(pictures);
  beforeEach(async () => {
    await browser.page.setViewportSize({ width: 1280, height: 900 });
  });
  const open = async (path: string, role: Role = 'lead', instead?: Said, lang?: 'ja' | 'en') => {
    const server = house(role, instead);
    const origin = await browser.site(server, lang);
    await browser.page.goto(`${origin}${path.startsWith('/') ? path : `/o/${org}/${path}`}`);
    await browser.page.waitForSelector('h1');
    return { page: browser.page, origin, server, sent: server.sent };
  };
  const undo = async (page: Page) => {
    await page.getByRole('button', { name: '元に戻す' }).click();
    await toast(page).getByText('元に戻しました').waitFor();
  };

  describe('people', () => {
    it('the list is found by name and role, walked by keys and saved as Excel', async () => {
      const { page, sent } = await open('people');
      await page.getByRole('link', { name: '田中 実' }).waitFor();
      await page.getByText('代理の担当者（2027年1月15日（金）まで）').waitFor();
      await page.keyboard.press('j');
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), '山田 花子');
      await page.keyboard.press('/');
      await page.keyboard.type('さとう');
      await page.getByLabel('役割').selectOption('lead');
      await page.waitForURL(/role=lead/);
      await settled(page);
      const { q, role } = sent('people.list').at(-1)!.query;
      assert.deepEqual({ q, role }, { q: 'さとう', role: 'lead' });
      assert.match(await page.getByRole('link', { name: 'Excelで保存' }).getAttribute('href') ?? '', /people\.xlsx$/);
    });
    it('its code comes while the server is still asked who is there', async () => {
      let go = () => {};
      const gate = new Promise<void>((done) => { go = done; });
      const server = house('lead');
      const me = server.answers.get('me.get')!;
      server.answers.set('me.get', async (call) => { await gate; return me(call); });
      const origin = await browser.site(server);
      const code = browser.page.waitForRequest(/\/assets\/PeoplePage-/);
      await browser.page.goto(`${origin}/o/${org}/people`);
      await code;
      assert.equal(server.sent('people.list').length, 0);
      go();
      await browser.page.getByRole('link', { name: '田中 実' }).waitFor();
    });
    it('a person is added with addresses as people paste them, and a wrong one is named in words', async () => {
      const { page, sent } = await open('people/new');
      await page.getByLabel('氏名').fill('高橋 愛');
      await page.getByLabel('ふりがな').fill('takahashi');
      await page.getByLabel('メールアドレス').fill('takahashi');
      await page.getByRole('button', { name: '名簿に足す' }).click();
      await page.getByRole('link', { name: 'ふりがなは、ひらがなかカタカナで入れてください。' }).waitFor();
      await page.getByRole('link', { name: /メールアドレスを、1行に1つ/ }).click();
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'field-emails');
      assert.deepEqual(sent('people.create'), []);
      await page.getByLabel('ふりがな').fill('たかはし あい');
      await page.getByLabel('メールアドレス').fill('ｔａｋａｈａｓｈｉ＠ｅｘａｍｐｌｅ．ｊｐ、ai@example.jp');
      await page.getByRole('button', { name: '名簿に足す' }).click();
      await toast(page).getByText('高橋 愛さんを名簿に足しました').waitFor();
      assert.deepEqual(sent('people.create')[0]?.body, { name: '高橋 愛', reading: 'たかはし あい', department: null, phone: null, emails: ['takahashi@example.jp', 'ai@example.jp'] });
      await undo(page);
      assert.equal(sent('people.archive').length, 1);
    });
    it('an address that belongs to somebody else, or is refused by the server, is told at its place', async () => {
      const { page } = await open('people/new', 'lead', new Map([['people.create', refusal(400, 'invalid', '', '', { fields: [{ at: '/emails/0', message: '「@」の後ろを確かめてください。' }] })]]));
      await page.getByLabel('氏名').fill('高橋 愛');
      await page.getByLabel('メールアドレス').fill('a@example.jp');
      await page.getByRole('button', { name: '名簿に足す' }).click();
      await page.getByRole('link', { name: '「@」の後ろを確かめてください。' }).click();
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'field-emails');
      const { page: second } = await open('people/new', 'lead', new Map([['people.create', refusal(409, 'email_taken', 'このメールアドレスは登録済みです', '「佐藤 賢」さんのものです。')]]));
      await second.getByLabel('氏名').fill('高橋 愛');
      await second.getByRole('button', { name: '名簿に足す' }).click();
      await second.getByText('「佐藤 賢」さんのものです。').waitFor();
    });
    it('taking somebody off the list can be undone, roles included', async () => {
      const { page, sent } = await open(`people/${ids.sato}`);
      await page.getByRole('button', { name: '名簿から外す' }).click();
      await toast(page).getByText('佐藤 賢さんを名簿から外しました').waitFor();
      await undo(page);
      assert.equal(sent('people.restore').length, 1);
      assert.deepEqual(sent('roles.deputy')[0]?.body, { person: ids.sato, of: ids.me, until: '2027-01-15' });
      assert.deepEqual(sent('roles.grant').map((one) => (one.body as { role: string }).role), ['staff']);
    });
    it('the last of a role is not taken away, and the way out is said', async () => {
      const { page } = await open(`people/${ids.tanaka}`, 'lead', new Map([['roles.revoke', refusal(409, 'last_lead', '最後のお一人です', 'この役割の方がほかにいないため、外せません。', { remedy: '先に次の方を決めて、「引き継ぐ」を使ってください。' })]]));
      await page.getByRole('button', { name: '担当者を外す' }).click();
      await page.getByText('先に次の方を決めて、「引き継ぐ」を使ってください。').waitFor();
    });
    it('a role is given and taken back, a deputy named until a day', async () => {
      const { page, sent } = await open(`people/${ids.tanaka}`);
      await page.getByRole('button', { name: '経営者を外す' }).click();
      await undo(page);
      assert.deepEqual([sent('roles.revoke').map((one) => one.params['role']), sent('roles.grant').map((one) => (one.body as { role: string }).role)], [['executive'], ['executive']]);
      await page.getByLabel('役割を任せる').selectOption('auditor');
      await page.getByRole('button', { name: '任せる', exact: true }).click();
      await toast(page).getByText('田中 実さんに監査人を任せました').waitFor();
      await page.getByRole('button', { name: '代理を立てる' }).click();
      await page.getByRole('combobox', { name: '代理の方' }).fill('さとう');
      await page.getByRole('option', { name: /佐藤 賢/ }).click();
      await page.getByLabel('いつまで').fill('2030-01-31');
      await page.getByRole('button', { name: '代理にする' }).click();
      await toast(page).getByText('代理を佐藤 賢さんに頼みました').waitFor();
      assert.deepEqual(sent('roles.deputy')[0]?.body, { person: ids.sato, of: ids.tanaka, until: '2030-01-31' });
    });
    // A deputy may have written his own address beside the name; whoever gives the role looks once more where the link goes.
    it('a role for an address that nobody has checked is given once the giver has said that he checked it', async () => {
      const instead: [string, unknown][] = [['roles.grant', refusal(409, 'address_unchecked', 'メールアドレスを確かめてください', '田中 実さんのメールアドレスは、まだ確かめられていません。')]];
      const { page, server, sent } = await open(`people/${ids.tanaka}`, 'lead', instead);
      await page.getByLabel('役割を任せる').selectOption('auditor');
      await page.getByRole('button', { name: '任せる', exact: true }).click();
      await page.getByText('田中 実さんのサインインの案内は、ここに届きます。').waitFor();
      assert.deepEqual(await axe(page), []);
      server.answers.set('roles.grant', () => undefined);
      await page.getByRole('button', { name: '田中 実さんのアドレスだと確かめた' }).click();
      await toast(page).getByText('田中 実さんに監査人を任せました').waitFor();
      assert.deepEqual(sent('roles.grant').map((one) => one.body), [{ person: ids.tanaka, role: 'auditor' }, { person: ids.tanaka, role: 'auditor', checked: ['tanaka.minoru.kitahara.factory@mail.kitahara-seisakusho.example'] }]);
    });
    it('a lost phone is reset only after its effect was said, and never one’s own', async () => {
      const { page, sent } = await open(`people/${ids.sato}`);
      await page.getByRole('button', { name: '電話をなくしたとき' }).click();
      await page.getByText('新しいサインインのリンクを sato@example.jp に送ります。').waitFor();
      assert.deepEqual(await axe(page), []);
      assert.equal(sent('people.lostPhone').length, 0);
      await page.getByRole('button', { name: '消して、リンクを送る' }).click();
      await toast(page).getByText('佐藤 賢さんに新しいリンクを送りました').waitFor();
      const { page: own } = await open(`people/${ids.me}`);
      await own.getByText('自分の分は消せません。').waitFor();
    });
    it('a role moves in three steps, and how much work moved is told', async () => {
      const { page, sent } = await open(`people/handover?role=lead&from=${ids.tanaka}`);
      await page.getByRole('radio', { name: /田中 実/ }).waitFor();
      assert.equal(await page.getByRole('radio', { name: /田中 実/ }).isChecked(), true);
      await page.getByRole('button', { name: '次へ' }).click();
      await page.getByRole('combobox', { name: '次の方' }).click();
      await page.getByRole('option', { name: /佐藤 賢/ }).click();
      await page.getByRole('button', { name: '移るものを確かめる' }).click();
      await page.getByRole('heading', { name: '移らないもの' }).waitFor();
      assert.deepEqual(await axe(page), []);
      await page.screenshot({ path: join(pictures, 'settings-handover-3.png'), fullPage: true });
      await page.getByRole('button', { name: '引き継ぐ' }).click();
      await page.getByText('開いている気づき3件と相談1件が移りました。').waitFor();
      assert.deepEqual(sent('roles.handover')[0]?.body, { role: 'lead', from: ids.tanaka, to: ids.sato });
    });
  });

  describe('taking over a list', () => {
    const choose = async (page: Page) => {
      await page.locator('input[type=file]').setInputFiles({ name: '名簿.csv', mimeType: 'application/vnd.ms-excel', buffer: Buffer.from('氏名,E-mail\n高橋 愛,takahashi@example.jp\n') });
    };
    it('shows what would change before anything changes, then takes all of it', async () => {
      const { page, sent } = await open('people/import', 'lead', [['people.importPreview', preview]]);
      await choose(page);
      await page.getByText('まだ何も取り込んでいません。').waitFor();
      await page.getByText('2行目を見出しとして読みました。').waitFor();
      await page.getByText('使いません').waitFor();
      await page.screenshot({ path: join(pictures, 'settings-import-preview.png'), fullPage: true });
      assert.deepEqual(await axe(page), []);
      assert.equal(sent('people.importCommit').length, 0);
      assert.deepEqual(sent('people.importPreview').map((one) => [one.type, one.bytes]), [['application/octet-stream', '氏名,E-mail\n高橋 愛,takahashi@example.jp\n']]);
      await page.getByRole('button', { name: '3人を取り込む' }).click();
      await page.getByText('新しく2人を足し、1人を直しました。').waitFor();
      assert.deepEqual(sent('people.importCommit')[0]?.body, { token: 'preview-1' });
    });
    it('a list with a wrong row cannot be taken over, and every fault is named with its row', async () => {
      const { page } = await open('people/import', 'lead', [['people.importPreview', previewWrong]]);
      await choose(page);
      await page.getByRole('cell', { name: '「@」がありません。' }).waitFor();
      await page.getByRole('row', { name: /7行目 氏名 空です。/ }).waitFor();
      assert.equal(await page.getByRole('button', { name: /を取り込む$/ }).count(), 0);
      await page.setViewportSize({ width: 360, height: 800 });
      assert.equal(await overflow(page), 0);
      assert.deepEqual(await axe(page), []);
      await page.screenshot({ path: join(pictures, 'settings-import-wrong-360.png'), fullPage: true });
    });
    it('a file nobody can read is said so, and the sample is at hand', async () => {
      const { page } = await open('people/import', 'lead', [['people.importPreview', refusal(422, 'file_unreadable', 'ファイルを読めませんでした', '「氏名」の列がありません。')]]);
      await choose(page);
      await page.getByText('「氏名」の列がありません。').waitFor();
      assert.match(await page.getByRole('link', { name: /見本/ }).getAttribute('href') ?? '', /people\.xlsx$/);
    });
  });

  describe('devices', () => {
    it('a device is added with its owner and numbers, and the addition can be undone', async () => {
      const { page, sent } = await open('devices/new');
      await page.getByLabel('名前').fill('受付のパソコン');
      await page.getByRole('combobox', { name: '使う人' }).fill('佐藤');
      await page.getByRole('option', { name: /佐藤 賢/ }).click();
      await page.getByLabel('IPアドレス').fill('１９２．１６８．１．２０');
      await page.getByRole('button', { name: '台帳に足す' }).click();
      await toast(page).getByText('「受付のパソコン」を台帳に足しました').waitFor();
      assert.deepEqual(sent('devices.create')[0]?.body, { name: '受付のパソコン', kind: 'pc', owner: ids.sato, department: null, os: null, serial: null, note: null, addresses: ['192.168.1.20'], macs: [], hostNames: [] });
      await undo(page);
      assert.equal(sent('devices.archive').length, 1);
    });
    it('a changed device keeps its owner unless another is chosen', async () => {
      const { page, sent } = await open(`devices/${ids.pc}`);
      await page.getByRole('button', { name: '機器を直す' }).click();
      await page.getByRole('textbox', { name: 'メモ' }).fill('窓際');
      assert.equal(await page.getByRole('combobox', { name: '使う人' }).inputValue(), '佐藤 賢');
      await page.getByRole('button', { name: '直した内容を保存する' }).click();
      await toast(page).getByText('を直しました').waitFor();
      const body = sent('devices.update')[0]?.body as { owner: string; note: string };
      assert.deepEqual([body.owner, body.note], [ids.sato, '窓際']);
    });
    it('senders that stopped stand first, with words for state, clock and certainty', async () => {
      const { page } = await open('devices');
      await page.getByText('ログを送る機器のうち、1台が止まっています。').waitFor();
      await page.getByRole('button', { name: '止まっている機器を見る' }).click();
      await page.getByRole('heading', { level: 1, name: 'ログは届いているか' }).waitFor();
      const rows = page.getByRole('table', { name: 'ログを送る機器' }).getByRole('row');
      assert.match(await rows.nth(1).innerText(), /倉庫のルーター[\s\S]*止まっています[\s\S]*から[\s\S]*3分遅れています[\s\S]*名乗りのまま/);
      assert.equal(await page.getByRole('img', { name: '7日で1,212行、今日は0行' }).count(), 1);
      assert.match(await rows.filter({ hasText: '支店のUTM' }).innerText(), /—[\s\S]*—/, 'of what has sent nothing yet, nothing is known to be right');
      assert.doesNotMatch(await rows.filter({ hasText: '支店のUTM' }).innerText(), /合っています|なし/);
      await page.getByText('受け取りをやめた機器（1）').click();
      await page.getByRole('button', { name: '受け取りを再開する: 古いルーター' }).waitFor();
    });
    it('a device is connected in three steps and turns green by the live news', async () => {
      let news = () => {};
      const told = new Promise<void>((done) => { news = done; });
      let heard = 0;
      const live = async () => {
        heard += 1;
        await (heard === 1 ? told : new Promise(() => {}));
        return 'data: {"topics":["sources"]}\n\n';
      };
      const { page, server, sent } = await open('devices/senders/new', 'lead', [['live.stream', live]]);
      await page.getByRole('button', { name: '次へ（この機器を登録する）' }).click();
      await page.getByRole('link', { name: '機器の呼び名を入れてください。' }).waitFor();
      await page.getByRole('link', { name: '送り主のIPアドレスを入れてください。' }).waitFor();
      await page.getByLabel('機器の呼び名').fill('支店のUTM');
      await page.getByText('この画面を見ている場所は 203.0.113.9 です。').waitFor();
      await page.getByRole('button', { name: 'このアドレスを入れる' }).click();
      await page.getByRole('button', { name: '次へ（この機器を登録する）' }).click();
      await page.getByRole('heading', { level: 1, name: '機器に設定を貼り付けます' }).waitFor();
      assert.deepEqual((sent('sources.create')[0]?.body as { match: unknown }).match, { by: 'address', listener: 'tcp', address: '203.0.113.9', headerHost: null });
      await page.getByText(`/ingest/${ids.fresh}`).waitFor();
      assert.deepEqual(await axe(page), []);
      await page.screenshot({ path: join(pictures, 'settings-connect-2.png'), fullPage: true });
      await page.getByRole('button', { name: '貼り付けたので、届くのを待つ' }).click();
      await page.getByText('まだ届いていません。設定が合っていれば').waitFor();
      await page.screenshot({ path: join(pictures, 'settings-connect-3.png'), fullPage: true });
      server.answers.set('sources.get', () => source(ids.fresh, '支店のUTM', { linesToday: 1 }));
      news();
      await page.getByRole('heading', { level: 1, name: '「支店のUTM」がつながりました' }).waitFor();
      assert.deepEqual(await axe(page), []);
      await page.screenshot({ path: join(pictures, 'settings-connect-arrived.png'), fullPage: true });
    });
    it('a sender the desk has not confirmed says so, that nothing is to be done, and what starts at once', async () => {
      const { page } = await open(`devices/senders/${ids.fresh}`, 'lead', new Map([['sources.get', source(ids.fresh, '支店のUTM', { state: 'waiting', seenAt: null, confirmed: false, match: { by: 'address', listener: 'tcp', address: '203.0.113.9', headerHost: null } })]]));
      await page.getByText('デスクの確認を待っています。').waitFor();
      await page.getByText('急ぐときは、合言葉（トークン）か収集役（リレー）でつないでください。すぐに始まります。').waitFor();
      assert.equal(await page.getByText('まだ届いていません。設定が合っていれば').count(), 0);
      await page.getByRole('link', { name: '別のつなぎ方で始める' }).waitFor();
      assert.deepEqual(await axe(page), []);
    });
    it('the device’s name in its lines is typed in full width and sent as devices write it', async () => {
      const { page, sent } = await open('devices/senders/new');
      await page.getByLabel('機器の呼び名').fill('本社のUTM');
      await page.getByLabel('送り主のIPアドレス').fill('203.0.113.5');
      await page.getByText('届き方を変える').click();
      await page.getByLabel('ログの中の機器名').fill('ＦＧ−ＨＱ　');
      await page.getByRole('button', { name: '次へ（この機器を登録する）' }).click();
      await page.getByRole('heading', { level: 1, name: '機器に設定を貼り付けます' }).waitFor();
      assert.deepEqual((sent('sources.create')[0]?.body as { match: unknown }).match, { by: 'address', listener: 'tcp', address: '203.0.113.5', headerHost: 'FG-HQ' });
    });
    it('once a device is registered, a reload or Back goes on at its settings and asks for nothing again', async () => {
      const { page, sent } = await open('devices/senders/new');
      await page.getByLabel('機器の呼び名').fill('支店のUTM');
      await page.getByLabel('送り主のIPアドレス').fill('203.0.113.9');
      await page.getByRole('button', { name: '次へ（この機器を登録する）' }).click();
      await page.getByRole('heading', { level: 1, name: '機器に設定を貼り付けます' }).waitFor();
      // The device is registered: a reload, or Back from where one went, goes on here and asks for nothing again.
      await page.reload();
      await page.getByRole('heading', { level: 1, name: '機器に設定を貼り付けます' }).waitFor();
      await page.getByRole('link', { name: 'あとで見る' }).click();
      await page.getByRole('heading', { level: 1, name: '支店のUTM' }).waitFor();
      await page.goBack();
      await page.getByText(`/ingest/${ids.fresh}`).waitFor();
      assert.equal(sent('sources.create').length, 1);
    });
    it('a program gets its secret once, at the step where it is needed', async () => {
      const { page, server } = await open('devices/senders/new');
      await page.getByRole('radio', { name: 'プログラムや収集役（HTTPS）' }).check();
      await page.getByText('届き方を変える（今は「合言葉').click();
      assert.equal(await page.getByRole('radio', { name: /合言葉（トークン）を付けて/ }).isChecked(), true);
      await page.getByLabel('機器の呼び名').fill('販売管理');
      await page.getByRole('button', { name: '次へ（この機器を登録する）' }).click();
      await page.getByText('bny_ingest_once').waitFor();
      await page.getByRole('button', { name: '貼り付けたので、届くのを待つ' }).click();
      assert.equal(await page.getByText('bny_ingest_once').count(), 0);
      server.answers.set('sources.get', () => source(ids.fresh, '販売管理', { state: 'waiting', seenAt: null, family: 'generic', match: { by: 'token' } }));
      await page.reload();
      await page.getByRole('button', { name: '新しい合言葉を作る' }).waitFor();
      assert.equal(await page.getByText('bny_ingest_once').count(), 0);
      assert.deepEqual(await axe(page), []);
    });
    it('a sender registered already is refused in the server’s words', async () => {
      const { page } = await open('devices/senders/new', 'lead', new Map([['sources.create', refusal(409, 'sender_taken', 'この送り主は登録済みです')]]));
      await page.getByLabel('機器の呼び名').fill('x');
      await page.getByLabel('送り主のIPアドレス').fill('203.0.113.5');
      assert.equal(await page.getByLabel('ログの中の機器名').isVisible(), false);
      await page.getByRole('button', { name: '次へ（この機器を登録する）' }).click();
      await page.getByRole('heading', { name: 'この送り主は登録済みです' }).waitFor();
      // The message speaks of the name in the lines: its field stands open, also while it is filled in.
      await page.getByLabel('ログの中の機器名').fill('FG-2');
      await page.getByLabel('ログの中の機器名').fill('');
      assert.equal(await page.getByLabel('ログの中の機器名').isVisible(), true);
      assert.deepEqual(await axe(page), []);
    });
    it('a new secret is made only after its effect was said, and how a sender is taken can be changed', async () => {
      const { page, sent } = await open(`devices/senders/${ids.relay}`);
      await page.getByRole('button', { name: '新しい合言葉を作る' }).click();
      await page.getByText('今の合言葉はすぐに使えなくなり').waitFor();
      assert.equal(sent('sources.newToken').length, 0);
      await page.getByRole('button', { name: '作り直す' }).click();
      await page.getByText('bny_new_once').waitFor();
      await page.getByRole('button', { name: '控えました' }).click();
      await page.getByRole('button', { name: '受け取り方を直す' }).click();
      await page.getByRole('radio', { name: '3年' }).check();
      await page.getByLabel('何時間来なければ知らせるか').fill('一日');
      await page.getByRole('button', { name: '直した内容を保存する' }).click();
      await page.getByRole('link', { name: '1から720までの数字で入れてください。' }).waitFor();
      await page.getByLabel('何時間来なければ知らせるか').fill('９６');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('button', { name: '直した内容を保存する' }).click();
      await toast(page).getByText('受け取り方を直しました').waitFor();
      const body = sent('sources.update')[0]?.body as { retention: string; silentAfterHours: number; match: unknown };
      assert.deepEqual([body.retention, body.silentAfterHours, body.match], ['3y', 96, { by: 'token' }]);
    });
  });

  describe('settings', () => {
    it('show only what the reader may open', async () => {
      const names = async (page: Page) => page.getByRole('main').getByRole('listitem').getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')?.split('/').at(-1)));
      const { page } = await open('settings');
      assert.deepEqual(await names(page), ['profile', 'people', 'notices', 'sharing', 'audit', 'outbox', 'mail-check', 'sign-in', 'tokens', 'leave']);
      const { page: operator } = await open('settings', 'operator');
      assert.ok((await names(operator)).includes('backup') && (await names(operator)).includes('desk-times'));
      const { page: auditor } = await open('settings', 'auditor');
      assert.deepEqual(await names(auditor), ['profile', 'people', 'sharing', 'audit']);
    });
    it('the desk’s hours are typed as people write them, days off are added and taken out, and all of it can be taken back', async () => {
      const { page, sent } = await open('settings/desk-times', 'operator');
      assert.equal(await page.getByLabel('月曜日', { exact: true }).inputValue(), '9:00〜12:00、13:00〜17:00');
      await page.getByLabel('月曜日', { exact: true }).fill('９時から１７時３０分');
      await page.getByLabel('土曜日').fill('朝から');
      await page.getByRole('button', { name: '火曜日から金曜日を、月曜日と同じにする' }).click();
      await page.getByRole('button', { name: '保存する' }).click();
      await page.getByRole('link', { name: '時間は 9:00〜17:00 のように入れてください。休みの日は、空のままにします。' }).waitFor();
      assert.deepEqual(sent('desk.timesPut'), []);
      await page.getByLabel('土曜日').fill('10:00-12:00');
      await page.getByLabel('休みにする日').fill('2029-12-28');
      await page.getByRole('button', { name: '足す', exact: true }).click();
      await page.getByRole('button', { name: '2029年8月14日（火）を外す' }).click();
      await page.getByLabel('最初の返事まで').nth(1).selectOption({ label: '1時間' });
      await page.getByText('これから1年の祝日（2日）を見る').click();
      await page.getByText('元日').waitFor();
      await page.getByRole('button', { name: '保存する' }).click();
      await toast(page).getByText('デスクの時間を保存しました').waitFor();
      const day = [['09:00', '17:30']];
      assert.deepEqual(sent('desk.timesPut')[0]?.body, { minutes: { now: { firstReply: 30, solve: 480 }, today: { firstReply: 60, solve: 480 }, normal: { firstReply: 480, solve: 2400 } }, hours: [[], day, day, day, day, day, [['10:00', '12:00']]], closedDays: ['2026-08-13', '2029-08-13', '2029-12-28'] });
      await undo(page);
      assert.deepEqual((sent('desk.timesPut')[1]?.body as { closedDays: unknown }).closedDays, ['2026-08-13', '2029-08-13', '2029-08-14']);
    });
    it('a wrong corporate number is refused with the reason, and a saved profile can be taken back', async () => {
      const { page, sent } = await open('settings/profile');
      await page.getByLabel('法人番号').fill('1234567890123');
      await page.getByRole('button', { name: '保存する' }).click();
      await page.locator('#field-corporateNumber[aria-invalid=true]').waitFor();
      assert.deepEqual(sent('orgs.update'), []);
      await page.getByLabel('法人番号').fill('');
      await page.getByLabel('会社のグローバルIPアドレス').fill('203.0.113.0/29\n198.51.100.4/32');
      await page.getByRole('button', { name: '保存する' }).click();
      await toast(page).getByText('組織のことを保存しました').waitFor();
      assert.deepEqual((sent('orgs.update')[0]?.body as { ownRanges: string[] }).ownRanges, ['203.0.113.0/29', '198.51.100.4/32']);
      await undo(page);
      assert.deepEqual((sent('orgs.update')[1]?.body as { ownRanges: string[] }).ownRanges, ['203.0.113.0/29']);
    });
    it('a consent says what is seen, acts at once and can be undone; questions cannot be switched off', async () => {
      const { page, sent } = await open('settings/sharing');
      await page.getByText('やめると、デスクは気づきを開けなくなり').waitFor();
      await page.getByRole('switch', { name: '「気づき」を共有する' }).uncheck({ force: true }).catch(() => {});
      await toast(page).getByText('写しは1日のうちに消えます').waitFor();
      await undo(page);
      assert.deepEqual(sent('consents.set').map((one) => [one.params['kind'], (one.body as { given: boolean }).given]), [['alerts', false], ['alerts', true]]);
      assert.equal(await page.getByRole('switch', { name: /相談/ }).count(), 0);
    });
    it('what is used today stands open, and only what is not stands folded away', async () => {
      const { page } = await open('settings/sharing');
      await page.getByText('これから使う共有').waitFor();
      const shown = (name: string) => page.getByRole('heading', { name, exact: true, includeHidden: true }).isVisible();
      for (const name of ['気づき', '悪者の手がかり', '月の報告書と点数', '機器の台帳', 'ログ', '疑わしいメールの実物']) assert.equal(await shown(name), true, name);
      for (const name of ['調査票の回答', '証跡', '訓練メールの結果']) assert.equal(await shown(name), false, name);
    });
    it('what is allowed for single questions stands apart: what runs can be stopped, what is over is folded away', async () => {
      const { page, sent } = await open('settings/sharing');
      await page.getByRole('heading', { name: '相談のあいだだけ見せること' }).waitFor();
      await page.getByText('相談を開いて答えてください').waitFor();
      assert.match((await page.getByRole('link', { name: '#121' }).getAttribute('href')) ?? '', /\/tickets\//);
      assert.equal(await page.getByText('今回は見せないと答えました').isVisible(), false);
      await page.getByText('終わったもの').click();
      await page.getByText('に相談と一緒に終わりました').waitFor();
      await page.getByRole('button', { name: '#121 の許可をやめる' }).click();
      await toast(page).getByText('#121 の許可をやめました').waitFor();
      assert.equal(sent('looks.withdraw').length, 1);
      const { page: reader } = await open('settings/sharing', 'auditor');
      await reader.getByText('相談を開いて答えてください').waitFor();
      assert.equal(await reader.getByRole('button', { name: /やめる/ }).count(), 0);
      const { page: audit } = await open('settings/audit');
      await audit.getByText('相談 #121 のあいだの許可で（ログ）').waitFor();
    });
    it('outsiders in the records are marked, with what allowed them, and the chain is checked on demand', async () => {
      const { page } = await open('settings/audit');
      await page.getByRole('row', { name: /気づきを見ました 窓口 太郎 外の人 「気づき」の共有で/ }).waitFor();
      const asked = page.waitForRequest(/audit\?outsiders=true/);
      await page.getByLabel('表示する記録').selectOption('outsiders');
      await asked;
      await page.getByRole('button', { name: '書き換えられていないか確かめる' }).click();
      await page.getByText('1,204件の記録は、1件も書き換えられていません。').waitFor();
      const { page: broken } = await open('settings/audit', 'lead', new Map([['audit.verify', { ok: false, entries: 0, head: '', atSeq: 77 }]]));
      await broken.getByRole('button', { name: '書き換えられていないか確かめる' }).click();
      await broken.getByText('77番目の記録から、つながりが合いません。').waitFor();
      await broken.getByText('デスクに電話してください。', { exact: false }).first().waitFor();
    });
    it('the setting of the report button stands ready to be copied, and only where the secret can do nothing else', async () => {
      const make = async (...scopes: string[]): Promise<Page> => {
        const { page } = await open('settings/tokens');
        await page.getByRole('button', { name: '合言葉を作る' }).click();
        await page.getByLabel('呼び名').fill('報告ボタン');
        for (const name of scopes) await page.getByRole('checkbox', { name }).check();
        await page.getByRole('button', { name: '作る', exact: true }).click();
        await page.getByText('bny_secret_once').first().waitFor();
        return page;
      };
      const page = await make('疑わしいメールを送る');
      const setting = readSetting(await page.getByText(/^banya1:/).innerText());
      assert.deepEqual(setting, { url: new URL(page.url()).origin, org, token: 'bny_secret_once' });
      assert.deepEqual(await axe(page), []);
      const wide = await make('疑わしいメールを送る', '名簿に書き込む');
      await wide.getByText('ボタンの設定は、大ぜいの人に渡るからです。', { exact: false }).waitFor();
      assert.equal(await wide.getByText(/^banya1:/).count(), 0);
    });
    it('an API secret is shown once and revoked only after its effect was said', async () => {
      const { page, sent } = await open('settings/tokens');
      await page.getByRole('button', { name: '合言葉を作る' }).click();
      await page.getByRole('button', { name: '作る', exact: true }).click();
      await page.getByRole('link', { name: 'できることを選んでください。' }).waitFor();
      await page.getByLabel('呼び名').fill('人事');
      await page.getByRole('checkbox', { name: '名簿に書き込む' }).check();
      await page.getByRole('radio', { name: '期限なし' }).check();
      assert.deepEqual(await axe(page), []);
      await page.getByRole('button', { name: '作る', exact: true }).click();
      await page.getByText('bny_secret_once').waitFor();
      assert.deepEqual(sent('tokens.create')[0]?.body, { name: '人事', scopes: ['people:write'] });
      await page.getByRole('button', { name: '貼り付けました' }).click();
      assert.equal(await page.getByText('bny_secret_once').count(), 0);
      await page.getByRole('button', { name: '止める: 資産管理ソフト' }).click();
      await page.getByText('「資産管理ソフト」を使っている仕組みは、すぐにつながらなくなります。').waitFor();
      assert.equal(sent('tokens.revoke').length, 0);
      await page.getByRole('button', { name: '止める', exact: true }).click();
      await toast(page).getByText('「資産管理ソフト」を止めました').waitFor();
    });
    it('company sign-in gives its return address to copy, and an unreachable issuer is told', async () => {
      const { page } = await open('settings/sign-in', 'lead', new Map([['sso.put', refusal(422, 'issuer_unreachable', '発行者につながりません')]]));
      await page.getByText('https://banya.example.jp/api/v1/sign-in/oidc/0192f0a0-0000-7000-8000-000000000001/return').waitFor();
      await page.getByRole('button', { name: '確かめて保存する' }).click();
      await page.getByRole('link', { name: 'クライアントシークレットを入れてください。' }).waitFor();
      await page.getByLabel('クライアントシークレット').fill('s3cret');
      await page.getByRole('button', { name: '確かめて保存する' }).click();
      await page.getByRole('heading', { name: '発行者につながりません' }).waitFor();
    });
    it('a mail that did not arrive says why and is sent again', async () => {
      const { page, sent } = await open('settings/outbox');
      await page.getByText('メールの送り方がまだ決まっていないため').waitFor();
      await page.getByRole('button', { name: /読む: 【番屋】サインインのリンク/ }).first().click();
      await page.getByText('メールサーバにつながりません。').waitFor();
      assert.deepEqual(await axe(page), []);
      await page.getByRole('button', { name: 'もう一度送る' }).click();
      await toast(page).getByText('もう一度送ります').waitFor();
      assert.equal(sent('outbox.again')[0]?.params['mail'], ids.mail);
    });
    it('quiet hours are set and taken back; a place for notices shows its secret once, and why a trial did not arrive', async () => {
      const { page, sent } = await open('settings/notices');
      await page.getByLabel('静かにする時間の始まり').selectOption('20:30');
      await page.getByRole('button', { name: '時間を変える' }).click();
      await toast(page).getByText('知らせる時間を変えました').waitFor();
      assert.deepEqual(sent('notices.set').map((one) => one.body), [{ quietFrom: '20:30', quietUntil: '07:00', look: true }]);
      await page.getByRole('button', { name: '試し送り: 総務のチャット' }).click();
      await toast(page).getByText('届きませんでした。送り先が見つかりません。').waitFor();
      await page.getByText('送り先が見つかりません。アドレスを作り直してください。').first().waitFor();
      await page.getByRole('button', { name: '送り先を足す' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('呼び名').fill('監視の仕組み');
      await dialog.getByLabel(/ほかの仕組み/).check();
      await dialog.getByLabel('宛先（URL）').fill('http://hook.example.jp/in');
      // The messages from before stand beside the dialog, not over its button.
      await dialog.getByRole('button', { name: '足す' }).click({ timeout: 5_000 });
      await dialog.getByText('https:// で始まる宛先を貼り付けてください。').first().waitFor();
      await dialog.getByLabel('宛先（URL）').fill('https://hook.example.jp/in');
      await dialog.getByRole('button', { name: '足す' }).click();
      await dialog.getByText('himitsu').waitFor();
      await page.screenshot({ path: join(pictures, 'settings-notices-secret-1280.png') });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.screenshot({ path: join(pictures, 'settings-notices-secret-390.png') });
      assert.deepEqual(await axe(page), []);
      assert.deepEqual(sent('notices.addChannel').map((one) => one.body), [{ name: '監視の仕組み', form: 'json', url: 'https://hook.example.jp/in', what: 'now', lang: 'ja' }]);
    });
    it('the order in which the desk phones is kept, and a name without a number is not sent', async () => {
      const { page, sent } = await open('settings/notices');
      await page.getByRole('button', { name: '人を足す' }).click();
      const second = page.getByRole('group', { name: '2番目' });
      await second.getByLabel('名前').fill('夜の当番');
      await page.getByRole('button', { name: '順番を保存する' }).click();
      await page.getByText('名前と電話番号を両方入れてください。').first().waitFor();
      await second.getByLabel('電話番号').fill('内線 12');
      await page.getByRole('button', { name: '順番を保存する' }).click();
      await page.getByRole('link', { name: '電話番号は、数字10けたか11けたで入れてください。' }).click();
      assert.deepEqual(await page.evaluate(() => (document.activeElement as HTMLInputElement).value), '内線 12');
      assert.equal(sent('notices.setPhones').length, 0);
      await second.getByLabel('電話番号').fill('０９０−００００ー０００２');
      await page.getByRole('button', { name: '順番を保存する' }).click();
      await toast(page).getByText('電話の順番を保存しました').waitFor();
      assert.deepEqual(sent('notices.setPhones').map((one) => one.body), [{ items: [{ name: '社長', phone: '090-0000-0001', hours: '平日の昼' }, { name: '夜の当番', phone: '090-0000-0002', hours: '' }] }]);
    });
    it('everything is received as one file, and leaving states its effect and day before it is done', async () => {
      const { page, sent } = await open('settings/leave', 'lead', [['orgs.archive', 'PK']]);
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: '受け取る', exact: true }).click();
      assert.match((await saved).suggestedFilename(), /^banya-\d{4}-\d{2}-\d{2}\.zip$/);
      await page.getByRole('button', { name: '番屋をやめる手続きへ' }).click();
      await page.getByText(/今すぐ全員が入れなくなり、データは .*日.* に消えます。/).waitFor();
      assert.deepEqual(await axe(page), []);
      assert.equal(sent('orgs.leave').length, 0);
      await page.getByRole('button', { name: 'やめる', exact: true }).first().click();
      await page.getByRole('heading', { name: '退会の手続きが済みました' }).waitFor();
      assert.deepEqual(sent('orgs.leave')[0]?.body, { name: '北原製作所' });
      const { page: top } = await open('settings/leave', 'manager', new Map([['orgs.get', { id: org, parent: null, federation: org, kind: 'federation', name: '港町商工会', reading: null, industry: null, sizeBand: null, prefecture: null, corporateNumber: null, phone: null, timeZone: 'Asia/Tokyo', ownRanges: [], domains: [], archivedAt: null }]]));
      await top.getByRole('heading', { name: '連合はやめられません' }).waitFor();
      assert.equal(await top.getByRole('button', { name: '番屋をやめる手続きへ' }).count(), 0);
    });
  });

  describe('the operator’s pages', () => {
    it('saving mail without a password leaves it as it is, and a failed test says why', async () => {
      const { page, sent } = await open('settings/mail', 'operator');
      await page.getByLabel('送信サーバ').fill('mail.example.jp');
      await page.getByRole('button', { name: '保存する' }).click();
      await toast(page).getByText('メールの送り方を保存しました').waitFor();
      assert.deepEqual(sent('operate.mailPut')[0]?.body, { host: 'mail.example.jp', port: 465, secure: true, user: 'banya', from: 'banya@example.jp' });
      await page.getByRole('button', { name: '試しに送る' }).click();
      await page.getByText('送れませんでした').waitFor();
      assert.deepEqual(sent('operate.mailTest')[0]?.body, { to: 'hanako@example.jp' });
    });
    it('backups: now, another place, and a trial whose result comes by itself', async () => {
      const { page, server, sent } = await open('settings/backup', 'operator');
      await page.getByRole('button', { name: '今すぐ取る' }).click();
      await toast(page).getByText('バックアップを始めました').waitFor();
      await page.getByText('置き場所を変える').click();
      await page.getByRole('radio', { name: /S3/ }).check();
      await page.getByRole('button', { name: '書けるか確かめて保存する' }).click();
      await page.getByRole('link', { name: 'シークレットキーを入れてください。' }).waitFor();
      await page.getByLabel('接続先').fill('https://s3.example.com');
      await page.getByLabel('バケット').fill('banya');
      await page.getByLabel('アクセスキー').fill('AK');
      await page.getByLabel('シークレットキー').fill('SK');
      await page.getByRole('button', { name: '書けるか確かめて保存する' }).click();
      await toast(page).getByText('置き場所を保存しました').waitFor();
      assert.deepEqual(sent('operate.backupTarget')[0]?.body, { kind: 's3', endpoint: 'https://s3.example.com', bucket: 'banya', accessKey: 'AK', secretKey: 'SK', keep: 48 });
      await page.getByRole('button', { name: '復元を試す' }).click();
      await page.getByText('写しの中で試しています。').waitFor();
      server.answers.set('operate.backups', () => ({ target: null, items: [], lastTrial: { at: new Date().toISOString(), ok: false, text: 'passphrase wrong' }, running: false }));
      await page.reload();
      await page.getByText('の練習では、戻せませんでした。').waitFor();
      await page.getByText('今は、番屋と同じディスクに置いています。').waitFor();
    });
    it('what is wrong stands first, with its remedy', async () => {
      const { page } = await open('settings/health', 'operator');
      await page.getByText('今すぐ直してほしいところが1件あります。').waitFor();
      assert.match(await page.getByRole('main').getByRole('listitem').first().innerText(), /今すぐ[\s\S]*直し方: 不要なファイルを消すか/);
      await page.getByRole('link', { name: 'バックアップへ' }).waitFor();
    });
    it('the address in the monthly mail leads to the backups', async () => {
      const { page } = await open('/settings/backup', 'operator');
      await page.waitForURL(`**/o/${org}/settings/backup`);
    });
    it('others are told whose page it is', async () => {
      const { page } = await open('settings/backup', 'lead');
      await page.getByText('見られるのは 運用者 です。').waitFor();
    });
  });

  describe('states of a page', () => {
    it('refused, failed and empty are each said in words', async () => {
      for (const [path, route, role] of [['people', 'people.list', 'lead'], ['devices', 'devices.list', 'lead'], ['settings/sharing', 'consents.get', 'lead'], ['settings/audit', 'audit.list', 'lead'], ['settings/outbox', 'outbox.list', 'lead'], ['settings/tokens', 'tokens.list', 'lead'], [`devices/senders/${ids.utm}`, 'sources.get', 'lead'], ['settings/health', 'operate.health', 'operator']] as const) {
        const { page } = await open(path, role, new Map([[route, refusal(403, 'forbidden', '見られません', '見られるのは統括者です。')]]));
        await page.getByText('見られるのは統括者です。').waitFor();
        assert.deepEqual(await axe(page), [], path);
        const { page: failed } = await open(path, role, new Map([[route, refusal(500, 'internal', '一時的に読めません')]]));
        await failed.getByText('これまでに保存した記録は無事です。').waitFor();
      }
      const none = { items: [], next: null };
      for (const [path, route, words] of [['people', 'people.list', '名簿はまだ空です'], ['devices', 'devices.list', '台帳はまだ空です'], ['devices?tab=senders', 'sources.list', 'ログを送る機器は、まだつながっていません'], ['settings/audit', 'audit.list', '記録はまだありません'], ['settings/outbox', 'outbox.list', 'メールはまだありません'], ['settings/tokens', 'tokens.list', 'つないでいる仕組みはありません']] as const) {
        const { page } = await open(path, 'lead', new Map([[route, none]]));
        await page.getByRole('heading', { name: words }).waitFor();
        assert.deepEqual(await axe(page), [], path);
      }
      const { page } = await open('settings/sharing', 'operator');
      await page.getByRole('heading', { name: '送る先はありません' }).waitFor();
    });
    it('a reader without the right to change is offered no change', async () => {
      const { page } = await open('settings/profile', 'auditor');
      await page.getByText('変えられるのは、担当者か統括者です。').waitFor();
      assert.equal(await page.getByRole('button', { name: '保存する' }).count(), 0);
      const { page: person } = await open(`people/${ids.sato}`, 'auditor');
      await person.getByRole('heading', { name: '連絡先' }).waitFor();
      assert.equal(await person.getByRole('main').getByRole('button').count(), 0);
    });
  });

  for (const lang of ['ja', 'en'] as const) {
    for (const [name, [path, role]] of Object.entries(pages)) {
      it(`${name} is accessible and fits screen, phone and small phone (${lang})`, async () => {
        const { page } = await open(path, role, [], lang);
        await page.waitForSelector(`html[lang=${lang}]`);
        await settled(page);
        await fits(page, join(pictures, `settings-${name}-${lang}`));
      });
    }
  }
  it('nothing here needed anything the content policy refuses', () => {
    assert.deepEqual(browser.faults, []);
  });
});
