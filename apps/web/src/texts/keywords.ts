/** Words that say nothing about what a question is about. */
const empty = new Set(['場合', '今朝', '今日', '昨日', '自分', '方法', '確認', '質問', '相談', 'the', 'and', 'how', 'what', 'when', 'why', 'can', 'does', 'not', 'with', 'from', 'this', 'that', 'have', 'for', 'you', 'are', 'was', 'please']);

/**
 * The words of a question worth searching for, longest first, at most three: runs of kanji, of katakana and of Latin
 * letters. Japanese is written without spaces, and the search wants words.
 */
export function keywords(text: string): readonly string[] {
  const found = text.normalize('NFKC').slice(0, 2000).match(/[\p{Script=Han}々]{2,}|[\p{Script=Katakana}ー]{2,}|[a-z0-9][a-z0-9.-]{2,}/giu) ?? [];
  const words = [...new Set(found.map((word) => word.toLowerCase().slice(0, 30)))].filter((word) => !empty.has(word));
  return words.sort((a, b) => b.length - a.length).slice(0, 3);
}
