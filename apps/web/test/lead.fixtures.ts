import type { Route } from '@banya/contract';
import { desk, findings, identity, orgs, prove, search } from '@banya/contract';
import { Miniature, type Answer, type Said } from './miniature.ts';
import { traced } from './trace.fixtures.ts';

/** A small member and what the server would say about it; every answer is checked against the contract. */
export const id = (n: number): string => `0193f0a0-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const org = id(1);
export const ids = { finding: id(21), closed: id(22), ticket: id(31), solved: id(32), article: id(41), quiet: id(51), window: id(52), sato: id(11), tanaka: id(12) } as const;
const hour = 3_600_000;
export const ago = (hours: number): string => new Date(Date.now() - hours * hour).toISOString();
const dayAgo = (days: number): string => ago(days * 24).slice(0, 10);
const monthAt = (back: number): string => {
  const now = new Date(Date.now() + 9 * 3_600_000);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 15)).toISOString().slice(0, 7);
};
export const lastMonth = monthAt(1);
export const thisMonth = monthAt(0);

type Role = 'lead' | 'staff' | 'executive' | 'auditor';
export const me = (role: Role) => ({
  accountId: id(2), personId: id(2), name: '山田 花子', email: 'hanako@example.jp', lang: 'ja', homeOrg: org,
  roles: [{ org, orgName: '北原製作所', orgKind: 'member', role }], start: { org, page: role === 'staff' ? 'ask' : role === 'executive' ? 'executive' : 'home' }, deskPhone: '043-123-4567', demo: false,
  federation: { id: id(3), name: '港町商工会' }, secondFactors: { totp: true, passkeys: 0 },
});
const here = {
  id: org, parent: id(3), federation: id(3), kind: 'member', name: '北原製作所', reading: null, industry: 'E', sizeBand: '21-50', prefecture: '12', corporateNumber: null, phone: null,
  timeZone: 'Asia/Tokyo', ownRanges: [], domains: [], archivedAt: null,
};

const finding = {
  id: ids.finding, org, kind: 'detection', ruleId: 'beacon.hourly', severity: 'now', state: 'open', stoppedByDevice: 'no', direction: 'outbound',
  title: '経理のパソコンが、悪者の指令役とみられる相手に1時間ごとに連絡しています', entity: '192.0.2.34',
  asset: { device: id(61), name: 'KEIRI-03', owner: '佐藤 賢', department: '経理' }, count: 41, firstAt: ago(60), lastAt: ago(0.4), ongoing: true, minutes: 10,
  outcome: null, closedBy: null, closedAt: null, assignee: null, ticket: null,
};
const closedFinding = { ...finding, id: ids.closed, severity: 'look', state: 'closed', title: '複合機から外へ、見慣れない通信がありました', ongoing: false, outcome: 'known', closedBy: '山田 花子', closedAt: ago(20), asset: null, entity: '192.0.2.80' };
const fyi = { ...finding, id: id(23), severity: 'fyi', title: '外から古いサーバの穴を探す通信を、UTMが412件止めました', count: 412, ongoing: false, stoppedByDevice: 'yes', direction: 'inbound', asset: null, entity: 'UTM', lastAt: ago(5) };
const look = { ...finding, id: id(24), severity: 'look', title: '夜中に、外国からVPNにつながろうとした人がいます', count: 6, ongoing: false, asset: { device: null, name: '本社のVPN', owner: null, department: null }, lastAt: ago(30), assignee: { id: ids.sato, name: '佐藤 賢' } };
export const detail = {
  elsewhere: null,
  ...finding,
  explanation: {
    title: finding.title,
    whatHappened: '経理のパソコン（KEIRI-03）が、1時間ごとに同じ相手に短い通信をしています。人の操作ではなく、機械の動きです。',
    stopped: 'まだ止まっていません。UTMは通しています。',
    whose: 'KEIRI-03（経理、佐藤 賢さん）のパソコンです。',
    certainty: 'かなり確かです。相手の場所が、悪者の一覧に載っています。',
    doNow: ['KEIRI-03のLANケーブルを抜くか、Wi-Fiを切る（1分）', '電源は切らずに、そのままにする', '「デスクに相談する」を押す（2分）'],
    callWhen: 'ケーブルを抜けないとき、または同じ動きが別のパソコンでも出たとき。',
    doNot: '電源を切ったり、ファイルを消したりしないでください。手がかりが消えます。',
    normal: 'ソフトの更新を確かめる通信が、似て見えることもあります。',
  },
  rule: { id: 'beacon.hourly', title: 'Regular outbound connections to a listed address', author: 'Example Rules Project', license: 'DRL 1.1', references: ['https://rules.example/beacon', 'javascript:alert(1)'] },
  samples: [{ at: ago(0.4), raw: 'date=2026-11-22 time=10:05:02 devname="utm-01" srcip=192.0.2.34 dstip=203.0.113.99 dstport=443 action="accept" <b>sentbyte</b>=412', source: '本社のUTM', matched: [{ field: 'destination.ip', value: '203.0.113.99' }, { field: 'event.action', value: 'accept' }] }],
  days: [{ day: dayAgo(2), count: 9 }, { day: dayAgo(1), count: 24 }, { day: dayAgo(0), count: 8 }],
  history: [{ at: ago(60), who: '番屋', what: 'raised', note: null }, { at: ago(3), who: '番屋', what: 'grew', note: null }],
};
export const closedDetail = { ...detail, ...closedFinding, explanation: { ...detail.explanation, title: closedFinding.title }, history: [...detail.history, { at: ago(20), who: '山田 花子', what: 'closed', note: '複合機を交換しました。' }] };

const ticket = {
  id: ids.ticket, number: 128, org, orgName: '北原製作所', subject: '共有フォルダが開けません', state: 'waiting', urgency: 'today', channel: 'web', requester: { id: id(2), name: '山田 花子' }, assignee: null, finding: null,
  createdAt: ago(28), updatedAt: ago(2), sla: { firstReplyDue: ago(20), solveDue: ago(-20), state: 'paused' }, unread: true, satisfaction: null,
};
const solvedTicket = { ...ticket, id: ids.solved, number: 120, subject: 'UTMの更新の案内は本物ですか', state: 'solved', unread: false, updatedAt: ago(200), sla: { firstReplyDue: null, solveDue: null, state: 'met' } };
const newTicket = { ...ticket, id: id(33), number: 130, subject: 'パスワードの決まりを教えてください', state: 'new', unread: false, updatedAt: ago(0.5) };
const conversation = {
  messages: [
    { id: id(71), at: ago(28), who: '山田 花子', side: 'member', text: '今朝から共有フォルダが開けません。\n「資格情報が正しくありません」と出ます。', article: null },
    { id: id(72), at: ago(2), who: '鈴木（デスク）', side: 'desk', text: 'パスワードが切れたときに出る文です。次のページの手順を試してください。<script>x</script>', article: { id: ids.article, title: 'パスワードが切れたとき' } },
  ],
  history: [{ at: ago(28), who: '山田 花子', what: '相談を受け付けました（画面）' }], mergedInto: null, callback: '043-123-9999', sample: null,
};
/** The desk asks to look for the question. */
export const asksLook = { missing: ['logs'], last: { ticket: ids.ticket, number: 128, subject: '共有フォルダが開けません', kinds: ['logs'], state: 'asked', askedAt: ago(1), askedBy: '窓口 太郎', answered: null, until: null, ended: null } };
export const solvedDetail = { ...solvedTicket, ...conversation, callback: null };
const article = { id: ids.article, title: 'パスワードが切れたとき', summary: '「資格情報が正しくありません」と出るときの直し方です。', published: true, updatedAt: ago(300), by: '鈴木', helped: null };

const trend = [5, 4, 3, 2, 1, 0].map((back, i) => ({ month: monthAt(back), lines: 900_000 + i * 20_000, blocked: [9800, 10_400, 11_900, 10_100, 11_030, 8_412][i] ?? 0, findings: [9, 7, 11, 6, 5, 3][i] ?? 0, demonstration: false }));
const peers = { members: 14, blockedPlace: 6, openPlace: 3, text: '数字を共有している14会員の中で、止めた数は6番目に多く、残っている気づきは3番目に少ないです。' };
export const report = {
  org, orgName: '北原製作所', month: lastMonth, version: 2, closedAt: ago(500), demonstration: false, partial: false,
  verdict: { state: 'look', text: '見ていただきたいことが2件残っています。' },
  actions: [
    { text: '夜中に、外国からVPNにつながろうとした人がいます', step: 'VPNの利用者の一覧を見て、使わない人を外す', owner: '佐藤 賢', due: dayAgo(-3), done: false, finding: id(24) },
    { text: '複合機から外へ、見慣れない通信がありました', step: '保守の会社に、点検の日を確かめる', owner: null, due: dayAgo(-7), done: true, finding: ids.closed },
  ],
  blocked: { total: 11_030, lastMonth: 10_100, whyNormal: 'インターネットにつながる会社には、どこでも毎日届くものです。機器が止めたので、することはありません。', kinds: [{ title: '外から：穴をさがす・攻める通信', count: 9820 }, { title: '社内から外へ：危ない・禁止のサイト', count: 1210 }] },
  outbound: [{ title: '見慣れない通信', asset: '複合機', count: 12, outcome: '知っている動きでした' }],
  devices: [{ name: '本社のUTM', lines: 912_034, silentDays: 0, signature: '2026-10-30', configChanges: 1, note: '設定が1回変わりました。心当たりを確かめてください' }, { name: '倉庫のルーター', lines: 20_100, silentDays: 4, signature: null, configChanges: 0, note: 'ログのない日が4日あります' }],
  findings: [{ title: '夜中に、外国からVPNにつながろうとした人がいます', severity: 'look', count: 6, outcome: null, at: ago(600) }],
  trend, peers, tickets: { asked: 4, solved: 3 },
  appendix: [{ rule: 'Regular outbound connections to a listed address', author: 'Example Rules Project', license: 'DRL 1.1', count: 12 }],
};
const head = { month: lastMonth, version: 2, closedAt: ago(500), reason: 'late', verdict: 'look', latest: true };

export const homeOf = (cards: number) => ({
  cards: [
    { key: `finding:${ids.finding}`, kind: 'finding', severity: 'now', title: finding.title, step: 'KEIRI-03のLANケーブルを抜くか、Wi-Fiを切る', minutes: 10, askedBy: '番屋', target: ids.finding, elsewhere: 3 },
    { key: `ticket:${ids.ticket}`, kind: 'ticket', severity: 'look', title: '窓口から返事が来ています：共有フォルダが開けません', step: '返事を読んで、答えるか「解決した」を押す', minutes: 5, askedBy: '相談窓口', target: ids.ticket, elsewhere: null },
    { key: `report:${lastMonth}`, kind: 'report', severity: 'fyi', title: '先月の報告書ができました', step: '報告書を開いて、やることを確かめる', minutes: 3, askedBy: '番屋', target: null, elsewhere: null },
  ].slice(0, cards),
  moreOpen: cards > 0 ? 2 : 0, lastWeek: { stopped: 1234, closed: 3, open: cards > 0 ? 4 : 0, stoppedWeekBefore: 1102 },
  health: { sources: 4, flowing: cards > 0 ? 3 : 4, silent: cards > 0 ? 1 : 0, lastLineAt: ago(0.01) },
});

const pageOf = (...items: unknown[]) => ({ items, next: null, total: { count: items.length, more: false } });
const person = (n: string, name: string, department: string) => ({ id: n, org, name, reading: null, department, emails: ['x@example.jp'], phone: null, roles: [], canSignIn: true, archivedAt: null });

const nothing = (): undefined => undefined;

/** What each route says. */
const usual: readonly (readonly [Route, Answer])[] = [
  [identity.setUp.state, () => ({ needed: false, demo: false, deskPhone: '043-123-4567', federation: '港町商工会' })],
  [orgs.tree.get, () => here],
  [orgs.people.list, () => pageOf(person(ids.sato, '佐藤 賢', '経理'), person(ids.tanaka, '田中 実', '総務'))],
  [findings.home, () => homeOf(3)],
  [findings.list, () => pageOf(finding, look, fyi)],
  [findings.get, ({ params: { finding: which } }) => (which === ids.closed ? closedDetail : detail)],
  [findings.close, nothing], [findings.reopen, nothing], [findings.assign, nothing],
  [findings.ask, () => ({ ticket: ids.ticket })],
  [findings.suppressions, () => pageOf({ id: ids.quiet, ruleId: 'scan', ruleTitle: '社内の点検の通信', entity: '192.0.2.10', reason: '毎月の点検のときに出ます', by: '山田 花子', owner: null, createdAt: ago(100), expiresAt: ago(-1900), conditions: [{ field: 'source.ip', is: 'is', value: '192.0.2.10' }], sigma: 'title: "Kept quiet"\n', hits: 12, lastHitAt: ago(3) })],
  [findings.changeSuppression, ({ body }) => ({ id: ids.quiet, ruleId: 'scan', ruleTitle: '社内の点検の通信', entity: '192.0.2.10', by: '山田 花子', owner: null, createdAt: ago(100), expiresAt: ago(-1900), reason: '', conditions: null, sigma: null, hits: 0, lastHitAt: null, ...(body as object) })],
  [findings.usual, () => ({ items: [{ kind: 'program', since: ago(40 * 24), values: 214, tellsFrom: ago(26 * 24) }, { kind: 'usb_model', since: ago(3 * 24), values: 2, tellsFrom: ago(-11 * 24) }] })],
  [findings.maintenance, () => pageOf({ id: ids.window, device: ids.sato, deviceName: '本社のUTM', startsAt: ago(1), endsAt: ago(-2), reason: '機器の入れ替え', by: '山田 花子', state: 'now', hits: 3 })],
  [findings.addMaintenance, ({ body }) => ({ id: ids.window, deviceName: null, by: '山田 花子', state: 'coming', hits: 0, ...(body as object) })],
  [findings.endMaintenance, nothing],
  [findings.endSuppression, nothing],
  [search.trace.run, () => traced(4)],
  [desk.member.list, () => pageOf(newTicket, ticket, solvedTicket)],
  [desk.member.ask, () => newTicket],
  [desk.member.get, ({ params: { ticket: which } }) => (which === ids.solved ? solvedDetail : { ...ticket, unread: false, ...conversation, look: asksLook })],
  [desk.looks.answer, nothing], [desk.looks.withdraw, nothing],
  [desk.member.reply, () => ({ ...conversation.messages[0], id: id(79) })],
  [desk.member.solved, nothing], [desk.member.reopen, nothing], [desk.member.rate, nothing],
  [desk.knowledge.list, () => pageOf(article)],
  [desk.knowledge.get, () => ({ ...article, body: '# 直し方\nまず、画面の右下の時計を見ます。\n\n1. Ctrl+Alt+Del を押す\n2. 「パスワードの変更」を選ぶ\n\n- 古いものは使えません\n- <b>太字にはなりません</b>' })],
  [desk.knowledge.helped, nothing],
  [prove.reports.list, () => pageOf(head, { ...head, version: 1, latest: false, reason: 'month', closedAt: ago(520) }, { ...head, month: monthAt(2), version: 1, verdict: 'calm', reason: 'month' })],
  [prove.reports.get, () => report],
  [prove.reports.pdf, nothing],
  [prove.reports.make, ({ params: { month = '' } }) => ({ ...head, month, version: 1, reason: 'demand' })],
  [prove.executive, () => ({
    verdict: { state: 'look', text: '見ていただきたいことが2件残っています。' },
    decisions: [
      { text: '夜中に、外国からVPNにつながろうとした人がいます', why: '16日残っています。担当者が時間を取れるようにするか、デスクに任せるか決めてください。', due: dayAgo(-5), finding: id(24), ticket: null },
      { text: '「倉庫のルーター」からログが届いていません（4日分）', why: 'この機器が守っている範囲で何が起きているか分かりません。直す費用と期限を決めてください。', due: dayAgo(-5), finding: null, ticket: null },
      { text: 'デスクがお返事を待っています（UTMの更新の見積もり）', why: 'デスクがお返事を待っています。', due: dayAgo(-3), finding: null, ticket: ids.ticket },
    ],
    trend, thisMonth: { blocked: 8412, openFindings: 2, openTickets: 1, silentSources: 1 }, latestReport: lastMonth, peers,
  })],
];

/** The member's server. `instead` says something else from the beginning. */
export const member = (role: Role, instead: Said = []): Miniature =>
  new Miniature([[identity.self.get.id, () => me(role)], ...usual.map(([route, answer]) => [route.id, answer] as const), ...instead]);
