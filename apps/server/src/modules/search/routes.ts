import { api } from '@banya/contract';
import { Problem, notFound } from '../../kernel/errors.ts';
import { bind, type Bound, type Call } from '../../kernel/http/call.ts';
import { newId } from '../../kernel/ids.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { cut, decodeCursor } from '../../kernel/keyset.ts';
import type { Scope, Tx } from '../../kernel/types.ts';
import { pgText } from '../../kernel/sql.ts';
import type { Inventory } from '../inventory/index.ts';
import type { Orgs } from '../orgs/index.ts';
import { countable, counts, lines, patiently, values, type EventLine, type Place } from './events.ts';
import { exportFile, gather, type Undelivered } from './export.ts';
import { said } from './present.ts';
import { compileQuery, type Condition } from './query/compile.ts';
import { COUNTABLE, fieldNames } from './query/fields.ts';
import { parseQuery, QueryError } from './query/parse.ts';
import { spanOf, stepOf, whose, type Span, type Turns } from './rules.ts';
import type { SavedRow } from './schema.ts';
import { saved } from './store.ts';
import { queryTexts } from './texts.ts';

export interface SearchParts {
  readonly kernel: Kernel;
  readonly orgs: Pick<Orgs, 'get'>;
  readonly inventory: Pick<Inventory, 'sourcesOf' | 'devicesById'>;
  /** One question each. */
  readonly turns: Turns;
  /** One file each: it is held in memory. */
  readonly files: Turns;
  readonly undelivered: Undelivered;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SAVED_MAX = 100;
const FACT_MAX = 300;

/** @throws Problem query_wrong, with what is wrong in words */
function read(q: string | undefined): Condition {
  try {
    return compileQuery(parseQuery(q ?? ''));
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { ja, en } = queryTexts[error.code];
    const fill = (text: string): string => text.replace('{word}', error.word);
    throw new Problem(400, 'query_wrong', { ja: fill(ja), en: fill(en) }, { fields: [{ at: 'q', message: { ja: fill(ja), en: fill(en) } }] });
  }
}

function place(cursor: string | undefined): Place | null {
  const at = decodeCursor(cursor, 2);
  if (at === null) return null;
  if (!Number.isSafeInteger(at[0]) || !UUID.test(String(at[1]))) throw new Problem(400, 'cursor_broken');
  return { at: Number(at[0]), id: String(at[1]) };
}

const presentSaved = (row: SavedRow, personId: string | null) => ({ id: row.id, name: row.name, q: row.q, span: row.span, shared: row.shared, mine: row.person_id === personId, by: row.person_name, updatedAt: row.updated_at.toISOString() });

export function searchRoutes(parts: SearchParts): Bound[] {
  return [...eventRoutes(parts), ...savedRoutes(parts)];
}

function eventRoutes({ kernel, orgs, inventory, turns, files, undelivered }: SearchParts): Bound[] {
  const { tenancy, events, clock } = kernel;
  /** What is asked, before anything is read: from a wrong query nothing is. */
  const asked = (query: { q?: string | undefined; from?: string | undefined; to?: string | undefined }): { condition: Condition; span: Span } => ({ condition: read(query.q), span: spanOf(query, clock.now()) });
  /** Clocks that run ahead are searched too; nobody wants to read of tomorrow. */
  const shownTo = (to: number): string => new Date(Math.min(to, clock.now())).toISOString();
  const facts = (q: string | undefined, { from, to }: Span) => ({ q: (q ?? '').slice(0, FACT_MAX), from: new Date(from).toISOString(), to: shownTo(to) });
  /** A look of the desk stands in the member's ledger; what follows needs the database as well, so that nothing is answered without the entry. */
  const inLedger = <T>(scope: Scope, action: string, about: ReturnType<typeof facts>, fn: (tx: Tx) => Promise<T>): Promise<T> =>
    tenancy.inOrg(scope, (tx) => {
      if (scope.via !== undefined) tx.audit({ action, facts: about });
      return fn(tx);
    });
  const namesOf = async (tx: Tx, orgId: string, found: readonly EventLine[]) => {
    const sources = new Map((await inventory.sourcesOf(tx, orgId)).map((s) => [s.id, s.name]));
    return { sources, devices: await inventory.devicesById(tx, orgId, found.flatMap((l) => (l.deviceId ? [l.deviceId] : []))) };
  };
  return [
    bind(api.search.events.list, async ({ scope, query }) => {
      const { condition, span } = asked(query);
      const found = await turns.run(whose(scope), () => patiently(() => lines(events, scope.orgId, condition, span, place(query.after), query.limit + 1)));
      return inLedger(scope, 'search.read', facts(query.q, span), async (tx) => {
        const { sources, devices } = await namesOf(tx, scope.orgId, found);
        const named = (id: string | null, names: ReadonlyMap<string, string | { name: string }>) => {
          const name = id === null ? undefined : names.get(id);
          return id === null || name === undefined ? null : { id, name: typeof name === 'string' ? name : name.name };
        };
        return {
          ...cut(found, query.limit, (l) => [l.at, l.id], (l) => ({
            id: l.id, at: new Date(l.at).toISOString(), receivedAt: new Date(l.receivedAt).toISOString(), source: named(l.sourceId, sources), device: named(l.deviceId, devices), said: said(l), fields: { ...l.fields }, raw: l.raw, rawCut: l.rawCut,
          })),
          from: new Date(span.from).toISOString(), to: shownTo(span.to),
        };
      });
    }),
    bind(api.search.events.counts, async ({ scope, query }) => {
      const { condition, span } = asked(query);
      const step = stepOf(span);
      const zone = await inLedger(scope, 'search.counted', facts(query.q, span), async (tx) => (await orgs.get(tx, scope.orgId))?.time_zone ?? 'Asia/Tokyo');
      const items = await turns.run(whose(scope), () => patiently(() => counts(events, scope.orgId, condition, span, step, zone)));
      return { step, total: items.reduce((n, i) => n + i.count, 0), items: items.map((i) => ({ at: new Date(i.at).toISOString(), count: i.count })), from: new Date(span.from).toISOString(), to: shownTo(span.to) };
    }),
    bind(api.search.events.values, async ({ scope, query }) => {
      const { condition, span } = asked(query);
      const column = countable(query.field);
      if (column === undefined) throw notFound();
      const got = await turns.run(whose(scope), () => patiently(() => values(events, scope.orgId, condition, span, column)));
      return inLedger(scope, 'search.counted', facts(query.q, span), async () => ({ field: query.field, ...got }));
    }),
    bind(api.search.events.fields, async ({ lang }) => ({ names: [...fieldNames(lang)], countable: Object.values(COUNTABLE) })),
    bind(api.search.events.export, async ({ scope, query, lang }) => {
      const { condition, span } = asked(query);
      return undelivered.hand(whose(scope), () => files.run(whose(scope), async () => {
        // A turn for each page: a whole file may take minutes.
        const { found, more } = await gather((after, limit) => turns.run(whose(scope), () => patiently(() => lines(events, scope.orgId, condition, span, after, limit))));
        const { sources, org } = await tenancy.inOrg(scope, async (tx) => {
          tx.audit({ action: 'search.exported', facts: { ...facts(query.q, span), lines: found.length, format: query.format } });
          return { sources: new Map((await inventory.sourcesOf(tx, scope.orgId)).map((s) => [s.id, s.name])), org: await orgs.get(tx, scope.orgId) };
        });
        return exportFile(found, query.format, lang, more, (id) => sources.get(id) ?? '', { org: org?.name ?? '', zone: org?.time_zone ?? 'Asia/Tokyo', now: new Date(clock.now()) });
      }));
    }),
  ];
}

function savedRoutes({ kernel }: SearchParts): Bound[] {
  const { tenancy } = kernel;
  const personOf = ({ principal }: Pick<Call, 'principal'>): string | null => (principal?.kind === 'person' ? principal.personId : null);
  return [
    bind(api.search.saved.list, (call) =>
      tenancy.inOrg(call.scope, async (tx) => {
        const after = decodeCursor(call.query.after, 1);
        if (after && !UUID.test(String(after[0]))) throw new Problem(400, 'cursor_broken');
        const rows = await saved.list(tx, call.scope.orgId, personOf(call), { before: after ? String(after[0]) : null, limit: call.query.limit });
        return cut(rows, call.query.limit, (r) => [r.id], (r) => presentSaved(r, personOf(call)));
      })),
    bind(api.search.saved.create, ({ scope, body, person }) => {
      read(body.q);
      return tenancy.inOrg(scope, async (tx) => {
        if ((await saved.count(tx, scope.orgId, person.personId)) >= SAVED_MAX) throw new Problem(409, 'searches_full', { limit: SAVED_MAX });
        const row: SavedRow = { org_id: scope.orgId, id: newId(tx.now.getTime()), person_id: person.personId, person_name: person.name, name: body.name, q: pgText(body.q), span: body.span, shared: body.shared, created_at: tx.now, updated_at: tx.now };
        await saved.insert(tx, row);
        if (row.shared) tx.audit({ action: 'search.shared', target: `search:${row.id}` });
        return presentSaved(row, person.personId);
      });
    }),
    bind(api.search.saved.update, ({ scope, params, body, person }) => {
      if (body.q !== undefined) read(body.q);
      return tenancy.inOrg(scope, async (tx) => {
        const { name, q, span, shared } = body;
        const patch: Partial<SavedRow> = { updated_at: tx.now, ...(name === undefined ? {} : { name }), ...(q === undefined ? {} : { q: pgText(q) }), ...(span === undefined ? {} : { span }), ...(shared === undefined ? {} : { shared }) };
        const row = await saved.update(tx, scope.orgId, person.personId, params.search, patch);
        if (!row) throw notFound();
        if (shared) tx.audit({ action: 'search.shared', target: `search:${row.id}` });
        return presentSaved(row, person.personId);
      });
    }),
    bind(api.search.saved.remove, ({ scope, params, person }) =>
      tenancy.inOrg(scope, async (tx) => {
        if (!(await saved.remove(tx, scope.orgId, person.personId, params.search))) throw notFound();
      })),
  ];
}
