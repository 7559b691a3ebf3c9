import { api, type Lang } from '@banya/contract';
import type { Indicator } from '@banya/indicators';
import { tooMany } from '../../../kernel/errors.ts';
import { bind, type Bound } from '../../../kernel/http/call.ts';
import { RateLimit } from '../../../kernel/http/limits.ts';
import { spanOf, whose, type Span } from '../rules.ts';
import { sentenceOfAll, total, traceAll } from './federation.ts';
import { ROOT, type Graph } from './graph.ts';
import { ALL, alsoOf, commonReason, readIndicator, shownOf, trace, type Traced, type TraceParts } from './service.ts';
import { commonTexts, searchFor, sentence, whyText } from './words.ts';

/** A trace looks back over what most devices keep. */
const DAYS = 30;
const CALLS_MAX = 500;
const EDGES_MAX = 1_000;

const iso = (at: number): string => new Date(at).toISOString();

const head = (indicator: Indicator, span: Span, now: number, common: Traced['common'], lang: Lang) => ({
  indicator: { kind: indicator.kind, value: indicator.value, shown: shownOf(indicator), notes: [...indicator.notes] },
  from: iso(span.from), to: iso(Math.min(span.to, now)), common, commonText: common === null ? null : commonTexts[common][lang],
});

function shownCalls(got: Traced, value: string, lang: Lang) {
  return got.graph.calls.slice(0, CALLS_MAX).map((call) => {
    const ownerId = call.machine?.ownerId ?? call.person?.personId ?? null;
    const owner = ownerId === null ? undefined : got.people.get(ownerId);
    return {
      key: call.key, kind: call.kind, state: call.state, name: call.machine?.name ?? call.person?.name ?? '', owner: call.machine ? (owner?.name ?? null) : null,
      department: call.machine?.department ?? owner?.department ?? null, phone: owner?.phone ?? null, why: whyText(call.why, call.via, call.count, lang), hop: call.hop, confidence: call.confidence,
      firstAt: iso(call.first), lastAt: iso(call.last), count: call.count, device: call.machine?.deviceId ?? null, person: call.person?.personId ?? null, search: searchFor(value, call),
    };
  });
}

function shownGraph(graph: Graph, lang: Lang) {
  const names = new Map(graph.nodes.map((n) => [n.key, n.name]));
  const edges = graph.edges.slice(0, EDGES_MAX);
  const kept = new Set([ROOT, ...edges.flatMap((e) => [e.from, e.to])]);
  return {
    nodes: graph.nodes.filter((n) => kept.has(n.key)).map((n) => ({ ...n })),
    edges: edges.map((e) => ({ from: e.from, to: e.to, why: whyText(e.why, names.get(e.from) ?? '', e.count, lang), hop: e.hop, confidence: e.confidence, firstAt: iso(e.first), lastAt: iso(e.last), count: e.count })),
  };
}

export function traceRoutes(parts: TraceParts): Bound[] {
  const { kernel, orgs, turns, long } = parts;
  /** Each sweep reads every member's logs: ten of a federation, which all find room in the queue, then one every half minute. */
  const sweeps = new RateLimit(kernel.clock, 10, 1 / 30);
  return [
    bind(api.search.trace.run, async ({ scope, body, lang }) => {
      const indicator = readIndicator(body.indicator, body.as);
      const span = spanOf(body, kernel.clock.now(), DAYS);
      const begun = performance.now();
      // Whose logs these are may read what the desk has looked for in them.
      const audit = scope.via === undefined ? null : { action: 'trace.looked', facts: { kind: indicator.kind, indicator: indicator.value.slice(0, 200) } };
      // Logs alone let the desk in here; what else is known has consents of its own, or came with the same question.
      const facts = scope.via === undefined ? null : await orgs.directory.facts(scope.orgId);
      const forTicket = scope.ticket === undefined ? [] : (facts?.ticketConsents ?? []).flatMap((t) => (t.kinds.includes('logs') ? t.kinds : []));
      const also = scope.via === undefined ? ALL : alsoOf(new Set([...(facts?.consents ?? []), ...forTicket]));
      const got = await long.run(whose(scope), () => turns.run(whose(scope), () => trace(parts, scope, { indicator, span, depth: 'lines', whole: true, also, audit })));
      const counts = { ...got.graph.counts, silent: got.silent.length };
      return {
        ...head(indicator, span, kernel.clock.now(), got.common, lang), sentence: sentence(counts, lang), counts,
        calls: shownCalls(got, indicator.value, lang), ...shownGraph(got.graph, lang),
        silent: got.silent.map((s) => ({ source: s.source, name: s.name, days: s.days, ofDays: s.ofDays, lastAt: s.lastAt?.toISOString() ?? null })),
        findings: got.findings.map((f) => ({ id: f.id, title: f.title[lang], at: f.at.toISOString(), open: f.open })),
        tickets: got.tickets.map((t) => ({ id: t.id, number: `#${t.number}`, subject: t.subject, at: t.created_at.toISOString() })),
        mails: got.mails.map((m) => ({ id: m.id, subject: m.subject, at: m.created_at.toISOString(), touched: m.touched !== null && m.touched !== 'nothing' })),
        cut: got.cut || got.graph.calls.length > CALLS_MAX || got.graph.edges.length > EDGES_MAX, seconds: Math.round(performance.now() - begun) / 1_000,
      };
    }),
    bind(api.search.trace.all, async ({ scope, body, lang }) => {
      const indicator = readIndicator(body.indicator, body.as);
      const span = spanOf(body, kernel.clock.now(), DAYS);
      const wait = sweeps.take(scope.orgId);
      if (wait > 0) throw tooMany(wait);
      const begun = performance.now();
      const members = await traceAll(parts, scope, indicator, span, body.deep ? 'lines' : 'fields', lang);
      const counts = total(members);
      return {
        ...head(indicator, span, kernel.clock.now(), commonReason(indicator), lang), sentence: sentenceOfAll(counts, lang), counts,
        members: members.map((m) => ({ ...m, firstAt: m.firstAt === null ? null : iso(m.firstAt), lastAt: m.lastAt === null ? null : iso(m.lastAt) })),
        seconds: Math.round(performance.now() - begun) / 1_000,
      };
    }),
  ];
}
