import { BAD } from './bad.ts';
import { GOOD } from './good.ts';
import type { DemoMail, DemoReport } from './types.ts';

export { PARTNERS } from './partners.ts';
export type { DemoFile, DemoMail, DemoReport } from './types.ts';

export const MAILS: ReadonlyMap<string, DemoMail> = new Map([...BAD, ...GOOD].map((mail) => [mail.key, mail]));

const ask = (mail: string, member: string, person: number, came: DemoReport['came'], note = '', how: DemoReport['how'] = 'attached'): DemoReport => ({ mail, member, person, how, note, came });
const minutes = (minutesAgo: number): DemoReport['came'] => ({ minutesAgo });
const day = (daysAgo: number, hour: number, minute: number): DemoReport['came'] => ({ daysAgo, hour, minute });

/**
 * Who asks about what, in this order. The wave of today: one mail at four members, where one person has clicked. What means
 * harm came within these hours, since the door stamps a report with the moment it comes; the rest came over the month.
 */
export const REPORTS: readonly DemoReport[] = [
  ask('newsletter', 'todaimori', 1, day(27, 9, 12), '毎週来るようになりました。開いてよいですか。'),
  ask('advert', 'nijimasu', 1, day(25, 13, 40), '覚えがありません。', 'inline'),
  ask('closure', 'kazakiriba', 1, day(24, 10, 5)),
  ask('price', 'kohakuneko', 1, day(22, 11, 20), '本物でしょうか。'),
  ask('survey', 'tsukishizuku', 1, day(20, 15, 2)),
  ask('meeting', 'asanagino', 1, day(19, 9, 48)),
  ask('bank-real', 'ainezu', 1, day(17, 16, 30), '銀行の名前ですが、本物ですか。'),
  ask('tool-catalogue', 'mihanada', 9, day(16, 8, 55)),
  ask('invoice-real', 'kodamazaka', 3, day(14, 13, 15), 'いつもの請求書だと思いますが、念のため。'),
  ask('parcel-real', 'tsukishizuku', 2, day(13, 10, 21)),
  ask('applicant', 'asanagino', 1, day(11, 14, 44), '添付を開いてもよいですか。'),
  ask('advert-seminar', 'watagumo', 1, day(10, 9, 30)),
  ask('cloud-invoice', 'kohakuneko', 3, day(8, 11, 11)),
  ask('health-check', 'kasumiho', 1, day(7, 15, 50)),
  ask('short', 'kasumiho', 4, day(5, 17, 5), '誰からのメールか分かりません。'),
  ask('locked-zip', 'mihanada', 8, day(3, 10, 32), 'パスワード付きのファイルが来ました。開いてよいですか。'),
  ask('zip-password', 'mihanada', 8, day(3, 10, 33)),
  ask('refund', 'watagumo', 5, minutes(95)),
  ask('card', 'kohakuneko', 6, minutes(88), 'このカードは会社で使っています。'),
  ask('bank', 'ainezu', 4, minutes(80)),
  ask('supplier-english', 'todaimori', 3, minutes(76), '英語のメールで、分かりません。'),
  ask('boss', 'kodamazaka', 4, minutes(70), '社長からですが、アドレスがいつもと違います。'),
  ask('threat', 'hoshikuzuno', 3, minutes(66), '怖いメールが来ました。'),
  ask('quota', 'todaimori', 5, minutes(44)),
  ask('quota', 'kazakiriba', 10, minutes(41), '本物ですか。'),
  ask('quota', 'mihanada', 12, minutes(39), 'リンクを押してしまいました。画面が出たので閉じました。'),
  ask('quota', 'kohakuneko', 4, minutes(36)),
  ask('quota', 'mihanada', 15, minutes(34)),
  ask('quota', 'kazakiriba', 14, minutes(31)),
  ask('parcel', 'ainezu', 6, minutes(30)),
  ask('parcel', 'kasumiho', 7, minutes(27), '荷物は頼んでいません。'),
  ask('code', 'nijimasu', 5, minutes(25)),
  ask('invoice-program', 'tsuraranono', 1, minutes(22), '知らない会社の請求書です。'),
  ask('bank-form', 'asanagino', 4, minutes(19)),
  ask('voice', 'kazakiriba', 6, minutes(17)),
  ask('card-points', 'hoshikuzuno', 1, minutes(15), '', 'inline'),
  ask('bank-device', 'tsukishizuku', 3, minutes(12), '', 'inline'),
  ask('job-file', 'kazakiriba', 11, minutes(10)),
  ask('boss-chat', 'nijimasu', 6, minutes(8), '', 'upload'),
  ask('bank-change', 'mihanada', 6, minutes(5), '', 'upload'),
];
