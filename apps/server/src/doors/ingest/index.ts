import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { api } from '@banya/contract';
import { Problem } from '../../kernel/errors.ts';
import { bind, type Bound } from '../../kernel/http/call.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { packBundle } from '../../kernel/spool/bundle.ts';
import type { SpoolRecord } from '../../kernel/spool/types.ts';
import type { Inventory } from '../../modules/inventory/index.ts';
import { linesOf, relayLines } from './lines.ts';

const LINES_MAX = 20_000;
const PAUSE_SECONDS = 60;
const FLAG_TRUNCATED = 1;
const RECENT_MAX = 10_000;
/** A collector that was cut off may be this late; what says it is older is taken as this old, since events are kept by month of arrival. */
const LATE_MAX_MS = 35 * 86_400_000;

/**
 * Lines over HTTPS. 202 means: on disk, whole. A request is one record of the spool, with its Idempotency-Key: whoever
 * counts the lines counts a key once, so a repetition is harmless even when the first answer was lost with the process.
 */
export function ingestRoutes(kernel: Kernel, inventory: Inventory): Bound[] {
  const recent = new Map<string, { hash: string; accepted: number }>();
  return [
    bind(api.inventory.ingest, async (call) => {
      const { principal } = call;
      const source = inventory.sources.get(call.params.source);
      // One answer for a wrong token, another source's token and an unknown source.
      if (principal?.kind !== 'token' || !principal.scopes.includes('ingest') || !source || source.orgId !== principal.orgId || (principal.sourceId !== null && principal.sourceId !== source.sourceId)) throw new Problem(401, 'token_wrong');
      // Only a process that reads its spool may answer 202: in another one the line would wait for ever.
      if (kernel.config.role !== 'all' && kernel.config.role !== 'ingest') throw new Problem(503, 'intake_paused', { seconds: PAUSE_SECONDS }, { headers: { 'Retry-After': String(PAUSE_SECONDS) } });
      const body = await call.readBody();
      const receivedAt = kernel.clock.now();
      const type = call.request.headers.get('content-type')!.split(';')[0]!.trim().toLowerCase();
      const records: SpoolRecord[] = [];
      if (type === 'application/x-banya-relay+ndjson') {
        for (const line of relayLines(body)) {
          const behind = isIP(line.from) !== 0 ? inventory.sources.behindRelay(source.sourceId, line.from) : source.sourceId;
          records.push({ sourceId: behind, receivedAt: Math.min(Math.max(line.at, receivedAt - LATE_MAX_MS), receivedAt), flags: line.cut ? FLAG_TRUNCATED : 0, payload: line.bytes });
        }
      } else for (const line of linesOf(body)) records.push({ sourceId: source.sourceId, receivedAt, flags: 0, payload: line });
      if (records.length > LINES_MAX) throw new Problem(413, 'too_many_lines', { limit: LINES_MAX });
      if (records.length === 0) return { accepted: 0 };

      const key = call.request.headers.get('idempotency-key')?.slice(0, 200) ?? null;
      const hash = createHash('sha256').update(body).digest('hex');
      const name = `${source.sourceId} ${key ?? ''}`;
      if (key !== null) {
        const known = recent.get(name) ?? (await kernel.tenancy.inOrg({ orgId: source.orgId, actor: { kind: 'system', name: 'intake' } }, (tx) => inventory.intakeKey(tx, source.sourceId, key)));
        if (known && known.hash !== hash) throw new Problem(422, 'key_reused');
        if (known) return { accepted: known.accepted };
      }
      try {
        await kernel.spool.append([packBundle({ sourceId: source.sourceId, key, hash, records }, receivedAt)]);
      } catch (error) {
        const { code } = error as { code?: unknown };
        if (code !== 'SPOOL_FULL' && code !== 'SPOOL_BUSY') throw error;
        throw new Problem(503, 'intake_paused', { seconds: PAUSE_SECONDS }, { headers: { 'Retry-After': String(PAUSE_SECONDS) } });
      }
      if (key !== null) {
        if (recent.size >= RECENT_MAX) recent.delete(recent.keys().next().value!);
        recent.set(name, { hash, accepted: records.length });
      }
      return { accepted: records.length };
    }),
  ];
}
