import type { ConsentKind } from '@banya/contract';
import type { Orgs } from '../orgs/index.ts';
import type { FindingRow } from './schema.ts';

/** Where a finding keeps at how many members the same was seen. */
export const ELSEWHERE = 'banya.members';

/** At how many members the same was seen, this one among them; null: not that anybody knows. */
export const elsewhereOf = (row: Pick<FindingRow, 'slots'>): number | null => (row.slots[ELSEWHERE] === undefined ? null : Number(row.slots[ELSEWHERE]));

/** Whose findings are compared with those of others: whoever shares findings shares what stands in them. */
export const comparesFindings = (consents: ReadonlySet<ConsentKind>): boolean => consents.has('indicators') || consents.has('alerts');

/**
 * Whether an organisation is told what others see: only who lets others see, by the consents of this moment; a unit by its
 * member's. Not inside of a transaction: consents of the organisation above stand outside of a unit's scope.
 */
export async function isToldOfOthers(orgs: Pick<Orgs, 'directory'>, orgId: string): Promise<boolean> {
  const own = await orgs.directory.facts(orgId);
  const above = own?.kind === 'unit' ? own.above.find((org) => org.kind === 'member') : undefined;
  const facts = above ? await orgs.directory.facts(above.id) : own;
  return facts !== null && comparesFindings(facts.consents);
}
