import { toHalfWidthAscii } from './text.ts';

export interface Prefecture {
  /** JIS X 0401, two digits, 01 to 47. */
  readonly code: string;
  readonly ja: string;
  readonly kana: string;
  readonly en: string;
}

const NAMES =
  '北海道 ほっかいどう Hokkaido,青森県 あおもりけん Aomori,岩手県 いわてけん Iwate,宮城県 みやぎけん Miyagi,秋田県 あきたけん Akita,山形県 やまがたけん Yamagata,福島県 ふくしまけん Fukushima,' +
  '茨城県 いばらきけん Ibaraki,栃木県 とちぎけん Tochigi,群馬県 ぐんまけん Gunma,埼玉県 さいたまけん Saitama,千葉県 ちばけん Chiba,東京都 とうきょうと Tokyo,神奈川県 かながわけん Kanagawa,' +
  '新潟県 にいがたけん Niigata,富山県 とやまけん Toyama,石川県 いしかわけん Ishikawa,福井県 ふくいけん Fukui,山梨県 やまなしけん Yamanashi,長野県 ながのけん Nagano,岐阜県 ぎふけん Gifu,静岡県 しずおかけん Shizuoka,愛知県 あいちけん Aichi,' +
  '三重県 みえけん Mie,滋賀県 しがけん Shiga,京都府 きょうとふ Kyoto,大阪府 おおさかふ Osaka,兵庫県 ひょうごけん Hyogo,奈良県 ならけん Nara,和歌山県 わかやまけん Wakayama,' +
  '鳥取県 とっとりけん Tottori,島根県 しまねけん Shimane,岡山県 おかやまけん Okayama,広島県 ひろしまけん Hiroshima,山口県 やまぐちけん Yamaguchi,' +
  '徳島県 とくしまけん Tokushima,香川県 かがわけん Kagawa,愛媛県 えひめけん Ehime,高知県 こうちけん Kochi,' +
  '福岡県 ふくおかけん Fukuoka,佐賀県 さがけん Saga,長崎県 ながさきけん Nagasaki,熊本県 くまもとけん Kumamoto,大分県 おおいたけん Oita,宮崎県 みやざきけん Miyazaki,鹿児島県 かごしまけん Kagoshima,沖縄県 おきなわけん Okinawa';

/** The 47 prefectures in the order and with the codes of JIS X 0401. */
export const PREFECTURES: readonly Prefecture[] = NAMES.split(',').map((entry, i) => {
  const [ja, kana, en] = entry.split(' ') as [string, string, string];
  return { code: String(i + 1).padStart(2, '0'), ja, kana, en };
});

const BY_TEXT = new Map<string, Prefecture>();
for (const prefecture of PREFECTURES) {
  const short = prefecture.ja === '北海道' ? prefecture.ja : prefecture.ja.slice(0, -1);
  const keys = [prefecture.code, String(Number(prefecture.code)), prefecture.ja, short, prefecture.kana, prefecture.en.toLowerCase()];
  for (const key of keys) BY_TEXT.set(key, prefecture);
}

/** Finds a prefecture by code, full name, name without 都府県, kana or English name; undefined when it is none. */
export function findPrefecture(text: string): Prefecture | undefined {
  return text.length > 40 ? undefined : BY_TEXT.get(toHalfWidthAscii(text).trim().toLowerCase());
}

/** The prefecture with which an address begins, written in full (東京都千代田区…); undefined when there is none. */
export function prefectureOfAddress(address: string): Prefecture | undefined {
  const start = address.slice(0, 20).trimStart();
  return PREFECTURES.find(({ ja }) => start.startsWith(ja));
}

/**
 * The check digit of a five-digit municipality code (全国地方公共団体コード, JIS X 0401 and 0402): the last digit of
 * 11 − (Σ digit × 6,5,4,3,2 mod 11).
 * @throws RangeError unless given exactly five ASCII digits.
 */
export function municipalityCheckDigit(code: string): string {
  if (!/^[0-9]{5}$/.test(code)) throw new RangeError('a municipality code has five digits before its check digit');
  let sum = 0;
  for (let i = 0; i < 5; i++) sum += Number(code[i]) * (6 - i);
  return String((11 - (sum % 11)) % 10);
}
