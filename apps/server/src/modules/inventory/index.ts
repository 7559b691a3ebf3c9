import type { Kernel, Module } from '../../kernel/kernel.ts';
import type { Tokens } from '../../kernel/identity/tokens.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Orgs } from '../orgs/index.ts';
import { findAssets, type Asset, type AssetHint } from './assets.ts';
import { SourceTable, type SourceFacts } from './directory.ts';
import type { GuideTarget } from './guides.ts';
import { recordLeases, countLines, forgetIntakeKeys, intakeKey, knownIntakeKeys, noteIntakeKeys, type IntakeKey, type Lease, type LineCount } from './intake.ts';
import { devicesById, devicesOf, sharedAddresses, type KnownDevice } from './look.ts';
import { inventoryRoutes } from './routes.ts';
import type { SourceRow } from './schema.ts';
import { addSource, confirmSource, createDevice, newSource } from './service.ts';
import * as store from './store.ts';
import './texts.ts';
import { UnknownSenderBook } from './unknown.ts';

declare module '../../kernel/types.ts' {
  interface BusEvents {
    'inventory.sourcesChanged': { orgId: string };
    /** A sender is registered that nobody has confirmed: the desk has something to do. */
    'inventory.sourceWaits': { orgId: string };
  }
}

export type { Asset, AssetHint, KnownDevice, SourceFacts, SourceRow, Lease, LineCount, IntakeKey, GuideTarget };
export { parserFamily } from './guides.ts';
export { dayIn, sourceState } from './rules.ts';
export type { Match } from './schema.ts';

const UNKNOWN_FLUSH_MS = 5_000;

/** Devices, who sends logs, and whose address was whose when. */
export interface Inventory extends Module {
  readonly sources: SourceTable;
  readonly unknown: UnknownSenderBook;
  /** Live sources of one organisation. */
  sourcesOf(tx: Tx, orgId: string): Promise<SourceRow[]>;
  /** Lines a day and source between two days, inclusive. */
  sourceDays(tx: Tx, orgId: string, from: string, to: string): Promise<store.DayRow[]>;
  findAssets(tx: Tx, hints: readonly AssetHint[]): Promise<(Asset | null)[]>;
  devicesById: typeof devicesById;
  devicesOf: typeof devicesOf;
  sharedAddresses: typeof sharedAddresses;
  recordLeases(tx: Tx, leases: readonly Lease[]): Promise<void>;
  countLines(tx: Tx, counts: readonly LineCount[]): Promise<void>;
  intakeKey: typeof intakeKey;
  knownIntakeKeys: typeof knownIntakeKeys;
  noteIntakeKeys: typeof noteIntakeKeys;
  forgetIntakeKeys: typeof forgetIntakeKeys;
  /** The name of a device that the organisation has now. */
  deviceName(tx: Tx, orgId: string, deviceId: string): Promise<string | null>;
  createDevice: typeof createDevice;
  addSource: typeof addSource;
  newSource: typeof newSource;
  confirmSource: typeof confirmSource;
}

export interface InventoryDeps {
  readonly orgs: Orgs;
  readonly tokens: Tokens;
  readonly guideTarget: () => GuideTarget;
}

export function openInventory(kernel: Kernel, { orgs, tokens, guideTarget }: InventoryDeps): Inventory {
  const sources = new SourceTable(kernel.tenancy, kernel.clock, (tx) => orgs.networks(tx));
  const unknown = new UnknownSenderBook(kernel.tenancy);
  const reread = (): void => void sources.refresh().catch((error: unknown) => kernel.log.error({ err: error }, 'senders of logs could not be read again'));
  kernel.bus.after('inventory.sourcesChanged', ({ orgId }) => {
    reread();
    kernel.live.publish(orgId, { kind: 'source', id: orgId });
  });
  kernel.bus.after('orgs.changed', reread);
  kernel.bus.after('orgs.left', reread);
  let poll: NodeJS.Timeout | undefined;
  let counting: NodeJS.Timeout | undefined;
  return {
    name: 'inventory',
    sources,
    unknown,
    routes: inventoryRoutes({ kernel, orgs, tokens, unknown, guideTarget }),
    sourcesOf: store.sources.every,
    sourceDays: store.days.between,
    findAssets: (tx, hints) => findAssets(tx, orgs, hints),
    devicesById,
    devicesOf,
    sharedAddresses,
    recordLeases,
    countLines: async (tx, counts) => {
      const woken = await countLines(tx, counts);
      // Somebody may sit before the page and wait for this line.
      if (woken.length > 0) tx.afterCommit(() => woken.forEach((orgId) => kernel.live.publish(orgId, { kind: 'source', id: orgId })));
    },
    intakeKey,
    knownIntakeKeys,
    noteIntakeKeys,
    forgetIntakeKeys,
    deviceName: async (tx, orgId, deviceId) => {
      const row = await store.devices.get(tx, deviceId);
      return row && row.org_id === orgId && row.archived_at === null ? row.name : null;
    },
    createDevice,
    addSource,
    newSource,
    confirmSource,
    async start() {
      await sources.refresh();
      // Another process may have registered a sender.
      poll = setInterval(() => void sources.refreshIfChanged().catch((error: unknown) => kernel.log.warn({ err: error }, 'senders of logs could not be checked')), 15_000).unref();
      counting = setInterval(() => void unknown.flush().catch((error: unknown) => kernel.log.warn({ err: error }, 'unregistered senders could not be counted')), UNKNOWN_FLUSH_MS).unref();
    },
    async stop() {
      clearInterval(poll);
      clearInterval(counting);
      await unknown.flush().catch((error: unknown) => kernel.log.warn({ err: error }, 'unregistered senders could not be counted'));
    },
  };
}
