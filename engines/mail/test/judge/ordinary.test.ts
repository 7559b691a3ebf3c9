import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRIEND, judged, STRANGER, type Said } from './say.ts';

/** Everyday post of a small firm, from people it knows and people it does not: [history known, who, subject, text]. */
const MAILS: readonly (readonly [past: 'friend' | 'stranger' | 'none', name: string, address: string, subject: string, text: string])[] = [
  ['friend', '南 花子', 'minami@minami-nouen.example', '請求書を送ります', 'いつもお世話になっております。9月分の請求書をお送りします。お支払いは月末までにお願いいたします。'],
  ['friend', '東海 健', 'tokai@tokai-kogyo.example', '【至急】納期の変更について', '急なお願いで申し訳ありません。部品の入荷が遅れており、本日中に新しい納期をご連絡ください。'],
  ['stranger', '西村 誠', 'nishimura@nishimura-tosou.example', '塗装の見積もりについて', 'はじめてご連絡します。工場の屋根の塗装をご検討でしたら、一度現地を見せていただけないでしょうか。'],
  ['stranger', '北見 涼子', 'kitami@kitami-hoiku.example', '見学の申し込み', 'ホームページを拝見しました。来月、園児15名で加工場を見学できますか。希望日は12日か19日です。'],
  ['none', '青葉商店会 会計', 'kaikei@aoba-shotenkai.example', '会費のお願い', '今年度の会費のご案内です。お支払いは集金の際で結構です。領収書はその場でお渡しします。'],
  ['none', '波多野税理士事務所', 'hatano@hatano-zeirishi.example', '年末調整の資料', '年末調整の書類を11月末までにお願いします。控除証明書は写しではなく原本をご用意ください。'],
  ['friend', '南 花子', 'minami@minami-nouen.example', 'パスワードは別便で', '図面をお送りします。ファイルのパスワードは、お電話でお伝えします。'],
  ['friend', '社会保険の松井', 'matsui@matsui-sr.example', '口座振替の手続き', '口座振替の依頼書を郵送しましたので、届きましたら銀行印を押してご返送ください。'],
  ['stranger', '県立海洋高校 進路指導部', 'shinro@kaiyo-hs.example', '求人票の送付のお願い', '来春の求人票をお送りいただけますでしょうか。生徒への公開は7月1日からです。'],
  ['none', 'みなと印刷', 'info@minato-insatsu.example', '校正のご確認', 'カレンダーの校正が上がりました。修正がなければ、金曜日までにお返事をお願いします。'],
  ['friend', '東海 健', 'tokai@tokai-kogyo.example', '請求書の訂正', '先月の請求書に誤りがあり、訂正版をお送りします。差額は来月の請求で調整いたします。'],
  ['stranger', '小野寺', 'onodera@umibe-ryokan.example', '仕入れの相談', '旅館の朝食に使う干物を探しています。サンプルを購入できますか。送料はこちらで払います。'],
  ['none', '町内会長 古川', 'furukawa@furukawa-ke.example', '防災訓練', '日曜日の防災訓練は、雨天のときは中止します。変更がある場合は電話で連絡します。'],
  ['friend', '南 花子', 'minami@minami-nouen.example', '忘年会の会費', '忘年会の会費は5,000円です。当日、受付でお支払いください。欠席の方は今週中にお知らせください。'],
  ['none', '電気工事の堀', 'hori@hori-denki.example', '停電のお知らせ', '点検のため、11日の午前9時から10時まで停電します。冷蔵庫の温度にご注意ください。'],
  ['stranger', '森川 由紀', 'morikawa@morikawa-sha.example', '取材のお願い', '地域の食を紹介する冊子を作っています。30分ほどお話を伺えませんでしょうか。謝礼は薄謝ですがご用意します。'],
  ['friend', '信用組合 横山', 'yokoyama@hama-shinkumi.example', '面談の日程', '融資の更新の件で、来週お伺いしたく存じます。決算書をご準備いただけますと助かります。'],
  ['none', '運送の江口', 'eguchi@eguchi-unsou.example', '集荷の時間', '明日の集荷は13時に変わります。荷物が増える場合は、朝10時までにご連絡ください。'],
  ['friend', '東海 健', 'tokai@tokai-kogyo.example', 'Web会議のリンク', '来週の打合せのリンクです。\nhttps://kaigi.tokai-kogyo.example/r/2231\nつながらないときは電話をください。'],
  ['none', '商工会 青年部', 'seinenbu@tate-shokokai.example', '研修のご案内', '補助金の申請のしかたを学ぶ研修を開きます。参加は無料です。申し込みは別紙でファクスをお送りください。'],
];

// Each false alarm costs the desk a phone call and the clerk some trust.
test('twenty everyday mails in Japanese are clear', async () => {
  assert.equal(MAILS.length, 20);
  const wrong: string[] = [];
  for (const [past, name, address, subject, text] of MAILS) {
    const said: Said = { from: [name, address], subject, text, auth: 'pass', knowledge: past === 'none' ? {} : { history: past === 'friend' ? { ...FRIEND, names: [name] } : STRANGER } };
    const { verdict, score, signals } = await judged(said);
    if (verdict !== 'clear') wrong.push(`${subject}: ${verdict} ${score} ${signals.map(({ code }) => code).join(' ')}`);
  }
  assert.deepEqual(wrong, []);
});

test('no list of ours calls them out even when nothing at all is known of the sender', async () => {
  let flagged = 0;
  for (const [, name, address, subject, text] of MAILS) if (['dangerous', 'suspicious'].includes((await judged({ from: [name, address], subject, text, knowledge: { history: STRANGER } })).verdict)) flagged++;
  assert.ok(flagged <= 2, `${flagged} of 20`);
});

// Words that threaten in one sentence are everyday words in another: a false “threat” teaches people not to read the reasons.
test('what is to be sent back, put online or built of blocks threatens nobody; what will be sent back or locked does', async () => {
  const threat = async (text: string): Promise<boolean> => (await judged({ from: ['南 花子', 'minami@minami-nouen.example'], subject: 'ご連絡', text, auth: 'none', knowledge: {} })).signals.some(({ code }) => code === 'presses_threat');
  for (const text of [
    '契約書にご署名のうえ、同封の封筒でご返送ください。', '証明書の写しを返送してください。お手続きは当方でいたします。', 'ブロック塀の工事の契約について、内容をご確認ください。', '新しい商品の資料を公開しましたので、マイページからご覧ください。', 'クロックの注文を入力しましたので、ご確認ください。',
  ]) assert.equal(await threat(text), false, text);
  for (const text of ['お荷物は送り主へ返送されます。配送先のご確認をお願いします。', 'アカウントがロックされました。ログインしてご確認ください。', 'アカウントがブロックされました。ログインしてください。']) assert.equal(await threat(text), true, text);
});

test('members whose addresses share a domain do not vouch for one another', async () => {
  for (const ownDomains of [['kita.kyodo.example'], ['kita.kyodo.example', 'kita-shoten.example']]) {
    const { signals } = await judged({ from: ['南 花子', 'minami@minami.kyodo.example'], subject: 'ご連絡', text: '来週お伺いします。', auth: 'pass', knowledge: { ownDomains } });
    assert.equal(signals.some(({ code }) => code === 'proven_own' || code === 'proven_partner'), false);
  }
});
