import type { Kernel } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Findings } from '../findings/index.ts';
import type { TicketRow } from './schema.ts';
import { searchable } from './service.ts';
import * as store from './store.ts';

const TAKEN_BACK = '取り下げられた気づき（会員が共有をやめました）';

/** Those of the findings that an open ticket is about, also by way of one that was joined to it. */
const underWork = async (tx: Tx, orgId: string, ids: readonly string[]): Promise<string[]> =>
  (await tx.query<{ id: string }>(
    `with recursive up as (
       select finding_id, merged_into, state from desk_tickets where org_id = $1 and finding_id = any($2::uuid[])
       union all select up.finding_id, t.merged_into, t.state from up join desk_tickets t on t.org_id = $1 and t.id = up.merged_into)
     select distinct finding_id as id from up where merged_into is null and state <> 'solved'`,
    [orgId, ids])).map((row) => row.id);

/** A finding stays while a ticket about it is open; a solved ticket lets go of it when it is deleted. */
export function holdFindings(kernel: Kernel, findings: Findings): void {
  findings.addHolder(underWork);
  kernel.bus.on('findings.forgotten', async (tx, { orgId, ids }) => {
    await tx.query('update desk_tickets set finding_id = null where org_id = $1 and finding_id = any($2::uuid[])', [orgId, ids]);
  });
  // The house opened the conversation with the finding's own words; what people have written since is theirs.
  kernel.bus.on('findings.withdrawn', async (tx, { orgId, ids }) => {
    const rows = await tx.query<TicketRow>('select * from desk_tickets where org_id = $1 and finding_id = any($2::uuid[])', [orgId, ids]);
    for (const row of rows) {
      await store.details.unsay(tx, orgId, row.id, TAKEN_BACK);
      await store.tickets.update(tx, row, { finding_id: null, subject: TAKEN_BACK, search_key: searchable(row.number, TAKEN_BACK, row.requester_name, ''), risk: null, risk_at: null });
    }
  });
}
