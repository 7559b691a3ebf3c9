import { emptyProgram, formPage, qrPicture } from './files.ts';
import type { DemoMail } from './types.ts';

const bad = (key: string, mail: Omit<DemoMail, 'key' | 'truth'>): DemoMail => ({ key, truth: 'bad', ...mail });

const QUOTA = 'https://mailbox-login.yonagi-cloud-support.test/signin?u={youMail}';
const PARCEL = 'https://redelivery.kumoashi-info.test/k/77213';

/** What people with bad intentions write, in our own words. No brand, firm or place in them exists. */
export const BAD: readonly DemoMail[] = [
  bad('quota', {
    from: { name: '夜凪クラウド 管理センター', address: 'notice@yonagi-cloud-support.test' }, proof: 'pass', ip: '203.0.113.41', subject: '【重要】メールボックスの容量が上限に達しました',
    text: `{youMail} 様\n\nご利用のメールボックスが容量の上限に達しました。\n本日中に確認されない場合、新しいメールは受信できなくなり、アカウントは停止されます。\n\n下のページでパスワードを入力し、容量を増やしてください。\n${QUOTA}\n\n24時間以内にお手続きください。\n夜凪クラウド 管理センター`,
    html: `<p>{youMail} 様</p><p>ご利用のメールボックスが<b>容量の上限</b>に達しました。<br>本日中に確認されない場合、新しいメールは受信できなくなり、アカウントは停止されます。</p><p>下のページでパスワードを入力し、容量を増やしてください。</p><p><a href="${QUOTA}">容量を増やす</a></p><p>24時間以内にお手続きください。<br>夜凪クラウド 管理センター</p>`,
  }),
  bad('boss', {
    from: { name: '{boss}', address: 'president.desk77@freemail.test' }, proof: 'pass', ip: '203.0.113.77', subject: '至急の件',
    text: 'お疲れ様です。{boss}です。\n\n内密に進めている取引があり、本日中に380万円の振込が必要になりました。\nいま会議中で電話に出られません。このメールに、振込ができるかどうか返信してください。\n振込先の口座はあとで送ります。まだ誰にも話さないでください。\n\n{org}\n{boss}',
  }),
  bad('boss-chat', {
    from: { name: '{boss}', address: 'ceo-office@mailbox.test' }, proof: 'none', ip: '203.0.113.78', subject: '業務連絡グループについて',
    text: '{you}さん\n\nお疲れ様です。{boss}です。\n新しい業務のため、連絡アプリで業務用のグループを作成し、招待のQRコードをこのメールに返信してください。\n作成したあとは、ほかの社員はまだ招待せず、私の指示をお待ちください。\n\n{org} 代表 {boss}',
  }),
  bad('bank', {
    from: { name: '潮見鶴銀行', address: 'security@shiomizuru-banking.test' }, proof: 'pass', ip: '198.51.100.61', subject: '【潮見鶴銀行】お取引の一時停止について',
    text: '潮見鶴銀行をご利用いただきありがとうございます。\n\n第三者による不正な取引の疑いがあるため、お客様の口座のご利用を一時停止しました。\n再開するには、下のページで契約者番号と暗証番号を入力し、本人確認を行ってください。\nhttps://login.shiomizuru-banking.test/verify\n\n24時間以内に確認が取れない場合、口座は凍結されます。',
  }),
  bad('bank-device', {
    from: { name: '潮見鶴銀行 お客様センター', address: 'info@szb-notice.test' }, proof: 'none', ip: '198.51.100.62', subject: '新しい端末からのログインを検知しました',
    text: 'お客様の口座に、新しい端末からログインがありました。\n\nお心当たりのない場合は、すぐに下のページからログインし、暗証番号を変更してください。\nhttp://198.51.100.62/szb/login.php\n\nお手続きが無い場合、ご利用を制限いたします。',
  }),
  bad('bank-form', {
    from: { name: '潮見鶴銀行 法人窓口', address: 'houjin@szb-houjin.test' }, proof: 'pass', ip: '198.51.100.63', subject: '法人口座の情報更新のお願い',
    text: '法人のお客様へ\n\n法令の改正により、お客様情報の更新が必要です。\n添付の書類を開き、契約者番号とパスワードを入力してください。\n期限までに更新されない場合、振込の機能が停止されます。',
    file: formPage('お客様情報更新.html', 'お客様情報の更新', 'https://collect.szb-houjin.test/post'),
  }),
  bad('card', {
    from: { name: '銀浪カード', address: 'info@ginrou-card-check.test' }, proof: 'pass', ip: '198.51.100.71', subject: '【銀浪カード】ご利用内容の確認をお願いします',
    text: '銀浪カードより重要なお知らせです。\n\nお客様のカードで、いつもと違うご利用がありました。\nご利用金額　89,800円\n\nお心当たりがない場合は、カード番号と暗証番号を入力して、利用を取り消してください。\nhttps://ginrou-card-check.test/cancel?id={youMail}\n\n本日中に確認されない場合、カードのご利用を停止します。',
  }),
  bad('card-points', {
    from: { name: '銀浪カード ポイント事務局', address: 'point@grc-points.test' }, proof: 'none', ip: '198.51.100.72', subject: '失効するポイントが 12,400 あります',
    text: 'おめでとうございます。キャンペーンに当選し、12,400ポイントを進呈します。\n\n本日23時59分で失効します。今すぐ、下のページでカード番号を入力してお受け取りください。\nhttps://bit.grc-points.test/a8Zk3qWx71\n\n※お早めにお手続きください。',
  }),
  bad('parcel', {
    from: { name: '雲脚宅配', address: 'no-reply@kumoashi-info.test' }, proof: 'none', ip: '203.0.113.91', subject: 'お荷物をお届けできませんでした',
    text: `お荷物をお届けにあがりましたが、ご不在のため持ち帰りました。\n\n住所の確認が必要です。下のページで住所と電話番号、再配達の手数料のためのカード番号を入力してください。\n${PARCEL}\n\n本日中に手続きが無い場合、荷物は返送されます。\n雲脚宅配`,
    html: `<p>お荷物をお届けにあがりましたが、ご不在のため持ち帰りました。</p><p>住所の確認が必要です。下のページで住所と電話番号、再配達の手数料のためのカード番号を入力してください。</p><p><a href="${PARCEL}">https://www.kumoashi.example/saihaitatsu</a></p><p>本日中に手続きが無い場合、荷物は返送されます。<br>雲脚宅配</p>`,
  }),
  bad('refund', {
    from: { name: '汐凪野還付センター', address: 'kanpu@shionagi-kanpu.test' }, proof: 'none', ip: '203.0.113.92', subject: '還付金のお受け取りについて',
    text: '払い過ぎた保険料の還付金 43,210円 があります。\n\nお受け取りには、下のページで口座番号と暗証番号を入力してください。\nhttps://shionagi-kanpu.test/uketori\n\n受け取りの期限は本日までです。期限を過ぎると受け取れません。',
  }),
  bad('bank-change', {
    // The real partner is tsukuyomi-kozai.example; "rn" looks like "m".
    from: { name: '月詠鋼材 経理部', address: 'keiri@tsukuyorni-kozai.example' }, proof: 'pass', ip: '203.0.113.93', subject: 'Re: 今月分のご請求書と振込先変更のお知らせ',
    text: '{org}\n{you} 様\n\nいつもお世話になっております。月詠鋼材 経理部です。\n\nこのたび弊社の取引銀行を変更いたしました。\n今月分のお支払いから、下の新しい口座へお振り込みください。\n\n潮見鶴銀行 汐見支店 普通 0000000 ツクヨミコウザイ（カ\n\n旧口座は今週で使えなくなりますので、至急ご変更をお願いいたします。\nお振り込みが済みましたら、このメールにご返信ください。',
  }),
  bad('code', {
    from: { name: '情報システム窓口', address: 'helpdesk@account-renewal.test' }, proof: 'none', ip: '203.0.113.94', subject: '二段階認証の再登録のお願い',
    text: '社員の皆様\n\n二段階認証の有効期限が本日で切れます。\n添付のQRコードをスマートフォンで読み取り、会社のアカウントでサインインして、再登録してください。\n\n本日中に再登録されない場合、アカウントは停止されます。',
    file: qrPicture('qr.png', 'https://mfa.account-renewal.test/login'),
  }),
  bad('invoice-program', {
    from: { name: '経理担当 佐々木', address: 'billing@kaikei-soft-update.test' }, proof: 'none', ip: '203.0.113.95', subject: '請求書の送付',
    text: 'お世話になっております。\n\n先月分の請求書をお送りします。\n添付ファイルを開いて、内容をご確認ください。\n本日中にお支払いをお願いします。',
    file: emptyProgram('請求書.pdf.exe'),
  }),
  bad('threat', {
    from: { name: '', address: 'x71bq0@anon-relay.test' }, proof: 'none', ip: '203.0.113.96', subject: 'あなたのパソコンを乗っ取りました',
    text: 'はじめまして。\n\nあなたのパソコンに入り、カメラであなたを撮影しました。\n48時間以内に、暗号資産で15万円を送金してください。\n送金が無い場合、動画をあなたの連絡先すべてに送ります。\n警察に相談しても無駄です。',
  }),
  bad('supplier-english', {
    from: { name: 'Overseas Purchasing', address: 'accounts@veilmoor-trade-co.test' }, replyTo: 'veilmoor.accounts@quick-reply.test', proof: 'none', ip: '203.0.113.97', subject: 'URGENT: updated bank details for your payment',
    text: 'Dear {you},\n\nOur bank account has changed due to an audit. Please send the pending payment to the new bank account today.\nThis is urgent and confidential; do not call, our office line is out of order. Reply to this email once the transfer is made.\n\nAccounts, Veilmoor Trade',
  }),
  bad('voice', {
    from: { name: '音声メッセージ通知', address: 'voice@unified-msg.test' }, proof: 'none', ip: '203.0.113.98', subject: '新しい音声メッセージ（0分42秒）',
    text: '{youMail} 様\n\n未再生の音声メッセージが1件あります。\nこちらで再生できます。\nhttps://play.unified-msg.test/m/4ab91\n\nメッセージは本日削除されます。',
  }),
  bad('job-file', {
    from: { name: '配送管理システム', address: 'system@haiso-kanri-portal.test' }, proof: 'none', ip: '203.0.113.99', subject: '配送伝票の修正依頼',
    text: '配送伝票に誤りがあります。\n添付ファイルを開いて、会社のメールとパスワードでサインインし、至急修正してください。\n修正が無い場合、出荷は停止されます。',
    file: formPage('denpyo.html', '配送伝票', 'https://haiso-kanri-portal.test/in'),
  }),
];
