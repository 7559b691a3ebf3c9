import type { ConsentKind } from '@banya/contract';

const kinds: Record<ConsentKind, string> = {
  scores: '月の報告書と点数', answers: '調査票の回答', evidence: '証跡', alerts: '気づき', indicators: '悪者の手がかり', drills: '訓練メールの結果', inventory: '機器の台帳', logs: 'ログ', samples: '疑わしいメールの実物', tickets: '相談',
};

/** Words of the members of a federation: list, card, registering, unknown senders. */
export const members = {
  kinds,
  failedOffline: 'ネットワークにつながっていないため、できませんでした。',
  list: {
    title: 'どの会員がいるか', add: '会員を登録する', unknown: '登録のない送り主', search: '名前・ふりがなで探す', caption: '会員の一覧',
    name: '会員', industry: '業種', size: '規模', prefecture: '都道府県', phone: '電話',
    emptyTitle: 'まだ会員がいません', emptyWhy: '会員を登録すると、担当者にサインインの案内が届きます。', emptyOther: '会員の登録は、統括者か運用者ができます。',
  },
  card: {
    loading: '会員', lead: '担当者の連絡先と、会員が共有していることを見られます。', toList: '会員の一覧へ', toMap: '会員の地図へ',
    leads: '担当者', noLead: 'この会員には、まだ担当者がいません。', noLeadStep: '下で担当者を登録してください。', noLeadAsk: '統括者か運用者に、担当者の登録を頼んでください。', noPhone: '電話番号は登録されていません', canSignIn: 'サインインできます', cannotSignIn: 'まだサインインしていません',
    profile: 'どんな会員か', reading: 'ふりがな', industry: '業種', size: '規模', prefecture: '都道府県', corporate: '法人番号', phone: '代表電話', domains: 'メールのドメイン', unset: 'まだ入っていません',
    consents: '共有していること', shared: '共有しています', notShared: '共有なし', fixed: 'いつも共有', until: (when: string) => `${when}まで`, sharedLine: (kinds: string) => `${kinds}を共有しています。`, notSharedLine: (kinds: string) => `${kinds}は共有していません。`, forTicket: (kinds: string, until: string) => `相談が解決するまで（長くても${until}まで）、${kinds}を見られます：`, ticket: (n: number) => `相談 #${n}`, howToAsk: '必要なときは、何のために使うかを伝えて、担当者にお願いしてください。会員の「設定」の「共有すること」で変えられます。ログ（気づきについての相談なら気づきも）は、相談の画面から、その相談のあいだだけ見てもよいか尋ねることができます。', showConsents: '共有の一覧を見る', consent: '共有するもの', state: '今',
    sources: 'ログの届きぐあい', unconfirmed: '確認待ち', sourceStates: { flowing: '届いています', waiting: 'まだ届いていません', silent: '止まっています' }, seen: '最後', neverSeen: 'まだ届いていません', noSources: 'ログを送る機器は、まだ登録されていません。', source: '機器', lines: '今日の行数',
    pages: 'この会員の画面を開く', findings: '気づき', devices: '機器', logs: 'ログを探す', tickets: '相談の列で見る', noPages: 'この会員は気づきを共有していないので、気づきは開けません。',
    addPerson: '人を登録する', addTitle: '人を登録する', person: '氏名', personReading: 'ふりがな', email: 'メールアドレス', personPhone: '電話', role: '役割', roleLead: '担当者にする', roleNone: '名簿にだけ載せる', roleLeadHelp: 'サインインの案内がメールで届きます。', added: (name: string) => `${name}さんを登録しました`, needMail: '担当者には、メールアドレスが要ります。', roleFailed: (name: string, why: string) => `${name}さんを名簿に載せましたが、担当者にはできませんでした。${why}`,
  },
  add: {
    title: '会員を登録する', lead: '名前と担当者だけで始められます。ほかは、あとから足せます。', org: '会員', name: '会員の名前', reading: 'ふりがな', readingHelp: '電話を受けたとき、ふりがなで探せます。',
    corporate: '法人番号', corporateHelp: '数字13けた。国税庁の法人番号公表サイトで調べられます。', industry: '業種', size: '規模', prefecture: '都道府県', phone: '代表電話', choose: '選ばない',
    leadTitle: '担当者', leadHelp: '総務など、ふだん連絡を取る人です。登録すると、サインインの案内がメールで届きます。', withLead: '担当者も今登録する', leadName: '氏名', leadReading: 'ふりがな', leadEmail: 'メールアドレス', save: '登録する', added: (name: string) => `「${name}」を登録しました`,
    corporateOk: '法人番号の形は合っています。',
  },
  unknown: {
    title: '誰の機器から届いているか', lead: '登録のない送り主です。数だけ数え、中身は残していません。', caption: '登録のない送り主', address: '送り主', host: '名乗っている名前', noHost: '名乗っていません', lines: '行数', first: '最初', last: '最後', register: '登録する', registerOf: (address: string) => `${address} を登録する`,
    more: (n: string) => `ほかにも、書ききれない送り主が${n}あります。上の送り主を登録すると、見えてきます。`,
    emptyTitle: '登録のない送り主はありません', emptyWhy: '新しい機器がログを送り始めると、ここに出ます。',
    dialogTitle: 'どの会員の、何の機器ですか', member: '会員', name: '機器の名前', nameHelp: '会員にも分かる名前（例 本社のUTM）。', family: '種類', save: '登録する', registered: (name: string, member: string) => `「${name}」を${member}の機器として登録しました`,
    back: '会員の一覧へ',
    waiting: {
      title: '会員が登録し、確認を待っている機器', body: '本当にその会員の機器か、電話などで確かめてください。「確かめた」を押すと、すぐに受け取りが始まります。会員に心当たりがなければ「断る」を押します。', member: '会員', name: '機器', how: '見分け方', lines: '届いた行数', since: '登録した時', none: 'まだ届いていません', spanned: (lines: string, from: string) => `${lines}行（${from}から）`,
      confirm: '確かめた', confirmOf: (name: string) => `「${name}」を確かめた`, confirmed: (name: string, member: string) => `${member}の「${name}」の受け取りを始めました`, refuse: '断る', refuseOf: (name: string) => `「${name}」を断る`, refused: (name: string, member: string) => `${member}の「${name}」を断りました`,
    },
  },
};
