/** 今週やること. */
export const home = {
  title: '今週やること',
  lead: (cards: number, time: string) => `${cards}つあります。全部で${time}です。`,
  first: 'まずやること',
  open: {
    finding: '手順を見る',
    ticket: '返事を読む',
    source: '機器を見る',
    people: '名簿を開く',
    restore: '設定の画面を開く',
    report: '報告書を読む',
    warning: '注意喚起を読む',
  },
  severity: { now: '今すぐ', look: '見てください', fyi: 'お知らせ' },
  more: (n: string) => `気づきがほかに${n}残っています`,
  emptyTitle: '今週やることはありません',
  emptyWhy: (stopped: number, about: string) => (stopped > 0
    ? `この1週間に、怪しい通信を${about}件止めました。何かあれば、ここでお知らせします。`
    : '何かあれば、ここでお知らせします。'),
  emptyBlind: 'ただし、ログが届いていない機器があります。その間のことは分かりません。',
  lastWeek: '先週の結果',
  lastWeekSentence: ({ stopped, before, closed, open }: { stopped: string; before: string; closed: string; open: string }) =>
    `怪しい通信を${stopped}件止め（その前の週は${before}件）、気づきを${closed}件片づけて、残りは${open}件です。`,
  health: '届いているログ',
  healthGood: '届いています',
  healthBad: '届いていません',
  none: 'ログを送る機器が、まだありません。つなぐと、見守りが始まります。',
  connect: '機器をつなぐ',
  all: (n: string, last: string) => `${n}の機器すべてから届いています。最後は${last}です。`,
  some: (n: string, flowing: string, last: string) => `${n}の機器のうち${flowing}から届いています。最後は${last}です。`,
  silent: (n: string, silent: string) => `${n}の機器のうち${silent}から、ログが届いていません。`,
  notYet: 'まだ一度も届いていません。',
  toDevices: '機器を見る',
  ask: '分からないとき',
  askWhy: '分からないまま進めなくて大丈夫です。そのまま聞いてください。',
  toAsk: '相談する',
  toArticles: '知恵袋で探す',
};
