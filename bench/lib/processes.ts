import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What a process and all its children hold and have used, from Linux' /proc. */
export interface Usage {
  readonly processes: number;
  /** Sums in MiB. `resident` counts shared pages in each process, `proportional` (PSS) once; `anonymous` is what no file stands behind. */
  readonly resident: number;
  readonly proportional: number;
  readonly anonymous: number;
  /** Processor time so far. */
  readonly cpuSeconds: number;
}

/** Null where there is no /proc. */
export function usage(pid: number): Usage | null {
  if (!existsSync('/proc/self/smaps_rollup')) return null;
  const sum = { processes: 0, resident: 0, proportional: 0, anonymous: 0, cpuSeconds: 0 };
  for (const each of family(pid)) {
    try {
      const rollup = readFileSync(`/proc/${each}/smaps_rollup`, 'latin1');
      const mib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
      sum.resident += mib('Rss');
      sum.proportional += mib('Pss');
      sum.anonymous += mib('Anonymous');
      const [, , , , , , , , , , , user, system, endedUser, endedSystem] = stat(each);
      // Hundredths of a second (USER_HZ), with those of children that have ended.
      sum.cpuSeconds += [user, system, endedUser, endedSystem].reduce((n, ticks) => n + Number(ticks), 0) / 100;
      sum.processes += 1;
    } catch {
      // It has ended since.
    }
  }
  return { processes: sum.processes, resident: Math.round(sum.resident), proportional: Math.round(sum.proportional), anonymous: Math.round(sum.anonymous), cpuSeconds: Math.round(sum.cpuSeconds * 100) / 100 };
}

/** Fields after the name, which may hold spaces. */
const stat = (pid: number): string[] => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');

function family(root: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(stat(Number(name))[1]);
      parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended since.
    }
  }
  const found = [root];
  for (let i = 0; i < found.length; i++) found.push(...(parents.get(found[i]!) ?? []));
  return found;
}
