/**
 * How fast events go into the embedded store, what they weigh, and what its process holds.
 * `node bench/events-insert.ts [rows] [rows per batch]`: FortiGate traffic lines of about 600 bytes, 300 organisations, encoded
 * here, inserted with fsync and deduplication tokens as in production. Prints one JSON object.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChdbEngine } from '../apps/server/src/kernel/events/chdb.ts';
import { encodeRows } from '../apps/server/src/kernel/events/index.ts';
import type { EventRow } from '../apps/server/src/kernel/events/index.ts';
import { migrateEvents } from '../apps/server/src/kernel/events/migrate.ts';
import { ClickHouseEventsStore } from '../apps/server/src/kernel/events/store.ts';
import { newId } from '../apps/server/src/kernel/ids.ts';

const ROWS = Number(process.argv[2] ?? 400_000);
const BATCH = Number(process.argv[3] ?? 10_000);

const organisations = Array.from({ length: 300 }, () => ({ org: newId(), source: newId(), device: newId() }));
const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;
const number = (max: number): number => Math.floor(Math.random() * max);

function fortigate(): EventRow {
  const { org, source, device } = pick(organisations);
  const now = Date.now() - number(3_600_000);
  const [action, word] = Math.random() < 0.2 ? (['blocked', 'deny'] as const) : (['allowed', 'close'] as const);
  const src = `192.0.2.${number(254)}`;
  const dst = `203.0.113.${number(254)}`;
  const sport = 1024 + number(60_000);
  const dport = pick([443, 80, 53, 25, 22, 3389]);
  const [sent, rcvd] = [number(90_000), number(900_000)];
  const service = pick(['HTTPS', 'HTTP', 'DNS', 'SMTP', 'SSH', 'RDP']);
  const raw =
    `date=${new Date(now).toISOString().slice(0, 10)} time=${new Date(now).toISOString().slice(11, 19)} devname="FG-${org.slice(-6)}" devid="FGT60FTK${number(1e8)}" eventtime=${now}000000 tz="+0900" ` +
    `logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=${src} srcport=${sport} srcintf="internal" srcintfrole="lan" dstip=${dst} dstport=${dport} dstintf="wan1" dstintfrole="wan" ` +
    `srccountry="Reserved" dstcountry="Japan" sessionid=${number(1e9)} proto=6 action="${word}" policyid=${number(40)} policytype="policy" poluuid="${newId()}" service="${service}" trandisp="snat" ` +
    `transip=198.51.100.7 transport=${sport} duration=${number(300)} sentbyte=${sent} rcvdbyte=${rcvd} sentpkt=${number(90)} rcvdpkt=${number(900)} appcat="unscanned"`;
  return {
    eventId: newId(), orgId: org, sourceId: source, deviceId: device, receivedAt: now + 800, retention: 'standard', raw,
    event: {
      '@timestamp': now, message: 'forward traffic', 'event.kind': 'event', 'event.category': 'network', 'event.type': action === 'blocked' ? 'denied' : 'allowed', 'event.action': action, 'event.outcome': 'success',
      'event.code': '0000000013', 'event.dataset': 'fortigate.traffic', 'event.severity': 5, 'event.duration': number(300) * 1e9, 'observer.vendor': 'Fortinet', 'observer.product': 'FortiGate', 'observer.type': 'firewall',
      'source.ip': src, 'source.port': sport, 'source.bytes': sent, 'destination.ip': dst, 'destination.port': dport, 'destination.bytes': rcvd, 'destination.geo.country_name': 'Japan',
      'network.transport': 'tcp', 'network.protocol': service.toLowerCase(), 'network.direction': 'outbound', 'rule.id': String(number(40)), 'log.level': 'notice', 'banya.vendor_action': word,
    },
    unmapped: { sessionid: String(number(1e9)), policytype: 'policy', trandisp: 'snat', appcat: 'unscanned' },
  };
}

function held(pid: number): { anonymous: number; resident: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]) / 1024);
  return { anonymous: mib('RssAnon'), resident: mib('VmRSS'), peak: mib('VmHWM') };
}

/** Processor time of a process so far, in seconds (ticks of 1/100 s). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const folder = mkdtempSync(join(tmpdir(), 'banya-bench-'));
try {
  const start = async (): Promise<{ engine: ChdbEngine; ms: number }> => {
    const from = performance.now();
    const engine = await ChdbEngine.open({ folder });
    await migrateEvents(engine);
    return { engine, ms: Math.round(performance.now() - from) };
  };
  const { engine, ms: firstStartMs } = await start();
  const store = new ClickHouseEventsStore(engine);
  const idle = held(engine.childPid!);

  const cpuBefore = cpuSeconds(engine.childPid!);
  let encodeMs = 0;
  let insertMs = 0;
  let rawBytes = 0;
  let anonymousPeak = 0;
  const slowest: number[] = [];
  for (let at = 0; at < ROWS; at += BATCH) {
    const events = Array.from({ length: Math.min(BATCH, ROWS - at) }, fortigate);
    for (const event of events) rawBytes += event.raw.length;
    const before = performance.now();
    const rows = encodeRows(events);
    const encoded = performance.now();
    await store.insert({ token: `bench:1:${at}`, rows, count: events.length });
    const after = performance.now();
    encodeMs += encoded - before;
    insertMs += after - encoded;
    slowest.push(after - encoded);
    anonymousPeak = Math.max(anonymousPeak, held(engine.childPid!).anonymous);
  }
  const cpuUsed = cpuSeconds(engine.childPid!) - cpuBefore;
  slowest.sort((a, b) => a - b);
  const health = await store.health();

  const org = organisations[0]!.org;
  const queries: Record<string, number> = {};
  for (const [name, run] of Object.entries({
    newest100: () => store.query(org, { sql: 'SELECT timestamp, source_ip, destination_ip, event_action FROM events ORDER BY timestamp DESC LIMIT 100' }),
    oneOrganisationSubstring: () => store.query(org, { sql: "SELECT count() AS n FROM events WHERE raw LIKE '%198.51.100.7%'" }),
    allSubstring: () => store.system('bench', { sql: "SELECT count() AS n FROM events WHERE raw LIKE '%dstip=203.0.113.99%'" }),
    allByDayAndAction: () => store.system('bench', { sql: 'SELECT toDate(timestamp) AS day, event_action, count() AS n FROM events GROUP BY day, event_action' }),
  })) {
    const from = performance.now();
    await run();
    queries[name] = Math.round(performance.now() - from);
  }
  const file = join(folder, 'export.zst');
  let from = performance.now();
  await store.exportTo(file);
  const exportMs = Math.round(performance.now() - from);
  const busy = held(engine.childPid!);
  from = performance.now();
  await store.close();
  const closeMs = Math.round(performance.now() - from);
  const again = await start();
  const later = held(again.engine.childPid!);
  await again.engine.close();

  console.log(
    JSON.stringify(
      {
        date: new Date().toISOString().slice(0, 10), node: process.version, cpu: `${cpus().length} × ${cpus()[0]?.model ?? '?'}`, chdb: health.version,
        rows: ROWS, batch: BATCH, rawBytesPerRow: Math.round(rawBytes / ROWS),
        rowsPerSecond: { encode: Math.round(ROWS / (encodeMs / 1000)), insert: Math.round(ROWS / (insertMs / 1000)), insertPerCpuSecond: Math.round(ROWS / cpuUsed) },
        insertMs: { median: Math.round(slowest[slowest.length >> 1]!), worst: Math.round(slowest.at(-1)!) },
        diskMiBPerMillionRows: Math.round((health.bytes / 2 ** 20 / ROWS) * 1e6),
        childMiB: { idle, anonymousPeakWhileInserting: anonymousPeak, atEnd: busy, afterRestart: later },
        queryMs: queries, exportMs, startMs: { first: firstStartMs, later: again.ms }, closeMs,
      },
      null,
      2,
    ),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
