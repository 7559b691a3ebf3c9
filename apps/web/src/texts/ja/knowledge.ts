/** Words of the knowledge articles as the desk writes them. */
export const knowledge = {
  title: '会員に、何を読んでもらうか', lead: '同じ相談が続いたら、記事にしておくと、返事に添えられます。', add: '記事を書く', search: '言葉で探す', caption: '知恵袋の記事',
  article: '記事', state: '公開', published: '公開中', draft: '下書き', helped: '役に立った', updated: '更新', by: '書いた人',
  emptyTitle: 'まだ記事がありません', emptyWhy: 'よく聞かれることを一つ、短く書くところから始められます。',
  newTitle: '記事を書く', editTitle: '記事を直す',
  ja: '日本語', en: '英語（任意）', enHelp: '英語で読む会員がいるときだけ書いてください。空なら、日本語のまま出ます。', titleField: '題', titleHelp: '会員が探す言葉で（例 請求書を装うメールの見分け方）。', summary: '要点', summaryHelp: '二、三行で。一覧に出ます。', body: '本文', bodyHelp: '空の行で段落が分かれます。行のはじめの「# 」は見出し、「- 」は箇条書き、「1. 」は手順になります。', show: '会員に公開する', showHelp: '公開すると、すべての会員がすぐに読めます。',
  preview: '会員にはこう見えます', previewEmpty: '書くと、ここに出ます。', previewLang: '言葉', saved: (title: string) => `「${title}」を保存しました`, back: '記事の一覧へ', save: '保存する',
};
