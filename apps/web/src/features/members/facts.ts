import { JSIC_DIVISIONS, parseCorporateNumber, PREFECTURES, SIZE_BANDS } from '@banya/jp';
import type { Lang } from '@banya/contract';
import type { Option } from '../../ui/index.ts';

interface Named { readonly ja: string; readonly en: string }
const nameOf = <T extends Named>(found: T | undefined, lang: Lang): string | null => found?.[lang] ?? null;

export const industryName = (code: string | null, lang: Lang) => nameOf(JSIC_DIVISIONS.find((d) => d.code === code), lang);
export const sizeName = (id: string | null, lang: Lang) => nameOf(SIZE_BANDS.find((b) => b.id === id), lang);
export const prefectureName = (code: string | null, lang: Lang) => nameOf(PREFECTURES.find((p) => p.code === code), lang);

export const industries = (lang: Lang): readonly Option[] => JSIC_DIVISIONS.map((d) => ({ value: d.code, label: `${d.code}　${d[lang]}` }));
export const sizes = (lang: Lang): readonly Option[] => SIZE_BANDS.map((b) => ({ value: b.id, label: b[lang] }));
export const prefectures = (lang: Lang): readonly Option[] => PREFECTURES.map((p) => ({ value: p.code, label: p[lang] }));

/** Whether a corporate number was typed whole and its check digit fits. */
export const corporateNumberFits = (text: string): boolean => parseCorporateNumber(text).ok;
