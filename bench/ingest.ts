/**
 * From the syslog port to findings, on the whole server: lines over TCP at a rate, while a lead's home is asked five times a
 * second and a quiet device's findings are awaited. Loopback only; ends by itself and leaves nothing.
 *
 *   node bench/ingest.ts [--rate 8000|max] [--seconds 60] [--members 10] [--idle] [--profile FOLDER]
 *
 * Promises: 8,000 lines/s within 1.6 GB, 500/s within 1.0 GB, idle (`--idle`) within 0.8 GB (PSS of all processes).
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { openGate } from '../apps/server/src/kernel/db/gate.ts';
import { openEvents } from '../apps/server/src/kernel/events/index.ts';
import type { TestPerson } from '../apps/server/test/house.ts';
import type { ProbePlan, ProbeResult } from './lib/ingest-probe.ts';
import type { SenderPlan, SenderResult } from './lib/ingest-sender.ts';
import { usage, type Usage } from './lib/processes.ts';
import { flags, report } from './lib/report.ts';
import { buildApplication, inFolder, prepare, Server } from './lib/server.ts';

const given = flags(['rate', 'seconds', 'members', 'idle', 'profile']);
const IDLE = given.has('idle');
const RATE = given.get('rate') === 'max' ? null : Number(given.get('rate') ?? 8_000);
const SECONDS = Number(given.get('seconds') ?? 60);
const MEMBERS = Number(given.get('members') ?? 10);
/** The promise on memory that this run is held to, MiB. */
const PROMISED = IDLE ? 819 : RATE !== null && RATE <= 500 ? 1024 : 1638;
/** After this long without being read the rest counts as not stored. */
const SETTLE_MS = 300_000;

interface Prepared {
  readonly manager: TestPerson;
  readonly leads: readonly TestPerson[];
  readonly addresses: readonly string[];
}

/** Members with a FortiGate each, known by its address; the last one is the quiet one. */
async function people(data: string): Promise<Prepared> {
  return prepare(data, async (house) => {
    const { orgId, manager } = await house.federation();
    const leads: TestPerson[] = [];
    const addresses: string[] = [];
    for (let i = 0; i <= MEMBERS; i++) {
      const member = await house.org('member', orgId, `計測商店 ${i + 1}`);
      const lead = await house.person(member, 'member', 'lead');
      const address = `127.0.1.${i + 1}`;
      const made = await house.send('POST', `/orgs/${member}/sources`, lead, { name: 'FortiGate', family: 'fortigate', match: { by: 'address', listener: 'tcp', address } });
      if (made.status !== 201) throw new Error(`a sender could not be registered: ${made.text}`);
      const confirmed = await house.send('POST', `/orgs/${orgId}/unknown-senders/waiting/${made.body.id}/confirm`, manager, { member, match: made.body.match });
      if (confirmed.status !== 200) throw new Error(`a sender could not be confirmed: ${confirmed.text}`);
      leads.push(lead);
      addresses.push(address);
    }
    return { manager, leads, addresses };
  });
}

function helper<Plan extends object, Result>(file: string, plan: Plan): { readonly child: ChildProcess; readonly result: Promise<Result> } {
  const child = fork(join(import.meta.dirname, 'lib', file), { execArgv: ['--disable-warning=ExperimentalWarning'] });
  process.once('exit', () => child.kill());
  child.send(plan);
  return {
    child,
    result: Promise.race([
      once(child, 'message').then(([message]) => message as Result),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${String(code)}`))),
    ]),
  };
}

/** Lines in the events store, and lines counted for the sources' days, once the server has ended. */
async function stored(data: string): Promise<{ events: number; counted: number; findings: number }> {
  const log = pino({ level: 'error' }, pino.destination(2));
  const gate = openGate({ dataDir: join(data, 'state') }, { clock: { now: Date.now }, log });
  const events = await openEvents({ folder: join(data, 'events') });
  try {
    const { rows } = await gate.query<{ lines: string; findings: string }>('select (select coalesce(sum(lines), 0) from inventory_source_days) as lines, (select count(*) from findings_findings) as findings');
    return { events: (await events.health()).rows, counted: Number(rows[0]!.lines), findings: Number(rows[0]!.findings) };
  } finally {
    await events.close();
    await gate.end();
  }
}

const heaviest = (all: readonly Usage[]): Usage | null => all.reduce<Usage | null>((most, u) => (most === null || u.proportional > most.proportional ? u : most), null);

await buildApplication();
await inFolder(async (folder) => {
  const data = join(folder, 'data');
  const { manager, leads, addresses } = await people(data);
  const server = await Server.start(data, given.has('profile') ? ['--cpu-prof', `--cpu-prof-dir=${given.get('profile')!}`] : []);
  const backlog = async (): Promise<number> => (await server.ask<{ intake: { backlogBytes: number } }>('/operate/health', manager)).intake.backlogBytes;
  await backlog();
  // What the start leaves to the collector of garbage is not what stays, and rules are compiled five seconds after it.
  await sleep(IDLE ? Math.max(10_000, SECONDS * 1000) : 8_000);
  const idle = usage(server.pid);
  if (IDLE) {
    await server.stop();
    report('memory-idle', { idle, promisedMiB: PROMISED, kept: idle === null ? null : idle.proportional <= PROMISED }, `idle: ${idle?.proportional ?? '?'} MiB PSS, ${idle?.resident ?? '?'} MiB RSS in ${idle?.processes ?? '?'} processes (promised: ${PROMISED})`);
    return;
  }

  const busy = leads[0]!;
  const quiet = leads.at(-1)!;
  const probe = helper<ProbePlan, ProbeResult>('ingest-probe.ts', { url: server.url, busy, quiet: { orgId: quiet.orgId, cookie: quiet.cookie, address: addresses.at(-1)! }, syslogPort: server.syslogPort });
  await sleep(1_000);
  const before = usage(server.pid);
  const begun = performance.now();
  const sender = helper<SenderPlan, SenderResult>('ingest-sender.ts', { port: server.syslogPort, addresses: addresses.slice(0, -1), perSec: RATE, seconds: SECONDS });
  const samples: Usage[] = [];
  const sampling = setInterval(() => {
    const now = usage(server.pid);
    if (now) samples.push(now);
  }, 1_000);
  const sent = await sender.result;
  const backlogAtEnd = await backlog();
  const end = performance.now() + SETTLE_MS;
  let drained = backlogAtEnd === 0;
  while (!drained && performance.now() < end) {
    // Each question costs the server some twenty statements; the second counts against it.
    await sleep(1_000);
    drained = (await backlog()) === 0;
  }
  const seconds = (performance.now() - begun) / 1000;
  const after = usage(server.pid);
  clearInterval(sampling);
  probe.child.send('end');
  const seen = await probe.result;
  await sleep(10_000);
  const later = usage(server.pid);
  const stopMs = await server.stop();
  const there = await stored(data);

  const { marks } = seen;
  const during = heaviest(samples);
  const cpu = after && before ? after.cpuSeconds - before.cpuSeconds : null;
  // As fast as they can be sent, lines come faster than they are read: what waits in the spool at the end is not lost.
  const lost = drained ? sent.sent + marks - there.events : null;
  const round = (n: number, digits = 1): number => Number(n.toFixed(digits));
  report(
    'ingest',
    {
      rate: RATE ?? 'max', secondsSending: round(sent.seconds), members: MEMBERS, bytesPerLine: Math.round(sent.bytes / sent.sent),
      sent: sent.sent + marks, stored: there.events, counted: there.counted, lost, findings: there.findings, settled: drained,
      secondsUntilEvaluated: round(seconds), behindAtEndBytes: backlogAtEnd, linesPerSecond: Math.round(there.events / seconds),
      homeMs: seen.homeMs, lineToFindingMs: seen.toFindingMs, failedRequests: seen.failed,
      memoryMiB: { idle, during, after: later }, promisedMiB: PROMISED, kept: during === null ? null : during.proportional <= PROMISED,
      cpuSeconds: cpu === null ? null : round(cpu), linesPerCpuSecond: cpu === null ? null : Math.round(there.events / cpu), stopMs: Math.round(stopMs),
    },
    `ingest at ${RATE ?? 'full'} lines/s: ${sent.sent} sent, ${there.events} stored, ${lost === null ? 'the rest waits in the spool' : `${lost} lost`}; ${Math.round(there.events / seconds)} lines/s until evaluated; home p95 ${seen.homeMs.p95} ms; line to finding p95 ${seen.toFindingMs.p95} ms; ` +
      `${during?.proportional ?? '?'} MiB PSS at most (promised ${PROMISED}); ${cpu === null ? '?' : round(cpu)} CPU-seconds`,
  );
  if ((RATE === null ? (lost ?? 0) : lost) !== 0 || there.counted !== there.events) process.exitCode = 1;
});
