import { setTimeout as sleep } from 'node:timers/promises';
import type { samples, Received } from '@banya/contract';
import { mailDomainOf } from '../../kernel/config.ts';
import { sendMail } from '../doors.ts';
import { signIn, type DeskSeed } from '../seed/desk.ts';
import type { DemoMember } from '../world/types.ts';
import { authserv, cameAt, filled, forwardBytes, mailBytes } from './bytes.ts';
import { MAILS, PARTNERS, REPORTS, type DemoReport } from './index.ts';

type Shown = Received<typeof samples.queue.list>['items'][number];
interface Page<T> { readonly items: readonly T[]; readonly next: string | null }

/** Judging and comparing go on in the background; so long is waited for what the desk does next. */
const PATIENCE_MS = 120_000;
const ASK_AGAIN_MS = 1_000;
/** Leads who have read the warning; the first member's has not, so that whoever visits as that lead finds it on the home page. */
const READERS = ['todaimori', 'kazakiriba', 'kohakuneko', 'ainezu', 'asanagino'] as const;
const DECISIONS: readonly { readonly mail: string; readonly member: string; readonly decision: 'dangerous' | 'unwanted' | 'harmless'; readonly alike?: true; readonly answer: string }[] = [
  { mail: 'locked-zip', member: 'mihanada', decision: 'harmless', answer: '月詠鋼材さんに電話で確かめました。本物のメールです。\n届いたパスワードで開いてかまいません。' },
  { mail: 'refund', member: 'watagumo', decision: 'dangerous', answer: '' },
  { mail: 'threat', member: 'hoshikuzuno', decision: 'unwanted', answer: 'おどすだけのメールです。カメラの映像は撮られていません。\nお金は払わず、返事をせずに消してください。' },
  { mail: 'supplier-english', member: 'todaimori', decision: 'dangerous', answer: '' },
  { mail: 'boss', member: 'kodamazaka', decision: 'dangerous', answer: '社長ご本人に電話で確かめました。にせものです。\n返事をせず、振り込みもしないでください。' },
  { mail: 'quota', member: 'todaimori', decision: 'dangerous', alike: true, answer: '' },
];

/**
 * The month's mails: forwarded by people of the members through the mail door, two of them dragged into the page, and what
 * the desk has done about them. Each step once, also over a stop; the door itself takes the same mail only once.
 */
export class MailFeeder {
  readonly #seed: DeskSeed;
  readonly #signal: AbortSignal;
  readonly #cookies = new Map<string, Promise<{ readonly cookie: string }>>();
  readonly #addresses = new Map<string, string>();

  constructor(seed: DeskSeed, signal: AbortSignal) {
    this.#seed = seed;
    this.#signal = signal;
  }

  async feed(): Promise<void> {
    const { progress, world, house } = this.#seed;
    for (const member of world.members) await progress.once(`mail check ${member.key}`, () => this.#introduce(member));
    for (const [i, report] of REPORTS.entries()) {
      this.#signal.throwIfAborted();
      await progress.once(`mail ${i}`, () => this.#report(report));
    }
    await house.mail!.settled();
    for (const [i, { mail, member, decision, alike, answer }] of DECISIONS.entries()) {
      await progress.once(`mail decision ${i}`, async () => {
        const found = await this.#wait(mail, member, alike ? REPORTS.filter((r) => r.mail === mail).length : 1);
        if (found && found.decision === null) await this.#desk('POST', `desk/samples/${found.id}/decision`, { decision, answer, alike: alike ?? false });
      });
    }
    await progress.once('mail warning', () => this.#warn());
    for (const key of READERS) await progress.once(`mail warning read ${key}`, () => this.#read(key));
    await progress.once('mail warning drafted', async () => {
      const found = await this.#wait('boss', 'kodamazaka', 1);
      const { items } = await this.#desk<Page<{ state: string }>>('GET', 'desk/bulletins');
      if (found && !items.some((b) => b.state === 'draft')) await this.#desk('POST', 'desk/bulletins', { sample: found.id });
    });
  }

  #member(key: string): { member: DemoMember; orgId: string } {
    return { member: this.#seed.world.members.find((m) => m.key === key)!, orgId: this.#seed.orgIds.get(key)! };
  }

  #as(email: string): Promise<{ readonly cookie: string }> {
    const known = this.#cookies.get(email) ?? signIn(this.#seed, email);
    this.#cookies.set(email, known);
    return known;
  }

  async #desk<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { web, world, federationId } = this.#seed;
    const clerk = world.federation.people.find((p) => p.roles.includes('desk') && !p.roles.includes('manager'))!;
    return web.call<T>(method, `/orgs/${federationId}/${path}`, await this.#as(clerk.email), body);
  }

  /** The lead tells the check whom the organisation knows. */
  async #introduce(member: DemoMember): Promise<void> {
    const [head, lead] = member.people;
    const officers = [{ name: head!.name, also: [], title: '代表', addresses: [head!.email] }];
    await this.#seed.web.call('PUT', `/orgs/${this.#seed.orgIds.get(member.key)!}/mail-check`, await this.#as(lead!.email), { officers, partners: PARTNERS[member.key] ?? [], authservIds: [authserv(member)], keepDays: 90 });
  }

  /** Where a member's people forward to. Without a mail domain of one's own there are no printed addresses, and the door goes by the sender. */
  async #address(member: DemoMember): Promise<string> {
    const { house, web, orgIds } = this.#seed;
    const known = this.#addresses.get(member.key);
    if (known !== undefined) return known;
    const { address } = await web.call<{ address: string | null }>('GET', `/orgs/${orgIds.get(member.key)!}/mail-check`, await this.#as(member.people[1]!.email));
    const found = address ?? `report@${mailDomainOf(house.kernel.config, house.url).domain}`;
    this.#addresses.set(member.key, found);
    return found;
  }

  async #report(report: DemoReport): Promise<void> {
    const { house, world } = this.#seed;
    const { member, orgId } = this.#member(report.member);
    const you = member.people[report.person]!;
    const mail = MAILS.get(report.mail)!;
    const came = cameAt(world.anchor, report.came);
    if (report.how === 'upload') return this.#upload(orgId, you.email, filled(mail.subject, member, you), mailBytes(mail, member, you, came));
    const to = await this.#address(member);
    await sendMail(house, you.email, to, forwardBytes(mail, report, member, you, to, came));
    // One after the other, so that lists stand in this order, and pages stay quick.
    await house.mail!.settled();
  }

  async #upload(orgId: string, email: string, subject: string, raw: string): Promise<void> {
    const { web } = this.#seed;
    const { cookie } = await this.#as(email);
    const { items } = await web.call<Page<Shown>>('GET', `/orgs/${orgId}/samples`, { cookie });
    if (items.some((s) => s.subject === subject || s.state === 'waiting')) return;
    const answer = await web.send('POST', `/api/v1/orgs/${orgId}/samples`, { 'Banya-Request': '1', 'Content-Type': 'message/rfc822', Cookie: cookie }, raw);
    if (answer.status !== 201) throw new Error(`a mail was answered with ${answer.status}: ${answer.body.slice(0, 300)}`);
  }

  /** The report as the desk sees it, once as many of the same mail are judged and compared; null when that takes too long. */
  async #wait(key: string, memberKey: string, wanted: number): Promise<Shown | null> {
    const { member } = this.#member(memberKey);
    const report = REPORTS.find((r) => r.mail === key && r.member === memberKey)!;
    const subject = filled(MAILS.get(key)!.subject, member, member.people[report.person]!);
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await sleep(ASK_AGAIN_MS, undefined, { signal: this.#signal })) {
      const { items } = await this.#desk<Page<Shown>>('GET', `desk/samples?show=all&limit=100&q=${encodeURIComponent(subject)}`);
      const same = items.filter((s) => s.subject === subject && s.state === 'judged');
      const found = same.find((s) => s.orgName === member.name);
      if (found && same.length >= wanted && (wanted === 1 || same.every((s) => s.campaign !== null && s.campaign === found.campaign))) return found;
    }
    this.#seed.house.kernel.log.warn({ mail: key }, 'a mail of the demonstration is not judged yet; the desk leaves it');
    return null;
  }

  async #warn(): Promise<void> {
    const { items } = await this.#desk<Page<{ id: string; state: string }>>('GET', 'desk/bulletins');
    if (items.some((b) => b.state === 'sent')) return;
    const found = await this.#wait('quota', 'todaimori', 1);
    if (!found) return;
    const id = items[0]?.id ?? (await this.#desk<{ id: string }>('POST', 'desk/bulletins', { sample: found.id })).id;
    const { text } = await this.#desk<{ text: object }>('GET', `desk/bulletins/${id}`);
    await this.#desk('PUT', `desk/bulletins/${id}`, { ...text, tlp: 'GREEN' });
    await this.#desk('POST', `desk/bulletins/${id}/send`, { members: 'all' });
  }

  async #read(key: string): Promise<void> {
    const { web } = this.#seed;
    const { member, orgId } = this.#member(key);
    const as = await this.#as(member.people[1]!.email);
    const [first] = (await web.call<Page<{ id: string }>>('GET', `/orgs/${orgId}/warnings`, as)).items;
    if (first) await web.call('GET', `/orgs/${orgId}/warnings/${first.id}`, as);
  }
}
