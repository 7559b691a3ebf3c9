import type { Kernel, Module } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Findings } from '../findings/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { Orgs } from '../orgs/index.ts';
import { usualRoutes } from './baselines/routes.ts';
import { Intake, type IntakeStats } from './intake.ts';
import { watchJobs } from './jobs.ts';
import * as store from './store.ts';

declare module '../../kernel/types.ts' {
  interface JobPayloads {
    'detect.watchAll': Record<string, never>;
    'detect.watch': { orgId: string };
    'detect.sweep': Record<string, never>;
  }
}

export type { CounterRow, HealthRow, MonthSum } from './store.ts';

/** Lines in, findings out. */
export interface Detect extends Module {
  readonly stats: IntakeStats;
  /** Rules and explanations that are wrong and were left out, each with its file. */
  broken(): readonly string[];
  /**
   * Daily counters of one organisation. Metrics: blocked (key: direction and category), hits and hits_blocked (key: rule),
   * outbound (key: rule and entity), config (key: source).
   */
  counters(tx: Tx, orgId: string, from: string, to: string, metrics: readonly string[]): Promise<store.CounterRow[]>;
  monthSums(tx: Tx, orgId: string, from: string, to: string, metrics: readonly string[]): Promise<store.MonthSum[]>;
  deviceHealth(tx: Tx, orgId: string): Promise<store.HealthRow[]>;
  /** Holds the intake between two batches, so that both stores say the same; lines wait in the spool. */
  pause(): Promise<() => void>;
  /** For the demonstration's older months only: counters that no line stands behind, marked as such. */
  replayCounters(tx: Tx, counters: readonly (readonly [orgId: string, day: string, metric: string, key: string, n: number])[]): Promise<void>;
}

/** `intake` false in processes that only serve pages. */
export function openDetect(kernel: Kernel, deps: { orgs: Orgs; inventory: Inventory; findings: Findings; intake: boolean }): Detect {
  const intake = new Intake(kernel, deps.inventory, deps.findings);
  return {
    name: 'detect',
    stats: intake.stats,
    broken: () => intake.broken,
    jobs: watchJobs({ kernel, ...deps }),
    routes: usualRoutes(kernel),
    counters: store.counters,
    monthSums: store.monthSums,
    deviceHealth: store.deviceHealth,
    replayCounters: (tx, counters) => store.addCounters(tx, counters, true),
    pause: () => intake.pause(),
    start: () => (deps.intake ? intake.start() : Promise.resolve()),
    stop: () => (deps.intake ? intake.stop() : Promise.resolve()),
  };
}
