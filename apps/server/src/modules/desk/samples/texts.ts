import type { Lang } from '@banya/contract';
import { addActionTexts, addProblemTexts } from '../../../kernel/texts.ts';
import { shouldCall, wasTouched, type Facts } from './rules.ts';
import type { Decision, Touched, Verdict } from './schema.ts';

type Two = Record<Lang, string>;

export const verdicts: Record<Verdict, Two> = {
  dangerous: { ja: '危険', en: 'Dangerous' }, suspicious: { ja: '疑わしい・デスクが確認します', en: 'Suspicious, the desk checks' },
  insufficient: { ja: '情報不足', en: 'Too little to tell' }, clear: { ja: '不審な点は見つかりません', en: 'Nothing suspicious found' },
};
export const decisions: Record<Decision, Two> = {
  dangerous: { ja: '危険（デスクが確かめました）', en: 'Dangerous (confirmed by the desk)' }, unwanted: { ja: '迷惑メール（デスクが確かめました）', en: 'Unwanted advertising (confirmed by the desk)' }, harmless: { ja: '本物のメール（デスクが確かめました）', en: 'A real mail (confirmed by the desk)' },
};
export const failedWord: Two = { ja: '調べられませんでした・デスクが確認します', en: 'Could not be analysed, the desk checks' };
export const drillWord: Two = { ja: '訓練のメールでした', en: 'It was a drill' };
export const touchedWords: Record<Touched, Two> = {
  nothing: { ja: '何もしていない', en: 'did nothing with it' }, link: { ja: 'リンクを押した', en: 'pressed a link' }, file: { ja: '添付ファイルを開いた', en: 'opened a file' }, typed: { ja: 'パスワードや番号を入れた', en: 'typed a password or a number' }, unsure: { ja: '何かしたかもしれない', en: 'is not sure' },
};
export const gone: Two = { ja: '（期限が来たので消しました）', en: '(deleted, since its time was up)' };

/** What the answer says first, in one sentence. */
export function headline(f: Facts, lang: Lang): string {
  const words: Two = f.state === 'drill' ? drillWord : f.decision ? decisions[f.decision] : f.state === 'failed' ? failedWord : f.verdict ? verdicts[f.verdict] : { ja: '調べています', en: 'Being looked at' };
  return words[lang];
}

const phoned = (phone: string | null, ja: string, en: string): Two => (phone ? { ja: `${ja}（${phone}）。`, en: `${en} (${phone}).` } : { ja: `${ja}。`, en: `${en}.` });

/** First response, for somebody who has done something with the mail. The most urgent step stands first. */
function firstSteps(touched: 'link' | 'file' | 'typed' | 'unsure', phone: string | null): Two[] {
  const call = phoned(phone, 'デスクに電話してください', 'Phone the desk');
  switch (touched) {
    case 'link':
      return [
        { ja: '開いたページには何も入力せず、閉じてください。', en: 'Type nothing into the page that opened; close it.' }, call,
        { ja: 'ファイルが保存されていたら、開かずに残してください。', en: 'If a file was saved, leave it there and do not open it.' }, { ja: '開いた時刻を書きとめてください。', en: 'Write down when you opened it.' },
      ];
    case 'file':
      return [
        { ja: 'LANケーブルを抜き、Wi-Fiを切ってください。', en: 'Pull the network cable and switch Wi-Fi off.' }, { ja: '電源は切らず、再起動もしないでください。', en: 'Do not switch it off and do not restart it.' }, call,
        { ja: '開いた時刻と、画面に出たものを書きとめてください。', en: 'Write down when you opened it and what the screen showed.' },
      ];
    case 'typed':
      return [
        { ja: '別の機器から、今すぐパスワードを変えてください。', en: 'Change the password now, from another device.' }, call,
        { ja: '同じパスワードを使うところも、すべて変えてください。', en: 'Change it wherever else you use the same one.' }, { ja: 'カードや口座の番号なら、その会社にも電話を。', en: 'If it was a card or an account, phone the bank or card company too.' },
      ];
    case 'unsure':
      return [
        call, { ja: '覚えていることを、そのまま話してください。', en: 'Tell them what you remember, as it is.' }, { ja: '電源は切らず、パスワードは入力しないでください。', en: 'Do not switch it off, and type no password on it.' },
      ];
  }
}

const CHECK_BY_PHONE: Two = { ja: '急ぐ話なら、前から知っている番号に電話してください。', en: 'If it is urgent, ask the sender by a phone number you knew before.' };
const LEAVE_ALONE: Two = { ja: 'リンクや添付ファイルは開かないでください。', en: 'Do not open its links or files.' };
const KEEP_IT: Two = { ja: 'メールは消さずに残しておいてください。', en: 'Keep the mail; do not delete it.' };
const ASK_DESK: Two = { ja: '迷ったら「デスクに見てもらう」を押してください。', en: 'If in doubt, press “Have the desk look”.' };

const DESK_HAS_IT: Two = { ja: 'デスクの人が見ています。返事をお待ちください。', en: 'Somebody at the desk looks at it; please wait for the answer.' };

const byVerdict: Record<Verdict, readonly Two[]> = {
  dangerous: [LEAVE_ALONE, { ja: '返事も、書かれた番号への電話もしないでください。', en: 'Do not answer it, and do not phone the number in it.' }, KEEP_IT],
  suspicious: [{ ja: 'デスクの返事まで、リンクや添付は開かないでください。', en: 'Until the desk has answered, do not open its links or files.' }, CHECK_BY_PHONE, KEEP_IT],
  insufficient: [{ ja: '心当たりがなければ、何も開かないでください。', en: 'If you do not expect it, open nothing in it.' }, { ja: '「添付ファイルとして転送」で送ると、もっと調べられます。', en: 'Sent with “Forward as attachment”, it tells us more.' }, ASK_DESK],
  clear: [{ ja: '心当たりがあれば、ふだんどおりでかまいません。', en: 'If you expect it, go on as usual.' }, { ja: '振込や口座変更の話は、知っている番号に電話してください。', en: 'If it is about payments or a changed account, ask by a phone number you know.' }, ASK_DESK],
};
const byDecision: Record<Decision, readonly Two[]> = {
  dangerous: [LEAVE_ALONE, { ja: '返事をせず、メールは消してかまいません。', en: 'Do not answer it; you may delete it.' }],
  unwanted: [{ ja: 'リンクは押さずに、消してかまいません。', en: 'You may delete it without pressing its links.' }, { ja: '「配信停止」は押さないでください。', en: 'Do not press “unsubscribe”.' }],
  harmless: [{ ja: 'ふだんどおりに扱ってください。', en: 'Treat it as usual.' }, { ja: 'たずねてくれて、ありがとうございました。', en: 'Thank you for asking.' }],
};
const FAILED: readonly Two[] = [{ ja: 'デスクの返事まで、リンクや添付は開かないでください。', en: 'Until the desk has answered, do not open its links or files.' }, CHECK_BY_PHONE, KEEP_IT];
const DRILL: readonly Two[] = [{ ja: 'これは訓練でした。報告できたので満点です。', en: 'This was a drill. You reported it: full marks.' }, { ja: 'ほかにすることはありません。', en: 'There is nothing more to do.' }];
const CALM: Two = { ja: '不審な点はありませんが、念のため次のように。', en: 'Nothing suspicious was found; to be on the safe side:' };

/** What to do now, fitting the verdict, the desk's word, and what was done already. */
export function doNow(f: Facts, lang: Lang, phone: string | null): string[] {
  const steps: Two[] = [];
  if (f.state === 'drill') steps.push(...DRILL);
  else if (f.state === 'waiting') return [];
  else {
    if (shouldCall(f) && wasTouched(f.touched)) {
      if (f.state === 'judged' && f.decision === null && f.verdict === 'clear') steps.push(CALM);
      steps.push(...firstSteps(f.touched, phone));
      if (f.decision === null && f.verdict !== 'clear') steps.push(KEEP_IT);
    } else steps.push(...(f.decision ? byDecision[f.decision] : f.state === 'failed' ? FAILED : byVerdict[f.verdict ?? 'insufficient']));
  }
  // Whoever has asked the desk is not told to ask it.
  return steps.map((s) => (s === ASK_DESK && f.ticket_id ? DESK_HAS_IT : s)[lang]);
}

/** What the desk writes to whoever asked, where it wrote nothing of its own. */
export const decisionAnswers: Record<Decision, Two> = {
  dangerous: { ja: 'デスクで確かめました。危険なメールです。\n何か開いたり入力したりしたときは、すぐに電話してください。\nまだなら、リンクや添付ファイルは開かず、消してください。', en: 'We have looked at it: this mail is dangerous.\nIf you opened or typed something, phone us at once.\nIf not, do not open its links or files; delete it.' },
  unwanted: { ja: 'デスクで確かめました。宣伝などの迷惑メールです。\nリンクは押さずに、消してかまいません。', en: 'We have looked at it: it is unwanted advertising.\nYou may delete it without pressing its links.' },
  harmless: { ja: 'デスクで確かめました。本物のメールです。\nふだんどおりに扱ってください。おたずねありがとうございました。', en: 'We have looked at it: the mail is real.\nTreat it as usual, and thank you for asking.' },
};

/** Of the house, in the name of a member whose mails find no room. */
export const roomTicket = {
  subject: '「このメール、本物？」の保管がいっぱいです',
  text: 'この会員からのメールが、保管できる量を超えました。\n送った人には「明日もう一度送るか、デスクに電話してください」と返しています。メールは送った人の手元にあります。\n多すぎるときは、だれが送っているかを会員の担当者にたずねてください。古いメールは、期限の日に消えて空きができます。',
} as const;

addProblemTexts({
  samples_full: {
    title: { ja: 'いまは受け取れません', en: 'No room at the moment' },
    detail: { ja: 'あなたの組織から届いたメールが、保管できる量を超えました。デスクにも伝わっています。', en: 'Your organisation’s mails have filled the room there is. The desk has been told.' },
    remedy: { ja: '急ぐときはデスクに電話し、そうでなければ明日また送ってください。', en: 'Phone the desk if it is urgent; if not, send it again tomorrow.' },
  },
  mail_empty: {
    title: { ja: 'メールが空でした', en: 'The mail was empty' },
    detail: { ja: '送られたものに中身がありませんでした。', en: 'There was nothing in what was sent.' },
    remedy: { ja: 'メールのファイルを、もう一度選んでください。', en: 'Choose the file of the mail again.' },
  },
  mail_unreadable: {
    title: { ja: 'このメールは調べられませんでした', en: 'This mail could not be analysed' },
    detail: { ja: '大きすぎるか、形がくずれています。', en: 'It is too big to read in time, or malformed.' },
    remedy: { ja: '「このメール、本物？」から送ると、デスクが目で確認します。', en: 'Send it under “Is this mail real?”, and somebody at the desk looks at it.' },
  },
  sample_gone: {
    title: { ja: 'メールの写しはもうありません', en: 'The mail itself is gone' },
    detail: { ja: '決められた日が来たので、写しを消しました。', en: 'Its time was up, so its content was deleted.' },
    remedy: { ja: '必要なら、もう一度送ってもらってください。', en: 'Ask for it to be sent again if you need it.' },
  },
  mailbox_refused: {
    title: { ja: 'このメールボックスは使えません', en: 'This mailbox cannot be used' },
    detail: { ja: '確かめたところ、次の答えでした：{reason}', en: 'It answered: {reason}' },
    remedy: { ja: 'サーバの名前と、ユーザー名を確かめてください。', en: 'Check the name of the server and the user.' },
  },
});

addActionTexts({
  'samples.reported': { ja: 'メールについてたずねました', en: 'Asked about a mail' },
  'samples.touched': { ja: 'メールにしたことを知らせました', en: 'Said what was done with a mail' },
  'samples.asked': { ja: 'メールをデスクに見てもらいました', en: 'Had the desk look at a mail' },
  'samples.read': { ja: 'デスクがメールの中身を見ました', en: 'The desk looked at a mail' },
  'samples.original': { ja: 'デスクがメールの実物を取り出しました', en: 'The desk took out a mail itself' },
  'samples.decided': { ja: 'デスクがメールを判定しました', en: 'The desk decided what a mail is' },
  'samples.kept': { ja: 'メールを残すかどうかを変えました', en: 'Changed whether a mail is kept' },
  'samples.profile_saved': { ja: 'メール判定の設定を変えました', en: 'Changed what the mail check knows' },
  'samples.address_renewed': { ja: '転送先のアドレスを新しくしました', en: 'Made a new address to forward to' },
  'samples.mailbox_set': { ja: '読みに行くメールボックスを変えました', en: 'Changed the mailbox that is read' },
});
