import type { Lang } from './checked.ts';
import type { CorporateNumberCode, InvoiceNumberCode } from './corporate-number.ts';
import type { EmailCode } from './email.ts';
import type { PhoneCode } from './phone.ts';
import type { PostalCodeCode } from './postal.ts';

/** Every code that a check of this package gives. */
export type InputCode = CorporateNumberCode | InvoiceNumberCode | EmailCode | PhoneCode | PostalCodeCode;

const TEXTS: Record<InputCode, Record<Lang, string>> = {
  'corporate_number.empty': { ja: '法人番号を入れてください。数字13けたです。', en: 'Enter the corporate number. It has 13 digits.' },
  'corporate_number.not_digits': { ja: '法人番号は数字だけで入れてください（13けた）。', en: 'Use digits only for the corporate number (13 digits).' },
  'corporate_number.registry_number': { ja: 'これは登記の番号（12けた）のようです。法人番号は、その前に1けた付いた13けたです。', en: 'This looks like the 12-digit register number. The corporate number has one more digit in front.' },
  'corporate_number.length': { ja: '法人番号は13けたです。けた数をご確認ください。', en: 'A corporate number has 13 digits. Please check how many you entered.' },
  'corporate_number.check_digit': { ja: '法人番号のどこかの数字が違うようです。もう一度見比べてください。', en: 'A digit of the corporate number seems to be wrong. Please compare it once more.' },
  'invoice_number.empty': { ja: '登録番号を入れてください（例 T1234567890123）。', en: 'Enter the registration number (for example T1234567890123).' },
  'invoice_number.form': { ja: '登録番号は、Tのあとに数字13けたです（例 T1234567890123）。', en: 'A registration number is T followed by 13 digits (for example T1234567890123).' },
  'email.empty': { ja: 'メールアドレスを入れてください。', en: 'Enter an e-mail address.' },
  'email.too_long': { ja: 'メールアドレスが長すぎます。余分な文字が入っていないか、ご確認ください。', en: 'The e-mail address is too long. Please check for extra text.' },
  'email.no_at': { ja: 'メールアドレスには「@」が必要です（例 soumu@example.co.jp）。', en: 'An e-mail address needs an @ (for example office@example.com).' },
  'email.several_at': { ja: '「@」が2つ以上あります。アドレスは1つずつ入れてください。', en: 'There is more than one @. Enter one address at a time.' },
  'email.local_part': { ja: '「@」の前に使えない文字があります。空白や日本語が入っていないか、ご確認ください。', en: 'Something before the @ cannot be used there. Please check for spaces and accents.' },
  'email.domain': { ja: '「@」の後ろをご確認ください（例 example.co.jp）。', en: 'Please check what follows the @ (for example example.com).' },
  'phone.empty': { ja: '電話番号を入れてください。', en: 'Enter a telephone number.' },
  'phone.not_digits': { ja: '電話番号は数字10〜11けたで入れてください（例 043-123-4567）。', en: 'Enter the telephone number as 10 or 11 digits (for example 043-123-4567).' },
  'phone.foreign': { ja: '日本の電話番号を入れてください（例 043-123-4567）。', en: 'Enter a telephone number in Japan (for example 043-123-4567).' },
  'phone.leading_zero_lost': { ja: '先頭の0が消えているようです。0から入れてください。', en: 'The first 0 seems to be lost. Enter the number from its 0.' },
  'phone.too_short': { ja: '電話番号のけたが足りません。市外局番から入れてください（例 043-123-4567）。', en: 'Some digits are missing. Enter the number with its area code (for example 043-123-4567).' },
  'phone.too_long': { ja: '電話番号のけたが多すぎます。1つだけ入れてください。', en: 'There are too many digits. Enter one number only.' },
  'phone.unknown_prefix': { ja: '先頭の数字をご確認ください。電話番号は市外局番か、050・070・080・090などで始まります。', en: 'Please check the first digits. Numbers begin with an area code or with 050, 070, 080, 090 and the like.' },
  'postal_code.empty': { ja: '郵便番号を入れてください。', en: 'Enter a postal code.' },
  'postal_code.not_digits': { ja: '郵便番号は数字7けたで入れてください（例 123-4567）。', en: 'Enter the postal code as 7 digits (for example 123-4567).' },
  'postal_code.leading_zero_lost': { ja: '郵便番号が6けたです。先頭の0が消えていないか、ご確認ください。', en: 'The postal code has 6 digits. Please check whether its first 0 is lost.' },
  'postal_code.length': { ja: '郵便番号は数字7けたです（例 123-4567）。', en: 'A postal code has 7 digits (for example 123-4567).' },
};

/** The codes, for a test that every one has words. */
export const INPUT_CODES = Object.keys(TEXTS) as readonly InputCode[];

/** What a code says to the person who typed: what is wrong and what to do. */
export function explain(code: InputCode, lang: Lang = 'ja'): string {
  return TEXTS[code][lang];
}
