import { permissions, type ConsentKind, type Grant, type Permission, type Role, type Route, type TokenScope } from '@banya/contract';
import { Problem, forbidden, notFound, unauthenticated } from '../errors.ts';
import type { Scope } from '../types.ts';
import { actorOf, type Principal } from './call.ts';

/** What the decision needs of an organisation; the module orgs answers it. */
export interface OrgFacts {
  readonly id: string;
  readonly kind: 'federation' | 'member' | 'unit';
  /** Ids above it with their kinds, nearest first. */
  readonly above: readonly { readonly id: string; readonly kind: 'federation' | 'member' | 'unit' }[];
  /** Those that stand. What reads them shares and compares; what is allowed for one question is not among them. */
  readonly consents: ReadonlySet<ConsentKind>;
  /** What the member allows at this moment for open questions, and to whose desk. */
  readonly ticketConsents: readonly { readonly desk: string; readonly number: string; readonly kinds: readonly ConsentKind[] }[];
  readonly left: boolean;
}
export interface OrgDirectory {
  facts(orgId: string): Promise<OrgFacts | null>;
  /** Names of people who hold one of the roles there, for "ask …" in a refusal; at most three. */
  holders(orgId: string, roles: readonly Role[]): Promise<readonly string[]>;
}

/** The roles of its own side that may, at this organisation. */
export const ownRoles = (org: Pick<OrgFacts, 'kind'>, grant: Grant): readonly Role[] => (org.kind === 'federation' ? (grant.atFederation ?? grant.own) : grant.own);

const SCOPES: Readonly<Record<TokenScope, { ja: string; en: string }>> = {
  ingest: { ja: 'ログを送る', en: 'Send logs' }, 'findings:read': { ja: '気づきを読む', en: 'Read findings' }, 'tickets:write': { ja: '相談を送る', en: 'Send questions' },
  'inventory:write': { ja: '機器を書き込む', en: 'Write devices' }, 'reports:read': { ja: '報告書を読む', en: 'Read reports' }, 'people:write': { ja: '名簿に書き込む', en: 'Write people' }, 'samples:write': { ja: '疑わしいメールを送る', en: 'Send suspicious mails' },
  'events:read': { ja: 'ログを探す', en: 'Search logs' },
};
/** What a token would need here, in the words of the page where tokens are made. */
const neededOf = ({ tokenScope: scope }: Route): { ja: string; en: string } => scope === undefined
  ? { ja: 'この操作は、合言葉（トークン）ではできません。サインインした方が画面から行います。', en: 'No token may do this; a signed-in person does it on the pages.' }
  : { ja: `この操作には、「${SCOPES[scope].ja}」（${scope}）のできる合言葉（トークン）が必要です。`, en: `This needs a token that may “${SCOPES[scope].en}” (${scope}).` };

const CONSENTS: Readonly<Record<ConsentKind, { ja: string; en: string }>> = {
  scores: { ja: '月の報告書と点数', en: 'Monthly report and scores' }, answers: { ja: '調査票の回答', en: 'Answers to questionnaires' }, evidence: { ja: '証跡', en: 'Evidence' },
  alerts: { ja: '気づき', en: 'Findings' }, indicators: { ja: '悪者の手がかり', en: 'Traces of attackers' }, drills: { ja: '訓練メールの結果', en: 'Results of mail drills' },
  inventory: { ja: '機器の台帳', en: 'Devices' }, logs: { ja: 'ログ', en: 'Logs' }, samples: { ja: '疑わしいメールの実物', en: 'Suspicious mails themselves' }, tickets: { ja: '相談', en: 'Questions' },
};

const TICKETS_NAMED = 10;

export type Decision =
  | { readonly kind: 'allowed'; readonly via?: string; readonly self?: true; readonly ticket?: string }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'noConsent'; readonly consent: ConsentKind }
  | { readonly kind: 'notFound' };

/**
 * May these roles use this permission at this organisation? Pure; the isolation test walks every combination.
 * A stranger gets `notFound` whatever the organisation holds; only one's own side ever learns of a missing role.
 */
export function decide(org: OrgFacts, grant: Grant, rolesAt: ReadonlyMap<string, readonly Role[]>): Decision {
  if (org.left) return { kind: 'notFound' };
  const has = (id: string, wanted: readonly Role[]): boolean => (rolesAt.get(id) ?? []).some((role) => wanted.includes(role));
  const inside = [org.id];
  const federations: string[] = [];
  for (const above of org.above) {
    if (above.kind === 'federation' && org.kind !== 'federation') federations.push(above.id);
    else if (above.kind !== 'federation') inside.push(above.id);
  }
  if (inside.some((id) => has(id, ownRoles(org, grant)))) return { kind: 'allowed' };
  if (grant.self && inside.some((id) => has(id, grant.self!))) return { kind: 'allowed', self: true };
  if (grant.federation && federations.some((id) => has(id, grant.federation!))) return { kind: 'allowed', via: 'federation' };
  const isDesk = federations.some((id) => has(id, ['desk']));
  if (isDesk && grant.desk !== undefined) {
    if (grant.desk === 'always') return { kind: 'allowed', via: 'always' };
    if (org.consents.has(grant.desk)) return { kind: 'allowed', via: grant.desk };
    const ticket = grant.ticket ? ticketsFor(org, grant.desk, (desk) => federations.includes(desk) && has(desk, ['desk'])) : '';
    if (ticket !== '') return { kind: 'allowed', via: grant.desk, ticket };
    return { kind: 'noConsent', consent: grant.desk };
  }
  const known = inside.some((id) => (rolesAt.get(id)?.length ?? 0) > 0);
  return { kind: known ? 'forbidden' : 'notFound' };
}

/** Numbers of the open questions for which a member allows a kind to a desk that may ask here, as the ledger names them; empty: none. */
function ticketsFor(org: OrgFacts, kind: ConsentKind, mayAsk: (desk: string) => boolean): string {
  return org.ticketConsents.filter((t) => t.kinds.includes(kind) && mayAsk(t.desk)).slice(0, TICKETS_NAMED).map((t) => `#${t.number}`).join(' ');
}

/** Authorises an org route: gives the scope to work in, or throws the problem to answer. */
export async function authorise(route: Route, permission: Permission, orgId: string, principal: Principal | null, directory: OrgDirectory): Promise<Scope> {
  if (!principal) throw unauthenticated();
  const actor = actorOf(principal);
  if (principal.kind === 'token') {
    // A token is its organisation's own: it reaches nothing else, and only routes that name a scope it has.
    if (principal.orgId !== orgId) throw notFound();
    const own = await directory.facts(orgId);
    if (!own || own.left) throw notFound();
    if (!route.tokenScope || !principal.scopes.includes(route.tokenScope)) throw new Problem(403, 'token_scope_missing', neededOf(route));
    return { orgId, actor };
  }
  const org = await directory.facts(orgId);
  if (!org) throw notFound();
  const grant: Grant = permissions[permission];
  const decision = decide(org, grant, principal.roles);
  switch (decision.kind) {
    case 'allowed':
      return { orgId, actor, ...(decision.via === undefined ? {} : { via: decision.via }), ...(decision.ticket === undefined ? {} : { ticket: decision.ticket }), ...(decision.self ? { self: principal.personId } : {}) };
    case 'noConsent':
      throw new Problem(403, 'consent_missing', CONSENTS[decision.consent]);
    case 'forbidden':
      throw forbidden(await directory.holders(orgId, ownRoles(org, grant)));
    case 'notFound':
      throw notFound();
  }
}
