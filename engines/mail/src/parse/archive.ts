/** Mails in zip files. The archive itself is read where attachments are judged, with what it really inflates to counted. */
import type { Trouble } from '../types.ts';
import { Budget } from '../attach/budget.ts';
import { readZip } from '../attach/zip.ts';
import { LIMITS } from './limits.ts';

export interface ZipMails {
  readonly mails: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Mails by their names, read or not. */
  readonly total: number;
  /** Files beside the mails. */
  readonly others: number;
  readonly troubles: readonly Trouble[];
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes.length > 21 && bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 0x03 && bytes[3] === 0x04) || (bytes[2] === 0x05 && bytes[3] === 0x06));
}

const MAIL = /\.(?:eml|msg|tnef)$/i;
/** What archiving programs leave behind. */
const LITTER = /(?:^|[\\/])(?:__MACOSX[\\/]|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i;

/** The mails in a zip file: at most `most`, of its first 200 entries, 100 MB of them together. Never throws. */
export function mailsInZip(bytes: Uint8Array, most: number = LIMITS.suspects): ZipMails {
  const archive = readZip(bytes);
  const budget = new Budget({ bytes: LIMITS.archiveBytes, ratio: LIMITS.archiveRatio, entries: LIMITS.archiveEntries, ratioFrom: 1024 * 1024 });
  const troubles: Trouble[] = archive.broken ? [{ code: 'broken_container' }] : [];
  const mails: { name: string; bytes: Uint8Array }[] = [];
  let others = 0;
  for (const entry of archive.entries) {
    if (!budget.entry()) {
      troubles.push({ code: 'archive_too_large' });
      break;
    }
    const name = entry.name.slice(0, 500);
    if (entry.folder || LITTER.test(name)) continue;
    if (!MAIL.test(name)) {
      others++;
      continue;
    }
    if (mails.length >= most) {
      troubles.push({ code: 'archive_too_large', where: name });
      break;
    }
    const read = entry.read?.(budget);
    if (read?.kind === 'ok') mails.push({ name, bytes: read.bytes });
    else troubles.push({ code: read?.kind === 'bomb' ? 'archive_too_large' : 'attachment_unreadable', where: name });
  }
  const total = archive.entries.filter(({ name, folder }) => !folder && MAIL.test(name.slice(0, 500)) && !LITTER.test(name.slice(0, 500))).length;
  return { mails, total, others, troubles: troubles.slice(0, 50) };
}
