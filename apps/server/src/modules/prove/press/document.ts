import type { Lang } from '@banya/contract';
import { formatDay, formatMonth } from '@banya/jp';
import type { FederationDocument } from '../federation/service.ts';
import { verdictLabels, type MonthReport } from '../present.ts';
import type { Verdict } from '../types.ts';
import { monthTitle } from '../words.ts';
import { labels } from './labels.ts';

/** What the press sets: every text is ready, the template only lays out. All of it is data, never source. */
export interface PressDocument {
  readonly lang: Lang;
  readonly title: string;
  readonly footer: string;
  readonly pageWord: string;
  readonly blocks: readonly Block[];
}
export type Cell = string | { readonly state: Verdict | 'absent'; readonly text: string };
export type Block =
  | { readonly kind: 'head'; readonly title: string; readonly name: string; readonly sub: string }
  | { readonly kind: 'verdict'; readonly state: Verdict; readonly label: string; readonly text: string }
  | { readonly kind: 'actions'; readonly title: string; readonly empty: string; readonly items: readonly { readonly text: string; readonly step: string; readonly owner: string; readonly due: string; readonly done: string }[] }
  | { readonly kind: 'trend'; readonly title: string; readonly note: string; readonly alt: string; readonly countLabel: string; readonly points: readonly { readonly label: string; readonly value: number; readonly valueText: string; readonly count: string; readonly demonstration: boolean; readonly now: boolean }[] }
  | { readonly kind: 'tiles'; readonly items: readonly { readonly label: string; readonly value: string; readonly sub: string }[] }
  | { readonly kind: 'table'; readonly title: string; readonly intro: string; readonly columns: readonly { readonly title: string; readonly width: string; readonly right: boolean }[]; readonly rows: readonly (readonly Cell[])[]; readonly note: string; readonly small: boolean }
  | { readonly kind: 'text'; readonly title: string; readonly text: string }
  | { readonly kind: 'break' };

const LONG_RUN = /[\u0021-\u007e\u00a1-\u024f]{25,}/g;

/** Control and direction characters go; long runs without a place to break get places, so that a name never leaves its column. */
export function clean(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').replace(LONG_RUN, (run) => run.replace(/.{12}/g, '$&\u200b'));
}

function cleaned<T>(value: T): T {
  if (typeof value === 'string') return clean(value) as T;
  if (Array.isArray(value)) return value.map(cleaned) as T;
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, cleaned(v)])) as T;
  return value;
}

const numberIn = (lang: Lang) => (n: number): string => new Intl.NumberFormat(lang === 'ja' ? 'ja-JP' : 'en-GB').format(n);
const left = (title: string, width = '1fr') => ({ title, width, right: false });
const right = (title: string, width = 'auto') => ({ title, width, right: true });

type Trend = readonly { readonly month: string; readonly blocked: number; readonly findings: number; readonly demonstration: boolean }[];

function trendBlock(trend: Trend, month: string, lang: Lang): Block[] {
  if (trend.length < 2) return [];
  const t = labels[lang];
  const n = numberIn(lang);
  const points = trend.map((p) => ({
    label: lang === 'ja' ? `${Number(p.month.slice(5))}月` : formatMonth(`${p.month}-01`, { lang }).slice(0, 3), value: p.blocked, valueText: compact(p.blocked, lang), count: n(p.findings), demonstration: p.demonstration, now: p.month === month,
  }));
  return [{
    kind: 'trend', title: t.trend, countLabel: t.trendCount, points, note: trend.some((p) => p.demonstration) ? t.demonstrationMonths : '',
    alt: trend.map((p) => t.trendAlt(formatMonth(`${p.month}-01`, { lang }), n(p.blocked), n(p.findings))).join(lang === 'ja' ? '、' : '; '),
  }];
}

/** 1,234; 1.2万; 3.4k: what fits above a bar. */
export function compact(value: number, lang: Lang): string {
  if (value < 10_000) return numberIn(lang)(value);
  const [unit, word] = lang === 'ja' ? (value < 1e8 ? ([1e4, '万'] as const) : ([1e8, '億'] as const)) : value < 1e6 ? ([1e3, 'k'] as const) : ([1e6, 'M'] as const);
  const scaled = value / unit;
  return `${scaled < 100 ? (Math.floor(scaled * 10) / 10).toString() : numberIn(lang)(Math.floor(scaled))}${word}`;
}

/** A number in large type: whole as long as it fits. */
const large = (value: number, lang: Lang): string => (value < 10_000_000 ? numberIn(lang)(value) : compact(value, lang));
/** A name at the foot of the page, on one line. */
const short = (name: string): string => ([...name].length > 32 ? `${[...name].slice(0, 31).join('')}…` : name);

/** A month that is not over is not more or less than a whole one. */
const versus = (total: number, last: number | null, partial: boolean, lang: Lang): string => (last === null ? labels[lang].noLastMonth : labels[lang].lastMonth(numberIn(lang)(last), partial ? null : Math.sign(total - last)));

/** One organisation's report: what a president reads in a minute stands on the first page, the rest follows. */
export function reportDocument(report: MonthReport, lang: Lang, zone = 'Asia/Tokyo'): PressDocument {
  const t = labels[lang];
  const n = numberIn(lang);
  const day = (d: string): string => formatDay(d.slice(0, 10), { lang });
  const title = t.title(monthTitle(report.month)[lang]);
  const sub = [report.partial ? t.partial : '', report.demonstration ? t.demonstration : '', t.version(report.version, formatDay(new Date(report.closedAt), { lang, zone }))].filter(Boolean).join(t.dot);
  const silent = report.devices.filter((d) => d.silentDays > 0).length;
  const open = report.findings.filter((f) => f.outcome === t.stillOpen).length;
  const blocks: Block[] = [
    { kind: 'head', title, name: report.orgName, sub },
    { kind: 'verdict', state: report.verdict.state, label: verdictLabels[report.verdict.state][lang], text: report.verdict.text },
    { kind: 'actions', title: t.actions, empty: t.noActions, items: report.actions.map((a) => ({ text: a.text, step: a.step, done: a.done ? t.done : '', owner: a.owner ? t.owner(a.owner) : '', due: t.due(day(a.due)) })) },
    {
      kind: 'tiles', items: [
        { label: t.blocked, value: large(report.blocked.total, lang), sub: versus(report.blocked.total, report.blocked.lastMonth, report.partial, lang) },
        { label: t.left, value: n(open), sub: t.ofFound(n(report.findings.length)) },
        { label: t.devices, value: n(report.devices.length), sub: silent > 0 ? t.silentDevices(n(silent)) : report.devices.length > 0 ? t.allTalk : t.noDevices },
        { label: t.tickets, value: n(report.tickets.asked), sub: t.solved(n(report.tickets.solved)) },
      ],
    },
    ...trendBlock(report.trend, report.month, lang),
    { kind: 'break' },
    { kind: 'table', title: t.whatBlocked, intro: report.blocked.whyNormal, columns: [left(t.kind), right(t.count)], rows: report.blocked.kinds.map((k) => [k.title, n(k.count)]), note: '', small: false },
    { kind: 'table', title: t.outbound, intro: report.outbound.length === 0 ? t.noOutbound : t.aboutOutbound, columns: [left(t.what, '2fr'), left(t.machine), right(t.count), left(t.outcome)], rows: report.outbound.map((o) => [o.title, o.asset, n(o.count), o.outcome]), note: '', small: false },
    { kind: 'table', title: t.found, intro: report.findings.length === 0 ? t.noFindings : '', columns: [left(t.when, 'auto'), left(t.what, '3fr'), right(t.count), left(t.outcome)], rows: report.findings.map((f) => [day(f.at), f.title, n(f.count), f.outcome ?? t.none]), note: '', small: false },
    { kind: 'table', title: t.health, intro: report.devices.length === 0 ? t.noDevices : '', columns: [left(t.device), right(t.lines), right(t.silentDays), right(t.signature), left(t.note)], rows: report.devices.map((d) => [d.name, n(d.lines), n(d.silentDays), d.signature ? day(d.signature) : t.unknown, d.note]), note: t.aboutSignature, small: false },
    { kind: 'text', title: t.peers, text: report.peers?.text ?? t.noPeers },
    ...(report.appendix.length === 0 ? [] : [{ kind: 'table', title: t.rules, intro: t.aboutRules, columns: [left(t.rule, '2fr'), left(t.author), left(t.license), right(t.count)], rows: report.appendix.map((a) => [a.rule, a.author, a.license, n(a.count)]), note: '', small: true } satisfies Block]),
  ];
  return cleaned({ lang, title: `${title} — ${report.orgName}`, footer: `${short(report.orgName)}${t.dot}${title}`, pageWord: t.page, blocks });
}

/** The federation's report: all members on the first page, then a page for each that shares. */
export function federationPressDocument(doc: FederationDocument, lang: Lang, zone = 'Asia/Tokyo'): PressDocument {
  const t = labels[lang];
  const n = numberIn(lang);
  const title = t.title(monthTitle(doc.month)[lang]);
  const sub = [doc.partial ? t.partial : '', t.version(doc.version, formatDay(new Date(doc.closedAt), { lang, zone }))].filter(Boolean).join(t.dot);
  const devices = (all: number, blind: number): string => (blind > 0 ? t.devicesBlind(n(all), n(blind)) : n(all));
  const blocks: Block[] = [
    { kind: 'head', title, name: doc.name, sub },
    { kind: 'verdict', state: doc.state, label: verdictLabels[doc.state][lang], text: doc.sharing === 0 ? t.nobodyShares : t.federationVerdict(doc.sharing, doc.counts) },
    {
      kind: 'tiles', items: [
        { label: t.membersLabel, value: n(doc.members), sub: t.sharingLabel(n(doc.sharing)) },
        { label: verdictLabels.act[lang], value: n(doc.counts.act), sub: t.membersUnit },
        { label: verdictLabels.blind[lang], value: n(doc.counts.blind), sub: t.membersUnit },
        { label: t.blocked, value: large(doc.blocked, lang), sub: t.sumOfSharing },
      ],
    },
    {
      kind: 'table', title: t.allMembers, intro: '', small: doc.rows.length > 16, note: doc.rowsLeft > 0 ? t.rowsLeft(n(doc.rowsLeft)) : '',
      columns: [left(t.member, '2fr'), left(t.verdict, 'auto'), right(t.openNow), right(t.openLook), right(t.devices), right(t.blocked), right(t.tickets)],
      rows: doc.rows.map((r) => (r.scores
        ? [r.name, { state: r.scores.state, text: verdictLabels[r.scores.state][lang] }, n(r.scores.openNow), n(r.scores.openLook), devices(r.scores.devices, r.scores.blindDevices), n(r.scores.blocked), n(r.scores.asked)]
        : [r.name, { state: 'absent' as const, text: r.waiting ? t.notYet : t.notShared }, '–', '–', '–', '–', '–'])),
    },
    ...trendBlock(doc.trend, doc.month, lang),
    ...doc.pages.flatMap((p): Block[] => [
      { kind: 'break' },
      { kind: 'head', title: p.name, name: doc.name, sub: [monthTitle(doc.month)[lang], p.demonstration ? t.demonstration : ''].filter(Boolean).join(t.dot) },
      { kind: 'verdict', state: p.state, label: verdictLabels[p.state][lang], text: p.text },
      ...(p.actions === null ? [{ kind: 'text', title: t.actions, text: t.alertsNotShared } satisfies Block] : [{ kind: 'actions', title: t.actions, empty: t.noActions, items: p.actions.map((a) => ({ text: a.text, step: a.step, done: '', owner: '', due: t.due(formatDay(a.due, { lang })) })) } satisfies Block]),
      {
        kind: 'tiles', items: [
          { label: t.blocked, value: large(p.blocked, lang), sub: versus(p.blocked, p.blockedLastMonth, doc.partial, lang) },
          { label: t.left, value: n(p.openNow + p.openLook), sub: t.ofFound(n(p.findings)) },
          { label: t.tickets, value: n(p.asked), sub: t.solved(n(p.solved)) },
        ],
      },
      ...trendBlock(p.trend, doc.month, lang),
      ...(p.told === null || p.told.length === 0 ? [] : [{ kind: 'table', title: t.found, intro: '', columns: [left(t.what, '3fr'), right(t.count), left(t.outcome)], rows: p.told.map((f) => [f.title, n(f.count), f.outcome ?? t.none]), note: '', small: true } satisfies Block]),
      ...(p.devices === null || p.devices.length === 0 ? [] : [{ kind: 'table', title: t.health, intro: '', columns: [left(t.device), right(t.lines), right(t.silentDays), left(t.note, '2fr')], rows: p.devices.slice(0, 12).map((d) => [d.name, n(d.lines), n(d.silentDays), d.note]), note: '', small: true } satisfies Block]),
    ]),
    ...(doc.pagesLeft > 0 ? [{ kind: 'text', title: t.allMembers, text: t.pagesLeft(n(doc.pagesLeft)) } satisfies Block] : []),
  ];
  return cleaned({ lang, title: `${title} — ${doc.name}`, footer: `${short(doc.name)}${t.dot}${title}`, pageWord: t.page, blocks });
}
