import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachHouse } from '../../../test/gates.ts';
import { newId } from '../ids.ts';
import type { Actor, Scope } from '../types.ts';
const actor: Actor = { kind: 'person', personId: newId(), homeOrgId: newId(), name: 'Hana Example' };
const scope = (orgId: string): Scope => ({ orgId, actor });
test('smoke', async (t) => {
  await eachHouse(t, 'smoke', async ({ gate, tenancy }) => {
    await gate.query('create table t_note (org_id uuid not null, id uuid not null, body text, primary key (org_id, id)); call banya.tenant_table(\'t_note\')');
    const a = newId();
    const b = newId();
    await tenancy.inOrg(scope(a), async (tx) => { await tx.query('insert into t_note values ($1, $2, $3)', [a, newId(), 'x']); tx.audit({ action: 'note.made' }); });
    assert.deepEqual(await tenancy.inOrg(scope(b), (tx) => tx.query('select * from t_note')), []);
    assert.equal((await tenancy.inOrg(scope(a), (tx) => tx.query('select * from t_note'))).length, 1);
    assert.equal((await tenancy.asSystem('test', (tx) => tx.query('select * from kernel_ledger'))).length, 1);
  });
});
