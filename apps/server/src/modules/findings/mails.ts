import type { Lang } from '@banya/contract';
import type { RenderedExplanation } from '@banya/library';
import type { Card } from './rules.ts';
import type { RuleFacts } from './schema.ts';

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
  readonly orgId: string;
  readonly deskPhone: string | null;
}

const page = (head: Letterhead, path: string): string => `${head.url}/o/${head.orgId}/${path}`;
const pages: Readonly<Record<Card['kind'], string>> = { finding: 'findings', ticket: 'tickets', source: 'devices', people: 'people', restore: 'home', report: 'reports', warning: 'warnings' };
/** These have a page of their own by id. */
const cardPage = (head: Letterhead, card: Card): string => page(head, card.target !== null && (card.kind === 'finding' || card.kind === 'ticket' || card.kind === 'warning') ? `${pages[card.kind]}/${card.target}` : pages[card.kind]);

function ending(head: Letterhead): string {
  if (head.lang === 'ja') return `${head.deskPhone ? `\n急ぐとき・迷ったとき：デスク ${head.deskPhone}\n` : ''}\n番屋がメールでパスワードを尋ねることはありません。\n`;
  return `${head.deskPhone ? `\nUrgent or unsure? Phone the desk: ${head.deskPhone}\n` : ''}\nBanya never asks for a password by mail.\n`;
}

/** Who wrote the rule of others that found it, as their licences ask; nothing of our own rules. */
export function ruleCredit(rule: { readonly title: string; readonly author: string; readonly license: string }): { ja: string; en: string } | null {
  if (rule.author === 'Banya') return null;
  return {
    ja: `もとの規則：${rule.title}（作者：${rule.author || '不明'}、ライセンス：${rule.license || '不明'}）`,
    en: `Found by the rule “${rule.title}” (author: ${rule.author || 'unknown'}, licence: ${rule.license || 'unknown'})`,
  };
}

/** Monday's mail: at most five lines, or that there is nothing to do. */
export function weeklyMail(head: Letterhead, cards: readonly Card[]): MailText {
  const ja = head.lang === 'ja';
  const minutes = cards.reduce((sum, c) => sum + c.minutes, 0);
  const greeting = ja ? `${head.personName}さん（${head.orgName}）\n\n` : `Dear ${head.personName} (${head.orgName}),\n\n`;
  if (cards.length === 0) {
    return ja
      ? { subject: '【番屋】今週やることはありません', text: `${greeting}今週、してほしいことはありません。番屋が見張りを続けています。\n\n先週の結果：${page(head, 'home')}\n${ending(head)}` }
      : { subject: 'Banya: nothing to do this week', text: `${greeting}There is nothing for you to do this week. Banya keeps watch.\n\nLast week’s results: ${page(head, 'home')}\n${ending(head)}` };
  }
  const credit = (c: Card): string => (c.credit ? `\n   ${c.credit[head.lang]}` : '');
  const list = cards.map((c, i) => (ja ? `${i + 1}. ${c.title.ja}\n   ${c.step.ja}（${c.minutes}分）\n   ${cardPage(head, c)}${credit(c)}` : `${i + 1}. ${c.title.en}\n   ${c.step.en} (${c.minutes} min)\n   ${cardPage(head, c)}${credit(c)}`)).join('\n\n');
  return ja
    ? { subject: `【番屋】今週やること：${cards.length}つ（約${minutes}分）`, text: `${greeting}今週やることは${cards.length}つ、合わせて約${minutes}分です。\n\n${list}\n${ending(head)}` }
    : { subject: `Banya: ${cards.length === 1 ? 'one thing' : `${cards.length} things`} to do this week (about ${minutes} min)`, text: `${greeting}To do this week: ${cards.length}, about ${minutes} minutes in all.\n\n${list}\n${ending(head)}` };
}

/** About one thing that cannot wait. */
export function nowMail(head: Letterhead, findingId: string, told: RenderedExplanation, members = 0, rule: RuleFacts | null = null): MailText {
  const credit = rule === null ? '' : creditOf(head, rule);
  const elsewhere = members === 0 ? '' : head.lang === 'ja' ? `同じ相手が関わる動きが、あなたの組織を含めて少なくとも${members}会員で見つかっています。\n` : `The same was seen at ${members} members at least, yours among them.\n`;
  const steps = told.doNow.map((step, i) => `${i + 1}. ${step}`).join('\n');
  const url = page(head, `findings/${findingId}`);
  return head.lang === 'ja'
    ? {
        subject: `【番屋・今すぐ】${told.title}`,
        text: `${head.personName}さん（${head.orgName}）\n\n${told.whatHappened}\n${told.stopped}\n${told.whose}\n${told.certainty}\n${elsewhere}\n■今すること\n${steps}\n\n■電話すべき時\n${told.callWhen}\n\n■してはいけないこと\n${told.doNot}\n\nくわしく見る：${url}\n${credit}${ending(head)}`,
      }
    : {
        subject: `Banya, now: ${told.title}`,
        text: `Dear ${head.personName} (${head.orgName}),\n\n${told.whatHappened}\n${told.stopped}\n${told.whose}\n${told.certainty}\n${elsewhere}\nWhat to do now\n${steps}\n\nWhen to phone\n${told.callWhen}\n\nWhat not to do\n${told.doNot}\n\nMore: ${url}\n${credit}${ending(head)}`,
      };
}

/** The same as a paragraph, with where to read on. */
function creditOf(head: Letterhead, rule: RuleFacts): string {
  const credit = ruleCredit(rule)?.[head.lang];
  return credit === undefined ? '' : `\n${credit}${rule.references.slice(0, 3).map((r) => `\n${r}`).join('')}\n`;
}

/** What came to be looked at, gathered: at most once a week beside Monday's mail. */
export function lookMail(head: Letterhead, cards: readonly Card[], rules: readonly RuleFacts[], more: boolean): MailText {
  const ja = head.lang === 'ja';
  const credits = [...new Set(rules.map((rule) => creditOf(head, rule)))].join('');
  const list = cards.map((c, i) => (ja ? `${i + 1}. ${c.title.ja}\n   ${c.step.ja}（${c.minutes}分）\n   ${cardPage(head, c)}` : `${i + 1}. ${c.title.en}\n   ${c.step.en} (${c.minutes} min)\n   ${cardPage(head, c)}`)).join('\n\n');
  const url = page(head, 'findings');
  return ja
    ? { subject: `【番屋】見てほしい気づき：${cards.length}つ`, text: `${head.personName}さん（${head.orgName}）\n\n今週のうちに見てほしいことがあります。\n\n${list}\n${more ? `\nほかにもあります。一覧：${url}\n` : ''}${credits}${ending(head)}` }
    : { subject: `Banya: ${cards.length === 1 ? 'one finding' : `${cards.length} findings`} to look at`, text: `Dear ${head.personName} (${head.orgName}),\n\nPlease look at this within the week.\n\n${list}\n${more ? `\nThere are more. The list: ${url}\n` : ''}${credits}${ending(head)}` };
}

/** The one mail about all the rest of a day. */
export function moreMail(head: Letterhead): MailText {
  const url = page(head, 'findings');
  return head.lang === 'ja'
    ? { subject: '【番屋・今すぐ】ほかにも急ぐ気づきがあります', text: `${head.personName}さん（${head.orgName}）\n\n先にお知らせしたもののほかにも、急いで見てほしい気づきがあります。\nメールが多くならないよう、今日はこのメールで最後にします。一覧で全部を見てください。\n\n一覧：${url}\n${ending(head)}` }
    : { subject: 'Banya, now: there are more urgent findings', text: `Dear ${head.personName} (${head.orgName}),\n\nBesides those we wrote about, there are more findings that cannot wait.\nTo spare you a flood of mails this is the last one today: please look at the list.\n\nThe list: ${url}\n${ending(head)}` };
}
