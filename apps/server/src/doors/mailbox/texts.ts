import type { Lang } from '@banya/contract';

type Two = Record<Lang, string>;
/** For the person who set the mailbox up: what is wrong, and what to do. */
export const troubles = {
  incomplete: { ja: 'サーバ・ユーザー名・パスワードのどれかが入っていません。', en: 'The server, user name or password is missing.' },
  inside: { ja: 'このサーバは組織の中のアドレスなので、番屋からは読みに行けません。運用者に相談してください。', en: 'This server has an inside address, so Banya does not connect to it. Ask whoever runs Banya.' },
  no_such_host: { ja: 'サーバの名前が見つかりません。つづりを確かめてください。', en: 'There is no server of this name. Please check the spelling.' },
  no_connection: { ja: 'サーバにつながりません。名前とポートを確かめてください。', en: 'The server cannot be reached. Please check its name and port.' },
  no_tls: { ja: 'このサーバは暗号化した接続を受け付けません。ポート993を試してください。', en: 'The server takes no encrypted connection. Try port 993.' },
  certificate: { ja: 'サーバの証明書を確かめられません。サーバの名前が正しいか確かめてください。', en: 'The server’s certificate cannot be verified. Please check the server’s name.' },
  login_refused: { ja: 'ユーザー名かパスワードが違うようです。保存し直してから試してください。', en: 'The user name or password was refused. Save it again, then try.' },
  no_folder: { ja: 'フォルダが見つかりません。名前を確かめてください。', en: 'There is no such folder. Please check its name.' },
  token_refused: { ja: 'Microsoft 365に断られました。テナントID・クライアントID・シークレットと、アプリの権限を確かめてください。', en: 'Microsoft 365 refused. Please check tenant, client and secret, and the app’s permissions.' },
  other: { ja: 'メールボックスを読めませんでした。数分後にもう一度試します。', en: 'The mailbox could not be read. It is tried again in a few minutes.' },
} as const satisfies Record<string, Two>;
export type Trouble = keyof typeof troubles;

export const opened = (waiting: number, lang: Lang): string =>
  lang === 'ja' ? `読めました。いま${waiting}通あります。これから届くメールを調べます。` : `It can be read and holds ${waiting} mails. Mails that come in from now on are checked.`;

export class MailboxError extends Error {
  readonly trouble: Trouble;
  constructor(trouble: Trouble, detail: string) {
    super(`${trouble}: ${detail}`.slice(0, 500));
    this.trouble = trouble;
  }
}
