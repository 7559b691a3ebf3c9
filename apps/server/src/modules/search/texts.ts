import type { Lang } from '@banya/contract';
import { addActionTexts, addProblemTexts } from '../../kernel/texts.ts';
import { LIMITS, type QueryCode } from './query/parse.ts';

type Two = Record<Lang, string>;

/** What is wrong with a query, for whoever typed it. */
export const queryTexts: Readonly<Record<QueryCode, Two>> = {
  field_unknown: { ja: '「{word}:」という項目はありません。文字として探すときは " " で囲んでください。', en: 'There is no field “{word}:”. To look for the text itself, put it in quotes.' },
  number_wanted: { ja: '「{word}」には数字を入れてください（例 dport:443、dport:>1023）。', en: '“{word}” takes a number (dport:443, dport:>1023).' },
  address_wanted: { ja: '「{word}」はIPアドレスではありません（例 192.168.1.5、192.168.0.0/16）。', en: '“{word}” is no IP address (192.168.1.5, 192.168.0.0/16).' },
  too_long: { ja: `探す言葉は${LIMITS.length}文字までです。`, en: `At most ${LIMITS.length} characters.` },
  too_many: { ja: `言葉は${LIMITS.terms}個までです。`, en: `At most ${LIMITS.terms} words.` },
  too_deep: { ja: 'かっこの中のかっこが多すぎます。かっこを減らしてください。', en: 'Too many brackets inside one another. Use fewer.' },
  bracket: { ja: '「(」と「)」の数が合っていません。かっこを足すか、消してください。', en: 'A bracket is missing. Add or remove one.' },
  quote: { ja: '「"」が1つ足りません。言葉の前とあとの両方に付けてください。', en: 'A closing quote is missing. Put one before and one after the words.' },
  value_missing: { ja: '「{word}:」のあとに、探す値を入れてください。', en: 'Write what to look for after “{word}:”.' },
  word_missing: { ja: 'OR や NOT の前後に、探す言葉を入れてください。', en: 'A word is missing before or after OR or NOT.' },
};

addProblemTexts({
  query_wrong: {
    title: { ja: '探し方を直してください', en: 'Please correct the search' },
    detail: { ja: '{ja}', en: '{en}' },
  },
  search_slow: {
    title: { ja: '時間内に探しきれませんでした', en: 'It could not be searched in time' },
    detail: { ja: '期間が長いか、今は混み合っています。ログは無事です。', en: 'The time is long, or much is going on right now. The logs are safe.' },
    remedy: { ja: '期間を短くするか、少し待ってから、もう一度お試しください。', en: 'Choose a shorter time, or wait a moment and try again.' },
  },
  time_wrong: {
    title: { ja: '期間を直してください', en: 'Please correct the time' },
    detail: { ja: '始まりは終わりより前、長さは{days}日までです。', en: 'It must begin before it ends, and be no longer than {days} days.' },
  },
  searches_full: {
    title: { ja: '保存できるのは{limit}件までです', en: 'At most {limit} saved searches' },
    detail: { ja: '使わないものを消すと、新しく保存できます。', en: 'Delete one that you no longer use to save another.' },
  },
  indicator_unread: {
    title: { ja: '何を調べるか、読み取れません', en: 'It cannot be read' },
    detail: { ja: '{ja}', en: '{en}' },
  },
});

addActionTexts({
  'search.read': { ja: 'ログを探しました', en: 'Searched the logs' },
  'search.counted': { ja: 'ログの件数を見ました', en: 'Looked at counts of logs' },
  'search.exported': { ja: 'ログをファイルに出しました', en: 'Exported logs' },
  'search.shared': { ja: '検索をほかの方と共有しました', en: 'Shared a saved search' },
  'trace.looked': { ja: '広がりを調べました', en: 'Traced how far something spread' },
  'trace.counted': { ja: '悪者の手がかりがあるか、件数だけ調べました', en: 'Looked how often a trace of attackers was seen, numbers only' },
  'trace.all': { ja: '会員への広がりを調べました', en: 'Traced how far something spread over members' },
});

export const columns = {
  file: { ja: 'ログ検索', en: 'logs' },
  sheet: { ja: 'ログ', en: 'Logs' },
  cut: { ja: '（新しい順に{n}件まで）', en: ' (newest {n})' },
  headers: {
    ja: ['日時', '受け取った日時', 'ログを送った機器', '要点', '機器', '利用者', '接続元', '接続元ポート', '接続先', '接続先ポート', 'ドメイン', '動作', '結果', '種類', '本文', '元の行'],
    en: ['Time', 'Received', 'Sender', 'In short', 'Host', 'User', 'Source', 'Source port', 'Destination', 'Destination port', 'Domain', 'Action', 'Outcome', 'Kind', 'Message', 'Line'],
  },
} satisfies Record<string, Record<Lang, string | readonly string[]> | object>;
