/** Names and domains that say what they are for and not whose they are. */
import { withoutForm, withoutTitles } from './names.ts';
import { skeleton } from './confusables.ts';
import { PURPOSE_WORDS, STRONG_WORDS, WEAK_WORDS } from './words.ts';

const NAME_MAX = 120;
/** Ends of names that are a counter, a desk or a service: 「会員窓口」「管理センター」「配信サービス」. */
const OFFICE = /(?:センター|センタ|事務局|窓口|管理部|管理局|管理者|管理室|管理課|管理チーム|サポート|サービス|カスタマー|ヘルプ|デスク|チーム|本部|担当|運営|受付|係|課|局|庁|省|署|機構|協会|連盟|委員会|審査部|審査室|通知|お知らせ|配信|共有|共有しました|キャンペーン|アンケート|抽選会|抽選|当選|バンク|クラウド|システム|セキュリティ|アカウント|メール|会員|お客様|お客さま|公式|便|ポータル|オンライン|管理|案内|ご案内|相談室|相談所|支援|支援室|登録|レジストリ|fax|ファックス|faxサービス|web|net|info|support|center|service|team|admin|desk|security)(?:\s{0,2}[(（「【<][^)）」】>]{1,40}[)）」】>]?)?$/iu;
const JAPANESE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const COMPANY = /株式会社|有限会社|合同会社|\(株\)|\(有\)|社会福祉法人|医療法人|学校法人|協同組合/;
/** Who has power over the reader. Their real mails come from go.jp and lg.jp; lawyers from houses of their own. */
const AUTHORITY = /警視庁|警察|捜査|検察|刑事課|サイバー犯罪|国税|税務署|税務局|裁判所|労働基準|年金事務所|年金機構|財務局|法務局|総務省|厚生労働省|経済産業省|金融庁|消費者庁|国民生活センター|出入国|税関|市役所|区役所|町役場|村役場|県庁|府庁|都庁|教育委員会|[市区町村県府都道][\s　]{0,2}[^\s　]{0,8}[課局部室係]$/;

/** A Japanese name that ends as an office or a service. 1 without a company's name beside it, 0.5 with one, 0 for none. */
export function officeLike(name: string): number {
  const plain = name.normalize('NFKC').slice(0, NAME_MAX).trim();
  if (!JAPANESE.test(plain)) return 0;
  const parts = plain.split(/[\s　/|・]+/).slice(0, 6);
  if (!parts.some((part) => OFFICE.test(part)) && !OFFICE.test(plain)) return 0;
  return COMPANY.test(plain) ? 0.5 : 1;
}

export const authorityLike = (name: string): boolean => AUTHORITY.test(name.normalize('NFKC').slice(0, NAME_MAX).trim());

/** Nothing but a title (「理事長」「代表取締役社長」), with at most the organisation's own name beside it. */
export function isBareTitle(name: string, organisation: string | undefined): boolean {
  let plain = name.normalize('NFKC').slice(0, NAME_MAX);
  if (organisation !== undefined && organisation !== '') plain = plain.replaceAll(organisation.normalize('NFKC'), ' ').replaceAll(withoutForm(organisation), ' ');
  const bare = withoutTitles(plain);
  return bare !== plain && bare.replace(/[^\p{L}\p{N}]/gu, '') === '';
}

const PURPOSE: ReadonlySet<string> = new Set([...PURPOSE_WORDS, ...STRONG_WORDS, ...WEAK_WORDS].map((word) => skeleton(word)));
const STRONG: ReadonlySet<string> = new Set(STRONG_WORDS.map((word) => skeleton(word)));
const LONGEST = Math.max(...[...PURPOSE].map((word) => word.length));

/**
 * A domain whose label is made of words for a purpose alone: `auth-update`, `mailsupport`. At least two such words; a label
 * joined by hyphens of which all but one are such words, one of them a strong one, counts as half. 0 for none.
 */
export function purposeLike(label: string): number {
  const tokens = label.toLowerCase().slice(0, 63).split('-').filter((token) => token !== '');
  const words = tokens.map((token) => wordsIn(skeleton(token)));
  const known = words.filter((count) => count > 0).length;
  const total = words.reduce((sum, count) => sum + count, 0);
  if (known === tokens.length) return total >= 2 ? 1 : 0;
  return tokens.length >= 2 && known >= tokens.length - 1 && tokens.some((token) => STRONG.has(skeleton(token))) ? 0.5 : 0;
}

/** How many purpose words make up the token, 0 when they do not fill it. */
function wordsIn(token: string): number {
  const best: (number | undefined)[] = [0];
  for (let at = 0; at < token.length; at++) {
    if (best[at] === undefined) continue;
    for (let length = 2; length <= Math.min(LONGEST, token.length - at); length++) {
      if (PURPOSE.has(token.slice(at, at + length)) && (length > 2 || token.length === 2)) best[at + length] = Math.min(best[at + length] ?? 99, best[at]! + 1);
    }
    if (/\d/.test(token[at]!) && at > 0) best[at + 1] = Math.min(best[at + 1] ?? 99, best[at]!);
  }
  return best[token.length] ?? 0;
}

const KANA: Readonly<Record<string, string>> = Object.fromEntries(
  'あa いi うu えe おo かka きki くku けke こko さsa しshi すsu せse そso たta ちchi つtsu てte とto なna にni ぬnu ねne のno はha ひhi ふfu へhe ほho まma みmi むmu めme もmo やya ゆyu よyo らra りri るru れre ろro わwa をo んn がga ぎgi ぐgu げge ごgo ざza じji ずzu ぜze ぞzo だda ぢji づzu でde どdo ばba びbi ぶbu べbe ぼbo ぱpa ぴpi ぷpu ぺpe ぽpo ゔvu きゃkya きゅkyu きょkyo しゃsha しゅshu しょsho ちゃcha ちゅchu ちょcho にゃnya にゅnyu にょnyo ひゃhya ひゅhyu ひょhyo みゃmya みゅmyu みょmyo りゃrya りゅryu りょryo ぎゃgya ぎゅgyu ぎょgyo じゃja じゅju じょjo びゃbya びゅbyu びょbyo ぴゃpya ぴゅpyu ぴょpyo'
    .split(' ').map((pair) => { const latin = /[a-z]+$/.exec(pair)![0]; return [pair.slice(0, -latin.length), latin] as const; }),
);

/** Whether a run of at least three kana in the name, in Roman letters, stands in the host: 「みどり基金」 at `midori-kikin.test`. */
export function isKanaNamed(name: string, host: string): boolean {
  const plain = name.normalize('NFKC').slice(0, NAME_MAX).replace(/[\u30a1-\u30f6]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0x60));
  const letters = host.toLowerCase().replace(/[^a-z]/g, '');
  for (const [run] of plain.matchAll(/[\u3041-\u3094]{3,20}/g)) {
    let roman = '';
    for (let at = 0; at < run.length; at++) {
      const two = KANA[run.slice(at, at + 2)];
      if (two !== undefined && at + 1 < run.length) at++;
      roman += two ?? KANA[run[at]!] ?? '';
    }
    if (roman.length >= 4 && letters.includes(roman)) return true;
  }
  return false;
}
