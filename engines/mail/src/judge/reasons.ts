/** The words for each signal, said to the employee who asked. Slots in braces are filled from the mail. */
import type { Bilingual } from '../types.ts';
import type { SignalCode } from './weights.ts';

const t = (ja: string, en: string): Bilingual => ({ ja, en });

export const REASONS: Readonly<Record<SignalCode, Bilingual>> = {
  own_domain_forged: t('差出人は社内（{domain}）のアドレスですが、社内のサーバから出たメールではありません。', 'It shows an address of our own ({domain}), but our server did not send it.'),
  known_domain_forged: t('差出人は {domain} ですが、そこのサーバから出たと確かめられませんでした。かたられているようです。', 'It shows {domain} as its sender, but the check that it came from there failed. The name is being misused.'),
  dmarc_failed: t('差出人の {domain} から本当に出たメールか、確かめられませんでした。', 'The check whether it really came from {domain} failed.'),
  from_yourself: t('差出人が、受け取った本人のアドレス（{address}）になっています。', 'It claims to come from the very address that received it ({address}).'),
  officer_outside: t('{name}さんの名前ですが、{name}さんのものではないアドレス（{address}）から届いています。', 'It bears the name of {nameEn}, but comes from an address that is not theirs ({address}).'),
  brand_in_name: t('「{name}」を名乗っていますが、{name}のドメインではなく {domain} から届いています。', 'It calls itself “{nameEn}”, but comes from {domain}, which is not theirs.'),
  own_in_name: t('「{name}」を名乗っていますが、社外の {domain} から届いています。', 'It calls itself “{nameEn}”, but comes from outside, from {domain}.'),
  partner_in_name: t('取引先の「{name}」を名乗っていますが、登録とは違う {domain} から届いています。', 'It calls itself our partner “{nameEn}”, but comes from {domain}, which is not the registered one.'),
  brand_in_text: t('「{name}」からのように書かれていますが、差出人は {domain} です。', 'It reads as if from “{nameEn}”, but the sender is {domain}.'),
  partner_in_text: t('取引先の「{name}」の名前が出てきますが、差出人は {domain} です。', 'It names our partner “{nameEn}”, but the sender is {domain}.'),
  lookalike_sender: t('差出人の {domain} は、本物の {target} によく似せた別のドメインです。', 'The sender’s {domain} is made to look like {target}, but is another domain.'),
  lookalike_sender_known: t('差出人の {domain} は、知っている相手の {target} によく似ていますが、別のドメインです。', 'The sender’s {domain} looks like {target}, whom you know, but is another domain.'),
  lookalike_reply: t('返信すると、本物の {target} によく似た別のドメイン（{domain}）に届きます。', 'An answer would go to {domain}, which only looks like {target}.'),
  lookalike_link: t('リンク先の {domain} は、本物の {target} によく似せた別のドメインです。', 'A link leads to {domain}, which only looks like {target}.'),
  from_missing: t('差出人が書かれていません。', 'It names no sender.'),
  from_broken: t('差出人のアドレスが、メールアドレスとして成り立っていません。', 'The sender’s address is not a real mail address.'),
  from_several: t('差出人が二つ書かれています。ふつうのメールにはありません。', 'It names two senders, which ordinary mails do not.'),
  other_address_in_name: t('差出人の名前に別のアドレス（{address}）が書かれています。本当の差出人は {domain} です。', 'The sender’s name shows another address ({address}); the real one is at {domain}.'),
  freemail_business: t('「{name}」という会社や窓口の名前ですが、だれでも取れる無料のアドレス（{domain}）です。', 'The name “{name}” is a business, but the address is a free one that anybody can have ({domain}).'),
  sender_suffix: t('差出人の {domain} は、使い捨てにされやすい種類のドメインです。', 'The sender’s {domain} is of a kind often thrown away after use.'),
  tenant_default: t('差出人は、作りたてで自社の名前を付けていない契約のアドレス（{domain}）です。', 'The sender uses an address of a newly made contract without a name of its own ({domain}).'),
  random_sender: t('差出人のアドレス（{address}）は、機械が作ったような文字の並びです。', 'The sender’s address ({address}) looks made by a machine.'),
  reply_to_freemail: t('差出人は {domain} ですが、返信は無料のアドレス（{address}）に届きます。', 'The sender is {domain}, but an answer would go to a free address ({address}).'),
  odd_letters: t('差出人名や件名に、検査を逃れるための見えない文字や飾り文字があります。', 'Name or subject hold invisible or fancy letters that help to slip past filters.'),
  pictures_in_subject: t('差出人名や件名に、目を引く絵文字があります。', 'Name or subject hold eye-catching pictures.'),
  your_address_in_subject: t('名前の代わりに、メールアドレスで呼びかけています。', 'It addresses you by your mail address instead of your name.'),
  no_subject: t('件名がありません。', 'It has no subject.'),
  answer_to_nothing: t('返信や転送のように見えますが、元のメールがありません。', 'It looks like an answer or a forward, but there is no mail it belongs to.'),

  link_address: t('リンク先が名前ではなく、数字のアドレス（{host}）です。', 'A link leads to a bare number ({host}) instead of a name.'),
  link_shortener: t('短くしたリンク（{host}）で、行き先が隠されています。', 'A shortened link ({host}) hides where it leads.'),
  link_storage: t('リンク先は、だれでもページを置ける場所（{host}）です。', 'A link leads to a place where anybody can put pages ({host}).'),
  link_storage_text: t('本文に、だれでもページを置ける場所（{host}）のリンクがあります。', 'The text has a link to a place where anybody can put pages ({host}).'),
  link_form: t('リンク先は、だれでも作れる入力フォーム（{host}）です。', 'A link leads to a form that anybody can make ({host}).'),
  link_translate: t('翻訳サービス（{host}）を通して、本当の行き先を隠しています。', 'It goes through a translation service ({host}), which hides where it really leads.'),
  link_suffix: t('リンク先の {host} は、使い捨てにされやすい種類のドメインです。', 'A link leads to {host}, a kind of domain often thrown away after use.'),
  link_sends_on: t('リンクはいったん {host} を通り、別の場所へ転送されます。', 'A link goes through {host} and is sent on elsewhere.'),
  link_user_part: t('リンクの「@」より前は飾りで、本当の行き先は {host} です。', 'What stands before “@” in a link is decoration; it really leads to {host}.'),
  link_data: t('リンクを押すと、ページではなくプログラムが動きます。', 'A link would run a program instead of opening a page.'),
  link_odd_port: t('リンク先（{host}）が、ふつうと違う入口の番号を使っています。', 'A link uses an unusual port ({host}).'),
  link_random: t('リンク先の {host} は、機械が作ったような文字の並びです。', 'A link leads to {host}, a name that looks made by a machine.'),
  link_qr: t('QRコードを読み取らせて、{host} へ誘導しています。', 'It has you scan a QR code that leads to {host}.'),
  link_has_your_address: t('リンクの中に、あなたのメールアドレスが埋め込まれています。', 'A link carries your mail address inside.'),
  link_other_than_shown: t('{shown} と見せて、実際は {host} へ向かうリンクがあります。', 'A link shows {shown}, but leads to {host}.'),
  brand_links_elsewhere: t('「{name}」の名前なのに、リンク先は {name}のものではない {host} です。', 'It is in the name of “{nameEn}”, but a link leads to {host}, which is not theirs.'),
  links_only_elsewhere: t('リンクは、差出人（{domain}）とは関係のない {host} へ向いています。', 'The links lead to {host}, which has nothing to do with the sender ({domain}).'),

  asks_credentials: t('パスワードや本人確認の入力を求めています（「{quote}」）。', 'It asks for a password or to confirm who you are (“{quote}”).'),
  asks_money: t('お金の支払いや送金を求めています（「{quote}」）。', 'It asks for a payment or transfer (“{quote}”).'),
  asks_bank_change: t('振込先の変更を求めています（「{quote}」）。必ず電話で確かめる内容です。', 'It wants the bank account for payments changed (“{quote}”). Such a thing is always confirmed by phone.'),
  asks_open_file: t('添付ファイルを開くように求めています（「{quote}」）。', 'It asks you to open a file (“{quote}”).'),
  asks_call: t('書かれた番号へ電話するように求めています（「{quote}」）。', 'It asks you to phone a number it gives (“{quote}”).'),
  asks_scan_code: t('QRコードを読み取るように求めています（「{quote}」）。', 'It asks you to scan a code (“{quote}”).'),
  asks_urgency: t('急がせています（「{quote}」）。', 'It hurries you (“{quote}”).'),
  asks_secrecy: t('だれにも言わないように求めています（「{quote}」）。', 'It asks you to tell nobody (“{quote}”).'),
  asks_delivery: t('荷物の不在や再配達の話です（「{quote}」）。偽のメールによく使われます。', 'It is about a parcel (“{quote}”), which false mails often use.'),
  asks_refund: t('返金や還付を持ちかけています（「{quote}」）。', 'It promises money back (“{quote}”).'),
  asks_account_stop: t('利用停止や不正利用を理由に、操作を求めています（「{quote}」）。', 'It warns of a stopped or misused account (“{quote}”).'),
  asks_prize: t('賞品やもうけ話を持ちかけています（「{quote}」）。', 'It promises a prize or easy money (“{quote}”).'),
  asks_contact_elsewhere: t('メール以外の連絡手段へ移るように求めています（「{quote}」）。', 'It asks you to go on over another channel (“{quote}”).'),
  asks_boss: t('上の人からの指示のように書かれています（「{quote}」）。', 'It is written like an order from above (“{quote}”).'),
  asks_extortion: t('おどして、お金を要求しています（「{quote}」）。', 'It threatens and demands money (“{quote}”).'),
  asks_advert: t('頼んでいない宣伝や勧誘のようです（「{quote}」）。', 'It looks like advertising nobody asked for (“{quote}”).'),
  pressed_to_sign_in: t('「止まる」「急いで」と不安にさせて、リンクから手続きさせようとしています。', 'It makes you uneasy and wants you to act through its link.'),
  secret_payment: t('お金や連絡先の話を、内密に進めさせようとしています。', 'It wants matters of money kept secret.'),
  boss_elsewhere: t('上の人を名乗り、LINEなど別の連絡手段へ誘っています。ニセ社長の手口です。', 'It poses as a superior and lures you to another channel: a known fraud.'),
  all_capitals: t('本文がすべて大文字で書かれています。', 'The text is written in capitals only.'),
  freemail_money: t('だれでも取れる無料のアドレスから、お金の話をしています。', 'It talks of money from a free address that anybody can have.'),

  stranger_in_thread: t('続いているやり取りに、初めて見るアドレス（{address}）が入ってきました。', 'A new address ({address}) has entered a conversation that was going on.'),
  stranger_asks: t('これまでやり取りのない相手（{address}）からの頼みごとです。', 'It is a request from somebody you never wrote with ({address}).'),
  first_contact: t('これまでやり取りのない相手（{address}）です。', 'You never wrote with this sender before ({address}).'),
  name_changed: t('名前が「{name}」になっています。いつもは「{usual}」です。', 'The name is “{name}”; it usually is “{usual}”.'),
  mailer_changed: t('送信に使ったソフト（{mailer}）が、いつも（{usual}）と違います。', 'It was sent with {mailer}, not with {usual} as usual.'),
  reply_changed: t('返信の宛先（{address}）が、いつもと違います。', 'Answers would go to {address}, which is not the usual one.'),
  known_sender_bank_change: t('いつもの相手でも、振込先の変更は、アカウントを乗っ取った人の手口に多い内容です。', 'Even from a usual sender, a new bank account is what people ask who have broken into a mailbox.'),

  file_executable: t('添付の「{file}」は、開くと動くプログラムです。', 'The attached “{file}” is a program that runs when opened.'),
  file_script: t('添付の「{file}」は、開くと動く命令のファイルです。', 'The attached “{file}” is a script that runs when opened.'),
  file_shortcut: t('添付の「{file}」は、別のプログラムを動かすショートカットです。', 'The attached “{file}” is a shortcut that starts another program.'),
  file_disk_image: t('添付の「{file}」は、中身を隠せる種類のファイル（ディスクの写し）です。', 'The attached “{file}” is a disk image, which can hide what it holds.'),
  file_onenote: t('添付の「{file}」はOneNoteの形で、中にプログラムを隠せます。', 'The attached “{file}” is a OneNote file, which can hide programs.'),
  file_disguised: t('添付の「{file}」は、名前で種類をごまかしています。', 'The attached “{file}” disguises its kind by its name.'),
  file_dangerous_inside: t('添付の「{file}」の中に、動くファイル（{inside}）が入っています。', 'Inside the attached “{file}” is a file that runs ({inside}).'),
  file_bomb: t('添付の「{file}」は、開くと際限なくふくらむように作られています。', 'The attached “{file}” is made to swell without end when opened.'),
  file_macro_acts: t('添付の「{file}」には、開くとひとりでに動くマクロがあります。', 'The attached “{file}” holds a macro that acts by itself when opened.'),
  file_macro: t('添付の「{file}」には、マクロ（自動で動く命令）が入っています。', 'The attached “{file}” holds macros.'),
  file_template: t('添付の「{file}」は、開くと外から別の中身を取り込みます。', 'The attached “{file}” fetches other content from outside when opened.'),
  file_html_form: t('添付の「{file}」は、パスワードなどを入力させるページです。', 'The attached “{file}” is a page that asks for a password or the like.'),
  file_html_script: t('添付の「{file}」は、開くと中身を組み立てて動くページです。', 'The attached “{file}” is a page that builds and runs something when opened.'),
  file_pdf_acts: t('添付の「{file}」（PDF）は、開くと命令が動きます。', 'The attached PDF “{file}” runs commands when opened.'),
  file_type_mismatch: t('添付の「{file}」は、名前の種類と中身（{kind}）が違います。', 'The attached “{file}” is not what its name says; it is {kind}.'),
  file_pdf_link: t('添付の「{file}」（PDF）の中にリンクがあります。', 'The attached PDF “{file}” holds links.'),
  locked_file_stranger: t('やり取りのない相手から、パスワード付きの「{file}」を開くように求められています。', 'A stranger wants you to open “{file}”, which is locked with a password.'),
  locked_file: t('添付の「{file}」はパスワード付きで、中を調べられません。', 'The attached “{file}” is locked with a password and could not be looked into.'),
  locked_file_known: t('取引先からのパスワード付きファイル（「{file}」）です。中は調べられないので、心配なら電話で確かめてください。', 'A locked file (“{file}”) from somebody you know. It could not be looked into; if in doubt, ask by phone.'),
  file_unreadable: t('添付ファイルの一部を読めませんでした。', 'Part of the attachments could not be read.'),

  picture_with_link: t('本文がなく、画像を押すと外のページへ移るメールです。', 'There is no text, only a picture that leads elsewhere when pressed.'),
  picture_only: t('本文が画像だけで、書かれていることを読み取れませんでした。', 'The text is a picture, and what it says could not be read.'),
  too_little_text: t('本文がほとんどなく、判断の手がかりが足りません。', 'There is hardly any text to judge by.'),
  headers_lost: t('本文に貼り付けた形で届いたため、差出人が本物かは確かめられませんでした。', 'It was passed on inside another mail’s text, so the sender could not be checked.'),
  unreadable: t('メールの一部を読めませんでした。', 'Part of the mail could not be read.'),

  proven_own: t('社内（{domain}）のサーバから出たことを確かめました。', 'It was proven to come from our own server ({domain}).'),
  proven_partner: t('取引先の {domain} から出たことを確かめました。', 'It was proven to come from our partner {domain}.'),
  proven_brand: t('「{name}」のドメイン（{domain}）から出たことを確かめました。', 'It was proven to come from “{nameEn}” ({domain}).'),
  proven_domain: t('差出人の {domain} から出たことは確かですが、{domain} が信用できるとは限りません。', 'It really came from {domain}, which does not mean that {domain} can be trusted.'),
  known_sender: t('これまでやり取りのある相手（{address}）です。', 'You have written with this sender before ({address}).'),
  conversation: t('続いているやり取りの一部のようです。', 'It seems to be part of a conversation.'),
  links_home: t('リンクはすべて、差出人と同じ {domain} に向いています。', 'All links lead to the sender’s own {domain}.'),
  no_links: t('押すと外のページへ移るリンクはありません。', 'It has no links to other pages.'),
  no_files: t('添付ファイルはありません。', 'It has no attachments.'),
  asks_nothing: t('パスワード・お金・操作を求める言葉は見つかりませんでした。', 'No words were found that ask for passwords, money or action.'),
};

/** Fills the slots of a reason in both languages. A slot without a value is left out. */
export function reasonText(code: SignalCode, slots: Readonly<Record<string, string>>): Bilingual {
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => clip(slots[name] ?? ''));
  return { ja: fill(REASONS[code].ja), en: fill(REASONS[code].en) };
}

// What comes from the mail is shown as one line without control or direction characters, and not longer than a line.
const clip = (value: string): string => {
  const plain = value.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, ' ').replace(/\s+/g, ' ').trim();
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
};
