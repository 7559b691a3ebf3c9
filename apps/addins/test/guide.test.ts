import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mail as en } from '../../web/src/texts/en/mail.ts';
import { mail as ja } from '../../web/src/texts/ja/mail.ts';
import { startHelp } from '../../server/src/kernel/config.ts';

const root = join(import.meta.dirname, '../../..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
/** Words of other programs, and words that are quoted without being on a screen of ours. */
const others: Readonly<Record<'ja' | 'en', readonly string[]>> = {
  ja: ['添付ファイルとして転送', 'Taro Sato', 'アドオンとテーマ', '拡張機能', 'ファイルからアドオンをインストール…', '追加', '返信', '番屋のアドレスへのアクセスを許可しますか', '許可', '設定の文字列', '報告ボタン', '統合アプリ', 'カスタム アプリをアップロード', 'Office アドイン', '合格', '安全', '受け取りました', 'あとで', '前にも来たか', '訓練メールでした', '判定する', '12人が報告、3人が開いた', '名乗り', '報告ボタン（名前）', '名簿にない差出人からのメール', '明日もう一度'],
  en: ['Forward as attachment', 'Add-ons and Themes', 'Extensions', 'Install Add-on From File…', 'safe', 'pass', 'Suspicious mail', 'Report button', 'has it come before?', 'This was a training mail', 'Received', 'Saved', '12 people reported it, 3 opened it', 'Report button (name)'],
};

for (const lang of ['ja', 'en'] as const) {
  const guide = read('docs', lang, 'mail.md');
  test(`names of buttons in the guide are those on the screen (${lang})`, () => {
    const screens = [...globSync(join(root, `apps/web/src/texts/${lang}/*.ts`)).map((file) => readFileSync(file, 'utf8')), read('apps/addins/thunderbird/_locales', lang, 'messages.json')].join('\n');
    const names = [...guide.matchAll(lang === 'ja' ? /「([^」]+)」/g : /“([^”]+)”/g)].map((m) => m[1]!);
    assert.ok(names.length > 20);
    for (const name of new Set(names)) assert.ok(others[lang].includes(name) || screens.includes(name), `no screen says ${name}`);
  });
  test(`settings in the guide are those of the server (${lang})`, () => {
    const known = new Set([...startHelp().matchAll(/--[a-z-]+/g)].map((m) => m[0]));
    const named = [...guide.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map((m) => m[0]);
    assert.ok(named.length > 10);
    for (const flag of new Set(named)) assert.ok(known.has(flag), flag);
  });
  test(`links of the guides lead somewhere (${lang})`, () => {
    const slug = (title: string): string => title.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').trim().replace(/\s/g, '-');
    for (const file of globSync(join(root, `docs/${lang}/*.md`))) {
      for (const [, name, place] of readFileSync(file, 'utf8').matchAll(/\]\(([\w/.-]+\.md)(?:#([^)]+))?\)/g)) {
        const text = readFileSync(join(file, '..', name!), 'utf8');
        if (place !== undefined) assert.ok([...text.matchAll(/^#+ (.+)$/gm)].some((m) => slug(m[1]!) === place), `${file}: ${name}#${place}`);
      }
    }
  });
}

test('the button asks with the words of the page, so that nobody wonders which of the five is meant', () => {
  for (const [lang, { did, ask }] of [['ja', ja], ['en', en]] as const) {
    const messages = JSON.parse(read('apps/addins/thunderbird/_locales', lang, 'messages.json')) as Record<string, { message: string }>;
    assert.deepEqual(Object.fromEntries(Object.keys(did).map((touch) => [touch, messages[`did_${touch}`]?.message])), did);
    assert.equal(messages.did?.message, ask.did);
  }
});

test('both guides have the same parts', () => {
  const levels = (lang: string): string[] => [...read('docs', lang, 'mail.md').matchAll(/^(#+) /gm)].map((m) => m[1]!);
  assert.deepEqual(levels('ja'), levels('en'));
});
