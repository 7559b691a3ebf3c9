import type { Lang } from '@banya/contract';
import type { Reason } from '@banya/mail';
import type { Letterhead, MailText } from '../mails.ts';
import { defangText } from './defang.ts';
import type { Facts } from './rules.ts';
import { shouldCall } from './rules.ts';
import { doNow, headline } from './texts.ts';

const REASONS_MAX = 3;
const SUBJECT_MAX = 80;

export interface AnsweredMail extends Facts {
  readonly id: string;
  readonly orgId: string;
  readonly subject: string;
  readonly reasons: readonly Pick<Reason, 'text' | 'severity'>[];
}

/** Reasons that speak for the verdict, in the reader's language, made harmless: a mail program turns names of hosts into links. */
export function reasonLines(reasons: AnsweredMail['reasons'], lang: Lang): string[] {
  return reasons.slice(0, REASONS_MAX).map((r) => defangText(r.text[lang]));
}

/** The answer to whoever asked: what it is, whom to phone where that is due, what to do now, and only then why. Its only link is the page of this mail. */
export function sampleAnswerMail(head: Letterhead, mail: AnsweredMail): MailText {
  const ja = head.lang === 'ja';
  const url = `${head.url}/o/${mail.orgId}/mails/${mail.id}`;
  const asked = defangText(mail.subject).slice(0, SUBJECT_MAX).toWellFormed() || (ja ? '（件名なし）' : '(no subject)');
  const word = headline(mail, head.lang);
  const reasons = mail.state === 'judged' ? reasonLines(mail.reasons, head.lang) : [];
  const steps = doNow(mail, head.lang, head.deskPhone);
  const call = shouldCall(mail);
  const why = reasons.length === 0 ? '' : `${ja ? '理由' : 'Why'}\n${reasons.map((r) => `・${r}`).join('\n')}\n\n`;
  const now = steps.length === 0 ? '' : `${ja ? '今すること' : 'What to do now'}\n${steps.map((s, i) => `${i + 1}. ${s}`).join('\n')}\n\n`;
  const urgent = !call ? '' : ja ? `今すぐ、デスクに電話してください${head.deskPhone ? `：${head.deskPhone}` : '。'}\n\n` : `Phone the desk now${head.deskPhone ? `: ${head.deskPhone}` : '.'}\n\n`;
  const calm = mail.state === 'drill' || mail.decision === 'harmless' || mail.decision === 'unwanted' || (mail.decision === null && mail.verdict === 'clear');
  const when = calm ? (ja ? '困ったときは' : 'In trouble? Phone') : ja ? '開いたり入力したりしたら、すぐ電話を' : 'Opened or typed something? Phone at once';
  const phone = call || !head.deskPhone ? '' : ja ? `${when}：デスク ${head.deskPhone}\n\n` : `${when}: the desk, ${head.deskPhone}\n\n`;
  return ja
    ? { subject: `【番屋】おたずねのメール：${word}`, text: `${head.personName}さん（${head.orgName}）\n\n「${asked}」\n→ ${word}\n\n${urgent}${now}${phone}${why}くわしくは、このページにあります：\n${url}\n\n番屋がメールでパスワードを尋ねることはありません。\n` }
    : { subject: `Banya, the mail you asked about: ${word}`, text: `Dear ${head.personName} (${head.orgName}),\n\n“${asked}”\n→ ${word}\n\n${urgent}${now}${phone}${why}More on this page:\n${url}\n\nBanya never asks for a password by mail.\n` };
}

/** To somebody in whose name more mails have come today than are answered by mail: where the other answers are, and what to do if it was somebody else. */
export function answersHeldMail(head: Letterhead, orgId: string): MailText {
  const url = `${head.url}/o/${orgId}/mails`;
  const ja = head.lang === 'ja';
  const phone = head.deskPhone ? (ja ? `（${head.deskPhone}）` : ` (${head.deskPhone})`) : '';
  return ja
    ? { subject: '【番屋】今日のメールでのお答えは、ここまでです', text: `${head.personName}さん（${head.orgName}）\n\nおたずねのメールを、今日はたくさん受け取りました。\n続きの結果は、このページにあります：\n${url}\n\n送った覚えがないときは、だれかがあなたの名前で送っています。\nデスクに電話してください${phone}。\n\n番屋がメールでパスワードを尋ねることはありません。\n` }
    : { subject: 'Banya: no more answers by mail today', text: `Dear ${head.personName} (${head.orgName}),\n\nMany mails to check have come from your address today.\nThe other results are on this page:\n${url}\n\nIf you did not send them, somebody is sending in your name.\nPlease phone the desk${phone}.\n\nBanya never asks for a password by mail.\n` };
}
