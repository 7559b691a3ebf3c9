import type { Kernel } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Findings } from '../findings/index.ts';

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
}
