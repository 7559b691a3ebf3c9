/**
 * What people see while lines come in, in a process of its own: a lead's home five times a second, and how long after a quiet
 * device's line its finding reaches an open page. Starts with a plan, ends with any further message.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { spread, type Spread } from './report.ts';

export interface ProbePlan {
  readonly url: string;
  readonly busy: { readonly orgId: string; readonly cookie: string };
  readonly quiet: { readonly orgId: string; readonly cookie: string; readonly address: string };
  readonly syslogPort: number;
}
export interface ProbeResult {
  readonly homeMs: Spread;
  readonly toFindingMs: Spread;
  /** Lines sent to be found, found in time or not. */
  readonly marks: number;
  readonly failed: number;
}

const HOME_EVERY_MS = 200;
const MARK_EVERY_MS = 1_500;
const MARK_WAIT_MS = 60_000;

async function probe(plan: ProbePlan, ended: AbortSignal): Promise<ProbeResult> {
  const home: number[] = [];
  const toFinding: number[] = [];
  let failed = 0;
  let marked = 0;
  const get = (orgId: string, path: string, cookie: string, signal?: AbortSignal): Promise<Response> =>
    fetch(`${plan.url}/api/v1/orgs/${orgId}/${path}`, { headers: { 'Banya-Request': '1', Cookie: cookie }, ...(signal ? { signal } : {}) });

  const homes = async (): Promise<void> => {
    // Asked when due, whether or not the one before has been answered: a slow page must not slow the measure.
    const open = new Set<Promise<void>>();
    while (!ended.aborted) {
      const begun = performance.now();
      const one = get(plan.busy.orgId, 'home', plan.busy.cookie)
        .then(async (response) => {
          await response.arrayBuffer();
          if (response.ok) home.push(performance.now() - begun);
          else failed += 1;
        }, () => void (failed += 1))
        .finally(() => open.delete(one));
      open.add(one);
      await sleep(HOME_EVERY_MS, undefined, { signal: ended }).catch(() => {});
    }
    await Promise.all(open);
  };

  const marks = async (): Promise<void> => {
    const stop = new AbortController();
    const live = await get(plan.quiet.orgId, 'live', plan.quiet.cookie, stop.signal);
    let heard = (): void => {};
    const reading = (async () => {
      for await (const bytes of live.body!) if (Buffer.from(bytes).includes('"findings"')) heard();
    })().catch(() => {});
    const socket = connect({ port: plan.syslogPort, host: '127.0.0.1', localAddress: plan.quiet.address });
    await once(socket, 'connect');
    while (!ended.aborted) {
      const begun = performance.now();
      const found = new Promise<boolean>((resolve) => (heard = () => resolve(true)));
      const line = mark(Date.now());
      socket.write(`${line.length} ${line}`);
      marked += 1;
      if (await Promise.race([found, sleep(MARK_WAIT_MS, false)])) toFinding.push(performance.now() - begun);
      else failed += 1;
      await sleep(Math.max(0, MARK_EVERY_MS * (0.8 + 0.4 * Math.random()) - (performance.now() - begun)), undefined, { signal: ended }).catch(() => {});
    }
    socket.destroy();
    stop.abort();
    await reading;
  };

  await Promise.all([homes(), marks()]);
  return { homeMs: spread(home), toFindingMs: spread(toFinding), marks: marked, failed };
}

function mark(now: number): string {
  const local = new Date(now + 9 * 3_600_000).toISOString();
  return `<185>date=${local.slice(0, 10)} time=${local.slice(11, 19)} devname="FG-QUIET" devid="FGT60FTK29999999" eventtime=${now}000000 tz="+0900" logid="0211008192" type="utm" subtype="virus" eventtype="infected" level="warning" vd="root" msg="File is infected." action="blocked" service="HTTP" srcip=192.168.1.23 dstip=203.0.113.90 srcport=51000 dstport=80 policyid=3 proto=6 direction="incoming" filename="invoice.zip" virus="EICAR_TEST_FILE" url="http://files.example.net/invoice.zip"`;
}

process.once('message', (plan: ProbePlan) => {
  const ended = new AbortController();
  process.once('message', () => ended.abort());
  void probe(plan, ended.signal).then((result) => {
    process.send!(result);
    process.disconnect();
  });
});
