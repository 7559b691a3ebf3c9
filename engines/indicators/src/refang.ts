/** What people paste: from warnings, chats, PDFs and spreadsheets, made harmless for eyes and wrapped in what a sentence puts around it. */

const INVISIBLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g;
/** A label that a report puts before the value: `SHA256: …`, `URL：…`, `送信元: …`. After NFKC. */
const LABEL = /^(?:ip(?:v[46])?(?: ?address)?|ipアドレス|url|uri|domain|ドメイン|fqdn|host(?: ?name)?|ホスト名?|file ?hash|hash|ハッシュ値?|md5|sha-?1|sha-?256|e-?mail|mail|メール(?:アドレス)?|from|sender|差出人|送信元|宛先|to|account|user(?: ?name)?|アカウント|利用者)\s*[:=]\s*(?!\/\/)/i;
const PAIRS: readonly (readonly [string, string])[] = [['<', '>'], ['"', '"'], ["'", "'"], ['`', '`'], ['「', '」'], ['『', '』'], ['“', '”'], ['‘', '’'], ['(', ')'], ['【', '】']];

/** Takes one pair of quotes or brackets off that stands around the whole. */
function unwrap(text: string): string {
  for (const [open, close] of PAIRS) {
    if (text.length > 2 && text.startsWith(open) && text.endsWith(close)) return text.slice(open.length, text.length - close.length).trim();
  }
  return text;
}

/**
 * Text as programs write it: full-width forms resolved (NFKC), invisible characters, a label, quotes and the end of a
 * sentence taken off, and what was broken on purpose made whole: `hxxp`, `[.]`, `(dot)`, `[:]//`, `[@]`, `[at]`.
 * Linear in the text; the caller bounds it.
 */
export function refang(typed: string): string {
  let text = typed.normalize('NFKC').replace(INVISIBLE, '').trim();
  for (let rounds = 0; rounds < 3; rounds++) {
    const before = text;
    text = unwrap(text.replace(LABEL, '').trim()).replace(/[。、,;!?]+$/u, '').replace(/(?<=[^.])\.$/, '').trim();
    if (text === before) break;
  }
  return text
    .replace(/^h(?:xx|\*\*|XX|tt)p(s?)(?=\[?[:(])/i, 'http$1')
    .replace(/^(?:fxp|f\*p)(s?)(?=\[?:)/i, 'ftp$1')
    .replace(/\[:\/\/\]|\[:\]\/\/|\[:\]\[?\/\]?\[?\/\]?/g, '://')
    .replace(/\[:\]/g, ':')
    .replace(/[[({]\s?(?:\.|dot|ドット)\s?[\])}]/gi, '.')
    .replace(/\\\.|\.\](?!:)|\[\.(?!\])/g, '.')
    .replace(/\s?[[({]\s?(?:@|at|アット(?:マーク)?)\s?[\])}]\s?/gi, '@')
    .replace(/^mailto:/i, '');
}
