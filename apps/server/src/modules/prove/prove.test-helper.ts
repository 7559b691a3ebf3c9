import type { FindingForReport, MonthFacts, SourceMonth } from './types.ts';
import { daysOf } from './calendar.ts';

let made = 0;

export function finding(more: Partial<FindingForReport> = {}): FindingForReport {
  made += 1;
  return {
    id: `01900000-0000-7000-8000-${made.toString(16).padStart(12, '0')}`, kind: 'detection', ruleId: `rule-${made}`, rule: { title: 'Rule', author: 'Banya', license: 'Apache-2.0' }, title: { ja: '気になる動き', en: 'Something odd' }, step: { ja: '確かめる', en: 'Check it' },
    severity: 'look', direction: 'none', stopped: 'yes', count: 1, firstAt: new Date('2026-10-10T01:00:00Z'), lastAt: new Date('2026-10-10T02:00:00Z'), open: false, outcome: more.open ? null : 'handled', quieted: null, assigneeName: null, asset: null, ...more,
  };
}

export function source(name: string, days: readonly string[], more: Partial<SourceMonth> = {}): SourceMonth {
  return { id: name, name, since: '2026-10-01', everSeen: days.length > 0, lines: new Map(days.map((d) => [d, 100])), signatureOn: null, configChanges: 0, ...more };
}

/** October 2026 as it is closed on the first of November; one device that always talked, nothing found. */
export function facts(more: Partial<MonthFacts> = {}): MonthFacts {
  return {
    month: '2026-10', from: '2026-10-01', to: '2026-10-31', partial: false, now: new Date('2026-11-01T03:00:00+09:00'), today: '2026-11-01', zone: 'Asia/Tokyo', sources: [source('本社のUTM', daysOf('2026-10-01', '2026-10-31'))],
    blocked: new Map(), blockedLastMonth: null, demonstration: false, findings: [], tickets: { asked: 0, solved: 0 }, openTickets: [], history: [], lead: null, ...more,
  };
}
