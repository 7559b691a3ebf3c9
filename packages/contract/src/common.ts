import { z } from 'zod';

/** Identifier of any stored thing: UUID version 7, so that order of ids is order of creation. Lower case, as the stores write it. */
export const id = z.uuid().toLowerCase();
/** An instant: ISO 8601 with zone. */
export const instant = z.iso.datetime({ offset: true });
/** A calendar day in the organisation's zone: YYYY-MM-DD. */
export const day = z.iso.date();
/** A calendar month: YYYY-MM. */
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
export const lang = z.enum(['ja', 'en']);
export type Lang = z.output<typeof lang>;
/** The same text in both languages. */
export const bilingual = z.object({ ja: z.string(), en: z.string() });
export type Bilingual = z.output<typeof bilingual>;
/** One line of free text, trimmed, without control characters. */
export const line = (max: number) =>
  z.string().trim().min(1).max(max).refine((s) => !/[\u0000-\u001f\u007f]/.test(s), { error: 'control' });
/** Several lines of free text. */
export const text = (max: number) =>
  z.string().max(max).refine((s) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(s), { error: 'control' });

/** Keyset paging of every list: `after` is the opaque cursor of the page before. */
export const pageQuery = z.object({
  after: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** A page: items, the cursor of the next page or null, and a count that stops at 1,000 (`more`). */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable(),
    total: z.object({ count: z.number().int(), more: z.boolean() }).optional(),
  });
export const orgParams = z.object({ org: id });
/** Parameters of a route below an organisation: orgParams plus named ids. */
export const orgParamsWith = <const K extends string>(...names: K[]) =>
  z.object({ org: id, ...(Object.fromEntries(names.map((n) => [n, id])) as Record<K, typeof id>) });

/** How many people reported like mails in one question, and how many of them had opened something. */
export const askedBy = z.object({ people: z.number().int(), touched: z.number().int() });
