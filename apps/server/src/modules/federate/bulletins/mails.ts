import type { Lang } from '@banya/contract';
import { isStrict, textInMail } from './rules.ts';
import type { Tlp, WarningRow } from './schema.ts';

export interface Letterhead {
  readonly lang: Lang;
  readonly personName: string;
  readonly orgName: string;
  /** Address of the installation, without a slash at its end. */
  readonly url: string;
  readonly deskPhone: string | null;
}

/** Whom a warning may be passed on to, in one sentence. */
export const PASS_ON: Readonly<Record<Tlp, Record<Lang, string>>> = {
  CLEAR: { ja: 'だれに見せてもかまいません（TLP:CLEAR）。', en: 'You may show it to anybody (TLP:CLEAR).' },
  GREEN: { ja: '仲間の組織に見せてかまいません。公開はしないでください（TLP:GREEN）。', en: 'You may show it to organisations you work with, not in public (TLP:GREEN).' },
  AMBER: { ja: '自分の組織と、守る必要のある取引先まで見せられます（TLP:AMBER）。', en: 'For your organisation, and clients who need it to protect themselves (TLP:AMBER).' },
  'AMBER+STRICT': { ja: '自分の組織の中だけにしてください（TLP:AMBER+STRICT）。', en: 'For your own organisation only (TLP:AMBER+STRICT).' },
  RED: { ja: 'あなただけにお伝えします。転送しないでください（TLP:RED）。', en: 'For you alone; do not pass it on (TLP:RED).' },
};

/** A text in the reader's language; Japanese where nothing was written in English. */
export const inLang = (row: Pick<WarningRow, 'title_ja' | 'title_en' | 'body_ja' | 'body_en'>, lang: Lang): { title: string; body: string } => ({ title: lang === 'en' && row.title_en ? row.title_en : row.title_ja, body: lang === 'en' && row.body_en ? row.body_en : row.body_ja });

/** To a lead: the warning with its own link only. A RED one says no more than that there is one. */
export function warningMail(head: Letterhead, row: WarningRow): { subject: string; text: string } {
  const ja = head.lang === 'ja';
  const url = `${head.url}/o/${row.org_id}/warnings/${row.id}`;
  const { title, body } = inLang(row, head.lang);
  const whole = textInMail(row.tlp);
  const greeting = ja ? `${head.personName}さん（${head.orgName}）` : `Dear ${head.personName} (${head.orgName}),`;
  const ending = ja ? `${head.deskPhone ? `\n急ぐとき・迷ったとき：デスク ${head.deskPhone}\n` : ''}\n番屋がメールでパスワードを尋ねることはありません。\n` : `${head.deskPhone ? `\nUrgent or unsure? Phone the desk: ${head.deskPhone}\n` : ''}\nBanya never asks for a password by mail.\n`;
  const told = whole
    ? `${title}\n\n${body}\n\n${PASS_ON[row.tlp][head.lang]}`
    : ja ? 'デスクから、あなたあての注意喚起があります。\n中身はメールには書けません。番屋で読んでください。' : 'The desk has a warning for you.\nIts text must not stand in a mail; please read it in Banya.';
  const ask = ja ? '開くと、読んだことがデスクに伝わります：' : 'Opening it tells the desk that you have read it:';
  return {
    subject: whole && !isStrict(row.tlp) ? (ja ? `【番屋・注意喚起】${title}` : `Banya, warning: ${title}`) : ja ? '【番屋】デスクからの注意喚起（担当者あて）' : 'Banya: a warning from the desk, for the lead',
    text: `${greeting}\n\n${told}\n\n${ask}\n${url}\n${ending}`,
  };
}
