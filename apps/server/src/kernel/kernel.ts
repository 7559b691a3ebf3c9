import type { Logger } from 'pino';
import type { Lang, Role } from '@banya/contract';
import type { Config } from './config.ts';
import type { EventsStore } from './events/types.ts';
import type { OrgDirectory } from './http/authorise.ts';
import type { Bound } from './http/call.ts';
import type { Live } from './http/live.ts';
import type { Metrics } from './metrics.ts';
import type { Secrets } from './secrets.ts';
import type { Spool } from './spool/types.ts';
import type { KernelTenancy } from './db/tenancy.ts';
import type { Bus, Clock, JobHandler } from './types.ts';

/** Installation-wide settings, by key; secrets among them are sealed by the caller. */
export interface Settings {
  get<T>(key: string): Promise<T | null>;
  set(key: string, value: unknown): Promise<void>;
}

/** What sign-in needs to know of people; the module orgs answers it. */
export interface PeopleDirectory {
  person(personId: string): Promise<{ readonly name: string; readonly homeOrgId: string; readonly emails: readonly string[]; readonly archived: boolean } | null>;
  /** Roles by organisation as of now: deputies within their days, left organisations without. */
  roles(personId: string): Promise<ReadonlyMap<string, readonly Role[]>>;
}

/** A mail to one person; the module notify sends it or keeps it in the outbox. */
export interface OutgoingMail {
  readonly orgId: string;
  readonly to: string;
  readonly lang: Lang;
  readonly subject: string;
  readonly text: string;
  /** Parts of `text` that never show in the outbox page (sign-in links). */
  readonly masked?: readonly string[];
  /** Mails with the same key are made once. */
  readonly key?: string;
  /** A mail of a conversation: its own Message-ID, where replies go, and the Message-IDs it follows, the nearest last. */
  readonly threading?: { readonly messageId: string; readonly replyTo: string; readonly references: readonly string[] };
}

/** What every module stands on. */
export interface Kernel {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly secrets: Secrets;
  readonly tenancy: KernelTenancy;
  readonly bus: Bus;
  readonly live: Live;
  readonly settings: Settings;
  readonly events: EventsStore;
  readonly spool: Spool;
  /** The address people type: --public-url, or http://localhost:PORT. */
  publicUrl(): string;
}

/** What a module brings: routes, work, and what it does at the start and end of the process. */
export interface Module {
  readonly name: string;
  readonly routes?: readonly Bound[];
  // Each handler was checked against its own job's payload where it was written.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly jobs?: readonly JobHandler<any>[];
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

export type { OrgDirectory };
