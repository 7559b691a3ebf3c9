/** Words used everywhere. */
export const common = {
  product: '番屋',
  close: '閉じる',
  cancel: 'やめる',
  save: '保存する',
  back: '前へ',
  next: '次へ',
  undo: '元に戻す',
  more: 'もっと見る',
  retry: 'もう一度試す',
  copy: 'コピー',
  copied: 'コピーしました',
  details: 'くわしく見る',
  optional: '任意',
  yes: 'はい',
  no: 'いいえ',
  unknown: '分かりません',
  loading: '読み込んでいます',
  /** A word of explanation after another: 業種（任意）. */
  aside: (text: string) => `（${text}）`,
};
