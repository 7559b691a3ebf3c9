import { isoDate } from '@banya/jp';
import type { Kernel } from '../../../kernel/kernel.ts';
import { isPublicMail } from '../../../kernel/identity/public-mail.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Scope, Tx } from '../../../kernel/types.ts';
import type { FederationSettings, OrgRow, Orgs } from '../../orgs/index.ts';
import { samples } from '../samples/store.ts';
import type { MessageRow, TicketRow } from '../schema.ts';
import * as service from '../service.ts';
import * as desk from '../store.ts';
import { TicketIds } from './ids.ts';
import { bareSubject, decide, numberIn, withoutQuote } from './rules.ts';
import * as store from './store.ts';

/** A mail to the desk, as far as it could be read. */
export interface InboundMail {
  readonly orgId: string;
  /** From a signed address it was sent to. */
  readonly ticketId: string | null;
  /** The same mail, however often it is told. */
  readonly key: string;
  /** The one address in From, lower case; null when there is none or more than one. */
  readonly from: string | null;
  readonly name: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string | null;
  /** Message-IDs it names, the nearest last. */
  readonly references: readonly string[];
  /** A program wrote it: an absence note, a bounce. */
  readonly automatic: boolean;
  /** What the own mail server found of the sender's domain. */
  readonly dmarc: 'pass' | 'fail' | 'none';
  readonly raw: Uint8Array;
  /** Why it could not be read. */
  readonly unread: string | null;
}
export interface Received {
  readonly ticketId: string;
  readonly again: boolean;
  readonly rawKept: boolean;
}

/** What a mail of a conversation carries, so that the reply finds its way back. */
export interface Threading {
  readonly messageId: string;
  readonly replyTo: string;
  /** Message-IDs, the nearest last. */
  readonly references: readonly string[];
}

export interface InboundDeps {
  readonly orgs: Orgs;
  readonly parts: service.ServiceParts;
  readonly ids: TicketIds;
  /** Replies by mail come in: mails to people say so. */
  readonly on: boolean;
  readonly keepRaw?: ((tx: Tx, file: { orgId: string; bytes: Uint8Array; purpose: string }) => Promise<string>) | undefined;
}

const TEXT_MAX = 10_000;
const SUBJECT_MAX = 120;
const NAME_MAX = 80;
const DAY = 86_400_000;
/** New questions by mail of one sender, and of a whole organisation, in a day; what is more goes into one of the day. */
const SENDER_TICKETS_MAX = 10;
const ORG_TICKETS_MAX = 200;
/** Mails of a collection with a message of their own; of the others sender and subject stand below one another. */
const COLLECTED_MAX = 100;
const COLLECTED_TEXT_MAX = 300;
const COLLECTED_LINE_MAX = 300;
const COLLECTED_REST = 'ほかに届いたメール（差出人と件名です。元のメールは、すべて保管してあります）';
/** Mails a day to open addresses from senders on no list; with so many the open addresses take none of anybody. The door bounds each network long before. */
const STRANGERS_MAX = 3000;
const MB = 1024 * 1024;
/** Bytes of mails kept whole in a day, of an organisation and of the federation's strangers; of what is more, the beginning. */
const RAW_DAY_MAX = 300 * MB;
const RAW_HEAD_MAX = MB / 4;
/** With so many bytes, what nothing proves is no longer taken. */
const RAW_STOP = 2 * RAW_DAY_MAX;
const STRANGERS_LOOK_MS = 10_000;
const CUT = '（今日届いた量が多いため、元のメールは最初の256KBだけを保管しました）';
const staffRoles = ['desk', 'manager', 'operator'] as const;
const system = (orgId: string): Scope => ({ orgId, actor: { kind: 'system', name: 'mail' } });
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** Questions and replies by mail. Nothing here writes for the desk: a mail is a member's message or a new ticket. */
export class Inbound {
  readonly #kernel: Kernel;
  readonly #deps: InboundDeps;
  #strangers: { readonly orgId: string; readonly at: number; readonly room: boolean } | null = null;

  constructor(kernel: Kernel, deps: InboundDeps) {
    this.#kernel = kernel;
    this.#deps = deps;
  }

  /** The ticket behind a signed address, by the part before the @. */
  async recipient(localPart: string): Promise<{ orgId: string; ticketId: string } | null> {
    const ticketId = this.#deps.ids.ofAddress(localPart);
    if (ticketId === null) return null;
    const orgId = await this.#kernel.tenancy.asSystem('find the organisation of a signed address', (tx) => store.orgOfTicket(tx, ticketId));
    return orgId === undefined ? null : { orgId, ticketId };
  }

  isOurs(messageId: string): boolean {
    return this.#deps.ids.ofMessageId(messageId) !== null;
  }

  /** For the next mail about a ticket to one person; null while replies do not come in. Remembers its Message-ID. */
  async threading(tx: Tx, row: Pick<TicketRow, 'org_id' | 'id'>, message: string, personId: string): Promise<Threading | null> {
    const { ids, on } = this.#deps;
    if (!on) return null;
    const messageId = ids.messageId(row.id, message, personId);
    const before = (await store.ids.latest(tx, row.org_id, row.id)).filter((id) => id !== messageId);
    await store.ids.remember(tx, row.org_id, row.id, [messageId]);
    return { messageId, replyTo: ids.address(row.id), references: before };
  }

  /** What a ticket may belong to; a person joins them by merging, and undoes it the same way. */
  related(tx: Tx, ticketId: string): ReturnType<typeof store.related.of> {
    return store.related.of(tx, ticketId);
  }

  /** Up to where a member's mailbox was read. */
  readonly places = {
    get: (orgId: string): Promise<store.MailboxPlace | null> => this.#kernel.tenancy.inOrg(system(orgId), (tx) => store.places.get(tx, orgId)),
    put: async (orgId: string, at: Omit<store.MailboxPlace, 'readAt'>): Promise<void> => void (await this.#kernel.tenancy.inOrg(system(orgId), (tx) => store.places.put(tx, orgId, at))),
  };

  /** Delivered files of mail doors, by id. */
  readonly delivered = {
    has: (wanted: readonly string[]): Promise<ReadonlySet<string>> => (wanted.length === 0 ? Promise.resolve(new Set<string>()) : this.#kernel.tenancy.asSystem('which mails of the door were delivered', (tx) => store.files.has(tx, wanted))),
    add: async (id: string): Promise<void> => void (await this.#kernel.tenancy.asSystem('note that a mail of the door was delivered', (tx) => store.files.add(tx, id))),
    remove: async (gone: readonly string[]): Promise<void> => void (await this.#kernel.tenancy.asSystem('forget mails of the door that a backup holds', (tx) => store.files.remove(tx, gone))),
  };

  /** Takes a mail once: its key stands in the same transaction as the message or ticket made of it. */
  async receive(mail: InboundMail): Promise<Received> {
    const orgId = await this.#home(mail);
    const staff = await this.#isStaff(orgId, mail.from);
    return this.#kernel.tenancy.inOrg(system(orgId), (tx) => this.#take(tx, orgId, { ...mail, ticketId: orgId === mail.orgId ? mail.ticketId : null, text: mail.text.replaceAll('\0', '') }, staff), { retry: true });
  }

  /**
   * The member a mail belongs to: that of its address, unless the sender is known at exactly one other member alone. What
   * somebody writes then never lands in front of strangers because the address was passed on.
   */
  async #home({ orgId, from }: InboundMail): Promise<string> {
    if (from === null) return orgId;
    const homes = new Set((await this.#deps.orgs.directory.byAddress(from)).map((p) => p.orgId));
    const [only] = homes;
    return only === undefined || homes.has(orgId) || homes.size > 1 ? orgId : only;
  }

  async #isStaff(orgId: string, from: string | null): Promise<boolean> {
    if (from === null) return false;
    const { orgs } = this.#deps;
    const org = await this.#kernel.tenancy.inOrg(system(orgId), (tx) => orgs.get(tx, orgId));
    if (!org) return false;
    const federation = orgs.federationOf(org);
    return this.#kernel.tenancy.inOrg(system(federation), async (tx) => {
      for (const role of staffRoles) if ((await orgs.holders(tx, federation, role)).some((p) => p.emails.includes(from))) return true;
      return false;
    });
  }

  async #take(tx: Tx, orgId: string, mail: InboundMail, staff: boolean): Promise<Received> {
    const { orgs, parts, ids, keepRaw } = this.#deps;
    await store.taken.hold(tx, orgId, mail.key);
    const before = await store.taken.get(tx, orgId, mail.key);
    if (before) return { ticketId: before.ticket_id, again: true, rawKept: before.raw_file !== null };
    const org = await orgs.get(tx, orgId);
    if (!org) throw new Error('the organisation of a mail is gone');
    const person = mail.from === null ? undefined : await orgs.byAddress(tx, orgId, mail.from);
    const sender = { id: person?.id ?? null, name: (person?.name ?? (mail.from === null ? '' : mail.name ? `${mail.name} <${mail.from}>` : mail.from)).slice(0, NAME_MAX).toWellFormed() };

    const signed = await this.#roots(tx, orgId, [...(mail.ticketId === null ? [] : [mail.ticketId]), ...mail.references.map((id) => ids.ofMessageId(id)).filter((id) => id !== null).reverse()]);
    const threads = await this.#roots(tx, orgId, await store.ids.hits(tx, orgId, mail.references));
    const number = numberIn(mail.subject);
    const numbered = number === null ? null : ((await this.#roots(tx, orgId, [await store.tickets.byNumber(tx, orgId, number)]))[0] ?? null);
    const subject = (bareSubject(mail.subject) || '（件名のないメール）').slice(0, SUBJECT_MAX).toWellFormed();
    const alike = sender.id === null ? null : await store.tickets.alike(tx, orgId, sender.id, subject);
    const takesPart = new Map<string, { readonly participant: boolean; readonly aligned: boolean }>();
    for (const id of new Set([...signed, ...threads, ...(numbered === null ? [] : [numbered])])) takesPart.set(id, await this.#part(tx, orgId, id, mail, staff));
    const decision = mail.unread !== null
      ? { join: null, related: signed[0] === undefined ? null : { ticketId: signed[0], why: 'address' as const } }
      : decide({ signed, threads, numbered, alike, participant: (id) => takesPart.get(id)?.participant ?? false, aligned: (id) => takesPart.get(id)?.aligned ?? false, dmarc: mail.dmarc });

    // Of a known person, by the own mail server: whoever floods in that person's name does not hold these up.
    const proven = person !== undefined && mail.dmarc === 'pass';
    const kept = await this.#kept(tx, orgId, mail.raw, proven ? 'proven' : 'unproven');
    const text = this.#text(mail, kept.cut);
    let row: TicketRow;
    if (decision.join !== null) {
      row = await service.takeRoot(tx, orgId, decision.join);
      if (mail.automatic) await this.#note(tx, row, sender, text);
      else await service.memberSays(parts, tx, row, { text, by: { personId: sender.id, name: sender.name } });
    } else {
      const many = proven ? null : await this.#tooMany(tx, orgId, mail);
      row = many === null ? await service.openTicket(parts, tx, { org, channel: 'mail', requester: sender, subject, text, urgency: 'normal' }) : await this.#collect(tx, org, many, mail, kept.cut);
      if (many === null && mail.from !== null) await store.people.add(tx, orgId, row.id, mail.from);
      if (many === null && decision.related) await store.related.add(tx, { org_id: orgId, desk_org_id: row.desk_org_id, ticket_id: row.id, other_id: decision.related.ticketId, why: decision.related.why, at: tx.now });
    }
    const raw = keepRaw ? await keepRaw(tx, { orgId, bytes: kept.bytes, purpose: 'desk.mail' }) : null;
    await store.ids.remember(tx, orgId, row.id, [...new Set([...mail.references, ...(mail.messageId === null ? [] : [mail.messageId])])]);
    await store.taken.insert(tx, { org_id: orgId, desk_org_id: row.desk_org_id, key: mail.key, ticket_id: row.id, at: tx.now, address: mail.from, raw_file: raw, raw_bytes: raw === null ? 0 : kept.bytes.length, proof: proven ? 'proven' : 'unproven' });
    tx.audit({ action: 'desk.mail_taken', target: `ticket:${row.id}`, orgId, facts: { joined: decision.join !== null } });
    return { ticketId: row.id, again: false, rawKept: raw !== null };
  }

  /** The subject of the day's collection where a mail is beyond what one sender, or all of an organisation, may open in a day. */
  async #tooMany(tx: Tx, orgId: string, mail: InboundMail): Promise<string | null> {
    const { mine, all } = await store.taken.opened(tx, orgId, mail.from, new Date(tx.now.getTime() - DAY));
    if (all >= ORG_TICKETS_MAX) return '数が多いため、まとめたメール';
    return mine >= SENDER_TICKETS_MAX ? `数が多いため、まとめたメール：${mail.from ?? '差出人なし'}` : null;
  }

  /**
   * Puts a mail into the day's collection, a question of the house: nothing is lost, the queue stays readable, and since the
   * collection is nobody's conversation nobody's answers go to whom a mail only names. Each is listed: the first with their first lines, the others by sender and subject. All are kept.
   */
  async #collect(tx: Tx, org: OrgRow, name: string, mail: InboundMail & { readonly to?: string }, cut: boolean): Promise<TicketRow> {
    const { parts } = this.#deps;
    const subject = `${name}（${isoDate(tx.now)}）`.slice(0, SUBJECT_MAX).toWellFormed();
    await store.taken.hold(tx, org.id, `collection ${subject}`);
    const line = [`差出人：${mail.from ?? '読み取れません'}`, ...(mail.to === undefined ? [] : [`あて先：${mail.to}@`]), `件名：${(mail.subject || '（なし）').slice(0, SUBJECT_MAX).toWellFormed()}`, this.#text(mail, false).slice(0, COLLECTED_TEXT_MAX).toWellFormed(), ...(cut ? [CUT] : [])].join('\n');
    const found = await store.tickets.collection(tx, org.id, subject, service.HOUSE);
    if (found === null) return service.openTicket(parts, tx, { org, channel: 'mail', requester: { id: null, name: service.HOUSE }, subject, text: line, urgency: 'normal' });
    const row = await service.takeRoot(tx, org.id, found);
    const by = { personId: null, name: service.HOUSE };
    if ((await store.taken.ofTicket(tx, org.id, found)) < COLLECTED_MAX) {
      await service.memberSays(parts, tx, row, { text: line, by });
      return row;
    }
    const short = `・${[mail.from ?? '差出人なし', ...(mail.to === undefined ? [] : [`${mail.to}@ あて`]), mail.subject || '（件名なし）', ...(cut ? ['（最初の256KBだけを保管）'] : [])].join('　').replace(/[\r\n]+/g, ' ')}`.slice(0, COLLECTED_LINE_MAX).toWellFormed();
    if (await desk.details.sayMore(tx, row, service.HOUSE, COLLECTED_REST, `\n${short}`, TEXT_MAX)) await service.change(parts, tx, row, {}, { member_wrote_at: tx.now, member_read_at: tx.now });
    else await service.memberSays(parts, tx, row, { text: `${COLLECTED_REST}\n${short}`, by });
    return row;
  }

  /** Who lists mails to open addresses whose senders are on no list, and whether there is room today; null before there is a federation. */
  async strangers(): Promise<{ orgId: string; room: boolean } | null> {
    const federation = await this.#kernel.settings.get<FederationSettings>('federation');
    if (!federation) return null;
    const now = this.#kernel.clock.now();
    // Asked for each recipient: a flood must not become as many queries.
    if (this.#strangers === null || this.#strangers.orgId !== federation.id || now - this.#strangers.at > STRANGERS_LOOK_MS || now < this.#strangers.at) {
      const { mails, bytes } = await this.#kernel.tenancy.inOrg(system(federation.id), (tx) => store.taken.size(tx, federation.id, 'stranger', new Date(tx.now.getTime() - DAY)));
      this.#strangers = { orgId: federation.id, at: now, room: mails < STRANGERS_MAX && bytes < RAW_STOP };
    }
    return { orgId: this.#strangers.orgId, room: this.#strangers.room };
  }

  /** Whether mails to an organisation's conversations, which nothing proves to be their sender's, are taken now. */
  async room(orgId: string): Promise<boolean> {
    return (await this.#kernel.tenancy.inOrg(system(orgId), (tx) => store.taken.size(tx, orgId, 'unproven', new Date(tx.now.getTime() - DAY)))).bytes < RAW_STOP;
  }

  /** What is kept of a mail: all of it, or its beginning where the day's bytes are used up. */
  async #kept(tx: Tx, orgId: string, raw: Uint8Array, proof: store.TakenRow['proof']): Promise<{ readonly bytes: Uint8Array; readonly cut: boolean }> {
    if (raw.length <= RAW_HEAD_MAX) return { bytes: raw, cut: false };
    const { bytes } = await store.taken.size(tx, orgId, proof, new Date(tx.now.getTime() - DAY));
    return bytes + raw.length <= RAW_DAY_MAX ? { bytes: raw, cut: false } : { bytes: raw.subarray(0, RAW_HEAD_MAX), cut: true };
  }

  /** Takes such a mail once, into the day's list of the federation. */
  async receiveStranger(mail: InboundMail & { readonly to: string }): Promise<{ rawKept: boolean }> {
    const { orgs, keepRaw } = this.#deps;
    return this.#kernel.tenancy.inOrg(system(mail.orgId), async (tx) => {
      await store.taken.hold(tx, mail.orgId, mail.key);
      const before = await store.taken.get(tx, mail.orgId, mail.key);
      if (before) return { rawKept: before.raw_file !== null };
      const org = await orgs.get(tx, mail.orgId);
      if (!org) throw new Error('the federation is gone');
      const kept = await this.#kept(tx, mail.orgId, mail.raw, 'stranger');
      const row = await this.#collect(tx, org, '名簿にない差出人からのメール', { ...mail, text: mail.text.replaceAll('\0', '') }, kept.cut);
      const raw = keepRaw ? await keepRaw(tx, { orgId: mail.orgId, bytes: kept.bytes, purpose: 'desk.mail' }) : null;
      await store.taken.insert(tx, { org_id: mail.orgId, desk_org_id: row.desk_org_id, key: mail.key, ticket_id: row.id, at: tx.now, address: mail.from, raw_file: raw, raw_bytes: raw === null ? 0 : kept.bytes.length, proof: 'stranger' });
      tx.audit({ action: 'desk.mail_taken', target: `ticket:${row.id}`, orgId: mail.orgId, facts: { stranger: true } });
      return { rawKept: raw !== null };
    }, { retry: true });
  }

  /** Conversations of this organisation alone, each where it ended after merging, once, in order. */
  async #roots(tx: Tx, orgId: string, ticketIds: readonly (string | null)[]): Promise<string[]> {
    const roots: string[] = [];
    for (const id of new Set(ticketIds)) {
      const root = id === null ? undefined : await desk.details.root(tx, orgId, id);
      if (root !== undefined && !roots.includes(root)) roots.push(root);
    }
    return roots;
  }

  /** Those who asked, reported a mail of it or wrote for the member take part; of the desk's own people only who has asked. */
  async #part(tx: Tx, orgId: string, ticketId: string, mail: InboundMail, staff: boolean): Promise<{ participant: boolean; aligned: boolean }> {
    if (mail.from === null) return { participant: false, aligned: false };
    const askers = await desk.details.requesters(tx, orgId, ticketId);
    const writers = staff ? [] : await store.people.writers(tx, orgId, ticketId);
    const sender = await this.#deps.orgs.byAddress(tx, orgId, mail.from);
    const reported = sender !== undefined && (await samples.mine(tx, orgId, ticketId, sender.id)) !== undefined;
    const people = await this.#deps.orgs.people(tx, [...askers, ...writers, ...(reported ? [sender.id] : [])]);
    const addresses = [...[...people.values()].flatMap((p) => p.emails), ...(await store.people.addresses(tx, orgId, ticketId))];
    const participant = addresses.includes(mail.from);
    // At a public provider everybody has the same domain, so it proves nothing of a colleague.
    return { participant, aligned: !staff && mail.dmarc === 'pass' && !isPublicMail(domainOf(mail.from)) && [...people.values()].some((p) => p.emails.some((e) => domainOf(e) === domainOf(mail.from!))) };
  }

  /** What a program answered stands in the conversation and changes nothing else of it. */
  async #note(tx: Tx, row: TicketRow, by: { id: string | null; name: string }, text: string): Promise<void> {
    const written: MessageRow = { org_id: row.org_id, desk_org_id: row.desk_org_id, ticket_id: row.id, id: newId(tx.now.getTime()), at: tx.now, who_id: by.id, who: by.name, side: 'member', text: `（自動返信）\n${text}`.slice(0, TEXT_MAX), article_id: null };
    await desk.details.say(tx, written);
    service.changed(this.#deps.parts, tx, row);
  }

  #text(mail: InboundMail, cut: boolean): string {
    return cut ? `${this.#words(mail).slice(0, TEXT_MAX - CUT.length - 1).toWellFormed()}\n${CUT}` : this.#words(mail);
  }

  #words(mail: InboundMail): string {
    if (mail.unread !== null) return `届いたメールを読み取れませんでした。元のメールは保管してあります。\n差出人の欄：${mail.from ?? '読み取れません'}`;
    const cut = withoutQuote(mail.text).toWellFormed();
    if (cut === '') return '（本文のないメールです。元のメールは保管してあります。）';
    return cut.length <= TEXT_MAX ? cut : `${cut.slice(0, TEXT_MAX - 30).toWellFormed()}\n（続きは元のメールにあります）`;
  }
}

export { TicketIds } from './ids.ts';
