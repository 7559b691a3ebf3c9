import { addBusinessMillis, OutsideTableError } from '@banya/deadlines';
import { api, permissions, type Lang } from '@banya/contract';
import { readingKey, searchKey } from '@banya/jp';
import { Problem, notFound } from '../../kernel/errors.ts';
import { bind, type Bound, type Principal } from '../../kernel/http/call.ts';
import { newId } from '../../kernel/ids.ts';
import { cut, decodeCursor } from '../../kernel/keyset.ts';
import type { Scope, Tx } from '../../kernel/types.ts';
import { holidaysAfter, plansOf } from './calendars.ts';
import * as knowledge from './knowledge-store.ts';
import { orgOf, type RouteParts } from './routes.ts';
import { usualSla, type Plan, type SlaSettings } from './rules.ts';
import type { ArticleRow } from './schema.ts';
import * as service from './service.ts';
import * as store from './store.ts';

const TEMPLATES_MAX = 300;
const SEARCH_MAX = 40_000;

/** The desk's own things exist at the federation only; a member's manager has the permission, but no desk. */
async function requireDesk(parts: RouteParts, tx: Tx, scope: Scope): Promise<void> {
  const org = await orgOf(parts, tx, scope.orgId);
  if (parts.orgs.federationOf(org) !== scope.orgId) throw notFound();
}

export function templateRoutes(parts: RouteParts): Bound[] {
  const { tenancy } = parts.kernel;
  return [
    bind(api.desk.templates.list, ({ scope }) =>
      tenancy.inOrg(scope, async (tx) => ({ items: (await knowledge.templates.list(tx, scope.orgId, TEMPLATES_MAX)).map(({ id, name, text, lang }) => ({ id, name, text, lang })) }))),
    bind(api.desk.templates.save, ({ scope, params, body }) =>
      tenancy.inOrg(scope, async (tx) => {
        await requireDesk(parts, tx, scope);
        if ((await knowledge.templates.count(tx, scope.orgId, params.template)) >= TEMPLATES_MAX) throw new Problem(409, 'too_many_templates', { limit: TEMPLATES_MAX });
        await knowledge.templates.save(tx, { org_id: scope.orgId, id: params.template, ...body, updated_at: tx.now });
        tx.audit({ action: 'desk.template_saved', target: `template:${params.template}`, facts: { name: body.name } });
        return { id: params.template, ...body };
      })),
    bind(api.desk.templates.remove, ({ scope, params }) =>
      tenancy.inOrg(scope, async (tx) => {
        if ((await knowledge.templates.remove(tx, scope.orgId, params.template)).length === 0) throw notFound();
        tx.audit({ action: 'desk.template_removed', target: `template:${params.template}` });
      })),
  ];
}

export function settingsRoutes(parts: RouteParts): Bound[] {
  const { tenancy } = parts.kernel;
  const shown = (settings: SlaSettings, now: Date) => {
    const { minutes, hours, closedDays } = settings;
    const plans = plansOf(settings);
    const due = ({ firstReplyMs, solveMs, calendar }: Plan) => {
      const at = (ms: number): string => new Date(addBusinessMillis(now.getTime(), ms, calendar)).toISOString();
      return { firstReply: at(firstReplyMs), solve: at(solveMs) };
    };
    return {
      minutes, hours: hours.map((spans) => spans.map(([from, to]): [string, string] => [from, to])), closedDays: [...closedDays],
      holidays: holidaysAfter(now), next: { now: due(plans.now), today: due(plans.today), normal: due(plans.normal) },
    };
  };
  return [
    bind(api.desk.settings.get, ({ scope }) => tenancy.inOrg(scope, async (tx) => shown((await store.tickets.sla(tx, scope.orgId)) ?? usualSla, tx.now))),
    bind(api.desk.settings.save, ({ scope, body }) =>
      tenancy.inOrg(scope, async (tx) => {
        await requireDesk(parts, tx, scope);
        refuseUnreachable(body, tx.now);
        await store.tickets.saveSla(tx, scope.orgId, body);
        tx.audit({ action: 'desk.times_set' });
        return shown(body, tx.now);
      })),
  ];
}

/** Hours in the wrong order, or so few that a due time would lie years ahead, are refused before a ticket meets them. */
function refuseUnreachable(settings: SlaSettings, now: Date): void {
  try {
    const plans = plansOf(settings);
    for (const plan of Object.values(plans)) if (addBusinessMillis(now.getTime(), plan.solveMs, plan.calendar) - now.getTime() > 366 * 86_400_000) throw new OutsideTableError('the due time', plan.calendar.table);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Problem(400, 'invalid', {}, { fields: [{ at: '/hours', message: { ja: '開いている時間を、早い順に、目安の時間に足りるだけ入れてください。', en: 'Give opening hours in order, and enough of them for the times to be met.' } }] });
  }
}

const inLang = (row: Pick<ArticleRow, 'title_ja' | 'title_en' | 'summary_ja' | 'summary_en'>, lang: Lang) => ({ title: (lang === 'en' && row.title_en) || row.title_ja, summary: (lang === 'en' && row.summary_en) || row.summary_ja });
type Listed = Pick<ArticleRow, 'id' | 'title_ja' | 'title_en' | 'summary_ja' | 'summary_en' | 'published' | 'by_name' | 'updated_at'>;
const presentArticle = (row: Listed, lang: Lang, helped: number | null) => ({ id: row.id, ...inLang(row, lang), published: row.published, updatedAt: row.updated_at.toISOString(), by: row.by_name, helped });

interface ArticleBody {
  readonly title: { readonly ja: string; readonly en?: string | undefined };
  readonly summary: { readonly ja: string; readonly en?: string | undefined };
  readonly body: { readonly ja: string; readonly en?: string | undefined };
  readonly published: boolean;
}

function columns({ title, summary, body, published }: ArticleBody) {
  const all = [title, summary, body].flatMap((two) => [two.ja, two.en ?? '']);
  return {
    title_ja: title.ja, title_en: title.en ?? null, summary_ja: summary.ja, summary_en: summary.en ?? null, body_ja: body.ja, body_en: body.en ?? null, published,
    search_key: searchKey([...all, readingKey(title.ja)].join(' ')).slice(0, SEARCH_MAX),
  };
}

/**
 * Articles are rows of the federation. A member reads them in its own scope: a second policy on the table lets published
 * rows of its federation through, so that no system transaction stands between a member and a draft.
 */
export function articleRoutes(parts: RouteParts): Bound[] {
  const { tenancy } = parts.kernel;
  const writers: readonly string[] = permissions['knowledge.write'].own;
  /** Drafts are for who writes: at the federation, by role. */
  const seesDrafts = (scope: Scope, federation: string, principal: Principal | null): boolean => federation === scope.orgId && principal?.kind === 'person' && (principal.roles.get(scope.orgId) ?? []).some((role) => writers.includes(role));
  const federationOf = async (tx: Tx, scope: Scope): Promise<string> => parts.orgs.federationOf(await orgOf(parts, tx, scope.orgId));
  const helpedBy = async (tx: Tx, drafts: boolean, federation: string, ids: readonly string[]) => (drafts ? knowledge.articles.helpedCounts(tx, federation, ids) : null);
  const readable = async (tx: Tx, scope: Scope, principal: Principal | null, id: string) => {
    const federation = await federationOf(tx, scope);
    const drafts = seesDrafts(scope, federation, principal);
    const row = await knowledge.articles.get(tx, federation, id);
    if (!row || (!row.published && !drafts)) throw notFound();
    const helped = (await helpedBy(tx, drafts, federation, [id]))?.get(id) ?? (drafts ? 0 : null);
    return { row, federation, helped };
  };
  return [
    bind(api.desk.knowledge.list, ({ scope, query, lang, principal }) =>
      tenancy.inOrg(scope, async (tx) => {
        const federation = await federationOf(tx, scope);
        const drafts = seesDrafts(scope, federation, principal);
        const rows = await knowledge.articles.list(tx, federation, { drafts, q: query.q ? searchKey(query.q) : '', after: decodeCursor(query.after, 2), limit: query.limit });
        const helped = await helpedBy(tx, drafts, federation, rows.map((r) => r.id));
        return cut(rows, query.limit, (r) => [r.updated_at.toISOString(), r.id], (r) => presentArticle(r, lang, helped === null ? null : (helped.get(r.id) ?? 0)));
      })),
    bind(api.desk.knowledge.get, ({ scope, params, lang, principal }) =>
      tenancy.inOrg(scope, async (tx) => {
        const { row, helped } = await readable(tx, scope, principal, params.article);
        return { ...presentArticle(row, lang, helped), body: (lang === 'en' && row.body_en) || row.body_ja };
      })),
    bind(api.desk.knowledge.edit, ({ scope, params }) =>
      tenancy.inOrg(scope, async (tx) => {
        await requireDesk(parts, tx, scope);
        const row = await knowledge.articles.get(tx, scope.orgId, params.article);
        if (!row) throw notFound();
        const two = (ja: string, en: string | null) => (en === null ? { ja } : { ja, en });
        return { id: row.id, title: two(row.title_ja, row.title_en), summary: two(row.summary_ja, row.summary_en), body: two(row.body_ja, row.body_en), published: row.published };
      })),
    bind(api.desk.knowledge.create, ({ scope, body, lang }) =>
      tenancy.inOrg(scope, async (tx) => {
        await requireDesk(parts, tx, scope);
        const row: ArticleRow = { org_id: scope.orgId, id: newId(tx.now.getTime()), ...columns(body), by_name: service.nameOf(tx), created_at: tx.now, updated_at: tx.now };
        await knowledge.articles.insert(tx, row);
        tx.audit({ action: 'desk.article_created', target: `article:${row.id}`, facts: { published: row.published } });
        return presentArticle(row, lang, 0);
      })),
    bind(api.desk.knowledge.update, ({ scope, params, body, lang }) =>
      tenancy.inOrg(scope, async (tx) => {
        await requireDesk(parts, tx, scope);
        const row = await knowledge.articles.update(tx, scope.orgId, params.article, { ...columns(body), by_name: service.nameOf(tx), updated_at: tx.now });
        if (!row) throw notFound();
        tx.audit({ action: 'desk.article_updated', target: `article:${row.id}`, facts: { published: row.published } });
        return presentArticle(row, lang, (await knowledge.articles.helpedCounts(tx, scope.orgId, [row.id])).get(row.id) ?? 0);
      })),
    bind(api.desk.knowledge.helped, ({ scope, params, principal, person }) =>
      tenancy.inOrg(scope, async (tx) => {
        const { row, federation } = await readable(tx, scope, principal, params.article);
        await knowledge.articles.helped(tx, { org_id: scope.orgId, desk_org_id: federation, article_id: row.id, person_id: person.personId, at: tx.now });
      })),
  ];
}
