import type { Role } from '@banya/contract';
import { Miniature, type Answer, type Call } from './miniature.ts';

/** A member and its federation as the mail pages meet them; what is sent and answered is held against the contract. */
export const id = (n: number): string => `0193f0a0-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const org = id(1);
export const ids = {
  me: id(2), dangerous: id(21), suspicious: id(22), insufficient: id(23), clear: id(24), waiting: id(25), failed: id(26), drill: id(27), decided: id(28),
  campaign: id(31), draft: id(41), sent: id(42), warning: id(51), calm: id(52), notYet: id(53), ticket: id(61), template: id(71),
} as const;
export const member = (n: number): string => id(100 + n);
const started = Date.now();
export const ago = (hours: number): string => new Date(started - hours * 3_600_000).toISOString();
const dayIn = (days: number): string => ago(-24 * days).slice(0, 10);
const names = ['北原製作所', '南浜水産', '東山建設', '港通運', '白樺福祉会', '大橋印刷'];

type Sample = Record<string, unknown> & { id: string };
const base = { org: member(0), orgName: names[0], at: ago(0.2), state: 'judged', channel: 'upload', reporter: { id: ids.me, name: '山田 花子' }, decision: null, decidedAt: null, touched: 'nothing', ticket: null, campaign: null, firstReason: null };
const first = { ja: '「南浜信用金庫」を名乗っていますが、信用金庫のサーバから出たメールではありません。', en: 'It claims to be Minamihama Shinkin, but it did not come from its servers.' };
export const mails: readonly Sample[] = [
  { ...base, id: ids.dangerous, subject: '【重要】お取引の一時停止について', from: '南浜信用金庫 <info@minamihama-shinkin-support.test>', verdict: 'dangerous', score: 94, campaign: ids.campaign, asked: { people: 12, touched: 3 }, firstReason: first },
  { ...base, id: ids.suspicious, subject: '請求書の振込先変更のお願い', from: '大橋印刷 <keiri@ohashi.example>', verdict: 'suspicious', score: 55, touched: 'file', reporter: { id: id(12), name: '佐藤 賢' }, org: member(1), orgName: names[1], at: ago(3) },
  { ...base, id: ids.insufficient, subject: '', from: 'taro@example.com', verdict: 'insufficient', score: 10, channel: 'mail', touched: null, at: ago(5) },
  { ...base, id: ids.clear, subject: '来週の打ち合わせについて', from: '東山建設 <suzuki@higashiyama.example>', verdict: 'clear', score: 0, at: ago(30) },
  { ...base, id: ids.waiting, subject: 'お荷物のお届けについて', from: 'delivery@example.test', verdict: null, score: null, state: 'waiting', at: ago(0) },
  { ...base, id: ids.failed, subject: '（読めません）', from: 'unknown@example.test', verdict: null, score: null, state: 'failed' },
  { ...base, id: ids.drill, subject: '年末調整の書類について', from: 'soumu@example.jp', verdict: null, score: null, state: 'drill' },
  { ...base, id: ids.decided, subject: '新しい講座のご案内', from: 'news@seminar.example', verdict: 'suspicious', score: 40, decision: 'unwanted', decidedAt: ago(1), at: ago(8) },
];
const byId = (which: string | undefined): Sample => mails.find((one) => one.id === which) ?? mails[0]!;

export const reasons = [
  { code: 'brand_not_proven', severity: 'high', text: first, evidence: [{ where: 'header', name: 'From', quote: '南浜信用金庫 <info@minamihama-shinkin-support.test>' }] },
  { code: 'asks_credentials', severity: 'medium', text: { ja: 'リンクの先で、暗証番号を入れさせようとしています。', en: 'It wants a PIN typed in behind a link.' }, evidence: [{ where: 'text', quote: '24時間以内に下のリンクから暗証番号をご確認ください。<script>alert(1)</script>' }, { where: 'link', quote: 'hxxps://minamihama-shinkin-support[.]test/login?u=hanako' }] },
  { code: 'first_contact', severity: 'note', text: { ja: 'この差出人からのメールは、初めてです。', en: 'It is the first mail from this sender.' }, evidence: [] },
];
/** What the server says to do, by how a mail stands. */
const doNow: Readonly<Record<string, readonly string[]>> = {
  dangerous: ['リンクや添付ファイルは開かないでください。', '返事も、書かれた番号への電話もしないでください。', 'メールは消さずに残しておいてください。'],
  suspicious: ['デスクの返事まで、リンクや添付は開かないでください。', '急ぐ話なら、前から知っている番号に電話してください。', 'メールは消さずに残しておいてください。'],
  insufficient: ['心当たりがなければ、何も開かないでください。', '「添付ファイルとして転送」で送ると、もっと調べられます。', '迷ったら「デスクに見てもらう」を押してください。'],
  clear: ['心当たりがあれば、ふだんどおりでかまいません。', '振込や口座変更の話は、知っている番号に電話してください。', '迷ったら「デスクに見てもらう」を押してください。'],
  failed: ['デスクの返事まで、リンクや添付は開かないでください。', '急ぐ話なら、前から知っている番号に電話してください。', 'メールは消さずに残しておいてください。'],
  drill: ['これは訓練でした。報告できたので満点です。', 'ほかにすることはありません。'], waiting: [], unwanted: ['リンクは押さずに、消してかまいません。', '「配信停止」は押さないでください。'],
};
const doTouched = ['LANケーブルを抜き、Wi-Fiを切ってください。', '電源は切らず、再起動もしないでください。', 'デスクに電話してください（043-123-4567）。', '開いた時刻と、画面に出たものを書きとめてください。', 'メールは消さずに残しておいてください。'];
const goodReasons = [
  { code: 'proven_partner', severity: 'good', text: { ja: '取引先の higashiyama[.]example から出たことを確かめました。', en: 'It was proven to come from our partner higashiyama[.]example.' }, evidence: [{ where: 'header', name: 'From', quote: '東山建設 <suzuki@higashiyama[.]example>' }] },
  { code: 'no_links', severity: 'good', text: { ja: '押すと外のページへ移るリンクはありません。', en: 'It has no links to other pages.' }, evidence: [] },
];
const littleReasons = [
  { code: 'headers_lost', severity: 'note', text: { ja: '本文に貼り付けた形で届いたため、差出人が本物かは確かめられませんでした。', en: 'It was passed on inside another mail’s text, so the sender could not be checked.' }, evidence: [] },
  { code: 'too_little_text', severity: 'note', text: { ja: '本文がほとんどなく、判断の手がかりが足りません。', en: 'There is hardly any text to judge by.' }, evidence: [{ where: 'text', quote: 'よろしくお願いします。' }] },
];
const advertReasons = [
  { code: 'asks_advert', severity: 'medium', text: { ja: '頼んでいない宣伝や勧誘のようです（「今なら半額」）。', en: 'It looks like advertising nobody asked for (“half price now”).' }, evidence: [{ where: 'text', quote: '今なら半額で受講できます。' }] },
  { code: 'first_contact', severity: 'note', text: { ja: 'これまでやり取りのない相手（news@seminar[.]example）です。', en: 'You never wrote with this sender before (news@seminar[.]example).' }, evidence: [] },
];
const bankReasons = [
  { code: 'asks_bank_change', severity: 'high', text: { ja: '振込先の変更を求めています（「振込先を変更」）。必ず電話で確かめる内容です。', en: 'It wants the bank account for payments changed.' }, evidence: [{ where: 'text', quote: '今月分より、振込先を変更いたしました。' }] },
  { code: 'reply_changed', severity: 'medium', text: { ja: '返信の宛先（ohashi@mailbox[.]example）が、いつもと違います。', en: 'Answers would go to ohashi@mailbox[.]example, which is not the usual one.' }, evidence: [{ where: 'header', name: 'Reply-To', quote: 'ohashi@mailbox[.]example' }] },
];
const reasonsOf = (sample: Sample): readonly unknown[] =>
  sample['state'] !== 'judged' ? [] : sample['decision'] === 'unwanted' ? advertReasons : ({ dangerous: reasons, suspicious: bankReasons, insufficient: littleReasons, clear: goodReasons } as Readonly<Record<string, readonly unknown[]>>)[String(sample['verdict'])]!;
const touchedOne = (touch: unknown): boolean => touch !== null && touch !== 'nothing';
export const answerOf = (which: string | undefined): Record<string, unknown> => {
  const sample = byId(which);
  const judged = sample['state'] === 'judged';
  return {
    ...sample, reasons: reasonsOf(sample), passage: judged ? (sample['verdict'] === 'insufficient' ? 'inline' : 'original') : null, doNow: touchedOne(sample['touched']) ? doTouched : doNow[String(sample['decision'] ?? (judged ? sample['verdict'] : sample['state']))] ?? [], callDesk: touchedOne(sample['touched']),
    ticket: sample['state'] === 'failed' || sample['decision'] || ['dangerous', 'suspicious'].includes(String(sample['verdict'])) ? ids.ticket : null,
    seen: !judged ? null : sample.id === ids.dangerous ? { members: 4, reports: 11, touched: 2, firstAt: ago(20) } : { members: 0, reports: 0, touched: 0, firstAt: null }, answeredAt: sample['state'] === 'waiting' ? null : ago(0.1), deleteOn: dayIn(90),
  };
};
const long = `${'a'.repeat(180)}`;
export const detailOf = (which: string | undefined): Record<string, unknown> => ({
  ...answerOf(which),
  facts: {
    from: { name: '南浜信用金庫', address: 'info@minamihama-shinkin-support[.]test', domain: 'minamihama-shinkin-support[.]test' }, replyTo: { name: '', address: 'reply@mailbox[.]example', domain: 'mailbox[.]example' }, returnPath: null, to: ['hanako@kitahara.example'], date: ago(1), messageId: `<${long}@mail.example.test>`,
    route: [{ from: null, by: 'sv12.host.example', ip: '203.0.113.45', at: ago(1.1) }, { from: 'sv12.host.example', by: 'mx.kitahara.example', ip: '198.51.100.7', at: ago(1) }, { from: 'mx.kitahara.example', by: 'imap.kitahara.example', ip: null, at: null }],
  },
  authentication: { by: 'own', spf: 'fail', dkim: 'none', dmarc: 'fail', arc: 'none', provenDomain: null, fcrdns: false },
  lookalikes: [{ target: 'minamihama-shinkin.example', targetKind: 'brand', domain: 'minamiharna-shinkin.test', how: 'homoglyph' }],
  links: [{ url: 'hxxps://minamihama-shinkin-support[.]test/login?u=hanako', domain: 'minamihama-shinkin-support[.]test', from: 'html', text: 'https://www.minamihama-shinkin.example/', file: null }, { url: `hxxps://short[.]example/${long}`, domain: 'short[.]example', from: 'qr', text: null, file: '案内.png' }],
  files: [{ name: '請求書_2026年11月.pdf.exe', size: 482_133, sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', realType: 'exe', flags: ['executable', 'double_extension', 'something_new'], entries: ['payload.exe'], words: ['powershell'] }],
  note: '銀行から来ましたが、心当たりがありません。', troubles: [{ code: 'image_too_large', where: '案内.png' }], engine: 'mail 0.3.0', alike: [mails[1], mails[3]], size: 51_200, zipPassword: 'infected',
});
export const preview = {
  text: 'お客様各位\n\nお取引を一時停止しました。\n24時間以内に下のリンクから暗証番号をご確認ください。\nhxxps://minamihama-shinkin-support[.]test/login', hiddenText: 'weather report lorem', hasHtml: true,
  headers: [{ name: 'Received', value: `from sv12.host.example (203.0.113.45) by mx.kitahara.example; ${long}` }, { name: 'Subject', value: '【重要】お取引の一時停止について' }],
};
const campaign = { id: ids.campaign, firstAt: ago(20), lastAt: ago(0.2), members: 4, reports: 11, touched: 2, verdict: 'dangerous', decision: null, subject: '【重要】お取引の一時停止について', from: '南浜信用金庫 <info@minamihama-shinkin-support[.]test>', bulletin: null };
const head = { id: ids.draft, title: '信用金庫を名乗るメールに注意', tlp: 'AMBER', state: 'draft', campaign: ids.campaign, at: ago(2), by: '鈴木 一郎', sentTo: 0, read: 0, seenAt: 0 };
const sentHead = { ...head, id: ids.sent, state: 'sent', title: '宅配の不在通知を装うメール', tlp: 'GREEN', sentTo: 4, read: 2, seenAt: 1, at: ago(50) };
const bulletinText = (title: string) => ({ title: { ja: title, en: '' }, body: { ja: '■どんなメールか\nにせのページへ誘い、パスワードなどを入力させます。\n\n■見分け方\n・「南浜信用金庫」を名乗りますが、本物ではありません。\n・リンク先や送信元：minamihama-shinkin-support[.]test\n\n■今すること（3分）\n1. 似たメールが来ても、リンクも添付も開かない。\n2. 届いていたら、番屋の「このメール、本物？」で知らせる。\n\n■もう開いた・入力したとき\n・すぐ、デスクに電話する（043-123-4567）。\n・だれも責めません。早い連絡が、いちばん助かります。', en: '' }, tlp: 'AMBER' });
const warning = { id: ids.warning, title: '信用金庫を名乗るメールに注意', tlp: 'AMBER', at: ago(2), read: false, seen: true };
export const warnings = [warning, { ...warning, id: ids.calm, title: '宅配の不在通知を装うメール', tlp: 'GREEN', at: ago(60), read: true, seen: false }, { ...warning, id: ids.notYet, title: '請求書の振込先変更に注意', tlp: 'CLEAR', at: ago(90), read: true, seen: null }];
export const checkSettings = {
  officers: [{ name: '北原 一郎', also: ['Ichiro Kitahara', '北原社長'], title: '代表取締役', addresses: ['kitahara@kitahara.example'] }], partners: [{ domain: 'ohashi.example', name: '大橋印刷' }, { domain: 'higashiyama.example' }], authservIds: ['mx.kitahara.example'], keepDays: 90,
  address: 'report+k7p2m9x4@banya.example.jp', ownDomains: ['kitahara.example'], mailbox: { kind: 'imap', host: 'imap.kitahara.example', port: 993, user: 'report', folder: null, tenant: null, clientId: null, hasSecret: true, lastAt: ago(0.1), error: null },
};
export const statistics = {
  days: 30, reports: 128, reporters: 61, people: 240, dangerous: 31, suspicious: 22, clear: 60, insufficient: 15, drills: 18, touched: 5, firstReportMinutesMedian: 14, answerSecondsMedian: 2.4,
  lures: [{ family: 'credentials', count: 20 }, { family: 'delivery', count: 9 }, { family: 'brand_new', count: 2 }], members: names.map((name, i) => ({ member: member(i), name, reports: 30 - i * 5, reporters: 12 - i * 2, people: i === 5 ? 0 : 40 })),
};
const orgOf = (which: string, name: string, federation: boolean) => ({
  id: which, parent: federation ? null : org, federation: org, kind: federation ? 'federation' : 'member', name, reading: null, industry: 'E', sizeBand: '21-50', prefecture: '12', corporateNumber: null, phone: null, timeZone: 'Asia/Tokyo', ownRanges: [], domains: ['kitahara.example'], archivedAt: null,
});

const page = (items: readonly unknown[], next: string | null = null) => ({ items, next, total: { count: items.length, more: false } });
const ticket = { id: ids.ticket, number: 128, org: member(0), orgName: names[0], subject: 'メールの確認', state: 'new', urgency: 'now', channel: 'web', requester: { id: ids.me, name: '山田 花子' }, assignee: null, finding: null, createdAt: ago(1), updatedAt: ago(1), sla: { firstReplyDue: null, solveDue: null, state: 'ok' }, unread: false, satisfaction: null };

export function house(role: Role): Miniature {
  const federation = ['desk', 'manager', 'operator'].includes(role);
  const filtered = ({ query: q }: Call) => mails.filter((one) => (!q['verdict'] || one['verdict'] === q['verdict']) && (!q['q'] || String(one['subject']).includes(q['q'])) && (!q['member'] || one['org'] === q['member']) && (q['show'] !== 'open' || one['decision'] === null));
  const answers: [string, Answer][] = [
    ['setUp.state', () => ({ needed: false, demo: false, deskPhone: '043-123-4567', federation: '港町商工会' })],
    ['me.get', () => ({
      accountId: ids.me, personId: ids.me, name: '山田 花子', email: 'hanako@example.jp', lang: 'ja', homeOrg: org, roles: [{ org, orgName: federation ? '港町商工会' : '北原製作所', orgKind: federation ? 'federation' : 'member', role }],
      start: { org, page: federation ? 'desk' : role === 'staff' ? 'ask' : 'home' }, deskPhone: '043-123-4567', demo: false, federation: { id: id(3), name: '港町商工会' }, secondFactors: { totp: true, passkeys: 0 },
    })],
    ['orgs.get', ({ params }) => orgOf(params['org'] ?? org, federation ? '港町商工会' : '北原製作所', federation)],
    ['orgs.children', ({ query }) => page(names.map((name, i) => orgOf(member(i), name, false)).filter((one) => one.name.includes(query['q'] ?? '')))],
    ['home.get', () => ({ cards: [{ key: `warning:${ids.warning}`, kind: 'warning', severity: 'look', title: '信用金庫を名乗るメールに注意', step: '注意喚起を読んで、うちに来たかを確かめる', minutes: 3, askedBy: 'デスク', target: ids.warning, elsewhere: null }], moreOpen: 0, lastWeek: { stopped: 12, closed: 3, open: 0, stoppedWeekBefore: 9 }, health: { sources: 2, flowing: 2, silent: 0, lastLineAt: ago(0.01) } })],
    ['samples.report', () => byId(ids.waiting)],
    ['samples.list', (call) => page(filtered(call))],
    ['samples.get', ({ params }) => answerOf(params['sample'])],
    ['samples.touched', ({ params, body }) => ({ ...answerOf(params['sample']), touched: (body as { touched: string }).touched, callDesk: true, doNow: doTouched })],
    ['samples.ask', ({ params }) => ({ ...answerOf(params['sample']), ticket: ids.ticket })],
    ['deskSamples.list', (call) => page(filtered(call))],
    ['deskSamples.get', ({ params }) => detailOf(params['sample'])],
    ['deskSamples.preview', () => preview],
    ['deskSamples.html', () => '<!doctype html><title>x</title><p>お客様各位</p><script>document.body.textContent = "ran"</script>'],
    ['deskSamples.original', () => 'PK'],
    ['deskSamples.decide', ({ params, body }) => ({ decided: (body as { alike?: boolean }).alike ? 3 : 1, sample: { ...answerOf(params['sample']), decision: (body as { decision: string }).decision, decidedAt: ago(0) } })],
    ['deskSamples.keep', ({ params, body }) => ({ ...answerOf(params['sample']), deleteOn: (body as { keep: boolean }).keep ? null : dayIn(90) })],
    ['deskSamples.statistics', ({ query }) => ({ ...statistics, days: Number(query['days'] ?? 30) })],
    ['campaigns.list', () => page([campaign, { ...campaign, id: id(32), subject: null, from: null, members: 2, reports: 2, touched: 0, verdict: 'suspicious', bulletin: ids.sent }])],
    ['campaigns.get', () => ({ ...campaign, byMember: names.slice(0, 4).map((name, i) => ({ member: member(i), name, reports: [5, 3, 2, 1][i], touched: i === 1 ? 2 : 0, firstAt: ago(20 - i * 4), lastAt: ago(2 - i * 0.4) })), samples: mails.slice(0, 2) })],
    ['bulletins.list', () => page([head, sentHead])],
    ['bulletins.draft', () => ({ id: ids.draft })],
    ['bulletins.get', ({ params }) => ({
      ...(params['bulletin'] === ids.sent ? sentHead : head), text: bulletinText(params['bulletin'] === ids.sent ? sentHead.title : head.title), indicators: [{ kind: 'domain', value: 'minamihama-shinkin-support[.]test' }, { kind: 'sha256', value: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' }],
      receipts: params['bulletin'] === ids.sent ? names.slice(0, 4).map((name, i) => ({ member: member(i), name, mailedTo: i === 3 ? 0 : 2, readAt: i < 2 ? ago(40) : null, readBy: i < 2 ? '佐藤 賢' : null, seen: [true, false, null, null][i] })) : [],
    })],
    ['bulletins.save', () => undefined], ['bulletins.remove', () => undefined],
    ['bulletins.send', ({ body }) => ({ members: (body as { members: unknown }).members === 'all' ? 6 : (body as { members: string[] }).members.length })],
    ['warnings.list', () => page(warnings)],
    ['warnings.get', ({ params }) => {
      const one = warnings.find((w) => w.id === params['warning']) ?? warning;
      const here = one.seen === null ? { lookedAt: null, mails: 0, lines: 0, firstAt: null } : one.seen ? { lookedAt: ago(1), mails: 2, lines: 1340, firstAt: ago(30) } : { lookedAt: ago(1), mails: 0, lines: 0, firstAt: null };
      return { ...one, body: bulletinText('').body.ja, here };
    }],
    ['mailCheck.get', () => checkSettings],
    ['mailCheck.save', () => undefined], ['mailCheck.mailbox', () => undefined],
    ['mailCheck.newAddress', () => ({ address: 'report+q3w8e5r1@banya.example.jp' })],
    ['mailCheck.mailboxTest', () => ({ ok: true, message: '受信トレイに3通あります。' })],
    ['templates.list', () => ({ items: [{ id: ids.template, name: '危険なメールでした', text: 'ご報告ありがとうございます。危険なメールでした。\n消してください。', lang: 'ja' }] })],
    ['queue.get', () => ({ ...ticket, messages: [], notes: [], history: [], mergedInto: null, callback: null, sample: ids.dangerous })],
    ['samples.address', () => ({ address: checkSettings.address })],
    ['people.list', () => page([])],
  ];
  return new Miniature(answers);
}
