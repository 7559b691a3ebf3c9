/**
 * Mails of invented campaigns, for measuring whether those of one are found to be the same and others are not. All are put
 * together from one small stock of sentences, so that mails of different campaigns share much of their wording.
 */
import { createHash } from 'node:crypto';
import { fingerprints, type Analysis, type FileFacts, type Indicator, type Link, type ParsedMail } from '../../engines/mail/src/index.ts';

/** A repeatable source of randomness (mulberry32): 0 ≤ value < 1. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const OPENING = ['いつも弊社のサービスをご利用いただき、まことにありがとうございます。', 'お客様のご利用内容について、確認が必要な点がございます。', '平素は格別のお引き立てを賜り、厚く御礼申し上げます。', 'このメールは重要なお知らせのため、配信の設定にかかわらずお送りしています。', 'お世話になっております。管理部の者です。', 'ご登録の内容に変更があったため、お知らせいたします。', '先日お送りした書類につきまして、再度ご案内いたします。', '当社のシステム更新にともない、皆さまにお願いがございます。'];
const MIDDLE = [
  'ご登録のお支払い方法が承認されず、ご利用を一時的に制限しております。', '第三者による不正なログインの疑いがあるため、本人確認をお願いしております。', 'お荷物のお届けに伺いましたが、ご不在のため持ち帰りました。', '未払いの料金がございますので、期日までにお支払いください。', '還付金の受け取り手続きが完了していません。', '添付の請求書をご確認のうえ、本日中にお振込みをお願いいたします。',
  'お振込先の口座が変更になりましたので、次回より新しい口座をご利用ください。', 'メールボックスの容量が上限に達したため、受信ができない状態です。', 'ポイントの有効期限が近づいています。', '会員資格の更新手続きが必要です。', '契約書の署名がまだお済みでないようです。', '新しい端末からのアクセスを検知しました。',
  '年末調整の書類に不備がありましたので、再提出をお願いいたします。', 'ご注文の商品の発送準備が整いましたが、住所に誤りがあるようです。', '保有されている証券口座について、取引の制限を行いました。', 'カードのご利用明細に、心当たりのない決済がないかご確認ください。', '共有された資料を閲覧するには、認証が必要です。', '電話番号の確認ができなかったため、登録が保留となっています。',
];
const ACTION = ['下記のリンクより、お手続きをお願いいたします。', '以下のボタンから、ログインしてご確認ください。', '詳しくは次のページをご覧のうえ、情報の更新をお願いします。', '確認用のページを用意しましたので、本日中にご対応ください。', '添付のファイルを開いて内容をご確認ください。', '至急、折り返しのご連絡をお願いいたします。', '期限を過ぎますとご利用いただけなくなりますので、ご注意ください。', 'なお、お手続きには数分ほどかかります。', '二十四時間以内にご確認いただけない場合、アカウントは停止されます。', 'ご不明な点は、お客様窓口までお問い合わせください。'];
const CLOSING = ['本メールは送信専用のため、ご返信いただけません。', 'ご迷惑をおかけいたしますが、何とぞよろしくお願い申し上げます。', '今後とも変わらぬご愛顧を賜りますようお願いいたします。', '※本メールに心当たりのない場合は、破棄してください。', 'ご協力に感謝いたします。', '以上、取り急ぎご連絡まで。'];
const BRANDS = ['なぎさ銀行', '南浜カード', 'あおば証券', 'そらまめ便', 'つばめ通販', 'まつかぜ電力', 'ひなた通信', 'さざなみ信販', 'こだま税務', 'はやぶさ急送', 'やまびこ生命', 'ともしび保険'];
const SUBJECTS = ['お支払い方法の確認', 'ご利用制限のお知らせ', 'お荷物のお届けについて', '本人確認のお願い', '請求書の送付', '口座変更のご案内', '会員情報の更新', '重要なお知らせ', '未払い料金のご案内', '不正アクセスの検知', '還付手続きのお願い', '書類再提出のお願い'];
const SURNAMES = ['佐々', '高森', '中里', '小野田', '北村', '西岡', '松島', '川辺', '石垣', '東野', '岩瀬', '水口'];
const GIVEN = ['太郎', '花子', '一郎', '美咲', '健太', '陽子', '誠', '恵'];
const SYLLABLES = ['ka', 'mi', 'no', 'ra', 'te', 'shi', 'yo', 'ha', 'ku', 'so', 'na', 'ri', 'mo', 'ta', 'ne', 'fu'];
const LINK_WORDS = ['login', 'update', 'verify', 'account', 'secure', 'mypage', 'confirm', 'payment', 'support', 'check'];
/** Other ways of saying the same, for campaigns that vary their wording. */
const TURNS: readonly (readonly [string, string])[] = [['お願いいたします', 'お願い申し上げます'], ['ご確認ください', 'ご確認をお願いします'], ['ございます', 'あります'], ['お客様', 'ご利用者様'], ['お手続き', '手続き'], ['本日中に', '今日中に'], ['ため、', 'ので、'], ['必要です', '求められます'], ['お知らせ', 'ご連絡'], ['下記の', '次の']];

export type Style = 'fixed' | 'moving' | 'turned' | 'file' | 'turnedMoving';
/** How many of each hundred campaigns are of a style. */
const SHARE: readonly (readonly [Style, number])[] = [['fixed', 40], ['moving', 25], ['turned', 20], ['file', 10], ['turnedMoving', 5]];

export interface Made {
  readonly campaign: number;
  readonly style: Style;
  readonly analysis: Pick<Analysis, 'fingerprints' | 'links' | 'files' | 'indicators'>;
}

export interface Recipe {
  readonly style: Style;
  readonly campaign: number;
  readonly lines: readonly string[];
  readonly brand: string;
  readonly subject: string;
  readonly sender: string;
  readonly place: string;
  readonly path: string;
  readonly file: string | null;
}

/** What all mails of one campaign have in common. */
export function recipe(campaign: number, roll: () => number): Recipe {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(roll() * of.length)]!;
  const some = <T>(of: readonly T[], n: number): T[] => [...of].map((x) => [roll(), x] as const).sort((a, b) => a[0] - b[0]).slice(0, n).map(([, x]) => x);
  let at = roll() * 100;
  const style = SHARE.find(([, share]) => (at -= share) < 0)?.[0] ?? 'fixed';
  const lines = style === 'file' ? some(ACTION, 1) : [...some(OPENING, 1 + Math.floor(roll() * 2)), ...some(MIDDLE, 2 + Math.floor(roll() * 2)), ...some(ACTION, 2 + Math.floor(roll() * 2)), ...some(CLOSING, 1 + Math.floor(roll() * 2))];
  return { style, campaign, lines, brand: pick(BRANDS), subject: pick(SUBJECTS), sender: domain(roll), place: domain(roll), path: `${pick(LINK_WORDS)}/${pick(LINK_WORDS)}`, file: style === 'file' ? createHash('sha256').update(`file ${campaign} ${roll()}`).digest('hex') : null };
}

const domain = (roll: () => number): string => `${Array.from({ length: 3 + Math.floor(roll() * 3) }, () => SYLLABLES[Math.floor(roll() * SYLLABLES.length)]).join('')}.example`;
const digits = (roll: () => number, n: number): string => Array.from({ length: n }, () => Math.floor(roll() * 10)).join('');

/** One mail of a campaign, to a receiver of its own. */
export function mail(r: Recipe, roll: () => number): Made {
  const moving = r.style === 'moving' || r.style === 'turnedMoving';
  const turned = r.style === 'turned' || r.style === 'turnedMoving';
  const surname = SURNAMES[Math.floor(roll() * SURNAMES.length)]!;
  const name = `${surname} ${GIVEN[Math.floor(roll() * GIVEN.length)]}`;
  const user = `u${digits(roll, 5)}`;
  const place = moving ? domain(roll) : r.place;
  const sender = moving || r.style === 'turned' ? domain(roll) : r.sender;
  const say = (line: string): string => (turned ? TURNS.reduce((text, [from, to]) => (roll() < 0.5 ? text.replace(from, to) : text), line) : line);
  const url = `https://${place}/${r.path}?id=${digits(roll, 10)}`;
  const real = 'https://www.brand.example/';
  const withLink = r.style !== 'file';
  const text = `${name}様\n${r.brand}より\n${r.lines.map(say).join('\n')}\n${withLink ? `${url}\n` : ''}受付番号 ${digits(roll, 8)}\n${withLink ? real : ''}`;
  const link = (u: string): Link => ({ url: u, host: new URL(u).host, domain: new URL(u).host.split('.').slice(-2).join('.'), from: 'text' });
  const links = withLink ? [link(url), link(real)] : [];
  const files: FileFacts[] = r.file ? [{ name: '書類.xlsm', size: 40_000, sha256: r.file, declaredType: 'application/octet-stream', realType: 'xlsm', flags: ['macro'], entries: [], words: [] }] : [];
  const parsed: ParsedMail = {
    kind: 'eml', size: text.length, raw: new Uint8Array(), headers: [], from: [{ name: r.brand, address: `info@${sender}`, domain: sender }], replyTo: [], to: [{ name, address: `${user}@member.example`, domain: 'member.example' }], cc: [],
    subject: `【${r.brand}】${r.subject}（${digits(roll, 6)}）`, messageId: `<${digits(roll, 18)}@${sender}>`, references: [], text, hiddenText: '', links, attachments: [], automatic: { list: false, bulk: false, reply: false, bounce: false }, troubles: [],
  };
  const indicators: Indicator[] = [{ kind: 'domain', value: sender }, ...(withLink ? [{ kind: 'domain' as const, value: place }] : []), ...files.map((f) => ({ kind: 'sha256' as const, value: f.sha256 }))];
  return { campaign: r.campaign, style: r.style, analysis: { fingerprints: fingerprints(parsed, files), links, files, indicators } };
}
