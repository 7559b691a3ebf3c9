/** One small mail for each signal: the mail raises it, and nothing of it is taken from anywhere. */
import { deflateRawSync } from 'node:zlib';
import type { SignalCode } from '../../src/index.ts';
import { compound, DROPPER, exe, external, office, pdf, SUMMER, vbaProject, vbaStreams, zip } from '../attach/build.ts';
import { iso, lnk, oneNote } from '../attach/build-archives.ts';
import { png, qr } from '../attach/build-pictures.ts';
import { archive } from '../mails/containers.ts';
import { FRIEND, STRANGER, type Said } from './say.ts';

const link = (url: string, text = '開く'): string => `<p>いつもお世話になっております。資料をまとめましたので、お時間のあるときにご覧ください。</p><p><a href="${url}">${text}</a></p>`;
const ODD = 'minami@nouen-odayaka.example';
const code = png(await qr('https://yomi-tori.test/a'));

export const CASES: Readonly<Record<SignalCode, Said>> = {
  own_domain_forged: { from: ['総務', 'soumu@example.jp'], auth: 'fail' },
  known_domain_forged: { from: ['北浜商事', 'eigyo@kitahama-shoji.example'], auth: 'fail' },
  dmarc_failed: { auth: 'fail' },
  from_yourself: { from: ['', 'taro@example.jp'] },
  officer_outside: { from: ['例示 太郎', 'reiji.taro@tada-mail.test'] },
  brand_in_name: { from: ['アオゾラ信販', 'info@betsu-no-ie.example'] },
  own_in_name: { from: ['株式会社例示水産', 'info@betsu-no-ie.example'] },
  partner_in_name: { from: ['株式会社北浜商事', 'keiri@betsu-no-ie.example'] },
  brand_in_text: { text: 'アオゾラ信販をご利用の皆さまへお知らせします。カード番号を入力してください。' },
  partner_in_text: { text: '株式会社北浜商事の件でご連絡します。指定の口座へお願いします。' },
  lookalike_sender: { from: ['会員係', 'info@aozora-shinpam.example'] },
  lookalike_sender_known: { from: ['営業', 'eigyo@kitahama-shojl.example'] },
  lookalike_reply: { headers: ['Reply-To: a@kitahama-shoji-login.example'] },
  lookalike_link: { html: link('https://aozora-shinpan-login.example/a') },
  from_missing: { rawFrom: '' }, from_broken: { rawFrom: 'Hanako <hanako@>' }, from_several: { rawFrom: 'a@hitotsu.example, b@futatsu.example' },
  other_address_in_name: { from: ['info@kokusai-ginko.example', ODD] },
  freemail_business: { from: ['会計センター', 'kaikei@tada-mail.test'] },
  sender_suffix: { from: ['南', 'a@nouen.suteru'] }, tenant_default: { from: ['南', 'a@nouen.onmicrosoft.com'] }, random_sender: { from: ['南', 'a@x8k2qv7w1z.example'] },
  reply_to_freemail: { headers: ['Reply-To: dare-demo@tada-mail.test'] },
  mixed_alphabets: { from: ['Pаypoint', ODD] }, random_subject: { subject: 'ご連絡です      Qx7vTzK' },
  name_apart: { from: ['Harbor Payroll', 'support@nouen-odayaka.example'] }, title_in_name: { from: ['Mrs. Anna Bell', ODD] }, odd_name: { from: ['###Kaiin###', ODD] },
  odd_letters: { subject: 'お知\u200bらせ' }, pictures_in_subject: { subject: '🎁🎉 お知らせ' }, your_address_in_subject: { subject: 'taro@example.jp 様へ' }, no_subject: { subject: '' },
  answer_to_nothing: { subject: 'Re: 先日の件' },
  title_outside: { from: ['代表取締役社長', ODD] }, authority_outside: { from: ['警視庁 捜査課', ODD], text: '出頭してください。至急お電話ください。' },
  office_outside: { from: ['会員管理センター', ODD], text: 'アカウントが停止されました。本人確認をお願いします。https://nouen-odayaka.example/a' },
  domain_of_purpose: { from: ['南', 'a@secure-update.example'], html: link('https://secure-update.example/a') },
  phone_pressed: { text: 'ご契約の自動更新を解約する方は、至急お電話ください。\n解約の窓口 03-0000-1234 までお電話ください。料金の未払いがあります。' },
  partner_money: { text: '株式会社北浜商事のお支払いは、今後は下記の口座へお願いします。' },
  stranger_file: { text: '添付ファイルを開いてください。', files: [['案内.pdf', pdf()]] },
  link_asks_in: { html: link('https://nouen-odayaka.example/login/') },
  bank_change_pressed: { from: ['北浜商事', 'keiri@kitahama-shoji.example'], auth: 'pass', text: '振込先が変わりました。新しい口座へお振込みください。この件は内密にお願いします。' },
  known_asks_in: { from: ['北浜商事', 'keiri@kitahama-shoji.example'], auth: 'pass', text: '共有ファイルを開くにはパスワードを入力してください。https://fumei-na-basho.example/login' },

  link_address: { html: link('http://203.0.113.9/a') }, link_shortener: { html: link('https://mijikai.test/a') }, link_storage: { html: link('https://a.oki-basho.test/') }, link_storage_text: { text: '写真を置きました。 https://a.oki-basho.test/x をご覧ください。' },
  link_form: { html: link('https://kaku.test/a') }, link_translate: { html: link('https://yakusu.test/a') }, link_suffix: { html: link('https://nouen.suteru/') },
  link_sends_on: { html: link('https://tooru.example/go?url=https://saki.test/a') }, link_user_part: { html: link('https://aozora-shinpan.example@saki.test/a') }, link_data: { html: link('javascript:alert(1)') },
  link_odd_port: { html: link('https://saki.test:4443/a') }, link_random: { html: link('https://x8k2qv7w1z.test/a') }, link_qr: { text: '写真をご覧ください。', files: [['a.png', code, 'image/png']] },
  link_has_your_address: { html: link('https://saki.test/?u=taro@example.jp') }, link_other_than_shown: { html: link('https://saki.test/a', 'www.minami-nouen.example') },
  brand_links_elsewhere: { from: ['アオゾラ信販', 'info@betsu-no-ie.example'], html: link('https://saki.test/a') }, links_only_elsewhere: { html: link('https://saki.test/a') },
  freemail_links: { from: ['南', 'minami@tada-mail.test'], html: link('https://saki.test/a') },

  asks_credentials: { text: 'パスワードを入力してください。' }, asks_money: { text: '至急、下記口座へお振込みください。' }, asks_bank_change: { text: '振込先を変更いたしました。' }, asks_open_file: { text: '添付ファイルを開いてください。' },
  asks_call: { text: 'すぐに電話をください。至急お電話ください。' }, asks_scan_code: { text: 'QRコードを読み取ってください。' }, asks_urgency: { text: '24時間以内にお願いします。' }, asks_secrecy: { text: 'この件は内密にお願いします。' },
  asks_delivery: { text: 'ご不在のため持ち帰りました。' }, asks_refund: { text: '還付金をお受け取りください。' }, asks_account_stop: { text: 'アカウントが停止されました。' }, asks_prize: { text: 'ご当選おめでとうございます。' },
  asks_contact_elsewhere: { text: 'LINEのグループを作成してください。' }, asks_boss: { text: '少し頼みたいことがあります。今、手が離せない。' }, asks_extortion: { text: 'あなたの動画を拡散します。' }, asks_advert: { text: '必ず儲かる話です。' },
  presses_threat: { text: '口座が停止されますので、お手続きください。' }, presses_deadline: { text: '口座の登録を本日中に更新してください。' }, presses_gain: { text: 'プレゼントを先着で進呈しますので、本日中にご登録ください。' }, presses_money: { text: '手数料を本日中にお送りください。費用は期限までにご入金ください。' },
  presses_object: { text: 'アカウントを更新してください。' }, presses_reward: { text: '特典があります。クリックしてお申し込みください。' },
  pressed_to_sign_in: { text: 'アカウントが停止されました。本人確認をお願いします。https://nouen-odayaka.example/a' }, secret_payment: { text: 'この件は内密に、指定の口座へお願いします。' },
  boss_elsewhere: { from: ['例示 太郎', 'reiji.taro@tada-mail.test'], text: 'LINEのグループを作成してください。' },
  all_capitals: { text: 'DEAR FRIEND I AM WRITING TO YOU ABOUT A MATTER OF GREAT IMPORTANCE AND TRUST BETWEEN US AND I HOPE THAT YOU WILL READ THIS LETTER WITH CARE UNTIL ITS END' },
  freemail_money: { from: ['南', 'minami@tada-mail.test'], text: '至急、下記口座へお振込みください。' },

  stranger_in_thread: { headers: ['References: <talk-1@example.jp>'], knowledge: { history: STRANGER, knownIds: ['talk-1@example.jp', '<talk-1@example.jp>'] } },
  stranger_asks: { text: 'パスワードを入力してください。', knowledge: { history: STRANGER } }, first_contact: { knowledge: { history: STRANGER } },
  name_changed: { from: ['別の名前', 'minami@minami-nouen.example'], knowledge: { history: FRIEND } }, mailer_changed: { headers: ['X-Mailer: Betsu Mailer 9'], knowledge: { history: FRIEND } },
  reply_changed: { headers: ['Reply-To: a@betsu-no-ie.example'], knowledge: { history: FRIEND } }, known_sender_bank_change: { text: '振込先を変更いたしました。', knowledge: { history: FRIEND } },

  file_executable: { files: [['a.exe', exe()]] }, file_script: { files: [['a.js', 'WScript.Echo("a")']] }, file_shortcut: { files: [['a.lnk', lnk({ path: 'C:\\Windows\\a.exe' })]] }, file_disk_image: { files: [['a.iso', iso([{ name: 'A.TXT', data: Buffer.from('a') }])]] },
  file_onenote: { files: [['a.one', oneNote([])]] }, file_disguised: { files: [['請求書.pdf.exe', exe()]] }, file_dangerous_inside: { files: [['a.zip', zip([{ name: 'a.exe', data: exe() }])]] },
  file_bomb: { files: [['a.zip', zip([{ name: 'a.bin', packed: deflateRawSync(Buffer.alloc(30 * 1024 * 1024)), declared: 30 * 1024 * 1024 }])]] },
  file_macro_acts: { files: [['a.docm', office({ macro: vbaProject({ Module1: DROPPER }) })]] }, file_macro: { files: [['a.xls', compound({ Workbook: Buffer.alloc(600), ...vbaStreams('_VBA_PROJECT_CUR/VBA/', { Module1: SUMMER }) })]] },
  file_template: { files: [['a.docx', office({ rels: external('attachedTemplate', 'https://saki.test/a.dotm') })]] },
  file_html_form: { files: [['a.html', '<form action="https://saki.test/"><input type="password" name="p"></form>']] }, file_html_script: { files: [['a.html', '<script>location.href="https://saki.test/"</script>']] },
  file_pdf_acts: { files: [['a.pdf', pdf({ catalog: '/OpenAction << /S /JavaScript /JS (app.alert(1)) >>' })]] }, file_type_mismatch: { files: [['a.pdf', exe(), 'application/pdf']] },
  file_pdf_link: { files: [['a.pdf', pdf({ annotations: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://saki.test/a) >> >>' })]] },
  locked_file_stranger: { text: '添付ファイルを開いてください。パスワードは別途お送りします。', files: [['a.zip', archive([{ name: '請求書.xlsx', bytes: Buffer.from('x') }], { names: 'cp932', password: 'a' })]] },
  locked_file: { files: [['a.zip', archive([{ name: '請求書.xlsx', bytes: Buffer.from('x') }], { names: 'cp932', password: 'a' })]] },
  locked_file_known: { from: ['北浜商事', 'eigyo@kitahama-shoji.example'], auth: 'pass', files: [['a.zip', archive([{ name: '請求書.xlsx', bytes: Buffer.from('x') }], { names: 'cp932', password: 'a' })]] },
  freemail_paper: { from: ['南', 'minami@tada-mail.test'], text: '見てください。', files: [['a.pdf', pdf()]] }, file_unreadable: { files: [['a.doc', Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(40)])]] },

  picture_with_link: { html: '<a href="https://saki.test/a"><img src="cid:a"></a>' }, little_text_link: { html: '<p>先日お約束した書類をこちらに置きましたので、ご確認ください。</p><a href="https://saki.test/a">書類</a>' },
  hidden_text: { html: `<p>ご案内です。</p><div style="display:none">${Array.from({ length: 80 }, (_, i) => `garden${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + Math.floor(i / 26))} flower`).join(' ')}</div>` },
  picture_only: { html: '<img src="cid:a">' }, too_little_text: { text: 'はい' }, headers_lost: {}, unreadable: { text: 'x' }, more_mails: {},
  proven_own: { from: ['総務', 'soumu@example.jp'], auth: 'pass' }, proven_partner: { from: ['北浜商事', 'eigyo@kitahama-shoji.example'], auth: 'pass' }, proven_brand: { from: ['アオゾラ信販', 'info@aozora-shinpan.example'], auth: 'pass' },
  proven_domain: { auth: 'pass' }, known_sender: { knowledge: { history: FRIEND } }, conversation: { headers: ['References: <talk-1@example.jp>'], knowledge: { history: FRIEND, knownIds: ['<talk-1@example.jp>', 'talk-1@example.jp'] } },
  links_home: { html: link('https://minami-nouen.example/a') }, no_links: {}, no_files: {}, asks_nothing: {},
};
