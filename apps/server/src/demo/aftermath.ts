import type { House } from '../house.ts';
import type { WebDoor } from './doors.ts';
import { dated } from './dated.ts';
import type { Story } from './lines/index.ts';
import type { DemoMember } from './world/types.ts';

interface Shown {
  readonly id: string;
  readonly ruleId: string;
  readonly lastAt: string;
}
interface Page {
  readonly items: readonly Shown[];
  readonly next: string | null;
}

/** The lead of a member has seen to what happened last month: closes those findings as of then. What is closed already stays so. */
export async function closeOld(house: House, web: WebDoor, stories: readonly Story[], member: DemoMember, orgId: string): Promise<number> {
  const over = stories.filter((s) => s.member === member.key && s.end !== 'open');
  if (over.length === 0) return 0;
  const { kernel, identity, modules: { findings, orgs } } = house;
  const { row, secret } = await identity.tokens.create(orgId, 'demo', { name: 'demo', scopes: ['findings:read'] });
  const open: Shown[] = [];
  try {
    for (let after: string | null = ''; after !== null; ) {
      const page: Page = await web.call<Page>('GET', `/orgs/${orgId}/findings?state=open&limit=100${after ? `&after=${encodeURIComponent(after)}` : ''}`, { token: secret });
      open.push(...page.items);
      after = page.next;
    }
  } finally {
    await identity.tokens.revoke(orgId, { id: row.id });
  }
  const lead = member.people.find((p) => p.roles.includes('lead'))!;
  const actor = await kernel.tenancy.inOrg({ orgId, actor: { kind: 'system', name: 'demo' } }, async (tx) => ({ kind: 'person' as const, personId: (await orgs.searchPeople(tx, orgId, lead.email, 1))[0]!.id, homeOrgId: orgId, name: lead.name }));
  let closed = 0;
  for (const { rules, end } of over) {
    if (end === 'open') continue;
    for (const { id } of rules) {
      const found = open.find((f) => f.ruleId === id && Date.parse(f.lastAt) <= end.at);
      if (!found) continue;
      await kernel.tenancy.inOrg({ orgId, actor }, (tx) => findings.close(dated(tx, end.at), orgId, found.id, { outcome: end.outcome, note: end.reason }));
      closed += 1;
    }
  }
  return closed;
}
