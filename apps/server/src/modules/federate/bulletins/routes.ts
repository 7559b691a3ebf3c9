import { samples as contract, type Lang, type Role } from '@banya/contract';
import { defang } from '@banya/mail';
import { Problem, notFound } from '../../../kernel/errors.ts';
import { bind, type Bound, type Call } from '../../../kernel/http/call.ts';
import { cut, decodeCursor } from '../../../kernel/keyset.ts';
import type { Scope, Tx } from '../../../kernel/types.ts';
import { inLang, PASS_ON } from './mails.ts';
import { isReceipt, isStrict, mayRead } from './rules.ts';
import type { BulletinRow, SightingRow, WarningRow } from './schema.ts';
import { draft, send, type BulletinParts } from './service.ts';
import * as store from './store.ts';
import './texts.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
function after(cursor: string | undefined): string | null {
  const values = decodeCursor(cursor, 1);
  if (values && !UUID.test(String(values[0]))) throw new Problem(400, 'cursor_broken');
  return values ? String(values[0]) : null;
}

type Sums = { readonly sent: number; readonly read: number; readonly seen: number } | undefined;
const head = (row: BulletinRow, sums: Sums, lang: Lang) => ({
  id: row.id, title: inLang(row, lang).title, tlp: row.tlp, state: row.state, campaign: row.campaign_id, at: (row.sent_at ?? row.created_at).toISOString(), by: row.by_name, sentTo: sums?.sent ?? 0, read: sums?.read ?? 0, seenAt: sums?.seen ?? 0,
});

/** The desk's side: {org} is the federation. */
export function bulletinRoutes(parts: BulletinParts): Bound[] {
  const { kernel, orgs } = parts;
  const { tenancy } = kernel;
  const draftOf = async (tx: Tx, scope: Scope, id: string): Promise<BulletinRow> => {
    const row = await store.bulletins.lock(tx, scope.orgId, id);
    if (!row) throw notFound();
    if (row.state === 'sent') throw new Problem(409, 'bulletin_sent');
    return row;
  };
  return [
    bind(contract.bulletins.list, ({ scope, query, lang }) =>
      tenancy.inOrg(scope, async (tx) => {
        const rows = await store.bulletins.page(tx, scope.orgId, after(query.after), query.limit);
        const sums = new Map((rows.length === 0 ? [] : await store.warnings.sums(tx, scope.orgId, rows.map((r) => r.id))).map((s) => [s.bulletin_id, s]));
        return cut(rows, query.limit, (r) => [r.id], (r) => head(r, sums.get(r.id), lang));
      })),
    bind(contract.bulletins.draft, async ({ scope, body }) => ({ id: await draft(parts, scope, body) })),
    bind(contract.bulletins.get, ({ scope, params, lang }) =>
      tenancy.inOrg(scope, async (tx) => {
        const row = await store.bulletins.get(tx, scope.orgId, params.bulletin);
        if (!row) throw notFound();
        const [sums] = await store.warnings.sums(tx, scope.orgId, [row.id]);
        const receipts = row.state === 'sent' ? await store.warnings.receipts(tx, scope.orgId, row.id) : [];
        const names = await orgs.names(tx, receipts.map((r) => r.org_id));
        if (receipts.length > 0) tx.audit({ action: 'bulletins.receipts', target: `bulletin:${row.id}`, facts: { members: receipts.length } });
        return {
          ...head(row, sums, lang), text: { title: { ja: row.title_ja, en: row.title_en }, body: { ja: row.body_ja, en: row.body_en }, tlp: row.tlp },
          indicators: row.indicators.map((i) => ({ kind: i.kind, value: defang(i.value) })),
          receipts: receipts.map((r) => ({ member: r.org_id, name: names.get(r.org_id) ?? '', mailedTo: r.mailed_to, readAt: r.read_at?.toISOString() ?? null, readBy: r.read_by, seen: r.seen })).sort((a, b) => a.name.localeCompare(b.name, 'ja') || (a.member < b.member ? -1 : 1)),
        };
      })),
    bind(contract.bulletins.save, ({ scope, params, body }) =>
      tenancy.inOrg(scope, async (tx) => {
        const row = await draftOf(tx, scope, params.bulletin);
        await store.bulletins.save(tx, scope.orgId, row.id, { title_ja: body.title.ja, title_en: body.title.en.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim(), body_ja: body.body.ja, body_en: body.body.en, tlp: body.tlp, by_name: tx.actor.name });
        tx.audit({ action: 'bulletins.saved', target: `bulletin:${row.id}` });
        tx.afterCommit(() => kernel.live.publish(scope.orgId, { kind: 'warning', id: row.id }));
      })),
    bind(contract.bulletins.send, async ({ scope, params, body }) => ({ members: await send(parts, scope, params.bulletin, body.members) })),
    bind(contract.bulletins.remove, ({ scope, params }) =>
      tenancy.inOrg(scope, async (tx) => {
        const row = await draftOf(tx, scope, params.bulletin);
        await store.bulletins.remove(tx, scope.orgId, row.id);
        tx.audit({ action: 'bulletins.removed', target: `bulletin:${row.id}` });
        tx.afterCommit(() => kernel.live.publish(scope.orgId, { kind: 'warning', id: row.id }));
      })),
  ];
}

const warningHead = (row: WarningRow, looked: SightingRow | undefined, lang: Lang) => ({
  id: row.id, title: inLang(row, lang).title, tlp: row.tlp, at: row.at.toISOString(), read: row.read_at !== null, seen: looked ? looked.mails + Number(looked.lines) > 0 : null,
});

/** The member's side: its copies, as far as their TLP is for whoever reads. */
export function warningRoutes({ kernel, orgs }: BulletinParts): Bound[] {
  const { tenancy } = kernel;
  /** Roles here and at organisations above inside the same member. */
  const rolesOf = async (call: Call, tx: Tx): Promise<Role[]> => {
    const org = await orgs.get(tx, call.scope.orgId);
    const federation = org ? orgs.federationOf(org) : null;
    return [call.scope.orgId, ...(org?.path ?? []).filter((id) => id !== federation)].flatMap((id) => [...(call.person.roles.get(id) ?? [])]);
  };
  return [
    bind(contract.warnings.list, (call) =>
      tenancy.inOrg(call.scope, async (tx) => {
        const { scope, query, lang } = call;
        const open = !mayRead('RED', await rolesOf(call, tx));
        const rows = await store.warnings.page(tx, scope.orgId, open, after(query.after), query.limit);
        const looked = new Map((rows.length === 0 ? [] : await store.sightings.of(tx, scope.orgId, rows.map((r) => r.id))).map((s) => [s.warning_id, s]));
        return cut(rows, query.limit, (r) => [r.id], (r) => warningHead(r, looked.get(r.id), lang));
      })),
    bind(contract.warnings.get, (call) =>
      tenancy.inOrg(call.scope, async (tx) => {
        const { scope, params, lang } = call;
        const row = await store.warnings.get(tx, scope.orgId, params.warning);
        const roles = await rolesOf(call, tx);
        // To whom it is not addressed it does not exist.
        if (!row || !mayRead(row.tlp, roles)) throw notFound();
        const [looked] = await store.sightings.of(tx, scope.orgId, [row.id]);
        if (isReceipt(roles) && (await store.warnings.read(tx, scope.orgId, row.id, call.person.name))) {
          row.read_at = tx.now;
          tx.audit({ action: 'warnings.read', target: `warning:${row.id}`, facts: { strict: isStrict(row.tlp) } });
          tx.afterCommit(() => {
            kernel.live.publish(scope.orgId, { kind: 'warning', id: row.id });
            kernel.live.publish(row.federation_id, { kind: 'warning', id: row.bulletin_id });
          });
        }
        return {
          ...warningHead(row, looked, lang), body: `${inLang(row, lang).body}\n\n${PASS_ON[row.tlp][lang]}`,
          here: { lookedAt: looked?.looked_at.toISOString() ?? null, mails: looked?.mails ?? 0, lines: Number(looked?.lines ?? 0), firstAt: looked?.first_at?.toISOString() ?? null },
        };
      })),
  ];
}
