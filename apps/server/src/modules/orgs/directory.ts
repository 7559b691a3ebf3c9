import type { ConsentKind, Role } from '@banya/contract';
import type { OrgDirectory, OrgFacts } from '../../kernel/http/authorise.ts';
import type { SignInDirectory } from '../../kernel/identity/parts.ts';
import type { Clock, Tenancy } from '../../kernel/types.ts';
import { todayAt } from './rules.ts';

/**
 * Facts the doors decide by: one statement each, read afresh for every request, so that a withdrawn consent or role
 * works at once.
 */
export class Directory implements OrgDirectory, SignInDirectory {
  readonly #tenancy: Tenancy;
  readonly #clock: Clock;

  constructor(tenancy: Tenancy, clock: Clock) {
    this.#tenancy = tenancy;
    this.#clock = clock;
  }

  async facts(orgId: string): Promise<OrgFacts | null> {
    interface Row { id: string; kind: OrgFacts['kind']; above: { id: string; kind: OrgFacts['kind'] }[]; consents: ConsentKind[]; tickets: OrgFacts['ticketConsents']; left_at: Date | null }
    const [row] = await this.#tenancy.asSystem('authorise a request', (tx) =>
      tx.query<Row>(
        `select o.id, o.kind, o.left_at,
                coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind) order by array_position(o.path, a.id) desc)
                            from orgs_orgs a where a.id = any(o.path)), '[]'::jsonb) as above,
                coalesce((select array_agg(c.kind) from orgs_consents c where c.org_id = o.id and (c.until is null or c.until > $2)), '{}') as consents,
                coalesce((select jsonb_agg(jsonb_build_object('desk', t.desk_org_id, 'number', t.ticket_number::text, 'kinds', t.kinds) order by t.ticket_number)
                            from orgs_ticket_consents t where t.org_id = o.id and t.ended_at is null and t.until > $2), '[]'::jsonb) as tickets
           from orgs_orgs o where o.id = $1 and o.archived_at is null`,
        [orgId, new Date(this.#clock.now())],
      ),
    );
    return row ? { id: row.id, kind: row.kind, above: row.above, consents: new Set([...row.consents, 'tickets'] as ConsentKind[]), ticketConsents: row.tickets, left: row.left_at !== null } : null;
  }

  async holders(orgId: string, roles: readonly Role[]): Promise<readonly string[]> {
    const rows = await this.#tenancy.asSystem('name who can', (tx) =>
      tx.query<{ name: string }>(
        `select distinct p.name from orgs_roles r join orgs_people p on p.id = r.person_id
          where r.org_id = $1 and r.role = any($2) and p.archived_at is null and (r.until is null or r.until >= $3::date) order by p.name limit 3`,
        [orgId, roles, todayAt(this.#clock.now())],
      ),
    );
    return rows.map((r) => r.name);
  }

  async person(personId: string): Promise<{ name: string; homeOrgId: string; emails: readonly string[]; archived: boolean } | null> {
    const [row] = await this.#tenancy.asSystem('who signs in', (tx) =>
      tx.query<{ name: string; org_id: string; emails: string[]; archived: boolean }>(
        'select p.name, p.org_id, p.emails, p.archived_at is not null or o.left_at is not null as archived from orgs_people p join orgs_orgs o on o.id = p.org_id where p.id = $1', [personId]),
    );
    return row ? { name: row.name, homeOrgId: row.org_id, emails: row.emails, archived: row.archived } : null;
  }

  async roles(personId: string): Promise<ReadonlyMap<string, readonly Role[]>> {
    const rows = await this.#tenancy.asSystem('what may a person do', (tx) =>
      tx.query<{ org_id: string; role: Role }>(
        `select r.org_id, r.role from orgs_roles r join orgs_orgs o on o.id = r.org_id
          where r.person_id = $1 and o.left_at is null and o.archived_at is null and (r.until is null or r.until >= $2::date)`,
        [personId, todayAt(this.#clock.now())],
      ),
    );
    const map = new Map<string, Role[]>();
    for (const row of rows) map.set(row.org_id, [...(map.get(row.org_id) ?? []), row.role]);
    return map;
  }

  async byEmail(email: string): Promise<readonly { personId: string; orgId: string }[]> {
    const rows = await this.#tenancy.asSystem('who may be mailed a sign-in link', (tx) =>
      tx.query<{ id: string; org_id: string }>(
        `select p.id, p.org_id from orgs_people p join orgs_orgs o on o.id = p.org_id
          where p.emails @> array[$1] and p.archived_at is null and o.left_at is null and exists (select 1 from orgs_roles r where r.person_id = p.id) order by p.id`,
        [email],
      ),
    );
    return rows.map((r) => ({ personId: r.id, orgId: r.org_id }));
  }

  /** Everybody with a mail address on the lists of organisations that have not left, also those who cannot sign in; at most ten. */
  async byAddress(address: string): Promise<readonly { personId: string; orgId: string; name: string }[]> {
    const rows = await this.#tenancy.asSystem('whose people have this mail address', (tx) =>
      tx.query<{ id: string; org_id: string; name: string }>(
        `select p.id, p.org_id, p.name from orgs_people p join orgs_orgs o on o.id = p.org_id
          where p.emails @> array[$1] and p.archived_at is null and o.left_at is null and o.archived_at is null order by p.id limit 10`,
        [address.toLowerCase()],
      ),
    );
    return rows.map((r) => ({ personId: r.id, orgId: r.org_id, name: r.name }));
  }

  async domainElsewhere(domains: readonly string[], orgId: string): Promise<string | null> {
    if (domains.length === 0) return null;
    const [row] = await this.#tenancy.asSystem('do people of other organisations have this mail domain', (tx) =>
      tx.query<{ domain: string }>(
        `select split_part(e, '@', 2) as domain from orgs_people p join orgs_orgs o on o.id = p.org_id, unnest(p.emails) e
          where split_part(e, '@', 2) = any($1) and p.org_id <> $2 and not (o.kind = 'unit' and o.path @> array[$2::uuid])
            and p.archived_at is null and o.left_at is null and exists (select 1 from orgs_roles r where r.person_id = p.id) limit 1`,
        [domains, orgId],
      ),
    );
    return row?.domain ?? null;
  }

  async orgName(orgId: string): Promise<string | null> {
    const [row] = await this.#tenancy.asSystem('name an organisation', (tx) => tx.query<{ name: string }>('select name from orgs_orgs where id = $1', [orgId]));
    return row?.name ?? null;
  }

  async federationOf(orgId: string): Promise<string | null> {
    const [row] = await this.#tenancy.asSystem('find the federation of an organisation', (tx) => tx.query<{ id: string }>('select coalesce(path[1], id) as id from orgs_orgs where id = $1', [orgId]));
    return row?.id ?? null;
  }
}
