/** Which photos of a mail are worth the time of looking for a code in them. */
import type { Limits } from '../attach/budget.ts';
import type { ParsedMail } from '../types.ts';

const SCAN = /qr|コード|読み取|読取|よみとり|スキャン|かざ|カメラ|携帯|スマホ|スマートフォン|\b(?:scan|barcode|camera|code)\b/i;
const TEXT_MAX = 20_000;
/** A mail with so many links has other ways to lead its reader. */
const FEW_LINKS = 3;
/** Under so many characters the pictures carry what the mail has to say. */
const FEW_WORDS = 200;

/**
 * Decoding a JPEG costs about 150 ms for a megapixel (a large one, at reduced size, an eighth of that), and most are photos and logos. Where the text speaks of scanning or
 * says hardly anything, three of any size are looked at; with few links three up to 1.2 megapixels; else one small one.
 * What is left out is told as `picture_not_read`. PNG and GIF are cheap and always looked at.
 */
export function photoLimits({ subject, text, links }: ParsedMail): Pick<Limits, 'photos' | 'photoPixels'> {
  const seen = text.slice(0, TEXT_MAX);
  if (SCAN.test(subject.slice(0, 500)) || SCAN.test(seen) || seen.trim().length < FEW_WORDS) return { photos: 3, photoPixels: 16_000_000 };
  return links.filter(({ url }) => /^https?:/i.test(url)).length <= FEW_LINKS ? { photos: 3, photoPixels: 1_200_000 } : { photos: 1, photoPixels: 400_000 };
}
