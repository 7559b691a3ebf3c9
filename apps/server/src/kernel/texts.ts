import type { Lang } from '@banya/contract';
import type { ProblemParams } from './errors.ts';

/** Plain words for every problem code: what happened, what it means, what to do. Slots in braces come from the problem. */
export interface ProblemText {
  readonly title: Record<Lang, string>;
  readonly detail: Record<Lang, string>;
  readonly remedy?: Record<Lang, string>;
}

const catalogue = new Map<string, ProblemText>();

/** Registers a module's problem texts; a code is registered once. */
export function addProblemTexts(texts: Readonly<Record<string, ProblemText>>): void {
  for (const [code, text] of Object.entries(texts)) {
    if (catalogue.has(code) && catalogue.get(code) !== text) throw new Error(`problem code ${code} has two texts`);
    catalogue.set(code, text);
  }
}

export function problemText(code: string): ProblemText | undefined {
  return catalogue.get(code);
}

export function fill(text: string, params: ProblemParams, lang: Lang): string {
  const said = (value: string | number | readonly string[]): string => (typeof value === 'object' ? value.join(lang === 'ja' ? '、' : ', ') : String(value));
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(params, name) ? said(params[name]!) : whole));
}

export function preferredLang(acceptLanguage: string | null, fallback: Lang = 'ja'): Lang {
  if (!acceptLanguage) return fallback;
  let best: { lang: Lang; q: number } | null = null;
  for (const part of acceptLanguage.slice(0, 200).split(',')) {
    const [tag = '', q] = part.trim().split(';q=');
    const lang = tag.slice(0, 2).toLowerCase();
    const weight = q === undefined ? 1 : Number(q) || 0;
    if ((lang === 'ja' || lang === 'en') && (!best || weight > best.q)) best = { lang, q: weight };
  }
  return best && best.q > 0 ? best.lang : fallback;
}

addProblemTexts({
  not_found: {
    title: { ja: '見つかりません', en: 'Not found' },
    detail: { ja: 'お探しのものは見つかりませんでした。移動したか、見る権限がないのかもしれません。', en: 'What you look for is not here. It may have moved, or it is not yours to see.' },
    remedy: { ja: '一覧に戻って、もう一度お探しください。', en: 'Go back to the list and look again.' },
  },
  role_missing: {
    title: { ja: 'この操作は別の方ができます', en: 'Somebody else can do this' },
    detail: { ja: 'この操作に必要な役割をお持ちではありません。できる方：{who}', en: 'You do not hold the role this needs. Who can: {who}' },
    remedy: { ja: 'その方に頼むか、役割をもらってください。', en: 'Ask them to do it, or to give you the role.' },
  },
  consent_missing: {
    title: { ja: '会員の同意がまだありません', en: 'The member has not agreed to this' },
    detail: { ja: 'この会員は「{ja}」をデスクに見せることに、まだ同意していません。', en: 'This member has not agreed to show “{en}” to the desk.' },
    remedy: { ja: '会員の担当者に、設定の「共有すること」で同意してもらってください。ログ（気づきについての相談なら気づきも）は、相談の画面から、その相談のあいだだけ見てもよいか尋ねることができます。', en: 'Ask the member’s lead to agree under Settings, “What we share”. Logs (and findings, if a question is about one) you can ask to see for that question alone, on its page.' },
  },
  token_scope_missing: {
    title: { ja: 'この合言葉（トークン）ではできません', en: 'This token may not do that' },
    detail: { ja: '{ja}', en: '{en}' },
  },
  sign_in_first: {
    title: { ja: 'サインインしてください', en: 'Please sign in' },
    detail: { ja: 'サインインしていないか、時間がたって自動でサインアウトしました。', en: 'You are not signed in, or your session has ended.' },
    remedy: { ja: 'もう一度サインインすると、続きから始められます。', en: 'Sign in again to go on where you were.' },
  },
  too_many_requests: {
    title: { ja: '少しお待ちください', en: 'Please wait a moment' },
    detail: { ja: '短い時間に何度も操作がありました。{seconds}秒ほどたってからお試しください。', en: 'That was many times in a short while. Try again in about {seconds} seconds.' },
  },
  invalid: {
    title: { ja: '入力を直してください', en: 'Please correct the entry' },
    detail: { ja: '印のついた欄を直すと進めます。', en: 'Correct the marked fields to go on.' },
  },
  file_too_heavy: {
    title: { ja: 'ファイルが重すぎます', en: 'The file is too heavy' },
    detail: { ja: '読むのに時間かメモリがかかりすぎるため、途中でやめました。何も取り込んでいません。', en: 'Reading it takes too much time or memory, so it was stopped. Nothing was imported.' },
    remedy: { ja: '必要な表だけを新しいファイルに写して、もう一度お試しください。', en: 'Copy only the table you need into a new file and try again.' },
  },
  cursor_broken: {
    title: { ja: '一覧の続きが見つかりません', en: 'The list cannot be continued' },
    detail: { ja: '一覧の続きの目印が壊れています。', en: 'The marker of the next page is broken.' },
    remedy: { ja: '一覧を最初から開き直してください。', en: 'Open the list from its start.' },
  },
  body_broken: {
    title: { ja: '内容を読めませんでした', en: 'The content could not be read' },
    detail: { ja: '送られた内容が途中で切れているか、形がくずれています。', en: 'What was sent is cut off or malformed.' },
    remedy: { ja: 'もう一度送ってください。', en: 'Send it again.' },
  },
  encoding_unknown: {
    title: { ja: '読めない圧縮形式です', en: 'Unknown compression' },
    detail: { ja: '圧縮形式「{encoding}」は読めません。', en: 'The compression “{encoding}” cannot be read.' },
    remedy: { ja: 'gzipで圧縮するか、圧縮せずに送ってください。', en: 'Use gzip, or send it uncompressed.' },
  },
  media_type_unknown: {
    title: { ja: '読めない形式です', en: 'Unknown format' },
    detail: { ja: '形式「{type}」は受け取れません。受け取れる形式：{wanted}', en: 'The format “{type}” is not accepted. Accepted: {wanted}' },
  },
  too_large: {
    title: { ja: '大きすぎます', en: 'Too large' },
    detail: { ja: '一度に送れるのは {limit} までです。', en: 'At most {limit} can be sent at once.' },
    remedy: { ja: '分けて送ってください。', en: 'Send it in parts.' },
  },
  foreign_site: {
    title: { ja: '別のサイトからの操作を止めました', en: 'Stopped a request from another site' },
    detail: { ja: '安全のため、この画面以外から送られた操作は受け付けません。', en: 'For safety, only requests from these pages are taken.' },
    remedy: { ja: 'このページを開き直して、もう一度操作してください。', en: 'Reload the page and try again.' },
  },
  operator_only: {
    title: { ja: '運用者だけの画面です', en: 'For the operator only' },
    detail: { ja: 'この番屋を動かしている運用者だけが見られます。', en: 'Only the operator of this Banya can see this.' },
  },
  person_only: {
    title: { ja: '人の操作だけができます', en: 'Only a person may do this' },
    detail: { ja: '合言葉（トークン）ではできません。サインインした方が画面から行います。', en: 'A token may not do this; a signed-in person does it on the pages.' },
  },
  store_unavailable: {
    title: { ja: '保存先につながりません', en: 'The store does not answer' },
    detail: { ja: 'データの保存先が今使えません。入力した内容はまだ保存されていません。これまでの記録は無事です。', en: 'The data store is out of reach right now. What you entered is not saved yet; what was saved before is safe.' },
    remedy: { ja: '1分ほどおいて、もう一度お試しください。続くときは運用者に知らせてください。', en: 'Try again in a minute. If it goes on, tell the operator.' },
  },
  unexpected: {
    title: { ja: 'うまくいきませんでした', en: 'It did not work' },
    detail: { ja: '番屋の不具合です。操作は取り消され、これまでの記録は無事です。', en: 'A fault on our side. The action was undone; what was saved before is safe.' },
    remedy: { ja: 'もう一度お試しください。続くときは、番号 {requestId} をデスクに伝えてください。', en: 'Try again. If it goes on, give the desk the number {requestId}.' },
  },
});

const actions = new Map<string, Record<Lang, string>>();

/** Registers what a ledger action is called on the page "who looked at our data". */
export function addActionTexts(texts: Readonly<Record<string, Record<Lang, string>>>): void {
  for (const [action, text] of Object.entries(texts)) actions.set(action, text);
}

export function actionText(action: string, lang: Lang): string {
  return actions.get(action)?.[lang] ?? action;
}

addActionTexts({ 'kernel.read': { ja: 'データを見ました', en: 'Looked at data' } });
