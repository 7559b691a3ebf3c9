import type { Common, Indicator } from '@banya/indicators';
import type { ConsentKind, Lang } from '@banya/contract';
import { EventsError } from '../../../kernel/events/index.ts';
import { Problem } from '../../../kernel/errors.ts';
import type { Scope } from '../../../kernel/types.ts';
import { whose, type Span } from '../rules.ts';
import type { Depth } from './ask.ts';
import { alsoOf, commonReason, keyed, trace, type TraceParts } from './service.ts';
import { sentence, type Sum } from './words.ts';

/** open: the member shares its logs with the desk. numbers: it shares traces of attackers, so how many is told and nothing else. closed: neither. failed: not in time. */
export type Seen = 'open' | 'numbers' | 'closed' | 'failed';

export interface AtMember {
  readonly member: string;
  readonly name: string;
  readonly phone: string | null;
  readonly seen: Seen;
  readonly counts: Sum | null;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly sentence: string;
}

/** Members at work at once: two processors read, and the doors need their share. */
const AT_ONCE = 2;

/**
 * Whether an indicator can be an attacker's: a name, an account, an address inside or in the member's own domain is somebody of
 * the member, and how often it stands in the logs is not for whoever may count traces of attackers.
 */
export function ofAttackers({ kind, host }: Pick<Indicator, 'kind' | 'host'>, common: Common | null, domains: readonly string[]): boolean {
  if (kind === 'name' || kind === 'account' || common === 'inside_address') return false;
  return host === undefined || !domains.some((domain) => host === domain.toLowerCase() || host.endsWith(`.${domain.toLowerCase()}`));
}

const OWN: Record<Lang, string> = { ja: '悪者の手がかりだけを共有しています。会員の機器や人のことは数えません。担当者に聞いてください。', en: 'Shares traces of attackers only; its own machines and people are not counted. Ask its lead.' };
const CLOSED: Record<Lang, string> = { ja: 'ログも手がかりも共有していません。担当者に聞いてください。', en: 'Shares neither logs nor traces. Ask its lead.' };
const FAILED: Record<Lang, string> = { ja: '時間内に調べられませんでした。この会員だけで、もう一度調べてください。', en: 'It could not be looked through in time. Trace this member alone.' };

/**
 * One indicator over all members of a federation. Each member's data is read in its own scope and as its consents say now; its
 * ledger names the indicator by a keyed hash, since it may be another member's business.
 */
export async function traceAll(parts: TraceParts, scope: Scope, indicator: Indicator, span: Span, depth: Depth, lang: Lang): Promise<AtMember[]> {
  const { kernel, orgs } = parts;
  const members = await kernel.tenancy.inOrg(scope, async (tx) => {
    tx.audit({ action: 'trace.all', facts: { kind: indicator.kind, indicator: keyed(kernel, scope.orgId, indicator) } });
    return (await orgs.members(tx, scope.orgId)).filter((m) => orgs.federationOf(m) === scope.orgId);
  });
  const common = commonReason(indicator);
  const out: AtMember[] = [];
  const queue = members.map((member, i) => ({ member, i }));
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) out[next.i] = await atMember(parts, scope, next.member, { indicator, span, depth, lang, common });
  }));
  return out;
}

interface How { readonly indicator: Indicator; readonly span: Span; readonly depth: Depth; readonly lang: Lang; readonly common: Common | null }

async function atMember(parts: TraceParts, scope: Scope, member: { readonly id: string; readonly name: string; readonly phone: string | null; readonly domains: readonly string[] }, { indicator, span, depth, lang, common }: How): Promise<AtMember> {
  const { kernel, orgs } = parts;
  const is = { member: member.id, name: member.name, phone: member.phone };
  const consents: ReadonlySet<ConsentKind> = (await orgs.directory.facts(member.id))?.consents ?? new Set();
  const seen = consents.has('logs') ? 'open' : consents.has('indicators') ? 'numbers' : 'closed';
  if (seen === 'numbers' && !ofAttackers(indicator, common, member.domains)) return { ...is, seen: 'closed', counts: null, firstAt: null, lastAt: null, sentence: OWN[lang] };
  if (seen === 'closed') return { ...is, seen, counts: null, firstAt: null, lastAt: null, sentence: CLOSED[lang] };
  try {
    // A turn for each member: over hundreds of them it takes minutes, and other questions wait meanwhile.
    const got = await parts.turns.run(whose(scope), () => trace(parts, { orgId: member.id, actor: scope.actor, via: seen === 'open' ? 'logs' : 'indicators' }, {
      // Of machines only their number is told here, and how many reported a mail is among what “traces of attackers” covers.
      indicator, span, depth, whole: false, also: { ...alsoOf(consents), devices: true, mails: consents.has('samples') || consents.has('indicators') },
      audit: { action: seen === 'open' ? 'trace.looked' : 'trace.counted', facts: { kind: indicator.kind, indicator: keyed(kernel, scope.orgId, indicator) } },
    }));
    const counts: Sum = { ...got.graph.counts, silent: got.silent.length };
    const calls = got.graph.calls;
    const times = calls.length === 0 ? [null, null] : [Math.min(...calls.map((c) => c.first)), Math.max(...calls.map((c) => c.last))];
    return { ...is, seen, counts, firstAt: times[0]!, lastAt: times[1]!, sentence: sentence(counts, lang) };
  } catch (error) {
    // One member's slow answer must not take the others' away.
    if (!(error instanceof EventsError) && !(error instanceof Problem && error.code === 'search_slow')) throw error;
    kernel.log.warn({ err: error, member: member.id, common }, 'a member could not be traced');
    return { ...is, seen: 'failed', counts: null, firstAt: null, lastAt: null, sentence: FAILED[lang] };
  }
}

/** The members' numbers added up. */
export function total(members: readonly AtMember[]): Sum & { members: number; reached: number; unasked: number } {
  const sum = (of: (counts: Sum) => number): number => members.reduce((n, m) => n + (m.counts ? of(m.counts) : 0), 0);
  const reached = ({ counts: c }: AtMember): boolean => c !== null && c.received + c.machines + c.stopped + c.possible > 0;
  return {
    received: sum((c) => c.received), opened: sum((c) => c.opened), machines: sum((c) => c.machines), stopped: sum((c) => c.stopped), possible: sum((c) => c.possible), silent: sum((c) => c.silent), lines: sum((c) => c.lines),
    members: members.length, reached: members.filter(reached).length, unasked: members.filter((m) => m.counts === null).length,
  };
}

export function sentenceOfAll(all: ReturnType<typeof total>, lang: Lang): string {
  const ja = lang === 'ja';
  const first = all.reached === 0 ? (ja ? `調べられた${all.members - all.unasked}会員では、見つかりませんでした。` : `Nothing was found at the ${all.members - all.unasked} members that could be looked at.`) : ja ? `${all.members}会員のうち${all.reached}会員にあります。` : `${all.reached} of ${all.members} members have it.`;
  const unasked = all.unasked === 0 ? '' : ja ? `${all.unasked}会員は調べられていません。` : ` ${all.unasked} members could not be looked at.`;
  return `${first}${all.reached === 0 ? '' : (ja ? '' : ' ') + sentence(all, lang)}${unasked}`;
}
