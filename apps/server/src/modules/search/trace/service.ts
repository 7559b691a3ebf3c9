import { loadBrands, loadHosts } from '@banya/library';
import { common, kindsOf, normalise, type Common, type Indicator, type NormaliseError } from '@banya/indicators';
import type { ConsentKind, Lang } from '@banya/contract';
import { defang } from '@banya/mail';
import { Problem } from '../../../kernel/errors.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Scope, Tx } from '../../../kernel/types.ts';
import { dayIn, type Asset, type Inventory } from '../../inventory/index.ts';
import type { Desk } from '../../desk/index.ts';
import type { Findings } from '../../findings/index.ts';
import type { Orgs } from '../../orgs/index.ts';
import { patiently } from '../events.ts';
import type { Undelivered } from '../export.ts';
import type { Span, Turns } from '../rules.ts';
import { accountsAt, byMinutes, GROUPS_MAX, loginsOf, machinesHeard, reachedFrom, sightings, type Depth, type Follow, type Sighting } from './ask.ts';
import { build, isVeryMany, type AtMachine, type Graph, type Letter, type Machine, type Touch, type WorkedOn } from './graph.ts';

const DAY = 86_400_000;
const MAILS_MAX = 200;
const FOLLOW_MACHINES = 50;
/** Sightings and mails that are put together at most: what a sender of lines makes of them must fit into memory. */
const PARTED_MAX = 20_000;
const LETTERS_MAX = 10_000;

/** Sightings of an address that several machines held, each in its five minutes; `cut`: there were too many to part them all. */
export function part(spoken: readonly Sighting[], shared: readonly string[], slots: readonly { readonly ip: string; readonly count: number; readonly stopped: number; readonly first: number; readonly last: number }[], most = PARTED_MAX): { parted: Sighting[]; cut: boolean } {
  const bySlot = Map.groupBy(slots, (slot) => slot.ip);
  const held = new Set(shared);
  const parted: Sighting[] = [];
  let cut = false;
  for (const s of spoken) {
    const own = s.host === '' && held.has(s.ip) ? (bySlot.get(s.ip) ?? []) : null;
    if (own === null || (cut ||= parted.length + own.length > most)) parted.push(s);
    else for (const slot of own) parted.push({ ...s, ...slot });
  }
  return { parted, cut };
}

/** Addresses of one line's recipients. */
const recipients = (mailTo: string): string[] => mailTo.split(/[\s,;]+/).filter((address) => address.includes('@'));

export interface TraceParts {
  readonly kernel: Kernel;
  readonly orgs: Orgs;
  readonly inventory: Pick<Inventory, 'findAssets' | 'devicesById' | 'devicesOf' | 'sharedAddresses' | 'sourcesOf' | 'sourceDays'>;
  readonly findings: Pick<Findings, 'ofMonth'>;
  readonly desk: Pick<Desk, 'mentioning'> & { readonly samples: Pick<Desk['samples'], 'traced'> };
  /** Reported mails of an organisation that hold an indicator, by keyed hash, in its scope; the module federate answers it. */
  mailsWith(tx: Tx, orgId: string, federationId: string, indicators: readonly { readonly kind: 'address' | 'domain' | 'ip' | 'url' | 'sha256'; readonly value: string }[], since: Date): Promise<readonly { readonly sampleId: string }[]>;
  readonly turns: Turns;
  /** One trace each: it asks several things one after another, and short questions need the other place. */
  readonly long: Turns;
  readonly files: Turns;
  readonly undelivered: Undelivered;
}

const REFUSED: Readonly<Record<NormaliseError, Record<Lang, string>>> = {
  empty: { ja: '調べる値を入れてください（IPアドレス、ドメイン、URL、メールアドレス、ファイルの指紋（ハッシュ値）、機器名、利用者名）。', en: 'Enter what to trace: an IP address, domain, URL, mail address, file fingerprint (hash), device or account.' },
  too_long: { ja: '長すぎます。値を一つだけ入れてください。', en: 'That is too long. Enter one value only.' },
  several: { ja: '値は一つずつ調べます。一つだけ入れてください。', en: 'Values are traced one at a time. Enter one only.' },
  range: { ja: '範囲では調べられません。「ログを探す」で ip: を使ってください。', en: 'A range cannot be traced. Use ip: in the log search.' },
  unknown: { ja: 'IPアドレス、ドメイン、URL、メールアドレス、ファイルの指紋（ハッシュ値）、機器名、利用者名のどれでもないようです。', en: 'It looks like none of: IP address, domain, URL, mail address, file fingerprint (hash), device or account.' },
};

/** @throws Problem indicator_unread */
export function readIndicator(text: string, as?: 'name' | 'account'): Indicator {
  const got = normalise(text, as === undefined ? {} : { as });
  if (!got.ok) throw new Problem(400, 'indicator_unread', REFUSED[got.code]);
  return got.indicator;
}

let wellKnown: { kinds: (host: string) => ReadonlySet<string>; brands: ReadonlySet<string> } | undefined;
/** Kinds of hosts and domains of brands, read with the first trace. */
export function commonReason(indicator: Indicator): Common | null {
  wellKnown ??= { kinds: kindsOf(loadHosts()), brands: new Set(loadBrands().flatMap((brand) => brand.domains)) };
  return common(indicator, wellKnown);
}

/** For eyes only. */
export const shownOf = ({ kind, value }: Indicator): string => (kind === 'ip' || kind === 'domain' || kind === 'url' || kind === 'address' ? defang(value) : value);

/** An indicator in a ledger that others read: the same one gives the same words, and they tell nobody which it was. */
export const keyed = (kernel: Pick<Kernel, 'secrets'>, scopeId: string, { kind, value }: Indicator): string => kernel.secrets.mac(`search.trace ${scopeId}`, `${kind} ${value}`).slice(0, 24);

export interface Silence {
  readonly source: string;
  readonly name: string;
  readonly days: number;
  readonly ofDays: number;
  readonly lastAt: Date | null;
}

export interface Traced {
  readonly graph: Graph;
  readonly common: Common | 'very_many' | null;
  readonly silent: readonly Silence[];
  readonly people: Awaited<ReturnType<Orgs['people']>>;
  readonly findings: readonly { readonly id: string; readonly title: Record<Lang, string>; readonly at: Date; readonly open: boolean }[];
  readonly tickets: readonly { readonly id: string; readonly number: string; readonly subject: string; readonly created_at: Date }[];
  readonly mails: Awaited<ReturnType<TraceParts['desk']['samples']['traced']>>;
  readonly cut: boolean;
}

/** What beside logs may be told of an organisation: all to its own people, to the desk what each consent covers. */
export interface Also {
  readonly findings: boolean;
  readonly mails: boolean;
  /** Names of devices and whose they are; without it machines are told as their lines call them. */
  readonly devices: boolean;
}
export const alsoOf = (consents: ReadonlySet<ConsentKind>): Also => ({ findings: consents.has('alerts'), mails: consents.has('samples'), devices: consents.has('inventory') });
export const ALL: Also = { findings: true, mails: true, devices: true };

export interface TraceAsk {
  readonly also: Also;
  readonly indicator: Indicator;
  readonly span: Span;
  readonly depth: Depth;
  /** Further hops, findings and questions: not where only numbers are wanted. */
  readonly whole: boolean;
  /** What the member's ledger says of it; null where the organisation traces for itself. */
  readonly audit: { readonly action: string; readonly facts: Readonly<Record<string, string | number>> } | null;
}

const hostOrIp = (s: { readonly host: string; readonly ip: string }): string => (s.host !== '' ? `h ${s.host}` : `i ${s.ip}`);

/** Traces one indicator through one organisation. The questions to the events are asked outside of transactions. */
export async function trace({ kernel, orgs, inventory, findings, desk, mailsWith }: TraceParts, scope: Scope, ask: TraceAsk): Promise<Traced> {
  const { indicator, span, depth, also } = ask;
  const { orgId } = scope;
  const events = kernel.events;
  const found = await patiently(() => sightings(events, orgId, indicator, span, depth));
  const lines = found.slice(0, GROUPS_MAX);
  const spoken = lines.filter((s) => s.role !== 'mail');
  const ips = [...new Set(spoken.filter((s) => s.host === '' && s.ip !== '').map((s) => s.ip))];
  const from = new Date(span.from);
  const to = new Date(span.to);
  // One entry in the ledger, with the first look at what the organisation knows.
  const first = ips.length > 0;
  const shared = first ? await kernel.tenancy.inOrg(scope, async (tx) => {
    if (ask.audit) tx.audit(ask.audit);
    return inventory.sharedAddresses(tx, orgId, ips, from, to);
  }) : [];
  const slots = shared.length === 0 ? [] : await patiently(() => byMinutes(events, orgId, indicator, span, depth, shared));
  const { parted, cut } = part(spoken, shared, slots);
  const touched = new Set(spoken.map(hostOrIp)).size;
  const why = commonReason(indicator) ?? (touched >= 10 && isVeryMany(touched, await patiently(() => machinesHeard(events, orgId, span))) ? 'very_many' : null);
  const follow = ask.whole && why === null && touched > 0 && touched <= FOLLOW_MACHINES;
  const [at, logins, worked] = follow ? await patiently(() => followed(kernel, orgId, indicator, parted, span)) : [[], [], []];

  // What the organisation knows beside its lines.
  return kernel.tenancy.inOrg(first ? { orgId, actor: scope.actor } : scope, async (tx) => {
    if (ask.audit && !first) tx.audit(ask.audit);
    const machines = await resolve(tx, inventory, orgId, [...parted, ...at, ...logins, ...worked], also.devices);
    // Where a connection came from is the machine that had the address when it was in touch with the indicator.
    const byIp = new Map(parted.filter((s) => s.ip !== '').map((s) => [s.ip, machines(s)]));
    const touches = parted.map((s): Touch => ({ role: s.role as Touch['role'], machine: machines(s), user: s.user, stopped: s.stopped, count: s.count, first: s.first, last: s.last }));
    const org = await orgs.get(tx, orgId);
    const mails = also.mails ? await reported(tx, { desk, mailsWith, federation: org ? orgs.federationOf(org) : orgId }, orgId, indicator, from) : [];
    const { letters, used, cut: cutLetters } = await people(tx, { orgs, inventory }, orgId, lines.filter((s) => s.role === 'mail'), mails, indicator, also.devices);
    const graph = build({
      kind: indicator.kind, touches, letters, used,
      accounts: at.map((f): AtMachine => ({ machine: machines(f), user: f.user, count: f.count, first: f.first, last: f.last })),
      logins: logins.map((f): AtMachine => ({ machine: machines(f), user: f.user, count: f.count, first: f.first, last: f.last })),
      worked: worked.flatMap((f): WorkedOn[] => (byIp.has(f.user) ? [{ from: byIp.get(f.user)!, machine: machines(f), count: f.count, first: f.first, last: f.last }] : [])),
    }, shownOf(indicator), why !== null);
    const silent = await silences(tx, inventory, orgId, org?.time_zone ?? 'Asia/Tokyo', span, kernel.clock.now());
    const owners = await orgs.people(tx, [...new Set(graph.calls.flatMap((c) => [c.machine?.ownerId, c.person?.personId].flatMap((id) => (id ? [id] : []))))]);
    const texts = ask.whole ? [indicator.value, shownOf(indicator).toLowerCase()] : [];
    return {
      graph, common: why, silent, people: owners, mails: ask.whole ? mails : [], cut: cut || cutLetters || found.length > GROUPS_MAX,
      findings: ask.whole && also.findings ? await aboutThese(tx, findings, orgId, org?.time_zone ?? 'Asia/Tokyo', span, indicator, graph) : [],
      tickets: ask.whole ? await desk.mentioning(tx, orgId, texts, from) : [],
    };
  });
}

/** A day after the last sighting what came of it is mostly seen; a week is enough for where an account went. */
async function followed(kernel: Kernel, orgId: string, indicator: Indicator, parted: readonly Sighting[], span: Span): Promise<[Follow[], Follow[], Follow[]]> {
  const open = parted.filter((s) => s.role !== 'mentioned' && s.count > s.stopped);
  if (open.length === 0) return [[], [], []];
  const first = Math.min(...open.map((s) => s.first));
  const last = Math.max(...open.map((s) => s.last));
  const near = { from: Math.max(span.from, first - DAY / 24), to: Math.min(span.to, last + DAY) };
  const later = { from: first, to: Math.min(span.to, last + 7 * DAY) };
  const hosts = [...new Set(open.filter((s) => s.host !== '').map((s) => s.host))];
  const ips = [...new Set(open.filter((s) => s.ip !== '').map((s) => s.ip))];
  const at = indicator.kind === 'account' ? [] : await accountsAt(kernel.events, orgId, { hosts, ips }, near);
  const users = indicator.kind === 'account' ? [] : [...new Set([...open.map((s) => s.user), ...at.map((f) => f.user)].filter((u) => u !== ''))];
  const logins = users.length === 0 ? [] : await loginsOf(kernel.events, orgId, users, later);
  const worked = ips.length === 0 ? [] : await reachedFrom(kernel.events, orgId, ips, { from: first, to: Math.min(span.to, last + DAY) });
  return [at, logins, worked];
}

interface Spot { readonly ip: string; readonly host: string; readonly first: number; readonly sourceId?: string }

/** Which machine each was, by name or by the lease its address had at that time. */
async function resolve(tx: Tx, inventory: TraceParts['inventory'], orgId: string, spots: readonly Spot[], named: boolean): Promise<(spot: Spot) => Machine> {
  const keyOf = (s: Spot): string => `${s.host} ${s.ip} ${s.first}`;
  const asked = [...new Map(spots.filter((s) => s.host !== '' || s.ip !== '').map((s) => [keyOf(s), s])).values()];
  // Lists of devices have short names, lines often whole ones: either may be known. An address counts where a line has no name.
  const hints = asked.map((s) => (s.host === '' ? [{ ip: s.ip }] : [{ hostName: s.host }, ...(s.host.includes('.') ? [{ hostName: s.host.split('.')[0]! }] : [])]));
  const assets = await inventory.findAssets(tx, hints.flatMap((some, i) => some.map((hint) => ({ ...hint, orgId, at: new Date(asked[i]!.first) }))));
  const devices = await inventory.devicesById(tx, orgId, assets.flatMap((a) => (a?.deviceId ? [a.deviceId] : [])));
  const names = new Map((await inventory.sourcesOf(tx, orgId)).map((s) => [s.id, s.name]));
  let next = 0;
  const known = new Map(asked.map((s, i): [string, Machine] => {
    const mine = assets.slice(next, (next += hints[i]!.length));
    const machine = machineOf(s, mine.find((a) => a?.deviceId) ?? mine[0] ?? null, devices);
    return [keyOf(s), named ? machine : { ...machine, name: s.host || s.ip, deviceId: null, ownerId: null, department: null }];
  }));
  return (spot) => {
    const machine = known.get(keyOf(spot));
    if (machine && (machine.host !== '' || machine.ip !== '')) return machine;
    // A line without any machine: all that is known is who sent it.
    const name = names.get(spot.sourceId ?? '') ?? '';
    return { key: `s:${spot.sourceId ?? ''}`, name: name || '—', deviceId: null, ownerId: null, department: null, host: '', ip: '' };
  };
}

function machineOf(spot: Spot, asset: Asset | null, devices: Awaited<ReturnType<TraceParts['inventory']['devicesById']>>): Machine {
  const device = asset?.deviceId ? devices.get(asset.deviceId) : undefined;
  const name = asset?.name ?? (spot.host || spot.ip);
  return {
    key: asset?.deviceId ? `d:${asset.deviceId}` : spot.host !== '' || asset ? `h:${name.toLowerCase()}` : `i:${spot.ip}`,
    name, deviceId: asset?.deviceId ?? null, ownerId: device?.ownerId ?? null, department: asset?.department ?? null, host: spot.host, ip: spot.ip,
  };
}

/** Kinds under which the judging of mails keeps what it found; see @banya/mail. */
function inMails(indicator: Indicator): { kind: 'address' | 'domain' | 'ip' | 'url' | 'sha256'; value: string }[] {
  const { kind, value } = indicator;
  if (kind === 'ip' || kind === 'sha256') return [{ kind, value }];
  if (kind === 'address') return [{ kind, value }, ...(indicator.base === undefined ? [] : [{ kind, value: indicator.base }])];
  if (kind === 'domain') return [{ kind, value }, ...(indicator.registrable === undefined ? [] : [{ kind, value: indicator.registrable }])];
  if (kind === 'url') return [{ kind, value }, { kind, value: value.replace(/\/$/, '') }];
  return [];
}

async function reported(tx: Tx, parts: Pick<TraceParts, 'desk' | 'mailsWith'> & { readonly federation: string }, orgId: string, indicator: Indicator, since: Date): Promise<Traced['mails']> {
  const marked = await parts.mailsWith(tx, orgId, parts.federation, inMails(indicator), since);
  const { kind, value } = indicator;
  const texts = kind === 'address' ? [indicator.base ?? value] : kind === 'domain' ? [`@${value}`, `.${value}`] : [];
  // Lists keep senders broken for eyes, as they are shown.
  const both = texts.flatMap((text) => [text, text.replaceAll('.', '[.]')]);
  return parts.desk.samples.traced(tx, orgId, marked.map((m) => m.sampleId), both, since, MAILS_MAX);
}

/** Who got mails of it: by the mail logs, and by what people reported. */
async function people(tx: Tx, { orgs, inventory }: Pick<TraceParts, 'orgs' | 'inventory'>, orgId: string, sent: readonly Sighting[], mails: Traced['mails'], indicator: Indicator, devices: boolean): Promise<{ letters: Letter[]; used: Map<string, Machine[]>; cut: boolean }> {
  const { letters: sentTo, cut } = lettersOf(sent, indicator);
  const addresses = [...new Set(sentTo.map((l) => l.address))].slice(0, 2_000);
  const byAddress = new Map((await orgs.byAddresses(tx, orgId, addresses)).flatMap((p) => p.emails.map((email): [string, { id: string; name: string }] => [email.toLowerCase(), p])));
  const letters = sentTo.map(({ address, ...moment }): Letter => {
    const person = byAddress.get(address);
    return { person: { key: person ? `p:${person.id}` : `m:${address}`, name: person?.name ?? address, personId: person?.id ?? null }, ...moment };
  });
  for (const mail of mails) {
    const at = mail.created_at.getTime();
    const opened = mail.touched !== null && mail.touched !== 'nothing';
    letters.push({ person: { key: mail.reporter_id ? `p:${mail.reporter_id}` : `n:${mail.reporter_name}`, name: mail.reporter_name, personId: mail.reporter_id }, how: opened ? 'opened' : 'reported', count: 1, first: at, last: at });
  }
  const openers = letters.flatMap((l) => (l.how === 'opened' && l.person.personId ? [l.person.personId] : []));
  const used = new Map<string, Machine[]>();
  for (const device of devices ? await inventory.devicesOf(tx, orgId, openers) : []) {
    const key = `p:${device.ownerId}`;
    used.set(key, [...(used.get(key) ?? []), { key: `d:${device.id}`, name: device.name, deviceId: device.id, ownerId: device.ownerId, department: device.department, host: '', ip: '' }]);
  }
  return { letters, used, cut };
}

/** Who got which mails, by the mail logs: one a recipient. One line may name a thousand of them. */
export function lettersOf(sent: readonly Sighting[], { kind, value }: Pick<Indicator, 'kind' | 'value'>, most = LETTERS_MAX): { letters: (Omit<Letter, 'person'> & { readonly address: string })[]; cut: boolean } {
  const letters: (Omit<Letter, 'person'> & { readonly address: string })[] = [];
  for (const s of sent) {
    for (const address of recipients(s.mailTo)) {
      // Who writes to the indicator has not received it: that is somebody who answered.
      if (kind === 'address' && address === value) continue;
      if (letters.length >= most) return { letters, cut: true };
      letters.push({ address, how: s.stopped >= s.count ? 'stopped' : 'got', count: s.count, first: s.first, last: s.last });
    }
  }
  return { letters, cut: false };
}

/** Senders of logs that ought to have said something on whole days of this time and did not. */
async function silences(tx: Tx, inventory: TraceParts['inventory'], orgId: string, zone: string, span: Span, now: number): Promise<Silence[]> {
  const today = dayIn(now, zone);
  const [first, last] = [dayIn(span.from, zone), dayIn(Math.min(span.to, now), zone)];
  const sources = (await inventory.sourcesOf(tx, orgId)).filter((s) => s.confirmed_at !== null && s.created_at.getTime() < span.to);
  const heard = new Set((await inventory.sourceDays(tx, orgId, first, last)).filter((d) => Number(d.lines) > 0).map((d) => `${d.source_id} ${d.day}`));
  const days: string[] = [];
  for (let at = span.from; dayIn(at, zone) <= last && days.length < 2_700; at += DAY) days.push(dayIn(at, zone));
  return sources.flatMap((source): Silence[] => {
    const begun = dayIn(source.created_at.getTime(), zone);
    // The first and the present day are no whole ones.
    const whole = days.filter((day) => day > begun && day < today);
    const missing = whole.filter((day) => !heard.has(`${source.id} ${day}`)).length;
    const never = whole.length === 0 && (source.seen_at === null || source.seen_at.getTime() < span.from);
    const bound = Math.max(1, Math.ceil(source.silent_after_hours / 24));
    return never || missing >= Math.min(bound, Math.max(1, whole.length)) ? [{ source: source.id, name: source.name, days: missing, ofDays: whole.length, lastAt: source.seen_at }] : [];
  });
}

/** Findings of this time that name the indicator, or one of the machines it reached. */
async function aboutThese(tx: Tx, findings: TraceParts['findings'], orgId: string, zone: string, span: Span, indicator: Indicator, graph: Graph): Promise<Traced['findings']> {
  const machines = new Set(graph.calls.flatMap((c) => (c.machine && c.state !== 'stopped' ? [c.machine.name.toLowerCase()] : [])));
  const all = await findings.ofMonth(tx, orgId, dayIn(span.from, zone), dayIn(span.to, zone));
  return all
    .filter((f) => f.kind !== 'operator' && f.lastAt.getTime() >= span.from && f.firstAt.getTime() < span.to && (f.title.en.toLowerCase().includes(indicator.value) || f.title.ja.toLowerCase().includes(indicator.value) || (f.asset !== null && machines.has(f.asset.toLowerCase()))))
    .slice(0, 20)
    .map((f) => ({ id: f.id, title: f.title, at: f.lastAt, open: f.open }));
}
