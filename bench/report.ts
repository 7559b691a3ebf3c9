/**
 * How long PDFs take and what their process holds; how fast the manager's map is with many members.
 * `node bench/report.ts [members on the map]`: a member's report cold (process start included) and warm, a federation of 13
 * and of 100 (all members, then a page each), and the map of 10,000 members from the embedded store. Prints a line of JSON.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAudit } from '../apps/server/src/kernel/audit.ts';
import { openGate } from '../apps/server/src/kernel/db/gate.ts';
import { migrate, readMigrations } from '../apps/server/src/kernel/db/migrate.ts';
import { createTenancy } from '../apps/server/src/kernel/db/tenancy.ts';
import { newId } from '../apps/server/src/kernel/ids.ts';
import { createBus } from '../apps/server/src/kernel/queue/bus.ts';
import { need, type SnapshotFigures } from '../apps/server/src/modules/federate/rules.ts';
import * as federate from '../apps/server/src/modules/federate/store.ts';
import { daysOf } from '../apps/server/src/modules/prove/calendar.ts';
import { federationDocument } from '../apps/server/src/modules/prove/federation/service.ts';
import { presentReport } from '../apps/server/src/modules/prove/present.ts';
import { federationPressDocument, reportDocument } from '../apps/server/src/modules/prove/press/document.ts';
import { Press } from '../apps/server/src/modules/prove/press/press.ts';
import { decide, figuresOf } from '../apps/server/src/modules/prove/rules.ts';
import type { FindingForReport, MonthFacts } from '../apps/server/src/modules/prove/types.ts';
import { report } from './lib/report.ts';

const MEMBERS = Number(process.argv[2] ?? 10_000);
const closedAt = new Date('2026-11-01T03:00:00+09:00');
const quiet = { info() {}, warn() {}, error() {} };

const found = (i: number): FindingForReport => ({
  id: newId(), kind: 'detection', ruleId: `r${i % 9}`, rule: { title: `Rule number ${i % 9} of the pack`, author: 'Alice Example', license: 'DRL-1.1' }, title: { ja: `経理の KEIRI-${i} から、ふだん使わない国への通信がありました`, en: `KEIRI-${i} talked to an unusual country` },
  step: { ja: '使っている人に、心当たりを聞く', en: 'Ask its user' }, severity: i % 7 === 0 ? 'now' : 'look', direction: i % 3 === 0 ? 'outbound' : 'inbound', stopped: 'yes', count: i + 1, firstAt: closedAt, lastAt: closedAt, open: i % 5 === 0, outcome: i % 5 === 0 ? null : 'handled', quieted: null, assigneeName: null, asset: `KEIRI-${i}`,
});
const facts = (seed: number): MonthFacts => ({
  month: '2026-10', from: '2026-10-01', to: '2026-10-31', partial: false, now: closedAt, today: '2026-11-01', zone: 'Asia/Tokyo',
  sources: Array.from({ length: 6 }, (_, i) => ({ id: `${i}`, name: `第${i + 1}拠点のUTM`, since: '2026-10-01', everSeen: true, lines: new Map(daysOf('2026-10-01', '2026-10-31').map((d) => [d, 40_000 + seed])), signatureOn: '2026-10-31', configChanges: i })),
  blocked: new Map([['inbound network', 9_000 + seed], ['inbound intrusion_detection', 4_000], ['outbound web', 700]]), blockedLastMonth: 12_000, demonstration: false, findings: Array.from({ length: 40 }, (_, i) => found(i + seed)), tickets: { asked: 5, solved: 4 }, openTickets: [],
  history: Array.from({ length: 11 }, (_, i) => ({ month: `${i < 1 ? '2025-12' : `2026-0${Math.min(9, i)}`}`, lines: 1e6, blocked: 9_000 + i * 311, findings: i, demonstration: false })), lead: '佐藤 花子',
});
const pdfOf = (seed: number) => {
  const data = decide(facts(seed));
  return reportDocument(presentReport({ org_id: newId(), month: '2026-10', version: 1, reason: 'month', closed_at: closedAt, partial: false, verdict: data.verdict.state, lines: '0', blocked: '0', findings: 0, demonstration: false, checksum: '', data, read_at: null }, `第${seed}みなと信用金庫`, 'ja', null, new Set()), 'ja');
};
const federationOf = (members: number) =>
  federationPressDocument(federationDocument('みなと信用金庫連合', { month: '2026-10', version: 1, closed_at: closedAt, partial: false }, Array.from({ length: members }, (_, i) => ({ name: `第${i + 1}みなと信用金庫`, figures: figuresOf(decide(facts(i)), false) })), 'ja'), 'ja');

const timed = async <T>(fn: () => Promise<T>): Promise<[ms: number, result: T]> => {
  const began = performance.now();
  const result = await fn();
  return [Math.round((performance.now() - began) * 10) / 10, result];
};
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const mb = (bytes: number): number => Math.round(bytes / 1024 / 1024);

const cold: number[] = [];
for (let i = 0; i < 5; i += 1) {
  const fresh = new Press({ log: quiet });
  cold.push((await timed(() => fresh.print(pdfOf(i), closedAt)))[0]);
  await fresh.close();
}
const press = new Press({ log: quiet });
const [federationColdMs, federationPdf] = await timed(() => press.print(federationOf(13), closedAt));
const warm: number[] = [];
let memberBytes = 0;
for (let i = 10; i < 40; i += 1) {
  const [ms, pdf] = await timed(() => press.print(pdfOf(i), closedAt));
  warm.push(ms);
  memberBytes = pdf.byteLength;
}
const pressMb = mb(press.memoryBytes);
const [hundredMs, hundred] = await timed(() => press.print(federationOf(100), closedAt));
const pressAfterMb = mb(press.memoryBytes);
await press.close();

const folder = mkdtempSync(join(tmpdir(), 'banya-bench-'));
const clock = { now: () => Date.now() };
const gate = openGate({ dataDir: folder }, { clock, log: quiet });
try {
  await migrate(gate, readMigrations());
  const tenancy = createTenancy({ gate, bus: createBus(), clock, log: quiet, audit: createAudit(), jobs: { wake() {} } });
  const org = newId();
  await tenancy.asSystem('bench: members', async (tx) => {
    for (let i = 0; i < MEMBERS; i += 1) {
      const figures: SnapshotFigures = { inventory: { sources: 2, flowing: 2 - (i % 2), silent: i % 2 }, alerts: { openNow: i % 11 === 0 ? 1 : 0, openLook: i % 4, overdue: i % 3, weeks: Array.from({ length: 12 }, (_, w) => (w * i) % 9) }, tickets: { open: i % 5, waiting: 0, late: 0 }, scores: { leadSeenDays: i % 60 } };
      await federate.snapshots.put(tx, { org_id: org, member_id: newId(), day: '2026-11-24', updated_at: tx.now, name: `第${i}会員`, sort_key: `第${String(i).padStart(6, '0')}会員`, search_key: `第${i}会員`, industry: 'J', size_band: '21-50', lead: '佐藤 花子', kinds: ['alerts'], figures, need: need(figures, true), silent: i % 2, late: i % 3, open_now: 0, no_lead: false });
    }
  });
  await gate.query('analyze federate_snapshots');
  const scope = { orgId: org, actor: { kind: 'system', name: 'bench' } } as const;
  const page = (sort: 'need' | 'name', after: readonly (string | number)[] | null = null, q = '') =>
    timed(() => tenancy.inOrg(scope, async (tx) => ({ rows: await federate.snapshots.page(tx, org, { sort, q, after, limit: 50 }), sums: await federate.snapshots.sums(tx, org) })));
  const first: number[] = [];
  for (let i = 0; i < 20; i += 1) first.push((await page('need'))[0]);
  const deep: number[] = [];
  let after: readonly (string | number)[] | null = null;
  for (let i = 0; i < 100; i += 1) {
    const [ms, { rows }]: [number, { rows: Awaited<ReturnType<typeof federate.snapshots.page>> }] = await page('need', after);
    deep.push(ms);
    if (rows.length <= 50) break;
    after = [rows[49]!.need, rows[49]!.member_id];
  }
  const search: number[] = [];
  for (let i = 0; i < 20; i += 1) search.push((await page('name', null, `第${i * 37}`))[0]);
  const [member, federation13] = [{ coldMs: median(cold), warmMs: median(warm), kilobytes: Math.round(memberBytes / 1024) }, { coldMs: federationColdMs, kilobytes: Math.round(federationPdf.byteLength / 1024) }];
  const map = { members: MEMBERS, firstPageMs: median(first), nextPagesMs: median(deep), searchMs: median(search) };
  report(
    'report',
    { member, federation13, federation100: { warmMs: hundredMs, kilobytes: Math.round(hundred.byteLength / 1024) }, pressMb, pressAfterMb, map },
    `reports: a member's in ${member.coldMs} ms (promised: 2000), a federation of 13 in ${federation13.coldMs} ms (promised: 10000); the map of ${MEMBERS} members in ${map.firstPageMs} ms`,
  );
} finally {
  await gate.end();
  rmSync(folder, { recursive: true, force: true });
}
