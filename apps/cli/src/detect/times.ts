import { flattenWindowsEvent } from '@banya/sigma';

/** Where events say when they happened, the surest first: what a collector adds (when it received them) comes last. */
const NAMES = [
  '@timestamp', 'UtcTime', 'TimeCreated_SystemTime', 'EventTime', 'timestamp', 'time',
  // CloudTrail, Microsoft 365, Azure, Graph, Defender, Okta, Google Workspace, Zeek, Splunk, Kubernetes, journald.
  'eventTime', 'CreationTime', 'TimeGenerated', 'TimeGenerated [UTC]', 'eventTimestamp', 'createdDateTime', 'activityDateTime', 'eventDateTime', 'Timestamp', 'TimeCreated', 'published', 'id.time',
  'ts', '_time', 'stageTimestamp', 'requestReceivedTimestamp', '__REALTIME_TIMESTAMP',
  'event.start', 'event.created', 'created_at', 'createdAt', 'CreationDate', 'creationTime', 'dateTime', 'datetime', 'DateTime', 'Time', 'date', 'Date', 'start_time', 'time_local',
  'receiveTimestamp', 'EventReceivedTime', 'event.ingested',
] as const;

/** Archives are old and test data may lie ahead, but a number outside of these is a broken clock or no time at all. */
const FROM = Date.UTC(1990, 0, 1);
const BEFORE = Date.UTC(2100, 0, 1);
const LONGEST = 60;
const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';

/** When an event happened, in milliseconds since 1970; null where it does not say, or says what cannot be. */
export function timeOf(event: Readonly<Record<string, unknown>>): number | null {
  const flat = flattenWindowsEvent(event) ?? event;
  for (const name of NAMES) {
    const time = timeIn(valueOf(flat, name));
    if (time !== null) return time;
  }
  return null;
}

/** A field by its name, or by the path that its dots are. */
function valueOf(event: Readonly<Record<string, unknown>>, name: string): unknown {
  const value = event[name];
  const dot = name.indexOf('.');
  if (value !== undefined || dot < 0) return value;
  const outer = event[name.slice(0, dot)];
  return typeof outer === 'object' && outer !== null ? (outer as Record<string, unknown>)[name.slice(dot + 1)] : undefined;
}

export function timeIn(value: unknown): number | null {
  if (typeof value === 'number') return ofNumber(value);
  if (typeof value === 'string') return value.length <= LONGEST ? ofText(value.trim()) : null;
  // PowerShell writes some dates as an object.
  if (typeof value === 'object' && value !== null && typeof (value as { value?: unknown }).value === 'string') return timeIn((value as { value: string }).value);
  return null;
}

const plausible = (ms: number): number | null => (ms >= FROM && ms < BEFORE ? ms : null);

/** Seconds, milliseconds, microseconds or nanoseconds: what each can be is a thousand times apart. */
function ofNumber(value: number): number | null {
  return plausible(value < 1e11 ? value * 1000 : value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6);
}

function ofText(text: string): number | null {
  if (/^\d{9,19}(?:\.\d{1,9})?$/.test(text)) return ofNumber(Number(text)) ?? ofDigits(text);
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:(?:T| {1,3})(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i.exec(text);
  if (iso !== null) return ofParts(Number(iso[1]), Number(iso[2]), Number(iso[3]), iso[4], iso[5], iso[6], iso[7], iso[8]);
  // Web servers: 06/May/2026:01:00:00 +0900
  const web = /^\[?(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ?([+-]\d{4})?\]?$/.exec(text);
  if (web !== null) return ofParts(Number(web[3]), monthOf(web[2]!), Number(web[1]), web[4], web[5], web[6], undefined, web[7]);
  const date = /^\/Date\((\d{1,16})(?:[+-]\d{4})?\)\/$/.exec(text);
  if (date !== null) return ofNumber(Number(date[1]));
  // As in mails, and as ctime writes it. Dates in digits alone are left: which of them is the month nobody knows.
  if (!/[A-Za-z]{3}/.test(text) || !/\d{4}/.test(text) || !/\d:\d\d/.test(text)) return null;
  return plausible(Date.parse(/(?:Z|UTC|GMT|[+-]\d\d:?\d\d(?: \([^)]{1,20}\))?)$/i.test(text) ? text : `${text} UTC`));
}

/** 20260506010000 */
function ofDigits(text: string): number | null {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text);
  return parts === null ? null : ofParts(Number(parts[1]), Number(parts[2]), Number(parts[3]), parts[4], parts[5], parts[6], undefined, undefined);
}

const monthOf = (name: string): number => {
  const at = MONTHS.indexOf(name.toLowerCase());
  return at < 0 || at % 3 !== 0 ? 0 : at / 3 + 1;
};

function ofParts(year: number, month: number, day: number, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'): number | null {
  if (month < 1 || month > 12 || day < 1 || day > 31 || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return null;
  const far = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  const offset = far === null ? 0 : (far[1] === '-' ? -1 : 1) * (Number(far[2]) * 60 + Number(far[3]));
  return plausible(Date.UTC(year, month - 1, day, Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, '0'))) - offset * 60_000);
}
