import type { Clock, Tenancy, Tx } from '../../kernel/types.ts';
import type { Encoding, Family, Match, Retention, SourceRow } from './schema.ts';

/** What the intake needs of a source, in memory. */
export interface SourceFacts {
  readonly sourceId: string;
  readonly orgId: string;
  readonly name: string;
  readonly family: Family;
  readonly timeZone: string;
  readonly encoding: Encoding;
  readonly retention: Retention;
  readonly deviceId: string | null;
  readonly match: Match;
  /** Address ranges of the organisation that count as inside, beyond the private ones. */
  readonly ownRanges: readonly string[];
  readonly orgZone: string;
}

interface Row extends SourceRow {
  own_ranges: string[];
  org_zone: string;
}

/**
 * All live, confirmed sources of the installation, in memory: a thousand members have a few thousand. Read once at the start and
 * again after each change; another process's change is seen within `pollMs`.
 */
export class SourceTable {
  readonly #tenancy: Tenancy;
  readonly #clock: Clock;
  readonly #orgFacts: (tx: Tx) => Promise<ReadonlyMap<string, { ownRanges: readonly string[]; timeZone: string }>>;
  #byId = new Map<string, SourceFacts>();
  #byRelay = new Map<string, string>();
  #claims: readonly Match[] = [];
  #listeners: (() => void)[] = [];
  #stamp = '';

  constructor(tenancy: Tenancy, clock: Clock, orgFacts: (tx: Tx) => Promise<ReadonlyMap<string, { ownRanges: readonly string[]; timeZone: string }>>) {
    this.#tenancy = tenancy;
    this.#clock = clock;
    this.#orgFacts = orgFacts;
  }

  get(sourceId: string): SourceFacts | undefined {
    return this.#byId.get(sourceId);
  }

  all(): IterableIterator<SourceFacts> {
    return this.#byId.values();
  }

  /** How the senders are recognised that wait for the desk: no line of theirs is taken, but they are counted apart. */
  get claims(): readonly Match[] {
    return this.#claims;
  }

  /** The source of a device behind a collector; the collector's own source when nobody registered the device. */
  behindRelay(relaySourceId: string, address: string): string {
    return this.#byRelay.get(`${relaySourceId} ${address}`) ?? relaySourceId;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async refresh(): Promise<void> {
    const [rows, claims, orgs] = await this.#tenancy.asSystem('read all senders of logs', async (tx) => [
      await tx.query<Row>('select * from inventory_sources where archived_at is null and confirmed_at is not null order by created_at, id'),
      await tx.query<{ org_id: string; match: Match }>('select org_id, match from inventory_sources where archived_at is null and confirmed_at is null'),
      await this.#orgFacts(tx),
    ] as const);
    const byId = new Map<string, SourceFacts>();
    const byRelay = new Map<string, string>();
    for (const row of rows) {
      const org = orgs.get(row.org_id);
      // An organisation that left sends to nobody.
      if (!org) continue;
      byId.set(row.id, {
        sourceId: row.id, orgId: row.org_id, name: row.name, family: row.family, timeZone: row.time_zone, encoding: row.encoding, retention: row.retention, deviceId: row.device_id, match: row.match,
        ownRanges: org.ownRanges, orgZone: org.timeZone,
      });
    }
    for (const { sourceId, orgId, match } of byId.values()) {
      if (match.by === 'relay' && byId.get(match.relay)?.orgId === orgId) byRelay.set(`${match.relay} ${match.address}`, sourceId);
    }
    this.#byId = byId;
    this.#byRelay = byRelay;
    this.#claims = claims.flatMap((c) => (orgs.has(c.org_id) ? [c.match] : []));
    this.#stamp = await this.#newestChange();
    for (const listener of this.#listeners) listener();
  }

  /** Reads again if anything changed since: one small statement. */
  async refreshIfChanged(): Promise<void> {
    if ((await this.#newestChange()) !== this.#stamp) await this.refresh();
  }

  async #newestChange(): Promise<string> {
    const [row] = await this.#tenancy.asSystem('has any sender of logs changed', (tx) => tx.query<{ stamp: string | null }>(`select max(updated_at)::text || '/' || count(*)::text as stamp from inventory_sources`));
    return `${row?.stamp ?? ''}@${Math.floor(this.#clock.now() / 600_000)}`;
  }
}
