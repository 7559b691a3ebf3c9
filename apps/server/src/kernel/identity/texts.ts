import { addActionTexts, addProblemTexts } from '../texts.ts';

addProblemTexts({
  link_used_or_old: {
    title: { ja: 'このリンクはもう使えません', en: 'This link no longer works' },
    detail: { ja: 'リンクは20分間、1回だけ使えます。', en: 'A link works once, for 20 minutes.' },
    remedy: { ja: 'もう一度メールアドレスを入れて、新しいリンクを受け取ってください。', en: 'Enter your address again to get a new link.' },
  },
  sign_in_not_started: {
    title: { ja: 'はじめからやり直してください', en: 'Please start again' },
    detail: { ja: 'サインインの途中で時間がたちました。', en: 'The sign-in took too long.' },
    remedy: { ja: 'もう一度メールアドレスを入れてください。', en: 'Enter your address again.' },
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
  sso_not_set: { title: { ja: 'この組織のサインインは設定されていません', en: 'No sign-in of its own' }, detail: { ja: 'メールアドレスでサインインしてください。', en: 'Sign in with your mail address.' } },
  sso_refused: {
    title: { ja: '組織のサインインがうまくいきませんでした', en: 'Your organisation’s sign-in did not work' },
    detail: { ja: '途中で時間がたったか、取り消されました。', en: 'It took too long or was cancelled.' },
    remedy: { ja: 'もう一度はじめからサインインしてください。', en: 'Start signing in again.' },
  },
  sso_foreign_address: {
    title: { ja: 'このアドレスでは入れません', en: 'This address cannot sign in here' },
    detail: { ja: '組織のサインインから届いたメールアドレスが、登録された組織のものではありません。', en: 'The address your provider gave does not belong to the organisation.' },
    remedy: { ja: '担当者に、登録したメールアドレスを確かめてもらってください。', en: 'Ask your lead to check your registered address.' },
  },
  sso_required: {
    title: { ja: '組織のサインインを使ってください', en: 'Use your organisation’s sign-in' },
    detail: { ja: 'この組織は、自分のサインインだけを使うことに決めています。', en: 'This organisation uses only its own sign-in.' },
  },
  issuer_unreachable: {
    title: { ja: 'サインインの提供元につながりません', en: 'The provider cannot be reached' },
    detail: { ja: '発行元のアドレスか、クライアントの設定を確かめてください（{reason}）。', en: 'Check the issuer address and the client settings ({reason}).' },
  },
  domain_taken: {
    title: { ja: 'このドメインは登録できません', en: 'This domain cannot be used' },
    detail: { ja: '「{domain}」は、ほかの組織でも番屋のサインインに使われています。', en: 'Another organisation, too, signs in to Banya with “{domain}”.' },
    remedy: { ja: '自分の組織だけで使うドメインを入れてください。そのはずなのに断られたときは、デスクにご相談ください。', en: 'Enter a domain that your organisation alone uses. If it does, ask the desk.' },
  },
  domain_public: {
    title: { ja: 'このドメインは登録できません', en: 'This domain cannot be used' },
    detail: { ja: '「{domain}」は、だれでも作れるメールのドメインです。', en: 'Anybody can have an address at “{domain}”.' },
    remedy: { ja: '自分の組織が持っているドメインを入れてください。持っていないときは、メールのリンクでサインインします。', en: 'Enter a domain your organisation owns. Without one, people sign in by mail links.' },
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
  'sso.changed': { ja: '組織のサインインを変えました', en: 'Changed the organisation’s own sign-in' },
});
