import { addActionTexts, addProblemTexts } from '../../kernel/texts.ts';

addProblemTexts({
  email_taken: {
    title: { ja: 'このメールアドレスは登録済みです', en: 'This mail address is already registered' },
    detail: { ja: 'このメールアドレスは「{name}」さんのものとして登録されています。', en: 'This mail address is registered for {name}.' },
    remedy: { ja: '同じ方なら、その方の連絡先を直してください。', en: 'If it is the same person, change that entry.' },
  },
  role_not_for_kind: {
    title: { ja: 'ここでは使わない役割です', en: 'This role is not used here' },
    detail: { ja: '選んだ役割は、この種類の組織にはありません。', en: 'The chosen role does not exist in this kind of organisation.' },
  },
  kind_not_here: {
    title: { ja: 'ここには会員を置けません', en: 'No members here' },
    detail: { ja: '会員は連合のすぐ下にだけ置けます。会員の下には、支店などを置けます。', en: 'Members stand directly below the federation. Below a member there are units, such as branches.' },
  },
  no_mail_address: {
    title: { ja: 'メールアドレスがまだありません', en: 'No mail address yet' },
    detail: { ja: '役割を持つ方はサインインするので、メールアドレスが必要です。', en: 'A person with a role signs in, and so needs a mail address.' },
    remedy: { ja: '先にその方のメールアドレスを登録してください。', en: 'Register a mail address for the person first.' },
  },
  address_unchecked: {
    title: { ja: 'メールアドレスを確かめてください', en: 'Check the mail address first' },
    detail: { ja: '{name}さんのメールアドレス（{addresses}）は、まだ本人に確かめられていません。任せると、サインインの案内がそこに届きます。', en: 'Nobody who can give this role has checked the mail address of {name} ({addresses}). The sign-in link would go there.' },
    remedy: { ja: '{name}さんに電話などで、自分のアドレスか確かめてください。違うときは、先に直します。', en: 'Ask {name}, by phone for example, whether the address is theirs. If not, correct it first.' },
  },
  last_lead: {
    title: { ja: '最後のお一人です', en: 'The last one' },
    detail: { ja: 'この役割の方がほかにいないため、外せません。', en: 'Nobody else holds this role, so it cannot be taken away.' },
    remedy: { ja: '先に次の方を決めて、「引き継ぐ」を使ってください。', en: 'Choose a successor first and use “Hand over”.' },
  },
  last_operator: {
    title: { ja: '最後の運用者です', en: 'The last operator' },
    detail: { ja: '運用者がほかにいないため、外せません。', en: 'There is no other operator.' },
    remedy: { ja: '先に別の方を運用者にしてください。', en: 'Make somebody else operator first.' },
  },
  consent_fixed: {
    title: { ja: '相談は必ずデスクに届きます', en: 'Questions always reach the desk' },
    detail: { ja: '相談はデスクに届けるためのものなので、共有を止めることはできません。', en: 'A question is made to reach the desk, so it cannot be kept from it.' },
  },
  look_not_needed: {
    title: { ja: '尋ねる必要はありません', en: 'There is nothing to ask' },
    detail: { ja: 'この相談で見るものは、すでに共有されているか、許可されています。', en: 'What this question needs is shared or allowed already.' },
    remedy: { ja: 'そのまま「ログを探す」を開いてください。', en: 'Open “Search the logs”.' },
  },
  look_asked: {
    title: { ja: 'もう尋ねてあります', en: 'It has been asked already' },
    detail: { ja: '会員の返事を待っています。', en: 'The member has not answered yet.' },
    remedy: { ja: '急ぐときは、電話で伝えてください。', en: 'If it is urgent, phone the member.' },
  },
  look_not_asked: {
    title: { ja: '答えるものがありません', en: 'There is nothing to answer' },
    detail: { ja: 'デスクは今、この相談で見てもよいかを尋ねていません。ほかの人が先に答えたのかもしれません。', en: 'The desk is not asking to look for this question. Somebody else may have answered.' },
    remedy: { ja: '画面を読み直してください。', en: 'Load the page again.' },
  },
  federation_cannot_leave: {
    title: { ja: '連合は退会できません', en: 'The federation cannot leave' },
    detail: { ja: 'この番屋の持ち主なので、退会の手続きはありません。', en: 'It owns this Banya.' },
    remedy: { ja: '使うのをやめるときは、バックアップを取ってからサーバを止めてください。', en: 'To stop using it, back up and stop the server.' },
  },
  name_does_not_match: {
    title: { ja: '組織の名前が合っていません', en: 'The name does not match' },
    detail: { ja: '退会を確かめるため、組織の名前をそのまま入れてください。', en: 'To confirm leaving, write the organisation’s name exactly.' },
  },
  file_unreadable: {
    title: { ja: 'ファイルを読めませんでした', en: 'The file could not be read' },
    detail: { ja: '{reason}', en: '{reason}' },
    remedy: { ja: '直したら、もう一度ファイルを選んでください。', en: 'Then choose the file again.' },
  },
  import_expired: {
    title: { ja: '確認から時間がたちました', en: 'The preview is too old' },
    detail: { ja: '確認した内容は1時間で消えます。まだ何も取り込んでいません。', en: 'A preview is kept for an hour. Nothing has been imported.' },
    remedy: { ja: 'もう一度ファイルを選んでください。', en: 'Choose the file again.' },
  },
  import_has_errors: {
    title: { ja: '直すところが残っています', en: 'Some rows need correction' },
    detail: { ja: '{count}行に直すところがあるため、何も取り込んでいません。', en: '{count} rows need correction; nothing was imported.' },
    remedy: { ja: 'ファイルを直して、もう一度選んでください。', en: 'Correct the file and choose it again.' },
  },
});

addActionTexts({
  'orgs.created': { ja: '組織を登録しました', en: 'Registered the organisation' },
  'orgs.updated': { ja: '組織の情報を変えました', en: 'Changed the organisation’s profile' },
  'orgs.left': { ja: '退会の手続きをしました', en: 'Left the federation' },
  'orgs.archived': { ja: '全データを書き出しました', en: 'Took all data out as an archive' },
  'people.created': { ja: '人を登録しました', en: 'Registered a person' },
  'people.updated': { ja: '人の情報を変えました', en: 'Changed a person' },
  'people.address_changed': { ja: 'サインインする方のメールアドレスを変えました', en: 'Changed the mail address somebody signs in with' },
  'people.address_checked': { ja: '役割を任せる前に、メールアドレスを確かめました', en: 'Checked a mail address before giving a role' },
  'people.archived': { ja: '退職などで名簿から外しました', en: 'Took a person off the list' },
  'people.restored': { ja: '名簿に戻しました', en: 'Put a person back on the list' },
  'people.imported': { ja: '名簿を取り込みました', en: 'Imported a list of people' },
  'people.exported': { ja: '名簿を書き出しました', en: 'Exported the list of people' },
  'roles.granted': { ja: '役割を渡しました', en: 'Gave a role' },
  'roles.revoked': { ja: '役割を外しました', en: 'Took a role back' },
  'roles.handed_over': { ja: '役割を引き継ぎました', en: 'Handed a role over' },
  'consents.given': { ja: '共有に同意しました', en: 'Agreed to share' },
  'consents.ticket_asked': { ja: '相談のために見てもよいか、デスクが尋ねました', en: 'The desk asked to look for one question' },
  'consents.ticket_allowed': { ja: '相談のあいだだけ、デスクが見ることを許可しました', en: 'Allowed the desk to look for one question' },
  'consents.ticket_refused': { ja: '相談のために見てもよいかと尋ねられ、「今回は見せない」と答えました', en: 'Answered “Not this time” when the desk asked to look for one question' },
  'consents.ticket_ended': { ja: '相談のあいだだけの許可が終わりました', en: 'What was allowed for one question has ended' },
  'consents.withdrawn': { ja: '共有をやめました', en: 'Stopped sharing' },
});

addProblemTexts({
  setup_done: {
    title: { ja: '準備はもう済んでいます', en: 'Already set up' },
    detail: { ja: 'この番屋は使い始められています。', en: 'This Banya is in use already.' },
    remedy: { ja: 'サインインのページから入ってください。', en: 'Go to the sign-in page.' },
  },
  setup_token_wrong: {
    title: { ja: 'このリンクは使えません', en: 'This link does not work' },
    detail: { ja: '準備のリンクは、番屋を起動するたびに新しくなります。', en: 'The set-up link is made anew at each start.' },
    remedy: { ja: 'サーバの画面に出ている、いちばん新しいリンクを開いてください。', en: 'Open the newest link printed on the server.' },
  },
});
