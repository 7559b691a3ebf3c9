import type { Lang } from '@banya/contract';
import { CUT_LINE } from './inbound/rules.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
}
export interface Letterhead {
  readonly lang: Lang;
  readonly personName: string;
  readonly orgName: string;
  /** Address of the installation, without a slash at its end. */
  readonly url: string;
  readonly deskPhone: string | null;
}
export interface MailTicket {
  readonly id: string;
  readonly orgId: string;
  readonly deskOrgId: string;
  readonly number: string;
  readonly subject: string;
}

const ANSWER_MAX = 4000;
export const LISTED_MAX = 10;

function ending(head: Letterhead): string {
  if (head.lang === 'ja') return `${head.deskPhone ? `\n急ぐとき：デスク ${head.deskPhone}\n` : ''}\n番屋がメールでパスワードを尋ねることはありません。\n`;
  return `${head.deskPhone ? `\nIn a hurry? Phone the desk: ${head.deskPhone}\n` : ''}\nBanya never asks for a password by mail.\n`;
}

const memberPage = (head: Letterhead, t: MailTicket): string => `${head.url}/o/${t.orgId}/tickets/${t.id}`;
const deskPage = (head: Letterhead, t: MailTicket): string => `${head.url}/o/${t.deskOrgId}/desk/${t.id}`;

/** To who asked: the desk has answered, or settled it, or both. `answer` null: nothing was written. `byMail`: a reply to this mail reaches the desk. */
export function answerMail(head: Letterhead, ticket: MailTicket, answer: string | null, solved: boolean, byMail = false): MailText {
  const { number, subject } = ticket;
  const url = memberPage(head, ticket);
  const whole = answer === null || answer.length <= ANSWER_MAX;
  const quoted = answer === null ? '' : `\n${answer.slice(0, ANSWER_MAX).toWellFormed()}\n${whole ? '' : head.lang === 'ja' ? '（続きは下のページにあります）\n' : '(The rest is on the page below.)\n'}`;
  if (head.lang === 'ja') {
    const what = answer === null ? 'デスクが「解決」にしました。' : solved ? 'デスクから返事が届き、「解決」になりました。' : 'デスクから返事が届きました。';
    return {
      subject: answer === null ? `【番屋】ご相談 #${number} が解決しました` : `【番屋】ご相談 #${number} に返事が届きました`,
      text: `${byMail ? `${CUT_LINE.ja}\n\n` : ''}${head.personName}さん（${head.orgName}）\n\n「${subject}」について、${what}\n${quoted}\n${solved ? 'まだ困っているときは、下のページからいつでも続けられます。\n役に立ったかどうかも、一押しで教えてください。' : byMail ? 'このメールに返信すると、デスクに届きます。\n画面で返事を書く・「解決した」を押す：' : '返事を書く・「解決した」を押す：'}\n${url}\n${ending(head)}`,
    };
  }
  const what = answer === null ? 'The desk has settled it.' : solved ? 'The desk has answered and settled it.' : 'The desk has answered.';
  return {
    subject: answer === null ? `Banya: your question #${number} is settled` : `Banya: an answer to your question #${number}`,
    text: `${byMail ? `${CUT_LINE.en}\n\n` : ''}Dear ${head.personName} (${head.orgName}),\n\nAbout “${subject}”: ${what}\n${quoted}\n${solved ? 'Still in trouble? Go on at any time on the page below.\nThere you can also say, with one tap, whether it helped.' : byMail ? 'Reply to this mail and the desk gets it.\nOr reply on the page, or say that it is settled:' : 'Reply, or say that it is settled:'}\n${url}\n${ending(head)}`,
  };
}

/** To those who may change consents: the desk asks to look for a question, in these words. Answered on the page alone, since a sender's name proves nothing. */
export function lookMail(head: Letterhead, ticket: MailTicket, asked: string): MailText {
  const url = memberPage(head, ticket);
  return head.lang === 'ja'
    ? {
        subject: `【番屋】デスクからのお願い：見てもよいか、お答えください（ご相談 #${ticket.number}）`,
        text: `${head.personName}さん（${head.orgName}）

「${ticket.subject}」について、デスクからのお願いです。

${asked}

ボタンを押すだけで答えられます。このメールに返信しても、許可にはなりません。
下のページで選んでください：
${url}
${ending(head)}`,
      }
    : {
        subject: `Banya: may the desk look? (question #${ticket.number})`,
        text: `Dear ${head.personName} (${head.orgName}),

The desk asks you something about “${ticket.subject}”.

${asked}

One click answers it. A reply to this mail allows nothing.
Choose on this page:
${url}
${ending(head)}`,
      };
}

/** To the desk: a member has registered a sender of logs that somebody must confirm. */
export function confirmMail(head: Letterhead, member: string, deskOrgId: string): MailText {
  const url = `${head.url}/o/${deskOrgId}/members/unknown`;
  return head.lang === 'ja'
    ? {
        subject: `【番屋】ログの送り主の確認をお願いします（${member}）`,
        text: `${head.personName}さん\n\n${member}が、ログを送る機器をIPアドレスか証明書で登録しました。\n本当にその会員の機器か、電話などで確かめてください。\n下の画面で「確かめた」を押すと、受け取りが始まります。それまでログは数えるだけで、残しません。\n\n画面を開く：${url}\n\n番屋がメールでパスワードを尋ねることはありません。\n`,
      }
    : {
        subject: `Banya: please confirm a sender of logs (${member})`,
        text: `Dear ${head.personName},\n\n${member} has registered a device that sends logs, by its address or certificate. Ask the member, for instance by phone, whether it is theirs.\nThen press “Confirm” on the page below, and its lines are kept. Until then they are only counted.\n\nOpen the page: ${url}\n\nBanya never asks for a password by mail.\n`,
      };
}

/** To the desk: somebody cannot wait. */
export function urgentMail(head: Letterhead, ticket: MailTicket, member: string, callback: string | null): MailText {
  const url = deskPage(head, ticket);
  return head.lang === 'ja'
    ? {
        subject: `【番屋・今すぐ】相談 #${ticket.number}（${member}）`,
        text: `${head.personName}さん\n\n${member}から「今すぐ」の相談が来ています。まだ誰も受けていません。\n\n「${ticket.subject}」\n${callback ? `折り返し先：${callback}\n` : ''}\n開いて受ける：${url}\n\n番屋がメールでパスワードを尋ねることはありません。\n`,
      }
    : {
        subject: `Banya, now: question #${ticket.number} (${member})`,
        text: `Dear ${head.personName},\n\n${member} has a question that cannot wait. Nobody has taken it yet.\n\n“${ticket.subject}”\n${callback ? `Call back: ${callback}\n` : ''}\nOpen and take it: ${url}\n\nBanya never asks for a password by mail.\n`,
      };
}

/** To the desk: so many cannot wait that they are not told one by one. */
export function urgentManyMail(head: Letterhead, deskOrgId: string, many: number): MailText {
  const url = `${head.url}/o/${deskOrgId}/desk`;
  return head.lang === 'ja'
    ? {
        subject: `【番屋・今すぐ】「今すぐ」の相談が、${many}件より多く待っています`,
        text: `${head.personName}さん\n\n気づきから始まった「今すぐ」の相談が${many}件より多くあり、まだ誰も受けていません。\nメールが多くなりすぎないよう、${many}件以下になるまで、お知らせは1時間に1通にします。\n人からの相談は、これまでどおり1件ずつお知らせします。\n一覧を開いて、手分けして受けてください。同じことの相談なら、まとめられます。\n\n一覧を開く：${url}\n\n番屋がメールでパスワードを尋ねることはありません。\n`,
      }
    : {
        subject: `Banya, now: more than ${many} questions cannot wait`,
        text: `Dear ${head.personName},\n\nMore than ${many} questions that cannot wait have come from findings, and nobody has taken them yet.\nTo spare you a flood of mails there is one an hour until they are ${many} or fewer.\nWhat people ask is told one by one as before.\nPlease open the list and share them out. Questions about the same thing can be merged.\n\nThe list: ${url}\n\nBanya never asks for a password by mail.\n`,
      };
}

/** To the desk: somebody who reported a mail has opened it, where the question was there already. `asked`: where several reported it. */
export function raisedMail(head: Letterhead, ticket: MailTicket, member: string, asked: { readonly people: number; readonly touched: number } | null): MailText {
  const url = deskPage(head, ticket);
  return head.lang === 'ja'
    ? {
        subject: `【番屋・今すぐ】相談 #${ticket.number}：メールを開いた人がいます（${member}）`,
        text: `${head.personName}さん\n\n${member}で、報告されたメールを開いた（押した、入力した）人がいます。\n${asked ? `報告した人は${asked.people}人、うち開いた人は${asked.touched}人です。\n` : ''}\n「${ticket.subject}」\n\n開いた人に、すぐ電話してください。\nだれが何をしたかを見る：${url}\n\n番屋がメールでパスワードを尋ねることはありません。\n`,
      }
    : {
        subject: `Banya, now: question #${ticket.number}, a mail was opened (${member})`,
        text: `Dear ${head.personName},\n\nSomebody at ${member} has opened a mail that was reported, or clicked or typed something.\n${asked ? `${asked.people} people reported it, ${asked.touched} of them opened it.\n` : ''}\n“${ticket.subject}”\n\nPhone whoever opened it at once.\nSee who did what: ${url}\n\nBanya never asks for a password by mail.\n`,
      };
}

/** To the desk: times that have run out, in one mail. */
export function lateMail(head: Letterhead, tickets: readonly (MailTicket & { readonly member: string })[]): MailText {
  const listed = tickets.slice(0, LISTED_MAX);
  const more = tickets.length - listed.length;
  const list = listed.map((t) => `#${t.number} ${t.member}${head.lang === 'ja' ? `「${t.subject}」` : ` “${t.subject}”`}\n   ${deskPage(head, t)}`).join('\n\n');
  return head.lang === 'ja'
    ? {
        subject: `【番屋】返事の目安を過ぎた相談：${tickets.length}件`,
        text: `${head.personName}さん\n\n次の相談が、返事や解決の目安の時間を過ぎました。同じ相談のお知らせはこの一度だけです。\n\n${list}\n${more > 0 ? `\nほか${more}件は一覧にあります。\n` : ''}\n番屋がメールでパスワードを尋ねることはありません。\n`,
      }
    : {
        subject: `Banya: ${tickets.length === 1 ? 'one question is' : `${tickets.length} questions are`} late`,
        text: `Dear ${head.personName},\n\nThe time set for an answer has passed for these. You hear of each only once.\n\n${list}\n${more > 0 ? `\n${more} more are in the queue.\n` : ''}\nBanya never asks for a password by mail.\n`,
      };
}
