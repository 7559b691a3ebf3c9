import type { Lang } from '@banya/contract';
import { stillOpen } from '../words.ts';

interface Counts {
  readonly act: number;
  readonly blind: number;
  readonly look: number;
}

/** Headings and captions of the printed report. */
const ja = {
  dot: '・', title: (month: string) => `${month}の報告書`, partial: '月の途中', demonstration: '見本の数字', version: (v: number, day: string) => `第${v}版 ${day}作成`, page: 'ページ',
  actions: 'お願いしたいこと', noActions: 'お願いすることはありません。', done: '済み', owner: (who: string) => `${who}さん`, due: (day: string) => `${day}まで`,
  blocked: '止めた通信', noLastMonth: '先月の数字なし', lastMonth: (n: string, sign: number | null) => `先月 ${n}件${sign === null ? '' : sign === 0 ? '（同じ）' : sign > 0 ? '（増えました）' : '（減りました）'}`,
  left: '残っていること', ofFound: (n: string) => `見つけたこと ${n}件のうち`, devices: '見守る機器', silentDevices: (n: string) => `${n}台にログのない日あり`, allTalk: '全部から毎日届いています', noDevices: 'ログを送る機器がありません',
  tickets: '相談', solved: (n: string) => `解決 ${n}件`, trend: '止めた通信の移り変わり', trendCount: '気づき', trendAlt: (m: string, b: string, f: string) => `${m}は止めた通信${b}件、気づき${f}件`, demonstrationMonths: '点線の棒は見本の数字です。',
  whatBlocked: '機器が止めたもの', kind: '種類', count: '件数', outbound: '外へ出た気になる通信', aboutOutbound: '社内から外への通信は、入り込んだ悪いプログラムの手がかりになります。一つずつ確かめます。', noOutbound: '社内から外へ出た気になる通信はありませんでした。',
  what: '何があったか', machine: '機器', outcome: '結末', found: '見つけたことと結末', when: '日', noFindings: '見ていただくようなことは見つかりませんでした。', none: '—',
  health: '機器の調子', device: '機器', lines: 'ログ（行）', silentDays: 'ない日', signature: '守りのデータ', note: 'ひとこと', unknown: '不明', aboutSignature: '守りのデータ：ウイルスや攻撃を見分けるために、機器がメーカーから受け取るデータの日付です。',
  peers: 'ほかの会員と比べて', noPeers: '比べられる会員が5会員に足りないため、比べていません。', rules: '使った見張りの規則', aboutRules: '次の方々が作った規則で見つけました。', rule: '規則', author: '作者', license: 'ライセンス', stillOpen: stillOpen.ja,
  membersLabel: '会員', sharingLabel: (n: string) => `数字を共有 ${n}会員`, membersUnit: '会員', sumOfSharing: '共有している会員の合計', allMembers: '全会員', member: '会員', verdict: '判定', openNow: '今すぐ', openLook: '見てください',
  devicesBlind: (all: string, blind: string) => `${all}（不調${blind}）`, notShared: '共有なし', notYet: 'まだ届いていません', rowsLeft: (n: string) => `ほかに${n}会員あります。全員の数字は画面からExcelで取り出せます。`, pagesLeft: (n: string) => `ほかに${n}会員のページは省いています。会員ごとの報告書は、それぞれの画面で読めます。`,
  nobodyShares: '数字を共有している会員がまだありません。', federationVerdict: (all: number, c: Counts) => {
    const parts = [c.act > 0 ? `${c.act}会員に、今すぐ手を打つことがあります。` : '', c.blind > 0 ? `${c.blind}会員に、見えていない機器があります。` : '', c.look > 0 ? `${c.look}会員に、見ていただきたいことが残っています。` : ''].filter(Boolean);
    return parts.length === 0 ? `数字を共有している${all}会員はどこも、急いで手を打つことはありませんでした。` : `${all}会員のうち${parts.join('')}`;
  },
  alertsNotShared: 'この会員は、気づきの内容を共有していません。',
};
const en: typeof ja = {
  dot: ' · ', title: (month) => `Report for ${month}`, partial: 'month not over', demonstration: 'sample figures', version: (v, day) => `version ${v}, made ${day}`, page: 'Page',
  actions: 'What we ask of you', noActions: 'Nothing is asked of you.', done: 'done', owner: (who) => who, due: (day) => `by ${day}`,
  blocked: 'Stopped', noLastMonth: 'no figure for last month', lastMonth: (n, sign) => `last month ${n}${sign === null ? '' : sign === 0 ? ' (same)' : sign > 0 ? ' (more)' : ' (fewer)'}`,
  left: 'Still open', ofFound: (n) => `of ${n} found`, devices: 'Devices', silentDevices: (n) => `${n} with days without logs`, allTalk: 'all send logs daily', noDevices: 'No device sends its logs',
  tickets: 'Questions', solved: (n) => `${n} settled`, trend: 'What was stopped, by month', trendCount: 'Findings', trendAlt: (m, b, f) => `${m}: ${b} stopped, ${f} findings`, demonstrationMonths: 'Dashed bars are sample figures.',
  whatBlocked: 'What your devices stopped', kind: 'Kind', count: 'Count', outbound: 'Unusual traffic to the outside', aboutOutbound: 'Traffic from inside to the outside can betray a program that got in. Each is checked.', noOutbound: 'There was no unusual traffic from inside to the outside.',
  what: 'What happened', machine: 'Machine', outcome: 'How it ended', found: 'What was found, and how it ended', when: 'Day', noFindings: 'Nothing was found that needed a look.', none: '—',
  health: 'How the devices are', device: 'Device', lines: 'Log lines', silentDays: 'Days without', signature: 'Protection data', note: 'Remark', unknown: 'not known', aboutSignature: 'Protection data: the date of what the device receives from its maker to recognise viruses and attacks.',
  peers: 'Compared with other members', noPeers: 'Fewer than five members can be compared, so there is no comparison.', rules: 'Rules that were used', aboutRules: 'Found with rules written by these people.', rule: 'Rule', author: 'Author', license: 'Licence', stillOpen: stillOpen.en,
  membersLabel: 'Members', sharingLabel: (n) => `${n} share figures`, membersUnit: 'members', sumOfSharing: 'all that share', allMembers: 'All members', member: 'Member', verdict: 'Verdict', openNow: 'Now', openLook: 'To look at',
  devicesBlind: (all, blind) => `${all} (${blind} unwell)`, notShared: 'not shared', notYet: 'not here yet', rowsLeft: (n) => `${n} more members; Excel on the page has them all.`, pagesLeft: (n) => `Pages of ${n} more members are left out; each member's report is on its own page.`,
  nobodyShares: 'No member shares its figures yet.', federationVerdict: (all, c) => {
    const parts = [c.act > 0 ? `${c.act} must act now` : '', c.blind > 0 ? `${c.blind} have devices we cannot see` : '', c.look > 0 ? `${c.look} have things left to look at` : ''].filter(Boolean);
    return parts.length === 0 ? `None of the ${all} members that share figures had anything urgent.` : `Of ${all} members, ${parts.join(', ')}.`;
  },
  alertsNotShared: 'This member does not share what was found.',
};
export const labels: Record<Lang, typeof ja> = { ja, en };
