import type { Lang } from '@banya/contract';
import { formatDay } from '@banya/jp';
import type { ReportData } from './types.ts';
import { monthTitle } from './words.ts';

const MAIL_HOUR = 8;

/** Eight in the morning there, or at once when that has passed: nobody wants a mail at three. */
export function mailTime(now: Date, zone: string): Date {
  const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(now));
  return hour >= MAIL_HOUR ? now : new Date(now.getTime() + (MAIL_HOUR - hour) * 3_600_000 - (now.getTime() % 3_600_000));
}

export interface ReportMail {
  readonly name: string;
  readonly orgName: string;
  readonly month: string;
  /** null: the federation's report, which is read in its PDF. */
  readonly data: ReportData | null;
  readonly url: string;
}

const words = {
  ja: {
    subject: (title: string, org: string) => `【番屋】${title}の報告書ができました（${org}）`, hello: (name: string) => `${name}さん`, ready: (title: string) => `${title}の報告書ができました。1分で読めます。`, nothing: 'お願いすることはありません。', todo: 'お願いしたいこと',
    by: (day: string, owner: string | null) => `（${day}まで${owner ? `、${owner}さん` : ''}）`, open: '報告書を開く', federation: (title: string) => `全会員の${title}の報告書ができました。1ページ目に全会員、そのあとに会員ごとのページがあります。`,
  },
  en: {
    subject: (title: string, org: string) => `Banya: the report for ${title} is ready (${org})`, hello: (name: string) => `Dear ${name}`, ready: (title: string) => `The report for ${title} is ready. It takes a minute to read.`, nothing: 'Nothing is asked of you.', todo: 'What we ask of you',
    by: (day: string, owner: string | null) => ` (by ${day}${owner ? `, ${owner}` : ''})`, open: 'Open the report', federation: (title: string) => `The members' report for ${title} is ready: all members on the first page, then a page each.`,
  },
} as const;

/** The mail of the first of the month: the verdict and what to do, so that reading the mail alone is enough. */
export function reportMail({ name, orgName, month, data, url }: ReportMail, lang: Lang): { subject: string; text: string } {
  const t = words[lang];
  const title = monthTitle(month)[lang];
  if (!data) return { subject: t.subject(title, orgName), text: [t.hello(name), '', t.federation(title), '', t.open, url, ''].join('\n') };
  const todo = data.actions.length === 0 ? [t.nothing] : [t.todo, ...data.actions.map((a, i) => `${i + 1}. ${a.text[lang]}\n   ${a.step[lang]}${t.by(formatDay(a.due, { lang }), a.owner)}`)];
  return { subject: t.subject(title, orgName), text: [t.hello(name), '', t.ready(title), '', data.verdict.text[lang], '', ...todo, '', t.open, url, ''].join('\n') };
}
