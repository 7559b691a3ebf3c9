import type { Lang } from '@banya/contract';
import type { Common } from '@banya/indicators';
import type { Call, Graph, Why } from './graph.ts';

type Two = Record<Lang, string>;

/** Why a value says little, for the reader. */
export const commonTexts: Readonly<Record<Common | 'very_many', Two>> = {
  inside_address: { ja: '組織の中で使うアドレスです。同じアドレスが、どの組織にもあります。', en: 'This is an inside address; every organisation has the same numbers.' },
  public_resolver: { ja: '名前からアドレスを調べるための、誰もが使うサーバです。', en: 'This is a public name server that many devices use.' },
  empty_file: { ja: '中身が空のファイルの指紋（ハッシュ値）です。どこにでもあります。', en: 'This is the hash of an empty file, which is everywhere.' },
  free_mail: { ja: '誰でも使えるメールサービスです。差出人のアドレス全体で調べてください。', en: 'Anybody can have an address there. Trace the whole address instead.' },
  shared_place: { ja: '誰でも使える、ファイルの置き場や短いURLです。URL全体で調べてください。', en: 'Anybody can put things there. Trace the whole URL instead.' },
  well_known: { ja: 'よく知られた会社のドメインです。', en: 'This is the domain of a well-known company.' },
  very_many: { ja: 'とても多くの機器にあります。組織でふだん使うものかもしれません。', en: 'Very many devices have it. It may be something you use every day.' },
};

const WHY: Readonly<Record<Why, (via: string, count: string) => Two>> = {
  traffic: (_via, n) => ({ ja: `通信していました（${n}回）`, en: `It communicated with it (${n} times)` }),
  traffic_stopped: (_via, n) => ({ ja: `つなごうとして、止められました（${n}回）`, en: `It tried to communicate and was stopped (${n} times)` }),
  login: (_via, n) => ({ ja: `サインインに使われました（${n}回）`, en: `It was used to sign in there (${n} times)` }),
  login_failed: (_via, n) => ({ ja: `サインインを試して、断られました（${n}回）`, en: `A sign-in was tried and refused (${n} times)` }),
  file: (_via, n) => ({ ja: `このファイルがありました（${n}回）`, en: `It had this file (${n} times)` }),
  mentioned: (_via, n) => ({ ja: `ログの文の中に出てきます（${n}行）`, en: `Its log lines mention it (${n} lines)` }),
  mail_got: (_via, n) => ({ ja: `メールを受け取りました（${n}通）`, en: `Got ${n} mails of it` }),
  mail_stopped: (_via, n) => ({ ja: `メールは届く前に止められました（${n}通）`, en: `${n} mails were stopped before they arrived` }),
  mail_reported: () => ({ ja: 'このメールを知らせてくれました', en: 'Reported this mail' }),
  mail_opened: () => ({ ja: 'リンクやファイルを開いたと答えています', en: 'Says to have opened a link or file' }),
  uses: (via) => ({ ja: `開いたと答えた${via}さんの機器です`, en: `Used by ${via}, who opened it` }),
  same_line: () => ({ ja: '同じログの行に名前があります', en: 'Named in the same lines' }),
  near: () => ({ ja: '同じ機器を、前後の時間に使っています', en: 'Used the same device around that time' }),
  signed_in: (via) => ({ ja: `そのあと、利用者「${via}」がサインインしました`, en: `Account “${via}” signed in there afterwards` }),
  worked_on: (via) => ({ ja: `そのあと、${via}から遠隔操作や共有の通信がありました`, en: `${via} opened a working connection to it afterwards` }),
};

export const whyText = (why: Why, via: string, count: number, lang: Lang): string => WHY[why](via, count.toLocaleString('en-US'))[lang];

export interface Sum extends Pick<Graph['counts'], 'received' | 'opened' | 'machines' | 'stopped' | 'possible' | 'lines'> {
  readonly silent: number;
}

/** What was found in a sentence or two, and what is not known. */
export function sentence(sum: Sum, lang: Lang): string {
  const ja = lang === 'ja';
  const parts = ja
    ? [sum.received > 0 && `メールで${sum.received}人に届き`, sum.opened > 0 && `${sum.opened}人が開き`, sum.machines > 0 && `${sum.machines}台が通信などで関わり`, sum.stopped > 0 && `${sum.stopped}台は止められ`]
    : [sum.received > 0 && `${sum.received} people got it by mail`, sum.opened > 0 && `${sum.opened} opened it`, sum.machines > 0 && `${sum.machines} devices were in touch with it`, sum.stopped > 0 && `${sum.stopped} devices were stopped`];
  const said = parts.filter((p): p is string => p !== false);
  const possible = sum.possible === 0 ? '' : ja ? `ほかに、確かめたい機器が${sum.possible}台あります。` : ` ${sum.possible} more devices should be checked.`;
  const first = said.length > 0 ? (ja ? `${said.join('、')}ました。` : `${said.join(', ')}.`) : sum.possible > 0 ? '' : ja ? 'この期間には見つかりませんでした。' : 'Nothing of it was found in this time.';
  const silent = sum.silent === 0 ? '' : ja ? `ログが届いていない機器が${sum.silent}台あり、その分は分かりません。` : ` ${sum.silent} senders of logs were silent; of theirs nothing is known.`;
  return `${first}${possible}${silent}`.trim();
}

/** What the search page is asked for the lines behind a call. */
export function searchFor(value: string, { machine }: Pick<Call, 'machine'>): string {
  const quoted = `"${value.replace(/[\\"]/g, (c) => `\\${c}`)}"`;
  if (!machine) return quoted;
  if (machine.host !== '') return `${quoted} "${machine.host.replace(/[\\"]/g, (c) => `\\${c}`)}"`;
  return machine.ip === '' ? quoted : `${quoted} ip:${machine.ip}`;
}
