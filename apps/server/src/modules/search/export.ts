import { isoDate, wallClock } from '@banya/jp';
import { streamCsv } from '@banya/xlsx';
import { EXPORT_ROWS_MAX, type Lang } from '@banya/contract';
import { Problem } from '../../kernel/errors.ts';
import { download } from '../../kernel/http/call.ts';
import { excel } from '../../kernel/http/excel.ts';
import type { EventLine, Place } from './events.ts';
import { said } from './present.ts';
import { columns } from './texts.ts';

export type Format = 'csv' | 'xlsx' | 'jsonl';

/** `chars`: of all lines together. The house holds a file in memory as a whole, and one line may have as many as a page of others. */
const LIMITS = { rows: EXPORT_ROWS_MAX, page: 2_000, chars: 48_000_000 } as const;

const charsOf = ({ raw, fields }: EventLine): number => Object.entries(fields).reduce((n, [name, value]) => n + name.length + value.length, raw.length);

/** Lines page after page until there are none, or enough for one file. `more`: some were left. */
export async function gather(pageOf: (after: Place | null, limit: number) => Promise<EventLine[]>, limits: Readonly<Record<keyof typeof LIMITS, number>> = LIMITS): Promise<{ found: EventLine[]; more: boolean }> {
  const found: EventLine[] = [];
  let more = true;
  let chars = 0;
  while (more && found.length < limits.rows && chars < limits.chars) {
    const limit = Math.min(limits.page, limits.rows - found.length);
    const page = await pageOf(found.at(-1) ?? null, limit + 1);
    more = page.length > limit;
    for (const line of page.slice(0, limit)) {
      if (chars >= limits.chars) return { found, more: true };
      found.push(line);
      chars += charsOf(line);
    }
  }
  return { found, more };
}

/**
 * Files that are being made or were not fetched to their end: each is in memory until then, and whoever asks for many and reads
 * none would fill it.
 */
export class Undelivered {
  readonly #most: number;
  readonly #ofOne: number;
  readonly #held: string[] = [];

  /** @param ofOne how many may be of one organisation */
  constructor(most: number, ofOne: number) {
    this.#most = most;
    this.#ofOne = ofOne;
  }

  /** @throws Problem search_slow where there are too many */
  async hand(who: string, make: () => Promise<Response>): Promise<Response> {
    if (this.#held.length >= this.#most || this.#held.filter((w) => w === who).length >= this.#ofOne) throw new Problem(503, 'search_slow');
    this.#held.push(who);
    let held = true;
    const release = (): void => {
      if (held) this.#held.splice(this.#held.indexOf(who), 1);
      held = false;
    };
    try {
      const made = await make();
      const reader = made.body!.getReader();
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const { value, done } = await reader.read();
          if (!done) return controller.enqueue(value as Uint8Array);
          release();
          controller.close();
        },
        cancel(reason) {
          release();
          return reader.cancel(reason);
        },
      }, { highWaterMark: 0 });
      return new Response(body, { status: made.status, headers: made.headers });
    } catch (error) {
      release();
      throw error;
    }
  }
}

const two = (n: number): string => String(n).padStart(2, '0');

/** 2026/12/01 22:41:12, as a spreadsheet reads it. Zones differ by whole minutes. */
function clockText(at: Date, zone: string): string {
  const { year, month, day, hour, minute } = wallClock(at, zone);
  return `${year}/${two(month)}/${two(day)} ${two(hour)}:${two(minute)}:${two(at.getUTCSeconds())}`;
}

function cells<T>(line: EventLine, source: string, time: (at: Date) => T): (T | string)[] {
  const f = line.fields;
  const of = (name: string): string => f[name] ?? '';
  return [
    time(new Date(line.at)), time(new Date(line.receivedAt)), source, said(line), of('host.name') || of('observer.name'), of('user.name'), of('source.ip'), of('source.port'), of('destination.ip'), of('destination.port'),
    f['url.domain'] ?? f['dns.question.name'] ?? of('destination.domain'), of('event.action'), of('event.outcome'), of('event.dataset'), of('message'), line.raw,
  ];
}

/** Whose the file is, and when it was made. */
export interface FileOf {
  readonly org: string;
  readonly zone: string;
  readonly now: Date;
}

/** What no file's name may hold. */
const named = (text: string): string => text.replace(/[\\/:*?"<>|\p{C}]/gu, ' ').trim().slice(0, 60);

/** What was found as a file. Whose it is, of which day, and whether it was cut stands in the file's name, where whoever gets it later sees it too. */
export function exportFile(found: readonly EventLine[], format: Format, lang: Lang, cut: boolean, sourceName: (id: string) => string, { org, zone, now }: FileOf): Response {
  const name = `${[columns.file[lang], named(org), isoDate(now, zone)].filter(Boolean).join(' ')}${cut ? columns.cut[lang].replace('{n}', String(found.length)) : ''}`;
  if (format === 'jsonl') {
    const text = found.map((l) => `${JSON.stringify({ id: l.id, at: new Date(l.at).toISOString(), receivedAt: new Date(l.receivedAt).toISOString(), source: l.sourceId, sourceName: sourceName(l.sourceId), device: l.deviceId, fields: l.fields, raw: l.raw, rawCut: l.rawCut })}\n`);
    return download(Buffer.from(text.join('')), 'application/x-ndjson', `${name}.jsonl`);
  }
  const rows = <T>(time: (at: Date) => T): (T | string)[][] => found.map((line) => cells(line, sourceName(line.sourceId), time));
  if (format === 'xlsx') {
    const heads = columns.headers[lang].map((header, i) => ({ header, width: i < 2 ? 20 : i === 3 || i > 13 ? 60 : 18, type: i < 2 ? ('timestamp' as const) : ('text' as const) }));
    return excel(name, columns.sheet[lang], heads, rows((at) => at), zone);
  }
  return download(Buffer.concat([...streamCsv([columns.headers[lang], ...rows((at) => clockText(at, zone))])]), 'text/csv; charset=utf-8', `${name}.csv`);
}
