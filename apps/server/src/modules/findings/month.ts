import type { Bilingual, Lang } from '@banya/contract';
import type { Tx } from '../../kernel/types.ts';
import type { Orgs } from '../orgs/index.ts';
import { explain } from './explain.ts';
import { withoutTime } from './home.ts';
import { quietedBy, severityOf, type Silence } from './rules.ts';
import type { FindingRow } from './schema.ts';
import * as store from './store.ts';
import type { FindingKind, FindingOutcome, Severity } from './types.ts';

/** A finding as a report tells it. */
export interface MonthFinding {
  readonly id: string;
  readonly kind: FindingKind;
  readonly ruleId: string;
  readonly rule: FindingRow['rule'];
  readonly title: Bilingual;
  /** The first thing to do about it, without the time it takes; empty where there is nothing to do. */
  readonly step: Bilingual;
  readonly severity: Severity;
  readonly direction: FindingRow['direction'];
  readonly stopped: FindingRow['stopped'];
  /** Alerts on the days asked for. */
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly open: boolean;
  readonly outcome: FindingOutcome | null;
  /** What closed it at its start, where nobody has judged it. */
  readonly quieted: Silence['what'] | null;
  readonly assigneeName: string | null;
  readonly asset: string | null;
}

/** Findings with alerts on these days of the organisation, and those that are open whenever they began; gravest first, at most 500. */
export async function monthFindings(tx: Tx, orgs: Pick<Orgs, 'get'>, orgId: string, from: string, to: string): Promise<MonthFinding[]> {
  const zone = (await orgs.get(tx, orgId))?.time_zone ?? 'Asia/Tokyo';
  return (await store.findings.between(tx, orgId, from, to)).map((row) => {
    const told = (lang: Lang) => explain(row, { lang, zone, now: tx.now });
    const [ja, en] = [told('ja'), told('en')];
    return {
      id: row.id, kind: row.kind, ruleId: row.rule_id, rule: row.rule, title: { ja: ja.title, en: en.title }, step: { ja: withoutTime(ja.doNow[0] ?? ''), en: withoutTime(en.doNow[0] ?? '') },
      severity: severityOf(row.rank), direction: row.direction, stopped: row.stopped, count: Number(row.month_count), firstAt: row.first_at, lastAt: row.last_at,
      open: row.state === 'open', outcome: row.outcome, quieted: quietedBy(row), assigneeName: row.assignee_name, asset: row.asset?.name ?? null,
    };
  });
}
