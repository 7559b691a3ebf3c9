import type { Link, ParsedMail } from '../types.ts';
import { asciiQr } from './ascii-qr.ts';
import type { Budget } from './budget.ts';
import { tableQr } from './table-qr.ts';
import { linkOf } from './url.ts';

/** Where codes lead that a mail draws itself, by signs in its text or by cells of tables. Never throws. */
export async function drawnCodes(mail: Pick<ParsedMail, 'text' | 'html'>, budget: Pick<Budget, 'late'>): Promise<Link[]> {
  const codes = new Set(await asciiQr(mail.text));
  if (mail.html !== undefined && !budget.late) for (const code of await tableQr(mail.html)) codes.add(code);
  return [...codes].flatMap((code) => linkOf(code.trim(), 'qr', '') ?? []);
}
