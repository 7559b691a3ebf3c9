import { isoDate } from '@banya/jp';
import type { Lang } from '@banya/contract';
import { Problem } from '../../../kernel/errors.ts';
import type { Tx } from '../../../kernel/types.ts';
import type { OrgRow } from '../../orgs/index.ts';
import type { Letterhead } from '../mails.ts';
import * as desk from '../service.ts';
import { answersHeldMail } from './mails.ts';
import type { Proof, ReportedSample, SampleParts } from './service.ts';
import { roomTicket } from './texts.ts';

const MB = 1024 * 1024;
const DAY = 86_400_000;
/** Bytes of reported mails that a member keeps at most, and takes in a day: thirty times what an office of fifty sends. */
export const KEPT_MAX = 2048 * MB;
export const DAY_MAX = 500 * MB;
/** Mail that anybody could have sent has this part of each bound to itself, so that it takes nobody else's room. */
const UNPROVEN_PART = 1 / 4;
/**
 * Mails in somebody's name that are answered by mail within a day. Whoever knows a name could otherwise have mails sent to
 * that person by the dozen, from an address that he or she trusts. The address with its token is known inside alone.
 */
export const ANSWERS_MAX: Readonly<Record<Exclude<Proof, 'sender'>, number>> = { none: 3, address: 10 };

/** This member's store of reported mails is full: told to the sender, who keeps the mail, and to the desk. */
export class NoRoom extends Problem {
  constructor() {
    super(429, 'samples_full');
  }
}

/** A report by mail that the own mail server has not proven to be one of the member's people's. */
export const isUnproven = ({ channel, proof, reporter }: Pick<ReportedSample, 'channel' | 'proof' | 'reporter'>): boolean => channel === 'mail' && (proof !== 'sender' || reporter.id === null);

export async function hasRoom(tx: Tx, orgId: string, bytes: number, unproven: boolean): Promise<boolean> {
  const [row] = await tx.query<{ kept: string; today: string }>(
    "select coalesce(sum(size), 0) as kept, coalesce(sum(size) filter (where created_at > $2), 0) as today from desk_samples where org_id = $1 and file_id is not null and (unproven and channel = 'mail') = $3", [orgId, new Date(tx.now.getTime() - DAY), unproven]);
  const part = unproven ? UNPROVEN_PART : 1;
  return Number(row!.kept) + bytes <= KEPT_MAX * part && Number(row!.today) + bytes <= DAY_MAX * part;
}

/** Counts a refusal; of the first of a day the desk hears by a question of the house. */
export async function noteRefusal(parts: SampleParts, tx: Tx, org: OrgRow): Promise<void> {
  const [row] = await tx.query<{ count: number }>(
    `insert into desk_sample_refusals (org_id, day, count, last_at) values ($1, $2, 1, $3)
     on conflict (org_id, day) do update set count = desk_sample_refusals.count + 1, last_at = excluded.last_at returning count`, [org.id, isoDate(tx.now), tx.now]);
  if (row!.count === 1) await desk.openTicket(parts, tx, { org, channel: 'mail', requester: { id: null, name: desk.HOUSE }, ...roomTicket, urgency: 'today' });
}

/** Whether this report is one of the few unproven ones of its person that are answered today; says so to the person when it is the first that is not. */
export async function mayAnswer(parts: SampleParts, tx: Tx, org: Pick<OrgRow, 'id' | 'name'>, given: ReportedSample, told: { readonly lang: Lang; readonly phone: string | null }): Promise<boolean> {
  const { proof = 'none', reporter } = given;
  if (!given.answer || reporter.id === null) return false;
  if (proof === 'sender') return true;
  const [row] = await tx.query<{ count: number }>('select count(*)::int as count from desk_samples where org_id = $1 and reporter_id = $2 and unproven and answer_by_mail and created_at > $3', [org.id, reporter.id, new Date(tx.now.getTime() - DAY)]);
  if (row!.count < ANSWERS_MAX[proof]) return true;
  const person = (await parts.orgs.people(tx, [reporter.id])).get(reporter.id);
  const to = person?.emails[0];
  if (to === undefined) return false;
  const head: Letterhead = { lang: told.lang, personName: person!.name, orgName: org.name, url: parts.kernel.publicUrl().replace(/\/$/, ''), deskPhone: told.phone };
  // The key lets one such mail leave a day.
  await parts.mail(tx, { orgId: org.id, to, lang: told.lang, key: `answers-held:${reporter.id}:${isoDate(tx.now)}`, ...answersHeldMail(head, org.id) });
  return false;
}

export const markUnproven = (tx: Tx, orgId: string, id: string) => tx.query('update desk_samples set unproven = true where org_id = $1 and id = $2', [orgId, id]);
export const forgetRefusals = (tx: Tx, before: Date) => tx.query('delete from desk_sample_refusals where last_at < $1', [before]);
