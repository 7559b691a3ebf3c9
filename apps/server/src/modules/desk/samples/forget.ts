import { searchKey } from '@banya/jp';
import type { Tx } from '../../../kernel/types.ts';
import { questionSubject } from './rules.ts';
import { samples } from './store.ts';
import { failedWord, gone } from './texts.ts';

/** Of a question. */
const SUBJECT_MAX = 120;
/** Where what was taken from the mail begins in a message of its question: what its writer said stands before it. */
const FROM_MAIL = `(^|\\n)(判定：|${failedWord.ja}|転送のときのひとこと：).*$`;

/**
 * After its file a mail's words go: from its own row, and with the last mail of a question from there, too: the subject, the
 * reasons, the note of whoever forwarded it. What people wrote to one another stays. As system.
 */
export async function forgetMail(tx: Tx, orgId: string, fileId: string): Promise<void> {
  const asked = await tx.query<{ ticket_id: string; subject: string }>('select ticket_id, subject from desk_samples where org_id = $1 and file_id = $2 and ticket_id is not null', [orgId, fileId]);
  await samples.scrub(tx, orgId, fileId);
  for (const { ticket_id: ticketId, subject } of asked) {
    const [held] = await tx.query('select 1 from desk_samples where org_id = $1 and ticket_id = $2 and file_id is not null limit 1', [orgId, ticketId]);
    if (held) continue;
    await tx.query("update desk_messages set text = regexp_replace(text, $3, '\\1' || $4) where org_id = $1 and ticket_id = $2 and side = 'member' and text ~ $3", [orgId, ticketId, FROM_MAIL, gone.ja]);
    const [ticket] = await tx.query<{ number: string; subject: string; requester_name: string }>('select number, subject, requester_name from desk_tickets where org_id = $1 and id = $2', [orgId, ticketId]);
    // A subject that the desk has given it is the desk's.
    if (!ticket || ticket.subject !== questionSubject(subject).slice(0, SUBJECT_MAX)) continue;
    const next = questionSubject(gone.ja);
    await tx.query('update desk_tickets set subject = $3, search_key = $4 where org_id = $1 and id = $2', [orgId, ticketId, next, searchKey(`#${ticket.number} ${ticket.requester_name}`)]);
  }
}
