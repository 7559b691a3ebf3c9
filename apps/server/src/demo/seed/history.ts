import { expected } from '../lines/background.ts';
import type { DemoLines } from '../lines/index.ts';
import { Random } from '../random.ts';
import { DAY, dateOf, monthStart } from '../world/calendar.ts';
import type { DemoMember } from '../world/types.ts';

const MONTHS = 10;
/** Rules that count what is stopped every day, as the intake would have counted them. */
const SCANS = 'e0312537-1ece-5b82-b644-7eda4adec8cc';
const ATTACKS = '331664b2-7433-5cec-96b9-364002005815';
const FORGED = '50139b38-f904-5d00-a3c1-26099b35799d';

export type Counter = readonly [orgId: string, day: string, metric: string, key: string, n: number];
export interface OlderLines {
  readonly orgId: string;
  readonly sourceId: string;
  readonly day: string;
  readonly lines: number;
  readonly notUnderstood: number;
  readonly bytes: number;
  readonly clockOffSeconds: number | null;
}

/** Ten months before the lines begin, as daily figures only: enough for a year's trend, and marked as a demonstration. */
export function olderMonths({ world, scale }: DemoLines, member: DemoMember, orgId: string, sources: ReadonlyMap<string, string>): { counters: Counter[]; lines: OlderLines[] } {
  const random = new Random(`${world.seed} older ${member.key}`);
  const counters: Counter[] = [];
  const lines: OlderLines[] = [];
  const ends = monthStart(world.anchor, -1);
  const begins = monthStart(world.anchor, -1 - MONTHS);
  for (let at = begins; at < ends; at += DAY) {
    const day = dateOf(at);
    // What comes from outside has grown by a quarter over the year.
    const grown = 0.8 + (0.2 * (at - begins)) / (ends - begins);
    if (random.chance(1 / 30)) counters.push([orgId, day, 'findings', 'older', 1]);
    for (const source of member.sources) {
      const mean = expected(member, source, at);
      const n = random.about((mean.scaled * scale + mean.fixed) * grown);
      if (n > 0) lines.push({ orgId, sourceId: sources.get(source.host)!, day, lines: n, notUnderstood: 0, bytes: n * 320, clockOffSeconds: null });
      const count = (metric: string, key: string, mean: number): void => {
        const n = random.about(mean * grown);
        if (n > 0) counters.push([orgId, day, metric, key, n]);
      };
      const stopped = (key: string, rule: string, mean: number): void => {
        const n = random.about(mean * grown);
        if (n > 0) counters.push([orgId, day, 'blocked', key, n], [orgId, day, 'hits', rule, n], [orgId, day, 'hits_blocked', rule, n]);
      };
      if (source.family === 'fortigate') {
        stopped('inbound network', SCANS, 150 * scale);
        stopped('inbound intrusion_detection', ATTACKS, 4);
        count('blocked', 'outbound web', 0.2);
      } else if (source.family === 'yamaha-rtx') stopped('inbound network', SCANS, 110 * scale);
      else if (source.family === 'mail-gateway') {
        count('blocked', 'none email', 22 * scale);
        count('hits', FORGED, 9 * scale);
        count('blocked', 'none malware', 0.3);
      }
    }
  }
  return { counters: merged(counters), lines };
}

/** Two sources of a member may count the same thing on a day; one row each. */
function merged(counters: readonly Counter[]): Counter[] {
  const sums = new Map<string, Counter>();
  for (const counter of counters) {
    const [orgId, day, metric, key, n] = counter;
    const name = `${day} ${metric} ${key}`;
    sums.set(name, [orgId, day, metric, key, n + (sums.get(name)?.[4] ?? 0)]);
  }
  return [...sums.values()];
}
