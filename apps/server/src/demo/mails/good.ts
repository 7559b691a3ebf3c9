import { lockedZip, plainPdf } from './files.ts';
import type { DemoMail } from './types.ts';

const good = (key: string, mail: Omit<DemoMail, 'key' | 'truth'>): DemoMail => ({ key, truth: 'good', ...mail });

/** Real mails of an office, among them those that look odd; invented like everything here. */
export const GOOD: readonly DemoMail[] = [
  good('locked-zip', {
    from: { name: '月詠鋼材 品質保証課', address: 'hinsho@tsukuyomi-kozai.example' }, proof: 'pass', ip: '192.0.2.201', subject: '検査成績書の送付（パスワード付きzip）',
    text: '{org}\n{you} 様\n\nいつもお世話になっております。月詠鋼材の品質保証課です。\nご依頼の検査成績書をお送りします。\n弊社の決まりにより、添付ファイルにはパスワードを付けています。\nパスワードは、続けて別のメールでお送りします。',
    file: lockedZip('検査成績書.zip', '検査成績書.pdf'),
  }),
  good('zip-password', {
    from: { name: '月詠鋼材 品質保証課', address: 'hinsho@tsukuyomi-kozai.example' }, proof: 'pass', ip: '192.0.2.201', subject: '【パスワードのお知らせ】検査成績書の送付',
    text: '{org}\n{you} 様\n\n先ほどお送りした添付ファイルのパスワードです。\n\nTk-7731-yomi\n\nこのメールは自動でお送りしています。',
  }),
  good('newsletter', {
    from: { name: '水産加工だより 編集部', address: 'letter@suisan-dayori.example' }, proof: 'pass', ip: '192.0.2.202', list: true, subject: '水産加工だより 第214号：手洗いの見直し',
    text: '水産加工だより 第214号\n\n・食中毒を防ぐ、手洗いの見直し\n・冷凍庫の霜取りを短くする工夫\n・読者の工場を訪ねて\n\n続きはこちらで読めます。\nhttps://suisan-dayori.example/214\n\n配信を止めるときは、下からお手続きください。\nhttps://suisan-dayori.example/stop',
  }),
  good('tool-catalogue', {
    from: { name: '雲雀金工具', address: 'news@hibarigane-kogu.example' }, proof: 'pass', ip: '192.0.2.203', list: true, subject: '新しい切削工具のご案内',
    text: 'いつもありがとうございます。雲雀金工具です。\n\n新しい超硬エンドミルの取り扱いを始めました。\nカタログはこちらからご覧いただけます。\nhttps://hibarigane-kogu.example/catalogue\n\n担当：営業部',
  }),
  good('bank-real', {
    from: { name: '潮見鶴銀行', address: 'oshirase@shiomizuru.example' }, proof: 'pass', ip: '192.0.2.204', subject: '窓口の営業時間のお知らせ',
    text: 'いつも潮見鶴銀行をご利用いただきありがとうございます。\n\n来月から、汐見支店の窓口を15時までといたします。\n現金自動預払機は、これまでどおりご利用いただけます。\n\nこのメールに返信いただいても、お答えできません。\n潮見鶴銀行',
  }),
  good('parcel-real', {
    from: { name: '雲脚宅配', address: 'info@kumoashi.example' }, proof: 'pass', ip: '192.0.2.205', subject: 'お荷物発送のお知らせ',
    text: '月雫印刷所 様\n\nご注文の用紙を、本日発送しました。\nお問い合わせ番号　4410-2231-0087\nお届け予定　明日の午前中\n\n雲脚宅配',
  }),
  good('meeting', {
    from: { name: '青蕗医療器 営業', address: 'eigyo@aobuki-iryoki.example' }, proof: 'pass', ip: '192.0.2.206', subject: '点検日程のご相談',
    text: '{org}\n{you} 様\n\nお世話になっております。青蕗医療器です。\n画像診断装置の定期点検について、来月12日の午後はいかがでしょうか。\nご都合をお聞かせください。',
  }),
  good('invoice-real', {
    from: { name: '木枯建材 経理', address: 'keiri@kogarashi-kenzai.example' }, proof: 'pass', ip: '192.0.2.207', subject: '今月分ご請求書',
    text: '{org} 御中\n\nいつもお世話になっております。木枯建材です。\n今月分の請求書をお送りします。お支払い先は、これまでと同じです。\nよろしくお願いいたします。',
    file: plainPdf('請求書.pdf', 'Invoice'),
  }),
  good('survey', {
    from: { name: '汐凪野商工会', address: 'jimukyoku@shionagino-shokokai.example' }, proof: 'pass', ip: '192.0.2.208', subject: '景況アンケートのお願い',
    text: '会員の皆様\n\n年に1度の景況アンケートを行います。所要時間は5分ほどです。\nhttps://shionagino-shokokai.example/keikyo\n\n回答は統計としてまとめ、会社の名前は出しません。\n汐凪野商工会 事務局',
  }),
  good('applicant', {
    from: { name: '野中 葉月', address: 'hazuki.nonaka@mail-of-mine.example' }, proof: 'pass', ip: '192.0.2.209', subject: '求人への応募について',
    text: '採用ご担当者様\n\nはじめまして。野中葉月と申します。\n貴院の求人を拝見し、応募させていただきたくご連絡しました。\n履歴書を添付いたします。ご検討をよろしくお願いいたします。',
    file: plainPdf('履歴書_野中.pdf', 'Curriculum vitae'),
  }),
  good('cloud-invoice', {
    from: { name: '夜凪クラウド', address: 'billing@yonagi-cloud.example' }, proof: 'pass', ip: '192.0.2.210', subject: '今月分のご利用明細',
    text: '{org} 様\n\n今月分のご利用明細ができました。\n金額　6,600円（口座振替）\n\n明細は、いつもの管理画面でご覧ください。\n夜凪クラウド',
  }),
  good('health-check', {
    from: { name: '朝露けんしんセンター', address: 'yoyaku@asatsuyu-kenshin.example' }, proof: 'pass', ip: '192.0.2.211', subject: '健康診断の日程について',
    text: '{org}\n{you} 様\n\n健康診断の日程を、下のとおり承りました。\n来月9日 9:00から　18名様\n\n変更があれば、お電話でお知らせください。',
  }),
  good('advert', {
    from: { name: '朧月夜営業支援室', address: 'dm@oborozukiyo-eigyo.example' }, proof: 'pass', ip: '192.0.2.212', list: true, subject: '【限定3社】新規の商談を月30件増やす方法',
    text: '突然のご連絡失礼いたします。\n\n営業の人手不足でお困りではありませんか。\n弊社のサービスなら、商談の数を大きく増やせます。\n資料はこちらです。\nhttps://oborozukiyo-eigyo.example/lp\n\n配信停止はこちら\nhttps://oborozukiyo-eigyo.example/stop',
  }),
  good('advert-seminar', {
    from: { name: '経営セミナー事務局', address: 'seminar@keiei-manabi.example' }, proof: 'pass', ip: '192.0.2.213', list: true, subject: '無料セミナー「値上げの伝え方」のご案内',
    text: '経営者の皆様へ\n\n取引先への値上げの伝え方を学ぶ、無料のオンラインセミナーを開きます。\n来月15日 14:00から15:30\n\nお申し込み\nhttps://keiei-manabi.example/15',
  }),
  good('closure', {
    from: { name: '浮雲倉庫 業務課', address: 'gyomu@ukigumo-soko.example' }, proof: 'pass', ip: '192.0.2.214', subject: '棚卸しによる休業のお知らせ',
    text: '{org} 御中\n\nいつもお世話になっております。浮雲倉庫です。\n月末の土曜日は、棚卸しのため休業いたします。\n入庫は前日の15時までにお願いいたします。',
  }),
  good('price', {
    from: { name: '天の川屋食品', address: 'eigyo@amanogawaya-shokuhin.example' }, proof: 'pass', ip: '192.0.2.215', subject: '価格改定のお願い',
    text: '{org} 御中\n\n平素より格別のお引き立てをいただき、ありがとうございます。\n原料の値上がりにより、1月納品分から価格を改定させていただきたく、お願い申し上げます。\n詳しくは、担当がお伺いして説明いたします。',
  }),
  good('short', {
    from: { name: '', address: 'kondo.s@mail-of-mine.example' }, proof: 'none', ip: '192.0.2.216', subject: '先日の件',
    text: 'ご確認ください。',
  }),
];
