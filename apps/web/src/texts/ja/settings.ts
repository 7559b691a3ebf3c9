import type { ConsentKind, TokenScope } from '@banya/contract';

/** What a consent lets the federation see, what it does not, and what goes when it is withdrawn. */
interface Sharing { readonly name: string; readonly sees: string; readonly hides: string; readonly stop: string }
const sharing: Record<ConsentKind, Sharing> = {
  scores: { name: '月の報告書と点数', sees: '月の報告書の数字と、担当者が最後に来た日が見えます。', hides: '気づきの中身やログは見えません。', stop: 'やめると、これまでの月の数字も消え、連合の平均と比べられなくなります。' },
  alerts: { name: '気づき', sees: '気づきの中身と、その根拠になった数行が見えます。デスクが一緒に片づけられます。同じ相手がほかの会員でも見つかっていないかも比べます。', hides: 'そのほかのログは見えません。', stop: 'やめると、デスクは気づきを開けなくなり、電話で話すたびに説明が要ります。' },
  inventory: { name: '機器の台帳', sees: '機器の名前・使う人・アドレスと、ログの届きぐあいが見えます。', hides: 'ログの中身は見えません。', stop: 'やめると、デスクは「どの機器か」を台帳で確かめられなくなります。' },
  logs: { name: 'ログ', sees: '届いたログの1行ずつを、デスクが調べられます。', hides: '調べた人の名前は、いつも記録に残ります。', stop: 'やめると、事故のときの調べものは、あなたの組織で行うことになります。' },
  tickets: { name: '相談', sees: '相談の内容が、デスクに届きます。', hides: '相談していないことは届きません。', stop: '' },
  answers: { name: '調査票の回答', sees: '調査票の答えが見えるようになります。', hides: '', stop: '' },
  evidence: { name: '証跡', sees: '対策をした証拠が見えるようになります。', hides: '', stop: '' },
  indicators: { name: '悪者の手がかり', sees: 'メールや気づきに出てくる悪者の手がかり（アドレスなど）を、ほかの会員のものと比べます。同じものがどの会員に来たか、ログに何件あるか、注意喚起のメールが届いていたかが、デスクに分かります。', hides: 'メールの本文と、気づきやログの中身は見えません。', stop: 'やめると、ほかの会員にも来ているかが、分かりにくくなります。' },
  drills: { name: '訓練メールの結果', sees: '報告した人数などの合計が見えるようになります。', hides: '', stop: '' },
  samples: { name: '疑わしいメールの実物', sees: '確かめたメールのすべてを、デスクが開けます。', hides: '相談になったメールは、共有しなくても開けます。', stop: 'やめると、デスクが開けるのは、相談になったメールだけになります。' },
};
const scopes: Record<TokenScope, { name: string; help: string }> = {
  ingest: { name: 'ログを送る', help: 'ログを入れるだけです。読むことはできません。' },
  'findings:read': { name: '気づきを読む', help: '気づきの一覧と中身を読めます。' },
  'tickets:write': { name: '相談を送る', help: 'ほかの仕組みから相談を作れます。' },
  'inventory:write': { name: '機器を書き込む', help: '資産管理の仕組みから台帳に足し、直せます。' },
  'reports:read': { name: '報告書を読む', help: '月の報告書の数字を読めます。' },
  'samples:write': { name: '疑わしいメールを送る', help: 'メールソフトの報告ボタンから、メールを確かめ、その答えを読めます。' },
  'events:read': { name: 'ログを探す', help: 'プログラムから、ログの検索と、広がりの調査（banya trace）ができます。' },
  'people:write': { name: '名簿に書き込む', help: '人事の仕組みから名簿に足し、直せます。' },
};

/** Settings of an organisation. */
export const settings = {
  sharing, scopes,
  hub: {
    title: '何を変えますか', own: 'この組織', desk: 'デスクの仕事', data: 'データの行き先', ways: '入り方とつなぎ方', house: '番屋そのもの（運用者）', end: 'やめるとき',
    items: {
      profile: ['組織のこと', '名前、業種、規模、会社のアドレスとメールのドメイン'],
      people: ['人と役割', '名簿、担当者、代理、引き継ぎ'],
      'desk-times': ['デスクの時間と返事の目安', '開いている時間、休みの日、いつまでに返事をするか'],
      sharing: ['共有すること', '連合に何が見えて、何が見えないか'],
      audit: ['誰が見たか', 'うちのデータを見た人と、変えた人の記録'],
      notices: ['知らせ方', '知らせる時間、送り先、デスクが電話する順番'],
      outbox: ['送信箱', '番屋が送ったメールと、届かなかったもの'],
      'sign-in': ['会社のアカウントで入る', 'Microsoft や Google など、今の会社の入り方を使う'],
      'mail-check': ['メールの確認', '転送先のアドレス、社長や取引先、メールボックス'],
      tokens: ['ほかの仕組みとつなぐ', 'API のための合言葉（トークン）'],
      leave: ['データの持ち出しと退会', '全部をひとつのファイルで受け取る、番屋をやめる'],
      mail: ['メールの送り方', '送信サーバと、試し送り'],
      backup: ['バックアップ', '写しの置き場所と、復元の練習'],
      health: ['調子', '悪いところと、直し方'],
    },
  },
  back: '設定へ',
  deskTimes: {
    title: 'デスクは、いつまでに返事をしますか', lead: '相談に出る「返事の目安」は、ここで決めた時間から数えます。会員にも見えます。',
    now: '今、相談が来たら', due: (reply: string, solve: string) => `最初の返事は ${reply} まで。解決は ${solve} まで。`,
    open: '開いている時間', openHelp: '例 9:00〜17:00。昼休みがあるときは 9:00〜12:00、13:00〜17:00。休みの曜日は、空のままにします。', same: '火曜日から金曜日を、月曜日と同じにする',
    hoursWrong: '時間は 9:00〜17:00 のように入れてください。休みの日は、空のままにします。',
    closed: '休みの日', closedHelp: '祝日と12月29日〜1月3日は、はじめから休みです。夏休みや創立記念日を足してください。', noClosed: '足した休みの日は、まだありません。', addDay: '休みにする日', add: '足す', openAgain: '外す', openAgainOf: (day: string) => `${day}を外す`, holidays: (n: number) => `これから1年の祝日（${n}日）を見る`,
    target: (urgency: string) => `「${urgency}」の相談`, dayAndNight: '夜も休みの日も数えます。', openOnly: '開いている時間だけを数えます。', firstReply: '最初の返事まで', solve: '解決まで',
    minutesLong: (n: number) => `${n}分`, hoursLong: (n: number) => `${n}時間`, both: (h: number, m: number) => `${h}時間${m}分`,
    from: '次の相談から使います。今ある相談は、デスクが返事をするか、状態や急ぎ方が変わったときに直ります。', save: '保存する', saved: 'デスクの時間を保存しました',
  },
  profile: {
    title: '組織のことは合っていますか', lead: '業種と規模は、似た会社と比べるときに使います。アドレスとドメインは、社内と社外を見分けるときに使います。',
    basics: '名前と連絡先', name: '組織の名前', reading: 'ふりがな', corporate: '法人番号', corporateHelp: '数字13けた。国税庁の法人番号公表サイトで調べられます。', corporateOk: '法人番号の形は合っています。', phone: '代表電話', phoneHelp: '例 043-123-4567',
    peers: '似た会社と比べるために', industry: '業種', size: '人数', prefecture: '都道府県', choose: '選ばない',
    network: '社内と社外を見分けるために', ranges: '会社のグローバルIPアドレス', rangesHelp: '1行に1つ。例 203.0.113.0/24。192.168. などの社内のアドレスは、入れなくても分かります。', domains: 'メールのドメイン', domainsHelp: '1行に1つ。例 example.co.jp。名前をかたるメールを見分けます。', timeZone: '時間帯',
    save: '保存する', saved: '組織のことを保存しました', readOnly: '変えられるのは、担当者か統括者です。', rangesWrong: 'アドレスの範囲は 203.0.113.0/24 のような形で、1行に1つ入れてください。',
  },
  share: {
    choose: (name: string) => `「${name}」を共有する`,
    title: (federation: string) => `${federation}に、何が見えますか`, titlePlain: '連合に、何が見えますか', lead: 'データはあなたの組織のものです。ここで選んだものだけが見えます。いつでも変えられます。',
    none: 'この組織が連合そのものなので、上に送るものはありません。', noneTitle: '送る先はありません', on: '見えます', off: '見えません', fixed: 'いつも届きます', fixedWhy: '相談はデスクに届けるためのものなので、止められません。', since: (day: string, by: string) => `${day}、${by}さんが選びました。`, sinceSetup: (day: string) => `${day}、登録したときに選ばれました。`, until: (day: string) => `${day}まで`,
    given: (name: string) => `「${name}」を共有しました`, withdrawn: (name: string) => `「${name}」の共有をやめました。写しは1日のうちに消えます`, gone: '連合にある写しは、1日のうちに消えます。', later: 'これから使う共有', laterLead: '今の番屋には、これで送られるものがありません。先に選んでおくこともできます。', readOnly: '変えられるのは、担当者・経営者・統括者です。',
    history: 'これまでに選んだこと', historyNone: 'まだありません。', forTickets: {
      title: '相談のあいだだけ見せること', lead: '共有していないものも、1つの相談のあいだだけデスクに見せられます。デスクが尋ね、こちらが許可します。', none: '今、尋ねられているものも、許可しているものもありません。', over: '終わったもの',
      ticket: (n: number, subject: string) => `#${n} ${subject}`, states: { asked: 'お答えください', allowed: '見えます', refused: '見せない', ended: '終わりました' },
      asked: (who: string, day: string, what: string) => `${day}、デスクの${who}さんが「${what}」を見てもよいか尋ねました。相談を開いて答えてください。`, allowed: (what: string, until: string) => `相談が解決するまで（長くても${until}まで）、「${what}」が見えます。`, by: (who: string, day: string) => `${day}、${who}さんが許可しました。`,
      refused: (who: string, day: string, what: string) => `${day}、${who}さんが、「${what}」を今回は見せないと答えました。`,
      ended: { unanswered: (day: string, what: string) => `「${what}」は、お答えのないまま、${day}に終わりました。`, closed: (day: string, what: string) => `「${what}」は、${day}に相談と一緒に終わりました。`, withdrawn: (day: string, what: string) => `「${what}」は、${day}にやめました。`, expired: (day: string, what: string) => `「${what}」は、${day}に期限が来ました。`, standing: (day: string, what: string) => `「${what}」は、${day}に上で共有したので、この許可は要らなくなりました。` },
      withdraw: '許可をやめる', withdrawOf: (n: number) => `#${n} の許可をやめる`, withdrawn: (n: number) => `#${n} の許可をやめました`,
    }, when: 'いつ', what: '共有', choice: '選んだこと', who: '選んだ人', gave: '共有した', took: 'やめた', setup: '登録のとき', see: '誰が見たかを調べる',
  },
  audit: {
    title: '誰が、うちのデータを見ましたか', lead: '見た人も変えた人も、消せない記録に残ります。', caption: '記録', only: '表示する記録', everyone: 'すべて', outsiders: '外の人だけ', at: 'いつ', who: '誰が', what: '何をしたか', via: '見られた理由', target: '何を', outside: '外の人', own: 'この組織の人', system: '番屋が自動で',
    vias: { federation: '連合の役割で', always: '相談に答えるために', share: (name: string) => `「${name}」の共有で`, ticket: (name: string, tickets: string) => `相談 ${tickets} のあいだの許可で（${name}）` }, emptyTitle: '記録はまだありません', emptyWhy: '何かを見たり変えたりすると、ここに残ります。',
    verify: '書き換えられていないか確かめる', ok: (n: string) => `${n}の記録は、1件も書き換えられていません。`, bad: (n: string) => `${n}番目の記録から、つながりが合いません。`, badDo: 'この画面を開いたまま、デスクに電話してください。', head: '最後の記録の指紋', headHelp: '紙に控えておくと、あとで記録が差し替えられていないことを、誰にでも示せます。',
  },
  sso: {
    title: '会社のアカウントで入れるようにしますか', lead: '職員がふだん使っている会社のアカウント（OIDC）で、番屋に入れます。設定は、会社のアカウントの管理者と一緒に行います。', stateOn: (issuer: string) => `${issuer} のアカウントで入れます。`, stateOff: '今は、メールのリンクとパスキーで入っています。',
    step1: '会社のアカウントの管理画面で、アプリを登録します', returnUrl: '戻り先（リダイレクトURI）に、これを貼り付けます', step2: '登録すると出る3つを、ここに入れます', issuer: '発行者（issuer）', issuerHelp: '例 https://login.example.com/xxxx/v2.0', clientId: 'クライアントID', clientSecret: 'クライアントシークレット', secretHelp: '保存したあとは、誰も見られません。変えるときは、もう一度入れます。', domains: 'このアカウントを使うメールのドメイン', domainsHelp: '1行に1つ。例 example.co.jp', required: 'このドメインの人は、会社のアカウントだけで入る', requiredHelp: '印を付けると、メールのリンクやパスキーではサインインできなくなります。はじめは印を付けずに試してください。',
    save: '確かめて保存する', saved: '会社のアカウントで入れるようになりました', ended: 'メールのリンクとパスキーに戻しました', end: 'やめて、メールのリンクに戻す', endTitle: '会社のアカウントをやめますか', endBody: '会社のアカウントでは入れなくなり、メールのリンクとパスキーで入ります。また使うときは、シークレットを入れ直します。', endGo: 'やめる', domainsWrong: 'ドメインを example.co.jp のような形で、1行に1つ入れてください。',
  },
  tokens: {
    title: 'どの仕組みと、何をつなぎますか', lead: '合言葉（トークン）を渡した仕組みは、選んだことだけができます。', caption: '合言葉（トークン）', make: '合言葉を作る', makeTitle: '何のための合言葉ですか', name: '呼び名', nameHelp: 'どの仕組みか分かる名前。例 資産管理ソフト', scopes: 'できること', expires: '使える期間', for: { '90': '90日（おすすめ）', '365': '1年', never: '期限なし' }, go: '作る',
    secretTitle: '合言葉ができました', once: 'この合言葉は、今しか見られません。閉じる前に、つなぐ仕組みに貼り付けてください。', secret: '合言葉（トークン）', kept: '貼り付けました', setting: '報告ボタンの設定の文字列', settingWhy: '報告ボタンを使う人には、次の1行を渡します。ボタンの設定に貼り付けるだけです。これも、今しか見られません。', settingWide: '報告ボタンに使うなら、できることを「疑わしいメールを送る」だけにして、作り直してください。ボタンの設定は、大ぜいの人に渡るからです。', used: '最後に使われた時', never: 'まだ使われていません', until: '期限', noEnd: 'なし', created: '作った日', revoke: '止める', revokeTitle: 'この合言葉を止めますか', revokeBody: (name: string) => `「${name}」を使っている仕組みは、すぐにつながらなくなります。元には戻せませんが、また作れます。`, revoked: (name: string) => `「${name}」を止めました`, forSender: 'ログを送る機器のもの',
    emptyTitle: 'つないでいる仕組みはありません', emptyWhy: '資産管理や人事の仕組みから自動で書き込みたいときに、合言葉を作ります。', doc: 'つなぎ方（API の説明）',
  },
  notices: {
    title: 'いつ、どこに知らせますか', lead: '急がない知らせは、月曜のメールを入れて7日に2回までです。「今すぐ」のものは、そのつど知らせます。デスクの注意喚起と月の報告書は、別に届きます。', when: '知らせる時間', where: '知らせる先', save: '時間を変える', saved: '知らせる時間を変えました',
    quietFrom: '静かにする時間の始まり', quietUntil: '静かにする時間の終わり', quietHelp: 'この間に知らせるのは、「今すぐ」で止まっていないものだけです。ほかは、この時間が終わってから知らせます。', quietIs: (from: string, until: string) => `${from}から${until}までは、「今すぐ」で止まっていないものだけを知らせます。`, look: '「見てください」を朝9時にまとめて知らせる', lookHelp: '切ると、「見てください」のものは月曜のメールでだけ知らせます。',
    mail: '担当者と代理には、いつもメールで知らせます。ほかにも送りたいときは、ここに足します。', emptyTitle: 'ほかの送り先はありません', emptyWhy: 'チャットや、ほかの仕組みにも知らせられます。', name: '呼び名', nameHelp: '例 総務のチャット', form: '種類', forms: { json: 'ほかの仕組み（署名つきのJSON）', teams: 'Teamsなど（カード）', slack: 'Slackなど' },
    formsHelp: { json: '番屋から届いたと確かめるための合言葉を、足したときに一度だけお見せします。', teams: 'Teamsの「ワークフロー」で、Webhook（外からの知らせの受け口）を作ります。出てきた宛先（URL）を、下に貼り付けます。', slack: 'チャットの設定で「Incoming Webhook」（外からの知らせの受け口）を作ります。出てきた宛先（URL）を、下に貼り付けます。' }, host: '送り先', url: '宛先（URL）', urlHelp: 'https:// で始まる宛先です。保存したあとは、誰も見られません。', urlWrong: 'https:// で始まる宛先を貼り付けてください。',
    what: '知らせるもの', whats: { now: '「今すぐ」だけ', all: '知らせるものすべて' }, state: '届いているか', failing: '届いていません', arrived: (at: string) => `届きました（${at}）`, never: 'まだ送っていません', acts: '操作', trial: '試し送り', trialOk: '試し送りが届きました', trialFailed: (why: string) => `届きませんでした。${why}`,
    wrong: { gone: '送り先が見つかりません。アドレスを作り直してください。', refused: '送り先に断られました。アドレスが古いか、まちがっています。', busy: '送り先が混み合っています。自動で送り直します。', broken: '送り先が故障しています。自動で送り直します。', unreached: '送り先につながりません。アドレスを確かめてください。' }, remove: '消す', removed: '送り先を消しました',
    add: '送り先を足す', addTitle: 'どこに知らせますか', addAct: '足す', added: '送り先を足しました。試し送りで確かめてください', secretTitle: '合言葉ができました', secretOnce: 'この合言葉は、今しか見られません。受け取る仕組みに貼り付けてください。', secret: '署名の合言葉', kept: '貼り付けました',
    phones: 'デスクが電話する順番', phonesWhy: '急ぐときに、デスクが上から順に電話します。', phonesNone: 'まだ決まっていません。', phonesSave: '順番を保存する', phonesSaved: '電話の順番を保存しました', phone: (n: number) => `${n}番目`, phoneName: '名前', phoneNumber: '電話番号', phoneHours: 'つながる時間', phoneHoursHelp: '例 平日9時から17時', phoneMore: '人を足す', phoneMissing: '名前と電話番号を両方入れてください。', phoneWrong: '電話番号は、数字10けたか11けたで入れてください。',
  },
  outbox: {
    title: 'メールは届いていますか', lead: '番屋が送ったメールです。90日で消えます。', caption: '送ったメール', state: '今', states: { waiting: '送るところです', sent: '送りました', failed: '届きませんでした', kept: 'とどめています' }, filter: '表示するメール', all: 'すべて', to: '宛先', subject: '件名', at: '作った時', tries: '試した回数', read: '読む', again: 'もう一度送る', sentAgain: 'もう一度送ります',
    masked: 'サインインのリンクは、ここには出しません。見えると、本人の代わりに入れてしまうためです。', kept: 'メールの送り方がまだ決まっていないため、とどめています。決まると、7日より新しいものは自動で送ります。', keptGo: 'メールの送り方を決める', why: '届かなかった理由', emptyTitle: 'メールはまだありません', emptyWhy: 'サインインのリンクや知らせを送ると、ここに残ります。',
  },
  leave: {
    title: 'データを持ち出すか、番屋をやめますか', lead: 'データはあなたの組織のものです。いつでも全部を受け取れます。', archive: '全部をひとつのファイルで受け取る', archiveBody: '名簿、機器、気づき、相談、ログ、記録のすべてが入った zip ファイルです。番屋はこのまま使えます。', archiveGo: '受け取る', archiveBusy: 'ファイルを作っています。ログが多いと、数分かかります。この画面を開いたままお待ちください。', archived: 'ファイルを受け取りました。安全な場所に置いてください。',
    end: '番屋をやめる', endBody: (day: string) => `やめると、全員がすぐに入れなくなり、見守りも止まります。データは ${day} に消え、そのあとは戻せません。`, first: '先に、上の「全部をひとつのファイルで受け取る」で、データを手元に置いてください。', ask: '番屋をやめる手続きへ', askTitle: (name: string) => `${name}は、番屋をやめますか`, askBody: (day: string) => `今すぐ全員が入れなくなり、データは ${day} に消えます。この操作は、ここでは元に戻せません。`, go: 'やめる', done: '退会の手続きが済みました', doneBody: (day: string) => `データは ${day} に消えます。それまでに思い直したときは、デスクに電話してください。`, federation: '連合はやめられません', federationWhy: 'この番屋の持ち主なので、退会の手続きはありません。使うのをやめるときは、バックアップを取ってからサーバを止めます。',
  },
};
