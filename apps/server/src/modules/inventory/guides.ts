import type { Bilingual, Lang } from '@banya/contract';
import { deviceGuides } from '@banya/library';
import type { Family } from './schema.ts';

export interface Guide {
  readonly family: Family;
  readonly name: Bilingual;
  readonly minutes: number;
  readonly steps: readonly { readonly text: Bilingual; readonly paste: string | null }[];
  readonly notes: readonly Bilingual[];
}

/** Where the device shall send to: this Banya's own addresses. */
export interface GuideTarget {
  readonly host: string;
  readonly syslogPort: number;
  readonly ingestUrl: string;
}

const DONE = { text: { ja: '貼り付けたら、この画面に戻ってお待ちください。ログが届くと、2分ほどで「届いています」に変わります。', en: 'Come back to this page and wait: when lines arrive it changes to “flowing” within about two minutes.' }, paste: null };

/** The family of engines/logs that reads what a device of this kind sends. */
export const parserFamily = (family: Family): string => (family === 'rfc5424' ? 'rfc5424-sd' : family === 'generic' ? 'auto' : family);

/** This machine's name for itself: of no use on a device. */
const ITSELF = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const ADDRESS: Readonly<Record<Lang, string>> = { ja: '【番屋のアドレス】', en: '【address of Banya】' };

/** The exact settings per kind of device, with this Banya's addresses filled in; a place for them where it does not know its own. */
export function guideFor(family: Family, target: GuideTarget, lang: Lang): Guide {
  const { syslogPort } = target;
  const known = !ITSELF.test(target.host);
  const host = known ? target.host : ADDRESS[lang];
  const ingestUrl = known ? target.ingestUrl : target.ingestUrl.replace(`//${target.host}`, () => `//${host}`);
  const id = family === 'generic' ? family : parserFamily(family);
  const guide = deviceGuides().find((g) => g.id === id)!;
  const fill = (text: string): string => text.replaceAll('{host}', host).replaceAll('{port}', String(syslogPort)).replaceAll('{ingest}', ingestUrl);
  return {
    family, name: guide.name, minutes: guide.minutes,
    steps: [...guide.steps.map(({ ja, en, paste }) => ({ text: { ja, en }, paste: paste === undefined ? null : fill(paste) })), DONE],
    notes: guide.notes,
  };
}
