import { isUtf8 } from 'node:buffer';
import { createParser, EventFields, leases, type EcsEvent, type Parser } from '@banya/logs';
import { ecsLogsources, loadDetections, type Explanation } from '@banya/library';
import { compileRules, type CorrelationHit, Correlator, type CorrelatorState, type Hit, type RuleSet } from '@banya/sigma';
import { RowBlock } from '../../kernel/events/rows.ts';
import { newIdBytes } from '../../kernel/ids.ts';
import { dayIn, parserFamily, type SourceFacts } from '../inventory/index.ts';
import { Gatherer } from './baselines/gather.ts';
import { packMemory } from './memory.ts';
import type { BatchIn, BatchOut, HealthFact, HitGroup, LeaseFact, Sample, SourceCount } from './messages.ts';
import { importedPipeline, lineLogsources, readImported } from './imported-rules.ts';
import { Quiet } from './quiet.ts';
import { blockedKey, directionOf, entityOf, ownHost, stoppedBy } from './reading.ts';

const FLAG_TRUNCATED = 1;
const PARSERS_MAX = 5_000;
const SAMPLES_MAX = 5;
/** Things that one batch tells apart at one organisation: of a flood, further ones stand together under their rule. */
const GROUPS_PER_ORG = 100;
/** Fields whose values an explanation may name. */
export const SLOTS = [
  'source.ip', 'source.port', 'source.geo.country_name', 'source.geo.country_iso_code', 'destination.ip', 'destination.port', 'destination.domain', 'destination.geo.country_name', 'destination.geo.country_iso_code', 'url.domain', 'url.full',
  'user.name', 'host.name', 'host.ip', 'rule.name', 'rule.category', 'file.name', 'file.path', 'email.from.address', 'email.to.address', 'email.subject', 'observer.name', 'observer.product', 'process.name', 'network.application',
  'dns.question.name', 'observer.ingress.interface.name', 'network.name', 'event.reason', 'message', 'device.model.name', 'vulnerability.id', 'destination.user.name', 'service.name', 'url.path',
] as const;

interface Spot { readonly get: (field: string) => unknown }
const over = (event: EcsEvent): Spot => ({ get: (field) => (event as Record<string, unknown>)[field] });

/**
 * Reads a batch of lines: parse, evaluate, count, encode. Holds the parsers (what each source's lines look like) and the
 * memory of correlations; everything else goes out with the batch.
 */
export class BatchReader {
  readonly rules: RuleSet;
  readonly #correlator: Correlator;
  readonly #explanations: ReadonlyMap<string, Explanation>;
  readonly #parsers = new Map<string, { readonly key: string; readonly parser: Parser }>();
  readonly #rows = new RowBlock();
  readonly #fields = new EventFields();
  readonly #gatherer = new Gatherer();
  readonly #quiet: Quiet;

  /** Rules and files that were left out, each with its place. */
  readonly broken: readonly string[];
  /** Imported rules that are tried on every line of their log source; ours were measured. */
  readonly slow: readonly string[];

  /** @param imported the folder of rules that the operator imported */
  constructor(imported: string | null = null) {
    const { rules, explanations, broken } = loadDetections();
    const { sources, errors } = readImported(imported);
    this.#explanations = explanations;
    this.rules = compileRules([...rules, ...sources], { ...(sources.length === 0 ? { logsource: ecsLogsources } : { logsource: lineLogsources, pipeline: importedPipeline }), utcOffsetMinutes: 540 });
    this.broken = [...broken, ...errors, ...this.rules.errors.map((error) => error.message)];
    const own = new Set(rules.map(({ path }) => path));
    this.slow = this.rules.slow.flatMap(({ path, line, title }) => (own.has(path) ? [] : [`${path}:${line}: ${title}`]));
    this.#quiet = new Quiet(this.rules);
    this.#correlator = new Correlator(this.rules.correlations, new Map(this.rules.metadata.map((m) => [m.id, m])));
  }

  restore(state: CorrelatorState): void {
    this.#correlator.importState(state);
  }

  /** The memory of correlations after the batch read last. */
  state(): CorrelatorState {
    return this.#correlator.exportState();
  }

  #remember(organisations: ReadonlySet<string>): CorrelatorState {
    for (const organisation of this.#correlator.organisations()) if (!organisations.has(organisation)) this.#correlator.forget(organisation);
    return this.state();
  }

  read(batch: BatchIn): BatchOut {
    const work = new Work(this.#explanations, this.#quiet);
    if (batch.quiet) this.#quiet.set(batch.quiet);
    const bytes = new Uint8Array(batch.bytes);
    const lines = batch.receivedAt.length;
    const parsers: Parser[] = [];
    const eventId = new Uint8Array(16);
    this.#rows.clear();
    for (let i = 0; i < lines; i++) {
      const [offset, length, flags, at] = [batch.index[i * 4]!, batch.index[i * 4 + 1]!, batch.index[i * 4 + 2]!, batch.index[i * 4 + 3]!];
      const source = batch.sources[at]!;
      const receivedAt = batch.receivedAt[i]!;
      const line = bytes.subarray(offset, offset + length);
      const parsed = (parsers[at] ??= this.#parserOf(source)).parse(line, receivedAt, (flags & FLAG_TRUNCATED) !== 0);
      const time = parsed.event['@timestamp'] ?? receivedAt;
      const fields = this.#fields.open(parsed);
      const hits = this.rules.match(fields);
      const fired = hits.length > 0 ? this.#correlator.observe(source.orgId, fields, hits, time) : [];
      work.line(source, parsed.event, parsed.problems.includes('unparsed') || parsed.family === 'generic', length, receivedAt, time, parsed.problems.includes('clock_suspect'));
      let text: string | null = null;
      const raw = (): string => (text ??= textOf(line, source));
      this.#gatherer.line(source, parsed.event, raw, receivedAt, time);
      // What only counts towards a correlation is not shown.
      for (const hit of hits) if (hit.standalone) work.hit(source, parsed.event, hit, raw(), time, receivedAt);
      for (const hit of fired) if (hit.standalone) work.correlation(source, parsed.event, hit, raw(), receivedAt);
      newIdBytes(receivedAt, eventId);
      this.#rows.add({
        eventId, orgId: source.orgId, sourceId: source.sourceId, deviceId: source.deviceId, receivedAt, retention: RETENTION[source.retention],
        // Most lines are UTF-8 already and are kept byte for byte.
        raw: isUtf8(line) ? line : raw(), event: parsed.event, unmapped: parsed.unmapped,
      });
    }
    return { id: batch.id, rows: this.#rows.take(batch.spare), count: lines, ...work.out(), seen: this.#gatherer.take(), state: batch.remember ? packMemory(this.#remember(batch.remember)) : null };
  }

  #parserOf(source: SourceFacts): Parser {
    const key = `${source.family} ${source.timeZone} ${source.encoding} ${source.ownRanges.join()}`;
    const held = this.#parsers.get(source.sourceId);
    if (held?.key === key) return held.parser;
    if (this.#parsers.size >= PARSERS_MAX) this.#parsers.delete(this.#parsers.keys().next().value!);
    const settings = { family: parserFamily(source.family), encoding: source.encoding === 'utf-8' ? undefined : source.encoding };
    let parser: Parser;
    try {
      parser = createParser({ ...settings, timeZone: source.timeZone, ownRanges: source.ownRanges });
    } catch {
      // A zone or range that cannot be read must not stop everybody's lines.
      parser = createParser({ ...settings, timeZone: source.orgZone });
    }
    this.#parsers.set(source.sourceId, { key, parser });
    return parser;
  }
}

/** The store keeps a little longer than the page says, so that a whole period is always there. */
const RETENTION = { '30d': 'short', '90d': 'standard', '1y': 'long', '3y': 'kept' } as const;

const utf8 = new TextDecoder();
const legacy = new Map<string, InstanceType<typeof TextDecoder>>();
const strict = new TextDecoder('utf-8', { fatal: true });
function textOf(line: Uint8Array, source: SourceFacts): string {
  if (source.encoding === 'utf-8') return utf8.decode(line);
  try {
    return strict.decode(line);
  } catch {
    const label = source.encoding === 'cp932' ? 'shift_jis' : 'euc-jp';
    let decoder = legacy.get(label);
    if (!decoder) legacy.set(label, (decoder = new TextDecoder(label)));
    return decoder.decode(line);
  }
}

/** What one batch adds up to. */
class Work {
  readonly #explanations: ReadonlyMap<string, Explanation>;
  readonly #groups = new Map<string, HitGroup>();
  /** How many of them each organisation has. */
  readonly #made = new Map<string, number>();
  readonly #sources = new Map<string, SourceCount>();
  readonly #counters = new Map<string, [string, string, string, string, number]>();
  readonly #leases: LeaseFact[] = [];
  readonly #health = new Map<string, HealthFact>();
  readonly #quiet: Quiet;

  constructor(explanations: ReadonlyMap<string, Explanation>, quiet: Quiet) {
    this.#explanations = explanations;
    this.#quiet = quiet;
  }

  line(source: SourceFacts, event: EcsEvent, notUnderstood: boolean, bytes: number, receivedAt: number, time: number, clockSuspect: boolean): void {
    const day = dayIn(time, source.orgZone);
    const key = `${source.sourceId} ${day}`;
    let count = this.#sources.get(key);
    if (!count) this.#sources.set(key, (count = { orgId: source.orgId, sourceId: source.sourceId, day, lines: 0, notUnderstood: 0, bytes: 0, lastAt: 0, clockOffSeconds: null }));
    count.lines += 1;
    count.bytes += bytes;
    if (notUnderstood) count.notUnderstood += 1;
    if (receivedAt > count.lastAt) count.lastAt = receivedAt;
    // A clock that cannot be believed shows as its distance; a delayed line of a good clock shows nothing.
    if (clockSuspect) count.clockOffSeconds = Math.round(((event['banya.device_time'] ?? time) - receivedAt) / 1000);
    const blocked = blockedKey(event);
    if (blocked) this.#add(source.orgId, day, 'blocked', blocked);
    const action = event['event.action'];
    if (action === 'lease_assigned' || action === 'lease_released') for (const lease of leases(event)) this.#leases.push({ orgId: source.orgId, ip: lease.ip, mac: lease.mac, hostName: lease.hostname, at: lease.time, kind: lease.kind });
    if (action === 'config_changed') {
      this.#add(source.orgId, day, 'config', source.sourceId);
      this.#healthOf(source).configAt = time;
    } else if (action === 'update_succeeded') {
      // By day, too: a month's report tells how things stood at its end, not today.
      this.#add(source.orgId, day, 'signature', source.sourceId);
      this.#healthOf(source).signatureAt = time;
    } else if (action === 'update_failed') this.#healthOf(source).signatureFailedAt = time;
    else if (action === 'restarted') this.#healthOf(source).restartedAt = time;
  }

  hit(source: SourceFacts, event: EcsEvent, hit: Hit, raw: string, time: number, receivedAt: number): void {
    const explanation = this.#explanations.get(hit.ruleId);
    const spot = over(event);
    const direction = explanation && explanation.direction !== 'none' ? explanation.direction : directionOf(event);
    const group = this.#group(source, event, hit, entityOf(spot, explanation), direction, time, receivedAt);
    this.#grow(source, group, 1, time, time, { at: time, raw, sourceId: source.sourceId, matched: hit.matched.slice(0, 12).map((m) => ({ field: m.field ?? '', value: String(m.value ?? '').slice(0, 300) })) }, slotsOf(event), stoppedBy(event));
  }

  correlation(source: SourceFacts, event: EcsEvent, hit: CorrelationHit, raw: string, receivedAt: number): void {
    const explanation = this.#explanations.get(hit.ruleId);
    const spot: Spot = { get: (field) => hit.group[field] ?? (event as Record<string, unknown>)[field] };
    const direction = explanation && explanation.direction !== 'none' ? explanation.direction : directionOf(event);
    const group = this.#group(source, event, { ...hit, matched: [] }, entityOf(spot, explanation), direction, hit.lastMs, receivedAt);
    const matched = [...Object.entries(hit.group).map(([field, value]) => ({ field, value })), ...hit.values.slice(0, 8).map((value) => ({ field: '*', value }))];
    this.#grow(source, group, hit.events, hit.firstMs, hit.lastMs, { at: hit.lastMs, raw, sourceId: source.sourceId, matched }, { ...slotsOf(event), ...hit.group, values: hit.values.slice(0, 5).join('、') }, stoppedBy(event));
  }

  #group(source: SourceFacts, event: EcsEvent, hit: Omit<Hit, 'tags'>, entity: string, direction: HitGroup['direction'], time: number, receivedAt: number): HitGroup {
    const suppressionId = this.#quiet.find(source.orgId, hit, event as Record<string, unknown>, receivedAt);
    const key = `${source.orgId} ${hit.ruleId} ${direction} ${suppressionId ?? ''} ${entity}`;
    let group = this.#groups.get(key);
    if (!group) {
      const made = this.#made.get(source.orgId) ?? 0;
      if (made >= GROUPS_PER_ORG && entity !== '') return this.#group(source, event, hit, '', direction, time, receivedAt);
      this.#made.set(source.orgId, made + 1);
      const own = ownHost(event);
      group = {
        orgId: source.orgId, ruleId: hit.ruleId, title: hit.title, level: hit.level, author: hit.author ?? '', license: hit.license ?? '', references: hit.references.slice(0, 10), entity, direction,
        stopped: 'unknown', count: 0, firstAt: time, lastAt: time, days: {}, samples: [], slots: {}, asset: own && { ...own, at: time }, deviceId: source.deviceId, suppressionId,
      };
      this.#groups.set(key, group);
    }
    return group;
  }

  #grow(source: SourceFacts, group: HitGroup, count: number, firstAt: number, lastAt: number, sample: Sample, slots: Record<string, string>, stopped: HitGroup['stopped']): void {
    const day = dayIn(lastAt, source.orgZone);
    group.count += count;
    group.days[day] = (group.days[day] ?? 0) + count;
    group.firstAt = Math.min(group.firstAt, firstAt);
    if (lastAt >= group.lastAt) {
      group.lastAt = lastAt;
      group.slots = slots;
    }
    if (group.samples.length < SAMPLES_MAX) group.samples.push({ ...sample, raw: sample.raw.slice(0, 4000) });
    // What got through once counts more than what was stopped a hundred times.
    group.stopped = group.stopped === 'no' || stopped === 'no' ? 'no' : stopped === 'yes' ? 'yes' : group.stopped;
    this.#add(group.orgId, day, 'hits', group.ruleId, count);
    if (stopped === 'yes') this.#add(group.orgId, day, 'hits_blocked', group.ruleId, count);
    if (group.direction === 'outbound' && stopped !== 'yes') this.#add(group.orgId, day, 'outbound', `${group.ruleId} ${group.entity}`.slice(0, 200), count);
  }

  #add(orgId: string, day: string, metric: string, key: string, n = 1): void {
    const name = `${orgId} ${day} ${metric} ${key}`;
    const row = this.#counters.get(name);
    if (row) row[4] += n;
    else this.#counters.set(name, [orgId, day, metric, key, n]);
  }

  #healthOf(source: SourceFacts): HealthFact {
    let fact = this.#health.get(source.sourceId);
    if (!fact) this.#health.set(source.sourceId, (fact = { orgId: source.orgId, sourceId: source.sourceId }));
    return fact;
  }

  out(): Pick<BatchOut, 'groups' | 'sourceCounts' | 'counters' | 'leases' | 'health'> {
    return { groups: [...this.#groups.values()], sourceCounts: [...this.#sources.values()], counters: [...this.#counters.values()], leases: this.#leases, health: [...this.#health.values()] };
  }
}

function slotsOf(event: EcsEvent): Record<string, string> {
  const slots: Record<string, string> = {};
  for (const name of SLOTS) {
    const value = (event as Record<string, unknown>)[name];
    if (value !== undefined && value !== null && value !== '') slots[name] = String(value).slice(0, 200);
  }
  return slots;
}
