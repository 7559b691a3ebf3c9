import { api, type Lang } from '@banya/contract';
import { bind, type Bound } from '../../kernel/http/call.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Orgs } from '../orgs/index.ts';
import { titleOf } from './explain.ts';
import { RISK_DAYS, risksOf, type Risk } from './risk.ts';
import { severityOf } from './rules.ts';
import * as store from './store.ts';

const DAY = 86_400_000;
const SHOWN = 20;
const FINDINGS_SHOWN = 5;

/** The organisation's risks as of now. */
export const risks = async (tx: Tx, orgId: string): Promise<Risk[]> => risksOf(await store.findings.recent(tx, orgId, new Date(tx.now.getTime() - RISK_DAYS * DAY)), tx.now);

/** By finding, the score of the greatest risk it is part of; those that weigh on nobody that is known are absent. */
export async function scoresByFinding(tx: Tx, orgId: string): Promise<ReadonlyMap<string, number>> {
  const scores = new Map<string, number>();
  // The greatest comes first.
  for (const { score, findings } of await risks(tx, orgId)) for (const { id } of findings) if (!scores.has(id)) scores.set(id, score);
  return scores;
}

const fold = (text: string): string => text.normalize('NFKC').replace(/\s/g, '').toLowerCase();

/** Whether a risk weighs on a person: their computer by its owner's name, or a name to sign in with that is in their mail addresses. */
function weighsOn(risk: Risk, person: { readonly name: string; readonly emails: readonly string[] }): boolean {
  if (risk.kind === 'host') return risk.owner !== null && fold(risk.owner) === fold(person.name);
  const name = fold(risk.name).replace(/^.*\\/, '');
  return person.emails.some((email) => fold(email) === name || fold(email.split('@')[0]!) === name);
}

export function riskRoutes(kernel: Kernel, orgs: Pick<Orgs, 'get' | 'people'>): Bound[] {
  return [
    bind(api.findings.risks, ({ scope, query, lang }) =>
      kernel.tenancy.inOrg(scope, async (tx) => {
        const all = await risks(tx, scope.orgId);
        const person = query.person === undefined ? null : ((await orgs.people(tx, [query.person])).get(query.person) ?? { name: '', emails: [] });
        const wanted = all.filter((r) => (query.device === undefined || r.deviceId === query.device) && (person === null || weighsOn(r, person))).slice(0, SHOWN);
        return { items: await present(tx, orgs, scope.orgId, wanted, lang) };
      })),
  ];
}

async function present(tx: Tx, orgs: Pick<Orgs, 'get'>, orgId: string, wanted: readonly Risk[], lang: Lang) {
  const ids = [...new Set(wanted.flatMap((r) => r.findings.slice(0, FINDINGS_SHOWN).map((f) => f.id)))];
  const rows = new Map((await store.findings.many(tx, orgId, ids)).map((row) => [row.id, row]));
  const zone = (await orgs.get(tx, orgId))?.time_zone ?? 'Asia/Tokyo';
  return wanted.map((r) => ({
    kind: r.kind, key: r.key, name: r.name, device: r.deviceId, owner: r.owner, score: r.score, level: r.level, open: r.open,
    findings: r.findings.slice(0, FINDINGS_SHOWN).flatMap(({ id }) => {
      const row = rows.get(id);
      return row ? [{ id, title: titleOf(row, { lang, zone, now: tx.now }), severity: severityOf(row.rank), state: row.state, lastAt: row.last_at.toISOString() }] : [];
    }),
  }));
}
