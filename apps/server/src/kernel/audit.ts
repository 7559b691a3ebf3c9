import type { Head, JsonValue, LedgerRecord, VerifyResult } from '@banya/ledger';
import { appendEntry, genesis, headOf, verifyChain } from '@banya/ledger';
import { pgText } from './sql.ts';
import type { TxSession } from './db/session.ts';
import type { Actor, AuditEntry } from './types.ts';

const ACTION = /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/;
const MAX_TARGET = 200;
const MAX_FACTS_BYTES = 2048;
const PAGE = 500;

/** An entry with everything the transaction knows. */
export interface PendingEntry extends AuditEntry {
  readonly orgId: string;
  readonly actor: Actor;
  readonly via?: string;
}

/** Reads with $1… parameters, for instance `(text, values) => tenancy.inOrg(scope, (tx) => tx.query(text, values))`: one short transaction per page. */
export type Reader = <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>;

/** One entry as pages show it. */
export interface LedgerLine {
  readonly seq: number;
  readonly at: Date;
  readonly action: string;
  readonly target: string | null;
  readonly actor: Actor;
  /** Why another organisation's person was allowed to; null for the organisation's own people. */
  readonly via: string | null;
  readonly facts: AuditEntry['facts'] | null;
}

export interface AuditLedger {
  /** Appends entries to their organisations' chains; the chains are locked in order of id, so that two transactions never wait for each other. */
  append(session: TxSession, entries: readonly PendingEntry[], now: Date): Promise<void>;
}

interface Row {
  readonly org_id: string;
  readonly seq: string;
  readonly v: number;
  readonly at: Date;
  readonly action: string;
  readonly target: string | null;
  readonly actor: Actor;
  readonly via: string | null;
  readonly facts: AuditEntry['facts'] | null;
  readonly prev_hash: string;
  readonly hash: string;
}

/** @throws TypeError or RangeError for an entry that is malformed, too large, or not plain small facts. */
export function checkEntry(entry: AuditEntry): void {
  if (!ACTION.test(entry.action)) throw new TypeError(`audit action ${JSON.stringify(entry.action)} is not like module.verb`);
  if ((entry.target?.length ?? 0) > MAX_TARGET) throw new RangeError(`audit target is longer than ${MAX_TARGET} characters`);
  const facts = JSON.stringify(entry.facts ?? null);
  if (Buffer.byteLength(facts) > MAX_FACTS_BYTES) throw new RangeError(`audit facts of ${entry.action} are larger than ${MAX_FACTS_BYTES} bytes`);
  for (const value of Object.values(entry.facts ?? {})) {
    if (value !== null && typeof value === 'object') throw new TypeError(`audit facts of ${entry.action} hold more than plain values`);
  }
}

export function createAudit(): AuditLedger {
  return {
    async append(session, entries, now) {
      if (entries.length === 0) return;
      const heads = await lockHeads(session, [...new Set(entries.map(({ orgId }) => orgId))].sort());
      const rows: object[] = [];
      for (const entry of entries) {
        const body = bodyOf(entry);
        const record = appendEntry(heads.get(entry.orgId)!, { at: now.toISOString(), body: body as unknown as JsonValue });
        heads.set(entry.orgId, headOf(record));
        rows.push({ org_id: entry.orgId, seq: record.seq, v: record.v, at: record.at, ...body, prev_hash: record.prevHash, hash: record.hash });
      }
      await session.run(
        `with added as (
           insert into kernel_ledger select * from jsonb_to_recordset($1::jsonb)
             as r(org_id uuid, seq bigint, v smallint, at timestamptz, action text, target text, actor jsonb, via text, facts jsonb, prev_hash text, hash text)
         )
         update kernel_ledger_heads h set seq = n.seq, hash = n.hash
         from jsonb_to_recordset($2::jsonb) as n(chain uuid, seq bigint, hash text) where h.org_id = n.chain`,
        [JSON.stringify(rows), JSON.stringify([...heads.values()])],
        'kernel_ledger_append',
      );
    },
  };
}

async function lockHeads(session: TxSession, orgIds: readonly string[]): Promise<Map<string, Head>> {
  const read = (): Promise<{ rows: unknown[] }> => session.run('select org_id, seq, hash from kernel_ledger_heads where org_id = any($1::uuid[]) order by org_id for update', [orgIds], 'kernel_ledger_lock');
  let { rows } = await read();
  if (rows.length < orgIds.length) {
    const fresh = orgIds.map((orgId) => genesis(orgId));
    await session.run(
      `insert into kernel_ledger_heads select chain, seq, hash from jsonb_to_recordset($1::jsonb) as n(chain uuid, seq bigint, hash text)
       order by chain on conflict do nothing`,
      [JSON.stringify(fresh)],
    );
    ({ rows } = await read());
  }
  return new Map((rows as { org_id: string; seq: string; hash: string }[]).map((row) => [row.org_id, { chain: row.org_id, seq: Number(row.seq), hash: row.hash }]));
}

/** What the hash covers beside chain, number and time. PostgreSQL stores neither NUL nor lone surrogates, so they become U+FFFD first. */
function bodyOf(entry: PendingEntry): { action: string; target: string | null; actor: Actor; via: string | null; facts: AuditEntry['facts'] | null } {
  const { action, target = null, actor, via = null, facts = null } = entry;
  return storable({ action, target, actor, via, facts });
}

function storable<T>(value: T): T {
  if (typeof value === 'string') return pgText(value) as T;
  if (value === null || typeof value !== 'object') return value;
  const pairs = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(pairs.map(([key, inner]) => [storable(key), storable(inner)])) as T;
}

/** All records of an organisation's chain, oldest first, read in pages; `from` continues after a record. */
export async function* ledgerRecords(read: Reader, orgId: string, from = 0): AsyncGenerator<LedgerRecord> {
  for (let after = from; ; ) {
    const rows = await read<Row>('select * from kernel_ledger where org_id = $1 and seq > $2 order by seq limit $3', [orgId, after, PAGE]);
    for (const row of rows) yield recordOf(row);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = Number(last.seq);
  }
}

/**
 * Checks the whole chain of an organisation, and that it ends where the store says it ends. Any change of any column is
 * found; that the newest entries were cut off together with the head is found only by `anchors` kept elsewhere.
 */
export async function verifyLedger(read: Reader, orgId: string, anchors: readonly Head[] = []): Promise<VerifyResult> {
  const [head] = await read<{ seq: string; hash: string }>('select seq, hash from kernel_ledger_heads where org_id = $1', [orgId]);
  const known = head ? [{ chain: orgId, seq: Number(head.seq), hash: head.hash }] : [];
  return verifyChain(ledgerRecords(read, orgId), { chain: orgId, anchors: [...anchors, ...known] });
}

/** A page of the ledger, newest first. `before` is the last seq of the page before; `onlyVia` keeps reads and acts of other organisations' people. */
export async function listLedger(read: Reader, orgId: string, page: { before?: number; limit: number; onlyVia?: boolean }): Promise<LedgerLine[]> {
  const rows = await read<Row>(
    `select seq, at, action, target, actor, via, facts from kernel_ledger
     where org_id = $1 and seq < $2 ${page.onlyVia ? 'and via is not null' : ''} order by seq desc limit $3`,
    [orgId, page.before ?? Number.MAX_SAFE_INTEGER, Math.min(Math.max(1, page.limit), PAGE)],
  );
  return rows.map(({ seq, at, action, target, actor, via, facts }) => ({ seq: Number(seq), at, action, target, actor, via, facts }));
}

function recordOf(row: Row): LedgerRecord {
  const { action, target, actor, via, facts } = row;
  const body = { action, target, actor, via, facts } as unknown as JsonValue;
  return { v: row.v, chain: row.org_id, seq: Number(row.seq), at: row.at.toISOString(), prevHash: row.prev_hash, body, hash: row.hash };
}
