import { createHmac } from 'node:crypto';
import type { Lang } from '@banya/contract';

/** When a member is told, and how a notice looks where it is posted. Pure. */

const DAY = 86_400_000;
export const WEEK_MS = 7 * DAY;
/** In seven days, but for what must be acted on at once: the weekly mail and one more. */
export const NOTICES_A_WEEK = 2;

export type Urgency = 'now' | 'look' | 'week';
export interface Policy {
  /** Minutes of the day. */
  readonly quietFrom: number;
  readonly quietUntil: number;
  readonly look: boolean;
}
export const USUAL: Policy = { quietFrom: 22 * 60, quietUntil: 7 * 60, look: true };

/** Minutes until the quiet hours end; 0 outside of them. `minute`: minutes of the day in the organisation's zone. */
export function quietFor({ quietFrom, quietUntil }: Policy, minute: number): number {
  if (quietFrom === quietUntil) return 0;
  const since = (minute - quietFrom + 1440) % 1440;
  const length = (quietUntil - quietFrom + 1440) % 1440;
  return since < length ? length - since : 0;
}

/** Whether a notice that can wait may still be told: one place of the week belongs to the weekly mail. */
export const mayLook = (policy: Policy, toldInWeek: readonly Urgency[]): boolean => policy.look && toldInWeek.filter((u) => u === 'look').length < NOTICES_A_WEEK - 1;

/** A notice, ready in one language. */
export interface Notice {
  readonly id: string;
  readonly at: string;
  readonly urgency: Urgency;
  readonly organisation: { readonly id: string; readonly name: string };
  readonly title: string;
  readonly text: string;
  /** What to do, at least one step. */
  readonly steps: readonly string[];
  readonly callWhen: string | null;
  readonly url: string;
  /** Who wrote the rule: stands in every message made from it (Detection Rule License 1.1, section 2). */
  readonly rule: { readonly id: string; readonly title: string; readonly author: string; readonly license: string; readonly references: readonly string[] } | null;
}

const words = {
  ja: { now: '今すぐ', look: '見てください', week: '今週やること', steps: '今すること', call: '電話すべき時', open: 'くわしく見る', rule: (title: string, author: string, license: string) => `もとの規則：${title}（作者 ${author || '不明'}、ライセンス ${license || '不明'}）` },
  en: { now: 'Now', look: 'Please look', week: 'This week', steps: 'What to do', call: 'When to phone', open: 'More', rule: (title: string, author: string, license: string) => `Rule: ${title} (author ${author || 'unknown'}, licence ${license || 'unknown'})` },
} as const;

/** The line that names the author of a rule; empty for our own, whose author is this house. */
export const creditLine = (rule: Notice['rule'], lang: Lang): string => (rule === null || rule.author === 'Banya' ? '' : words[lang].rule(rule.title, rule.author, rule.license));

export type Form = 'json' | 'teams' | 'slack';

/** The body of a post: our own JSON, an Adaptive Card as Teams' workflows take it, or blocks as Slack-like webhooks do. */
export function bodyOf(form: Form, notice: Notice, lang: Lang): string {
  const w = words[lang];
  const head = `${w[notice.urgency]}：${notice.title}`;
  const steps = notice.steps.map((step, i) => `${i + 1}. ${step}`);
  const credit = creditLine(notice.rule, lang);
  if (form === 'json') return JSON.stringify({ version: 1, ...notice });
  if (form === 'teams') {
    const block = (text: string, more: object = {}) => ({ type: 'TextBlock', text: plainMarkdown(text), wrap: true, ...more });
    return JSON.stringify({
      type: 'message',
      attachments: [{
        contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.4', lang,
          body: [block(head, { weight: 'Bolder', size: 'Medium' }), block(notice.organisation.name, { isSubtle: true }), block(notice.text), block(w.steps, { weight: 'Bolder' }), ...steps.map((s) => block(s)), ...(notice.callWhen ? [block(`${w.call}：${notice.callWhen}`)] : []), ...(credit ? [block(credit, { isSubtle: true, size: 'Small' })] : [])],
          actions: [{ type: 'Action.OpenUrl', title: w.open, url: notice.url }],
        },
      }],
    });
  }
  // verbatim: Slack makes links of bare addresses and mentions of bare names by itself otherwise.
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', verbatim: true, text: text.slice(0, 2900) } });
  return JSON.stringify({
    text: slackText(head),
    blocks: [section(`*${slackText(head)}*\n${slackText(notice.organisation.name)}`), section(slackText(notice.text)), section(`*${w.steps}*\n${steps.map(slackText).join('\n')}`), ...(notice.callWhen ? [section(slackText(`${w.call}：${notice.callWhen}`))] : []), section(`<${notice.url}|${w.open}>`), ...(credit ? [{ type: 'context', elements: [{ type: 'mrkdwn', verbatim: true, text: slackText(credit) }] }] : [])],
  });
}

/** Values from log lines must not become links or mentions. */
const slackText = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/([*_~`])/g, '\u200b$1');
/** Clients of Teams may make links of bare addresses, and nothing in a card forbids it: none is left bare. */
const plainMarkdown = (text: string): string => text.replace(/([\\[\]*_`])/g, '\\$1').replace(/(:\/)(?=\/)|(?<=\bwww)(?=\.)/gi, '$1\u200b');

/** `t=<seconds>,v1=<hex>`: HMAC-SHA-256 over "seconds.body" with the channel's secret, so that a post can be neither made nor sent again later by others. */
export function signature(secret: string, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

const WAITS_MIN = [1, 5, 30, 120, 240] as const;
export const POST_HOURS = 24;
/** When a post that was not taken is tried again; null when a day has passed. */
export function nextPost(tries: number, createdAt: Date, now: Date): Date | null {
  if (now.getTime() - createdAt.getTime() >= POST_HOURS * 3_600_000) return null;
  return new Date(now.getTime() + WAITS_MIN[Math.min(Math.max(tries, 1), WAITS_MIN.length) - 1]! * 60_000);
}

/** Whether an answer means that it will never be taken as it is: everything of 4xx but "later". */
export const refusedForGood = (status: number): boolean => status >= 300 && status < 500 && status !== 408 && status !== 425 && status !== 429;
