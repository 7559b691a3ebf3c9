import type { ConsentKind, Lang } from '@banya/contract';
import { addActionTexts, addProblemTexts } from '../../kernel/texts.ts';
import type { Channel, HistoryRow, TicketState, Urgency } from './schema.ts';

type Two = Record<Lang, string>;

export const house: Two = { ja: '番屋', en: 'Banya' };
export const states: Record<TicketState, Two> = { new: { ja: '新着', en: 'New' }, working: { ja: '対応中', en: 'In progress' }, waiting: { ja: '会員の返事待ち', en: 'Waiting for the member' }, solved: { ja: '解決', en: 'Settled' } };
export const urgencies: Record<Urgency, Two> = { now: { ja: '今すぐ', en: 'Now' }, today: { ja: '今日中', en: 'Today' }, normal: { ja: '通常', en: 'Normal' } };
export const channels: Record<Channel, Two> = { web: { ja: '画面', en: 'Web' }, finding: { ja: '気づき', en: 'Finding' }, phone: { ja: '電話', en: 'Phone' }, mail: { ja: 'メール', en: 'Mail' } };
const outcomes: Record<string, Two> = { known: { ja: '知っている動き', en: 'known' }, handled: { ja: '対応した', en: 'handled' }, false_alarm: { ja: '誤報', en: 'false alarm' } };

/** What the desk asks to see, within a sentence. */
export const lookKinds = (kinds: readonly ConsentKind[], lang: Lang): string => {
  const named = kinds.flatMap((kind) => (kind === 'logs' ? [lang === 'ja' ? 'ログ' : 'logs'] : kind === 'alerts' ? [lang === 'ja' ? '気づき' : 'findings'] : []));
  return named.join(lang === 'ja' ? 'と' : ' and ');
};

/** What one click writes into the conversation, in the language of whoever clicks. */
export const lookSaid = {
  ask: (kinds: readonly ConsentKind[], lang: Lang): string => lang === 'ja'
    ? `この相談を調べるために、デスクが${lookKinds(kinds, lang)}を見てもよいですか。\n担当者か経営者の方が、この相談の画面で「許可する」か「今回は見せない」を選んでください。\n許可は、この相談が解決するまで、長くても30日です。いつでもやめられます。見たことは「誰が見たか」に残ります。`
    : `May the desk look at your ${lookKinds(kinds, lang)} for this question?\nYour lead or an executive chooses “Allow” or “Not this time” on the page of this question.\nIt holds until the question is settled, thirty days at the most, and can be stopped at any time. What is looked at stands under “Who looked”.`,
  allow: (kinds: readonly ConsentKind[], lang: Lang): string => lang === 'ja' ? `この相談が解決するまで（長くても30日）、デスクが${lookKinds(kinds, lang)}を見ることを許可しました。` : `The desk may look at our ${lookKinds(kinds, lang)} until this question is settled, thirty days at the most.`,
  refuse: { ja: '今回は見せないことにしました。', en: 'Not this time, please.' },
};

/** One line of a ticket's history in the reader's language. */
export function historyText({ what, value }: Pick<HistoryRow, 'what' | 'value'>, lang: Lang): string {
  const ja = lang === 'ja';
  const of = (texts: Partial<Record<string, Two>>): string => texts[value ?? '']?.[lang] ?? value ?? '';
  switch (what) {
    case 'opened': return ja ? `相談を受け付けました（${of(channels)}）` : `Question taken (${of(channels)})`;
    case 'assigned': return value === null ? (ja ? '担当を外しました' : 'Nobody’s now') : ja ? `${value}さんが担当になりました` : `${value} takes care of it`;
    case 'state': return ja ? `「${of(states)}」にしました` : `Set to “${of(states)}”`;
    case 'urgency': return ja ? `急ぎ方を「${of(urgencies)}」にしました` : `Urgency set to “${of(urgencies)}”`;
    case 'subject': return ja ? `件名を「${value}」に直しました` : `Subject changed to “${value}”`;
    case 'solved': return ja ? '解決しました' : 'Settled';
    case 'reopened': return ja ? 'もう一度開きました' : 'Opened again';
    case 'merged': return ja ? `${value} にまとめました` : `Merged into ${value}`;
    case 'unmerged': return ja ? 'まとめるのをやめました' : 'Merge undone';
    case 'took_in': return ja ? `${value} をこの相談にまとめました` : `${value} was merged into this one`;
    case 'gave_back': return ja ? `${value} を別の相談に戻しました` : `${value} is a question of its own again`;
    case 'rated': return value === 'good' ? (ja ? '「役に立った」と答えました' : 'Said: it helped') : ja ? '「役に立たなかった」と答えました' : 'Said: it did not help';
    case 'look_asked': return ja ? 'この相談のために見てもよいか、デスクが尋ねました' : 'The desk asked to look for this question';
    case 'look_allowed': return ja ? 'この相談のあいだ、デスクが見ることを許可しました' : 'Allowed the desk to look for this question';
    case 'look_refused': return ja ? '「今回は見せない」と答えました' : 'Answered: not this time';
    case 'look_withdrawn': return ja ? 'デスクが見る許可をやめました' : 'The desk may look no longer';
    case 'finding_closed': return ja ? `もとの気づきが閉じられました（${of(outcomes)}）` : `The finding was closed (${of(outcomes)})`;
  }
}

addProblemTexts({
  other_member: {
    title: { ja: '別の会員の相談とはまとめられません', en: 'It belongs to another member' },
    detail: { ja: 'まとめると、会員どうしで中身が見えてしまいます。', en: 'Merged, the two members would read each other’s messages.' },
    remedy: { ja: '同じ会員の相談を選んでください。', en: 'Choose a question of the same member.' },
  },
  merge_not_possible: {
    title: { ja: 'この相談にはまとめられません', en: 'These cannot be merged' },
    detail: { ja: '同じ相談か、すでにまとめたものか、解決したものです。', en: 'It is the same question, merged already, or settled.' },
    remedy: { ja: 'まだ開いている、ほかの相談を選んでください。', en: 'Choose another question that is still open.' },
  },
  not_merged: {
    title: { ja: 'まとめられていません', en: 'It is not merged' },
    detail: { ja: 'この相談は、すでに別の相談に戻っています。', en: 'This question stands by itself already.' },
  },
  ticket_merged: {
    title: { ja: '別の相談にまとめてあります', en: 'It was merged into another' },
    detail: { ja: 'この相談は別の相談にまとめたので、そちらで続けています。', en: 'This question was merged and goes on in the other one.' },
    remedy: { ja: 'まとめた先の相談を開いてください。', en: 'Open the one it was merged into.' },
  },
  not_on_desk: {
    title: { ja: 'デスクの方を選んでください', en: 'Choose somebody of the desk' },
    detail: { ja: '相談を担当できるのは、デスクの役割を持つ方だけです。', en: 'Only people with a role at the desk can take care of a question.' },
  },
  ticket_settled: {
    title: { ja: 'この相談は解決しています', en: 'This question is settled' },
    detail: { ja: '見てもよいかを尋ねられるのは、解決していない相談だけです。', en: 'The desk can ask to look for open questions only.' },
    remedy: { ja: '必要なら、相談をもう一度開いてください。', en: 'Open the question again if you need to.' },
  },
  not_solved_yet: {
    title: { ja: 'まだ解決していません', en: 'Not settled yet' },
    detail: { ja: '役に立ったかどうかは、解決してからお聞きします。', en: 'We ask whether it helped once it is settled.' },
  },
  desk_cannot_rate: {
    title: { ja: '会員の方だけが答えられます', en: 'Only the member answers this' },
    detail: { ja: '役に立ったかどうかは、相談した会員の方にうかがいます。', en: 'Whether it helped is for the member to say.' },
  },
  question_shared: {
    title: { ja: 'ほかの人も同じことをたずねています', en: 'Others have asked the same' },
    detail: { ja: '同じメールを報告した人が、デスクの答えを待っています。', en: 'People who reported the same mail wait for the desk.' },
    remedy: { ja: 'そのままで大丈夫です。デスクが終わりにします。', en: 'Leave it as it is; the desk settles it.' },
  },
  too_many_templates: {
    title: { ja: 'ひな形がいっぱいです', en: 'There are too many templates' },
    detail: { ja: 'ひな形は{limit}件まで置けます。', en: 'At most {limit} templates can be kept.' },
    remedy: { ja: '使わないものを消してください。', en: 'Remove those you do not use.' },
  },
});

addActionTexts({
  'desk.asked': { ja: 'デスクに相談しました', en: 'Asked the desk' },
  'desk.written': { ja: '相談に書き込みました', en: 'Wrote in a question' },
  'desk.replied': { ja: 'デスクが相談に答えました', en: 'The desk answered a question' },
  'desk.mail_taken': { ja: 'メールの相談や返事を受け取りました', en: 'Took a question or reply by mail' },
  'desk.read': { ja: 'デスクが相談を読みました', en: 'The desk read a question' },
  'desk.updated': { ja: '相談の担当や状態を変えました', en: 'Changed the owner or state of a question' },
  'desk.solved': { ja: '相談を解決にしました', en: 'Settled a question' },
  'desk.reopened': { ja: '相談をもう一度開きました', en: 'Opened a question again' },
  'desk.merged': { ja: '相談をまとめました', en: 'Merged questions' },
  'desk.unmerged': { ja: '相談をまとめるのをやめました', en: 'Undid a merge of questions' },
  'desk.rated': { ja: '相談が役に立ったか答えました', en: 'Said whether an answer helped' },
  'desk.noted': { ja: 'デスクのメモを書きました', en: 'Wrote an internal note of the desk' },
  'desk.looked_up': { ja: '電話のために名簿を見ました', en: 'Looked people up during a call' },
  'desk.exported': { ja: '相談の一覧を書き出しました', en: 'Exported the queue' },
  'desk.template_saved': { ja: '回答のひな形を書きました', en: 'Wrote an answer template' },
  'desk.template_removed': { ja: '回答のひな形を消しました', en: 'Removed an answer template' },
  'desk.article_created': { ja: '知恵袋の記事を書きました', en: 'Wrote a knowledge article' },
  'desk.article_updated': { ja: '知恵袋の記事を直しました', en: 'Changed a knowledge article' },
  'desk.times_set': { ja: 'デスクの時間と返事の目安を変えました', en: 'Changed the desk’s hours and times' },
});
