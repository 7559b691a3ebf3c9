import type { Bilingual } from '@banya/contract';
import type { Outcome } from './types.ts';

/** Sentences of the report, in both languages. */

const n = (value: number, lang: 'ja' | 'en'): string => new Intl.NumberFormat(lang === 'ja' ? 'ja-JP' : 'en-GB').format(value);
const MONTHS_EN = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const plural = (value: number, one: string, more: string): string => (value === 1 ? one : more);

/** 10月; October. */
export const monthName = (month: string): Bilingual => ({ ja: `${Number(month.slice(5))}月`, en: MONTHS_EN[Number(month.slice(5)) - 1]! });
/** 2026年10月; October 2026. */
export const monthTitle = (month: string): Bilingual => ({ ja: `${month.slice(0, 4)}年${monthName(month).ja}`, en: `${monthName(month).en} ${month.slice(0, 4)}` });

export const verdicts = {
  act: (count: number, title: Bilingual | null): Bilingual => ({
    ja: `今すぐ手を打つことが${n(count, 'ja')}件あります。${title ? `まず「${title.ja}」です。` : ''}`,
    en: `${n(count, 'en')} ${plural(count, 'thing needs', 'things need')} action now.${title ? ` First: ${title.en}.` : ''}`,
  }),
  look: (count: number): Bilingual => ({ ja: `見ていただきたいことが${n(count, 'ja')}件残っています。`, en: `${n(count, 'en')} ${plural(count, 'thing is', 'things are')} left to look at.` }),
  blind: (devices: number): Bilingual => ({
    ja: `見えていない機器が${n(devices, 'ja')}台あります。ログが届かない間のことは分かりません。`,
    en: `We cannot see ${n(devices, 'en')} ${plural(devices, 'device', 'devices')}. What happened while no logs came is not known.`,
  }),
  noSource: { ja: 'ログを送る機器がまだありません。何が起きているか、番屋には分かりません。', en: 'No device sends its logs yet, so we cannot know what is going on.' } satisfies Bilingual,
  noLines: { ja: 'どの機器からもログが届いていません。何が起きているか、番屋には分かりません。', en: 'No device has sent any log, so we cannot know what is going on.' } satisfies Bilingual,
  calm: (month: string, partial: boolean, blocked: number): Bilingual => ({
    ja: `${monthName(month).ja}は${partial ? 'ここまで' : ''}、急いで手を打つことはありませんでした。${blocked > 0 ? `怪しい通信は機器が${n(blocked, 'ja')}件止めました。` : ''}`,
    en: `${partial ? `So far in ${monthName(month).en}` : `In ${monthName(month).en}`} nothing needed urgent action.${blocked > 0 ? ` Your devices stopped ${n(blocked, 'en')} suspicious ${plural(blocked, 'attempt', 'attempts')}.` : ''}`,
  }),
};

export const actions = {
  silent: (name: string, days: number): { text: Bilingual; step: Bilingual } => ({
    text: { ja: `「${name}」からログが届いていません（${n(days, 'ja')}日分）`, en: `No logs from “${name}” (${n(days, 'en')} ${plural(days, 'day', 'days')})` },
    step: { ja: '電源とLANケーブルを確かめ、だめならデスクに相談する', en: 'Check power and network cable; if that does not help, ask the desk' },
  }),
  never: (name: string): { text: Bilingual; step: Bilingual } => ({
    text: { ja: `「${name}」からまだ一度もログが届いていません`, en: `“${name}” has never sent a log` },
    step: { ja: '「機器」の画面の手順どおりに設定し、だめならデスクに相談する', en: 'Follow the steps on the Devices page; if that does not help, ask the desk' },
  }),
  connect: { text: { ja: 'ログを送る機器がまだありません', en: 'No device sends its logs yet' }, step: { ja: '「機器」の画面から、UTMかルーターをつなぐ', en: 'Connect your firewall or router on the Devices page' } } satisfies { text: Bilingual; step: Bilingual },
  signature: (name: string, day: string): { text: Bilingual; step: Bilingual } => ({
    text: { ja: `「${name}」の守りのデータが${day}から新しくなっていません`, en: `The protection data of “${name}” has not been renewed since ${day}` },
    step: { ja: '更新の契約が切れていないか、保守の会社に確かめる', en: 'Ask your maintenance company whether the subscription has run out' },
  }),
  ticket: (subject: string): { text: Bilingual; step: Bilingual } => ({
    text: { ja: `デスクがお返事を待っています（${subject}）`, en: `The desk waits for your answer (${subject})` },
    step: { ja: '「相談」の画面を開いて返事を書く', en: 'Open the conversation and answer' },
  }),
};

export const outcomes: Record<Outcome, Bilingual> = {
  known: { ja: '知っている動きでした', en: 'Known' },
  handled: { ja: '対応しました', en: 'Handled' },
  false_alarm: { ja: '誤報でした', en: 'False alarm' },
  ticket: { ja: 'デスクと解決しました', en: 'Settled with the desk' },
};
/** Of what nobody has judged. */
export const quieted: Record<'suppression' | 'maintenance', Bilingual> = {
  suppression: { ja: '知らせない決まりにより閉じました', en: 'Closed, as told to keep it quiet' },
  maintenance: { ja: '保守の時間のため閉じました', en: 'Closed, as it was during maintenance' },
};
export const stillOpen: Bilingual = { ja: 'まだ残っています', en: 'Still open' };

const directions: Record<string, Bilingual> = {
  inbound: { ja: '外から', en: 'from outside' }, outbound: { ja: '社内から外へ', en: 'from inside to outside' }, internal: { ja: '社内どうし', en: 'inside' }, none: { ja: '', en: '' },
};
const categories: Record<string, Bilingual> = {
  network: { ja: '許可していない通信', en: 'Traffic that is not allowed' },
  intrusion_detection: { ja: '穴を探す・攻める通信', en: 'Attacks and searches for holes' },
  malware: { ja: 'ウイルスなどの悪いプログラム', en: 'Viruses and other malware' },
  authentication: { ja: 'サインインの失敗', en: 'Refused sign-ins' },
  web: { ja: '危ない・禁止のサイト', en: 'Dangerous or forbidden sites' },
  email: { ja: '迷惑メール・危ないメール', en: 'Spam and dangerous mail' },
  file: { ja: '危ないファイル', en: 'Dangerous files' },
  process: { ja: '怪しいプログラムの動き', en: 'Suspicious programs' },
  host: { ja: 'パソコンの怪しい動き', en: 'Suspicious behaviour of computers' },
  configuration: { ja: '設定の変更', en: 'Changes of settings' },
  iam: { ja: '利用者の登録の変更', en: 'Changes of accounts' },
  session: { ja: '接続', en: 'Sessions' },
};

/** A key of the counter `blocked`, `direction category`, in words. */
export function blockedTitle(key: string): Bilingual {
  const [direction = '', category = ''] = key.split(' ', 2);
  const what = Object.hasOwn(categories, category) ? categories[category]! : { ja: 'そのほかの通信', en: 'Other traffic' };
  const where = Object.hasOwn(directions, direction) ? directions[direction]! : directions['none']!;
  return { ja: where.ja ? `${where.ja}：${what.ja}` : what.ja, en: where.en ? `${what.en}, ${where.en}` : what.en };
}

export const whyNormal = {
  none: { ja: '止めた通信の記録はありませんでした。', en: 'There is no record of anything being stopped.' } satisfies Bilingual,
  inbound: { ja: 'インターネットにつながる会社には、どこでも毎日届くものです。機器が止めたので、することはありません。', en: 'Every company on the Internet receives this every day. Your devices stopped it; there is nothing to do.' } satisfies Bilingual,
  outbound: { ja: '社内から出ようとして止まったものもあります。広告や禁止サイトが多いのですが、同じパソコンで続くときは確かめます。', en: 'Some of it was on its way out. Mostly advertising and forbidden sites; when one computer repeats it, it is worth a check.' } satisfies Bilingual,
};

export const notes = {
  well: { ja: '変わりなし', en: 'Well' } satisfies Bilingual,
  never: { ja: 'まだ届いていません', en: 'Nothing has arrived yet' } satisfies Bilingual,
  silent: (days: number): Bilingual => ({ ja: `最後の${n(days, 'ja')}日間、ログが届いていません`, en: `No logs in the last ${n(days, 'en')} ${plural(days, 'day', 'days')}` }),
  gaps: (days: number): Bilingual => ({ ja: `ログのない日が${n(days, 'ja')}日あります`, en: `${n(days, 'en')} days without logs` }),
  signatureOld: (day: string): Bilingual => ({ ja: `守りのデータが古くなっています（${day}）`, en: `Protection data is old (${day})` }),
  config: (times: number): Bilingual => ({ ja: `設定が${n(times, 'ja')}回変わりました。心当たりを確かめてください`, en: `Settings changed ${n(times, 'en')} ${plural(times, 'time', 'times')}; does somebody know of it?` }),
};

export const unknownAsset: Bilingual = { ja: '社内の機器', en: 'One of our devices' };

export const peersText = (members: number, blockedPlace: number, openPlace: number): Bilingual => ({
  ja: `数字を共有している${n(members, 'ja')}会員の中で、止めた数は${n(blockedPlace, 'ja')}番目に多く、残っている気づきは${n(openPlace, 'ja')}番目に少ないです。`,
  en: `Among ${n(members, 'en')} members that share their figures: number ${n(blockedPlace, 'en')} by what was stopped (most first), number ${n(openPlace, 'en')} by what is left open (fewest first).`,
});

export const decisions = {
  act: { ja: 'まだ終わっていません。担当者だけでは進まないときは、時間か予算を決めてください。', en: 'It is not over. If the lead cannot get on alone, decide on time or money.' } satisfies Bilingual,
  old: (days: number): Bilingual => ({ ja: `${n(days, 'ja')}日残っています。担当者が時間を取れるようにするか、デスクに任せるか決めてください。`, en: `Open for ${n(days, 'en')} days. Give the lead time for it, or hand it to the desk.` }),
  blind: { ja: 'ログがない間、何が起きているか分かりません。誰がいつまでに直すか、費用も決めてください。', en: 'Without logs nobody knows what is going on. Decide who mends it, by when and at what cost.' } satisfies Bilingual,
  ticket: { ja: 'デスクがお返事を待っています。', en: 'The desk waits for an answer.' } satisfies Bilingual,
};
