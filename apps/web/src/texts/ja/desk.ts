type TicketState = 'new' | 'working' | 'waiting' | 'solved';
type Urgency = 'now' | 'today' | 'normal';

const states: Record<TicketState, string> = { new: '新着', working: '対応中', waiting: '会員の返事待ち', solved: '解決' };
const urgencies: Record<Urgency, string> = { now: '今すぐ', today: '今日中', normal: '通常' };
const channels: Record<'web' | 'finding' | 'phone' | 'mail', string> = { web: '画面から', finding: '気づきから', phone: '電話', mail: 'メール' };

/** Words of the desk: the queue, a ticket, the phone form, templates, statistics. */
export const desk = {
  states, urgencies, channels,
  number: (n: number) => `#${n}`,
  reportedBy: (n: number) => `${n}人が報告`, openedBy: (n: number) => `${n}人が開いた`,
  asked: (people: number, touched: number) => (touched > 0 ? `${people}人が報告、${touched}人が開いた` : `${people}人が報告`),
  failed: (why: string) => `できませんでした。${why}`,
  failedOffline: 'ネットワークにつながっていないため、できませんでした。',
  sla: {
    minutes: (n: string) => `${n}分`, hours: (n: string) => `${n}時間`, days: (n: string) => `${n}日`,
    left: (t: string) => `あと${t}`, late: (t: string) => `${t}遅れ`, lateNow: 'ちょうど期限',
    paused: '会員の返事待ち', met: '時間内に解決', metLate: '遅れて解決', none: '期限なし',
    firstReply: '最初の返事', solve: '解決', until: (when: string) => `${when}まで`, replied: '返事をしました',
  },
  queue: {
    title: '次に、誰に答えるか',
    calm: '急ぐ順に並んでいます。上から順に答えてください。',
    late: (count: string) => `${count}が遅れています。上から順に答えてください。`,
    phone: '電話を受けた',
    statistics: '今月のようす', templates: '回答のひな形',
    counts: '今の数',
    new: '新着', mine: '自分の担当', lateCount: '遅れ', soon: 'まもなく期限', waiting: '会員の返事待ち',
    search: '件名・会員・番号で探す', state: '状態', open: '開いているもの', member: '会員', anyMember: 'すべての会員',
    assignee: '担当', anybody: '誰でも', me: '自分', nobody: 'まだいない', urgency: '急ぎ方', anyUrgency: 'すべて', onlyLate: '遅れだけ',
    filter: 'しぼり込む', filterLess: 'しぼり込みをたたむ', clear: 'しぼり込みをやめる', excel: 'Excelで保存',
    list: '相談の列', unread: '未読', noAssignee: '担当なし', by: (name: string) => `担当 ${name}`,
    emptyTitle: '答えを待っている人はいません', emptyWhy: '会員から相談が来ると、ここに並びます。電話を受けたら「電話を受けた」を押してください。',
    noneTitle: '当てはまる相談はありません', noneWhy: 'しぼり込みをゆるめると、ほかの相談が見えます。',
    shown: (n: string) => `${n}を表示しています`,
  },
  act: {
    mine: (n: number) => `#${n} を自分の担当にしました`, given: (n: number, name: string) => `#${n} の担当を${name}さんにしました`, freed: (n: number) => `#${n} の担当を外しました`,
    state: (n: number, state: string) => `#${n} を「${state}」にしました`, urgency: (n: number, u: string) => `#${n} の急ぎ方を「${u}」にしました`,
    replied: '返事を送りました', noted: 'デスクのメモを書きました', merged: (n: number) => `#${n} にまとめました`,
  },
  keys: {
    title: 'キーの使い方', open: 'キーの使い方（?）',
    list: [
      ['J', '次の相談へ'], ['K', '前の相談へ'], ['Enter', '開く'], ['A', '自分の担当にする'], ['R', '返事を書く'], ['N', 'デスクのメモを書く'],
      ['E', '解決にする（元に戻せます）'], ['P', '電話の記録を書く'], ['/', '探す'], ['?', 'この説明を見る'],
    ] as readonly (readonly [string, string])[],
    use: '一文字のキーを使う', useHelp: '読み上げや音声入力とぶつかるときは、切ってください。この端末にだけ効きます。',
  },
  ticket: {
    loading: '相談', talk: 'やり取り', facts: 'この相談について', back: '相談の列へ',
    from: (org: string, who: string) => `${org}　${who}さん`,
    deskSide: 'デスク', memberSide: '会員', noteTag: 'デスクだけのメモ。会員には見えません', noteWho: (who: string) => `${who}さんのメモ`, article: (title: string) => `記事「${title}」`, noTalk: 'まだやり取りはありません。',
    tabs: '書く', replyTab: '会員に返事', noteTab: 'デスクのメモ',
    reply: '返事', replyHelp: '会員に届きます。です・ますで、短く書くと伝わります。', replyMany: (n: number) => `報告した${n}人全員に届きます。人の名前や、その人が書いたことは書かないでください。開いた人には電話してください。`,
    template: 'ひな形を入れる', templateNone: 'ひな形を選ぶ', attach: '記事を添える', articleAdd: '添える', articleSearch: '記事を探す', articleNone: '当てはまる記事はありません。', articleOff: (title: string) => `「${title}」を外す`, attached: (title: string) => `記事「${title}」を添えます`, draft: '下書き',
    then: '送ったあとの状態', thenWaiting: '返事待ち', thenWaitingHelp: '会員の番です。時計は止まります。', thenWorking: '対応中', thenWorkingHelp: 'デスクの番のままです。', thenSolved: '解決', thenSolvedHelp: 'この相談を終えます。会員はいつでも開き直せます。',
    send: '返事を送る', sendKey: '送る',
    note: 'デスクのメモ', noteHelp: 'デスクの人だけが読めます。会員には見えません。', saveNote: 'メモを残す',
    member: '会員', requester: '相談した人', asked: '報告した人', phone: '電話', callback: '折り返し先', noPhone: '電話番号は登録されていません', state: '状態', urgency: '急ぎ方', assignee: '担当', nobody: '担当なし', take: '自分の担当にする', channel: '受け方', created: '来た日時',
    sample: 'メールの実物', sampleOpen: 'メールの判定を開く',
    finding: 'もとの気づき', findingOpen: '気づきを開く', findingClosed: 'この会員は気づきを共有していません。会員に「気づき」の共有をお願いしてください。', findingChecking: '確かめています',
    satisfaction: '会員の声', good: '役に立った', bad: '役に立たなかった',
    history: 'これまでの動き', noHistory: 'まだ動きはありません。',
    merge: 'ほかの相談にまとめる', mergeTitle: 'どの相談にまとめますか', mergeHelp: (org: string) => `${org}の開いている相談だけが出ます。まとめても、元に戻せます。`, mergeSearch: '件名か番号で探す', mergeNone: 'まとめられる相談はありません。', mergeInto: 'ここにまとめる', related: '同じ話かもしれない相談',
    mergedTitle: 'この相談は、別の相談にまとめてあります', mergedBody: '続きは、まとめた先で書いてください。', mergedOpen: 'まとめた先を開く', unmerge: 'まとめるのをやめる', unmerged: '別々の相談に戻しました',
    solve: '解決にする', reopen: '対応中に戻す',
  },
  phone: {
    title: '電話を受けた', lead: '誰から、何の用件か。一行で足ります。',
    who: '誰から', whoHelp: '会員の名前。続けて人の名前も入れられます（例 みなみ 佐藤）。電話番号でも探せます。',
    results: '見つかった会員と人', other: 'ほかの人', none: '見つかりません。会員の名前の一部だけで探してみてください。', searching: '探しています', found: (n: string) => `${n}見つかりました。上下のキーで選び、Enter で決めます。`,
    again: '選び直す', caller: 'かけてきた人の名前', callerHelp: '名簿にない人のときだけ入れてください。', people: '名簿の人から選ぶ',
    subject: '用件', subjectHelp: '一行で。Enter で記録します。', note: 'くわしい話', urgency: '急ぎ方', callback: '折り返し先の電話', solved: 'この場で解決した',
    save: '記録する', member: '誰から', needMember: '「誰から」で会員を選んでください。',
    saved: (n: number) => `#${n} を記録しました`, open: '相談を開く', more: '続けて次の電話を記録できます。', form: '電話の記録',
  },
  statistics: {
    title: '今月のデスクは、どうだったか', back: '相談の列へ',
    asked: (month: string, asked: string, solved: string, rate: string) => `${month}は、${asked}の相談が来て、${solved}が解決しました（${rate}）。`,
    none: (month: string) => `${month}は、まだ相談が来ていません。`,
    reply: (t: string) => `最初の返事まで、半分の相談は${t}以内でした。デスクが開いている時間で数えています。`, replyNone: '最初の返事の時間は、まだ数えられるものがありません。',
    late: (late: string, rate: string) => `約束の時間に遅れたのは${late}です（${rate}）。`, lateNone: '約束の時間に遅れた相談はありません。',
    good: (all: string, good: string) => `会員の声は${all}届き、${good}が「役に立った」でした。`, goodNone: '会員の声は、まだ届いていません。',
    bad: (bad: string) => `「役に立たなかった」は${bad}です。読み返すと、次の返事が良くなります。`,
    numbers: '数字', kAsked: '来た相談', kSolved: '解決', kReply: '最初の返事（半分はこの時間以内）', kLate: '遅れ', kGood: '役に立った', kBad: '役に立たなかった', nothing: '—',
    emptyTitle: '今月は、まだ相談が来ていません', emptyWhy: '相談や電話の記録が入ると、ここに今月のようすが出ます。',
  },
  templates: {
    title: 'よく使う返事を、どう書いておくか', lead: 'ひな形は、返事を書くときに選ぶだけで入ります。入れたあとに直せます。', back: '相談の列へ',
    add: 'ひな形を書く', edit: '直す', remove: '消す', name: '名前', nameHelp: '自分たちだけに見えます（例 迷惑メールの見分け方）。', text: '本文', lang: '言葉', ja: '日本語', en: 'English',
    saved: (name: string) => `「${name}」を保存しました`, removed: (name: string) => `「${name}」を消しました`,
    emptyTitle: 'まだひな形がありません', emptyWhy: '同じ返事を三度書いたら、ひな形にする時です。', list: 'ひな形の一覧',
  },
};
