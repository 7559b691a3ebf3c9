import { addActionTexts, addProblemTexts } from '../texts.ts';

addProblemTexts({
  link_used_or_old: {
    title: { ja: 'このリンクはもう使えません', en: 'This link no longer works' },
    detail: { ja: 'リンクは20分間、1回だけ使えます。', en: 'A link works once, for 20 minutes.' },
    remedy: { ja: 'もう一度メールアドレスを入れて、新しいリンクを受け取ってください。', en: 'Enter your mail address again to get a new link.' },
  },
  sign_in_not_started: {
    title: { ja: 'はじめからやり直してください', en: 'Please start again' },
    detail: { ja: 'サインインの途中で時間がたちました。', en: 'The sign-in took too long.' },
    remedy: { ja: 'もう一度メールアドレスを入れてください。', en: 'Enter your mail address again.' },
  },
  code_wrong: {
    title: { ja: '数字が合っていません', en: 'The code does not match' },
    detail: { ja: 'アプリに出ている6けたの数字は30秒ごとに変わります。今出ている数字を入れてください。', en: 'The six digits change every 30 seconds. Enter the ones shown now.' },
    remedy: { ja: '合わないときは、スマートフォンの時計が自動になっているか確かめてください。', en: 'If it keeps failing, check that the phone’s clock is set automatically.' },
  },
  passkey_needs_host_name: {
    title: { ja: 'この開き方ではパスキーを使えません', en: 'Passkeys do not work at this address' },
    detail: { ja: 'パスキーには https の名前のアドレスが必要です。今は {url} で開いています。', en: 'Passkeys need an https address with a name. This is {url}.' },
    remedy: { ja: '運用者に頼むか、認証アプリの6けたの数字を使ってください。', en: 'Ask the operator, or use the six-digit code.' },
  },
  passkey_refused: {
    title: { ja: 'パスキーを確かめられませんでした', en: 'The passkey could not be checked' },
    detail: { ja: 'このパスキーは登録されていないか、確認が途中で終わりました。', en: 'This passkey is not registered, or the check was cut short.' },
    remedy: { ja: 'もう一度試すか、メールのリンクでサインインしてください。', en: 'Try again, or sign in with a mail link.' },
  },
  last_second_factor: {
    title: { ja: '最後の確認方法です', en: 'Your last second factor' },
    detail: { ja: 'これを消すと、次にサインインできなくなります。', en: 'Without it you could not sign in again.' },
    remedy: { ja: '先に別のパスキーを登録してください。', en: 'Register another passkey first.' },
  },
  cannot_reset_own: {
    title: { ja: 'ご自分の分はやり直せません', en: 'You cannot reset your own' },
    detail: { ja: 'ご自分の二段階の本人確認は、ほかの担当者か統括者に頼んでください。', en: 'Ask another lead or a manager to reset your second factor.' },
  },
  sso_not_set: { title: { ja: '会社のアカウントでは入れません', en: 'No company accounts here' }, detail: { ja: 'この組織では、会社のアカウントを使っていません。メールアドレスでサインインしてください。', en: 'This organisation does not use company accounts. Sign in with your mail address.' } },
  sso_refused: {
    title: { ja: '会社のアカウントで入れませんでした', en: 'The company account did not let you in' },
    detail: { ja: '途中で時間がたったか、取り消されました。', en: 'It took too long or was cancelled.' },
    remedy: { ja: 'もう一度はじめからサインインしてください。', en: 'Start signing in again.' },
  },
  sso_foreign_address: {
    title: { ja: 'このアドレスでは入れません', en: 'This address cannot sign in here' },
    detail: { ja: '会社のアカウントのメールアドレスが、この組織のものとして登録されていません。', en: 'The mail address of your company account is not registered for this organisation.' },
    remedy: { ja: '担当者に、登録したメールアドレスを確かめてもらってください。', en: 'Ask your lead to check your registered mail address.' },
  },
  sso_required: {
    title: { ja: '会社のアカウントで入ってください', en: 'Use your company account' },
    detail: { ja: 'この組織は、会社のアカウントだけで入る決まりです。', en: 'In this organisation people sign in with company accounts only.' },
    remedy: { ja: 'メールアドレスを入れて進むと、会社のアカウントの画面に移ります。', en: 'Enter your mail address and go on; that leads you to your company account.' },
  },
  issuer_unreachable: {
    title: { ja: '会社のアカウントの発行者につながりません', en: 'The issuer of the accounts cannot be reached' },
    detail: { ja: '発行者（issuer）のアドレスか、クライアントIDを確かめてください（{reason}）。', en: 'Check the issuer’s address and the client ID ({reason}).' },
  },
  domain_taken: {
    title: { ja: 'このドメインは登録できません', en: 'This domain cannot be used' },
    detail: { ja: '「{domain}」は、ほかの組織の方も番屋に入るときに使っています。', en: 'People of another organisation sign in to Banya with “{domain}”, too.' },
    remedy: { ja: '自分の組織だけで使うドメインを入れてください。そのはずなのに断られたときは、デスクにご相談ください。', en: 'Enter a domain that only your organisation uses. If it is refused all the same, ask the desk.' },
  },
  domain_public: {
    title: { ja: 'このドメインは登録できません', en: 'This domain cannot be used' },
    detail: { ja: '「{domain}」は、だれでも作れるメールのドメインです。', en: 'Anybody can get a mail address at “{domain}”.' },
    remedy: { ja: '自分の組織が持っているドメインを入れてください。ないときは、メールのリンクで入れます。', en: 'Enter a domain your organisation owns. Without one, people sign in by mail links.' },
  },
});

addActionTexts({
  'identity.signed_in': { ja: 'サインインしました', en: 'Signed in' },
  'identity.link_printed': { ja: 'サーバ上でサインイン用リンクを出しました', en: 'Printed a sign-in link on the server' },
  'identity.factors_reset': { ja: '紛失のため、二段階の本人確認をやり直しました', en: 'Reset a lost second factor' },
  'identity.passkey_added': { ja: 'パスキーを登録しました', en: 'Registered a passkey' },
  'identity.passkey_removed': { ja: 'パスキーを消しました', en: 'Removed a passkey' },
  'identity.session_ended': { ja: '端末をサインアウトさせました', en: 'Signed a device out' },
  'tokens.created': { ja: '合言葉（APIトークン）を作りました', en: 'Made an API token' },
  'tokens.revoked': { ja: '合言葉（APIトークン）を止めました', en: 'Revoked an API token' },
  'sso.changed': { ja: '会社のアカウントの使い方を変えました', en: 'Changed how company accounts are used' },
});
