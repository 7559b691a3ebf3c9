import type { Bound } from '../../../kernel/http/call.ts';
import type { JobHandler, Tx } from '../../../kernel/types.ts';
import type { Card, HomeCardSource } from '../../findings/index.ts';
import { bulletinRoutes, warningRoutes } from './routes.ts';
import { CARD_DAYS, isStrict, LOOK_BACK_DAYS } from './rules.ts';
import { look, warn, type BulletinParts } from './service.ts';
import * as store from './store.ts';
import { card as words } from './texts.ts';

declare module '../../../kernel/types.ts' {
  interface JobPayloads {
    /** Mails a member's leads about a warning. */
    'federate.warn': { orgId: string; warningId: string };
    /** Looks whether a warning's traces are at the member. */
    'federate.look': { orgId: string; warningId: string };
  }
}

export type { BulletinParts } from './service.ts';

export interface OpenBulletins {
  readonly routes: readonly Bound[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly jobs: readonly JobHandler<any>[];
}

const DAY = 86_400_000;
const CARDS_MAX = 3;
const MINUTES = 3;

function warningCard(row: Awaited<ReturnType<typeof store.warnings.unread>>[number]): Card {
  // Others than the lead see the home page too.
  const title = isStrict(row.tlp) ? words.strict : { ja: row.title_ja, en: row.title_en || row.title_ja };
  return { key: `warning:${row.id}`, kind: 'warning', severity: 'look', title, step: words.step, minutes: MINUTES, askedBy: words.by, target: row.id, since: row.at };
}

/** The desk's warnings, and the members' copies of them. */
export function openBulletins(parts: BulletinParts, addCards: (source: HomeCardSource) => void): OpenBulletins {
  const { kernel } = parts;
  addCards(async (tx, orgId) => (await store.warnings.unread(tx, orgId, new Date(tx.now.getTime() - CARD_DAYS * DAY), CARDS_MAX)).map(warningCard));
  kernel.bus.on('consents.withdrawn', async (tx, { orgId, kind }) => {
    if (kind === 'indicators') await store.warnings.unsay(tx, orgId);
  });
  kernel.bus.on('consents.given', async (tx, { orgId, kind }) => {
    if (kind !== 'indicators') return;
    for (const { id } of await store.warnings.since(tx, orgId, new Date(tx.now.getTime() - LOOK_BACK_DAYS * DAY))) tx.job('federate.look', { orgId, warningId: id });
  });
  const mail: JobHandler<'federate.warn'> = { name: 'federate.warn', concurrency: 2, run: ({ orgId, warningId }) => warn(parts, orgId, warningId) };
  const seek: JobHandler<'federate.look'> = { name: 'federate.look', concurrency: 2, run: ({ orgId, warningId }) => look(parts, orgId, warningId) };
  return { routes: [...bulletinRoutes(parts), ...warningRoutes(parts)], jobs: [mail, seek] };
}

/** The newest warning about each campaign; in the federation's scope. */
export const bulletinsOf = async (tx: Tx, federationId: string, campaigns: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  new Map((await store.bulletins.ofCampaigns(tx, federationId, campaigns)).map((b) => [b.campaign_id, b.id]));
