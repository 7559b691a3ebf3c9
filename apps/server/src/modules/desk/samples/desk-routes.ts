import { api } from '@banya/contract';
import { searchKey } from '@banya/jp';
import { Problem, notFound } from '../../../kernel/errors.ts';
import { bind, download, type Bound } from '../../../kernel/http/call.ts';
import { cut, decodeCursor } from '../../../kernel/keyset.ts';
import type { Scope, Tx } from '../../../kernel/types.ts';
import { orgOf } from '../routes.ts';
import { defangText } from './defang.ts';
import type { Form, ShownMail } from './engine.ts';
import { failureOf, formOf, type MailJudge } from './judge.ts';
import { presentAnswer, presentDetail, presentSample } from './present.ts';
import { saysTheSame, wasTouched } from './rules.ts';
import type { SampleRow } from './schema.ts';
import { openAnalysis } from './sealed.ts';
import { decide, deskPhone, keep, sameBytes, type SampleParts } from './service.ts';
import { samples } from './store.ts';
import { passwordZip } from './zip.ts';

const DAY = 86_400_000;
const DECIDED_MAX = 500;
/** For the frame that shows a mail: nothing runs, nothing loads, and only our own pages may hold it. */
const FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'";
const page = (html: string): string => `<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>メール</title><style>body{font-family:sans-serif;margin:12px;overflow-wrap:anywhere;color:#111;background:#fff}table{max-width:100%}</style></head><body>${html}</body></html>`;

/**
 * The desk's side. The list is read in the federation's scope, to which a mail is open once a question holds it or its member
 * shares mails; each look at one and each change is made in the member's scope, so that it stands in the member's ledger.
 */
export function deskRoutes(parts: SampleParts, judge: MailJudge): Bound[] {
  const { kernel, orgs } = parts;
  const { tenancy, secrets } = kernel;

  const here = async (scope: Scope, id: string): Promise<SampleRow> => {
    const row = await tenancy.inOrg(scope, (tx) => samples.get(tx, 'desk_org_id', scope.orgId, id));
    // A consent that has run out tells nobody: what only it had opened is closed from that moment.
    if (!row || (row.ticket_id === null && row.org_id !== scope.orgId && !((await orgs.directory.facts(row.org_id))?.consents.has('samples') ?? false))) throw notFound();
    return row;
  };
  const atMember = (scope: Scope, row: SampleRow): Scope => (row.org_id === scope.orgId ? { orgId: row.org_id, actor: scope.actor } : { orgId: row.org_id, actor: scope.actor, via: row.ticket_id === null ? 'samples' : 'always' });
  /** Reads the bytes at the member, noted there, and gives them to a watched child. */
  const bytesOf = async (scope: Scope, row: SampleRow, action: string): Promise<{ bytes: Buffer; index: number; form: Form }> => {
    const found = await tenancy.inOrg(atMember(scope, row), async (tx) => {
      const bytes = row.file_id === null ? null : await parts.files.get(tx, row.org_id, row.file_id);
      if (bytes === null) return null;
      if (row.org_id !== scope.orgId || action === 'samples.original') tx.audit({ action, target: `sample:${row.id}` });
      const stored = openAnalysis(secrets, row.org_id, row.id, await samples.analysis(tx, row.org_id, row.id));
      return { bytes, index: stored?.index ?? 0, form: formOf(row, stored?.hint) };
    });
    if (!found) throw new Problem(410, 'sample_gone');
    return found;
  };
  const shown = async (scope: Scope, id: string): Promise<ShownMail> => {
    const { bytes, index, form } = await bytesOf(scope, await here(scope, id), 'samples.read');
    try {
      return await judge.show(bytes, index, form);
    } catch (error) {
      if (failureOf(error) === null) throw error;
      throw new Problem(422, 'mail_unreadable', {}, { cause: error });
    }
  };
  const answerOf = async (tx: Tx, row: SampleRow, phone: string | null, lang: 'ja' | 'en') => {
    const stored = openAnalysis(secrets, row.org_id, row.id, await samples.analysis(tx, row.org_id, row.id));
    return { stored, orgName: (await orgs.names(tx, [row.org_id])).get(row.org_id), phone, lang };
  };
  /** What campaigns know, in the federation's scope. */
  const elsewhere = async (scope: Scope, row: SampleRow) => {
    const { current } = parts.campaigns;
    return tenancy.inOrg(scope, async (tx) => {
      const campaign = (await current?.of(tx, [row.id]))?.get(row.id);
      const others = campaign === undefined ? [] : await current!.samples(tx, campaign);
      const alike = await samples.alike(tx, 'desk_org_id', scope.orgId, row, others.slice(0, 200));
      return { campaign, seen: (await current?.seen(tx, row.org_id, row.id)) ?? null, alike, asked: (await samples.counts(tx, [row.ticket_id])).get(row.ticket_id ?? ''), names: await orgs.names(tx, alike.map((r) => r.org_id)) };
    });
  };
  const answer = async (scope: Scope, id: string, lang: 'ja' | 'en') => {
    const row = await here(scope, id);
    const phone = await deskPhone(parts);
    const { campaign, seen } = await elsewhere(scope, row);
    return tenancy.inOrg(atMember(scope, row), async (tx) => presentAnswer(row, { ...(await answerOf(tx, row, phone, lang)), campaign, seen }, lang));
  };

  return [
    bind(api.samples.queue.list, ({ scope, query, lang }) =>
      tenancy.inOrg(scope, async (tx) => {
        const open = query.show === 'open';
        const ids = query.campaign === undefined ? null : ((await parts.campaigns.current?.samples(tx, query.campaign)) ?? []);
        const rows = await samples.list(tx, 'desk_org_id', scope.orgId, { verdict: query.verdict ?? null, q: query.q ? searchKey(query.q) : '', reporter: null, member: query.member ?? null, ids, open, queue: open, after: decodeCursor(query.after, open ? 2 : 1), limit: query.limit });
        const names = await orgs.names(tx, rows.map((r) => r.org_id));
        const campaigns = rows.length > 0 ? await parts.campaigns.current?.of(tx, rows.map((r) => r.id)) : undefined;
        const counts = await samples.counts(tx, rows.map((r) => r.ticket_id));
        return cut(rows, query.limit, (r) => (open ? [wasTouched(r.touched) ? 1 : 0, r.id] : [r.id]), (r) => presentSample(r, names.get(r.org_id), campaigns?.get(r.id), lang, counts.get(r.ticket_id ?? '')));
      })),
    bind(api.samples.queue.get, async ({ scope, params, lang }) => {
      const row = await here(scope, params.sample);
      const phone = await deskPhone(parts);
      const { campaign, seen, alike, asked, names } = await elsewhere(scope, row);
      return tenancy.inOrg(atMember(scope, row), async (tx) => {
        if (row.org_id !== scope.orgId) tx.audit({ action: 'samples.read', target: `sample:${row.id}` });
        return presentDetail(row, { ...(await answerOf(tx, row, phone, lang)), campaign, seen, asked }, alike.map((r) => presentSample(r, names.get(r.org_id), campaign, lang)), lang);
      });
    }),
    bind(api.samples.queue.preview, async ({ scope, params }) => {
      const mail = await shown(scope, params.sample);
      return { text: defangText(mail.text), hiddenText: defangText(mail.hiddenText), headers: mail.headers.map((h) => ({ name: h.name, value: defangText(h.value) })), hasHtml: mail.html !== null };
    }),
    bind(api.samples.queue.html, async ({ scope, params }) => {
      const { html } = await shown(scope, params.sample);
      return new Response(page(html ?? '<p>このメールにHTMLの部分はありません。</p>'), {
        headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': FRAME_POLICY, 'X-Frame-Options': 'SAMEORIGIN', 'Cache-Control': 'private, no-store', 'Referrer-Policy': 'no-referrer' },
      });
    }),
    bind(api.samples.queue.original, async ({ scope, params }) => {
      const row = await here(scope, params.sample);
      const { bytes, form: { hint } } = await bytesOf(scope, row, 'samples.original');
      return download(await passwordZip(`mail-${row.id}.${hint === 'msg' ? 'msg' : hint === 'text' ? 'txt' : 'eml'}`, bytes, row.created_at), 'application/zip', `mail-${row.id}.zip`);
    }),
    bind(api.samples.queue.decide, async ({ scope, params, body, lang }) => {
      const row = await here(scope, params.sample);
      const targets = new Map([[row.id, row]]);
      if (body.alike) {
        await tenancy.inOrg(scope, async (tx) => {
          const campaign = (await parts.campaigns.current?.of(tx, [row.id]))?.get(row.id);
          const ids = campaign === undefined ? [] : (await parts.campaigns.current!.samples(tx, campaign)).slice(0, DECIDED_MAX);
          const open = [...(await samples.list(tx, 'desk_org_id', scope.orgId, { verdict: null, q: '', reporter: null, member: null, ids, open: true, after: null, limit: DECIDED_MAX })), ...(await samples.alike(tx, 'desk_org_id', scope.orgId, row, []))];
          for (const other of open) if (other.decision === null && other.state !== 'waiting' && other.state !== 'drill') targets.set(other.id, other);
        });
      }
      const known = body.decision !== 'harmless' ? null : await tenancy.inOrg(atMember(scope, row), async (tx) => openAnalysis(secrets, row.org_id, row.id, await samples.analysis(tx, row.org_id, row.id)));
      /** A campaign is what mails share; a false one may share a real one's Message-ID or file. Only what says the same is real along with it. */
      const follows = async (tx: Tx, other: SampleRow): Promise<boolean> =>
        body.decision !== 'harmless' || other.id === row.id || (other.org_id === row.org_id && sameBytes(other, row))
        || saysTheSame(known?.analysis ?? null, openAnalysis(secrets, other.org_id, other.id, await samples.analysis(tx, other.org_id, other.id))?.analysis ?? null);
      let count = 0;
      for (const [orgId, group] of Map.groupBy(targets.values(), (r) => r.org_id)) {
        // One transaction a member: each change stands in the ledger of whom it concerns.
        count += await tenancy.inOrg(atMember(scope, group.find((r) => r.id === row.id) ?? group[0]!), async (tx) => {
          const org = await orgOf(parts, tx, orgId);
          const rows = new Map<string, SampleRow>();
          for (const { id } of group) {
            const found = rows.has(id) ? undefined : await samples.lock(tx, orgId, id);
            if (!found || !(await follows(tx, found))) continue;
            rows.set(id, found);
            // Those of one question are one decision.
            if (found.ticket_id === null) continue;
            for (const each of await samples.ofQuestions(tx, orgId, await samples.conversation(tx, orgId, found.ticket_id), { undecided: true, limit: DECIDED_MAX })) if (!rows.has(each.id) && (await follows(tx, each))) rows.set(each.id, each);
          }
          const judged = [...rows.values()].filter((r) => r.state === 'judged' || r.state === 'failed');
          return judged.length + (await decide(parts, tx, org, judged, body.decision, body.answer));
        }, { retry: true });
      }
      return { decided: count, sample: await answer(scope, row.id, lang) };
    }),
    bind(api.samples.queue.keep, async ({ scope, params, body, lang }) => {
      const row = await here(scope, params.sample);
      await tenancy.inOrg(atMember(scope, row), async (tx) => {
        const found = await samples.lock(tx, row.org_id, row.id);
        if (!found) throw notFound();
        await keep(parts, tx, found, body.keep);
      });
      return answer(scope, row.id, lang);
    }),
    bind(api.samples.queue.statistics, async ({ scope, query }) => {
      const { rows, names, times, lures } = await tenancy.inOrg(scope, async (tx) => {
        const from = new Date(tx.now.getTime() - query.days * DAY);
        const found = await samples.statistics(tx, scope.orgId, from);
        return { rows: found, names: await orgs.names(tx, found.map((r) => r.org_id)), times: await samples.times(tx, scope.orgId, from), lures: await samples.lures(tx, scope.orgId, from) };
      });
      const people = await orgs.peopleCounts(rows.map((r) => r.org_id));
      const sum = (key: 'reports' | 'reporters' | 'dangerous' | 'suspicious' | 'clear' | 'insufficient' | 'drills' | 'touched'): number => rows.reduce((n, r) => n + r[key], 0);
      return {
        days: query.days, reports: sum('reports'), reporters: sum('reporters'), people: [...people.values()].reduce((n, p) => n + p, 0), dangerous: sum('dangerous'), suspicious: sum('suspicious'), clear: sum('clear'), insufficient: sum('insufficient'), drills: sum('drills'), touched: sum('touched'),
        firstReportMinutesMedian: times.first, answerSecondsMedian: times.answer, lures, members: rows.map((r) => ({ member: r.org_id, name: names.get(r.org_id) ?? '', reports: r.reports, reporters: r.reporters, people: people.get(r.org_id) ?? 0 })),
      };
    }),
  ];
}
