import type { inventory, Received } from '@banya/contract';

type Kind = Received<typeof inventory.devices.get>['kind'];
type Source = Received<typeof inventory.sources.get>;

const kinds: Record<Kind, string> = { pc: 'パソコン', server: 'サーバ', phone: 'スマートフォン・タブレット', printer: 'プリンタ・複合機', network: 'ルーター・スイッチ', utm: 'UTM・ファイアウォール', camera: 'カメラ', machine: '工作機械・計測器', other: 'そのほか' };
const families: Record<Source['family'], string> = {
  fortigate: 'FortiGate（UTM）', 'yamaha-rtx': 'ヤマハ RTX（ルーター）', 'palo-alto': 'Palo Alto（ファイアウォール）', 'check-point': 'Check Point（ファイアウォール）', sonicwall: 'SonicWall（UTM）', watchguard: 'WatchGuard Firebox（UTM）', sophos: 'Sophos Firewall（UTM）',
  'trend-micro': 'Apex One・Vision One（トレンドマイクロ）', cef: 'ウイルス対策の管理画面（CEF）', leef: 'ウイルス対策の管理画面（LEEF）', windows: 'Windows のパソコンとサーバ', linux: 'Linux サーバ・NAS', auditd: 'Linux の監査ログ（auditd）',
  m365: 'Microsoft 365（監査ログ・Defender）', 'mail-gateway': 'メールサーバ（Postfix）', 'web-server': 'Web サーバ（nginx・Apache）', squid: 'Squid（プロキシ）', suricata: 'Suricata（侵入検知）', rfc5424: 'そのほかの機器（syslog）', generic: 'プログラムや収集役（HTTPS）',
};
const familyHelp: Record<Source['family'], string> = {
  fortigate: '会社の出入口に置く箱です。いちばん多くのことが分かります。', 'yamaha-rtx': 'ルーターです。収集役（リレー）を通すと確かです。', 'palo-alto': '設定の保存（コミット）まで行うと、送られ始めます。', 'check-point': '管理サーバで、2行の命令を打ちます。', sonicwall: '収集役（リレー）を通すと確かです。', watchguard: '収集役（リレー）を通すと確かです。', sophos: '収集役（リレー）を通すと確かです。',
  'trend-micro': 'Apex Central か Vision One の画面から送ります。', cef: 'パソコンのウイルス対策をまとめる画面から送ります。', leef: 'CEFを選べない製品のときに使います。', windows: '出来事を送る小さなソフトを入れます。詳しい人に頼むと確かです。', linux: '誰が入ったかのログを送ります。', auditd: '誰が何を動かしたかまで分かります。',
  m365: 'メールやファイルへの怪しい入り方が分かります。', 'mail-gateway': '差出人・宛先・結果だけを送ります。本文は送りません。', 'web-server': '自社で動かしているホームページや予約のしくみに。', squid: '社内からどこを見たかが分かります。', suricata: '通信を見張るソフトです。', rfc5424: '「syslog」の設定がある機器なら、たいてい送れます。', generic: '自社のプログラムのログや、社内の収集役（リレー）に使います。',
};
const retention: Record<Source['retention'], string> = { '30d': '30日', '90d': '90日', '1y': '1年', '3y': '3年' };
const retentionHelp: Record<Source['retention'], string> = {
  '30d': '量がとても多く、あとで調べることのない機器に。', '90d': 'すぐに気づける出来事を調べるには足ります。', '1y': 'おすすめです。侵入は、数か月たって見つかることがあります。', '3y': '取引先や業界の決まりで、長く残すよう求められているときに。',
};

/** Devices, and those that send logs. */
export const devices = {
  kinds, families, familyHelp, retention, retentionHelp, tabs: '機器の見方',
  list: {
    title: 'どの機器を、誰が使っているか', lead: '何か起きたとき、どこの誰の機器かを、ここから探します。', tab: '機器', caption: '機器の台帳', search: '名前・アドレス・部署で探す', kind: '種類', everyKind: 'すべて', shown: '表示する機器', here: '使っている機器', gone: '台帳から外した機器', add: '機器を足す',
    name: '名前', owner: '使う人', department: '部署', os: 'OS', addresses: 'IPアドレス', seen: '最後に見た時', never: 'まだ見ていません', none: '決まっていません', serial: '製造番号',
    emptyTitle: '台帳はまだ空です', emptyWhy: 'まず、UTM・サーバ・経理のパソコンなど、止まると困る機器から足してください。', emptyOther: '機器を足せるのは、担当者です。', silentNote: (n: string) => `ログを送る機器のうち、${n}が止まっています。`, silentGo: '止まっている機器を見る',
  },
  form: {
    newTitle: 'どんな機器を足しますか', newLead: '名前と種類だけでも足せます。アドレスが分かると、気づきに持ち主が出ます。', name: '名前', nameHelp: '見て分かる名前にします。例 経理のパソコン（KEIRI-03）', kind: '種類', owner: '使う人', department: '部署', os: 'OS', osHelp: '例 Windows 11 Pro 24H2', serial: '製造番号',
    addresses: 'IPアドレス', addressesHelp: 'いつも同じものだけ、1行に1つ。例 192.168.1.20', macs: 'MACアドレス', macsHelp: '1行に1つ。例 00:1a:2b:3c:4d:5e。アドレスが変わっても見分けられます。', hostNames: 'コンピュータ名', hostNamesHelp: '1行に1つ。例 KEIRI-03', note: 'メモ',
    add: '台帳に足す', save: '直した内容を保存する', added: (name: string) => `「${name}」を台帳に足しました`, saved: (name: string) => `「${name}」を直しました`, toList: '機器の一覧へ', edit: '機器を直す', more: '見分けるための番号も入れる',
  },
  device: { loading: '機器', lead: '誰の、どんな機器かを確かめます。', goneLead: 'この機器は、台帳から外れています。', facts: 'この機器のこと', unset: 'まだ入っていません', edit: '直す', archiveTitle: '捨てた・返したとき', archiveBody: '台帳から外します。これまでの記録は残ります。', archive: '台帳から外す', archived: (name: string) => `「${name}」を台帳から外しました`, restore: '台帳に戻す', restored: (name: string) => `「${name}」を台帳に戻しました`, goneOn: (day: string) => `${day}に台帳から外しました。` },
  senders: {
    title: 'ログは届いているか', lead: '届かなくなると、その場所で何が起きているか分からなくなります。', tab: 'ログを送る機器', caption: 'ログを送る機器', add: '送る機器をつなぐ',
    name: '機器', state: '今', week: 'この7日', unread: '読めなかった行', clock: '時計', verified: '送り主', family: '種類', last: '最後に届いた時',
    states: { flowing: '届いています', waiting: 'まだ届いていません', silent: '止まっています' } satisfies Record<Source['state'], string>, unconfirmed: 'デスクの確認待ち', since: (when: string) => `${when}から`,
    week7: (total: string, today: string) => `7日で${total}行、今日は${today}行`, rowsToday: (n: string) => `今日 ${n}行`, none: 'なし', clockRight: '合っています', ahead: (by: string) => `${by}進んでいます`, behind: (by: string) => `${by}遅れています`, sure: '確かめられます', unsure: '名乗りのまま',
    emptyTitle: 'ログを送る機器は、まだつながっていません', emptyWhy: 'UTMやルーターを1台つなぐと、見守りが始まります。約10分です。', emptyOther: '機器をつなげるのは、担当者かデスクです。', stopped: '受け取りをやめた機器', restore: '受け取りを再開する', restored: (name: string) => `「${name}」の受け取りを再開しました`,
    seconds: (n: number) => `${n}秒`, minutes: (n: number) => `${n}分`, hours: (n: number) => `${n}時間`, days: (n: number) => `${n}日`,
  },
  sender: {
    loading: 'ログを送る機器', flowingLead: 'ログは届いています。することはありません。', waitingLead: 'まだ1行も届いていません。下の手順で、機器の設定を確かめてください。', silentLead: (when: string) => `${when}を最後に、届いていません。機器の電源と、設定が変わっていないかを確かめてください。`, goneLead: '受け取りをやめています。届いても残しません。', unconfirmedLead: 'デスクの確認を待っています。機器の設定は、先に済ませて大丈夫です。',
    arrival: '届きぐあい', weekTable: '日ごとの行数', day: '日', lines: '行数', now: '今', last: '最後に届いた時', never: 'まだ届いていません', today: '今日の行数', unread: '読めなかった行', unreadNone: '今日はありません', unreadSome: (n: string, part: string) => `今日 ${n}行（${part}）。行は残しています。多いときは、種類が合っているか確かめてください。`,
    clock: '機器の時計', clockRight: '合っています。', clockOff: (text: string) => `${text}。番屋では届いた時刻を使います。機器の時刻合わせ（NTP）を有効にしてください。`,
    trust: '送り主の確かさ', sureTitle: '確かめられます', sureBody: '接続・証明書・合言葉（トークン）で、この機器から届いたと分かります。', unsureTitle: '名乗りのまま受け取っています', unsureBody: 'UDPで届くログは、誰でも送り主をよそおえます。大事な判断には使いません。機器で選べるなら、TCPか収集役（リレー）に替えてください。',
    setting: '受け取り方', edit: '直す', editTitle: '受け取り方を直す', family: '種類', how: '見分け方', device: '台帳の機器', timeZone: '機器の時間帯', encoding: '文字の種類', retention: '残す期間', retentionHelp: '過ぎた行は自動で消えます。気づきと報告書は、そのあとも残ります。', silentAfter: '何時間来なければ知らせるか', silentAfterWrong: '1から720までの数字で入れてください。', silentAfterHelp: '夜や休みに止まる機器は、長めにします（1〜720時間）。', hours: (n: number) => `${n}時間`, save: '直した内容を保存する', saved: (name: string) => `「${name}」の受け取り方を直しました`, unset: '結び付けていません',
    guide: '機器の設定のしかた', minutes: (text: string) => `${text}かかります`, paste: (n: number) => `手順${n}で貼り付ける文`, noted: '知っておくこと', showGuide: '設定のしかたを見る',
    token: '送るための合言葉（トークン）', tokenBody: 'つなぐときに一度だけ出した合言葉です。もう一度見ることはできません。分からなくなったら、新しく作ります。', newToken: '新しい合言葉を作る', newTokenTitle: '合言葉を作り直しますか', newTokenBody: '今の合言葉はすぐに使えなくなり、機器に新しいものを入れるまで、ログが止まります。', newTokenGo: '作り直す', once: 'この合言葉は、今しか見られません。閉じる前に、機器に貼り付けるか、安全な場所に控えてください。', tokenLabel: '合言葉（トークン）', tokenKept: '控えました',
    archiveTitle: '受け取りをやめる', archiveBody: '届いても残さなくなります。これまでに届いたログは、残す期間のあいだ見られます。', archive: '受け取りをやめる', archived: (name: string) => `「${name}」の受け取りをやめました`, toList: 'ログを送る機器へ',
  },
  unconfirmed: {
    title: 'デスクの確認待ち', why: 'IPアドレスや証明書で見分ける機器は、デスクが一度だけ確かめます。ほかの会員のログと取り違えないためです。デスクには知らせました。確認が済むと、受け取りが自動で始まります。',
    meanwhile: 'それまでに届いた行は、数えるだけで残しません。急ぐときは、合言葉（トークン）か収集役（リレー）でつないでください。すぐに始まります。', other: '別のつなぎ方で始める',
  },
  match: {
    rarely: (now: string) => `届き方を変える（今は「${now}」）`, how: 'どこから届きますか', direct: '機器から直接', directHelp: '機器が番屋へ syslog で送ります。', relay: '社内の収集役（リレー）を通して', relayHelp: '社内のパソコンに置いた収集役が、まとめて送ります。', relayNone: '先に、収集役を「プログラムや収集役」としてつないでください。', token: '合言葉（トークン）を付けて HTTPS で', tokenHelp: 'プログラムや収集役から送るときに使います。', certificate: '証明書を付けて（TLS）', certificateHelp: '機器に証明書を入れられるときに使います。いちばん確かです。',
    address: '送り主のIPアドレス', addressHelp: '番屋から見えるアドレスです。会社の外へ出て届くときは、会社のグローバルIPアドレスを入れます。', yours: (address: string) => `この画面を見ている場所は ${address} です。`, useYours: 'このアドレスを入れる', listener: '送り方', tcp: 'TCP（おすすめ。取りこぼしにくい）', udp: 'UDP（ほかが選べない機器）', tls: 'TLS（暗号化）', headerHost: 'ログの中の機器名', headerHostHelp: '同じアドレスから2台が送るときだけ、見分けるために入れます。', relaySource: '収集役', lanAddress: '機器の社内のIPアドレス', lanAddressHelp: '例 192.168.100.1', fingerprint: '証明書の指紋（SHA-256）', fingerprintHelp: '16進数64けた。コロンがあっても構いません。', addressWrong: 'IPアドレスを 203.0.113.5 のような形で入れてください。', fingerprintWrong: '指紋は、0〜9とa〜fの64文字で入れてください。',
    said: { address: (address: string, how: string) => `${address} から ${how} で`, host: (host: string) => `機器名 ${host}`, relay: (address: string) => `収集役を通して（${address}）`, token: '合言葉（トークン）で', certificate: '証明書で' },
  },
  connect: {
    title: 'どの機器からログを送りますか', lead: '3段階、約10分です。途中でやめても、あとで続けられます。', name: '機器の呼び名', nameHelp: '見て分かる名前にします。例 本社のUTM', family: '種類', groups: { gate: '会社の出入口の機器', computers: 'パソコンとサーバ', services: 'メールとネットのサービス', others: 'そのほか' }, next: '次へ（この機器を登録する）', toList: 'やめて一覧へ',
    pasteTitle: '機器に設定を貼り付けます', pasteNext: '貼り付けたので、届くのを待つ', waitTitle: '最初のログを待っています', waiting: 'まだ届いていません。設定が合っていれば、2分ほどで緑に変わります。このままお待ちください。', arrived: '届きました', arrivedTitle: (name: string) => `「${name}」がつながりました`, arrivedBody: 'これで見守りが始まります。することはありません。', see: 'この機器を見る', another: 'もう1台つなぐ', later: 'あとで見る', check: '今すぐ確かめる',
    stuck: '5分待っても変わらないとき', stuckItems: ['貼り付けた文のアドレスとポートが、上のとおりか', '会社の出入口で、そのポートへの通信を止めていないか', '送り主のIPアドレスが合っているか（会社の外から見たアドレス）', '機器の側で、記録するものがあるか（どこかのサイトを開いてみる）'], stuckAsk: '分からなければ、この画面を開いたままデスクに電話してください。', backToPaste: '設定をもう一度見る',
  },
};
