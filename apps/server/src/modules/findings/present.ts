import type { z } from 'zod';
import type { Lang, finding as findingShape, findingDetail } from '@banya/contract';
import { writeWorkbook } from '@banya/xlsx';
import { elsewhereOf } from './elsewhere.ts';
import { explain, ruleTitle, titleOf, type Telling } from './explain.ts';
import { ongoing, quietedBy, severityOf } from './rules.ts';
import type { DayRow, FindingRow, HistoryRow, SampleRow } from './schema.ts';
import { by, outcomeTexts, quietedTexts, severityTexts, stoppedTexts } from './texts.ts';

/** Who closed it; of what was closed at its start the house, and why. */
function closerOf(row: FindingRow, lang: Lang): string | null {
  const quieted = quietedBy(row);
  return quieted ? quietedTexts[quieted][lang] : row.closed_by === null ? null : row.closed_by || by[lang];
}

export function presentFinding(row: FindingRow, telling: Telling): z.input<typeof findingShape> {
  return {
    id: row.id, org: row.org_id, kind: row.kind, ruleId: row.rule_id, severity: severityOf(row.rank), state: row.state, stoppedByDevice: row.stopped, direction: row.direction,
    title: titleOf(row, telling), entity: row.entity, asset: row.asset && { device: row.asset.deviceId, name: row.asset.name, owner: row.asset.owner, department: row.asset.department },
    count: Number(row.count), firstAt: row.first_at.toISOString(), lastAt: row.last_at.toISOString(), ongoing: row.state === 'open' && ongoing(row, telling.now), minutes: row.minutes,
    outcome: row.outcome, closedBy: closerOf(row, telling.lang), closedAt: row.closed_at?.toISOString() ?? null,
    assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' }, ticket: row.ticket_id,
  };
}

export interface Parts {
  readonly row: FindingRow;
  readonly days: readonly Pick<DayRow, 'day' | 'count'>[];
  readonly samples: readonly SampleRow[];
  readonly history: readonly HistoryRow[];
}

export function presentDetail({ row, days, samples, history }: Parts, telling: Telling): z.input<typeof findingDetail> {
  const told = explain(row, telling);
  const quieted = quietedBy(row);
  const whoOf = (h: HistoryRow): string => h.who || (h.what === 'closed' && quieted ? quietedTexts[quieted] : by)[telling.lang];
  return {
    ...presentFinding(row, telling),
    explanation: { title: told.title, whatHappened: told.whatHappened, stopped: told.stopped, whose: told.whose, certainty: told.certainty, doNow: [...told.doNow], callWhen: told.callWhen, doNot: told.doNot, normal: told.normal || null },
    elsewhere: elsewhereOf(row),
    rule: { id: row.rule_id, title: ruleTitle(row.rule_id, row.rule.title, telling.lang), author: row.rule.author, license: row.rule.license, references: [...row.rule.references] },
    samples: samples.map((s) => ({ at: s.at.toISOString(), raw: s.raw, source: s.source_name, matched: s.matched.map((m) => ({ field: m.field, value: m.value })) })),
    days: days.map((d) => ({ day: d.day, count: Number(d.count) })).reverse(),
    history: history.map((h) => ({ at: h.at.toISOString(), who: whoOf(h), what: h.what, note: h.note })),
  };
}

/** All findings as a workbook, with who wrote the rules. */
export function findingsWorkbook(rows: readonly FindingRow[], telling: Telling): Uint8Array {
  const { lang, zone } = telling;
  const head = lang === 'ja'
    ? ['何が起きたか', '重さ', '止まったか', '機器', '使う人', '部署', '件数', '最初', '最後', '状態', '結末', '閉じた人', '閉じた日時', '担当', '規則', '規則の作者', 'ライセンス', '参考']
    : ['What happened', 'Weight', 'Stopped', 'Machine', 'User', 'Department', 'Count', 'First', 'Last', 'State', 'How it ended', 'Closed by', 'Closed at', 'Given to', 'Rule', 'Rule author', 'Licence', 'References'];
  const types = ['text', 'text', 'text', 'text', 'text', 'text', 'integer', 'datetime', 'datetime', 'text', 'text', 'text', 'datetime', 'text', 'text', 'text', 'text', 'text'] as const;
  const widths = [48, 12, 16, 20, 14, 14, 9, 18, 18, 10, 16, 14, 18, 14, 30, 20, 14, 40];
  const state = { open: { ja: '開いています', en: 'Open' }, closed: { ja: '閉じました', en: 'Closed' } };
  return writeWorkbook({
    timeZone: zone,
    sheets: [{
      name: lang === 'ja' ? '検知' : 'Findings',
      columns: head.map((header, i) => ({ header, width: widths[i]!, type: types[i]! })),
      rows: rows.map((r) => [
        titleOf(r, telling), severityTexts[severityOf(r.rank)][lang], stoppedTexts[r.stopped][lang], r.asset?.name ?? r.entity, r.asset?.owner, r.asset?.department, Number(r.count), r.first_at, r.last_at,
        state[r.state][lang], r.outcome && outcomeTexts[r.outcome][lang], closerOf(r, lang), r.closed_at, r.assignee_name, ruleTitle(r.rule_id, r.rule.title, lang), r.rule.author, r.rule.license, r.rule.references.join('\n'),
      ]),
    }],
  });
}
