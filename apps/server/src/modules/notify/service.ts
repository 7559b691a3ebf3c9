import { hostname } from 'node:os';
import type { Kernel, OutgoingMail } from '../../kernel/kernel.ts';
import { Problem, notFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Scope, Tx } from '../../kernel/types.ts';
import { cleanSubject, cleanText, failureOf, mask, nextTry, plainAddress, RELEASE_DAYS, type Failure } from './rules.ts';
import type { MailRow } from './schema.ts';
import type { MailSettings } from './settings.ts';
import { deliver, type MailServer } from './smtp.ts';
import * as store from './store.ts';

const SEAL = 'notify.mail';
const postman = { kind: 'system', name: 'send mail' } as const;
export const ownScope = (orgId: string): Scope => ({ orgId, actor: postman });

/** Marks every mail that leaves: should one come back to a door of this house, it is known. */
export const loopMark = (secrets: Kernel['secrets']): string => secrets.mac('notify.loop', 'Banya-Loop').slice(0, 24);

export class Post {
  readonly #kernel: Kernel;
  readonly #settings: MailSettings;

  constructor(kernel: Kernel, settings: MailSettings) {
    this.#kernel = kernel;
    this.#settings = settings;
  }

  /** Puts a mail into the outbox with the caller's transaction; it leaves after the commit. */
  async mail(tx: Tx, mail: OutgoingMail): Promise<void> {
    const id = newId(tx.now.getTime());
    const text = cleanText(mail.text);
    const parts = (mail.masked ?? []).map(cleanText).filter((p) => p !== '');
    const good = plainAddress(mail.to);
    const row: MailRow = {
      org_id: mail.orgId, id, recipient: good ? mail.to : cleanSubject(mail.to), lang: mail.lang, subject: mask(cleanSubject(mail.subject), parts, mail.lang), text: mask(text, parts, mail.lang),
      sealed: parts.length > 0 ? this.#kernel.secrets.seal(SEAL, JSON.stringify({ subject: cleanSubject(mail.subject), text }), id) : null, masked: parts.length > 0, key: mail.key ?? null,
      // A broken address fails here and not in the face of whoever closes a finding or asks the desk.
      state: good ? 'waiting' : 'failed', error_code: good ? null : 'address_broken', error_detail: null,
      tries: 0, created_at: tx.now, retry_from: tx.now, next_try_at: tx.now, held_until: null, handed_at: null,
      message_id: mail.threading?.messageId ?? null, threading: mail.threading ? { replyTo: mail.threading.replyTo, references: mail.threading.references } : null,
    };
    if (!(await store.mails.insert(tx, row))) return;
    if (good) tx.job('notify.send', { orgId: mail.orgId, mailId: id });
    else await tx.emit('notify.failed', { orgId: mail.orgId, mailId: id, code: 'address_broken' });
  }

  mailNow(mail: OutgoingMail): Promise<void> {
    return this.#kernel.tenancy.inOrg(ownScope(mail.orgId), (tx) => this.mail(tx, mail));
  }

  /** One try of one mail. Safe to run any number of times: a mail is tried by one at a time and only when it is due. */
  async send(orgId: string, mailId: string): Promise<void> {
    const server = await this.#settings.server();
    const row = await this.#kernel.tenancy.inOrg(ownScope(orgId), async (tx) => {
      const claimed = await store.mails.claim(tx, orgId, mailId);
      if (!claimed) return null;
      if (claimed.handed_at) {
        // An earlier process ended between handing the text over and noting the answer.
        await this.#finish(tx, claimed, failureOf({}, true));
        return null;
      }
      if (!server) {
        await store.mails.update(tx, orgId, mailId, { state: 'kept', held_until: null, tries: claimed.tries - 1 });
        return null;
      }
      if (claimed.masked && claimed.sealed === null) {
        await this.#finish(tx, claimed, { kind: 'permanent', code: 'text_gone', detail: null });
        return null;
      }
      const messageId = claimed.message_id ?? `<${mailId}@${server.from.split('@')[1] ?? hostname()}>`;
      if (claimed.message_id === null) await store.mails.update(tx, orgId, mailId, { message_id: messageId });
      return { ...claimed, message_id: messageId };
    });
    if (!row || !server) return;
    const failure = await deliver(server, this.#letter(row), () => this.#kernel.tenancy.inOrg(ownScope(orgId), (tx) => store.mails.update(tx, orgId, mailId, { handed_at: tx.now }).then(() => {})));
    await this.#kernel.tenancy.inOrg(ownScope(orgId), (tx) => this.#finish(tx, row, failure));
  }

  #letter(row: MailRow & { message_id: string }): Parameters<typeof deliver>[1] {
    const whole = row.sealed === null ? row : (JSON.parse(this.#kernel.secrets.open(SEAL, row.sealed, row.id).toString('utf8')) as { subject: string; text: string });
    return { to: row.recipient, subject: whole.subject, text: whole.text, messageId: row.message_id, date: row.created_at, lang: row.lang, threading: row.threading, loopMark: loopMark(this.#kernel.secrets) };
  }

  async #finish(tx: Tx, row: MailRow, failure: Failure | null): Promise<void> {
    const { org_id: orgId, id: mailId } = row;
    if (failure === null) {
      // What was masked has done its work and is not kept any longer.
      await store.mails.update(tx, orgId, mailId, { state: 'sent', held_until: null, error_code: null, error_detail: null, sealed: null });
      return;
    }
    const again = failure.kind === 'temporary' ? nextTry(row.tries, row.retry_from, tx.now) : null;
    const told = { held_until: null, error_code: failure.code, error_detail: failure.detail };
    if (again) {
      await store.mails.update(tx, orgId, mailId, { ...told, handed_at: null, next_try_at: again });
      tx.job('notify.send', { orgId, mailId }, { startAfter: again });
      return;
    }
    await store.mails.update(tx, orgId, mailId, { ...told, handed_at: null, state: 'failed' });
    await tx.emit('notify.failed', { orgId, mailId, code: failure.code });
  }

  /** Somebody wants it sent (again) now. */
  async again(tx: Tx, orgId: string, mailId: string): Promise<void> {
    const row = await store.mails.lock(tx, orgId, mailId);
    if (!row) throw notFound();
    if (row.state === 'sent') throw new Problem(409, 'mail_already_sent');
    if (row.error_code === 'address_broken') throw new Problem(409, 'mail_address_broken');
    if (row.masked && row.sealed === null) throw new Problem(409, 'mail_text_gone');
    if (row.held_until && row.held_until > tx.now) throw new Problem(409, 'mail_being_sent');
    await store.mails.update(tx, orgId, mailId, { state: 'waiting', retry_from: tx.now, next_try_at: tx.now });
    tx.job('notify.send', { orgId, mailId });
    tx.audit({ action: 'notify.sent_again', target: `mail:${mailId}`, orgId });
  }

  /** After the mail server was set: kept mails of the last week leave; sign-in links among them have ended and stay. */
  async release(): Promise<void> {
    await this.#kernel.tenancy.asSystem('send kept mails now that there is a mail server', async (tx) => {
      const since = new Date(tx.now.getTime() - RELEASE_DAYS * 86_400_000);
      for (const { org_id: orgId, id: mailId } of await store.mails.release(tx, since)) tx.job('notify.send', { orgId, mailId });
    });
  }

  /** Tries the mail server with one mail that is not kept. */
  test(server: MailServer, letter: Parameters<typeof deliver>[1]): Promise<Failure | null> {
    return deliver(server, letter, async () => {});
  }
}
