import { api } from '@banya/contract';
import { explain as explainInput, isReading, parseEmail } from '@banya/jp';
import { describe, writeCsv } from '@banya/xlsx';
import type { Lang } from '@banya/contract';
import { Problem, notFound } from '../../kernel/errors.ts';
import { runHostile } from '../../kernel/hostile/run.ts';
import { bind, download, type Bound } from '../../kernel/http/call.ts';
import { excel } from '../../kernel/http/excel.ts';
import { newId } from '../../kernel/ids.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Scope, SignedIn, Tx } from '../../kernel/types.ts';
import { addressesChanged } from './addresses.ts';
import type { ImportedFile, ImportedRow } from './import-file.ts';
import type { PersonRow } from './schema.ts';
import { mayGive, rolesOver } from './rules.ts';
import { checkedBy, personKeys, refuseBelow } from './service.ts';
import * as store from './store.ts';

const HOUR = 3_600_000;
const LIMITS = { seconds: 20, memoryBytes: 512 * 1024 * 1024 };
const SHOWN_ROWS = 200;

type Kind = 'new' | 'changed' | 'same' | 'wrong';
interface Planned {
  readonly row: number;
  readonly kind: Kind;
  /** The person this row changes; null for a new one. */
  readonly person: string | null;
  readonly fields: { readonly name: string; readonly reading: string | null; readonly department: string | null; readonly emails: readonly string[]; readonly phone: string | null };
}
interface RowError { readonly row: number; readonly column: string; readonly message: string }

const columnNames: Readonly<Record<string, Record<Lang, string>>> = {
  name: { ja: '氏名', en: 'Name' }, reading: { ja: 'ふりがな', en: 'Reading' }, department: { ja: '部署', en: 'Department' }, email: { ja: 'メールアドレス', en: 'Mail address' }, phone: { ja: '電話番号', en: 'Phone' }, '': { ja: '行', en: 'Row' },
};

/**
 * Decides, row by row, what taking over a list would do. A row is the same person when the address agrees, else when name
 * and department do. `kept` are those whose addresses the taker may not change.
 */
export function planImport(file: ImportedFile, existing: readonly PersonRow[], lang: Lang, kept: ReadonlySet<string>): { planned: Planned[]; errors: RowError[] } {
  const byEmail = new Map(existing.flatMap((p) => p.emails.map((e) => [e, p] as const)));
  const byName = new Map(existing.map((p) => [`${p.name}\n${p.department ?? ''}`, p]));
  const seenEmails = new Map<string, number>();
  const errors: RowError[] = [];
  const planned = file.rows.map((row): Planned => {
    const wrong = rowErrors(row, lang);
    let emails: string[] = [];
    if (row.email) {
      const parsed = parseEmail(row.email);
      if (parsed.ok) emails = [parsed.value.address.toLowerCase()];
      else wrong.push({ row: row.row, column: columnNames.email![lang], message: explainInput(parsed.code, lang) });
    }
    if (row.reading && !isReading(row.reading)) wrong.push({ row: row.row, column: columnNames.reading![lang], message: lang === 'ja' ? 'ひらがなかカタカナで書いてください。' : 'Write it in kana.' });
    const twin = emails[0] === undefined ? undefined : seenEmails.get(emails[0]);
    if (twin !== undefined) wrong.push({ row: row.row, column: columnNames.email![lang], message: lang === 'ja' ? `${twin}行目と同じアドレスです。` : `The same address as in row ${twin}.` });
    else if (emails[0]) seenEmails.set(emails[0], row.row);
    const fields = { name: (row.name ?? '').trim(), reading: row.reading, department: row.department, emails, phone: row.phone };
    errors.push(...wrong);
    if (wrong.length > 0) return { row: row.row, kind: 'wrong', person: null, fields };
    const match = (emails[0] && byEmail.get(emails[0])) || byName.get(`${fields.name}\n${fields.department ?? ''}`) || null;
    if (!match) return { row: row.row, kind: 'new', person: null, fields };
    // What the list leaves empty stays as it is.
    const next = { name: fields.name, reading: fields.reading ?? match.reading, department: fields.department ?? match.department, emails: emails.length > 0 && !match.emails.includes(emails[0]!) ? [...emails, ...match.emails] : match.emails, phone: fields.phone ?? match.phone };
    if (next.emails !== match.emails && kept.has(match.id)) {
      errors.push({ row: row.row, column: columnNames.email![lang], message: lang === 'ja' ? 'この方のアドレスは、この方に役割を渡せる人（担当者など）だけが変えられます。' : 'Only somebody who can give this person’s roles, such as a lead, may change this address.' });
      return { row: row.row, kind: 'wrong', person: null, fields };
    }
    const same = next.name === match.name && next.reading === match.reading && next.department === match.department && next.phone === match.phone && next.emails === match.emails;
    return { row: row.row, kind: same ? 'same' : 'changed', person: match.id, fields: next };
  });
  return { planned, errors };
}

function rowErrors(row: ImportedRow, lang: Lang): RowError[] {
  return row.errors.map((e) => ({ row: row.row, column: columnNames[e.column]?.[lang] ?? e.column, message: describe(e.code as Parameters<typeof describe>[0], e.params, lang) }));
}

export function importRoutes(kernel: Kernel): Bound[] {
  const { tenancy } = kernel;
  return [
    bind(api.orgs.people.importPreview, async (call) => {
      const { scope, lang, person } = call;
      const bytes = await call.readBody();
      let file: ImportedFile;
      try {
        file = await runHostile<ImportedFile>(new URL('./import-file.ts', import.meta.url), bytes, null, LIMITS);
      } catch (error) {
        if (error instanceof Problem) throw error;
        const { name, code, params } = error as Error & { code?: string; params?: Record<string, string | number> };
        if (name !== 'TableError' || !code) throw error;
        throw new Problem(422, 'file_unreadable', { reason: describe(code as Parameters<typeof describe>[0], params ?? {}, lang) });
      }
      return tenancy.inOrg(scope, async (tx) => {
        const org = await store.org.get(tx, scope.orgId);
        if (!org) throw notFound();
        const held = rolesOver(org, person.roles);
        const kept = new Set((await store.roles.at(tx, scope.orgId)).filter((r) => !mayGive(org.kind, held, r.role)).map((r) => r.person_id));
        const { planned, errors } = planImport(file, (await store.people.every(tx, scope.orgId)).filter((p) => p.archived_at === null), lang, kept);
        const id = newId(tx.now.getTime());
        await tx.query('delete from orgs_imports where org_id = $1 and created_at < $2', [scope.orgId, new Date(tx.now.getTime() - HOUR)]);
        await tx.query('insert into orgs_imports (id, org_id, person_id, rows, errors, created_at) values ($1,$2,$3,$4,$5,$6)', [id, scope.orgId, personOf(scope), JSON.stringify(planned), errors.length, tx.now]);
        const count = (kind: Kind): number => planned.filter((p) => p.kind === kind).length;
        return {
          token: id, headerRow: file.headerRow, columns: file.columns.map((c) => ({ header: c.header, field: c.field ? (columnNames[c.field]?.[lang] ?? c.field) : null })),
          counts: { new: count('new'), changed: count('changed'), same: count('same'), wrong: count('wrong') },
          rows: planned.slice(0, SHOWN_ROWS).map((p) => ({ row: p.row, kind: p.kind, name: p.fields.name, email: p.fields.emails[0] ?? '', department: p.fields.department ?? '' })),
          errors: errors.slice(0, SHOWN_ROWS),
        };
      });
    }),
    bind(api.orgs.people.importCommit, ({ scope, body, person }) =>
      tenancy.inOrg(scope, async (tx) => {
        const id = /^[0-9a-f-]{36}$/.test(body.token) ? body.token : null;
        const [kept] = id ? await tx.query<{ rows: Planned[]; errors: number }>('delete from orgs_imports where id = $1 and org_id = $2 and person_id = $3 and created_at > $4 returning rows, errors', [id, scope.orgId, personOf(scope), new Date(tx.now.getTime() - HOUR)]) : [];
        if (!kept) throw new Problem(410, 'import_expired');
        if (kept.errors > 0) throw new Problem(409, 'import_has_errors', { count: kept.rows.filter((r) => r.kind === 'wrong').length });
        return takeOver(tx, scope.orgId, kept.rows, person);
      })),
    bind(api.orgs.people.export, async ({ scope, query, lang }) => {
      const people = await tenancy.inOrg(scope, async (tx) => {
        tx.audit({ action: 'people.exported' });
        return (await store.people.every(tx, scope.orgId)).filter((p) => p.archived_at === null);
      });
      // The same headers the import knows, so that an exported list can be changed and taken over again.
      const headers = ['name', 'reading', 'department', 'email', 'phone'].map((key) => columnNames[key]![lang]);
      const rows = people.map((p) => [p.name, p.reading ?? '', p.department ?? '', p.emails[0] ?? '', p.phone ?? '']);
      const name = lang === 'ja' ? '名簿' : 'people';
      if (query.format === 'csv') return download(writeCsv([headers, ...rows]), 'text/csv; charset=utf-8', `${name}.csv`);
      return excel(name, name, headers.map((header) => ({ header, width: 24 })), rows);
    }),
  ];
}

function personOf(scope: Scope): string {
  if (scope.actor.kind !== 'person') throw new Problem(403, 'person_only');
  return scope.actor.personId;
}

/** All or nothing: one transaction, one statement for the new ones, one a changed one. */
async function takeOver(tx: Tx, orgId: string, rows: readonly Planned[], by: SignedIn): Promise<{ created: number; changed: number }> {
  const fresh = rows.filter((r) => r.kind === 'new');
  const changed = rows.filter((r) => r.kind === 'changed');
  // Somebody may have been registered since the preview: an address still belongs to one person.
  await store.people.holdEmails(tx, orgId);
  const owners = await store.people.withEmails(tx, orgId, [...fresh, ...changed].flatMap((r) => r.fields.emails));
  for (const { person, fields } of [...fresh, ...changed]) {
    const other = owners.find((o) => o.id !== person && o.emails.some((e) => fields.emails.includes(e)));
    if (other) throw new Problem(409, 'email_taken', { name: other.name });
  }
  // Whoever takes over a list is asked about its addresses as one who types them.
  const checked_for = await checkedBy(tx, orgId, by);
  if (fresh.length > 0) {
    await store.people.insert(tx, fresh.map(({ fields }) => ({
      id: newId(tx.now.getTime()), org_id: orgId, name: fields.name, reading: fields.reading, department: fields.department, emails: [...fields.emails], phone: fields.phone, created_at: tx.now, updated_at: tx.now, archived_at: null, checked_for, ...personKeys(fields),
    })));
  }
  const before = new Map((await store.people.locked(tx, changed.map((r) => r.person!))).map((p) => [p.id, p.emails]));
  const moved = changed.filter(({ person, fields }) => before.get(person!)?.join() !== fields.emails.join());
  const roles = Map.groupBy(await store.roles.of(tx, orgId, moved.map((r) => r.person!)), (r) => r.person_id);
  await refuseBelow(tx, orgId, by, [...new Set([...roles.values()].flat().map((r) => r.role))]);
  for (const { person, fields } of changed) {
    const moves = before.get(person!)?.join() !== fields.emails.join();
    await store.people.update(tx, person!, { ...(moves ? { checked_for } : {}), name: fields.name, reading: fields.reading, department: fields.department, emails: [...fields.emails], phone: fields.phone, updated_at: tx.now, ...personKeys(fields) });
  }
  await addressesChanged(tx, orgId, moved.map(({ person, fields }) => ({ personId: person!, before: before.get(person!) ?? [], emails: fields.emails, signsIn: roles.has(person!) })));
  tx.audit({ action: 'people.imported', facts: { created: fresh.length, changed: changed.length } });
  return { created: fresh.length, changed: changed.length };
}
