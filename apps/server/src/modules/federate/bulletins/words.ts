import type { Lang } from '@banya/contract';
import type { LureFamily } from '@banya/mail';

export type Two = Readonly<Record<Lang, string>>;
type Say<A extends unknown[]> = Readonly<Record<Lang, (...args: A) => string>>;

interface Ask {
  /** Completes 「…にせメールに注意してください」. */
  readonly title: Two;
  readonly what: Two;
  /** A step of its own, where this kind needs one. */
  readonly step?: Two;
}

const BY_PHONE: Two = { ja: 'お金の話は、前から知っている番号に電話で確かめる。', en: 'Check anything about money by a phone number you knew before.' };
const OWN_WAY: Two = { ja: '用があるときは、ふだんの画面かアプリから入る。', en: 'If you need to log in, use the app or address you always use.' };

/** What a mail wants of its reader, by family of lures. */
export const ASKS: Readonly<Record<LureFamily | 'other', Ask>> = {
  boss: { title: { ja: '社長や上司をよそおう', en: 'that pretend to come from your boss' }, what: { ja: '社長や上司の名前を使い、急ぎの用を頼んできます。', en: 'It uses the name of a president or superior and asks for something urgent.' }, step: { ja: '本人に、電話か直接会って確かめる。', en: 'Ask the person directly or by phone.' } },
  bank_change: { title: { ja: '振込先の変更を知らせる', en: 'about a changed bank account' }, what: { ja: '取引先をよそおい、振込先が変わったと知らせてきます。', en: 'It pretends to be a business partner whose bank account has changed.' }, step: BY_PHONE },
  extortion: { title: { ja: 'おどしてお金を求める', en: 'that threaten and demand money' }, what: { ja: '秘密を握ったとおどし、お金を求めてきます。', en: 'It claims to know a secret and demands money.' }, step: { ja: '払わず、返事もしない。', en: 'Do not pay and do not answer.' } },
  credentials: { title: { ja: 'パスワードを盗もうとする', en: 'that want to steal passwords' }, what: { ja: 'にせのページへ誘い、パスワードなどを入力させます。', en: 'It leads to a false page and has you type a password or the like.' }, step: OWN_WAY },
  account_stop: { title: { ja: '「利用を止める」とあせらせる', en: 'that say your account is stopped' }, what: { ja: '利用やカードを止めたと言って、あせらせます。', en: 'It says that an account or card was stopped, to hurry you.' }, step: OWN_WAY },
  delivery: { title: { ja: '荷物の知らせをよそおう', en: 'about a parcel' }, what: { ja: '荷物の不在や住所の確認をよそおいます。', en: 'It pretends to be about a parcel or an address.' }, step: OWN_WAY },
  refund: { title: { ja: '返金や還付をよそおう', en: 'about a refund' }, what: { ja: '返金や還付があると言って、手続きを求めます。', en: 'It promises a refund and asks you to apply for it.' }, step: OWN_WAY },
  prize: { title: { ja: '当選や贈り物をよそおう', en: 'about a prize' }, what: { ja: '当選や贈り物があると言って、手続きを求めます。', en: 'It promises a prize or a gift.' } },
  scan_code: { title: { ja: 'QRコードを読ませる', en: 'with a code to scan' }, what: { ja: 'QRコードをスマホで読ませて、にせのページへ誘います。', en: 'It has you scan a code with your phone, which leads to a false page.' }, step: { ja: 'メールのQRコードは読み取らない。', en: 'Do not scan codes in mails.' } },
  open_file: { title: { ja: '添付ファイルを開かせる', en: 'with a harmful file' }, what: { ja: '書類などをよそおったファイルを開かせます。', en: 'It wants you to open a file that pretends to be a document.' }, step: { ja: '添付ファイルは開かない。「編集を有効にする」も押さない。', en: 'Do not open the file, nor press “Enable editing”.' } },
  call: { title: { ja: 'にせの窓口に電話させる', en: 'that want you to phone' }, what: { ja: '書かれた番号に電話をかけさせます。', en: 'It wants you to phone the number in it.' }, step: { ja: 'メールに書かれた番号には電話しない。', en: 'Do not phone the number in the mail.' } },
  contact_elsewhere: { title: { ja: 'LINEなどへ誘い出す', en: 'that lure you to another chat' }, what: { ja: 'LINEなど、会社の外のやり取りへ誘い出します。', en: 'It lures you into a chat outside the company.' }, step: { ja: '返事をせず、グループも作らない。', en: 'Do not answer and make no chat group.' } },
  money: { title: { ja: 'お金を払わせる', en: 'that ask for money' }, what: { ja: '支払いや送金を求めてきます。', en: 'It asks for a payment.' }, step: BY_PHONE },
  password_apart: { title: { ja: 'パスワード付きの添付をよそおう', en: 'with a locked file' }, what: { ja: 'パスワード付きのファイルを送り、あとで開かせます。', en: 'It sends a locked file and the password apart.' }, step: { ja: '送った人に、電話で確かめてから開く。', en: 'Phone the sender before you open it.' } },
  advert: { title: { ja: '宣伝の', en: 'of advertising' }, what: { ja: '頼んでいない宣伝です。', en: 'It is advertising nobody asked for.' } },
  secrecy: { title: { ja: '「内密に」と頼む', en: 'that ask for secrecy' }, what: { ja: 'ほかの人に話さないよう求めてきます。', en: 'It asks you to tell nobody.' }, step: { ja: '一人で決めず、まわりの人に話す。', en: 'Do not decide alone; tell a colleague.' } },
  urgency: { title: { ja: '急がせる', en: 'that hurry you' }, what: { ja: '期限を切って、あせらせます。', en: 'It sets a time limit to hurry you.' } },
  other: { title: { ja: '不審な', en: 'that are not what they seem' }, what: { ja: '会員に、不審なメールが届いています。', en: 'A suspicious mail has reached members.' } },
};

const told = (name: string | undefined): string => name ?? '';
export const SIGNS = {
  title: {
    ja: (kind: string, brand: string | undefined) => (brand ? `「${told(brand)}」をかたる、${kind}メールに注意してください` : `${kind}メールに注意してください`),
    en: (kind: string, brand: string | undefined) => (brand ? `Beware of mails in the name of ${told(brand)} ${kind}` : `Beware of mails ${kind}`),
  },
  alikeTitle: {
    ja: (kind: string) => `本物そっくりのアドレスから届く${kind ? `、${kind}` : ''}メールに注意してください`,
    en: (kind: string) => `Beware of look-alike addresses${kind ? `: mails ${kind}` : ''}`,
  },
  alike: { ja: '知っている会社や組織のアドレスに似せています。1文字ずつ見比べてください。', en: 'Its address imitates one you know. Compare it letter by letter.' },
  brand: { ja: (brand) => `「${brand}」を名乗りますが、本物ではありません。`, en: (brand) => `It claims to be ${brand}, but is not.` },
  subject: { ja: (s) => `件名の例：「${s}」`, en: (s) => `Example of the subject: “${s}”` },
  senders: { ja: (s) => `差出人のアドレス：${s}`, en: (s) => `Sender: ${s}` },
  places: { ja: (s) => `リンク先や送信元：${s}`, en: (s) => `Places it leads to or comes from: ${s}` },
  phones: { ja: (s) => `書かれている電話番号：${s}`, en: (s) => `Phone numbers in it: ${s}` },
  files: { ja: (s) => `添付ファイルの種類：${s}`, en: (s) => `Kind of file: ${s}` },
  none: { ja: '差出人の名前ではなく、アドレスの最後を見てください。', en: 'Look at the end of the sender’s address, not at the name.' },
} as const satisfies { title: Say<[string, string | undefined]>; alikeTitle: Say<[string]>; alike: Two; none: Two } & Record<'brand' | 'subject' | 'senders' | 'places' | 'phones' | 'files', Say<[string]>>;

export const STEPS = {
  heads: { what: { ja: '■どんなメールか', en: '■ What it is' }, signs: { ja: '■見分け方', en: '■ How to recognise it' }, now: { ja: '■今すること（3分）', en: '■ What to do now (3 minutes)' }, done: { ja: '■もう開いた・入力したとき', en: '■ If you have opened it or typed something' }, tell: { ja: '■知らせる先', en: '■ Whom to tell' } },
  always: {
    leave: { ja: '似たメールが来ても、リンクも添付も開かない。', en: 'If a mail like it comes, open neither links nor files.' },
    report: { ja: '届いていたら、番屋の「このメール、本物？」で知らせる。', en: 'If you have got one, report it under “Is this mail real?”.' },
    pass: { ja: '職場の人にも、ひとこと伝える。', en: 'Tell your colleagues in a word.' },
  },
  call: { ja: (phone) => `すぐ、デスクに電話する${phone ? `（${phone}）` : ''}。`, en: (phone) => `Phone the desk at once${phone ? ` (${phone})` : ''}.` },
  done: [
    { ja: 'ファイルを開いたら、LANケーブルを抜く。電源は切らない。', en: 'Opened a file: pull the network cable, do not switch off.' },
    { ja: 'パスワードを入れたら、別の機器からすぐに変える。', en: 'Typed a password: change it at once from another device.' },
    { ja: 'だれも責めません。早い連絡が、いちばん助かります。', en: 'Nobody is blamed. Telling us early helps most.' },
  ],
  tell: { ja: (phone) => `自分の組織の担当者と、デスク${phone ? `（${phone}）` : ''}です。`, en: (phone) => `Your organisation’s lead and the desk${phone ? ` (${phone})` : ''}.` },
} as const satisfies { heads: Record<string, Two>; always: Record<string, Two>; done: readonly Two[]; call: Say<[string | null]>; tell: Say<[string | null]> };

/** What a warning says of something that was traced over members' logs and mails. */
export const TRACED = {
  head: { ja: '■何が起きているか', en: '■ What is going on' },
  place: {
    title: { ja: (s) => `危険な接続先「${s}」に注意してください`, en: (s) => `Beware of ${s}` },
    what: { ja: '会員のパソコンや機器が、危険な接続先とやり取りした疑いがあります。', en: 'Computers or devices of members may have been in touch with a dangerous address.' },
    sign: { ja: (s) => `接続先：${s}`, en: (s) => `Address: ${s}` },
    step: { ja: 'この接続先は開かない。メールやチャットにあっても押さない。', en: 'Do not open it, also not from a mail or chat.' },
  },
  sender: {
    title: { ja: (s) => `「${s}」から届くメールに注意してください`, en: (s) => `Beware of mails from ${s}` },
    what: { ja: '会員に、危険な差出人からメールが届いています。', en: 'A dangerous sender has written to members.' },
    sign: { ja: (s) => `差出人のアドレス：${s}`, en: (s) => `Sender: ${s}` },
    step: { ja: 'この差出人のメールは、リンクも添付も開かない。返事もしない。', en: 'Of this sender’s mails, open neither links nor files, and do not answer.' },
  },
  file: {
    title: { ja: () => '危険なファイルに注意してください', en: () => 'Beware of a dangerous file' },
    what: { ja: '会員のパソコンや機器で、危険なファイルが見つかりました。', en: 'A dangerous file was found on computers or devices of members.' },
    sign: { ja: (s) => `ファイルの指紋（ハッシュ値）：${s}`, en: (s) => `Fingerprint of the file (hash): ${s}` },
    step: { ja: '覚えのない添付やUSBメモリのファイルは開かない。', en: 'Do not open files you did not expect, from mails or USB sticks.' },
  },
} as const satisfies { head: Two } & Record<'place' | 'sender' | 'file', { title: Say<[string]>; what: Two; sign: Say<[string]>; step: Two }>;
