import type { Role } from '@banya/contract';

const roleHelp: Record<Role, string> = {
  staff: '相談や、怪しいメールの確認ができます。名簿にいる人は、誰でもできます。',
  lead: '今週やることを受け取り、名簿・機器・設定を守ります。',
  deputy: '担当者の代わりに、今週やることを進めます。',
  executive: '一枚で分かる現在地を見て、決めることを決めます。',
  desk: '会員からの相談に答え、気づきを見ます。',
  manager: '会員と名簿、役割を決めます。',
  auditor: '見るだけです。何も変えられません。',
  operator: '番屋そのもの（メール、バックアップ）の面倒を見ます。',
};

/** The list of people, their roles, taking over a list. */
export const people = {
  roleHelp,
  list: {
    title: '誰が、何を任されているか', lead: '入社・退職・異動があったら、ここを直します。番屋に入れる人も、ここで決まります。',
    caption: '名簿', search: '名前・ふりがな・部署で探す', role: '役割', everyRole: 'すべて', shown: '表示する人', here: '今いる人', gone: '名簿から外した人',
    add: '人を足す', import: 'Excelから取り込む', handover: '役割を引き継ぐ',
    name: '氏名', department: '部署', roles: '任されていること', email: 'メールアドレス', phone: '電話', signIn: '番屋に入れるか', reading: 'ふりがな',
    noRole: '相談だけ', able: '入ったことがあります', notYet: 'まだ入っていません', noMail: 'アドレスがなく、入れません', until: (what: string, day: string) => `${what}（${day}まで）`,
    emptyTitle: '名簿はまだ空です', emptyWhy: '一人ずつ足すか、お手元のExcelの名簿をそのまま取り込めます。', emptyOther: '名簿に人を足せるのは、担当者か統括者です。',
  },
  form: {
    newTitle: '誰を名簿に足しますか', newLead: '名前だけでも足せます。ほかは、あとからで構いません。', edit: '連絡先を直す', name: '氏名', reading: 'ふりがな', readingHelp: '電話を受けたとき、ふりがなで探せます。', department: '部署',
    emails: 'メールアドレス', emailsHelp: '番屋に入るときに使います。いくつもあるときは、1行に1つ書きます。1行目に知らせが届きます。', phone: '電話', phoneHelp: '例 043-123-4567（内線だけでも構いません）',
    emailWrong: 'メールアドレスを、1行に1つ、name@example.jp のような形で入れてください。', readingWrong: 'ふりがなは、ひらがなかカタカナで入れてください。',
    add: '名簿に足す', save: '直した内容を保存する', added: (name: string) => `${name}さんを名簿に足しました`, saved: (name: string) => `${name}さんの連絡先を直しました`, toList: '名簿へ',
  },
  person: {
    loading: '人', lead: '連絡先と、任されていることを確かめます。', goneLead: 'この方は、名簿から外れています。', contact: '連絡先', unset: 'まだ入っていません', edit: '直す',
    roles: '任されていること', noRoles: '役割はありません。名簿にいるので、相談はできます。', goesTo: (name: string) => `${name}さんのサインインの案内は、ここに届きます。`, checked: (name: string) => `${name}さんのアドレスだと確かめた`, deputyOf: (name: string) => `${name}さんの代理です。`, until: (day: string) => `${day}まで`,
    take: '外す', takeOf: (role: string) => `${role}を外す`, taken: (name: string, role: string) => `${name}さんから${role}を外しました`,
    giveTitle: '役割を任せる', give: '任せる', role: '役割', given: (name: string, role: string) => `${name}さんに${role}を任せました`, giveNoMail: '役割を持つ方は番屋に入るので、先にメールアドレスを入れてください。', allGiven: 'ここで使う役割は、すべて任されています。',
    deputy: '代理を立てる', deputyTitle: (name: string) => `${name}さんの代理を立てる`, deputyLead: '休みのあいだなど、その日の終わりまで担当者と同じことができます。過ぎると自動で外れます。', who: '代理の方', day: 'いつまで', deputyGo: '代理にする', deputyDone: (name: string, day: string) => `代理を${name}さんに頼みました（${day}まで）`,
    dayPast: '今日か、それより後の日を選んでください。', handover: '引き継ぐ',
    signIn: '番屋への入り方', able: 'サインインしたことがあります。', notYet: 'まだサインインしていません。サインインの画面でメールアドレスを入れると、リンクが届きます。', noMail: 'メールアドレスがないので、入れません。',
    lost: '電話をなくしたとき', lostTitle: 'この方の本人確認をやり直しますか', lostBody: (name: string, mail: string) => `${name}さんの二段階の本人確認とパスキーが消え、サインイン中の端末はすべて外れます。新しいサインインのリンクを ${mail} に送ります。`,
    lostNext: 'この操作は元に戻せません。電話で本人だと確かめてから押してください。', lostGo: '消して、リンクを送る', lostDone: (name: string) => `${name}さんに新しいリンクを送りました`, lostOwn: '自分の分は消せません。ほかの担当者か統括者に頼んでください。',
    archive: '退職・異動したとき', archiveBody: '名簿から外すと、役割も外れ、番屋に入れなくなります。記録は残ります。', archiveGo: '名簿から外す', archived: (name: string) => `${name}さんを名簿から外しました`,
    restore: '名簿に戻す', restored: (name: string) => `${name}さんを名簿に戻しました。役割は、任せ直してください。`, goneOn: (day: string) => `${day}に名簿から外しました。`,
  },
  handover: {
    title: '誰から誰へ引き継ぎますか', lead: '担当が替わっても、開いている仕事は途切れません。',
    what: '引き継ぐ役割', from: '今の方', nobody: 'この役割の方は、まだいません。', next: '次へ', back: '前へ', to: '次の方', toHelp: '名簿にいて、メールアドレスのある方を選びます。', check: '移るものを確かめる',
    moves: '移るもの', movesRole: (role: string) => `「${role}」の役割`, movesFindings: '担当になっている、開いている気づき', movesTickets: '担当になっている、開いている相談',
    stays: '移らないもの', staysKey: '二段階の本人確認とパスキー（次の方が、ご自分で作ります）', staysHistory: 'これまでの記録（誰がしたかは、そのまま残ります）',
    own: '引き継ぐと、あなたはこの役割の画面を開けなくなります。', go: '引き継ぐ', done: (to: string, role: string) => `${to}さんが${role}になりました`,
    moved: (findings: string, tickets: string) => `開いている気づき${findings}と相談${tickets}が移りました。`, movedNone: '移す仕事はありませんでした。', tell: (to: string) => `${to}さんに、番屋のサインインの画面からメールアドレスで入るよう伝えてください。`, backNote: '元に戻すときは、同じ手順で引き継ぎ返します。', toList: '名簿へ',
    sameWrong: '今の方とは別の方を選んでください。',
  },
  import: {
    title: '名簿をExcelから取り込みますか', lead: 'お手元の名簿をそのまま選んでください。何が変わるかを見てから、取り込むか決められます。',
    file: 'Excel か CSV の名簿', fileHelp: '「氏名」の列があれば読めます。ふりがな・部署・メールアドレス・電話番号の列も、見出しから探します。', look: '中身を確かめる',
    sample: '見本（今の名簿）をExcelで保存', sampleHelp: 'この見出しで作ると、確実に読めます。今の名簿を直して、戻すこともできます。',
    result: '取り込むと、こうなります', nothingYet: 'まだ何も取り込んでいません。', summary: { new: '新しく足す人', changed: '変わる人', same: '同じままの人', wrong: '直すところがある行' },
    kinds: { new: '新しい', changed: '変わる', same: '同じ', wrong: '直す' }, columns: '読み取った列', columnsLead: (row: string) => `${row}行目を見出しとして読みました。`, header: 'ファイルの見出し', field: '番屋での列', unused: '使いません',
    errors: '直してほしいところ', errorsLead: '1行でも残っていると取り込みません。ファイルを直して、もう一度選んでください。', errorsMore: 'ほかにもあります。はじめの200か所を出しています。', rowNo: '行', column: '列', message: '直すところ', rowText: (n: string) => `${n}行目`,
    rows: '1行ずつ見る', rowsMore: 'はじめの200行を出しています。', change: '変わり方', name: '氏名', email: 'メールアドレス', department: '部署',
    go: (n: string) => `${n}を取り込む`, nothing: '変わるところがないので、取り込むものはありません。', again: '別のファイルを選ぶ', keeps: '空の欄は、今の内容を消しません。名簿にいてファイルにいない人も、そのまま残ります。',
    done: '取り込みました', doneBody: (created: string, changed: string) => `新しく${created}を足し、${changed}を直しました。`, toList: '名簿を見る', choose: 'ファイルを選んでください。',
  },
};
