import type { mailVerdicts, sampleChannels, sampleDecisions, tlps, touches } from '@banya/contract';

type Of<T extends readonly string[], V = string> = Readonly<Record<T[number], V>>;

/** The verdict in a list, and as it stands above an answer: a word and a sentence. */
const short: Of<typeof mailVerdicts> = { dangerous: '危険', suspicious: '疑わしい', insufficient: '情報不足', clear: '不審な点なし' };
const verdicts: Of<typeof mailVerdicts, { readonly word: string; readonly says: string }> = {
  dangerous: { word: '危険', says: '危険です。開かずに、返事もしないでください。' },
  suspicious: { word: '疑わしい・デスクが確認します', says: '疑わしいです。デスクの返事まで、触らないでください。' },
  insufficient: { word: '情報不足', says: 'これだけでは分かりません。' },
  clear: { word: '不審な点は見つかりません', says: '調べたところに、気になる点はありません。' },
};
const decisions: Of<typeof sampleDecisions, { readonly word: string; readonly says: string; readonly desk: string }> = {
  dangerous: { word: '危険', says: 'デスクが確かめました。危険なメールです。', desk: '危険なメール' },
  unwanted: { word: '迷惑メール', says: 'デスクが確かめました。宣伝などの迷惑メールです。', desk: '迷惑メール' },
  harmless: { word: '本物のメール', says: 'デスクが確かめました。本物のメールです。', desk: '本物のメール' },
};
const did: Of<typeof touches> = { nothing: '何もしていない', link: 'リンクを押した', file: '添付ファイルを開いた', typed: 'パスワードや番号を入れた', unsure: '何かしたかもしれない' };
/** The same in a list, where there is little room. */
const didShort: Of<typeof touches> = { nothing: 'なし', link: 'リンクを押した', file: 'ファイルを開いた', typed: 'パスワード入力', unsure: '分からない' };
const channels: Of<typeof sampleChannels> = { upload: '画面から', mail: '転送で', mailbox: 'メールボックスから', button: '報告ボタンから' };
const tlpWords: Of<typeof tlps> = {
  CLEAR: '誰に見せてもかまいません。',
  GREEN: '仲間の組織に見せてかまいません。公開はしないでください。',
  AMBER: '自分の組織と、守る必要のある取引先まで見せられます。',
  'AMBER+STRICT': '自分の組織の中だけにしてください。',
  RED: '選ばれた担当者だけが読みます。ほかの人に伝えないでください。',
};

const tlpShort: Of<typeof tlps> = { CLEAR: '誰でも', GREEN: '仲間の組織まで', AMBER: '会員と取引先まで', 'AMBER+STRICT': '会員の中だけ', RED: '選んだ担当者だけ' };

/** Suspicious mails: asking, the answer, the desk's work, warnings, settings. */
export const mail = {
  short, verdicts, decisions, did, didShort, channels, tlpWords, tlpShort,
  states: { waiting: '確かめています', failed: '調べられず', drill: '訓練メール' },
  noSubject: '（件名なし）',
  untold: '未確認',
  reportedBy: (n: number) => `${n}人が報告`, openedBy: (n: number) => `${n}人が開いた`,
  asked: (people: number, touched: number) => (touched > 0 ? `${people}人が報告、${touched}人が開いた` : `${people}人が報告`),
  quoted: (text: string) => `「${text}」`,

  ask: {
    title: 'このメールは本物ですか', lead: '数秒で答えます。分からなければ、デスクの人が見ます。',
    did: 'このメールに、何をしましたか', first: '先にデスクに電話してください。パソコンは電源を切らずに、使うのを止めます。早いほど、被害は小さくなります。',
    way: 'どうやって見せますか', wayFile: 'メールのファイルがある', wayFileHelp: 'いちばん確かに分かります。', wayPaste: '実物がない、ファイルにできない', wayPasteHelp: '文を貼り付けます。確かさは下がります。',
    file: 'メールのファイル', fileHelp: 'パソコンなら、メールソフトからここへ、メールをそのまま引っぱって置けます。コピーして、ここで貼り付けてもかまいません。',
    fileMissing: 'メールのファイルを選んでください。', text: 'メールの文', textHelp: '差出人と件名も、いっしょに貼り付けてください。リンクは押さないでください。', textMissing: 'メールの文を貼り付けてください。',
    noFile: 'ファイルとして受け取れませんでした。いちど自分のパソコンに保存して、そのファイルを選んでください。',
    wrongKind: (name: string) => `「${name}」は使えません。メールのファイル（.eml、.msg）か、それを入れた .zip を選んでください。`,
    tooBig: (name: string, max: string) => `「${name}」は大きすぎます。${max}までのファイルを選んでください。`,
    taken: (name: string) => `「${name}」を受け取りました`, takenText: '貼り付けた文を受け取りました',
    send: '確かめる',
    forward: 'メールソフトから転送して聞く', address: '転送先のアドレス', forwardHere: 'ここへ「添付ファイルとして転送」すると、答えがメールで届きます。',
    steps: ['ふつうの転送ではなく「添付ファイルとして転送」を使います。差出人の本当の記録が残ります。', 'Outlook では、メールを選んで「その他」から「添付ファイルとして転送」を選びます。', 'Gmail では、メールの右上の点が3つの印から「添付ファイルとして転送」を選びます。'],
    stepAddress: '宛先は、上のアドレスにします。', stepAsk: '宛先のアドレスは、担当者かデスクに聞いてください。',
    save: 'メールをファイルにするには', saveSteps: ['Outlook では、メールをデスクトップ（最初の画面）まで引っぱると、ファイルになります。', 'Gmail では、メールの右上の点が3つの印から「メッセージをダウンロード」を選びます。', '携帯では、転送か、文の貼り付けが早いです。'],
    mine: '前に聞いたメールを見る',
    try: '手元に怪しいメールがなければ、作りもののメールで試せます。', tryGo: '作りもののメールを入れる', tryForward: '練習用のデータなので、転送先のアドレスはありません。ファイルか、文の貼り付けで試せます。',
    tryMail: 'From: なぎさ銀行カスタマーセンター <info@nagisa-bank-login.example.net>\nSubject: 【重要】口座のご利用を停止しました\n\nお客様の口座に見慣れない場所からのログインがあったため、ご利用を停止しました。\n24時間以内に下のページで、暗証番号とパスワードをご確認ください。\nhttps://nagisa-bank-login.example.net/verify\n',
  },

  answer: {
    title: 'このメールは本物ですか', one: 'メールの確認', toList: '確かめたメールの一覧へ', toAsk: 'もう1通、聞く',
    about: (subject: string, from: string) => `「${subject}」　差出人 ${from}`,
    waiting: '確かめています', waitingWhy: 'ふつうは数秒で終わります。メールには触らないでください。',
    late: 'いつもより時間がかかっています。この画面を閉じても大丈夫です。答えが出たら、ここに残ります。急ぐときは、デスクに電話してください。',
    failed: '調べられませんでした。デスクが確認します。', failedWhy: '大きすぎるか、形がくずれたメールでした。送り方のせいではありません。',
    drill: 'これは訓練メールでした。報告してくれて、ありがとうございます。満点です。', drillWhy: 'ほかにすることはありません。本物のときも、同じように報告してください。',
    clearBut: '「安全」と言い切ることはできません。心当たりがなければ、デスクに見てもらってください。',
    partly: { inline: 'ふつうの転送で届いたため、差出人の記録が残っていません。答えの確かさは下がります。', pasted: '文だけで調べたため、差出人の記録が分かりません。答えの確かさは下がります。' },
    doNow: '今すること', call: '今すぐ、デスクに電話してください', callWhy: '早いほど、被害は小さくなります。',
    touch: 'もう、何かしましたか', touchWhy: '押すと、デスクにすぐ伝わります。責める人はいません。',
    buttons: { link: 'リンクを押した', typed: 'パスワードを入れた', file: 'ファイルを開いた' },
    untell: 'まちがえたので取り消す', toldAlready: (what: string) => `「${what}」と伝わっています。`,
    reasons: 'そう考えた理由', reasonsBefore: 'はじめに機械が見つけたこと', reasonsMore: (n: number) => `ほかの理由（${n}つ）`, reasonsNone: '決め手になることは、まだ見つかっていません。', whereOf: { header: '差出人の記録', text: '本文', html: '本文', link: 'リンク', attachment: '添付ファイル', envelope: '配送の記録' }, headers: { from: '差出人', sender: '差出人', 'reply-to': '返信先', 'return-path': '戻り先', to: '宛先', subject: '件名', date: '書かれた日時', 'message-id': '番号', received: '通り道の記録', 'authentication-results': '送信元の検査の結果' } as Readonly<Record<string, string>>,
    severities: { high: '強い理由', medium: '理由', low: '弱い理由', note: '参考', good: '良い点' },
    seen: 'ほかでも届いていますか', seenOne: (members: string, reports: string, touched: string) => `${members}に届き、${reports}報告しました。リンクなどを開いた人は${touched}です。`, seenNone: 'ほかでは、まだ報告されていません。', seenSince: (when: string) => `最初は${when}です。`,
    members: (n: string) => `${n}会員`, people: (n: string) => `${n}人が`, peopleOf: (n: string) => `${n}人`,
    ask: 'デスクに見てもらう', askWhy: '気になるときは、デスクの人が読んで答えます。', talk: 'デスクとのやり取りを開く', talkWhy: 'デスクの人が、このメールを見ています。答えはここに出ます。', talkDone: '聞きたいことがあれば、続きを書けます。',
    deskTitle: 'デスクの確認', deskHas: 'デスクの人が、このメールを見ています。答えはここに出ます。',
    fate: 'このメールの写し', deleteOn: (day: string) => `あなたの組織とデスクの人だけが見られます。${day}に消します。`, kept: 'あなたの組織とデスクの人だけが見られます。調べが終わるまで残します。', answered: (when: string) => `${when}に答えました。`,
  },

  list: {
    title: '確かめたメール', lead: '聞いたメールと、その答えです。', ask: 'メールを確かめる', search: '件名・差出人で探す', verdict: '判定', all: 'すべて',
    subject: '件名', from: '差出人', reporter: '聞いた人', at: 'いつ', did: 'したこと', member: '会員', reason: 'おもな理由',
    emptyTitle: 'まだ1通も聞かれていません', emptyWhy: '怪しいメールが届いたら、開く前にここで確かめられます。', warnings: '注意喚起を見る',
  },

  queue: {
    title: 'どのメールから確かめるか', lead: 'まだ判定していないメールです。何かを開いた人のいるメールが上に、あとは新しい順に並びます。', leadAll: '判定が済んだメールも、新しい順に並べています。',
    show: '表示するメール', open: 'まだのもの', anyMember: 'すべての会員', campaigns: '同じメールのまとまり', warnings: '注意喚起', statistics: '報告のようす',
    emptyTitle: '待っているメールはありません', emptyWhy: '会員から怪しいメールが届くと、ここに並びます。', decided: (word: string) => `${word}（判定済み）`,
  },

  sample: {
    one: 'メールの確認', back: 'メールの列へ', who: (org: string, name: string) => `${org}　${name}さん`, decideGo: '判定する',
    origin: 'どこから来たか', from: '差出人', replyTo: '返信先', returnPath: '戻り先', to: '宛先', date: '書かれた日時', messageId: '番号（Message-ID）',
    proven: 'このドメインのサーバから出たことだけは確かです。', provenTag: (domain: string) => `${domain} から`, provenFalse: (target: string) => `このドメインは、本物の ${target} に似せたものです。`, unprovenTag: '未確認', unproven: '名乗っている相手から出たとは、確かめられません。', provenNot: '相手が悪者でないことの証明ではありません。',
    checks: '送信元の検査の結果', checkedBy: { own: '会員のメールサーバが調べた結果です。', checked: '届いた記録から、番屋が調べ直した結果です。', none: '調べられる記録がありません。' }, by: '調べた所', fcrdns: '名前とアドレスの一致', fcrdnsYes: '一致', fcrdnsNo: '一致しません',
    route: '通り道', routeSaid: (n: number, first: string, last: string) => `${n}つのサーバを通りました。最初は ${first}、最後は ${last} です。`, routeNone: '通り道の記録がありません。', unknownHost: '名前なし', noFacts: '読み取れた記録がありません。',
    lookalikes: '似せたドメイン', lookalikeSaid: (domain: string, target: string) => `${domain} は、本物の ${target} に似ています。`, real: '本物', fake: 'このメール', targetKinds: { own: '会員のドメイン', partner: '取引先のドメイン', brand: '知られた会社のドメイン' }, differs: '違う文字に印を付けています。',
    hows: { homoglyph: '見た目が同じ別の文字を使っています', punycode: '国際ドメインの文字で似せています', edit: '1、2文字だけ違います', added_word: '言葉を足しています', wrong_suffix: '末尾が違います', subdomain: '本物の名前を前に付けています' } as Readonly<Record<string, string>>,
    links: 'リンク', linksNone: 'リンクはありません。', linkUrl: '行き先（押せない形）', linkText: '見えている文字', linkFrom: 'あった所', linkDomain: '持ち主のドメイン', froms: { text: '本文', html: '本文（HTML）', qr: 'QRコード', attachment: '添付ファイル' },
    files: '添付ファイル', filesNone: '添付ファイルはありません。', fileName: '名前', fileType: '中身の種類', fileSize: '大きさ', fileFlags: '気をつける点', fileEntries: '中に入っているもの', fileWords: '見つかった言葉', fileHash: '指紋（SHA-256）', noFlags: '特になし',
    flags: {
      executable: '実行ファイル', script: 'スクリプト', shortcut: 'ショートカット', disk_image: 'ディスクの写し', onenote: 'OneNote', archive: 'まとめたファイル', encrypted_archive: 'パスワード付きの圧縮', encrypted_office: 'パスワード付きのOffice', archive_bomb: 'ふくらむ圧縮', nested_archive: '圧縮の中に圧縮',
      dangerous_inside: '中に危ない種類', macro: 'マクロ', macro_autoexec: '開くと動くマクロ', macro_downloads: '何かを取りに行くマクロ', external_template: '外のひな形を読む', embedded_object: '埋め込み', dde: '外の命令（DDE）', html_form: '入力欄のあるHTML', html_script: '動くHTML', html_obfuscated: '中身を隠したHTML', html_redirect: 'よそへ飛ぶHTML', svg_script: '動く画像（SVG）',
      pdf_javascript: '動くPDF', pdf_launch: 'ほかを起動するPDF', pdf_link: 'リンクのあるPDF', pdf_encrypted: 'パスワード付きのPDF', pdf_form: '入力欄のあるPDF', double_extension: '二重の拡張子', rtlo: '名前の向きを変える文字', type_mismatch: '名前と中身が違う', qr: 'QRコード', unreadable: '読めませんでした',
    } as Readonly<Record<string, string>>,
    preview: 'メールの中身', previewSafe: 'リンクは押せない形にしています。外の画像は読み込みません。', hidden: '目に見えないように隠された文', html: '見た目を表示する', htmlHide: '見た目を閉じる', htmlTitle: 'メールの見た目（動かない写し）', noText: '本文はありません。', headers: 'ヘッダーをすべて見る', headerName: '名前', headerValue: '値', gone: 'メールの写しは、もう消してあります。',
    reporter: '報告した人', touched: 'したこと', untold: 'まだ聞いていません', channel: '届き方', at: '届いた時', passage: '形', size: '大きさ', note: '報告した人の言葉', engine: '調べた仕組み', score: '点数',
    passages: { original: '元のまま', attached: '添付で転送', msg: 'Outlookのファイル', winmail: 'winmail.dat', archive: 'zipの中', inline: 'ふつうの転送', pasted: '文だけ' },
    troubles: '調べきれなかったところ', troubleOf: (what: string, where: string) => `${what}（${where}）`,
    troubleCodes: { too_large: '大きすぎます', too_many_parts: '部品が多すぎます', too_deep: '入れ子が深すぎます', headers_too_large: 'ヘッダーが長すぎます', too_many_links: 'リンクが多すぎます', broken_mime: '形がこわれています', undecodable: '文字が読めません', broken_container: '入れ物がこわれています', archive_too_large: '圧縮が大きすぎます', image_too_large: '画像が大きすぎます', picture_not_read: '写真の一部は調べていません', pdf_unreadable: 'PDFが読めません', attachment_unreadable: '添付が読めません', time_out: '時間が足りませんでした' } as Readonly<Record<string, string>>,
    alike: '同じメール', alikeNone: 'ほかには見つかっていません。', campaign: 'まとまりを見る',
    original: '実物を受け取る（zip）', originalWhy: '調べるときだけ使います。受け取ると、会員の記録に残ります。', password: 'zipのパスワード',
    warn: 'このメールで注意喚起を作る', keep: '事案のために残す', unkeep: '残すのをやめる', keptNow: '期限が来ても残します', unkept: '期限が来たら消します', deleteOn: (day: string) => `${day}に消します。`, keptWord: '事案のために残しています。', ticket: '相談を開く', more: 'ほかにできること',
  },

  decide: {
    title: 'どう判定しますか', change: '判定を変える', done: (word: string, when: string) => `${when}に「${word}」と判定しました。`,
    answer: '報告した人への答え', answerHelp: '空のままなら、判定とおもな理由だけを伝えます。', alike: '同じメールすべてに、この判定を使う', alikeHelp: (n: string) => `見えているものだけで、ほかに${n}あります。`,
    effect: '押すと、報告した人に答えが届きます。', effectAll: '押すと、同じメールを報告した全員に答えが届きます。', decided: (n: string, word: string) => `${n}を「${word}」と判定しました`,
    template: 'ひな形を入れる', templateNone: 'ひな形を選ぶ',
  },

  campaigns: {
    title: '同じメールが、どこに届いたか', lead: '内容は見ずに、印（指紋）と数だけで結び付けています。', caption: '同じメールのまとまり', mail: 'メール', unseen: '件名は見られません', members: '会員', reports: '報告', touched: '開いた人', first: '最初', last: '最後', state: '判定', warned: '注意喚起', warnedYes: 'あり', warnedNo: 'まだ', back: 'まとまりの一覧へ', one: '同じメールのまとまり',
    emptyTitle: 'まだ、まとまりはありません', emptyWhy: '同じメールが2つ以上届くと、ここにまとまります。',
    said: (members: string, reports: string, touched: string) => `${members}会員に届き、${reports}件の報告がありました。リンクなどを開いた人は${touched}人です。`, from: (from: string) => `差出人 ${from}`,
    byMember: '届いた会員', timeline: 'いつ、どこに届いたか', firstAt: (name: string) => `${name}から最初の報告`, firstTouched: (name: string, n: string) => `${name}から最初の報告（開いた人 ${n}）`, lastAt: (name: string) => `${name}から最後の報告`, samples: '見られるメール', samplesNone: '共有されていないため、メールは見られません。',
    warn: '会員に注意喚起を出す', warning: '注意喚起を開く', member: '会員',
  },

  bulletins: {
    title: '会員に何を知らせるか', lead: '注意喚起の下書きと、送ったものです。', write: '注意喚起を書く', caption: '注意喚起の一覧', subject: '題', untitled: '（まだ題がありません）', howFar: 'どこまで', notYet: '—', state: '状態', draft: '下書き', sent: '送りました', to: '送った会員', read: '読んだ', seen: '届いていた', at: 'いつ', by: '書いた人',
    emptyTitle: '注意喚起はまだありません', emptyWhy: '危険なメールの画面から作ると、下書きの文が入ります。', back: '注意喚起の一覧へ', one: '注意喚起',
    editTitle: '注意喚起を書く', sentTitle: '誰が読んだか', sentLead: (members: string, when: string, who: string) => `${when}に、${who}さんが${members}会員に送りました。`,
    titleField: '題', titleHelp: '何が届き、どうしてほしいか。例 「宅配の不在通知」をよそおうメールに注意', bodyField: '本文', bodyHelp: '何が届いたか、どう見分けるか、何をしてほしいか。短い文で書きます。「■」で始めると見出し、「・」で始めると箇条書きになります。', ja: '日本語', en: '英語', enHelp: '英語で読む人がいるときだけ書きます。', tlp: 'どこまで伝えてよいか（TLP）',
    preview: '会員にはこう見えます', previewEmpty: '書き始めると、ここに出ます。', save: '下書きを保存する', saved: '下書きを保存しました', remove: '下書きを捨てる', removeTitle: 'この下書きを捨てますか', removeWhy: '下書きが消えます。元には戻せません。', removed: '下書きを捨てました',
    send: '会員に送る', sendTitle: 'どの会員に送りますか', whom: '送り先', all: 'すべての会員', some: '選んだ会員だけ', choose: '会員を選ぶ', search: '会員の名前で探す', none: '会員を1つ以上選んでください。', effectAll: 'すべての会員の担当者にメールが届き、ホームにも出ます。送ったあとは取り消せません。', effectSome: (n: string) => `${n}会員の担当者にメールが届き、ホームにも出ます。送ったあとは取り消せません。`, sendGo: '送る', sentTo: (n: string) => `${n}会員に送りました`,
    receipts: '会員ごとのようす', member: '会員', mailed: 'メールを送った人', notMailed: '「0人」の会員には、メールを送っていません。担当者のメールアドレスがないか、24時間のうちに3通送ったあとだからです。ホームには出ます。アドレスがあれば、月曜のメールにも出ます。', readAt: '読んだ時', notRead: 'まだです', seenHere: '届いていたか', seenYes: '届いていました', seenNo: '届いていません', seenUnknown: '分かりません', indicators: '手がかり', indicatorsWhy: '会員のメールとログに、これがないかを調べます。', indicatorsNone: '手がかりはありません。', kind: '種類', value: '値',
    sum: (read: string, all: string, seen: string) => `${all}会員のうち${read}会員が読み、${seen}会員に届いていました。`, sentText: '送った文',
    kinds: { domain: 'ドメイン', host: 'サーバ名', url: 'アドレス（URL）', ip: 'IPアドレス', address: 'メールアドレス', sha256: 'ファイルの指紋', phone: '電話番号', bank_account: '口座' } as Readonly<Record<string, string>>,
  },

  warnings: {
    title: 'デスクからの注意喚起', lead: 'ほかの会員に届いた危険なメールなどを、デスクが知らせています。', subject: '題', at: 'いつ', state: '読みましたか', unread: 'まだです', read: '読みました', seen: 'うちに届いたか', emptyTitle: '注意喚起はまだありません', emptyWhy: '会員に知らせることがあると、ここに出ます。', back: '注意喚起の一覧へ', one: '注意喚起', tlp: 'どこまで伝えてよいか',
    here: 'うちには来ましたか', yes: (mails: string, lines: string) => `来ていました。確かめたメール${mails}通、ログ${lines}行に、同じ手がかりがありました。`, no: (when: string) => `見つかっていません。${when}に、うちのメールとログを調べました。`, notYet: 'まだ調べていません。調べ終わると、ここに出ます。', first: (when: string) => `最初は${when}です。`, looked: (when: string) => `${when}に調べました。`,
    noWhy: '番屋で確かめたメールと、届いているログの中を調べています。ほかのメールは見ていません。', yesDo: '開いた人がいないか、まわりに聞いてください。いたら、すぐデスクに電話してください。', toMails: '確かめたメールを見る', ask: 'デスクに相談する', tagYes: '来ていました', tagNo: '見つかっていません', tagUnknown: '調べていません',
  },

  check: {
    title: 'メールの確認を整える', lead: 'うちの会社のことを教えると、名前をかたるメールを見分けやすくなります。', readOnly: '変えられるのは、担当者・統括者・デスクです。',
    address: '転送先のアドレス', addressWhy: '職員はこのアドレスに、怪しいメールを「添付ファイルとして転送」します。', addressNone: 'メールを受ける設定がまだないため、アドレスはありません。運用者に頼んでください。', addressDemo: '練習用のデータなので、アドレスはありません。「このメール、本物？」の画面では、そのまま試せます。', addressTry: 'メールを確かめてみる', newAddress: '新しいアドレスにする', newTitle: '新しいアドレスに変えますか', newWhy: '新しいアドレスができます。今のアドレスも、あと30日は使えます。', newGo: '変える', newDone: 'アドレスを変えました。職員に知らせてください',
    profile: 'うちの会社のこと', domains: 'うちのメールアドレスの「@」より後ろ（ドメイン）', domainsNone: 'まだ入っていません。', domainsGo: '「組織のこと」で変える',
    officers: '名前をかたられやすい人', officersHelp: '社長や経理の責任者など。この人の名前で外から来たメールに気づけます。', officer: (n: number) => `${n}人目`, name: '名前', also: 'ほかの書き方', alsoHelp: '「、」で区切ります。例 Taro Sato、佐藤社長', role: '役職', addresses: 'その人のメールアドレス', addressesHelp: '「、」で区切ります。', addOfficer: '人を足す', dropOfficer: (name: string) => `${name}を外す`,
    partners: '取引先のドメイン', partnersHelp: '取引先のメールアドレスの「@」より後ろです。1行に1つ。あとに名前も書けます。例 example.co.jp 南浜印刷', partnersWrong: '取引先は example.co.jp のような形で、1行に1つ入れてください。',
    servers: 'うちのメールサーバの名前', serversHelp: 'メールの検査結果（Authentication-Results）に出る名前です。1行に1つ。分からなければ空のままで大丈夫です。', serversWrong: 'サーバの名前は mx.example.co.jp のような形で、1行に1つ入れてください。', keep: 'メールの写しを残す日数', keepHelp: '7日から400日。ふつうは90日です。', save: '保存する', saved: 'メールの確認の設定を保存しました',
    mailbox: '転送の代わりに、メールボックスを読む', mailboxWhy: '報告用のメールボックスがすでにあるときに使います。番屋が毎分、新しいメールを読みに行きます。', kind: '読み方', kinds: { none: '読まない', imap: 'IMAP', microsoft365: 'Microsoft 365' }, host: 'サーバ', hostHelp: '例 imap.example.jp', port: 'ポート', user: 'ユーザー名', folder: 'フォルダ', folderHelp: '空なら受信トレイを読みます。', tenant: 'テナントID', clientId: 'クライアントID', secret: 'パスワードかシークレット', secretHelp: '保存したあとは、誰も見られません。', secretKept: '保存してあります。変えるときだけ入れてください。', mailboxSave: '読み方を保存する', mailboxSaved: 'メールボックスの読み方を保存しました', test: '試しに読んでみる', testOk: '読めました', testBad: '読めませんでした', last: (when: string) => `最後に読んだのは${when}です。`, never: 'まだ一度も読んでいません。', trouble: '読めていません',
  },

  statistics: {
    title: '怪しいメールは、報告されているか', lead: '報告の多さは、良いことです。', period: '期間', days: { '30': '30日', '90': '90日', '366': '1年' } as Readonly<Record<string, string>>,
    reports: (days: string, reports: string, reporters: string) => `${days}で、${reporters}人から${reports}件の報告がありました。`, rate: (rate: string) => `働く人の${rate}が、一度は報告しています。`, thanks: '報告してくれた皆さん、ありがとうございます。', rateNone: '働く人の数が分からないため、割合は出せません。',
    first: (minutes: string) => `危険なメールが届いてから最初の報告まで、半分は${minutes}以内でした。`, firstNone: '最初の報告までの時間は、まだ数えられません。', answer: (s: string) => `答えが出るまで、半分は${s}秒以内でした。`, answerNone: '答えるまでの時間は、まだ数えられません。',
    touched: (n: string, rate: string) => `リンクなどを開いたと教えてくれた人は${n}人です（報告の${rate}）。教えてくれて、ありがとうございます。`, touchedNone: 'リンクなどを開いた人はいません。', drills: (n: string) => `訓練メールの報告は${n}件です。`,
    verdicts: '判定の内わけ', lures: '多かった手口', luresNone: 'まだ数えられる手口がありません。', byMember: '会員ごと', member: '会員', kReports: '報告', kReporters: '報告した人', kPeople: '働く人', kRate: '報告した割合', lure: '手口', count: '件数', emptyTitle: 'この期間の報告はありません', emptyWhy: '報告が届くと、ここにようすが出ます。',
    minutes: (n: string) => `${n}分`, none: '—',
    families: { credentials: 'パスワードを入れさせる', money: 'お金を払わせる', bank_change: '振込先を変えさせる', open_file: 'ファイルを開かせる', call: '電話をかけさせる', scan_code: 'QRコードを読ませる', urgency: '急がせる', secrecy: '秘密にさせる', delivery: '荷物の知らせ', refund: 'お金が戻る', account_stop: '使えなくなると言う', prize: '当選した', contact_elsewhere: '別の連絡先に誘う', boss: '上司をよそおう', extortion: 'おどす', password_apart: 'パスワードを別に送る', advert: '宣伝' } as Readonly<Record<string, string>>,
  },
};
