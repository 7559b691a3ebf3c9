/** Which signals tell of the decisive fact that a family of our own bad mails is about (`why` in its file), by family. */
import { loadMails } from '../mails/build.ts';

const SENDER = /^(?:brand_|lookalike|officer_|partner_|own_|known_domain|dmarc_|from_yourself|title_|authority_|office_|freemail_|domain_of|link_|name_apart|stranger_|first_contact|links_only|random_|reply_|tenant)/;
const REQUEST = /^(?:asks_|presses_|pressed_|secret_|boss_|phone_|partner_money|freemail_money|stranger_|first_contact|bank_change)/;
const FILE = /^(?:file_|locked_|stranger_file|freemail_paper)/;

const BY_FAMILY: Readonly<Record<string, readonly RegExp[]>> = {
  boss: [SENDER, REQUEST], bec: [SENDER, REQUEST], supplier: [SENDER, FILE], emotet: [FILE, SENDER], html: [FILE], macro: [FILE], image: [FILE], scan: [FILE, SENDER], voicemail: [FILE, SENDER],
  qr: [SENDER, REQUEST], callback: [REQUEST], extortion: [REQUEST, SENDER, FILE], prize: [REQUEST], job: [REQUEST], domain: [REQUEST], subsidy: [SENDER],
};

/** For the name of a mail, whether a signal of this code tells of its decisive fact. */
export function mailsById(): (name: string) => (code: string) => boolean {
  const families = new Map(loadMails().map(({ id, family }) => [id, family]));
  return (name) => {
    const tells = BY_FAMILY[families.get(name) ?? ''] ?? [SENDER];
    return (code) => tells.some((pattern) => pattern.test(code));
  };
}
