import type { Explanation, ExplanationText } from '@banya/library';
import { addActionTexts, addProblemTexts } from '../../kernel/texts.ts';
import type { FindingDirection, Severity } from './types.ts';

export const by = { ja: '番屋', en: 'Banya' } as const;
/** Who closed what was closed at its start. */
export const quietedTexts = {
  suppression: { ja: '番屋（知らせない決まりにより）', en: 'Banya (told to keep it quiet)' },
  maintenance: { ja: '番屋（保守の時間のため）', en: 'Banya (during maintenance)' },
} as const;
export const outcomeTexts = {
  known: { ja: '知っている動き', en: 'Known' },
  handled: { ja: '対応した', en: 'Handled' },
  false_alarm: { ja: '誤報', en: 'False alarm' },
  ticket: { ja: 'デスクと解決', en: 'Settled with the desk' },
} as const;
export const severityTexts = { now: { ja: '今すぐ', en: 'Now' }, look: { ja: '見てください', en: 'Please look' }, fyi: { ja: 'お知らせ', en: 'For information' } } as const;
export const stoppedTexts = { yes: { ja: '止めました', en: 'Stopped' }, no: { ja: '止まっていません', en: 'Not stopped' }, unknown: { ja: '分かりません', en: 'Not known' } } as const;

const whole = (rule: string, severity: Severity, minutes: number, direction: FindingDirection, ja: ExplanationText, en: ExplanationText): Explanation => ({
  rule, direction, severity, minutes, deskTicket: false, folding: { entity: ['entity'], standsAlone: false, digest: false }, ja, en,
});

/** For a rule that came without an explanation of its own: says plainly what is known and that more is not. */
export function withoutExplanation(rule: string, title: string, severity: Severity, direction: FindingDirection, minutes: number): Explanation {
  // Braces in a title from outside must not be taken for a slot.
  const name = title.replace(/[{}]/g, '');
  return whole(rule, severity, minutes, direction, {
    title: `{asset}で、確かめたい動きがありました（${name}）`,
    whatHappened: `「${name}」という規則に合うログが{count}件ありました（{first}〜{last}）。`,
    stopped: '止まったかどうかは、このログだけでは分かりません。',
    whose: '{asset}のログです。',
    certainty: 'この規則には、まだ分かりやすい説明がありません。どのくらい確かか、番屋には分かりません。',
    doNow: ['下のログを見て、心当たりがあるか確かめる（5分）', '心当たりがなければ「デスクに相談する」を押す（1分）'],
    callWhen: '使っている人に心当たりがないときは、デスクに電話してください。',
    doNot: 'ログや機器の設定は消さないでください。',
    normal: '保守やふだんの作業で起きることもあります。',
  }, {
    title: `Something to check on {asset} (${name})`,
    whatHappened: `{count} log lines matched the rule “${name}” ({first} to {last}).`,
    stopped: 'These lines alone do not say whether it was stopped.',
    whose: 'The lines come from {asset}.',
    certainty: 'This rule has no plain explanation yet, so we cannot say how sure it is.',
    doNow: ['Look at the lines below: does anybody know of it? (5 min)', 'If not, press “Ask the desk” (1 min)'],
    callWhen: 'Phone the desk if the user of the device knows nothing of it.',
    doNot: 'Do not delete logs or settings.',
    normal: 'Maintenance and ordinary work can look the same.',
  });
}

const operator: readonly Explanation[] = [
  whole('operator.dead_letter', 'look', 10, 'none', {
    title: '番屋の中の仕事が終わりませんでした（{job}）',
    whatHappened: '「{job}」という仕事を何度か試しましたが、終わりませんでした（{count}回、最後は{last}）。理由：{error}',
    stopped: 'ほかの仕事は続いています。',
    whose: '番屋を動かしているサーバです。',
    certainty: '確かです。',
    doNow: ['サーバで banya doctor を実行して、出た指示に従う（5分）', '直ったら、この気づきを「対応した」で閉じる（1分）'],
    callWhen: '同じ知らせが続くときは、番屋の開発元に理由の文を添えて問い合わせてください。',
    doNot: 'データのフォルダの中身を手で直さないでください。',
    normal: 'ディスクの不足や停電のあとに、一度だけ起きることがあります。',
  }, {
    title: 'A job inside Banya did not finish ({job})',
    whatHappened: 'The job “{job}” was tried several times and did not finish ({count} times, last {last}). Reason: {error}',
    stopped: 'Other work goes on.',
    whose: 'The server that runs Banya.',
    certainty: 'Certain.',
    doNow: ['Run banya doctor on the server and do what it says (5 min)', 'Close this as “Handled” once it works again (1 min)'],
    callWhen: 'If it comes again, ask Banya’s makers and include the reason.',
    doNot: 'Do not edit files in the data folder by hand.',
    normal: 'It can happen once after a full disk or a power cut.',
  }),
  whole('operator.mail_failed', 'look', 10, 'none', {
    title: '届けられなかったメールがあります',
    whatHappened: '{count}通のメールを届けられませんでした（{first}〜{last}）。理由は送信箱に書いてあります。',
    stopped: 'メールはなくなっていません。送信箱に残っています。',
    whose: '会員やデスクの方へのお知らせです。',
    certainty: '確かです。',
    doNow: ['「設定」の「メールの送り方」で試し送りをする（3分）', '送信箱で宛先と理由を確かめて「もう一度送る」を押す（5分）'],
    callWhen: '試し送りができないときは、メールサーバの管理者に、出た文を伝えてください。',
    doNot: '同じメールを何度も続けて送り直さないでください。',
    normal: '相手のアドレスが変わったときにも起きます。名簿を直せば次から届きます。',
  }, {
    title: 'Some mails could not be delivered',
    whatHappened: '{count} mails could not be delivered ({first} to {last}). The outbox says why.',
    stopped: 'No mail is lost: they stand in the outbox.',
    whose: 'Notices to members and to the desk.',
    certainty: 'Certain.',
    doNow: ['Send a test mail under Settings, “How mail is sent” (3 min)', 'Check recipient and reason in the outbox, then press “Send again” (5 min)'],
    callWhen: 'If the test fails, tell the mail server’s administrator what it says.',
    doNot: 'Do not send the same mail again and again.',
    normal: 'It also happens when somebody’s address has changed; correct it in the list of people.',
  }),
  whole('operator.disk_floor', 'now', 10, 'none', {
    title: 'ディスクの空きが少なくなりました',
    whatHappened: '番屋のデータを置くディスクの空きが{free}になりました（{last}）。',
    stopped: '新しいログの受け取りを止めています。これまでのログは無事です。',
    whose: '番屋を動かしているサーバです。',
    certainty: '確かです。',
    doNow: ['そのディスクにある、番屋のものではない大きなファイルを移す（10分）', '足りなければ、ディスクを大きくする手配をする'],
    callWhen: '空きを作れないときは、サーバの管理者に今日中に知らせてください。',
    doNot: '番屋のデータのフォルダから、ファイルを消さないでください。',
    normal: 'ログを長く残していると、少しずつ増えます。',
  }, {
    title: 'The disk is nearly full',
    whatHappened: 'Only {free} is left on the disk that holds Banya’s data ({last}).',
    stopped: 'New lines are not taken in. What was stored before is safe.',
    whose: 'The server that runs Banya.',
    certainty: 'Certain.',
    doNow: ['Move large files that are not Banya’s off that disk (10 min)', 'If that is not enough, order a larger disk'],
    callWhen: 'If you cannot make room, tell the server’s administrator today.',
    doNot: 'Do not delete files from Banya’s data folder.',
    normal: 'Logs kept for long grow little by little.',
  }),
  whole('operator.unknown_sender', 'look', 10, 'none', {
    title: '登録のない機器からログが届いています（{address}）',
    whatHappened: '{address}からログが{count}行届きましたが、どの会員のものか分かりません（{first}〜{last}）。',
    stopped: '中身は保存していません。',
    whose: 'まだ分かりません。',
    certainty: '届いたことは確かです。',
    doNow: ['「会員」の「登録のない送り主」を開く（1分）', '会員の機器なら、その会員の機器として登録する（5分）'],
    callWhen: '心当たりがなければ、その会員の担当者に電話で確かめてください。',
    doNot: '確かめないまま、会員の機器として登録しないでください。',
    normal: '会員が新しい機器をつないだ直後に、よく起きます。',
  }, {
    title: 'Logs arrive from a device nobody has registered ({address})',
    whatHappened: '{count} lines came from {address}, and we do not know whose they are ({first} to {last}).',
    stopped: 'Their content is not stored.',
    whose: 'Not known yet.',
    certainty: 'That they arrived is certain.',
    doNow: ['Open Members, Unregistered senders (1 min)', 'If it is a member’s device, register it for that member (5 min)'],
    callWhen: 'If it means nothing to you, phone the lead of the member you think of.',
    doNot: 'Do not register it for a member before you are sure.',
    normal: 'It often happens right after a member has plugged in something new.',
  }),
];
export const operatorExplanations: ReadonlyMap<string, Explanation> = new Map(operator.map((e) => [e.rule, e]));

addProblemTexts({
  already_closed: {
    title: { ja: 'もう閉じています', en: 'Already closed' },
    detail: { ja: 'この気づきは、{who}さんが先に閉じました。', en: 'This finding was closed by {who} before.' },
    remedy: { ja: '結末を変えるときは、「もう一度開く」を押してからもう一度閉じてください。', en: 'To change how it ended, open it again and then close it.' },
  },
  not_closed: {
    title: { ja: 'まだ開いています', en: 'Still open' },
    detail: { ja: 'この気づきは閉じていないので、開き直す必要はありません。', en: 'This finding is open, so there is nothing to undo.' },
  },
  replaced_by_newer: {
    title: { ja: '新しい気づきがあります', en: 'There is a newer one' },
    detail: { ja: '同じことについての新しい気づきがあるため、この古い気づきは開き直せません。', en: 'A newer finding is about the same thing, so this old one cannot be opened again.' },
    remedy: { ja: '一覧から新しい方を開いてください。', en: 'Open the newer one from the list.' },
  },
  conditions_not_possible: {
    title: { ja: '条件は変えられません', en: 'No conditions here' },
    detail: { ja: 'この気づきは、ログの1行から分かったものではありません。そのため、条件を付けられません。', en: 'No single log line said this, so it cannot be kept quiet by conditions.' },
    remedy: { ja: '期限と理由は変えられます。', en: 'You can change the reason and the end.' },
  },
  condition_broken: {
    title: { ja: '条件を直してください', en: 'A condition needs correction' },
    detail: { ja: 'この条件では比べられません（{why}）。', en: 'This cannot be compared ({why}).' },
    remedy: { ja: '比べる中身を見直してください。アドレスの範囲は 192.0.2.0/24 のように書きます。', en: 'Check what it is compared with. Write a range of addresses like 192.0.2.0/24.' },
  },
  maintenance_full: {
    title: { ja: '登録できる保守の時間は{limit}件までです', en: 'At most {limit} times of maintenance' },
    detail: { ja: '終わったものは、90日たつと消えます。', en: 'Those that are over are deleted after 90 days.' },
    remedy: { ja: '機器ごとに細かく登録するかわりに、全体で1件にまとめてください。', en: 'Announce one for everything instead of one for each device.' },
  },
  maintenance_times: {
    title: { ja: '日時を直してください', en: 'The times need correction' },
    detail: { ja: '終わりは、始まりと今よりあとの日時にしてください。長さは7日までです。', en: 'The end must be after the start and after now, and at most seven days later.' },
  },
  desk_unreachable: {
    title: { ja: '相談を届けられませんでした', en: 'The question did not reach the desk' },
    detail: { ja: 'デスクの受付が今動いていません。相談はまだ届いていません。', en: 'The desk cannot be reached right now; your question has not been delivered.' },
    remedy: { ja: 'お急ぎのときは、デスクに電話してください。', en: 'If it is urgent, phone the desk.' },
  },
});

addActionTexts({
  'findings.closed': { ja: '気づきを閉じました', en: 'Closed a finding' },
  'findings.reopened': { ja: '気づきを開き直しました', en: 'Opened a finding again' },
  'findings.forgotten': { ja: '保つ日数を過ぎた気づきを消しました', en: 'Deleted findings that were kept for long enough' },
  'findings.withdrawn': { ja: '会員が共有をやめたため、気づきを取り下げました', en: 'Took findings back, since a member no longer shares what they were made of' },
  'findings.assigned': { ja: '気づきの担当を決めました', en: 'Gave a finding to somebody' },
  'findings.asked': { ja: '気づきについてデスクに相談しました', en: 'Asked the desk about a finding' },
  'findings.exported': { ja: '気づきの一覧を書き出しました', en: 'Exported the findings' },
  'findings.silence_changed': { ja: '「知らせない」の決まりを変えました', en: 'Changed a silence' },
  'findings.maintenance_added': { ja: '保守の時間を登録しました', en: 'Announced maintenance' },
  'findings.maintenance_ended': { ja: '保守の時間を終わりにしました', en: 'Ended maintenance' },
  'findings.silence_ended': { ja: '「知らせない」をやめました', en: 'Ended a silence' },
});
