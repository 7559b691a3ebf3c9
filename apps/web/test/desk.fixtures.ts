import { Miniature, type Answer, type Call } from './miniature.ts';

const number = (n: number) => `0193f0a0-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const org = number(1);
export const ids = { me: number(2), colleague: number(3), ticket: number(11), second: number(12), third: number(13), merged: number(15), finding: number(31), article: number(41), template: number(51), source: number(61) };
export const member = (n: number) => number(100 + n);
const person = (n: number) => number(200 + n);
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const inMinutes = (minutes: number) => ago(-minutes);

const names = ['南浜水産', '北原製作所', '東山建設', '港通運', '白樺福祉会', '大橋印刷', '若葉幼稚園', '青葉農園', '川辺旅館', '丘の上診療所', '松風食品', '中町金物店', '西川設備'];
const people: Record<number, readonly { id: string; name: string; phone: string | null }[]> = {
  0: [{ id: person(1), name: '佐藤 由美', phone: '043-111-2222' }, { id: person(2), name: '高橋 誠', phone: null }],
  1: [{ id: person(3), name: '伊藤 恵', phone: '043-333-4444' }],
};
const orgOf = (id: string, name: string, i: number) => ({
  id, parent: org, federation: org, kind: 'member', name, reading: 'みなみはますいさん', industry: 'EIDHPJONMPEIR'[i] ?? null, sizeBand: i % 3 === 0 ? '21-50' : i % 3 === 1 ? '6-20' : null,
  prefecture: '12', corporateNumber: null, phone: i === 7 ? null : `043-200-10${String(i).padStart(2, '0')}`, timeZone: 'Asia/Tokyo', ownRanges: [], domains: i === 0 ? ['minamihama.example'] : [], archivedAt: null,
});
export const members = names.map((name, i) => orgOf(member(i), name, i));

type Sla = { firstReplyDue: string | null; solveDue: string | null; state: 'ok' | 'soon' | 'late' | 'paused' | 'met' };
export interface Ticket { id: string; number: number; org: string; orgName: string; subject: string; state: 'new' | 'working' | 'waiting' | 'solved'; urgency: 'now' | 'today' | 'normal'; channel: 'web' | 'finding' | 'phone' | 'mail'; requester: { id: string | null; name: string }; assignee: { id: string; name: string } | null; finding: string | null; createdAt: string; updatedAt: string; sla: Sla; unread: boolean; satisfaction: 'good' | 'bad' | null }
const ticket = (id: string, n: number, m: number, subject: string, more: Partial<Ticket>): Ticket => ({
  id, number: n, org: member(m), orgName: names[m] ?? '', subject, state: 'new', urgency: 'normal', channel: 'web', requester: { id: people[m]?.[0]?.id ?? null, name: people[m]?.[0]?.name ?? '西川 学' },
  assignee: null, finding: null, createdAt: ago(90), updatedAt: ago(30), sla: { firstReplyDue: inMinutes(300), solveDue: inMinutes(6000), state: 'ok' }, unread: false, satisfaction: null, ...more,
});
export const tickets = (): Ticket[] => [
  ticket(ids.ticket, 41, 0, '経理のパソコンが、悪者の指令役とみられる相手に連絡しています', { urgency: 'now', channel: 'finding', finding: ids.finding, unread: true, sla: { firstReplyDue: ago(40), solveDue: inMinutes(400), state: 'late' } }),
  ticket(ids.second, 42, 1, '取引先から届いた請求書のメールは、開いてもよいですか', { urgency: 'today', channel: 'mail', state: 'working', assignee: { id: ids.me, name: '山田 花子' }, sla: { firstReplyDue: inMinutes(25.5), solveDue: inMinutes(470), state: 'soon' } }),
  ticket(ids.third, 43, 0, 'UTMの更新の見積もりが高い気がします', { state: 'working', assignee: { id: ids.colleague, name: '鈴木 一郎' } }),
  ticket(number(14), 44, 4, '退職した人のアカウントは、いつ消せばよいですか', { state: 'waiting', channel: 'phone', sla: { firstReplyDue: ago(100), solveDue: inMinutes(3000), state: 'paused' } }),
  ...Array.from({ length: 9 }, (_, i) => ticket(number(70 + i), 50 + i, 2 + i, ['パスワードを変える時期について', '社長から安全かと聞かれました', '古いWindowsのパソコンが一台あります', 'USBメモリを使ってもよいですか', '取引先の調査票の書き方', 'バックアップを試したいです', '訓練メールの日程について', '無線LANのパスワード', '新しい職員の登録'][i] ?? '', { sla: { firstReplyDue: inMinutes(400 + i * 700), solveDue: inMinutes(9000), state: 'ok' } })),
];
/** What is allowed for a ticket, by ticket. */
const look = (n: number, kinds: string[], more: object) => ({ ticket: number(n), number: n + 30, subject: '', kinds, state: 'asked', askedAt: ago(50), askedBy: '鈴木 一郎', answered: null, until: null, ended: null, ...more });
const said = { at: ago(40), by: '佐藤 由美' };
export const runningLook = look(13, ['logs'], { state: 'allowed', answered: said, until: inMinutes(43_160) });
export const looks: Record<string, { missing: string[]; last: object | null }> = {
  [ids.second]: { missing: ['logs'], last: look(12, ['logs'], {}) }, [ids.third]: { missing: ['logs'], last: runningLook },
};
const detail = (one: Ticket) => ({
  ...one,
  messages: [
    { id: number(81), at: ago(85), who: one.requester.name, side: 'member', text: '画面に「悪者の指令役」と出ました。\nどうすればよいですか。LANケーブルは抜きました。', article: null },
    ...(one.id === ids.ticket ? [] : [{ id: number(82), at: ago(60), who: '鈴木 一郎', side: 'desk', text: 'ご連絡ありがとうございます。そのままで大丈夫です。\n今から確かめます。', article: { id: ids.article, title: 'LANケーブルを抜いたあとにすること' } }]),
  ],
  notes: [{ id: number(83), at: ago(50), who: '鈴木 一郎', text: '先月も同じパソコンで似た検知があった。社長にはまだ伝えていない。' }],
  history: [{ at: ago(90), who: one.requester.name, what: '相談を受け付けました（検知）' }],
  look: looks[one.id] ?? { missing: ['logs'], last: null }, mergedInto: one.id === ids.merged ? ids.ticket : null, callback: one.channel === 'finding' ? '090-0000-1111' : null, sample: null,
});

const cell = (value: number | null, state: string) => ({ value, state });
const hidden = cell(null, 'notShared');
const overviewRow = (i: number) => ({
  member: member(i), name: names[i] ?? '', industry: 'E', sizeBand: '21-50', updatedAt: ago(30), lead: i === 4 ? null : '佐藤 由美',
  flowing: i === 1 ? cell(1, 'now') : i === 5 ? hidden : i === 6 ? cell(0, 'unknown') : cell(2, 'good'),
  openNow: i < 2 ? cell(2 - i, 'now') : i === 5 ? hidden : cell(0, 'good'), openLook: i < 4 ? cell(4 - i, 'look') : i === 5 ? hidden : cell(0, 'good'), overdue: i === 1 ? cell(1, 'now') : i === 5 ? hidden : cell(0, 'good'),
  tickets: i === 0 ? cell(2, 'now') : i === 1 ? cell(1, 'look') : cell(0, 'good'), leadSeen: i === 4 ? cell(null, 'now') : i === 5 ? hidden : i === 3 ? cell(23, 'look') : i === 7 ? cell(3, 'unknown') : cell(i % 3, 'good'),
  trend: i === 5 ? [] : [0, 1, 0, 2, 1, 3, 2, 1, 4, 2, 1, 3 + i],
});
const source = (name: string, state: string, match: object = { by: 'token' }) => ({
  id: ids.source, org: member(0), name, family: 'fortigate', match, device: null, timeZone: 'Asia/Tokyo', encoding: 'utf-8', retention: '1y', silentAfterHours: 24, verified: true, confirmed: true, createdAt: ago(9000), archivedAt: null,
  state, seenAt: state === 'flowing' ? ago(2) : null, linesToday: 18_204, linesLast7d: [1, 2, 3, 4, 5, 6, 7], notUnderstoodToday: 0, clockOffSeconds: 0,
});
const article = { id: ids.article, title: 'LANケーブルを抜いたあとにすること', summary: '抜いたら、電源は切らずに、窓口に電話してください。', published: true, updatedAt: ago(2000), by: '鈴木 一郎', helped: 14 };
const template = { id: ids.template, name: '受け付けました', text: 'ご相談ありがとうございます。\n確かめて、今日中にお返事します。', lang: 'ja' };
const kinds = ['scores', 'answers', 'evidence', 'alerts', 'indicators', 'drills', 'inventory', 'logs', 'samples', 'tickets'] as const;

/** The federation's server. */
export function federation(role: 'desk' | 'manager' | 'lead' = 'desk'): Miniature {
  const queue = tickets();
  const find = (id: string | undefined) => queue.find((one) => one.id === id) ?? (id === ids.merged ? ticket(ids.merged, 40, 0, '同じ件です', {}) : undefined);
  const page = (items: readonly unknown[]) => ({ items, next: null });
  const one = (call: Call) => find(call.params['ticket']) ?? queue[0]!;
  const answers: [string, Answer][] = [
    ['setUp.state', () => ({ needed: false, demo: false, deskPhone: '043-123-4567', federation: '南浜商工会' })],
    ['me.get', () => ({
      accountId: ids.me, personId: ids.me, name: '山田 花子', email: 'hanako@example.jp', lang: 'ja', homeOrg: org,
      roles: [{ org, orgName: '南浜商工会', orgKind: 'federation', role }], start: { org, page: 'desk' }, deskPhone: '043-123-4567', demo: false, federation: { id: org, name: '南浜商工会' }, secondFactors: { totp: true, passkeys: 0 },
    })],
    ['orgs.get', ({ params }) => members.find((m) => m.id === params['org']) ?? { ...orgOf(org, '南浜商工会', 0), kind: 'federation', parent: null }],
    ['orgs.children', ({ query }) => page(members.filter((m) => m.name.includes(query['q'] ?? '')))],
    ['orgs.create', ({ body }) => ({ ...orgOf(number(199), (body as { name: string }).name, 0) })],
    ['people.list', ({ params }) => page(params['org'] === org
      ? [ids.me, ids.colleague].map((id, i) => ({ id, org, name: ['山田 花子', '鈴木 一郎'][i] ?? '', reading: null, department: null, emails: [], phone: null, roles: [{ role: 'desk', deputyOf: null, until: null }], canSignIn: true, archivedAt: null }))
      : params['org'] === member(4) ? [] : [{ id: person(1), org: member(0), name: '佐藤 由美', reading: null, department: '総務', emails: ['sato@minamihama.example'], phone: '043-111-2222', roles: [{ role: 'lead', deputyOf: null, until: null }], canSignIn: true, archivedAt: null }])],
    ['people.get', () => ({ id: person(1), org: member(0), name: '佐藤 由美', reading: null, department: null, emails: [], phone: '043-111-2222', roles: [], canSignIn: true, archivedAt: null })],
    ['notices.phones', ({ params }) => ({ items: params['org'] === member(0) ? [{ name: '夜の当番', phone: '090-0000-0002', hours: '夜' }] : [] })],
    ['bursts.list', () => page([{ id: number(301), kind: 'address', indicator: '198.51.100.7', ruleId: 'r', ruleTitle: 'Contact with a controller', members: 3, firstAt: ago(6), thirdAt: ago(1), raisedAt: ago(1), lastAt: ago(0.5), byMember: [{ member: member(0), name: '南浜漁業', firstAt: ago(6), lastAt: ago(6), org: member(0), finding: number(302) }, { member: member(1), name: '北浜製作所', firstAt: ago(1), lastAt: ago(1), org: member(1), finding: null }] }])],
    ['rules.advice', () => ({ items: [{ ruleId: 'r', title: '外から試されています', members: 4, handled: 1, ticket: 0, known: 2, falseAlarm: 9, advice: 'tune' }] })],
    ['people.create', ({ body }) => ({ id: person(9), org: member(4), name: (body as { name: string }).name, reading: null, department: null, emails: [], phone: null, roles: [], canSignIn: false, archivedAt: null })],
    ['roles.grant', () => undefined],
    ['consents.get', ({ params }) => ({ federation: { id: org, name: '南浜商工会' }, items: kinds.map((kind) => ({ kind, given: kind === 'tickets' || (params['org'] === member(0) && (kind === 'alerts' || kind === 'scores')), fixed: kind === 'tickets', since: null, by: null, until: null })), tickets: params['org'] === member(0) ? [runningLook] : [], history: [] })],
    ['looks.ask', () => undefined],
    ['sources.list', ({ params }) => page(params['org'] === member(0) ? [source('本社のUTM', 'flowing')] : [])],
    ['sources.archive', () => undefined],
    ['unknownSenders.list', () => ({ items: [{ key: 'udp 198.51.100.7', listener: 'udp', address: '198.51.100.7', headerHost: 'FGT60F-01', fingerprint: null, lines: 18_302, bytes: 9_000_000, firstAt: ago(300), lastAt: ago(1) }, { key: 'udp 203.0.113.9', listener: 'udp', address: '203.0.113.9', headerHost: null, fingerprint: 'ab'.repeat(32), lines: 12, bytes: 900, firstAt: ago(200), lastAt: ago(100) }], overflow: 3, waiting: [{ source: ids.source, member: { id: member(0), name: names[0] }, name: '本社のUTM', family: 'fortigate', match: { by: 'address', listener: 'tcp', address: '203.0.113.20', headerHost: null }, since: ago(60), lines: 420, firstAt: ago(90), lastAt: ago(1) }] })],
    ['unknownSenders.confirm', () => source('本社のUTM', 'waiting', { by: 'address', listener: 'tcp', address: '203.0.113.20', headerHost: null })],
    ['unknownSenders.register', ({ body }) => source((body as { name: string }).name, 'waiting', { by: 'address', listener: 'udp', address: '198.51.100.7', headerHost: null })],
    ['queue.list', ({ query: q }) => page(queue.filter((t) => (q['state'] === undefined || q['state'] === 'open' ? t.state !== 'solved' : t.state === q['state']) && (!q['member'] || t.org === q['member']) && (!q['late'] || t.sla.state === 'late') && (!q['q'] || t.subject.includes(q['q']) || String(t.number) === q['q']) && (q['assignee'] !== 'me' || t.assignee?.id === ids.me)))],
    ['queue.counts', () => ({ new: 10, mine: 1, late: 1, soon: 1, waiting: 1 })],
    ['queue.get', (call) => detail(find(call.params['ticket']) ?? queue[0]!)],
    ['queue.update', (call) => {
      const change = call.body as { state?: Ticket['state']; urgency?: Ticket['urgency']; assignee?: string | null };
      return Object.assign(one(call), {
        ...(change.state ? { state: change.state } : {}), ...(change.urgency ? { urgency: change.urgency } : {}),
        ...(change.assignee === undefined ? {} : { assignee: change.assignee === null ? null : change.assignee === 'me' ? { id: ids.me, name: '山田 花子' } : { id: change.assignee, name: '鈴木 一郎' } }),
      });
    }],
    ['queue.reply', ({ body }) => ({ id: number(90), at: ago(0), who: '山田 花子', side: 'desk', text: (body as { text: string }).text, article: null })],
    ['queue.note', () => undefined], ['queue.merge', () => undefined], ['queue.unmerge', () => undefined],
    ['queue.phone', ({ body }) => ticket(number(95), 60, 0, (body as { subject: string }).subject, { channel: 'phone' })],
    ['queue.statistics', () => ({ month: '2021-11', asked: 42, solved: 38, firstReplyMinutesMedian: 25, late: 3, good: 9, bad: 1 })],
    ['queue.members', ({ query }) => {
      const words = (query['q'] ?? '').split(/\s+/).filter(Boolean);
      const found = names.map((name, i) => ({ name, i })).filter(({ name, i }) => name.includes(words[0] ?? '') || ('みなみはま'.startsWith(words[0] ?? '') && i === 0));
      return { items: found.map(({ name, i }) => ({ org: member(i), name, phone: `043-200-10${String(i).padStart(2, '0')}`, people: found.length <= 2 && words.length > 0 ? (people[i] ?? []).filter((p) => p.name.includes(words[1] ?? '')) : [] })) };
    }],
    ['templates.list', () => ({ items: [template] })],
    ['templates.save', ({ params, body }) => ({ id: params['template'], ...(body as object) })],
    ['templates.remove', () => undefined],
    ['articles.list', () => page([article, { ...article, id: number(42), title: '訓練メールの考え方', published: false, helped: 0 }])],
    ['articles.edit', () => ({ id: ids.article, title: { ja: article.title }, summary: { ja: article.summary }, body: { ja: '# まず\n電源は切らないでください。\n\n- 抜いたケーブルはそのまま\n- 画面を写真に撮る\n\n1. 窓口に電話する\n2. 待つ' }, published: true })],
    ['articles.create', ({ body }) => ({ ...article, title: (body as { title: { ja: string } }).title.ja })],
    ['articles.update', () => article],
    ['overview.get', ({ query }) => ({ sums: { members: 13, silent: 1, late: 1, openNow: 3, noLead: 1 }, ...page(names.map((_, i) => overviewRow(i)).filter((row) => row.name.includes(query['q'] ?? ''))) })],
    ['federationReports.list', () => page([{ month: '2021-10', version: 2, closedAt: ago(5000), reason: 'late', verdict: 'look', latest: true }, { month: '2021-09', version: 1, closedAt: ago(50_000), reason: 'month', verdict: 'calm', latest: true }])],
    ['federationReports.make', ({ params }) => ({ month: params['month'], version: 1, closedAt: ago(0), reason: 'demand', verdict: 'calm', latest: true })],
  ];
  return new Miniature(answers);
}
