/** Questions, answers and articles as a desk of such a federation writes them. */

export interface DemoTicket {
  readonly member: string;
  /** Place in the member's list of people. */
  readonly person: number;
  readonly hoursAgo: number;
  readonly urgency: 'now' | 'today' | 'normal';
  readonly phone: boolean;
  readonly subject: string;
  readonly text: string;
  readonly reply?: string;
  readonly end: 'open' | 'waiting' | 'solved';
  readonly rating?: 'good' | 'bad';
}

export const TICKETS: readonly DemoTicket[] = [
  { member: 'asanagino', person: 1, hoursAgo: 27 * 24, urgency: 'normal', phone: true, end: 'solved', rating: 'good', subject: '退職した人のメールアドレスはいつ止めればよいか', text: '先月退職した人のメールがまだ使える状態です。電話で手順を伝えました。最終日の翌営業日に止め、30日は転送だけ残すことにしました。' },
  { member: 'todaimori', person: 1, hoursAgo: 19 * 24, urgency: 'today', phone: true, end: 'solved', rating: 'good', subject: '「荷物の確認」というショートメッセージが届いた', text: '社用のスマートフォンに届いたとの電話。開いていない。消すよう伝え、宅配会社の正しい画面の見方を案内しました。' },
  { member: 'kohakuneko', person: 1, hoursAgo: 12 * 24, urgency: 'normal', phone: true, end: 'solved', rating: 'bad', subject: 'レジの更新で画面が止まった', text: 'レジ会社の窓口を案内しました。番屋の範囲ではないことを説明しました。' },
  { member: 'kazakiriba', person: 1, hoursAgo: 6 * 24, urgency: 'normal', phone: true, end: 'solved', rating: 'good', subject: '荷主から届いたチェックシートの書き方', text: '「ログを1年保存しているか」の欄について。番屋の保存期間の設定を見ながら電話で答えました。' },
  { member: 'kodamazaka', person: 1, hoursAgo: 3 * 24 + 2, urgency: 'today', phone: false, end: 'open', subject: '現場に持ち出すパソコンの決まりを作りたい', text: '現場事務所に持って行くパソコンが10台あります。盗まれたときのことを考えて、簡単な決まりを作りたいです。ひな形はありますか。' },
  { member: 'ainezu', person: 1, hoursAgo: 0.6, urgency: 'today', phone: false, end: 'waiting', subject: '顧問先から届いたファイルが開けません', text: '顧問先から、パスワード付きのファイルと、パスワードだけのメールが続けて届きました。開いてよいでしょうか。', reply: 'お知らせありがとうございます。開かずに、顧問先へ電話で「いま送りましたか」と聞いてください。番号はメールに書いてあるものではなく、名刺や前の書類のものを使ってください。結果を教えてください。' },
  { member: 'kasumiho', person: 1, hoursAgo: 0.4, urgency: 'normal', phone: false, end: 'solved', rating: 'good', subject: '予約サイトを名乗るメールは本物ですか', text: '「お客様の支払いに問題があります」というメールが来ました。予約サイトの名前ですが、日本語が少し変です。', reply: '本物ではありません。差出人のアドレスが予約サイトのものではありませんでした。消してください。予約サイトの管理画面に、いつもの入口から入り、お知らせが無いことを確かめてください。早く聞いてくださって助かりました。' },
  { member: 'mihanada', person: 6, hoursAgo: 1.2, urgency: 'normal', phone: false, end: 'open', subject: '取引先から口座変更のお知らせが来ました', text: '長く付き合いのある取引先から、振込先が変わったというメールが来ました。請求書も付いています。どうすればよいですか。' },
  { member: 'nijimasu', person: 1, hoursAgo: 0.2, urgency: 'normal', phone: false, end: 'open', subject: '生徒用パソコンの入れ替え時期', text: '情報教室のパソコンが6年目です。いつまで使ってよいものでしょうか。' },
];

export const TEMPLATES: readonly { readonly name: string; readonly text: string; readonly lang: 'ja' | 'en' }[] = [
  { lang: 'ja', name: '不審なメール：開かないで', text: 'お知らせありがとうございます。そのメールは開かずに置いてください。添付も、リンクも押さないでください。\nこちらで調べて、今日中にお返事します。' },
  { lang: 'ja', name: '不審なメール：問題なし', text: '調べました。不審な点は見つかりませんでした。いつもどおり使っていただいて大丈夫です。\nまた気になったら、いつでも聞いてください。' },
  { lang: 'ja', name: 'LANケーブルを抜く', text: '1. その機器のLANケーブルを抜いてください（無線のときは無線を切ってください）。\n2. 電源は切らないでください。手がかりが消えます。\n3. 画面に出ているものを、スマートフォンで写してください。\n終わったら、この相談に返事をください。' },
  { lang: 'en', name: 'Suspicious mail: do not open', text: 'Thank you for telling us. Please leave the mail unopened, with its attachments and links.\nWe will look at it and answer today.' },
];

export interface DemoArticle {
  readonly title: { readonly ja: string; readonly en: string };
  readonly summary: { readonly ja: string; readonly en: string };
  readonly body: { readonly ja: string; readonly en: string };
  readonly published: boolean;
}

export const ARTICLES: readonly DemoArticle[] = [
  {
    published: true,
    title: { ja: '振込先の変更を知らせるメールが来たら', en: 'A mail says that bank details have changed' },
    summary: { ja: 'メールでは決めません。知っている番号に電話します。', en: 'Never decide by mail. Phone a number you already know.' },
    body: {
      ja: '取引先になりすまして、振込先を変えさせる手口があります。金額が大きく、戻らないことが多いです。\n\n1. メールに返事をしません。\n2. 名刺や前の請求書にある番号に電話します。メールに書いてある番号は使いません。\n3. 相手が「知らない」と言ったら、デスクに電話してください。\n4. 経理では、口座の変更は2人で確かめると決めておきます。\n\n振り込んでしまったときは、すぐ銀行に電話し、次にデスクに電話してください。早いほど止められます。',
      en: 'Somebody pretends to be a supplier and asks for money to go elsewhere. The sums are large and rarely come back.\n\n1. Do not answer the mail.\n2. Phone the number on a business card or an older invoice, not the one in the mail.\n3. If they know nothing of it, phone the desk.\n4. In accounting, let two people confirm every change of bank details.\n\nIf you have paid already, phone the bank at once, then the desk. The sooner, the better the chance to stop it.',
    },
  },
  {
    published: true,
    title: { ja: 'USBメモリを拾った・預かったとき', en: 'A memory stick found or handed in' },
    summary: { ja: '差し込む前に、調べる専用のパソコンで確かめます。', en: 'Check it on the computer kept for that before anybody plugs it in.' },
    body: {
      ja: '差し込むだけで悪いソフトが動くことがあります。\n\n1. 持ち主の分からないものは、差し込まずにデスクに知らせます。\n2. 取引先から預かったものは、調べる専用のパソコンで先に確かめます。\n3. ウイルス対策が「隔離しました」と言ったら、そのUSBは使わず、封筒に入れて日付を書きます。\n4. 渡してくれた人にも知らせます。相手のパソコンに残っていることが多いです。',
      en: 'Some harmful programs start as soon as a stick is plugged in.\n\n1. Do not plug in one whose owner is unknown; tell the desk.\n2. Check one from a supplier on the computer kept for that.\n3. When your protection says it was put aside, put the stick into an envelope with the date.\n4. Tell whoever gave it to you: it is often on their computer too.',
    },
  },
  {
    published: true,
    title: { ja: '番屋の「今すぐ」が出たときの10分', en: 'Ten minutes after Banya says "now"' },
    summary: { ja: '抜く、残す、電話する。順番だけ覚えてください。', en: 'Unplug, keep, phone: remember the order.' },
    body: {
      ja: '1. その機器のLANケーブルを抜きます。無線なら無線を切ります。\n2. 電源は切りません。再起動もしません。\n3. 画面を写真に撮ります。\n4. デスクに電話します。電話番号は画面の下にいつも出ています。\n\nしなくてよいこと：原因を調べる、消してみる、誰かを責める。早く知らせてくれた人が、会社を守っています。',
      en: '1. Pull the network cable of that device, or switch its wireless off.\n2. Leave the power on. Do not restart.\n3. Take a picture of the screen.\n4. Phone the desk; the number is always at the foot of the page.\n\nYou need not look for the cause, remove anything or blame anybody. Whoever tells early protects the company.',
    },
  },
  {
    published: true,
    title: { ja: '辞めた人のアカウントを止める', en: 'Closing the accounts of people who left' },
    summary: { ja: '最終日の翌日に止めるものと、残すものの表です。', en: 'What to stop on the day after, and what to keep.' },
    body: {
      ja: '最終日の翌営業日に止めるもの：パソコンのサインイン、メール、外から入る接続（VPN）、会計や受発注のサービス、入口の鍵や暗証番号。\n\n残すもの：メールの受信を30日、転送だけ。仕事のファイルは上司に渡します。\n\n共有の暗証番号を知っていた人が辞めたら、番号を変えます。番屋の台帳では、その人の機器の「使う人」を空にしてください。',
      en: 'Stop on the working day after the last: sign-in to the computer, mail, remote access (VPN), accounting and order services, keys and door codes.\n\nKeep: incoming mail for 30 days, forwarded only. Files go to the manager.\n\nChange shared codes the person knew. In the inventory, empty the owner of the person’s devices.',
    },
  },
  {
    published: false,
    title: { ja: '年末年始の前に確かめる5つ（下書き）', en: 'Five checks before the year-end holidays (draft)' },
    summary: { ja: '休みの間に困らないための一覧です。', en: 'A list so that nothing happens while nobody is there.' },
    body: { ja: '1. 連絡網の電話番号が今のものか\n2. バックアップから1つ戻してみたか\n3. 外から入る接続を使う人だけに絞ったか\n4. 止める機器と、止めない機器を決めたか\n5. 休み中のデスクの電話番号を貼ったか', en: '1. Are the phone numbers current?\n2. Has one file been restored from the backup?\n3. Is remote access limited to those who need it?\n4. Is it decided what is switched off?\n5. Is the desk’s holiday number on the wall?' },
  },
];
