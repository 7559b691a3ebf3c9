import type { Decision, KeyedPrint, PrintKind, Verdict } from './schema.ts';
import type { SampleFacts } from './source.ts';

/** A print that stands in more campaigns than this is common: it leads to none, but counts where another print has led. */
export const COMMON = 20;
/** A mail belongs to the campaign from here on; two campaigns may be one from there on. */
export const JOIN_FROM = 3;
export const MERGE_FROM = 4;
export const KEEP_DAYS = 400;

const ONCE: Readonly<Record<Exclude<PrintKind, 'band' | 'url'>, number>> = { message: 4, file: 4, place: 1, sender: 1, subject: 1, picture: 1 };

/**
 * How much speaks for one campaign, from the kinds of prints that are shared. Ten bands are the same text, six differ in one
 * of five blocks, three in two, one in three. One weak likeness alone never joins; a file or a Message-ID always does.
 */
export function weigh(shared: readonly PrintKind[]): number {
  const count = (kind: PrintKind): number => shared.filter((k) => k === kind).length;
  const bands = count('band');
  const urls = count('url');
  let score = bands >= 10 ? 4 : bands >= 6 ? 3 : bands >= 3 ? 2 : bands >= 1 ? 1 : 0;
  score += urls >= 2 ? 3 : urls === 1 ? 2 : 0;
  for (const kind of Object.keys(ONCE) as (keyof typeof ONCE)[]) if (count(kind) > 0) score += ONCE[kind];
  return score;
}

export interface Hit {
  readonly mac: string;
  readonly campaign: string;
}
export interface Choice {
  /** The campaign it belongs to; null: a new one. */
  readonly join: string | null;
  /** Others that it is like as well: they may be the same. */
  readonly rivals: readonly string[];
}

/** Hits that lead somewhere, and the prints that stand in too many campaigns to. */
export function telling(hits: readonly Hit[]): { readonly hits: readonly Hit[]; readonly common: readonly string[] } {
  const spread = Map.groupBy(hits, (h) => h.mac);
  const common = [...spread].filter(([, found]) => found.length > COMMON).map(([mac]) => mac);
  return { hits: hits.filter((h) => spread.get(h.mac)!.length <= COMMON), common };
}

/** Where a mail belongs, by the prints it shares with campaigns. Ids are in order of creation: of equals the older is taken. */
export function choose(prints: readonly KeyedPrint[], hits: readonly Hit[]): Choice {
  const kinds = new Map(prints.map((p) => [p.mac, p.kind]));
  const shared = new Map<string, PrintKind[]>();
  for (const { mac, campaign } of hits) {
    const kind = kinds.get(mac);
    if (kind !== undefined) (shared.get(campaign) ?? shared.set(campaign, []).get(campaign)!).push(kind);
  }
  const weighed = [...shared].map(([id, found]) => ({ id, score: weigh(found) })).filter((c) => c.score >= JOIN_FROM).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const [first, ...others] = weighed;
  if (!first) return { join: null, rivals: [] };
  return { join: first.id, rivals: first.score < MERGE_FROM ? [] : others.filter((c) => c.score >= MERGE_FROM).map((c) => c.id) };
}

/** A print that mails of one member have brought to a campaign. */
export interface Stand extends Hit {
  readonly member: string;
}

/** The kinds that say the same of a mail: of a link its template or its place. */
const FAMILY: Readonly<Record<PrintKind, string>> = { band: 'text', url: 'link', place: 'link', sender: 'sender', subject: 'subject', file: 'file', picture: 'file', message: 'message' };
const tells = (kinds: readonly PrintKind[]): boolean => weigh(kinds) >= MERGE_FROM && new Set(kinds.map((k) => FAMILY[k])).size >= 2;

/**
 * Whether two campaigns are one. One mail does not say so, for anybody can write one that is half of each: this member's and
 * another's must carry both, in two independent ways, and in what others have brought to the one campaign alone: what such a
 * mail has carried into the other says nothing of those that follow. `stands`: of the prints of this member's mail all that
 * stand in the two.
 */
export function areOne(prints: readonly KeyedPrint[], stands: readonly Stand[], member: string, pair: readonly [string, string]): boolean {
  const kinds = new Map(prints.map((p) => [p.mac, p.kind]));
  const brought = (campaign: string, by: (member: string) => boolean): Set<string> => new Set(stands.filter((s) => s.campaign === campaign && by(s.member)).map((s) => s.mac));
  const kindsOf = (macs: Iterable<string>): PrintKind[] => [...macs].flatMap((mac) => kinds.get(mac) ?? []);
  return [...new Set(stands.map((s) => s.member))].filter((other) => other !== member).some((other) => {
    const [first, second] = pair.map((campaign) => brought(campaign, (m) => m !== member && m !== other)) as [Set<string>, Set<string>];
    const [a, b] = [first.difference(second), second.difference(first)];
    if (!tells(kindsOf(a)) || !tells(kindsOf(b))) return false;
    return pair.some((campaign) => {
      const its = brought(campaign, (m) => m === other);
      return tells(kindsOf(its.intersection(a))) && tells(kindsOf(its.intersection(b)));
    });
  });
}

/** Whether a mail is one to compare: judged, no drill, and not one that looks good unless the desk has spoken. */
export const counts = ({ state, verdict, decision }: Pick<SampleFacts, 'state' | 'verdict' | 'decision'>): boolean => state === 'judged' && verdict !== null && (verdict !== 'clear' || decision !== null);

/** May a mail's prints stand among the federation's: by consent, or because the desk sees the mail anyway. */
export const mayShare = (consents: ReadonlySet<string>, shown: boolean): boolean => shown || consents.has('indicators');

const ORDER: readonly Verdict[] = ['clear', 'insufficient', 'suspicious', 'dangerous'];
export const worse = (a: Verdict | null, b: Verdict | null): Verdict | null => (a === null ? b : b === null ? a : ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b);

interface Decided {
  readonly decision: Decision | null;
  readonly decided_at: Date | null;
}
/** The desk's last word. */
export const latest = (a: Decided, b: Decided): Decided => ((b.decided_at?.getTime() ?? 0) > (a.decided_at?.getTime() ?? 0) ? { decision: b.decision, decided_at: b.decided_at } : { decision: a.decision, decided_at: a.decided_at });
