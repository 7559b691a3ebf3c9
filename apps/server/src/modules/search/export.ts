import { streamCsv } from '@banya/xlsx';
import type { Lang } from '@banya/contract';
import { download } from '../../kernel/http/call.ts';
import { excel } from '../../kernel/http/excel.ts';
import type { EventLine } from './events.ts';
import { said } from './present.ts';
import { columns } from './texts.ts';

export type Format = 'csv' | 'xlsx' | 'jsonl';

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
