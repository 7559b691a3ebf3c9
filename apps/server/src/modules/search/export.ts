import { streamCsv } from '@banya/xlsx';
import { EXPORT_ROWS_MAX, type Lang } from '@banya/contract';
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

function cells(line: EventLine, source: string): string[] {
  const f = line.fields;
  const of = (name: string): string => f[name] ?? '';
  return [
    new Date(line.at).toISOString(), new Date(line.receivedAt).toISOString(), source, said(line), of('host.name') || of('observer.name'), of('user.name'), of('source.ip'), of('source.port'), of('destination.ip'), of('destination.port'),
    f['url.domain'] ?? f['dns.question.name'] ?? of('destination.domain'), of('event.action'), of('event.outcome'), of('event.dataset'), of('message'), line.raw,
  ];
}

/** What was found as a file. Whether it was cut stands in the file's name, where whoever gets it later sees it too. */
export function exportFile(found: readonly EventLine[], format: Format, lang: Lang, cut: boolean, sourceName: (id: string) => string): Response {
  const name = `${columns.file[lang]}${cut ? columns.cut[lang].replace('{n}', String(found.length)) : ''}`;
  if (format === 'jsonl') {
    const text = found.map((l) => `${JSON.stringify({ id: l.id, at: new Date(l.at).toISOString(), receivedAt: new Date(l.receivedAt).toISOString(), source: l.sourceId, sourceName: sourceName(l.sourceId), device: l.deviceId, fields: l.fields, raw: l.raw, rawCut: l.rawCut })}\n`);
    return download(Buffer.from(text.join('')), 'application/x-ndjson', `${name}.jsonl`);
  }
  const rows = found.map((line) => cells(line, sourceName(line.sourceId)));
  if (format === 'xlsx') return excel(name, columns.sheet[lang], columns.headers[lang].map((header, i) => ({ header, width: i === 3 || i > 13 ? 60 : 18 })), rows);
  return download(Buffer.concat([...streamCsv([columns.headers[lang], ...rows])]), 'text/csv; charset=utf-8', `${name}.csv`);
}
