import { severityOf } from './rules.ts';
import type { FindingRow } from './schema.ts';
import type { Severity, Stopped } from './types.ts';

/** How much has come together at one computer or one name: a sum of weights that fade. Pure. */

const DAY = 86_400_000;
/** A finding counts half as much after so many days without it. */
export const HALF_LIFE_DAYS = 7;
/** Older ones weigh less than a hundredth. */
export const RISK_DAYS = 50;
const WEIGHT: Record<Severity, number> = { now: 40, look: 12, fyi: 2 };
/** What was stopped says that somebody tries, not that somebody is in. */
const BY_STOPPED: Record<Stopped, number> = { no: 1, unknown: 0.7, yes: 0.3 };
/** Known and false alarms are no risk; what was dealt with is less of one. */
const BY_OUTCOME = { open: 1, handled: 0.4, ticket: 0.4, known: 0, false_alarm: 0 } as const;
export const LEVELS = { high: 40, raised: 15 } as const;

export type RiskLevel = 'high' | 'raised' | 'low';
export const levelOf = (score: number): RiskLevel => (score >= LEVELS.high ? 'high' : score >= LEVELS.raised ? 'raised' : 'low');
export const fade = (score: number, from: Date, now: Date): number => score * 2 ** (-Math.max(0, now.getTime() - from.getTime()) / (HALF_LIFE_DAYS * DAY));

export type RiskRow = Pick<FindingRow, 'id' | 'rank' | 'stopped' | 'state' | 'outcome' | 'last_at' | 'asset'> & { readonly user_name: string | null };

/** Who or what a finding weighs on. Many findings weigh on both a computer and a name. */
export interface RiskEntity {
  readonly kind: 'host' | 'account';
  /** Unique among the organisation's. */
  readonly key: string;
  readonly name: string;
  readonly deviceId: string | null;
  readonly owner: string | null;
}

export function entitiesOf(row: Pick<RiskRow, 'asset' | 'user_name'>): RiskEntity[] {
  const { asset } = row;
  const user = row.user_name?.trim() ?? '';
  return [
    ...(asset ? [{ kind: 'host' as const, key: `host ${asset.deviceId ?? asset.name.toLowerCase()}`, name: asset.name, deviceId: asset.deviceId, owner: asset.owner }] : []),
    ...(user === '' || user.toLowerCase() === 'n/a' ? [] : [{ kind: 'account' as const, key: `account ${user.toLowerCase()}`, name: user, deviceId: null, owner: null }]),
  ];
}

export const weightOf = (row: RiskRow, now: Date): number => fade(WEIGHT[severityOf(row.rank)] * BY_STOPPED[row.stopped] * BY_OUTCOME[row.outcome ?? 'open'], row.last_at, now);

export interface Risk extends RiskEntity {
  readonly score: number;
  readonly level: RiskLevel;
  readonly open: number;
  /** What it is made of, heaviest first. */
  readonly findings: readonly { readonly id: string; readonly weight: number }[];
}

/** The risks of an organisation, greatest first; what has faded to nothing is left out. */
export function risksOf(rows: readonly RiskRow[], now: Date): Risk[] {
  const found = new Map<string, { entity: RiskEntity; score: number; open: number; findings: { id: string; weight: number }[] }>();
  for (const row of rows) {
    const weight = weightOf(row, now);
    if (weight < 0.05) continue;
    for (const entity of entitiesOf(row)) {
      let risk = found.get(entity.key);
      if (!risk) found.set(entity.key, (risk = { entity, score: 0, open: 0, findings: [] }));
      risk.score += weight;
      if (row.state === 'open') risk.open += 1;
      risk.findings.push({ id: row.id, weight });
    }
  }
  return [...found.values()]
    .map(({ entity, score, open, findings }) => ({ ...entity, score: Math.round(score * 10) / 10, level: levelOf(score), open, findings: findings.sort((a, b) => b.weight - a.weight || (a.id < b.id ? 1 : -1)) }))
    .sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1));
}
