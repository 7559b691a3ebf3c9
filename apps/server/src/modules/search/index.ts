import type { Kernel, Module } from '../../kernel/kernel.ts';
import type { JobHandler } from '../../kernel/types.ts';
import type { Orgs } from '../orgs/index.ts';
import { Undelivered } from './export.ts';
import { searchRoutes } from './routes.ts';
import { Turns } from './rules.ts';
import { saved } from './store.ts';
import { traceRoutes } from './trace/routes.ts';
import type { TraceParts } from './trace/service.ts';
import './texts.ts';

declare module '../../kernel/types.ts' {
  interface JobPayloads {
    'search.forget': { personId: string };
  }
}

/** The search over logs, and how far one indicator spread. */
export type Search = Module;

export interface SearchDeps extends Pick<TraceParts, 'findings' | 'desk' | 'mailsWith' | 'inventory'> {
  readonly orgs: Orgs;
}

/** Questions at the events store at once; the doors and the pages need the same processors. */
const AT_ONCE = 2;
const WAITING = 100;
/** Of one organisation. */
const WAITING_OF_ONE = 20;
const FILES = 8;
const FILES_OF_ONE = 3;

export function openSearch(kernel: Kernel, deps: SearchDeps): Search {
  const parts: TraceParts = { kernel, ...deps, turns: new Turns(AT_ONCE, WAITING, WAITING_OF_ONE), long: new Turns(1, WAITING, WAITING_OF_ONE), files: new Turns(1, WAITING, WAITING_OF_ONE), undelivered: new Undelivered(FILES, FILES_OF_ONE) };
  // The desk's people keep searches at members, too, which this transaction does not see.
  kernel.bus.on('people.archived', async (tx, { personId }) => tx.job('search.forget', { personId }));
  const forget: JobHandler<'search.forget'> = { name: 'search.forget', run: ({ personId }) => kernel.tenancy.asSystem('take along the searches of somebody who left', async (tx) => void (await saved.forget(tx, personId))) };
  return { name: 'search', routes: [...searchRoutes(parts), ...traceRoutes(parts)], jobs: [forget] };
}
