import { formatDay } from '@banya/jp';
import type { ReportData } from './types.ts';
import { monthTitle } from './words.ts';

export interface ReportMail {
  readonly name: string;
  readonly orgName: string;
  readonly month: string;
  readonly data: ReportData;
  readonly url: string;
}

/** The mail of the first of the month: the verdict and what to do, so that reading the mail alone is enough. */
export function reportMail({ name, orgName, month, data, url }: ReportMail): { subject: string; text: string } {
  const title = monthTitle(month).ja;
  const todo = data.actions.length === 0
    ? ['お願いすることはありません。']
    : ['お願いしたいこと', ...data.actions.map((a, i) => `${i + 1}. ${a.text.ja}\n   ${a.step.ja}（${formatDay(a.due)}まで${a.owner ? `、${a.owner}さん` : ''}）`)];
  return {
    subject: `${title}の報告ができました（${orgName}）`,
    text: [`${name} 様`, '', `${title}の報告ができました。1分で読めます。`, '', data.verdict.text.ja, '', ...todo, '', '報告を開く', url, ''].join('\n'),
  };
}
