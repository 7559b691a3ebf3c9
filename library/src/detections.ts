import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Detection rules of our own with their explanations, read from `library/detections`. */

export type Language = 'ja' | 'en';

/** What a lead is told about a finding, in the order in which it is shown. Texts hold `{slots}`. */
export interface ExplanationText {
  readonly title: string;
  readonly whatHappened: string;
  readonly stopped: string;
  readonly whose: string;
  readonly certainty: string;
  /** Numbered steps, together at most ten minutes. Empty where nothing is to be done. */
  readonly doNow: readonly string[];
  readonly callWhen: string;
  readonly doNot: string;
  /** Why such a thing happens without anything being wrong; also the sentence of a digest. */
  readonly normal: string;
}

export interface Explanation {
  /** Id of the rule, or the name of a built-in finding such as `device.silent`. */
  readonly rule: string;
  readonly direction: 'inbound' | 'outbound' | 'internal' | 'none';
  /** now: act at once. look: this week. fyi: nothing to do. */
  readonly severity: 'now' | 'look' | 'fyi';
  readonly minutes: number;
  /** True: a ticket at the desk opens by itself. */
  readonly deskTicket: boolean;
  readonly folding: {
    /** Fields whose values say that two alerts are about the same thing. */
    readonly entity: readonly string[];
    /** True: each is a finding of its own, also when there are many. */
    readonly standsAlone: boolean;
    /** True: only counted in the summary of the day. */
    readonly digest: boolean;
  };
  readonly ja: ExplanationText;
  readonly en: ExplanationText;
}

export interface RuleFile {
  /** Path below the library, for messages: `detections/vpn/brute-force.yml`. */
  readonly path: string;
  readonly text: string;
}

export interface Detections {
  readonly rules: readonly RuleFile[];
  readonly explanations: ReadonlyMap<string, Explanation>;
  /** Files that could not be read and were left out, each with its path and what is wrong. */
  readonly broken: readonly string[];
}

/** Values for slots: ECS names as they stand in the event, and the names in `detections/slots.yml`. */
export type SlotValues = Readonly<Record<string, unknown>>;

/** An explanation with all slots filled. */
export type RenderedExplanation = Omit<Explanation, Language> & ExplanationText;

const FOLDER = new URL('../detections/', import.meta.url);
const TEXTS = ['title', 'whatHappened', 'stopped', 'whose', 'certainty', 'callWhen', 'doNot', 'normal'] as const;
const SLOT = /\{([A-Za-z@][A-Za-z0-9_.@]*)\}/g;
/** What says from when to when, and what says the same of one moment. */
const SPANS = [['{first}〜{last}', '{last}'], ['{first}から{last}までに', '{last}に'], ['From {first} to {last}', 'At {last}'], ['from {first} to {last}', 'at {last}'], ['{first} to {last}', '{last}']] as const;
const MAX_SLOT_CHARS = 120;

let loaded: Detections | undefined;
let phrases: ReadonlyMap<string, Readonly<Record<Language, string>>> | undefined;

/** The rules and their explanations; read once. */
export function loadDetections(): Detections {
  return (loaded ??= readDetections(FOLDER));
}

/** Reads a folder of rules and explanations. A file that is wrong is left out and told of: the others go on watching. */
export function readDetections(folder: URL): Detections {
  const rules: RuleFile[] = [];
  const explanations = new Map<string, Explanation>();
  const broken: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((entry) => entry.replaceAll('\\', '/')).sort()) {
    const path = `detections/${name}`;
    try {
      if (name.endsWith('.explain.yml')) {
        // A file is taken whole or not at all.
        const read = readExplanations(path, readText(folder, name));
        for (const { rule } of read) if (explanations.has(rule)) throw new Error(`${path}: "${rule}" is explained twice`);
        for (const explanation of read) explanations.set(explanation.rule, explanation);
      } else if (name === 'slots.yml') readPhrases(folder);
      else if (name.endsWith('.yml') && !name.endsWith('.test.yml')) rules.push({ path, text: readText(folder, name) });
    } catch (error) {
      const { message } = error as Error;
      broken.push(message.startsWith(path) ? message : `${path}: ${message.split('\n', 1)[0]}`);
    }
  }
  return { rules, explanations, broken };
}

/**
 * The log sources an event belongs to, for `compileRules` of @banya/sigma. Rules of this library are written
 * against ECS names (`taxonomy: ecs`) with `product: ecs` and the event's category as service; rules of others
 * find the family of the device (`product: fortigate`, `service: event`) and its kind (`category: firewall`).
 */
export function ecsLogsources(event: Readonly<Record<string, unknown>> | { get(field: string): unknown }): readonly LogSource[] {
  const read = (field: string): string => {
    const value = typeof event.get === 'function' ? (event.get as (field: string) => unknown)(field) : (event as Readonly<Record<string, unknown>>)[field];
    return typeof value === 'string' && value.length <= 64 ? value : '';
  };
  const [kind, dataset, type] = [read('event.category'), read('event.dataset'), read('observer.type')];
  const key = `${kind}\u0000${dataset}\u0000${type}`;
  let list = known.get(key);
  if (list === undefined) {
    const [product, stream] = dataset.split('.', 2);
    list = Object.freeze([
      { product: 'ecs', ...(kind === '' ? {} : { service: kind }) },
      ...(product ? [{ product, ...(stream === undefined ? {} : { service: stream }), ...(type === '' ? {} : { category: type }) }] : []),
    ]);
    if (known.size < MAX_KNOWN) known.set(key, list);
  }
  return list;
}

interface LogSource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

/** The same list for lines of one kind, so that a rule set knows it again without comparing. */
const known = new Map<string, readonly LogSource[]>();
const MAX_KNOWN = 1_024;

/**
 * Fills the slots of an explanation. A slot without a value becomes its fallback phrase, so that every
 * sentence stays a sentence. Values are cut at 120 characters and lose control characters; the caller
 * escapes them for the place where they are shown.
 */
export function renderExplanation(explanation: Explanation, slots: SlotValues, language: Language): RenderedExplanation {
  const { ja, en, ...rest } = explanation;
  const text = language === 'ja' ? ja : en;
  const filled = Object.fromEntries(TEXTS.map((key) => [key, fill(text[key], slots, language)])) as Record<(typeof TEXTS)[number], string>;
  return { ...rest, ...filled, doNow: text.doNow.map((step) => fill(step, slots, language)) };
}

/** The title of {@link renderExplanation} alone: lists and searches need no more, and it is much the less work. */
export const renderTitle = (explanation: Explanation, slots: SlotValues, language: Language): string => fill(explanation[language].title, slots, language);

function fill(written: string, slots: SlotValues, language: Language): string {
  const sentence = slots.first !== undefined && slots.first === slots.last ? SPANS.reduce((all, [span, moment]) => all.replaceAll(span, moment), written) : written;
  return sentence.replace(SLOT, (_, name: string, at: number) => {
    const value = slotValue(name, slots, language);
    if (value !== null) return value;
    const phrase = fallbackPhrase(name, slots, language);
    return at === 0 || /[.!?:] $/.test(sentence.slice(0, at)) ? `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}` : phrase;
  });
}

/** The names that explanations may use, with what stands in their place when the value is missing. */
export function slotPhrases(): ReadonlyMap<string, Readonly<Record<Language, string>>> {
  try {
    return (phrases ??= readPhrases(FOLDER));
  } catch {
    // Told of by readDetections; a sentence then says "unknown" in the place of each missing value.
    return (phrases = new Map());
  }
}

function readPhrases(folder: URL): ReadonlyMap<string, Readonly<Record<Language, string>>> {
  return new Map(Object.entries(parse(readText(folder, 'slots.yml')) as Record<string, Record<Language, string>>));
}

const NUMBERS: Readonly<Record<Language, Intl.NumberFormat>> = { ja: new Intl.NumberFormat('ja-JP'), en: new Intl.NumberFormat('en-GB') };

function slotValue(name: string, slots: SlotValues, language: Language): string | null {
  const value = Object.hasOwn(slots, name) ? slots[name] : undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return NUMBERS[language].format(value);
  if (typeof value !== 'string') return null;
  const clean = value.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ').trim();
  if (clean === '') return null;
  const characters = [...clean];
  return characters.length > MAX_SLOT_CHARS ? `${characters.slice(0, MAX_SLOT_CHARS).join('')}…` : clean;
}

function fallbackPhrase(name: string, slots: SlotValues, language: Language): string {
  const phrase = name === 'stopped' ? `stopped${stoppedBy(slots['event.action'])}` : name;
  return slotPhrases().get(phrase)?.[language] ?? (language === 'ja' ? '不明' : 'unknown');
}

const STOPPED: ReadonlySet<unknown> = new Set(['blocked', 'quarantined', 'cleaned', 'device_blocked', 'mail_rejected', 'login_failed']);
const NOT_STOPPED: ReadonlySet<unknown> = new Set(['allowed', 'detected', 'clean_failed', 'device_connected', 'scan_detected']);

/** Whether the action of the event says that it was stopped; nothing where it does not say. */
function stoppedBy(action: unknown): '.yes' | '.no' | '' {
  if (STOPPED.has(action)) return '.yes';
  return NOT_STOPPED.has(action) ? '.no' : '';
}

function readText(folder: URL, name: string): string {
  return readFileSync(fileURLToPath(new URL(name, folder)), 'utf8');
}

function readExplanations(path: string, text: string): Explanation[] {
  const value: unknown = parse(text);
  return (Array.isArray(value) ? value : [value]).map((item) => checked(item, path));
}

/** Everything is demanded and nothing else is allowed: a misspelt key must not lose a warning. */
function checked(value: unknown, path: string): Explanation {
  const fail = (detail: string): never => {
    throw new Error(`${path}: ${detail}`);
  };
  const record = asRecord(value, 'an explanation', fail);
  const rule = typeof record['rule'] === 'string' && record['rule'] !== '' ? record['rule'] : fail('"rule" is missing');
  const where = `${rule}: `;
  onlyKeys(record, ['rule', 'direction', 'severity', 'minutes', 'deskTicket', 'folding', 'ja', 'en'], where, fail);
  const oneOf = <T extends string>(key: string, allowed: readonly T[]): T => {
    const found = allowed.find((word) => word === record[key]);
    return found ?? fail(`${where}"${key}" must be one of ${allowed.join(', ')}`);
  };
  const minutes = record['minutes'];
  if (typeof minutes !== 'number' || !Number.isInteger(minutes) || minutes < 0 || minutes > 60) fail(`${where}"minutes" must be a whole number from 0 to 60`);
  if (typeof record['deskTicket'] !== 'boolean') fail(`${where}"deskTicket" must be true or false`);
  const folding = asRecord(record['folding'], `${where}"folding"`, fail);
  onlyKeys(folding, ['entity', 'standsAlone', 'digest'], `${where}folding: `, fail);
  const entity = folding['entity'];
  if (!isTexts(entity) || entity.length === 0) fail(`${where}"folding.entity" must name at least one field`);
  if (typeof folding['standsAlone'] !== 'boolean' || typeof folding['digest'] !== 'boolean') fail(`${where}"folding.standsAlone" and "folding.digest" must be true or false`);
  return {
    rule, minutes: minutes as number, deskTicket: record['deskTicket'] as boolean,
    direction: oneOf('direction', ['inbound', 'outbound', 'internal', 'none'] as const),
    severity: oneOf('severity', ['now', 'look', 'fyi'] as const),
    folding: { entity: entity as string[], standsAlone: folding['standsAlone'] as boolean, digest: folding['digest'] as boolean },
    ja: checkedText(record['ja'], `${where}ja: `, fail),
    en: checkedText(record['en'], `${where}en: `, fail),
  };
}

function checkedText(value: unknown, where: string, fail: (detail: string) => never): ExplanationText {
  const record = asRecord(value, `${where}texts`, fail);
  onlyKeys(record, [...TEXTS, 'doNow'], where, fail);
  for (const key of TEXTS) if (typeof record[key] !== 'string' || record[key].trim() === '') fail(`${where}"${key}" must be a text`);
  if (!isTexts(record['doNow'])) fail(`${where}"doNow" must be a list of steps`);
  for (const sentence of [...TEXTS.map((key) => record[key] as string), ...(record['doNow'] as string[])]) {
    for (const [, name = ''] of sentence.matchAll(SLOT)) if (!slotPhrases().has(name) || name.startsWith('stopped.') || name.startsWith('novelty.')) fail(`${where}the slot {${name}} is not in slots.yml`);
    if (/[{}]/.test(sentence.replace(SLOT, ''))) fail(`${where}a bracket is not part of a slot in "${sentence}"`);
  }
  return record as unknown as ExplanationText;
}

function asRecord(value: unknown, what: string, fail: (detail: string) => never): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(`${what} must be a map`);
  return value as Record<string, unknown>;
}

function onlyKeys(record: Record<string, unknown>, allowed: readonly string[], where: string, fail: (detail: string) => never): void {
  const unknown = Object.keys(record).find((key) => !allowed.includes(key));
  if (unknown !== undefined) fail(`${where}"${unknown}" is not a key of explanations`);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item.trim() !== '');
}
