import type { Touched } from './types.ts';

const NOTE_MAX = 2000;
const SENTENCES_MAX = 60;
/** What ends a verb that was done: した, しました, してしまった, しちゃった; 開いた, 踏んだ. */
const DONE = '(?:た|だ|ました|てしまい|てしまっ|でしまい|でしまっ|ちゃい|ちゃっ|じゃい|じゃっ|ちまっ|じまっ)';
/** What turns it round right behind: したい is a wish, したら a condition, した「ほうが」 advice, してしまい「そう」 a worry. */
const NOT_DONE = /^(?:い|ら|そう|ほうが|方が|(?:覚え|こと|わけで|ので|もので)(?:は|が|も)(?:な|あり)|りはし|りし)/;

interface Words {
  readonly what: Exclude<Touched, 'unsure'>;
  readonly ja: RegExp;
  readonly en: RegExp;
}
/** The worst first: whoever typed a password has clicked, too. */
const words: readonly Words[] = [
  {
    what: 'typed',
    ja: new RegExp(`(?:パスワード|暗証番号|カード|口座|個人情報|番号|ID|アカウント|コード|情報|住所|生年月日)[^。\\n]{0,15}?(?:入力し|入れ|打ち込ん|打ち込み|打っ|送信し|送っ|送り|登録し|教え|伝え|書い|書き)${DONE}`, 'gi'),
    en: /\b(?:typed|entered|gave|submitted|filled|sent|put)\b[^.\n]{0,30}\b(?:password|passcode|pin|card|id|code|details|credentials|account|login)\b/gi,
  },
  {
    what: 'file',
    ja: new RegExp(`(?:添付|ファイル|zip|エクセル|excel|ワード|word|pdf|書類)[^。\\n]{0,15}?(?:開い|開き|開け|実行し|ダウンロードし|保存し|クリックし|ダブルクリックし)${DONE}`, 'gi'),
    en: /\b(?:opened|downloaded|ran|executed|saved)\b[^.\n]{0,30}\b(?:attachment|file|document|zip|pdf|excel|word|invoice)\b/gi,
  },
  {
    what: 'link',
    ja: new RegExp(`(?:(?:リンク|URL|アドレス|サイト|ページ|ボタン|QRコード)[^。\\n]{0,15}?(?:押し|開い|開き|開け|踏ん|踏み|読み取っ|読み取り)|(?:クリック|タップ|アクセス)を?し)${DONE}`, 'gi'),
    en: /\b(?:clicked|tapped|opened|visited|followed|scanned)\b[^.\n]{0,30}\b(?:link|url|page|site|website|button|it|on|code)\b/gi,
  },
];
const UNSURE_JA = /(?:クリック|押し|開い|開け|入力|踏ん|タップ|アクセス)[^。\n]{0,12}(?:かもしれ|かも|気がし|覚えてい(?:な|ませ))/i;
const UNSURE_EN = /\b(?:may|might|could) have (?:clicked|opened|entered|typed|tapped)\b|\bnot sure (?:if|whether) i (?:clicked|opened|entered|typed)\b/i;
const NO_EN = /\b(?:not|never|should|would|can|n't|nobody|without|before|if|dont|didnt|havent)\b|n't\b/i;
/** Somebody else did it, or it is a rule: no report about oneself. */
const NO_JA = /(?:もし|万一|場合|前に|ないで|なく)/;

/**
 * What the writer of a note says that he or she did with the mail: "I clicked", "I typed my password", "I opened it". Only
 * what is told as done counts: 「クリックしていません」, 「開いても大丈夫ですか」 and "I have not opened it" do not.
 * Reads at most 2,000 characters; linear.
 */
export function touchedIn(note: string): Touched | null {
  const text = note.slice(0, NOTE_MAX).normalize('NFKC');
  const sentences = text.split(/[。\n!?！？]/).slice(0, SENTENCES_MAX);
  let unsure = false;
  let found: number | null = null;
  for (const sentence of sentences) {
    if (UNSURE_JA.test(sentence) || UNSURE_EN.test(sentence)) {
      unsure = true;
      continue;
    }
    words.forEach(({ ja, en }, i) => {
      if (found !== null && found <= i) return;
      if (doneJa(sentence, ja) || doneEn(sentence, en)) found = i;
    });
  }
  return found !== null ? words[found]!.what : unsure ? 'unsure' : null;
}

function doneJa(sentence: string, pattern: RegExp): boolean {
  for (const match of sentence.matchAll(pattern)) {
    const before = sentence.slice(0, match.index).slice(-20);
    const after = sentence.slice(match.index + match[0].length);
    if (!NOT_DONE.test(after) && !NO_JA.test(before) && !NO_JA.test(match[0])) return true;
  }
  return false;
}

function doneEn(sentence: string, pattern: RegExp): boolean {
  for (const match of sentence.matchAll(pattern)) if (!NO_EN.test(sentence.slice(0, match.index).slice(-40)) && /\b(?:i|we|my|she|he|they)\b/i.test(sentence.slice(0, match.index))) return true;
  return false;
}

/** Lines with which mail programs begin what is forwarded or answered. */
const FORWARDED = /^(?:-{2,}.{0,40}(?:forwarded|original|転送|元のメッセージ|オリジナル).{0,40}|begin forwarded message:?|(?:>? ?)(?:from|差出人|送信者|送信元) ?[::].{1,200}|_{20,}|>.{0,200})$/i;
const LINES_MAX = 400;

/**
 * What a person wrote above the mail that he or she forwards. `attached`: the mail hangs on it as a file, so all of the text
 * is a note. Without a line that says where the forwarded mail begins nobody knows what is note and what is mail: ''.
 */
export function noteOf(text: string, attached: boolean): string {
  const lines = text.slice(0, 40_000).split('\n').slice(0, LINES_MAX);
  const at = lines.findIndex((line) => line.length <= 300 && FORWARDED.test(line.trim().normalize('NFKC')));
  if (at >= 0) return lines.slice(0, at).join('\n').trim();
  return attached ? lines.join('\n').trim() : '';
}
