import type { Bilingual, Lang } from '@banya/contract';
import { addActionTexts, addProblemTexts } from '../../kernel/texts.ts';
import type { MailErrorCode } from './rules.ts';

/** Why a mail has not left, for the outbox page and the test: what happened, and what to do. */
const errors: Readonly<Record<MailErrorCode, Bilingual>> = {
  address_broken: { ja: '宛先がメールアドレスの形ではありません。名簿のアドレスを直してください。', en: 'The address is not a mail address. Correct it in the list of people.' },
  recipient_refused: { ja: '相手のメールサーバが、この宛先を受け付けませんでした。アドレスが合っているか確かめてください。', en: 'The mail server does not accept this recipient. Check the address.' },
  message_refused: { ja: 'メールサーバが、このメールを受け付けませんでした。差出人のアドレスを使ってよいか、サーバの管理者に確かめてください。', en: 'The mail server does not accept this mail. Ask its administrator whether the sender address may be used.' },
  in_doubt: { ja: '送っている途中で返事がとだえました。届いたかどうか分からないため、自動では送り直していません。相手に確かめて、届いていなければ「もう一度送る」を押してください。', en: 'The server stopped answering while the mail was on its way. It may have arrived, so it was not sent again by itself. Ask the recipient, then press “Send again” if needed.' },
  server_busy: { ja: 'メールサーバが、今は受け取れないと答えました。自動で送り直します。', en: 'The mail server cannot take it right now. It is sent again by itself.' },
  no_connection: { ja: 'メールサーバにつながりません。サーバ名とポート番号、ネットワークを確かめてください。', en: 'The mail server cannot be reached. Check its name, the port and the network.' },
  no_such_host: { ja: 'この名前のメールサーバが見つかりません。サーバ名のつづりを確かめてください。', en: 'No mail server has this name. Check the spelling.' },
  timeout: { ja: 'メールサーバの返事がありません。ポート番号と、途中のファイアウォールを確かめてください。', en: 'The mail server does not answer. Check the port and any firewall in between.' },
  no_tls: { ja: 'メールサーバが暗号化（STARTTLS）に対応していないため、送っていません。暗号化できるサーバかポート（465や587）を使ってください。', en: 'The mail server does not offer encryption (STARTTLS), so nothing was sent. Use a server or port that does (465 or 587).' },
  certificate: { ja: 'メールサーバの証明書を確かめられないため、送っていません。サーバ名が証明書と同じか、期限が切れていないか確かめてください。', en: 'The mail server’s certificate cannot be verified, so nothing was sent. Check that the name matches it and that it has not expired.' },
  login_refused: { ja: 'ユーザー名かパスワードが違うと、メールサーバが答えました。入れ直してください。', en: 'The mail server refuses the user name or password. Enter them again.' },
  server_refuses: { ja: 'メールサーバが、番屋のサーバからの接続を断りました。サーバの管理者に、接続の許可を頼んでください。', en: 'The mail server refuses connections from here. Ask its administrator to allow them.' },
  text_gone: { ja: '本文にあったリンクの期限が切れたため、送りません。もう一度リンクを頼んでください。', en: 'The link in it has ended, so it is not sent. Ask for a new link.' },
};

export function errorText(code: MailErrorCode, lang: Lang, detail: string | null): string {
  const text = errors[code]?.[lang] ?? errors.no_connection[lang];
  if (!detail) return text;
  return lang === 'ja' ? `${text}（サーバの返事：${detail}）` : `${text} (It said: ${detail})`;
}

export const testMail = {
  subject: { ja: '【番屋】メールの試し送り', en: 'Banya: test mail' },
  text: { ja: 'これは番屋からの試しのメールです。\n届いたので、メールの設定は合っています。することはありません。\n', en: 'This is a test mail from Banya.\nIt has arrived, so the mail settings are right. There is nothing to do.\n' },
  sent: { ja: '{to} に送りました。届いたか確かめてください。', en: 'Sent to {to}. Please check that it arrives.' },
  noServer: { ja: 'メールサーバがまだ設定されていません。先に設定を保存してください。', en: 'No mail server is set yet. Save the settings first.' },
} as const satisfies Record<string, Bilingual>;

/** What a trial post says. */
export const trial = {
  title: { ja: '試し送りです', en: 'This is a trial' },
  text: { ja: '番屋からの知らせは、ここに届きます。', en: 'Notices from Banya will arrive here.' },
  step: { ja: 'することはありません。', en: 'There is nothing to do.' },
} as const satisfies Record<string, Bilingual>;

addProblemTexts({
  too_many_channels: {
    title: { ja: '送り先がいっぱいです', en: 'Too many places' },
    detail: { ja: '知らせの送り先は5つまでです。', en: 'Notices can be posted to five places.' },
    remedy: { ja: '使っていない送り先を消してから、もう一度登録してください。', en: 'Remove one that is not used, then add it again.' },
  },
  mail_already_sent: {
    title: { ja: 'もう送っています', en: 'Already sent' },
    detail: { ja: 'このメールは、すでに送り終えています。', en: 'This mail has been sent.' },
  },
  mail_being_sent: {
    title: { ja: '今送っているところです', en: 'It is being sent right now' },
    detail: { ja: 'このメールは、今送っている途中です。', en: 'This mail is on its way to the server.' },
    remedy: { ja: '数分たってから、もう一度見てください。', en: 'Look again in a few minutes.' },
  },
  mail_address_broken: {
    title: { ja: '宛先を直してください', en: 'The address needs correction' },
    detail: { ja: 'この宛先はメールアドレスの形ではないため、送れません。', en: 'The recipient is not a mail address, so the mail cannot be sent.' },
    remedy: { ja: '名簿のアドレスを直してください。次のメールから届きます。', en: 'Correct the address in the list of people; the next mail will reach it.' },
  },
  mail_text_gone: {
    title: { ja: 'このメールはもう送れません', en: 'This mail can no longer be sent' },
    detail: { ja: '本文にあったリンクの期限が切れました。', en: 'The link in it has ended.' },
    remedy: { ja: '新しいリンクを頼んでください。', en: 'Ask for a new link.' },
  },
});

addActionTexts({
  'notify.policy_changed': { ja: '知らせる時間を変えました', en: 'Changed when notices are sent' },
  'notify.channel_added': { ja: '知らせの送り先を登録しました', en: 'Added a place for notices' },
  'notify.channel_removed': { ja: '知らせの送り先を消しました', en: 'Removed a place for notices' },
  'notify.phones_changed': { ja: 'デスクが電話する順番を変えました', en: 'Changed whom the desk phones' },
  'notify.sent_again': { ja: 'メールをもう一度送りました', en: 'Sent a mail again' },
  'notify.settings_changed': { ja: 'メールの送り方を変えました', en: 'Changed how mail is sent' },
});
